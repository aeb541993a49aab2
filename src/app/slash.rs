//! What is typed in the chat: a message, or a command from one table. Pure.
//!
//! The table feeds parsing, `/help`, completion and hints.

mod arguments;
mod cursor;
mod help;
mod misuse;
pub(super) mod quoting;
mod table;

use std::path::PathBuf;

use arguments::Arguments;
pub(super) use cursor::{Cursor, cursor};
pub(super) use help::help;
pub(super) use table::{Arg, COMMANDS, Kind, beginning_with, find, usage};

use crate::config::Thinking;

/// A command with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Slash {
    /// `/help`, `/help COMMAND`
    Help(Option<String>),
    /// `/exit`
    Exit,
    /// `/clear`: a new conversation on an empty screen.
    Clear,
    /// `/new`: a new conversation.
    New,
    /// `/profile`: lists them; with a name switches, with `-` goes back.
    Profile(Option<Switch>),
    /// `/model`, `/model NAME`
    Model(Option<String>),
    /// `/models`
    Models,
    /// `/system`: shows it; `/system TEXT` sets it; `/system -` leaves it out.
    System(Option<SystemChange>),
    /// `/set`: lists what was set; `/set KEY=VALUE`; `/set KEY=` takes it back.
    Set(Option<Setting>),
    /// `/retry`, `/retry PROFILE`
    Retry(Option<String>),
    /// `/undo`, `/undo N`; 1 or more.
    Undo(usize),
    /// `/edit`, `/edit N`: the N-th question from the end; 1 or more.
    Edit(usize),
    /// `/continue`
    Continue,
    /// `/ask PROFILE TEXT`
    Ask { profile: String, text: String },
    /// `/compare P1,P2 TEXT`; two profiles or more, none twice.
    Compare { profiles: Vec<String>, text: String },
    /// `/file`: lists what waits; `/file PATH` adds; `/file -` takes the last one back.
    File(Option<FileChange>),
    /// `/copy`, `/copy N`: the last answer, or its N-th code block; 1 or more.
    Copy(Option<usize>),
    /// `/save FILE`, `/save N FILE`
    Save { block: Option<usize>, path: PathBuf },
    /// `/export FILE`: the conversation as Markdown, as JSON when the name ends so.
    Export(PathBuf),
    /// `/tree`: shows all turns; `/tree N` goes on from one.
    Tree(Option<usize>),
    /// `/compact`, `/compact WHAT TO KEEP`
    Compact(Option<String>),
    /// `/context`
    Context,
    /// `/usage`
    Usage,
    /// `/show`
    Show,
    /// `/thinking`, `/thinking auto|show|hide`
    Thinking(Option<Thinking>),
    /// `/raw`: the last answer once more, as it came.
    Raw,
    /// `/sessions`: the latest.
    Sessions,
    /// `/search WORDS`: words and phrases, one or more.
    Search(Vec<String>),
    /// `/resume`: lists the latest; `/resume WHICH` goes on with one.
    Resume(Option<String>),
    /// `/rename NAME`; `/rename -` takes the name away.
    Rename(NameChange),
    /// `/fork`, `/fork NAME`
    Fork(Option<String>),
}

/// Where `/profile` goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Switch {
    To(String),
    Back,
}

/// What `/system` changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SystemChange {
    To(String),
    Nothing,
}

/// What `/set` changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Setting {
    /// `KEY=VALUE`, as `--set` takes it.
    To { key: String, value: String },
    /// As the profile says.
    Reset(String),
}

/// What `/rename` changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NameChange {
    To(String),
    Nothing,
}

/// What `/file` changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FileChange {
    Add(PathBuf),
    TakeBack,
}

/// What a line in the chat means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Typed {
    /// Nothing but white space.
    Nothing,
    /// To be sent as it was typed, but that a leading `//` has become `/`, and that the marks of a
    /// `"""` block are gone.
    Message(String),
    Command(Slash),
}

/// A line that looks like a command and is none, or has wrong arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Misuse {
    /// What is wrong, one line.
    pub(super) message: String,
    /// What to type instead.
    pub(super) hints: Vec<String>,
}

/// Reads a line. `exit`, `quit` and `:q` alone leave, too.
///
/// White space before a command means nothing: it keeps the line out of the history, and a slip of
/// the thumb must not send a command to a model. What stands between `"""` marks is a message,
/// whatever it looks like.
pub(super) fn parse(line: &str) -> Result<Typed, Misuse> {
    if let Some(text) = without_marks(line) {
        return Ok(message(text.to_owned()));
    }
    let start = line.len() - line.trim_start().len();
    match line[start..].strip_prefix('/') {
        Some(rest) if rest.starts_with('/') => Ok(message(format!("{}{rest}", &line[..start]))),
        Some(rest) => command(rest).map(Typed::Command),
        None if matches!(line.trim(), "exit" | "quit" | ":q") => Ok(Typed::Command(Slash::Exit)),
        None => Ok(message(line.to_owned())),
    }
}

/// What a line means that begins with a slash, which is taken off.
fn command(line: &str) -> Result<Slash, Misuse> {
    let name = line.split(char::is_whitespace).next().unwrap_or_default();
    let command = table::find(name).ok_or_else(|| misuse::unknown(name))?;
    let mut arguments = Arguments::new(&line[name.len()..]);
    let slash = (command.read)(&mut arguments).and_then(|slash| arguments.end().map(|()| slash));
    slash.map_err(|wrong| misuse::wrong(command, wrong))
}

fn message(text: String) -> Typed {
    if text.trim().is_empty() { Typed::Nothing } else { Typed::Message(text) }
}

/// What stands between `"""` and `"""`; a line feed right behind the first and one right before the
/// last mark belong to the marks. `None`: the text does not both begin and end with them, or they
/// are two pairs of marks in one line of thought: `"""a""" and """b"""`.
fn without_marks(text: &str) -> Option<&str> {
    const MARK: &str = "\"\"\"";
    let inner = text.trim().strip_prefix(MARK)?.strip_suffix(MARK)?;
    let lines = inner.strip_prefix('\n').and_then(|inner| inner.strip_suffix('\n'));
    match lines {
        // Marks on lines of their own stand round anything.
        Some(lines) => Some(lines),
        None if inner.contains(MARK) => None,
        None => {
            let inner = inner.strip_prefix('\n').unwrap_or(inner);
            Some(inner.strip_suffix('\n').unwrap_or(inner))
        }
    }
}

#[cfg(test)]
#[path = "slash/parse_tests.rs"]
mod tests;
