//! Standard output and its files: the answer, the whole answer, and nothing but the answer.

#[path = "output/file.rs"]
mod file;

#[cfg(unix)]
use std::{
    os::{fd::OwnedFd, unix::net::UnixDatagram},
    process::Stdio,
};

use serde_json::{Value, json};

#[cfg(unix)]
use crate::support::running::shell;
use crate::support::{
    byok::{Byok, Output},
    provider::{Provider, Script, Step, chunk},
    streams,
};

/// One chunk of Chat Completions.
fn delta(delta: &Value, finish_reason: &Value) -> String {
    streams::data(&json!({"id": "c", "object": "chat.completion.chunk", "model": "fake",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}]}))
}

/// A whole stream of these deltas, ended for this reason.
fn ended(deltas: &[Value], finish_reason: &str) -> Script {
    let mut frames: Vec<_> = deltas.iter().map(|it| delta(it, &Value::Null)).collect();
    frames.push(delta(&json!({}), &json!(finish_reason)));
    frames.push("data: [DONE]\n\n".to_owned());
    Script::stream(frames)
}

/// A stream that breaks off after these texts.
fn broken(texts: &[&str]) -> Script {
    Script::open_stream(streams::chat_open(texts)).then([Step::Close])
}

#[track_caller]
fn run(script: Script, args: &[&str]) -> Output {
    let provider = Provider::start([script]);
    Byok::new().profile(&provider, "").args(["ask"]).args(args.to_vec()).args(["x"]).run()
}

/// The answer `text` in three pieces and in one, with these flags.
#[track_caller]
fn check(text: &str, args: &[&str], stdout: &str) {
    let pieces: Vec<String> = text.chars().map(String::from).collect();
    let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
    for frames in [streams::chat(&pieces), streams::responses(&[text]), streams::messages(&pieces)]
    {
        let wire = match &frames[0] {
            first if first.contains("response.created") => "wire_api = \"responses\"",
            first if first.contains("message_start") => "type = \"anthropic\"",
            _ => "",
        };
        let provider = Provider::start([Script::stream(&frames)]);
        let byok = Byok::new().profile(&provider, wire);
        let output = byok.args(["ask"]).args(args.to_vec()).args(["x"]).run();
        output.assert_code(0).assert_stdout(stdout).assert_silent_stderr();
    }
}

#[test]
fn the_answer_ends_in_exactly_one_line_feed() {
    for text in ["a\n\nb", "a\n\nb\n", "a\n\nb\n\n\n"] {
        check(text, &[], "a\n\nb\n");
    }
    check("\n a ", &[], "\n a \n");
}

#[test]
fn raw_is_the_exact_answer() {
    for text in ["a", "a\n", "a\n\n\n", "\u{1b}[31mred\u{202e}\u{9b}\r\n"] {
        check(text, &["--raw"], text);
    }
}

#[test]
fn what_could_drive_a_terminal_is_shown_and_not_sent_in_pipes_too() {
    check("\u{1b}[31mred\u{202e}\u{9b}1m\u{7}", &[], "␛[31mred<U+202E>\\x9b1m␇\n");
}

#[test]
fn line_ends_of_two_characters_are_line_ends() {
    check("a\r\n\r\nb\r\n", &[], "a\n\nb\n");
    check("a\rb\r", &[], "a\u{240d}b\u{240d}\n");
    check("```sh\r\necho\r\n```\r\n", &["-x"], "echo\n");
    let answer = "# T\r\n\r\n- a\r\n\r\n|b|\r\n|-|\r\n|c|\r\n";
    check(answer, &["--render", "markdown"], "# T\n\n- a\n\nb\n\u{2500}\nc\n");
}

#[test]
fn an_error_of_the_server_is_harmless_too() {
    let body = streams::error("\u{1b}]0;title\u{7}\u{202e}", "x", &Value::Null);
    let output = run(Script::json(400, body), &[]);
    output.assert_code(10).assert_stdout("").assert_stderr_has("␛]0;title␇<U+202E>");
    assert!(!output.stderr().contains(['\u{1b}', '\u{7}', '\u{202e}']), "{output}");
}

const CODE: &str = "Try:\n\n```python\nprint(1)\n```\n\nor\n\n```sh\necho 2\n```\n\nor\n\n```Python\nprint(3)\n```\n";

#[test]
fn only_the_code_blocks_that_are_asked_for() {
    check(CODE, &["-x"], "print(1)\n\necho 2\n\nprint(3)\n");
    check(CODE, &["--extract"], "print(1)\n\necho 2\n\nprint(3)\n");
    check(CODE, &["-x=2"], "echo 2\n");
    check(CODE, &["-x=python"], "print(1)\n\nprint(3)\n");
}

#[test]
fn no_such_code_block_is_exit_1_and_prints_nothing() {
    for args in [&["-x=rust"][..], &["-x=4"], &["-x=rust", "-q"]] {
        let output = run(Script::stream(streams::chat(&[CODE])), args);
        output.assert_code(1).assert_stdout("").assert_stderr_has("no such code block");
    }
    let output = run(Script::stream(streams::chat(&["plain"])), &["-x"]);
    output.assert_code(1).assert_stdout("");
    let none = Provider::start([]);
    let output = Byok::new().profile(&none, "").args(["-x=0", "x"]).run();
    output.assert_code(2).assert_stderr_has("counted from 1");
}

#[test]
fn a_failure_before_the_code_is_that_failure() {
    let body = streams::error("no", "x", &Value::Null);
    let output = run(Script::json(400, body), &["-x"]);
    output.assert_code(10).assert_stdout("");
    assert!(!output.stderr().contains("code block"), "{output}");
}

#[test]
fn code_that_was_cut_is_printed_and_is_exit_13() {
    let output = run(broken(&["```sh\necho 1\necho"]), &["-x"]);
    output.assert_code(13).assert_stdout("echo 1\necho\n");
}

#[test]
fn thinking_goes_to_standard_error_only() {
    let script = || {
        let deltas = [json!({"reasoning_content": "hm\u{1b}"}), json!({"content": "fine"})];
        ended(&deltas, "stop")
    };
    let shown = run(script(), &["--thinking", "show"]);
    shown.assert_code(0).assert_stdout("fine\n");
    let (thought, summary) = shown.stderr().split_once('\n').expect("two lines");
    assert_eq!(thought, "hm␛");
    assert!(summary.starts_with("thought for ") && summary.ends_with(" (1 word)\n"), "{shown}");
    for args in [&["--thinking", "hide"][..], &[], &["--thinking", "show", "-q"]] {
        run(script(), args).assert_code(0).assert_stdout("fine\n").assert_silent_stderr();
    }
}

#[test]
fn a_tool_call_nobody_offered_is_one_warning() {
    let call = json!({"tool_calls": [{"index": 0, "id": "t", "type": "function",
        "function": {"name": "rm", "arguments": "{}"}}]});
    let with_text = run(ended(&[json!({"content": "fine"}), call.clone()], "tool_calls"), &[]);
    with_text.assert_code(0).assert_stdout("fine\n");
    assert_eq!(with_text.stderr().matches("warning:").count(), 1, "{with_text}");
    let alone = run(ended(&[call], "tool_calls"), &[]);
    alone.assert_code(12).assert_stdout("").assert_stderr_has("called a tool");
}

#[test]
fn a_refusal_is_printed_and_is_exit_12() {
    let output = run(ended(&[json!({"refusal": "I will not"})], "stop"), &[]);
    output.assert_code(12).assert_stdout("I will not\n").assert_stderr_has("refused");
}

#[test]
fn each_way_to_end_early_keeps_the_text() {
    let half = [json!({"content": "half"})];
    run(ended(&half, "length"), &[]).assert_code(13).assert_stdout("half\n");
    run(ended(&half, "content_filter"), &[]).assert_code(12).assert_stdout("half\n");
    run(broken(&["half"]), &[]).assert_code(13).assert_stdout("half\n");
    let fault = streams::data(&json!({"error": {"message": "no", "code": "server_error"}}));
    let frames = [streams::chat_open(&["half"]), vec![fault]].concat();
    run(Script::stream(frames), &[]).assert_code(9).assert_stdout("half\n");
}

#[test]
fn an_answer_without_anything_is_exit_9() {
    let output = run(ended(&[], "stop"), &["--retries", "0"]);
    output.assert_code(9).assert_stdout("").assert_stderr_has("without saying anything");
}

#[test]
fn a_retry_is_told_in_words_and_quietly_not_at_all() {
    for (args, is_told) in [(&[][..], true), (&["-q"][..], false)] {
        let busy = Script::answer(503, &[("retry-after-ms", "1")], "");
        let provider = Provider::start([busy, Script::stream(streams::chat(&["fine"]))]);
        let byok = Byok::new().profile(&provider, "").args(["ask", "x"]);
        let output = byok.args(args.to_vec()).run();
        output.assert_code(0).assert_stdout("fine\n");
        assert_eq!(output.stderr().contains("trying again"), is_told, "{output}");
        assert_eq!(output.stderr.is_empty(), !is_told, "{output}");
    }
}

/// A stream without end.
#[cfg(unix)]
fn endless() -> Provider {
    let piece = chunk(delta(&json!({"content": "more and more\n"}), &Value::Null));
    let script =
        Script::open_stream(streams::chat_open(&[])).then([Step::Repeat(piece, usize::MAX)]);
    Provider::start([script])
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_is_no_failure() {
    for flags in ["", "--raw", "--output-format stream-json", "-vv"] {
        let provider = endless();
        let byok = Byok::new().profile(&provider, "");
        let line = format!("(byok ask {flags} x; echo \"code $?\" >&2) | head -c1");
        let output = shell(&byok, &line);
        output.assert_stderr_has("code 0\n");
        assert!(!output.stderr().contains("error"), "{output}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_exit_1() {
    for flags in ["", "--raw", "--json", "--output-format stream-json"] {
        let provider = Provider::start([Script::stream(streams::chat(&["fine"]))]);
        let byok = Byok::new().profile(&provider, "");
        let output = shell(&byok, &format!("byok ask {flags} x > /dev/full"));
        output.assert_code(1).assert_stderr_has("No space left on device");
    }
    let output = shell(&Byok::new(), "byok ask --dry-run -P demo x > /dev/full");
    output.assert_code(1);
    let output = shell(&Byok::new(), "byok help stdin > /dev/full");
    output.assert_code(1);
}

/// A terminal may paint between two writes: a line that is painted anew would flicker.
#[cfg(unix)]
#[test]
fn what_is_shown_at_once_is_written_in_one_piece() {
    let provider = Provider::start([Script::stream(streams::chat(&["one\n\ntwo"]))]);
    let byok = Byok::new().profile(&provider, "").args(["ask", "x"]);
    // Every write is a message of its own.
    let (ours, theirs) = UnixDatagram::pair().expect("the system has sockets");
    let mut command = byok.command();
    let status = command.stdin(Stdio::null()).stdout(OwnedFd::from(theirs)).status();
    assert!(status.is_ok_and(|status| status.success()));
    let mut buffer = [0; 1024];
    let length = ours.recv(&mut buffer).expect("something was written");
    let piece = &buffer[..length];
    assert!(piece.starts_with(b"one\n\ntwo"), "{}", piece.escape_ascii());
}
