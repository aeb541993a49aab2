//! What is seen of an answer while it arrives.

use byok::term::Look;

use crate::terminal::{Answer, Stage};

/// Pushes an answer word by word, without a repaint, and asserts that each word of letters is to be
/// seen as soon as it has come.
#[track_caller]
fn check(text: &str) {
    let mut answer = Answer::new(Stage::of(40));
    for piece in text.split_inclusive([' ', '\n']) {
        let (word, space) = piece.split_at(piece.trim_end().len());
        for chunk in [word, space] {
            answer.push(chunk, false);
            let letters = word.trim_matches(|it: char| !it.is_ascii_alphanumeric());
            // A number may be the mark of an item until a word follows; a fence is read to its end.
            if letters.bytes().all(|it| it.is_ascii_digit()) || word.starts_with("```") {
                continue;
            }
            let shown = answer.terminal().text();
            assert!(shown.contains(letters), "`{letters}` of {text:?} is not to be seen:\n{shown}");
        }
    }
}

#[test]
fn words_are_seen_as_soon_as_they_come() {
    check("these words come one by one, and are more than the row can take\nthe second line\n");
    check("a0\n\na1 a2\n\na3\n");
    check("# a title of words\n\nand text\n");
    check("- first one\n- second two\n  - third three\n    goes on\n\nafter it\n");
    check("1. first one\n2. second two\n\n   its text\n");
    check("> quoted words\n> go on\n\nafter them\n");
    check("```rust\nlet x1 = y1;\nfoo bar baz\n```\n\nafter them\n");
    check("words ```\n\n    indented code\n    goes on\n\nafter it\n");
    check("日本 text 世界 words\n");
}

#[test]
fn characters_of_a_word_are_seen_one_by_one() {
    let mut answer = Answer::new(Stage::of(40));
    for (index, letter) in "reproducibility".char_indices() {
        answer.push(letter.encode_utf8(&mut [0; 4]), false);
        let expected = &"reproducibility"[..=index];
        assert_eq!(answer.terminal().text(), expected);
    }
}

#[test]
fn emphasis_is_seen_before_it_ends() {
    let mut answer = Answer::new(Stage::of(40));
    for chunk in ["an ", "**import", "ant ", "word"] {
        answer.push(chunk, true);
    }
    let shown = answer.terminal().text();
    assert!(shown.contains("important") && shown.ends_with("word"), "{shown}");
}

/// Pushes an answer in such chunks and asserts that nothing of it was painted anew.
#[track_caller]
fn check_appended(chunks: &[&str], expected: &str) {
    // The words of a link that is over would be painted anew as one.
    let look = Look::default();
    let mut answer = Answer::new(Stage { look, ..Stage::of(80) });
    for chunk in chunks {
        answer.push(chunk, true);
        assert_eq!(answer.repaints(), 0, "{chunk:?}: {}", answer.terminal().text());
    }
    assert_eq!(answer.terminal().styled(), expected);
}

#[test]
fn emphasis_goes_on_in_the_next_line_without_a_repaint() {
    let chunks = ["It is **bold", " and", "\n", "goes", " on** `in", "\n", "code` ", "now"];
    check_appended(&chunks, "It is ⟨b⟩bold and\ngoes on⟨⟩ ⟨30⟩in code⟨⟩ now");
}

#[test]
fn the_target_of_a_link_is_added_as_it_comes() {
    check_appended(
        &["see [the list](", "https://a.exa", "mple/x", "y) now"],
        "see ⟨u 27⟩the list⟨243⟩ (https://a.example/xy)⟨⟩ now",
    );
}

#[test]
fn what_is_above_the_last_block_never_changes() {
    let text = "# Title\n\nfirst *paragraph* of words\n\n- an item\n- `another`\n\n```sh\nls -l\n```\n\n\
        | a | b |\n|---|---|\n| 1 | 2 |\n\nlast words\n";
    let mut answer = Answer::new(Stage::of(40));
    let mut above = String::new();
    for block in text.split_inclusive("\n\n") {
        answer.push(block, true);
        let shown = answer.terminal().styled();
        assert!(shown.starts_with(&above), "was:\n{above}\nis:\n{shown}");
        // The last of the lines may still be unfinished.
        above = shown.trim_end_matches("⟨⟩").to_owned();
        above.truncate(above.rfind('\n').unwrap_or(0));
    }
}

#[test]
fn copied_paragraphs_and_code_are_what_was_written() {
    let prose = "These words are wrapped by the terminal and by nobody else, wherever its margin is, \
        so that a person who copies them gets one line.";
    let code = "fn main() {\n    let a_long_line_of_code = \"which is longer than the terminal is wide\";\n\n    run();\n}";
    let answer = format!("{prose}\n\n```rust\n{code}\n```\n\n{prose}\n");
    for columns in [10, 40, 80, 200] {
        let chunks = answer.char_indices().map(|(at, it)| (&answer[at..at + it.len_utf8()], true));
        for text in
            [Stage::of(columns).show(&answer).text(), Stage::of(columns).stream(chunks).text()]
        {
            assert!(text.starts_with(prose) && text.ends_with(prose), "{columns}: {text}");
            assert!(text.contains(code), "{columns}: {text}");
            let has_trailing_space = text.lines().any(|line| line.ends_with([' ', '\t']));
            assert!(!has_trailing_space, "{columns}: {text:?}");
        }
    }
}

#[test]
fn an_answer_ends_in_one_line_feed_and_an_empty_one_in_none() {
    for (answer, expected) in [("words", "words\n"), ("words\n", "words\n"), ("", "")] {
        let mut terminal = Stage::of(40).show(answer);
        assert_eq!(terminal.text(), expected.trim_end());
        assert_eq!(terminal.cursor(), (expected.lines().count(), 0), "{answer:?}");
    }
}
