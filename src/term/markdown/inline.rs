//! What stands in a line: emphasis, code, links, images, formulas. Pure.

use std::{fmt::Write as _, ops::Range, rc::Rc};

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{
    line::{Line, Role, Style},
    look::Look,
    math::{self, Formula},
};

/// Parsed events and where they stand.
pub(super) type Events<'a, 'e> = &'e [(Event<'a>, Range<usize>)];

/// The lines of a paragraph, a heading or a cell.
#[derive(Debug, Default)]
pub(super) struct Inlined {
    /// At least one, when there was anything.
    pub(super) lines: Vec<Line>,
    /// It begins with a box to tick: whether it is ticked.
    pub(super) task: Option<bool>,
}

/// What is needed to show inline text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) look: Look,
    /// The parsed text.
    pub(super) text: &'a str,
    /// What stands before this offset is on the screen already.
    pub(super) from: usize,
    /// The formulas of the text, in their order. Each is veiled: see [`veil`].
    pub(super) formulas: &'a [Formula],
}

impl Setting<'_> {
    /// What is on the screen already ends with a line.
    fn shows_lines(&self) -> bool {
        self.text[..self.from].ends_with('\n')
    }
}

/// Stands at the beginning of a veiled formula; the rest of its bytes are [`FILLER`].
const VEIL: char = '\u{e000}';
const FILLER: char = '\u{7f}';

/// The text with its formulas hidden from the parser, byte for byte as long as before, so that
/// what stands in them is neither emphasis nor the end of a cell.
pub(super) fn veil(text: &str, formulas: &[Formula]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for Formula { range, .. } in formulas {
        out.push_str(&text[at..range.start]);
        out.push(VEIL);
        out.extend(std::iter::repeat_n(FILLER, range.len().saturating_sub(VEIL.len_utf8())));
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// The lines that `events` make, in a style that all of them share.
pub(super) fn lines(events: Events<'_, '_>, base: &Style, setting: Setting<'_>) -> Inlined {
    let mut writer = Writer {
        setting,
        style: base.clone(),
        styles: Vec::new(),
        links: Vec::new(),
        out: Inlined { lines: vec![Line::default()], task: None },
        skip_to: 0,
        is_behind_display: false,
        is_broken: false,
        formula: setting.formulas.partition_point(|it| {
            it.range.end <= events.first().map_or(0, |(_, range)| range.start)
        }),
    };
    for (event, range) in events {
        writer.event(event, range);
    }
    if writer.is_behind_display && writer.line().is_empty() && writer.out.lines.len() > 1 {
        writer.out.lines.pop();
    }
    writer.out
}

/// A link or an image that is not over.
#[derive(Debug)]
struct Open {
    destination: String,
    /// Where its words begin: line and offset.
    words: (usize, usize),
    is_image: bool,
}

struct Writer<'a> {
    setting: Setting<'a>,
    style: Style,
    /// The styles to come back to.
    styles: Vec<Style>,
    links: Vec<Open>,
    out: Inlined,
    /// What stands before it was shown as something else.
    skip_to: usize,
    /// The last line is there because a formula has its lines for itself.
    is_behind_display: bool,
    /// The next formula.
    formula: usize,
    /// A `<br>` has broken the line, so that its end in the source breaks nothing.
    is_broken: bool,
}

impl Writer<'_> {
    fn event(&mut self, event: &Event<'_>, range: &Range<usize>) {
        let is_broken = std::mem::take(&mut self.is_broken);
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(*tag, range),
            _ if range.end <= self.setting.from.max(self.skip_to) => {}
            Event::Text(text) => self.text(text, range),
            Event::Code(code) => {
                let is_begun = range.start < self.setting.from && self.setting.shows_lines();
                // Its first word stands for the lines that were shown.
                self.code(code.strip_prefix("X ").filter(|_| is_begun).unwrap_or(code));
            }
            Event::InlineHtml(html) | Event::Html(html) => self.html(html),
            Event::FootnoteReference(label) => self.note(label),
            Event::SoftBreak if is_broken => {}
            Event::SoftBreak | Event::HardBreak => self.line_break(),
            Event::TaskListMarker(is_done) => self.out.task = Some(*is_done),
            Event::Rule | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: &Range<usize>) {
        let before = self.style.clone();
        match tag {
            Tag::Strong => {
                self.mark("**", range.start);
                self.style.is_bold = true;
            }
            Tag::Emphasis => {
                self.mark("*", range.start);
                self.style.is_italic = true;
            }
            Tag::Strikethrough => {
                self.mark("~~", range.start);
                self.style.is_struck = true;
            }
            Tag::Link { dest_url, .. } => {
                if before.link.is_none() && self.setting.look.has_links {
                    self.style.link = target(dest_url);
                }
                if self.style.role == Role::Plain {
                    self.style.role = Role::Link;
                }
                self.open(dest_url, false);
            }
            Tag::Image { dest_url, .. } => {
                self.push("[image: ", &before);
                self.open(dest_url, true);
            }
            _ => {}
        }
        self.styles.push(before);
    }

    fn end(&mut self, tag: TagEnd, range: &Range<usize>) {
        let inside = self.style.clone();
        if let Some(style) = self.styles.pop() {
            self.style = style;
        }
        // A mark whose beginning was cut off is still the end of something.
        match tag {
            TagEnd::Strong => self.mark("**", range.end),
            TagEnd::Emphasis => self.mark("*", range.end),
            TagEnd::Strikethrough => self.mark("~~", range.end),
            TagEnd::Link | TagEnd::Image => self.close(&inside),
            _ => {}
        }
    }

    /// A mark of the source, where styles cannot be shown and it was not shown before.
    fn mark(&mut self, mark: &str, at: usize) {
        if self.setting.look.keeps_marks && at >= self.setting.from {
            let style = self.style.clone();
            self.push(mark, &style);
        }
    }

    fn text(&mut self, text: &str, range: &Range<usize>) {
        let from = self.setting.from.max(self.skip_to);
        // What was parsed together with what is on the screen already; the length tells whether the
        // text stands in the source as it is.
        let hidden = from.saturating_sub(range.start);
        let (text, at) = match text.get(hidden..) {
            Some(rest) if text.len() == range.len() => (rest, range.start + hidden),
            _ => (text, range.start),
        };
        if text == "["
            && let Some(label) = note_at(&self.setting.text[at..])
        {
            self.skip_to = at + label.len() + "[^]".len();
            self.note(label);
            return;
        }
        self.formulas(text, at);
    }

    /// Text that may hold veiled formulas; it begins at `at`.
    fn formulas(&mut self, mut text: &str, mut at: usize) {
        let style = self.style.clone();
        while let Some(formula) = self.setting.formulas.get(self.formula)
            && formula.range.start < at + text.len()
        {
            self.formula += 1;
            // What begins before or in a piece that is no text, a link's target say, was not for us.
            let Some(before) = formula.range.start.checked_sub(at) else { continue };
            let Some(words) = text.get(..before) else { continue };
            self.push(words, &style);
            self.show(formula);
            let end = (before + formula.range.len()).min(text.len());
            text = text.get(end..).unwrap_or_default();
            at += end;
        }
        self.push(text, &style);
    }

    fn show(&mut self, formula: &Formula) {
        let style = self.style.clone();
        let shown = math::to_unicode(&formula.latex);
        if !formula.is_display {
            let source = || format!("${}$", formula.latex.trim());
            let text = shown.unwrap_or_else(source);
            self.push(&text, &style);
            return;
        }
        let text = shown.unwrap_or_else(|| formula.latex.trim_matches('\n').to_owned());
        let is_inside = self.out.lines.last().is_some_and(|line| !line.is_empty());
        if is_inside {
            self.out.lines.push(Line::default());
        }
        for (index, line) in text.lines().enumerate() {
            if index > 0 {
                self.out.lines.push(Line::default());
            }
            self.push(&format!("  {}", line.trim_end()), &style);
        }
        self.out.lines.push(Line::default());
        self.is_behind_display = true;
    }

    /// What is written on one line in the source stays on one: it is a verse, a list, an address
    /// more often than prose that was cut to a width.
    fn line_break(&mut self) {
        if !std::mem::take(&mut self.is_behind_display) || !self.line().is_empty() {
            self.out.lines.push(Line::default());
        }
    }

    fn code(&mut self, code: &str) {
        let mut style = self.style.clone();
        style.role = Role::Snippet;
        if self.setting.look.keeps_ticks {
            let fence = "`".repeat(longest_run(code) + 1);
            self.push(&format!("{fence}{code}{fence}"), &style);
        } else {
            self.push(code, &style);
        }
    }

    fn html(&mut self, html: &str) {
        let name = html.trim_matches(['<', '>', '/', ' ']);
        if name.eq_ignore_ascii_case("br") {
            self.line_break();
            self.is_broken = true;
        } else {
            let style = self.style.clone();
            self.push(html, &style);
        }
    }

    fn note(&mut self, label: &str) {
        self.push(&format!("[{label}]"), &Style::of(Role::Faint));
    }

    fn open(&mut self, destination: &str, is_image: bool) {
        let words = (self.out.lines.len() - 1, self.line().text().len());
        self.links.push(Open { destination: destination.to_owned(), words, is_image });
    }

    /// Says where a link leads, unless its words do.
    fn close(&mut self, inside: &Style) {
        let Some(Open { destination, words: (line, offset), is_image }) = self.links.pop() else {
            return;
        };
        let outside = self.style.clone();
        if is_image {
            self.push("]", &outside);
        }
        let said = &self.out.lines[line..];
        let said: String = said
            .iter()
            .enumerate()
            .map(|(index, line)| if index == 0 { &line.text()[offset..] } else { line.text() })
            .collect();
        let is_said = destination == said
            || destination.strip_prefix("mailto:").is_some_and(|address| address == said);
        if destination.is_empty() || is_said {
            return;
        }
        self.push(" (", &Style::of(Role::Faint));
        let style = Style { link: inside.link.clone(), ..Style::of(Role::Faint) };
        self.push(&destination, &style);
        self.push(")", &Style::of(Role::Faint));
    }

    fn push(&mut self, text: &str, style: &Style) {
        if text.contains('\t') {
            // Behind a full row a tab leads nowhere: what follows it would stand on what precedes it.
            return self.line().push(&text.replace('\t', " "), style);
        }
        self.line().push(text, style);
    }

    fn line(&mut self) -> &mut Line {
        if self.out.lines.is_empty() {
            self.out.lines.push(Line::default());
        }
        let last = self.out.lines.len() - 1;
        &mut self.out.lines[last]
    }
}

/// The name of a footnote whose reference begins here, as far as it was not defined yet.
fn note_at(text: &str) -> Option<&str> {
    let (label, _) = text.strip_prefix("[^")?.split_once(']')?;
    let is_name = !label.is_empty()
        && label.len() <= 64
        && !label.contains(['[', '^', ' ', '\n', '\t', '\\', '`', '*']);
    is_name.then_some(label)
}

/// Where a click may lead: `http` and `https` only, as printable ASCII.
pub(super) fn target(destination: &str) -> Option<Rc<str>> {
    let (scheme, rest) = destination.split_once("://")?;
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    if !is_web || rest.is_empty() || destination.len() > 2_000 {
        return None;
    }
    let mut url = String::with_capacity(destination.len());
    for byte in destination.bytes() {
        if byte.is_ascii_graphic() {
            url.push(char::from(byte));
        } else {
            let _ = write!(url, "%{byte:02X}");
        }
    }
    Some(url.into())
}

fn longest_run(code: &str) -> usize {
    code.split(|it| it != '`').map(str::len).max().unwrap_or(0)
}
