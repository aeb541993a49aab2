//! Files that are made from the sessions, in the cache folder. Each may be gone or broken at any time:
//! then it is made again. That none can be written is no trouble, and is not told.

use std::fs::{File, OpenOptions};

use super::{Store, folder};

/// Held by the process that writes.
const LOCK: &str = "sessions.lock";

/// The right to write, until it is dropped. `None`: another process has it, or nothing can be
/// written here. Nobody waits for it: what is not written now is written by whoever needs it next.
pub(super) fn lock(store: &Store) -> Option<File> {
    let folder = store.derived();
    let open = || {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(folder.join(LOCK))
    };
    let file = match open() {
        Err(_) => {
            folder::create(&folder).ok()?;
            open().ok()?
        }
        Ok(file) => file,
    };
    file.try_lock().ok()?;
    Some(file)
}

/// Puts `content` in the place of the file.
pub(super) fn replace(store: &Store, file: &str, content: &[u8]) {
    let _ = folder::replace(&store.derived().join(file), content);
}
