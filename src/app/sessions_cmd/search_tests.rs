use super::*;
use crate::sessions::Time;

fn hit(snippet: &str, found: &str) -> Hit {
    let marks = snippet.match_indices(found).map(|(at, it)| at..at + it.len()).collect();
    let at = Time::of(Timestamp::UNIX_EPOCH);
    Hit { turn: 1, is_question: true, at, snippet: snippet.to_owned(), marks }
}

/// The pieces with `*` round what was found.
fn shown(snippet: &str, found: &str, room: usize) -> String {
    let pieces = window(&hit(snippet, found), room).into_iter();
    pieces.map(|(text, is_found)| if is_found { format!("*{text}*") } else { text }).collect()
}

#[test]
fn what_was_found_is_marked() {
    assert_eq!(shown("the sky is the limit", "the", 40), "*the* sky is *the* limit");
    assert_eq!(shown("the sky", "sea", 40), "the sky");
}

#[test]
fn a_long_snippet_is_cut_round_what_was_found() {
    let words = "word ".repeat(30) + "needle" + &" word".repeat(30);
    let shown = shown(&words, "needle", 40);
    assert!(shown.starts_with('…') && shown.ends_with('…'), "{shown}");
    assert!(shown.contains("*needle*"), "{shown}");
    assert!(shown.width() <= 40 + "**".len(), "{shown}");
    assert_eq!(super::window(&hit("語語語語", "x"), 5).concat_width(), 5);
}

#[test]
fn what_could_drive_a_terminal_is_a_mark() {
    assert_eq!(shown("a \u{1b}[31mb\n", "b", 40), "a ␛[31m*b* ");
}

trait Width {
    fn concat_width(&self) -> usize;
}

impl Width for Vec<(String, bool)> {
    fn concat_width(&self) -> usize {
        self.iter().map(|(text, _)| text.width()).sum()
    }
}
