//! Words that begin with `@`: typed ones attach files, others never do.

use super::desk::Desk;
use crate::support::byok::Byok;

const A: &str = "<file name=\"a.txt\">\none\n</file>\n\n";
const NOTES: &str = "<file name=\"my notes.txt\">\ntwo\n</file>\n\n";

fn desk(turns: usize) -> Desk {
    let byok = Byok::new().file("a.txt", "one\n").file("my notes.txt", "two\n");
    let more = "[profiles.other]\nextends = \"p\"\n";
    Desk::with(byok.args(["-P", "p"]), more, turns)
}

#[test]
fn a_typed_word_attaches_its_file_with_a_receipt() {
    let mut desk = desk(1);
    desk.ask("what is @a.txt, please\r");
    assert_eq!(desk.questions(), [format!("{A}what is @a.txt, please")]);
    insta::assert_snapshot!(desk.pty.screen(), @r"
    `m` at http://127.0.0.1:[PORT], profile `p` (by flag `--profile`)
    `/help` lists the commands, Tab completes them, Ctrl-D leaves
    p:m> what is @a.txt, please
    note: attached a.txt: text, 4 bytes, about 1 token
    answer 1.

    p:m>
    ");
}

#[test]
fn a_name_with_spaces_is_quoted_in_any_way() {
    let mut desk = desk(3);
    for word in ["@\"my notes.txt\"", "@'my notes.txt'", "@my\\ notes.txt"] {
        desk.ask(&format!("see {word} and @none.\r"));
    }
    let expected = |word| format!("{NOTES}see {word} and @none.");
    let sent = desk.questions();
    assert_eq!(sent, ["@\"my notes.txt\"", "@'my notes.txt'", "@my\\ notes.txt"].map(expected));
    assert_eq!(desk.pty.screen().matches("`@none.` names no file and stays text").count(), 3);
}

#[test]
fn a_pasted_word_attaches_nothing_and_that_is_said() {
    let mut desk = desk(1);
    desk.pty.paste("see @a.txt");
    desk.ask("\r");
    assert_eq!(desk.questions(), ["see @a.txt"]);
    desk.pty.wait_for("`@a.txt` is not attached, for it may have been pasted; `/file a.txt`");
}

#[test]
fn a_recalled_word_attaches_again_what_it_attached_and_nothing_else() {
    let mut desk = desk(3);
    desk.ask("see @a.txt\r");
    desk.pty.paste("see @\"my notes.txt\"");
    desk.ask("\r");
    desk.reopen();
    desk.pty.send("\x1b[A");
    desk.pty.wait_for_line("p:m> see @\"my notes.txt\"");
    desk.pty.send("\x1b[A");
    desk.pty.wait_for_line("p:m> see @a.txt");
    desk.pty.send("\x1b[B");
    desk.pty.wait_for_line("p:m> see @\"my notes.txt\"");
    desk.ask("\r");
    assert_eq!(
        desk.questions(),
        [&format!("{A}see @a.txt"), "see @\"my notes.txt\"", "see @\"my notes.txt\""]
    );
}

#[test]
fn a_file_that_waits_goes_with_the_next_question_alone() {
    let mut desk = desk(2);
    desk.say("/file my\\ notes.txt\r", "goes with your next message: my notes.txt: text, 4 bytes");
    desk.say("/file a.txt\r", "goes with your next message: a.txt");
    desk.say("/file -\r", "taken back: a.txt");
    desk.ask("one\r");
    desk.ask("two\r");
    assert_eq!(desk.questions(), [&format!("{NOTES}one"), "two"]);
}

#[test]
fn a_question_to_another_profile_attaches_too() {
    let mut desk = desk(3);
    desk.ask("/ask other what is @a.txt\r");
    desk.pty.send("/compare p,other and @\"my notes.txt\"\r");
    desk.pty.wait_for("the conversation goes on from");
    assert_eq!(
        desk.questions(),
        [
            format!("{A}what is @a.txt"),
            format!("{NOTES}and @\"my notes.txt\""),
            format!("{NOTES}and @\"my notes.txt\""),
        ]
    );
}

#[test]
fn a_first_message_attaches_only_what_f_names() {
    let byok = Byok::new().file("a.txt", "one\n").file("my notes.txt", "two\n");
    let byok = byok.args(["chat", "-f", "my notes.txt", "see", "@a.txt"]);
    let mut desk = Desk::with(byok, "", 1);
    desk.pty.wait_for("answer 1.");
    assert_eq!(desk.questions(), [format!("{NOTES}see @a.txt")]);
    desk.pty.wait_for("attached my notes.txt: text, 4 bytes");
}
