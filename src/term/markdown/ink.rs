//! Styled text as bytes for a terminal. Pure.
//!
//! Only these sequences come out of here: SGR of a palette, the cursor up and to a column, the
//! erasure of what is behind and below, synchronized updates, and links to `http` and `https`.

use std::{io::Write as _, rc::Rc};

use super::{
    line::{Line, Style},
    palette::{Palette, Pen},
};
use crate::term::sanitize::is_unseen;

/// The longest address of a link, in bytes. Terminals drop longer ones, and the words would be all
/// that is left.
///
/// Source: <https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda>, "Length limits".
const LONGEST_LINK: usize = 2083;

/// At the left margin: erases the row and all that is below.
///
/// Two erasures, because tmux takes the erasure of everything below its upper left corner for the
/// erasure of the screen, and keeps what stood there in its history.
pub(in crate::term) const ERASE_ROWS: &str = "\x1b[K\x1b[2G\x1b[J\x1b[1G";

/// Bytes on their way to a terminal. Whatever was written, styles and links are closed behind it.
#[derive(Debug, Default)]
pub struct Ink {
    palette: Palette,
    has_links: bool,
    bytes: Vec<u8>,
    /// What the last text was written with, and how long everything was up to its end: what is
    /// closed behind it is taken back when the next text follows at once.
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    end: usize,
    pen: Pen,
    link: Option<Rc<str>>,
}

impl Ink {
    /// Ink for a terminal of these abilities. `has_links`: it knows OSC 8.
    pub fn new(palette: Palette, has_links: bool) -> Self {
        Self { palette, has_links, ..Self::default() }
    }

    /// Text in its style: harmless, as [`Line`] makes it, and without line feeds.
    pub fn text(&mut self, text: &str, style: &Style) {
        debug_assert!(is_harmless(text), "not sanitised: {text:?}");
        if text.is_empty() {
            return;
        }
        let pen = self.palette.pen(style);
        let link = style.link.as_ref().filter(|link| self.has_links && is_fit(link));
        if self.open.is_none() && pen == Pen::default() && link.is_none() {
            self.bytes.extend_from_slice(text.as_bytes());
            return;
        }
        let before = self.reopen();
        before.pen.change(pen, &mut self.bytes);
        if before.link.as_ref() != link {
            self.lead_to(link.map_or("", |link| link));
        }
        self.bytes.extend_from_slice(text.as_bytes());
        let open = Open { end: self.bytes.len(), pen, link: link.cloned() };
        if open.link.is_some() {
            self.lead_to("");
        }
        pen.change(Pen::default(), &mut self.bytes);
        self.open = (self.bytes.len() > open.end).then_some(open);
    }

    /// A whole line, without a line feed.
    pub fn line(&mut self, line: &Line) {
        for (text, style) in line.pieces() {
            self.text(text, style);
        }
    }

    /// The beginning of the next line.
    pub fn line_feed(&mut self) {
        self.control(format_args!("\n"));
    }

    /// So many rows up.
    pub fn up(&mut self, rows: usize) {
        if rows > 0 {
            self.control(format_args!("\x1b[{rows}A"));
        }
    }

    /// To this column of the row, counted from 0.
    fn column(&mut self, column: usize) {
        if column == 0 {
            self.control(format_args!("\r"));
        } else {
            self.control(format_args!("\x1b[{}G", column + 1));
        }
    }

    /// To this column of the row, counted from 0, and nothing from there to the end of the screen.
    pub fn erase_from(&mut self, column: usize) {
        self.column(column);
        self.control(format_args!("{}", if column == 0 { ERASE_ROWS } else { "\x1b[J" }));
    }

    /// What follows appears at once, where the terminal can do that.
    pub fn begin_update(&mut self) {
        self.control(format_args!("\x1b[?2026h"));
    }

    /// Ends what [`Ink::begin_update`] began.
    pub fn end_update(&mut self) {
        self.control(format_args!("\x1b[?2026l"));
    }

    /// What is to be written.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Forgets what was written.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.open = None;
    }

    /// Takes back what was closed behind the last text, if nothing came after it.
    fn reopen(&mut self) -> Open {
        let closed = Open { end: self.bytes.len(), pen: Pen::default(), link: None };
        let open = self.open.take().unwrap_or(closed);
        self.bytes.truncate(open.end);
        open
    }

    /// Text that follows leads to this address; an empty one ends that.
    fn lead_to(&mut self, link: &str) {
        self.bytes.extend_from_slice(b"\x1b]8;;");
        self.bytes.extend_from_slice(link.as_bytes());
        self.bytes.extend_from_slice(b"\x1b\\");
    }

    fn control(&mut self, sequence: std::fmt::Arguments<'_>) {
        self.open = None;
        // Writing to memory cannot fail.
        let _ = self.bytes.write_fmt(sequence);
    }
}

/// Whether an address may stand in a sequence: nothing in it could end that, and a click on it
/// opens a page and no program.
fn is_fit(link: &str) -> bool {
    let begins = |scheme: &str| {
        link.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    link.len() <= LONGEST_LINK
        && (begins("http://") || begins("https://"))
        && link.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_harmless(text: &str) -> bool {
    let is_break = |character| matches!(character, '\n' | '\u{2028}' | '\u{2029}');
    !text.chars().any(|character| is_break(character) || is_unseen(character))
}

#[cfg(test)]
#[path = "ink_tests.rs"]
mod tests;
