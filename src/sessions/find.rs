//! Which session a person means.

use std::path::PathBuf;

use super::{Entry, Error, Listed, SessionId, Store, id};

/// How alike a name must be to be offered in place of one that is not there, from 0 to 1.
const ALIKE: f64 = 0.8;

/// How many are offered.
const MOST_NEAR: usize = 3;

impl Store {
    /// The file of the session that a person means: by its id, by its name (case is of no matter), or
    /// by the beginning of either that no other has.
    ///
    /// A name goes before the beginning of an id: a script that calls a session `fts` is not to go
    /// on with whichever session has an id that happens to begin so. A beginning as long as people
    /// are shown it is no accident.
    pub fn find(&self, wanted: &str) -> Result<PathBuf, Error> {
        let mut by_id =
            if id::is_beginning(wanted) { self.beginning_with(wanted)? } else { Vec::new() };
        if wanted.len() >= id::SHORT
            && let Some(only) = pop_only(&mut by_id)
        {
            return Ok(only.path);
        }
        let entries = self.catalog()?.entries;
        let folder = self.sessions();
        let mut named = named(&entries, wanted);
        if let Some(only) = pop_only(&mut named) {
            return Ok(folder.join(&only.file));
        }
        if named.is_empty()
            && let Some(only) = pop_only(&mut by_id)
        {
            return Ok(only.path);
        }
        if named.is_empty() && by_id.is_empty() {
            named = entries.iter().filter(|it| begins(it, wanted)).collect();
            if let Some(only) = pop_only(&mut named) {
                return Ok(folder.join(&only.file));
            }
        }
        let wanted = wanted.to_owned();
        if named.is_empty() && by_id.is_empty() {
            let near = near(&entries, &wanted);
            return Err(Error::NotFound { wanted, near });
        }
        let candidates: Vec<SessionId> = if named.is_empty() {
            by_id.into_iter().rev().map(|it| it.id).collect()
        } else {
            named.into_iter().map(|it| it.id.clone()).collect()
        };
        Err(Error::Ambiguous { wanted, candidates })
    }

    /// The file of the session that a script means: by its whole id or its whole name, and by nothing
    /// less. Of several of that name, which runs began at the same moment, the first one. `None`:
    /// there is none.
    pub fn find_whole(&self, wanted: &str) -> Result<Option<PathBuf>, Error> {
        if let Some(id) = SessionId::parse(wanted) {
            return match self.path(&id) {
                Ok(path) => Ok(Some(path)),
                Err(Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(error),
            };
        }
        let entries = self.catalog()?.entries;
        let first = named(&entries, wanted).into_iter().min_by_key(|it| (it.begun_at, &it.id));
        Ok(first.map(|it| self.sessions().join(&it.file)))
    }

    /// The sessions whose ids begin so, in the order of their beginnings. Of two files with one id,
    /// a copy made by hand, the later one counts.
    fn beginning_with(&self, wanted: &str) -> Result<Vec<Listed>, Error> {
        let mut found: Vec<Listed> = Vec::new();
        for listed in self.list()?.into_iter().filter(|it| it.id.as_str().starts_with(wanted)) {
            found.retain(|it| it.id != listed.id);
            found.push(listed);
        }
        Ok(found)
    }
}

/// Those of this name, the latest first. Of several, the one that is spelled so is meant.
fn named<'a>(entries: &'a [Entry], wanted: &str) -> Vec<&'a Entry> {
    let lower = wanted.to_lowercase();
    let is_named = |it: &&Entry| it.name.as_ref().is_some_and(|name| name.to_lowercase() == lower);
    let named: Vec<&Entry> = entries.iter().filter(is_named).collect();
    let is_so = |it: &&&Entry| it.name.as_deref() == Some(wanted);
    let spelled: Vec<&Entry> = named.iter().filter(is_so).copied().collect();
    if spelled.len() == 1 { spelled } else { named }
}

fn begins(entry: &Entry, wanted: &str) -> bool {
    let wanted = wanted.to_lowercase();
    let name = entry.name.as_ref().filter(|_| !wanted.is_empty());
    name.is_some_and(|name| name.to_lowercase().starts_with(&wanted))
}

/// The only one; several stay where they are.
fn pop_only<T>(found: &mut Vec<T>) -> Option<T> {
    if found.len() == 1 { found.pop() } else { None }
}

/// The names most like `wanted`, best first, each once.
fn near(entries: &[Entry], wanted: &str) -> Vec<String> {
    let wanted = wanted.to_lowercase();
    let names = entries.iter().filter_map(|it| it.name.as_ref());
    let scored = names.map(|name| (strsim::jaro_winkler(&wanted, &name.to_lowercase()), name));
    let mut scored: Vec<(f64, &String)> = scored.filter(|(score, _)| *score >= ALIKE).collect();
    scored.sort_by(|(left, a), (right, b)| right.total_cmp(left).then_with(|| a.cmp(b)));
    scored.dedup_by_key(|(_, name)| *name);
    scored.into_iter().take(MOST_NEAR).map(|(_, name)| name.clone()).collect()
}

#[cfg(test)]
#[path = "find_tests.rs"]
mod tests;
