//! The built-in profile `demo`, through the whole program.

use insta::assert_snapshot;

use crate::support::byok::{Byok, Output};
#[cfg(unix)]
use crate::support::pty::Pty;

/// The three wire formats and Azure, as a user's flags choose them.
const KINDS: [&[&str]; 4] =
    [&[], &["--wire-api", "responses"], &["--type", "anthropic"], &["--type", "azure"]];

fn ask(model: &str, prompt: &str, more: &[&str]) -> Output {
    Byok::new()
        .args(["ask", "--profile", "demo", "-m", model])
        .args(more.iter().copied())
        .args([prompt])
        .run()
}

#[test]
fn the_first_command_of_the_readme_works_without_a_home() {
    let output = Byok::new().args(["--profile", "demo", "What is 2+2?"]).run();
    assert_snapshot!(output, @r"
    ----- stdout -----
    2 + 2 = 4
    ----- stderr -----
    ----- exit code 0 -----
    ");
}

#[test]
fn every_kind_answers_streamed_and_not() {
    for kind in KINDS {
        for manner in [&[][..], &["--no-stream"]] {
            let output = ask("demo", "echo a b c", &[kind, manner].concat());
            output.assert_code(0).assert_stdout("a b c\n");
        }
    }
}

#[test]
fn piped_input_stands_before_the_prompt() {
    let output = Byok::new()
        .args(["ask", "--profile", "demo", "summarise this"])
        .stdin("one two\nthree\n")
        .run();
    output.assert_code(0).assert_silent_stderr().assert_stdout(
        "I read 2 lines, 3 words and 13 bytes before your last paragraph, which begins: \
         summarise this\n",
    );
}

#[test]
fn the_system_prompt_arrives() {
    let output = ask("demo", "What is your system prompt?", &["-s", "Be brief."]);
    output.assert_code(0).assert_stdout("My system prompt is: Be brief.\n");
}

#[test]
fn a_rate_limit_is_waited_for_and_shown() {
    let output = ask("rate-limit", "echo done", &[]);
    output.assert_code(0).assert_stdout("done\n");
    assert!(!output.stderr.is_empty(), "the wait is shown: {output}");
}

#[test]
fn a_rate_limit_without_retries_is_exit_5() {
    let output = ask("rate-limit", "echo done", &["--retries", "0"]);
    output.assert_code(5).assert_stdout("").assert_stderr_has("Rate limit reached");
}

#[test]
fn a_cut_keeps_the_text_and_is_exit_13() {
    for kind in KINDS {
        let output = ask("cut", "echo one two", kind);
        output.assert_code(13).assert_stdout("one\n");
    }
}

#[test]
fn a_filter_is_exit_12_in_every_kind() {
    for kind in KINDS {
        let output = ask("filter", "echo one two", kind);
        output.assert_code(12);
        assert!(output.stdout().starts_with("one"), "{output}");
    }
}

#[test]
fn an_error_is_exit_9_with_its_request_id() {
    for kind in KINDS {
        let output = ask("error", "hello", &[kind, &["--retries", "0"]].concat());
        output.assert_code(9).assert_stdout("").assert_stderr_has("req_demo_1");
    }
}

#[test]
fn an_unknown_model_is_exit_10_and_names_those_that_exist() {
    let output = ask("gpt", "hello", &[]);
    output.assert_code(10).assert_stdout("").assert_stderr_has("rate-limit");
}

#[test]
fn reasoning_never_reaches_standard_output() {
    for kind in KINDS {
        let output = ask("think", "echo done", &[kind, &["--thinking", "show"]].concat());
        output
            .assert_code(0)
            .assert_stdout("done\n")
            .assert_stderr_has("what reasoning looks like");
        let output = ask("think", "echo done", &[kind, &["--thinking", "hide"]].concat());
        output.assert_code(0).assert_stdout("done\n").assert_silent_stderr();
    }
}

#[test]
fn the_models_are_listed() {
    let output = Byok::new().args(["models", "--profile", "demo"]).run();
    output.assert_code(0);
    for model in ["demo", "think", "slow", "rate-limit", "cut", "error", "filter"] {
        assert!(output.stdout().lines().any(|line| line.contains(model)), "{output}");
    }
}

#[test]
fn variables_and_flags_reach_a_profile_of_the_users_own() {
    let byok = Byok::new()
        .file("config.toml", "[profiles.demo]\nbase_url = \"http://127.0.0.1:9/v1\"\n")
        .env("BYOK_MODEL", "any");
    // Nobody listens on port 9: so it is not the built-in one that was asked.
    let output = byok.args(["ask", "--profile", "demo", "hello"]).run();
    output.assert_code(7).assert_stdout("");
}

#[cfg(unix)]
#[test]
fn on_a_terminal_the_answer_stands_alone_on_the_screen() {
    let byok = Byok::new().args(["ask", "--profile", "demo", "echo done"]);
    let mut pty = Pty::start(&byok, 60, 10);
    pty.wait_for("done");
    assert_eq!(pty.wait(), 0);
    assert_snapshot!(pty.screen(), @"done");
    assert!(!pty.seen().is_empty());
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_what_came_and_is_exit_130() {
    let byok = Byok::new().args(["ask", "--profile", "demo", "-m", "slow", "count to 500"]);
    let mut pty = Pty::start(&byok, 60, 10);
    pty.wait_for("1, 2, 3,");
    pty.send("\x03");
    assert_eq!(pty.wait(), 130);
    assert!(pty.screen().contains("1, 2, 3,"), "{}", pty.screen());
}
