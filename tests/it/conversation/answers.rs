//! Answers as servers really send them, whole and cut anywhere, in the history of each format.

use byok::{
    chat::{Answer, ChatEvent, Content, Conversation, Message, Part, PartKind, Reply},
    wire::Wire,
};
use serde_json::Value;

use super::{ISSUERS, bodies, squeezed};
use crate::{
    accepted,
    golden::{self, RecordedBody},
};

/// So many cuts of an answer tell as much as all of them.
const CUTS: usize = 24;

/// Texts shorter than this may stand in a body by accident.
const TELLING: usize = 12;

#[test]
fn every_golden_answer_goes_on_in_every_format() {
    for golden in golden::all() {
        let (events, end) = golden::read(golden.wire, [golden.bytes.as_slice()]);
        check(&golden.path.display().to_string(), golden.wire, &events, end.is_ok());
    }
}

#[test]
fn every_recorded_answer_goes_on_in_every_format() {
    for (folder, wire) in [
        ("completions", Wire::OpenAiChat),
        ("responses", Wire::OpenAiResponses),
        ("messages", Wire::AnthropicMessages),
    ] {
        for recorded in golden::recorded(folder) {
            let answers = match recorded.body {
                RecordedBody::Document(body) => vec![body],
                RecordedBody::Streams(streams) => {
                    streams.iter().map(|payloads| golden::stream(payloads)).collect()
                }
            };
            for bytes in answers {
                let (events, end) = golden::read(wire, [bytes.as_slice()]);
                check(&recorded.name, wire, &events, end.is_ok());
            }
        }
    }
}

/// The answer that `events` make goes on, and so does each of its beginnings.
#[track_caller]
fn check(name: &str, wire: Wire, events: &[ChatEvent], is_whole: bool) {
    let step = events.len() / CUTS + 1;
    for length in (0..events.len()).step_by(step) {
        check_answer(&format!("{name}, {length} events"), wire, &events[..length], false);
    }
    check_answer(name, wire, events, is_whole);
}

#[track_caller]
fn check_answer(name: &str, wire: Wire, events: &[ChatEvent], is_whole: bool) {
    let (_, own) = ISSUERS.into_iter().find(|(of, _)| *of == wire).expect("all are there");
    let mut reply = Reply::default();
    for event in events {
        reply.apply(event, own);
    }
    let parts = reply.parts.clone();
    let answer = Answer {
        is_whole,
        profile: "p".into(),
        model: "m".into(),
        usage: reply.usage,
        message: reply.into_message(),
    };
    let words = answer.words();
    let mut chat = Conversation::default();
    let turn = chat.ask(Message::user("first"));
    let is_answered = chat.answer(turn, answer);
    assert_eq!(is_answered, !words.trim().is_empty(), "{name}");
    let messages = chat.messages_before(&Message::user("second"));
    for (wire, issuer) in ISSUERS {
        for body in bodies(wire, issuer, &messages) {
            let said = accepted::read(wire, &body)
                .unwrap_or_else(|rule| panic!("{name}, to {issuer}: {rule}\n{body:#}"));
            let said: Vec<String> = said.iter().map(|said| squeezed(&said.words)).collect();
            let is_own = issuer == own && is_whole && is_answered;
            if !is_answered {
                assert_eq!(said, ["second"], "{name}, to {issuer}");
            } else if is_own {
                let words = squeezed(&echoed_words(&parts));
                assert_eq!((said.len(), &said[1]), (3, &words), "{name}, to {issuer}");
            } else {
                assert_eq!((said.len(), &said[1]), (3, &squeezed(&words)), "{name}, to {issuer}");
            }
            let text = body.to_string();
            check_echoes(&format!("{name}, to {issuer}"), &text, &parts, &words, is_own);
        }
    }
}

/// The words as their issuer sees them again: in its own item, where it wants one back. (Some
/// recordings were shortened in their deltas and not in their items.)
fn echoed_words(parts: &[Part]) -> String {
    parts
        .iter()
        .filter_map(|part| match (&part.content, &part.echo) {
            (Content::Text(_), Some(echo)) => echo.value["content"][0]["text"].as_str(),
            (Content::Refusal(_), Some(echo)) => echo.value["content"][0]["refusal"].as_str(),
            (Content::Text(text) | Content::Refusal(text), None) => Some(text),
            _ => None,
        })
        .collect()
}

/// Of what the issuer wants back, `body` holds all that has its place, or nothing.
#[track_caller]
fn check_echoes(name: &str, body: &str, parts: &[Part], words: &str, is_own: bool) {
    for (at, part) in parts.iter().enumerate() {
        let Some(echo) = &part.echo else { continue };
        let mut texts = Vec::new();
        strings(&echo.value, &mut texts);
        let telling = |text: &&String| text.len() >= TELLING && !words.contains(text.as_str());
        for text in texts.iter().filter(telling) {
            let is_there = body.contains(Value::from(text.as_str()).to_string().trim_matches('"'));
            assert!(is_own || !is_there, "{name}: {text:?} in {body}");
            let has_place = part.content.kind() == PartKind::Reasoning
                && matches!(parts.get(at + 1), Some(Part { content: Content::Text(text), .. })
                    if !text.trim().is_empty());
            assert!(!(is_own && has_place) || is_there, "{name}: no {text:?} in {body}");
        }
    }
}

/// All texts in a value, but for the words of its format.
fn strings(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, texts)),
        Value::Object(map) => map
            .iter()
            .filter(|(key, _)| !matches!(key.as_str(), "type" | "role" | "status" | "phase"))
            .for_each(|(_, value)| strings(value, texts)),
        _ => {}
    }
}
