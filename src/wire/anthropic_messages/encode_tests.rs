use serde_json::json;

use super::*;
use crate::chat::{Options, Part, ToolCall};
use crate::wire::testing::{HERE, answer, bare, part, request};

/// The `messages` and the dropped lines of a conversation.
fn conversation(messages: Vec<Message>) -> (Value, Vec<String>) {
    let Encoded { mut body, dropped } = encode(&request(messages), &Dialect::default());
    (body["messages"].take(), dropped)
}

fn thinking(words: &str) -> Value {
    json!({ "type": "thinking", "thinking": words, "signature": "EqQB" })
}

#[test]
fn a_plain_question_carries_only_what_was_asked_and_the_limit() {
    let encoded = encode(&request(vec![Message::user("hi")]), &Dialect::default());
    let body = json!({
        "model": "m",
        "max_tokens": 32_000,
        "messages": [{ "role": "user", "content": "hi" }],
        "stream": true,
    });
    assert_eq!(encoded, Encoded { body, dropped: vec![] });
}

#[test]
fn every_option_is_sent_or_named_as_left_out() {
    let mut request = request(vec![Message::user("hi")]);
    request.system = Some("Be brief.".into());
    request.stream = false;
    request.options = Options {
        temperature: Some(0.5),
        top_p: Some(0.9),
        stop: vec!["END".into(), " \n".into()],
        seed: Some(7),
        max_output_tokens: Some(100),
        effort: Some("low".into()),
        verbosity: Some("high".into()),
    };
    let mut body = json!({
        "model": "m",
        "max_tokens": 100,
        "system": "Be brief.",
        "messages": [{ "role": "user", "content": "hi" }],
        "temperature": 0.5,
        "top_p": 0.9,
        "stop_sequences": ["END"],
        "output_config": { "effort": "low" },
        "stream": false,
    });
    let stop = "left out a `stop` of white space: the Messages format refuses it";
    let unknown = ["seed", "verbosity"]
        .map(|name| format!("left out `{name}`: the Messages format has no such parameter"));
    let mut dropped = vec![stop.to_owned()];
    dropped.extend(unknown);
    let encoded = encode(&request, &Dialect::default());
    assert_eq!(encoded, Encoded { body: body.clone(), dropped: dropped.clone() });

    let dialect = Dialect { no_sampling: true, ..Dialect::default() };
    for name in ["temperature", "top_p"] {
        body.as_object_mut().unwrap().shift_remove(name);
    }
    let forbidden = ["temperature", "top_p"].map(|name| {
        format!("left out `{name}`: this `anthropic-version` forbids sampling parameters")
    });
    dropped.splice(0..0, forbidden);
    assert_eq!(encode(&request, &dialect), Encoded { body, dropped });

    let dialect = Dialect { limit_field: Some("limit".into()), ..Dialect::default() };
    let body = encode(&request, &dialect).body;
    assert_eq!((&body["limit"], &body["max_tokens"]), (&json!(100), &Value::Null));
}

#[test]
fn speakers_take_turns_and_say_something() {
    let parts = vec![Part::text("a"), Part::text(" "), Part::text("b")];
    let (messages, dropped) = conversation(vec![
        Message { role: Role::User, parts },
        answer(vec![Part::text("\n")]),
        Message::user("c"),
        answer(vec![Part::text("x")]),
        answer(vec![bare(Content::Refusal("y".into()))]),
        Message::user("d"),
    ]);
    let text = |text: &str| json!({ "type": "text", "text": text });
    let expected = json!([
        { "role": "user", "content": [text("a"), text("b"), text("c")] },
        { "role": "assistant", "content": [text("x"), text("y")] },
        { "role": "user", "content": "d" },
    ]);
    assert_eq!((messages, dropped), (expected, vec![]));
}

#[test]
fn an_answer_without_a_question_after_it_is_left_out_and_named() {
    let (messages, dropped) =
        conversation(vec![Message::user("a"), answer(vec![Part::text("x")]), Message::user("")]);
    assert_eq!(messages, json!([{ "role": "user", "content": "a" }]));
    assert_eq!(dropped, ["left out the last answer of the history: no question follows it"]);
}

#[test]
fn thinking_goes_back_to_its_issuer_only_and_never_alone() {
    let redacted = json!({ "type": "redacted_thinking", "data": "opaque" });
    let parts = |issuer| {
        answer(vec![
            part(Content::Reasoning("Plan.".into()), issuer, thinking("Plan.")),
            part(Content::Opaque, issuer, redacted.clone()),
            bare(Content::Reasoning("without a signature".into())),
            Part::text("Hello!"),
            part(Content::Reasoning("More.".into()), issuer, thinking("More.")),
        ])
    };
    let content = |issuer| {
        let (messages, dropped) =
            conversation(vec![Message::user("a"), parts(issuer), Message::user("b")]);
        assert_eq!(dropped, [] as [&str; 0]);
        messages[1]["content"].clone()
    };
    let text = json!({ "type": "text", "text": "Hello!" });
    assert_eq!(content(HERE), json!([thinking("Plan."), redacted, text]));
    assert_eq!(content("elsewhere"), json!("Hello!"));
}

#[test]
fn thinking_that_led_to_white_space_stays_behind_with_it() {
    let (messages, _) = conversation(vec![
        Message::user("a"),
        answer(vec![
            part(Content::Reasoning("1".into()), HERE, thinking("1")),
            Part::text("\n\n"),
            part(Content::Reasoning("2".into()), HERE, thinking("2")),
            Part::text("b"),
        ]),
        Message::user("c"),
    ]);
    let text = json!({ "type": "text", "text": "b" });
    assert_eq!(messages[1]["content"], json!([thinking("2"), text]));
}

#[test]
fn a_call_without_a_result_is_left_out_with_its_thinking_and_named() {
    let (messages, dropped) = conversation(vec![
        Message::user("a"),
        answer(vec![
            part(Content::Reasoning("Plan.".into()), HERE, thinking("Plan.")),
            bare(Content::ToolCall(ToolCall::default())),
        ]),
        Message::user("b"),
    ]);
    let text = |text: &str| json!({ "type": "text", "text": text });
    assert_eq!(messages, json!([{ "role": "user", "content": [text("a"), text("b")] }]));
    assert_eq!(dropped, ["left out tool calls of the history: they have no results"]);
}
