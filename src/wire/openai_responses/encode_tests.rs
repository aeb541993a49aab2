use serde_json::json;

use super::*;
use crate::chat::{Options, ToolCall};
use crate::wire::testing::{HERE, answer, bare, part, request};

/// The `input` and the dropped lines of a history that ends with the question `next`.
fn history(mut messages: Vec<Message>) -> (Value, Vec<String>) {
    messages.push(Message::user("next"));
    let Encoded { mut body, dropped } = encode(&request(messages), &Dialect::default());
    let mut input = body["input"].take();
    let last = input.as_array_mut().and_then(Vec::pop);
    assert_eq!(last, Some(json!({ "role": "user", "content": "next" })));
    (input, dropped)
}

fn reasoning_item(id: &str) -> Value {
    json!({ "type": "reasoning", "id": id, "encrypted_content": "gAAAA",
            "summary": [{ "type": "summary_text", "text": "Plan." }] })
}

#[test]
fn a_plain_question_carries_only_what_was_asked_and_the_two_words_on_storage() {
    let encoded = encode(&request(vec![Message::user("hi")]), &Dialect::default());
    let body = json!({
        "model": "m",
        "input": [{ "role": "user", "content": "hi" }],
        "store": false,
        "include": ["reasoning.encrypted_content"],
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
        stop: vec!["END".into()],
        seed: Some(7),
        max_output_tokens: Some(100),
        effort: Some("low".into()),
        verbosity: Some("high".into()),
    };
    let encoded = encode(&request, &Dialect::default());
    let body = json!({
        "model": "m",
        "instructions": "Be brief.",
        "input": [{ "role": "user", "content": "hi" }],
        "max_output_tokens": 100,
        "temperature": 0.5,
        "top_p": 0.9,
        "reasoning": { "effort": "low" },
        "text": { "verbosity": "high" },
        "store": false,
        "include": ["reasoning.encrypted_content"],
        "stream": false,
    });
    let dropped = ["stop", "seed"]
        .map(|name| format!("left out `{name}`: the Responses format has no such parameter"));
    assert_eq!(encoded, Encoded { body, dropped: dropped.to_vec() });

    let dialect = Dialect { limit_field: Some("max_tokens".into()), ..Dialect::default() };
    let body = encode(&request, &dialect).body;
    assert_eq!((&body["max_tokens"], &body["max_output_tokens"]), (&json!(100), &Value::Null));
}

#[test]
fn several_texts_are_parts_and_empty_ones_are_not_sent() {
    let parts = vec![Part::text("a"), Part::text(""), Part::text("b")];
    let (input, _) = history(vec![
        Message { role: Role::User, parts },
        answer(vec![Part::text("x"), Part::text("y")]),
        answer(vec![Part::text("")]),
        Message::user(""),
    ]);
    let expected = json!([
        { "role": "user", "content": [
            { "type": "input_text", "text": "a" }, { "type": "input_text", "text": "b" }] },
        { "type": "message", "role": "assistant", "content": [
            { "type": "output_text", "text": "x" }, { "type": "output_text", "text": "y" }] },
    ]);
    assert_eq!(input, expected);
}

#[test]
fn echoes_go_back_to_their_issuer_in_order_and_as_they_came() {
    let phase = json!({ "type": "message", "id": "msg_1", "phase": "commentary", "content": [] });
    let search = json!({ "type": "web_search_call", "id": "ws_1" });
    let parts = |issuer| {
        answer(vec![
            part(Content::Reasoning("Plan.".into()), issuer, reasoning_item("rs_1")),
            part(Content::Opaque, issuer, search.clone()),
            part(Content::Text("Wait.".into()), issuer, phase.clone()),
            part(Content::Reasoning(String::new()), issuer, reasoning_item("rs_2")),
            Part::text("Done."),
        ])
    };
    let text = |texts: Value| json!({ "type": "message", "role": "assistant", "content": texts });
    let done = json!({ "type": "output_text", "text": "Done." });
    let own =
        json!(
            [reasoning_item("rs_1"), search, phase, reasoning_item("rs_2"), text(json!([done])),]
        );
    assert_eq!(history(vec![parts(HERE)]), (own, vec![]));
    let wait = json!({ "type": "output_text", "text": "Wait." });
    assert_eq!(history(vec![parts("elsewhere")]), (json!([text(json!([wait, done]))]), vec![]));
}

#[test]
fn reasoning_that_nothing_follows_or_nobody_can_read_is_left_out() {
    let unreadable = json!({ "type": "reasoning", "id": "rs_1", "summary": [] });
    let (input, dropped) = history(vec![
        answer(vec![part(Content::Reasoning(String::new()), HERE, reasoning_item("rs_1"))]),
        answer(vec![
            part(Content::Reasoning(String::new()), HERE, unreadable),
            bare(Content::Reasoning("from elsewhere".into())),
            Part::text("a"),
            part(Content::Reasoning(String::new()), HERE, reasoning_item("rs_2")),
        ]),
    ]);
    let text = json!([{ "type": "output_text", "text": "a" }]);
    assert_eq!(input, json!([{ "type": "message", "role": "assistant", "content": text }]));
    assert_eq!(dropped, [] as [&str; 0]);
}

#[test]
fn an_item_whose_reasoning_stays_behind_goes_on_as_plain_words() {
    let message = |id: &str| json!({ "type": "message", "id": id, "phase": "commentary" });
    let search = json!({ "type": "web_search_call", "id": "ws_1" });
    let (input, _) = history(vec![answer(vec![
        part(Content::Reasoning(String::new()), HERE, reasoning_item("rs_1")),
        bare(Content::ToolCall(ToolCall::default())),
        part(Content::Text("a".into()), HERE, message("msg_1")),
        part(Content::Opaque, HERE, search),
        part(Content::Reasoning(String::new()), HERE, reasoning_item("rs_2")),
        part(Content::Text("b".into()), HERE, message("msg_2")),
    ])]);
    let text = json!([{ "type": "output_text", "text": "a" }]);
    let plain = json!({ "type": "message", "role": "assistant", "content": text });
    assert_eq!(input, json!([plain, reasoning_item("rs_2"), message("msg_2")]));
}

#[test]
fn white_space_alone_is_no_message() {
    let (input, _) = history(vec![answer(vec![
        part(Content::Reasoning(String::new()), HERE, reasoning_item("rs_1")),
        Part::text("\n\n"),
        part(Content::Reasoning(String::new()), HERE, reasoning_item("rs_2")),
        Part::text("a"),
    ])]);
    let text = json!([{ "type": "output_text", "text": "a" }]);
    let plain = json!({ "type": "message", "role": "assistant", "content": text });
    assert_eq!(input, json!([reasoning_item("rs_2"), plain]));
}

#[test]
fn a_call_without_a_result_is_left_out_with_its_reasoning_and_named() {
    let (input, dropped) = history(vec![answer(vec![
        Part::text("a"),
        part(Content::Reasoning(String::new()), HERE, reasoning_item("rs_1")),
        bare(Content::ToolCall(ToolCall::default())),
    ])]);
    let text = json!([{ "type": "output_text", "text": "a" }]);
    assert_eq!(input, json!([{ "type": "message", "role": "assistant", "content": text }]));
    assert_eq!(dropped, ["left out tool calls of the history: they have no results"]);
}
