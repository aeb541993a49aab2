//! What there is to choose from: every session in a line.
//!
//! What was read of a file is kept in the cache folder, with the file's length and the time of its
//! last change: it is read again when either is another one.

mod kept;
mod row;

use std::{
    fs::{self, DirEntry, Metadata},
    io,
    path::Path,
    thread,
    time::UNIX_EPOCH,
};

use super::{
    Error, SessionId, State, Store, Time, parallel,
    store::{each_line, id_in, known},
};
use row::Gathering;

/// What a list says of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: SessionId,
    /// Its file's name in [`Store::sessions`].
    pub file: String,
    /// The file's length in bytes.
    pub bytes: u64,
    /// When it began.
    pub begun_at: Time,
    /// When something was recorded last.
    pub last_at: Time,
    /// What a person called it.
    pub name: Option<String>,
    /// How its first question begins; empty: nothing was asked. Not sanitized.
    pub title: String,
    /// How many turns it has, on all branches.
    pub turns: usize,
    /// The profile that was asked last; empty: nothing was asked.
    pub profile: String,
    /// The model that was asked last, in the profile's words.
    pub model: String,
    /// The working directory in which it began.
    pub directory: Option<String>,
    /// The terminal in which it began, as [`super::Place`] names it.
    pub terminal: Option<String>,
    /// The session that its first turns come from.
    pub forked_from: Option<SessionId>,
    /// How the last turn ended; `None`: it did not.
    pub state: Option<State>,
}

/// Every session, and the files that are none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalog {
    /// The latest first: by what was recorded last.
    pub entries: Vec<Entry>,
    /// Files that cannot be read as sessions: name and reason.
    pub unreadable: Vec<(String, String)>,
}

/// An entry with what else is known of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) entry: Entry,
    /// When the file was changed last, in nanoseconds since 1970.
    pub(super) modified: u64,
    /// Some of its words stand in the file otherwise than in one piece, in one line, letter by
    /// letter: its bytes do not show what is not there.
    pub(super) is_tangled: bool,
}

/// What a [`Catalog`] is made of.
pub(super) struct Rows {
    /// The latest first.
    pub(super) rows: Vec<Row>,
    unreadable: Vec<(String, String)>,
}

/// A file as the folder has it.
struct Seen {
    name: String,
    bytes: u64,
    modified: u64,
}

impl Entry {
    /// What it is called: its name, or how its first question begins. Not sanitized.
    pub fn called(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.title)
    }
}

impl Store {
    /// Every session with what a list says of it.
    pub fn catalog(&self) -> Result<Catalog, Error> {
        let Rows { rows, unreadable } = self.rows()?;
        Ok(Catalog { entries: rows.into_iter().map(|row| row.entry).collect(), unreadable })
    }

    /// The catalog with what else is known of the files.
    pub(super) fn rows(&self) -> Result<Rows, Error> {
        let (mut kept, seen) = thread::scope(|scope| {
            let kept = scope.spawn(|| kept::read(self));
            let seen = self.look();
            (kept.join().unwrap_or_default(), seen)
        });
        let (mut rows, mut changed) = (Vec::new(), Vec::new());
        for seen in seen? {
            let is_fresh =
                |row: &Row| (row.entry.bytes, row.modified) == (seen.bytes, seen.modified);
            match kept.remove(&seen.name).filter(is_fresh) {
                Some(row) => rows.push(row),
                None => changed.push(seen),
            }
        }
        let is_same = changed.is_empty() && kept.is_empty();
        let folder = self.sessions();
        let read = parallel::map(changed.len(), || (), |(), at| row(&folder, &changed[at]));
        let mut unreadable = Vec::new();
        for (seen, row) in changed.into_iter().zip(read) {
            match row {
                Ok(row) => rows.push(row),
                Err(error) => unreadable.push((seen.name, error.to_string())),
            }
        }
        rows.sort_by(|a, b| (b.entry.last_at, &b.entry.id).cmp(&(a.entry.last_at, &a.entry.id)));
        unreadable.sort_unstable();
        // Files that are no sessions are looked at each time.
        if !is_same {
            kept::write(self, &rows);
        }
        Ok(Rows { rows, unreadable })
    }

    /// Every file that has a session's name. Asking for lengths and times takes longer than
    /// anything else about a list, so that all cores ask.
    fn look(&self) -> Result<Vec<Seen>, Error> {
        let folder = self.sessions();
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(Error::io("cannot read", &folder))?,
        };
        let mut named = Vec::new();
        for entry in entries {
            let entry = entry.map_err(Error::io("cannot read", &folder))?;
            let name = entry.file_name().into_string().ok();
            named.extend(name.filter(|name| id_in(name).is_some()).map(|name| (name, entry)));
        }
        let asked = parallel::map(named.len(), || (), |(), at| metadata(&named[at].1).ok());
        let seen = named.into_iter().zip(asked).filter_map(|((name, _), metadata)| {
            // One that is gone by now was never there.
            let metadata = metadata?;
            Some(Seen { name, bytes: metadata.len(), modified: modified(&metadata) })
        });
        Ok(seen.collect())
    }
}

/// What the folder has it for, or what it leads to.
fn metadata(entry: &DirEntry) -> io::Result<Metadata> {
    let metadata = entry.metadata()?;
    if metadata.is_symlink() { fs::metadata(entry.path()) } else { Ok(metadata) }
}

fn modified(metadata: &Metadata) -> u64 {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.and_then(|since| u64::try_from(since.as_nanos()).ok()).unwrap_or_default()
}

/// Reads a file as far as it reached when it was looked at: what is kept of it speaks of so much.
fn row(folder: &Path, seen: &Seen) -> Result<Row, Error> {
    let path = folder.join(&seen.name);
    let mut gathering = Gathering::default();
    each_line(&path, seen.bytes, |line| {
        gathering.line(line.bytes);
        known(gathering.version(), &path)
    })?;
    let gathered = gathering.finish(seen.name.clone(), seen.bytes);
    let (entry, is_tangled) = gathered.ok_or(Error::NotASession { path })?;
    Ok(Row { entry, modified: seen.modified, is_tangled })
}

#[cfg(test)]
#[path = "catalog_tests.rs"]
mod tests;
