//! Names with spaces in them, as a shell has them: `"my file.txt"`, `'my file.txt'`,
//! `my\ file.txt`; and words that begin with `@`. Pure.
//!
//! Quotes count only where a word begins, so that `it's.txt` is a name. A backslash is a character
//! like others unless it stands before a space, a quote or another backslash: Windows separates
//! folders by it.

use std::ops::Range;

/// A word, and what follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct Word<'t> {
    /// As it was typed.
    pub(in crate::app) raw: &'t str,
    /// What it stands for: no quotes, no backslashes.
    pub(in crate::app) meant: String,
    /// What follows it.
    pub(in crate::app) rest: &'t str,
    /// Its quote is not closed on its line: it goes on to the end of that.
    pub(in crate::app) is_open: bool,
}

/// A word that begins with `@` and may name a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct Mention<'t> {
    /// Where its `@` stands, in bytes.
    pub(in crate::app) at: usize,
    /// What follows the `@`; nothing when it stands alone.
    pub(in crate::app) word: Word<'t>,
}

impl Mention<'_> {
    /// Where it stands with its `@`, in bytes.
    pub(in crate::app) fn place(&self) -> Range<usize> {
        self.at..self.at + 1 + self.word.raw.len()
    }
}

/// The word that `text` begins with; an empty one before white space and at the end.
pub(in crate::app) fn first(text: &str) -> Word<'_> {
    let mut quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    let mut meant = String::new();
    let mut at = quote.map_or(0, char::len_utf8);
    while let Some(character) = text[at..].chars().next() {
        let next = text[at + character.len_utf8()..].chars().next();
        if character == '\n' || (quote.is_none() && character.is_whitespace()) {
            break;
        }
        at += character.len_utf8();
        if quote == Some(character) {
            quote = None;
        } else if let Some(next) = next
            && character == '\\'
            && is_escaped(next, quote)
        {
            meant.push(next);
            at += next.len_utf8();
        } else {
            meant.push(character);
        }
    }
    let (raw, rest) = text.split_at(at);
    Word { raw, meant, rest, is_open: quote.is_some() }
}

/// Whether a backslash before this character belongs to it.
fn is_escaped(character: char, quote: Option<char>) -> bool {
    // `\\server\share` begins a path there.
    let is_backslash = character == '\\' && !cfg!(windows);
    match quote {
        None => matches!(character, ' ' | '\t' | '"' | '\'') || is_backslash,
        Some('"') => character == '"' || is_backslash,
        Some(_) => false,
    }
}

/// How `name` is typed so that [`first`] reads it again, in a word that began with `quote`; the
/// quote is left open. `None`: not at all.
pub(in crate::app) fn written(name: &str, quote: Option<char>) -> Option<String> {
    if name.contains('\n') || (quote == Some('\'') && name.contains('\'')) {
        return None;
    }
    let mut written: String = quote.into_iter().collect();
    for character in name.chars() {
        // Within a word that has none, a quote is a character like others.
        let is_plain = matches!(character, '"' | '\'') && quote.is_none() && !written.is_empty();
        if is_escaped(character, quote) && !is_plain {
            written.push('\\');
        }
        written.push(character);
    }
    let is_readable = first(&written).meant == name;
    is_readable.then_some(written)
}

/// The words that begin with `@`, in order.
pub(in crate::app) fn mentions(text: &str) -> impl Iterator<Item = Mention<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from + text[from..].find('@')?;
            from = at + 1;
            if text[..at].ends_with(char::is_whitespace) || at == 0 {
                let word = first(&text[from..]);
                // What follows a quote that is never closed is ordinary text.
                if !word.is_open {
                    from += word.raw.len();
                }
                return Some(Mention { at, word });
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, raw: &str, meant: &str) {
        let rest = &text[raw.len()..];
        assert_eq!(first(text), Word { raw, meant: meant.into(), rest, is_open: false }, "{text}");
    }

    #[test]
    fn a_word_ends_at_white_space_that_is_not_quoted() {
        check("a.txt b", "a.txt", "a.txt");
        check("", "", "");
        check(" a", "", "");
        check("\"my file.txt\" b", "\"my file.txt\"", "my file.txt");
        check("'my file.txt'\nb", "'my file.txt'", "my file.txt");
        check("\"my file\".txt b", "\"my file\".txt", "my file.txt");
        check(r"my\ file.txt b", r"my\ file.txt", "my file.txt");
        check(r#""a \"b\"" c"#, r#""a \"b\"""#, r#"a "b""#);
        check(r"'a\' b", r"'a\'", r"a\");
        check("it's b", "it's", "it's");
        check(r"C:\dir\new b", r"C:\dir\new", r"C:\dir\new");
        check(r"a\", r"a\", r"a\");
        check("é\u{a0}b", "é", "é");
    }

    #[test]
    fn a_quote_stays_open_to_the_end_of_its_line() {
        let word = first("\"my fi\nnext\"");
        assert_eq!(
            word,
            Word { raw: "\"my fi", meant: "my fi".into(), rest: "\nnext\"", is_open: true }
        );
    }

    #[test]
    fn what_is_written_is_read_again() {
        for name in ["a.txt", "my file", "it's", "'a", "\"a\" b", "tab\there", "é 世"] {
            let plain = written(name, None).expect("it can be written");
            assert_eq!(first(&plain).meant, name, "{plain}");
            assert_eq!(first(&plain).rest, "", "{plain}");
            let quoted = written(name, Some('"')).expect("it can be written");
            let closed = format!("{quoted}\"");
            assert_eq!(first(&closed).meant, name, "{closed}");
            assert!(!first(&closed).is_open, "{closed}");
        }
        assert_eq!(written("my file", None).as_deref(), Some(r"my\ file"));
        assert_eq!(written("it's", None).as_deref(), Some("it's"));
        assert_eq!(written("my file", Some('\'')).as_deref(), Some("'my file"));
        assert_eq!(written("it's", Some('\'')), None);
        assert_eq!(written("two\nlines", None), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_backslash_in_a_name_is_doubled() {
        assert_eq!(written(r"a\ b", None).as_deref(), Some(r"a\\\ b"));
        assert_eq!(first(r"a\\\ b").meant, r"a\ b");
        assert_eq!(written(r"a\", None).as_deref(), Some(r"a\\"));
    }

    #[test]
    fn a_mention_begins_a_word() {
        let found = |text: &str| -> Vec<(usize, String)> {
            mentions(text).map(|mention| (mention.at, mention.word.raw.to_owned())).collect()
        };
        assert_eq!(
            found("@a see @b/c.rs,\n@\"my d\" x"),
            [(0, "a".into()), (7, "b/c.rs,".into()), (16, "\"my d\"".into())]
        );
        assert_eq!(found("me@example.org a@b (@c) \"@d\""), []);
        assert_eq!(found("a @"), [(2, String::new())]);
        assert_eq!(found("@\"open @b"), [(0, "\"open @b".into()), (7, "b".into())]);
        assert_eq!(found("@@a"), [(0, "@a".into())]);
    }
}
