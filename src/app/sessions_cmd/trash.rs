//! `byok sessions rm`, `restore` and `prune`: into the trash, out of it, and for good.

use std::{path::PathBuf, time::SystemTime};

use jiff::Timestamp;

use super::{
    args::{PruneArgs, RemoveArgs, RestoreArgs},
    counted, in_words,
    moment::age,
    rows::{self, Numbering},
};
use crate::{
    app::{
        failure::{Failure, Kind},
        keeping::ago,
        output,
    },
    sessions::{Catalog, Entry, Error, Store},
    term::{self, Console, columns, sanitize_line},
};

/// Puts sessions into the trash.
pub(super) fn remove(args: &RemoveArgs, store: &Store, console: Console) -> Result<u8, Failure> {
    let mut paths: Vec<PathBuf> = Vec::new();
    // All are found before the first one goes.
    for which in &args.which {
        let path = store.find(which)?;
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    let catalog = store.catalog()?;
    let what = match paths.as_slice() {
        [only] => called(&catalog, only),
        several => counted(several.len(), "session"),
    };
    if !args.yes && !confirm(&format!("put {what} into the trash?"), console)? {
        console.notice("nothing was changed");
        return Ok(Kind::Interrupted.code());
    }
    let (removed, code) = remove_all(&paths, store, console);
    if removed > 0 {
        let sessions = if paths.len() == 1 { what } else { counted(removed, "session") };
        console.notice(&format!(
            "{sessions} went to the trash; for 30 days `byok sessions restore` brings it back"
        ));
    }
    Ok(code)
}

/// Takes a session out of the trash, or lists what is there.
pub(super) fn restore(args: &RestoreArgs, store: &Store, console: Console) -> Result<u8, Failure> {
    if let Some(which) = &args.which {
        let restored = store.restore(which).map_err(|error| match error {
            Error::NotFound { wanted, .. } => {
                Failure::usage(format!("there is no session `{wanted}` in the trash"))
                    .hint("`byok sessions restore` lists what is there")
            }
            error => error.into(),
        });
        console.notice(&format!("session `{}` is back", restored?.short()));
        return Ok(0);
    }
    let removed = store.removed()?;
    let now = Timestamp::now();
    let is_for_people = console.facts().stdout_is_terminal;
    let line = |it: &crate::sessions::Removed| {
        if is_for_people {
            format!("{}  removed {}\n", it.id, ago(it.at, now))
        } else {
            format!("{}\t{}\n", it.id, it.at)
        }
    };
    output::print(&removed.iter().map(line).collect::<String>())?;
    if removed.is_empty() {
        console.notice("the trash is empty");
    }
    Ok(0)
}

/// Puts sessions into the trash that were not used for long, and deletes files that none needs.
pub(super) fn prune(args: &PruneArgs, store: &Store, console: Console) -> Result<u8, Failure> {
    let age = age(&args.older_than, "--older-than")?;
    let now = Timestamp::now();
    let catalog = store.catalog()?;
    super::warn_of_unreadable(&catalog, console);
    let is_old = |entry: &&Entry| now.duration_since(entry.last_at.timestamp()) >= age;
    let old: Vec<&Entry> = catalog.entries.iter().filter(is_old).collect();
    let left_over = store.left_over(SystemTime::now())?;
    if old.is_empty() && left_over.is_empty() {
        console.notice("there is nothing to prune");
        return Ok(0);
    }
    if args.dry_run || !args.yes {
        let rows = rows::rows(&old, &catalog.entries, Numbering::Ids, now, columns());
        output::print(&rows)?;
    }
    let what = plan(old.len(), left_over.len());
    if args.dry_run {
        console.notice(&format!("without `--dry-run`: {what}"));
        return Ok(0);
    }
    if !args.yes && !confirm(&format!("{what}?"), console)? {
        console.notice("nothing was changed");
        return Ok(Kind::Interrupted.code());
    }
    let paths: Vec<_> = old.iter().map(|entry| store.sessions().join(&entry.file)).collect();
    let (removed, code) = remove_all(&paths, store, console);
    let deleted = store.delete_left_over(&left_over, SystemTime::now())?;
    console.notice(&done(removed, deleted));
    Ok(code)
}

/// Puts files into the trash. What cannot go is said, and the others go all the same.
fn remove_all(paths: &[PathBuf], store: &Store, console: Console) -> (usize, u8) {
    let now = Timestamp::now();
    let (mut removed, mut code) = (0, 0);
    for path in paths {
        match store.remove(path, now) {
            Ok(_) => removed += 1,
            Err(error @ Error::InUse { .. }) => {
                console.warning(&format!("{error}: it stays"));
                code = Kind::Other.code();
            }
            Err(error) => {
                console.warning(&sanitize_line(&in_words(&error)));
                code = Kind::Other.code();
            }
        }
    }
    (removed, code)
}

/// Asks a person; a script has to say it.
fn confirm(question: &str, console: Console) -> Result<bool, Failure> {
    let facts = console.facts();
    if !facts.stdin_is_terminal || !facts.stderr_is_terminal {
        return Err(
            Failure::usage("there is no terminal to ask on").hint("`--yes` does it unasked")
        );
    }
    let answer = term::ask(&format!("{question} [y/N] "));
    let answer =
        answer.map_err(|error| Failure::other("the terminal cannot be read from").cause(error))?;
    Ok(answer.is_some_and(|it| matches!(it.trim(), "y" | "Y" | "yes")))
}

/// A session's id and what it is called.
fn called(catalog: &Catalog, path: &std::path::Path) -> String {
    let entry = catalog.entries.iter().find(|it| path.ends_with(&it.file));
    entry.map_or_else(
        || sanitize_line(&format!("`{}`", path.display())),
        |entry| format!("session `{}`, `{}`,", entry.id.short(), rows::title(entry)),
    )
}

fn plan(sessions: usize, files: usize) -> String {
    let sessions = format!("put {} into the trash", counted(sessions, "session"));
    match files {
        0 => sessions,
        _ => format!("{sessions} and delete {} that no session needs", counted(files, "file")),
    }
}

fn done(sessions: usize, files: usize) -> String {
    let sessions = format!("{} went to the trash, for 30 days", counted(sessions, "session"));
    match files {
        0 => sessions,
        _ => format!("{sessions}; {} that no session needs deleted", counted(files, "file")),
    }
}
