use std::{fs, process::Stdio};

use serde_json::Value;

use super::{CODE, SEA, SKY, folder, kept, listed, sessions, world};
use crate::support::byok::Byok;

#[test]
fn into_a_pipe_go_whole_ids_and_tabs_and_the_latest_first() {
    let byok = world();
    let output = sessions(&byok, &[]);
    output.assert_code(0).assert_silent_stderr().assert_stdout(
        "dddfffggghhjjk\t2023-03-01T10:01:00.000Z\t1\tdemo:demo-1\twrite a loop\n\
         ccccdddffffggg\t2022-03-01T10:01:00.000Z\t1\tdemo:demo-1\thow deep is the sea?\n\
         bbbbcccddddfff\t2021-03-01T10:02:00.000Z\t2\tdemo:demo-1\twhy is the sky blue?\n",
    );
    assert_eq!(sessions(&byok, &["list"]).stdout, output.stdout);
    assert_eq!(listed(&byok, &["-n", "1"]), [CODE]);
}

#[test]
fn json_is_one_object_with_everything_that_is_known() {
    let byok = world();
    let output = sessions(&byok, &["--json", "-n", "1"]);
    let value: Value = serde_json::from_str(output.assert_code(0).stdout()).expect("it is JSON");
    assert_eq!(output.stdout().lines().count(), 1);
    let session = &value["sessions"][0];
    let expected = serde_json::json!({
        "id": CODE, "name": null, "title": "write a loop",
        "beganAt": "2023-03-01T10:00:00.000Z", "lastAt": "2023-03-01T10:01:00.000Z",
        "turns": 1, "profile": "demo", "model": "demo-1", "directory": byok.work(),
        "state": "complete", "file": format!("2023-03-01T100000Z-{CODE}.jsonl"),
        "bytes": session["bytes"],
    });
    assert_eq!(*session, expected);
    assert_eq!(value["v"], 1);
}

#[test]
fn filters_leave_those_that_fit() {
    let byok = world();
    assert_eq!(listed(&byok, &["--since", "2022-03-01", "--until", "2022-03-01"]), [SEA]);
    assert_eq!(listed(&byok, &["--until", "2021-12-31"]), [SKY]);
    assert_eq!(listed(&byok, &["--since", "30d"]), [""; 0]);
    assert_eq!(listed(&byok, &["--profile", "demo", "--model", "demo-1"]).len(), 3);
    assert_eq!(listed(&byok, &["-P", "other"]), [""; 0]);
    assert_eq!(listed(&byok, &["-m", "demo"]), [""; 0]);
    assert_eq!(listed(&byok, &["--here"]).len(), 3);
    let elsewhere = byok
        .with_arguments(["sessions", "--here"])
        .command()
        .current_dir(byok.home())
        .stdin(Stdio::null())
        .output()
        .expect("it runs");
    assert_eq!(elsewhere.stdout, b"");
    let wrong = sessions(&byok, &["--since", "last week"]);
    wrong.assert_code(2).assert_stderr_has("`--since last week` is neither a day nor an age");
}

#[test]
fn a_file_that_is_no_session_is_named_and_the_others_are_listed() {
    let byok = world();
    let newer = folder(&byok).join("2024-01-01T100000Z-ffffgggghhhhjj.jsonl");
    fs::write(&newer, "{\"type\":\"session\",\"v\":99,\"id\":\"ffffgggghhhhjj\",\"at\":\"2024-01-01T10:00:00Z\",\"program\":\"x\"}\n")
        .expect("the home is ours");
    let output = sessions(&byok, &[]);
    assert_eq!(output.assert_code(0).stdout().lines().count(), 3);
    output.assert_stderr_has("warning: ").assert_stderr_has("version 99");
}

#[test]
fn without_a_session_nothing_is_listed_and_nothing_is_made() {
    let byok = Byok::new();
    sessions(&byok, &[]).assert_code(0).assert_stdout("").assert_silent_stderr();
    assert!(!byok.home().join(".local").exists());
    sessions(&byok, &["show"]).assert_code(2).assert_stderr_has("there is no session yet");
}

#[test]
fn a_broken_configuration_keeps_nobody_from_what_was_said() {
    let byok = world().file("config.toml", "this is = = no TOML");
    assert_eq!(listed(&byok, &[]).len(), 3);
    sessions(&byok, &["show", SKY]).assert_code(0);
}

#[test]
fn what_could_drive_a_terminal_is_a_mark_in_titles() {
    let byok = Byok::new();
    kept(&byok, SKY, "2021-03-01", &[("\u{1b}]0;owned\u{7}\tand tabs", "x")]);
    let output = sessions(&byok, &[]);
    assert!(output.assert_code(0).stdout().ends_with("\t␛]0;owned␇ and tabs\n"), "{output}");
}

#[test]
fn path_is_the_folder_or_the_file() {
    let byok = world();
    sessions(&byok, &["path"]).assert_stdout(&format!("{}\n", folder(&byok).display()));
    let file = folder(&byok).join(format!("2021-03-01T100000Z-{SKY}.jsonl"));
    sessions(&byok, &["path", "bbbb"]).assert_stdout(&format!("{}\n", file.display()));
    sessions(&byok, &["path", "kkkk"])
        .assert_code(2)
        .assert_stderr_has("there is no session `kkkk`");
}

#[cfg(unix)]
mod on_a_terminal {
    use super::*;
    use crate::support::pty::Pty;

    #[test]
    fn rows_fit_and_the_first_twenty_are_shown() {
        let byok = Byok::new();
        for number in 10..32 {
            let letters = format!(
                "bbbb{}",
                "cdfghjkmnpqrstvbcdfghjkmnpqrstvb"
                    .get(number - 10..number)
                    .expect("it is long enough")
            );
            let id = &letters[..14];
            kept(&byok, id, &format!("20{number}-03-01"), &[(&"a long question ".repeat(9), "x")]);
        }
        let mut pty = Pty::start(&byok.with_arguments(["sessions"]), 60, 40);
        assert_eq!(pty.wait(), 0, "{}", pty.screen());
        let screen = pty.screen();
        let rows: Vec<_> = screen.lines().filter(|line| line.contains("1 turn")).collect();
        assert_eq!(rows.len(), 20, "{screen}");
        assert!(rows.iter().all(|row| row.ends_with('…')), "{screen}");
        assert!(screen.contains("note: 2 more: `--all` lists them"), "{screen}");
        assert!(rows[19].contains("ago"), "{screen}");
    }
}
