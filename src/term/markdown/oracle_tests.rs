//! What is shown of a document, line by line, against what the parser says of all of it at once.
//! The walk over its events here shares nothing with the engine but lines and styles.

mod documents;
mod reading;

use std::fmt::Write as _;

use proptest::{prelude::*, test_runner::TestCaseError};
use reading::{Reading, Shape};

use super::{
    line::Line,
    look::{Look, Size},
    source::Source,
};

/// A terminal that no block fills.
const SIZE: Size = Size { columns: 400, rows: 400 };

/// The lines that the engine shows of a document that comes in these chunks.
fn shown<'a>(chunks: impl IntoIterator<Item = &'a str>) -> Vec<Line> {
    let mut source = Source::new(Look { has_links: true, ..Look::default() }, SIZE);
    for chunk in chunks {
        source.push(chunk);
    }
    source.finish();
    let mut lines: Vec<Line> = Vec::new();
    for row in source.take_settled() {
        match lines.last_mut() {
            Some(last) if row.joins => last.append(&row.line),
            _ => lines.push(row.line),
        }
    }
    lines
}

fn says_the_same((shape, expected): &(Shape, Line), found: &Line) -> bool {
    let packed = |line: &Line| line.text().replace([' ', '│'], "");
    match shape {
        Shape::Words | Shape::Html => found == expected,
        // Of an empty line of indented code nobody sees the spaces.
        Shape::Code if expected.text().trim().is_empty() => found.text().trim().is_empty(),
        Shape::Code => found.text() == expected.text(),
        // Cells that the head has no columns for, which the parser leaves out, may follow.
        Shape::Cells => packed(found).starts_with(&packed(expected)),
        Shape::Rule => packed(found)
            .chars()
            .all(|it| matches!(it, '─' | '┼' | '•' | '☐' | '☑') || expected.text().contains(it)),
    }
}

fn check(document: &str) -> Result<(), TestCaseError> {
    let mut expected = Reading::of(document);
    let mut found = shown([document]);
    // Code and HTML without an end may end in empty lines.
    while expected.last().is_some_and(|it| it.1.text().trim().is_empty()) {
        expected.pop();
    }
    while found.last().is_some_and(|it| it.text().trim().is_empty()) {
        found.pop();
    }
    if expected.iter().any(|it| it.0 == Shape::Html) {
        let is_empty = |line: &Line| line.text().replace([' ', '│'], "").is_empty();
        expected.retain(|it| !is_empty(&it.1));
        found.retain(|it| !is_empty(it));
    }
    let is_right = expected.len() == found.len()
        && expected.iter().zip(&found).all(|(expected, found)| says_the_same(expected, found));
    if is_right {
        return Ok(());
    }
    let same = expected.iter().zip(&found).take_while(|it| says_the_same(it.0, it.1)).count();
    let mut report = format!("{document}\n---- is, from line {same} on\n");
    for line in found.iter().skip(same.saturating_sub(1)).take(12) {
        let _ = writeln!(report, "{}", Reading::told(line));
    }
    report += "---- not\n";
    for (shape, line) in expected.iter().skip(same.saturating_sub(1)).take(12) {
        let _ = writeln!(report, "{} {shape:?}", Reading::told(line));
    }
    Err(TestCaseError::fail(report))
}

#[test]
fn the_examples_of_the_specification_read_as_the_parser_reads_them() {
    let file = include_str!("../../../tests/screens/commonmark-0.31.2.json");
    let examples: Vec<String> = serde_json::from_str(file).expect("the file is JSON");
    let mut faults = Vec::new();
    // A mark that is all of an answer is meant as it is.
    let is_mark = |example: &str| matches!(example.trim(), ">" | "*");
    for (index, example) in examples.iter().enumerate().filter(|it| !is_mark(it.1)) {
        if let Err(TestCaseError::Fail(why)) = check(&reading::defined_first(example)) {
            faults.push(format!("example {}: {why}", index + 1));
        }
    }
    assert!(faults.is_empty(), "{} differ:\n\n{}", faults.len(), faults.join("\n\n"));
}

#[test]
fn a_long_answer_reads_as_the_parser_reads_it() {
    let answer = include_str!("../../../tests/screens/answer.md");
    // The parser knows nothing of formulas.
    let answer = answer.replace("\\(", "(").replace("\\)", ")").replace('$', "S");
    if let Err(why) = check(&answer) {
        panic!("{why}");
    }
}

proptest! {
    #![proptest_config(documents::config())]

    #[test]
    fn documents_read_as_the_parser_reads_them(document in documents::document()) {
        check(&document)?;
    }

    #[test]
    fn any_lines_read_as_the_parser_reads_them(lines in documents::lines()) {
        check(&lines)?;
    }
}
