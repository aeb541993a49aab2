//! What is on the screen and what should be: text is appended where that is enough, and rows are
//! painted anew where it is not. Pure.
//!
//! The cursor always stands behind the last thing that was written. Rows that were settled and shown
//! are forgotten: nothing here can reach them again.

use super::{
    ink::Ink,
    line::Row,
    look::Size,
    width::{extent, first_doubtful, lost_tabs},
};

/// So many bytes may wait for a repaint; then it is done at once.
const MOST_WAITING: usize = 65_536;

/// A row on the screen.
#[derive(Debug)]
struct Shown {
    row: Row,
    /// It cannot be painted anew: it has left the screen, or nobody knows where it is.
    is_fixed: bool,
}

/// Where a shown row begins.
#[derive(Debug, Clone, Copy)]
struct Place {
    row: usize,
    /// So many rows above the cursor.
    up: usize,
    column: usize,
}

/// The rows below everything that is forgotten.
#[derive(Debug)]
pub(super) struct Painter {
    size: Size,
    /// The terminal wraps long lines anew when its width changes.
    reflows: bool,
    shown: Vec<Shown>,
    /// Settled rows that are not shown, or not in their final look, or whose line may still have to be
    /// painted from its beginning.
    waiting: Vec<Row>,
    /// The column in which the forgotten text ends; `None`: nobody knows.
    column: Option<usize>,
    /// The cursor stands at the beginning of an empty line.
    is_at_start: bool,
    repaints: u64,
}

/// The first rows that differ from what should be.
#[derive(Debug, Default, PartialEq, Eq)]
struct Difference {
    /// In what they say.
    text: Option<usize>,
    /// In how they look.
    look: Option<usize>,
}

impl Painter {
    pub(super) fn new(size: Size, reflows: bool) -> Self {
        let (shown, waiting) = (Vec::new(), Vec::new());
        Self { size, reflows, shown, waiting, column: Some(0), is_at_start: true, repaints: 0 }
    }

    /// Brings the screen up to date: `settled` rows, and below them the `tail`. Returns whether
    /// something waits until it may be painted anew.
    pub(super) fn update(
        &mut self,
        settled: Vec<Row>,
        tail: Vec<Row>,
        may_repaint: bool,
        ink: &mut Ink,
    ) -> bool {
        let mut wanted = std::mem::take(&mut self.waiting);
        for mut row in settled {
            self.space_lost_tabs(&wanted, &mut row);
            wanted.push(row);
        }
        let finals = wanted.len();
        let mut height = 0;
        for mut row in tail {
            self.space_lost_tabs(&wanted, &mut row);
            let is_certain = self.keep_certain(&wanted, &mut row);
            height += self.height_of(&row);
            if height >= self.size.rows {
                // What leaves the screen could not be painted anew.
                row.line.truncate(self.said(wanted.len(), &row).len());
                if !row.line.is_empty() {
                    wanted.push(row);
                }
                break;
            }
            wanted.push(row);
            if !is_certain {
                break;
            }
        }
        self.part(&wanted);
        let difference = self.difference(&wanted);
        let weight = || wanted[..finals].iter().map(|row| row.line.text().len()).sum::<usize>();
        let may_repaint = may_repaint || (difference.text.is_some() && weight() > MOST_WAITING);
        let is_pending = match difference {
            Difference { text: None, look: None } => {
                self.append(&wanted, ink);
                false
            }
            Difference { text, look } if may_repaint => {
                let first = text.into_iter().chain(look).min().unwrap_or(0);
                self.repaint(first, &wanted, ink);
                false
            }
            Difference { text: None, .. } => {
                self.append(&wanted, ink);
                // What is about to leave the screen keeps the look it has.
                self.height() <= self.size.rows.saturating_sub(2)
            }
            Difference { .. } => true,
        };
        if is_pending {
            wanted.truncate(finals);
            self.waiting = wanted;
        } else {
            wanted.truncate(finals);
            self.forget(wanted);
        }
        is_pending
    }

    /// How often something was painted anew.
    pub(super) fn repaints(&self) -> u64 {
        self.repaints
    }

    /// Nothing of what is shown is reached again, and what follows begins a new line: somebody else
    /// writes now.
    pub(super) fn leave(&mut self, ink: &mut Ink) {
        if !self.is_at_start {
            ink.line_feed();
        }
        self.is_at_start = true;
        self.keep();
    }

    /// The terminal has another size.
    pub(super) fn resize(&mut self, size: Size) {
        if size == self.size {
            return;
        }
        let joins = self.shown.first().is_some_and(|it| it.row.joins);
        if size.columns != self.size.columns && (!self.reflows || joins) {
            self.keep();
        }
        self.size = size;
        self.column = self.column.filter(|column| *column < size.columns);
    }

    /// Behind a full row a tab leads nowhere: what follows it would stand on what precedes it. `above`
    /// stands before the row.
    fn space_lost_tabs(&self, above: &[Row], row: &mut Row) {
        if !row.line.text().contains('\t') {
            return;
        }
        let from = if row.joins { self.end_of(above.iter()) } else { Some(0) };
        let lost = match from {
            Some(from) => lost_tabs(row.line.text(), from, self.size.columns),
            None => row.line.text().match_indices('\t').map(|(at, _)| at).collect(),
        };
        for at in lost {
            row.line.space_tab(at);
        }
    }

    /// Of a row whose height nobody knows only what stands before the doubtful picture is shown until
    /// it is settled: it could not be painted anew. What is shown of it already stays. `false`:
    /// something was left out. `above` stands before it.
    fn keep_certain(&self, above: &[Row], row: &mut Row) -> bool {
        let text = row.line.text();
        let at = first_doubtful(text);
        let begin = above.iter().rposition(|it| !it.joins);
        let is_certain = match begin {
            _ if !row.joins => at == text.len() || extent(text, 0, self.size.columns).is_some(),
            Some(begin) => {
                let line: String = above[begin..].iter().map(|it| it.line.text()).collect();
                extent(&(line + text), 0, self.size.columns).is_some()
            }
            None => at == text.len() && self.end_of(above.iter()).is_some(),
        };
        if !is_certain {
            let said = self.said(above.len(), row).len();
            row.line.truncate(said.max(if row.joins { 0 } else { at }));
        }
        is_certain
    }

    /// What is shown of this row already.
    fn said(&self, index: usize, row: &Row) -> &str {
        let said = self.shown.get(index).map_or("", |shown| shown.row.line.text());
        if row.line.text().starts_with(said) { said } else { "" }
    }

    /// Nothing of what is shown is reached again.
    pub(super) fn keep(&mut self) {
        for shown in &mut self.shown {
            shown.is_fixed = true;
        }
    }

    /// What is shown as one row comes in pieces now that go on with each other: it is parted in the
    /// same places, and nothing of it is new.
    fn part(&mut self, wanted: &[Row]) {
        for (index, pair) in wanted.windows(2).enumerate() {
            let Some(shown) = self.shown.get_mut(index) else { break };
            let (said, piece) = (shown.row.line.text(), pair[0].line.text());
            if pair[1].joins && said.len() > piece.len() && said.starts_with(piece) {
                let line = shown.row.line.after(piece.len());
                shown.row.line.truncate(piece.len());
                let is_fixed = shown.is_fixed;
                self.shown.insert(index + 1, Shown { row: Row { line, joins: true }, is_fixed });
            }
        }
    }

    fn difference(&self, wanted: &[Row]) -> Difference {
        let mut difference = Difference::default();
        let last = self.shown.len().saturating_sub(1);
        for (index, Shown { row, is_fixed }) in self.shown.iter().enumerate() {
            if *is_fixed {
                continue;
            }
            let Some(new) = wanted.get(index) else {
                difference.text = Some(index);
                break;
            };
            let says_it = if index == last {
                new.line.text().starts_with(row.line.text())
            } else {
                new.line.text() == row.line.text()
            };
            if !says_it || new.joins != row.joins {
                difference.text = Some(index);
                break;
            }
            if difference.look.is_none() && !new.line.looks_like(&row.line) {
                difference.look = Some(index);
            }
        }
        difference
    }

    /// Writes what follows on what is shown.
    fn append(&mut self, wanted: &[Row], ink: &mut Ink) {
        let says_it = |(shown, new): &(&Shown, &Row)| shown.row.line.text() == new.line.text();
        let mut known = self.shown.iter().zip(wanted).take_while(says_it).count();
        let is_last = known + 1 == self.shown.len();
        if let (Some(shown), Some(new)) = (self.shown.get_mut(known), wanted.get(known)) {
            let said = shown.row.line.text();
            if is_last && new.line.text().starts_with(said) {
                let more = new.line.after(said.len());
                ink.line(&more);
                self.is_at_start = false;
                shown.row.line.append(&more);
                known += 1;
            } else if shown.is_fixed {
                // It has changed its words where nobody can mend them: what it says now is added, if
                // that is more than it said.
                let more = new.line.after(common(said, new.line.text()));
                shown.row = new.clone();
                self.shown.truncate(known + 1);
                if !more.is_empty() {
                    self.row(&Row { line: more, joins: false }, ink);
                }
                known += 1;
            } else {
                known = self.shown.len();
            }
        }
        for row in wanted.iter().skip(known.max(self.shown.len())) {
            self.row(row, ink);
            self.shown.push(Shown { row: row.clone(), is_fixed: false });
        }
    }

    fn row(&mut self, row: &Row, ink: &mut Ink) {
        if !row.joins && !self.is_at_start {
            ink.line_feed();
        }
        ink.line(&row.line);
        // An empty row is a row, too: what follows it begins the next one.
        self.is_at_start = false;
    }

    /// Paints all rows from the `first` one on anew, as far as they can be reached.
    fn repaint(&mut self, first: usize, wanted: &[Row], ink: &mut Ink) {
        let Some(Place { row: first, up, column }) = self.reachable(first) else {
            self.keep();
            return self.append(wanted, ink);
        };
        self.repaints += 1;
        ink.begin_update();
        ink.up(up);
        ink.erase_from(column);
        self.shown.truncate(first);
        for (index, row) in wanted.iter().enumerate().skip(first) {
            if index == first {
                ink.line(&row.line);
            } else {
                self.row(row, ink);
            }
            self.shown.push(Shown { row: row.clone(), is_fixed: false });
        }
        ink.end_update();
        self.is_at_start = wanted.len() <= first && column == 0;
    }

    /// Where painting must begin to mend the rows from the `first` on: the row, how many rows the
    /// cursor is below it, and the column. `None` if it cannot be reached.
    fn reachable(&self, first: usize) -> Option<Place> {
        // In the middle of a line only if the column is beyond doubt.
        let begin = (0..=first).rev().find(|it| !self.shown[*it].row.joins).unwrap_or(0);
        let place = self.place(first).or_else(|| self.place(begin))?;
        let is_fixed = self.shown[place.row..].iter().any(|it| it.is_fixed);
        (!is_fixed && place.up < self.size.rows).then_some(place)
    }

    /// Where a shown row begins. `None`: nobody knows.
    fn place(&self, row: usize) -> Option<Place> {
        let column = self.column_of(row)?;
        let mut up = 0;
        let mut index = row;
        while index < self.shown.len() {
            let from = if index == row { column } else { 0 };
            let (text, next) = line_from(&self.shown, index);
            if from >= self.size.columns && text.is_empty() {
                return None;
            }
            // Text behind a full row begins below it.
            let (below, _) = extent(&text, from % self.size.columns, self.size.columns)?;
            up += below + usize::from(index > row);
            index = next;
        }
        Some(Place { row, up, column: column % self.size.columns })
    }

    /// The column in which a shown row begins, which may be behind the last one.
    fn column_of(&self, row: usize) -> Option<usize> {
        if !self.shown.get(row)?.row.joins {
            return Some(0);
        }
        self.end_of(self.shown[..row].iter().map(|it| &it.row))
    }

    /// The column in which the last of these rows ends, the first of which follows what is forgotten.
    fn end_of<'r>(&self, rows: impl DoubleEndedIterator<Item = &'r Row>) -> Option<usize> {
        let mut pieces = Vec::new();
        let mut from = self.column;
        for row in rows.rev() {
            pieces.push(row.line.text());
            if !row.joins {
                from = Some(0);
                break;
            }
        }
        pieces.reverse();
        let text = pieces.concat();
        if first_doubtful(&text) < text.len() {
            return None;
        }
        extent(&text, from?, self.size.columns).map(|(_, column)| column)
    }

    /// The rows that everything shown takes.
    fn height(&self) -> usize {
        self.shown.iter().map(|shown| self.height_of(&shown.row)).sum()
    }

    fn height_of(&self, row: &Row) -> usize {
        extent(row.line.text(), 0, self.size.columns).map_or(1, |(below, _)| below + 1)
    }

    /// The first rows are `settled` and shown. Of a line that goes on behind a picture of doubtful
    /// width they wait, as long as it is on the screen: only from its beginning can it be painted.
    fn forget(&mut self, mut settled: Vec<Row>) {
        settled.truncate(self.shown.len());
        let finals = settled.len();
        if finals == 0 {
            return;
        }
        let rows = |end: usize| self.shown[..end].iter().map(|it| &it.row);
        let mut column = self.end_of(rows(finals));
        let mut end = finals;
        if column.is_none()
            && self.shown.get(finals).is_some_and(|it| it.row.joins)
            && let Some(begin) = settled.iter().rposition(|it| !it.joins)
            && self.place(begin).is_some_and(|it| it.up < self.size.rows)
        {
            column = self.end_of(rows(begin));
            end = begin;
        }
        self.column = column;
        self.shown.drain(..end);
        self.waiting = settled.split_off(end);
    }
}

/// The rest of the line that this row is in, and the row behind it.
fn line_from(shown: &[Shown], row: usize) -> (String, usize) {
    let joined = shown[row + 1..].iter().take_while(|it| it.row.joins).count();
    let next = row + 1 + joined;
    (shown[row..next].iter().map(|it| it.row.line.text()).collect(), next)
}

/// How far two texts say the same; a tab may have become a space.
fn common(one: &str, other: &str) -> usize {
    let said = |it: char| if it == '\t' { ' ' } else { it };
    let same = one.chars().zip(other.chars()).take_while(|(one, other)| said(*one) == said(*other));
    same.map(|(character, _)| character.len_utf8()).sum()
}

#[cfg(test)]
#[path = "painter_tests.rs"]
mod tests;
