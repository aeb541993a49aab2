//! What a parser must read before the rest of a text to understand it as part of the whole. Pure.
//!
//! What was shown is forgotten, but for the containers that are still open: the lines that opened
//! them, with an empty heading in the place of what they held, make the parser open them again.

use std::ops::Range;

use super::blocks::{Around, Kind, Parsed};

/// Longer ones are dropped: deeper nesting than any person reads would make every line expensive.
const MOST: usize = 1_024;

/// Lines for the parser alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Scaffold {
    pub(super) text: String,
    /// The numbers of the items it opens, in their order: what the lines say need not be true.
    pub(super) numbers: Vec<u64>,
}

impl Scaffold {
    /// Opens the containers of `path` that were opened before `end`.
    pub(super) fn open(parsed: &Parsed<'_>, text: &str, path: &[usize], end: usize) -> Self {
        let mut scaffold = Self::default();
        let mut last = None;
        for container in path.iter().map(|it| &parsed.containers[*it]) {
            let line = line_at(text, container.start);
            if container.start < end && last != Some(line.start) {
                last = Some(line.start);
                scaffold.reopen(parsed, text, path, line);
            }
        }
        scaffold.within_bounds()
    }

    /// Opens what `line` opened, up to its text, as far as it is in `path`: the rest is over.
    fn reopen(&mut self, parsed: &Parsed<'_>, text: &str, path: &[usize], line: Range<usize>) {
        let is_over =
            |at: &usize| line.contains(&parsed.containers[*at].start) && !path.contains(at);
        if let Some(over) = (0..parsed.containers.len()).find(is_over) {
            let end = parsed.containers[over].start;
            self.text.push_str(&text[line.start..end]);
            self.text.push_str("#\n");
            self.count(parsed, line.start..end);
            return;
        }
        let leaf = parsed
            .leaves
            .iter()
            .find(|leaf| leaf.kind != Kind::Empty && line.contains(&leaf.range.start));
        let prefix = match leaf {
            // Its indentation belongs to it.
            Some(leaf) if leaf.kind == Kind::Indented => {
                format!("{} ", text[line.start..leaf.range.start].trim_end())
            }
            Some(leaf) => without_box(&text[line.start..leaf.range.start]).to_owned(),
            None => format!("{} ", text[line.clone()].trim_end()),
        };
        self.text.push_str(&prefix);
        self.text.push_str("#\n");
        self.count(parsed, line);
    }

    /// The innermost item stays empty: an empty line has ended it, but not its list.
    pub(super) fn with_nothing(mut self) -> Self {
        if self.text.ends_with("#\n") {
            self.text.truncate(self.text.len() - "#\n".len());
            self.text.push_str("\n\n");
        }
        self
    }

    /// Goes on with text that reopens what stands on the line of `at` anew.
    pub(super) fn with_line(
        mut self,
        parsed: &Parsed<'_>,
        text: &str,
        at: usize,
        line: &str,
    ) -> Self {
        self.text.push_str(line);
        self.count(parsed, line_at(text, at));
        self.within_bounds()
    }

    fn count(&mut self, parsed: &Parsed<'_>, line: Range<usize>) {
        let opened = parsed.containers.iter().filter(|it| line.contains(&it.start));
        self.numbers.extend(opened.filter_map(|it| match it.around {
            Around::Item(number) => number,
            Around::Quote | Around::Note(_) => None,
        }));
    }

    fn within_bounds(self) -> Self {
        if self.text.len() > MOST { Self::default() } else { self }
    }
}

/// The line that holds `at`, with its line feed.
pub(super) fn line_at(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |it| it + 1);
    let end = text[at..].find('\n').map_or(text.len(), |it| at + it + 1);
    // At the end of a text that ends in a line feed there is an empty line.
    start..end.max(start)
}

/// The last line of a text, with its line feed if it has one.
pub(super) fn last_line(text: &str) -> Range<usize> {
    let body = text.strip_suffix('\n').unwrap_or(text);
    body.rfind('\n').map_or(0, |it| it + 1)..text.len()
}

/// What stands in front of a table, say, without the box to tick: it would be text in front of `#`.
fn without_box(prefix: &str) -> &str {
    let before = prefix.trim_end().strip_suffix(']').map(|it| it.trim_end_matches([' ', 'x', 'X']));
    before.and_then(|it| it.strip_suffix('[')).unwrap_or(prefix)
}
