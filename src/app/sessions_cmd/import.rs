//! `byok sessions import`: sessions come in, as if they had been said here.

use std::{
    fs,
    io::{self, BufRead as _, BufReader},
    path::{Path, PathBuf},
    time::SystemTime,
};

use clap::Args;
use jiff::Timestamp;
use serde::{Deserialize, de::IgnoredAny};

use super::aichat;
use crate::{
    app::{cli::SpeechArgs, failure::Failure, output},
    sessions::{DamageKind, Exported, Foreign, Imported, NotExported, Store, Time},
    term::{Console, sanitize_line},
};

/// `byok sessions import`
#[derive(Debug, Args)]
pub(in crate::app) struct ImportArgs {
    /// What to take in: exported JSON, session files (`.jsonl`), sessions of aichat (`.yaml`)
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) speech: SpeechArgs,
}

/// Runs `byok sessions import`. Prints the ids of the sessions, one a line.
pub(super) fn run(args: &ImportArgs, store: &Store, console: Console) -> Result<u8, Failure> {
    let mut has_failed = false;
    for file in &args.files {
        match import(file, store, console) {
            Ok(id) => output::print(&format!("{id}\n"))?,
            Err(failure) => {
                has_failed = true;
                console.error(&failure.report);
            }
        }
    }
    Ok(u8::from(has_failed))
}

/// Takes in one file, and says what became of it.
fn import(file: &Path, store: &Store, console: Console) -> Result<String, Failure> {
    let name = sanitize_line(&file.display().to_string());
    let Read { foreign, left_out } = read(file, &name, store)?;
    if foreign.turns() == 0 {
        return Err(Failure::usage(format!("`{name}`: nothing was said in this session")));
    }
    let count = foreign.turns();
    let turns = if count == 1 { "1 turn".to_owned() } else { format!("{count} turns") };
    let title = sanitize_line(&foreign.title());
    let imported = store.import(foreign, &file.display().to_string())?;
    for line in left_out {
        console.warning(&format!("`{name}`: {}", sanitize_line(&line)));
    }
    let id = match imported {
        Imported::New(id) => {
            console.notice(&format!("`{name}` is session `{}`: `{title}` ({turns})", id.short()));
            id
        }
        Imported::Renamed { id, was } => {
            console.notice(&format!(
                "`{name}` is session `{}`: `{title}` ({turns}); `{}` is here with other turns",
                id.short(),
                was.short()
            ));
            id
        }
        Imported::There(id) => {
            console.notice(&format!("`{name}` is there already, in session `{}`", id.short()));
            id
        }
    };
    Ok(id.to_string())
}

/// A session, and what of its file has no place in one.
struct Read {
    foreign: Foreign,
    /// One line each.
    left_out: Vec<String>,
}

/// What a file may be.
enum Kind {
    /// A session's file.
    Lines,
    /// An exported session.
    Json,
    /// Anything else; YAML perhaps.
    Yaml,
}

fn read(file: &Path, name: &str, store: &Store) -> Result<Read, Failure> {
    let unreadable = |error| Failure::usage(format!("`{name}` cannot be read")).cause(error);
    match kind(file).map_err(unreadable)? {
        Kind::Lines => read_lines(file, store),
        Kind::Json => {
            let bytes = fs::read(file).map_err(unreadable)?;
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
            let exported = Exported::parse(bytes).and_then(Exported::into_foreign);
            let foreign = exported.map_err(|error| malformed(name, &error))?;
            Ok(Read { foreign, left_out: Vec::new() })
        }
        Kind::Yaml => {
            let text = fs::read_to_string(file).map_err(unreadable)?;
            let changed = fs::metadata(file).and_then(|it| it.modified()).ok();
            let changed = changed.unwrap_or_else(SystemTime::now);
            let at = Timestamp::try_from(changed).map_or_else(|_| Time::now(), Time::of);
            let stem = file.file_stem().unwrap_or_default().to_string_lossy();
            match aichat::read(&text, &stem, at) {
                Ok(aichat::Read { foreign, left_out }) => Ok(Read { foreign, left_out }),
                Err(aichat::Fault { line, reason }) => {
                    Err(Failure::usage(format!("`{name}`, line {line}: {reason}")).hint(KINDS))
                }
            }
        }
    }
}

/// What can be taken in.
const KINDS: &str =
    "sessions come in as exported JSON, as session files (`.jsonl`), and from aichat (`.yaml`)";

/// Tells by its first line what a file is: names are changed when files are copied.
fn kind(file: &Path) -> io::Result<Kind> {
    #[derive(Deserialize)]
    struct First {
        r#type: String,
        turns: Option<IgnoredAny>,
    }

    let mut first = Vec::new();
    BufReader::new(fs::File::open(file)?).read_until(b'\n', &mut first)?;
    let first = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&first).trim_ascii();
    Ok(match serde_json::from_slice(first) {
        Ok(First { r#type, turns: None }) if r#type == "session" => Kind::Lines,
        Ok(_) => Kind::Json,
        Err(_) if first.starts_with(b"{") => Kind::Json,
        Err(_) => Kind::Yaml,
    })
}

fn read_lines(file: &Path, store: &Store) -> Result<Read, Failure> {
    let foreign = store.read_foreign(file)?;
    let mut left_out = Vec::new();
    for damage in foreign.damage() {
        let why = match damage.kind {
            DamageKind::Torn => "has no end",
            DamageKind::Unreadable => "cannot be read",
            DamageKind::Orphan => "speaks of a turn that is not there",
        };
        left_out.push(format!("line {} {why}", damage.line));
    }
    let missing = foreign.missing().iter();
    left_out.extend(missing.map(|name| format!("the text of `{name}` did not come along")));
    Ok(Read { foreign, left_out })
}

/// Why a file is no exported session, with the line where there is one.
fn malformed(name: &str, error: &NotExported) -> Failure {
    let failure = match error {
        NotExported::Json(json) => {
            let reason = json.to_string();
            // It stands in the place, where people look for it.
            let reason = reason.rsplit_once(" at line ").map_or(&*reason, |(reason, _)| reason);
            Failure::usage(format!("`{name}`, line {}: {reason}", json.line()))
        }
        error => Failure::usage(format!("`{name}`: {error}")),
    };
    match error {
        NotExported::Newer(_) => failure.hint("a newer byok can read it"),
        _ => failure.hint(KINDS),
    }
}
