use super::*;

fn summary(text: &str, took: u64) -> String {
    let mut tally = Tally::default();
    // Wherever it is parted, the count is the same.
    for character in text.chars() {
        tally.push(&character.to_string());
    }
    let whole = tally.summary(Duration::from_millis(took));
    let mut tally = Tally::default();
    tally.push(text);
    assert_eq!(tally.summary(Duration::from_millis(took)), whole);
    whole
}

fn rows(pieces: &[&str], columns: usize, most: usize) -> String {
    let mut tail = Tail::new(columns, most);
    for piece in pieces {
        tail.push(piece);
    }
    tail.text()
}

#[test]
fn a_thought_is_told_by_its_time_and_its_words() {
    assert_eq!(summary("", 12_400), "thought for 12 s");
    assert_eq!(summary("hm", 999), "thought for a moment (1 word)");
    assert_eq!(summary(" let me\n\nsee. ", 1000), "thought for 1 s (3 words)");
    assert_eq!(summary(&"so ".repeat(1234), 83_000), "thought for 1 min 23 s (1,234 words)");
    assert_eq!(summary("well 👍 🎉", 2000), "thought for 2 s (3 words)");
}

#[test]
fn where_no_space_parts_the_words_characters_are_counted() {
    assert_eq!(summary("我想想。", 2000), "thought for 2 s (3 characters)");
    assert_eq!(summary("考えて use foo() みる", 2000), "thought for 2 s (5 characters)");
    assert_eq!(summary("คิดก่อน", 2000), "thought for 2 s (7 characters)");
    assert_eq!(summary("the word 水 is one word", 2000), "thought for 2 s (6 words)");
}

#[test]
fn the_last_rows_are_kept_and_no_row_is_too_long() {
    assert_eq!(rows(&["one\ntwo\nthree\nfour"], 20, 3), "two\nthree\nfour");
    assert_eq!(rows(&["one\n\n \n\ntwo\n"], 20, 3), "one\ntwo");
    assert_eq!(rows(&["one\ntwo\nthree\n\n"], 20, 3), "one\ntwo\nthree");
    assert_eq!(rows(&["the quick ", "brown", "ish fox"], 12, 3), "the quick \nbrownish fox");
    assert_eq!(rows(&["abcdefghijkl"], 5, 3), "abcde\nfghij\nkl");
    assert_eq!(rows(&["思考中思考"], 5, 3), "思考\n中思\n考");
    assert_eq!(rows(&["abcde fgh"], 5, 3), "abcde\nfgh");
    assert_eq!(rows(&["a\tb"], 5, 3), "a b");
    assert_eq!(rows(&["a", "b"], 5, 0), "");
}

#[test]
fn what_it_holds_does_not_grow_with_what_was_thought() {
    let mut tail = Tail::new(40, 3);
    for _ in 0..100_000 {
        tail.push("no end of it ");
    }
    assert!(tail.rows.len() <= 3);
    assert!(tail.rows.iter().all(|row| row.len() <= 40), "{tail:?}");
}

#[test]
fn a_thought_drives_no_terminal() {
    assert_eq!(rows(&["a\u{1b}", "[2J\u{9b}1A\r\u{7}"], 30, 3), "a␛[2J\\x9b1A␍␇");
}
