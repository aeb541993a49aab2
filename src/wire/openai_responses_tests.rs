use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::chat::{Content, Part, Reply, ToolCall};
use crate::wire::Dialect;
use crate::wire::testing::{HERE, bare, part, reply, request};

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

#[track_caller]
fn fold(stream: &[Value]) -> Reply {
    let (events, progress, error) = decode(stream);
    assert_eq!((progress, error), (Progress::Complete, None));
    reply(&events)
}

fn completed(output: &Value) -> Value {
    json!({ "type": "response.completed",
            "response": { "id": "resp_1", "status": "completed", "output": output } })
}

fn text_delta(output_index: u64, delta: &str) -> Value {
    json!({ "type": "response.output_text.delta", "output_index": output_index,
            "content_index": 0, "item_id": "msg_1", "delta": delta })
}

fn message_item(text: &str) -> Value {
    json!({ "type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
            "content": [{ "type": "output_text", "text": text, "annotations": [] }] })
}

fn reasoning_item(id: &str) -> Value {
    json!({ "type": "reasoning", "id": id, "encrypted_content": "gAAAA",
            "summary": [{ "type": "summary_text", "text": "Plan." }] })
}

fn call_item() -> Value {
    json!({ "type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "f",
            "arguments": "{\"a\":1}" })
}

fn call_part() -> Content {
    Content::ToolCall(ToolCall {
        id: "call_1".into(),
        name: "f".into(),
        arguments: "{\"a\":1}".into(),
    })
}

#[test]
fn an_answer_replayed_to_its_issuer_is_what_it_sent_and_to_others_plain_text() {
    let mut labelled = message_item("Hello!");
    labelled["phase"] = json!("final_answer");
    let refusal = json!({ "type": "message", "id": "msg_2", "role": "assistant",
        "content": [{ "type": "refusal", "refusal": "No." }] });
    let output = json!([reasoning_item("rs_1"), labelled, refusal]);
    let done = |index: usize| {
        json!({ "type": "response.output_item.done", "output_index": index,
                "item": output[index] })
    };
    let stream = [
        json!({ "type": "response.reasoning_summary_text.delta", "output_index": 0,
                "item_id": "rs_1", "summary_index": 0, "delta": "Plan." }),
        done(0),
        text_delta(1, "Hel"),
        text_delta(1, "lo!"),
        done(1),
        done(2),
        completed(&output),
    ];
    let reply = fold(&stream);
    assert_eq!(reply.text(), "Hello!");
    let own = request(vec![reply.into_message()]);
    assert_eq!(encode(&own, &Dialect::default()).body["input"], output);

    let mut elsewhere = own;
    elsewhere.issuer = "elsewhere".into();
    let plain = json!({ "type": "message", "role": "assistant", "content": [
        { "type": "output_text", "text": "Hello!" }, { "type": "output_text", "text": "No." }] });
    assert_eq!(encode(&elsewhere, &Dialect::default()).body["input"][0], plain);
}

#[test]
fn parts_of_reasoning_are_set_apart_by_a_blank_line() {
    let delta = |name: &str, output_index: u64, part: u64, delta: &str| {
        json!({ "type": format!("response.{name}.delta"), "output_index": output_index,
                "summary_index": part, "delta": delta })
    };
    let reply = fold(&[
        delta("reasoning_summary_text", 0, 0, "a"),
        delta("reasoning_summary_text", 0, 0, "b"),
        delta("reasoning_summary_text", 0, 1, "c"),
        delta("reasoning_text", 1, 0, "d"),
        delta("output_text", 2, 0, "answer"),
        delta("reasoning_text", 3, 0, "e"),
        completed(&json!([])),
    ]);
    let contents: Vec<Content> = reply.parts.into_iter().map(|part| part.content).collect();
    assert_eq!(
        contents,
        [
            Content::Reasoning("ab\n\nc\n\nd".into()),
            Content::Text("answer".into()),
            Content::Reasoning("e".into()),
        ]
    );
}

#[test]
fn what_no_delta_brought_comes_from_the_next_event_that_has_it() {
    let done = json!({ "type": "response.output_text.done", "output_index": 0,
                       "content_index": 0, "text": "Hello!" });
    let part = json!({ "type": "response.content_part.done", "output_index": 0,
                       "content_index": 0, "part": { "type": "output_text", "text": "Hello!" } });
    let item = json!({ "type": "response.output_item.done", "output_index": 0,
                       "item": message_item("Hello!") });
    let end = completed(&json!([message_item("Hello!")]));
    let stream = [text_delta(0, "Hello!"), done, part, item, end];
    for missing in 0..stream.len() {
        assert_eq!(fold(&stream[missing..]).text(), "Hello!", "{missing} events are missing");
    }
}

#[test]
fn items_are_told_apart_whatever_their_server_names_them_by() {
    let delta = |index: Option<u64>, id: Option<&str>| {
        json!({ "type": "response.output_text.delta", "output_index": index, "item_id": id,
                "delta": "a" })
    };
    let done = |index: Option<u64>, id: Option<&str>| {
        let mut item = message_item("a");
        item["id"] = json!(id);
        json!({ "type": "response.output_item.done", "output_index": index, "item": item })
    };
    // Changing ids, ids alone, nothing at all, an index that comes and goes.
    for stream in [
        [
            delta(Some(0), Some("x")),
            done(Some(0), Some("y")),
            delta(Some(1), Some("x")),
            done(Some(1), Some("z")),
        ],
        [
            delta(None, Some("x")),
            done(None, Some("x")),
            delta(None, Some("y")),
            done(None, Some("y")),
        ],
        [delta(None, None), done(None, None), delta(None, None), done(None, None)],
        [
            delta(None, Some("x")),
            done(Some(0), Some("x")),
            delta(Some(1), Some("y")),
            done(None, Some("y")),
        ],
    ] {
        let mut stream = stream.to_vec();
        stream.push(completed(&json!([message_item("a"), message_item("a")])));
        assert_eq!(fold(&stream).text(), "aa", "{stream:?}");
    }
}

#[test]
fn calls_are_whole_whichever_events_bring_them() {
    let added = json!({ "type": "response.output_item.added", "output_index": 3,
        "item": { "type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "f",
                  "arguments": "" } });
    let delta = json!({ "type": "response.function_call_arguments.delta", "output_index": 3,
        "item_id": "fc_1", "delta": "{\"a\":1}" });
    let arguments = json!({ "type": "response.function_call_arguments.done", "output_index": 3,
        "item_id": "fc_1", "arguments": "{\"a\":1}" });
    let done = json!({ "type": "response.output_item.done", "output_index": 3,
        "item": call_item() });
    let end = completed(&json!([call_item()]));
    let stream = [added, delta, arguments, done, end];
    for missing in 0..stream.len() {
        let reply = fold(&stream[missing..]);
        assert_eq!(reply.parts, [bare(call_part())], "{missing} events are missing");
        assert_eq!(reply.stop, Some(StopReason::ToolCalls));
    }
}

#[test]
fn a_call_of_the_servers_own_tool_is_kept_for_it_and_no_call_for_us() {
    let search = json!({ "type": "web_search_call", "id": "ws_1", "status": "completed" });
    let reply = fold(&[
        json!({ "type": "response.output_item.added", "output_index": 0, "item": search }),
        json!({ "type": "response.output_item.done", "output_index": 0, "item": search }),
        completed(&json!([search])),
    ]);
    assert_eq!(reply.parts, [part(Content::Opaque, HERE, search)]);
    assert_eq!(reply.stop, Some(StopReason::Stop));
}

#[test]
fn encrypted_reasoning_may_come_at_the_very_end() {
    let stream = [
        json!({ "type": "response.reasoning_summary_text.delta", "output_index": 0,
                "delta": "Plan." }),
        text_delta(1, "Hello!"),
        completed(&json!([reasoning_item("rs_1"), message_item("Hello!")])),
    ];
    assert_eq!(
        fold(&stream).parts,
        [
            part(Content::Reasoning("Plan.".into()), HERE, reasoning_item("rs_1")),
            Part::text("Hello!"),
        ]
    );
}

#[test]
fn a_whole_answer_gives_what_its_stream_gives() {
    let output = json!([reasoning_item("rs_1"), message_item("Hello!"), call_item()]);
    let response = json!({ "id": "resp_1", "object": "response", "status": "completed",
        "model": "m-1", "error": null, "output": output,
        "usage": { "input_tokens": 20, "input_tokens_details": { "cached_tokens": 4 },
                   "output_tokens": 30, "output_tokens_details": { "reasoning_tokens": 24 },
                   "total_tokens": 50 } });
    let mut whole = Vec::new();
    decode_whole(response.to_string().as_bytes(), &mut whole).unwrap();
    let stream = fold(&[
        json!({ "type": "response.created", "response": { "id": "resp_1", "model": "m-1" } }),
        json!({ "type": "response.output_item.done", "output_index": 0, "item": output[0] }),
        text_delta(1, "Hello!"),
        json!({ "type": "response.output_item.done", "output_index": 2, "item": output[2] }),
        json!({ "type": "response.completed", "response": response }),
    ]);
    assert_eq!(reply(&whole), stream);
    assert_eq!(
        stream.usage,
        Usage {
            input: Some(20),
            cached_input: Some(4),
            cache_write: None,
            output: Some(30),
            reasoning: Some(24),
            total: Some(50),
        }
    );
}

#[test]
fn the_status_and_its_details_say_why_it_ended() {
    for (response, stop) in [
        (json!({ "status": "completed" }), StopReason::Stop),
        (
            json!({ "status": "incomplete", "incomplete_details": { "reason": "max_output_tokens" } }),
            StopReason::Length,
        ),
        (
            json!({ "status": "incomplete", "incomplete_details": { "reason": "content_filter" } }),
            StopReason::Filtered,
        ),
        (
            json!({ "status": "incomplete", "incomplete_details": { "reason": "steered" } }),
            StopReason::Other("steered".into()),
        ),
        (
            json!({ "status": "incomplete", "incomplete_details": null }),
            StopReason::Other("incomplete".into()),
        ),
        (
            json!({ "status": "completed", "max_output_tokens": 9, "usage": { "output_tokens": 9 } }),
            StopReason::Length,
        ),
        (
            json!({ "status": "completed", "max_output_tokens": 9, "usage": { "output_tokens": 8 } }),
            StopReason::Stop,
        ),
        (
            json!({ "status": "completed",
                 "output": [{ "type": "message",
                              "content": [{ "type": "refusal", "refusal": "No." }] }] }),
            StopReason::Refusal,
        ),
    ] {
        let shown = response.to_string();
        let mut events = Vec::new();
        decode_whole(shown.as_bytes(), &mut events).unwrap();
        assert_eq!(reply(&events).stop, Some(stop), "{shown}");
    }
}

#[test]
fn an_error_is_reported_once_however_often_the_server_does() {
    let nested = json!({ "type": "error", "error": { "code": "c", "message": "boom" } });
    let flat = json!({ "type": "error", "code": "c", "message": "boom", "param": null });
    let failed = json!({ "type": "response.failed", "response": {
        "status": "failed", "error": { "code": "c", "message": "boom" } } });
    for error in [nested, flat, failed.clone()] {
        let (events, progress, fault) =
            decode(&[text_delta(0, "Hel"), error.clone(), failed.clone()]);
        assert_eq!(reply(&events).text(), "Hel");
        assert_eq!(progress, Progress::Open);
        let Some(WireError::Fault(fault)) = fault else { panic!("{error}: {fault:?}") };
        assert_eq!((fault.message.as_str(), fault.code.as_deref()), ("boom", Some("c")), "{error}");
    }
}

#[test]
fn an_answer_that_failed_without_a_word_is_still_a_failure() {
    for status in ["failed", "cancelled", "queued", "in_progress"] {
        let body = json!({ "id": "r", "status": status, "error": null, "output": [] });
        let error = decode_whole(body.to_string().as_bytes(), &mut Vec::new()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("the server ended the answer with status `{status}` and gave no reason")
        );
    }
}

#[test]
fn what_is_no_answer_is_malformed() {
    for body in ["", "<html>", "[]", "{}", "null", "{\"choices\":[]}"] {
        let error = decode_whole(body.as_bytes(), &mut Vec::new()).unwrap_err();
        assert!(matches!(error, WireError::Malformed { .. }), "{body}: {error:?}");
    }
    let mut decoder = Decoder::default();
    let cut = Frame { event: None, data: "{\"type\":".into() };
    let error = decoder.frame(&cut, &mut Vec::new()).unwrap_err();
    assert!(matches!(error, WireError::Malformed { .. }), "{error:?}");
}

#[test]
fn done_is_no_end() {
    let mut decoder = Decoder::default();
    let done = Frame { event: None, data: "[DONE]".into() };
    decoder.frame(&done, &mut Vec::new()).unwrap();
    assert_eq!(decoder.progress(), Progress::Open);
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
        Just(json!([{ "type": "output_text", "text": "x" }, 1, null])),
        Just(json!({ "type": "summary_text", "text": 1 })),
        Just(message_item("Hello!")),
        Just(reasoning_item("rs_1")),
        Just(call_item()),
        Just(json!({ "id": "r", "status": "completed", "output": [message_item("Hello!")] })),
        Just(json!({ "status": "incomplete", "incomplete_details": 1, "usage": [] })),
    ]
}

fn event() -> impl Strategy<Value = Value> {
    let kind = proptest::sample::select(vec![
        "response.output_text.delta",
        "response.output_text.delta",
        "response.output_text.delta",
        "response.output_text.done",
        "response.refusal.delta",
        "response.reasoning_summary_text.delta",
        "response.reasoning_text.delta",
        "response.function_call_arguments.delta",
        "response.function_call_arguments.done",
        "response.output_item.added",
        "response.output_item.done",
        "response.content_part.done",
        "response.completed",
        "response.failed",
        "response.created",
        "response.new.delta",
        "error",
    ]);
    let keys = proptest::sample::select(vec![
        "delta",
        "output_index",
        "content_index",
        "summary_index",
        "item_id",
        "item",
        "part",
        "response",
        "text",
        "arguments",
        "error",
        "object",
        "error_message",
        "obfuscation",
    ]);
    let fields = proptest::collection::vec((keys, odd()), 0..6);
    (kind, fields, "[a<>think/\n\"]{0,6}").prop_map(|(kind, fields, delta)| {
        let mut event = json!({ "type": kind, "output_index": 0, "delta": delta });
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
