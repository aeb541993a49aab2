//! The answer as text: words on the destination, everything else on standard error.

use std::io;

use super::{
    Console, Destination, Extract, Screen, Status, Thinking, code_blocks, sanitize_into,
    waiting::Waiting,
};
use crate::chat::ChatEvent;

/// A screen for people and pipes.
#[derive(Debug)]
pub struct PlainScreen {
    console: Console,
    destination: Destination,
    waiting: Waiting,
    is_raw: bool,
    extract: Option<Extract>,
    /// Bytes that wait for the next flush.
    pending: Vec<u8>,
    /// Line feeds at the end of what came: they count only when more follows.
    held_line_feeds: usize,
    has_text: bool,
    /// The whole answer, when only its code blocks are wanted.
    whole: String,
}

impl PlainScreen {
    /// A screen that writes to `destination`. `is_raw`: the exact bytes, unfiltered.
    pub fn new(console: Console, destination: Destination, thinking: Thinking) -> Self {
        Self {
            console,
            destination,
            waiting: Waiting::new(console, thinking),
            is_raw: false,
            extract: None,
            pending: Vec::new(),
            held_line_feeds: 0,
            has_text: false,
            whole: String::new(),
        }
    }

    /// Writes the exact bytes, unfiltered.
    #[must_use]
    pub fn raw(mut self) -> Self {
        self.is_raw = true;
        self
    }

    /// Writes only these code blocks, once the answer is there.
    #[must_use]
    pub fn extract(mut self, extract: Option<Extract>) -> Self {
        self.extract = extract;
        self
    }

    /// Ends the answer and gives the destination back. `false`: code blocks were asked for and
    /// there were none.
    ///
    /// # Errors
    /// The destination's own.
    pub fn end(&mut self) -> io::Result<bool> {
        self.waiting.clear();
        let mut found = true;
        if let Some(extract) = &self.extract {
            let blocks = code_blocks(&self.whole, extract);
            found = !blocks.is_empty();
            let text = blocks.join("\n");
            self.append(&text);
        }
        if self.is_raw {
            // Exact bytes; but a shell prompt must not stick to the end of an answer.
            if self.destination.is_terminal() && self.has_text && self.held_line_feeds == 0 {
                self.pending.push(b'\n');
            }
        } else if self.has_text {
            self.pending.push(b'\n');
        }
        self.held_line_feeds = 0;
        self.write_pending()?;
        Ok(found)
    }

    /// The destination, to be kept or set aside.
    pub fn into_destination(self) -> Destination {
        self.destination
    }

    fn append(&mut self, text: &str) {
        if self.is_raw {
            self.pending.extend_from_slice(text.as_bytes());
            self.held_line_feeds = usize::from(text.ends_with('\n'));
            self.has_text |= !text.is_empty();
            return;
        }
        let trimmed = text.trim_end_matches('\n');
        if !trimmed.is_empty() {
            self.pending.resize(self.pending.len() + self.held_line_feeds, b'\n');
            self.held_line_feeds = 0;
            self.has_text = true;
            sanitize_into(trimmed, &mut self.pending);
        }
        self.held_line_feeds += text.len() - trimmed.len();
    }

    fn think(&mut self, text: &str) -> io::Result<()> {
        if self.has_text && !self.waiting.is_thinking() && self.waiting.shows_thoughts() {
            self.write_pending()?;
            // Not in the middle of a line of the answer, where both are on one terminal.
            let is_in_line = !self.is_raw || self.held_line_feeds == 0;
            if is_in_line && self.destination.is_terminal() {
                self.console.dim("\n");
            }
        }
        self.waiting.think(text);
        Ok(())
    }

    /// Text for later: what is waited for now is the rest of it.
    fn collect(&mut self, text: &str) {
        self.whole.push_str(text);
        if self.waiting.is_thinking() {
            self.waiting.status(&Status::Sent);
        }
    }

    fn write_pending(&mut self) -> io::Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let result = self.destination.write(&self.pending);
        self.pending.clear();
        result
    }
}

impl Screen for PlainScreen {
    fn event(&mut self, event: &ChatEvent) -> io::Result<()> {
        match event {
            ChatEvent::Text(text) | ChatEvent::Refusal(text) => {
                if text.is_empty() {
                    return Ok(());
                }
                if self.extract.is_some() {
                    self.collect(text);
                    return Ok(());
                }
                self.waiting.clear();
                self.append(text);
            }
            ChatEvent::Reasoning(text) => self.think(text)?,
            ChatEvent::Warning(text) => self.warning(text)?,
            ChatEvent::ToolCall(_) | ChatEvent::Stop(_) => self.waiting.end_thought(),
            // They come in the midst of a thought, too.
            ChatEvent::Started { .. } | ChatEvent::Echo { .. } | ChatEvent::Usage(_) => {}
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.waiting.flush();
        self.write_pending()
    }

    fn status(&mut self, status: &Status) -> io::Result<()> {
        self.waiting.status(status);
        Ok(())
    }

    fn warning(&mut self, text: &str) -> io::Result<()> {
        self.waiting.clear();
        self.write_pending()?;
        self.console.warning(text);
        Ok(())
    }

    fn restart(&mut self) {
        self.waiting.end_thought();
        self.whole.clear();
    }

    fn hush(&mut self) {
        self.waiting.clear();
    }
}
