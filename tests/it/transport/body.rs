//! Answers that are no stream: error statuses, JSON, pages, nothing, too much.

use std::time::Duration;

use byok::provider::{Cause, Kind};

use super::{Asking, KEY, SHORT};
use crate::support::{
    provider::{LAST_CHUNK, Provider, Script, Step, chunk, head},
    streams,
};

#[test]
fn an_error_status_keeps_the_servers_words_and_ids() {
    let body =
        streams::error("no such model: gpt-9", "invalid_request_error", &"model_not_found".into());
    let headers = [
        ("content-type", "application/json"),
        ("x-request-id", "req_7"),
        ("retry-after", "7"),
        ("x-should-retry", "false"),
    ];
    let provider = Provider::start([Script::answer(404, &headers, body)]);
    let outcome = Asking::default().ask(&provider);
    let error = outcome.error();
    assert_eq!((error.kind, &error.cause), (Kind::Request, &Cause::Status));
    assert_eq!(error.status, Some(404));
    assert_eq!(error.request_id.as_deref(), Some("req_7"));
    assert_eq!(error.retry_after, Some(Duration::from_secs(7)));
    assert_eq!(error.should_retry, Some(false));
    let fault = error.fault.as_ref().expect("words");
    assert_eq!(fault.message, "no such model: gpt-9");
    assert_eq!(fault.code.as_deref(), Some("model_not_found"));
    assert_eq!(error.to_string(), format!("`{}` answered 404 (Not Found)", provider.host()));
}

#[test]
fn an_error_without_words_is_still_an_error() {
    for (status, kind) in [
        (400, Kind::Request),
        (401, Kind::Auth),
        (402, Kind::Quota),
        (403, Kind::Auth),
        (408, Kind::Timeout),
        (429, Kind::RateLimit),
        (503, Kind::Server),
        (529, Kind::Server),
    ] {
        let provider = Provider::start([Script::answer(status, &[], "")]);
        let outcome = Asking::default().ask(&provider);
        let error = outcome.error();
        assert_eq!((error.kind, &error.cause, error.status), (kind, &Cause::Status, Some(status)));
        assert_eq!(error.fault, None);
    }
}

#[test]
fn a_gateways_page_is_told_from_a_servers_error() {
    let page = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
    let provider = Provider::start([Script::answer(502, &[("content-type", "text/html")], page)]);
    let outcome = Asking::default().ask(&provider);
    let error = outcome.error();
    assert_eq!((error.kind, &error.cause), (Kind::Server, &Cause::Html));
    assert!(error.is_transient);
    let fault = error.fault.as_ref().expect("words");
    assert!(fault.message.contains("502 Bad Gateway") && !fault.message.contains('<'), "{fault:?}");
}

#[test]
fn an_echoed_key_is_masked() {
    let body = streams::error(
        &format!("Incorrect API key provided: {KEY}, or {}", &KEY[..30]),
        "invalid_request_error",
        &"invalid_api_key".into(),
    );
    let provider = Provider::start([Script::answer(401, &[("x-request-id", KEY)], body)]);
    let outcome = Asking::default().ask(&provider);
    let error = outcome.error();
    assert_eq!(error.kind, Kind::Auth);
    assert!(
        error.fault.as_ref().expect("words").message.starts_with("Incorrect API key provided: ")
    );
}

#[test]
fn a_500_with_a_stream_has_its_error_read() {
    let event =
        r#"data: {"error":{"message":"litellm.RateLimitError: slow","type":"None","code":"429"}}"#;
    let headers = [("content-type", "text/event-stream")];
    let provider =
        Provider::start([Script::answer(500, &headers, format!("{event}\n\ndata: [DONE]\n\n"))]);
    let outcome = Asking::default().ask(&provider);
    let error = outcome.error();
    assert_eq!((error.kind, error.status), (Kind::RateLimit, Some(500)));
    assert_eq!(error.fault.as_ref().expect("words").message, "litellm.RateLimitError: slow");
}

#[test]
fn of_a_huge_error_body_the_beginning_is_read() {
    let head = head(400, &[("content-type", "text/plain"), ("connection", "close")]);
    let steps = [
        Step::Send(head),
        Step::Send(b"out of luck ".to_vec()),
        Step::Repeat(vec![b'x'; 1 << 20], 100),
    ];
    let provider = Provider::start([Script::new(steps)]);
    let outcome = Asking::default().ask(&provider);
    let error = outcome.error();
    assert_eq!((error.kind, error.status), (Kind::Request, Some(400)));
    let message = &error.fault.as_ref().expect("words").message;
    assert!(message.starts_with("out of luck") && message.len() < 20_000);
}

#[test]
fn an_error_body_that_never_ends_costs_no_more_than_its_deadline() {
    let headers = [("content-type", "application/json"), ("content-length", "99")];
    let steps = [Step::Send(head(503, &headers)), Step::Send(b"busy".to_vec()), Step::Hang];
    let provider = Provider::start([Script::new(steps)]);
    let outcome = Asking::default().idle(SHORT).ask(&provider);
    let error = outcome.error();
    assert_eq!((error.kind, error.status), (Kind::Server, Some(503)));
    assert_eq!(error.fault.as_ref().expect("words").message, "busy");
    assert!(outcome.took < SHORT * 10, "{:?}", outcome.took);
}

#[test]
fn json_where_a_stream_was_asked_for_is_the_answer() {
    for body in [
        streams::chat_whole("hello"),
        format!("\n\n  \r\n{}", streams::chat_whole("hello")),
        format!("\u{feff}{}", streams::chat_whole("hello")),
    ] {
        for type_ in ["application/json", "text/event-stream", "text/plain"] {
            let provider =
                Provider::start([Script::answer(200, &[("content-type", type_)], &body)]);
            assert_eq!(Asking::default().ask(&provider).text(), "hello");
        }
        let provider = Provider::start([Script::answer(200, &[], &body)]);
        assert_eq!(Asking::default().ask(&provider).text(), "hello");
    }
}

#[test]
fn blank_lines_before_the_answer_keep_a_call_alive() {
    let head = head(200, &[("content-type", "application/json"), ("connection", "close")]);
    let steps = [
        Step::Send(head),
        Step::Drip(vec![b'\n'; 8], SHORT / 3),
        Step::Send(streams::chat_whole("late").into_bytes()),
        Step::Close,
    ];
    let provider = Provider::start([Script::new(steps)]);
    assert_eq!(Asking::default().idle(SHORT).ask(&provider).text(), "late");
}

#[test]
fn a_stream_is_a_stream_whatever_it_is_called() {
    let stream = streams::chat(&["he", "llo"]).concat();
    for type_ in ["application/json", "text/plain", "text/html", "application/octet-stream"] {
        let provider = Provider::start([Script::answer(200, &[("content-type", type_)], &stream)]);
        assert_eq!(Asking::default().ask(&provider).text(), "hello");
    }
    let provider = Provider::start([Script::answer(200, &[], &stream)]);
    assert_eq!(Asking::default().ask(&provider).text(), "hello");
}

#[test]
fn a_page_with_status_200_is_no_answer() {
    let page = "<!doctype html><title>Log in</title>";
    let provider = Provider::start([Script::answer(200, &[("content-type", "text/html")], page)]);
    let outcome = Asking::default().ask(&provider);
    let error = outcome.error();
    assert_eq!((error.kind, &error.cause), (Kind::Server, &Cause::Html));
    assert_eq!(error.to_string(), format!("`{}` answered with a web page", provider.host()));
}

#[test]
fn an_empty_body_is_no_answer() {
    for script in [
        Script::answer(200, &[], ""),
        Script::json(200, "  \n"),
        Script::stream([": nothing\n\n"]),
        Script::stream(Vec::<String>::new()),
    ] {
        let provider = Provider::start([script]);
        let outcome = Asking::default().ask(&provider);
        let error = outcome.error();
        assert_eq!((error.kind, &error.cause), (Kind::Server, &Cause::Empty));
        assert_eq!(error.to_string(), format!("`{}` ended without an answer", provider.host()));
    }
}

#[test]
fn plain_words_with_status_200_are_quoted() {
    let provider = Provider::start([Script::answer(200, &[], format!("we are closed {KEY}"))]);
    let outcome = Asking::default().ask(&provider);
    let error = outcome.error();
    assert_eq!((error.kind, &error.cause), (Kind::Server, &Cause::Malformed));
    assert!(error.to_string().contains("we are closed"), "{error}");
}

#[test]
fn an_error_with_status_200_is_an_error() {
    let body = streams::error("no credit", "insufficient_quota", &serde_json::Value::Null);
    let provider = Provider::start([Script::json(200, body)]);
    let outcome = Asking::default().ask(&provider);
    let error = outcome.error();
    assert_eq!((error.kind, &error.cause), (Kind::Quota, &Cause::Reported));
    assert_eq!(error.status, Some(200));
    assert_eq!(error.fault.as_ref().expect("words").message, "no credit");
}

#[test]
fn a_packed_body_is_refused_before_it_is_read() {
    let headers = [("content-type", "text/event-stream"), ("content-encoding", "gzip")];
    let steps = [Step::Send(head(200, &headers)), Step::Repeat(vec![0x1f; 1 << 20], 1_000)];
    let provider = Provider::start([Script::new(steps)]);
    let outcome = Asking::default().ask(&provider);
    let error = outcome.error();
    assert_eq!(error.kind, Kind::Server);
    assert_eq!(error.cause, Cause::Encoded { encoding: "gzip".into() });
    let headers = [("content-encoding", "identity"), ("content-type", "application/json")];
    let provider = Provider::start([Script::answer(200, &headers, streams::chat_whole("plain"))]);
    assert_eq!(Asking::default().ask(&provider).text(), "plain");
}

#[test]
fn a_document_that_is_cut_is_cut() {
    let whole = streams::chat_whole("hello");
    let (half, _) = whole.split_at(whole.len() / 2);
    let close = [("content-type", "application/json"), ("connection", "close")];
    let long = [("content-type", "application/json"), ("content-length", "9999")];
    let chunked = [("content-type", "application/json"), ("transfer-encoding", "chunked")];
    for (headers, body) in [
        (close, half.as_bytes().to_vec()),
        (long, half.as_bytes().to_vec()),
        (chunked, chunk(half)),
    ] {
        let steps = [Step::Send(head(200, &headers)), Step::Send(body), Step::Close];
        let provider = Provider::start([Script::new(steps)]);
        let outcome = Asking::default().ask(&provider);
        assert_eq!((outcome.error().kind, &outcome.error().cause), (Kind::Cut, &Cause::Cut));
    }
}

#[test]
fn a_document_larger_than_64_mib_is_refused() {
    let head = head(200, &[("content-type", "application/json"), ("connection", "close")]);
    let steps = [
        Step::Send(head),
        Step::Send(b"[\"".to_vec()),
        Step::Repeat(vec![b'x'; 1 << 20], 80),
        Step::Hang,
    ];
    let provider = Provider::start([Script::new(steps)]);
    let outcome = Asking::default().ask(&provider);
    let error = outcome.error();
    assert_eq!((error.kind, &error.cause), (Kind::Server, &Cause::TooLarge { limit: 64 << 20 }));
}

#[test]
fn bad_chunk_sizes_are_a_cut_answer() {
    let headers = [("content-type", "text/event-stream"), ("transfer-encoding", "chunked")];
    let mut bytes = head(200, &headers);
    bytes.extend(chunk(streams::chat_open(&["kept"]).concat()));
    bytes.extend_from_slice(b"zz\r\nno size\r\n");
    bytes.extend_from_slice(LAST_CHUNK);
    let provider = Provider::start([Script::new([Step::Send(bytes), Step::Close])]);
    let outcome = Asking::default().ask(&provider);
    let error = outcome.error();
    assert_eq!((error.kind, &error.cause), (Kind::Cut, &Cause::Cut));
    assert_eq!(outcome.reply.text(), "kept");
}

#[test]
fn cookies_change_nothing() {
    let headers = [("set-cookie", "a=b"), ("content-type", "application/json")];
    let answer = || Script::answer(200, &headers, streams::chat_whole("hi"));
    let provider = Provider::start([answer(), answer()]);
    for _ in 0..2 {
        assert_eq!(Asking::default().ask(&provider).text(), "hi");
    }
    assert!(provider.requests().iter().all(|request| request.header("cookie").is_none()));
}
