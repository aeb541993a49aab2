//! Trying again: when, how long, and when not.

use std::time::{Duration, SystemTime};

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{
    byok::{Byok, Output},
    provider::{Provider, Script, Step},
    streams, work,
};

/// The wait that keeps tests quick.
const SOON: (&str, &str) = ("retry-after-ms", "1");

fn answered() -> Script {
    Script::stream(streams::chat(&["yes"]))
}

fn failing(status: u16, headers: &[(&str, &str)]) -> Script {
    Script::answer(status, headers, "{}")
}

/// The run after a failure that asks for a retry: it answers.
#[track_caller]
fn retried(script: Script) -> Output {
    let output = work::ask([script, answered()], "");
    output.assert_code(0).assert_stdout("yes\n").assert_stderr_has("trying again in");
    output
}

#[track_caller]
fn assert_retried(script: Script) {
    let _ = retried(script);
}

#[test]
fn a_rate_limit_waits_as_long_as_the_server_says() {
    let output = retried(failing(429, &[SOON]));
    assert_snapshot!(output, @"
    ----- stdout -----
    yes
    ----- stderr -----
    warning: rate limited; trying again in 0.0 s (attempt 2 of 3)
    ----- exit code 0 -----
    ");
    // The finer header wins.
    let output = retried(failing(429, &[("retry-after", "50"), SOON]));
    output.assert_stderr_has("in 0.0 s (attempt 2 of 3)");
    // A date that is past asks for nothing, and junk neither: the usual delay.
    let past = httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(1));
    for value in [past.as_str(), "soon", "-1"] {
        assert_retried(failing(429, &[("retry-after", value)]));
    }
}

#[test]
fn a_long_wait_is_not_waited_for_and_is_named() {
    assert_snapshot!(work::ask([failing(429, &[("retry-after", "7200")])], ""), @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered 429 (Too Many Requests)
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: the server asks to wait 2 h 0 min
    hint: ask less often, raise `retries`, or take another model (`-m`) or profile (`-P`)
    ----- exit code 5 -----
    ");
    let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(7230));
    let output = work::ask([failing(503, &[("retry-after", &date)])], "");
    output.assert_code(5).assert_stderr_has("the server asks to wait 2 h 0 min");
    // Nor one that ends after `timeouts.total`.
    let output = work::ask([failing(429, &[("retry-after", "40")])], "timeouts.total = \"20s\"");
    output.assert_code(5).assert_stderr_has("the server asks to wait 40 s");
    // Gemini says it in the body.
    let body = json!([{"error": {"code": 429, "message": "Quota exceeded", "status": "RESOURCE_EXHAUSTED",
        "details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "3600s"}]}}]);
    let output = work::ask([Script::json(429, body.to_string())], "");
    output.assert_code(5).assert_stderr_has("the server asks to wait 1 h 0 min");
}

#[test]
fn what_may_pass_is_tried_again() {
    for status in [408, 409, 500, 502, 503, 504, 529] {
        assert_retried(failing(status, &[SOON]));
    }
    assert_retried(Script::new([Step::Reset]));
    assert_retried(Script::new([Step::Close]));
    let event = json!({"error": {"message": "overloaded", "type": "overloaded_error"}});
    assert_retried(Script::stream([streams::data(&event)]));
}

#[test]
fn what_stays_is_not_tried_again() {
    for status in [400, 401, 403, 413, 422, 501] {
        let output = work::ask([failing(status, &[SOON])], "");
        assert!(!output.stderr().contains("trying again"), "{output}");
    }
    let money = streams::error("no credit", "insufficient_quota", &json!("insufficient_quota"));
    let headers = [SOON, ("x-should-retry", "true")];
    work::ask([Script::answer(429, &headers, money)], "").assert_code(6);
}

#[test]
fn the_servers_own_word_overrides_the_status() {
    assert_retried(failing(400, &[SOON, ("x-should-retry", "true")]));
    let output = work::ask([failing(503, &[SOON, ("x-should-retry", "false")])], "");
    output.assert_code(9);
}

#[test]
fn there_are_two_retries_and_the_last_failure_is_told() {
    let scripts = [failing(500, &[SOON]), failing(502, &[SOON]), failing(503, &[SOON])];
    assert_snapshot!(work::ask(scripts, ""), @"
    ----- stdout -----
    ----- stderr -----
    warning: the server answered 500; trying again in 0.0 s (attempt 2 of 3)
    warning: the server answered 502; trying again in 0.0 s (attempt 3 of 3)
    error: `127.0.0.1:[PORT]` answered 503 (Service Unavailable)
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: try again in a while, or raise `retries`
    ----- exit code 9 -----
    ");
    work::ask([failing(503, &[SOON])], "retries = 0").assert_code(9);
    let provider = Provider::start([failing(503, &[SOON])]);
    let home = work::home(&provider.url("/v1"), "");
    home.args(["ask", "--retries", "0", "hi"]).run().assert_code(9);
}

/// A 400 in which the server refuses a parameter.
fn refusal(parameter: &str, code: &str, message: &str) -> Script {
    let error = json!({"message": message, "type": "invalid_request_error", "param": parameter, "code": code});
    Script::json(400, json!({ "error": error }).to_string())
}

fn field(body: &Value, name: &str) -> bool {
    body.get(name).is_some()
}

#[test]
fn a_refused_parameter_is_left_out_once_said_once_and_remembered() {
    let refused = refusal("top_p", "unsupported_parameter", "Unsupported parameter: 'top_p'");
    let provider = Provider::start([refused, answered(), answered(), answered()]);
    let home = work::home(&provider.url("/v1"), "top_p = 0.9");
    let ask = |home: &Byok, model: &str| home.clone().args(["ask", "-m", model, "hi"]).run();
    assert_snapshot!(ask(&home, "first"), @"
    ----- stdout -----
    yes
    ----- stderr -----
    warning: `127.0.0.1` refused a parameter: trying without `top_p`
    ----- exit code 0 -----
    ");
    // The second run sends the adapted request at once, and has nothing to say.
    ask(&home, "first").assert_code(0).assert_silent_stderr();
    // Another model was not asked yet.
    ask(&home, "second").assert_code(0);
    let sent: Vec<bool> =
        provider.requests().iter().map(|request| field(&request.json(), "top_p")).collect();
    assert_eq!(sent, [true, false, false, true]);
}

#[test]
fn an_old_name_of_the_limit_gives_way_to_the_new_one() {
    let message = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    let refused = refusal("max_tokens", "unsupported_parameter", message);
    let provider = Provider::start([refused, answered()]);
    let home = work::home(&provider.url("/v1"), "max_output_tokens = 100");
    home.args(["ask", "hi"]).run().assert_code(0).assert_stderr_has("`max_completion_tokens`");
    assert_eq!(provider.requests()[1].json()["max_completion_tokens"], 100);
}

#[test]
fn a_refused_value_is_not_adapted() {
    let message = "Invalid value: 'top_p' must be at most 1.";
    let output = work::ask([refusal("top_p", "invalid_value", message)], "top_p = 1.0");
    output.assert_code(10).assert_stderr_has(message);
}
