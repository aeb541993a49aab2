//! What must be settled before its end is known: there is no room for more.

use super::{
    super::{
        blocks::Kind,
        emit::Extent,
        guess::open_marks,
        line::{Line, Row, Style},
        scaffold::{Scaffold, last_line, line_at},
    },
    MOST_OPEN, Next, SHOWN, Source, first_new, opener,
};

/// Where a text is cut that is too long to be kept.
struct Cut {
    end: usize,
    /// The last block is not shown yet: what closes its open marks, and how far it is known.
    unshown: Option<(String, Extent)>,
    scaffold: Scaffold,
    /// How many leaves before the last one were shown.
    finals: usize,
}

impl Source {
    /// Settles as much as can be, final or not: there is no more room.
    pub(super) fn force(&mut self) {
        let text = [&*self.scaffold.text, &self.rest].concat();
        let mut ongoing = std::mem::take(&mut self.ongoing);
        let mut rows = std::mem::take(&mut self.settled);
        let cut = self.parsed(&text, |renderer| {
            let (parsed, first) = (renderer.parsed, first_new(&renderer));
            let (last, finals) = parsed.leaves[first..].split_last()?;
            for index in 0..finals.len() {
                ongoing.emit(&renderer, first + index, Extent::Whole, &mut rows);
            }
            let line = line_at(&text, last.range.start);
            let prefix = &text[line.start..last.range.start];
            let scaffold = Scaffold::open(parsed, &text, &last.path, line.start);
            Some(match &last.kind {
                Kind::Paragraph | Kind::Heading(_) => {
                    let from = last.range.start.max(renderer.setting.from);
                    let space = text[from..].rfind([' ', '\t']).map(|it| from + it + 1);
                    let end = space.filter(|it| *it > from + 1).unwrap_or(text.len());
                    // From what was shown of the line, too: its open marks stand in the scaffold.
                    let unfinished = last_line(&text[..end]).start.max(last.range.start);
                    let (mut openers, closers) = open_marks(text[unfinished..end].trim_end());
                    openers.truncate(MOST_OPEN);
                    let marks = match last.kind {
                        Kind::Heading(level) => "#".repeat(level.into()) + " ",
                        _ => String::new(),
                    };
                    let glue = format!("{prefix}{marks}{SHOWN}{openers}");
                    let mut next = scaffold.with_line(parsed, &text, last.range.start, &glue);
                    if next.text.is_empty() {
                        next.text.push_str(SHOWN);
                    }
                    Cut {
                        end,
                        unshown: Some((closers, Extent::Piece)),
                        scaffold: next,
                        finals: finals.len(),
                    }
                }
                Kind::Table(_) => {
                    let end = text.rfind('\n').map_or(0, |it| it + 1);
                    let whole = text[line.start..end.max(line.start)].split_inclusive('\n');
                    let head: Vec<&str> = whole.take(2).collect();
                    if head.len() < 2 {
                        return None;
                    }
                    let next = scaffold.with_line(parsed, &text, last.range.start, &head.concat());
                    Cut {
                        end,
                        unshown: Some((String::new(), Extent::Lines)),
                        scaffold: next,
                        finals: finals.len(),
                    }
                }
                Kind::Fence(_) | Kind::Indented => {
                    let index = first + finals.len();
                    ongoing.emit(&renderer, index, Extent::Piece, &mut rows);
                    let begin = renderer.code(last).last().map_or(text.len(), |it| it.1.start);
                    let margin = &text[line_at(&text, begin).start..begin];
                    let mut next = match last.kind {
                        Kind::Fence(_) => opener(parsed, &text, last),
                        _ => scaffold,
                    };
                    next.text.push_str(margin);
                    next.text.push_str(SHOWN);
                    Cut { end: text.len(), unshown: None, scaffold: next, finals: 0 }
                }
                Kind::Html | Kind::Rule | Kind::Empty => {
                    let index = first + finals.len();
                    ongoing.emit(&renderer, index, Extent::Piece, &mut rows);
                    let next = Scaffold { text: SHOWN.to_owned(), numbers: Vec::new() };
                    Cut { end: text.len(), unshown: None, scaffold: next, finals: 0 }
                }
            })
        });
        self.ongoing = ongoing;
        self.settled = rows;
        match cut {
            Some(cut) => self.cut(&text, cut),
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
        if let Some((closers, extent)) = cut.unshown {
            let (shown, words) = text[..cut.end].split_at(self.scaffold.text.len());
            let piece = [shown, words.trim_end_matches([' ', '\t']), &closers].concat();
            let mut ongoing = std::mem::take(&mut self.ongoing);
            let mut rows = std::mem::take(&mut self.settled);
            self.parsed(&piece, |renderer| {
                let first = first_new(&renderer) + cut.finals;
                for index in first..renderer.parsed.leaves.len() {
                    ongoing.emit(&renderer, index, extent, &mut rows);
                }
            });
            if extent == Extent::Piece
                && text[..cut.end].ends_with([' ', '\t'])
                && let Some(row) = rows.last_mut()
            {
                row.line.push(" ", &Style::default());
            }
            self.ongoing = ongoing;
            self.settled = rows;
        }
        let last = self.ongoing.table.is_some().then(|| Kind::Table(Vec::new()));
        self.go_on(text, Next { scaffold: cut.scaffold, rest: cut.end, last });
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
