//! A whole document as the parser understands it, in the lines that should be shown.

use std::{fmt::Write as _, ops::Range};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::term::markdown::{
    inline::target,
    line::{Line, Role, Style},
};

/// How exactly a line is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// With its styles.
    Words,
    /// The text alone, the highlighter colours it.
    Code,
    /// As [`Shape::Words`]. In a container the empty lines behind it may as well be part of it.
    Html,
    /// The text without spaces and bars.
    Cells,
    /// A line of dashes.
    Rule,
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
}

/// The document with its definitions in front of it, too: what is defined after its use comes too
/// late for an answer that is being written.
pub(super) fn defined_first(document: &str) -> String {
    let mut text = String::new();
    let parser = Parser::new_ext(document, options());
    for (name, definition) in parser.reference_definitions().iter() {
        let destination = definition.dest.replace('<', "\\<").replace('>', "\\>");
        let _ = write!(text, "[{name}]: <{destination}>\n\n");
    }
    text + document
}

/// What stands in front of the lines of an open container.
struct Front {
    /// In front of its first line, until that is there.
    first: Option<Line>,
    others: Line,
}

/// The lines of a document.
#[derive(Default)]
pub(super) struct Reading<'d> {
    document: &'d str,
    lines: Vec<(Shape, Line)>,
    fronts: Vec<Front>,
    /// The next numbers of the open lists.
    numbers: Vec<Option<u64>>,
    /// Where the last block ended.
    end: Option<usize>,
    /// The lines of the paragraph, heading or cell that is open.
    words: Vec<Line>,
    styles: Vec<Style>,
    style: Style,
    /// The open links: where they lead, what they say.
    links: Vec<(String, String)>,
    cells: Vec<String>,
    code: String,
    is_html: bool,
    /// The last block was a container with nothing in it.
    is_behind_nothing: bool,
}

impl<'d> Reading<'d> {
    pub(super) fn of(document: &'d str) -> Vec<(Shape, Line)> {
        let mut reading = Self { document, ..Self::default() };
        for (event, range) in Parser::new_ext(document, options()).into_offset_iter() {
            reading.event(event, range);
        }
        reading.lines
    }

    /// A line with its styles, to be read in a report.
    pub(super) fn told(line: &Line) -> String {
        let mut told = String::new();
        for (text, style) in line.pieces() {
            let flags = [(style.is_bold, 'b'), (style.is_italic, 'i'), (style.is_struck, 's')];
            let flags: String = flags.iter().filter(|it| it.0).map(|it| it.1).collect();
            let role =
                if style.role == Role::Plain { String::new() } else { format!("{:?}", style.role) };
            let _ = write!(told, "⟨{flags}{role}{}⟩{text}", style.link.as_deref().unwrap_or(""));
        }
        told
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, &range),
            Event::End(tag) => self.end(tag, &range),
            Event::Rule => {
                self.finish();
                self.gap(range.start);
                let line = self.fronted(&Line::of("─", &Style::of(Role::Faint)));
                self.put(Shape::Rule, line, range.end);
            }
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text)
                if self.style.role == Role::Code || self.is_html =>
            {
                self.code += &text;
            }
            _ => {
                // The text of a tight item begins without a tag.
                self.begin(range.start);
                self.inline(event);
                self.end = self.end.max(Some(range.end));
            }
        }
    }

    fn inline(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) => self.push(&text, &self.style.clone()),
            Event::Code(code) => {
                self.push(&code, &Style { role: Role::Snippet, ..self.style.clone() });
            }
            Event::InlineHtml(html) if matches!(&*html, "<br>" | "<br/>" | "<br />") => {
                self.words.push(Line::default());
            }
            Event::InlineHtml(html) => self.push(&html, &self.style.clone()),
            Event::FootnoteReference(name) => {
                self.push(&format!("[{name}]"), &Style::of(Role::Faint));
            }
            Event::SoftBreak | Event::HardBreak => self.words.push(Line::default()),
            Event::TaskListMarker(is_done) => {
                let tick = if is_done { "☑ " } else { "☐ " };
                let first = self.fronts.last_mut().expect("an item");
                let marker = first.first.as_ref().map_or("", Line::text).trim_start_matches("• ");
                first.first = Some(Line::of(&format!("{marker}{tick}"), &Style::default()));
            }
            _ => panic!("no inline event"),
        }
    }

    fn push(&mut self, text: &str, style: &Style) {
        self.words.last_mut().expect("a line").push(&text.replace('\t', " "), style);
        for (_, words) in &mut self.links {
            words.push_str(text);
        }
    }

    /// A line of words begins, if none has.
    fn begin(&mut self, start: usize) {
        if self.words.is_empty() {
            self.gap(start);
            self.words.push(Line::default());
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        match tag {
            Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Link { .. }
            | Tag::Image { .. } => {
                self.begin(range.start);
                self.enter(tag);
            }
            Tag::Paragraph => {
                self.finish();
                self.begin(range.start);
            }
            Tag::Heading { level, .. } => {
                self.finish();
                self.style.role = if level as u8 <= 2 { Role::Title } else { Role::Heading };
                self.begin(range.start);
            }
            Tag::CodeBlock(kind) => {
                self.finish();
                self.gap(range.start);
                self.markers(range.end);
                self.style.role = Role::Code;
                if let CodeBlockKind::Fenced(info) = kind {
                    let name = info.split([' ', ',', '{', '\t']).next().unwrap_or_default();
                    if !name.is_empty() {
                        let line = Line::of(name, &Style::of(Role::Faint));
                        self.put(Shape::Words, line, range.end);
                    }
                }
            }
            Tag::HtmlBlock => {
                self.is_html = true;
                self.finish();
                self.gap(range.start);
            }
            Tag::Table(_) => {
                self.finish();
                self.gap(range.start);
            }
            Tag::TableCell => self.words.push(Line::default()),
            Tag::BlockQuote(_) => {
                self.finish();
                let bar = Line::of("│ ", &Style::of(Role::Faint));
                self.fronts.push(Front { first: Some(bar.clone()), others: bar });
            }
            Tag::FootnoteDefinition(name) => {
                self.finish();
                let first = Line::of(&format!("[{name}] "), &Style::of(Role::Faint));
                let others = Line::of(&" ".repeat(name.len() + 3), &Style::default());
                self.fronts.push(Front { first: Some(first), others });
            }
            Tag::List(first) => {
                self.finish();
                self.numbers.push(first);
            }
            Tag::Item => {
                let next = self.numbers.last_mut().expect("a list");
                let marker = next.map_or("• ".to_owned(), |number| format!("{number}. "));
                *next = next.map(|number| number + 1);
                let others = Line::of(&" ".repeat(marker.chars().count()), &Style::default());
                let first = Some(Line::of(&marker, &Style::default()));
                self.fronts.push(Front { first, others });
            }
            _ => {}
        }
    }

    fn enter(&mut self, tag: Tag<'_>) {
        let before = self.style.clone();
        match tag {
            Tag::Strong => self.style.is_bold = true,
            Tag::Emphasis => self.style.is_italic = true,
            Tag::Strikethrough => self.style.is_struck = true,
            Tag::Link { dest_url, .. } => {
                if self.style.role == Role::Plain {
                    self.style.role = Role::Link;
                }
                self.style.link = target(&dest_url);
                self.links.push((dest_url.into_string(), String::new()));
            }
            Tag::Image { dest_url, .. } => {
                self.push("[image: ", &before);
                self.links.push((dest_url.into_string(), String::new()));
            }
            _ => {}
        }
        self.styles.push(before);
    }

    fn end(&mut self, tag: TagEnd, range: &Range<usize>) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                self.style = self.styles.pop().expect("an open mark");
            }
            TagEnd::Link | TagEnd::Image => {
                let inside = std::mem::replace(&mut self.style, self.styles.pop().expect("a link"));
                let (destination, mut words) = self.links.pop().expect("an open link");
                if tag == TagEnd::Image {
                    self.push("]", &self.style.clone());
                    words.push(']');
                }
                if !destination.is_empty()
                    && destination != words
                    && destination != format!("mailto:{words}")
                {
                    let faint = Style::of(Role::Faint);
                    self.push(" (", &faint);
                    self.push(&destination, &Style { link: inside.link, ..faint.clone() });
                    self.push(")", &faint);
                }
            }
            TagEnd::Paragraph | TagEnd::Heading(_) => {
                self.finish();
                self.style = Style::default();
                self.end = Some(range.end);
            }
            TagEnd::CodeBlock => {
                self.style = Style::default();
                for line in std::mem::take(&mut self.code).lines() {
                    self.put(Shape::Code, Line::of(line, &Style::default()), range.end);
                }
            }
            TagEnd::HtmlBlock => {
                self.is_html = false;
                let end = range.start
                    + self.document[range.clone()].trim_end_matches(['\n', ' ', '\t', '>']).len();
                for line in std::mem::take(&mut self.code).trim_end_matches('\n').lines() {
                    let line = self.fronted(&Line::of(line, &Style::default()));
                    self.put(Shape::Html, line, end);
                }
            }
            TagEnd::TableCell => {
                let words: Vec<String> =
                    self.words.drain(..).map(|it| it.text().to_owned()).collect();
                self.cells.push(words.join(" "));
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                let cells = Line::of(&std::mem::take(&mut self.cells).join("│"), &Style::default());
                let line = self.fronted(&cells);
                self.put(Shape::Cells, line, range.end);
                if tag == TagEnd::TableHead {
                    let line = self.fronted(&Line::of("─", &Style::default()));
                    self.put(Shape::Rule, line, range.end);
                }
            }
            TagEnd::BlockQuote(_) | TagEnd::Item | TagEnd::FootnoteDefinition => {
                self.finish();
                if self.fronts.last().is_some_and(|it| it.first.is_some()) {
                    self.gap(range.start);
                    let line = self.fronted(&Line::default());
                    self.put(Shape::Words, line, range.start + 1);
                    self.is_behind_nothing = true;
                }
                self.fronts.pop();
            }
            TagEnd::List(_) => {
                self.numbers.pop();
            }
            _ => {}
        }
    }

    /// The open lines are over.
    fn finish(&mut self) {
        for line in std::mem::take(&mut self.words) {
            let line = self.fronted(&with_notes(&line));
            let end = self.end.unwrap_or(0);
            self.put(Shape::Words, line, end);
        }
    }

    /// Code begins at the margin, below the markers that nothing stands behind.
    fn markers(&mut self, end: usize) {
        if self.fronts.iter().any(|it| it.first.is_some()) {
            let line = self.fronted(&Line::default());
            self.put(Shape::Words, line, end);
        }
    }

    fn fronted(&mut self, line: &Line) -> Line {
        let mut whole = Line::default();
        for front in &mut self.fronts {
            whole.append(&front.first.take().unwrap_or_else(|| front.others.clone()));
        }
        whole.append(line);
        whole.without_trailing_spaces()
    }

    /// An empty line between two blocks, where the source has one.
    fn gap(&mut self, start: usize) {
        let Some(end) = self.end else { return };
        let line = self.document[..start].rfind('\n').map_or(0, |it| it + 1);
        let end = end - usize::from(self.document[..end].ends_with('\n'));
        let between = self.document.get(end..line).unwrap_or_default();
        let has_marks = !self.is_behind_nothing;
        let is_blank =
            |line: &str| line.chars().all(|it| it.is_whitespace() || (it == '>' && has_marks));
        let mut lines = between.split_inclusive('\n').skip(1);
        if lines.any(is_blank) {
            let mut line = Line::default();
            for front in self.fronts.iter().take_while(|it| it.first.is_none()) {
                line.append(&front.others);
            }
            self.put(Shape::Words, line.without_trailing_spaces(), start);
        }
    }

    fn put(&mut self, shape: Shape, line: Line, end: usize) {
        self.lines.push((shape, line));
        self.is_behind_nothing = false;
        self.end = Some(end);
    }
}

/// The line with footnotes that are not defined yet as if they were.
fn with_notes(line: &Line) -> Line {
    let mut out = Line::default();
    for (mut text, style) in line.pieces() {
        while style.role != Role::Snippet
            && let Some((before, rest)) = text.split_once("[^")
            && let Some((name, after)) = rest.split_once(']')
        {
            out.push(before, style);
            out.push(&format!("[{name}]"), &Style::of(Role::Faint));
            text = after;
        }
        out.push(text, style);
    }
    out
}
