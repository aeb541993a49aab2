//! What was removed, for thirty days: a person may want it back.
//!
//! A file in the trash has the moment of its removal before its name. Times of the file system say
//! nothing here: backups and copies change them.

use std::{
    collections::HashSet,
    fs::{self, File, TryLockError},
    io::{self, BufRead as _, BufReader},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};

use super::{Error, SessionId, Store, folder, id, store::id_in};

/// How long the trash keeps what is in it.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How old a file of questions must be before it can be left over: a question that is being asked
/// has its files on disk before its line.
const FRESH: Duration = Duration::from_hours(24);

/// The moment of a removal, in front of a file's name.
const MOMENT: &str = "%Y-%m-%dT%H%M%SZ";

/// Between the moment and the name.
const SEPARATOR: char = '_';

/// What was removed and can come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// Whose file it is.
    pub id: SessionId,
    /// When it was removed.
    pub at: Timestamp,
    /// Where it is now.
    pub path: PathBuf,
    /// The file's name, as it was.
    name: String,
}

impl Store {
    /// Puts a session into the trash, and says where it is now. One that is in use stays.
    pub fn remove(&self, path: &Path, now: Timestamp) -> Result<PathBuf, Error> {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let id = id_in(name).ok_or_else(|| Error::NotASession { path: path.to_owned() })?;
        // As long as it is held, nobody else begins to go on with it.
        let _held = hold(path, id)?;
        let trash = self.trash();
        folder::create(&trash)?;
        let to = trash.join(format!("{}{SEPARATOR}{name}", now.strftime(MOMENT)));
        fs::rename(path, &to).map_err(Error::io("cannot remove", path))?;
        Ok(to)
    }

    /// What is in the trash, the latest first.
    pub fn removed(&self) -> Result<Vec<Removed>, Error> {
        let trash = self.trash();
        let names = names_in(&trash)?;
        let mut removed: Vec<_> =
            names.into_iter().filter_map(|it| Removed::of(&trash, &it)).collect();
        removed.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
        Ok(removed)
    }

    /// Takes a session out of the trash: by its id, or by the beginning of one. Of a session that is
    /// there twice, the later one comes back.
    pub fn restore(&self, wanted: &str) -> Result<SessionId, Error> {
        let mut found = self.removed()?;
        found.retain(|it| id::is_beginning(wanted) && it.id.as_str().starts_with(wanted));
        found.dedup_by(|later, earlier| later.id == earlier.id);
        let found = match found.as_slice() {
            [] => return Err(Error::NotFound { wanted: wanted.to_owned(), near: Vec::new() }),
            [only] => only,
            several => {
                let candidates = several.iter().map(|it| it.id.clone()).collect();
                return Err(Error::Ambiguous { wanted: wanted.to_owned(), candidates });
            }
        };
        let sessions = self.sessions();
        folder::create(&sessions)?;
        let to = sessions.join(&found.name);
        if to.exists() {
            let source = io::ErrorKind::AlreadyExists.into();
            return Err(Error::Io { doing: "cannot replace", path: to, source });
        }
        fs::rename(&found.path, &to).map_err(Error::io("cannot restore", &found.path))?;
        Ok(found.id.clone())
    }

    /// Deletes for good what was removed thirty days ago or earlier, and says how many files that were.
    pub fn empty_trash(&self, now: Timestamp) -> Result<usize, Error> {
        let mut deleted = 0;
        for removed in self.removed()? {
            if now.duration_since(removed.at) >= KEPT {
                fs::remove_file(&removed.path)
                    .map_err(Error::io("cannot delete", &removed.path))?;
                deleted += 1;
            }
        }
        Ok(deleted)
    }

    /// Files of questions that no session names, in the trash or out of it, and that nobody is about
    /// to name.
    pub fn left_over(&self, now: SystemTime) -> Result<Vec<PathBuf>, Error> {
        let folder = self.files();
        // They are listed first: what is kept from here on is not looked at.
        let kept = names_in(&folder)?;
        let mut named = HashSet::new();
        for folder in [self.sessions(), self.trash()] {
            for name in names_in(&folder)? {
                hashes_in(&folder.join(name), &mut named)?;
            }
        }
        let paths = kept.into_iter().filter(|name| !named.contains(name)).map(|it| folder.join(it));
        Ok(paths.filter(|path| is_old(path, now)).collect())
    }

    /// Deletes files that [`Store::left_over`] found, but for those that were wanted since.
    pub fn delete_left_over(&self, paths: &[PathBuf], now: SystemTime) -> Result<usize, Error> {
        let mut deleted = 0;
        for path in paths.iter().filter(|path| is_old(path, now)) {
            fs::remove_file(path).map_err(Error::io("cannot delete", path))?;
            deleted += 1;
        }
        Ok(deleted)
    }
}

impl Removed {
    fn of(trash: &Path, name: &str) -> Option<Self> {
        let (moment, original) = name.split_once(SEPARATOR)?;
        let at = DateTime::strptime(MOMENT, moment).ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp();
        let id = id_in(original)?;
        Some(Self { id, at, path: trash.join(name), name: original.to_owned() })
    }
}

/// Takes a session's file, so that whoever wants to go on with it has to wait or to fork.
fn hold(path: &Path, id: SessionId) -> Result<Option<File>, Error> {
    let file = match File::open(path) {
        // It may be removed by someone who may not read it.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(None),
        file => file.map_err(Error::io("cannot read", path))?,
    };
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Err(Error::InUse { id }),
        Ok(()) | Err(TryLockError::Error(_)) => Ok(Some(file)),
    }
}

/// The names in a folder; none when it is not there.
fn names_in(folder: &Path) -> Result<Vec<String>, Error> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(Error::io("cannot read", folder))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry.map_err(Error::io("cannot read", folder))?.file_name().into_string());
    }
    Ok(names)
}

/// Every hash that a session's file holds: also of lines that are torn, or of a newer version.
fn hashes_in(path: &Path, found: &mut HashSet<String>) -> Result<(), Error> {
    const KEY: &[u8] = b"\"sha256\":\"";
    const LENGTH: usize = 64;

    if path.is_dir() {
        return Ok(());
    }
    let mut reader = BufReader::new(File::open(path).map_err(Error::io("cannot read", path))?);
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line).map_err(Error::io("cannot read", path))? == 0 {
            return Ok(());
        }
        let mut rest = line.as_slice();
        while let Some(at) = rest.windows(KEY.len()).position(|window| window == KEY) {
            rest = &rest[at + KEY.len()..];
            let hash = rest.get(..LENGTH).and_then(|hash| std::str::from_utf8(hash).ok());
            found.extend(hash.map(str::to_owned));
        }
    }
}

fn is_old(path: &Path, now: SystemTime) -> bool {
    let modified = fs::metadata(path).and_then(|it| it.modified());
    modified.is_ok_and(|at| now.duration_since(at).is_ok_and(|age| age >= FRESH))
}

#[cfg(test)]
#[path = "trash_tests.rs"]
mod tests;
