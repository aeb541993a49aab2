//! Which session was last: in this terminal, in this directory, at all.
//!
//! Marks are small files that say so. They are a shortcut: the first line of each session says where it
//! began, so that without marks the latest of the right place is found by looking.

use std::{ffi::OsStr, fs, path::Path};

use super::{Entry, Error, Listed, Store, files, folder, store::id_in};

/// How a session was found to be the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Last {
    /// In this terminal.
    Terminal,
    /// In this directory.
    Directory,
    /// At all.
    All,
}

/// A place in which a session may be the last one.
struct Level {
    last: Last,
    /// The name of its mark.
    mark: String,
    /// Whether a session began there.
    is_here: fn(&Store, &Entry) -> bool,
}

/// What a mark says.
enum Marked {
    /// Nothing: nobody made it.
    Nothing,
    /// A session that is there.
    There(Listed),
    /// One that is gone, or no session at all.
    Gone,
}

impl Store {
    /// Notes that the session in this file was used here. Nothing depends on it but what `-c` finds.
    pub(super) fn note_last(&self, path: &Path) {
        let Some(name) = path.file_name().and_then(OsStr::to_str) else { return };
        let content = format!("{name}\n");
        for Level { mark, .. } in self.levels() {
            let _ = folder::replace(&self.marks().join(mark), content.as_bytes());
        }
    }

    /// The last session of this terminal, else of this directory, else at all.
    pub fn last(&self) -> Result<Option<(Listed, Last)>, Error> {
        // Every use marks all of its places, so that the mark of all tells whether marks were
        // lost. Where they are, one that is not there means that nothing was asked in its place.
        let are_lost = matches!(self.marked(ALL), Marked::Nothing);
        let mut entries: Option<Vec<Entry>> = None;
        for Level { last, mark, is_here } in self.levels() {
            match self.marked(&mark) {
                Marked::There(listed) => return Ok(Some((listed, last))),
                Marked::Nothing if !are_lost => continue,
                Marked::Nothing | Marked::Gone => {}
            }
            let entries = match &mut entries {
                Some(entries) => entries,
                none => none.insert(self.catalog()?.entries),
            };
            if let Some(entry) = entries.iter().find(|entry| is_here(self, entry)) {
                let path = self.sessions().join(&entry.file);
                return Ok(Some((Listed { id: entry.id.clone(), path }, last)));
            }
        }
        Ok(None)
    }

    /// The places, the nearest first.
    fn levels(&self) -> Vec<Level> {
        let place = self.place();
        let mut levels = Vec::new();
        if let Some(terminal) = &place.terminal {
            levels.push(Level {
                last: Last::Terminal,
                mark: mark("terminal", terminal),
                is_here: |store, entry| entry.terminal == store.place().terminal,
            });
        }
        if let Some(directory) = &place.directory {
            levels.push(Level {
                last: Last::Directory,
                mark: mark("directory", directory),
                is_here: |store, entry| entry.directory == store.place().directory,
            });
        }
        levels.push(Level { last: Last::All, mark: ALL.to_owned(), is_here: |_, _| true });
        levels
    }

    fn marked(&self, mark: &str) -> Marked {
        let Ok(text) = fs::read_to_string(self.marks().join(mark)) else { return Marked::Nothing };
        let name = text.trim_end();
        // A name leads to a file of this folder, and nowhere else.
        let Some(id) = id_in(name).filter(|_| !name.contains(['/', '\\'])) else {
            return Marked::Gone;
        };
        let path = self.sessions().join(name);
        if path.is_file() { Marked::There(Listed { id, path }) } else { Marked::Gone }
    }
}

/// The mark of the last session at all.
const ALL: &str = "all";

/// The name of a mark: what it stands for may be long, and hold anything.
fn mark(kind: &str, of: &str) -> String {
    format!("{kind}-{}", &files::hash(of)[..32])
}

#[cfg(test)]
#[path = "last_tests.rs"]
mod tests;
