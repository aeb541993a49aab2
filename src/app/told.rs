//! What is told of a run: notices, failures of the provider, the summary of `-v`.

use std::time::{Duration, SystemTime};

use super::{failure::Failure, outcome::Outcome, turn::kind_of};
use crate::{
    chat::{Reply, StopReason},
    config::{Error, mask_url},
    provider::{self, Known, Secret, Target, hints},
    term::Console,
};

/// Says what configuration has to say.
pub(super) fn notices(console: Console, notices: &[String], outcome: &mut Outcome) {
    for notice in notices {
        console.notice(notice);
        outcome.warnings.push(notice.clone());
    }
}

/// Warns, and remembers it for JSON output.
pub(super) fn warning(console: Console, outcome: &mut Outcome, text: &str) {
    console.warning(text);
    outcome.warnings.push(text.to_owned());
}

/// A provider's failure at `url`, with its own words, the profile and what to do. `models` are the
/// ids that the server is known to have.
pub(super) fn failed(
    error: &provider::Error,
    target: &Target,
    url: &str,
    models: &[String],
    secret: Option<&Secret>,
    is_visible: bool,
) -> Failure {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok();
    let known = Known { models, now: now.and_then(|now| i64::try_from(now.as_secs()).ok()) };
    let mut failure = Failure::new(kind_of(error, is_visible), error.message.clone());
    failure.status = error.status;
    if let Some(fault) = &error.fault {
        let words = excerpt(&fault.message);
        if !words.is_empty() && !says(&error.message, &words) {
            failure = failure.cause(words);
        }
    }
    let mut source = error.source.as_deref().map(|it| it as &dyn std::error::Error);
    while let Some(cause) = source {
        failure = failure.cause(cause);
        source = cause.source();
    }
    failure
        .at(place(&target.profile, url, error.request_id.as_deref()))
        .hints(hints(error, target, secret, known))
}

/// Where something happened.
pub(super) fn place(profile: &str, url: &str, request_id: Option<&str>) -> String {
    let id = request_id.map_or_else(String::new, |id| format!(", request id {id}"));
    format!("profile `{profile}`, {}{id}", mask_url(url))
}

/// Whether a message says these words already, brackets apart: `404 (Not Found)`.
fn says(message: &str, words: &str) -> bool {
    message.contains(words) || message.replace(['(', ')'], "").contains(words)
}

/// The provider's words, short enough to be read in a terminal.
fn excerpt(text: &str) -> String {
    const MOST: usize = 1000;

    let text = text.trim();
    match text.char_indices().nth(MOST) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}

/// One line of `-v` about a whole turn.
pub(super) fn summary(reply: &Reply, elapsed: Duration) -> String {
    let tokens = match (reply.usage.input, reply.usage.output) {
        (Some(input), Some(output)) => format!(", {input} tokens in, {output} out"),
        _ => String::new(),
    };
    let reason = reply.stop.as_ref().map_or("no finish reason", StopReason::as_str);
    format!("= {reason} after {} ms{tokens}", elapsed.as_millis())
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        use super::failure::Kind;

        let kind = if error.is_usage() { Kind::Usage } else { Kind::Config };
        let mut failure = Self::new(kind, error.to_string()).hints(error.hints());
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            let text = cause.to_string();
            // An error that stands for its source, or quotes it, says the same.
            if !failure.report.message.contains(&text) {
                failure = failure.cause(text);
            }
            source = cause.source();
        }
        failure
    }
}

/// What the system refuses: nothing that a profile or a flag can mend.
impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        let failure = Self::other(error.to_string());
        error.chain().skip(1).fold(failure, Self::cause)
    }
}
