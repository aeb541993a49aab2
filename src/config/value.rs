//! Values, checked at the door: what the table of keys says about a value holds from here on.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::{Number, Value as Json};
use toml::de::{DeInteger, DeValue};

use super::{
    chat_settings,
    credential::{CredentialSource, read_credential},
    duration,
    fault::Fault,
    keys::{Key, Kind},
    paths,
};

/// The value of a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Texts and words.
    Text(String),
    /// `true` or `false`.
    Bool(bool),
    /// A finite number, zero or more.
    Number(f64),
    /// A whole number within the key's bounds.
    Whole(u64),
    /// A whole number of either sign.
    Signed(i64),
    /// A duration.
    Duration(Duration),
    /// A list of texts.
    List(Vec<String>),
    /// A file, `~` and relative paths resolved.
    Path(PathBuf),
    /// A value for the request's body.
    Json(Json),
    /// Sources of a secret, in the order in which they are tried; at least one.
    Credential(Vec<CredentialSource>),
}

/// Where paths in values start.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Folders<'a> {
    /// For `~/`.
    pub(super) home: Option<&'a Path>,
    /// For relative paths; `None` leaves them relative to the working directory, as flags are.
    pub(super) base: Option<&'a Path>,
}

impl Value {
    /// Reads a value of the file (or of `--set`) for a key that is no table of the user's own
    /// names; [`Kind::Table`] takes any leaf.
    pub(super) fn from_toml(
        key: &Key,
        value: &DeValue<'_>,
        folders: Folders<'_>,
    ) -> Result<Self, Fault> {
        let wrong = || wrong_type(key.name, &key.kind.in_words(), value);
        Ok(match key.kind {
            Kind::Text | Kind::Words(_) | Kind::Path | Kind::Prompt | Kind::Style => {
                return Self::from_text(key, value.as_str().ok_or_else(wrong)?, folders);
            }
            Kind::Bool => Self::Bool(value.as_bool().ok_or_else(wrong)?),
            Kind::Number => {
                let number = number(value).filter(|number| number.is_finite() && *number >= 0.0);
                Self::Number(number.ok_or_else(wrong)?)
            }
            Kind::Whole(least, most) => {
                let whole = value.as_integer().and_then(unsigned);
                let whole = whole.filter(|whole| (least..=most).contains(whole));
                Self::Whole(whole.ok_or_else(wrong)?)
            }
            Kind::Signed => Self::Signed(value.as_integer().and_then(signed).ok_or_else(wrong)?),
            Kind::Duration | Kind::Deadline => {
                let duration = read_duration(value).filter(|duration| is_fit(key, *duration));
                Self::Duration(duration.ok_or_else(wrong)?)
            }
            Kind::List => Self::List(list(value).ok_or_else(wrong)?),
            Kind::Strings => Self::Text(value.as_str().ok_or_else(wrong)?.to_owned()),
            Kind::Table => Self::Json(json(value).ok_or_else(wrong)?),
            Kind::Credential => Self::Credential(read_credential(key.name, value, folders)?),
        })
    }

    /// Reads the text of a flag or variable.
    pub(super) fn from_text(key: &Key, text: &str, folders: Folders<'_>) -> Result<Self, Fault> {
        let wrong = || Fault::WrongType {
            key: key.name.into(),
            expected: key.kind.in_words(),
            found: "this".into(),
        };
        if text.trim().is_empty() && key.name != "system" {
            return Err(Fault::Empty(key.name.into()));
        }
        Ok(match key.kind {
            Kind::Text => Self::Text(text.to_owned()),
            Kind::Words(allowed) => {
                let word = text.trim().to_ascii_lowercase();
                if !allowed.contains(&word.as_str()) {
                    let word = excerpt(text);
                    return Err(Fault::UnknownWord { key: key.name, word, allowed });
                }
                Self::Text(word)
            }
            Kind::Path => Self::Path(paths::expand(text, folders.home, folders.base)),
            Kind::Prompt => Self::Text(chat_settings::checked_prompt(key, text)?),
            Kind::Style => Self::Text(chat_settings::checked_style(key, text)?),
            Kind::Duration | Kind::Deadline => {
                let duration = duration::parse(text).filter(|duration| is_fit(key, *duration));
                Self::Duration(duration.ok_or_else(wrong)?)
            }
            Kind::List => Self::List(vec![text.to_owned()]),
            Kind::Credential => Self::Credential(vec![CredentialSource::literal(key.name, text)?]),
            // No flag or variable of its own has one of these kinds.
            Kind::Bool
            | Kind::Number
            | Kind::Whole(..)
            | Kind::Signed
            | Kind::Strings
            | Kind::Table => return Err(wrong()),
        })
    }
}

/// The error for a value of another type.
pub(super) fn wrong_type(key: &str, expected: &str, value: &DeValue<'_>) -> Fault {
    let found = match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "this whole number",
        DeValue::Float(_) => "this number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    };
    // A string can be of the right type and still say the wrong thing.
    let found =
        if expected.starts_with("a duration") && found == "a string" { "this" } else { found };
    Fault::WrongType { key: key.to_owned(), expected: expected.to_owned(), found: found.to_owned() }
}

/// The beginning of a text, fit for a message.
pub(super) fn excerpt(text: &str) -> String {
    let clean = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let mut excerpt: String = text.chars().take(40).map(clean).collect();
    if text.chars().nth(40).is_some() {
        excerpt.push('…');
    }
    excerpt
}

/// Reads a duration: a text, or a number of seconds.
pub(super) fn read_duration(value: &DeValue<'_>) -> Option<Duration> {
    match value.as_str() {
        Some(text) => duration::parse(text),
        None => duration::from_seconds(number(value)?),
    }
}

fn is_fit(key: &Key, duration: Duration) -> bool {
    key.kind == Kind::Deadline || !duration.is_zero()
}

fn unsigned(integer: &DeInteger<'_>) -> Option<u64> {
    u64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

fn signed(integer: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse().ok(),
        DeValue::Float(float) => float.as_str().parse().ok(),
        _ => None,
    }
}

/// A string, or an array of strings.
fn list(value: &DeValue<'_>) -> Option<Vec<String>> {
    match value {
        DeValue::String(text) => Some(vec![text.to_string()]),
        DeValue::Array(items) => {
            items.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect()
        }
        _ => None,
    }
}

/// The JSON of a TOML value; `None` for what JSON cannot say: dates, `inf`, `nan`.
fn json(value: &DeValue<'_>) -> Option<Json> {
    Some(match value {
        DeValue::String(text) => Json::String(text.to_string()),
        DeValue::Integer(integer) => Json::Number(
            signed(integer).map(Number::from).or_else(|| unsigned(integer).map(Number::from))?,
        ),
        DeValue::Float(float) => Json::Number(Number::from_f64(float.as_str().parse().ok()?)?),
        DeValue::Boolean(truth) => Json::Bool(*truth),
        DeValue::Datetime(_) => return None,
        DeValue::Array(items) => {
            Json::Array(items.iter().map(|item| json(item.get_ref())).collect::<Option<_>>()?)
        }
        DeValue::Table(table) => Json::Object(
            table
                .iter()
                .map(|(name, value)| Some((name.get_ref().to_string(), json(value.get_ref())?)))
                .collect::<Option<_>>()?,
        ),
    })
}
