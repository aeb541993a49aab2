//! Credentials as written: a secret, or where to find one. Pure; `fetch` does the finding.

use std::{fmt, path::PathBuf, time::Duration};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    Env, Origin,
    fault::Fault,
    keys::{self, ENV_SPELLINGS},
    mask::mask_name,
    paths,
    value::{self, Folders},
};
use crate::provider::{CredentialForm, InvalidSecret, Secret};

/// How long a command may take when nobody says otherwise.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(30);

/// The one credential of a profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Credential {
    /// `api_key` or `bearer_token`.
    pub form: CredentialForm,
    /// Where to look, in this order; at least one.
    pub sources: Vec<CredentialSource>,
    /// Who named it.
    pub origin: Origin,
    /// The profile, for messages.
    pub profile: String,
}

/// One place where a secret may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialSource {
    /// The secret itself.
    Literal(Secret),
    /// A variable of the environment.
    Env(String),
    /// A file that holds the secret and nothing else.
    File(PathBuf),
    /// The output of a program.
    Command(Command),
    /// An entry of the system's key store.
    Keyring(String),
}

/// A program that prints a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The program and its arguments; no shell reads them. At least one.
    pub argv: Vec<String>,
    /// How long the output is good for; `None`: until a JWT's `exp`, else as long as the process.
    pub ttl: Option<Duration>,
    /// How long it may run.
    pub timeout: Duration,
}

impl CredentialSource {
    /// A secret as written.
    pub(super) fn literal(key: &str, text: &str) -> Result<Self, Fault> {
        match Secret::new(text) {
            Ok(secret) => Ok(Self::Literal(secret)),
            Err(InvalidSecret::Empty) => Err(Fault::Empty(key.to_owned())),
            Err(why) => Err(Fault::Secret { key: key.to_owned(), why }),
        }
    }

    /// Whether a look (at the environment and the disk, no command) finds something there.
    pub(super) fn is_available(&self, env: &Env) -> bool {
        match self {
            Self::Literal(_) | Self::Command(_) => true,
            Self::Env(name) => env.get(name).is_some(),
            Self::File(path) => path.exists(),
            Self::Keyring(_) => false,
        }
    }
}

impl fmt::Display for CredentialSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(_) => f.write_str("a literal"),
            Self::Env(name) => write!(f, "variable `{name}`"),
            Self::File(path) => write!(f, "file `{}`", path.display()),
            // Arguments may hold names of vaults and accounts; the program is enough to know it.
            Self::Command(command) => write!(f, "command `{}`", command.program()),
            Self::Keyring(name) => write!(f, "keyring entry `{name}`"),
        }
    }
}

impl Command {
    /// The program's name.
    pub fn program(&self) -> &str {
        self.argv.first().map_or("", String::as_str)
    }
}

impl Credential {
    /// The source that will probably be used: the first that is there at a look, else the first.
    pub fn likely_source(&self, env: &Env) -> Option<&CredentialSource> {
        let found = self.sources.iter().find(|source| source.is_available(env));
        found.or(self.sources.first())
    }

    /// That source in words.
    pub fn likely_in_words(&self, env: &Env) -> String {
        self.likely_source(env).map(|source| self.source_in_words(source)).unwrap_or_default()
    }

    /// The name that stands for the secret in what is shown: its variable, else `BYOK_KEY`.
    pub fn shown_as(&self, env: &Env) -> String {
        let is_name = |name: &str| {
            let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            !name.starts_with(|c: char| c.is_ascii_digit()) && name.bytes().all(word)
        };
        match (self.likely_source(env), &self.origin) {
            (Some(CredentialSource::Env(name)), _) if is_name(name) => name.clone(),
            (Some(CredentialSource::Literal(_)), Origin::Variable(name)) => name.clone(),
            _ => "BYOK_KEY".into(),
        }
    }

    /// The place that `source` stands for, in words.
    pub fn source_in_words(&self, source: &CredentialSource) -> String {
        match source {
            CredentialSource::Literal(_) => self.origin.in_words(&self.profile),
            other => other.to_string(),
        }
    }

    /// The variables named as sources.
    pub(super) fn variables(sources: &[CredentialSource]) -> impl Iterator<Item = &str> {
        sources.iter().filter_map(|source| match source {
            CredentialSource::Env(name) => Some(name.as_str()),
            _ => None,
        })
    }
}

/// Reads `api_key` or `bearer_token`: one source, or an array of them.
pub(super) fn read_credential(
    key: &str,
    value: &DeValue<'_>,
    folders: Folders<'_>,
) -> Result<Vec<CredentialSource>, Fault> {
    match value {
        DeValue::Array(items) if items.is_empty() => Err(Fault::Empty(key.to_owned())),
        DeValue::Array(items) => {
            items.iter().map(|item| read_source(key, item.get_ref(), folders)).collect()
        }
        one => Ok(vec![read_source(key, one, folders)?]),
    }
}

fn read_source(
    key: &str,
    value: &DeValue<'_>,
    folders: Folders<'_>,
) -> Result<CredentialSource, Fault> {
    match value {
        DeValue::String(text) => CredentialSource::literal(key, text),
        DeValue::Table(table) => read_table(key, table, folders),
        other => Err(value::wrong_type(key, &keys::Kind::Credential.in_words(), other)),
    }
}

/// The keys of a source's table.
const SOURCE_KEYS: [&str; 6] = ["env", "file", "command", "keyring", "ttl", "timeout"];

fn read_table(
    key: &str,
    table: &DeTable<'_>,
    folders: Folders<'_>,
) -> Result<CredentialSource, Fault> {
    for name in table.keys() {
        let name = name.get_ref();
        if !SOURCE_KEYS.contains(&name.as_ref()) {
            let nearest = match name.as_ref() {
                "cmd" | "exec" | "shell" => Some("command"),
                "variable" | "var" => Some("env"),
                "path" => Some("file"),
                "keychain" => Some("keyring"),
                other => keys::closest(other, SOURCE_KEYS),
            };
            let key = format!("{key}.{}", mask_name(name));
            return Err(Fault::UnknownKey { key, section: "of a credential".into(), nearest });
        }
    }
    let text = |name: &str| -> Result<Option<&str>, Fault> {
        let Some(value) = table.get(name) else { return Ok(None) };
        let path = format!("{key}.{name}");
        let text = value.get_ref().as_str();
        match text.ok_or_else(|| value::wrong_type(&path, "a string", value.get_ref()))?.trim() {
            "" => Err(Fault::Empty(path)),
            text => Ok(Some(text)),
        }
    };
    let mut sources = Vec::new();
    if let Some(name) = text("env")? {
        sources.push(CredentialSource::Env(variable_name(key, name)?));
    }
    if let Some(path) = text("file")? {
        let path = paths::expand(path, folders.home, folders.base);
        sources.push(CredentialSource::File(path));
    }
    if let Some(name) = text("keyring")? {
        sources.push(CredentialSource::Keyring(name.to_owned()));
    }
    if table.contains_key("command") {
        sources.push(CredentialSource::Command(read_command(key, table)?));
    } else if let Some(name) = ["ttl", "timeout"].into_iter().find(|name| table.contains_key(*name))
    {
        let key = format!("{key}.{name}");
        return Err(Fault::UnknownKey { key, section: "without `command`".into(), nearest: None });
    }
    match <[CredentialSource; 1]>::try_from(sources) {
        Ok([source]) => Ok(source),
        Err(_) => Err(Fault::WrongType {
            key: key.to_owned(),
            expected: "a table with one of `env`, `file`, `command`, `keyring`".into(),
            found: "this table".into(),
        }),
    }
}

fn read_command(key: &str, table: &DeTable<'_>) -> Result<Command, Fault> {
    let path = |name: &str| format!("{key}.{name}");
    let wrong = |name: &str, expected: &str, value: &DeValue<'_>| {
        value::wrong_type(&path(name), expected, value)
    };
    let argv = match table.get("command").map(Spanned::get_ref) {
        Some(DeValue::Array(words)) => words
            .iter()
            .map(|word| match word.get_ref().as_str() {
                Some(text) if !text.contains('\0') => Ok(text.to_owned()),
                _ => Err(wrong("command", "an array of strings", word.get_ref())),
            })
            .collect::<Result<Vec<_>, _>>()?,
        Some(other) => {
            return Err(wrong("command", "an array of strings, which no shell reads", other));
        }
        None => Vec::new(),
    };
    if argv.first().is_none_or(|program| program.trim().is_empty()) {
        return Err(Fault::Empty(path("command")));
    }
    let duration = |name: &str| match table.get(name).map(Spanned::get_ref) {
        None => Ok(None),
        Some(value) => match value::read_duration(value).filter(|time| !time.is_zero()) {
            Some(time) => Ok(Some(time)),
            None => Err(wrong(name, &keys::Kind::Duration.in_words(), value)),
        },
    };
    let timeout = duration("timeout")?.unwrap_or(COMMAND_TIMEOUT);
    Ok(Command { argv, ttl: duration("ttl")?, timeout })
}

/// Checks the name of a variable. A key pasted in its place is not repeated in the message.
pub(super) fn variable_name(key: &str, name: &str) -> Result<String, Fault> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if name.bytes().all(is_name) && !name.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(name.to_owned());
    }
    let spelling = ENV_SPELLINGS.iter().find(|(_, meant)| *meant == key);
    Err(Fault::WrongType {
        key: spelling.map_or(key, |(name, _)| name).to_owned(),
        expected: "the name of a variable".into(),
        found: "this".into(),
    })
}
