//! `byok profiles list`, as a value.

use serde_json::{Value, json};

use super::config_cmd::{self, Answer};
use crate::config::{Effective, Env, Error, Flags, Listed, Loaded};

/// `byok profiles list`: each profile with its type, model and server; `*` marks the one that is
/// used when none is named. A profile that cannot be used says why.
pub(super) fn list(loaded: &Loaded, env: &Env) -> Answer {
    marked(loaded, env, |listed| listed.is_default)
}

/// The same with `*` at the profile that is `in_use`.
pub(super) fn list_in_use(loaded: &Loaded, env: &Env, in_use: &str) -> Answer {
    marked(loaded, env, |listed| listed.name == in_use)
}

fn marked(loaded: &Loaded, env: &Env, is_marked: impl Fn(&Listed) -> bool) -> Answer {
    let profiles = loaded.profiles(env);
    let resolved: Vec<_> = profiles
        .iter()
        .map(|listed| {
            let flags = Flags { profile: Some(listed.name.clone()), ..Flags::default() };
            (listed, loaded.resolve(&flags, env))
        })
        .collect();
    let rows: Vec<[String; 3]> = resolved
        .iter()
        .map(|(listed, effective)| {
            let mark = if is_marked(listed) { '*' } else { ' ' };
            let (what, server) = summary(effective);
            [format!("{mark} {}", listed.name), what, format!("{server}  ({})", listed.from)]
        })
        .collect();
    let json: Vec<Value> =
        resolved.iter().map(|(listed, effective)| entry(listed, effective)).collect();
    Answer { text: config_cmd::columns(&rows), json: json!(json), is_ok: true }
}

/// Type and model, and the server, in words.
fn summary(effective: &Result<Effective, Error>) -> (String, String) {
    match effective {
        Ok(effective) => {
            let model = effective.model.as_deref().unwrap_or("no model");
            (format!("{}, {model}", effective.provider_type.name()), server(effective))
        }
        Err(error) => ("cannot be used".to_owned(), error.to_string()),
    }
}

fn server(effective: &Effective) -> String {
    match effective.host() {
        _ if effective.is_demo => "inside the program".to_owned(),
        Some(host) => host.to_string(),
        None => "no usable `base_url`".to_owned(),
    }
}

fn entry(listed: &Listed, effective: &Result<Effective, Error>) -> Value {
    let mut entry = json!({
        "name": listed.name,
        "from": listed.from,
        "default": listed.is_default,
    });
    match effective {
        Ok(effective) => {
            entry["type"] = json!(effective.provider_type.name());
            entry["model"] = json!(effective.model);
            entry["server"] = json!(effective.host().map(|host| host.to_string()));
        }
        Err(error) => entry["error"] = json!(error.to_string()),
    }
    entry
}

#[cfg(test)]
#[path = "profiles_cmd_tests.rs"]
mod tests;
