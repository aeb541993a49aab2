//! What may happen in a stream.

use std::time::{Duration, Instant};

use byok::{
    chat::{ChatEvent, StopReason},
    provider::{Cause, Client, Kind, Secret, open},
    wire::Wire,
};
use serde_json::json;

use super::{Asking, KEY, SHORT, origin, request, runtime};
use crate::support::{
    provider::{LAST_CHUNK, Provider, Script, Step, chunk, head},
    streams,
};

#[test]
fn every_format_is_read() {
    for (wire, frames) in [
        (Wire::OpenAiChat, streams::chat(&["he", "llo"])),
        (Wire::OpenAiResponses, streams::responses(&["he", "llo"])),
        (Wire::AnthropicMessages, streams::messages(&["he", "llo"])),
    ] {
        let provider = Provider::start([Script::stream(frames)]);
        let outcome = Asking::of(wire).ask(&provider);
        assert_eq!(outcome.text(), "hello", "{wire:?}");
        assert_eq!(outcome.reply.stop, Some(StopReason::Stop), "{wire:?}");
    }
}

#[test]
fn the_end_marker_ends_the_answer_though_the_connection_stays() {
    for (wire, frames) in [
        (Wire::OpenAiChat, streams::chat(&["hello"])),
        (Wire::OpenAiResponses, streams::responses(&["hello"])),
        (Wire::AnthropicMessages, streams::messages(&["hello"])),
    ] {
        let provider = Provider::start([Script::open_stream(frames).then([Step::Hang])]);
        let outcome = Asking::of(wire).ask(&provider);
        assert_eq!(outcome.text(), "hello", "{wire:?}");
        assert!(outcome.took < Duration::from_secs(1), "{wire:?} {:?}", outcome.took);
    }
}

#[test]
fn a_finished_answer_waits_two_seconds_for_its_marker_and_no_longer() {
    let mut frames = streams::chat(&["hello"]);
    frames.pop();
    let end = [Script::open_stream(&frames).then([Step::Hang]), Script::stream(&frames)];
    let [open, ended] = end;
    let provider = Provider::start([open]);
    let outcome = Asking::default().ask(&provider);
    assert_eq!(outcome.text(), "hello");
    assert!(outcome.took >= Duration::from_secs(2) && outcome.took < Duration::from_secs(4));

    let provider = Provider::start([ended]);
    let outcome = Asking::default().ask(&provider);
    assert_eq!(outcome.text(), "hello");
    assert!(outcome.took < Duration::from_secs(1), "{:?}", outcome.took);
}

#[test]
fn a_connection_that_breaks_after_the_answer_spoils_nothing() {
    let mut frames = streams::chat(&["hello"]);
    frames.pop();
    for last in [Step::Close, Step::Reset] {
        // A reset throws away what is not read yet: let it be read.
        let steps = [Step::Pause(SHORT), last];
        let provider = Provider::start([Script::open_stream(&frames).then(steps)]);
        assert_eq!(Asking::default().ask(&provider).text(), "hello");
    }
}

#[test]
fn usage_after_the_last_word_is_read() {
    let usage = json!({"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12});
    let mut frames = streams::chat(&["hello"]);
    let at = frames.len() - 1;
    frames.insert(at, streams::data(&json!({"choices": [], "usage": usage})));
    let provider = Provider::start([Script::stream(frames)]);
    let outcome = Asking::default().ask(&provider);
    assert_eq!(outcome.text(), "hello");
    assert_eq!((outcome.reply.usage.input, outcome.reply.usage.output), (Some(5), Some(7)));
}

#[test]
fn a_cut_keeps_the_text_and_is_never_a_success() {
    for (wire, frames) in [
        (Wire::OpenAiChat, streams::chat_open(&["kept"])),
        (Wire::OpenAiResponses, streams::responses(&["kept"])[..3].to_vec()),
        (Wire::AnthropicMessages, streams::messages(&["kept"])[..3].to_vec()),
    ] {
        for end in [
            vec![Step::Send(LAST_CHUNK.to_vec())],
            vec![Step::Close],
            vec![Step::Send(chunk("data: {\"cho")), Step::Send(LAST_CHUNK.to_vec())],
            vec![Step::Pause(SHORT), Step::Reset],
        ] {
            let provider = Provider::start([Script::open_stream(&frames).then(end.clone())]);
            let outcome = Asking::of(wire).ask(&provider);
            let error = outcome.error();
            assert_eq!((error.kind, &error.cause), (Kind::Cut, &Cause::Cut), "{wire:?} {end:?}");
            assert!(!error.is_transient);
            assert_eq!(outcome.reply.text(), "kept", "{wire:?} {end:?}");
        }
    }
}

#[test]
fn a_marker_without_a_reason_to_stop_is_no_whole_answer() {
    let mut frames = streams::chat_open(&["kept"]);
    frames.push("data: [DONE]\n\n".to_owned());
    let provider = Provider::start([Script::stream(frames)]);
    let outcome = Asking::default().ask(&provider);
    assert_eq!(outcome.error().kind, Kind::Cut);
    assert_eq!(outcome.reply.text(), "kept");
}

#[test]
fn a_stream_that_says_nothing_is_no_answer() {
    let provider = Provider::start([Script::stream(streams::chat_open(&[]))]);
    let outcome = Asking::default().ask(&provider);
    assert_eq!((outcome.error().kind, &outcome.error().cause), (Kind::Server, &Cause::Empty));
}

#[test]
fn a_last_frame_without_its_blank_line_counts() {
    let whole = streams::chat(&["hello"]).concat();
    let body = whole.trim_end();
    let provider =
        Provider::start([Script::answer(200, &[("content-type", "text/event-stream")], body)]);
    assert_eq!(Asking::default().ask(&provider).text(), "hello");
}

#[test]
fn silence_is_given_up_and_the_text_kept() {
    let script = Script::open_stream(streams::chat_open(&["kept"])).then([Step::Hang]);
    let provider = Provider::start([script]);
    let outcome = Asking::default().idle(SHORT).ask(&provider);
    let error = outcome.error();
    assert_eq!((error.kind, &error.cause), (Kind::Timeout, &Cause::IdleTimeout(SHORT)));
    assert_eq!(outcome.reply.text(), "kept");
    assert_eq!(
        error.to_string(),
        format!("`127.0.0.1:{}` sent nothing for 150 ms in its answer", provider.port())
    );
    assert!(outcome.took < SHORT * 10, "{:?}", outcome.took);
}

#[test]
fn comments_are_life_and_cost_nothing() {
    let mut steps = vec![];
    for _ in 0..6 {
        steps.extend([Step::Send(chunk(": keep-alive\n\n")), Step::Pause(SHORT / 3)]);
    }
    steps.extend(streams::chat(&["hello"]).into_iter().map(|frame| Step::Send(chunk(frame))));
    let provider = Provider::start([Script::open_stream(Vec::<String>::new()).then(steps)]);
    let outcome = Asking::default().idle(SHORT).ask(&provider);
    assert_eq!(outcome.text(), "hello");
    assert!(outcome.took > SHORT, "the whole took longer than `idle`");

    // One comment that never ends, of more bytes than any cap.
    let endless = Step::Repeat(chunk("x".repeat(1 << 20)), 128);
    let mut steps = vec![Step::Send(chunk(":")), endless, Step::Send(chunk("\n\n"))];
    steps.extend(streams::chat(&["hello"]).into_iter().map(|frame| Step::Send(chunk(frame))));
    let provider = Provider::start([Script::open_stream(Vec::<String>::new()).then(steps)]);
    assert_eq!(Asking::default().ask(&provider).text(), "hello");
}

#[test]
fn one_byte_a_packet_is_enough() {
    let stream = streams::chat(&["hé", "llo \u{1f600}"]).concat();
    let head = head(200, &[("content-type", "text/event-stream"), ("connection", "close")]);
    let drip = Step::Drip(stream.into_bytes(), Duration::ZERO);
    let provider = Provider::start([Script::new([Step::Send(head), drip, Step::Close])]);
    assert_eq!(Asking::default().ask(&provider).text(), "héllo \u{1f600}");
}

#[test]
fn everything_in_one_packet_is_read_too() {
    let texts: Vec<String> = (0..1_000).map(|number| format!("{number} ")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let body = streams::chat(&texts).concat();
    let provider =
        Provider::start([Script::answer(200, &[("content-type", "text/event-stream")], body)]);
    assert_eq!(Asking::default().ask(&provider).text(), texts.concat());
}

#[test]
fn an_error_event_keeps_its_kind_and_the_text() {
    let error = |kind: &str| {
        let body =
            json!({"type": "error", "error": {"type": kind, "message": format!("no {KEY}")}});
        format!("event: error\ndata: {body}\n\n")
    };
    for (kind, expected, is_transient) in [
        ("overloaded_error", Kind::Server, true),
        ("rate_limit_error", Kind::RateLimit, true),
        ("invalid_request_error", Kind::Request, false),
        ("authentication_error", Kind::Auth, false),
        ("billing_error", Kind::Quota, false),
    ] {
        for texts in [&[][..], &["kept"]] {
            let mut frames = streams::messages(texts);
            frames.truncate(2 + texts.len());
            frames.push(error(kind));
            let provider = Provider::start([Script::stream(frames)]);
            let outcome = Asking::of(Wire::AnthropicMessages).ask(&provider);
            let error = outcome.error();
            assert_eq!((error.kind, &error.cause), (expected, &Cause::Reported), "{kind}");
            assert_eq!(error.is_transient, is_transient, "{kind}");
            assert_eq!(error.status, Some(200));
            assert!(error.fault.as_ref().expect("words").message.starts_with("no "));
            assert_eq!(outcome.reply.text(), texts.concat());
        }
    }
}

#[test]
fn bad_json_in_the_middle_is_the_servers_fault() {
    let mut frames = streams::chat_open(&["kept"]);
    frames.push(format!("data: {{\"oops\": {KEY}\n\n"));
    frames.extend(streams::chat(&["never"]));
    let provider = Provider::start([Script::stream(frames)]);
    let outcome = Asking::default().ask(&provider);
    let error = outcome.error();
    assert_eq!((error.kind, &error.cause), (Kind::Server, &Cause::Malformed));
    assert_eq!(outcome.reply.text(), "kept");
}

#[test]
fn an_event_of_64_mib_is_too_large() {
    let steps = [
        Step::Send(chunk("data: {\"choices\":\"")),
        Step::Repeat(chunk("x".repeat(1 << 20)), 64),
        Step::Hang,
    ];
    let provider =
        Provider::start([Script::open_stream(streams::chat_open(&["kept"])).then(steps)]);
    let outcome = Asking::default().ask(&provider);
    let error = outcome.error();
    assert_eq!((error.kind, &error.cause), (Kind::Server, &Cause::TooLarge { limit: 16 << 20 }));
    assert_eq!(
        error.to_string(),
        format!("`127.0.0.1:{}` sent an event of more than 16 MiB", provider.port())
    );
    assert_eq!(outcome.reply.text(), "kept");
}

#[test]
fn an_answer_without_end_ends() {
    let text = "x".repeat(1 << 20);
    let steps = [Step::Repeat(chunk(streams::chat_open(&[&text]).concat()), 80), Step::Hang];
    let provider = Provider::start([Script::open_stream(Vec::<String>::new()).then(steps)]);
    let outcome = Asking::default().ask(&provider);
    let error = outcome.error();
    assert_eq!((error.kind, &error.cause), (Kind::Server, &Cause::TooLarge { limit: 64 << 20 }));
    assert!(outcome.reply.text().len() >= 63 << 20);
}

#[test]
fn bytes_that_are_no_utf_8_are_replaced_and_that_is_said_once() {
    let mut body = streams::chat_open(&["a"]).concat().into_bytes();
    for _ in 0..2 {
        body.extend_from_slice(
            b"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\xff\"}}]}\n\n",
        );
    }
    body.extend(streams::chat(&[]).concat().into_bytes());
    let provider =
        Provider::start([Script::answer(200, &[("content-type", "text/event-stream")], body)]);
    let outcome = Asking::default().ask(&provider);
    assert_eq!(outcome.text(), "a\u{fffd}\u{fffd}");
    let warnings = outcome.events.iter().filter(|event| matches!(event, ChatEvent::Warning(_)));
    assert_eq!(warnings.count(), 1);
}

#[test]
fn a_call_that_is_given_up_again_and_again_loses_nothing() {
    let frames = streams::chat(&["a", "b", "c", "d"]);
    let mut steps = vec![];
    for frame in frames {
        steps.extend([Step::Send(chunk(frame)), Step::Pause(Duration::from_millis(20))]);
    }
    let provider = Provider::start([Script::open_stream(Vec::<String>::new()).then(steps)]);
    let url = provider.url("/v1");
    let asking = Asking::default();
    let secret = Secret::new(KEY).expect("the key is fit");
    let mut text = String::new();
    runtime().block_on(async {
        let client = Client::new(&asking.network, &origin(&url)).expect("a client");
        let request = request(&url, b"{}".to_vec());
        let timeouts = &asking.network.timeouts;
        let mut call = open(&client, &request, Some(&secret), asking.wire, timeouts, &mut |_| {})
            .await
            .expect("an answer");
        let mut events = Vec::new();
        let mut is_open = true;
        while is_open {
            events.clear();
            let tick = tokio::time::sleep(Duration::from_millis(3));
            tokio::select! {
                more = call.next(&mut events) => is_open = more.expect("no trouble"),
                () = tick => assert!(events.is_empty(), "nothing is pushed before it is returned"),
            }
            text.extend(events.iter().filter_map(|event| match event {
                ChatEvent::Text(delta) => Some(delta.as_str()),
                _ => None,
            }));
        }
    });
    assert_eq!(text, "abcd");
}

#[test]
fn giving_up_does_not_put_the_silence_off() {
    let script = Script::open_stream(streams::chat_open(&["kept"])).then([Step::Hang]);
    let provider = Provider::start([script]);
    let url = provider.url("/v1");
    let asking = Asking::default().idle(SHORT);
    let secret = Secret::new(KEY).expect("the key is fit");
    let begun = Instant::now();
    let error = runtime().block_on(async {
        let client = Client::new(&asking.network, &origin(&url)).expect("a client");
        let request = request(&url, b"{}".to_vec());
        let timeouts = &asking.network.timeouts;
        let mut call = open(&client, &request, Some(&secret), asking.wire, timeouts, &mut |_| {})
            .await
            .expect("an answer");
        loop {
            let mut events = Vec::new();
            let tick = tokio::time::sleep(SHORT / 10);
            tokio::select! {
                more = call.next(&mut events) => match more {
                    Ok(_) => {}
                    Err(error) => break error,
                },
                () = tick => assert!(begun.elapsed() < SHORT * 20, "it waits for ever"),
            }
        }
    });
    assert_eq!(error.cause, Cause::IdleTimeout(SHORT));
}

#[test]
fn what_has_come_is_known_without_waiting() {
    let frames = streams::chat_open(&["a", "b", "c"]);
    let mut packet =
        head(200, &[("content-type", "text/event-stream"), ("transfer-encoding", "chunked")]);
    packet.extend(frames.iter().flat_map(chunk));
    let provider = Provider::start([Script::new([Step::Send(packet), Step::Hang])]);
    let url = provider.url("/v1");
    let asking = Asking::default();
    let secret = Secret::new(KEY).expect("the key is fit");
    let mut events = Vec::new();
    runtime().block_on(async {
        let client = Client::new(&asking.network, &origin(&url)).expect("a client");
        let request = request(&url, b"{}".to_vec());
        let timeouts = &asking.network.timeouts;
        let mut call = open(&client, &request, Some(&secret), asking.wire, timeouts, &mut |_| {})
            .await
            .expect("an answer");
        call.next(&mut events).await.expect("the first chunk");
        while call.has_more().await {
            // To ask twice loses nothing.
            assert!(call.has_more().await);
            call.next(&mut events).await.expect("a chunk that is there");
        }
    });
    let texts = events.iter().filter_map(|event| match event {
        ChatEvent::Text(text) => Some(text.as_str()),
        _ => None,
    });
    assert_eq!(texts.collect::<String>(), "abc");
}
