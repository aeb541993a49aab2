//! How the chat is entered and left, and where it is never entered.

use insta::assert_snapshot;

use super::desk::Desk;
use crate::support::{byok::Byok, provider::Provider, pty::Pty};

#[test]
fn every_word_for_leaving_leaves() {
    for keys in ["exit\r", "quit\r", "  :q \r", "/exit\r", "/quit\r", "\x04"] {
        let mut desk = Desk::new(0);
        desk.pty.send(keys);
        assert_eq!(desk.pty.wait(), 0, "{keys:?}");
    }
}

#[test]
fn ctrl_d_within_a_line_leaves_nothing() {
    let mut desk = Desk::new(1);
    desk.ask("axb\x1b[D\x1b[D\x04\x1b[C\x04\r");
    assert_eq!(desk.questions(), ["ab"]);
}

#[test]
fn a_text_behind_chat_is_the_first_message() {
    let byok =
        Byok::new().file("a.txt", "one\n").args(["chat", "-f", "a.txt", "say", "/exit", "it"]);
    let mut desk = Desk::with(byok, "", 2);
    desk.pty.wait_for("answer 1.");
    desk.pty.send("more\r");
    desk.pty.wait_for("answer 2.");
    assert_eq!(desk.questions(), ["<file name=\"a.txt\">\none\n</file>\n\nsay /exit it", "more"]);
}

#[test]
fn a_file_behind_chat_waits_for_the_first_message() {
    let byok = Byok::new().file("a.txt", "one\n").args(["chat", "-f", "a.txt"]);
    let mut desk = Desk::with(byok, "", 1);
    desk.ask("why?\r");
    assert_eq!(desk.questions(), ["<file name=\"a.txt\">\none\n</file>\n\nwhy?"]);
    desk.pty.wait_for("attached a.txt: text, 4 bytes");
}

#[test]
fn without_a_terminal_there_is_no_chat() {
    let provider = Provider::start([]);
    let byok = Byok::new().profile(&provider, "");
    let asked = byok.clone().args(["chat"]).stdin("a question\n").run();
    assert_snapshot!(asked, @r#"
    ----- stdout -----
    ----- stderr -----
    error: the chat needs a terminal, and standard input is none

    hint: one question and one answer: `byok ask "your question"`
    ----- exit code 2 -----
    "#);
    let bare = byok.run();
    assert_snapshot!(bare, @r#"
    ----- stdout -----
    ----- stderr -----
    error: there is no prompt

    hint: ask something: `byok "What is 2+2?"`, or pipe a text in
    ----- exit code 2 -----
    "#);
}

#[test]
fn a_terminal_that_can_do_nothing_takes_line_after_line() {
    let byok = Byok::new().env("TERM", "dumb").file("a.txt", "one\n");
    let mut desk = Desk::with(byok, "", 3);
    desk.ask("one\\\ntwo\n");
    desk.ask("\"\"\"\nthree\n  four\"\"\"\n");
    desk.ask("see @a.txt\n");
    assert_eq!(desk.questions(), ["one\ntwo", "three\n  four", "see @a.txt"]);
    desk.pty.wait_for("`@a.txt` is not attached, for it may have been pasted");
    desk.say("/hlep\n", "did you mean");
    assert!(!desk.pty.seen().contains(&0x1b), "{:?}", String::from_utf8_lossy(desk.pty.seen()));
    desk.pty.send("\x04");
    assert_eq!(desk.pty.wait(), 0);
}

#[test]
fn a_chat_without_a_model_says_so_and_ends() {
    let config = "[profiles.p]\nbase_url = \"http://127.0.0.1:9/v1\"\n";
    let mut pty = Pty::start(&Byok::new().file("config.toml", config), 80, 24);
    assert_eq!(pty.wait(), 3, "{}", pty.screen());
}
