//! The rules that bodies are held against refuse what servers refuse.

use byok::wire::Wire;
use serde_json::{Value, json};

use crate::accepted;

#[track_caller]
fn check(wire: Wire, body: &Value, expected: Result<&[&str], &str>) {
    let read = accepted::read(wire, body);
    let words =
        read.as_ref().map(|said| said.iter().map(|said| said.words.as_str()).collect::<Vec<_>>());
    let words = words.as_ref().map(Vec::as_slice).map_err(|rule| rule.as_str());
    assert_eq!(words, expected, "{body}");
}

fn chat_completions(messages: &Value, expected: Result<&[&str], &str>) {
    let body = json!({"model": "m", "messages": messages, "stream": false});
    check(Wire::OpenAiChat, &body, expected);
}

fn messages(messages: &Value, expected: Result<&[&str], &str>) {
    let body = json!({"model": "m", "max_tokens": 1, "messages": messages, "stream": false});
    check(Wire::AnthropicMessages, &body, expected);
}

fn responses(input: &Value, expected: Result<&[&str], &str>) {
    let body = json!({"model": "m", "input": input, "store": false, "stream": false});
    check(Wire::OpenAiResponses, &body, expected);
}

fn user(words: &str) -> Value {
    json!({"role": "user", "content": words})
}

fn assistant(content: impl Into<Value>) -> Value {
    json!({"role": "assistant", "content": content.into()})
}

#[test]
fn speakers_take_turns() {
    let (a, b) = (user("a"), user("b"));
    let answer = assistant("x");
    for check in [chat_completions, messages] {
        check(&json!([a, answer, b]), Ok(&["a", "x", "b"]));
        check(&json!([a, b]), Err("message 1 is the user's"));
        check(&json!([answer, b]), Err("message 0 is the assistant's"));
        check(&json!([a, answer, answer, b]), Err("message 2 is the assistant's"));
        check(&json!([a, answer]), Err("no question at the end"));
        check(&json!([]), Err("no question at the end"));
        check(&json!([a, assistant(" \n"), b]), Err("blank text"));
        check(&json!([user(" ")]), Err("blank text"));
    }
    responses(&json!([a, b]), Err("message 1 is the user's"));
}

#[test]
fn chat_completions_takes_texts_and_echoes() {
    let with = |key: &str, value: Value| {
        let mut answer = assistant("x");
        answer[key] = value;
        json!([{"role": "system", "content": "s"}, user("a"), answer, user("b")])
    };
    chat_completions(&with("reasoning_details", json!([{}])), Ok(&["a", "x", "b"]));
    chat_completions(&with("tool_calls", json!([])), Err("unknown `tool_calls`"));
    let parts = json!([{"type": "refusal", "refusal": "x"}]);
    let rule = format!("no text `content` in {}", assistant(parts.clone()));
    chat_completions(&json!([user("a"), assistant(parts), user("b")]), Err(&rule));
    let late = json!([user("a"), {"role": "system", "content": "s"}]);
    chat_completions(&late, Err("a message of role system"));
    let body = json!({"messages": [user("a")], "stream": false, "stream_options": {}});
    check(Wire::OpenAiChat, &body, Err("`stream_options` without a stream"));
    let body = json!({"messages": [user("a")], "instructions": "s"});
    check(Wire::OpenAiChat, &body, Err("unknown `instructions`"));
}

#[test]
fn thinking_is_signed_and_before_its_block() {
    let thinking = json!({"type": "thinking", "thinking": "", "signature": "s"});
    let redacted = json!({"type": "redacted_thinking", "data": "d"});
    let text = json!({"type": "text", "text": "x"});
    let ends = "a message that ends with thinking, or with nothing";
    for (blocks, expected) in [
        (json!([thinking, redacted, text]), Ok(&["a", "x", "b"][..])),
        (json!([text, thinking]), Err(ends)),
        (json!([text, redacted]), Err(ends)),
        (json!([]), Err(ends)),
        (json!([{"type": "thinking", "thinking": "", "signature": ""}, text]), Err("blank text")),
        (json!([{"type": "text", "text": "\n"}, text]), Err("blank text")),
        (json!([{"type": "refusal"}]), Err("a `refusal` block of the assistant")),
        (json!([{"type": "tool_use"}]), Err("a `tool_use` block of the assistant")),
    ] {
        messages(&json!([user("a"), assistant(blocks), user("b")]), expected);
    }
    messages(
        &json!([{"role": "user", "content": [thinking]}]),
        Err("a `thinking` block of the user"),
    );
    check(Wire::AnthropicMessages, &json!({"messages": [user("a")]}), Err("no `max_tokens`"));
}

#[test]
fn reasoning_is_encrypted_and_before_its_item() {
    let reasoning =
        json!({"type": "reasoning", "id": "rs", "summary": [], "encrypted_content": "e"});
    let plain = json!({"type": "message", "role": "assistant",
        "content": [{"type": "output_text", "text": "x"}]});
    let with = |mut item: Value, key: &str, value: Value| {
        item[key] = value;
        item
    };
    let after = |id: &str| with(plain.clone(), "id", id.into());
    for (items, expected) in [
        (vec![reasoning.clone(), plain.clone(), plain.clone()], Ok(&["a", "xx", "b"][..])),
        (vec![reasoning.clone(), after("msg-after-rs")], Ok(&["a", "x", "b"])),
        (vec![after("msg-after-rs")], Err("item `msg-after-rs` without its reasoning")),
        (vec![plain.clone(), reasoning.clone()], Err("reasoning without the item that it led to")),
        (vec![with(reasoning.clone(), "encrypted_content", "".into())], Err("blank text")),
        (vec![with(reasoning.clone(), "summary", Value::Null)], Err("reasoning without `summary`")),
        (vec![with(plain.clone(), "content", json!([]))], Err("blank text")),
        (vec![with(plain.clone(), "phase", "x".into())], Err("unknown `phase`")),
        (
            vec![with(plain.clone(), "content", json!([{"type": "refusal", "refusal": "x"}]))],
            Err("a part of type `refusal`"),
        ),
        (vec![json!({"type": "function_call"})], Err("an item of type `function_call`")),
        (vec![json!({"type": "item_reference"})], Err("an item of type `item_reference`")),
    ] {
        let input: Vec<Value> = [vec![user("a")], items, vec![user("b")]].concat();
        responses(&json!(input), expected);
    }
    responses(&json!([user("a"), reasoning]), Err("reasoning at the end"));
    let body = json!({"input": [user("a")], "store": true});
    check(Wire::OpenAiResponses, &body, Err("answers would be stored"));
}
