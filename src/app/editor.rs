//! A text in the person's own editor: out into a private file, and back.

use std::{
    collections::BTreeSet,
    fs::{File, OpenOptions},
    io::{self, ErrorKind, Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
};

use tempfile::TempDir;

use super::{failure::Failure, programs};
use crate::config::Env;

/// The largest text that is read back, in bytes.
const LARGEST: u64 = 32 << 20;

/// The file's name in its folder; editors know Markdown by it.
const FILE: &str = "message.md";

/// What a shell says about a program that is not there, and about one that cannot be run.
const SHELL_FOUND_NO_PROGRAM: [i32; 2] = [126, 127];

/// Edits `text` in `$VISUAL`, else `$EDITOR`, else the system's own editor, and waits for its end.
/// The editor has the terminal, and the environment without the variables in `hidden`.
///
/// `None` when the editor ended with another code than 0 (`:cq`): nothing is changed. The text
/// comes back without line feeds at its end and without carriage returns. While the editor runs,
/// Ctrl-C is meant for it: that is the caller's care.
///
/// # Errors
/// No editor, or no file for it. A text that cannot be read back (not UTF-8, larger than 32 MiB),
/// and one that was changed before the editor was killed, stay in the file, which is named.
pub(super) fn edit(
    text: &str,
    env: &Env,
    hidden: &BTreeSet<String>,
) -> Result<Option<String>, Failure> {
    let editor = Editor::find(env)?;
    let (folder, path) = lay_out(text, env).map_err(|error| {
        Failure::other("no file for the editor can be made")
            .cause(error)
            .hint("see whether the disk is full, or set `TMPDIR` to a folder that you may write to")
    })?;
    let status = editor
        .command(&path)
        .env_clear()
        .envs(programs::environment(env, hidden))
        .status()
        .map_err(|error| editor.cannot_start().cause(error))?;
    match status.code() {
        Some(0) => read_back(&path).map(Some).map_err(|trouble| trouble.told(folder, &path)),
        Some(code) if editor.is_shell_line() && SHELL_FOUND_NO_PROGRAM.contains(&code) => {
            Err(editor.cannot_start())
        }
        Some(_) => Ok(None),
        None => killed(text, status, folder, &path),
    }
}

/// The command that edits, and who named it.
struct Editor {
    /// As a person wrote it.
    line: String,
    /// `$VISUAL`, `$EDITOR`; `None`: nobody.
    variable: Option<&'static str>,
}

impl Editor {
    fn find(env: &Env) -> Result<Self, Failure> {
        for (name, variable) in [("VISUAL", "$VISUAL"), ("EDITOR", "$EDITOR")] {
            if env.is_garbled(name) {
                return Err(Failure::other(format!("`{variable}` is not UTF-8")));
            }
            if let Some(line) = env.get(name).filter(|line| !line.trim().is_empty()) {
                return Ok(Self { line: line.trim().to_owned(), variable: Some(variable) });
            }
        }
        let line = if cfg!(windows) { "notepad" } else { "vi" };
        Ok(Self { line: line.to_owned(), variable: None })
    }

    /// Whether a shell has to read the command, as git has it: `code --wait`, `"/my editors/x"`.
    fn is_shell_line(&self) -> bool {
        cfg!(unix) && self.line.contains(|c: char| " \t|&;<>()$`\\\"'*?[#~=%".contains(c))
    }

    /// The command with the file as its last argument.
    fn command(&self, path: &Path) -> Command {
        if self.is_shell_line() {
            let mut command = Command::new("sh");
            // The file is a parameter and not part of the line, so that no letter of it matters.
            command.args(["-c", &format!("{} \"$@\"", self.line), &self.line]).arg(path);
            return command;
        }
        let words = if cfg!(windows) { words(&self.line) } else { vec![self.line.as_str()] };
        let mut command = Command::new(words.first().copied().unwrap_or_default());
        command.args(words.iter().skip(1)).arg(path);
        command
    }

    fn cannot_start(&self) -> Failure {
        let line = &self.line;
        match self.variable {
            Some(variable) => Failure::other(format!(
                "the editor `{line}` that `{variable}` names does not start"
            ))
            .hint(format!("set `{variable}` to the command of an editor that is installed")),
            None => Failure::other(format!("the editor `{line}` does not start"))
                .hint("set `$EDITOR` to the command of an editor that is installed"),
        }
    }
}

/// The words of a command where no shell reads it; a path with spaces stands in double quotes.
fn words(line: &str) -> Vec<&str> {
    let mut is_quoted = false;
    let words = line.split(move |c: char| {
        is_quoted ^= c == '"';
        c.is_whitespace() && !is_quoted
    });
    words.map(|word| word.trim_matches('"')).filter(|word| !word.is_empty()).collect()
}

/// Writes the text to a file of mode 0600 in a new folder of mode 0700, so that what editors write
/// beside it (backups, swap files) is private, too, and goes with the folder.
fn lay_out(text: &str, env: &Env) -> io::Result<(TempDir, PathBuf)> {
    let named = env.os("TMPDIR").filter(|_| cfg!(unix)).map(PathBuf::from);
    let parent = named.filter(|folder| folder.is_absolute()).unwrap_or_else(std::env::temp_dir);
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    let folder = builder.prefix("byok-").tempdir_in(parent)?;
    let path = folder.path().join(FILE);
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.write(true).create_new(true).open(&path)?;
    file.write_all(text.as_bytes())?;
    if !text.is_empty() && !text.ends_with('\n') {
        file.write_all(b"\n")?;
    }
    Ok((folder, path))
}

/// Why a text does not come back.
#[derive(Debug)]
enum Trouble {
    Gone,
    TooLarge,
    NotUtf8,
    Unreadable(io::Error),
}

fn read_back(path: &Path) -> Result<String, Trouble> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) if bytes.len() as u64 > LARGEST => Err(Trouble::TooLarge),
        Ok(_) => String::from_utf8(bytes).map(|text| tidied(&text)).map_err(|_| Trouble::NotUtf8),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Trouble::Gone),
        Err(error) => Err(Trouble::Unreadable(error)),
    }
}

/// Without a byte order mark, which Windows writes, without carriage returns, and without the line
/// feeds at the end, which editors add.
fn tidied(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.trim_end_matches('\n').to_owned()
}

impl Trouble {
    /// Leaves the file where it is, unless it is gone, and says so.
    fn told(self, folder: TempDir, path: &Path) -> Failure {
        let shown = path.display();
        let (failure, way_out) = match self {
            Self::Gone => {
                let failure = Failure::other("the editor left no file behind");
                return failure
                    .hint("nothing is changed: edit once more, and save the text")
                    .hint(format!("an editor that saves elsewhere is told to by `{shown}` alone"));
            }
            Self::TooLarge => (
                Failure::other(format!("the edited text is larger than {} MiB", LARGEST >> 20)),
                "send it in parts",
            ),
            Self::NotUtf8 => {
                (Failure::other("the edited text is not UTF-8"), "save it as UTF-8 and attach it")
            }
            Self::Unreadable(error) => {
                (Failure::other("the edited text cannot be read").cause(error), "look at it there")
            }
        };
        let _ = folder.keep();
        failure.hint(format!("the text is kept in `{shown}`: {way_out}"))
    }
}

/// The editor did not end by itself. What it had written by then is not thrown away.
fn killed(
    text: &str,
    status: ExitStatus,
    folder: TempDir,
    path: &Path,
) -> Result<Option<String>, Failure> {
    match read_back(path) {
        Ok(written) if written == tidied(text) => Ok(None),
        Err(Trouble::Gone) => Ok(None),
        _ => {
            let _ = folder.keep();
            Err(Failure::other(format!("the editor was killed: {status}"))
                .hint(format!("what it had written is kept in `{}`", path.display())))
        }
    }
}

#[cfg(all(test, unix))]
#[path = "editor_tests.rs"]
mod tests;
