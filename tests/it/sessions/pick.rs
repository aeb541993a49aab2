use super::{SEA, world};
use crate::support::{byok::Byok, pty::Pty};

const QUESTION: &str = "which one?";

fn start(byok: &Byok, args: &[&str]) -> Pty {
    let mut pty = Pty::start(&byok.with_arguments(args.to_vec()), 100, 40);
    pty.wait_for(QUESTION);
    pty
}

#[test]
fn a_number_chooses_and_the_question_goes_there() {
    let byok = world();
    let mut pty = start(&byok, &["ask", "-r", "What is 2+2?"]);
    assert!(pty.screen().contains("  2  cccc  "), "{}", pty.screen());
    pty.send("2\r");
    assert_eq!(pty.wait(), 0, "{}", pty.screen());
    assert!(
        pty.screen().contains("going on with `ccccdddf`: `how deep is the sea?`"),
        "{}",
        pty.screen()
    );
    let listed = super::listed(&byok, &[]);
    assert_eq!(listed[0], SEA);
    assert_eq!(listed.len(), 3);
}

#[test]
fn words_leave_those_that_have_them() {
    let byok = world();
    let mut pty = start(&byok, &["chat", "-r"]);
    pty.send("nonsense\r");
    pty.wait_for("no session fits that");
    pty.send("SEA deep\r");
    pty.wait_for("1  cccc");
    pty.send("1\r");
    pty.wait_for("going on with `ccccdddf`");
    pty.wait_for_line("demo:demo>");
    pty.send("\x04");
    assert_eq!(pty.wait(), 0, "{}", pty.screen());
}

#[test]
fn an_id_chooses_too() {
    let byok = world();
    let mut pty = start(&byok, &["chat", "-r"]);
    pty.send("bbbb\r");
    pty.wait_for("going on with `bbbbcccd`");
}

#[test]
fn who_chooses_nothing_leaves_and_no_script_goes_on() {
    let byok = world();
    for keys in ["\r", "\x04"] {
        for args in [&["ask", "-r", "hi"][..], &["chat", "-r"]] {
            let mut pty = start(&byok, args);
            pty.send(keys);
            assert_eq!(pty.wait(), 130, "{}", pty.screen());
            pty.assert_as_found();
        }
    }
}

#[test]
fn without_a_terminal_there_is_nobody_to_ask() {
    let output = world().args(["ask", "-P", "demo", "-r", "hi"]).run();
    output.assert_code(2).assert_stderr_has("`-r` alone asks which session");
    output.assert_stderr_has("`byok sessions` lists them");
}

#[test]
fn without_a_session_there_is_nothing_to_choose() {
    let byok = Byok::new().args(["chat", "-r"]);
    let mut pty = Pty::start(&byok, 100, 20);
    assert_eq!(pty.wait(), 2);
    assert!(pty.screen().contains("there is no session to go on with"), "{}", pty.screen());
}
