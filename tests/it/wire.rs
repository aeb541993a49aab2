//! The wire formats from bytes to events: goldens at every cut, and what real servers sent.

use byok::{
    chat::{ChatEvent, StopReason},
    wire::{Fault, Wire, WireError},
};
use serde_json::{Value, json};

use crate::golden::{self, RecordedBody};

#[test]
fn goldens_read_as_they_are_written_down() {
    for golden in golden::all() {
        golden.check();
    }
}

#[test]
fn where_reads_cut_a_stream_never_matters() {
    for golden in golden::all() {
        golden.check_chunks();
    }
}

#[test]
fn a_stream_that_ends_early_is_never_a_success() {
    for golden in golden::all() {
        golden.check_cuts();
    }
}

#[test]
fn recorded_chat_completions_read_whole() {
    for recorded in golden::recorded("completions") {
        let name = &recorded.name;
        match recorded.body {
            RecordedBody::Streams(streams) => {
                for payloads in streams {
                    check_stream(name, &payloads);
                }
            }
            RecordedBody::Document(body) if name.starts_with("error") => {
                let (_, end) = golden::read(Wire::OpenAiChat, [body.as_slice()]);
                assert_eq!(end, Err(WireError::Fault(Fault::from_body(&body))), "{name}");
                assert!(!Fault::from_body(&body).message.is_empty(), "{name}");
            }
            RecordedBody::Document(body) => {
                let (events, end) = golden::read(Wire::OpenAiChat, [body.as_slice()]);
                let reply = golden::fold(&events);
                assert_eq!((end, reply.stop), (Ok(()), Some(StopReason::Stop)), "{name}");
                assert!(reply.usage.output.is_some() && !reply.parts.is_empty(), "{name}");
            }
        }
    }
}

#[track_caller]
fn check_stream(name: &str, payloads: &[Value]) {
    let bytes = golden::stream(payloads);
    let whole = golden::read(Wire::OpenAiChat, [bytes.as_slice()]);
    assert_eq!(golden::read(Wire::OpenAiChat, bytes.chunks(1)), whole, "{name}");
    let (events, end) = whole;
    let reply = golden::fold(&events);
    assert_eq!(end, Ok(()), "{name}");
    assert!(reply.stop.is_some() && reply.usage.total.is_some(), "{name}: {reply:?}");
    assert!(reply.id.is_some() && reply.model.is_some(), "{name}: {reply:?}");
    // The same words, found without the decoder.
    let deltas = payloads.iter().map(|payload| &payload["choices"][0]["delta"]);
    let text: String = deltas
        .map(|delta| match &delta["content"] {
            Value::String(text) => text.clone(),
            content => content[0]["text"].as_str().unwrap_or_default().to_owned(),
        })
        .collect();
    assert_eq!(reply.text(), text, "{name}");
}

#[test]
fn an_answer_without_streaming_makes_the_same_reply() {
    let body = json!({"id": "c1", "model": "m", "choices": [{"index": 0, "finish_reason": "stop",
        "message": {"role": "assistant", "reasoning_content": "Plan.", "content": "Hello!"}}],
        "usage": {"prompt_tokens": 2, "completion_tokens": 3, "total_tokens": 5}});
    let whole = golden::read(Wire::OpenAiChat, [format!("\u{feff}\n\n {body}\n").as_bytes()]);
    let stream = golden::stream(&[body]);
    let streamed = golden::read(Wire::OpenAiChat, [stream.as_slice()]);
    assert_eq!(golden::fold(&whole.0), golden::fold(&streamed.0));
    assert_eq!((whole.1, streamed.1), (Ok(()), Ok(())));
}

#[test]
fn a_body_that_is_no_answer_says_what_it_is() {
    let end = |body: &[u8]| golden::read(Wire::OpenAiChat, body.chunks(1)).1;
    let malformed = |expected, excerpt: &str| {
        Err(WireError::Malformed { expected, excerpt: excerpt.to_owned() })
    };
    assert_eq!(end(b""), Err(WireError::Empty));
    assert_eq!(end(b" \n"), Err(WireError::Empty));
    assert_eq!(end(b"{\"choices\": [{"), Err(WireError::Cut));
    assert_eq!(end(b"\n<html>\n<p>Sign in"), Err(WireError::Html));
    assert_eq!(end(b"Bad gateway"), malformed("an event stream", "Bad gateway"));
    assert_eq!(end(b"{} {}"), malformed("a Chat Completions answer", "{} {}"));
    assert_eq!(end(b"{\"id\": 1}"), malformed("a Chat Completions answer", "{\"id\": 1}"));
    assert_eq!(end(b"data: {]\n\ndata: {}\n\n"), malformed("a Chat Completions chunk", "{]"));
    let fault = |message: &str| {
        Err(WireError::Fault(Fault { message: message.to_owned(), ..Fault::default() }))
    };
    assert_eq!(end(b"{\"error\": \"Unexpected endpoint\"}"), fault("Unexpected endpoint"));
    assert_eq!(end(b"{\"detail\": \"Not Found\"}"), fault("Not Found"));
}

#[test]
fn bytes_that_are_not_utf_8_are_told_once() {
    let chunk = b"data: {\"choices\":[{\"delta\":{\"content\":\"a\xFF\"}}]}\n\n";
    let last = b"data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    let stream = [chunk.as_slice(), chunk, last].concat();
    for (events, end) in [
        golden::read(Wire::OpenAiChat, [stream.as_slice()]),
        golden::read(Wire::OpenAiChat, stream.chunks(1)),
    ] {
        assert_eq!(end, Ok(()));
        assert_eq!(golden::fold(&events).text(), "a\u{FFFD}a\u{FFFD}");
        let warnings = events.iter().filter(|event| matches!(event, ChatEvent::Warning(_)));
        assert_eq!(warnings.count(), 1);
    }
}

#[test]
fn what_follows_the_end_marker_is_ignored() {
    let stream = b"data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n\
        data: {\"error\":\"late\"}\n\nx: \xFF\n";
    let (events, end) = golden::read(Wire::OpenAiChat, [stream.as_slice()]);
    assert_eq!((events, end), (vec![ChatEvent::Stop(StopReason::Stop)], Ok(())));
}
