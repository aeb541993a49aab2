//! Files that went along with questions, kept once each, by what is in them.

use std::{
    fs,
    io::{self, Read as _},
    path::PathBuf,
    time::SystemTime,
};

use ring::digest::{SHA256, digest};

use super::{Error, FileRef, Store, folder};

/// SHA-256 of a text, in hexadecimal.
pub(super) fn hash(text: impl AsRef<[u8]>) -> String {
    use std::fmt::Write as _;

    let digest = digest(&SHA256, text.as_ref());
    digest.as_ref().iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

impl FileRef {
    /// A file of this name and text.
    pub fn of(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), sha256: hash(text), bytes: text.len() as u64 }
    }

    /// Whether this is its text.
    pub(super) fn is_of(&self, text: &str) -> bool {
        self.bytes == text.len() as u64 && self.sha256 == hash(text)
    }

    /// What stands in the place of its text when that is gone.
    pub(super) fn without_text(&self) -> String {
        format!("[the file `{}` is not there any more]\n\n", self.name)
    }
}

/// Keeps a text that is not kept yet, unless it stands in for one that was lost.
pub(super) fn keep(store: &Store, file: &FileRef, text: &str) -> Result<(), Error> {
    let path = path(store, file);
    if fs::metadata(&path).is_ok_and(|found| found.len() == file.bytes) {
        // It is wanted again: what looks for files that nobody wants leaves it alone for a while. A
        // folder that cannot be written to loses nothing anyway.
        if let Ok(found) = fs::File::options().append(true).open(&path) {
            let _ = found.set_modified(SystemTime::now());
        }
        return Ok(());
    }
    if hash(text) != file.sha256 {
        return Ok(());
    }
    folder::replace(&path, text.as_bytes())
}

/// A text that was kept. `None`: it is gone, or not what it was.
pub(super) fn read(store: &Store, file: &FileRef) -> io::Result<Option<String>> {
    let opened = match fs::File::open(path(store, file)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    let mut text = String::new();
    match opened.take(file.bytes + 1).read_to_string(&mut text) {
        Err(error) if error.kind() == io::ErrorKind::InvalidData => return Ok(None),
        read => read?,
    };
    Ok((hash(&text) == file.sha256).then_some(text))
}

/// Where a text is kept. A hash that is none leads nowhere.
pub(super) fn path(store: &Store, file: &FileRef) -> PathBuf {
    store.files().join(if is_hash(&file.sha256) { file.sha256.as_str() } else { "none" })
}

/// Whether a file can be called that.
fn is_hash(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|it| it.is_ascii_hexdigit())
}
