//! The history: across runs, searched, and what is not kept.

use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf};

use super::desk::{Desk, open};
use crate::support::byok::Byok;

const UP: &str = "\x1b[A";
const CTRL_C: &str = "\x03";
const CTRL_R: &str = "\x12";

fn history(byok: &Byok) -> PathBuf {
    byok.home().join(".local/state/byok/history")
}

fn kept(byok: &Byok) -> String {
    fs::read_to_string(history(byok)).unwrap_or_default()
}

#[test]
fn lines_come_back_in_the_next_chat_whole() {
    let mut desk = Desk::new(2);
    desk.ask("first\\\r  second line\r");
    desk.say("/hlep\r", "did you mean");
    desk.reopen();
    desk.pty.send(UP);
    desk.pty.wait_for_line("p:m> /hlep");
    desk.pty.send(UP);
    desk.pty.wait_for_line("  second line");
    desk.ask("\r");
    assert_eq!(desk.questions(), ["first\n  second line"; 2]);
}

#[test]
fn a_search_finds_a_line_of_an_earlier_chat() {
    let mut desk = Desk::new(3);
    desk.ask("the needle\r");
    desk.ask("the hay\r");
    desk.reopen();
    desk.pty.send(&format!("{CTRL_R}need"));
    desk.pty.wait_for("the needle");
    desk.ask("\r");
    assert_eq!(desk.questions(), ["the needle", "the hay", "the needle"]);
}

#[test]
fn a_line_with_a_blank_before_it_or_a_key_in_it_is_not_on_disk() {
    let key = "sk-Ab3dEf6hIj9lMn2pQr5t";
    let byok = Byok::new().env("MY_KEY", "hunter2-canary");
    let mut desk = Desk::with(byok, "api_key_env = \"MY_KEY\"\n", 4);
    desk.ask(" a blank before\r");
    desk.ask(&format!("see {key}\r"));
    desk.ask("say hunter2-canary\r");
    desk.ask("an ordinary line\r");
    desk.leave();
    assert_eq!(kept(&desk.byok), "{\"text\":\"an ordinary line\"}\n");
}

#[test]
fn a_cleared_line_comes_back_with_up_and_is_not_on_disk() {
    let mut desk = Desk::new(0);
    desk.pty.send("half a question");
    desk.pty.wait_for_line("p:m> half a question");
    desk.pty.send(CTRL_C);
    desk.pty.wait_for_line("p:m>");
    desk.pty.send(UP);
    desk.pty.wait_for_line("p:m> half a question");
    assert_eq!(kept(&desk.byok), "");
}

#[test]
fn two_chats_at_once_keep_the_lines_of_both() {
    let mut desk = Desk::new(3);
    let mut other = open(&desk.byok, 80);
    desk.ask("one\r");
    other.send("two\r");
    other.wait_for("answer 2.");
    other.wait_for_line("p:m>");
    other.send("three\r");
    other.wait_for("answer 3.");
    assert_eq!(kept(&desk.byok), "{\"text\":\"one\"}\n{\"text\":\"two\"}\n{\"text\":\"three\"}\n");
}

#[test]
fn the_history_is_its_owners_alone() {
    let mut desk = Desk::new(1);
    let mode = |byok: &Byok| {
        fs::metadata(history(byok)).expect("the file is there").permissions().mode() & 0o777
    };
    desk.ask("one\r");
    assert_eq!(mode(&desk.byok), 0o600);
    desk.leave();
    let open_to_all = fs::Permissions::from_mode(0o644);
    fs::set_permissions(history(&desk.byok), open_to_all).expect("the file is ours");
    let mut pty = open(&desk.byok, 80);
    pty.wait_for("the history was open to others, now it is yours alone");
    assert_eq!(mode(&desk.byok), 0o600);
}

#[test]
fn a_history_that_cannot_be_kept_is_said_once_and_works_in_memory() {
    let byok = Byok::new();
    fs::create_dir_all(history(&byok)).expect("the home is ours");
    let mut desk = Desk::with(byok, "", 2);
    desk.pty.wait_for("warning: cannot keep the history in");
    desk.ask("one\r");
    desk.pty.send(UP);
    desk.pty.wait_for_line("p:m> one");
    desk.ask("\r");
    assert_eq!(desk.pty.screen().matches("cannot keep the history").count(), 1);
}

#[test]
fn a_chat_that_saves_nothing_keeps_no_history() {
    let mut desk = Desk::with(Byok::new().args(["chat", "--no-save"]), "", 1);
    desk.ask("one\r");
    desk.pty.send(UP);
    desk.pty.wait_for_line("p:m> one");
    assert!(!history(&desk.byok).exists());
}
