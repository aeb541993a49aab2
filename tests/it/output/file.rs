//! `-o`: a file that appears whole or not at all.

use std::fs;

use super::{broken, check};
use crate::support::{
    byok::{Byok, Output},
    provider::{Provider, Script},
    streams,
};

/// The names in the working folder, sorted.
fn listing(byok: &Byok) -> Vec<String> {
    let entries = fs::read_dir(byok.work()).expect("the working folder is there");
    let names = entries.map(|entry| entry.expect("it can be read").file_name());
    let mut names: Vec<_> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[track_caller]
fn write(byok: &Byok, script: Script, args: &[&str]) -> Output {
    let provider = Provider::start([script]);
    byok.clone().profile(&provider, "").args(["ask"]).args(args.to_vec()).args(["x"]).run()
}

fn read(byok: &Byok, name: &str) -> String {
    fs::read_to_string(byok.work().join(name)).expect("the file is there")
}

#[test]
fn the_file_holds_what_standard_output_would() {
    for (args, text) in [(&[][..], "␛a\n"), (&["--raw"], "\u{1b}a")] {
        let byok = Byok::new();
        let script = Script::stream(streams::chat(&["\u{1b}a"]));
        let output = write(&byok, script, &[args, &["-o", "a.md"]].concat());
        output.assert_code(0).assert_stdout("").assert_silent_stderr();
        assert_eq!((read(&byok, "a.md").as_str(), listing(&byok)), (text, vec!["a.md".to_owned()]));
    }
}

#[test]
fn a_cut_answer_is_set_aside_and_that_is_said_even_quietly() {
    for args in [&["-o", "a.md"][..], &["-q", "-o", "a.md"]] {
        let byok = Byok::new().file("a.md", "old");
        let output = write(&byok, broken(&["half"]), args);
        output.assert_code(13).assert_stdout("").assert_stderr_has("a.md.partial");
        assert_eq!(
            (read(&byok, "a.md").as_str(), read(&byok, "a.md.partial").as_str()),
            ("old", "half\n")
        );
        assert_eq!(listing(&byok), ["a.md", "a.md.partial"]);
    }
}

#[test]
fn a_failure_leaves_no_trace() {
    for args in [&["-o", "a.md"][..], &["-x", "-o", "a.md"]] {
        let byok = Byok::new().file("a.md", "old");
        let output = write(&byok, Script::json(400, "{}"), args);
        output.assert_code(10).assert_stdout("");
        assert_eq!(
            (read(&byok, "a.md").as_str(), listing(&byok)),
            ("old", vec!["a.md".to_owned()])
        );
    }
}

#[test]
fn no_code_block_leaves_no_trace_either() {
    let byok = Byok::new();
    let output = write(&byok, Script::stream(streams::chat(&["words"])), &["-x", "-o", "a.sh"]);
    output.assert_code(1).assert_stdout("");
    assert!(listing(&byok).is_empty());
}

#[test]
fn json_is_whole_even_when_the_answer_is_not() {
    let byok = Byok::new();
    let output = write(&byok, broken(&["half"]), &["--json", "-o", "a.json"]);
    output.assert_code(13).assert_stdout("");
    let result: serde_json::Value =
        serde_json::from_str(&read(&byok, "a.json")).expect("the file is JSON");
    assert_eq!((&result["text"], &result["exitCode"]), (&"half".into(), &13.into()));
    assert_eq!(listing(&byok), ["a.json"]);
}

#[test]
fn a_place_that_can_not_be_written_to_is_told_before_anybody_is_asked() {
    let provider = Provider::start([]);
    let byok = Byok::new().profile(&provider, "").file("folder/x", "").file("locked.md", "old");
    let locked = byok.work().join("locked.md");
    let mut permissions = fs::metadata(&locked).expect("it is there").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&locked, permissions).expect("the home is ours");
    for (place, says) in [
        ("no/such/a.md", "there is no folder `no/such`"),
        ("folder", "it is a directory"),
        ("locked.md", "it is read-only"),
    ] {
        let output = byok.clone().args(["ask", "-o", place, "x"]).run();
        output.assert_code(2).assert_stdout("").assert_stderr_has(says);
        output.assert_stderr_has(&format!("`{place}` cannot be written to"));
    }
    assert_eq!(provider.connections(), 0);
    assert_eq!(read(&byok, "locked.md"), "old");
}

#[test]
fn a_preview_writes_no_file() {
    let provider = Provider::start([]);
    let byok = Byok::new().profile(&provider, "");
    for flag in ["--dry-run", "--curl"] {
        byok.clone().args(["ask", flag, "-o", "a.md", "x"]).run().assert_code(0);
        assert!(listing(&byok).is_empty());
    }
}

#[cfg(unix)]
#[test]
fn a_link_keeps_pointing_and_a_mode_stays() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let byok = Byok::new().file("target.md", "old");
    let target = byok.work().join("target.md");
    fs::set_permissions(&target, fs::Permissions::from_mode(0o600)).expect("the home is ours");
    symlink("target.md", byok.work().join("link.md")).expect("the home is ours");
    let output = write(&byok, Script::stream(streams::chat(&["new"])), &["-o", "link.md"]);
    output.assert_code(0);
    assert_eq!(read(&byok, "target.md"), "new\n");
    assert!(fs::symlink_metadata(byok.work().join("link.md")).expect("it is there").is_symlink());
    let mode = fs::metadata(&target).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
}

#[cfg(unix)]
#[test]
fn a_device_is_written_to_and_stays() {
    check("fine", &["-o", "/dev/null"], "");
    check("fine", &["-o", "/dev/stdout"], "fine\n");
}
