//! Servers that mean harm, or cause it.

use insta::assert_snapshot;
use serde_json::json;

use crate::support::{
    provider::{Provider, Script},
    streams, work,
};

#[test]
fn escape_sequences_in_an_error_are_shown_and_not_obeyed() {
    let body = json!({"error": {"message": "\u{1b}[2J\u{1b}]0;owned\u{7}no\u{9b}31m\u{202e}evil\nline two"}});
    let output = work::ask([Script::json(400, body.to_string())], "");
    let is_harmful = |c: &char| (c.is_control() && *c != '\n') || *c == '\u{202e}';
    assert_eq!(output.stderr().chars().find(is_harmful), None);
    assert_snapshot!(output, @r"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered 400 (Bad Request)
      caused by: ␛[2J␛]0;owned␇no\x9b31m<U+202E>evil line two
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: `--dry-run` shows the request as it was sent
    ----- exit code 10 -----
    ");
}

#[test]
fn a_key_that_the_server_echoes_is_masked() {
    let body = streams::error(
        &format!("Incorrect API key provided: {}. Also Bearer {}", work::KEY, work::KEY),
        "invalid_request_error",
        &json!(work::KEY),
    );
    let id = ("x-request-id", work::KEY);
    let output = work::ask([Script::answer(401, &[id], body)], "");
    output.assert_code(4);
    let words: Vec<_> = output.stderr().lines().skip(1).take(2).collect();
    let port = words[1].find("127.0.0.1:").map(|at| &words[1][at + 10..at + 15]);
    assert_snapshot!(words.join("\n").replace(port.expect("a port"), "[PORT]"), @"
    caused by: Incorrect API key provided: [redacted]. Also Bearer [redacted]
    at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions, request id [redacted]
    ");
}

#[test]
fn an_answer_that_is_packed_though_nobody_asked_is_refused() {
    let headers = [("content-type", "text/event-stream"), ("content-encoding", "gzip")];
    assert_snapshot!(work::ask([Script::answer(200, &headers, b"\x1f\x8b\x08")], ""), @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered in a packed form that was not asked for: gzip
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: something between here and the server packs answers: switch that off
    ----- exit code 9 -----
    ");
    let output = work::ask([Script::answer(400, &headers, b"\x1f\x8b\x08")], "");
    assert_snapshot!(output, @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered 400 (Bad Request), its reason packed as gzip, which was not asked for
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: `--dry-run` shows the request as it was sent
    ----- exit code 10 -----
    ");
}

#[test]
fn a_cookie_is_neither_kept_nor_sent() {
    let cookie = ("set-cookie", "session=CANARY; Path=/");
    let refused = Script::answer(503, &[cookie, ("retry-after-ms", "1")], "{}");
    let provider = Provider::start([refused, Script::stream(streams::chat(&["yes"]))]);
    let home = work::home(&provider.url("/v1"), "");
    let output = home.clone().args(["-vv", "ask", "hi"]).run();
    output.assert_code(0).assert_stdout("yes\n");
    assert!(!output.stderr().contains("CANARY"), "{output}");
    assert!(provider.requests().iter().all(|request| request.header("cookie").is_none()));
}
