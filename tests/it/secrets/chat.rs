//! The same for a whole chat: the terminal, and every file and program that it has to do with.

use std::{fs, os::unix::fs::PermissionsExt as _};

use serde_json::Value;

use super::{KEY, assert_clean, assert_clean_folder, sources, world};
use crate::support::{
    byok::Byok,
    chat::Chat,
    provider::{Provider, Script},
    streams,
};

/// An editor and a clipboard that leave their environment and their input behind.
fn with_programs(byok: Byok) -> Byok {
    let editor = "#!/bin/sh\nenv >> environment\ncat \"$1\" >> input\necho again >> \"$1\"\n";
    let byok = byok.file("editor", editor);
    let byok = byok.file("xclip", "#!/bin/sh\nenv >> environment\ncat >> input\n");
    for name in ["editor", "xclip"] {
        let path = byok.work().join(name);
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("the file is ours");
    }
    let path = format!("{}:/usr/bin:/bin", byok.work().display());
    let editor = byok.work().join("editor");
    byok.env("PATH", path).env("DISPLAY", ":0").env("EDITOR", editor)
}

#[test]
fn no_byte_of_a_chat_and_no_file_or_program_of_it_has_the_key() {
    for (name, source) in sources().into_iter().filter(|(name, _)| *name != "azure") {
        let refusal = || {
            let text = format!("Incorrect API key provided: {KEY}.");
            Script::json(401, streams::error(&text, "x", &Value::from(KEY)))
        };
        let answer = |text| {
            Script::stream(match name {
                "anthropic" => streams::messages(&[text]),
                _ => streams::chat(&[text]),
            })
        };
        let mut scripts = vec![refusal()];
        // Only a command is asked again, for each refusal.
        scripts.extend((name == "command").then(refusal));
        scripts.extend([answer("one"), answer("two"), refusal()]);
        scripts.extend((name == "command").then(refusal));
        let provider = Provider::start(scripts);
        let byok = with_programs(world(&provider, &source));
        // Only what the configuration names is known to be a key.
        let is_known = source.contains("env = \"KEY\"");
        let is_needed = is_known || name == "command";
        let byok = if is_needed { byok } else { byok.env("KEY", "") };
        let mut chat = Chat::start(&byok, ["-vv"]);
        chat.say("q1");
        chat.say("/retry");
        chat.say("/edit");
        for command in [
            "/show",
            "/set",
            "/profile",
            "/context",
            "/usage",
            "/tree",
            "/raw",
            "/copy",
            "/models",
            "/export a.md",
            "/export a.json",
            "/save a.txt",
        ] {
            chat.say(command);
        }
        let screen = chat.pty.terminal().contents();
        assert!(screen.contains("two") && !screen.contains("panicked"), "{screen}");
        assert_clean(&format!("the screen, {name}"), screen.as_bytes());
        let pty = chat.leave();
        assert_clean(&format!("the terminal, {name}"), pty.seen());
        let of_the_command: &[_] = if name == "command" { &["environment"] } else { &[] };
        let ours = [&["config.toml", "key"], of_the_command].concat();
        assert_clean_folder(byok.home(), &ours);
        let read = |name: &str| fs::read_to_string(byok.work().join(name)).expect("it is there");
        assert_eq!(read("environment").matches("DISPLAY=:0").count(), 2, "both programs ran");
        assert_eq!(read("input"), "q1\ntwo");
        // What a program of the person's own needs is there.
        assert!(read("environment").contains("HOME="));
    }
}

#[test]
fn a_key_that_is_typed_or_pasted_is_not_in_the_history() {
    let answer = || Script::stream(streams::chat(&["one"]));
    let provider = Provider::start([answer(), answer()]);
    let byok = world(&provider, "api_key = { env = \"KEY\" }");
    let mut chat = Chat::start(&byok, []);
    chat.say(&format!("is {KEY} a key"));
    chat.say(&format!("/system My key is {KEY}"));
    chat.say("/set api_key=sk-CANARY-0123456789abcdefghij");
    chat.say("harmless");
    chat.leave();
    let history = fs::read_to_string(byok.home().join(".local/state/byok/history")).expect("kept");
    assert!(history.contains("harmless"), "{history}");
    assert_clean("the history", history.as_bytes());
}
