//! What servers were found to refuse, remembered between runs: one small file in the cache folder.
//! Losing it costs one refused request.

use std::{
    fs::File,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{provider::Origin, wire::Adaptation};

/// The file's name in the cache folder.
const FILE: &str = "adaptations.json";

/// The largest file that is read, in bytes. A larger one is not ours.
const LARGEST: u64 = 256 << 10;

/// The most receivers that are remembered; the oldest are forgotten first.
const MOST: usize = 200;

/// The most adaptations for one receiver.
const MOST_EACH: usize = 16;

/// The longest name that is kept, in bytes.
const LONGEST: usize = 512;

/// The memory on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memory {
    path: PathBuf,
}

/// One receiver.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Entry {
    /// Scheme, host and port.
    origin: String,
    model: String,
    adaptations: Vec<Adaptation>,
}

/// The file's shape.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Entries {
    v: u32,
    /// Oldest first.
    entries: Vec<Entry>,
}

impl Memory {
    /// The memory in this cache folder ([`super::Paths::cache`]). Nothing is read yet.
    pub fn new(cache: &Path) -> Self {
        Self { path: cache.join(FILE) }
    }

    /// What that host was found to refuse for that model. A file that is missing, broken or not
    /// ours holds nothing.
    pub fn recall(&self, origin: &Origin, model: &str) -> Vec<Adaptation> {
        let origin = origin.to_string();
        let entries = self.read().entries;
        let found = entries.into_iter().find(|it| it.origin == origin && it.model == model);
        found.map(|entry| entry.adaptations).unwrap_or_default()
    }

    /// Remembers one more adaptation. Of several processes that do so at once, one may win; the
    /// file is whole at any moment.
    ///
    /// # Errors
    /// A folder or file that cannot be written: worth one notice, and nothing else depends on it.
    pub fn remember(
        &self,
        origin: &Origin,
        model: &str,
        adaptation: &Adaptation,
    ) -> io::Result<()> {
        let origin = origin.to_string();
        if origin.len() > LONGEST || model.len() > LONGEST {
            return Ok(());
        }
        let mut entries = self.read().entries;
        let known = entries.iter().position(|it| it.origin == origin && it.model == model);
        let mut entry = match known {
            Some(at) => entries.remove(at),
            None => Entry { origin, model: model.to_owned(), adaptations: Vec::new() },
        };
        if entry.adaptations.contains(adaptation) {
            return Ok(());
        }
        // The newest limit is the one that the server named last.
        if matches!(adaptation, Adaptation::Limit(_)) {
            entry.adaptations.retain(|it| !matches!(it, Adaptation::Limit(_)));
        }
        entry.adaptations.push(adaptation.clone());
        let surplus = entry.adaptations.len().saturating_sub(MOST_EACH);
        entry.adaptations.drain(..surplus);
        entries.push(entry);
        let surplus = entries.len().saturating_sub(MOST);
        entries.drain(..surplus);
        self.write(&Entries { v: 1, entries })
    }

    fn read(&self) -> Entries {
        let mut bytes = Vec::new();
        let read =
            File::open(&self.path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
        if read.is_err() || bytes.len() as u64 > LARGEST {
            return Entries::default();
        }
        let entries: Entries = serde_json::from_slice(&bytes).unwrap_or_default();
        if entries.v == 1 { entries } else { Entries::default() }
    }

    /// Writes a new file beside the old one (mode 0600 from the start) and puts it in its place.
    fn write(&self, entries: &Entries) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer(&mut file, entries)?;
        file.write_all(b"\n")?;
        file.persist(&self.path)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(host: &str) -> Origin {
        Origin { scheme: "https".into(), host: host.into(), port: 443 }
    }

    fn drop(name: &str) -> Adaptation {
        Adaptation::Drop(name.into())
    }

    #[test]
    fn what_is_remembered_is_recalled_for_that_host_and_model_only() {
        let folder = tempfile::tempdir().unwrap();
        let memory = Memory::new(&folder.path().join("byok"));
        memory.remember(&origin("a"), "m", &drop("top_p")).unwrap();
        memory.remember(&origin("a"), "m", &Adaptation::Limit(8192)).unwrap();
        memory.remember(&origin("a"), "m", &Adaptation::Limit(4096)).unwrap();
        memory.remember(&origin("a"), "m", &drop("top_p")).unwrap();
        assert_eq!(memory.recall(&origin("a"), "m"), [drop("top_p"), Adaptation::Limit(4096)]);
        assert_eq!(memory.recall(&origin("a"), "n"), []);
        assert_eq!(memory.recall(&origin("b"), "m"), []);
    }

    #[test]
    fn a_broken_or_huge_file_holds_nothing_and_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let memory = Memory::new(folder.path());
        for text in [&b"{"[..], b"[]", b"\xff", &vec![b' '; 300 << 10], br#"{"v":2,"entries":[]}"#]
        {
            std::fs::write(folder.path().join(FILE), text).unwrap();
            assert_eq!(memory.recall(&origin("a"), "m"), []);
        }
        memory.remember(&origin("a"), "m", &drop("seed")).unwrap();
        assert_eq!(memory.recall(&origin("a"), "m"), [drop("seed")]);
    }

    #[test]
    fn the_file_does_not_grow_without_bound() {
        let folder = tempfile::tempdir().unwrap();
        let memory = Memory::new(folder.path());
        for number in 0..MOST + 5 {
            memory.remember(&origin("a"), &number.to_string(), &drop("seed")).unwrap();
        }
        assert_eq!(memory.read().entries.len(), MOST);
        assert_eq!(memory.recall(&origin("a"), "0"), []);
        memory.remember(&origin("a"), &"x".repeat(LONGEST + 1), &drop("seed")).unwrap();
        assert_eq!(memory.read().entries.len(), MOST);
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_an_error_and_no_panic() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let memory = Memory::new(&file);
        assert!(memory.remember(&origin("a"), "m", &drop("seed")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn others_cannot_read_the_file() {
        use std::os::unix::fs::MetadataExt as _;
        let folder = tempfile::tempdir().unwrap();
        Memory::new(folder.path()).remember(&origin("a"), "m", &drop("seed")).unwrap();
        let mode = std::fs::metadata(folder.path().join(FILE)).unwrap().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
