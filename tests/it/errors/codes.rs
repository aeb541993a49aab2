//! Every exit code that this program can end with, and the word for it in JSON.

use serde_json::{Value, json};

use crate::support::{
    byok::Byok,
    provider::{Provider, Script, Step},
    streams, work,
};

/// One script, keys for the profile, and the code and kind that come of it.
fn cases() -> Vec<(Script, &'static str, i32, &'static str)> {
    let fault = |kind: &str| streams::error("no", kind, &Value::Null);
    let finish = |reason: &str| {
        let chunk = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]});
        let mut frames = streams::chat_open(&["some"]);
        frames.push(streams::data(&chunk));
        Script::stream(frames)
    };
    let status = |status| Script::json(status, "{}");
    vec![
        (Script::answer(308, &[("location", "/x")], ""), "", 3, "config"),
        (status(401), "", 4, "auth"),
        (status(403), "", 4, "auth"),
        (status(429), "", 5, "rate_limit"),
        (status(402), "", 6, "quota"),
        (Script::json(429, fault("insufficient_quota")), "", 6, "quota"),
        (Script::new([Step::Reset]), "", 7, "network"),
        (Script::new([Step::Hang]), "timeouts.first_byte = \"50ms\"", 8, "timeout"),
        (status(408), "", 8, "timeout"),
        (status(500), "", 9, "server"),
        (Script::json(200, "[]"), "", 9, "server"),
        (status(400), "", 10, "request"),
        (status(404), "", 10, "request"),
        (status(405), "", 10, "request"),
        (status(413), "", 10, "request"),
        (status(422), "", 10, "request"),
        (Script::json(400, fault("exceed_context_size_error")), "", 11, "context"),
        (finish("content_filter"), "", 12, "filtered"),
        (finish("length"), "", 13, "cut"),
        (Script::stream(streams::chat_open(&["some"])), "", 13, "cut"),
    ]
}

#[test]
fn every_failure_of_a_server_has_its_exit_code_and_kind() {
    for (script, more, code, kind) in cases() {
        let provider = Provider::start([script.clone()]);
        let home = work::home(&provider.url("/v1"), &format!("retries = 0\n{more}"));
        let output = home.args(["ask", "--json", "hi"]).run();
        let result: Value = serde_json::from_slice(&output.stdout).expect("one line of JSON");
        let seen = (output.code, &result["exitCode"], &result["error"]["kind"]);
        assert_eq!(seen, (Some(code), &json!(code), &json!(kind)), "{script:?}\n{output}");
    }
}

#[test]
fn usage_and_configuration_have_theirs() {
    for (args, code) in [
        (&["ask", "-P", "demo"][..], 2),
        (&["ask", "--no-such-flag", "hi"], 2),
        (&["ask", "--base-url", "", "hi"], 2),
        (&["ask", "-P", "demo", "-f", "missing.txt", "hi"], 2),
        (&["--api-key", "x", "hi"], 2),
        (&["modles"], 2),
        (&["ask", "hi"], 3),
        (&["ask", "-P", "nobody", "hi"], 3),
        (&["ask", "-P", "demo", "-x", "echo hi"], 1),
        (&["ask", "-P", "demo", "hello"], 0),
    ] {
        let output = Byok::new().args(args.iter().copied()).run();
        assert_eq!(output.code, Some(code), "{args:?}\n{output}");
    }
}

#[test]
fn a_file_that_is_named_and_missing_is_said_once_before_what_follows_from_it() {
    for args in [&["ask", "hi"][..], &["models"], &["config", "show"]] {
        let output =
            Byok::new().args(["--config", "missing.toml"]).args(args.iter().copied()).run();
        let said = "note: there is no file `missing.toml`, which flag `--config` names\n";
        assert_eq!(output.stderr().matches(said).count(), 1, "{args:?}\n{output}");
        assert!(output.stderr().contains("error: there is no profile to use"), "{output}");
    }
    let config = Byok::new().args(["--config", "missing.toml", "ask", "-P", "demo", "echo hi"]);
    let output = config.run();
    output.assert_code(0);
    assert_eq!(output.stderr().matches("there is no file").count(), 1, "{output}");
}
