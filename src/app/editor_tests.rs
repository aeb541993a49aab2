use std::{fs, os::unix::fs::MetadataExt as _};

use super::*;

/// What an editor that is a shell script made of a text, and the world it ran in.
struct Edited {
    result: Result<Option<String>, Failure>,
    /// Where temporary files go.
    temporary: TempDir,
}

impl Edited {
    /// Edits `text` with a script whose `$1` is the file.
    fn by(script: &str, text: &str) -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let script = format!("f() {{ {script}\n}}; f");
        let result = edit(text, &world(&temporary, &[("EDITOR", &script)]), &BTreeSet::new());
        Self { result, temporary }
    }

    /// The text that came back; nothing was left behind.
    #[track_caller]
    fn text(self) -> Option<String> {
        assert_eq!(fs::read_dir(self.temporary.path()).unwrap().count(), 0);
        self.result.expect("it went well")
    }

    /// The failure and the bytes that were kept, in the file that the failure names.
    #[track_caller]
    fn failure(self) -> (String, Option<Vec<u8>>) {
        let report = self.result.expect_err("it went wrong").report;
        let kept = fs::read_dir(self.temporary.path()).unwrap().next();
        let kept = kept.map(|folder| folder.unwrap().path().join(FILE));
        let mut said = format!("{}\n{}", report.message, report.hints.join("\n"));
        if let Some(path) = &kept {
            said = said.replace(&path.display().to_string(), "[FILE]");
        }
        (said, kept.map(|path| fs::read(path).unwrap()))
    }
}

/// An environment with these variables.
fn world(temporary: &TempDir, variables: &[(&str, &str)]) -> Env {
    let folders = [("TMPDIR", temporary.path().as_os_str()), ("PATH", "/usr/bin:/bin".as_ref())];
    let variables = variables.iter().map(|(name, value)| (*name, value.as_ref()));
    folders.into_iter().chain(variables).collect()
}

#[test]
fn what_was_saved_comes_back() {
    let edited = Edited::by("printf 'and more\\n\\n' >>\"$1\"", "text");
    assert_eq!(edited.text().as_deref(), Some("text\nand more"));
    assert_eq!(Edited::by(":", "a\n\nb").text().as_deref(), Some("a\n\nb"));
    assert_eq!(Edited::by(":", "").text().as_deref(), Some(""));
    let replaced = Edited::by("echo new >\"$1.new\" && mv \"$1.new\" \"$1\"", "old");
    assert_eq!(replaced.text().as_deref(), Some("new"));
}

#[test]
fn lines_end_as_they_do_here() {
    let edited = Edited::by("printf '\\357\\273\\277a\\r\\nb\\rc\\r\\n\\r\\n' >\"$1\"", "");
    assert_eq!(edited.text().as_deref(), Some("a\nb\nc"));
}

#[test]
fn the_file_is_private_and_so_is_its_folder() {
    let temporary = tempfile::tempdir().unwrap();
    let (_folder, path) = lay_out("text", &world(&temporary, &[])).unwrap();
    assert!(path.starts_with(temporary.path()));
    assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o600);
    assert_eq!(path.parent().unwrap().metadata().unwrap().mode() & 0o777, 0o700);
    assert_eq!(path.extension().unwrap(), "md");
}

#[test]
fn an_editor_that_gives_up_changes_nothing() {
    assert_eq!(Edited::by("echo changed >\"$1\"; return 1", "text").text(), None);
}

#[test]
fn visual_goes_before_editor_and_needs_no_shell() {
    let temporary = tempfile::tempdir().unwrap();
    let edit = |variables: &[(&str, &str)]| {
        edit("text", &world(&temporary, variables), &BTreeSet::new()).unwrap()
    };
    assert_eq!(edit(&[("VISUAL", "true"), ("EDITOR", "false")]), Some("text".into()));
    assert_eq!(edit(&[("VISUAL", " "), ("EDITOR", "false")]), None);
}

#[test]
fn the_editor_has_the_environment_but_no_key() {
    let temporary = tempfile::tempdir().unwrap();
    let script = "f() { env >\"$1\"; }; f";
    let variables = [("EDITOR", script), ("MY_KEY", "canary"), ("LESS", "-R")];
    let hidden = BTreeSet::from(["MY_KEY".to_owned()]);
    let text = edit("", &world(&temporary, &variables), &hidden).unwrap().unwrap();
    assert!(text.contains("LESS=-R") && !text.contains("canary"), "{text}");
}

#[test]
fn a_missing_editor_is_named_with_its_variable() {
    let temporary = tempfile::tempdir().unwrap();
    for (variable, line) in
        [("EDITOR", "no-such-editor"), ("VISUAL", "no-such-editor --wait"), ("EDITOR", "/etc -x")]
    {
        let env = world(&temporary, &[(variable, line)]);
        let report = edit("text", &env, &BTreeSet::new()).unwrap_err().report;
        assert_eq!(
            report.message,
            format!("the editor `{line}` that `${variable}` names does not start")
        );
        assert!(report.hints[0].contains(&format!("`${variable}`")), "{:?}", report.hints);
        assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0);
    }
    let env: Env = [("TMPDIR", temporary.path()), ("PATH", temporary.path())].into_iter().collect();
    let report = edit("text", &env, &BTreeSet::new()).unwrap_err().report;
    assert_eq!(report.message, "the editor `vi` does not start");
    assert!(report.hints[0].contains("`$EDITOR`"));
}

#[test]
fn a_text_that_cannot_be_read_back_is_kept_and_named() {
    let (said, kept) = Edited::by("printf 'caf\\351' >\"$1\"", "text").failure();
    assert_eq!(kept.unwrap(), b"caf\xe9");
    insta::assert_snapshot!(said, @r"
    the edited text is not UTF-8
    the text is kept in `[FILE]`: save it as UTF-8 and attach it
    ");
    let script = format!("head -c {} /dev/zero >\"$1\"", LARGEST + 1);
    let (said, kept) = Edited::by(&script, "text").failure();
    assert_eq!(kept.unwrap().len() as u64, LARGEST + 1);
    insta::assert_snapshot!(said, @r"
    the edited text is larger than 32 MiB
    the text is kept in `[FILE]`: send it in parts
    ");
}

#[test]
fn a_deleted_file_is_a_failure_that_changes_nothing() {
    let edited = Edited::by("rm \"$1\"", "text");
    let message = &edited.result.as_ref().unwrap_err().report.message;
    assert_eq!(message, "the editor left no file behind");
    assert_eq!(fs::read_dir(edited.temporary.path()).unwrap().count(), 0);
}

#[test]
fn what_a_killed_editor_had_written_is_kept() {
    let (said, kept) = Edited::by("echo changed >\"$1\"; kill -9 $$", "text").failure();
    assert_eq!(kept.unwrap(), b"changed\n");
    assert!(said.contains("the editor was killed") && said.contains("[FILE]"), "{said}");
    assert_eq!(Edited::by("kill -9 $$", "text").text(), None);
}

#[test]
fn a_folder_that_cannot_be_written_is_said() {
    let temporary = tempfile::tempdir().unwrap();
    let nowhere = temporary.path().join("nowhere");
    let env = Env::from_iter([("TMPDIR", nowhere.as_os_str()), ("EDITOR", "true".as_ref())]);
    let report = edit("text", &env, &BTreeSet::new()).unwrap_err().report;
    assert_eq!(report.message, "no file for the editor can be made");
}

#[test]
fn words_are_split_at_spaces_outside_of_quotes() {
    assert_eq!(words("code --wait"), ["code", "--wait"]);
    let quoted = r#""C:\Program Files\x.exe"  -n"#;
    assert_eq!(words(quoted), [r"C:\Program Files\x.exe", "-n"]);
}
