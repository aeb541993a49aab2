//! An answer as it is: made harmless, or not even that.

use std::io;

use super::{Destination, sanitize_into};

/// Text on its way to a pipe, a file or a terminal that shows no more.
#[derive(Debug, Default)]
pub(super) struct Plain {
    /// The exact bytes, unfiltered.
    is_raw: bool,
    /// Bytes that wait for the next flush.
    pending: Vec<u8>,
    /// Line feeds at the end of what came: they count only when more follows.
    held_line_feeds: usize,
    has_text: bool,
    /// The cursor stands where text ended.
    is_in_line: bool,
}

impl Plain {
    pub(super) fn new(is_raw: bool) -> Self {
        Self { is_raw, ..Self::default() }
    }

    /// Takes more of the answer.
    pub(super) fn push(&mut self, text: &str) {
        self.has_text |= !text.is_empty();
        if self.is_raw {
            self.pending.extend_from_slice(text.as_bytes());
            self.held_line_feeds = usize::from(text.ends_with('\n'));
            self.is_in_line = self.held_line_feeds == 0;
            return;
        }
        let trimmed = text.trim_end_matches('\n');
        if !trimmed.is_empty() {
            self.pending.resize(self.pending.len() + self.held_line_feeds, b'\n');
            self.held_line_feeds = 0;
            self.is_in_line = true;
            sanitize_into(trimmed, &mut self.pending);
        }
        self.held_line_feeds += text.len() - trimmed.len();
    }

    /// Writes what came.
    pub(super) fn show(&mut self, destination: &mut Destination) -> io::Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let result = destination.write(&self.pending);
        self.pending.clear();
        result
    }

    /// Somebody else writes now: not in the middle of a line, where both are on one terminal.
    pub(super) fn leave(&mut self, destination: &mut Destination) -> io::Result<()> {
        if std::mem::take(&mut self.is_in_line) && destination.is_terminal() {
            self.pending.push(b'\n');
        }
        self.show(destination)
    }

    /// The answer is over. It ends in one line feed; exact bytes end as they do, but a shell's
    /// prompt must not stick to them.
    pub(super) fn finish(&mut self, destination: &mut Destination) -> io::Result<()> {
        let is_ended = self.is_raw && (self.held_line_feeds > 0 || !destination.is_terminal());
        if std::mem::take(&mut self.has_text) && !is_ended {
            self.pending.push(b'\n');
        }
        self.held_line_feeds = 0;
        self.is_in_line = false;
        self.show(destination)
    }
}
