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

/// Chat Completions: texts, then this reason to stop and these counts of tokens in and out.
pub(crate) fn chat_stopped(
    texts: &[&str],
    reason: &str,
    (input, output): (u32, u32),
) -> Vec<String> {
    let mut frames = chat_open(texts);
    frames.push(data(&chunk(&json!({}), &json!(reason))));
    let usage = json!({"prompt_tokens": input, "completion_tokens": output,
        "total_tokens": input + output});
    let id = "chatcmpl-1";
    frames.push(data(&json!({"id": id, "object": "chat.completion.chunk", "model": "fake",
        "choices": [], "usage": usage})));
    frames.push("data: [DONE]\n\n".to_owned());
    frames
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

/// Anthropic Messages: a signed thought, then a text.
pub(crate) fn messages_thinking(thought: &str, signature: &str, text: &str) -> Vec<String> {
    let message = json!({"id": "msg_1", "type": "message", "role": "assistant", "model": "fake",
        "content": [], "stop_reason": null, "usage": {"input_tokens": 1, "output_tokens": 1}});
    let delta = |index: u32, delta: Value| json!({"type": "content_block_delta", "index": index, "delta": delta});
    let start = |index: u32, block: Value| json!({"type": "content_block_start", "index": index, "content_block": block});
    let stop = |index: u32| json!({"type": "content_block_stop", "index": index});
    let events = [
        json!({"type": "message_start", "message": message}),
        start(0, json!({"type": "thinking", "thinking": "", "signature": ""})),
        delta(0, json!({"type": "thinking_delta", "thinking": thought})),
        delta(0, json!({"type": "signature_delta", "signature": signature})),
        stop(0),
        start(1, json!({"type": "text", "text": ""})),
        delta(1, json!({"type": "text_delta", "text": text})),
        stop(1),
        json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"},
            "usage": {"output_tokens": 2}}),
        json!({"type": "message_stop"}),
    ];
    events.iter().map(named).collect()
}

/// Responses: reasoning under seal, then a text.
pub(crate) fn responses_reasoning(id: &str, sealed: &str, text: &str) -> Vec<String> {
    let reasoning = json!({"type": "reasoning", "id": id, "summary": [],
        "encrypted_content": sealed});
    let message = json!({"type": "message", "id": format!("msg-after-{id}"), "role": "assistant",
        "status": "completed",
        "content": [{"type": "output_text", "text": text, "annotations": []}]});
    let empty = json!({"type": "message", "id": message["id"], "role": "assistant", "content": []});
    let response = |status: &str, output: Value| {
        json!({"id": "resp_1", "object": "response", "model": "fake", "status": status,
            "error": null, "output": output})
    };
    let item = |kind: &str, index: u32, item: &Value| json!({"type": format!("response.output_item.{kind}"), "output_index": index, "item": item});
    let events = [
        json!({"type": "response.created", "response": response("in_progress", json!([]))}),
        item("added", 0, &json!({"type": "reasoning", "id": id, "summary": []})),
        item("done", 0, &reasoning),
        item("added", 1, &empty),
        json!({"type": "response.output_text.delta", "item_id": message["id"], "output_index": 1,
            "content_index": 0, "delta": text}),
        item("done", 1, &message),
        json!({"type": "response.completed",
            "response": response("completed", json!([reasoning, message]))}),
    ];
    events.iter().map(named).collect()
}

/// An error body in OpenAI's shape.
pub(crate) fn error(message: &str, kind: &str, code: &Value) -> String {
    json!({"error": {"message": message, "type": kind, "param": null, "code": code}}).to_string()
}
