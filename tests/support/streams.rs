//! Frames of answers in each wire format, as servers send them.

use serde_json::{Value, json};

/// One server-sent event without a name.
pub(crate) fn data(value: &Value) -> String {
    format!("data: {value}\n\n")
}

/// One server-sent event with the name that its `type` gives.
fn named(value: &Value) -> String {
    let name = value["type"].as_str().expect("a named event has a type");
    format!("event: {name}\ndata: {value}\n\n")
}

/// Chat Completions: the beginning, one chunk for each text, the reason to stop, the end marker.
pub(crate) fn chat(texts: &[&str]) -> Vec<String> {
    let mut frames = chat_open(texts);
    frames.push(data(&chunk(&json!({}), &json!("stop"))));
    frames.push("data: [DONE]\n\n".to_owned());
    frames
}

/// The same without an end.
pub(crate) fn chat_open(texts: &[&str]) -> Vec<String> {
    let first = json!({"role": "assistant", "content": ""});
    let deltas = texts.iter().map(|text| json!({ "content": text }));
    std::iter::once(first).chain(deltas).map(|delta| data(&chunk(&delta, &Value::Null))).collect()
}

fn chunk(delta: &Value, finish_reason: &Value) -> Value {
    let choice = json!({"index": 0, "delta": delta, "finish_reason": finish_reason});
    json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "fake", "choices": [choice]})
}

/// Chat Completions in one document.
pub(crate) fn chat_whole(text: &str) -> String {
    let message = json!({"role": "assistant", "content": text});
    let choice = json!({"index": 0, "message": message, "finish_reason": "stop"});
    let usage = json!({"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3});
    let id = "chatcmpl-1";
    json!({"id": id, "object": "chat.completion", "model": "fake", "choices": [choice], "usage": usage})
        .to_string()
}

/// Responses: the events of one message.
pub(crate) fn responses(texts: &[&str]) -> Vec<String> {
    let text = texts.concat();
    let message = json!({"type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
        "content": [{"type": "output_text", "text": text, "annotations": []}]});
    let empty = json!({"type": "message", "id": "msg_1", "role": "assistant", "content": []});
    let response = |status: &str, output: Value| {
        json!({"id": "resp_1", "object": "response", "model": "fake", "status": status,
            "error": null, "output": output})
    };
    let created = response("in_progress", json!([]));
    let mut events = vec![
        json!({"type": "response.created", "response": created}),
        json!({"type": "response.output_item.added", "output_index": 0, "item": empty}),
    ];
    events.extend(texts.iter().map(|text| {
        json!({"type": "response.output_text.delta", "item_id": "msg_1", "output_index": 0,
            "content_index": 0, "delta": text})
    }));
    let completed = response("completed", json!([message]));
    events.push(json!({"type": "response.output_item.done", "output_index": 0, "item": message}));
    events.push(json!({"type": "response.completed", "response": completed}));
    events.iter().map(named).collect()
}

/// Anthropic Messages: the events of one text block.
pub(crate) fn messages(texts: &[&str]) -> Vec<String> {
    let message = json!({"id": "msg_1", "type": "message", "role": "assistant", "model": "fake",
        "content": [], "stop_reason": null, "usage": {"input_tokens": 1, "output_tokens": 1}});
    let block = json!({"type": "text", "text": ""});
    let mut events = vec![
        json!({"type": "message_start", "message": message}),
        json!({"type": "content_block_start", "index": 0, "content_block": block}),
    ];
    events.extend(texts.iter().map(|text| {
        json!({"type": "content_block_delta", "index": 0,
            "delta": {"type": "text_delta", "text": text}})
    }));
    events.push(json!({"type": "content_block_stop", "index": 0}));
    events.push(json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"},
        "usage": {"output_tokens": 2}}));
    events.push(json!({"type": "message_stop"}));
    events.iter().map(named).collect()
}

/// An error body in OpenAI's shape.
pub(crate) fn error(message: &str, kind: &str, code: &Value) -> String {
    json!({"error": {"message": message, "type": kind, "param": null, "code": code}}).to_string()
}
