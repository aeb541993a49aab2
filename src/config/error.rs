//! Why no profile could be made ready.

use std::{io, path::PathBuf, time::Duration};

use super::{
    fault::{Fault, Mistake, Spot},
    keys,
};
use crate::provider::{self, EndpointError, InvalidSecret};

/// A configuration that cannot be used: exit code 3, but for what [`Error::is_usage`] names.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("configuration file `{}` cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is a folder.
    #[error("configuration file `{}` is a directory", path.display())]
    Directory {
        /// The folder.
        path: PathBuf,
    },
    /// The file is larger than any configuration.
    #[error("configuration file `{}` is larger than {} MiB", path.display(), limit >> 20)]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// In bytes.
        limit: usize,
    },
    /// The file is no text.
    #[error("configuration file `{}` is not UTF-8 in line {line}", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
    },
    /// What the user wrote is wrong; at least one mistake, in the order of the lines.
    #[error("{}", .0.first().map(ToString::to_string).unwrap_or_default())]
    Mistakes(Vec<Mistake>),
    /// Nothing says which profile to use.
    #[error("{}", if offered.is_empty() { "there is no profile to use".to_owned() } else {
        format!("several profiles are on offer and none is chosen: {}", keys::in_backticks(offered))
    })]
    NoProfile {
        /// What could be chosen.
        offered: Vec<String>,
    },
    /// A profile that is not there.
    #[error("unknown profile `{name}`")]
    UnknownProfile {
        /// As written.
        name: String,
        /// The profiles that could be chosen.
        offered: Vec<String>,
        /// The variable or flag that named it.
        named_by: Option<String>,
    },
    /// A profile of the environment whose variables are not set.
    #[error(
        "profile `{name}` comes from the environment and needs {}",
        keys::in_backticks(variables)
    )]
    NotInEnvironment {
        /// The profile's name.
        name: &'static str,
        /// The variables it needs.
        variables: &'static [&'static str],
    },
    /// No model is named.
    #[error("no model is set for profile `{profile}`")]
    NoModel {
        /// The profile's name.
        profile: String,
    },
    /// The address leads nowhere.
    #[error("profile `{profile}`: {source} ({origin})")]
    Endpoint {
        /// The profile's name.
        profile: String,
        /// Where `base_url` comes from.
        origin: String,
        /// What is wrong with it.
        source: EndpointError,
    },
    /// A child that would send its parent's key elsewhere.
    #[error(
        "profile `{profile}` would send `{key}` of profile `{parent}`, made for {home}, to {goal}"
    )]
    KeyAbroad {
        /// The child.
        profile: String,
        /// The profile that holds the key.
        parent: String,
        /// `api_key`, `headers.authorization`, …
        key: String,
        /// Where the parent sends it.
        home: Box<provider::Origin>,
        /// Where the child would.
        goal: Box<provider::Origin>,
    },
    /// A key over plain http.
    #[error("profile `{profile}` would send a key in the clear to {goal}")]
    PlainHttp {
        /// The profile's name.
        profile: String,
        /// The receiver.
        goal: provider::Origin,
    },
    /// The credential's sources hold nothing.
    #[error("profile `{profile}` has no credential: {}", join(tried))]
    NoCredential {
        /// The profile's name.
        profile: String,
        /// What was tried and what became of it, in order.
        tried: Vec<SourceFailure>,
    },
    /// `system_file` cannot be used.
    #[error("system prompt `{}` cannot be read", path.display())]
    SystemFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Why a source of a credential gave none. Never holds output of a command.
#[derive(Debug, thiserror::Error)]
pub enum SourceFailure {
    /// A variable is unset or empty.
    #[error("variable `{0}` is not set")]
    Unset(String),
    /// A variable holds bytes that are no text.
    #[error("variable `{0}` is not UTF-8")]
    Garbled(String),
    /// A file cannot be read, or is not UTF-8.
    #[error("file `{}` cannot be read: {}", path.display(), io_words(source))]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is too large for a key.
    #[error("file `{}` is larger than {} KiB", path.display(), limit >> 10)]
    FileTooLarge {
        /// The file.
        path: PathBuf,
        /// In bytes.
        limit: usize,
    },
    /// A command does not run.
    #[error("command `{program}` cannot be started: {}", io_words(source))]
    NotStarted {
        /// The program's name.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// A command ended badly.
    #[error("command `{program}` failed: {status}")]
    Failed {
        /// The program's name.
        program: String,
        /// As the system says it: `exit status: 1`.
        status: String,
    },
    /// A command did not end in time.
    #[error("command `{program}` took longer than {}", super::duration::in_words(*limit))]
    TooSlow {
        /// The program's name.
        program: String,
        /// Its `timeout`.
        limit: Duration,
    },
    /// A command wrote more than any key.
    #[error("command `{program}` wrote more than {} KiB", limit >> 10)]
    TooMuch {
        /// The program's name.
        program: String,
        /// In bytes.
        limit: usize,
    },
    /// A command wrote something that holds no key.
    #[error("command `{program}` wrote {what}")]
    Output {
        /// The program's name.
        program: String,
        /// In words: `nothing`, `JSON without a key`.
        what: &'static str,
    },
    /// A key store is named, and this build has none.
    #[error("keyring entry `{0}` is out of reach: this build has no keyring")]
    Keyring(String),
    /// What was found cannot be sent.
    #[error("the key from {from} cannot be sent: {why}")]
    Invalid {
        /// The source in words.
        from: String,
        /// What is wrong with it.
        why: InvalidSecret,
    },
}

impl Error {
    /// One mistake in a variable or flag.
    pub(super) fn mistake(spot: Spot, fault: Fault) -> Self {
        Self::Mistakes(vec![Mistake { spot, fault, quote: None }])
    }

    /// Whether the command line is at fault, and the exit code is 2: a bad flag or `--set`.
    pub fn is_usage(&self) -> bool {
        match self {
            Self::Mistakes(mistakes) => {
                mistakes.first().is_some_and(|first| matches!(first.spot, Spot::Flag(_)))
            }
            _ => false,
        }
    }

    /// What to do about it, most useful first; one line each.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Unreadable { path, .. } => {
                vec![format!("check that you may read it: `ls -l {}`", path.display())]
            }
            Self::Directory { .. } => vec!["name the file itself with `--config FILE`".into()],
            Self::TooLarge { .. } => vec!["name another file with `--config FILE`".into()],
            Self::NotUtf8 { .. } => vec!["save the file as UTF-8".into()],
            Self::Mistakes(mistakes) => {
                let mut hints =
                    mistakes.first().map(|first| first.fault.hints()).unwrap_or_default();
                if let more @ 1.. = mistakes.len().saturating_sub(1) {
                    let mistakes = if more == 1 { "mistake" } else { "mistakes" };
                    hints.push(format!("`byok config check` lists {more} more {mistakes}"));
                }
                hints
            }
            Self::NoProfile { offered } => {
                let choose = offered.first().map(|first| {
                    format!("choose one with `--profile {first}`, or set `default_profile`")
                });
                let mut hints: Vec<String> = choose.into_iter().collect();
                hints.push("`byok init` writes a `config.toml` to start from".into());
                hints.push("`--profile demo` tries everything without a key".into());
                hints
            }
            Self::UnknownProfile { name, offered, named_by } => {
                let near = keys::closest(name, offered.iter().map(String::as_str));
                let mut hints = Vec::new();
                hints.extend(near.map(|near| format!("did you mean `--profile {near}`?")));
                hints.extend(named_by.as_ref().map(|by| format!("it was named by {by}")));
                if offered.is_empty() {
                    hints.push("`byok init` writes a `config.toml` to start from".into());
                } else {
                    hints.push(format!("the profiles are: {}", keys::in_backticks(offered)));
                }
                hints
            }
            Self::NotInEnvironment { name, variables } => {
                let set = keys::in_backticks(variables);
                vec![format!("set {set}, or write `[profiles.{name}]` into the configuration file")]
            }
            Self::NoModel { profile } => vec![
                format!("add `model = \"…\"` to profile `{profile}`"),
                "or name one with `--model NAME`; `byok models` lists what the server has".into(),
            ],
            Self::Endpoint { source, .. } => source.hints.clone(),
            Self::KeyAbroad { profile, goal, .. } => vec![
                format!("give profile `{profile}` a key of its own"),
                format!("or set `inherit_key = true` in profile `{profile}` if {goal} may have it"),
            ],
            Self::PlainHttp { profile, .. } => vec![
                "use `https://` in `base_url`".into(),
                format!("or set `allow_http = true` in profile `{profile}`"),
            ],
            Self::NoCredential { tried, .. } => tried.iter().map(SourceFailure::hint).collect(),
            Self::SystemFile { .. } => vec!["check `system_file`: `byok config show`".into()],
        }
    }
}

/// What the system said, in a user's words where it has its own.
fn io_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it is not there".to_owned(),
        kind => kind.to_string(),
    }
}

fn join(tried: &[SourceFailure]) -> String {
    tried.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl SourceFailure {
    /// What to do about it.
    fn hint(&self) -> String {
        match self {
            Self::Unset(variable) => format!("set it: `export {variable}=…`"),
            Self::File { path, .. } | Self::FileTooLarge { path, .. } => {
                format!("put the key, and nothing else, into `{}`", path.display())
            }
            Self::TooSlow { .. } => "raise `timeout` beside `command`".into(),
            Self::NotStarted { program, source } if source.kind() == io::ErrorKind::NotFound => {
                format!("install `{program}`, or write its whole path")
            }
            Self::NotStarted { program, .. }
            | Self::Failed { program, .. }
            | Self::TooMuch { program, .. }
            | Self::Output { program, .. } => {
                format!(
                    "run the command in a shell; `{program}` must print the key and nothing else"
                )
            }
            Self::Keyring(_) => "ask the key store with a command: `api_key = { command = \
                                 [\"secret-tool\", \"lookup\", \"service\", \"byok\"] }`"
                .into(),
            Self::Garbled(_) | Self::Invalid { .. } => {
                "copy the key again, on one line and without other characters".into()
            }
        }
    }
}
