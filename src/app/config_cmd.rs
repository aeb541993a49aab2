//! `byok config show|check|path`, as values: what is printed, in words and as JSON.
//! Results of `writeln!` are dropped: writing to a string cannot fail.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::{
    config::{self, Effective, Env, Error, Flags, Layer, Loaded, Paths},
    provider::Target,
};

/// What a command has to say. Both forms end in a newline.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    /// For people.
    pub(super) text: String,
    /// For programs: one line of JSON.
    pub(super) json: Value,
    /// Whether the exit code is 0; otherwise it is 3.
    pub(super) is_ok: bool,
}

/// The widest value in a column, in characters; longer ones push their origin to the right.
const WIDEST: usize = 44;

/// `byok config show`: every value with its origin, those `beside` profiles (`[chat]`, `[screen]`)
/// last, the final URL and the names of the headers. An address that leads nowhere is said in their
/// place.
pub(super) fn show(effective: &Effective, beside: &Layer, env: &Env) -> Answer {
    let chosen = &effective.profile;
    let all = || effective.values.iter().chain(beside.iter());
    let rows: Vec<[String; 3]> = all()
        .map(|(path, sourced)| {
            let value = one_line(&sourced.shown(path, env));
            [path.to_string(), value, sourced.origin.in_words(chosen)]
        })
        .collect();
    let values: Vec<Value> = all()
        .map(|(path, sourced)| {
            json!({
                "key": path.to_string(),
                "value": sourced.json(path, env),
                "origin": sourced.origin.json(chosen),
            })
        })
        .collect();
    let mut text = format!("profile {chosen}, chosen {}\n\n", effective.choice.in_words());
    text.push_str(&columns(&rows));
    text.push('\n');
    let mut json = json!({
        "profile": chosen,
        "chosen": effective.choice.in_words(),
        "values": values,
        "notices": effective.notices,
    });
    let target = effective.target().or_else(|error| match error {
        Error::NoModel { .. } => effective.models_target(),
        other => Err(other),
    });
    match &target {
        Ok(target) => {
            let url = final_url(effective, target);
            let headers = header_names(target);
            let _ = writeln!(text, "url      {url}\nheaders  {}", headers.join(", "));
            json["url"] = json!(url);
            json["wire_format"] = json!(target.endpoint.wire.name());
            json["headers"] = json!(headers);
        }
        Err(error) => {
            let _ = writeln!(text, "error    {error}");
            json["error"] = json!({ "message": error.to_string(), "hints": error.hints() });
        }
    }
    Answer { text, json, is_ok: true }
}

/// `byok config check`: every mistake in the file, what each profile leads to, and what deserves a
/// warning.
pub(super) fn check(loaded: &Result<Loaded, Error>, env: &Env) -> Answer {
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(error) => return unreadable(error),
    };
    let mut warnings = loaded.notices.clone();
    warnings.extend(loaded.for_later());
    let mut errors = Vec::new();
    let listed = loaded.profiles(env);
    let named = listed.iter().filter(|listed| loaded.written(&listed.name).is_some());
    for listed in named {
        let flags = Flags { profile: Some(listed.name.clone()), ..Flags::default() };
        let checked = loaded.resolve(&flags, env).and_then(|effective| {
            // Without a model the list of models is still of use.
            match effective.target() {
                Err(Error::NoModel { .. }) => effective.models_target()?,
                target => target?,
            };
            Ok(effective)
        });
        match checked {
            Ok(effective) => {
                for notice in effective.notices {
                    if !warnings.contains(&notice) {
                        warnings.push(notice);
                    }
                }
            }
            Err(error) => errors.push(error),
        }
    }
    let file = loaded.paths.config.display();
    let mut text = String::new();
    for warning in &warnings {
        let _ = writeln!(text, "warning: {warning}");
    }
    for error in &errors {
        text.push_str(&described(error));
    }
    let is_ok = errors.is_empty();
    let profiles = match named_count(loaded, env) {
        1 => "1 profile".to_owned(),
        count => format!("{count} profiles"),
    };
    let verdict = match (is_ok, loaded.has_file) {
        (true, true) => format!("{profiles}, no mistakes"),
        (true, false) => "no such file, which is no mistake".to_owned(),
        (false, _) => format!("{profiles}, {} with mistakes", errors.len()),
    };
    let _ = writeln!(text, "`{file}`: {verdict}");
    let messages: Vec<Value> = errors
        .iter()
        .map(|error| json!({ "message": error.to_string(), "hints": error.hints() }))
        .collect();
    let json = json!({
        "file": loaded.paths.config.to_string_lossy(),
        "ok": is_ok,
        "errors": messages,
        "warnings": warnings,
    });
    Answer { text, json, is_ok }
}

/// `byok config path`: the file alone, so that a shell can use it.
pub(super) fn path(paths: &Paths) -> Answer {
    let json = json!({
        "config": paths.config.to_string_lossy(),
        "exists": paths.config.exists(),
        "cache": paths.cache.to_string_lossy(),
        "state": paths.state.to_string_lossy(),
    });
    Answer { text: format!("{}\n", paths.config.display()), json, is_ok: true }
}

/// A file that cannot be used at all: all of its mistakes.
fn unreadable(error: &Error) -> Answer {
    let (mut text, mut messages) = (String::new(), Vec::new());
    match error {
        Error::Mistakes(mistakes) => {
            for mistake in mistakes {
                let alone = Error::Mistakes(vec![mistake.clone()]);
                text.push_str(&described(&alone));
                messages.push(json!({ "message": alone.to_string(), "hints": alone.hints() }));
            }
        }
        other => {
            text.push_str(&described(other));
            messages.push(json!({ "message": other.to_string(), "hints": other.hints() }));
        }
    }
    let json = json!({ "ok": false, "errors": messages, "warnings": [] });
    Answer { text, json, is_ok: false }
}

fn described(error: &Error) -> String {
    let mut text = format!("error: {error}\n");
    for hint in error.hints() {
        let _ = writeln!(text, "  hint: {hint}");
    }
    text
}

fn named_count(loaded: &Loaded, env: &Env) -> usize {
    let listed = loaded.profiles(env);
    listed.iter().filter(|listed| loaded.written(&listed.name).is_some()).count()
}

/// The URL of a prompt; without a model, or before the demo runs, what can be said of it.
fn final_url(effective: &Effective, target: &Target) -> String {
    if effective.is_demo && effective.base_url.is_none() {
        "of a server inside the program, on loopback".to_owned()
    } else if target.model.is_empty() {
        format!("{} (no model is set)", config::mask_url(&target.endpoint.url))
    } else {
        config::mask_url(&target.endpoint.url)
    }
}

/// The names of the headers of a prompt: those of a request for the list, and what a body needs.
fn header_names(target: &Target) -> Vec<String> {
    let names = target.models_request().headers.into_iter().map(|header| header.name);
    let mut headers = vec!["content-type".to_owned()];
    headers.extend(names.filter(|name| name != "content-type"));
    headers
}

/// Rows of three columns, the last of them ragged.
pub(super) fn columns(rows: &[[String; 3]]) -> String {
    let width = |column: usize| {
        let widths = rows.iter().map(|row| row[column].chars().count());
        widths.filter(|width| *width <= WIDEST).max().unwrap_or(0)
    };
    let (first, second) = (width(0), width(1));
    let mut text = String::new();
    for [key, value, origin] in rows {
        let _ = writeln!(text, "{key:first$}  {value:second$}  {origin}");
    }
    text
}

/// A value on one line, cut where it gets long.
fn one_line(text: &str) -> String {
    const LONGEST: usize = 80;
    let line = text.trim().replace('\n', "⏎");
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

#[cfg(test)]
#[path = "config_cmd_tests.rs"]
mod tests;
