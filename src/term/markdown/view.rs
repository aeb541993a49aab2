//! Blocks become rows of text: markers and bars in front, styles within. Pure.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{
    blocks::{Around, Kind, Leaf, Parsed},
    inline::{self, Setting},
    line::{Line, Role, Row, Style},
    look::{Look, Size},
    table::{Alignment, Table},
};

/// More containers than this are not shown in front of a line.
const MOST_AROUND: usize = 12;

/// One parsed text, and how it is to be seen: what its leaves look like as rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'p> {
    pub(super) parsed: &'p Parsed<'p>,
    pub(super) setting: Setting<'p>,
    pub(super) size: Size,
}

/// What stands in front of the first row of a block, and of the others.
struct Front {
    first: Line,
    others: Line,
}

impl View<'_> {
    fn look(&self) -> Look {
        self.setting.look
    }

    /// The rows of a block that is not code, a table or HTML. `before` is the leaf before it.
    /// `is_mid_line`: if it goes on with what was shown, then in the same line.
    pub(super) fn words(&self, leaf: &Leaf, before: Option<&Leaf>, is_mid_line: bool) -> Vec<Row> {
        let events = self.parsed.events_of(leaf);
        let base = match leaf.kind {
            Kind::Heading(1 | 2) => Style::of(Role::Title),
            Kind::Heading(_) => Style::of(Role::Heading),
            _ => Style::default(),
        };
        let mut inlined = inline::lines(events, &base, self.setting);
        if let Kind::Heading(level) = leaf.kind
            && leaf.range.start >= self.setting.from
        {
            let mark = match self.look() {
                Look { is_spoken: true, .. } => format!("Heading {level}: "),
                Look { keeps_marks: true, .. } => format!("{} ", "#".repeat(level.into())),
                _ => String::new(),
            };
            let mut line = Line::of(&mark, &base);
            line.append(&inlined.lines[0]);
            inlined.lines[0] = line;
        }
        if leaf.kind == Kind::Rule {
            inlined.lines = vec![self.rule()];
        }
        let mut front = self.front(leaf, before, inlined.task);
        let goes_on = leaf.range.start < self.setting.from;
        if goes_on {
            front.first = front.others.clone();
        }
        Self::behind(&front, inlined.lines, goes_on && is_mid_line)
    }

    /// The rows of `lines` behind their front. `joins`: the first one goes on with what is shown.
    fn behind(front: &Front, lines: Vec<Line>, joins: bool) -> Vec<Row> {
        let row = |(index, line): (usize, Line)| {
            let joins = joins && index == 0;
            let mut whole = match index {
                _ if joins => Line::default(),
                0 => front.first.clone(),
                _ => front.others.clone(),
            };
            whole.append(&line);
            Row { line: whole.without_trailing_spaces(), joins }
        };
        lines.into_iter().enumerate().map(row).collect()
    }

    fn rule(&self) -> Line {
        let faint = Style::of(Role::Faint);
        match self.look() {
            Look { is_spoken: true, .. } => Line::of("Separator.", &faint),
            _ => Line::of(&"─".repeat(self.size.columns.clamp(3, 40)), &faint),
        }
    }

    /// The markers that `leaf` is the first behind, in a row of their own: code begins at the margin,
    /// so that it can be copied.
    pub(super) fn markers(&self, leaf: &Leaf, before: Option<&Leaf>) -> Option<Row> {
        let is_first = leaf.path.iter().any(|it| self.is_new(*it, before));
        let front = self.front(leaf, before, None).first.without_trailing_spaces();
        (is_first && !front.is_empty()).then_some(Row { line: front, joins: false })
    }

    /// The empty row between two blocks; a quote's bar goes on through it.
    pub(super) fn gap(&self, leaf: &Leaf, before: Option<&Leaf>) -> Row {
        let mut line = Line::default();
        for container in leaf.path.iter().take(MOST_AROUND) {
            if self.is_new(*container, before) {
                break;
            }
            self.goes_on(&self.parsed.containers[*container].around, &mut line);
        }
        Row { line: line.without_trailing_spaces(), joins: false }
    }

    fn is_new(&self, container: usize, before: Option<&Leaf>) -> bool {
        before.is_none_or(|before| self.parsed.containers[container].start > before.range.start)
    }

    fn front(&self, leaf: &Leaf, before: Option<&Leaf>, task: Option<bool>) -> Front {
        let (mut first, mut others) = (Line::default(), Line::default());
        let from = leaf.path.len().saturating_sub(MOST_AROUND);
        for (index, container) in leaf.path.iter().enumerate().skip(from) {
            let around = &self.parsed.containers[*container].around;
            if self.is_new(*container, before) {
                let task = task.filter(|_| index + 1 == leaf.path.len());
                self.begins(around, task, &mut first);
            } else {
                self.goes_on(around, &mut first);
            }
            self.goes_on(around, &mut others);
        }
        let most = self.size.columns / 2;
        if first.text().chars().count() > most {
            // No room for anything behind it.
            let innermost = leaf.path.last().map(|it| &self.parsed.containers[*it].around);
            (first, others) = (Line::default(), Line::default());
            if let Some(around) = innermost
                && self.is_new(leaf.path[leaf.path.len() - 1], before)
            {
                self.begins(around, task, &mut first);
            }
        }
        Front { first, others }
    }

    fn begins(&self, around: &Around, task: Option<bool>, line: &mut Line) {
        let look = self.look();
        let faint = Style::of(Role::Faint);
        match around {
            Around::Quote if look.is_spoken => line.push("Quote: ", &faint),
            Around::Quote => line.push("│ ", &faint),
            Around::Note(label) => line.push(&format!("[{label}] "), &faint),
            Around::Item(number) => {
                let marker = self.marker(*number);
                let marker = match (task, number) {
                    (None, _) => marker,
                    (Some(is_done), Some(_)) => marker + self.tick(is_done),
                    (Some(is_done), None) if look.keeps_marks => marker + self.tick(is_done),
                    (Some(is_done), None) => self.tick(is_done).to_owned(),
                };
                line.push(&marker, &Style::default());
            }
        }
    }

    fn goes_on(&self, around: &Around, line: &mut Line) {
        match around {
            _ if self.look().is_spoken => {}
            Around::Quote => line.push("│ ", &Style::of(Role::Faint)),
            Around::Note(label) => line.push(&" ".repeat(label.len() + 3), &Style::default()),
            Around::Item(number) => {
                let width = self.marker(*number).chars().count();
                line.push(&" ".repeat(width), &Style::default());
            }
        }
    }

    fn marker(&self, number: Option<u64>) -> String {
        match (number, self.look()) {
            (Some(number), _) => format!("{number}. "),
            (None, Look { is_spoken: true, .. } | Look { keeps_marks: true, .. }) => {
                "- ".to_owned()
            }
            (None, _) => "• ".to_owned(),
        }
    }

    fn tick(&self, is_done: bool) -> &'static str {
        match (self.look(), is_done) {
            (Look { is_spoken: true, .. }, true) => "Done: ",
            (Look { is_spoken: true, .. }, false) => "To do: ",
            (Look { keeps_marks: true, .. }, true) => "[x] ",
            (Look { keeps_marks: true, .. }, false) => "[ ] ",
            (_, true) => "☑ ",
            (_, false) => "☐ ",
        }
    }

    /// The lines of code of a leaf, with where each stands; the last one may not be over.
    pub(super) fn code(&self, leaf: &Leaf) -> Vec<(String, Range<usize>)> {
        let mut lines = Vec::new();
        let mut is_open = false;
        for (event, range) in self.parsed.events_of(leaf) {
            let (Event::Text(text) | Event::Html(text) | Event::InlineHtml(text)) = event else {
                continue;
            };
            if range.end <= self.setting.from {
                continue;
            }
            let hidden = self.setting.from.saturating_sub(range.start).min(text.len());
            for line in text[hidden..].split_inclusive('\n') {
                let is_over = line.ends_with('\n');
                let line = line.strip_suffix('\n').unwrap_or(line);
                match lines.last_mut() {
                    Some((last, place)) if is_open => {
                        let last: &mut String = last;
                        let place: &mut Range<usize> = place;
                        last.push_str(line);
                        place.end = range.end;
                    }
                    _ => lines.push((line.to_owned(), range.clone())),
                }
                is_open = !is_over;
            }
        }
        lines
    }

    /// The table of a leaf: its head, and the rows that are not on the screen already.
    pub(super) fn table(&self, leaf: &Leaf, alignments: &[Alignment]) -> Table {
        let mut table = Table { alignments: alignments.to_vec(), ..Table::default() };
        let events = self.parsed.events_of(leaf);
        let (mut cells, mut cell, mut end) = (Vec::new(), 0, 0);
        // What was parsed anew with the head only to be understood is not shown anew.
        let setting = Setting { from: 0, ..self.setting };
        for (index, (event, range)) in events.iter().enumerate() {
            match event {
                Event::Start(Tag::TableCell) => cell = index + 1,
                Event::End(TagEnd::TableCell) => {
                    let lines = inline::lines(&events[cell..index], &Style::default(), setting);
                    cells.push(joined(lines.lines));
                    end = range.end;
                }
                Event::End(TagEnd::TableHead) => table.head = std::mem::take(&mut cells),
                Event::End(TagEnd::TableRow) => {
                    let mut row = std::mem::take(&mut cells);
                    row.extend(self.surplus(end.min(range.end)..range.end));
                    if range.start >= self.setting.from {
                        table.rows.push(row);
                    }
                }
                _ => {}
            }
        }
        table
    }

    /// The cells of a row that its head has no columns for, which the parser leaves out.
    fn surplus(&self, place: Range<usize>) -> Vec<Line> {
        let rest = self.setting.text[place].trim();
        let rest = rest.strip_prefix('|').unwrap_or(rest);
        let rest = rest.strip_suffix('|').unwrap_or(rest);
        if rest.trim().is_empty() {
            return Vec::new();
        }
        rest.split('|').map(|cell| Line::of(cell.trim(), &Style::default())).collect()
    }

    /// The rows of HTML, as it is. `is_mid_line`: if it goes on with what was shown, then in the same
    /// line.
    pub(super) fn html(&self, leaf: &Leaf, before: Option<&Leaf>, is_mid_line: bool) -> Vec<Row> {
        let lines = self.code(leaf).into_iter();
        let lines = lines.map(|(line, _)| Line::of(&line, &Style::default())).collect();
        let goes_on = leaf.range.start < self.setting.from;
        Self::behind(&self.front_of(leaf, before), lines, goes_on && is_mid_line)
    }

    /// The rows of a table behind what stands in front of them.
    pub(super) fn fronted(&self, leaf: &Leaf, before: Option<&Leaf>, lines: Vec<Line>) -> Vec<Row> {
        Self::behind(&self.front_of(leaf, before), lines, false)
    }

    /// What stands in front of the rows of a block that may have begun in what was shown.
    fn front_of(&self, leaf: &Leaf, before: Option<&Leaf>) -> Front {
        let mut front = self.front(leaf, before, None);
        if leaf.range.start < self.setting.from {
            front.first = front.others.clone();
        }
        front
    }

    /// The columns that are left for a table.
    pub(super) fn columns_for(&self, leaf: &Leaf) -> usize {
        let taken = self.front(leaf, None, None).first.text().chars().count();
        self.size.columns.saturating_sub(taken).max(1)
    }
}

/// The lines of a cell as one.
fn joined(lines: Vec<Line>) -> Line {
    let mut lines = lines.into_iter();
    let mut all = lines.next().unwrap_or_default();
    for line in lines {
        all.push(" ", &Style::default());
        all.append(&line);
    }
    all
}
