//! The line that the spinner draws on, and the rows under it.

use std::{
    io,
    sync::atomic::{AtomicUsize, Ordering},
};

use console::Term;
use indicatif::TermLike;
use unicode_width::UnicodeWidthChar as _;

use super::markdown::ERASE_ROWS;

/// The end of standard error: a line, and dimmed rows under it.
///
/// indicatif says what stands there; how that is painted is decided here. A picture is one write
/// and one synchronized update, and nothing in it is ever left to the terminal to wrap. The cursor
/// rests in the first row, so that nobody counts rows to take the picture away: what is erased is
/// the first row and all that is below, also when a resize made other rows of them, and never a row
/// above.
#[derive(Debug)]
pub(super) struct SpinnerLine {
    term: Term,
    has_color: bool,
    /// How many rows the picture has that is being put together.
    rows: AtomicUsize,
    /// The column behind the first of them.
    end: AtomicUsize,
}

/// Columns kept free for what the terminal echoes: `^C` must not wrap.
const MARGIN: u16 = 4;

impl SpinnerLine {
    pub(super) fn stderr(has_color: bool) -> Self {
        let (rows, end) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self { term: Term::buffered_stderr(), has_color, rows, end }
    }

    /// The columns and rows of the terminal now, without the margin.
    pub(super) fn size() -> (usize, usize) {
        let (rows, columns) = Term::stderr().size();
        (columns.saturating_sub(MARGIN).max(1).into(), rows.into())
    }
}

/// As much of the beginning as fits into so many columns.
fn cut(text: &str, columns: usize) -> (&str, usize) {
    let mut taken = 0;
    for (at, character) in text.char_indices() {
        let width = character.width().unwrap_or(0);
        if taken + width > columns {
            return (&text[..at], taken);
        }
        taken += width;
    }
    (text, taken)
}

impl TermLike for SpinnerLine {
    fn width(&self) -> u16 {
        TermLike::width(&self.term).saturating_sub(MARGIN).max(1)
    }

    /// No limit: indicatif takes a row that is too long for several, and would leave it out.
    fn height(&self) -> u16 {
        u16::MAX
    }

    // indicatif erases row by row before it draws: between the two the screen would be empty.

    fn move_cursor_up(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_down(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        Ok(())
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.write_str(text)
    }

    /// One row. White space at its end, of which indicatif has a lot, is left out.
    fn write_str(&self, text: &str) -> io::Result<()> {
        let text = text.trim_end();
        if text.is_empty() {
            return Ok(());
        }
        let (text, end) = cut(text, self.width().into());
        let row = match self.rows.fetch_add(1, Ordering::Relaxed) {
            0 => {
                self.end.store(end, Ordering::Relaxed);
                format!("\x1b[?2026h\x1b[1G{text}\x1b[K")
            }
            _ if self.has_color => format!("\n\x1b[2m{text}\x1b[0m\x1b[K"),
            _ => format!("\n{text}\x1b[K"),
        };
        self.term.write_str(&row)
    }

    fn flush(&self) -> io::Result<()> {
        match self.rows.swap(0, Ordering::Relaxed) {
            0 => self.term.write_str(&format!("\x1b[1G{ERASE_ROWS}"))?,
            1 => self.term.write_str("\x1b[J\x1b[?2026l")?,
            rows => {
                let column = self.end.load(Ordering::Relaxed) + 1;
                let back = format!("\x1b[J\x1b[{}A\x1b[{column}G\x1b[?2026l", rows - 1);
                self.term.write_str(&back)?;
            }
        }
        self.term.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_cut_by_columns_and_no_character_is_halved() {
        assert_eq!(cut("waiting", 10), ("waiting", 7));
        assert_eq!(cut("waiting", 4), ("wait", 4));
        assert_eq!(cut("思考中", 5), ("思考", 4));
        assert_eq!(cut("e\u{301}e\u{301}", 1), ("e\u{301}", 1));
        assert_eq!(cut("", 3), ("", 0));
    }
}
