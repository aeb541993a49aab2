//! Answers for programs: every line fits the published schema, and the last one is the result.

use serde_json::{Value, json};

use crate::support::{
    byok::{Byok, Output},
    provider::{Provider, Script, Step},
    schema, streams,
};

const FORMATS: [&[&str]; 3] =
    [&["--json"], &["--output-format", "json"], &["--output-format=stream-json"]];

fn published() -> Value {
    let output = Byok::new().args(["config", "schema", "--events"]).run();
    serde_json::from_slice(&output.assert_code(0).stdout).expect("the schema is JSON")
}

/// The lines of an output, each held against the schema.
#[track_caller]
fn lines(schema: &Value, output: &Output) -> Vec<Value> {
    let lines: Vec<Value> = output
        .stdout()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON:\n{output}")))
        .collect();
    for line in &lines {
        assert_eq!(schema::faults(schema, line), <[String; 0]>::default(), "{line}\n{output}");
    }
    assert!(output.stdout.ends_with(b"\n"), "{output}");
    lines
}

/// The result, which is the last line, and the only one of `json`.
#[track_caller]
fn result(schema: &Value, format: &[&str], output: &Output) -> Value {
    let mut lines = lines(schema, output);
    let is_stream = format.concat().contains("stream");
    assert!(is_stream || lines.len() == 1, "{output}");
    let result = lines.pop().unwrap_or_else(|| panic!("nothing was printed:\n{output}"));
    assert_eq!(result["type"], "result", "{output}");
    assert_eq!(result["exitCode"], json!(output.code), "{output}");
    result
}

/// Runs with each format against `script`; the result has this kind of error and this exit code.
#[track_caller]
fn check(script: &Script, args: &[&str], kind: &str, code: i32) {
    check_all(std::slice::from_ref(script), args, kind, code);
}

fn check_all(scripts: &[Script], args: &[&str], kind: &str, code: i32) {
    let schema = published();
    for format in FORMATS {
        let provider = Provider::start(scripts.to_vec());
        let byok = Byok::new().profile(&provider, "").args(["ask"]).args(args.to_vec());
        let output = byok.args(format.to_vec()).args(["x"]).run();
        output.assert_code(code);
        let result = result(&schema, format, &output);
        assert_eq!(result["error"]["kind"], kind, "{output}");
        assert_eq!(result["url"], provider.url("/v1/chat/completions"));
        assert_eq!((&result["profile"], &result["model"]), (&json!("p"), &json!("m")));
    }
}

fn refusal(status: u16, code: &str) -> Script {
    Script::json(status, streams::error("no", "x", &json!(code)))
}

#[test]
fn a_whole_answer() {
    let schema = published();
    for format in FORMATS {
        let provider = Provider::start([Script::stream(streams::messages(&["fi", "ne"]))]);
        let byok = Byok::new().profile(&provider, "type = \"anthropic\"");
        let byok = byok.args(["ask"]).args(format.to_vec()).args(["x"]);
        let output = byok.run();
        output.assert_code(0).assert_silent_stderr();
        let told = result(&schema, format, &output);
        let id = told["sessionId"].as_str().expect("it is kept");
        let kept = byok.sessions();
        assert_eq!(kept.len(), 1, "{kept:?}");
        assert!(kept[0].to_string_lossy().ends_with(&format!("-{id}.jsonl")), "{kept:?}: {id}");
        let expected = json!({
            "v": 1, "type": "result", "status": "ok", "exitCode": 0, "text": "fine",
            "profile": "p", "model": "m", "url": provider.url("/v1/messages"),
            "sessionId": id, "finishReason": "stop",
            "usage": {"inputTokens": 1, "outputTokens": 2, "cacheReadTokens": null,
                "cacheWriteTokens": null, "reasoningTokens": null, "totalTokens": 3},
            "requestId": null, "warnings": [], "error": null,
        });
        assert_eq!(told, expected);
    }
}

#[test]
fn the_events_of_an_answer_are_those_of_the_sdk_in_a_chain() {
    let provider = Provider::start([
        Script::answer(503, &[("retry-after-ms", "1")], ""),
        Script::stream(streams::messages(&["fi", "ne"])),
    ]);
    let byok = Byok::new().profile(&provider, "type = \"anthropic\"");
    let output = byok.args(["ask", "--seed", "1", "--output-format", "stream-json", "x"]).run();
    output.assert_code(0);
    let lines = lines(&published(), &output);
    let kinds: Vec<_> = lines.iter().map(|line| line["type"].as_str().unwrap_or("?")).collect();
    let expected = [
        "session.start",
        "assistant.turn_start",
        "session.warning",
        "assistant.turn_retry",
        "assistant.message_delta",
        "assistant.message_delta",
        "assistant.message",
        "assistant.usage",
        "session.idle",
        "result",
    ];
    assert_eq!(kinds, expected, "{output}");
    for pair in lines[..lines.len() - 1].windows(2) {
        assert_eq!(pair[1]["parentId"], pair[0]["id"]);
    }
    assert_eq!(lines[4]["data"]["deltaContent"], "fi");
    assert_eq!(lines[6]["data"]["content"], "fine");
    assert_eq!(lines[4]["data"]["messageId"], lines[6]["data"]["messageId"]);
}

#[test]
fn failures_of_the_server() {
    let once = &["--retries", "0"];
    check(&refusal(401, "invalid_api_key"), &[], "auth", 4);
    check(&refusal(403, "x"), &[], "auth", 4);
    check(&refusal(429, "rate_limit_exceeded"), once, "rate_limit", 5);
    check(&refusal(429, "insufficient_quota"), &[], "quota", 6);
    check(&refusal(400, "x"), &[], "request", 10);
    // The list of models is asked for the nearest name.
    let list = Script::json(200, r#"{"data":[{"id":"m2"}]}"#);
    check_all(&[refusal(404, "model_not_found"), list], &[], "request", 10);
    check(&refusal(400, "context_length_exceeded"), &[], "context", 11);
    check(&refusal(500, "x"), once, "server", 9);
    check(&Script::answer(200, &[("content-type", "text/html")], "<html>"), &[], "server", 9);
    check(&Script::answer(302, &[("location", "http://127.0.0.1:1/")], ""), &[], "config", 3);
}

#[test]
fn failures_on_the_way() {
    check(&Script::new([Step::Reset]), &["--retries", "0"], "network", 7);
    check(&Script::new([Step::Hang]), &["--timeout", "300ms"], "timeout", 8);
    let half = Script::open_stream(streams::chat_open(&["half"]));
    check(&half.clone().then([Step::Close]), &[], "cut", 13);
    check(&half.then([Step::Hang]), &["--timeout", "1s"], "cut", 13);
}

#[test]
fn failures_before_anything_is_sent() {
    let schema = published();
    for format in FORMATS {
        let check = |byok: Byok, args: &[&str], kind: &str, code: i32| {
            let output = byok.args(args.to_vec()).args(format.to_vec()).run();
            output.assert_code(code);
            let result = result(&schema, format, &output);
            assert_eq!(result["error"]["kind"], kind, "{output}");
            assert_eq!(result["status"], "error", "{output}");
            assert!(!result["error"]["message"].as_str().unwrap_or_default().is_empty());
        };
        let byok = || {
            Byok::new().file("config.toml", "[profiles.p]\nbase_url = \"http://127.0.0.1:9/v1\"")
        };
        check(byok(), &["ask", "-m", "m"], "usage", 2);
        check(byok(), &["ask", "-m", "m", ""], "usage", 2);
        check(byok(), &["ask", "-o", "no/such/place", "-m", "m", "x"], "usage", 2);
        check(byok(), &["ask", "--bogus", "x"], "usage", 2);
        check(byok(), &["x", "--retries", "many"], "usage", 2);
        check(byok(), &["--api-key", "sk-canary", "x"], "usage", 2);
        check(byok(), &["-m", "m", "modls"], "usage", 2);
        check(byok(), &["ask", "--set", "no=1", "x"], "usage", 2);
        check(byok(), &["ask", "-P", "q", "x"], "config", 3);
        check(byok(), &["ask", "x"], "config", 3);
        check(byok(), &["ask", "-m", "m", "x"], "network", 7);
        check(Byok::new(), &["ask", "x"], "config", 3);
        check(Byok::new().file("config.toml", "nonsense"), &["ask", "x"], "config", 3);
    }
}

#[test]
fn help_is_no_failure_and_a_command_with_json_of_its_own_prints_no_result() {
    Byok::new().args(["--json", "--help"]).run().assert_code(0).assert_silent_stderr();
    Byok::new().args(["models", "--json", "--bogus"]).run().assert_code(2).assert_stdout("");
    Byok::new().args(["--", "--json"]).run().assert_code(3).assert_stdout("");
}

#[test]
fn the_text_is_exact_and_the_line_harmless() {
    let text = "a\u{1b}[31m\u{9b}\u{202e}\u{7f}é\n\n";
    let schema = published();
    for format in FORMATS {
        let provider = Provider::start([Script::stream(streams::chat(&[text]))]);
        let byok = Byok::new().profile(&provider, "").args(["ask"]);
        let output = byok.args(format.to_vec()).args(["x"]).run();
        assert_eq!(result(&schema, format, &output)["text"], text);
        assert!(output.stdout().contains("a\\u001b[31m\\u009b\\u202e\\u007fé\\n\\n"), "{output}");
        let is_control = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!output.stdout().contains(is_control), "{output}");
    }
}

#[test]
fn what_was_warned_of_is_in_the_result_and_on_standard_error() {
    let provider = Provider::start([Script::stream(streams::responses(&["fine"]))]);
    let byok = Byok::new().profile(&provider, "wire_api = \"responses\"");
    let output = byok.args(["ask", "--json", "--seed", "1", "x"]).run();
    let warning = "left out `seed`: the Responses format has no such parameter";
    let result =
        result(&published(), &["--json"], output.assert_code(0).assert_stderr_has(warning));
    assert_eq!(result["warnings"], json!([warning]));
}
