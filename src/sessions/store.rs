//! The folder of sessions: one file each.
//!
//! ```text
//! DATA/sessions/2026-11-23T021348Z-bcdfghjkmnpqrs.jsonl    the truth
//! DATA/files/SHA-256                                       what went along with questions
//! DATA/trash/                                              what was removed, for thirty days
//! STATE/last/                                              which session was last, and where
//! ```

use std::{
    fs::{self, File},
    io::{self, BufReader, Read as _},
    path::{Path, PathBuf},
};

use super::{
    Begun, Error, FileRef, Place, Session, SessionId, files,
    journal::Journal,
    lines::{Line, Lines},
    record::VERSION,
    replay::{Damage, Replay, Replayed},
};

/// How a session's file ends.
const EXTENSION: &str = ".jsonl";

/// Where sessions are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    data: PathBuf,
    state: PathBuf,
    cache: PathBuf,
    /// Where the program runs: what is asked here becomes the last session of this place.
    place: Place,
}

/// A session's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Whose it is.
    pub id: SessionId,
    /// Where it is.
    pub path: PathBuf,
}

/// A session that was opened, and what there is to be said about it.
#[derive(Debug)]
pub struct Opened {
    /// The session.
    pub session: Session,
    /// Another process has it: what follows goes to a new one, and this is that.
    pub is_fork: bool,
    /// What in the file is not as it was written.
    pub damage: Vec<Damage>,
    /// Files of questions that are gone.
    pub missing: Vec<String>,
}

impl Store {
    /// The store in these folders. Nothing is made or read yet.
    pub fn new(data: &Path, state: &Path, cache: &Path, place: Place) -> Self {
        Self { data: data.to_owned(), state: state.to_owned(), cache: cache.to_owned(), place }
    }

    /// The folder of the sessions' files.
    pub fn sessions(&self) -> PathBuf {
        self.data.join("sessions")
    }

    /// The folder of the files that went along with questions.
    pub fn files(&self) -> PathBuf {
        self.data.join("files")
    }

    /// The folder of what was removed.
    pub fn trash(&self) -> PathBuf {
        self.data.join("trash")
    }

    /// The folder of what was derived and may be deleted at any time.
    pub fn derived(&self) -> PathBuf {
        self.cache.clone()
    }

    /// Where the program runs.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The folder of the marks that say which session was last.
    pub(super) fn marks(&self) -> PathBuf {
        self.state.join("last")
    }

    /// Every session, in the order of their beginnings. No folder: none yet.
    pub fn list(&self) -> Result<Vec<Listed>, Error> {
        let folder = self.sessions();
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(Error::io("cannot read", &folder))?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(Error::io("cannot read", &folder))?;
            names.extend(entry.file_name().into_string());
        }
        names.sort_unstable();
        let listed = names.into_iter().filter_map(|name| {
            let id = id_in(&name)?;
            Some(Listed { id, path: folder.join(name) })
        });
        Ok(listed.collect())
    }

    /// The file of a session.
    pub fn path(&self, id: &SessionId) -> Result<PathBuf, Error> {
        let found = self.list()?.into_iter().find(|listed| listed.id == *id);
        let not_found = || Error::NotFound { wanted: id.to_string(), near: Vec::new() };
        found.map(|listed| listed.path).ok_or_else(not_found)
    }

    /// The file that a new session makes.
    pub(super) fn path_of(&self, begun: &Begun) -> PathBuf {
        let at = begun.at.timestamp().strftime("%Y-%m-%dT%H%M%SZ");
        self.sessions().join(format!("{at}-{}{EXTENSION}", begun.id))
    }

    /// Opens a session to go on with it. When another process does so, what follows is a fork.
    /// `is_kept`: what follows is written to its file.
    pub fn open(&self, path: &Path, is_kept: bool) -> Result<Opened, Error> {
        // Under the lock nobody adds anything while it is read.
        let journal = is_kept.then(|| Journal::open(path.to_owned()));
        let (begun, replayed) = self.replay(path)?;
        let damage = replayed.damage.clone();
        let missing = replayed.missing.clone();
        let (session, is_fork) = match journal {
            None => (Session::found(begun, replayed, None), false),
            Some(Ok(Some(journal))) => {
                (Session::found(begun, replayed, Some((self.clone(), journal))), false)
            }
            Some(Ok(None)) => {
                let found = Session::found(begun, replayed, None);
                (found.fork(&self.place, Some(self)), true)
            }
            Some(Err(error)) => (Session::unkept(begun, replayed, error), false),
        };
        Ok(Opened { session, is_fork, damage, missing })
    }

    /// Reads a session's file, with the files that went along.
    pub(super) fn replay(&self, path: &Path) -> Result<(Begun, Replayed), Error> {
        replay(path, |file| files::read(self, file).ok().flatten())
    }
}

/// Reads a session's file; `text_of` gives the text of a file that went along with a question.
pub(super) fn replay(
    path: &Path,
    text_of: impl FnMut(&FileRef) -> Option<String>,
) -> Result<(Begun, Replayed), Error> {
    let mut replay = Replay::new(text_of);
    each_line(path, u64::MAX, |line| {
        if line.is_too_long {
            replay.skip();
        } else {
            replay.line(line.bytes, line.is_ended);
        }
        known(replay.version(), path)
    })?;
    let mut replayed = replay.finish();
    let not_a_session = || Error::NotASession { path: path.to_owned() };
    let begun = replayed.begun.take().ok_or_else(not_a_session)?;
    Ok((begun, replayed))
}

/// Reads the first `most` bytes of a file, line by line.
pub(super) fn each_line(
    path: &Path,
    most: u64,
    mut take: impl FnMut(Line<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let file = File::open(path).map_err(Error::io("cannot read", path))?;
    let mut lines = Lines::new(BufReader::with_capacity(1 << 16, file.take(most)));
    while let Some(line) = lines.next().map_err(Error::io("cannot read", path))? {
        take(line)?;
    }
    Ok(())
}

/// Whether a file goes on to be read whose first line says that it is in this version of the format;
/// `None`: the line says nothing of the kind.
pub(super) fn known(version: Option<u32>, path: &Path) -> Result<(), Error> {
    match version {
        None => Err(Error::NotASession { path: path.to_owned() }),
        Some(version) if version > VERSION => Err(Error::Newer { path: path.to_owned(), version }),
        Some(_) => Ok(()),
    }
}

/// The id in a file's name.
pub(super) fn id_in(name: &str) -> Option<SessionId> {
    let stem = name.strip_suffix(EXTENSION)?;
    SessionId::parse(stem.rsplit_once('-')?.1)
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
