//! What to leave out or rename after a server refused a parameter.
//!
//! Only a refusal of the parameter itself counts. A value that the server does not like is the
//! user's to change: quietly asking for something else would be worse than the error.

use serde_json::{Map, Value};

use super::{Fault, Wire, json};

/// The parameters that servers are known to refuse.
const PARAMETERS: [&str; 9] = [
    "max_completion_tokens",
    "max_tokens",
    "temperature",
    "top_p",
    "stream_options",
    "reasoning_effort",
    "reasoning",
    "include",
    "store",
];

/// The names of one thing in Chat Completions: the old one and `OpenAI`'s new one.
const LIMITS: [&str; 2] = ["max_tokens", "max_completion_tokens"];

/// Codes that say it all (`OpenAI`; Mistral and others that validate with pydantic).
const CODES: [&str; 4] = [
    "unsupported_parameter",
    "unknown_parameter",
    "extra_forbidden",
    "unexpected_keyword_argument",
];

/// Words of refusal, in lower case.
const REFUSALS: [&str; 20] = [
    "unsupported parameter",
    "unsupported argument",
    "unsupported field",
    "unknown parameter",
    "unknown argument",
    "unknown field",
    "unknown name",
    "unrecognized",
    "unrecognised",
    "unexpected keyword",
    "unexpected field",
    "extra inputs are not permitted",
    "extra fields not permitted",
    "additional properties are not allowed",
    "cannot find field",
    "deprecated",
    "not supported",
    "unsupported",
    "not support",
    "only the default",
];

/// Words about a value, in lower case: these take a refusal back.
const VALUES: [&str; 12] = [
    "unsupported value",
    "invalid value",
    "supported values",
    "must be",
    "should be",
    "out of range",
    "too large",
    "too small",
    "greater than",
    "less than",
    "at most",
    "at least",
];

/// A change of the body that lets one server accept it. Remembered for that host and model.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Adaptation {
    /// Leave this top-level parameter out.
    Drop(String),
    /// Send the first under the name of the second.
    Rename(String, String),
    /// Ask for at most this many output tokens (Anthropic's `max_tokens`).
    Limit(u64),
}

impl Adaptation {
    /// What would make `body` acceptable after `fault` came with status 400 or 422, if anything.
    /// Only for a parameter that `body` holds.
    pub fn propose(wire: Wire, status: u16, fault: &Fault, body: &Value) -> Option<Self> {
        if !matches!(status, 400 | 422) {
            return None;
        }
        let message = fault.message.to_lowercase();
        if wire == Wire::AnthropicMessages
            && let Some(limit) = lower_limit(&message)
            && json::count(body, "max_tokens").is_some_and(|asked| asked > limit)
        {
            return Some(Self::Limit(limit));
        }
        if !is_refusal(fault, &message) {
            return None;
        }
        let name = named(fault, &message, body)?;
        match LIMITS.iter().position(|limit| *limit == name) {
            None => Some(Self::Drop(name.to_owned())),
            Some(at) if wire == Wire::OpenAiChat => {
                Some(Self::Rename(name.to_owned(), LIMITS[1 - at].to_owned()))
            }
            // Anthropic requires it.
            Some(_) => None,
        }
    }

    /// Changes `body`; a parameter that is not there is no error.
    pub fn apply(&self, wire: Wire, body: &mut Value) {
        let Value::Object(map) = body else { return };
        match self {
            Self::Drop(name) => {
                map.shift_remove(name);
            }
            Self::Rename(from, to) => {
                if map.contains_key(to) {
                    map.shift_remove(from);
                } else {
                    // In its old place, so that a dry run reads well.
                    *map = std::mem::take(map)
                        .into_iter()
                        .map(|(key, value)| (if key == *from { to.clone() } else { key }, value))
                        .collect::<Map<_, _>>();
                }
            }
            Self::Limit(limit) => {
                let fields: &[&str] = match wire {
                    Wire::OpenAiChat => &LIMITS,
                    Wire::OpenAiResponses => &["max_output_tokens"],
                    Wire::AnthropicMessages => &["max_tokens"],
                };
                for field in fields {
                    if let Some(asked) = map.get_mut(*field)
                        && asked.as_u64().is_none_or(|asked| asked > *limit)
                    {
                        *asked = Value::from(*limit);
                    }
                }
            }
        }
    }
}

impl std::fmt::Display for Adaptation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Drop(name) => write!(f, "without `{name}`"),
            Self::Rename(from, to) => write!(f, "with `{to}` instead of `{from}`"),
            Self::Limit(limit) => write!(f, "with at most {limit} output tokens"),
        }
    }
}

/// Whether the parameter itself is refused, not its value. `OpenAI` says `unsupported_value` about
/// a temperature that has to stay at its default: that is a refusal, too.
fn is_refusal(fault: &Fault, message: &str) -> bool {
    let is_known =
        [&fault.code, &fault.kind].into_iter().flatten().any(|word| CODES.contains(&word.as_str()));
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    is_known || says(&["only the default"]) || (says(&REFUSALS) && !says(&VALUES))
}

/// The refused parameter: the one that the error names as its subject, else the first that its
/// words name. `body` must hold it.
fn named<'a>(fault: &Fault, message: &str, body: &Value) -> Option<&'a str> {
    let is_held = |name: &&str| body.get(name).is_some();
    if let Some(param) = &fault.param {
        let root = param.split(['.', '[']).next().unwrap_or_default();
        return PARAMETERS.into_iter().find(|name| *name == root).filter(is_held);
    }
    PARAMETERS
        .into_iter()
        .filter_map(|name| Some((mention(message, name)?, name)))
        .min()
        .map(|(_, name)| name)
        .filter(is_held)
}

/// Where `message` names a parameter. A name that is an English word counts only in quotes, at the
/// end of a path, or where a list or an explanation begins.
fn mention(message: &str, name: &str) -> Option<usize> {
    let is_word = matches!(name, "reasoning" | "include" | "store");
    message.match_indices(name).map(|(at, _)| at).find(|at| {
        let (before, after) = (&message[..*at], &message[at + name.len()..]);
        let is_part = |character: char| character.is_alphanumeric() || character == '_';
        let is_whole = !before.ends_with(is_part) && !after.starts_with(is_part);
        let is_marked = before.ends_with(['\'', '"', '`', '.', ':'])
            || before.ends_with(": ")
            || (before.is_empty() && after.starts_with(':'));
        is_whole && (is_marked || !is_word)
    })
}

/// The model's limit in `max_tokens: 32000 > 8192, which is the maximum allowed number of …`.
fn lower_limit(message: &str) -> Option<u64> {
    let (_, rest) = message.split_once("max_tokens")?;
    let (asked, rest) = rest.split_once('>')?;
    if asked.contains(char::is_alphabetic) {
        return None;
    }
    let digits = rest.trim_start();
    let end = digits.find(|character: char| !character.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok().filter(|limit| *limit > 0)
}

#[cfg(test)]
#[path = "adapt_tests.rs"]
mod tests;
