//! A Rust file as the rules see it: which paths its code names.

/// One file.
#[derive(Debug)]
pub(super) struct Source {
    /// From the project's top, with forward slashes: `src/wire/sse.rs`.
    pub(super) path: String,
    pub(super) text: String,
}

impl Source {
    /// The room it stands in: `wire` for `src/wire/sse.rs`; none for `src/main.rs`.
    pub(super) fn room(&self) -> Option<&str> {
        Some(self.path.strip_prefix("src/")?.split_once('/')?.0)
    }

    /// Whether all of it is a test.
    pub(super) fn is_test(&self) -> bool {
        self.path.ends_with("_tests.rs") || self.path.ends_with("/tests.rs")
    }

    /// The paths that its code names, groups spelled out: `use a::{b, c::d}` names `a::b` and
    /// `a::c::d`. An inline test module at its end is left out.
    pub(super) fn paths(&self) -> Vec<String> {
        paths(without_tests(&code(&self.text)))
    }

    /// As [`paths`](Self::paths), test modules included.
    pub(super) fn all_paths(&self) -> Vec<String> {
        paths(&code(&self.text))
    }
}

/// The text without comments and without what stands in literals.
fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = literal(rest, &code).unwrap_or(0);
        if length == 0 {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            code.push(' ');
            rest = &rest[length..];
        }
    }
    code
}

/// The length of the comment or literal that `rest` begins with; `before` is the code so far.
fn literal(rest: &str, before: &str) -> Option<usize> {
    let until = |end: &str, from: usize| {
        rest[from..].find(end).map_or(rest.len(), |at| from + at + end.len())
    };
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(until("*/", 2));
    }
    if rest.starts_with('"') {
        return Some(quoted(rest, '"'));
    }
    let is_word_before = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    if let Some(raw) = rest.strip_prefix('r').filter(|_| !is_word_before || before.ends_with('b')) {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            return Some(until(&format!("\"{}", "#".repeat(hashes)), hashes + 2));
        }
    }
    // A character, but not a lifetime: the closing quote follows one character or an escape.
    let inner = rest.strip_prefix('\'')?;
    let is_character = inner.starts_with('\\') || inner.chars().nth(1) == Some('\'');
    is_character.then(|| quoted(rest, '\''))
}

/// The length of a literal from quote to quote.
fn quoted(rest: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (index, c) in rest.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if c == quote => return index + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Up to the first inline test module; such modules stand last.
fn without_tests(code: &str) -> &str {
    const MARK: &str = "#[cfg(test)]";
    let mut from = 0;
    while let Some(at) = code[from..].find(MARK) {
        let start = from + at;
        from = start + MARK.len();
        let item = code[from..].trim_start();
        let is_inline = item.find('{').unwrap_or(usize::MAX) < item.find(';').unwrap_or(usize::MAX);
        if item.starts_with("mod ") && is_inline {
            return &code[..start];
        }
    }
    code
}

fn paths(code: &str) -> Vec<String> {
    let tokens = tokens(code);
    let mut paths = Vec::new();
    let mut rest = tokens.as_slice();
    while let Some((first, after)) = rest.split_first() {
        rest = if is_word(first) { path(String::new(), rest, &mut paths) } else { after };
    }
    paths
}

/// Reads one path or tree of paths from its first word on, and says what follows it.
fn path<'a>(mut prefix: String, mut rest: &'a [&'a str], paths: &mut Vec<String>) -> &'a [&'a str] {
    while let [word, after @ ..] = rest {
        if !is_word(word) {
            break;
        }
        prefix.push_str(word);
        rest = after;
        match rest {
            ["::", "{", inner @ ..] => {
                prefix.push_str("::");
                rest = inner;
                while let [first, after @ ..] = rest {
                    rest = match *first {
                        "}" => return after,
                        // The new name is no path.
                        "as" => after.get(1..).unwrap_or_default(),
                        word if is_word(word) => path(prefix.clone(), rest, paths),
                        _ => after,
                    };
                }
                return rest;
            }
            ["::", after @ ..] if after.first().is_some_and(|next| is_word(next)) => {
                prefix.push_str("::");
                rest = after;
            }
            _ => break,
        }
    }
    paths.push(prefix);
    rest
}

/// Words, `::`, and single other characters.
fn tokens(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if is_word_part(first) {
            rest.find(|c| !is_word_part(c)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after.trim_start();
    }
    tokens
}

fn is_word(token: &str) -> bool {
    token.starts_with(is_word_part)
}

fn is_word_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_of_paths_are_spelled_out() {
        let text = "use std::{fs, io::{self, Read as _}};\nlet x: a::B<c::D> = e::f::<G>();";
        assert_eq!(
            paths(text),
            [
                "use",
                "std::fs",
                "std::io::self",
                "std::io::Read",
                "let",
                "x",
                "a::B",
                "c::D",
                "e::f",
                "G"
            ]
        );
    }

    #[test]
    fn literals_and_comments_are_no_code() {
        let text = "a // b\n\"c\\\"d\" r#\"e\"f\"# 'g' '\\'' &'h str /* i\n */ br\"j\" for";
        let words: Vec<String> = paths(&code(text));
        assert_eq!(words, ["a", "h", "str", "b", "for"]);
    }
}
