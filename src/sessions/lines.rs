//! A file, line by line, in bounded memory.

use std::io::{self, BufRead, Read as _};

/// The longest first line. It says where a session began, and no more.
const LONGEST_FIRST: u64 = 1 << 20;

/// The longest line that is read. The largest question takes this much when it consists of control
/// characters, which JSON spells in six letters.
const LONGEST: u64 = 256 << 20;

/// The lines of a file.
#[derive(Debug)]
pub(super) struct Lines<R> {
    reader: R,
    line: Vec<u8>,
    is_first: bool,
}

/// A line, its line feed taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// What stands in it; of one that is too long, nothing.
    pub(super) bytes: &'a [u8],
    /// Whether it had a line feed.
    pub(super) is_ended: bool,
    /// Whether it is longer than any that was written.
    pub(super) is_too_long: bool,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, line: Vec::new(), is_first: true }
    }

    /// The next one; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        let longest = if self.is_first { LONGEST_FIRST } else { LONGEST };
        self.is_first = false;
        self.line.clear();
        let mut reader = self.reader.by_ref().take(longest);
        let read = reader.read_until(b'\n', &mut self.line)?;
        if read == 0 {
            return Ok(None);
        }
        let is_ended = self.line.pop_if(|last| *last == b'\n').is_some();
        if is_ended || (read as u64) < longest {
            return Ok(Some(Line { bytes: &self.line, is_ended, is_too_long: false }));
        }
        // What nobody wrote takes no room.
        self.line = Vec::new();
        let skipped = self.reader.skip_until(b'\n')?;
        Ok(Some(Line { bytes: &[], is_ended: skipped > 0, is_too_long: true }))
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, repeat};

    use super::*;

    #[test]
    fn lines_come_one_by_one_and_the_last_may_have_no_end() {
        let mut lines = Lines::new(&b"one\n\ntwo"[..]);
        let mut told = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            told.push((line.bytes.to_vec(), line.is_ended));
        }
        let wanted = [(b"one".to_vec(), true), (Vec::new(), true), (b"two".to_vec(), false)];
        assert_eq!(told, wanted);
    }

    #[test]
    fn a_line_that_nobody_wrote_is_skipped_and_takes_no_memory() {
        let beginning = repeat(0).take(LONGEST_FIRST * 64).chain(&b"\nnext\n"[..]);
        let mut lines = Lines::new(BufReader::new(beginning));
        let first = lines.next().unwrap().unwrap();
        assert_eq!(first, Line { bytes: &[], is_ended: true, is_too_long: true });
        assert!(lines.line.capacity() == 0);
        assert_eq!(lines.next().unwrap().unwrap().bytes, b"next");
    }
}
