//! The text that reaches a terminal, without its sequences, and when it came.

use std::mem;

/// Where in a sequence the last byte stood.
#[derive(Debug, Clone, Copy, Default)]
enum State {
    #[default]
    Text,
    Escape,
    Control,
    Command,
    /// In a command (OSC), behind an escape.
    CommandEscape,
}

/// Text in the order of its coming, in which words are found one after the other.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    state: State,
    text: Vec<u8>,
    /// Where the search for the next word begins.
    at: usize,
    /// How much text there was at each time, in nanoseconds since 1970.
    arrivals: Vec<(usize, u128)>,
    count: usize,
}

impl Reading {
    /// Takes what came at this time.
    pub(crate) fn take(&mut self, bytes: &[u8], time: u128) {
        self.count += bytes.len();
        // What was searched is needed no more.
        if self.at > 1 << 20 {
            self.text.drain(..self.at);
            self.arrivals.retain(|(end, _)| *end > self.at);
            for (end, _) in &mut self.arrivals {
                *end -= self.at;
            }
            self.at = 0;
        }
        for &byte in bytes {
            self.byte(byte);
        }
        self.arrivals.push((self.text.len(), time));
    }

    /// Bytes that came, sequences included.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// When the whole of the next such word had come; nothing when it has not.
    pub(crate) fn find(&mut self, word: &str) -> Option<u128> {
        let Some(at) = memchr::memmem::find(&self.text[self.at..], word.as_bytes()) else {
            // It may have begun.
            self.at = self.at.max(self.text.len().saturating_sub(word.len()));
            return None;
        };
        self.at += at + word.len();
        let index = self.arrivals.partition_point(|(end, _)| *end < self.at);
        self.arrivals.get(index).map(|(_, time)| *time)
    }

    /// The last 300 bytes of the text.
    pub(crate) fn last(&self) -> String {
        let start = self.text.len().saturating_sub(300);
        String::from_utf8_lossy(&self.text[start..]).into_owned()
    }

    fn byte(&mut self, byte: u8) {
        self.state = match (mem::take(&mut self.state), byte) {
            (State::Text, 0x1b) => State::Escape,
            (State::Text, _) => {
                if byte != b'\r' {
                    self.text.push(byte);
                }
                State::Text
            }
            (State::Escape, b']') => State::Command,
            (State::Control, 0x40..=0x7e) => {
                // A movement parts words, a style does not.
                if byte != b'm' {
                    self.text.push(b' ');
                }
                State::Text
            }
            (State::Escape, b'[') | (State::Control, _) => State::Control,
            (State::Command, 0x1b) => State::CommandEscape,
            (State::Escape, _) | (State::Command, 7) | (State::CommandEscape, b'\\') => State::Text,
            (State::Command | State::CommandEscape, _) => State::Command,
        };
    }
}
