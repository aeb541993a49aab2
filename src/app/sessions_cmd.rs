//! `byok sessions`: what is kept, for people and scripts.

mod aichat;
mod args;
mod change;
mod check;
mod export;
mod filter;
mod import;
mod list;
mod moment;
mod pick;
mod rows;
mod search;
mod show;
mod trash;

use std::path::PathBuf;

use jiff::Timestamp;

use super::{failure::Failure, keeping, output};
use crate::{
    config::{self, Env, Flags},
    sessions::{Catalog, Error, Store},
    term::{Console, sanitize_line},
};
pub(super) use args::{SessionsArgs, SessionsCommand};
pub(super) use pick::{Picked, pick};
pub(super) use rows::{Numbering, rows};
pub(super) use search::{MOST as MOST_FOUND, show_found};

/// How many files that are no sessions are named.
const MOST_NAMED: usize = 3;

impl SessionsCommand {
    /// How much is said, and how.
    fn speech(&self) -> super::cli::SpeechArgs {
        match self {
            Self::List(args) => args.speech,
            Self::Show(args) => args.speech,
            Self::Search(args) => args.speech,
            Self::Export(args) => args.speech,
            Self::Import(args) => args.speech,
            Self::Rename(args) => args.speech,
            Self::Rm(args) => args.speech,
            Self::Restore(args) => args.speech,
            Self::Prune(args) => args.speech,
            Self::Check(args) => args.speech,
            Self::Path(args) => args.speech,
        }
    }
}

/// Runs `byok sessions …` and returns the exit code.
pub(super) fn run(
    args: SessionsArgs,
    env: &Env,
    console_of: impl Fn(super::cli::SpeechArgs) -> Console,
) -> u8 {
    let command = args.command.unwrap_or(SessionsCommand::List(args.list));
    let console = console_of(command.speech());
    super::code(console, act(&command, env, console))
}

fn act(command: &SessionsCommand, env: &Env, console: Console) -> Result<u8, Failure> {
    // A file that is not right keeps nobody from what was said.
    let paths = config::locate(env, &Flags::default());
    let store = keeping::store_in(&paths, env, console);
    let now = Timestamp::now();
    if let Err(error) = store.empty_trash(now) {
        let failure = Failure::from(error);
        console.warning(&format!("the trash cannot be emptied: {}", failure.report.message));
    }
    match command {
        SessionsCommand::List(args) => list::run(args, &store, console),
        SessionsCommand::Show(args) => show::run(args, env, &store, console),
        SessionsCommand::Search(args) => search::run(args, &store, console),
        SessionsCommand::Export(args) => export::run(args, &store, console),
        SessionsCommand::Import(args) => import::run(args, &store, console),
        SessionsCommand::Rename(args) => change::rename(args, &store, console),
        SessionsCommand::Rm(args) => trash::remove(args, &store, console),
        SessionsCommand::Restore(args) => trash::restore(args, &store, console),
        SessionsCommand::Prune(args) => trash::prune(args, &store, console),
        SessionsCommand::Check(args) => check::run(args, &store),
        SessionsCommand::Path(args) => {
            let path = match &args.which {
                Some(which) => store.find(which)?,
                None => store.sessions(),
            };
            output::print(&format!("{}\n", sanitize_line(&path.display().to_string())))?;
            Ok(0)
        }
    }
}

/// The file of the session that is meant; without a name the last one.
fn file_of(store: &Store, which: Option<&str>) -> Result<PathBuf, Failure> {
    if let Some(which) = which {
        return Ok(store.find(which)?);
    }
    let (last, _) = store.last()?.ok_or_else(|| Failure::usage("there is no session yet"))?;
    Ok(last.path)
}

/// Names files that cannot be read as sessions.
pub(super) fn warn_of_unreadable(catalog: &Catalog, console: Console) {
    let unreadable = &catalog.unreadable;
    for (file, reason) in unreadable.iter().take(MOST_NAMED) {
        // The reason names the file where it is about one.
        let is_named = reason.contains(file.as_str());
        let line = if is_named { reason.clone() } else { format!("`{file}`: {reason}") };
        console.warning(&sanitize_line(&line));
    }
    if unreadable.len() > MOST_NAMED {
        let more = unreadable.len() - MOST_NAMED;
        console.warning(&format!(
            "{more} more files are no sessions; `byok sessions check` names them"
        ));
    }
}

/// `1 session`, `2 sessions`
fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// The words of an error, with the system's reason.
fn in_words(error: &Error) -> String {
    let cause = std::error::Error::source(error);
    let cause = cause.map_or_else(String::new, |cause| format!(": {cause}"));
    format!("{error}{cause}")
}
