//! The one table of keys: what a configuration file may say, where, and what it means.
//!
//! Errors for unknown keys, type checks, `--set`, the order of `config show`, the JSON schema, the
//! example file's test and the README's table all hang on it.

mod spelling;

use std::fmt::Write as _;

use super::chat_settings::{PROMPT_IN_WORDS, STYLES};
use Kind::{
    Bool, Credential, Deadline, Duration, List, Number, Path, Prompt, Signed, Strings, Style,
    Table, Text, Whole, Words,
};
use Places::{Chat, DefaultsAndProfile as Both, Profile, Screen, Top};
use spelling::{camel, is_mixed};
pub(super) use spelling::{closest, nearest, snake};

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
    /// The text of a prompt with its placeholders.
    Prompt,
    /// A colour, or other words for how a text looks, or several of them.
    Style,
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
    /// In `[chat]` only, where it is written without `chat.`.
    Chat,
    /// In `[screen]` only, where it is written without `screen.`.
    Screen,
}

/// A part of the file, by what may stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Top,
    Defaults,
    Profile,
    Chat,
    Screen,
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
    key(
        "save",
        Bool,
        "true",
        Top,
        "whether sessions are kept; `false` is `--no-save` for every run",
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
        "the model's window in tokens, for `/context`",
    ),
    key("effort", Text, "not sent", Both, "how much to think: `low`, `medium`, `high`, …"),
    key("verbosity", Text, "not sent", Both, "how long the text shall be: `low`, `medium`, `high`"),
    key(
        "thinking",
        Words(&["auto", "show", "hide"]),
        "auto",
        Both,
        "how thinking is shown; `auto`: folded to one line, on a terminal",
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
    key("chat.editor", Words(&["emacs", "vi"]), "emacs", Chat, "the keys that edit a line"),
    key(
        "chat.prompt",
        Prompt,
        PROMPT_IN_WORDS,
        Chat,
        "what stands before the line; `{profile}` and `{model}` are filled in",
    ),
    key(
        "chat.prompt_style",
        Style,
        "bold",
        Chat,
        "how that looks, where colours are: `bold green`",
    ),
    key(
        "chat.history",
        Whole(0, 1_000_000),
        "10000",
        Chat,
        "how many lines are kept for the next chat; `0`: none",
    ),
    key(
        "screen.render",
        Words(&["auto", "markdown", "plain"]),
        "auto",
        Screen,
        "how answers look; `auto`: Markdown is rendered on a terminal",
    ),
    key(
        "screen.accessible",
        Bool,
        "false",
        Screen,
        "whether the screen is read aloud: nothing moves, words in place of signs",
    ),
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
            Both => matches!(place, Place::Defaults | Place::Profile),
            // At the top its name is dotted, and TOML reads `[chat]` as just that.
            Chat => matches!(place, Place::Top | Place::Chat),
            Screen => matches!(place, Place::Top | Place::Screen),
        }
    }

    /// Where the key may stand, in words.
    pub fn places_in_words(&self) -> &'static str {
        match self.places {
            Top => "top",
            Profile => "profile",
            Both => "`[defaults]`, profile",
            Chat => "`[chat]`",
            Screen => "`[screen]`",
        }
    }

    /// Whether the value means one server or its model, so that it says nothing about another.
    pub fn is_of_a_server(&self) -> bool {
        self.places == Profile
            || self.name.starts_with("price.")
            || matches!(
                self.name,
                "wire_api"
                    | "azure.api_version"
                    | "model"
                    | "wire_model"
                    | "limit_field"
                    | "max_prompt_tokens"
                    | "context_window"
                    | "query"
                    | "extra_body"
                    | "fallback"
            )
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
            Prompt => "a text with `{profile}` and `{model}`".into(),
            Style => format!(
                "`none`, or one colour and any other of these words: {}",
                in_backticks(&STYLES[1..])
            ),
        }
    }

    /// The word in the README's table.
    fn short(&self) -> String {
        match self {
            Text | Prompt => "string".into(),
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
            Style => "words".into(),
        }
    }
}

/// The key of that name or alias.
pub fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name || (is_mixed(name) && camel(key.name) == name))
}

/// The same, with the short spellings for credentials: `api_key_env` is `api_key`.
pub(super) fn find_any(name: &str) -> Option<&'static Key> {
    let short = ENV_SPELLINGS.iter().find(|(short, _)| *short == name || camel(short) == name);
    find(short.map_or(name, |(_, key)| key))
}

/// Whether keys stand below that name: `azure`, `timeouts`, `tls`, `price`.
pub(super) fn is_group(name: &str) -> bool {
    KEYS.iter().any(|key| key.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
}

/// The position in the table: what `config show` sorts by.
pub(super) fn rank(key: &Key) -> usize {
    KEYS.iter().position(|other| other.name == key.name).unwrap_or(KEYS.len())
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

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
