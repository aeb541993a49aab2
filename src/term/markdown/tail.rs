//! Words that only go on with a paragraph: most of what comes. Pure.
//!
//! Whoever reads word by word gets a paragraph in hundreds of pieces; to parse all of it for each of
//! them would cost its length squared.

use super::line::Row;

/// How the unfinished end of a source was shown.
#[derive(Debug, Default)]
pub(super) struct Tail {
    rows: Vec<Row>,
    /// How much of the rest they show; nothing, if more of it must be parsed.
    end: usize,
}

impl Tail {
    /// `rows` show `rest` up to `end`, which is in its last line.
    pub(super) fn new(rest: &str, end: usize, rows: &[Row]) -> Self {
        let is_last_word = rest[..end].chars().next_back().is_some_and(is_word);
        let shows_it = rows.last().is_some_and(|row| {
            let (said, shown) = (rest[..end].chars().next_back(), row.line.text());
            said == shown.chars().next_back()
        });
        let is_blank = rest[end..].bytes().all(|it| it == b' ');
        if is_last_word && shows_it && is_blank {
            Self { rows: rows.to_vec(), end }
        } else {
            Self::default()
        }
    }

    /// The rows of `rest`, if all that was added since is words in the style of the last one.
    pub(super) fn go_on(&mut self, rest: &str) -> Option<Vec<Row>> {
        let added = rest.get(self.end..).filter(|_| self.end > 0)?;
        if !added.chars().all(|it| it == ' ' || is_word(it)) {
            self.end = 0;
            return None;
        }
        let words = added.trim_end_matches(' ');
        if !words.is_empty() {
            let line = &mut self.rows.last_mut()?.line;
            line.extend(words);
            self.end += words.len();
        }
        Some(self.rows.clone())
    }
}

/// What stands for itself in the middle of a line, whatever is around it.
fn is_word(character: char) -> bool {
    character.is_alphanumeric()
        || matches!(character, ',' | '.' | ';' | '?' | '\'' | '"' | '%' | '/')
}
