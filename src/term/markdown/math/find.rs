//! Where formulas stand in the Markdown of a paragraph.

use std::ops::Range;

use super::Formula;

/// What may begin or end a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// `\(`
    Round,
    /// `\)`
    RoundEnd,
    /// `\[`
    Square,
    /// `\]`
    SquareEnd,
    /// `$`
    Dollar,
    /// `$$`
    Dollars,
    /// What no formula crosses: code, and three dollars or more.
    Wall,
}

/// As [`super::formulas`]. Every pair of marks of one kind is looked at once, so the time is linear.
pub(super) fn formulas(source: &str, code: &[Range<usize>]) -> Vec<Formula> {
    let marks = marks(source, code);
    let mut found = Vec::new();
    let mut next = 0;
    while next < marks.len() {
        if let Some((formula, after)) = formula(source, &marks, next) {
            found.push(formula);
            next = after;
        } else {
            next += 1;
        }
    }
    found
}

/// The formula that begins with this mark, and the mark after it.
fn formula(source: &str, marks: &[(usize, Mark)], first: usize) -> Option<(Formula, usize)> {
    let (start, opening) = marks[first];
    let (closing, len) = match opening {
        Mark::Round => (Mark::RoundEnd, 2),
        Mark::Square => (Mark::SquareEnd, 2),
        Mark::Dollars => (Mark::Dollars, 2),
        Mark::Dollar => (Mark::Dollar, 1),
        Mark::RoundEnd | Mark::SquareEnd | Mark::Wall => return None,
    };
    // The nearest of its own kind: of two openings, the first was never closed.
    let is_stop = |mark: Mark| {
        mark == closing
            || mark == opening
            || mark == Mark::Wall
            || (opening == Mark::Dollar && mark == Mark::Dollars)
    };
    let last = first + 1 + marks[first + 1..].iter().position(|(_, mark)| is_stop(*mark))?;
    let (end, mark) = marks[last];
    if mark != closing {
        return None;
    }
    let content = &source[start + len..end];
    let range = start..end + len;
    let is_bare = || is_number(content.trim()) || is_name(content.trim());
    let is_one = match opening {
        Mark::Dollar => {
            opens(source, start)
                && closes(source, end)
                && is_short(content)
                && (evidence(content) > Evidence::None || is_bare())
        }
        // `\[1, 2\]` and `\[x\]` are brackets that Markdown shall leave alone.
        Mark::Square => match evidence(content) {
            Evidence::None => false,
            Evidence::Weak => content.starts_with(char::is_whitespace),
            Evidence::Strong => !source[range.end..].starts_with('('),
        },
        _ => evidence(content) > Evidence::None || is_bare(),
    };
    let is_display = matches!(opening, Mark::Dollars | Mark::Square);
    is_one.then(|| (Formula { range, latex: without_quotes(content), is_display }, last + 1))
}

fn marks(source: &str, code: &[Range<usize>]) -> Vec<(usize, Mark)> {
    let bytes = source.as_bytes();
    let mut marks = Vec::new();
    let mut code = code.iter().peekable();
    let mut at = 0;
    while at < bytes.len() {
        if let Some(span) = code.next_if(|span| span.start <= at) {
            marks.push((at, Mark::Wall));
            at = at.max(span.end);
            continue;
        }
        let here = at;
        let bytes = &bytes[..code.peek().map_or(bytes.len(), |span| span.start.min(bytes.len()))];
        match bytes[at] {
            b'\\' => {
                let is_escaped = at > 0 && bytes[at - 1] == b'\\';
                let mark = match bytes.get(at + 1) {
                    Some(b'(') if !is_escaped => Some(Mark::Round),
                    Some(b'[') if !is_escaped => Some(Mark::Square),
                    Some(b')') => Some(Mark::RoundEnd),
                    Some(b']') => Some(Mark::SquareEnd),
                    _ => None,
                };
                marks.extend(mark.map(|mark| (here, mark)));
                // Both of `\\` and of `\$`. The rest of a longer character is no mark.
                at += 2;
            }
            b'$' => {
                at += bytes[at..].iter().take_while(|byte| **byte == b'$').count();
                let mark = match at - here {
                    1 => Mark::Dollar,
                    2 => Mark::Dollars,
                    _ => Mark::Wall,
                };
                marks.push((here, mark));
            }
            _ => at += 1,
        }
    }
    marks
}

/// Whether the dollar at `at` may begin a formula: `US$5` and `a$b$` do not.
fn opens(source: &str, at: usize) -> bool {
    let before = source[..at].chars().next_back();
    let after = source[at + 1..].chars().next();
    before.is_none_or(|it| !it.is_ascii_alphanumeric() && it != '\\')
        && after.is_some_and(|it| !it.is_whitespace())
}

/// Whether the dollar at `at` may end a formula: those of `$5-$6`, `$HOME/$USER` and `${a}/${b}` do
/// not.
fn closes(source: &str, at: usize) -> bool {
    let before = source[..at].chars().next_back();
    let after = source[at + 1..].chars().next();
    before.is_some_and(|it| !it.is_whitespace() && it != '\\')
        && after.is_none_or(|it| !it.is_ascii_alphanumeric() && it != '{' && it != '(')
}

/// At most two lines, and no blank one.
fn is_short(content: &str) -> bool {
    content.lines().count() <= 2 && content.lines().all(|line| !line.trim().is_empty())
}

/// How much a text looks like mathematics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Evidence {
    /// Like prose, a price, code, or a number or name alone: see [`is_number`] and [`is_name`].
    None,
    /// `f(x)`, `1/2`, `2n`: mathematics, unless something else is likelier there.
    Weak,
    /// `x^2`, `\pi`, `a + b`.
    Strong,
}

fn evidence(content: &str) -> Evidence {
    // `\[\\\]`: brackets and a backslash, each of them escaped.
    if content.bytes().all(|byte| byte == b'\\') {
        return Evidence::None;
    }
    if content.contains('\\') {
        return Evidence::Strong;
    }
    let words = Words::of(content);
    if words.is_prose || content.contains(['"', '`', '€', '£', '¥', '₹']) {
        return Evidence::None;
    }
    if content.contains(['^', '_', '=']) {
        return Evidence::Strong;
    }
    // `5/month (was 10` begins with a price.
    if content.starts_with(|it: char| it.is_ascii_digit()) && words.longest > 1 {
        return Evidence::None;
    }
    let is_sign = |it: char| {
        matches!(it, '+' | '*' | '<' | '>' | '|' | '×' | '·' | '±' | '\u{2190}'..='\u{22ff}')
    };
    if content.contains(is_sign) {
        return Evidence::Strong;
    }
    let has_digit = content.contains(|it: char| it.is_ascii_digit());
    let has_sign = content.contains(['-', '/', '(', ')', '\'', '!', ',', ':', '%']);
    let is_whole = !content.trim_end().ends_with(['-', '/', '(', ',', ':']);
    let is_like = match words.longest {
        0 => has_digit && has_sign && !is_number(content),
        1..=3 => has_digit || has_sign,
        _ => false,
    };
    if is_whole && is_like { Evidence::Weak } else { Evidence::None }
}

/// `5`, `1,000`, `3.14`: a formula between `\(` and `\)`, a price or a footnote elsewhere.
fn is_number(content: &str) -> bool {
    content.starts_with(|it: char| it.is_ascii_digit())
        && content.ends_with(|it: char| it.is_ascii_digit())
        && content.bytes().all(|it| it.is_ascii_digit() || it == b'.' || it == b',')
}

/// `x`, `dx`, `ABC`: the name of a quantity or of a triangle.
fn is_name(content: &str) -> bool {
    let len = content.chars().count();
    content.chars().all(char::is_alphabetic)
        && (matches!(len, 1 | 2) || (len == 3 && content.bytes().all(|it| it.is_ascii_uppercase())))
}

/// What the runs of letters of a text say about it.
#[derive(Debug, Default)]
struct Words {
    /// The letters of the longest word, names of functions (before a bracket) apart.
    longest: usize,
    /// Two words follow each other, with nothing but a space in between.
    is_prose: bool,
}

impl Words {
    fn of(content: &str) -> Self {
        let mut words = Self::default();
        let mut before = 0;
        let mut rest = content;
        while let Some(first) = rest.chars().next() {
            let len = rest.find(|it: char| !it.is_alphabetic()).unwrap_or(rest.len());
            if len == 0 {
                if !first.is_whitespace() {
                    before = 0;
                }
                rest = &rest[first.len_utf8()..];
                continue;
            }
            let word = rest[..len].chars().count();
            rest = &rest[len..];
            if !(rest.starts_with('(') && word <= 8) {
                words.longest = words.longest.max(word);
            }
            words.is_prose |= before > 1 && word > 1;
            before = word;
        }
        words
    }
}

/// The text without what a quote around the paragraph puts at the beginning of its lines: the `>`
/// of a formula cannot stand there, it would begin a quote.
fn without_quotes(content: &str) -> String {
    if !content.contains("\n>") && !content.contains("\n ") {
        return content.to_owned();
    }
    let lines: Vec<&str> = content
        .split('\n')
        .enumerate()
        .map(
            |(index, line)| {
                if index == 0 { line } else { line.trim_start_matches([' ', '\t', '>']) }
            },
        )
        .collect();
    lines.join("\n")
}
