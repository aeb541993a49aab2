//! A text in the person's own editor, and back.

use std::os::unix::fs::PermissionsExt as _;

use super::desk::Desk;
use crate::support::byok::Byok;

/// A world whose editor is this script of the shell; `$1` is the file.
fn with_editor(variable: &str, script: &str) -> Byok {
    let byok = Byok::new().file("editor", format!("#!/bin/sh\n{script}\n"));
    let path = byok.work().join("editor");
    let mode = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(&path, mode).expect("the file is ours");
    byok.env(variable, path)
}

fn left(byok: &Byok, name: &str) -> String {
    std::fs::read_to_string(byok.work().join(name)).expect("the editor has left it")
}

#[test]
fn an_edited_text_comes_back_into_the_line_and_waits_for_enter() {
    let byok = with_editor("VISUAL", "cp \"$1\" before; printf 'two\\r\\n  three\\n\\n' >> \"$1\"");
    let mut desk = Desk::with(byok.env("EDITOR", "false"), "", 1);
    desk.pty.send("one\x07");
    desk.pty.wait_for_line("  three");
    assert_eq!(left(&desk.byok, "before"), "one\n");
    assert_eq!(desk.questions(), Vec::<String>::new());
    desk.ask("!\r");
    assert_eq!(desk.questions(), ["one\ntwo\n  three!"]);
}

#[test]
fn an_editor_sees_no_key_and_its_file_is_private() {
    let byok = with_editor("EDITOR", "env > seen; stat -c %a \"$1\" >> seen; echo \"$1\" >> seen");
    let byok = byok.env("MY_KEY", "canary-1").env("OPENAI_API_KEY", "canary-2");
    let mut desk = Desk::with(byok.env("MINE", "stays"), "api_key_env = \"MY_KEY\"\n", 0);
    desk.pty.send("one\x07");
    desk.pty
        .wait_until("second prompt", |screen| screen.contents().matches("p:m> one").count() == 2);
    let seen = left(&desk.byok, "seen");
    assert!(!seen.contains("canary"), "{seen}");
    assert!(seen.contains("MINE=stays"), "{seen}");
    let (mode, path) = seen.trim_end().rsplit_once('\n').expect("two lines end it");
    assert!(mode.ends_with("\n600"), "{seen}");
    assert!(!std::path::Path::new(path).exists(), "{seen}");
}

#[test]
fn an_editor_that_fails_changes_nothing() {
    for (script, told) in [
        ("echo lost > \"$1\"; exit 1", "the editor gave up: nothing was changed"),
        ("rm \"$1\"", "the editor left no file behind"),
    ] {
        let mut desk = Desk::with(with_editor("EDITOR", script), "", 1);
        desk.pty.send("my words\x07");
        desk.pty.wait_for(told);
        desk.pty.wait_for_line("p:m> my words");
        desk.ask("\r");
        assert_eq!(desk.questions(), ["my words"]);
    }
}

#[test]
fn an_editor_that_is_missing_loses_nothing() {
    let mut desk = Desk::with(Byok::new().env("EDITOR", "no-such-editor"), "", 1);
    desk.pty.send("my words\x07");
    desk.pty.wait_for("the editor `no-such-editor` that `$EDITOR` names does not start");
    desk.pty.wait_for_line("p:m> my words");
    desk.ask("\r");
    assert_eq!(desk.questions(), ["my words"]);
}

#[test]
fn a_typed_word_still_attaches_after_the_editor_and_one_written_there_does_not() {
    let byok = with_editor("EDITOR", "printf 'and @b.txt\\n' >> \"$1\"");
    let byok = byok.file("a.txt", "one\n").file("b.txt", "two\n");
    let mut desk = Desk::with(byok, "", 1);
    desk.pty.send("see @a.txt\x07");
    desk.pty.wait_for_line("and @b.txt");
    desk.ask("\r");
    assert_eq!(desk.questions(), ["<file name=\"a.txt\">\none\n</file>\n\nsee @a.txt\nand @b.txt"]);
    desk.pty.wait_for("`@b.txt` is not attached");
}

#[test]
fn an_edited_question_is_asked_in_the_place_of_the_old_one() {
    let byok = with_editor("EDITOR", "sed -i s/old/new/ \"$1\"");
    let mut desk = Desk::with(byok, "", 2);
    desk.ask("old question\r");
    desk.ask("/edit\r");
    assert_eq!(desk.questions(), ["old question", "new question"]);
    let body = desk.provider.requests()[1].json();
    assert_eq!(body["messages"].as_array().map(Vec::len), Some(1), "{body}");
    desk.say("/edit\r", "the question is unchanged: nothing was sent");
}
