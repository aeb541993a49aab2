use std::{fs, path::PathBuf};

use insta::assert_snapshot;
use serde_json::Value;

use crate::support::byok::{Byok, Output};

fn import<'a>(byok: &Byok, files: impl IntoIterator<Item = &'a str>) -> Output {
    byok.with_arguments(["sessions", "import"]).args(files).run()
}

/// An exported session, by its id.
fn exported(byok: &Byok, id: &str) -> Value {
    let output = byok.with_arguments(["sessions", "export", id, "--format", "json"]).run();
    serde_json::from_str(output.assert_code(0).stdout()).expect("it is JSON")
}

fn sessions(byok: &Byok) -> Vec<PathBuf> {
    let folder = byok.home().join(".local/share/byok/sessions");
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.expect("it is readable").path()).collect()
}

/// A world with a session of two turns, one of which took a file along.
fn talked() -> Byok {
    let byok = Byok::new().file("notes.txt", "3 apples\n");
    let ask = |args: &[&str]| {
        byok.with_arguments(["ask", "--profile", "demo"]).args(args).run().assert_code(0);
    };
    ask(&["-f", "notes.txt", "What is 2+2?"]);
    ask(&["-c", "--system", "Be brief.", "And 3+3?"]);
    byok
}

/// Everything but where it comes from.
fn said(mut json: Value) -> Value {
    json["importedFrom"].take();
    json
}

#[test]
fn what_is_exported_comes_back_as_it_was() {
    let here = talked();
    here.with_arguments(["sessions", "export", "-o", "s.json"]).run().assert_code(0);
    let text = fs::read_to_string(here.work().join("s.json")).expect("it was written");
    let there = Byok::new().file("s.json", &text);
    let output = import(&there, ["s.json"]);
    output.assert_code(0).assert_stderr_has("`What is 2+2?` (2 turns)");
    let id = output.stdout().trim();
    let before: Value = serde_json::from_str(&text).expect("it is JSON");
    let after = exported(&there, id);
    assert_eq!(after["importedFrom"], "s.json");
    assert_eq!(said(after), said(before));
    let file = fs::read_to_string(&sessions(&there)[0]).expect("it is there");
    let lines: Vec<&str> = file.lines().collect();
    assert!(lines[0].starts_with("{\"type\":\"session\",\"v\":1,") && lines.len() == 5, "{file}");
    assert!(lines[0].contains("\"importedFrom\":\"s.json\""), "{file}");
}

#[test]
fn what_was_imported_can_be_gone_on_with() {
    let here = talked();
    here.with_arguments(["sessions", "export", "-o", "s.json"]).run().assert_code(0);
    let text = fs::read_to_string(here.work().join("s.json")).expect("it was written");
    let there = Byok::new().file("s.json", text);
    let output = import(&there, ["s.json"]);
    let id = output.assert_code(0).stdout().trim().to_owned();
    let output = there.with_arguments(["ask", &format!("-r={id}"), "--dry-run", "go on"]).run();
    let request = output.assert_code(0).stdout();
    for words in ["3 apples", "What is 2+2?", "And 3+3?", "Be brief.", "go on"] {
        assert!(request.contains(words), "no {words} in {request}");
    }
}

#[test]
fn a_session_file_of_another_machine_is_taken_once() {
    let here = talked();
    let file = fs::read_to_string(&sessions(&here)[0]).expect("it is there");
    let there =
        Byok::new().file("copied.jsonl", &file).file("torn.jsonl", &file[..file.len() - 40]);
    let output = import(&there, ["copied.jsonl"]);
    output.assert_code(0).assert_stderr_has("the text of `notes.txt` did not come along");
    let id = output.stdout().trim().to_owned();
    assert!(sessions(&here)[0].to_string_lossy().contains(&id), "the id is kept");
    let again = import(&there, ["copied.jsonl", "copied.jsonl"]);
    again.assert_code(0).assert_stdout(&format!("{id}\n{id}\n"));
    again.assert_stderr_has("`copied.jsonl` is there already, in session");
    assert_eq!(sessions(&there).len(), 1);
    // The same id, and less of its last answer.
    let other = import(&there, ["torn.jsonl"]);
    other.assert_code(0).assert_stderr_has("has no end");
    other.assert_stderr_has("is here with other turns");
    assert_ne!(other.stdout().trim(), id);
    import(&there, ["torn.jsonl"]).assert_code(0).assert_stdout(other.stdout());
    assert_eq!(sessions(&there).len(), 2);
}

#[test]
fn a_session_of_aichat_comes_in() {
    let yaml = "model: openai:gpt-4o\ntemperature: 0.2\nsave_session: true\nmessages:\n\
        - role: system\n  content: Be brief.\n\
        - role: user\n  content: |-\n    why?\n\n    really\n\
        - role: assistant\n  content: '<think>hm</think>Because: it is.'\n";
    let byok = Byok::new().file("sky.yaml", yaml);
    let output = import(&byok, ["sky.yaml"]);
    output.assert_code(0).assert_stderr_has("`sky` (1 turn)");
    let json = exported(&byok, output.stdout().trim());
    assert_eq!(json["name"], "sky");
    let turn = &json["turns"][0];
    assert_eq!(turn["question"], "why?\n\nreally");
    assert_eq!((&turn["profile"], &turn["model"]), (&"openai".into(), &"gpt-4o".into()));
    assert_eq!(turn["chosen"]["system"], "Be brief.");
    assert_eq!(turn["answer"]["text"], "Because: it is.");
    assert_eq!(turn["answer"]["parts"][0]["kind"], "reasoning");
    import(&byok, ["sky.yaml"]).assert_code(0).assert_stderr_has("is there already");
}

#[test]
fn each_bad_file_is_told_and_the_good_ones_come_in() {
    let good =
        "model: a:b\nmessages:\n- role: user\n  content: q\n- role: assistant\n  content: a\n";
    let byok = Byok::new()
        .file("good.yaml", good)
        .file("bad.yaml", "model: a:b\nmessages:\n- role: user\n  content: {\n")
        .file("other.yaml", "name: x\n")
        .file("bad.json", "{\"v\":1,\"type\":\"session\",\n \"id\":7}")
        .file("other.json", "{\"type\":\"conversation\"}")
        .file("newer.json", "{\"v\":2,\"type\":\"session\",\"turns\":[]}")
        .file("newer.jsonl", "{\"type\":\"session\",\"v\":9,\"id\":\"bcdfghjkmnpqrs\",\"at\":\"2026-11-22T17:20:16Z\",\"program\":\"x\"}\n");
    let files = [
        "bad.yaml",
        "other.yaml",
        "bad.json",
        "other.json",
        "newer.json",
        "newer.jsonl",
        "no.json",
        "good.yaml",
    ];
    let output = import(&byok, files);
    output.assert_code(1);
    assert_eq!(output.stdout().lines().count(), 1, "{output}");
    assert_eq!(sessions(&byok).len(), 1);
    let lines: Vec<&str> =
        output.stderr().lines().filter(|line| line.starts_with("error:")).collect();
    assert_snapshot!(lines.join("\n"), @r"
    error: `bad.yaml`, line 5: while parsing a node, did not find expected node content
    error: `other.yaml`, line 1: there are no `messages`: it is no session of aichat
    error: `bad.json`, line 2: invalid type: integer `7`, expected a string
    error: `other.json`: it is no session: its `type` is `conversation`
    error: `newer.json`: it is in version 2 of the format, which this program does not know
    error: `newer.jsonl` is in version 9 of the format, which this program does not know
    error: `no.json` cannot be read
    ");
}
