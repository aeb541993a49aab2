//! Whatever a model writes, it is shown to its end, on any terminal: nothing panics, and no byte
//! costs too much.
//!
//! `cargo +nightly fuzz run markdown`

#![no_main]

use byok::term::{Ink, Look, Palette, Renderer, Size};
use libfuzzer_sys::fuzz_target;

/// The last paragraph of every answer: no mark before it may swallow it.
const END: &str = "zyzzyva";

/// So many bytes may be parsed for a byte of the answer.
const WORK: u64 = 400;

/// So many for a chunk, however short it is: little is parsed anew for each.
const CHUNK: u64 = 16 << 10;

/// So many for all that is held back, when it may be painted anew.
const LOOK: u64 = 64 << 10;

/// A size, a look, lengths of chunks, and what the answer begins with.
type Input<'i> = ((u8, u8), u8, Vec<u8>, &'i [u8]);

fuzz_target!(|input: Input<'_>| {
    let ((columns, rows), look, lengths, answer) = input;
    let size = Size { columns: usize::from(columns).max(1), rows: usize::from(rows % 64).max(1) };
    let answer = format!("{}\n\n{END}", String::from_utf8_lossy(answer));
    let shown = show(&answer, &lengths, look_of(look), size);
    assert!(shown.ends_with('\n'));
    assert!(shown.contains(END), "the end is lost: {shown:?}");
});

fn look_of(bits: u8) -> Look {
    let is_set = |bit: u8| bits >> bit & 1 == 1;
    Look {
        keeps_marks: is_set(0),
        keeps_ticks: is_set(1),
        has_links: is_set(2),
        is_spoken: is_set(3),
    }
}

/// Everything that is written for an answer in chunks of these lengths; an odd one may be painted
/// anew.
fn show(answer: &str, lengths: &[u8], look: Look, size: Size) -> String {
    let mut renderer = Renderer::new(look, size);
    let mut ink = Ink::new(Palette::Many, look.has_links);
    let mut lengths = lengths.iter().chain([&u8::MAX]).cycle();
    let mut rest = answer;
    let mut most = LOOK;
    while !rest.is_empty() {
        let length = lengths.next().copied().unwrap_or(u8::MAX);
        let (chunk, others) = rest.split_at(rest.ceil_char_boundary(usize::from(length)));
        rest = others;
        let may_repaint = length % 2 == 1;
        // Sanitising makes at most three bytes of one.
        most += CHUNK + WORK * 3 * chunk.len() as u64 + if may_repaint { LOOK } else { 0 };
        renderer.push(chunk);
        let waits = renderer.update(size, may_repaint, &mut ink);
        assert!(!(waits && may_repaint), "something waits for what it was given: {chunk:?}");
    }
    renderer.finish(size, &mut ink);
    assert!(renderer.work() <= most, "{} bytes of work, at most {most}", renderer.work());
    without_sequences(&String::from_utf8_lossy(ink.bytes()))
}

/// What is written, without what sets it off, links it and moves the cursor.
fn without_sequences(written: &str) -> String {
    let mut pieces = written.split('\u{1b}');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = match piece.strip_prefix('[') {
            Some(sequence) => sequence.find(|it: char| it.is_ascii_alphabetic()).map(|it| it + 2),
            // The address of a link ends with an escape and a backslash.
            None => piece.starts_with('\\').then_some(1),
        };
        text += &piece[end.unwrap_or(piece.len())..];
    }
    text
}
