//! The configuration file: found, read, parsed and checked as a whole.

use std::{
    collections::BTreeMap,
    fs::File as Handle,
    io::{self, Read as _},
    path::Path,
    sync::Arc,
};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    Error, Paths,
    fault::{Fault, Mistake, Spot},
    keys::{self, Place},
    layer::{Layer, Origin, Section},
    mask::mask,
    table::TableReader,
    value::{self, Folders, Value},
};

/// The largest file that is read, in bytes.
const LARGEST: usize = 1 << 20;

/// The most profiles a chain of `extends` may hold; deeper ones are mistakes, and cost.
const LONGEST_CHAIN: usize = 32;

/// A file that was read and holds no mistake.
#[derive(Debug, Clone, Default)]
pub(super) struct File {
    /// Keys above all tables.
    pub(super) top: Layer,
    /// `[defaults]`
    pub(super) defaults: Layer,
    /// `[profiles.*]`, by name.
    pub(super) profiles: BTreeMap<String, Layer>,
    /// Whether a secret stands in the file itself.
    pub(super) holds_secret: bool,
}

impl File {
    /// Reads the file at `path`; `None` when there is none.
    pub(super) fn load(path: &Path, paths: &Paths) -> Result<Option<Self>, Error> {
        match read(path)? {
            Some(text) => Self::parse(&text, path, paths).map(Some).map_err(Error::Mistakes),
            None => Ok(None),
        }
    }

    /// Parses the text of the file at `path`. All mistakes are found, in the order of the lines.
    pub(super) fn parse(text: &str, path: &Path, paths: &Paths) -> Result<Self, Vec<Mistake>> {
        let source = Source::new(text, path);
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => {
                let at = error.span().map_or(text.len(), |span| span.start);
                return Err(vec![source.mistake(at, Fault::Syntax(one_line(error.message())))]);
            }
        };
        let mut parser =
            Parser { source: &source, paths, file: Self::default(), faults: Vec::new() };
        parser.read(table.get_ref());
        let Parser { file, mut faults, .. } = parser;
        if faults.is_empty() {
            return Ok(file);
        }
        faults.sort_by_key(|(at, _)| *at);
        Err(faults.into_iter().map(|(at, fault)| source.mistake(at, fault)).collect())
    }

    /// The profile with everything it extends, nearest first on top; `None`: no such profile.
    pub(super) fn chain(&self, name: &str) -> Option<Layer> {
        let mut merged = self.profiles.get(name)?.clone();
        let mut parent = self.parent(name);
        for _ in 0..LONGEST_CHAIN {
            let Some(name) = parent else { break };
            merged = merged.over(self.profiles.get(name).cloned().unwrap_or_default());
            parent = self.parent(name);
        }
        Some(merged)
    }

    /// What a profile extends.
    pub(super) fn parent(&self, name: &str) -> Option<&str> {
        match &self.profiles.get(name)?.get("extends")?.value {
            Value::Text(parent) => Some(parent),
            _ => None,
        }
    }
}

/// Reads at most [`LARGEST`] bytes of UTF-8, a byte order mark removed.
fn read(path: &Path) -> Result<Option<String>, Error> {
    let unreadable = |source| Error::Unreadable { path: path.to_owned(), source };
    let file = match Handle::open(path) {
        Ok(file) => file,
        Err(error)
            if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            return Ok(None);
        }
        Err(_) if path.is_dir() => return Err(Error::Directory { path: path.to_owned() }),
        Err(error) => return Err(unreadable(error)),
    };
    if file.metadata().map_err(unreadable)?.is_dir() {
        return Err(Error::Directory { path: path.to_owned() });
    }
    let mut bytes = Vec::new();
    file.take(LARGEST as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > LARGEST {
        return Err(Error::TooLarge { path: path.to_owned(), limit: LARGEST });
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned(),
            None => text,
        })),
        Err(error) => {
            let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = memchr::memchr_iter(b'\n', valid).count() + 1;
            Err(Error::NotUtf8 { path: path.to_owned(), line })
        }
    }
}

/// The text with the positions of its lines.
struct Source<'a> {
    text: &'a str,
    path: Arc<Path>,
    /// Where each line begins, in bytes.
    starts: Vec<usize>,
}

impl<'a> Source<'a> {
    fn new(text: &'a str, path: &Path) -> Self {
        let after_ends =
            text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(after_ends).collect();
        Self { text, path: path.into(), starts }
    }

    /// The line that holds the byte at `at`, counted from 1.
    fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at)
    }

    fn mistake(&self, at: usize, fault: Fault) -> Mistake {
        let line = self.line(at);
        let start = self.starts[line - 1];
        let end = self.starts.get(line).copied().unwrap_or(self.text.len());
        let quote = self.text.get(start..end).unwrap_or_default().trim();
        let before = self.text.get(start..at).unwrap_or_default();
        let spot =
            Spot::File { path: Arc::clone(&self.path), line, column: before.chars().count() + 1 };
        Mistake { spot, fault, quote: (!quote.is_empty()).then(|| mask(quote)) }
    }
}

/// Walks through the tables of the file.
struct Parser<'a> {
    source: &'a Source<'a>,
    paths: &'a Paths,
    file: File,
    faults: Vec<(usize, Fault)>,
}

type Profile<'t, 'i> = (&'t Spanned<std::borrow::Cow<'i, str>>, &'t Spanned<DeValue<'i>>);

impl Parser<'_> {
    fn read(&mut self, table: &DeTable<'_>) {
        let mut top = DeTable::new();
        let mut profiles = Vec::new();
        for (name, value) in table {
            match (name.get_ref().as_ref(), value.get_ref()) {
                ("defaults", DeValue::Table(defaults)) => {
                    let section = "in `[defaults]`";
                    self.file.defaults =
                        self.section(defaults, Place::Defaults, &Section::Defaults, section);
                }
                ("profiles", DeValue::Table(table)) => profiles.extend(table.iter()),
                ("defaults" | "profiles", other) => {
                    let fault = value::wrong_type(name.get_ref(), "a table", other);
                    self.faults.push((name.span().start, fault));
                }
                _ => {
                    top.insert(name.clone(), value.clone());
                }
            }
        }
        self.file.top = self.section(&top, Place::Top, &Section::Top, "at the top of the file");
        for profile in &profiles {
            self.read_profile(*profile);
        }
        for (name, _) in &profiles {
            self.check_parents(name.get_ref(), name.span().start);
        }
        self.check_default(table);
    }

    fn read_profile(&mut self, (name, value): Profile<'_, '_>) {
        let at = name.span().start;
        if !is_profile_name(name.get_ref()) {
            self.faults.push((at, Fault::ProfileName(value::excerpt(name.get_ref()))));
            return;
        }
        let name = name.get_ref().to_string();
        let Some(table) = value.get_ref().as_table() else {
            let key = format!("profiles.{name}");
            self.faults.push((at, value::wrong_type(&key, "a table", value.get_ref())));
            return;
        };
        let section = format!("in profile `{name}`");
        let layer = self.section(table, Place::Profile, &Section::Profile(name.clone()), &section);
        self.file.profiles.insert(name, layer);
    }

    fn section(
        &mut self,
        table: &DeTable<'_>,
        place: Place,
        section: &Section,
        words: &str,
    ) -> Layer {
        let source = self.source;
        let origin = |at| Origin::File {
            path: Arc::clone(&source.path),
            line: source.line(at),
            section: section.clone(),
        };
        let base = source.path.parent();
        let folders = Folders { home: self.paths.home.as_deref(), base };
        let mut reader = TableReader::new(place, words.to_owned(), folders, &origin);
        reader.read(table, "");
        self.faults.append(&mut reader.faults);
        self.file.holds_secret |= !reader.literals.is_empty();
        reader.layer
    }

    /// Follows `extends` from a profile: each parent must exist, and none may come again.
    fn check_parents(&mut self, name: &str, at: usize) {
        let file = &self.file;
        let Some(Origin::File { line, .. }) =
            file.profiles.get(name).and_then(|layer| layer.get("extends")).map(|it| &it.origin)
        else {
            return;
        };
        // The mistake is where the word is, not where the profile begins.
        let at = self.source.starts.get(line - 1).copied().unwrap_or(at);
        let mut seen = vec![name.to_owned()];
        let mut child = name;
        while let Some(parent) = file.parent(child) {
            if !file.profiles.contains_key(parent) {
                // Each child reports its own parent; a grandchild would only repeat it.
                if child == name {
                    let nearest = keys::closest(parent, file.profiles.keys().map(String::as_str));
                    let nearest = nearest.map(str::to_owned);
                    let (profile, parent) = (name.to_owned(), value::excerpt(parent));
                    self.faults.push((at, Fault::MissingParent { profile, parent, nearest }));
                }
                return;
            }
            if let Some(first) = seen.iter().position(|earlier| earlier == parent) {
                // One report for one circle: by the member whose name sorts first.
                let circle = &seen[first..];
                if first == 0 && circle.iter().min().is_some_and(|least| least == name) {
                    seen.push(parent.to_owned());
                    self.faults.push((at, Fault::Cycle(seen)));
                }
                return;
            }
            if seen.len() > LONGEST_CHAIN {
                let key = "extends".to_owned();
                let expected = format!("a chain of at most {LONGEST_CHAIN} profiles");
                let found = "a longer one".to_owned();
                self.faults.push((at, Fault::WrongType { key, expected, found }));
                return;
            }
            seen.push(parent.to_owned());
            child = parent;
        }
    }

    fn check_default(&mut self, table: &DeTable<'_>) {
        let Some(Value::Text(name)) = self.file.top.get("default_profile").map(|it| &it.value)
        else {
            return;
        };
        let profiles = &self.file.profiles;
        if profiles.contains_key(name) || super::offers::is_built_in(name) {
            return;
        }
        let spelled = |key: &str| keys::snake(key) == "default_profile";
        let at = table.keys().find(|key| spelled(key.get_ref())).map_or(0, |key| key.span().start);
        let nearest = keys::closest(name, profiles.keys().map(String::as_str)).map(str::to_owned);
        self.faults.push((at, Fault::MissingDefault { name: value::excerpt(name), nearest }));
    }
}

/// Letters, digits, `.`, `_`, `-`, of a length that fits on a line; the first no `-` or `.`, which
/// flags and hidden files begin with.
pub(super) fn is_profile_name(name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    (1..=64).contains(&name.chars().count())
        && name.chars().all(is_word)
        && !name.starts_with(['-', '.'])
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
