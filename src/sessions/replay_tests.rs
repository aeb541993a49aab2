use super::*;

const BEGUN: &str = r#"{"type":"session","v":1,"id":"bcdfghjkmnpqrs","at":"2026-11-23T02:13:48.000Z","program":"byok 1.0.0"}"#;

fn turn(id: &str, parent: Option<&str>, text: &str) -> String {
    let parent = parent.map_or("null".to_owned(), |parent| format!("\"{parent}\""));
    format!(
        r#"{{"type":"turn","id":"{id}","parent":{parent},"at":"2026-11-23T02:13:49.000Z","profile":"work","model":"m","wire":"chat","text":"{text}"}}"#
    )
}

fn answer(turn: &str, state: &str, text: &str) -> String {
    format!(
        r#"{{"type":"answer","turn":"{turn}","at":"2026-11-23T02:13:50.000Z","state":"{state}","profile":"work","model":"m","wire":"chat","usage":{{"inputTokens":3}},"parts":[{{"kind":"text","text":"{text}"}}]}}"#
    )
}

fn more(turn: &str, part: usize, kind: &str, text: &str) -> String {
    format!(r#"{{"type":"more","turn":"{turn}","part":{part},"kind":"{kind}","text":"{text}"}}"#)
}

fn head(turn: Option<&str>) -> String {
    let turn = turn.map_or("null".to_owned(), |turn| format!("\"{turn}\""));
    format!(r#"{{"type":"head","at":"2026-11-23T02:13:51.000Z","turn":{turn}}}"#)
}

/// Reads lines, all of them ended.
fn replayed<T: AsRef<[u8]>>(lines: impl IntoIterator<Item = T>) -> Replayed {
    let mut replay = Replay::new(|_: &FileRef| None);
    for line in lines {
        replay.line(line.as_ref(), true);
    }
    replay.finish()
}

/// Questions and answers in the order of asking; an answer in part ends with `…`.
fn words(replayed: &Replayed) -> Vec<(String, Option<String>)> {
    let turns = replayed.conversation.turns().map(|(_, turn)| {
        let answer = turn.answer.as_ref().map(|answer| {
            let more = if answer.is_whole { "" } else { "…" };
            format!("{}{more}", answer.words())
        });
        (turn.words().to_owned(), answer)
    });
    turns.collect()
}

fn said(question: &str, answer: &str) -> (String, Option<String>) {
    (question.to_owned(), Some(answer.to_owned()))
}

fn head_of(replayed: &Replayed) -> Option<usize> {
    replayed.conversation.head().map(TurnId::number)
}

use DamageKind::{Orphan, Torn, Unreadable};

fn damage(replayed: &Replayed) -> Vec<(usize, DamageKind)> {
    replayed.damage.iter().map(|damage| (damage.line, damage.kind)).collect()
}

#[test]
fn what_was_said_is_there_again() {
    let read = replayed([
        BEGUN.to_owned(),
        turn("t1", None, "q1"),
        more("t1", 0, "text", "a"),
        answer("t1", "complete", "a1"),
        turn("t2", Some("t1"), "q2"),
        answer("t2", "partial", "a2"),
    ]);
    assert_eq!(words(&read), [said("q1", "a1"), said("q2", "a2…")]);
    assert_eq!((head_of(&read), damage(&read)), (Some(2), vec![]));
    let account = &read.accounts[0];
    assert_eq!((account.key.as_str(), account.profile.as_str()), ("t1", "work"));
    let ended = account.ended.as_ref().unwrap();
    assert_eq!((ended.state, ended.usage.input), (State::Complete, Some(3)));
    assert_eq!(read.last.unwrap().to_string(), "2026-11-23T02:13:50.000Z");
    assert_eq!(read.begun.unwrap().id.as_str(), "bcdfghjkmnpqrs");
}

#[test]
fn a_torn_last_line_costs_itself_wherever_it_is_torn() {
    let whole = [BEGUN.to_owned(), turn("t1", None, "q1"), answer("t1", "complete", "naïve")];
    let last = whole[2].as_bytes();
    for end in 1..last.len() {
        let mut replay = Replay::new(|_: &FileRef| None);
        for line in &whole[..2] {
            replay.line(line.as_bytes(), true);
        }
        replay.line(&last[..end], false);
        let read = replay.finish();
        assert_eq!(words(&read), [("q1".to_owned(), None)], "{end}");
        assert_eq!(damage(&read), [(3, Torn)], "{end}");
        // The next writer ends it and goes on.
        let read = replayed([whole[0].as_bytes(), whole[1].as_bytes(), &last[..end], last]);
        assert_eq!((words(&read), damage(&read)), (vec![said("q1", "naïve")], vec![(3, Torn)]));
    }
}

#[test]
fn a_whole_last_line_counts_though_its_end_is_torn_off() {
    let mut replay = Replay::new(|_: &FileRef| None);
    replay.line(BEGUN.as_bytes(), true);
    replay.line(turn("t1", None, "q1").as_bytes(), false);
    let read = replay.finish();
    assert_eq!((words(&read).len(), damage(&read)), (1, vec![]));
}

#[test]
fn an_unreadable_line_in_the_middle_costs_itself() {
    let garbage: [&[u8]; 4] = [b"\xff\xfe\x00", b"hello", br#"{"type":"turn"}"#, b"\0\0\0\0"];
    for bad in garbage {
        let (question, reply) = (turn("t1", None, "q1"), answer("t1", "complete", "a1"));
        let read = replayed([BEGUN.as_bytes(), question.as_bytes(), bad, reply.as_bytes()]);
        assert_eq!((words(&read), damage(&read)), (vec![said("q1", "a1")], vec![(3, Unreadable)]));
    }
}

#[test]
fn what_speaks_of_a_turn_that_is_lost_is_told_and_its_words_are_kept() {
    let read = replayed([
        BEGUN.to_owned(),
        turn("t2", Some("lost"), "q2"),
        answer("t2", "complete", "a2"),
        answer("lost", "complete", "a1"),
        more("lost", 0, "text", "x"),
        head(Some("lost")),
    ]);
    assert_eq!(words(&read), [said("q2", "a2")]);
    assert_eq!(damage(&read), [(2, Orphan), (4, Orphan), (5, Orphan), (6, Orphan)]);
    assert_eq!(head_of(&read), Some(1));
}

#[test]
fn of_two_turns_with_one_id_the_first_counts() {
    let read = replayed([
        BEGUN.to_owned(),
        turn("t1", None, "q1"),
        turn("t1", None, "another"),
        answer("t1", "complete", "a1"),
    ]);
    assert_eq!((words(&read), damage(&read)), (vec![said("q1", "a1")], vec![(3, Orphan)]));
}

#[test]
fn an_answer_without_an_end_is_kept_as_far_as_it_came() {
    let read = replayed([
        BEGUN.to_owned(),
        turn("t1", None, "q1"),
        more("t1", 0, "reasoning", "hm"),
        more("t1", 1, "text", "the an"),
        more("t1", 1, "text", "swer is"),
    ]);
    assert_eq!(words(&read), [said("q1", "the answer is…")]);
    assert_eq!(head_of(&read), Some(1));
    assert_eq!(read.accounts[0].ended, None);
    let parts = &read.conversation.last_answer().unwrap().1.message.parts;
    assert_eq!(parts[0].content, Content::Reasoning("hm".to_owned()));
}

#[test]
fn a_part_of_an_unknown_kind_does_not_shift_the_others() {
    let read = replayed([
        BEGUN.to_owned(),
        turn("t1", None, "q1"),
        more("t1", 0, "text", "a"),
        more("t1", 1, "image", "x"),
        more("t1", 2, "text", "b"),
        more("t1", 2, "text", "c"),
        more("t1", 0, "text", "A"),
    ]);
    assert_eq!(words(&read), [said("q1", "aAbc…")]);
}

#[test]
fn an_answer_that_began_anew_forgets_what_came_before() {
    let anew = more("t1", 0, "text", "new").replace("\"part\"", "\"isAnew\":true,\"part\"");
    let read = replayed([
        BEGUN.to_owned(),
        turn("t1", None, "q1"),
        more("t1", 0, "text", "old"),
        more("t1", 1, "text", "older"),
        anew,
    ]);
    assert_eq!(words(&read), [said("q1", "new…")]);
}

#[test]
fn of_two_answers_the_later_counts_and_what_grew_behind_it_does_not() {
    let read = replayed([
        BEGUN.to_owned(),
        turn("t1", None, "q1"),
        answer("t1", "partial", "a"),
        answer("t1", "complete", "a1"),
        more("t1", 0, "text", "late"),
    ]);
    assert_eq!(words(&read), [said("q1", "a1")]);
}

#[test]
fn the_conversation_goes_on_where_the_last_line_says() {
    let mut lines = vec![
        BEGUN.to_owned(),
        turn("t1", None, "q1"),
        answer("t1", "complete", "a1"),
        turn("t2", Some("t1"), "q2"),
        answer("t2", "complete", "a2"),
        head(Some("t1")),
    ];
    assert_eq!(head_of(&replayed(&lines)), Some(1));
    lines.push(turn("t3", Some("t1"), "q3"));
    let read = replayed(&lines);
    // Not answered yet.
    assert_eq!(head_of(&read), Some(1));
    assert_eq!(read.conversation.latest().map(TurnId::number), Some(3));
    lines.push(answer("t3", "complete", "a3"));
    let read = replayed(&lines);
    let way = read.conversation.way(read.conversation.head());
    assert_eq!(way.into_iter().map(TurnId::number).collect::<Vec<_>>(), [1, 3]);
    lines.push(head(None));
    let mut read = replayed(&lines);
    assert_eq!(head_of(&read), None);
    assert_eq!(read.conversation.undo(1), 1);
    assert_eq!(head_of(&read), Some(3));
}

#[test]
fn a_question_without_words_in_its_answer_stays_the_last_question() {
    let read = replayed([BEGUN.to_owned(), turn("t1", None, "q1"), answer("t1", "failed", "")]);
    assert_eq!(words(&read), [("q1".to_owned(), None)]);
    assert_eq!(read.conversation.latest().map(TurnId::number), Some(1));
    assert_eq!(read.accounts[0].ended.as_ref().unwrap().state, State::Failed);
}

#[test]
fn lines_of_another_system_and_empty_ones_are_read() {
    let lines = [BEGUN.to_owned(), turn("t1", None, "q1"), answer("t1", "complete", "a1")];
    let lines: Vec<String> =
        lines.iter().flat_map(|it| [format!("{it}\r"), String::new()]).collect();
    let read = replayed(lines);
    assert_eq!((words(&read), damage(&read)), (vec![said("q1", "a1")], vec![]));
}

#[test]
fn what_is_not_known_is_skipped() {
    let read = replayed([
        BEGUN.to_owned(),
        r#"{"type":"mood","is":"good"}"#.to_owned(),
        turn("t1", None, "q1"),
    ]);
    assert_eq!((words(&read).len(), damage(&read)), (1, vec![]));
}

#[test]
fn a_name_holds_until_the_next_one() {
    let name =
        |name: &str| format!(r#"{{"type":"name","at":"2026-11-23T02:13:52Z","name":{name}}}"#);
    let named = replayed([BEGUN.to_owned(), name("\"a\""), name("\"b\"")]);
    assert_eq!(named.name.as_deref(), Some("b"));
    let unnamed = replayed([BEGUN.to_owned(), name("\"a\""), name("null")]);
    assert_eq!(unnamed.name, None);
}

#[test]
fn a_file_that_is_gone_is_told_and_leaves_its_name() {
    let files = r#""files":[{"name":"a.txt","sha256":"00","bytes":3}],"text""#;
    let with_file = turn("t1", None, "q1").replace("\"text\"", files);
    let read = replayed([BEGUN.to_owned(), with_file.clone()]);
    assert_eq!(read.missing, ["a.txt"]);
    let question = &read.conversation.turns().next().unwrap().1.question;
    let Content::File(file) = &question.parts[0].content else { panic!("{question:?}") };
    assert!(file.text.contains("`a.txt` is not there any more"), "{file:?}");
    let mut replay = Replay::new(|file: &FileRef| Some(format!("text of {}", file.name)));
    replay.line(BEGUN.as_bytes(), true);
    replay.line(with_file.as_bytes(), true);
    let read = replay.finish();
    assert!(read.missing.is_empty());
    let question = &read.conversation.turns().next().unwrap().1.question;
    let Content::File(file) = &question.parts[0].content else { panic!("{question:?}") };
    assert_eq!(file.text, "text of a.txt");
}

#[test]
fn the_version_is_known_after_the_first_line() {
    let mut replay = Replay::new(|_: &FileRef| None);
    assert_eq!(replay.version(), None);
    replay.line(BEGUN.replace("\"v\":1", "\"v\":7").as_bytes(), true);
    assert_eq!(replay.version(), Some(7));
}
