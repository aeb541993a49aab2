//! Recorded answers of Responses and Anthropic Messages servers, read whole.

use byok::{
    chat::{Content, Reply, StopReason},
    wire::{Fault, Wire, WireError},
};
use serde_json::Value;

use crate::golden::{self, RecordedBody};

#[test]
fn recorded_responses_read_whole() {
    for recorded in golden::recorded("responses") {
        let name = &recorded.name;
        match recorded.body {
            RecordedBody::Document(body) => check_document(Wire::OpenAiResponses, name, &body),
            RecordedBody::Streams(streams) => {
                for payloads in streams {
                    check_responses_stream(name, &payloads);
                }
            }
        }
    }
}

#[test]
fn recorded_messages_read_whole() {
    for recorded in golden::recorded("messages") {
        let name = &recorded.name;
        match recorded.body {
            RecordedBody::Document(body) => check_document(Wire::AnthropicMessages, name, &body),
            RecordedBody::Streams(streams) => {
                for payloads in streams {
                    check_messages_stream(name, &payloads);
                }
            }
        }
    }
}

/// The reply in a stream that is a success, asserted to be the same byte by byte.
#[track_caller]
fn reply(wire: Wire, name: &str, payloads: &[Value]) -> Result<Reply, WireError> {
    let bytes = golden::stream(payloads);
    let whole = golden::read(wire, [bytes.as_slice()]);
    assert_eq!(golden::read(wire, bytes.chunks(1)), whole, "{name}");
    let (events, end) = whole;
    end.map(|()| golden::fold(&events))
}

#[track_caller]
fn check_document(wire: Wire, name: &str, body: &[u8]) {
    let (events, end) = golden::read(wire, [body]);
    let value: Value = serde_json::from_slice(body).expect("recorded JSON");
    if name.contains("error") {
        let fault = Fault::in_value(&value).expect("a recorded error");
        assert!(!fault.message.is_empty(), "{name}");
        assert_eq!(end, Err(WireError::Fault(fault)), "{name}");
        return;
    }
    let reply = golden::fold(&events);
    assert_eq!(end, Ok(()), "{name}");
    assert!(reply.stop.is_some() && reply.usage.total.is_some(), "{name}: {reply:?}");
    assert_eq!(reply.id.as_deref(), value["id"].as_str(), "{name}");
    assert!(!reply.parts.is_empty(), "{name}");
}

/// The words of all payloads of a type, found without the decoder.
fn words(payloads: &[Value], kind: &str, pointer: &str) -> String {
    payloads
        .iter()
        .filter(|payload| payload["type"] == kind)
        .filter_map(|payload| payload.pointer(pointer)?.as_str())
        .collect()
}

#[track_caller]
fn check_responses_stream(name: &str, payloads: &[Value]) {
    let reply = match reply(Wire::OpenAiResponses, name, payloads) {
        Err(WireError::Fault(fault)) if name.contains("error") => {
            assert_eq!(fault.code.as_deref(), Some("insufficient_quota"), "{name}");
            return;
        }
        read => read.unwrap_or_else(|error| panic!("{name}: {error}")),
    };
    assert_eq!(reply.text(), words(payloads, "response.output_text.delta", "/delta"), "{name}");
    assert!(reply.id.is_some() && reply.model.is_some(), "{name}: {reply:?}");
    assert!(reply.usage.total.is_some(), "{name}: {reply:?}");
    let calls = payloads.iter().any(|payload| payload["item"]["type"] == "function_call");
    let stop = if calls { StopReason::ToolCalls } else { StopReason::Stop };
    assert_eq!(reply.stop, Some(stop), "{name}");

    // What must go back is what the server called done.
    let done: Vec<&Value> = payloads
        .iter()
        .filter(|payload| payload["type"] == "response.output_item.done")
        .map(|payload| &payload["item"])
        .filter(|item| item["type"] == "reasoning" || item["phase"].is_string())
        .collect();
    let echoes: Vec<&Value> =
        reply.parts.iter().filter_map(|part| part.echo.as_ref()).map(|echo| &echo.value).collect();
    assert_eq!(echoes, done, "{name}");
}

#[track_caller]
fn check_messages_stream(name: &str, payloads: &[Value]) {
    let reply = reply(Wire::AnthropicMessages, name, payloads)
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let delta = "content_block_delta";
    assert_eq!(reply.text(), words(payloads, delta, "/delta/text"), "{name}");
    let thinking: String = reply
        .parts
        .iter()
        .filter_map(|part| match &part.content {
            Content::Reasoning(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(thinking, words(payloads, delta, "/delta/thinking"), "{name}");
    let signatures: String = reply
        .parts
        .iter()
        .filter_map(|part| part.echo.as_ref()?.value["signature"].as_str())
        .collect();
    assert_eq!(signatures, words(payloads, delta, "/delta/signature"), "{name}");
    assert!(reply.id.is_some() && reply.usage.total.is_some(), "{name}: {reply:?}");
    let stop = match words(payloads, "message_delta", "/delta/stop_reason").as_str() {
        "end_turn" => StopReason::Stop,
        "tool_use" => StopReason::ToolCalls,
        "refusal" => StopReason::Refusal,
        reason => panic!("{name}: {reason}"),
    };
    assert_eq!(reply.refusal().is_empty(), stop != StopReason::Refusal, "{name}");
    assert_eq!(reply.stop, Some(stop), "{name}");
    for part in &reply.parts {
        if let Content::ToolCall(call) = &part.content {
            assert_eq!(call.arguments, "{}", "{name}");
        }
    }
}
