//! The history on disk: one JSON object a line, written by several chats at once.
//!
//! Nothing in it is precious enough to stop a chat: what cannot be read is skipped, what cannot be
//! written is said once.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use serde::{Deserialize, Serialize};

/// A longer text, in bytes, is not kept on disk.
const LONGEST: usize = 64 << 10;

/// The most that is read of the file, in bytes, from its end. A larger one is not ours.
const LARGEST: u64 = 64 << 20;

/// How often the lock is tried for while somebody else shortens the file: that takes milliseconds.
const TRIES: usize = 20;

/// The wait between two tries.
const PATIENCE: Duration = Duration::from_millis(10);

/// One entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) text: String,
    /// The `@` words of it that named files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) attached: Vec<String>,
}

/// The file, open to be appended to.
#[derive(Debug)]
pub(super) struct HistoryFile {
    path: PathBuf,
    /// The text written or read last.
    last: Option<String>,
}

/// A history as it was found.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) file: HistoryFile,
    /// Oldest first.
    pub(super) records: Vec<Record>,
    /// What is good to know, one line each.
    pub(super) notices: Vec<String>,
}

impl HistoryFile {
    /// Creates the file where there is none, reads its last entries, and shortens it when it has
    /// grown to more than twice `most` lines.
    pub(super) fn open(path: &Path, most: usize) -> io::Result<Opened> {
        if let Some(folder) = path.parent() {
            create_folder(folder)?;
        }
        let mut file = open(path)?;
        let mut notices: Vec<String> = close_to_others(&file, path).into_iter().collect();
        let mut content = read(&mut file)?;
        if lines(&content).count() > most.saturating_mul(2) {
            match shorten(path, most) {
                Ok(Some(shortened)) => content = shortened,
                // Somebody else is at it.
                Ok(None) => {}
                Err(error) => notices.push(format!(
                    "cannot shorten the history `{}`: {}",
                    path.display(),
                    error.kind()
                )),
            }
        }
        let mut records: Vec<Record> =
            lines(&content).rev().filter_map(record).take(most).collect();
        records.reverse();
        let last = records.last().map(|record| record.text.clone());
        Ok(Opened { file: HistoryFile { path: path.to_owned(), last }, records, notices })
    }

    /// Appends an entry, unless it is the last one again or too long.
    pub(super) fn append(&mut self, text: &str, attached: &[String]) -> io::Result<()> {
        if text.len() > LONGEST || self.last.as_deref() == Some(text) {
            return Ok(());
        }
        let record = Record { text: text.to_owned(), attached: attached.to_vec() };
        let (mut file, is_torn) = self.open_locked()?;
        let mut line = if is_torn { b"\n".to_vec() } else { Vec::new() };
        serde_json::to_writer(&mut line, &record)?;
        line.push(b'\n');
        // One write, so that entries of several chats do not mix.
        let written = file.write(&line)?;
        if written < line.len() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.last = Some(record.text);
        Ok(())
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The file under a shared lock, and whether its last line is torn. It is opened for every
    /// entry: somebody else may have put a shorter one in its place.
    fn open_locked(&self) -> io::Result<(File, bool)> {
        let mut tries = 0;
        loop {
            let mut file = open(&self.path)?;
            let is_locked = match file.try_lock_shared() {
                Ok(()) => true,
                Err(TryLockError::WouldBlock) => false,
                // A file system without locks.
                Err(TryLockError::Error(_)) => return torn(&mut file).map(|torn| (file, torn)),
            };
            // Without the lock an entry may be lost; waiting for ever would be worse.
            if (is_locked && is_at(&file, &self.path)) || tries == TRIES {
                return torn(&mut file).map(|torn| (file, torn));
            }
            tries += 1;
            thread::sleep(PATIENCE);
        }
    }
}

/// Puts the last `most` entries in the file's place. `None`: somebody else is at the file.
fn shorten(path: &Path, most: usize) -> io::Result<Option<Vec<u8>>> {
    // A link stays one.
    let path = fs::canonicalize(path)?;
    let mut old = open(&path)?;
    match old.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    if !is_at(&old, &path) {
        return Ok(None);
    }
    // Under the lock, what others have appended since is there, too.
    let content = read(&mut old)?;
    let mut kept: Vec<&[u8]> =
        lines(&content).rev().filter(|line| record(line).is_some()).take(most).collect();
    kept.reverse();
    let mut shortened = Vec::new();
    for line in kept {
        shortened.extend_from_slice(line);
        shortened.push(b'\n');
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    // Readable by its owner alone, as temporary files are.
    let mut new = tempfile::Builder::new().prefix(".history-").tempfile_in(folder)?;
    new.write_all(&shortened)?;
    new.as_file().sync_all()?;
    new.persist(&path).map_err(|error| error.error)?;
    Ok(Some(shortened))
}

fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn open(path: &Path) -> io::Result<File> {
    // Reading from a named pipe would wait for ever.
    if let Ok(metadata) = fs::metadata(path)
        && !metadata.is_file()
    {
        return Err(if metadata.is_dir() {
            io::ErrorKind::IsADirectory.into()
        } else {
            io::ErrorKind::Unsupported.into()
        });
    }
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a file that others may read or write its owner's alone, and says so.
#[cfg(unix)]
fn close_to_others(file: &File, path: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt as _;

    const OTHERS: u32 = 0o077;

    let mode = file.metadata().ok()?.permissions().mode();
    if mode & OTHERS == 0 {
        return None;
    }
    let path = path.display();
    Some(match file.set_permissions(fs::Permissions::from_mode(0o600)) {
        Ok(()) => format!("the history was open to others, now it is yours alone: `{path}`"),
        Err(error) => format!("the history is open to others: `{path}` ({})", error.kind()),
    })
}

#[cfg(not(unix))]
fn close_to_others(_: &File, _: &Path) -> Option<String> {
    None
}

/// Whether this file still stands there, and no other in its place.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    let place = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    match (file.metadata(), fs::metadata(path)) {
        (Ok(file), Ok(path)) => place(file) == place(path),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

fn read(file: &mut File) -> io::Result<Vec<u8>> {
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LARGEST)))?;
    let mut content = Vec::new();
    file.take(LARGEST).read_to_end(&mut content)?;
    Ok(content)
}

/// Whether the last line lacks its line feed.
fn torn(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

fn lines(content: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    content.split(|byte| *byte == b'\n').filter(|line| !line.is_empty())
}

fn record(line: &[u8]) -> Option<Record> {
    serde_json::from_slice(line).ok().filter(|record: &Record| !record.text.is_empty())
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
