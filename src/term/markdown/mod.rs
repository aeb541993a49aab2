//! Markdown that comes in pieces, on its way to a terminal. Pure: text in, bytes for a terminal out;
//! whoever holds the terminal writes them.

mod blocks;
mod code;
mod emit;
mod guess;
mod ink;
mod inline;
mod line;
mod look;
mod math;
mod painter;
mod palette;
mod scaffold;
mod source;
mod table;
mod tail;
mod view;
mod width;

#[cfg(test)]
mod oracle_tests;

pub(super) use ink::ERASE_ROWS;
pub use ink::Ink;
pub use line::{Line, Role, Style};
pub use look::{Look, Size};
pub use palette::Palette;

use super::sanitize;
use code::Highlighter;
use painter::Painter;
use source::Source;

/// A block of code in its colours, line by line. `language` is the first word of a fence's info
/// string.
pub fn code_lines(language: &str, code: &str) -> Vec<Line> {
    let mut highlighter = Highlighter::new(language);
    let lines = code.lines().map(|code| {
        let mut line = Line::default();
        highlighter.write(code, true, &mut line);
        line
    });
    lines.collect()
}

/// An answer on its way to the screen. Rows that cannot change any more are written once; what is
/// not finished stands below them and is painted anew when it must be.
#[derive(Debug)]
pub struct Renderer {
    source: Source,
    painter: Painter,
    size: Size,
    /// What is not finished is shown, too.
    is_live: bool,
}

impl Renderer {
    /// For an answer that begins at the left margin of a terminal of this `size`.
    pub fn new(look: Look, size: Size) -> Self {
        Self {
            source: Source::new(look, size),
            painter: Painter::new(size, true),
            size,
            is_live: !look.is_spoken,
        }
    }

    /// Shows only what is finished: then nothing is ever painted anew.
    #[must_use]
    pub fn finished_only(mut self) -> Self {
        self.is_live = false;
        self
    }

    /// For a terminal that does not wrap long lines anew when its width changes.
    #[must_use]
    pub fn without_reflow(mut self) -> Self {
        self.painter = Painter::new(self.size, false);
        self
    }

    /// Takes more of the answer.
    pub fn push(&mut self, text: &str) {
        self.source.push(&sanitize(text));
    }

    /// Brings the screen, which has this `size` now, up to date. What only continues what is shown
    /// is written in any case; what changes the look of something that is shown, only when it
    /// `may_repaint`. Returns whether something still waits for that.
    pub fn update(&mut self, size: Size, may_repaint: bool, ink: &mut Ink) -> bool {
        self.resize(size);
        // On fewer rows there is nothing that could be painted anew.
        let is_live = self.is_live && size.rows >= 4;
        let tail = if is_live { self.source.tail(may_repaint) } else { Some(Vec::new()) };
        let Some(tail) = tail else { return true };
        self.painter.update(self.source.take_settled(), tail, may_repaint, ink)
    }

    /// Somebody else wrote below what is shown: it stays as it is.
    pub fn keep(&mut self) {
        self.painter.keep();
    }

    /// Leaves what is shown as it is and begins a new line, for somebody else to write there.
    pub fn leave(&mut self, ink: &mut Ink) {
        self.painter.leave(ink);
    }

    /// The answer is over: all of it is shown, ending in a line feed unless it is empty.
    pub fn finish(&mut self, size: Size, ink: &mut Ink) {
        self.resize(size);
        self.source.finish();
        self.painter.update(self.source.take_settled(), Vec::new(), true, ink);
        self.painter.leave(ink);
    }

    /// Bytes that were parsed so far: the measure of what an answer costs.
    pub fn work(&self) -> u64 {
        self.source.work()
    }

    /// How often something that was shown was painted anew.
    pub fn repaints(&self) -> u64 {
        self.painter.repaints()
    }

    fn resize(&mut self, size: Size) {
        if size != self.size {
            self.size = size;
            self.source.resize(size);
            self.painter.resize(size);
        }
    }
}
