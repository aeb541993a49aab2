//! What a turn needs of its screen.

use std::{
    io,
    time::{Duration, Instant},
};

use crate::chat::ChatEvent;

/// What is being waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Standard input, a credential command: the text says what.
    Working(String),
    /// A connection to this host.
    Connecting(String),
    /// The way of a large request.
    Sending {
        /// Bytes that are on their way.
        sent: u64,
        /// All of them.
        total: u64,
    },
    /// The first byte of the answer.
    Sent,
    /// The next attempt.
    Retrying {
        /// The number of the attempt that failed, from 1.
        attempt: u32,
        /// How many attempts there will be at most.
        most: u32,
        /// Until the next one.
        wait: Duration,
        /// Why, in one line.
        reason: String,
    },
}

/// Where an answer appears. One screen serves one turn at a time.
pub trait Screen {
    /// Takes one event; it need not show before [`Screen::flush`].
    ///
    /// # Errors
    /// The destination's own; `BrokenPipe` when the reader is gone.
    fn event(&mut self, event: &ChatEvent) -> io::Result<()>;

    /// Shows all that was taken.
    ///
    /// # Errors
    /// As for [`Screen::event`].
    fn flush(&mut self) -> io::Result<()>;

    /// When [`Screen::flush`] should be called although nothing came: something that was taken
    /// waits for its time.
    fn due(&self) -> Option<Instant>;

    /// Says what is being waited for.
    ///
    /// # Errors
    /// As for [`Screen::event`].
    fn status(&mut self, status: &Status) -> io::Result<()>;

    /// Says something the user should know, in one line; the turn goes on.
    ///
    /// # Errors
    /// As for [`Screen::event`].
    fn warning(&mut self, text: &str) -> io::Result<()>;

    /// The answer that began will not go on: a new attempt starts from nothing.
    fn restart(&mut self);

    /// Leaves standard error to somebody else, before an answer or behind it: what is waited for is
    /// gone from it, and of what came nothing is missing on it. A screen that shows nothing of that
    /// has nothing to do.
    ///
    /// # Errors
    /// As for [`Screen::event`].
    fn hush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
