//! Layers of values, each value with its origin, and how one lies over another. Pure.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::Path,
    sync::Arc,
};

use super::{
    keys::{self, KEYS, Key},
    value::Value,
};
use crate::provider::names_a_secret;

/// A key of the table and, below a table of the user's own names, the names: `headers.x-team`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyPath {
    /// The position in [`KEYS`]; first, so that paths sort as they are shown.
    rank: usize,
    names: Vec<String>,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A line of the configuration file.
    File {
        /// The file.
        path: Arc<Path>,
        /// Counted from 1.
        line: usize,
        /// The part of the file.
        section: Section,
    },
    /// A variable of the environment, by name.
    Variable(String),
    /// A flag as it is typed, for example `--model`.
    Flag(&'static str),
    /// A profile that no file holds: `ollama`, `demo`.
    BuiltInProfile(&'static str),
    /// The built-in default.
    Default,
}

/// A part of the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Above all tables.
    Top,
    /// `[defaults]`
    Defaults,
    /// `[profiles.NAME]`
    Profile(String),
}

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Sourced {
    /// What is said.
    pub value: Value,
    /// Who says it.
    pub origin: Origin,
}

/// What one source says: a map from dotted keys to values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layer {
    values: BTreeMap<KeyPath, Sourced>,
    /// Where a value stood that a table replaced: what lies below is hidden from layers underneath.
    cuts: BTreeSet<KeyPath>,
}

impl KeyPath {
    /// The path of a key of the table.
    pub(super) fn new(key: &'static Key) -> Self {
        Self { rank: keys::rank(key), names: Vec::new() }
    }

    /// The path one name further down.
    pub(super) fn join(&self, name: &str) -> Self {
        let mut names = self.names.clone();
        names.push(name.to_owned());
        Self { rank: self.rank, names }
    }

    /// The key of the table.
    pub fn key(&self) -> &'static Key {
        &KEYS[self.rank]
    }

    /// The names below the key.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    fn starts_with(&self, other: &Self) -> bool {
        self.rank == other.rank && self.names.starts_with(&other.names)
    }

    /// Whether the value belongs to one receiver: a credential, a header or parameter that may hold
    /// one, a client certificate.
    pub fn is_bound(&self) -> bool {
        match self.key().name {
            "api_key" | "bearer_token" | "tls.client_cert" | "tls.client_key" => true,
            "headers" | "query" => self.is_secret(),
            _ => false,
        }
    }

    /// Whether the value is a secret by its name, credentials aside: a header such as `x-api-key`.
    pub fn is_secret(&self) -> bool {
        matches!(self.key().name, "headers" | "query" | "extra_body")
            && self.names.iter().any(|name| names_a_secret(name))
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key().name)?;
        for name in &self.names {
            let is_bare = !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
            if is_bare { write!(f, ".{name}")? } else { write!(f, ".{name:?}")? }
        }
        Ok(())
    }
}

impl Layer {
    /// Sets a value, in place of an earlier one of the same path.
    pub(super) fn set(&mut self, path: KeyPath, value: Value, origin: Origin) {
        self.values.insert(path, Sourced { value, origin });
    }

    /// Sets a value by its key's name.
    pub(super) fn set_key(&mut self, name: &str, value: Value, origin: Origin) {
        if let Some(key) = keys::find(name) {
            self.set(KeyPath::new(key), value, origin);
        }
    }

    /// The value of a key.
    pub fn get(&self, name: &str) -> Option<&Sourced> {
        self.values.get(&KeyPath::new(keys::find(name)?))
    }

    /// Whether something stands at exactly this path.
    pub(super) fn holds(&self, path: &KeyPath) -> bool {
        self.values.contains_key(path)
    }

    /// All values, in the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = (&KeyPath, &Sourced)> {
        self.values.iter()
    }

    /// The values at and below a key.
    pub(super) fn below(&self, name: &str) -> impl Iterator<Item = (&KeyPath, &Sourced)> {
        let rank = keys::find(name).map(keys::rank);
        self.values.iter().filter(move |(path, _)| Some(path.rank) == rank)
    }

    /// Whether nothing is said.
    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Takes out what `keep` refuses.
    pub(super) fn retain(&mut self, keep: impl Fn(&KeyPath, &Sourced) -> bool) {
        self.values.retain(|path, sourced| keep(path, sourced));
    }

    /// Lays this layer over `lower`: what is said here hides what is said there.
    ///
    /// Tables merge key by key. Associative, so that it does not matter which neighbours meet first.
    #[must_use]
    pub(super) fn over(mut self, lower: Self) -> Self {
        let mut shown = Vec::new();
        for (path, sourced) in lower.values {
            if self.holds_below(&path) {
                self.cuts.insert(path);
            } else if !self.hides(&path) {
                shown.push((path, sourced));
            }
        }
        self.values.extend(shown);
        self.cuts.extend(lower.cuts);
        self
    }

    /// Whether a value or a cut stands at `path` or above it, or in its place.
    fn hides(&self, path: &KeyPath) -> bool {
        let mut above = path.clone();
        loop {
            if self.values.contains_key(&above) || self.cuts.contains(&above) {
                return true;
            }
            if above.names.pop().is_none() {
                break;
            }
        }
        // A credential is one value in two spellings, so is a system prompt; and another model
        // must not go out under the name that the wire had for the first.
        let rivals: &[&str] = match path.key().name {
            "api_key" | "bearer_token" => &["api_key", "bearer_token"],
            "system" | "system_file" => &["system", "system_file"],
            "wire_model" => &["model"],
            _ => &[],
        };
        rivals.iter().any(|rival| self.get(rival).is_some())
    }

    /// Whether a value stands strictly below `path`.
    fn holds_below(&self, path: &KeyPath) -> bool {
        use std::ops::Bound::{Excluded, Unbounded};
        let mut after = self.values.range((Excluded(path), Unbounded));
        after.next().is_some_and(|(other, _)| other.starts_with(path))
    }
}

impl Origin {
    /// In words, as seen from the profile `chosen`: ``config.toml:12 (inherited from `work`)``.
    pub fn in_words(&self, chosen: &str) -> String {
        match self {
            Self::File { path, line, section } => {
                let place = format!("{}:{line}", path.display());
                match section {
                    Section::Profile(name) if name != chosen => {
                        format!("{place} (inherited from `{name}`)")
                    }
                    Section::Defaults => format!("{place} (`[defaults]`)"),
                    _ => place,
                }
            }
            Self::Variable(name) => format!("variable `{name}`"),
            Self::Flag(flag) => format!("flag `{flag}`"),
            Self::BuiltInProfile(name) => format!("built-in profile `{name}`"),
            Self::Default => "default".into(),
        }
    }
}

#[cfg(test)]
#[path = "layer_tests.rs"]
mod tests;
