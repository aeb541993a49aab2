//! A configuration for tests: a file's text, variables and flags, and no disk.

use std::path::Path;

use super::{Effective, Env, Error, Flags, Loaded, Mistake, Origin, Paths, file::File};

/// The file's path in tests.
pub(crate) const PATH: &str = "/etc/byok.toml";

pub(crate) fn paths() -> Paths {
    Paths {
        home: Some("/home/ada".into()),
        config: PATH.into(),
        data: "/data/byok".into(),
        cache: "/cache/byok".into(),
        state: "/state/byok".into(),
    }
}

/// Reads the text of a file.
pub(crate) fn parse(text: &str) -> Result<Loaded, Vec<Mistake>> {
    let file = File::parse(text, Path::new(PATH), &paths())?;
    Ok(Loaded { paths: paths(), has_file: true, notices: Vec::new(), file })
}

/// Reads the text of a file without mistakes.
#[track_caller]
pub(crate) fn loaded(text: &str) -> Loaded {
    match parse(text) {
        Ok(loaded) => loaded,
        Err(mistakes) => panic!("{}", Error::Mistakes(mistakes)),
    }
}

pub(crate) fn env(variables: &[(&str, &str)]) -> Env {
    variables.iter().copied().collect()
}

/// The flag `--profile`.
pub(crate) fn profile(name: &str) -> Flags {
    Flags { profile: Some(name.into()), ..Flags::default() }
}

/// Resolves with `flags` and `variables`.
pub(crate) fn resolve(
    text: &str,
    flags: &Flags,
    variables: &[(&str, &str)],
) -> Result<Effective, Error> {
    loaded(text).resolve(flags, &env(variables))
}

/// An error and its hints, as one text.
pub(crate) fn described(error: &Error) -> String {
    let hints = error.hints().into_iter().map(|hint| format!("\n  hint: {hint}"));
    format!("{error}{}", hints.collect::<String>())
}

/// Every value that somebody set with its origin, where a prompt goes with which headers, and what
/// is said: one line each.
pub(crate) fn shown(text: &str, flags: &Flags, variables: &[(&str, &str)]) -> String {
    let effective = match resolve(text, flags, variables) {
        Ok(effective) => effective,
        Err(error) => return described(&error),
    };
    let env = env(variables);
    let set = effective.values.iter().filter(|(_, sourced)| sourced.origin != Origin::Default);
    let mut lines: Vec<String> = set
        .map(|(path, sourced)| {
            let origin = sourced.origin.in_words(&effective.profile);
            format!("{path} | {} | {origin}", sourced.shown(path, &env))
        })
        .collect();
    lines.insert(0, format!("profile {}, {}", effective.profile, effective.choice.in_words()));
    match effective.target() {
        Ok(target) => {
            let headers = target.models_request().headers.into_iter().map(|header| header.name);
            lines.push(format!("url | {}", target.endpoint.url));
            lines.push(format!("headers | {}", headers.collect::<Vec<_>>().join(", ")));
        }
        Err(error) => lines.push(format!("error | {error}")),
    }
    lines.extend(effective.notices.iter().map(|notice| format!("notice | {notice}")));
    lines.join("\n")
}

/// The credential's sources in words, or a dash.
pub(crate) fn credential(text: &str, flags: &Flags, variables: &[(&str, &str)]) -> String {
    match resolve(text, flags, variables) {
        Ok(effective) => match &effective.credential {
            Some(credential) => {
                let sources: Vec<_> =
                    credential.sources.iter().map(|it| credential.source_in_words(it)).collect();
                format!("{:?} {}", credential.form, sources.join(", "))
            }
            None => "-".into(),
        },
        Err(error) => error.to_string(),
    }
}

pub(crate) fn notices(text: &str, flags: &Flags, variables: &[(&str, &str)]) -> Vec<String> {
    resolve(text, flags, variables).unwrap().notices
}

pub(crate) fn error(text: &str, flags: &Flags, variables: &[(&str, &str)]) -> String {
    described(&resolve(text, flags, variables).unwrap_err())
}

pub(crate) fn no_flags() -> Flags {
    Flags::default()
}

pub(crate) fn base_url(url: &str) -> Flags {
    Flags { base_url: Some(url.into()), ..no_flags() }
}

pub(crate) fn set(words: &[&str]) -> Flags {
    Flags { set: words.iter().map(|&word| word.to_owned()).collect(), ..no_flags() }
}
