//! `byok init`: a file to start from, never in place of another.

use std::fs;

use insta::assert_snapshot;

use crate::support::byok::Byok;

#[test]
fn a_first_file_is_written_where_byok_looks_for_it() {
    let home = Byok::new();
    assert_snapshot!(home.clone().args(["init"]).run(), @"
    ----- stdout -----
    [HOME]/.config/byok/config.toml
    ----- stderr -----
    note: every profile in it is switched off: remove `#| ` from the lines of one, and try `byok config check`
    ----- exit code 0 -----
    ");
    let path = home.clone().args(["config", "path"]).run().stdout().trim().to_owned();
    assert!(fs::read_to_string(&path).expect("it was written").contains("[profiles.claude]"));
    assert_snapshot!(home.args(["config", "check"]).run(), @"
    ----- stdout -----
    `[HOME]/.config/byok/config.toml`: 0 profiles, no mistakes
    ----- stderr -----
    ----- exit code 0 -----
    ");
}

#[cfg(unix)]
#[test]
fn only_the_user_can_read_it() {
    use std::os::unix::fs::MetadataExt as _;

    let home = Byok::new();
    home.clone().args(["-q", "init"]).run().assert_code(0).assert_silent_stderr();
    for (path, mode) in [(".config/byok/config.toml", 0o600), (".config/byok", 0o700)] {
        let metadata = fs::metadata(home.home().join(path)).expect("it was written");
        assert_eq!(metadata.mode() & 0o777, mode, "{path}");
    }
}

#[test]
fn a_profile_switched_on_is_used() {
    let home = Byok::new();
    home.clone().args(["init"]).run().assert_code(0);
    let path = home.home().join(".config/byok/config.toml");
    let text = fs::read_to_string(&path).expect("it was written");
    fs::write(&path, text.replace("#| ", "")).expect("the home is ours");
    home.clone().args(["config", "check"]).run().assert_code(0);
    let output = home.args(["ask", "-P", "claude", "--dry-run", "hi"]).run();
    output.assert_code(0);
    assert!(output.stdout().starts_with("POST https://api.anthropic.com/v1/messages\n"));
}

#[test]
fn an_existing_file_is_left_alone() {
    let home = Byok::new().file("config.toml", "default_profile = \"mine\"\n");
    assert_snapshot!(home.clone().args(["init"]).run(), @"
    ----- stdout -----
    ----- stderr -----
    error: `[HOME]/.config/byok/config.toml` is there already, and byok does not replace it

    hint: edit that file; `byok config check` says whether it is right
    hint: `byok init --config FILE` writes a new one elsewhere, to copy from
    ----- exit code 2 -----
    ");
    let text = fs::read_to_string(home.home().join(".config/byok/config.toml")).expect("a file");
    assert_eq!(text, "default_profile = \"mine\"\n");
}

#[test]
fn another_place_can_be_named_and_one_that_cannot_be_is_said() {
    let home = Byok::new().file("plain", "");
    let output = home.clone().args(["init", "--config", "here.toml"]).run();
    output.assert_code(0).assert_stdout("here.toml\n");
    assert!(home.work().join("here.toml").exists());
    assert_snapshot!(home.args(["init", "--config", "plain/config.toml"]).run(), @"
    ----- stdout -----
    ----- stderr -----
    error: `plain/config.toml` cannot be written
      caused by: not a directory

    hint: `byok init --config FILE` writes it elsewhere
    ----- exit code 2 -----
    ");
}
