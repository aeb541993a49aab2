//! Others who write to the terminal while an answer streams: the trace, a shell.

use serde_json::json;

use crate::support::{
    byok::Byok,
    provider::{Gate, LAST_CHUNK, Provider, Script, Step, chunk},
    pty::Pty,
    streams,
};

#[test]
fn the_trace_of_the_end_stands_behind_the_whole_answer() {
    for render in ["markdown", "plain"] {
        let provider = Provider::start([Script::stream(streams::chat(&["a\n\nthe ", "end"]))]);
        let args = ["ask", "-v", "--render", render, "x"];
        let byok = Byok::new().profile(&provider, "").args(args);
        let mut pty = Pty::start(&byok, 80, 24);
        assert_eq!(pty.wait(), 0, "{}", pty.screen());
        let screen = pty.screen();
        let (_, answer) = screen.split_once("\na\n").expect("the answer is there");
        assert!(answer.starts_with("\nthe end\n< end after "), "{screen}");
    }
}

#[test]
fn what_a_shell_wrote_while_the_run_was_stopped_is_not_erased() {
    let text = |text: &str| {
        let choices = json!([{"index": 0, "delta": {"content": text}}]);
        Step::Send(chunk(streams::data(&json!({ "choices": choices }))))
    };
    let gate = Gate::default();
    let script = Script::open_stream(streams::chat_open(&["see [the"])).then([
        Step::Wait(gate.clone()),
        text(" list](https://a.example)"),
        Step::Send(chunk(streams::chat(&[]).concat())),
        Step::Send(LAST_CHUNK.to_vec()),
    ]);
    let provider = Provider::start([script]);
    let byok = Byok::new().profile(&provider, "").args(["ask", "x"]);
    let mut pty = Pty::start(&byok, 80, 24);
    pty.wait_for("see [the");
    let before = pty.seen().len();
    // As a shell does it: the order to go on comes when the job is to have the terminal again.
    pty.signal("STOP");
    pty.signal("CONT");
    gate.open();
    assert_eq!(pty.wait(), 0);
    assert_eq!(pty.screen().trim_end(), "see [the\nthe list (https://a.example)");
    let after = pty.seen()[before..].escape_ascii().to_string();
    assert!(!after.contains("[K") && !after.contains("[J"), "{after}");
}
