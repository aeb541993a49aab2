//! What rendered text is made of: lines of styled pieces. Pure.

use std::rc::Rc;

use crate::term::sanitize::{first_suspect, sanitize};

/// What a piece of text is. How that looks is the palette's affair.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Role {
    /// Prose.
    #[default]
    Plain,
    /// What stands aside: the target of a link, the language of a fence, the bar of a quote.
    Faint,
    /// A heading of the first or second level.
    Title,
    /// Any other heading, and the head of a table.
    Heading,
    /// The words of a link.
    Link,
    /// Code in a line of prose.
    Snippet,
    /// In a block of code what is nothing in particular.
    Code,
    /// `fn`, `return`, `SELECT`.
    Keyword,
    /// Strings and characters.
    String,
    /// Numbers, and names that stand for values: `true`, `null`.
    Number,
    /// Comments.
    Comment,
    /// Types, tags, keys of data formats.
    Type,
    /// Functions where they are called or defined, commands of a shell.
    Function,
    /// Lines that a diff adds.
    Added,
    /// Lines that a diff takes away.
    Removed,
}

/// How a piece of text is set off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Style {
    /// What it is.
    pub role: Role,
    /// Strong emphasis.
    pub is_bold: bool,
    /// Emphasis.
    pub is_italic: bool,
    /// Struck out.
    pub is_struck: bool,
    /// Where it leads: `http` or `https`, printable ASCII only.
    pub link: Option<Rc<str>>,
}

impl Style {
    /// The style of a role, and nothing more.
    pub fn of(role: Role) -> Self {
        Self { role, ..Self::default() }
    }
}

/// One logical line: the terminal wraps it, so it may take many rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    text: String,
    /// Where each style ends, as an offset into `text`; ascending, the last one is its length.
    ends: Vec<(usize, Style)>,
}

impl Line {
    /// A line of one style.
    pub fn of(text: &str, style: &Style) -> Self {
        let mut line = Self::default();
        line.push(text, style);
        line
    }

    /// Appends text, made harmless; line feeds become spaces.
    pub fn push(&mut self, text: &str, style: &Style) {
        if is_harmless(text) {
            self.push_harmless(text, style);
        } else {
            self.push_harmless(&sanitize(text).replace('\n', " "), style);
        }
    }

    /// As [`Line::push`], of text that [`is_harmless`].
    pub(super) fn push_harmless(&mut self, text: &str, style: &Style) {
        if text.is_empty() {
            return;
        }
        self.text.push_str(text);
        match self.ends.last_mut() {
            Some((end, last)) if last == style => *end = self.text.len(),
            _ => self.ends.push((self.text.len(), style.clone())),
        }
    }

    /// Makes room for a text of so many bytes and as many styles as code of that length has.
    pub(super) fn reserve(&mut self, bytes: usize) {
        self.text.reserve(bytes);
        self.ends.reserve(bytes / 4 + 1);
    }

    /// Goes on in the style of the last piece.
    pub(super) fn extend(&mut self, text: &str) {
        let style = self.ends.last().map(|(_, style)| style.clone()).unwrap_or_default();
        self.push(text, &style);
    }

    /// Appends another line.
    pub fn append(&mut self, other: &Self) {
        for (text, style) in other.pieces() {
            self.push(text, style);
        }
    }

    /// The text without its styles.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The pieces of one style each, in order; none is empty.
    pub fn pieces(&self) -> impl Iterator<Item = (&str, &Style)> {
        let mut start = 0;
        self.ends.iter().map(move |(end, style)| {
            let piece = &self.text[std::mem::replace(&mut start, *end)..*end];
            (piece, style)
        })
    }

    /// What stands from `at`, a character boundary, on.
    #[must_use]
    pub fn after(&self, at: usize) -> Self {
        let text = self.text[at..].to_owned();
        let ends = self.ends.iter().filter(|(end, _)| *end > at);
        Self { text, ends: ends.map(|(end, style)| (end - at, style.clone())).collect() }
    }

    /// Whether it looks like `beginning` as far as that goes. They say the same so far.
    pub(super) fn looks_like(&self, beginning: &Self) -> bool {
        let length = beginning.text.len();
        let mut start = 0;
        let mut ours = self.ends.iter();
        let mut our = ours.next();
        for (end, style) in &beginning.ends {
            while start < *end {
                let Some((our_end, our_style)) = our else { return false };
                if our_style != style {
                    return false;
                }
                start = (*our_end).min(*end);
                if *our_end <= *end {
                    our = ours.next();
                }
            }
        }
        start >= length
    }

    /// Without the spaces at its end: nobody sees them, but who copies the line gets them.
    #[must_use]
    pub(super) fn without_trailing_spaces(mut self) -> Self {
        let end = self.text.trim_end_matches(' ').len();
        self.truncate(end);
        self
    }

    /// Puts a space in the place of the tab at `at`.
    pub(super) fn space_tab(&mut self, at: usize) {
        self.text.replace_range(at..at + "\t".len(), " ");
    }

    /// Takes away the links to this address.
    pub(super) fn unlink(&mut self, address: &str) {
        for (_, style) in &mut self.ends {
            if style.link.as_deref() == Some(address) {
                style.link = None;
            }
        }
    }

    /// Takes away what stands from `at`, a character boundary, on.
    pub fn truncate(&mut self, at: usize) {
        self.text.truncate(at);
        let keep = self.ends.iter().take_while(|(end, _)| *end < at).count();
        self.ends.truncate(keep + 1);
        if at == 0 {
            self.ends.clear();
        } else if let Some((end, _)) = self.ends.last_mut() {
            *end = (*end).min(at);
        }
    }
}

/// Whether [`Line::push`] takes this text as it is.
pub(super) fn is_harmless(text: &str) -> bool {
    first_suspect(text).is_none() && !text.as_bytes().contains(&b'\n')
}

/// A line on its way to the screen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) line: Line,
    /// It goes on where the row before it ended, which was too long to be kept back.
    pub(super) joins: bool,
}
