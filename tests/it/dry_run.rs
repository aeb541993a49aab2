//! `--dry-run` and `--curl`: the request as it would be sent, without a connection or a command.

use std::process::Command;

use crate::support::{
    byok::{Byok, Output},
    provider::{Provider, Recorded, Script},
    running::shell,
    streams,
};

/// Runs against a provider that nobody may ask.
#[track_caller]
fn preview(profile: &str, args: &[&str]) -> Output {
    let provider = Provider::start([]);
    let byok = Byok::new().profile(&provider, profile).env("KEY", "canary-canary-1234");
    let output = byok.args(["ask"]).args(args.to_vec()).run();
    assert_eq!(provider.connections(), 0);
    assert!(!format!("{output}").contains("canary"), "{output}");
    output
}

#[test]
fn the_request_is_printed_with_the_name_of_its_secret() {
    let output = preview("api_key = { env = \"KEY\" }", &["--dry-run", "--no-stream", "hi"]);
    insta::assert_snapshot!(output, @r#"
    ----- stdout -----
    POST http://127.0.0.1:[PORT]/v1/chat/completions
    content-type: application/json
    accept: application/json
    user-agent: byok/[VERSION]
    authorization: Bearer $KEY

    {
      "model": "m",
      "messages": [
        {
          "role": "user",
          "content": "hi"
        }
      ],
      "stream": false
    }
    ----- stderr -----
    note: about 1 input tokens (an estimate)
    ----- exit code 0 -----
    "#);
}

#[test]
fn each_kind_has_its_own_header() {
    for (profile, header) in [
        ("type = \"azure\"\napi_key = { env = \"KEY\" }", "api-key: $KEY\n"),
        ("type = \"anthropic\"\napi_key = { env = \"KEY\" }", "x-api-key: $KEY\n"),
        ("type = \"anthropic\"\nbearer_token = { env = \"KEY\" }", "authorization: Bearer $KEY\n"),
        ("api_key = \"canary-canary-1234\"", "authorization: Bearer $BYOK_KEY\n"),
        ("api_key = { command = [\"canary\"] }", "authorization: Bearer $BYOK_KEY\n"),
        ("headers = { x-token = \"canary-canary-1234\" }", "x-token: $BYOK_HEADER_X_TOKEN\n"),
    ] {
        let output = preview(profile, &["--dry-run", "hi"]);
        output.assert_code(0);
        assert!(output.stdout().contains(header), "{profile}\n{output}");
        let curl = preview(profile, &["--curl", "hi"]);
        assert_eq!(curl.assert_code(0).stdout().lines().count(), 1, "{curl}");
        assert!(curl.stdout().ends_with('\n'), "{curl}");
    }
}

#[test]
fn no_command_runs() {
    for flag in ["--dry-run", "--curl"] {
        let provider = Provider::start([]);
        let command = "api_key = { command = [\"sh\", \"-c\", \"touch ran; echo canary\"] }";
        let byok = Byok::new().profile(&provider, command);
        byok.clone().args(["ask", flag, "hi"]).run().assert_code(0);
        byok.clone().args(["config", "show"]).run().assert_code(0);
        byok.clone().args(["profiles"]).run().assert_code(0);
        byok.clone().args(["config", "check"]).run().assert_code(0);
        assert!(!byok.work().join("ran").exists());
        assert_eq!(provider.connections(), 0);
    }
}

#[test]
fn a_missing_key_is_a_warning() {
    for flag in ["--dry-run", "--curl"] {
        let output = preview("api_key = { env = \"UNSET\" }", &[flag, "hi"]);
        output.assert_code(0).assert_stderr_has("warning:").assert_stderr_has("`UNSET`");
        assert!(output.stdout().contains("$UNSET"), "{output}");
    }
}

#[test]
fn a_configuration_error_leaves_standard_output_empty() {
    for flag in ["--dry-run", "--curl"] {
        preview("nonsense = 1", &[flag, "hi"]).assert_code(3).assert_stdout("");
        preview("", &[flag, "-P", "q", "hi"]).assert_code(3).assert_stdout("");
        preview("", &[flag]).assert_code(2).assert_stdout("");
    }
    preview("", &["--dry-run", "--curl", "hi"]).assert_code(2).assert_stdout("");
}

#[test]
fn the_demo_can_be_previewed_too() {
    let output = Byok::new().args(["ask", "-P", "demo", "--dry-run", "hi"]).run();
    output.assert_code(0);
    assert!(output.stdout().starts_with("POST http://127.0.0.1:"), "{output}");
}

/// What matters of a request: not the port, nor what names the program.
fn essence(request: &Recorded) -> (String, String, Vec<(String, String)>, Vec<u8>) {
    let mut headers = request.headers.clone();
    headers.retain(|(name, _)| name != "host");
    headers.sort();
    (request.method.clone(), request.path.clone(), headers, request.body.clone())
}

/// The line that `--curl` prints, run by a shell, and byok itself send the same.
#[test]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn the_printed_line_sends_what_byok_sends() {
    if !Command::new("curl").arg("--version").output().is_ok_and(|ran| ran.status.success()) {
        eprintln!("skipped: there is no curl here");
        return;
    }
    let awkward = "it's \"$HOME\" `id` \\ !é\n\tend";
    let long = "long ".repeat(40_000);
    for (profile, prompt) in [
        ("api_key = { env = \"KEY\" }", awkward),
        ("api_key = \"canary-canary-1234\"", awkward),
        ("type = \"anthropic\"\napi_key = { env = \"KEY\" }", awkward),
        ("type = \"azure\"\napi_key = { env = \"KEY\" }\nquery = { q = \"[a]{b}\" }", awkward),
        (
            "wire_api = \"responses\"\nheaders = { x-token = \"canary-canary-1234\", x-empty = \"\" }",
            awkward,
        ),
        ("api_key = { env = \"KEY\" }", &long),
    ] {
        let answer = || Script::stream(streams::messages(&["fine"]));
        let provider = Provider::start([answer(), answer()]);
        let byok = Byok::new()
            .profile(&provider, profile)
            .env("KEY", "canary-canary-1234")
            .env("BYOK_KEY", "canary-canary-1234")
            .env("BYOK_HEADER_X_TOKEN", "canary-canary-1234")
            .env("BYOK_HEADER_X_EMPTY", "");
        let byok = byok.file("prompt", prompt);
        // The answer fits one of the formats only; what counts is what was asked.
        let _ = byok.clone().args(["ask", "-f", "-", "--retries", "0"]).stdin(prompt).run();
        let printed = byok.clone().args(["ask", "-f", "-", "--curl"]).stdin(prompt).run();
        printed.assert_code(0);
        assert!(!printed.stdout().contains("canary"), "{printed}");
        let byok = byok.file("line.sh", &printed.stdout);
        let ran = shell(&byok, ". ./line.sh");
        ran.assert_code(0).assert_silent_stderr();
        let requests = provider.requests();
        assert_eq!(requests.len(), 2, "{profile}");
        assert_eq!(essence(&requests[0]), essence(&requests[1]), "{profile}");
    }
}
