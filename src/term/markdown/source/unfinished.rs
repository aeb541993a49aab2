//! How what is not settled looks for the moment.

use super::{
    super::{
        blocks::{Kind, Leaf},
        emit::Extent,
        guess::{guess, is_mark},
        line::{Role, Row},
        tail::Tail,
    },
    Source, first_new,
};

/// What is guessed to follow what has come: marks that close those that are open.
#[derive(Debug, Clone, Copy)]
enum Closers<'g> {
    None,
    /// Of the unfinished line, whatever it belongs to.
    OfLine(&'g str),
    /// Of the whole paragraph, which the unfinished line goes on with.
    OfParagraph(&'g str),
}

impl Source {
    /// Parses the rest to see how it looks for now.
    pub(super) fn parse_rest(&mut self) -> Vec<Row> {
        if self.is_lone_mark() {
            return Vec::new();
        }
        let unfinished = &self.rest[self.line..];
        let (mut end, mut closers) = (self.rest.len(), String::new());
        let mut of_paragraph = String::new();
        if self.ongoing.code.is_some() {
            let is_fence = |it: char| matches!(it, '`' | '~' | ' ');
            if !self.ongoing.is_mid_line && unfinished.chars().all(is_fence) {
                end = self.line;
            }
        } else if is_mark(unfinished) || matches!(self.last, Some(Kind::Table(_))) {
            end = self.line;
        } else {
            let guess = guess(unfinished);
            end -= guess.held;
            if !self.look.keeps_marks {
                closers = guess.closers;
            }
        }
        if self.last == Some(Kind::Paragraph) && !self.look.keeps_marks {
            let paragraph = guess(self.rest[..end].trim_end());
            // A mark at the end of a line is what it is only with what follows.
            if paragraph.held == 0 {
                // What is closed in the line may have been opened before it.
                if paragraph.closers.is_empty() {
                    closers.clear();
                }
                of_paragraph = paragraph.closers;
            }
        }
        if self.rest[..end].trim().is_empty() && !(self.ongoing.code.is_some() && end > 0) {
            return Vec::new();
        }
        let rows = self
            .shown(end, Closers::OfParagraph(&of_paragraph))
            .or_else(|| self.shown(end, Closers::OfLine(&closers)))
            .or_else(|| self.shown(end, Closers::None))
            .unwrap_or_default();
        if end > self.line && !closers.starts_with(')') && self.ongoing.code.is_none() {
            self.tail = Tail::new(&self.rest, end, &rows);
        }
        rows
    }

    /// The rows of the rest up to `end` and what is guessed to follow; `None` where nothing is
    /// guessed, or where that has no place, because it would show as itself.
    fn shown(&mut self, end: usize, closers: Closers<'_>) -> Option<Vec<Row>> {
        let rest = &self.rest[..end];
        let (rest, guessed) = match closers {
            Closers::None => (rest, ""),
            Closers::OfLine("") | Closers::OfParagraph("") => return None,
            Closers::OfLine(guessed) => (rest, guessed),
            Closers::OfParagraph(guessed) => (rest.trim_end(), guessed),
        };
        let text = [&self.scaffold.text, rest, guessed].concat();
        let mut ongoing = self.ongoing.clone();
        self.parsed(&text, |view| {
            let (first, leaves) = (first_new(&view), &view.parsed.leaves);
            let is_words = |leaf: &Leaf| {
                matches!(leaf.kind, Kind::Paragraph | Kind::Heading(_) | Kind::Empty)
                    && !view.parsed.has_text_behind(leaf, text.len() - guessed.len())
            };
            let has_place = match closers {
                Closers::None => true,
                Closers::OfLine(_) => leaves.last().is_some_and(is_words),
                // Else the last line begins another block.
                Closers::OfParagraph(_) => {
                    first + 1 == leaves.len() && leaves.last().is_some_and(is_words)
                }
            };
            if !has_place {
                return None;
            }
            let mut rows = Vec::new();
            for index in first..leaves.len() {
                let is_last = index + 1 == leaves.len();
                let is_table = matches!(leaves[index].kind, Kind::Table(_));
                let extent = if is_last && !is_table { Extent::Piece } else { Extent::Whole };
                ongoing.emit(&view, index, extent, &mut rows);
            }
            if guessed.starts_with(')') {
                leave_open(&mut rows);
            }
            Some(rows)
        })
    }
}

/// The target of a link is not over: its end is not shown, so that more of it is only added, and
/// nothing leads to half of it.
fn leave_open(rows: &mut [Row]) {
    let Some(Row { line: last, .. }) = rows.last_mut() else { return };
    let is_target = last.pieces().last().is_some_and(|(_, style)| style.role == Role::Faint);
    if !is_target || !last.text().ends_with(')') {
        return;
    }
    last.truncate(last.text().len() - 1);
    let target = last.pieces().last().and_then(|(_, style)| style.link.clone());
    if let Some(target) = target {
        for row in rows {
            row.line.unlink(&target);
        }
    }
}
