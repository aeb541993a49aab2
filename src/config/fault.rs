//! Mistakes in what a user wrote: what is wrong, where, and the line itself with secrets masked.

use std::{fmt, path::Path, sync::Arc};

use super::keys;
use crate::provider::InvalidSecret;

/// A fault and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where.
    pub spot: Spot,
    /// What.
    pub fault: Fault,
    /// The line of the file, secrets masked.
    pub quote: Option<String>,
}

/// A place where a user writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spot {
    /// A character of the configuration file.
    File {
        /// The file.
        path: Arc<Path>,
        /// Counted from 1.
        line: usize,
        /// In characters, counted from 1.
        column: usize,
    },
    /// A variable of the environment.
    Variable(String),
    /// A flag, for example `--set`.
    Flag(&'static str),
}

/// What is wrong with it. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not TOML; the parser's words, which quote nothing.
    #[error("this is not TOML: {0}")]
    Syntax(String),
    /// No such key.
    #[error("unknown key `{key}` {section}")]
    UnknownKey {
        /// As written, dotted.
        key: String,
        /// ``in profile `work` ``
        section: String,
        /// What was probably meant.
        nearest: Option<&'static str>,
    },
    /// A known key at a place where it may not stand.
    #[error("key `{key}` may not stand {section}")]
    Misplaced {
        /// The key's name.
        key: &'static str,
        /// `in [defaults]`
        section: String,
        /// Where it may stand, in words.
        places: &'static str,
    },
    /// A value of another type.
    #[error("`{key}` must be {expected}, not {found}")]
    WrongType {
        /// The key, dotted.
        key: String,
        /// In words.
        expected: String,
        /// In words, never the value.
        found: String,
    },
    /// A word that is none of the allowed ones.
    #[error("unknown value `{word}` for `{key}`")]
    UnknownWord {
        /// The key's name.
        key: &'static str,
        /// As written.
        word: String,
        /// The words that are known.
        allowed: &'static [&'static str],
    },
    /// A placeholder that stands for nothing, or has no end.
    #[error("unknown placeholder `{found}` in `{key}`")]
    Placeholder {
        /// The key's name.
        key: &'static str,
        /// As written, from its brace on.
        found: String,
        /// The names of those that are known.
        known: &'static [&'static str],
    },
    /// An empty text.
    #[error("`{0}` is empty")]
    Empty(String),
    /// A key that cannot be sent.
    #[error("`{key}` cannot be sent: {why}")]
    Secret {
        /// The key's name.
        key: String,
        /// What is wrong.
        why: InvalidSecret,
    },
    /// One key twice in two spellings.
    #[error("`{first}` and `{second}` are one key")]
    Twice {
        /// The spelling that stands first.
        first: String,
        /// The spelling that stands second.
        second: String,
    },
    /// Two keys that exclude each other.
    #[error("`{0}` and `{1}` exclude each other")]
    Both(&'static str, &'static str),
    /// A profile's name that cannot be typed.
    #[error("`{0}` is no name for a profile")]
    ProfileName(String),
    /// A parent that is not in the file.
    #[error("profile `{profile}` extends `{parent}`, which does not exist")]
    MissingParent {
        /// The child.
        profile: String,
        /// The parent as written.
        parent: String,
        /// A name that was probably meant.
        nearest: Option<String>,
    },
    /// Profiles that extend each other in a circle, the first one named again at the end.
    #[error("profiles extend each other in a circle: {}", .0.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" → "))]
    Cycle(Vec<String>),
    /// A `default_profile` that is not there.
    #[error("`default_profile` names `{name}`, which does not exist")]
    MissingDefault {
        /// As written.
        name: String,
        /// A name that was probably meant.
        nearest: Option<String>,
    },
    /// A secret where others can read it: in a process's arguments.
    #[error("`{0}` would show a secret to everyone who can list processes")]
    SecretInArgument(String),
    /// `--set` without `=`.
    #[error("`{0}` is no `key=value`")]
    NoValue(String),
    /// Bytes that are no text.
    #[error("its value is not UTF-8")]
    NotUtf8,
}

impl Fault {
    /// What to do about it, one line each.
    pub(super) fn hints(&self) -> Vec<String> {
        match self {
            Self::UnknownKey { nearest: Some(nearest), .. } => vec![format!("write `{nearest}`")],
            Self::UnknownKey { nearest: None, .. } => {
                vec!["`byok config schema` lists every key".into()]
            }
            Self::Misplaced { places, .. } => vec![format!("it may stand here: {places}")],
            Self::UnknownWord { word, allowed, .. } => {
                let known = format!("write one of {}", keys::in_backticks(allowed));
                match keys::closest(&word.to_lowercase(), allowed.iter().copied()) {
                    Some(near) => vec![format!("write `{near}`"), known],
                    None => vec![known],
                }
            }
            Self::Placeholder { found, known, .. } => {
                let braced = |name: &str| format!("`{{{name}}}`");
                let name = found.trim_matches(['{', '}']);
                if let Some(near) = keys::closest(name, known.iter().copied()) {
                    return vec![format!("write {}", braced(near))];
                }
                let known: Vec<String> = known.iter().copied().map(braced).collect();
                vec![format!("the placeholders are {}", known.join(", "))]
            }
            Self::Empty(key) if key == "api_key" || key == "bearer_token" => {
                vec![format!("leave `{key}` out to send no key")]
            }
            Self::Empty(key) if key.contains("api_key.") || key.contains("bearer_token.") => {
                Vec::new()
            }
            Self::Empty(key) => vec![format!("leave `{key}` out to use the default")],
            Self::Secret { key, .. } => vec![
                format!(
                    "copy the key again, on one line and without other characters, into `{key}`"
                ),
                format!("leave `{key}` out to send no key"),
            ],
            Self::Twice { .. } => vec!["keep one of the two".into()],
            Self::Both(first, second) => vec![format!("keep `{first}` or `{second}`")],
            Self::ProfileName(_) => {
                vec!["use letters, digits, `.`, `_` and `-`; begin with a letter or digit".into()]
            }
            Self::MissingParent { nearest: Some(near), .. }
            | Self::MissingDefault { nearest: Some(near), .. } => vec![format!("write `{near}`")],
            Self::MissingParent { .. } | Self::MissingDefault { .. } => {
                vec!["`byok profiles` lists the profiles".into()]
            }
            Self::Cycle(_) => vec!["take one `extends` out".into()],
            Self::SecretInArgument(_) => {
                vec!["name a variable instead, with `--api-key-env NAME`".into()]
            }
            Self::NoValue(_) => vec!["write for example `--set temperature=0.2`".into()],
            Self::Syntax(_) | Self::WrongType { .. } | Self::NotUtf8 => Vec::new(),
        }
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line, column } => write!(f, "{}:{line}:{column}", path.display()),
            Self::Variable(name) => write!(f, "variable `{name}`"),
            Self::Flag(flag) => write!(f, "flag `{flag}`"),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.spot, self.fault)?;
        match &self.quote {
            Some(quote) => write!(f, ": `{quote}`"),
            None => Ok(()),
        }
    }
}
