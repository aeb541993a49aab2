//! A reply as Chat Completions, for OpenAI and Azure.
//! <https://platform.openai.com/docs/api-reference/chat>

use serde_json::{Value, json};

use super::{
    Kind,
    reply::{Ending, Moment, Reply},
};

/// The body of an answer in one piece.
pub(super) fn whole(reply: &Reply) -> Value {
    let mut message = json!({"role": "assistant", "content": reply.text, "refusal": null});
    if !reply.reasoning.is_empty() {
        // OpenAI keeps reasoning to itself; this is how DeepSeek, vLLM and llama.cpp tell it.
        message["reasoning_content"] = reply.reasoning.into();
    }
    json!({
        "id": id(reply),
        "object": "chat.completion",
        "created": reply.created,
        "model": reply.model,
        "choices": [{
            "index": 0,
            "message": message,
            "logprobs": null,
            "finish_reason": finish_reason(reply),
        }],
        "usage": usage(reply),
        "system_fingerprint": null,
    })
}

/// The frames of one moment of a stream.
pub(super) fn frames(reply: &Reply, moment: Moment<'_>) -> String {
    match moment {
        Moment::Start => {
            let start = delta(reply, &json!({"role": "assistant", "content": "", "refusal": null}));
            match reply.kind {
                Kind::Azure => prompt_filter() + &start,
                Kind::OpenAi | Kind::Anthropic => start,
            }
        }
        Moment::Reasoning(piece) => delta(reply, &json!({"reasoning_content": piece})),
        Moment::Text(piece) => delta(reply, &json!({"content": piece})),
        Moment::End => end(reply),
        Moment::ReasoningStart | Moment::ReasoningEnd | Moment::TextStart | Moment::TextEnd => {
            String::new()
        }
    }
}

fn end(reply: &Reply) -> String {
    let mut frames = chunk(
        reply,
        &json!([{"index": 0, "delta": {}, "finish_reason": finish_reason(reply)}]),
        &Value::Null,
    );
    if reply.wants_usage {
        frames += &chunk(reply, &json!([]), &usage(reply));
    }
    frames + "data: [DONE]\n\n"
}

fn delta(reply: &Reply, delta: &Value) -> String {
    let choices = json!([{"index": 0, "delta": delta, "finish_reason": null}]);
    chunk(reply, &choices, &Value::Null)
}

fn chunk(reply: &Reply, choices: &Value, usage: &Value) -> String {
    let chunk = json!({
        "id": id(reply),
        "object": "chat.completion.chunk",
        "created": reply.created,
        "model": reply.model,
        "choices": choices,
        "usage": usage,
    });
    format!("data: {chunk}\n\n")
}

/// Azure's first chunk, which has no choices and no names.
fn prompt_filter() -> String {
    let chunk = json!({
        "choices": [],
        "created": 0,
        "id": "",
        "model": "",
        "object": "",
        "prompt_filter_results": [{
            "prompt_index": 0,
            "content_filter_results": {"hate": {"filtered": false, "severity": "safe"}},
        }],
    });
    format!("data: {chunk}\n\n")
}

fn id(reply: &Reply) -> String {
    format!("chatcmpl-demo-{}", reply.number)
}

fn finish_reason(reply: &Reply) -> &'static str {
    match reply.ending {
        Ending::Stop | Ending::Cut => "stop",
        Ending::Length => "length",
        Ending::Filter => "content_filter",
    }
}

fn usage(reply: &Reply) -> Value {
    json!({
        "prompt_tokens": reply.usage.input,
        "completion_tokens": reply.usage.output,
        "total_tokens": reply.usage.input + reply.usage.output,
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": reply.usage.reasoning},
    })
}
