//! Text from outside becomes harmless: it may say anything and do nothing. Pure.
//!
//! It knows no state: every character is judged alone, so that chunk borders cannot matter and no
//! unterminated sequence can swallow what follows.

use std::borrow::Cow;

/// Replaces what could drive or deceive a terminal by visible marks. Line feeds and tabs stay.
///
/// C0 controls and DEL become their pictures (`␛`), C1 controls become `\x9b`, bidirectional
/// overrides and tag characters become `<U+202E>`, line and paragraph separators become line feeds.
pub fn sanitize(text: &str) -> Cow<'_, str> {
    match first_suspect(text) {
        None => Cow::Borrowed(text),
        Some(at) => {
            let mut out = String::with_capacity(text.len() + 16);
            out.push_str(&text[..at]);
            for character in text[at..].chars() {
                push(character, &mut out);
            }
            Cow::Owned(out)
        }
    }
}

/// As [`sanitize`], for a text that is all there: `\r\n` is the end of a line in it.
pub fn sanitize_whole(text: &str) -> String {
    sanitize(&text.replace("\r\n", "\n")).into_owned()
}

/// As [`sanitize`], appending to `out`.
pub fn sanitize_into(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(sanitize(text).as_bytes());
}

/// As [`sanitize_whole`], for text that must stay on one line: ends of lines and tabs become spaces.
pub fn sanitize_line(text: &str) -> String {
    sanitize_whole(text).replace(['\n', '\t'], " ")
}

/// Where the first byte stands that may begin something unwanted. Most text has none.
pub(super) fn first_suspect(text: &str) -> Option<usize> {
    text.bytes().position(|byte| SUSPECTS[usize::from(byte)])
}

const SUSPECTS: [bool; 256] = {
    let mut suspects = [false; 256];
    let mut byte = u8::MAX;
    loop {
        // C0 and DEL; 0xC2 leads C1, 0xD8 U+061C, 0xE2 U+2000 to U+2FFF, 0xEF U+FEFF and U+FFF9,
        // 0xF3 the tag characters.
        suspects[byte as usize] = (byte < 0x20 && byte != b'\n' && byte != b'\t')
            || matches!(byte, 0x7f | 0xc2 | 0xd8 | 0xe2 | 0xef | 0xf3);
        if byte == 0 {
            break suspects;
        }
        byte -= 1;
    }
};

fn push(character: char, out: &mut String) {
    use std::fmt::Write as _;

    let code = u32::from(character);
    match character {
        '\n' | '\t' => out.push(character),
        '\u{0}'..='\u{1f}' => out.push(char::from_u32(0x2400 + code).unwrap_or('\u{fffd}')),
        '\u{7f}' => out.push('\u{2421}'),
        '\u{80}'..='\u{9f}' => {
            let _ = write!(out, "\\x{code:02x}");
        }
        '\u{2028}' | '\u{2029}' => out.push('\n'),
        _ if is_unseen(character) => {
            let _ = write!(out, "<U+{code:04X}>");
        }
        _ => out.push(character),
    }
}

/// Controls but line feeds and tabs; what changes the direction of writing; invisible tags.
pub(super) fn is_unseen(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        '\u{61c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => true,
        _ => character.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(sanitize(text), expected);
        // Cut anywhere, the parts say the same as the whole.
        for (at, _) in text.char_indices() {
            assert_eq!(format!("{}{}", sanitize(&text[..at]), sanitize(&text[at..])), expected);
        }
    }

    #[test]
    fn ordinary_text_is_borrowed_and_unchanged() {
        let text = "Grüße, 世界! 👋🏽\n\tcode";
        assert!(matches!(sanitize(text), Cow::Borrowed(_)));
        check(text, text);
        check("“quotes” – dashes … é ©", "“quotes” – dashes … é ©");
    }

    #[test]
    fn controls_show_and_swallow_nothing() {
        check("a\u{1b}]0;title", "a␛]0;title");
        check("a\u{1b}]52;c;Zm9v\u{7}b", "a␛]52;c;Zm9v␇b");
        check("x\r\u{8}\u{7f}\u{0}", "x␍␈␡␀");
        check("\u{9b}31m \u{9d}0;t", "\\x9b31m \\x9d0;t");
    }

    #[test]
    fn deceptions_show() {
        check("a\u{202e}b\u{2066}c\u{200f}", "a<U+202E>b<U+2066>c<U+200F>");
        check("\u{e0041}", "<U+E0041>");
        check("a\u{2028}b", "a\nb");
    }

    #[test]
    fn joiners_and_variation_selectors_stay() {
        check("👩\u{200d}👩\u{200d}👧 ✔\u{fe0f}", "👩\u{200d}👩\u{200d}👧 ✔\u{fe0f}");
    }

    #[test]
    fn line_ends_of_a_whole_text_are_line_feeds() {
        assert_eq!(sanitize_whole("a\r\nb\rc\r\n"), "a\nb␍c\n");
    }

    #[test]
    fn a_line_stays_one_line() {
        assert_eq!(sanitize_line("a\nb\tc\u{2029}d\r\ne\rf"), "a b c d e␍f");
    }
}
