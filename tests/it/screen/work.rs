//! What an answer costs grows with its length and not with its shape.

use std::fmt::Write as _;

use crate::terminal::{Answer, Stage};

/// How often a byte may be looked at.
const WORK: u64 = 200;

/// Bytes that may be written for each byte of an answer that is never repainted.
const WRITTEN: u64 = 8;

/// More than is ever held back.
const SMALL: usize = 6 << 10;
const LARGE: usize = 12 << 10;

/// Characters that come at once.
const SHORT_CHUNK: usize = 4;
/// The same of an answer so long that it takes its time; its work for a byte is no less with it.
const LONG_CHUNK: usize = 16;

/// Makes an answer of about so many bytes. Its words are `w1`, `w2` and so on, each once.
type Shape = fn(usize) -> String;

/// Lines that `line` makes of their numbers from 1 on.
fn lines(length: usize, line: impl Fn(usize) -> String) -> String {
    let mut text = String::with_capacity(length + 100);
    for number in 1.. {
        if text.len() >= length {
            break;
        }
        let _ = writeln!(text, "{}", line(number));
    }
    text
}

/// One line.
fn line(length: usize, piece: impl Fn(usize) -> String) -> String {
    lines(length, piece).replace('\n', " ")
}

/// Line after line deeper, until the depth takes the room of the words.
fn deeper(length: usize, step: &str, mark: &str) -> String {
    lines(length, |number| format!("{}{mark}w{number}", step.repeat(number)))
}

/// Of more than a line.
const BLOCKS: &[(&str, Shape)] = &[
    ("a list", |length| lines(length, |it| format!("- w{it} an item of some words"))),
    ("a loose list", |length| lines(length, |it| format!("- w{it} words\n"))),
    ("a numbered list", |length| lines(length, |it| format!("{it}. w{it} words"))),
    ("a nested list", |length| {
        lines(length, |it| format!("{}- w{it} some words", "  ".repeat(it % 8)))
    }),
    ("an item of many paragraphs", |length| {
        format!("- w0\n\n{}", lines(length, |it| format!("  w{it} words\n")))
    }),
    ("lists in lists", |length| deeper(length, "  ", "- ")),
    ("a paragraph of one line", |length| line(length, |it| format!("w{it} more words"))),
    ("a paragraph of lines", |length| {
        lines(length, |it| format!("w{it} {}", "and words ".repeat(7).trim_end()))
    }),
    ("a line without a space", |length| lines(length, |it| format!("w{it}x")).replace('\n', "")),
    ("paragraphs", |length| lines(length, |it| format!("w{it} some words\n"))),
    ("headings", |length| lines(length, |it| format!("## w{it} some words"))),
    ("a table", |length| {
        let rows = lines(length, |it| format!("| w{it} | some words | {it} |"));
        format!("| name | words | number |\n|---|---|--:|\n{rows}")
    }),
    ("a row without an end", |length| {
        format!("| a | b |\n|---|---|\n{}", line(length, |it| format!("| w{it}")))
    }),
    ("quotes in one line", |length| format!("{}w1\n", ">".repeat(length))),
    ("quotes over lines", |length| deeper(length, ">", " ")),
    ("a quote", |length| lines(length, |it| format!("> w{it} some words"))),
    ("a fence", |length| {
        format!("```rust\n{}```\n", lines(length, |it| format!("let w{it} = \"text\"; // words")))
    }),
    ("one line in a fence", |length| {
        format!("```js\n{}\n```\n", line(length, |it| format!("w{it} = {it};")))
    }),
    ("a fence without an end of one word", |length| {
        format!("```\n{}", lines(length, |it| format!("w{it}x")).replace('\n', ""))
    }),
    ("blank lines in a fence", |length| format!("```\nw1\n{}w2\n```\n", "\n".repeat(length))),
    ("definitions", |length| {
        lines(length, |it| format!("[D{it}]: https://a.example/{it}")) + "\nw1\n"
    }),
    ("definitions that are used", |length| {
        lines(length, |it| format!("[D{it}]: https://a.example/{it}\n\nw{it} [D{it}]\n"))
    }),
    ("footnotes", |length| lines(length, |it| format!("w{it} [^{it}]\n\n[^{it}]: note\n"))),
    ("blank lines", |length| format!("w1\n{}w2\n", "\n".repeat(length))),
    ("underlined headings", |length| lines(length, |it| format!("w{it}\n==="))),
    ("a rule", |length| format!("w1\n\n{}\n\nw2\n", "*".repeat(length))),
    ("HTML", |length| lines(length, |it| format!("<div>w{it}"))),
];

/// Of one line, or of what stands in it.
const LINES: &[(&str, Shape)] = &[
    ("open emphasis", |length| line(length, |it| format!("*w{it}"))),
    ("open strong emphasis", |length| line(length, |it| format!("**w{it} __x"))),
    ("open and shut emphasis", |length| line(length, |it| format!("*a **w{it}* b**"))),
    ("underscores", |length| line(length, |it| format!("_w{it}_ a_"))),
    ("brackets", |length| format!("w1 {} w2", "[".repeat(length))),
    ("brackets and words", |length| line(length, |it| format!("[w{it}"))),
    ("images", |length| line(length, |it| format!("![w{it}"))),
    ("brackets and parentheses", |length| line(length, |it| format!("[w{it}]("))),
    ("backticks", |length| format!("w1 {} w2", "`".repeat(length))),
    ("runs of backticks", |length| line(length, |it| format!("w{it} {}", "`".repeat(it % 50)))),
    ("open code", |length| format!("w0 ` {}", line(length, |it| format!("w{it}")))),
    ("dollars", |length| line(length, |it| format!("$w{it} $$"))),
    ("tildes", |length| line(length, |it| format!("~~w{it}"))),
    ("open tags", |length| line(length, |it| format!("w{it} <a"))),
    ("open comments", |length| line(length, |it| format!("w{it} <!-"))),
    ("entities", |length| line(length, |it| format!("w{it} &amp;&"))),
    ("backslashes", |length| format!("w1 {} w2", "\\".repeat(length))),
    ("links", |length| line(length, |it| format!("[w{it}](https://a.example/{it})"))),
    ("spaces", |length| format!("w1{}w2\n", " ".repeat(length))),
    ("tabs", |length| format!("w1{}w2\n", "\t".repeat(length))),
    ("hard breaks", |length| lines(length, |it| format!("w{it}\\"))),
    ("a line of equal signs that goes on", |length| format!("w1\n{} w2\n", "=".repeat(length))),
    ("wide characters", |length| line(length, |it| format!("w{it} 世界 👩\u{200d}👧"))),
    ("combining marks", |length| format!("w1 z{} w2\n", "\u{301}".repeat(length / 2))),
];

/// What an answer has cost so far.
#[derive(Clone, Copy)]
struct Cost {
    /// Bytes of the answer.
    length: u64,
    /// Bytes of work.
    work: u64,
    /// Bytes that were written.
    written: u64,
}

impl Cost {
    fn of(answer: &Answer, length: usize) -> Self {
        Self { length: length as u64, work: answer.work(), written: answer.written() as u64 }
    }

    /// Work and bytes written for 1000 bytes of the answer.
    fn each(self) -> [u64; 2] {
        [self.work, self.written].map(|it| it * 1000 / self.length)
    }
}

/// What an answer costs in chunks of so many characters, without a repaint, as far as `early` and as
/// a whole. All its words are to be seen in the end.
#[track_caller]
fn cost(name: &str, text: &str, chunk: usize, early: usize) -> [Cost; 2] {
    let mut answer = Answer::new(Stage::of(80));
    let mut rest = text;
    let mut at_first = None;
    while !rest.is_empty() {
        let at = rest.char_indices().nth(chunk).map_or(rest.len(), |(at, _)| at);
        answer.push(&rest[..at], false);
        rest = &rest[at..];
        let length = text.len() - rest.len();
        if length >= early {
            at_first.get_or_insert_with(|| Cost::of(&answer, length));
        }
    }
    let whole = Cost::of(&answer, text.len());
    let shown = answer.finish().text();
    assert_eq!(words(&shown), words(text), "the words of {name}");
    [at_first.unwrap_or(whole), whole]
}

/// The numbers of the words, in order.
fn words(text: &str) -> Vec<usize> {
    let parts = text.split(|it: char| !it.is_ascii_alphanumeric()).flat_map(|it| it.split('x'));
    parts.filter_map(|part| part.strip_prefix('w')?.parse().ok()).collect()
}

#[track_caller]
fn assert_linear(shapes: &[(&str, Shape)]) {
    let fault = |(name, shape): &(&str, Shape)| {
        let [small, large] = cost(name, &shape(LARGE), SHORT_CHUNK, SMALL).map(Cost::each);
        let is_linear = |index: usize| large[index] * 10 <= small[index] * 12 + 10_000;
        let is_cheap = large[0] <= WORK * 1000 && large[1] <= WRITTEN * 1000;
        let is_fine = is_cheap && is_linear(0) && is_linear(1);
        (!is_fine).then(|| format!("{name}: work and bytes for 1000 bytes: {small:?}, {large:?}"))
    };
    let faults: Vec<String> = shapes.iter().filter_map(fault).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn cost_grows_with_the_length_alone_whatever_the_blocks() {
    assert_linear(BLOCKS);
}

#[test]
fn cost_grows_with_the_length_alone_whatever_stands_in_the_lines() {
    assert_linear(LINES);
}

#[test]
fn the_shapes_of_the_promise_are_cheap() {
    let numbered = |count: usize, line: fn(usize) -> String| -> String {
        (1..=count).map(|number| line(number) + "\n").collect()
    };
    for (name, text) in [
        ("126 KB", line(126 << 10, |it| format!("w{it} words"))),
        ("126 KB in lines", lines(126 << 10, |it| format!("w{it} {}", "words ".repeat(12)))),
        ("4,000 items", numbered(4000, |it| format!("- w{it} words"))),
        ("4,000 nested items", numbered(4000, |it| format!("{}- w{it}", "  ".repeat(it % 5)))),
        (
            "2,000 rows",
            "| a | b |\n|---|---|\n".to_owned() + &numbered(2000, |it| format!("| w{it} | b |")),
        ),
        ("10,000 quotes", format!("{} w1\n", "> ".repeat(10_000))),
        ("10,000 open marks", numbered(10_000, |it| format!("*w{it}")).replace('\n', " ")),
        ("10,000 brackets", format!("{}w1\n", "[".repeat(10_000))),
        ("10,000 backticks", format!("{}w1\n", "`".repeat(10_000))),
        ("100,000 blank lines", format!("w1{}w2\n", "\n".repeat(100_000))),
    ] {
        let [_, Cost { length, work, written }] = cost(name, &text, LONG_CHUNK, 0);
        assert!(work <= WORK * length, "{name}: {work} bytes of work for {length}");
        assert!(written <= WRITTEN * length, "{name}: {written} bytes written for {length}");
    }
}
