//! A reply in the Responses format, for OpenAI and Azure.
//! <https://platform.openai.com/docs/api-reference/responses>

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::reply::{Ending, Moment, Reply};

/// The body of an answer in one piece, and what the last event of a stream carries.
pub(super) fn whole(reply: &Reply) -> Value {
    let (status, incomplete) = match reply.ending {
        Ending::Stop | Ending::Cut => ("completed", Value::Null),
        Ending::Length => ("incomplete", json!({"reason": "max_output_tokens"})),
        Ending::Filter => ("incomplete", json!({"reason": "content_filter"})),
    };
    let mut output = Vec::new();
    if !reply.reasoning.is_empty() {
        output.push(reasoning_item(reply, Progress::Done));
    }
    output.push(message_item(reply, Progress::Done));
    let usage = json!({
        "input_tokens": reply.usage.input,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": reply.usage.output,
        "output_tokens_details": {"reasoning_tokens": reply.usage.reasoning},
        "total_tokens": reply.usage.input + reply.usage.output,
    });
    response(reply, status, &incomplete, &output, &usage)
}

/// The frames of one moment of a stream. `sequence` numbers its events.
pub(super) fn frames(reply: &Reply, moment: Moment<'_>, sequence: &mut u64) -> String {
    let mut frames = String::new();
    for (name, event) in events(reply, moment) {
        let event = with(json!({"type": name, "sequence_number": *sequence}), &event);
        *sequence += 1;
        // Writing to a string cannot fail.
        let _ = write!(frames, "event: {name}\ndata: {event}\n\n");
    }
    frames
}

/// The events of a moment, still without what all events carry.
fn events(reply: &Reply, moment: Moment<'_>) -> Vec<(&'static str, Value)> {
    let reasoning = |rest: Value| {
        let place = json!({"item_id": reasoning_id(reply), "output_index": 0, "summary_index": 0});
        with(place, &rest)
    };
    let message_index = u8::from(!reply.reasoning.is_empty());
    let message = |rest: Value| {
        let place = json!({
            "item_id": message_id(reply),
            "output_index": message_index,
            "content_index": 0,
        });
        with(place, &rest)
    };
    match moment {
        Moment::Start => {
            let begun = response(reply, "in_progress", &Value::Null, &[], &Value::Null);
            vec![
                ("response.created", json!({"response": begun})),
                ("response.in_progress", json!({"response": begun})),
            ]
        }
        Moment::ReasoningStart => vec![
            (
                "response.output_item.added",
                json!({"output_index": 0, "item": reasoning_item(reply, Progress::Begun)}),
            ),
            (
                "response.reasoning_summary_part.added",
                reasoning(json!({"part": {"type": "summary_text", "text": ""}})),
            ),
        ],
        Moment::Reasoning(piece) => {
            vec![("response.reasoning_summary_text.delta", reasoning(json!({"delta": piece})))]
        }
        Moment::ReasoningEnd => vec![
            ("response.reasoning_summary_text.done", reasoning(json!({"text": reply.reasoning}))),
            (
                "response.reasoning_summary_part.done",
                reasoning(json!({"part": {"type": "summary_text", "text": reply.reasoning}})),
            ),
            (
                "response.output_item.done",
                json!({"output_index": 0, "item": reasoning_item(reply, Progress::Done)}),
            ),
        ],
        Moment::TextStart => vec![
            (
                "response.output_item.added",
                json!({"output_index": message_index, "item": message_item(reply, Progress::Begun)}),
            ),
            ("response.content_part.added", message(json!({"part": text_part("")}))),
        ],
        Moment::Text(piece) => {
            vec![("response.output_text.delta", message(json!({"delta": piece, "logprobs": []})))]
        }
        Moment::TextEnd => vec![
            ("response.output_text.done", message(json!({"text": reply.text, "logprobs": []}))),
            ("response.content_part.done", message(json!({"part": text_part(&reply.text)}))),
            (
                "response.output_item.done",
                json!({"output_index": message_index, "item": message_item(reply, Progress::Done)}),
            ),
        ],
        Moment::End => {
            let name = match reply.ending {
                Ending::Stop | Ending::Cut => "response.completed",
                Ending::Length | Ending::Filter => "response.incomplete",
            };
            vec![(name, json!({"response": whole(reply)}))]
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Begun,
    Done,
}

fn response(
    reply: &Reply,
    status: &str,
    incomplete: &Value,
    output: &[Value],
    usage: &Value,
) -> Value {
    json!({
        "id": format!("resp_demo_{}", reply.number),
        "object": "response",
        "created_at": reply.created,
        "status": status,
        "error": null,
        "incomplete_details": incomplete,
        "model": reply.model,
        "store": false,
        "output": output,
        "usage": usage,
    })
}

fn reasoning_item(reply: &Reply, progress: Progress) -> Value {
    let id = reasoning_id(reply);
    match progress {
        Progress::Begun => json!({"type": "reasoning", "id": id, "summary": []}),
        Progress::Done => json!({
            "type": "reasoning",
            "id": id,
            "summary": [{"type": "summary_text", "text": reply.reasoning}],
            "encrypted_content": "demo-nothing-to-hide",
        }),
    }
}

fn message_item(reply: &Reply, progress: Progress) -> Value {
    let (status, content) = match (progress, reply.ending) {
        (Progress::Begun, _) => ("in_progress", json!([])),
        (Progress::Done, Ending::Stop | Ending::Cut) => {
            ("completed", json!([text_part(&reply.text)]))
        }
        (Progress::Done, Ending::Length | Ending::Filter) => {
            ("incomplete", json!([text_part(&reply.text)]))
        }
    };
    json!({
        "type": "message",
        "id": message_id(reply),
        "role": "assistant",
        "status": status,
        "content": content,
    })
}

fn text_part(text: &str) -> Value {
    json!({"type": "output_text", "text": text, "annotations": [], "logprobs": []})
}

fn reasoning_id(reply: &Reply) -> String {
    format!("rs_demo_{}", reply.number)
}

fn message_id(reply: &Reply) -> String {
    format!("msg_demo_{}", reply.number)
}

/// `first` with the fields of `rest` behind its own.
fn with(mut first: Value, rest: &Value) -> Value {
    for (name, value) in rest.as_object().into_iter().flatten() {
        first[name] = value.clone();
    }
    first
}
