//! What must be settled before its end is known: there is no room for more.

use super::{
    super::{
        blocks::{Kind, Leaf},
        emit::Extent,
        guess::open_marks,
        line::{Line, Row, Style},
        scaffold::{Scaffold, line_at},
    },
    MOST_OPEN, Next, SHOWN, Source, first_new, opener,
};

/// The end of a line of a paragraph that was shown already.
const SHOWN_LINE: &str = "X\n";

/// Where a text is cut that is too long to be kept.
struct Cut {
    end: usize,
    /// The last block, if it is not shown yet.
    unshown: Option<Unshown>,
    scaffold: Scaffold,
}

/// What of a block is to be shown before the cut.
struct Unshown {
    /// Where the words end, without what only parts them from the next ones.
    end: usize,
    /// What closes the marks that are open there.
    closers: String,
    extent: Extent,
    /// How many leaves before it were shown.
    finals: usize,
}

impl Source {
    /// Settles as much as can be, final or not: there is no more room.
    pub(super) fn force(&mut self) {
        let text = [&*self.scaffold.text, &self.rest].concat();
        let mut ongoing = self.ongoing.clone();
        let mut rows = Vec::new();
        let cut = self.parsed(&text, |view| {
            let (parsed, first) = (view.parsed, first_new(&view));
            let (last, finals) = parsed.leaves[first..].split_last()?;
            for index in 0..finals.len() {
                ongoing.emit(&view, first + index, Extent::Whole, &mut rows);
            }
            let line = line_at(&text, last.range.start);
            let prefix = &text[line.start..last.range.start];
            let scaffold = Scaffold::open(parsed, &text, &last.path, line.start);
            Some(match &last.kind {
                Kind::Paragraph | Kind::Heading(_) => {
                    let from = last.range.start.max(view.setting.from);
                    let end = from + seam(&text[from..]);
                    // From what was shown of it, too: its open marks stand in the scaffold.
                    let (mut openers, closers) = open_marks(text[last.range.start..end].trim_end());
                    openers.truncate(MOST_OPEN);
                    let marks = match last.kind {
                        Kind::Heading(level) => "#".repeat(level.into()) + " ",
                        _ => String::new(),
                    };
                    let is_line = text[..end].ends_with('\n');
                    let extent = if is_line { Extent::Lines } else { Extent::Piece };
                    // A mark in front of a line feed opens nothing.
                    let over = if is_line { SHOWN_LINE } else { "" };
                    let glue = format!("{prefix}{marks}{SHOWN}{openers}{over}");
                    let mut next = scaffold.with_line(parsed, &text, last.range.start, &glue);
                    if next.text.is_empty() {
                        next.text = [SHOWN, over].concat();
                    }
                    // Half a link is text.
                    let closers = closers.trim_start_matches(')').to_owned();
                    let unshown = Unshown {
                        end: from + without_break(&text[from..end], extent).len(),
                        closers,
                        extent,
                        finals: finals.len(),
                    };
                    Cut { end, unshown: Some(unshown), scaffold: next }
                }
                Kind::Table(_) => {
                    let end = text.rfind('\n').map_or(0, |it| it + 1);
                    let whole = text[line.start..end.max(line.start)].split_inclusive('\n');
                    let head: Vec<&str> = whole.take(2).collect();
                    if head.len() < 2 {
                        return None;
                    }
                    let next = scaffold.with_line(parsed, &text, last.range.start, &head.concat());
                    let (closers, extent) = (String::new(), Extent::Lines);
                    let unshown = Unshown { end, closers, extent, finals: finals.len() };
                    Cut { end, unshown: Some(unshown), scaffold: next }
                }
                // Nobody says so much of a fence: it is no fence.
                Kind::Fence(_) if !text[last.range.start..].contains('\n') => return None,
                Kind::Fence(_) | Kind::Indented => {
                    let index = first + finals.len();
                    ongoing.emit(&view, index, Extent::Piece, &mut rows);
                    let begin = view.code(last).last().map_or(text.len(), |it| it.1.start);
                    let margin = &text[line_at(&text, begin).start..begin];
                    let mut next = match last.kind {
                        Kind::Fence(_) => opener(parsed, &text, last),
                        _ => scaffold,
                    };
                    next.text.push_str(margin);
                    next.text.push_str(SHOWN);
                    Cut { end: text.len(), unshown: None, scaffold: next }
                }
                Kind::Html => {
                    let index = first + finals.len();
                    ongoing.emit(&view, index, Extent::Piece, &mut rows);
                    if text.ends_with([' ', '\t'])
                        && let Some(row) = rows.last_mut()
                    {
                        row.line.push(" ", &Style::default());
                    }
                    let begin = view.code(last).last().map_or(text.len(), |it| it.1.start);
                    let margin = &text[line_at(&text, begin).start..begin];
                    let mut next = opener(parsed, &text, last);
                    next.text.push_str(margin);
                    next.text.push_str(SHOWN);
                    Cut { end: text.len(), unshown: None, scaffold: next }
                }
                // What may be a definition stands in it, and is no block.
                Kind::Empty if text[view.setting.from..].contains("]:") => return None,
                Kind::Rule | Kind::Empty => {
                    let index = first + finals.len();
                    ongoing.emit(&view, index, Extent::Piece, &mut rows);
                    let next = Scaffold { text: SHOWN.to_owned(), numbers: Vec::new() };
                    Cut { end: text.len(), unshown: None, scaffold: next }
                }
            })
        });
        match cut {
            Some(cut) => {
                self.ongoing = ongoing;
                self.settled.append(&mut rows);
                self.cut(&text, cut);
            }
            None => self.show_as_it_is(),
        }
        self.count();
        if self.room() == 0 {
            // One row of a table, say, that is longer than all that may be held.
            self.show_as_it_is();
            self.count();
        }
    }

    /// Settles `text` up to the cut.
    fn cut(&mut self, text: &str, cut: Cut) {
        if let Some(unshown) = cut.unshown {
            if !self.show(text, &unshown) {
                self.show(text, &Unshown { closers: String::new(), ..unshown });
            }
            if unshown.extent == Extent::Piece
                && text[..cut.end].ends_with([' ', '\t'])
                && let Some(row) = self.settled.last_mut()
            {
                row.line.push(" ", &Style::default());
            }
        }
        let last = self.ongoing.table.is_some().then(|| Kind::Table(Vec::new()));
        self.go_on(text, Next { scaffold: cut.scaffold, rest: cut.end, last });
    }

    /// Settles the last block of `text` up to the cut. `false`: its closers would close nothing, but
    /// be text.
    fn show(&mut self, text: &str, unshown: &Unshown) -> bool {
        let Unshown { end, closers, extent, finals } = unshown;
        let mut ongoing = std::mem::take(&mut self.ongoing);
        let mut rows = std::mem::take(&mut self.settled);
        let is_closed = self.parsed(&[&text[..*end], closers].concat(), |view| {
            let (parsed, first) = (view.parsed, first_new(&view) + finals);
            // They may make a fence of a line of marks, too.
            let is_words = |it: &Leaf| matches!(it.kind, Kind::Paragraph | Kind::Heading(_));
            let closes = |it: &Leaf| is_words(it) && !parsed.has_text_behind(it, *end);
            if !closers.is_empty() && !parsed.leaves.last().is_some_and(closes) {
                return false;
            }
            for index in first..parsed.leaves.len() {
                ongoing.emit(&view, index, *extent, &mut rows);
            }
            true
        });
        self.ongoing = ongoing;
        self.settled = rows;
        is_closed
    }

    /// What cannot be understood in pieces is shown as it is.
    fn show_as_it_is(&mut self) {
        let rest = std::mem::take(&mut self.rest);
        for line in rest.split_inclusive('\n') {
            let joins = self.ongoing.is_mid_line;
            self.ongoing.is_mid_line = !line.ends_with('\n');
            let line = Line::of(line.trim_end_matches('\n'), &Style::default());
            self.settled.push(Row { line, joins });
        }
        self.ongoing.is_begun = true;
        self.ongoing.code = None;
        self.ongoing.table = None;
        self.scaffold = Scaffold { text: SHOWN.to_owned(), numbers: Vec::new() };
        self.last = None;
    }
}

/// Where a paragraph is cut: behind its last space or line feed, else at its end.
fn seam(words: &str) -> usize {
    words.rfind([' ', '\t', '\n']).filter(|at| *at > 1).map_or(words.len(), |at| at + 1)
}

/// Lines of a paragraph without what ends the last one.
fn without_break(words: &str, extent: Extent) -> &str {
    let words = words.trim_end_matches([' ', '\t', '\n']);
    words.strip_suffix('\\').filter(|_| extent == Extent::Lines).unwrap_or(words)
}
