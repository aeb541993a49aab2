//! A reply in Anthropic's Messages format.
//! <https://platform.claude.com/docs/en/api/messages>,
//! <https://platform.claude.com/docs/en/build-with-claude/streaming>

use serde_json::{Value, json};

use super::reply::{Ending, Moment, Reply};

/// The signature of all reasoning; a real one is opaque as well, but longer.
const SIGNATURE: &str = "demo-signature";

/// The body of an answer in one piece.
pub(super) fn whole(reply: &Reply) -> Value {
    let mut content = Vec::new();
    if !reply.reasoning.is_empty() {
        content.push(json!({
            "type": "thinking",
            "thinking": reply.reasoning,
            "signature": SIGNATURE,
        }));
    }
    if !reply.text.is_empty() {
        content.push(json!({"type": "text", "text": reply.text}));
    }
    json!({
        "id": id(reply),
        "type": "message",
        "role": "assistant",
        "model": reply.model,
        "content": content,
        "stop_reason": stop_reason(reply),
        "stop_sequence": null,
        "stop_details": stop_details(reply),
        "usage": usage(reply),
    })
}

/// The frames of one moment of a stream.
pub(super) fn frames(reply: &Reply, moment: Moment<'_>) -> String {
    let text_index = u8::from(!reply.reasoning.is_empty());
    match moment {
        Moment::Start => {
            let message = json!({
                "id": id(reply),
                "type": "message",
                "role": "assistant",
                "model": reply.model,
                "content": [],
                "stop_reason": null,
                "stop_sequence": null,
                "usage": {
                    "input_tokens": reply.usage.input,
                    "cache_creation_input_tokens": 0,
                    "cache_read_input_tokens": 0,
                    "output_tokens": 1,
                },
            });
            event("message_start", &json!({"message": message})) + &event("ping", &json!({}))
        }
        Moment::ReasoningStart => {
            start(0, &json!({"type": "thinking", "thinking": "", "signature": ""}))
        }
        Moment::Reasoning(piece) => delta(0, &json!({"type": "thinking_delta", "thinking": piece})),
        Moment::ReasoningEnd => {
            delta(0, &json!({"type": "signature_delta", "signature": SIGNATURE})) + &stop(0)
        }
        Moment::TextStart => start(text_index, &json!({"type": "text", "text": ""})),
        Moment::Text(piece) => delta(text_index, &json!({"type": "text_delta", "text": piece})),
        Moment::TextEnd => stop(text_index),
        Moment::End => {
            let end = json!({
                "delta": {
                    "stop_reason": stop_reason(reply),
                    "stop_sequence": null,
                    "stop_details": stop_details(reply),
                },
                "usage": usage(reply),
            });
            event("message_delta", &end) + &event("message_stop", &json!({}))
        }
    }
}

fn start(index: u8, block: &Value) -> String {
    event("content_block_start", &json!({"index": index, "content_block": block}))
}

fn delta(index: u8, delta: &Value) -> String {
    event("content_block_delta", &json!({"index": index, "delta": delta}))
}

fn stop(index: u8) -> String {
    event("content_block_stop", &json!({"index": index}))
}

/// An event whose `type` is its name and stands first; `fields` are the others.
fn event(name: &str, fields: &Value) -> String {
    let mut event = json!({"type": name});
    for (name, value) in fields.as_object().into_iter().flatten() {
        event[name] = value.clone();
    }
    format!("event: {name}\ndata: {event}\n\n")
}

fn id(reply: &Reply) -> String {
    format!("msg_demo_{}", reply.number)
}

fn stop_reason(reply: &Reply) -> &'static str {
    match reply.ending {
        Ending::Stop | Ending::Cut => "end_turn",
        Ending::Length => "max_tokens",
        Ending::Filter => "refusal",
    }
}

fn stop_details(reply: &Reply) -> Value {
    match reply.ending {
        Ending::Filter => json!({
            "type": "refusal",
            "category": null,
            "explanation": "The model `filter` of the demo server refuses everything half-way.",
        }),
        Ending::Stop | Ending::Length | Ending::Cut => Value::Null,
    }
}

fn usage(reply: &Reply) -> Value {
    json!({
        "input_tokens": reply.usage.input,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "output_tokens": reply.usage.output,
        "output_tokens_details": {"thinking_tokens": reply.usage.reasoning},
    })
}
