use rustyline::{completion::Candidate as _, hint::Hint as _, history::MemHistory};

use super::*;
use crate::term::{Hint, Suggestion};

/// Completes and hints the same, wherever it is asked.
struct Same {
    start: usize,
    inserted: Vec<String>,
    hint: Hint,
}

impl Assist for Same {
    fn complete(&self, _: &str, _: usize) -> (usize, Vec<Suggestion>) {
        let suggestion =
            |it: &String| Suggestion { shown: format!("{it}\u{1b}"), inserted: it.clone() };
        (self.start, self.inserted.iter().map(suggestion).collect())
    }

    fn hint(&self, _: &str) -> Option<Hint> {
        Some(self.hint.clone())
    }

    fn mentions(&self, _: &str) -> Vec<std::ops::Range<usize>> {
        Vec::new()
    }

    fn holds_secret(&self, _: &str) -> bool {
        false
    }
}

fn typist(start: usize, inserted: &[&str], has_color: bool) -> Typist {
    let hint = Hint { shown: "shown\u{1b}".to_owned(), accepted: Some("a\u{7}".to_owned()) };
    let inserted = inserted.iter().map(|it| (*it).to_owned()).collect();
    Typist::new(Box::new(Same { start, inserted, hint }), Arc::new(Notes::new()), has_color)
}

#[track_caller]
fn check_completion(typist: &Typist, line: &str, at: usize, expected: &[(&str, &str)]) {
    let history = MemHistory::new();
    let (start, pairs) =
        typist.complete(line, at, &Context::new(&history)).expect("it cannot fail");
    assert!(start <= at && line.is_char_boundary(start));
    let pairs: Vec<_> = pairs.iter().map(|it| (it.display(), it.replacement())).collect();
    assert_eq!(pairs, expected);
}

#[test]
fn completions_show_no_controls_and_insert_none() {
    let typist = typist(0, &["/help", "/b\u{1b}[31m", "two\nlines", "\u{202e}x"], false);
    check_completion(&typist, "/", 1, &[("/help␛", "/help")]);
}

#[test]
fn a_place_that_is_none_completes_nothing() {
    check_completion(&typist(2, &["x"], false), "abc", 1, &[]);
    check_completion(&typist(1, &["x"], false), "é", 2, &[]);
}

#[test]
fn no_list_is_too_long_for_the_editor() {
    let many = vec!["x"; 70_000];
    check_completion(&typist(0, &many, false), "", 0, &vec![("x␛", "x"); LISTED_MOST]);
}

#[test]
fn a_hint_stands_at_the_end_of_a_short_line_and_only_in_colour() {
    let history = MemHistory::new();
    let hint = |has_color, line: &str, at| {
        typist(0, &[], has_color).hint(line, at, &Context::new(&history))
    };
    let shown = hint(true, "/m", 2).expect("it is at the end");
    assert_eq!((shown.display(), shown.completion()), ("shown␛", None));
    assert!(hint(true, "/m", 1).is_none());
    assert!(hint(false, "/m", 2).is_none());
    let long = "x".repeat(HINTED_MOST + 1);
    assert!(hint(true, &long, long.len()).is_none());
}

#[test]
fn what_was_pasted_cannot_drive_the_terminal() {
    let typist = typist(0, &[], false);
    assert_eq!(typist.highlight("a\u{1b}[31m\u{e}\u{9b}b\u{202e}\n\tc", 0), "a[31mb\n\tc");
    assert!(matches!(typist.highlight("Grüße “…”\n\t世界", 0), Cow::Borrowed(_)));
}
