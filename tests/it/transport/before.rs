//! What may happen before there is an answer.

use std::{net::TcpListener, time::Duration};

use byok::provider::{Cause, Client, HeaderText, Kind, Stage};

use super::{Asking, KEY, SHORT, origin, request, runtime};
use crate::support::{
    provider::{Provider, Script, Step, head},
    streams,
};

#[test]
fn the_request_is_sent_as_it_stands() {
    let provider = Provider::start([Script::stream(streams::chat(&["hi"]))]);
    let outcome = Asking::default().ask(&provider);
    assert_eq!(outcome.text(), "hi");
    assert_eq!(outcome.stages, [Stage::Connecting, Stage::Sent]);
    let request = provider.request();
    assert_eq!((request.method.as_str(), request.json()), ("POST", serde_json::json!({})));
    assert_eq!(request.path, "/v1/chat/completions?secret=CANARY");
    let authorization = format!("Bearer {KEY}");
    let host = format!("127.0.0.1:{}", provider.port());
    assert_eq!(
        request.headers,
        [
            ("content-type", "application/json"),
            ("accept", "text/event-stream"),
            ("authorization", authorization.as_str()),
            ("host", host.as_str()),
            ("content-length", "2"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}

#[test]
fn a_connection_serves_the_next_call_too() {
    let stream = || Script::stream(streams::chat(&["hi"]));
    let provider = Provider::start([stream(), stream(), stream()]);
    let url = provider.url("/v1/chat/completions");
    let asking = Asking::default();
    runtime().block_on(async {
        let client = Client::new(&asking.network, &origin(&url)).expect("a client");
        for _ in 0..3 {
            let outcome = asking.exchange(&client, &request(&url, b"{}".to_vec())).await;
            assert_eq!(outcome.text(), "hi");
            // The marker ends the answer; the end of its body is read by the connection itself.
            tokio::task::yield_now().await;
        }
    });
    assert_eq!(provider.requests().len(), 3);
}

#[test]
fn nobody_listens() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let outcome = Asking::default().ask_url(&format!("http://127.0.0.1:{port}/v1?key=CANARY"));
    let error = outcome.error();
    assert_eq!((error.kind, &error.cause), (Kind::Network, &Cause::Refused));
    assert!(!error.is_transient, "on this machine it would be refused again");
    assert_eq!(
        error.to_string(),
        format!("nothing listens at `127.0.0.1:{port}`: connection refused")
    );
}

#[test]
fn a_name_is_not_found() {
    let outcome = Asking::default().ask_url("http://no-such-host.invalid/v1?key=CANARY");
    let error = outcome.error();
    assert_eq!(error.kind, Kind::Network);
    assert_eq!(error.cause, Cause::NameNotFound { host: "no-such-host.invalid".into() });
    assert!(!error.is_transient);
    assert_eq!(error.to_string(), "the host's name was not found: `no-such-host.invalid`");
}

#[test]
fn nobody_shakes_hands_in_time() {
    // The system accepts for a listener that never does; TLS then waits for its greeting.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let mut asking = Asking::default();
    asking.network.timeouts.connect = SHORT;
    let outcome = asking.ask_url(&format!("https://127.0.0.1:{port}/v1"));
    let error = outcome.error();
    assert_eq!((error.kind, &error.cause), (Kind::Timeout, &Cause::ConnectTimeout(SHORT)));
    assert!(error.is_transient);
    assert_eq!(error.to_string(), format!("no connection to `127.0.0.1:{port}` within 150 ms"));
    assert_eq!(outcome.stages, [Stage::Connecting]);
    assert!(outcome.took < SHORT * 10, "{:?}", outcome.took);
}

#[test]
fn the_first_byte_does_not_come_in_time() {
    let half = || Step::Send(b"HTTP/1.1 200 OK\r\nconte".to_vec());
    let slow = || Step::Drip(head(200, &[("content-type", "text/plain")]), SHORT / 8);
    for script in [
        Script::new([Step::Hang]),
        Script::new([half(), Step::Hang]),
        Script::new([slow(), Step::Hang]),
    ] {
        let provider = Provider::start([script]);
        let outcome = Asking::default().first_byte(SHORT).ask(&provider);
        let error = outcome.error();
        assert_eq!((error.kind, &error.cause), (Kind::Timeout, &Cause::FirstByteTimeout(SHORT)));
        assert!(!error.is_transient, "the server may still be at work, and asks for money");
        assert_eq!(
            error.to_string(),
            format!("no answer from `127.0.0.1:{}` within 150 ms", provider.port())
        );
        assert!(outcome.took >= SHORT && outcome.took < SHORT * 10, "{:?}", outcome.took);
        assert_eq!(outcome.stages, [Stage::Connecting, Stage::Sent]);
    }
}

#[test]
fn the_first_byte_has_time_from_the_last_byte_of_the_request() {
    // More than the sockets hold: the upload takes longer than `first_byte`, and that is no error.
    let body = vec![b' '; 24 << 20];
    let script = Script::stream(streams::chat(&["hi"]));
    let provider = Provider::start([script]);
    let url = provider.url("/v1/chat/completions");
    let outcome = Asking::default().send(&request(&url, body.clone()));
    assert_eq!(outcome.text(), "hi");
    assert_eq!(provider.request().body.len(), body.len());
}

#[test]
fn a_server_that_stops_reading_is_given_up() {
    let provider = Provider::start([Script::new([Step::Pause(Duration::from_secs(2))]).early()]);
    let url = provider.url("/v1/chat/completions");
    let outcome = Asking::default().first_byte(SHORT).send(&request(&url, vec![b' '; 24 << 20]));
    assert_eq!(outcome.error().cause, Cause::FirstByteTimeout(SHORT));
    assert_eq!(outcome.stages[0], Stage::Connecting);
    assert!(!outcome.stages.contains(&Stage::Sent), "the request was never sent whole");
}

#[test]
fn of_a_large_request_is_told_how_much_was_sent() {
    for (length, is_told) in [(256 << 10, false), (24 << 20, true)] {
        let provider = Provider::start([Script::stream(streams::chat(&["hi"]))]);
        let url = provider.url("/v1/chat/completions");
        let outcome = Asking::default().send(&request(&url, vec![b' '; length]));
        assert_eq!(outcome.text(), "hi");
        let [Stage::Connecting, between @ .., Stage::Sent] = outcome.stages.as_slice() else {
            panic!("{:?}", outcome.stages)
        };
        assert_eq!(!between.is_empty(), is_told, "{between:?}");
        let mut before = 0;
        for stage in between {
            let Stage::Sending { sent, total } = *stage else { panic!("{between:?}") };
            assert!(before < sent && sent < total, "{between:?}");
            assert_eq!(total, length as u64);
            before = sent;
        }
        // However large it is, the server is told its length and gets no chunks.
        let sent = provider.request();
        assert_eq!(sent.header("content-length"), Some(length.to_string().as_str()));
        assert_eq!(sent.header("transfer-encoding"), None);
        assert_eq!(sent.body.len(), length);
    }
}

#[test]
fn an_answer_before_the_body_is_read_is_an_answer() {
    let refusal = streams::error("too large", "invalid_request_error", &"too_large".into());
    for (status, kind) in [(413, Kind::Request), (401, Kind::Auth)] {
        let provider = Provider::start([Script::json(status, &refusal).early()]);
        let url = provider.url("/v1/chat/completions");
        let outcome = Asking::default().send(&request(&url, vec![b' '; 8 << 20]));
        let error = outcome.error();
        assert_eq!((error.kind, error.status), (kind, Some(status)));
        assert_eq!(error.fault.as_ref().expect("words").message, "too large");
    }
}

#[test]
fn a_connection_that_closes_before_it_answers_may_be_tried_again() {
    for script in [
        Script::new([Step::Close]),
        Script::new([Step::Reset]),
        Script::new([Step::Send(b"HTTP/1.1 200 OK\r\nconte".to_vec()), Step::Close]),
        Script::new([Step::Send(b"HTTP/1.1 200 OK\r\nconte".to_vec()), Step::Reset]),
    ] {
        let provider = Provider::start([script.clone()]);
        let outcome = Asking::default().ask(&provider);
        let error = outcome.error();
        assert_eq!((error.kind, &error.cause), (Kind::Network, &Cause::Reset), "{script:?}");
        assert!(error.is_transient, "{script:?}");
        assert_eq!(
            error.to_string(),
            format!("`127.0.0.1:{}` closed the connection before it answered", provider.port())
        );
    }
}

#[test]
fn what_is_not_http_is_named() {
    for bytes in
        [&b"SSH-2.0-OpenSSH_9.2\r\n"[..], b"\x15\x03\x01\x00\x02\x02\x50", b"\r\n\r\n\r\nno"]
    {
        let provider = Provider::start([Script::new([Step::Send(bytes.to_vec()), Step::Close])]);
        let outcome = Asking::default().ask(&provider);
        let error = outcome.error();
        assert_eq!((error.kind, &error.cause), (Kind::Server, &Cause::NotHttp), "{bytes:?}");
        assert_eq!(
            error.to_string(),
            format!("`127.0.0.1:{}` answered with something that is not HTTP/1.1", provider.port())
        );
    }
}

#[test]
fn long_heads_are_read_and_endless_ones_are_not() {
    let long = "x".repeat(200_000);
    let type_ = ("content-type", "text/event-stream");
    let mut bytes = head(200, &[type_, ("x-long", &long), ("connection", "close")]);
    bytes.extend(streams::chat(&["hi"]).concat().into_bytes());
    let provider = Provider::start([Script::new([Step::Send(bytes), Step::Close])]);
    assert_eq!(Asking::default().ask(&provider).text(), "hi");

    let endless = [
        Script::new([
            Step::Send(b"HTTP/1.1 200 OK\r\n".to_vec()),
            Step::Repeat(b"x-header: value\r\n".to_vec(), 100_000),
        ]),
        Script::new([
            Step::Send(b"HTTP/1.1 200 OK\r\nx-header: ".to_vec()),
            Step::Repeat(vec![b'x'; 64 << 10], 1_000),
        ]),
    ];
    for script in endless {
        let provider = Provider::start([script]);
        let outcome = Asking::default().ask(&provider);
        let error = outcome.error();
        assert_eq!((error.kind, &error.cause), (Kind::Server, &Cause::NotHttp));
    }
}

#[test]
fn redirects_are_told_and_never_followed() {
    let elsewhere = Provider::start([]);
    for status in [301, 302, 303, 307, 308] {
        let location = format!("http://user:CANARY@localhost:{}/v2?CANARY", elsewhere.port());
        let provider =
            Provider::start([Script::answer(status, &[("location", &location)], "moved")]);
        let outcome = Asking::default().ask(&provider);
        let error = outcome.error();
        let to = format!("http://localhost:{}/v2", elsewhere.port());
        assert_eq!(error.kind, Kind::Config);
        assert_eq!(error.cause, Cause::Redirect { to: Some(to.clone()) });
        assert_eq!(
            error.to_string(),
            format!(
                "`{}` redirects to `{to}` ({status}), which byok does not follow",
                provider.host()
            )
        );
    }
    assert_eq!(elsewhere.connections(), 0, "the key and the prompt stay where they belong");
}

#[test]
fn a_redirect_may_lead_to_the_same_place_or_nowhere() {
    for (headers, to) in [
        (vec![("location", "/v1/chat/completions")], Some("/v1/chat/completions")),
        (vec![("location", "mailto:somebody")], None),
        (vec![], None),
    ] {
        let provider = Provider::start([Script::answer(308, &headers, "")]);
        let outcome = Asking::default().ask(&provider);
        let to = to.map(|path| provider.url(path));
        assert_eq!(outcome.error().cause, Cause::Redirect { to });
    }
}

#[test]
fn a_header_that_cannot_be_sent_is_named_without_its_value() {
    let provider = Provider::start([]);
    let mut request = request(&provider.url("/"), b"{}".to_vec());
    request.headers[0].value = HeaderText::Plain("CANARY\r\nx-evil: 1".to_owned());
    let outcome = Asking::default().send(&request);
    let error = outcome.error();
    assert_eq!((error.kind, &error.cause), (Kind::Config, &Cause::Setting));
    assert_eq!(error.to_string(), "header `content-type` cannot be sent as it is");
    assert_eq!(provider.connections(), 0);
}
