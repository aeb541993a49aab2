//! Whether and when to try again. Pure: nobody sleeps here.

use std::time::Duration;

use super::{Error, Kind};

/// A server may ask for this much patience and no more.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// The delay before the first retry; it doubles each time.
const FIRST_DELAY: Duration = Duration::from_millis(500);

/// The delay doubles this often at most: up to 8 s.
const MOST_DOUBLINGS: u32 = 4;

/// How much of a delay chance may take away, so that many clients do not come back as one.
const JITTER: f64 = 0.25;

/// What the profile allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// Attempts after the first.
    pub most: u32,
    /// What is left of `timeouts.total`.
    pub left: Option<Duration>,
}

/// What to do after an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Report it.
    Fail,
    /// Try again after this.
    Wait(Duration),
    /// The server asks for a longer wait than is obeyed or than `timeouts.total` leaves: report it,
    /// and say how long.
    TooLong(Duration),
}

/// Judges `error` after attempt `attempt` (0 for the first), by `configuration.md` §5. `jitter` is
/// 0.0 to 1.0. Not to be asked once text was shown: then nothing is tried again.
pub fn verdict(attempt: u32, error: &Error, retries: Retries, jitter: f64) -> Verdict {
    if attempt >= retries.most || !is_worth_it(error) {
        return Verdict::Fail;
    }
    let is_past = |wait| retries.left.is_some_and(|left| wait >= left);
    match asked_wait(error) {
        Some(wait) if wait > LONGEST_WAIT || is_past(wait) => Verdict::TooLong(wait),
        Some(wait) => Verdict::Wait(wait),
        None => match backoff(attempt, jitter) {
            wait if is_past(wait) => Verdict::Fail,
            wait => Verdict::Wait(wait),
        },
    }
}

/// The server's own word overrides its status, but waiting brings no money, and what was cut or
/// filtered had begun to answer.
fn is_worth_it(error: &Error) -> bool {
    match error.kind {
        Kind::Quota | Kind::Cut | Kind::Filtered => false,
        _ => error.should_retry.unwrap_or(error.is_transient),
    }
}

/// How long the server asks to wait, by a header or in the body; nothing and zero are no wish.
fn asked_wait(error: &Error) -> Option<Duration> {
    let in_body = || {
        let seconds = error.fault.as_ref()?.retry_after?;
        Duration::try_from_secs_f64(seconds).ok()
    };
    error.retry_after.or_else(in_body).filter(|wait| !wait.is_zero())
}

/// min(0.5 s × 2ⁿ, 8 s) × (1 − 0.25 × jitter), as the vendors' own clients do
/// (`wire-formats.md` §3.5).
fn backoff(attempt: u32, jitter: f64) -> Duration {
    let delay = FIRST_DELAY * 2_u32.pow(attempt.min(MOST_DOUBLINGS));
    // A jitter that is no number takes nothing away.
    let jitter = if jitter.is_nan() { 0.0 } else { jitter.clamp(0.0, 1.0) };
    delay.mul_f64(1.0 - JITTER * jitter)
}

#[cfg(test)]
#[path = "retry_tests.rs"]
mod tests;
