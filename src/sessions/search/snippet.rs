//! Words round a place in a text, on one line. Pure.

use std::ops::Range;

use regex::Regex;

/// The longest snippet, in characters.
const LONGEST: usize = 160;

/// The most characters before what was found.
const BEFORE: usize = 48;

/// Words round the first place in `text` where one of `patterns` matches, with the places of all
/// matches in them: byte ranges.
pub(super) fn of<'a>(
    text: &str,
    patterns: impl Iterator<Item = &'a Regex> + Clone,
) -> (String, Vec<Range<usize>>) {
    let found = patterns.clone().filter_map(|pattern| pattern.find(text));
    let first = found.map(|found| found.start()).min().unwrap_or_default();
    let start = start(text, first);
    let mut snippet = if start == 0 { String::new() } else { "… ".to_owned() };
    // Where each piece of the text stands in the snippet.
    let mut places = Vec::new();
    let mut left = LONGEST - snippet.chars().count();
    let mut end = start;
    let mut is_parted = false;
    for (at, letter) in text[start..].char_indices() {
        if letter.is_whitespace() {
            is_parted = !places.is_empty();
            continue;
        }
        let wanted = if is_parted { 2 } else { 1 };
        // The last one is for the sign that there is more.
        if left <= wanted {
            snippet.push('…');
            break;
        }
        if std::mem::take(&mut is_parted) {
            snippet.push(' ');
        }
        left -= wanted;
        places.push((start + at, snippet.len()));
        snippet.push(letter);
        end = start + at + letter.len_utf8();
    }
    let inside = start..end;
    let matches = patterns.flat_map(|pattern| matches(pattern, text, first, &inside));
    let mut marks: Vec<Range<usize>> =
        matches.filter_map(|found| mark(&found, &places, text)).collect();
    marks.sort_unstable_by_key(|mark| (mark.start, mark.end));
    (snippet, joined(marks))
}

/// Where a snippet begins that shows what stands at `first`: at a word not far before it.
fn start(text: &str, first: usize) -> usize {
    let before = text[..first].char_indices().rev().take(BEFORE).last();
    let at = before.map_or(first, |(at, _)| at);
    if at == 0 {
        return 0;
    }
    // Where no word begins, in the middle of one.
    let part = &text[at..first];
    part.find(char::is_whitespace).map_or(at, |space| {
        let rest = &part[space..];
        first - rest.trim_start().len()
    })
}

/// The matches that begin within `inside`, none before `first`.
fn matches(pattern: &Regex, text: &str, first: usize, inside: &Range<usize>) -> Vec<Range<usize>> {
    let (mut found, mut at) = (Vec::new(), first);
    while let Some(next) = pattern.find_at(text, at).filter(|next| next.start() < inside.end) {
        if !next.is_empty() {
            found.push(next.range());
        }
        let letter = text[next.end()..].chars().next();
        at = if next.is_empty() {
            next.end() + letter.map_or(1, char::len_utf8)
        } else {
            next.end()
        };
        if at > text.len() {
            break;
        }
    }
    found
}

/// Where a match stands in the snippet. `places` are those of all letters: in the text, and there.
fn mark(found: &Range<usize>, places: &[(usize, usize)], text: &str) -> Option<Range<usize>> {
    let from = places.partition_point(|(at, _)| *at < found.start);
    let to = places.partition_point(|(at, _)| *at < found.end);
    let (_, start) = places.get(from)?;
    let (at, last) = places.get(to.checked_sub(1)?)?;
    let letter = text[*at..].chars().next().map_or(0, char::len_utf8);
    (from < to).then_some(*start..last + letter)
}

/// Sorted ranges, those that touch made one.
fn joined(marks: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::new();
    for mark in marks {
        match joined.last_mut().filter(|last| last.end >= mark.start) {
            Some(last) => last.end = last.end.max(mark.end),
            None => joined.push(mark),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, patterns: &[&str]) -> String {
        let patterns: Vec<Regex> = patterns.iter().map(|it| Regex::new(it).unwrap()).collect();
        let (mut snippet, marks) = of(text, patterns.iter());
        for mark in marks.into_iter().rev() {
            snippet.insert(mark.end, ']');
            snippet.insert(mark.start, '[');
        }
        snippet
    }

    #[test]
    fn a_short_text_is_all_there_on_one_line() {
        assert_eq!(shown(" one\n\ttwo  three ", &["two", "th"]), "one [two] [th]ree");
        assert_eq!(shown("one\ntwo", &[r"one\s+two"]), "[one two]");
        assert_eq!(shown("one two", &["two", "one"]), "[one] [two]");
        assert_eq!(shown("", &[]), "");
        assert_eq!(shown("one two", &["x*"]), "one two");
        assert_eq!(shown("añb", &["ñ", "ñb"]), "a[ñb]");
    }

    #[test]
    fn a_long_one_is_cut_between_words_before_and_anywhere_behind() {
        let text = format!("{}needle and {}", "words before it ".repeat(20), "after ".repeat(50));
        let snippet = shown(&text, &["needle"]);
        assert!(
            snippet.starts_with("… before it words before it words before it [needle] and after ")
        );
        assert!(snippet.ends_with('…'), "{snippet}");
        assert!(snippet.chars().count() <= LONGEST + 2, "{snippet}");
    }

    #[test]
    fn a_match_without_an_end_is_marked_as_far_as_it_is_shown() {
        let snippet = shown(&"x".repeat(500), &["x+"]);
        assert_eq!(snippet, format!("[{}]…", "x".repeat(LONGEST - 1)));
        let late = shown(&format!("{}y", "x".repeat(500)), &["y"]);
        assert_eq!(late, format!("… {}[y]", "x".repeat(BEFORE)));
    }
}
