//! What unfinished text will most likely become, so that it looks right before it is over. Pure.
//!
//! A guess concerns what is shown for the moment only: what stays is parsed when it is over.

/// What is missing at the end of an unfinished line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Guess {
    /// So many bytes at the end may be half a mark: they are not shown yet.
    pub(super) held: usize,
    /// What would close the marks that are open.
    pub(super) closers: String,
}

/// Looks at the last line of a paragraph, which is not over.
pub(super) fn guess(line: &str) -> Guess {
    let shown = line
        .trim_end_matches([' ', '\t'])
        .trim_end_matches(['*', '_', '~', '`', '[', '!', '\\'])
        .trim_end_matches([' ', '\t']);
    Guess { held: line.len() - shown.len(), closers: open_marks(shown).1 }
}

/// The marks that are open at the end of a line, and what would close them.
pub(super) fn open_marks(shown: &str) -> (String, String) {
    let mut open: Vec<&str> = Vec::new();
    let mut link = None;
    let bytes = shown.as_bytes();
    let mut at = 0;
    let is_mark = |it: &u8| matches!(it, b'\\' | b'`' | b'*' | b'_' | b'~' | b'[');
    while let Some(words) = bytes[at..].iter().position(is_mark) {
        at += words;
        let run = run_at(shown, at);
        match bytes[at] {
            // Whatever is escaped is itself, be it many bytes long.
            b'\\' => at += 1 + shown[at + 1..].chars().next().map_or(0, char::len_utf8),
            b'`' => {
                let Some(end) = closing(shown, at + run.len(), run) else {
                    open.push(run);
                    break;
                };
                at = end;
            }
            b'*' | b'_' | b'~' => {
                take_run(shown, at, run, &mut open);
                at += run.len();
            }
            _ => {
                link = destination(shown, at);
                match link {
                    Some(Destination::Open) => break,
                    Some(Destination::Closed(end)) => at = end,
                    None => at += 1,
                }
            }
        }
    }
    let mut closers = String::new();
    if link == Some(Destination::Open) {
        closers.push(')');
    }
    closers.extend(open.iter().rev().copied());
    (open.concat(), closers)
}

/// Whether an unfinished line is nothing but marks so far, and may become anything: a bullet, a
/// rule, a heading, a fence, the head of a table.
pub(super) fn is_mark(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t', '>']);
    if line.starts_with("```") || line.starts_with("~~~") {
        return true;
    }
    let is_sign =
        |it| matches!(it, '-' | '=' | '*' | '_' | '#' | '+' | '~' | '`' | '|' | ':' | ' ');
    if line.chars().all(is_sign) {
        return true;
    }
    let rest = line.trim_start_matches(|it: char| it.is_ascii_digit());
    let digits = line.len() - rest.len();
    if digits > 0 && digits <= 9 && matches!(rest.trim_end(), "" | "." | ")") {
        return true;
    }
    // A box to tick.
    let behind = line.trim_start_matches(['-', '*', '+', '.', ')']).trim_start();
    let behind =
        behind.trim_start_matches(|it: char| it.is_ascii_digit() || it == '.' || it == ' ');
    behind.len() < line.len()
        && matches!(behind.trim_end(), "[" | "[ " | "[x" | "[X" | "[ ]" | "[x]" | "[X]")
}

fn run_at(text: &str, at: usize) -> &str {
    let mark = text.as_bytes()[at];
    let length = text.as_bytes()[at..].iter().take_while(|it| **it == mark).count();
    // Only ASCII marks are asked for.
    text.get(at..at + length).unwrap_or_default()
}

/// Behind the run of backticks that closes a code span.
fn closing(text: &str, mut at: usize, run: &str) -> Option<usize> {
    loop {
        at += text[at..].find('`')?;
        let found = run_at(text, at);
        at += found.len();
        if found.len() == run.len() {
            return Some(at);
        }
    }
}

/// A run of emphasis marks opens something, closes it, or is nothing.
fn take_run<'t>(text: &'t str, at: usize, run: &'t str, open: &mut Vec<&'t str>) {
    let before = text[..at].chars().next_back();
    let after = text[at + run.len()..].chars().next();
    let is_gap = |it: Option<char>| it.is_none_or(char::is_whitespace);
    if !is_gap(before) && close(run, open) {
        return;
    }
    let is_at_word = is_gap(before) || before.is_some_and(|it| !it.is_alphanumeric());
    let is_known = if run.starts_with('~') { run.len() == 2 } else { run.len() <= 3 };
    if is_known && is_at_word && !is_gap(after) {
        open.push(run);
    }
}

fn close(run: &str, open: &mut Vec<&str>) -> bool {
    let Some(last) = open.last_mut() else { return false };
    if *last == run {
        open.pop();
        true
    } else if last.starts_with(run) {
        // `***both** one*`
        *last = &last[run.len()..];
        true
    } else {
        false
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Destination {
    /// Its target is not over.
    Open,
    /// It ends before this offset.
    Closed(usize),
}

/// What the bracket at `at` begins, if it is a link with a target.
fn destination(text: &str, at: usize) -> Option<Destination> {
    let (words, target) = text[at..].split_once("](")?;
    if words[1..].contains(['[', '`']) || target.contains([' ', '<']) {
        return None;
    }
    match target.find(')') {
        Some(end) => Some(Destination::Closed(text.len() - target.len() + end + 1)),
        None => Some(Destination::Open),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, openers: &str, closers: &str) {
        assert_eq!(open_marks(line), (openers.to_owned(), closers.to_owned()), "{line}");
    }

    #[test]
    fn open_marks_are_closed_in_the_reverse_order() {
        check("plain text", "", "");
        check("a **bold", "**", "**");
        check("a **bold and *both", "***", "***");
        check("**done** and *more", "*", "*");
        check("~~gone", "~~", "~~");
        check("a `code", "`", "`");
        check("**a `code", "**`", "`**");
        check("``a ` b", "``", "``");
        check("`a` **b", "**", "**");
        check("***both** one", "*", "*");
    }

    #[test]
    fn what_is_no_mark_opens_nothing() {
        check("2 * 3", "", "");
        check("snake_case_name", "", "");
        check("a \\*literal", "", "");
        check("2*3 is 6", "", "");
        check("`a*b` is", "", "");
        check("~tilde", "", "");
    }

    #[test]
    fn a_links_target_is_closed() {
        check("see [this](https://exam", "", ")");
        check("see **[this](https://exam", "**", ")**");
        check("see [this](https://a.b) and", "", "");
        check("an [x] box", "", "");
        check("array[0](", "", ")");
    }

    #[test]
    fn half_a_mark_at_the_end_is_held() {
        for (line, held) in
            [("a *", 2), ("a **b*", 1), ("a", 0), ("a [", 2), ("`a`", 1), ("x  ", 2)]
        {
            assert_eq!(guess(line).held, held, "{line}");
        }
    }

    #[test]
    fn a_line_of_marks_waits_for_its_first_word() {
        let marks = [
            "-", "- ", "1", "12.", "###", "> -", "```", "```rust", "| --", "**", "- [", "- [x]",
            "  * [ ] ",
        ];
        for line in marks {
            assert!(is_mark(line), "{line}");
        }
        for line in ["a", "- a", "1. b", "# c", "[", "2024 was", "- [link", "| a"] {
            assert!(!is_mark(line), "{line}");
        }
    }
}
