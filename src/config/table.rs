//! A TOML table becomes a layer: every key known, at its place, once, and of its type. Pure.

use std::{collections::BTreeMap, ops::Range};

use toml::de::{DeTable, DeValue};

use super::{
    credential::{CredentialSource, variable_name},
    fault::Fault,
    keys::{self, ENV_SPELLINGS, Key, Kind, Place},
    layer::{KeyPath, Layer, Origin},
    mask::mask_name,
    value::{self, Folders, Value},
};

/// Reads one table of the file, or the words of `--set`.
pub(super) struct TableReader<'a> {
    /// What may stand here.
    pub(super) place: Place,
    /// The place in words: ``in profile `work` ``.
    pub(super) section: String,
    /// Where paths start.
    pub(super) folders: Folders<'a>,
    /// The origin of a value, by its position in the text.
    pub(super) origin: &'a dyn Fn(usize) -> Origin,
    /// What is wrong, with the position in the text.
    pub(super) faults: Vec<(usize, Fault)>,
    /// What is read.
    pub(super) layer: Layer,
    /// Positions of secrets that stand in the text itself: they are warned about.
    pub(super) literals: Vec<usize>,
    /// Where each key was seen, and how it was written.
    seen: BTreeMap<KeyPath, (usize, String)>,
}

impl<'a> TableReader<'a> {
    pub(super) fn new(
        place: Place,
        section: String,
        folders: Folders<'a>,
        origin: &'a dyn Fn(usize) -> Origin,
    ) -> Self {
        Self {
            place,
            section,
            folders,
            origin,
            faults: Vec::new(),
            layer: Layer::default(),
            literals: Vec::new(),
            seen: BTreeMap::new(),
        }
    }

    /// Reads a table whose keys stand below `prefix` (empty for the table itself).
    pub(super) fn read(&mut self, table: &DeTable<'_>, prefix: &str) {
        for (name, value) in table {
            let spelling = match prefix {
                "" => name.get_ref().to_string(),
                prefix => format!("{prefix}.{}", name.get_ref()),
            };
            self.read_key(&spelling, name.span(), value.get_ref());
        }
        if prefix.is_empty() {
            self.check_system(table);
        }
    }

    fn read_key(&mut self, spelling: &str, span: Range<usize>, value: &DeValue<'_>) {
        let at = span.start;
        let (known, short) = (keys::find(spelling), short_spelling(spelling));
        match known.or(short) {
            Some(key) if !key.may_stand(self.place) => {
                let (section, places) = (self.section.clone(), key.places_in_words());
                self.faults.push((at, Fault::Misplaced { key: key.name, section, places }));
            }
            Some(key) if known.is_some() => self.read_value(key, spelling, at, value),
            Some(key) => self.read_variable_name(key, spelling, at, value),
            None if keys::is_group(spelling) => match value.as_table() {
                Some(table) => self.read(table, spelling),
                None => self.faults.push((at, value::wrong_type(spelling, "a table", value))),
            },
            None => self.faults.push((at, self.unknown(spelling))),
        }
    }

    /// The fault of a name that is no key.
    fn unknown(&self, spelling: &str) -> Fault {
        // `[chat]` is a table of the file as `[defaults]` is one, and what stands in it is spoken
        // of by the names that are written there.
        const TABLES: [(&str, Place); 2] = [("chat.", Place::Chat), ("screen.", Place::Screen)];
        let in_table = TABLES.iter().filter(|_| self.place == Place::Top).find_map(|table| {
            let name = spelling.strip_prefix(table.0)?;
            Some((*table, name))
        });
        let Some(((prefix, place), name)) = in_table else {
            let (key, section) = (mask_name(spelling), self.section.clone());
            return Fault::UnknownKey {
                key,
                section,
                nearest: keys::nearest(spelling, self.place),
            };
        };
        let section = format!("in `[{}]`", prefix.trim_end_matches('.'));
        if let Some(key) = keys::find(name) {
            return Fault::Misplaced { key: key.name, section, places: key.places_in_words() };
        }
        let nearest = keys::nearest(spelling, place);
        let nearest = nearest.map(|name| name.trim_start_matches(prefix));
        Fault::UnknownKey { key: mask_name(name), section, nearest }
    }

    fn read_value(&mut self, key: &'static Key, spelling: &str, at: usize, value: &DeValue<'_>) {
        let path = KeyPath::new(key);
        match (key.kind, value) {
            (Kind::Strings, DeValue::Table(table)) => {
                for (name, value) in table {
                    // Header names have no case, so that a child's `X-Team` hides `x-team`.
                    let lower = name.get_ref().to_ascii_lowercase();
                    let below =
                        path.join(if key.name == "headers" { &lower } else { name.get_ref() });
                    let at = name.span().start;
                    match checked_string(key, &below, value.get_ref()) {
                        Ok(text) => {
                            if below.is_secret() {
                                self.literals.push(at);
                            }
                            let spelling = format!("{spelling}.{}", name.get_ref());
                            self.set(below, &spelling, at, Value::Text(text));
                        }
                        Err(fault) => self.faults.push((at, fault)),
                    }
                }
            }
            (Kind::Table, DeValue::Table(table)) => self.read_free(key, &path, at, table),
            (Kind::Strings | Kind::Table, _) => {
                let fault = value::wrong_type(key.name, &key.kind.in_words(), value);
                self.faults.push((at, fault));
            }
            _ => match Value::from_toml(key, value, self.folders) {
                Ok(value) => {
                    if let Value::Credential(sources) = &value
                        && sources.iter().any(|one| matches!(one, CredentialSource::Literal(_)))
                    {
                        self.literals.push(at);
                    }
                    self.set(path, spelling, at, value);
                }
                Err(fault) => self.faults.push((at, fault)),
            },
        }
    }

    /// Reads a table of the user's own names down to its leaves. An empty table is a leaf.
    fn read_free(&mut self, key: &'static Key, path: &KeyPath, at: usize, table: &DeTable<'_>) {
        for (name, value) in table {
            let below = path.join(name.get_ref());
            let at = name.span().start.max(at);
            match value.get_ref() {
                DeValue::Table(table) if !table.is_empty() => {
                    self.read_free(key, &below, at, table);
                }
                value => {
                    if let Ok(json) = Value::from_toml(key, value, self.folders) {
                        self.set(below, key.name, at, json);
                    } else {
                        let name = below.to_string();
                        let fault = value::wrong_type(&name, "what JSON can say", value);
                        self.faults.push((at, fault));
                    }
                }
            }
        }
    }

    fn read_variable_name(
        &mut self,
        key: &'static Key,
        spelling: &str,
        at: usize,
        value: &DeValue<'_>,
    ) {
        let read = match value.as_str() {
            Some(text) if text.trim().is_empty() => Err(Fault::Empty(spelling.to_owned())),
            Some(text) => variable_name(key.name, text.trim()),
            None => Err(value::wrong_type(spelling, "the name of a variable", value)),
        };
        match read {
            Ok(name) => {
                let value = Value::Credential(vec![CredentialSource::Env(name)]);
                self.set(KeyPath::new(key), spelling, at, value);
            }
            Err(fault) => self.faults.push((at, fault)),
        }
    }

    fn set(&mut self, path: KeyPath, spelling: &str, at: usize, value: Value) {
        match self.seen.get(&path) {
            None => {
                self.seen.insert(path.clone(), (at, spelling.to_owned()));
                self.layer.set(path, value, (self.origin)(at));
            }
            // Tables are read in the order of the alphabet, mistakes in the order of lines.
            Some((other, first)) if *other < at => {
                let (first, second) = (mask_name(first), mask_name(spelling));
                self.faults.push((at, Fault::Twice { first, second }));
            }
            Some((other, second)) => {
                let (first, second) = (mask_name(spelling), mask_name(second));
                self.faults.push((*other, Fault::Twice { first, second }));
            }
        }
    }

    fn check_system(&mut self, table: &DeTable<'_>) {
        let is_both = self.layer.get("system").is_some() && self.layer.get("system_file").is_some();
        if is_both {
            let spans =
                table.iter().filter(|(name, _)| keys::snake(name.get_ref()) == "system_file");
            let at = spans.map(|(name, _)| name.span().start).next().unwrap_or(0);
            self.faults.push((at, Fault::Both("system", "system_file")));
        }
    }
}

/// The key that `api_key_env` or `apiKeyEnv` stands for.
fn short_spelling(spelling: &str) -> Option<&'static Key> {
    let snake = keys::snake(spelling);
    let (_, meant) = ENV_SPELLINGS.iter().find(|(short, _)| *short == snake)?;
    keys::find(meant)
}

/// A header's or parameter's text: a header must be fit to be sent.
fn checked_string(key: &Key, path: &KeyPath, value: &DeValue<'_>) -> Result<String, Fault> {
    let wrong = |expected: &str, found: &str| Fault::WrongType {
        key: path.to_string(),
        expected: expected.to_owned(),
        found: found.to_owned(),
    };
    let Some(text) = value.as_str() else {
        return Err(value::wrong_type(&path.to_string(), "a string", value));
    };
    if key.name != "headers" {
        return Ok(text.to_owned());
    }
    let name = path.names().last().map_or("", String::as_str);
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err(wrong("under a header's name", "this name"));
    }
    if text.chars().any(|c| c.is_control() && c != '\t') {
        return Err(wrong("a text without control characters", "this"));
    }
    Ok(text.to_owned())
}
