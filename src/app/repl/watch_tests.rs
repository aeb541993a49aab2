use std::{io::Read as _, process::Command};

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::*;
use crate::{config::Env, term::Color};

/// Says that the test has a terminal of its own.
const ON_A_TERMINAL: &str = "BYOK_TEST_ON_A_TERMINAL";

/// Run by the test below, on a terminal of its own; by itself it leaves the terminal alone.
#[test]
#[should_panic(expected = "on purpose")]
fn panics_in_a_chat() {
    if Env::read().get(ON_A_TERMINAL).is_some() {
        let watch = Watch::begin().expect("the terminal is there");
        let facts = Facts::detect(Color::Never, |_| None);
        watch.quiet(true, facts).expect("the terminal is there");
        assert!(!watch.shared.modes.are_as_found());
        // Released, the program aborts: nothing is dropped.
        std::mem::forget(watch);
    }
    panic!("on purpose");
}

#[test]
fn a_panic_leaves_the_terminal_as_it_was() {
    let pair = native_pty_system().openpty(PtySize::default()).expect("a pty can be opened");
    let found = stty(&*pair.master);
    let test = std::env::current_exe().expect("a test has a file");
    let mut command = CommandBuilder::new(test);
    command.args(["--exact", "app::repl::watch::tests::panics_in_a_chat"]);
    command.arg("--nocapture");
    command.env(ON_A_TERMINAL, "1");
    let mut child = pair.slave.spawn_command(command).expect("it runs already");
    drop(pair.slave);
    let mut shown = Vec::new();
    // On Linux the end of a pty is an error.
    let _ = pair.master.try_clone_reader().expect("the pty is open").read_to_end(&mut shown);
    let shown = String::from_utf8_lossy(&shown);
    assert!(child.wait().is_ok_and(|status| status.success()), "{shown}");
    let (_, after) = shown.split_once("\x1b[?2004h").expect("pastes are marked in a chat");
    let (restored, told) = after.split_once("\x1b[?2004l").expect("and no more behind it");
    assert!(!restored.contains("on purpose") && told.contains("on purpose"), "{shown}");
    assert_eq!(stty(&*pair.master), found, "{shown}");
}

/// The modes of the terminal.
fn stty(master: &dyn MasterPty) -> String {
    let terminal = std::fs::File::open(master.tty_name().expect("the pty has a name"));
    let output = Command::new("stty").arg("-g").stdin(terminal.expect("the pty is open")).output();
    String::from_utf8_lossy(&output.expect("there is a program `stty`").stdout).into_owned()
}
