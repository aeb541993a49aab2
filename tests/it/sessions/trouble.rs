//! Whatever is wrong with the disk, the answer is shown; what is not stored is said once.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use crate::support::{
    byok::{Byok, Output},
    provider::{Provider, Script},
    streams,
};

/// The user who owns nothing.
const NOBODY: u32 = 65534;

fn chat(text: &str) -> Script {
    Script::stream(streams::chat(&[text]))
}

const BEGUN: &str = r#"{"type":"session","v":1,"id":"bcdfghjkmnpqrs","at":"2026-11-23T02:13:48.000Z","program":"byok 1.0.0"}"#;
const TURN: &str = r#"{"type":"turn","id":"t1","parent":null,"at":"2026-11-23T02:13:49.000Z","profile":"p","model":"m","wire":"completions","text":"q1"}"#;
const ANSWER: &str = r#"{"type":"answer","turn":"t1","at":"2026-11-23T02:13:50.000Z","state":"complete","profile":"p","model":"m","wire":"completions","parts":[{"kind":"text","text":"a1"}]}"#;

/// Writes the session's file.
fn with_session(byok: &Byok, lines: &[&[u8]]) -> std::path::PathBuf {
    let path = byok.data().join("sessions/2026-11-23T021348Z-bcdfghjkmnpqrs.jsonl");
    byok.write(&path, lines.join(&b'\n'));
    path
}

/// The answer is shown, and one line says that it is not stored.
#[track_caller]
fn assert_told_once(output: &Output, answer: &str) {
    output.assert_code(0).assert_stdout(&format!("{answer}\n"));
    let told = output.stderr().matches("this is not stored").count();
    assert_eq!(told, 1, "{output}");
}

/// The same for a program that reads JSON.
#[track_caller]
fn assert_told_once_in_json(output: &Output, answer: &str) {
    let told: Value = serde_json::from_str(output.assert_code(0).stdout()).expect("it is JSON");
    assert_eq!((&told["text"], &told["sessionId"]), (&json!(answer), &Value::Null), "{output}");
    let warnings = told["warnings"].as_array().expect("it is a list");
    let told = warnings.iter().filter(|it| it.as_str().is_some_and(|it| it.contains("not stored")));
    assert_eq!(told.count(), 1, "{output}");
}

/// Runs as a user whom permissions bind. `None`: that cannot be had here.
#[expect(clippy::print_stderr, reason = "who runs the tests is told")]
fn run_bound(byok: &Byok) -> Option<Output> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|it| {
        use std::os::unix::fs::MetadataExt as _;
        it.uid() == 0
    });
    let command = byok.command();
    let output = if is_root {
        give_away(byok.home());
        let mut bound = Command::new("setpriv");
        let user = NOBODY.to_string();
        bound.args(["--reuid", &user, "--regid", &user, "--clear-groups"]);
        bound.arg(command.get_program()).args(command.get_args());
        bound.env_clear().envs(byok.environment()).current_dir(byok.work());
        bound.stdin(Stdio::null()).output()
    } else {
        let mut command = command;
        command.stdin(Stdio::null()).output()
    };
    let Ok(output) = output else {
        eprintln!("skipped: there is no `setpriv` to leave root behind with");
        return None;
    };
    Some(byok.output(output.stdout, output.stderr, output.status.code()))
}

/// Gives everything in a home to the user who owns nothing.
fn give_away(path: &Path) {
    std::os::unix::fs::chown(path, Some(NOBODY), Some(NOBODY)).expect("root may");
    for entry in fs::read_dir(path).into_iter().flatten() {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            give_away(&path);
        } else {
            std::os::unix::fs::chown(path, Some(NOBODY), Some(NOBODY)).expect("root may");
        }
    }
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
}

#[test]
fn a_file_in_a_folders_place() {
    for place in ["", "sessions"] {
        let provider = Provider::start([chat("fine"), chat("fine")]);
        let byok = Byok::new().profile(&provider, "");
        // A path that ends in a slash is one of a folder.
        let path: std::path::PathBuf = byok.data().join(place).components().collect();
        byok.write(&path, "in the way");
        assert_told_once(&byok.with_arguments(["ask", "x"]).run(), "fine");
        assert_told_once_in_json(&byok.with_arguments(["ask", "--json", "x"]).run(), "fine");
        assert_eq!(fs::read_to_string(path).expect("it is there"), "in the way");
    }
}

#[test]
fn a_folder_that_may_not_be_written_to() {
    let provider = Provider::start([chat("fine"), chat("fine")]);
    let byok = Byok::new().profile(&provider, "");
    let sessions = byok.data().join("sessions");
    fs::create_dir_all(&sessions).expect("the home is ours");
    set_mode(&sessions, 0o500);
    for args in [&["ask", "x"][..], &["ask", "--json", "x"]] {
        let Some(output) = run_bound(&byok.with_arguments(args.to_vec())) else {
            // The fake insists on being asked.
            byok.with_arguments(args.to_vec()).run().assert_code(0);
            continue;
        };
        if args.contains(&"--json") {
            assert_told_once_in_json(&output, "fine");
        } else {
            assert_told_once(&output, "fine");
            output.assert_stderr_has("Permission denied");
        }
    }
    set_mode(&sessions, 0o700);
}

#[test]
#[expect(clippy::print_stderr, reason = "who runs the tests is told")]
fn a_session_that_may_be_read_and_not_written_to() {
    // Ours and locked, then another's.
    for is_foreign in [false, true] {
        let provider = Provider::start([chat("fine"), chat("fine")]);
        let byok = Byok::new().profile(&provider, "");
        let path =
            with_session(&byok, &[BEGUN.as_bytes(), TURN.as_bytes(), ANSWER.as_bytes(), b""]);
        let before = fs::read(&path).expect("it is there");
        set_mode(&path, 0o444);
        for args in [&["ask", "-r=bcdf", "x"][..], &["ask", "-r=bcdf", "--json", "x"]] {
            let byok = byok.with_arguments(args.to_vec());
            let probe = Command::new("setpriv").arg("--version").output();
            if is_foreign && probe.is_ok() && fs::read_dir("/root").is_ok() {
                give_away(byok.home());
                std::os::unix::fs::chown(&path, Some(0), Some(0)).expect("root may");
            } else if is_foreign {
                eprintln!("skipped: only root can give a file away");
            }
            let Some(output) = run_as_given(&byok, is_foreign) else {
                byok.run().assert_code(0);
                continue;
            };
            if args.contains(&"--json") {
                assert_told_once_in_json(&output, "fine");
            } else {
                assert_told_once(&output, "fine");
            }
        }
        assert_eq!(fs::read(&path).expect("it is there"), before);
        assert_eq!(provider.requests()[0].json()["messages"][1]["content"], "a1");
    }
}

/// Runs bound, owners as they are when they were said already.
fn run_as_given(byok: &Byok, is_given: bool) -> Option<Output> {
    if !is_given {
        return run_bound(byok);
    }
    let command = byok.command();
    let user = NOBODY.to_string();
    let output = Command::new("setpriv")
        .args(["--reuid", &user, "--regid", &user, "--clear-groups"])
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .envs(byok.environment())
        .current_dir(byok.work())
        .stdin(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.code() != Some(127))?;
    Some(byok.output(output.stdout, output.stderr, output.status.code()))
}

#[test]
fn a_folder_in_a_files_place_is_told_and_in_nobodys_way() {
    let provider = Provider::start([chat("fine")]);
    let byok = Byok::new().profile(&provider, "");
    let path = byok.data().join("sessions/2026-11-23T021348Z-bcdfghjkmnpqrs.jsonl");
    fs::create_dir_all(&path).expect("the home is ours");
    let output = byok.with_arguments(["ask", "-r=bcdf", "x"]).run();
    assert_ne!(output.code, Some(0), "{output}");
    output.assert_stdout("").assert_stderr_has("2026-11-23T021348Z-bcdfghjkmnpqrs.jsonl");
    byok.with_arguments(["ask", "x"]).run().assert_code(0).assert_silent_stderr();
}

#[test]
fn a_line_that_is_no_text_costs_itself() {
    let provider = Provider::start([chat("fine")]);
    let byok = Byok::new().profile(&provider, "");
    let lines = [BEGUN.as_bytes(), TURN.as_bytes(), b"\xff\xfe{\x00}", ANSWER.as_bytes(), b""];
    let path = with_session(&byok, &lines);
    let output = byok.with_arguments(["ask", "-r=bcdf", "x"]).run();
    output.assert_code(0).assert_stdout("fine\n");
    output.assert_stderr_has("a line of session `bcdfghjk` cannot be read");
    assert_eq!(provider.request().json()["messages"][1]["content"], "a1");
    let kept = fs::read(&path).expect("it is there");
    assert!(kept.starts_with(&lines.join(&b'\n')), "{}", String::from_utf8_lossy(&kept));
    let check = byok.with_arguments(["sessions", "check", "--mend"]).run();
    check.assert_code(1);
    assert!(check.stdout().contains(".jsonl:3: this line cannot be read"), "{check}");
}

#[test]
fn a_session_of_a_newer_program_is_left_to_it() {
    let provider = Provider::start([]);
    let byok = Byok::new().profile(&provider, "");
    let begun = BEGUN.replace("\"v\":1", "\"v\":2");
    let path = with_session(&byok, &[begun.as_bytes(), b"{\"type\":\"novel\""]);
    let before = fs::read(&path).expect("it is there");
    let output = byok.with_arguments(["ask", "-r=bcdf", "x"]).run();
    assert_ne!(output.code, Some(0), "{output}");
    output.assert_stderr_has("version 2").assert_stderr_has("a newer byok can read it");
    byok.with_arguments(["sessions", "check", "--mend"]).run().assert_code(1);
    assert_eq!(fs::read(&path).expect("it is there"), before);
}

/// A disk of 64 KiB that is full before anything is asked, and one that fills up on the way.
#[test]
#[expect(clippy::print_stderr, reason = "who runs the tests is told")]
fn a_disk_that_is_full() {
    for fill in ["head -c 100000 /dev/zero > \"$XDG_DATA_HOME/fill\" 2>/dev/null", "true"] {
        let long = "word ".repeat(30_000) + "end";
        let provider = Provider::start([chat(&long)]);
        let byok = Byok::new().profile(&provider, "").args(["ask", "x"]);
        fs::create_dir_all(byok.home().join(".local/share")).expect("the home is ours");
        let script = format!(
            "mount -t tmpfs -o size=64k tmpfs \"$XDG_DATA_HOME\" || exit 99; {fill}; \"$0\" \"$@\""
        );
        let command = byok.command();
        let output = Command::new("unshare")
            .args(["-rm", "sh", "-c", &script])
            .arg(command.get_program())
            .args(command.get_args())
            .env_clear()
            .envs(byok.environment())
            .current_dir(byok.work())
            .stdin(Stdio::null())
            .output();
        let is_skipped = |code: Option<i32>| matches!(code, Some(1 | 99));
        match output {
            Ok(output) if !is_skipped(output.status.code()) => {
                let output = byok.output(output.stdout, output.stderr, output.status.code());
                assert_told_once(&output, &long);
                output.assert_stderr_has("No space left on device");
            }
            _ => {
                eprintln!("skipped: no file system of its own can be had here");
                byok.run().assert_code(0);
            }
        }
    }
}

#[test]
fn a_gigabyte_is_read_in_the_memory_that_it_takes() {
    use std::io::Write as _;

    if !super::is_long() {
        return;
    }
    let provider = Provider::start([chat("fine")]);
    let byok = Byok::new().profile(&provider, "");
    let path = with_session(&byok, &[BEGUN.as_bytes(), b""]);
    let mut file =
        std::io::BufWriter::new(fs::File::options().append(true).open(&path).expect("it is ours"));
    let words = "word ".repeat(20_000);
    let mut parent = "null".to_owned();
    for number in 0..10_000 {
        // Every turn begins anew, so that a request carries one of them.
        let id = format!("t{number}");
        writeln!(file, "{}", TURN.replace("\"t1\"", &format!("\"{id}\"")).replace("null", &parent))
            .expect("there is room");
        writeln!(file, "{}", ANSWER.replace("\"t1\"", &format!("\"{id}\"")).replace("a1", &words))
            .expect("there is room");
        "null".clone_into(&mut parent);
    }
    file.into_inner().expect("there is room");
    assert!(fs::metadata(&path).expect("it is there").len() > 1_000_000_000);
    for args in [&["ask", "-r=bcdf", "x"][..], &["sessions", "check"]] {
        let command = byok.with_arguments(args.to_vec()).command();
        // Twice of what was said, and not more.
        let output = Command::new("sh")
            .args(["-c", "ulimit -v 4000000; exec \"$0\" \"$@\""])
            .arg(command.get_program())
            .args(command.get_args())
            .env_clear()
            .envs(byok.environment())
            .current_dir(byok.work())
            .stdin(Stdio::null())
            .output()
            .expect("there is a shell");
        byok.output(output.stdout, output.stderr, output.status.code()).assert_code(0);
    }
}
