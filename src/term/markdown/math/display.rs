//! Formulas in lines of their own, before a parser of Markdown takes their lines for blocks.

use std::{borrow::Cow, ops::Range};

/// Whether `source` ends within a formula that began in a line of its own.
pub(super) fn is_open(source: &str) -> bool {
    last(source, |_| ()).is_some()
}

/// The source with an `x` in the place of signs that begin a line of a formula and would begin a
/// list or underline a heading, byte for byte as long as before.
pub(super) fn guarded(source: &str) -> Cow<'_, str> {
    let mut guarded = Cow::Borrowed(source);
    last(source, |lines| {
        for (at, line) in lines_of(&source[lines.clone()]) {
            let sign = line.len() - line.trim_start_matches(FRONT).len();
            if line[sign..].starts_with(['=', '-', '+', '*']) {
                let at = lines.start + at + sign;
                guarded.to_mut().replace_range(at..=at, "x");
            }
        }
    });
    guarded
}

/// What quotes and items put in front of a line.
const FRONT: [char; 3] = [' ', '\t', '>'];

/// Tells the lines of each formula that is over, up to its end. Returns what ends the one that is
/// not.
fn last(source: &str, mut over: impl FnMut(Range<usize>)) -> Option<&'static str> {
    let mut open = None;
    for (at, line) in lines_of(source) {
        open = match open {
            None => opening(line).map(|end| (end, at + line.len())),
            Some(_) if line.trim_matches(FRONT).trim_end().is_empty() => None,
            Some((end, begin)) if line.contains(end) => {
                over(begin..at + line.len());
                None
            }
            Some(open) => Some(open),
        };
    }
    open.map(|(end, _)| end)
}

/// What ends the formula that `line` opens, unless it stands in it.
fn opening(line: &str) -> Option<&'static str> {
    let mut line = line.trim_start_matches(FRONT);
    while let Some(item) = behind_marker(line) {
        line = item.trim_start_matches(FRONT);
    }
    let (formula, end) = match line.strip_prefix("$$") {
        Some(formula) => (formula, "$$"),
        None => (line.strip_prefix("\\[")?, "\\]"),
    };
    // `\[1] a reference`
    let is_open = end == "$$" || formula.starts_with(char::is_whitespace);
    (is_open && !formula.contains(end)).then_some(end)
}

/// What stands in an item, behind its mark.
fn behind_marker(line: &str) -> Option<&str> {
    let number = line.trim_start_matches(|it: char| it.is_ascii_digit());
    let marks: &[_] = if number.len() < line.len() { &['.', ')'] } else { &['-', '+', '*'] };
    number.strip_prefix(marks).filter(|item| item.starts_with([' ', '\t']))
}

/// Lines with their line feeds, and where they begin.
fn lines_of(source: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    source.split_inclusive('\n').map(move |line| {
        at += line.len();
        (at - line.len(), line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_that_begin_a_line_of_a_formula_are_guarded() {
        for (source, expected) in [
            ("$$\na\n= b\n- c\n$$\n- d\n", "$$\na\nx b\nx c\n$$\n- d\n"),
            ("> - \\[ a\n>   + b\n>   \\]\n", "> - \\[ a\n>   x b\n>   \\]\n"),
            ("1. $$\n   a\n   =\n   b $$\n", "1. $$\n   a\n   x\n   b $$\n"),
            ("$$\na\n\n- b\n$$\n", "$$\na\n\n- b\n$$\n"),
            ("$$a$$\n- b\n$$\n", "$$a$$\n- b\n$$\n"),
            ("\\[1] a\n- b\\]\n", "\\[1] a\n- b\\]\n"),
            ("it costs $$\n- b\n$$\n", "it costs $$\n- b\n$$\n"),
        ] {
            assert_eq!(guarded(source), expected);
        }
    }

    #[test]
    fn a_formula_is_open_until_its_end_or_an_empty_line() {
        for source in ["$$", "$$\na\n", "a\n$$ b\n- c\n", "> \\[\n> a\n", "$$\na\n$$\n\n$$\n"] {
            assert!(is_open(source), "{source}");
        }
        for source in ["", "a\n- b\n", "$$\na\n$$\n", "$$\na\n\n- b\n", "> $$\n>\n> a\n", "$$ a $$"]
        {
            assert!(!is_open(source), "{source}");
        }
    }
}
