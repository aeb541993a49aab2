//! Sessions for the tests of every format, and what the formats have in common.

use super::*;
use crate::{
    chat::{Message, Part, Role, Usage},
    sessions::{Begun, Chosen, Ended, FileRef, Foreign, SessionId, Told, Trouble},
};

pub(super) fn answer(parts: Vec<Part>) -> Answer {
    Answer {
        message: Message { role: Role::Assistant, parts },
        is_whole: true,
        profile: "work".into(),
        model: "gpt-x".into(),
        usage: Usage::default(),
    }
}

/// Asks and gets an answer.
pub(super) fn say(chat: &mut Conversation, question: &str, words: &str) -> TurnId {
    let turn = chat.ask(Message::user(question));
    assert!(chat.answer(turn, answer(vec![Part::text(words)])));
    turn
}

pub(super) fn cut(chat: &mut Conversation, turn: TurnId, words: &str) {
    let answer = Answer { is_whole: false, ..answer(vec![Part::text(words)]) };
    assert!(chat.answer(turn, answer));
}

pub(super) fn time(text: &str) -> Time {
    Time::of(text.parse().expect("it is a time"))
}

/// The session of a conversation that stands where this one does. Of all turns the same is known.
pub(super) fn session_with(chat: &Conversation, name: &str, ended: Option<&Ended>) -> Session {
    let begun = Begun::new(
        SessionId::parse("bcdfghjkmnpqrs").expect("it is one"),
        time("2026-11-22T17:20:16Z"),
    );
    let name = Some(name.to_owned()).filter(|name| !name.is_empty());
    let mut foreign = Foreign::new(begun, name);
    for (id, turn) in chat.turns() {
        let files = turn.question.parts.iter().filter_map(|part| match &part.content {
            Content::File(file) => Some(FileRef::of(&file.name, &file.text)),
            _ => None,
        });
        let account = Account {
            key: format!("turn-{}", id.number()),
            asked_at: time("2026-11-22T17:21:00Z"),
            profile: "work".into(),
            model: "gpt-x".into(),
            wire: "completions".into(),
            chosen: Chosen::default(),
            files: files.collect(),
            ended: ended.cloned(),
        };
        let told = Told {
            parent: turn.parent,
            question: turn.question.clone(),
            is_continuation: turn.is_continuation,
            account,
            answer: turn.answer.clone(),
        };
        foreign.tell(told).expect("its key is its own");
    }
    if chat.latest() == chat.head() {
        assert!(foreign.go_to(chat.head().map(TurnId::number)));
    }
    foreign.into_session()
}

pub(super) fn session(chat: &Conversation, name: &str) -> Session {
    session_with(chat, name, None)
}

pub(super) fn ended() -> Ended {
    Ended {
        at: time("2026-11-22T17:21:03.5Z"),
        state: State::Complete,
        served_model: Some("gpt-x-2026".into()),
        finish_reason: Some("stop".into()),
        request_id: Some("req_1".into()),
        usage: Usage { input: Some(12), output: Some(34), ..Usage::default() },
        first_ms: Some(400),
        total_ms: Some(3_449),
        error: None,
    }
}

#[test]
fn what_is_known_of_an_answer_is_said_in_words() {
    let mut account = session_with(
        &{
            let mut chat = Conversation::default();
            say(&mut chat, "1", "a");
            chat
        },
        "",
        Some(&ended()),
    )
    .last_asked()
    .expect("it was asked")
    .clone();
    let day = "2026-11-22 17:21 UTC";
    assert_eq!(facts(&account), [day, "answered by gpt-x-2026", "3.4 s", "12 tokens in, 34 out"]);
    account.ended = Some(Ended {
        state: State::Failed,
        served_model: Some("gpt-x".into()),
        finish_reason: Some("a\u{1b}[1m".into()),
        usage: Usage { output: Some(1), ..Usage::default() },
        error: Some(Trouble { kind: "cut".into(), message: "the stream\nbroke".into() }),
        ..ended()
    });
    let expected = [day, "? tokens in, 1 out", "ended by a␛[1m", "cut: the stream broke"];
    assert_eq!(facts(&account), expected);
    account.ended = None;
    assert_eq!(facts(&account), [day]);
}

#[test]
fn seconds_have_one_digit_behind_the_point() {
    assert_eq!([0, 49, 50, 999, 61_250].map(tenths), ["0.0", "0.0", "0.1", "1.0", "61.3"]);
    assert_eq!(tenths(u64::MAX), "18446744073709551.6");
}

#[test]
fn a_name_says_the_format() {
    let of = |name: &str| Format::of(Path::new(name));
    assert_eq!(of("a.JSON"), Some(Format::Json));
    assert_eq!(of("b/a.htm"), Some(Format::Html));
    assert_eq!(of("a.markdown"), Some(Format::Markdown));
    assert_eq!((of("a.txt"), of("json")), (None, None));
}

#[test]
fn an_empty_session_and_one_at_its_beginning_are_not_exported_as_nothing() {
    let mut chat = Conversation::default();
    for format in [Format::Markdown, Format::Json, Format::Html] {
        let failure = export(&session(&chat, ""), format).expect_err("nothing was said");
        assert_eq!(failure.report.message, "there is nothing to export yet");
    }
    say(&mut chat, "1", "a");
    chat.undo(1);
    let session = session(&chat, "");
    assert!(export(&session, Format::Markdown).is_err());
    for format in [Format::Json, Format::Html] {
        let bytes = export(&session, format).expect("every turn is exported");
        assert!(bytes.ends_with(b"\n"));
    }
}

#[test]
fn json_is_one_harmless_line() {
    let mut chat = Conversation::default();
    say(&mut chat, "1\u{202e}", "a\u{1b}[1m\n");
    let line = String::from_utf8(json(&session(&chat, "t"))).expect("it is UTF-8");
    assert_eq!(line.matches('\n').count(), 1);
    assert!(line.contains("1\\u202e") && line.contains("a\\u001b[1m"), "{line}");
}
