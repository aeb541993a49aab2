//! A look at what follows.

use super::WINDOW;

/// What follows on a line, as far as it may be looked at. Never empty.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rest<'a> {
    pub(super) bytes: &'a [u8],
    /// It ends where the line ends.
    pub(super) is_whole: bool,
}

impl<'a> Rest<'a> {
    /// From `at` on.
    pub(super) fn at(text: &'a str, at: usize, ends_line: bool) -> Self {
        let end = match text.len() - at {
            left if left <= WINDOW => text.len(),
            _ => text.floor_char_boundary(at + WINDOW),
        };
        Self { bytes: &text.as_bytes()[at..end], is_whole: ends_line && end == text.len() }
    }

    pub(super) fn len(self) -> usize {
        self.bytes.len()
    }

    /// NUL behind the end.
    pub(super) fn byte(self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    pub(super) fn begins(self, mark: &str) -> bool {
        self.has(0, mark)
    }

    /// Whether this mark, which is not empty, stands at `at`. Nearly always its first byte tells.
    pub(super) fn has(self, at: usize, mark: &str) -> bool {
        let ahead = self.bytes.get(at..).unwrap_or_default();
        ahead.first() == mark.as_bytes().first() && ahead.starts_with(mark.as_bytes())
    }

    /// How many bytes from `from` on are so.
    pub(super) fn run(self, from: usize, is_so: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        rest.iter().position(|byte| !is_so(*byte)).unwrap_or(rest.len())
    }

    /// The first byte from `from` on that is no blank.
    pub(super) fn past_blanks(self, from: usize) -> u8 {
        self.byte(from + self.run(from, is_blank))
    }
}

pub(super) fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t' || byte == b'\r'
}

/// Letters, digits, `_`, and bytes beyond ASCII, whatever they mean.
pub(super) fn is_name(byte: u8) -> bool {
    NAMES[usize::from(byte)]
}

const NAMES: [bool; 256] = {
    let mut names = [false; 256];
    let mut byte = u8::MAX;
    while byte > 0 {
        names[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 128;
        byte -= 1;
    }
    names
};
