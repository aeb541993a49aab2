//! The whole program with a hostile answer, on a terminal.

use serde_json::json;

use super::corpus::PIECES;
use crate::{
    sequences::{Allowed, Sequences},
    support::{
        byok::Byok,
        provider::{Provider, Script},
        pty::Pty,
        streams,
    },
};

/// Asks on a terminal and says what reached it.
#[track_caller]
fn shown(frames: Vec<String>, arguments: &[&str]) -> Vec<u8> {
    let provider = Provider::start([Script::stream(frames)]);
    let byok = Byok::new().profile(&provider, "").args(arguments.to_vec());
    let mut pty = Pty::start(&byok, 80, 24);
    assert_eq!(pty.wait(), 0, "{}", pty.screen());
    pty.seen().to_vec()
}

/// Only text and our own sequences came, and the words of an answer are there.
#[track_caller]
fn check(seen: &[u8], words: &str) {
    let mut sequences =
        Sequences::new(Allowed { styles: true, links: true, up: 24, spinner: true });
    let taken = sequences.take(seen).and_then(|()| sequences.closed());
    assert_eq!(taken, Ok(()), "{}", seen.escape_ascii());
    let text = String::from_utf8_lossy(seen);
    assert!(text.contains(words), "`{words}` is not there: {}", seen.escape_ascii());
}

/// Every piece in a paragraph of its own, in many deltas.
fn hostile() -> String {
    let paragraphs = PIECES.iter().enumerate().map(|(at, piece)| format!("{piece} seen{at}."));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

#[track_caller]
fn assert_whole(seen: &[u8]) {
    for at in 0..PIECES.len() {
        check(seen, &format!("seen{at}."));
    }
}

#[test]
fn a_hostile_answer_is_text_on_a_terminal() {
    let answer = hostile();
    let deltas: Vec<&str> = answer.split_inclusive([' ', ';', '[', ']']).collect();
    assert_whole(&shown(streams::chat(&deltas), &["ask", "hi"]));
}

/// A frame of what is thought.
fn thought(text: &str) -> String {
    let delta = json!({"reasoning_content": text});
    let choices = json!([{"index": 0, "delta": delta, "finish_reason": null}]);
    streams::data(&json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "fake",
        "choices": choices}))
}

#[test]
fn a_hostile_thought_is_text_on_a_terminal() {
    let frames = [thought(&hostile())].into_iter().chain(streams::chat(&["fine"]));
    let seen = shown(frames.collect(), &["ask", "--thinking", "show", "hi"]);
    assert_whole(&seen);
    check(&seen, "fine");
}

#[test]
fn who_listens_hears_who_speaks_after_every_thought() {
    let mut frames = streams::chat(&["One.\n\n", "Two."]);
    let second = frames.iter().position(|it| it.contains("Two.")).expect("it is said");
    frames.insert(second, thought("Hm."));
    frames.insert(0, thought("Well."));
    let arguments = ["ask", "--accessible", "--thinking", "show", "--no-color", "hi"];
    let seen = String::from_utf8(shown(frames, &arguments)).expect("text");
    let words = ["Thinking:", "Well.", "Answer:", "One.", "Thinking:", "Hm.", "Answer:", "Two."];
    let mut rest = &*seen;
    for word in words {
        rest = rest.split_once(word).unwrap_or_else(|| panic!("no `{word}` in {seen:?}")).1;
    }
}

#[test]
fn a_hostile_error_is_text_on_a_terminal() {
    for (turn, pieces) in PIECES.chunks(10).enumerate() {
        let places = pieces.iter().enumerate();
        let texts = places.map(|(at, piece)| format!("{piece} seen{turn}{at}."));
        let text = texts.collect::<Vec<_>>().join(" ");
        let body = streams::error(&text, &text, &json!(text));
        let provider = Provider::start([Script::json(400, body)]);
        let byok = Byok::new().profile(&provider, "").args(["ask", "hi"]);
        let mut pty = Pty::start(&byok, 80, 24);
        assert_eq!(pty.wait(), 10, "{}", pty.screen());
        for at in 0..pieces.len() {
            check(pty.seen(), &format!("seen{turn}{at}."));
        }
    }
}
