//! Keys that a command prints.

use insta::assert_snapshot;

use super::{Byok, KEY, Output, Provider, Script, answered, credentials, home};

/// A profile whose key a shell script prints; `more` stands beside `command`.
fn with_script(provider: &Provider, script: &str, more: &str) -> Byok {
    let more = format!("api_key = {{ command = [\"sh\", \"-c\", '''{script}''']{more} }}");
    home(provider, "openai", &more)
}

/// What comes of a script whose output is no key.
#[track_caller]
fn refused(script: &str, more: &str) -> Output {
    let provider = Provider::start([]);
    let output = with_script(&provider, script, more).args(["ask", "hi"]).run();
    output.assert_code(3);
    assert!(!output.to_string().contains("CANARY"), "{output}");
    output
}

#[test]
fn a_line_and_json_are_read() {
    for script in [
        format!("echo {KEY}"),
        format!("printf '\\n  {KEY}  \\nlogin: me\\n'"),
        format!("echo '{{\"accessToken\": \"{KEY}\", \"expires_in\": 3600}}'"),
        format!("echo '{{\"status\": {{\"token\": \"{KEY}\"}}}}'"),
    ] {
        let provider = Provider::start([answered("openai")]);
        with_script(&provider, &script, "").args(["ask", "hi"]).run().assert_code(0);
        let bearer = format!("Bearer {KEY}");
        assert_eq!(credentials(&provider.request()), [("authorization", bearer.as_str())]);
    }
}

#[test]
fn a_command_that_fails_says_how_and_never_what_it_wrote() {
    assert_snapshot!(refused("echo CANARY; exit 3", ""), @"
    ----- stdout -----
    ----- stderr -----
    error: profile `work` has no credential: command `sh` failed: exit status: 3

    hint: run the command in a shell; `sh` must print the key and nothing else
    ----- exit code 3 -----
    ");
    assert_snapshot!(refused("exec sleep 60", ", timeout = \"50ms\""), @"
    ----- stdout -----
    ----- stderr -----
    error: profile `work` has no credential: command `sh` took longer than 50ms

    hint: raise `timeout` beside `command`
    ----- exit code 3 -----
    ");
    refused("true", "").assert_stderr_has("command `sh` wrote nothing");
    refused("echo '{\"CANARY\": 1}'", "").assert_stderr_has("wrote JSON without a key");
    refused("echo '{CANARY'", "").assert_stderr_has("wrote broken JSON");
    refused("printf 'CANARY\\377'", "").assert_stderr_has("not UTF-8");
    refused("yes CANARY", "").assert_stderr_has("wrote more than 64 KiB");
}

#[test]
fn a_command_that_is_not_there_is_named() {
    let provider = Provider::start([]);
    let more = "api_key = { command = [\"no-such-program\", \"CANARY\"] }";
    let output = home(&provider, "openai", more).args(["ask", "hi"]).run();
    assert_snapshot!(output, @"
    ----- stdout -----
    ----- stderr -----
    error: profile `work` has no credential: command `no-such-program` cannot be started: it is not there

    hint: install `no-such-program`, or write its whole path
    ----- exit code 3 -----
    ");
}

#[test]
fn a_refused_token_is_fetched_once_more_and_the_conversation_goes_on() {
    let provider = Provider::start([Script::json(401, "{}"), answered("openai")]);
    let counting = "echo run >> runs; echo token-number-$(wc -l < runs | tr -d ' ')-0123456789";
    let home = with_script(&provider, counting, "");
    let output = home.args(["ask", "hi"]).run();
    output.assert_code(0).assert_stdout("yes\n").assert_silent_stderr();
    let sent: Vec<_> = provider
        .requests()
        .iter()
        .map(|request| request.header("authorization").expect("a key").to_owned())
        .collect();
    assert_eq!(sent, ["Bearer token-number-1-0123456789", "Bearer token-number-2-0123456789"]);
}

#[test]
fn a_token_that_is_refused_twice_is_refused() {
    let provider = Provider::start([Script::json(401, "{}"), Script::json(401, "{}")]);
    let home = with_script(&provider, "echo run >> runs; echo token-0123456789", "");
    home.clone().args(["ask", "hi"]).run().assert_code(4);
    let runs = std::fs::read_to_string(home.work().join("runs")).expect("it ran");
    assert_eq!(runs, "run\nrun\n");
}

#[test]
fn a_command_sees_the_environment_and_no_prompt() {
    let provider = Provider::start([answered("openai")]);
    let home = with_script(&provider, "cat > seen; echo \"$VAULT_TOKEN\"", "");
    let home = home.env("VAULT_TOKEN", KEY).stdin("a secret prompt");
    home.clone().args(["ask", "hi"]).run().assert_code(0);
    assert_eq!(std::fs::read(home.work().join("seen")).expect("it ran"), b"");
    assert!(provider.request().json().to_string().contains("a secret prompt"));
}

#[test]
fn previews_run_no_command() {
    let provider = Provider::start([]);
    let home = with_script(&provider, "touch ran; echo key-0123456789", "");
    home.clone().args(["ask", "--dry-run", "hi"]).run().assert_code(0);
    home.clone().args(["ask", "--curl", "hi"]).run().assert_code(0);
    home.clone().args(["config", "show"]).run().assert_code(0);
    assert!(!home.work().join("ran").exists());
}
