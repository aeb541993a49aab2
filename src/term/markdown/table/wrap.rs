//! Cells, wrapped between their words. Pure.

use std::ops::Range;

use unicode_width::UnicodeWidthChar as _;

use crate::term::markdown::{line::Line, width::clusters};

/// The widest cluster of an ordinary text, which a later row may bring into any column.
pub(super) const CLUSTER: usize = 2;

/// A mark between words that takes no room.
const INVISIBLE_SPACE: &str = "\u{200b}";

/// What no line of Chinese or Japanese begins with.
const NEVER_FIRST: &str = "、。，．・：；？！ー々）］｝〉》」』】〕〗〙〛”’…ぁぃぅぇぉっゃゅょァィゥェォッャュョ)]},.;:?!%";

/// What no line of Chinese or Japanese ends with.
const NEVER_LAST: &str = "（［｛〈《「『【〔〖〘〚“‘([{";

/// Behind these a word that must be broken is broken, unless that leaves half of the line empty and
/// does not keep what follows whole.
const SEAMS: &str = "-/_.,:;=&?|";

/// A part of a cell that fills a line of its column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slice {
    /// The text with its styles, without spaces around it.
    pub(super) line: Line,
    /// The columns it takes.
    pub(super) columns: usize,
}

/// What a line is not broken within, as long as it fits.
struct Word {
    range: Range<usize>,
    columns: usize,
    /// The columns of the space before it.
    gap: usize,
}

/// The columns of a text in one line, without the spaces around it.
pub(super) fn columns(text: &str) -> usize {
    if text.is_ascii() {
        return text.trim_matches(is_space).len();
    }
    let widths = words(text).enumerate();
    widths.map(|(index, word)| word.columns + if index == 0 { 0 } else { word.gap }).sum()
}

/// The columns of the longest word of a text.
pub(super) fn longest_word(text: &str) -> usize {
    if text.is_ascii() {
        return text.split(is_space).map(str::len).max().unwrap_or(0);
    }
    words(text).map(|word| word.columns).max().unwrap_or(0)
}

/// The columns of the longest part of a word that must be broken.
pub(super) fn longest_part(text: &str) -> usize {
    let words = words(text).map(|word| &text[word.range]);
    let parts = words.flat_map(|word| word.split_inclusive(is_seam));
    parts.map(|part| clusters(part).map(|(_, columns)| columns).sum()).max().unwrap_or(0)
}

/// A cell in lines of at most `width` columns; none if it is blank. Words are broken where one
/// alone is wider; a single character is never, even if it is wider.
pub(super) fn wrap(cell: &Line, width: usize) -> Vec<Slice> {
    let mut lines = Lines { width, lines: Vec::new() };
    for word in words(cell.text()) {
        lines.put(cell.text(), word);
    }
    cut(cell, lines.lines)
}

/// A cell in one line, without the spaces around it.
pub(super) fn flat(cell: &Line) -> Line {
    let text = cell.text();
    let start = text.len() - text.trim_start_matches(is_space).len();
    let range = start..text.trim_end_matches(is_space).len().max(start);
    cut(cell, vec![(range, 0)]).pop().map_or_else(Line::default, |slice| slice.line)
}

fn is_seam(character: char) -> bool {
    SEAMS.contains(character)
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t')
}

fn words(text: &str) -> impl Iterator<Item = Word> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let gap = clusters(&text[at..]).take_while(|(cluster, _)| is_gap(cluster)).count();
        let start = at + gap;
        let mut word = Word { range: start..start, columns: 0, gap };
        let mut last = None;
        for next in clusters(&text[start..]) {
            if is_gap(next.0) || last.is_some_and(|last| may_part(last, next)) {
                break;
            }
            word.range.end += next.0.len();
            word.columns += next.1;
            last = Some(next);
        }
        at = word.range.end;
        (!word.range.is_empty()).then_some(word)
    })
}

/// A space with a mark upon it is none.
fn is_gap(cluster: &str) -> bool {
    matches!(cluster, " " | "\t")
}

/// Whether a line may end between two clusters that no space parts: beside the wide ones of
/// Chinese, Japanese and Korean, and of emoji.
fn may_part((before, columns): (&str, usize), (after, more): (&str, usize)) -> bool {
    if before == INVISIBLE_SPACE {
        return true;
    }
    (columns == 2 || more == 2)
        && !before.ends_with(|last| NEVER_LAST.contains(last))
        && !after.starts_with(|first| NEVER_FIRST.contains(first))
}

/// Lines that are being filled: where each stands in the text, and the columns it takes.
struct Lines {
    width: usize,
    lines: Vec<(Range<usize>, usize)>,
}

impl Lines {
    fn put(&mut self, text: &str, word: Word) {
        match self.lines.last_mut() {
            Some((range, columns)) if *columns + word.gap + word.columns <= self.width => {
                range.end = word.range.end;
                *columns += word.gap + word.columns;
            }
            _ if word.columns <= self.width => self.lines.push((word.range, word.columns)),
            _ => self.put_broken(text, word.range),
        }
    }

    /// A word that no line holds, from a new line on.
    fn put_broken(&mut self, text: &str, word: Range<usize>) {
        let (mut line, mut filled) = (word.start..word.start, 0);
        let mut seam = None;
        let end = word.end;
        for (part, columns) in pieces(&text[word], self.width) {
            if filled > 0 && filled + columns > self.width {
                let (end, before) = seam.take().unwrap_or((line.end, filled));
                self.lines.push((line.start..end, before));
                line.start = end;
                filled -= before;
            }
            line.end += part.len();
            filled += columns;
            if part.ends_with(is_seam)
                && (filled * 2 >= self.width || self.holds_part(&text[line.end..end]))
            {
                seam = Some((line.end, filled));
            }
        }
        self.lines.push((line, filled));
    }

    /// Whether a line holds what a word begins with, up to its first seam.
    fn holds_part(&self, word: &str) -> bool {
        let mut filled = 0;
        for (part, columns) in pieces(word, self.width) {
            filled += columns;
            if filled > self.width || part.ends_with(is_seam) {
                break;
            }
        }
        filled <= self.width
    }
}

/// What a word is broken between, with its columns: clusters, and the characters of one that is
/// wider than a line. In some scripts a cluster has no end; terminals break it as well.
fn pieces(word: &str, width: usize) -> impl Iterator<Item = (&str, usize)> {
    clusters(word).flat_map(move |(cluster, columns)| {
        let is_whole = columns <= width.max(CLUSTER);
        let whole = is_whole.then_some((cluster, columns));
        let apart = if is_whole { "" } else { cluster };
        let apart = apart.char_indices().map(move |(at, character)| {
            let part = &cluster[at..at + character.len_utf8()];
            (part, character.width().unwrap_or(0))
        });
        whole.into_iter().chain(apart)
    })
}

/// Cuts ascending ranges out of a cell, in one walk through its pieces. Tabs become spaces.
fn cut(cell: &Line, ranges: Vec<(Range<usize>, usize)>) -> Vec<Slice> {
    let mut slices = Vec::with_capacity(ranges.len());
    let mut pieces = cell.pieces().scan(0, |end, (text, style)| {
        let start = std::mem::replace(end, *end + text.len());
        Some((start, text, style))
    });
    let mut piece = pieces.next();
    for (range, columns) in ranges {
        let mut line = Line::default();
        while let Some((start, text, style)) = piece {
            let end = start + text.len();
            if start < range.end && end > range.start {
                let part = &text[range.start.max(start) - start..range.end.min(end) - start];
                line.push(&part.replace('\t', " "), style);
            }
            if end > range.end {
                break;
            }
            piece = pieces.next();
        }
        slices.push(Slice { line, columns });
    }
    slices
}
