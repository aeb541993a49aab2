//! Ctrl-Z under a shell, and terminals that change their size.

use super::moment::{Moment, PROMPT, half, whole};
use crate::support::{
    byok::Byok,
    provider::{Provider, Script},
    pty::Pty,
};

/// A shell with jobs and the prompt `$`, where `$BYOK` is the binary; with its home and the
/// provider, which last as long.
fn shell(program: &str, args: &[&str], scripts: impl IntoIterator<Item = Script>) -> Shell {
    let provider = Provider::start(scripts);
    let byok = Byok::new().args(args.to_vec()).profile(&provider, "");
    let byok = byok.env("PS1", "$ ").env("ENV", "").env("BYOK", env!("CARGO_BIN_EXE_byok"));
    let mut pty = Pty::start_program(program, &byok, 80, 24);
    pty.wait_for_line("$");
    (pty, byok, provider)
}

type Shell = (Pty, Byok, Provider);

/// A shell that leaves the modes of the terminal alone.
fn plain_shell(scripts: impl IntoIterator<Item = Script>) -> Shell {
    shell("/bin/sh", &["-i"], scripts)
}

#[test]
fn ctrl_z_at_the_prompt_gives_the_terminal_back_and_fg_goes_on() {
    let (mut pty, _byok, _provider) = plain_shell([whole("answer")]);
    pty.send("\"$BYOK\" chat\r");
    pty.wait_for_line(PROMPT);
    pty.send("half a li");
    pty.wait_for_line("p:m> half a li");
    pty.send("\x1a");
    pty.wait_for_line("$");
    pty.assert_as_found();
    pty.send("fg\r");
    pty.wait_for_line("p:m> half a li");
    pty.send("ne\r");
    pty.wait_for("answer");
    pty.wait_for_line(PROMPT);
    pty.send("\x04");
    pty.wait_for_line("$");
    pty.assert_as_found();
}

#[test]
fn ctrl_z_while_an_answer_streams_gives_the_terminal_back_and_fg_goes_on() {
    let (mut pty, _byok, _provider) = plain_shell([half()]);
    pty.send("\"$BYOK\" chat\r");
    pty.wait_for_line(PROMPT);
    pty.send("one\r");
    pty.wait_for("half");
    pty.send("\x1a");
    pty.wait_for_line("$");
    pty.assert_as_found();
    pty.send("fg\r");
    // The shell names the job before it goes on, and then the terminal is quiet again.
    while !pty.has_mode("-echo") {
        std::thread::yield_now();
    }
    pty.send("ahead");
    pty.send("\x03");
    pty.wait_for("stopped");
    pty.wait_for_line("p:m> ahead");
}

#[test]
fn in_the_background_it_stops_and_can_be_killed() {
    let (mut pty, _byok, _provider) = plain_shell([]);
    pty.send("\"$BYOK\" chat\r");
    pty.wait_for_line(PROMPT);
    pty.send("\x1a");
    pty.wait_for_line("$");
    pty.send("bg; wait; kill %1; fg; echo is $?\r");
    pty.wait_for("is 143");
    pty.wait_for_line("$");
    pty.assert_as_found();
}

#[test]
fn begun_in_the_background_it_waits_for_the_terminal() {
    // This shell has modes of its own while a line is typed: they are not ours to take over.
    let arguments = ["--norc", "--noprofile", "-i"];
    let (mut pty, _byok, _provider) = shell("/bin/bash", &arguments, []);
    pty.send("\"$BYOK\" chat &\r");
    pty.wait_for("[1]");
    pty.wait_for_line("$");
    // Waiting for it ends when it stops.
    pty.send("wait; fg\r");
    pty.wait_for_line(PROMPT);
    pty.send("\x04");
    pty.wait_for_line("$");
    pty.send("exec sh -c 'exit 7'\r");
    assert_eq!(pty.wait(), 7, "{}", pty.screen());
    pty.assert_as_found();
}

#[test]
fn where_nobody_could_let_it_go_on_ctrl_z_does_nothing() {
    let provider = Provider::start([]);
    // No jobs here: the chat is in the group of the terminal's first process.
    let byok = Byok::new().args(["-c", "\"$BYOK\" chat; exit $?"]);
    let byok = byok.profile(&provider, "").env("BYOK", env!("CARGO_BIN_EXE_byok"));
    let mut pty = Pty::start_program("/bin/sh", &byok, 80, 24);
    pty.wait_for_line(PROMPT);
    pty.send("a\x1ab");
    pty.wait_for_line("p:m> ab");
    pty.send("\x03\x03");
    assert_eq!(pty.wait(), 130);
    pty.assert_as_found();
}

#[test]
fn a_terminal_that_changes_its_size_keeps_the_line() {
    let mut scene = Moment::Typing.reach([]);
    scene.pty.resize(12, 10);
    scene.pty.wait_for_line("rds");
    scene.pty.send(" etc");
    scene.pty.wait_for_line("rds etc");
    scene.pty.resize(60, 10);
    scene.pty.wait_for_line("p:m> some words etc");
}

#[test]
fn a_terminal_that_changes_its_size_in_mid_answer_keeps_the_answer() {
    let mut scene = Moment::Streaming.reach([]);
    scene.pty.resize(40, 10);
    scene.pty.send("\x03");
    scene.pty.wait_for("stopped");
    scene.pty.wait_for_line(PROMPT);
    // The emulator cuts lines where a terminal may wrap them.
    insta::assert_snapshot!(scene.pty.screen(), @"
    `m` at http://127.0.0.1:[PORT], profile `
    `/help` lists the commands, Tab complete
    p:m> one
    half

    stopped: what came is kept, and `/continue` asks for the rest
    p:m>
    ");
}
