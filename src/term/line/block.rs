//! Which texts go on after Enter. Pure.

/// Begins and ends a text of several lines.
const MARK: &str = "\"\"\"";

/// Whether a text begins with `"""` and is not yet ended by another one. White space round it does
/// not count.
pub(super) fn is_open(text: &str) -> bool {
    match text.trim_start().strip_prefix(MARK) {
        None => false,
        Some(rest) => !rest.trim_end().ends_with(MARK),
    }
}

/// Whether Enter behind this text makes a line feed of the backslash at its end. In an open block a
/// backslash is text as any other.
pub(super) fn is_continued(text: &str) -> bool {
    text.ends_with('\\') && !is_open(text)
}

/// The text with line feeds only, whatever separated its lines.
pub(super) fn with_line_feeds(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: bool) {
        assert_eq!(is_open(text), expected, "{text:?}");
    }

    #[test]
    fn a_block_is_open_until_its_end_mark() {
        check("\"\"\"", true);
        check("\"\"\"one\ntwo", true);
        check("  \"\"\"one \"\"\" two", true);
        check("\"\"\"\"\"", true);
        check("\"\"\"\"\"\"", false);
        check("\"\"\"one\ntwo\n\"\"\"", false);
        check("\"\"\"one\"\"\" \n", false);
    }

    #[test]
    fn other_texts_are_never_open() {
        for text in ["", "one", "\"\"", "say \"\"\"", "one\n\"\"\""] {
            check(text, false);
        }
    }

    #[test]
    fn a_backslash_continues_a_text_but_not_an_open_block() {
        assert!(is_continued("one \\"));
        assert!(!is_continued("one \\ "));
        assert!(!is_continued("\"\"\"one \\"));
    }

    #[test]
    fn lines_are_separated_by_line_feeds_only() {
        assert_eq!(with_line_feeds("a\r\nb\rc\nd\r\r\n"), "a\nb\nc\nd\n\n");
    }
}
