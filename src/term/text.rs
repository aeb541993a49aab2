//! The answer as text: words on the destination, everything else on standard error.

use std::{io, time::Instant};

use super::{
    Console, Destination, Extract, Screen, Status, Surface, Thinking, code_blocks,
    line_ends::LineEnds, plain::Plain, rendered::Rendered, waiting::Waiting,
};
use crate::chat::ChatEvent;

/// A screen for people and pipes.
#[derive(Debug)]
pub struct TextScreen {
    console: Console,
    destination: Destination,
    waiting: Waiting,
    body: Body,
    /// Of the answer; exact bytes keep theirs.
    line_ends: Option<LineEnds>,
    extract: Option<Extract>,
    /// The whole answer, when only its code blocks are wanted.
    whole: String,
    has_text: bool,
    is_spoken: bool,
    /// Whoever hears it knows that the answer speaks.
    is_announced: bool,
}

/// The words of the answer.
#[derive(Debug)]
enum Body {
    Plain(Plain),
    Markdown(Box<Rendered>),
}

impl Body {
    fn push(&mut self, text: &str) {
        match self {
            Self::Plain(body) => body.push(text),
            Self::Markdown(body) => body.push(text),
        }
    }

    fn show(&mut self, destination: &mut Destination) -> io::Result<()> {
        match self {
            Self::Plain(body) => body.show(destination),
            Self::Markdown(body) => body.show(destination),
        }
    }

    fn leave(&mut self, destination: &mut Destination) -> io::Result<()> {
        match self {
            Self::Plain(body) => body.leave(destination),
            Self::Markdown(body) => body.leave(destination),
        }
    }

    fn finish(&mut self, destination: &mut Destination) -> io::Result<()> {
        match self {
            Self::Plain(body) => body.finish(destination),
            Self::Markdown(body) => body.finish(destination),
        }
    }
}

impl TextScreen {
    /// A screen that writes to `destination` what the model says, as it is but harmless.
    pub fn new(console: Console, destination: Destination, thinking: Thinking) -> Self {
        Self {
            console,
            destination,
            waiting: Waiting::new(console, thinking),
            body: Body::Plain(Plain::new(false)),
            line_ends: Some(LineEnds::default()),
            extract: None,
            whole: String::new(),
            has_text: false,
            is_spoken: false,
            is_announced: false,
        }
    }

    /// Writes the exact bytes, unfiltered.
    #[must_use]
    pub fn raw(mut self) -> Self {
        self.body = Body::Plain(Plain::new(true));
        self.line_ends = None;
        self
    }

    /// Renders Markdown.
    #[must_use]
    pub fn rendered(mut self, surface: Surface) -> Self {
        self.is_spoken = surface.look.is_spoken;
        if self.is_spoken {
            self.waiting = self.waiting.spoken();
        }
        self.body = Body::Markdown(Box::new(Rendered::new(surface)));
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
        let rest = self.line_ends.as_mut().map_or("", LineEnds::rest);
        if !rest.is_empty() {
            self.say(rest);
        }
        if let Some(extract) = &self.extract {
            let blocks = code_blocks(&self.whole, extract);
            found = !blocks.is_empty();
            self.body.push(&blocks.join("\n"));
        }
        self.body.finish(&mut self.destination)?;
        Ok(found)
    }

    /// The destination, to be kept or set aside.
    pub fn into_destination(self) -> Destination {
        self.destination
    }

    fn think(&mut self, text: &str) -> io::Result<()> {
        if self.has_text && !self.waiting.is_thinking() && self.waiting.shows_thoughts() {
            self.body.leave(&mut self.destination)?;
            self.is_announced = false;
        }
        self.waiting.think(text);
        Ok(())
    }

    /// More of the answer.
    fn say(&mut self, text: &str) {
        if self.extract.is_some() {
            return self.collect(text);
        }
        self.waiting.clear();
        if self.is_spoken && !self.is_announced && self.destination.is_terminal() {
            // Who hears it cannot see where the question or a thought ends.
            self.console.aside("Answer:");
        }
        self.is_announced = true;
        self.has_text = true;
        self.body.push(text);
    }

    /// Text for later: what is waited for now is the rest of it.
    fn collect(&mut self, text: &str) {
        self.whole.push_str(text);
        if self.waiting.is_thinking() {
            self.waiting.status(&Status::Sent);
        }
    }
}

impl Screen for TextScreen {
    fn event(&mut self, event: &ChatEvent) -> io::Result<()> {
        match event {
            ChatEvent::Text(text) | ChatEvent::Refusal(text) => {
                if text.is_empty() {
                    return Ok(());
                }
                let text = match &mut self.line_ends {
                    Some(line_ends) => line_ends.unify(text),
                    None => text.into(),
                };
                self.say(&text);
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
        self.body.show(&mut self.destination)
    }

    fn due(&self) -> Option<Instant> {
        match &self.body {
            Body::Plain(_) => None,
            Body::Markdown(body) => body.due(),
        }
    }

    fn status(&mut self, status: &Status) -> io::Result<()> {
        self.waiting.status(status);
        Ok(())
    }

    fn warning(&mut self, text: &str) -> io::Result<()> {
        self.waiting.clear();
        self.body.leave(&mut self.destination)?;
        self.console.warning(text);
        Ok(())
    }

    fn restart(&mut self) {
        self.waiting.end_thought();
        self.whole.clear();
        self.line_ends = self.line_ends.take().map(|_| LineEnds::default());
    }

    fn hush(&mut self) -> io::Result<()> {
        self.waiting.clear();
        if self.has_text && self.destination.is_terminal() {
            // Whoever speaks behind an answer speaks behind all of it.
            self.body.finish(&mut self.destination)?;
        }
        Ok(())
    }
}
