//! One long answer as it looks. `BLESS=1` writes the screens anew; look at them as pictures before
//! that: with `BYOK_SCREENS=FOLDER` they are drawn there.

use std::{ffi::OsString, fmt::Write as _, fs, path::Path};

use byok::term::Palette;

use crate::{
    picture,
    terminal::{Stage, Terminal},
};

const ANSWER: &str = include_str!("../../screens/answer.md");

/// The test run's own environment, which byok never sees.
#[expect(clippy::disallowed_methods, reason = "these variables speak to the tests, not to byok")]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// The screen with its styles, then the links: what a snapshot holds.
fn written(terminal: &mut Terminal) -> String {
    let mut text = terminal.styled() + "\n";
    for (target, words) in terminal.links() {
        let _ = write!(text, "\nlink: {words} -> {target}");
    }
    text + "\n"
}

#[track_caller]
fn check(name: &str, stage: Stage) {
    let mut terminal = stage.show(ANSWER);
    if let Some(folder) = variable("BYOK_SCREENS") {
        let page = picture::page(name, &terminal.rows());
        let path = Path::new(&folder).join(name).with_extension("html");
        fs::write(path, page).expect("the folder of `BYOK_SCREENS` can be written");
    }
    let found = written(&mut terminal);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screens");
    let path = folder.join(name).with_extension("screen");
    if variable("BLESS").is_some() {
        fs::write(&path, found).expect("a folder that can be written");
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{} (`BLESS=1` rewrites)", path.display());
}

#[test]
fn the_long_answer_at_40_columns() {
    check("answer-40", Stage::of(40));
}

#[test]
fn the_long_answer_at_80_columns() {
    check("answer-80", Stage::of(80));
}

#[test]
fn the_long_answer_at_200_columns() {
    check("answer-200", Stage::of(200));
}

#[test]
fn the_long_answer_in_sixteen_colours() {
    check("answer-16", Stage { palette: Palette::Sixteen, ..Stage::of(80) });
}

#[test]
fn the_long_answer_without_styles() {
    let mut stage = Stage { palette: Palette::None, ..Stage::of(80) };
    (stage.look.keeps_marks, stage.look.has_links) = (true, false);
    check("answer-bare", stage);
}

#[test]
fn the_long_answer_read_aloud() {
    check("answer-spoken", Stage::spoken(80));
}

#[test]
fn the_long_answer_ends_the_same_however_it_comes() {
    let mut stage = Stage::of(80);
    stage.size.rows = 100;
    let whole = written(&mut stage.show(ANSWER));
    for length in [1, 3, 4, 17, 100] {
        let starts: Vec<usize> = ANSWER.char_indices().map(|(at, _)| at).step_by(length).collect();
        let ends = starts.iter().skip(1).copied().chain([ANSWER.len()]);
        let chunks = starts.iter().zip(ends).map(|(start, end)| &ANSWER[*start..end]);
        let chunks = chunks.enumerate().map(|(index, chunk)| (chunk, index % 2 == 0));
        let screen = stage.stream(chunks).styled();
        assert!(whole.starts_with(&screen), "in chunks of {length}:\n{screen}\nand not\n{whole}");
    }
}
