//! Whatever an answer says, it moves, hides, copies, titles and rings nothing.

use byok::term::Palette;

use super::corpus::{PIECES, PLACES, placed};
use crate::terminal::{Stage, Terminal};

/// Words that stand around every piece.
const WORDS: [&str; 3] = ["keep0", "after1", "after2"];

/// The words are there, each once and in their order, whatever wraps or frames them.
#[track_caller]
fn assert_words(terminal: &mut Terminal, place: &str, piece: &str) {
    let text = terminal.text();
    let letters: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    let places = WORDS.map(|word| letters.match_indices(word).map(|(at, _)| at).collect());
    // A head may be named with every cell below it.
    let may_repeat = place == "the head of a table";
    let is_as_wanted = places.is_sorted()
        && places
            .iter()
            .all(|found: &Vec<usize>| found.len() == 1 || (may_repeat && found.len() == 2));
    assert!(is_as_wanted, "{piece:?} in {place}: the words stand at {places:?} of:\n{text}");
}

/// Shows every piece in every place, each pair on one of these stages in turn, character by
/// character: every piece and every place is seen on all of them.
fn check_in_turn(stages: &[Stage]) {
    for (turn, (name, place)) in PLACES.iter().enumerate() {
        for (index, piece) in PIECES.iter().enumerate() {
            let stage = stages[(turn + index) % stages.len()];
            assert_words(&mut stage.stream(characters(place, piece)), name, piece);
        }
    }
}

/// Shows every piece in every place, each at once; [`Terminal::write`] judges each write.
fn check(stage: Stage) {
    for (name, place) in PLACES {
        for piece in PIECES {
            assert_words(&mut stage.show(&placed(place, piece)), name, piece);
        }
    }
}

/// Every character of the piece a chunk of its own, and every word around it; every second time the
/// screen may be repainted.
fn characters<'a>(place: &'a str, piece: &'a str) -> impl Iterator<Item = (&'a str, bool)> {
    let around = place.split("{}").enumerate();
    let chunks = around.flat_map(move |(index, words)| {
        let piece = if index == 0 { "" } else { piece };
        let characters = piece.char_indices().map(|(at, it)| &piece[at..at + it.len_utf8()]);
        characters.chain(words.split_inclusive([' ', '\n']))
    });
    chunks.enumerate().map(|(index, chunk)| (chunk, index % 2 == 0))
}

#[test]
fn hostile_text_is_text_at_every_width() {
    for columns in [1, 2, 10, 80] {
        check(Stage::of(columns));
    }
}

#[test]
fn hostile_text_is_text_when_it_comes_character_by_character() {
    check_in_turn(&[1, 10, 80].map(Stage::of));
}

#[test]
fn hostile_text_is_text_wherever_it_is_cut() {
    // Every piece at each of its characters in a fourth of the places, another fourth each time.
    for (turn, (name, place)) in PLACES.iter().enumerate() {
        for piece in PIECES {
            let text = placed(place, piece);
            let start = place.find("{}").expect("every place has room for a piece");
            let cuts = (start..=start + piece.len()).filter(|at| text.is_char_boundary(*at));
            for at in cuts.skip(turn % 4).step_by(4) {
                let chunks = [(&text[..at], true), (&text[at..], true)];
                assert_words(&mut Stage::of(40).stream(chunks), name, piece);
            }
        }
    }
}

#[test]
fn hostile_text_is_text_on_a_terminal_without_styles_and_one_that_is_read_aloud() {
    let mut bare = Stage::of(40);
    (bare.palette, bare.look.has_links, bare.look.keeps_marks) = (Palette::None, false, true);
    let stages = [bare, Stage::spoken(40)];
    for stage in stages {
        check(stage);
    }
    check_in_turn(&stages);
}

#[test]
fn hostile_text_is_text_on_a_terminal_of_one_row() {
    let mut stage = Stage::of(10);
    stage.size.rows = 1;
    check_in_turn(&[stage]);
}

#[test]
fn links_lead_where_they_say_and_to_the_web_only() {
    for target in [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "x-man-page://ls",
        "vscode://file/etc/passwd",
        "HTTPS\u{1b}://a.example",
        "//a.example",
        "mailto:a@a.example",
    ] {
        for text in [format!("[x](<{target}>)"), format!("<{target}>"), format!("![x](<{target}>)")]
        {
            assert_eq!(Stage::of(80).show(&text).links(), [], "{text}");
        }
    }
    let terminal = Stage::of(80).show("[the words](https://a.example/b?c=d#e)");
    let expected = ("https://a.example/b?c=d#e".to_owned(), "the words".to_owned());
    assert_eq!(terminal.links().first(), Some(&expected));
}

#[test]
fn words_that_name_another_place_do_not_hide_the_target() {
    let text = Stage::of(80).show("[https://bank.example](https://evil.example/x)").text();
    assert!(text.contains("https://evil.example/x"), "{text}");
}
