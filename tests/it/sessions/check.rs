//! `byok sessions check`

use std::fs;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{
    byok::Byok,
    provider::{Provider, Script},
    streams,
};

const PATH: &str = ".local/share/byok/sessions/2026-11-23T021348Z-bcdfghjkmnpqrs.jsonl";

/// A world with a session's file that was torn in mid-answer.
fn torn() -> Byok {
    let byok = Byok::new();
    let path = byok.home().join(PATH);
    let lines = [
        r#"{"type":"session","v":1,"id":"bcdfghjkmnpqrs","at":"2026-11-23T02:13:48.000Z","program":"byok 1.0.0"}"#,
        r#"{"type":"turn","id":"t1","parent":null,"at":"2026-11-23T02:13:49.000Z","profile":"p","model":"m","wire":"completions","text":"q1"}"#,
        r#"{"type":"more","turn":"t1","part":0,"kind":"text","text":"half of it"}"#,
        r#"{"type":"more","turn":"t1","pa"#,
    ];
    byok.write(&path, lines.join("\n"));
    byok
}

#[test]
fn all_is_well_where_nothing_is_kept_and_after_a_run() {
    let provider = Provider::start([Script::stream(streams::chat(&["fine"]))]);
    let byok = Byok::new().profile(&provider, "");
    let check = || byok.with_arguments(["sessions", "check"]).run();
    assert_eq!(check().assert_code(0).stdout(), "0 sessions: all is well\n");
    byok.with_arguments(["ask", "x"]).run().assert_code(0);
    assert_eq!(check().assert_code(0).stdout(), "1 session: all is well\n");
}

#[test]
fn what_a_kill_left_is_told_mended_and_well_then() {
    let byok = torn();
    let before = fs::read_to_string(byok.home().join(PATH)).expect("it is there");
    assert_snapshot!(byok.with_arguments(["sessions", "check"]).run(), @r"
    ----- stdout -----
    [HOME]/.local/share/byok/sessions/2026-11-23T021348Z-bcdfghjkmnpqrs.jsonl:4: its last line has no end: a process was killed here
    [HOME]/.local/share/byok/sessions/2026-11-23T021348Z-bcdfghjkmnpqrs.jsonl: an answer came in part, and nobody wrote its end
    1 session: 2 faults; `byok sessions check --mend` puts right what can be put right
    ----- stderr -----
    ----- exit code 1 -----
    ");
    assert_snapshot!(byok.with_arguments(["sessions", "check", "--mend"]).run(), @r"
    ----- stdout -----
    [HOME]/.local/share/byok/sessions/2026-11-23T021348Z-bcdfghjkmnpqrs.jsonl:4: its last line has no end: a process was killed here (mended)
    [HOME]/.local/share/byok/sessions/2026-11-23T021348Z-bcdfghjkmnpqrs.jsonl: an answer came in part, and nobody wrote its end (mended)
    1 session, 2 faults mended: all is well now
    ----- stderr -----
    ----- exit code 0 -----
    ");
    let after = fs::read_to_string(byok.home().join(PATH)).expect("it is there");
    assert!(after.starts_with(&before) && after.contains(r#""state":"partial""#), "{after}");
    byok.with_arguments(["sessions", "check"]).run().assert_code(0);
}

#[test]
fn programs_are_told_in_json() {
    let byok = torn();
    let output = byok.with_arguments(["sessions", "check", "--json"]).run();
    let told: Value = serde_json::from_str(output.assert_code(1).stdout()).expect("it is JSON");
    let file = byok.home().join(PATH);
    assert_eq!(
        told,
        json!({
            "v": 1, "sessions": 1, "inUse": 0, "isWell": false,
            "faults": [
                {"file": file, "line": 4, "kind": "torn", "isMended": false,
                    "message": "its last line has no end: a process was killed here"},
                {"file": file, "line": null, "kind": "unfinished", "isMended": false,
                    "message": "an answer came in part, and nobody wrote its end"},
            ],
            "unnamedFiles": 0, "unnamedBytes": 0,
        })
    );
}

#[test]
fn a_configuration_that_cannot_be_read_keeps_nobody_from_looking() {
    let byok = torn().file("config.toml", "this is no TOML");
    byok.with_arguments(["sessions", "check", "--mend"]).run().assert_code(0);
}
