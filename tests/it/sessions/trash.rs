use std::fs;

use super::{CODE, SEA, SKY, folder, kept, listed, sessions, world};
use crate::support::byok::Byok;

fn trash(byok: &Byok) -> Vec<String> {
    let Ok(entries) = fs::read_dir(byok.home().join(".local/share/byok/trash")) else {
        return Vec::new();
    };
    entries.map(|it| it.expect("it is ours").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn what_is_removed_comes_back() {
    let byok = world();
    let removed = sessions(&byok, &["rm", "--yes", SKY, "cccc"]);
    removed.assert_code(0).assert_stderr_has("2 sessions went to the trash");
    assert_eq!(listed(&byok, &[]), [CODE]);
    assert_eq!(trash(&byok).len(), 2);
    let restorable = sessions(&byok, &["restore"]);
    assert_eq!(restorable.assert_code(0).stdout().lines().count(), 2, "{restorable}");
    sessions(&byok, &["restore", "bbbb"]).assert_code(0).assert_stderr_has("is back");
    assert_eq!(listed(&byok, &[]), [CODE, SKY]);
    sessions(&byok, &["restore", SKY]).assert_code(2).assert_stderr_has("in the trash");
}

#[test]
fn without_a_terminal_it_has_to_be_said() {
    let byok = world();
    let refused = sessions(&byok, &["rm", SKY]);
    refused.assert_code(2).assert_stderr_has("hint: `--yes` does it unasked");
    sessions(&byok, &["prune", "--older-than", "1d"]).assert_code(2);
    assert_eq!(listed(&byok, &[]).len(), 3);
    // One that is not there keeps the others where they are.
    sessions(&byok, &["rm", "--yes", SKY, "kkkk"]).assert_code(2);
    assert_eq!(listed(&byok, &[]).len(), 3);
}

#[test]
fn a_session_in_use_stays_and_the_others_go() {
    let byok = world();
    let held = fs::File::open(folder(&byok).join(format!("2021-03-01T100000Z-{SKY}.jsonl")));
    let held = held.expect("it is there");
    held.lock().expect("nobody has it");
    let output = sessions(&byok, &["rm", "--yes", SKY, SEA]);
    output.assert_code(1).assert_stderr_has(&format!("session `{SKY}` is in use: it stays"));
    assert_eq!(listed(&byok, &[]), [CODE, SKY]);
}

#[test]
fn old_sessions_are_pruned_and_nothing_else() {
    let byok = world();
    Byok::args(byok.clone(), ["ask", "-P", "demo", "What is 2+2?"]).run().assert_code(0);
    let plan = sessions(&byok, &["prune", "--older-than", "30d", "--dry-run"]);
    plan.assert_code(0).assert_stderr_has("put 3 sessions into the trash");
    assert_eq!(listed(&byok, &[]).len(), 4);
    let done = sessions(&byok, &["prune", "--older-than", "30d", "--yes"]);
    done.assert_code(0).assert_stderr_has("3 sessions went to the trash, for 30 days");
    assert_eq!(listed(&byok, &[]).len(), 1);
    let again = sessions(&byok, &["prune", "--older-than", "30d", "--yes"]);
    again.assert_code(0).assert_stderr_has("there is nothing to prune");
}

#[test]
fn what_was_removed_long_ago_is_deleted_by_any_command() {
    let byok = world();
    let folder = byok.home().join(".local/share/byok/trash");
    fs::create_dir_all(&folder).expect("the home is ours");
    let file = kept(&byok, "ffffgggghhhhjj", "2020-01-01", &[("old", "x")]);
    let name = file.file_name().expect("it has one").to_string_lossy().into_owned();
    fs::rename(&file, folder.join(format!("2020-02-01T100000Z_{name}"))).expect("it is ours");
    fs::write(folder.join("mine.txt"), "mine").expect("the home is ours");
    listed(&byok, &[]);
    assert_eq!(trash(&byok), ["mine.txt"]);
}

#[cfg(unix)]
#[test]
fn a_person_is_asked() {
    use crate::support::pty::Pty;

    let byok = world();
    for (answer, code, left) in [("\r", 130, 3), ("y\r", 0, 2)] {
        let mut pty = Pty::start(&byok.with_arguments(["sessions", "rm", SKY]), 100, 20);
        pty.wait_for("put session `bbbbcccd`, `why is the sky blue?`, into the trash? [y/N]");
        pty.send(answer);
        assert_eq!(pty.wait(), code, "{}", pty.screen());
        assert_eq!(listed(&byok, &[]).len(), left);
    }
}
