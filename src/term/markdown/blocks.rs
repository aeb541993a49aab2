//! The blocks of a piece of Markdown: which containers are open where, and what stands in them. Pure.

use std::{collections::BTreeMap, ops::Range};

use pulldown_cmark::{
    Alignment as Source, BrokenLink, CodeBlockKind, CowStr, Event, HeadingLevel, Options, Tag,
    TagEnd,
};

use super::table::Alignment;
use crate::term::{commonmark, commonmark_with};

/// Where links that were defined earlier lead, by their names.
#[derive(Debug, Default)]
pub(super) struct Definitions(BTreeMap<String, String>);

impl Definitions {
    /// An answer that defines more is not an answer any more.
    const MOST: usize = 1_000;

    fn name(text: &str) -> String {
        // To upper case, too: that makes `ss` of `ß`.
        text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase().to_uppercase()
    }

    /// Takes the definitions of a text whose lines are over. What stands before `from` is known.
    pub(super) fn learn(&mut self, text: &str, from: usize) {
        if !text[from..].contains("]:") || self.0.len() >= Self::MOST {
            return;
        }
        for (name, definition) in commonmark(text, options()).reference_definitions().iter() {
            let destination = || definition.dest.to_string();
            self.0.entry(Self::name(name)).or_insert_with(destination);
        }
    }

    fn find(&self, name: &str) -> Option<String> {
        if self.0.is_empty() { None } else { self.0.get(&Self::name(name)).cloned() }
    }
}

/// What may stand round a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Around {
    /// A block quote.
    Quote,
    /// An item of a list, with its number when it has one.
    Item(Option<u64>),
    /// A footnote of this name.
    Note(String),
}

/// A container, and where it was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Container {
    pub(super) around: Around,
    pub(super) start: usize,
}

/// What a block without blocks in it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Paragraph,
    /// 1 to 6.
    Heading(u8),
    /// With the first word of its info string.
    Fence(String),
    Indented,
    Html,
    Table(Vec<Alignment>),
    Rule,
    /// A container with nothing in it.
    Empty,
}

/// A block without blocks in it.
#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) kind: Kind,
    /// Where it stands, without the marks of the containers in front of it.
    pub(super) range: Range<usize>,
    /// Its events.
    pub(super) events: Range<usize>,
    /// The containers round it, outermost first.
    pub(super) path: Vec<usize>,
}

/// A parsed piece of Markdown.
#[derive(Debug)]
pub(super) struct Parsed<'a> {
    pub(super) events: Vec<(Event<'a>, Range<usize>)>,
    pub(super) containers: Vec<Container>,
    pub(super) leaves: Vec<Leaf>,
}

impl<'a> Parsed<'a> {
    /// Parses `text`. The first items with numbers have these `numbers`, whatever they say.
    pub(super) fn new(text: &'a str, numbers: &[u64], definitions: &Definitions) -> Self {
        let mut find = |link: BrokenLink<'_>| {
            definitions.find(&link.reference).map(|to| (CowStr::from(to), CowStr::from("")))
        };
        let parser = commonmark_with(text, options(), &mut find);
        let events: Vec<_> = parser.into_offset_iter().collect();
        let mut walk = Walk { numbers: numbers.iter(), ..Walk::default() };
        for (index, (event, range)) in events.iter().enumerate() {
            walk.event(index, event, range);
        }
        let Walk { mut containers, mut leaves, .. } = walk;
        // Behind a tab that belongs to two containers the parser counts back too far.
        let is_early = |start: usize| usize::from(text[start..].starts_with('\n'));
        for Container { start, .. } in &mut containers {
            *start += is_early(*start);
        }
        for Leaf { kind, range, .. } in &mut leaves {
            if *kind == Kind::Empty {
                range.start += is_early(range.start);
            }
            // The parser leaves out what escapes the first character.
            range.start -= usize::from(text[..range.start].ends_with('\\'));
        }
        Self { events, containers, leaves }
    }

    /// The events of a leaf.
    pub(super) fn events_of(&self, leaf: &Leaf) -> &[(Event<'a>, Range<usize>)] {
        &self.events[leaf.events.clone()]
    }

    /// Where the `index`-th leaf begins, or the first of the containers that it is the first leaf of.
    pub(super) fn begin_of(&self, index: usize) -> usize {
        let leaf = &self.leaves[index];
        let before = index.checked_sub(1).map(|it| self.leaves[it].range.start);
        let starts = leaf.path.iter().map(|it| self.containers[*it].start);
        let new = starts.into_iter().find(|start| before.is_none_or(|before| *start > before));
        new.map_or(leaf.range.start, |start| start.min(leaf.range.start))
    }

    /// Those of the containers of `path` that are still open behind `line`, in which nothing but
    /// marks of quotes stands: a quote ends where its mark is missing.
    pub(super) fn open_behind<'p>(&self, path: &'p [usize], line: &str) -> &'p [usize] {
        let mut marks = line.matches('>').count();
        let is_over = |container: &usize| {
            if self.containers[*container].around != Around::Quote {
                return false;
            }
            let is_missing = marks == 0;
            marks = marks.saturating_sub(1);
            is_missing
        };
        &path[..path.iter().position(is_over).unwrap_or(path.len())]
    }

    /// Whether nothing stands in a `line` of `text` but marks of quotes.
    pub(super) fn is_blank(&self, text: &str, line: &Range<usize>) -> bool {
        let words = text[line.clone()].trim();
        if !words.chars().all(|it| it == '>' || it.is_whitespace()) {
            return false;
        }
        let is_in = |leaf: &&Leaf| leaf.kind != Kind::Empty && leaf.range.start < line.end;
        // The mark may as well be a word.
        let above = || self.leaves.iter().rev().find(is_in);
        words.is_empty() || above().is_none_or(|leaf| leaf.range.end <= line.start)
    }

    /// How many blank lines a part of `text` ends in.
    pub(super) fn blank_lines(&self, text: &str, place: Range<usize>) -> usize {
        let mut end = place.end;
        let lines = text.get(place).unwrap_or_default().split_inclusive('\n').rev();
        lines
            .take_while(|line| {
                let start = end - line.len();
                self.is_blank(text, &(start..std::mem::replace(&mut end, start)))
            })
            .count()
    }

    /// Whether some of what stands in a leaf from `at` on is text, and no mark.
    pub(super) fn has_text_behind(&self, leaf: &Leaf, at: usize) -> bool {
        let is_text = |event: &Event<'_>| matches!(event, Event::Text(_) | Event::InlineHtml(_));
        self.events_of(leaf).iter().any(|(event, range)| range.end > at && is_text(event))
    }

    /// Where in a leaf no formula is, though there may be marks of one: code spans, and HTML with such
    /// marks in it, a comment say.
    pub(super) fn verbatim(&self, leaf: &Leaf) -> Vec<Range<usize>> {
        let is_verbatim = |event: &Event<'_>| match event {
            Event::Code(_) => true,
            Event::InlineHtml(html) => html.contains(['$', '\\']),
            _ => false,
        };
        let events = self.events_of(leaf).iter().filter(|(event, _)| is_verbatim(event));
        events.map(|(_, range)| range.clone()).collect()
    }
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
}

/// Turns the parser's nested events into leaves.
#[derive(Default)]
struct Walk<'n> {
    numbers: std::slice::Iter<'n, u64>,
    containers: Vec<Container>,
    leaves: Vec<Leaf>,
    /// The open containers, and how many leaves there were when each was opened.
    path: Vec<(usize, usize)>,
    /// The open lists, with the number of the next item.
    lists: Vec<Option<u64>>,
    /// The open leaf: what it is, where its events begin, and where it stands.
    open: Option<(Kind, usize, Range<usize>)>,
    /// It has no tags of its own: the text of a tight item.
    is_implicit: bool,
}

impl Walk<'_> {
    fn event(&mut self, index: usize, event: &Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(tag) => self.start(index, tag, range),
            Event::End(tag) => self.end(index, *tag, range),
            Event::Rule => {
                self.close_implicit(index);
                self.leaf(Kind::Rule, range.clone(), index..index + 1);
            }
            _ => self.inline(index, range),
        }
    }

    fn start(&mut self, index: usize, tag: &Tag<'_>, range: &Range<usize>) {
        let around = match tag {
            Tag::BlockQuote(_) => Around::Quote,
            Tag::FootnoteDefinition(label) => Around::Note(label.to_string()),
            Tag::Item => {
                let number = self.lists.last_mut().and_then(|next| {
                    let own = (*next)?;
                    let number = self.numbers.next().copied().unwrap_or(own);
                    *next = Some(number.saturating_add(1));
                    Some(number)
                });
                Around::Item(number)
            }
            Tag::List(first) => {
                self.close_implicit(index);
                self.lists.push(*first);
                return;
            }
            Tag::Paragraph => return self.open(index, Kind::Paragraph, range),
            Tag::Heading { level, .. } => {
                return self.open(index, Kind::Heading(level_of(*level)), range);
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => {
                return self.open(index, Kind::Indented, range);
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                let language = info.split([' ', ',', '{', '\t']).next().unwrap_or_default();
                return self.open(index, Kind::Fence(language.to_owned()), range);
            }
            Tag::HtmlBlock => return self.open(index, Kind::Html, range),
            Tag::Table(alignments) => {
                let alignments = alignments.iter().copied().map(alignment).collect();
                return self.open(index, Kind::Table(alignments), range);
            }
            _ => return self.inline(index, range),
        };
        self.close_implicit(index);
        self.path.push((self.containers.len(), self.leaves.len()));
        self.containers.push(Container { around, start: range.start });
    }

    fn end(&mut self, index: usize, tag: TagEnd, range: &Range<usize>) {
        match tag {
            TagEnd::List(_) => {
                self.close_implicit(index);
                self.lists.pop();
            }
            TagEnd::BlockQuote(_) | TagEnd::Item | TagEnd::FootnoteDefinition => {
                self.close_implicit(index);
                if let Some((_, before)) = self.path.last()
                    && *before == self.leaves.len()
                {
                    self.leaf(Kind::Empty, range.clone(), index..index);
                }
                self.path.pop();
            }
            TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::CodeBlock
            | TagEnd::HtmlBlock
            | TagEnd::Table => {
                if let Some((kind, first, range)) = self.open.take() {
                    self.leaf(kind, range, first..index);
                }
            }
            _ => {}
        }
    }

    /// What stands in a line of text.
    fn inline(&mut self, index: usize, range: &Range<usize>) {
        match &mut self.open {
            Some((_, _, all)) if self.is_implicit => all.end = all.end.max(range.end),
            Some(_) => {}
            None => {
                self.is_implicit = true;
                self.open = Some((Kind::Paragraph, index, range.clone()));
            }
        }
    }

    /// A block with tags of its own begins; its content begins behind them.
    fn open(&mut self, index: usize, kind: Kind, range: &Range<usize>) {
        self.close_implicit(index);
        self.open = Some((kind, index + 1, range.clone()));
    }

    fn close_implicit(&mut self, index: usize) {
        if std::mem::take(&mut self.is_implicit)
            && let Some((kind, first, range)) = self.open.take()
        {
            self.leaf(kind, range, first..index);
        }
    }

    fn leaf(&mut self, kind: Kind, range: Range<usize>, events: Range<usize>) {
        let path = self.path.iter().map(|(container, _)| *container).collect();
        self.leaves.push(Leaf { kind, range, events, path });
    }
}

fn level_of(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

fn alignment(source: Source) -> Alignment {
    match source {
        Source::Center => Alignment::Center,
        Source::Right => Alignment::Right,
        Source::Left | Source::None => Alignment::Left,
    }
}
