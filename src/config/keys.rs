//! The one table of keys: what a configuration file may say, where, and what it means.
//!
//! Errors for unknown keys, type checks, `--set`, the order of `config show`, the JSON schema, the
//! example file's test and the README's table all hang on it.

use std::fmt::Write as _;

use Kind::{
    Bool, Credential, Deadline, Duration, List, Number, Path, Signed, Strings, Table, Text, Whole,
    Words,
};
use Places::{DefaultsAndProfile as Both, Profile, Top};

/// One key.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Key {
    /// Dotted, in `snake_case`: `azure.api_version`.
    pub name: &'static str,
    /// What its value may be.
    pub kind: Kind,
    /// The built-in default in words; empty: not set, or not sent.
    pub default: &'static str,
    /// Where it may stand.
    pub places: Places,
    /// One line, without a full stop.
    pub about: &'static str,
}

/// What a value may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A string that is not empty.
    Text,
    /// One of these.
    Words(&'static [&'static str]),
    /// The name of a file; `~/` is the home folder, a relative one starts at the file's folder.
    Path,
    /// `true` or `false`.
    Bool,
    /// A finite number, zero or more.
    Number,
    /// A whole number within these bounds, both included.
    Whole(u64, u64),
    /// A whole number of either sign.
    Signed,
    /// `"500ms"`, `"3s"`, `"10m"` or a number of seconds, more than zero.
    Duration,
    /// As `Duration`; zero switches it off.
    Deadline,
    /// A string or an array of strings.
    List,
    /// A table of strings, merged name by name.
    Strings,
    /// Any table, merged key by key.
    Table,
    /// A secret, or where to find one.
    Credential,
}

/// Where a key may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Places {
    /// At the top of the file only.
    Top,
    /// In a profile only.
    Profile,
    /// In `[defaults]` and in a profile.
    DefaultsAndProfile,
}

/// A part of the file, by what may stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Top,
    Defaults,
    Profile,
}

/// The largest number that TOML and JSON readers agree on.
const LARGE: u64 = 1 << 53;

/// Builds a row of the table.
const fn key(
    name: &'static str,
    kind: Kind,
    default: &'static str,
    places: Places,
    about: &'static str,
) -> Key {
    Key { name, kind, default, places, about }
}

/// Every key, in the order in which they are shown.
pub const KEYS: &[Key] = &[
    key("default_profile", Text, "", Top, "the profile to use when none is named"),
    key(
        "stdin",
        Words(&["auto", "never"]),
        "auto",
        Top,
        "`never` leaves standard input alone unless `-` asks for it",
    ),
    key("extends", Text, "", Profile, "the profile whose keys this one starts from"),
    key(
        "type",
        Words(&["openai", "azure", "anthropic"]),
        "openai",
        Profile,
        "the kind of server; `openai` stands for every compatible one",
    ),
    key(
        "base_url",
        Text,
        "`https://api.openai.com/v1` or `https://api.anthropic.com`; azure has none",
        Profile,
        "where the server is; for azure the host alone",
    ),
    key(
        "wire_api",
        Words(&["completions", "responses"]),
        "completions",
        Both,
        "the wire format of OpenAI and Azure",
    ),
    key("azure.api_version", Text, "2024-10-21", Both, "Azure's `api-version`, or `v1`"),
    key("api_key", Credential, "no key is sent", Profile, "the key, or where to find it"),
    key(
        "bearer_token",
        Credential,
        "no token is sent",
        Profile,
        "a token, or where to find it; goes before `api_key`",
    ),
    key(
        "inherit_key",
        Bool,
        "false",
        Profile,
        "whether the parent's key may be sent to another origin than the parent's",
    ),
    key("allow_http", Bool, "false", Profile, "whether a key may travel over plain `http`"),
    key("model", Text, "", Both, "the model; for azure the deployment's name"),
    key("wire_model", Text, "`model`", Both, "the model's name on the wire, when it differs"),
    key("system", Text, "", Both, "the system prompt"),
    key("system_file", Path, "", Both, "a file with the system prompt, in place of `system`"),
    key("temperature", Number, "not sent", Both, "how freely the model chooses its words"),
    key("top_p", Number, "not sent", Both, "the share of likely words to choose from, 0 to 1"),
    key("stop", List, "not sent", Both, "texts that end the answer"),
    key("seed", Signed, "not sent", Both, "asks for a repeatable answer"),
    key(
        "max_output_tokens",
        Whole(1, LARGE),
        "not sent; 32000 for anthropic",
        Both,
        "the longest answer, thinking included",
    ),
    key(
        "limit_field",
        Text,
        "by server",
        Both,
        "the name of the output limit in a Chat Completions request",
    ),
    key(
        "max_prompt_tokens",
        Whole(1, LARGE),
        "",
        Both,
        "the longest prompt; used by a later command",
    ),
    key(
        "context_window",
        Whole(1, LARGE),
        "",
        Both,
        "the model's window in tokens; used by a later command",
    ),
    key("effort", Text, "not sent", Both, "how much to think: `low`, `medium`, `high`, …"),
    key("verbosity", Text, "not sent", Both, "how long the text shall be: `low`, `medium`, `high`"),
    key(
        "thinking",
        Words(&["auto", "show", "hide"]),
        "auto",
        Both,
        "whether thinking is shown; `auto`: when standard error is a terminal",
    ),
    key("headers", Strings, "", Profile, "headers to add or override"),
    key("query", Strings, "", Both, "parameters to add to the URL"),
    key("extra_body", Table, "", Both, "merged into the request's body"),
    key("timeouts.connect", Duration, "10s", Both, "until there is a connection, TLS included"),
    key(
        "timeouts.first_byte",
        Duration,
        "10m",
        Both,
        "from the request's end to the answer's head",
    ),
    key("timeouts.idle", Duration, "5m", Both, "between two reads of the answer"),
    key("timeouts.total", Deadline, "off", Both, "for everything, retries included; `0` is off"),
    key("retries", Whole(0, 100), "2", Both, "attempts after the first"),
    key("proxy", Text, "the proxy variables", Both, "a proxy's URL; loopback is never proxied"),
    key("tls.ca_file", Path, "", Both, "certificates to trust beside the system's, PEM"),
    key("tls.client_cert", Path, "", Profile, "the client's certificate chain, PEM"),
    key("tls.client_key", Path, "in `tls.client_cert`", Profile, "the client's key, PEM"),
    key(
        "fallback",
        List,
        "",
        Both,
        "profiles to turn to when this one is down; used by a later command",
    ),
    key(
        "price.input",
        Number,
        "",
        Both,
        "currency per million tokens of input; used by a later command",
    ),
    key(
        "price.cached_input",
        Number,
        "",
        Both,
        "currency per million cached tokens of input; used by a later command",
    ),
    key(
        "price.output",
        Number,
        "",
        Both,
        "currency per million tokens of output; used by a later command",
    ),
];

/// Words that people write for a key of another name.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("endpoint", "base_url"),
    ("url", "base_url"),
    ("host", "base_url"),
    ("server", "base_url"),
    ("api_base", "base_url"),
    ("deployment", "model"),
    ("deployment_name", "model"),
    ("deployment_id", "model"),
    ("model_name", "model"),
    ("model_id", "model"),
    ("key", "api_key"),
    ("secret", "api_key"),
    ("password", "api_key"),
    ("env_key", "api_key_env"),
    ("token", "bearer_token"),
    ("access_token", "bearer_token"),
    ("auth_token", "bearer_token"),
    ("api_key_cmd", "api_key"),
    ("api_key_command", "api_key"),
    ("provider", "type"),
    ("provider_type", "type"),
    ("kind", "type"),
    ("api_type", "type"),
    ("api", "wire_api"),
    ("format", "wire_api"),
    ("api_version", "azure.api_version"),
    ("apiVersion", "azure.api_version"),
    ("max_tokens", "max_output_tokens"),
    ("max_completion_tokens", "max_output_tokens"),
    ("timeout", "timeouts.total"),
    ("reasoning_effort", "effort"),
    ("reasoning", "effort"),
    ("prompt", "system"),
    ("system_prompt", "system"),
    ("inherits", "extends"),
    ("parent", "extends"),
    ("default", "default_profile"),
    ("profile", "default_profile"),
    ("ca_file", "tls.ca_file"),
    ("http_headers", "headers"),
    ("max_retries", "retries"),
];

/// The short spellings for `{ env = "NAME" }`, and the key each stands for.
pub(super) const ENV_SPELLINGS: &[(&str, &str)] =
    &[("api_key_env", "api_key"), ("bearer_token_env", "bearer_token")];

impl Key {
    /// The camelCase spelling that the Copilot SDK uses; `None` when it is the same.
    pub fn alias(&self) -> Option<String> {
        let alias = camel(self.name);
        (alias != self.name).then_some(alias)
    }

    /// Whether the key is accepted there.
    pub(super) fn may_stand(&self, place: Place) -> bool {
        match self.places {
            Top => place == Place::Top,
            Profile => place == Place::Profile,
            Both => place != Place::Top,
        }
    }

    /// Where the key may stand, in words.
    pub fn places_in_words(&self) -> &'static str {
        match self.places {
            Top => "top",
            Profile => "profile",
            Both => "`[defaults]`, profile",
        }
    }

    /// Whether the key is accepted and shown, but not used by any command yet.
    pub fn is_for_later(&self) -> bool {
        self.about.ends_with("used by a later command")
    }
}

impl Kind {
    /// What is expected, in words: `a string`, ``one of `a`, `b` ``.
    pub fn in_words(&self) -> String {
        match self {
            Text => "a string".into(),
            Words(words) => format!("one of {}", in_backticks(words)),
            Path => "the name of a file".into(),
            Bool => "`true` or `false`".into(),
            Number => "a number, zero or more".into(),
            Whole(least, LARGE) => format!("a whole number, {least} or more"),
            Whole(least, most) => format!("a whole number from {least} to {most}"),
            Signed => "a whole number".into(),
            Duration => "a duration such as `\"500ms\"`, `\"3s\"`, `\"10m\"` or seconds".into(),
            Deadline => "a duration such as `\"90s\"`, seconds, or `0` for none".into(),
            List => "a string or an array of strings".into(),
            Strings => "a table of strings".into(),
            Table => "a table".into(),
            Credential => "a string, `{ env = \"NAME\" }`, `{ file = \"PATH\" }`, \
                           `{ command = [\"PROGRAM\", \"ARGUMENT\"] }`, `{ keyring = \"NAME\" }` \
                           or an array of these"
                .into(),
        }
    }

    /// The word in the README's table.
    fn short(&self) -> String {
        match self {
            Text => "string".into(),
            Words(words) => {
                words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
            }
            Path => "file".into(),
            Bool => "boolean".into(),
            Number => "number".into(),
            Whole(..) | Signed => "whole number".into(),
            Duration | Deadline => "duration".into(),
            List => "list of strings".into(),
            Strings => "table of strings".into(),
            Table => "table".into(),
            Credential => "credential".into(),
        }
    }
}

/// The key of that name or alias.
pub fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name || (is_mixed(name) && camel(key.name) == name))
}

/// Whether keys stand below that name: `azure`, `timeouts`, `tls`, `price`.
pub(super) fn is_group(name: &str) -> bool {
    KEYS.iter().any(|key| key.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
}

/// The position in the table: what `config show` sorts by.
pub(super) fn rank(key: &Key) -> usize {
    KEYS.iter().position(|other| other.name == key.name).unwrap_or(KEYS.len())
}

/// The known key that was probably meant by `name`, among those that may stand at `place`.
pub(super) fn nearest(name: &str, place: Place) -> Option<&'static str> {
    let snake = snake(name);
    let last = snake.rsplit('.').next().unwrap_or(&snake);
    let allowed = |key: &str| find(key).is_none_or(|key| key.may_stand(place));
    for word in [name, &snake, last] {
        let other = OTHER_WORDS.iter().find(|(written, meant)| *written == word && allowed(meant));
        if let Some((_, meant)) = other {
            return Some(meant);
        }
    }
    let known = KEYS.iter().filter(|key| key.may_stand(place)).map(|key| key.name);
    let short = ENV_SPELLINGS.iter().filter(|_| place == Place::Profile).map(|(name, _)| *name);
    let tables = ["profiles", "defaults"].into_iter().filter(|_| place == Place::Top);
    closest(&snake, known.clone().chain(short).chain(tables)).or_else(|| {
        // `api_version` alone is closer to `azure.api_version` than the whole name suggests.
        known.clone().find(|key| key.rsplit('.').next() == Some(last) && key.contains('.'))
    })
}

/// The candidate nearest to `word`, when one is near enough to be a slip of the fingers.
pub(super) fn closest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // A word may be long, and comparing costs the product of the lengths.
    if word.chars().count() > 64 {
        return None;
    }
    let most = (word.chars().count() / 3).clamp(1, 3);
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The table for the README.
pub fn markdown_table() -> String {
    let mut table =
        String::from("| key | type | default | where | meaning |\n|---|---|---|---|---|\n");
    for key in KEYS {
        let default = match key.default {
            "" => "–".to_owned(),
            word if word.contains(['`', ' ']) => word.to_owned(),
            word => format!("`{word}`"),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            table,
            "| `{}` | {} | {} | {} | {} |",
            key.name,
            key.kind.short(),
            default,
            key.places_in_words(),
            key.about,
        );
    }
    table
}

/// `` `a`, `b`, `c` ``
pub(super) fn in_backticks<S: AsRef<str>>(words: &[S]) -> String {
    words.iter().map(|word| format!("`{}`", word.as_ref())).collect::<Vec<_>>().join(", ")
}

fn is_mixed(name: &str) -> bool {
    name.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// `max_output_tokens` becomes `maxOutputTokens`.
fn camel(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut is_start = false;
    for character in name.chars() {
        match character {
            '_' => is_start = true,
            _ if is_start => {
                camel.push(character.to_ascii_uppercase());
                is_start = false;
            }
            _ => camel.push(character),
        }
    }
    camel
}

/// `maxOutputTokens` and `max-output-tokens` become `max_output_tokens`.
pub(super) fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        match character {
            '-' => snake.push('_'),
            _ if character.is_ascii_uppercase() => {
                if !snake.is_empty() && !snake.ends_with(['_', '.']) {
                    snake.push('_');
                }
                snake.push(character.to_ascii_lowercase());
            }
            _ => snake.push(character),
        }
    }
    snake
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
