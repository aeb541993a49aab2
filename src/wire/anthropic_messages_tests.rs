use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::chat::{Content, Message, Part, Reply, ToolCall};
use crate::wire::Dialect;
use crate::wire::testing::{HERE, bare, part, reply, request};

fn call_part(arguments: &str) -> Part {
    bare(Content::ToolCall(ToolCall {
        id: "toolu_1".into(),
        name: "f".into(),
        arguments: arguments.into(),
    }))
}

fn thinking(words: &str) -> Value {
    json!({ "type": "thinking", "thinking": words, "signature": "EqQB" })
}

fn frame(event: &Value) -> Frame {
    Frame { event: None, data: event.to_string() }
}

/// The events of a stream, its progress, and its first error.
fn decode(stream: &[Value]) -> (Vec<ChatEvent>, Progress, Option<WireError>) {
    let mut decoder = Decoder::default();
    let mut events = Vec::new();
    let errors: Vec<WireError> =
        stream.iter().filter_map(|event| decoder.frame(&frame(event), &mut events).err()).collect();
    decoder.finish(&mut events);
    assert!(errors.len() < 2, "an error is reported once: {errors:?}");
    (events, decoder.progress(), errors.into_iter().next())
}

/// The reply of a stream, `message_stop` added.
#[track_caller]
fn fold(stream: &[Value]) -> Reply {
    let mut stream = stream.to_vec();
    stream.push(json!({ "type": "message_stop" }));
    let (events, progress, error) = decode(&stream);
    assert_eq!((progress, error), (Progress::Complete, None));
    reply(&events)
}

/// An event about block `index` that holds `value` as its `member`.
fn block_event(kind: &str, index: u64, member: &str, value: Value) -> Value {
    let mut event = json!({ "type": kind, "index": index });
    event[member] = value;
    event
}

fn start(index: u64, block: Value) -> Value {
    block_event("content_block_start", index, "content_block", block)
}

fn delta(index: u64, delta: Value) -> Value {
    block_event("content_block_delta", index, "delta", delta)
}

fn text_delta(index: u64, text: &str) -> Value {
    delta(index, json!({ "type": "text_delta", "text": text }))
}

fn stop(index: u64) -> Value {
    json!({ "type": "content_block_stop", "index": index })
}

fn message_delta(reason: &str) -> Value {
    json!({ "type": "message_delta", "delta": { "stop_reason": reason } })
}

#[test]
fn an_answer_replayed_to_its_issuer_is_what_it_sent_and_to_others_plain_text() {
    let redacted = json!({ "type": "redacted_thinking", "data": "opaque" });
    let reply = fold(&[
        start(0, json!({ "type": "thinking", "thinking": "", "signature": "" })),
        delta(0, json!({ "type": "thinking_delta", "thinking": "Pl" })),
        delta(0, json!({ "type": "thinking_delta", "thinking": "an." })),
        delta(0, json!({ "type": "signature_delta", "signature": "EqQB" })),
        stop(0),
        start(1, redacted.clone()),
        stop(1),
        start(2, json!({ "type": "thinking", "thinking": "", "signature": "" })),
        delta(2, json!({ "type": "signature_delta", "signature": "EqQB" })),
        stop(2),
        start(3, json!({ "type": "text", "text": "" })),
        text_delta(3, "Hello!"),
        stop(3),
        message_delta("end_turn"),
    ]);
    let messages = vec![Message::user("a"), reply.into_message(), Message::user("b")];
    let content =
        json!([thinking("Plan."), redacted, thinking(""), { "type": "text", "text": "Hello!" }]);
    let own = request(messages);
    let body = encode(&own, &Dialect::default()).body;
    assert_eq!(body["messages"][1]["content"], content);

    let mut elsewhere = own;
    elsewhere.issuer = "elsewhere".into();
    let body = encode(&elsewhere, &Dialect::default()).body;
    assert_eq!(body["messages"][1], json!({ "role": "assistant", "content": "Hello!" }));
}

#[test]
fn blocks_may_overlap_and_start_with_words() {
    let reply = fold(&[
        start(0, json!({ "type": "thinking", "thinking": "Pl" })),
        delta(0, json!({ "type": "thinking_delta", "thinking": "an." })),
        start(1, json!({ "type": "text", "text": "Hel" })),
        text_delta(1, "lo!"),
        delta(0, json!({ "type": "signature_delta", "signature": "EqQB" })),
        stop(0),
        stop(1),
        message_delta("end_turn"),
    ]);
    assert_eq!(
        reply.parts,
        [part(Content::Reasoning("Plan.".into()), HERE, thinking("Plan.")), Part::text("Hello!"),]
    );
}

#[test]
fn thinking_without_a_signature_is_shown_and_not_kept() {
    let reply = fold(&[
        start(0, json!({ "type": "thinking", "thinking": "" })),
        delta(0, json!({ "type": "thinking_delta", "thinking": "Plan." })),
        delta(0, json!({ "type": "signature_delta", "signature": "" })),
        stop(0),
    ]);
    assert_eq!(reply.parts, [bare(Content::Reasoning("Plan.".into()))]);
}

#[test]
fn arguments_come_in_pieces_or_with_the_start_or_not_at_all() {
    let piece =
        |piece: &str| delta(0, json!({ "type": "input_json_delta", "partial_json": piece }));
    let start = |input: Value| {
        let mut block = json!({ "type": "tool_use", "id": "toolu_1", "name": "f" });
        if !input.is_null() {
            block["input"] = input;
        }
        start(0, block)
    };
    for (stream, arguments) in [
        (vec![start(json!({})), piece(""), piece("{\"a\":"), piece("1}"), stop(0)], "{\"a\":1}"),
        (vec![start(json!({})), piece(""), stop(0)], "{}"),
        (vec![start(json!({ "a": 1 })), stop(0)], "{\"a\":1}"),
        (vec![start(Value::Null)], "{}"),
    ] {
        for reason in ["tool_use", "end_turn"] {
            let mut stream = stream.clone();
            stream.push(message_delta(reason));
            let reply = fold(&stream);
            assert_eq!(reply.parts, [call_part(arguments)]);
            assert_eq!(reply.stop, Some(StopReason::ToolCalls));
        }
    }
}

#[test]
fn counts_are_cumulative_and_the_input_is_the_sum_of_three() {
    let reply = fold(&[
        json!({ "type": "message_start", "message": { "id": "msg_1", "model": "m-1", "usage": {
            "input_tokens": 43, "cache_creation_input_tokens": 5, "cache_read_input_tokens": 100,
            "output_tokens": 1 } } }),
        json!({ "type": "message_delta", "delta": {}, "usage": {
            "input_tokens": 61, "output_tokens": 40,
            "output_tokens_details": { "thinking_tokens": 25 } } }),
        json!({ "type": "message_delta", "delta": {}, "usage": null }),
    ]);
    let usage = Usage {
        input: Some(166),
        cached_input: Some(100),
        cache_write: Some(5),
        output: Some(40),
        reasoning: Some(25),
        total: Some(206),
    };
    assert_eq!(reply.usage, usage);
}

#[test]
fn only_the_first_start_of_a_message_counts() {
    let message = |id: &str, input: u64| {
        json!({ "type": "message_start",
                "message": { "id": id, "model": "m-1", "usage": { "input_tokens": input } } })
    };
    let reply = fold(&[
        message("msg_1", 17),
        message("msg_1", 17),
        start(0, json!({ "type": "text", "text": "" })),
        text_delta(0, "Hel"),
        message("msg_2", 0),
        text_delta(0, "lo!"),
    ]);
    assert_eq!((reply.id.as_deref(), reply.usage.input), (Some("msg_1"), Some(17)));
    assert_eq!(reply.text(), "Hello!");
}

#[test]
fn the_stop_reason_says_why_it_ended() {
    for (reason, stop) in [
        ("end_turn", StopReason::Stop),
        ("stop_sequence", StopReason::Stop),
        ("", StopReason::Stop),
        ("max_tokens", StopReason::Length),
        ("model_context_window_exceeded", StopReason::Length),
        ("tool_use", StopReason::ToolCalls),
        ("refusal", StopReason::Refusal),
        ("pause_turn", StopReason::Pause),
        ("new_reason", StopReason::Other("new_reason".into())),
    ] {
        assert_eq!(fold(&[message_delta(reason)]).stop, Some(stop), "{reason}");
    }
    assert_eq!(fold(&[]).stop, Some(StopReason::Stop));
}

#[test]
fn a_refusal_is_explained_where_no_text_is() {
    let refused = json!({ "type": "message_delta", "delta": { "stop_reason": "refusal",
        "stop_details": { "type": "refusal", "category": "cyber", "explanation": "Blocked." } } });
    assert_eq!(fold(std::slice::from_ref(&refused)).refusal(), "Blocked.");
    assert_eq!(fold(&[text_delta(0, "Well"), refused]).refusal(), "");
}

#[test]
fn a_stop_reason_is_no_end() {
    let (events, progress, error) = decode(&[text_delta(0, "Hello!"), message_delta("end_turn")]);
    assert_eq!((progress, error), (Progress::Open, None));
    assert_eq!(reply(&events).stop, None);
}

#[test]
fn an_error_of_any_shape_ends_the_stream_and_keeps_the_text() {
    let frame = |event: Option<&str>, data: &str| Frame {
        event: event.map(Into::into),
        data: data.to_owned(),
    };
    for error in [
        frame(Some("error"), r#"{"type":"error","error":{"type":"t","message":"boom"}}"#),
        frame(None, r#"{"type":"error","error":{"type":"t","message":"boom"}}"#),
        frame(Some("error"), r#"{"error":{"code":500,"message":"boom","type":"t"}}"#),
        frame(Some("error"), r#"{"message":"boom"}"#),
        frame(Some("error"), "boom"),
    ] {
        let mut decoder = Decoder::default();
        let mut events = Vec::new();
        let text = Frame { event: None, data: text_delta(0, "Hel").to_string() };
        decoder.frame(&text, &mut events).unwrap();
        let Err(WireError::Fault(fault)) = decoder.frame(&error, &mut events) else {
            panic!("{error:?}")
        };
        assert_eq!(fault.message, "boom", "{error:?}");
        decoder.frame(&text, &mut events).unwrap();
        assert_eq!(reply(&events).text(), "Hel");
        assert_eq!(decoder.progress(), Progress::Open);
    }
}

#[test]
fn a_whole_answer_gives_what_its_stream_gives() {
    let usage = json!({ "input_tokens": 12, "output_tokens": 40 });
    let call = json!({ "type": "tool_use", "id": "toolu_1", "name": "f", "input": { "a": 1 } });
    let mut whole = Vec::new();
    let message = json!({ "id": "msg_1", "type": "message", "model": "m-1", "usage": usage,
        "content": [thinking("Plan."), { "type": "text", "text": "Hello!" }, call],
        "stop_reason": "tool_use", "stop_details": null });
    decode_whole(message.to_string().as_bytes(), &mut whole).unwrap();
    let stream = fold(&[
        json!({ "type": "message_start", "message": { "id": "msg_1", "model": "m-1" } }),
        start(0, thinking("")),
        delta(0, json!({ "type": "thinking_delta", "thinking": "Plan." })),
        stop(0),
        text_delta(1, "Hello!"),
        start(2, call),
        stop(2),
        json!({ "type": "message_delta", "delta": { "stop_reason": "tool_use" }, "usage": usage }),
    ]);
    assert_eq!(reply(&whole), stream);
}

#[test]
fn a_whole_refusal_may_be_empty_and_content_a_text() {
    for (message, text, refusal, stop) in [
        (
            json!({ "content": [], "stop_reason": "refusal",
                 "stop_details": { "explanation": "Blocked." } }),
            "",
            "Blocked.",
            StopReason::Refusal,
        ),
        (json!({ "content": "Hello!", "stop_reason": "end_turn" }), "Hello!", "", StopReason::Stop),
    ] {
        let mut events = Vec::new();
        decode_whole(message.to_string().as_bytes(), &mut events).unwrap();
        let reply = reply(&events);
        assert_eq!((reply.text().as_str(), reply.refusal().as_str()), (text, refusal));
        assert_eq!(reply.stop, Some(stop));
    }
}

#[test]
fn what_is_no_answer_is_malformed() {
    for body in ["", "<html>", "[]", "{}", "null", "{\"choices\":[]}"] {
        let error = decode_whole(body.as_bytes(), &mut Vec::new()).unwrap_err();
        assert!(matches!(error, WireError::Malformed { .. }), "{body}: {error:?}");
    }
}

/// A value of any type where another was expected.
fn odd() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-2..3_i64).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a\\\\\n<é\u{0}]{0,3}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!({ "type": "text", "text": "x" })),
        Just(json!({ "type": "text_delta", "text": 1, "thinking": "x" })),
        Just(json!({ "type": "text_delta", "text": "x", "thinking": null })),
        Just(json!({ "type": "signature_delta", "signature": "x" })),
        Just(json!({ "type": "input_json_delta", "partial_json": "x" })),
        Just(json!({ "type": "tool_use", "id": 1, "name": [], "input": 2 })),
        Just(json!({ "id": 1, "usage": { "input_tokens": -1, "output_tokens": u64::MAX } })),
        Just(json!({ "stop_reason": 1, "stop_details": "x" })),
        Just(thinking("x")),
    ]
}

fn event() -> impl Strategy<Value = Value> {
    let kind = proptest::sample::select(vec![
        "content_block_delta",
        "content_block_delta",
        "content_block_delta",
        "content_block_start",
        "content_block_stop",
        "message_start",
        "message_delta",
        "message_stop",
        "new_event",
        "ping",
        "error",
    ]);
    let growth = proptest::sample::select(vec!["text_delta", "thinking_delta"]);
    let keys = proptest::sample::select(vec![
        "index",
        "delta",
        "content_block",
        "message",
        "usage",
        "error",
        "object",
        "error_message",
    ]);
    let fields = proptest::collection::vec((keys, odd()), 0..4);
    (kind, growth, fields, "[a<>think/\n\"]{0,6}").prop_map(|(kind, growth, fields, words)| {
        let name = growth.trim_end_matches("_delta");
        let mut event =
            json!({ "type": kind, "index": 0, "delta": { "type": growth, name: words } });
        for (key, value) in fields {
            event[key] = value;
        }
        event
    })
}

proptest! {
    #[test]
    fn the_short_way_gives_what_the_long_way_gives(
        stream in proptest::collection::vec(event(), 0..8),
    ) {
        let (mut short, mut long) = (Decoder::default(), Decoder::default());
        let (mut short_events, mut long_events) = (Vec::new(), Vec::new());
        for event in &stream {
            let frame = frame(event);
            let is_error = short.frame(&frame, &mut short_events).is_err();
            let was_open = long.state == State::Open;
            if was_open && long.tree(&frame, &mut long_events).is_err() {
                long.state = State::Failed;
            }
            prop_assert_eq!(is_error, was_open && long.state == State::Failed);
            prop_assert_eq!(short.progress(), long.progress());
        }
        short.finish(&mut short_events);
        long.finish(&mut long_events);
        prop_assert_eq!(short_events, long_events);
    }
}
