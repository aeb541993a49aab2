//! Errors inside answers whose status was 200.

use insta::assert_snapshot;
use serde_json::json;

use crate::support::{
    provider::{Script, Step},
    streams::{self, data},
    work,
};

fn event(message: &str, kind: &str) -> String {
    data(&json!({"error": {"message": message, "type": kind, "code": null}}))
}

#[test]
fn an_error_event_before_any_text_is_an_error_of_its_kind() {
    let overloaded = Script::stream([event("The engine is overloaded", "overloaded_error")]);
    assert_snapshot!(work::ask([overloaded], "retries = 0"), @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` reported an error in its answer
      caused by: The engine is overloaded
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: try again in a while, or raise `retries`
    ----- exit code 9 -----
    ");
    let unknown = Script::stream([event("something broke", "mystery")]);
    work::ask([unknown], "").assert_code(9).assert_stderr_has("caused by: something broke");
    let wrong_key = Script::stream([event("bad key", "authentication_error")]);
    work::ask([wrong_key], "").assert_code(4).assert_stderr_has("caused by: bad key");
}

#[test]
fn an_error_event_after_text_keeps_the_text_and_its_kind() {
    let mut frames = streams::chat_open(&["half an "]);
    frames.push(event("Rate limit reached", "rate_limit_error"));
    assert_snapshot!(work::ask([Script::stream(frames)], ""), @"
    ----- stdout -----
    half an 
    ----- stderr -----
    error: `127.0.0.1:[PORT]` reported an error in its answer
      caused by: Rate limit reached
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: ask less often, raise `retries`, or take another model (`-m`) or profile (`-P`)
    ----- exit code 5 -----
    ");
}

#[test]
fn a_stream_that_breaks_is_a_cut_answer_with_its_text() {
    let cut = Script::open_stream(streams::chat_open(&["half an "])).then([Step::Reset]);
    let output = work::ask([cut], "");
    output.assert_code(13).assert_stdout("half an \n").assert_stderr_has("broke in the middle");
    // It ends in good order, and yet without an end.
    let end = Script::stream(streams::chat_open(&["half an "]));
    assert_snapshot!(work::ask([end], ""), @"
    ----- stdout -----
    half an 
    ----- stderr -----
    error: `127.0.0.1:[PORT]` ended its answer in the middle
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: ask again; what came before the cut is no whole answer
    hint: if it always ends after the same time, something between here and the server has a limit of its own
    ----- exit code 13 -----
    ");
}

#[test]
fn an_answer_that_finishes_with_an_error_failed() {
    let chunk = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "error"}]});
    let mut frames = streams::chat_open(&["half an "]);
    frames.push(data(&chunk));
    assert_snapshot!(work::ask([Script::stream(frames)], ""), @"
    ----- stdout -----
    half an 
    ----- stderr -----
    error: `127.0.0.1:[PORT]` reported an error in its answer
      caused by: the answer ended with the finish reason `error`
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: the server's own log says more, if it is yours
    ----- exit code 9 -----
    ");
    let mut frames = streams::chat_open(&["one two"]);
    let chunk = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "length"}]});
    frames.extend([data(&chunk), "data: [DONE]\n\n".to_owned()]);
    assert_snapshot!(work::ask([Script::stream(frames)], ""), @"
    ----- stdout -----
    one two
    ----- stderr -----
    error: the answer was cut: it reached the token limit
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: raise `--max-tokens` (`max_output_tokens`), or ask for a shorter answer
    ----- exit code 13 -----
    ");
}

#[test]
fn a_success_that_holds_an_error_is_none() {
    let body = r#"{"error":{"code":429,"message":"Rate limited upstream"}}"#;
    assert_snapshot!(work::ask([Script::json(200, body)], "retries = 0"), @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` reported an error in its answer
      caused by: Rate limited upstream
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: ask less often, raise `retries`, or take another model (`-m`) or profile (`-P`)
    ----- exit code 5 -----
    ");
    let lost = r#"{"error":"Unexpected endpoint or method. (POST /v1/chat/completions)"}"#;
    work::ask([Script::json(200, lost)], "").assert_code(9).assert_stderr_has("prompts go to");
}

#[test]
fn a_document_where_a_stream_was_asked_is_taken_and_the_other_way_round() {
    work::ask([Script::json(200, streams::chat_whole("yes"))], "").assert_stdout("yes\n");
    let provider =
        crate::support::provider::Provider::start([Script::stream(streams::chat(&["yes"]))]);
    let home = work::home(&provider.url("/v1"), "");
    home.args(["ask", "--no-stream", "hi"]).run().assert_code(0).assert_stdout("yes\n");
    assert_ne!(provider.request().json()["stream"], true);
}

#[test]
fn what_is_no_answer_at_all_is_said() {
    let page = Script::answer(200, &[("content-type", "text/html")], "<html>Sign in</html>");
    assert_snapshot!(work::ask([page], ""), @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered with a web page
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: prompts go to `base_url` followed by `/chat/completions`
    hint: compare `base_url` with the address in the server's own manual
    ----- exit code 9 -----
    ");
    assert_snapshot!(work::ask([Script::json(200, "")], ""), @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` ended without an answer
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: prompts go to `base_url` followed by `/chat/completions`
    hint: check that the server speaks this format: `type` and `wire_api` decide
    ----- exit code 9 -----
    ");
    assert_snapshot!(work::ask([Script::json(200, "{\"hello\":1}")], ""), @r#"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` sent something that is not a Chat Completions answer: {"hello":1}
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: prompts go to `base_url` followed by `/chat/completions`
    hint: check that the server speaks this format: `type` and `wire_api` decide
    ----- exit code 9 -----
    "#);
    let bytes = b"SSH-2.0-OpenSSH_9.6\r\n".to_vec();
    assert_snapshot!(work::ask([Script::new([Step::Send(bytes), Step::Close])], ""), @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered with something that is not HTTP/1.1
      caused by: invalid HTTP version parsed
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: if the server speaks TLS there, write `https://` in place of `http://`: `http://127.0.0.1:[PORT]`
    ----- exit code 9 -----
    ");
    let empty = Script::stream(streams::chat(&[]));
    assert_snapshot!(work::ask([empty], ""), @"
    ----- stdout -----
    ----- stderr -----
    error: the server ended its answer without saying anything
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: local servers do this when the prompt is longer than the model's context
    ----- exit code 9 -----
    ");
}
