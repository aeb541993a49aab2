//! What to do next: hints for each failure, with what is known of profile, URL and key. Pure.
//!
//! A hint is an action or a fact that decides between actions. It may hold texts of the server
//! (names of models): whoever shows it makes it harmless first.

mod address;
mod credential;
mod network;

use std::time::Duration;

pub use address::is_unknown_model;

use super::{Cause, Error, Kind, Secret, Target};

/// What the caller knows beside the error.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// The ids of the server's models, when they were listed; empty: not known.
    pub models: &'a [String],
    /// The time in seconds since 1970; `None`: a token's expiry is not judged.
    pub now: Option<i64>,
}

/// One line for each hint, most useful first. `secret` is the credential that was sent, if any.
pub fn hints(
    error: &Error,
    target: &Target,
    secret: Option<&Secret>,
    known: Known<'_>,
) -> Vec<String> {
    if let Some(hints) = network::hints(&error.cause, target) {
        return hints;
    }
    match error.kind {
        // 403 may mean a model that this key may not see.
        Kind::Auth if error.status == Some(403) => address::hints(error, target, known)
            .unwrap_or_else(|| credential::hints(error, target, secret, known)),
        Kind::Auth => credential::hints(error, target, secret, known),
        Kind::RateLimit => rate_limit(error),
        Kind::Quota => vec![format!(
            "waiting does not help: add credit or raise the spending limit of the account behind \
             the key, or take another profile with `-P`{}",
            wait(error).map(|wait| format!(" (the server speaks of {wait})")).unwrap_or_default()
        )],
        Kind::Context => vec![
            "make the prompt shorter, or take a model with a larger context window".to_owned(),
            "`max_output_tokens` counts too: a lower one leaves more room".to_owned(),
        ],
        Kind::Filtered => {
            vec!["say it in other words, or adjust the filter at the provider".to_owned()]
        }
        Kind::Cut => vec![
            "ask again; what came before the cut is no whole answer".to_owned(),
            "if it always ends after the same time, something between here and the server has a \
             limit of its own"
                .to_owned(),
        ],
        Kind::Config | Kind::Network | Kind::Timeout | Kind::Server | Kind::Request => {
            address::hints(error, target, known).unwrap_or_else(|| request_or_server(error, target))
        }
    }
}

fn rate_limit(error: &Error) -> Vec<String> {
    let wait = wait(error).map(|wait| format!("the server asks to wait {wait}"));
    let other = "ask less often, raise `retries`, or take another model (`-m`) or profile (`-P`)";
    wait.into_iter().chain([other.to_owned()]).collect()
}

/// What the request or the server can be accused of when the address is right.
fn request_or_server(error: &Error, target: &Target) -> Vec<String> {
    let words = error.fault.as_ref().map(|fault| fault.message.to_lowercase()).unwrap_or_default();
    let parameter = error.fault.as_ref().and_then(|fault| fault.param.as_deref());
    match (error.kind, &error.cause) {
        (Kind::Request, _) if words.contains("api version") || words.contains("api-version") => {
            vec![
                "raise `azure.api_version`, or write `azure.api_version = \"v1\"` for the v1 route"
                    .to_owned(),
            ]
        }
        (Kind::Request, _) if error.status == Some(413) => {
            vec!["send less: a shorter prompt or smaller files".to_owned()]
        }
        (Kind::Request, _) => vec![match parameter {
            Some(parameter) => format!(
                "the server refuses `{parameter}`: change or remove it in profile `{}` or on the \
                 command line",
                target.profile
            ),
            None => "`--dry-run` shows the request as it was sent".to_owned(),
        }],
        (_, Cause::Malformed | Cause::Empty) => vec![
            address::whereabouts(target),
            "check that the server speaks this format: `type` and `wire_api` decide".to_owned(),
        ],
        (_, Cause::Encoded { .. }) => {
            vec!["something between here and the server packs answers: switch that off".to_owned()]
        }
        (Kind::Server | Kind::Timeout, _) if error.is_transient => {
            vec!["try again in a while, or raise `retries`".to_owned()]
        }
        (Kind::Server, Cause::Status | Cause::Reported) => {
            vec!["the server's own log says more, if it is yours".to_owned()]
        }
        _ => vec![],
    }
}

/// How long the server asks to wait, in words.
fn wait(error: &Error) -> Option<String> {
    let in_body = || {
        let seconds = error.fault.as_ref()?.retry_after?;
        Duration::try_from_secs_f64(seconds).ok()
    };
    error.retry_after.or_else(in_body).filter(|wait| !wait.is_zero()).map(in_words)
}

/// `1.5 s`, `12 s`, `2 min 5 s`, `3 h 20 min`.
fn in_words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    match seconds {
        0..10 => format!("{} s", (duration.as_secs_f64() * 10.0).ceil() / 10.0),
        10..60 => format!("{seconds} s"),
        60..3600 => format!("{minutes} min {} s", seconds % 60),
        _ => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
#[path = "advice_tests.rs"]
mod tests;
