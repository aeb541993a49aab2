//! What is typed, on the wire: every flag, in each format.

use serde_json::{Value, json};

use crate::support::{
    byok::{Byok, Output},
    provider::{Provider, Recorded, Script},
    streams,
};

/// A stream of each wire format, with the flags that choose it.
type Wire = (&'static [&'static str], fn(&[&str]) -> Vec<String>);

const COMPLETIONS: Wire = (&["--wire-api", "completions"], streams::chat);
const RESPONSES: Wire = (&["--wire-api", "responses"], streams::responses);
const MESSAGES: Wire = (&["--type", "anthropic"], streams::messages);
const AZURE: Wire = (&["--type", "azure"], streams::chat);

/// Asks through `wire` and returns what went out and what was seen.
#[track_caller]
fn ask(wire: Wire, args: &[&str]) -> (Recorded, Output) {
    let (flags, frames) = wire;
    let provider = Provider::start([Script::stream(frames(&["fine"]))]);
    let byok = Byok::new().profile(&provider, "").file("a.txt", "A\n").file("b.txt", "B");
    let output = byok.args(["ask"]).args(flags.to_vec()).args(args.to_vec()).run();
    output.assert_code(0).assert_stdout("fine\n");
    (provider.request(), output)
}

/// The prompt that a run with these arguments sends.
#[track_caller]
fn prompt(args: &[&str]) -> String {
    let (request, _) = ask(COMPLETIONS, args);
    let messages = request.json()["messages"].clone();
    assert_eq!(messages.as_array().map(Vec::len), Some(1), "{messages}");
    messages[0]["content"].as_str().expect("the prompt is a string").to_owned()
}

const EVERYTHING: [&str; 17] = [
    "--temperature",
    "0.5",
    "--top-p",
    "0.9",
    "--max-tokens",
    "7",
    "--stop",
    "A",
    "--stop",
    "B",
    "--seed",
    "-3",
    "--effort",
    "low",
    "-s",
    "be brief",
    "hello",
];

#[test]
fn every_flag_reaches_chat_completions() {
    let (request, output) = ask(COMPLETIONS, &EVERYTHING);
    output.assert_silent_stderr();
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/v1/chat/completions"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("accept"), Some("text/event-stream"));
    let expected = json!({
        "model": "m",
        "messages": [
            {"role": "system", "content": "be brief"},
            {"role": "user", "content": "hello"},
        ],
        "max_tokens": 7,
        "temperature": 0.5,
        "top_p": 0.9,
        "stop": ["A", "B"],
        "seed": -3,
        "reasoning_effort": "low",
        "stream": true,
        "stream_options": {"include_usage": true},
    });
    assert_eq!(request.json(), expected);
}

#[test]
fn every_flag_reaches_responses_or_is_said_to_be_left_out() {
    let (request, output) = ask(RESPONSES, &EVERYTHING);
    output.assert_stderr_has("left out `stop`").assert_stderr_has("left out `seed`");
    assert_eq!(request.path, "/v1/responses");
    let expected = json!({
        "model": "m",
        "instructions": "be brief",
        "input": [{"role": "user", "content": "hello"}],
        "max_output_tokens": 7,
        "temperature": 0.5,
        "top_p": 0.9,
        "reasoning": {"effort": "low"},
        "store": false,
        "include": ["reasoning.encrypted_content"],
        "stream": true,
    });
    assert_eq!(request.json(), expected);
}

#[test]
fn every_flag_reaches_messages_or_is_said_to_be_left_out() {
    let (request, output) = ask(MESSAGES, &EVERYTHING);
    output.assert_stderr_has("left out `seed`");
    assert_eq!(request.path, "/v1/messages");
    assert_eq!(request.header("anthropic-version"), Some("2023-06-01"));
    let expected = json!({
        "model": "m",
        "max_tokens": 7,
        "system": "be brief",
        "messages": [{"role": "user", "content": "hello"}],
        "temperature": 0.5,
        "top_p": 0.9,
        "stop_sequences": ["A", "B"],
        "output_config": {"effort": "low"},
        "stream": true,
    });
    assert_eq!(request.json(), expected);
}

#[test]
fn without_flags_no_sampling_is_sent() {
    let (request, _) = ask(COMPLETIONS, &["hello"]);
    let expected = json!({
        "model": "m",
        "messages": [{"role": "user", "content": "hello"}],
        "stream": true,
        "stream_options": {"include_usage": true},
    });
    assert_eq!(request.json(), expected);
}

#[test]
fn azure_has_the_deployment_and_the_version_in_its_path() {
    let (request, _) = ask(AZURE, &["--api-version", "2024-06-01", "-m", "my dep", "hello"]);
    assert_eq!(
        request.path,
        "/v1/openai/deployments/my%20dep/chat/completions?api-version=2024-06-01"
    );
    assert_eq!(request.json()["model"], "my dep");
}

#[test]
fn the_words_are_joined_by_spaces_and_nothing_else_happens_to_them() {
    assert_eq!(prompt(&["why", "is  the", "sky \"blue\"?\n"]), "why is  the sky \"blue\"?");
    assert_eq!(prompt(&["@a.txt", "/help", "{{stdin}}"]), "@a.txt /help {{stdin}}");
    assert_eq!(prompt(&["--", "--json", "models"]), "--json models");
}

#[test]
fn files_stand_before_the_words_in_order() {
    assert_eq!(
        prompt(&["-f", "b.txt", "compare", "--file", "a.txt"]),
        "<file name=\"b.txt\">\nB\n</file>\n\n<file name=\"a.txt\">\nA\n</file>\n\ncompare"
    );
    let (_, output) = ask(COMPLETIONS, &["-f", "a.txt", "x"]);
    output.assert_silent_stderr();
    let (_, output) = ask(COMPLETIONS, &["-v", "-f", "a.txt", "x"]);
    output.assert_stderr_has("note: attached a.txt: text, 2 bytes, about 1 token");
}

#[test]
fn the_system_prompt_comes_from_a_flag_or_a_file() {
    let (request, _) = ask(COMPLETIONS, &["--system-file", "a.txt", "x"]);
    assert_eq!(request.json()["messages"][0], json!({"role": "system", "content": "A"}));
}

#[test]
fn a_key_of_the_profile_can_be_set() {
    let set = ["--set", "extra_body.user=\"me\"", "--set", "stop=[\"END\"]", "--set", "top_p=0.25"];
    let (request, _) = ask(COMPLETIONS, &[&set[..], &["x"]].concat());
    let body = request.json();
    assert_eq!(
        (&body["user"], &body["stop"], &body["top_p"]),
        (&json!("me"), &json!(["END"]), &json!(0.25))
    );
}

#[test]
fn no_stream_asks_for_one_piece() {
    let provider = Provider::start([Script::json(200, streams::chat_whole("fine"))]);
    let output = Byok::new().profile(&provider, "").args(["--no-stream", "--no-save", "x"]).run();
    output.assert_code(0).assert_stdout("fine\n").assert_silent_stderr();
    let request = provider.request();
    assert_ne!(request.json()["stream"], Value::Bool(true));
    assert_eq!(request.header("accept"), Some("application/json"));
}

#[test]
fn variables_do_without_a_file() {
    let provider = Provider::start([Script::stream(streams::messages(&["fine"]))]);
    let byok = Byok::new()
        .env("BYOK_BASE_URL", provider.url(""))
        .env("BYOK_TYPE", "anthropic")
        .env("BYOK_MODEL", "claude")
        .env("BYOK_API_KEY", "key-of-twelve");
    byok.args(["ask", "x"]).run().assert_code(0).assert_stdout("fine\n");
    let request = provider.request();
    assert_eq!(request.header("x-api-key"), Some("key-of-twelve"));
    assert_eq!(request.header("authorization"), None);
    assert_eq!(request.json()["model"], "claude");
}

#[test]
fn flags_stand_before_and_after_the_command() {
    for args in [
        &["-m", "other", "ask", "x"][..],
        &["ask", "-m", "other", "x"],
        &["ask", "x", "-m", "other"],
        &["-m", "other", "x"],
        &["x", "--model=other"],
    ] {
        let provider = Provider::start([Script::stream(streams::chat(&["fine"]))]);
        let byok = Byok::new().profile(&provider, "").args(args.to_vec());
        byok.run().assert_code(0).assert_stdout("fine\n");
        assert_eq!(provider.request().json()["model"], "other", "{args:?}");
    }
}

#[test]
fn a_command_is_only_the_first_word() {
    assert_eq!(prompt(&["models"]), "models");
    for args in [&["tell me about models"][..], &["--", "models"], &["more", "models"]] {
        let provider = Provider::start([Script::stream(streams::chat(&["fine"]))]);
        let byok = Byok::new().profile(&provider, "").args(args.to_vec());
        byok.run().assert_code(0).assert_stdout("fine\n");
    }
}

#[test]
fn a_lone_word_near_a_command_is_refused() {
    let provider = Provider::start([]);
    let output = Byok::new().profile(&provider, "").args(["modls"]).run();
    insta::assert_snapshot!(output, @r"
    ----- stdout -----
    ----- stderr -----
    error: `modls` is not a command

    hint: did you mean `byok models`?
    hint: as a prompt: `byok -- modls`
    ----- exit code 2 -----
    ");
    for args in [["modls", "-v"], ["-v", "modls"]] {
        Byok::new().profile(&provider, "").args(args).run().assert_code(2).assert_stdout("");
    }
    assert_eq!(provider.connections(), 0);
}

#[test]
fn a_flag_with_a_secret_is_refused_and_not_repeated() {
    for args in [
        &["--api-key", "canary-secret-1"][..],
        &["--api-key=canary-secret-1"],
        &["ask", "--bearer-token", "canary-secret-1"],
        &["--token=canary-secret-1"],
        &["--set", "api_key=canary-secret-1"],
        &["--set", "bearer_token=\"canary-secret-1\""],
        &["--set", "headers.authorization=\"Bearer canary-secret-1\""],
        &["--api-key-env", "canary-secret-1"],
        &["--base-url", "http://me:canary-secret-1@127.0.0.1/v1"],
    ] {
        let provider = Provider::start([]);
        let output = Byok::new().profile(&provider, "").args(args.to_vec()).args(["x"]).run();
        assert!(matches!(output.code, Some(2 | 3)), "{args:?}\n{output}");
        output.assert_stdout("");
        assert!(!output.stderr().contains("canary-secret-1"), "{output}");
        assert_eq!(provider.connections(), 0);
    }
}

#[test]
fn an_empty_prompt_is_refused_before_anything_is_sent() {
    for prompt in ["", "  ", "\n"] {
        let provider = Provider::start([]);
        let output = Byok::new().profile(&provider, "").args(["ask", prompt]).run();
        output.assert_code(2).assert_stdout("");
        assert_eq!(provider.connections(), 0);
    }
}

#[test]
fn a_file_that_is_no_text_says_what_it_is() {
    for (name, content, says) in [
        ("a.png", &b"\x89PNG\r\n\x1a\n"[..], "is not text, but a PNG image"),
        ("a.bin", b"ab\xff", "is not text: invalid UTF-8 at offset 2"),
        ("a.nul", b"ab\0", "is not text: it holds a NUL byte at offset 2"),
    ] {
        let provider = Provider::start([]);
        let byok = Byok::new().profile(&provider, "").file(name, content);
        let output = byok.args(["-f", name, "x"]).run();
        output.assert_code(2).assert_stdout("").assert_stderr_has(says);
        assert_eq!(provider.connections(), 0);
    }
    for (name, says) in [(".", "is a directory"), ("none.txt", "cannot be read")] {
        let provider = Provider::start([]);
        let output = Byok::new().profile(&provider, "").args(["-f", name, "x"]).run();
        output.assert_code(2).assert_stdout("").assert_stderr_has(says);
    }
}

#[cfg(unix)]
#[test]
fn a_word_that_is_not_utf8_is_refused() {
    use std::{ffi::OsString, os::unix::ffi::OsStringExt as _};

    let provider = Provider::start([]);
    let word = OsString::from_vec(b"ab\xff".to_vec());
    let output = Byok::new().profile(&provider, "").args(["ask"]).args([word]).run();
    output.assert_code(2).assert_stdout("").assert_stderr_has("invalid byte at offset 2");
}
