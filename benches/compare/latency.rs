//! From the server's sending of a delta to the reading of what a command printed of it.

use std::{
    io::{self, Read as _},
    process::{Command, Stdio},
    time::{SystemTime, UNIX_EPOCH},
};

/// Digits of a time in nanoseconds since 1970, until the year 2286.
const DIGITS: usize = 19;

/// Times of one run, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lag {
    pub(crate) first: f64,
    pub(crate) median: f64,
    pub(crate) p99: f64,
}

/// The time now, as the server stamps it.
pub(crate) fn now() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_nanos())
}

/// Runs a command that prints the stamps of `count` deltas, each followed by something else than a
/// digit, and takes the time at which each could be read.
pub(crate) fn lag(mut command: Command, count: usize) -> io::Result<Lag> {
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let mut stdout = child.stdout.take().ok_or_else(|| io::Error::other("stdout is piped"))?;
    let mut lags = Vec::with_capacity(count);
    let mut digits = String::with_capacity(DIGITS);
    let mut buffer = [0; 16 * 1024];
    loop {
        let length = stdout.read(&mut buffer)?;
        let read_at = now();
        if length == 0 {
            break;
        }
        for &byte in &buffer[..length] {
            if byte.is_ascii_digit() {
                digits.push(char::from(byte));
            } else {
                // Other numbers, of which curl prints some, are shorter.
                if digits.len() == DIGITS
                    && let Ok(sent_at) = digits.parse::<u128>()
                {
                    lags.push(milliseconds(read_at.saturating_sub(sent_at)));
                }
                digits.clear();
            }
        }
    }
    child.wait()?;
    if lags.len() != count {
        let message = format!("{} of {count} deltas were printed", lags.len());
        return Err(io::Error::other(message));
    }
    let first = lags[0];
    lags.sort_by(f64::total_cmp);
    Ok(Lag { first, median: lags[count / 2], p99: lags[count * 99 / 100] })
}

fn milliseconds(nanoseconds: u128) -> f64 {
    f64::from(u32::try_from(nanoseconds / 1000).unwrap_or(u32::MAX)) / 1e3
}
