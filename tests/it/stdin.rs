//! Standard input: when it is read, how far, and what of it is refused.

use std::process::Stdio;

#[cfg(unix)]
use crate::support::running::{Running, shell};
use crate::support::{
    byok::{Byok, Output},
    provider::{Provider, Script},
    streams,
};

fn fine() -> Provider {
    Provider::start([Script::stream(streams::chat(&["fine"]))])
}

/// The prompt that the provider saw.
#[track_caller]
fn prompt(provider: &Provider) -> String {
    let body = provider.request().json();
    body["messages"][0]["content"].as_str().expect("the prompt is a string").to_owned()
}

/// Runs with this piped in and returns the prompt that was sent.
#[track_caller]
fn piped(args: &[&str], bytes: &[u8]) -> String {
    let provider = fine();
    let byok = Byok::new().profile(&provider, "").file("a.txt", "A").args(["ask"]);
    let output = byok.args(args.to_vec()).stdin(bytes).run();
    output.assert_code(0).assert_stdout("fine\n").assert_silent_stderr();
    prompt(&provider)
}

/// Runs with this piped in; nothing is sent.
#[track_caller]
fn refused(args: &[&str], bytes: impl Into<Vec<u8>>) -> Output {
    let provider = Provider::start([]);
    let output =
        Byok::new().profile(&provider, "").args(["ask"]).args(args.to_vec()).stdin(bytes).run();
    output.assert_stdout("");
    assert_eq!(provider.connections(), 0);
    output
}

#[test]
fn a_pipe_stands_before_the_prompt_with_a_blank_line_between() {
    assert_eq!(piped(&["what is this?"], b"one\ntwo\n\n"), "one\ntwo\n\nwhat is this?");
    assert_eq!(piped(&["what?"], b""), "what?");
    assert_eq!(piped(&[], b"What is 2+2?\n"), "What is 2+2?");
}

#[test]
fn a_dash_names_its_place_among_the_files() {
    assert_eq!(
        piped(&["-f", "a.txt", "-f", "-", "x"], b"piped\n"),
        "<file name=\"a.txt\">\nA\n</file>\n\npiped\n\nx"
    );
    assert_eq!(
        piped(&["-f", "-", "-f", "a.txt", "x"], b"piped\n"),
        "piped\n\n<file name=\"a.txt\">\nA\n</file>\n\nx"
    );
}

#[test]
fn a_dash_asks_for_it_whatever_else_is_said() {
    assert_eq!(piped(&["--no-stdin", "-f", "-", "x"], b"piped"), "piped\n\nx");
}

#[test]
fn it_is_left_alone_when_a_flag_a_variable_or_the_file_says_so() {
    assert_eq!(piped(&["--no-stdin", "x"], b"piped"), "x");
    for (value, expected) in [("1", "x"), ("0", "piped\n\nx"), ("", "piped\n\nx")] {
        let provider = fine();
        let byok = Byok::new().profile(&provider, "").env("BYOK_NO_STDIN", value);
        byok.args(["ask", "x"]).stdin("piped").run().assert_code(0).assert_silent_stderr();
        assert_eq!(prompt(&provider), expected);
    }
    let provider = fine();
    let profile = format!(
        "stdin = \"never\"\n[profiles.p]\nbase_url = \"{}\"\nmodel = \"m\"",
        provider.url("/v1")
    );
    let byok = Byok::new().file("config.toml", profile);
    byok.args(["ask", "x"]).stdin("piped").run().assert_code(0).assert_silent_stderr();
    assert_eq!(prompt(&provider), "x");
}

#[test]
fn left_alone_it_is_no_prompt_either() {
    let output = refused(&["--no-stdin"], "What is 2+2?");
    output.assert_code(2).assert_stderr_has("there is no prompt").assert_stderr_has("--no-stdin");
}

#[test]
fn without_a_prompt_and_without_data_it_is_a_usage_error() {
    for args in [&["ask"][..], &[]] {
        let provider = Provider::start([]);
        let output = Byok::new().profile(&provider, "").args(args.to_vec()).run();
        output.assert_code(2).assert_stdout("").assert_stderr_has("there is no prompt");
    }
    refused(&[], "").assert_code(2);
    refused(&[], " \n").assert_code(2).assert_stderr_has("the prompt is empty");
}

#[test]
fn byte_order_marks_are_understood() {
    assert_eq!(piped(&["x"], b"\xef\xbb\xbfhi"), "hi\n\nx");
    assert_eq!(piped(&["x"], b"\xff\xfeh\0i\0"), "hi\n\nx");
    assert_eq!(piped(&["x"], b"\xfe\xff\0h\0i"), "hi\n\nx");
}

#[test]
fn what_is_no_text_is_refused() {
    let invalid = refused(&["x"], *b"ab\xff");
    invalid
        .assert_code(2)
        .assert_stderr_has("standard input is not text: invalid UTF-8 at offset 2");
    let nul = refused(&["x"], *b"a\0b");
    nul.assert_code(2)
        .assert_stderr_has("standard input is not text: it holds a NUL byte at offset 1");
    refused(&["x"], *b"\xff\xfeh\0i").assert_code(2).assert_stderr_has("begins as UTF-16");
}

#[test]
fn a_hundred_megabytes_and_more_are_refused_and_not_kept() {
    let provider = Provider::start([]);
    let byok = Byok::new().profile(&provider, "").args(["ask", "x"]);
    #[cfg(unix)]
    {
        // Without an end, and with less memory than a reader without a limit would ask for.
        let output = shell(&byok, "ulimit -v 1000000; cat /dev/zero | byok ask x");
        output.assert_code(2).assert_stdout("").assert_stderr_has("larger than 32 MiB");
    }
    let output = byok.stdin(vec![b'a'; 100 << 20]).run();
    output.assert_code(2).assert_stdout("").assert_stderr_has("larger than 32 MiB");
}

#[test]
fn a_wait_may_end_in_a_timeout_and_nothing_is_sent() {
    for (time, code, says) in [("100ms", 8, "did not end within 0.1 s"), ("soon", 2, "is no time")]
    {
        let provider = Provider::start([]);
        let byok = Byok::new().profile(&provider, "").args(["ask", "--stdin-timeout", time, "x"]);
        let mut child = byok
            .command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary was built");
        // Held open until the end.
        let pipe = child.stdin.take();
        let ended = child.wait_with_output().expect("it was started");
        drop(pipe);
        let output = byok.output(ended.stdout, ended.stderr, ended.status.code());
        output.assert_code(code).assert_stdout("").assert_stderr_has(says);
        assert_eq!(provider.connections(), 0);
    }
}

#[cfg(unix)]
#[test]
fn after_two_seconds_a_wait_says_what_for_and_goes_on() {
    use std::io::Write as _;

    let provider = fine();
    let byok = Byok::new().profile(&provider, "").args(["ask", "x"]);
    let mut running = Running::start(&byok, Stdio::piped());
    let mut pipe = running.stdin();
    running.wait_for_stderr(
        "note: waiting for standard input to end; `--no-stdin` does not read it\n",
    );
    assert_eq!(provider.connections(), 0);
    pipe.write_all(b"late").expect("the pipe is read");
    drop(pipe);
    running.finish().assert_code(0).assert_stdout("fine\n");
    assert_eq!(prompt(&provider), "late\n\nx");
}

#[cfg(unix)]
#[test]
fn files_pipes_and_here_documents_are_read_devices_and_nothing_are_not() {
    for (line, expected) in [
        ("byok ask x < a.txt", "A\n\nx"),
        ("cat a.txt | byok ask x", "A\n\nx"),
        ("byok ask x << END\nhere\nEND", "here\n\nx"),
        ("byok ask x < /dev/null", "x"),
        ("byok ask x < /dev/zero", "x"),
        ("byok ask x <&-", "x"),
        ("byok ask x < .", "x"),
        (
            "echo 'one\ntwo' | while read -r line; do byok ask --no-stdin \"$line\"; break; done",
            "one",
        ),
    ] {
        let provider = fine();
        let byok = Byok::new().profile(&provider, "").file("a.txt", "A\n");
        shell(&byok, line).assert_code(0).assert_stdout("fine\n").assert_silent_stderr();
        assert_eq!(prompt(&provider), expected, "{line}");
    }
}

#[cfg(unix)]
#[test]
fn a_socket_is_read() {
    use std::{
        io::Write as _,
        os::{fd::OwnedFd, unix::net::UnixStream},
    };

    let provider = fine();
    let byok = Byok::new().profile(&provider, "").args(["ask", "x"]);
    let (mut ours, theirs) = UnixStream::pair().expect("sockets can be made");
    let running = Running::start(&byok, OwnedFd::from(theirs));
    ours.write_all(b"by socket").expect("it is open");
    drop(ours);
    running.finish().assert_code(0).assert_stdout("fine\n");
    assert_eq!(prompt(&provider), "by socket\n\nx");
}
