//! What flags and `BYOK_*` variables say, as layers.

use std::path::PathBuf;

use toml::de::DeTable;

use super::{
    Env, Error, Paths,
    credential::{CredentialSource, variable_name},
    fault::{Fault, Spot},
    keys::{self, Key, Kind, Place},
    layer::{Layer, Origin, Sourced},
    offers,
    table::TableReader,
    value::{self, Folders, Value},
};

/// What was said on the command line, as data; words are checked by [`super::Loaded::resolve`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Flags {
    /// `--config FILE`
    pub config: Option<PathBuf>,
    /// `--profile NAME`
    pub profile: Option<String>,
    /// The profile of the session that is gone on with: used when no other is named.
    pub session_profile: Option<String>,
    /// `--model NAME`
    pub model: Option<String>,
    /// `--type openai|azure|anthropic`
    pub provider_type: Option<String>,
    /// `--base-url URL`
    pub base_url: Option<String>,
    /// `--wire-api completions|responses`
    pub wire_api: Option<String>,
    /// `--api-version VERSION`
    pub api_version: Option<String>,
    /// `--api-key-env NAME`
    pub api_key_env: Option<String>,
    /// `--bearer-token-env NAME`
    pub bearer_token_env: Option<String>,
    /// `--system TEXT`
    pub system: Option<String>,
    /// `--system-file FILE`, relative to the working directory
    pub system_file: Option<PathBuf>,
    /// `--temperature NUMBER`
    pub temperature: Option<f64>,
    /// `--top-p NUMBER`
    pub top_p: Option<f64>,
    /// `--max-tokens NUMBER`
    pub max_tokens: Option<u64>,
    /// `--stop TEXT`, repeatable
    pub stop: Vec<String>,
    /// `--seed NUMBER`
    pub seed: Option<i64>,
    /// `--effort WORD`
    pub effort: Option<String>,
    /// `--thinking auto|show|hide`
    pub thinking: Option<String>,
    /// `--timeout DURATION`: `timeouts.total`
    pub timeout: Option<String>,
    /// `--retries NUMBER`
    pub retries: Option<u64>,
    /// `--set key=value`, repeatable, the last one wins
    pub set: Vec<String>,
}

/// The variables that override a profile, and the key each stands for.
const VARIABLES: &[(&str, &str)] = &[
    ("BYOK_MODEL", "model"),
    ("BYOK_TYPE", "type"),
    ("BYOK_BASE_URL", "base_url"),
    ("BYOK_WIRE_API", "wire_api"),
    ("BYOK_API_VERSION", "azure.api_version"),
    ("BYOK_API_KEY", "api_key"),
    ("BYOK_BEARER_TOKEN", "bearer_token"),
];

/// The layer of the `BYOK_*` variables.
pub(super) fn from_env(env: &Env) -> Result<Layer, Error> {
    let mut layer = Layer::default();
    for (variable, key) in VARIABLES {
        offers::set_text(&mut layer, env, variable, key)?;
    }
    Ok(layer)
}

/// The layer of the flags, `--set` beneath the others.
pub(super) fn from_flags(flags: &Flags, paths: &Paths) -> Result<Layer, Error> {
    let mut layer = Layer::default();
    let words = [
        ("--type", "type", &flags.provider_type),
        ("--base-url", "base_url", &flags.base_url),
        ("--wire-api", "wire_api", &flags.wire_api),
        ("--api-version", "azure.api_version", &flags.api_version),
        ("--model", "model", &flags.model),
        ("--system", "system", &flags.system),
        ("--effort", "effort", &flags.effort),
        ("--thinking", "thinking", &flags.thinking),
        ("--timeout", "timeouts.total", &flags.timeout),
    ];
    for (flag, name, text) in words {
        let (Some(text), Some(key)) = (text, keys::find(name)) else { continue };
        let value = Value::from_text(key, text, Folders::default());
        layer.set_key(name, value.map_err(|fault| at_flag(flag, fault))?, Origin::Flag(flag));
    }
    let variables = [
        ("--api-key-env", "api_key", &flags.api_key_env),
        ("--bearer-token-env", "bearer_token", &flags.bearer_token_env),
    ];
    for (flag, name, variable) in variables {
        let Some(variable) = variable else { continue };
        let variable = match variable.trim() {
            "" => Err(Fault::Empty(name.to_owned())),
            variable => variable_name(name, variable),
        };
        let source = CredentialSource::Env(variable.map_err(|fault| at_flag(flag, fault))?);
        layer.set_key(name, Value::Credential(vec![source]), Origin::Flag(flag));
    }
    numbers(flags, &mut layer)?;
    if let Some(file) = &flags.system_file {
        layer.set_key("system_file", Value::Path(file.clone()), Origin::Flag("--system-file"));
    }
    if !flags.stop.is_empty() {
        layer.set_key("stop", Value::List(flags.stop.clone()), Origin::Flag("--stop"));
    }
    if layer.get("system").is_some() && layer.get("system_file").is_some() {
        return Err(at_flag("--system-file", Fault::Both("system", "system_file")));
    }
    let set = from_set(&flags.set, paths)?;
    let wire_model = set.get("wire_model").cloned();
    let mut layer = layer.over(set);
    // Said together with `--model`, it is meant for that model.
    if let Some(Sourced { value, origin }) = wire_model {
        layer.set_key("wire_model", value, origin);
    }
    Ok(layer)
}

fn numbers(flags: &Flags, layer: &mut Layer) -> Result<(), Error> {
    let wrong = |flag, key: &Key| {
        let (expected, found) = (key.kind.in_words(), "this number".to_owned());
        at_flag(flag, Fault::WrongType { key: key.name.to_owned(), expected, found })
    };
    for (flag, name, number) in
        [("--temperature", "temperature", flags.temperature), ("--top-p", "top_p", flags.top_p)]
    {
        let (Some(number), Some(key)) = (number, keys::find(name)) else { continue };
        if !number.is_finite() || number < 0.0 {
            return Err(wrong(flag, key));
        }
        layer.set_key(name, Value::Number(number), Origin::Flag(flag));
    }
    for (flag, name, number) in [
        ("--max-tokens", "max_output_tokens", flags.max_tokens),
        ("--retries", "retries", flags.retries),
    ] {
        let (Some(number), Some(key)) = (number, keys::find(name)) else { continue };
        match key.kind {
            Kind::Whole(least, most) if (least..=most).contains(&number) => {
                layer.set_key(name, Value::Whole(number), Origin::Flag(flag));
            }
            _ => return Err(wrong(flag, key)),
        }
    }
    if let Some(seed) = flags.seed {
        layer.set_key("seed", Value::Signed(seed), Origin::Flag("--seed"));
    }
    Ok(())
}

/// The layer of the `--set` flags.
fn from_set(words: &[String], paths: &Paths) -> Result<Layer, Error> {
    let mut layer = Layer::default();
    for word in words {
        layer = set(word, paths)?.over(layer);
    }
    Ok(layer)
}

/// The one value of `--set key=value`. The value is TOML; a text needs no quotes.
fn set(word: &str, paths: &Paths) -> Result<Layer, Error> {
    const FLAG: &str = "--set";
    let Some((key, text)) = word.split_once('=') else {
        return Err(at_flag(FLAG, Fault::NoValue(value::excerpt(word))));
    };
    let (key, text) = (key.trim(), text.trim());
    if key.is_empty() || key.contains(['\n', '#']) {
        return Err(at_flag(FLAG, Fault::NoValue(format!("{}=…", value::excerpt(key)))));
    }
    let line = if takes_bare_text(key) && !text.starts_with(['"', '\'']) {
        format!("{key} = {}", toml::Value::String(text.to_owned()))
    } else {
        format!("{key} = {text}")
    };
    let table = match DeTable::parse(&line) {
        Ok(table) => table,
        // A word for a list, a header or the body: `--set stop=END`.
        Err(error) => {
            let line = format!("{key} = {}", toml::Value::String(text.to_owned()));
            let is_bare = !text.starts_with(['"', '\'', '[', '{']);
            return match DeTable::parse(&line) {
                Ok(table) if is_bare => read_set(table.get_ref(), paths),
                _ => {
                    let words = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
                    Err(at_flag(FLAG, Fault::Syntax(words)))
                }
            };
        }
    };
    read_set(table.get_ref(), paths)
}

fn read_set(table: &DeTable<'_>, paths: &Paths) -> Result<Layer, Error> {
    const FLAG: &str = "--set";
    if table.len() != 1 {
        return Err(at_flag(FLAG, Fault::NoValue("a line of its own".into())));
    }
    let origin = |_| Origin::Flag(FLAG);
    let folders = Folders { home: paths.home.as_deref(), base: None };
    let section = "among the keys of a profile".to_owned();
    let mut reader = TableReader::new(Place::Profile, section, folders, &origin);
    reader.read(table, "");
    if let Some((_, fault)) = reader.faults.into_iter().next() {
        return Err(at_flag(FLAG, fault));
    }
    for (path, sourced) in reader.layer.iter() {
        let is_literal = match &sourced.value {
            Value::Credential(sources) => {
                sources.iter().any(|source| matches!(source, CredentialSource::Literal(_)))
            }
            _ => path.is_secret(),
        };
        if is_literal {
            return Err(at_flag(FLAG, Fault::SecretInArgument(path.to_string())));
        }
        if path.key().name == "extends" {
            let (section, places) = ("among the flags".to_owned(), "profile");
            return Err(at_flag(FLAG, Fault::Misplaced { key: "extends", section, places }));
        }
    }
    Ok(reader.layer)
}

/// Whether the value of a key is a text however it looks: `--set model=1.5`.
fn takes_bare_text(key: &str) -> bool {
    keys::find(key).is_some_and(|key| {
        matches!(
            key.kind,
            Kind::Text | Kind::Words(_) | Kind::Path | Kind::Duration | Kind::Deadline
        )
    })
}

fn at_flag(flag: &'static str, fault: Fault) -> Error {
    Error::mistake(Spot::Flag(flag), fault)
}

#[cfg(test)]
#[path = "overrides_tests.rs"]
mod tests;
