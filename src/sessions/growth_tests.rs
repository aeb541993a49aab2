use super::*;
use crate::{
    chat::{ChatEvent, PartKind},
    sessions::replay::Replay,
};

const ISSUER: &str = "https://api.example";

fn text(text: &str) -> ChatEvent {
    ChatEvent::Text(text.to_owned())
}

/// A journal in a folder of its own.
fn journal() -> (tempfile::TempDir, Journal) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let journal = Journal::create(folder.path().join("session.jsonl")).expect("it is ours");
    (folder, journal)
}

/// The `more` lines of a journal: whether begun anew, part, kind, text.
fn grown(journal: &Journal) -> Vec<(bool, usize, String, String)> {
    let text = std::fs::read_to_string(journal.path()).expect("it is there");
    let lines = text.lines().map(|line| match Record::parse(line.as_bytes()) {
        Some(Record::More(More { is_anew, part, kind, text, .. })) => {
            (is_anew, part, kind.into_owned(), text.into_owned())
        }
        other => panic!("{line}: {other:?}"),
    });
    lines.collect()
}

fn line(is_anew: bool, part: usize, kind: &str, text: &str) -> (bool, usize, String, String) {
    (is_anew, part, kind.to_owned(), text.to_owned())
}

#[test]
fn nothing_is_written_before_its_time() {
    let (_folder, mut journal) = journal();
    let mut growth = Growth::new(Some(&mut journal), "t1");
    assert_eq!(growth.due(), None);
    let mut reply = Reply::default();
    reply.apply(&text("a"), ISSUER);
    let before = Instant::now();
    growth.grew(&reply);
    let due = growth.due().expect("something waits");
    assert!(due >= before + PATIENCE && due <= Instant::now() + PATIENCE);
    // More does not put it off.
    growth.grew(&reply);
    assert_eq!(growth.due(), Some(due));
    growth.end();
    assert_eq!(grown(&journal), []);
}

#[test]
fn what_waited_for_long_is_written_with_the_next_piece() {
    let (_folder, mut journal) = journal();
    let mut growth = Growth::new(Some(&mut journal), "t1");
    let mut reply = Reply::default();
    reply.apply(&text("a"), ISSUER);
    growth.since = Instant::now().checked_sub(PATIENCE);
    growth.grew(&reply);
    assert_eq!(growth.due(), None);
    growth.end();
    assert_eq!(grown(&journal), [line(false, 0, "text", "a")]);
}

#[test]
fn only_what_is_new_is_written() {
    let (_folder, mut journal) = journal();
    let mut growth = Growth::new(Some(&mut journal), "t1");
    let mut reply = Reply::default();
    for event in [
        ChatEvent::Reasoning("hm".to_owned()),
        ChatEvent::Echo { kind: PartKind::Opaque, value: 1.into() },
        text("é"),
        text("a"),
    ] {
        reply.apply(&event, ISSUER);
        growth.write(&reply);
        growth.write(&reply);
    }
    growth.end();
    let wanted = [
        line(false, 0, "reasoning", "hm"),
        line(false, 1, "opaque", ""),
        line(false, 2, "text", "é"),
        line(false, 2, "text", "a"),
    ];
    assert_eq!(grown(&journal), wanted);
}

#[test]
fn a_request_that_is_sent_again_voids_what_came() {
    let (_folder, mut journal) = journal();
    let mut growth = Growth::new(Some(&mut journal), "t1");
    let mut reply = Reply::default();
    reply.apply(&text("old"), ISSUER);
    growth.grew(&reply);
    growth.write(&reply);
    growth.reset();
    assert_eq!(growth.due(), None);
    let mut reply = Reply::default();
    reply.apply(&text("new"), ISSUER);
    growth.write(&reply);
    reply.apply(&text("er"), ISSUER);
    growth.write(&reply);
    growth.end();
    let wanted =
        [line(false, 0, "text", "old"), line(true, 0, "text", "new"), line(false, 0, "text", "er")];
    assert_eq!(grown(&journal), wanted);
}

#[test]
fn a_reset_of_what_was_never_written_leaves_no_mark() {
    let (_folder, mut journal) = journal();
    let mut growth = Growth::new(Some(&mut journal), "t1");
    growth.grew(&Reply::default());
    growth.reset();
    let mut reply = Reply::default();
    reply.apply(&text("new"), ISSUER);
    growth.write(&reply);
    assert_eq!(growth.end().first, None);
    assert_eq!(grown(&journal), [line(false, 0, "text", "new")]);
}

#[test]
fn an_answer_that_is_kept_nowhere_costs_no_timer() {
    let mut growth = Growth::off();
    growth.grew(&Reply::default());
    assert_eq!(growth.due(), None);
    growth.write(&Reply::default());
    assert!(growth.end().first.is_some());
}

#[test]
fn an_answer_that_grew_is_read_as_it_came() {
    let (_folder, mut journal) = journal();
    let mut growth = Growth::new(Some(&mut journal), "t1");
    let mut reply = Reply::default();
    for piece in ["one ", "zwei ", "três ", "四\n"] {
        reply.apply(&text(piece), ISSUER);
        growth.write(&reply);
    }
    growth.end();
    let mut replay = Replay::new(|_| None);
    replay.line(br#"{"type":"turn","id":"t1","parent":null,"at":"2026-11-23T02:13:49Z","profile":"p","model":"m","wire":"w","text":"q"}"#, true);
    for line in std::fs::read(journal.path()).unwrap().split(|byte| *byte == b'\n') {
        replay.line(line, true);
    }
    let replayed = replay.finish();
    let (_, answer) = replayed.conversation.last_answer().expect("it grew");
    assert_eq!(answer.message, reply.into_message());
}
