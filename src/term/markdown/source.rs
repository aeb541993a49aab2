//! The source of an answer as it comes: what of it is final, and what may still become something
//! else. Pure.
//!
//! Markdown is a matter of lines: all blocks but the last one are what they are, whatever comes. So
//! each line that ends settles what stands before the last block, and only that block is kept. What
//! is kept is bounded: by [`MOST_HELD`], and by the height of the terminal, because what has left
//! the screen cannot be changed any more.
//!
//! Where the text is cut into chunks on its way makes no difference to what is settled.

mod force;
mod unfinished;

use super::{
    blocks::{Definitions, Kind, Leaf, Parsed},
    emit::{Extent, Ongoing, empty_lines},
    inline::{Setting, veil},
    line::{Line, Row, Style},
    look::{Look, Size},
    math::{self, Formula},
    scaffold::{Scaffold, last_line, line_at},
    tail::Tail,
    view::View,
};

/// No more of a block than this is kept back, in bytes.
const MOST_HELD: usize = 4_096;

/// So much is parsed anew for every word that comes.
const CHEAP: usize = 512;

/// More than that is parsed anew when this part of it has come since the last time.
const SHARE: usize = 32;

/// Marks that are open where a paragraph is cut, in bytes; nobody means more.
const MOST_OPEN: usize = 16;

/// Stands for the words of a paragraph that were shown already.
const SHOWN: &str = "X ";

/// The unsettled source, and the rows that were settled.
#[derive(Debug)]
pub(super) struct Source {
    look: Look,
    size: Size,
    scaffold: Scaffold,
    /// What is not settled.
    rest: String,
    /// Where its unfinished line begins.
    line: usize,
    /// How many rows its finished lines take at most.
    rows: usize,
    /// What its last block is, as far as its lines are over.
    last: Option<Kind>,
    ongoing: Ongoing,
    definitions: Definitions,
    settled: Vec<Row>,
    tail: Tail,
    /// How much of the rest was there when it was last looked at.
    seen: usize,
    work: u64,
}

/// What becomes of a text once its final blocks are shown.
struct Next {
    scaffold: Scaffold,
    /// Where the rest begins in the parsed text.
    rest: usize,
    last: Option<Kind>,
}

impl Source {
    pub(super) fn new(look: Look, size: Size) -> Self {
        Self {
            look,
            size,
            scaffold: Scaffold::default(),
            rest: String::new(),
            line: 0,
            rows: 0,
            last: None,
            ongoing: Ongoing::default(),
            definitions: Definitions::default(),
            settled: Vec::new(),
            tail: Tail::default(),
            seen: 0,
            work: 0,
        }
    }

    /// The size from now on. What was settled stays as it is.
    pub(super) fn resize(&mut self, size: Size) {
        self.size = size;
        self.count();
    }

    /// Bytes that were parsed so far.
    pub(super) fn work(&self) -> u64 {
        self.work
    }

    /// Takes more of the source, which is harmless already.
    pub(super) fn push(&mut self, mut text: &str) {
        while !text.is_empty() {
            let line = memchr::memchr(b'\n', text.as_bytes()).map_or(text.len(), |it| it + 1);
            let room = text.ceil_char_boundary(self.room().max(1));
            let (taken, others) = text.split_at(line.min(room));
            text = others;
            self.rest.push_str(taken);
            if taken.ends_with('\n') {
                self.end_line();
            }
            if self.room() == 0 {
                self.force();
            }
        }
    }

    /// The rows that will never change, since the last call.
    pub(super) fn take_settled(&mut self) -> Vec<Row> {
        std::mem::take(&mut self.settled)
    }

    /// The source is over: all of it is settled.
    pub(super) fn finish(&mut self) {
        if self.is_lone_mark() {
            let line = Line::of(self.rest.trim(), &Style::default());
            self.settled.push(Row { line, joins: false });
        } else if !self.rest.is_empty() {
            self.settle(true);
        }
        if self.ongoing.code.take().is_some() && self.look.is_spoken {
            let line = Line::of("End of code.", &Style::default());
            self.settled.push(Row { line, joins: false });
        }
        self.rest.clear();
        self.line = 0;
    }

    /// How the rest looks for now. `None`: as before, and something has come that is not worth
    /// parsing all of it again, unless it `is_time` to.
    pub(super) fn tail(&mut self, is_time: bool) -> Option<Vec<Row>> {
        let rows = self.tail.go_on(&self.rest);
        if rows.is_some() {
            return rows;
        }
        let grown = self.rest.len().saturating_sub(self.seen);
        let is_worth_it = self.rest.len() <= CHEAP || grown * SHARE >= self.rest.len();
        if !is_time && !is_worth_it && self.settled.is_empty() {
            return None;
        }
        self.seen = self.rest.len();
        Some(self.parse_rest())
    }

    /// How many bytes the unfinished line may still take.
    fn room(&self) -> usize {
        let unfinished = self.rest.len() - self.line;
        let rows = self.size.rows.saturating_sub(2).max(2).saturating_sub(self.rows);
        let by_height = (rows * self.size.columns).saturating_sub(unfinished);
        let by_length = MOST_HELD.saturating_sub(self.rest.len());
        // What opens a fence is not shown before its line is over, so it takes no row.
        if self.opens_fence() { by_length } else { by_height.min(by_length) }
    }

    /// Whether the unfinished line may open a fence.
    fn opens_fence(&self) -> bool {
        let line = &self.rest[self.line..];
        let line = line.trim_start_matches([' ', '\t', '>']);
        self.ongoing.code.is_none() && (line.starts_with("```") || line.starts_with("~~~"))
    }

    /// Counts anew what [`Source::room`] needs to know.
    fn count(&mut self) {
        self.tail = Tail::default();
        self.seen = 0;
        self.line = self.rest.rfind('\n').map_or(0, |it| it + 1);
        self.rows = self.rest[..self.line].lines().map(|line| self.rows_of(line)).sum();
    }

    fn rows_of(&self, line: &str) -> usize {
        line.len().div_ceil(self.size.columns.max(1)).max(1)
    }

    /// A line is over.
    fn end_line(&mut self) {
        if self.is_plain_code() {
            let code = std::mem::take(&mut self.rest);
            let mut line = Line::default();
            if let Some(highlighter) = &mut self.ongoing.code {
                highlighter.write(code.trim_end_matches('\n'), true, &mut line);
            }
            self.settled.push(Row { line, joins: false });
            self.ongoing.is_begun = true;
        } else if !self.is_lone_mark() && !self.is_in_formula() {
            self.settle(false);
        }
        self.count();
    }

    /// Whether all of the answer is a mark so far. If no more comes, it was meant as it is.
    fn is_lone_mark(&self) -> bool {
        !self.ongoing.is_begun
            && self.scaffold.text.is_empty()
            && matches!(self.rest.trim(), "#" | "*" | "-" | "+" | ">")
    }

    /// Whether the last line belongs to a formula that is not over, be it a list or the line under a
    /// heading elsewhere.
    fn is_in_formula(&self) -> bool {
        let line = self.rest[self.line..].trim_start_matches([' ', '\t', '>']);
        self.last == Some(Kind::Paragraph)
            && !line.starts_with("```")
            && !line.starts_with("~~~")
            && math::is_open(&self.rest)
    }

    /// Whether a line can only be code: it stands in a fence that stands in nothing, and does not
    /// look like the end of it. The parser would say so too, but there are many such lines.
    fn is_plain_code(&self) -> bool {
        let line = self.rest.trim_start_matches(' ');
        self.ongoing.code.is_some()
            && !self.ongoing.is_mid_line
            && self.scaffold.text.starts_with(['`', '~'])
            && !line.starts_with(['`', '~'])
    }

    /// Parses `text`, which begins with the scaffold.
    fn parsed<R>(&mut self, text: &str, then: impl FnOnce(View<'_>) -> R) -> R {
        let (look, size, from) = (self.look, self.size, self.scaffold.text.len());
        let formulas = self.formulas(text);
        let veiled;
        let text = if formulas.is_empty() {
            text
        } else {
            veiled = veil(text, &formulas);
            &veiled
        };
        self.work += text.len() as u64;
        let parsed = Parsed::new(text, &self.scaffold.numbers, &self.definitions);
        let setting = Setting { look, text, from, formulas: &formulas };
        then(View { parsed: &parsed, setting, size })
    }

    /// The formulas in what is not shown yet.
    fn formulas(&mut self, text: &str) -> Vec<Formula> {
        let from = self.scaffold.text.len();
        let rest = &text.as_bytes()[from..];
        let is_begin =
            |at: usize| rest[at] == b'$' || matches!(rest.get(at + 1), Some(b'(' | b'['));
        if !memchr::memchr2_iter(b'$', b'\\', rest).any(is_begin) || self.ongoing.code.is_some() {
            return Vec::new();
        }
        self.work += text.len() as u64;
        let guarded = [&text[..from], &*math::guarded(&text[from..])].concat();
        let parsed = Parsed::new(&guarded, &self.scaffold.numbers, &self.definitions);
        let mut all = Vec::new();
        for leaf in &parsed.leaves {
            let has_words =
                matches!(leaf.kind, Kind::Paragraph | Kind::Heading(_) | Kind::Table(_));
            let start = leaf.range.start.max(from);
            if !has_words || start >= leaf.range.end {
                continue;
            }
            // One that began in what is shown goes on here.
            let spans = parsed.verbatim(leaf).into_iter().filter(|it| it.end > start);
            let spans: Vec<_> =
                spans.map(|it| it.start.saturating_sub(start)..it.end - start).collect();
            let found = math::formulas(&text[start..leaf.range.end], &spans).into_iter();
            all.extend(
                found.map(|it| Formula {
                    range: it.range.start + start..it.range.end + start,
                    ..it
                }),
            );
        }
        all
    }

    /// Settles all that is final. `is_over`: nothing more will come.
    fn settle(&mut self, is_over: bool) {
        let text = [&*self.scaffold.text, &self.rest].concat();
        self.definitions.learn(&text, self.scaffold.text.len());
        let mut ongoing = std::mem::take(&mut self.ongoing);
        let mut rows = std::mem::take(&mut self.settled);
        let old = std::mem::take(&mut self.scaffold);
        // The parser needs the old scaffold's length and numbers.
        self.scaffold = old.clone();
        let next = self.parsed(&text, |view| {
            let from = view.setting.from;
            let (parsed, first) = (view.parsed, first_new(&view));
            let ends_blank = text.ends_with('\n') && parsed.is_blank(&text, &last_line(&text));
            let Some((last, finals)) = parsed.leaves[first..].split_last() else {
                // A definition may go on in the next line.
                if !is_over && !ends_blank {
                    return Next { scaffold: old, rest: from, last: None };
                }
                // An empty line ends what the scaffold opened beside containers.
                ongoing.gap += parsed.blank_lines(&text, from..text.len());
                ongoing.table = None;
                // A definition stands in the containers that words in its place would stand in.
                let words = [&text[..from], &text[from..].replace('[', "X")].concat();
                let parsed = Parsed::new(&words, &old.numbers, &Definitions::default());
                let mut path = parsed.leaves.last().map_or(&[][..], |leaf| &leaf.path);
                let is_empty = parsed.leaves.last().is_some_and(|leaf| leaf.kind == Kind::Empty);
                let all = path.len();
                if ends_blank {
                    path = parsed.open_behind(path, &text[last_line(&text)]);
                }
                let scaffold = if is_empty && path.len() == all {
                    old
                } else {
                    Scaffold::open(&parsed, &text, path, from)
                };
                return Next { scaffold, rest: text.len(), last: None };
            };
            for index in 0..finals.len() {
                ongoing.emit(&view, first + index, Extent::Whole, &mut rows);
            }
            let index = first + finals.len();
            let state = if is_over { State::Final } else { state(&view, last, &text) };
            let line = line_at(&text, parsed.begin_of(index)).start;
            let goes_on = last.range.start < from;
            match state {
                State::Held => {
                    // A definition right above it belongs to the paragraph until that is over.
                    let above = finals.last().map_or(from, |leaf| leaf.range.end.max(from));
                    let mut line = line;
                    while line > above {
                        let before = line_at(&text, line - 1);
                        if before.start < above || parsed.is_blank(&text, &before) {
                            break;
                        }
                        line = before.start;
                    }
                    let scaffold = if goes_on || line <= from {
                        old
                    } else {
                        ongoing.gap += empty_lines(&view, index, line);
                        Scaffold::open(parsed, &text, &last.path, line)
                            .with_line(parsed, &text, line, "")
                    };
                    let rest = line.max(from);
                    return Next { scaffold, rest, last: Some(last.kind.clone()) };
                }
                State::Final => ongoing.emit(&view, index, Extent::Whole, &mut rows),
                State::Lines => ongoing.emit(&view, index, Extent::Lines, &mut rows),
            }
            if state == State::Final {
                ongoing.gap = parsed.blank_lines(&text, from..text.len());
            }
            let scaffold = match (&last.kind, state) {
                (kind, State::Final) => {
                    let mut path = &last.path[..];
                    if ends_blank {
                        path = parsed.open_behind(path, &text[last_line(&text)]);
                    }
                    let scaffold = Scaffold::open(parsed, &text, path, text.len());
                    let is_empty = *kind == Kind::Empty && path.len() == last.path.len();
                    if is_empty && ends_blank { scaffold.with_nothing() } else { scaffold }
                }
                _ if goes_on => without_words(old),
                _ => opener(parsed, &text, last),
            };
            // A row that is not over must not be taken for one.
            let goes_on = state == State::Lines && matches!(last.kind, Kind::Table(_));
            Next { scaffold, rest: text.len(), last: goes_on.then(|| last.kind.clone()) }
        });
        self.ongoing = ongoing;
        self.settled = rows;
        self.go_on(&text, next);
    }

    fn go_on(&mut self, text: &str, next: Next) {
        self.rest.clear();
        self.rest.push_str(&text[next.rest..]);
        self.scaffold = next.scaffold;
        self.last = next.last;
    }
}

/// What may become of the last block when more lines come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing: it is what it is.
    Final,
    /// It goes on, but its lines stay what they are.
    Lines,
    /// Anything.
    Held,
}

fn state(view: &View<'_>, last: &Leaf, text: &str) -> State {
    let last_line = last_line(text);
    let ends_blank = view.parsed.is_blank(text, &last_line);
    match last.kind {
        Kind::Heading(_) | Kind::Rule | Kind::Indented => State::Final,
        Kind::Paragraph if ends_blank => State::Final,
        // A quote may begin with any number of lines that hold nothing but its mark.
        Kind::Empty if text[last_line.clone()].trim().is_empty() => State::Final,
        Kind::Table(_) if ends_blank || last.range.end < text.len() => State::Final,
        Kind::Table(_) if last.range.start < view.setting.from => State::Lines,
        Kind::Paragraph | Kind::Empty | Kind::Table(_) => State::Held,
        Kind::Fence(_) => {
            let opening = line_at(text, last.range.start);
            let lines = view.code(last);
            let holds_last = lines.last().is_some_and(|(_, place)| place.end > last_line.start);
            if last_line.start <= opening.start || holds_last { State::Lines } else { State::Final }
        }
        Kind::Html => {
            // Only what follows tells whether it was the end.
            let first = &text[line_at(text, last.range.start).start..last.range.start];
            let mut margin = first.replace(|it| !matches!(it, '>' | '\t'), " ");
            if !first.contains("> ") {
                // The mark of a quote takes a space with it.
                margin = margin.replace('>', "> ");
            }
            let probe = [text, &margin, "X\n"].concat();
            let parsed = Parsed::new(&probe, &[], &Definitions::default());
            let goes_on = parsed.leaves.last().is_some_and(|leaf| leaf.kind == Kind::Html);
            if goes_on { State::Lines } else { State::Final }
        }
    }
}

/// The beginning of a long line of HTML that is parsed anew, in bytes; no tag has a longer name.
const MOST_TAG: usize = 64;

/// What opens the block of code or the HTML that a text ends in.
fn opener(parsed: &Parsed<'_>, text: &str, last: &Leaf) -> Scaffold {
    let line = line_at(text, last.range.start);
    let scaffold = Scaffold::open(parsed, text, &last.path, line.start);
    let first = &text[line.clone()];
    let opening = match last.kind {
        Kind::Fence(_) => {
            let behind = &text[last.range.start..line.end];
            let run = behind.trim_start_matches(' ');
            let mark = run.chars().next().unwrap_or('`');
            let length = run.len() - run.trim_start_matches(mark).len();
            let margin = line.end - run.len() - line.start;
            format!("{}\n", &first[..margin + length])
        }
        _ if first.ends_with('\n') && first.len() <= 256 => first.to_owned(),
        // Its first word makes HTML of a line.
        _ => {
            let html = &text[last.range.start..line.end];
            let end = html.find([' ', '\t', '>']).map_or(html.len(), |it| it + 1);
            let tag = if end <= MOST_TAG { &html[..end] } else { "" };
            [&text[line.start..last.range.start], tag, "\n"].concat()
        }
    };
    scaffold.with_line(parsed, text, last.range.start, &opening)
}

/// The scaffold of a block whose line went on and is over now.
fn without_words(mut scaffold: Scaffold) -> Scaffold {
    if !scaffold.text.ends_with('\n') {
        let line = line_at(&scaffold.text, scaffold.text.len()).start;
        scaffold.text.truncate(line);
    }
    scaffold
}

/// The first leaf of which something was not shown yet.
fn first_new(view: &View<'_>) -> usize {
    let from = view.setting.from;
    let goes_on = |leaf: &Leaf| leaf.range.end > from && leaf.kind != Kind::Empty;
    let is_new = |leaf: &Leaf| leaf.range.start >= from || goes_on(leaf);
    view.parsed.leaves.iter().position(is_new).unwrap_or(view.parsed.leaves.len())
}

#[cfg(test)]
#[path = "source_tests.rs"]
mod tests;
