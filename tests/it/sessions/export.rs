use insta::assert_snapshot;
use serde_json::Value;

use crate::support::byok::{Byok, Output, masked};

/// A world in which one question was asked of the demo.
fn asked() -> Byok {
    let byok = Byok::new();
    byok.with_arguments(["ask", "--profile", "demo", "What is 2+2?"]).run().assert_code(0);
    byok
}

fn export<'a>(byok: &Byok, args: impl IntoIterator<Item = &'a str>) -> Output {
    byok.with_arguments(["sessions", "export"]).args(args).run()
}

#[track_caller]
fn read(byok: &Byok, name: &str) -> String {
    std::fs::read_to_string(byok.work().join(name)).expect("it was written")
}

#[test]
fn the_last_session_leaves_as_markdown() {
    let byok = asked();
    let output = export(&byok, []);
    output.assert_code(0).assert_silent_stderr();
    let id = id_of(&byok);
    let text = masked(&output.stdout().replace(&id, "[SESSION]"), byok.home());
    assert!(text.starts_with("# What is 2+2?\n\n_"), "{text}");
    assert!(
        text.contains("session `[SESSION]`_\n\n## 1. Question\n\n> What is 2+2?\n\n"),
        "{text}"
    );
    assert!(text.contains("## 1. Answer of `demo:"), "{text}");
}

#[test]
fn the_name_of_the_file_says_the_format() {
    let byok = asked();
    for (name, beginning) in [
        ("a.html", "<!doctype html>"),
        ("a.json", "{\"v\":1,\"type\":\"session\""),
        ("a.md", "# What"),
    ] {
        let output = export(&byok, ["-o", name]);
        output.assert_code(0).assert_stdout("").assert_stderr_has("note: exported `");
        assert!(read(&byok, name).starts_with(beginning), "{name}");
    }
    export(&byok, ["-o", "b.md", "--format", "json"]).assert_code(0);
    assert!(read(&byok, "b.md").starts_with('{'));
}

#[test]
fn a_file_that_is_there_is_replaced_by_force_only() {
    let byok = asked().file("a.md", "mine");
    let output = export(&byok, ["-o", "a.md"]);
    output.assert_code(2);
    assert_snapshot!(output, @r"
    ----- stdout -----
    ----- stderr -----
    error: `a.md` is there already

    hint: `--force` replaces it
    ----- exit code 2 -----
    ");
    assert_eq!(read(&byok, "a.md"), "mine");
    export(&byok, ["-o", "a.md", "--force"]).assert_code(0);
    assert!(read(&byok, "a.md").starts_with("# What"));
}

#[test]
fn a_session_is_named_by_the_beginning_of_its_id() {
    let byok = asked();
    let id = id_of(&byok);
    let output = export(&byok, [&id[..6], "--format", "json"]);
    let json: Value = serde_json::from_str(output.stdout()).expect("it is JSON");
    assert_eq!(json["id"], id.as_str());
    assert_eq!(json["turns"][0]["question"], "What is 2+2?");
    assert_eq!(json["turns"][0]["end"]["state"], "complete");
}

#[test]
fn without_a_session_there_is_nothing_to_export() {
    assert_snapshot!(export(&Byok::new(), []), @r"
    ----- stdout -----
    ----- stderr -----
    error: there is no session yet
    ----- exit code 2 -----
    ");
    export(&Byok::new(), ["bcdf"]).assert_code(2).assert_stderr_has("there is no session `bcdf`");
}

/// The id of the only session.
fn id_of(byok: &Byok) -> String {
    let folder = byok.home().join(".local/share/byok/sessions");
    let mut names = std::fs::read_dir(folder).expect("it was made");
    let name = names.next().expect("there is one").expect("it is readable").file_name();
    let name = name.to_string_lossy().into_owned();
    let stem = name.strip_suffix(".jsonl").expect("it is a session");
    stem.rsplit_once('-').expect("a time stands before the id").1.to_owned()
}
