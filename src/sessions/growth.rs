//! An answer on its way to the disk while it comes.

use std::{
    borrow::Cow,
    time::{Duration, Instant},
};

use super::{
    journal::Journal,
    record::{More, Record},
};
use crate::chat::{Content, Reply};

/// How long what came may wait before it is written. A kill loses at most this.
const PATIENCE: Duration = Duration::from_millis(500);

/// What is known of an answer that grew.
#[derive(Debug, Default)]
pub struct Grown {
    /// When the first piece came.
    pub(super) first: Option<Instant>,
}

/// What of an answer is on disk.
#[derive(Debug)]
pub struct Growth<'a> {
    /// `None`: nothing of this is kept.
    journal: Option<&'a mut Journal>,
    turn: &'a str,
    /// How many bytes of each part were written.
    written: Vec<usize>,
    /// Since when something waits.
    since: Option<Instant>,
    was_reset: bool,
    /// When the first piece came.
    first: Option<Instant>,
}

impl Growth<'static> {
    /// Of an answer that is kept nowhere.
    pub fn off() -> Self {
        Self::new(None, "")
    }
}

impl<'a> Growth<'a> {
    pub(super) fn new(journal: Option<&'a mut Journal>, turn: &'a str) -> Self {
        Self { journal, turn, written: Vec::new(), since: None, was_reset: false, first: None }
    }

    /// Notes that more of `reply` came. It is written at once when something has waited for long.
    pub fn grew(&mut self, reply: &Reply) {
        let now = Instant::now();
        self.first.get_or_insert(now);
        if self.journal.is_none() {
            return;
        }
        let since = *self.since.get_or_insert(now);
        if now.duration_since(since) >= PATIENCE {
            self.write(reply);
        }
    }

    /// When [`Growth::write`] is wanted, if nothing comes until then.
    pub fn due(&self) -> Option<Instant> {
        self.since.map(|since| since + PATIENCE)
    }

    /// Writes what came since the last time.
    pub fn write(&mut self, reply: &Reply) {
        self.since = None;
        let Some(journal) = &mut self.journal else { return };
        let mut records = Vec::new();
        for (at, part) in reply.parts.iter().enumerate() {
            let (kind, text) = match &part.content {
                Content::Text(text) => ("text", text),
                Content::Reasoning(text) => ("reasoning", text),
                Content::Refusal(text) => ("refusal", text),
                // They are of no use before they are whole.
                Content::ToolCall(_) | Content::Opaque | Content::File(_) => ("opaque", &EMPTY),
            };
            let is_new = self.written.len() <= at;
            if is_new {
                self.written.push(0);
            }
            let text = text.get(self.written[at]..).unwrap_or_default();
            if is_new || !text.is_empty() {
                records.push(Record::More(More {
                    turn: Cow::Borrowed(self.turn),
                    is_anew: std::mem::take(&mut self.was_reset),
                    part: at,
                    kind: Cow::Borrowed(kind),
                    text: Cow::Borrowed(text),
                }));
                self.written[at] += text.len();
            }
        }
        if records.is_empty() {
            return;
        }
        // What cannot be written waits, and is written before the answer's own line, which tells of
        // it when there still is no room.
        if journal.append(&records).is_ok() {
            journal.sync();
        }
    }

    /// What came is void: the request is sent again.
    pub fn reset(&mut self) {
        self.was_reset |= !self.written.is_empty();
        self.written.clear();
        self.since = None;
        self.first = None;
    }

    /// What came of it.
    pub fn end(self) -> Grown {
        Grown { first: self.first }
    }
}

static EMPTY: String = String::new();

#[cfg(test)]
#[path = "growth_tests.rs"]
mod tests;
