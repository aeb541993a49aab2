//! What is typed and pasted reaches the server byte for byte.

use super::desk::Desk;
use crate::support::byok::Byok;

const ALT_ENTER: &str = "\x1b\r";
const CTRL_J: &str = "\n";

/// What arrives when this is typed in one line of thought.
#[track_caller]
fn check(keys: &str, expected: &str) {
    let mut desk = Desk::new(1);
    desk.ask(keys);
    assert_eq!(desk.questions(), [expected]);
}

#[test]
fn all_four_ways_lead_to_a_second_line() {
    check(&format!("  one {ALT_ENTER}\ttwo\r"), "  one \ntwo");
    check(&format!("one{CTRL_J}{CTRL_J}  two\r"), "one\n\n  two");
    check("one \\\rtwo\\\rthree\r", "one \ntwo\nthree");
    check("\"\"\"\rone\\\r\r  two\r\"\"\"\r", "one\\\n\n  two");
    check("\"\"\"one\rtwo\"\"\"\r", "one\ntwo");
}

#[test]
fn a_backslash_within_a_line_and_one_before_a_space_are_text() {
    check("C:\\new \\ \r", "C:\\new \\ ");
}

#[test]
fn a_line_feed_in_the_middle_leaves_what_is_behind_the_cursor() {
    check(&format!("onetwo\x1b[D\x1b[D\x1b[D{CTRL_J}\r"), "one\ntwo");
}

#[test]
fn two_slashes_send_one() {
    check("//etc/hosts and //b\r", "/etc/hosts and //b");
}

#[test]
fn a_block_may_hold_what_would_be_a_command() {
    check("\"\"\"\r/exit\r\"\"\"\r", "/exit");
}

#[test]
fn a_paste_arrives_whole_with_line_feeds_alone() {
    let mut desk = Desk::new(1);
    desk.pty.paste("fn main() {\r\n\tprintln!(\"é 世\");\r}\n\n/exit\n\"\"\"\none\\\n two\\");
    desk.pty.send(" end");
    desk.ask("\r");
    assert_eq!(
        desk.questions(),
        ["fn main() {\n\tprintln!(\"é 世\");\n}\n\n/exit\n\"\"\"\none\\\n two\\ end"]
    );
}

#[test]
fn a_paste_is_not_sent_by_its_own_line_feeds() {
    let mut desk = Desk::new(1);
    desk.pty.paste("one\n");
    desk.pty.paste("two\n");
    desk.ask("\r");
    assert_eq!(desk.questions(), ["one\ntwo\n"]);
}

#[test]
fn a_paste_of_300_kb_arrives_whole() {
    let lines: Vec<String> = (0..5000).map(|number| format!("{number:060}\n")).collect();
    let text = lines.concat();
    assert_eq!(text.len(), 305_000);
    let mut desk = Desk::new(1);
    desk.pty.paste(&text);
    desk.ask("end\r");
    assert_eq!(desk.questions(), [format!("{text}end")]);
}

#[test]
fn escape_sequences_in_a_paste_are_dropped_and_other_controls_only_not_shown() {
    let mut desk = Desk::new(1);
    desk.pty.paste("a\x1b[31mred\x07 \x1b[2J\u{9b}1mb\u{202e}c");
    desk.ask("\r");
    assert_eq!(desk.questions(), ["ared\x07 \u{9b}1mb\u{202e}c"]);
    let seen = String::from_utf8_lossy(desk.pty.seen());
    for sequence in ["\x1b[31m", "\x07", "\x1b[2J", "\u{9b}", "\u{202e}"] {
        assert!(!seen.contains(sequence), "{sequence:?}");
    }
}

#[test]
fn a_word_with_a_slash_that_is_no_command_is_not_sent() {
    let mut desk = Desk::new(0);
    desk.say("/hlep\r", "did you mean `/help`?");
    desk.say("/usr/bin\r", "begin it with `//`");
    assert_eq!(desk.questions(), Vec::<String>::new());
}

#[test]
fn vi_keys_edit_the_line() {
    let mut desk = Desk::with(Byok::new(), "[chat]\neditor = \"vi\"\n", 1);
    // A key right behind Esc is a command all the same.
    desk.ask("wrld\x1b0lio\x1b0ihello \x1bA!\r");
    assert_eq!(desk.questions(), ["hello world!"]);
}
