//! The answer as text: words on the destination, everything else on standard error.

use std::io;

use super::{
    Console, Destination, Extract, Screen, Status, code_blocks, report::Level, sanitize_into,
    spinner::Spinner,
};
use crate::chat::ChatEvent;

/// Whether the model's thinking is shown (on standard error, always).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thinking {
    /// As it comes.
    Show,
    /// Only that it happens.
    Hide,
}

/// A screen for people and pipes.
#[derive(Debug)]
pub struct PlainScreen {
    console: Console,
    destination: Destination,
    spinner: Spinner,
    thinking: Thinking,
    is_raw: bool,
    extract: Option<Extract>,
    /// Bytes that wait for the next flush.
    pending: Vec<u8>,
    /// Line feeds at the end of what came: they count only when more follows.
    held_line_feeds: usize,
    has_text: bool,
    is_in_thinking: bool,
    /// The whole answer, when only its code blocks are wanted.
    whole: String,
}

impl PlainScreen {
    /// A screen that writes to `destination`. `is_raw`: the exact bytes, unfiltered.
    pub fn new(console: Console, destination: Destination, thinking: Thinking) -> Self {
        Self {
            console,
            destination,
            spinner: Spinner::new(console.facts().can_animate && console.level() > Level::Quiet),
            thinking,
            is_raw: false,
            extract: None,
            pending: Vec::new(),
            held_line_feeds: 0,
            has_text: false,
            is_in_thinking: false,
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
        self.spinner.clear();
        self.leave_thinking();
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

    /// Takes what is being waited for off the screen.
    pub fn clear_status(&mut self) {
        self.spinner.clear();
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

    fn show_thinking(&mut self, text: &str) {
        match self.thinking {
            Thinking::Hide => self.spinner.thinking(),
            Thinking::Show => {
                self.spinner.clear();
                self.is_in_thinking = true;
                self.console.dim(text);
            }
        }
    }

    fn leave_thinking(&mut self) {
        if std::mem::take(&mut self.is_in_thinking) {
            self.console.dim("\n\n");
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
                    self.whole.push_str(text);
                    return Ok(());
                }
                self.spinner.clear();
                self.leave_thinking();
                self.append(text);
            }
            ChatEvent::Reasoning(text) => self.show_thinking(text),
            ChatEvent::Warning(text) => self.warning(text)?,
            ChatEvent::Started { .. }
            | ChatEvent::ToolCall(_)
            | ChatEvent::Echo { .. }
            | ChatEvent::Usage(_)
            | ChatEvent::Stop(_) => {}
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.write_pending()
    }

    fn status(&mut self, status: &Status) -> io::Result<()> {
        if let Status::Retrying { attempt, most, wait, reason } = status
            && !self.console.facts().can_animate
        {
            self.console.warning(&format!(
                "{reason}; trying again in {:.1} s (attempt {} of {most})",
                wait.as_secs_f64(),
                attempt + 1
            ));
        }
        self.spinner.show(status);
        Ok(())
    }

    fn warning(&mut self, text: &str) -> io::Result<()> {
        self.spinner.clear();
        self.leave_thinking();
        self.write_pending()?;
        self.console.warning(text);
        Ok(())
    }

    fn restart(&mut self) {
        self.leave_thinking();
        self.whole.clear();
    }
}
