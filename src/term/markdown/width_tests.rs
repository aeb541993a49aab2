use std::num::NonZero;

use proptest::prelude::*;

use super::*;

const FAMILY: &str = "👩\u{200d}👩\u{200d}👧";
const WARNING: &str = "⚠\u{fe0f}";
const WAVE: &str = "👋🏽";
const FLAG: &str = "🇩🇪";

/// Where the cursor of a terminal ends that wrote `text` from column `from` on.
fn on_screen(text: &str, from: usize, columns: usize) -> (usize, usize) {
    let number = |number: usize| {
        NonZero::new(u16::try_from(number).expect("it is small")).expect("it is not zero")
    };
    let mut terminal = vt100::Parser::new(number(600), number(columns), 0);
    terminal.process("x".repeat(from).as_bytes());
    terminal.process(text.as_bytes());
    let (row, column) = terminal.screen().cursor_position();
    (row.into(), column.into())
}

/// The same for a terminal that knows a width for each character and nothing else.
fn on_simple_screen(text: &str, from: usize, columns: usize) -> (usize, usize) {
    text.chars().map(|it| it.width().unwrap_or(0)).fold((0, from), |(row, column), width| {
        if width > 0 && column + width > columns { (row + 1, width) } else { (row, column + width) }
    })
}

/// The same for a terminal that takes every cluster for one picture.
fn on_modern_screen(text: &str, from: usize, columns: usize) -> (usize, usize) {
    text.graphemes(true).map(|it| it.width().min(2)).fold((0, from), |(row, column), width| {
        if width > 0 && column + width > columns { (row + 1, width) } else { (row, column + width) }
    })
}

#[track_caller]
fn check(text: &str, from: usize, columns: usize, expected: (usize, usize)) {
    assert_eq!(extent(text, from, columns), Some(expected));
    assert_eq!(on_screen(text, from, columns), expected, "the terminal says something else");
}

#[test]
fn a_cluster_takes_the_columns_of_its_picture() {
    for (text, columns) in [
        ("", 0),
        ("plain", 5),
        ("naïve", 5),
        ("nai\u{308}ve", 5),
        ("世界", 4),
        ("한국어", 6),
        ("ｆｕｌｌ", 8),
        ("„“ – … → │", 10),
        ("👍", 2),
        (FAMILY, 2),
        (WARNING, 2),
        ("⚠", 1),
        (WAVE, 2),
        (FLAG, 2),
        ("1\u{fe0f}\u{20e3}", 2),
        ("a\u{200b}b", 2),
        ("a\tb", 3),
        ("Привет", 6),
        ("हिन्दी", 5),
    ] {
        assert_eq!(columns_of(text), columns, "{text:?}");
    }
}

#[test]
fn clusters_are_never_taken_apart() {
    let text = format!("e\u{301}{FAMILY}a{FLAG}{FLAG}가각{WAVE}");
    let all: Vec<&str> = clusters(&text).map(|(cluster, _)| cluster).collect();
    assert_eq!(all, ["e\u{301}", FAMILY, "a", FLAG, FLAG, "가", "각", WAVE]);
}

#[test]
fn what_is_said_of_characters_alone_is_what_unicode_says() {
    for character in '\0'..=char::MAX {
        let Some(columns) = columns_alone(character) else { continue };
        assert_eq!(character.width().unwrap_or(1), columns, "{character:?}");
        for other in ['a', '世', '가', 'é', '\u{301}', character] {
            let pair = String::from_iter([other, character]);
            assert_eq!(pair.graphemes(true).count(), 2, "{pair:?}");
        }
    }
}

#[test]
fn a_full_row_is_no_new_row() {
    check("", 0, 5, (0, 0));
    check("abcde", 0, 5, (0, 5));
    check("abcdef", 0, 5, (1, 1));
    check("cde", 2, 5, (0, 5));
    check("abcdeabcde", 0, 5, (1, 5));
    check("", 5, 5, (0, 5));
    check("f", 5, 5, (1, 1));
}

#[test]
fn a_wide_character_that_does_not_fit_goes_to_the_next_row() {
    check("世世", 0, 5, (0, 4));
    check("世世世", 0, 5, (1, 2));
    check("abcd世", 0, 5, (1, 2));
    check("abc世x", 0, 5, (1, 1));
    check("世世世世", 1, 3, (3, 2));
}

#[test]
fn a_combining_mark_stays_with_its_row() {
    check("abcde\u{301}", 0, 5, (0, 5));
    check("abcd世\u{301}", 0, 6, (0, 6));
    check("abcde\u{200b}", 0, 5, (0, 5));
}

#[test]
fn a_tab_stops_in_the_last_column() {
    check("\t", 0, 20, (0, 8));
    check("a\tb", 0, 20, (0, 9));
    check("\t\t\t", 0, 20, (0, 19));
    check("\t\t\tab", 0, 20, (1, 1));
    check("世\t", 6, 20, (0, 16));
}

#[test]
fn tabs_behind_a_full_row_are_lost() {
    for (text, lost) in [
        ("abcdefghij\tk", vec![10]),
        ("abcdefghi\tk", vec![]),
        ("\tab\tc", vec![3]),
        ("abcdefghij\tklmnopqrs\tt", vec![10, 20]),
        ("abcdefgh👩\u{200d}👧\ti", vec![8 + 11]),
    ] {
        assert_eq!(lost_tabs(text, 0, 10), lost, "{text:?}");
    }
    assert_eq!(lost_tabs("ab\tc", 8, 10), [2]);
}

#[test]
fn nothing_is_said_of_a_tab_behind_a_full_row() {
    assert_eq!(extent("abcde\t", 0, 5), None);
    assert_eq!(extent("\t", 5, 5), None);
}

#[test]
fn a_cluster_counts_where_the_row_does_not_hang_on_it() {
    for cluster in [FAMILY, WARNING, WAVE, FLAG, "❤\u{fe0f}\u{200d}🔥"] {
        let text = format!("{cluster} well");
        assert_eq!(extent(&text, 0, 40).map(|(below, _)| below), Some(0), "{text:?}");
    }
}

#[test]
fn nothing_is_said_where_a_cluster_decides_about_the_row() {
    // Six columns for the one, two for the other, in a row of eight.
    assert_eq!(extent(&format!("abcd{FAMILY}"), 0, 8), None);
    assert_eq!(extent(&format!("abcdefg{WARNING}"), 0, 8), None);
    assert_eq!(extent(&format!("abcdef{WAVE}"), 0, 8), None);
    assert_eq!(extent(&format!("abcdef{FLAG}"), 0, 8), None);
    assert_eq!(extent("abcdefgh\u{ad}", 0, 8), None);
    // What comes later may hang on it as well.
    assert_eq!(extent(&format!("{FAMILY}abc"), 0, 8), None);
    assert_eq!(extent(&format!("{FAMILY}ab"), 0, 8), Some((0, 4)));
}

#[test]
fn doubt_ends_where_all_terminals_are_in_the_same_row_again() {
    assert_eq!(extent(&format!("{FAMILY}abcdefg"), 0, 8), Some((1, 1)));
}

#[test]
fn nothing_is_said_of_a_terminal_that_is_too_narrow_for_a_character() {
    assert_eq!(extent("世", 0, 1), None);
    assert_eq!(extent("abc", 0, 1), Some((2, 1)));
    assert_eq!(extent("abc", 0, 0), Some((2, 1)));
}

/// Texts of the parts that answers are made of.
fn texts(parts: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(parts), 0..60).prop_map(|parts| parts.concat())
}

const CERTAIN: &[&str] = &[
    "a",
    "word ",
    "some more words ",
    "é",
    "e\u{301}",
    "世",
    "界。",
    "한",
    "👍",
    "→",
    "д",
    "\u{200b}",
];

const ANYTHING: &[&str] = &[
    "a", "word ", "\t", "e\u{301}", "世", "👍", "\u{fe0f}", "\u{200d}", "⚠", "🏽", "🇩", "👩", "1",
    "\u{20e3}", "न", "ि", "्", "द", "ᄀ", "ᅡ", "\u{ad}", "❤", "\u{fe0e}", "\u{600}",
];

proptest! {
    #[test]
    fn without_clusters_and_tabs_the_answer_is_certain(
        text in texts(CERTAIN), columns in 2_usize..40, from in 0_usize..40,
    ) {
        let from = from.min(columns);
        prop_assert_eq!(extent(&text, from, columns), Some(on_screen(&text, from, columns)));
    }

    #[test]
    fn whatever_is_said_is_what_every_terminal_does(
        text in texts(ANYTHING), columns in 2_usize..40, from in 1_usize..40,
    ) {
        let from = from.min(columns);
        let Some((below, least)) = extent(&text, from, columns) else { return Ok(()) };
        let mut screens = vec![on_screen(&text, from, columns)];
        // These two know no tabs.
        if !text.contains('\t') {
            screens.push(on_simple_screen(&text, from, columns));
            screens.push(on_modern_screen(&text, from, columns));
        }
        for (row, column) in screens {
            prop_assert_eq!(row, below);
            prop_assert!(column >= least, "{} is less than {}", column, least);
        }
    }

    #[test]
    fn a_text_in_two_halves_is_the_text(
        text in texts(CERTAIN), cut in any::<prop::sample::Index>(), columns in 2_usize..40,
    ) {
        let cuts: Vec<usize> = clusters(&text).scan(0, |at, (cluster, _)| {
            *at += cluster.len();
            Some(*at)
        }).collect();
        if cuts.is_empty() {
            return Ok(());
        }
        let (before, after) = text.split_at(*cut.get(&cuts));
        let (rows, column) = extent(before, 0, columns).expect("all terminals agree");
        let (more, end) = extent(after, column, columns).expect("all terminals agree");
        prop_assert_eq!(extent(&text, 0, columns), Some((rows + more, end)));
    }
}
