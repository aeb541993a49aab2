//! The framing rules one by one, and that chunks never matter.

use proptest::prelude::*;

use super::*;

/// What a stream was cut into, and how it ended.
#[derive(Debug, PartialEq)]
struct Outcome {
    frames: Vec<Frame>,
    error: Option<WireError>,
    has_replaced: bool,
    foreign: Option<WireError>,
}

fn read<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let mut framer = Framer::default();
    let mut read = Vec::new();
    let mut error = None;
    for chunk in chunks {
        if let Err(found) = framer.push(chunk, &mut read) {
            error = Some(found);
            break;
        }
    }
    if error.is_none() {
        read.extend(framer.finish());
    }
    let foreign = framer.foreign();
    Outcome { frames: read, error, has_replaced: framer.has_replaced(), foreign }
}

/// The frames of `stream` whole, in two pieces at every place, and byte by byte.
#[track_caller]
fn outcome(stream: impl AsRef<[u8]>) -> Outcome {
    let stream = stream.as_ref();
    let whole = read([stream]);
    for at in 0..=stream.len() {
        assert_eq!(read([&stream[..at], &stream[at..]]), whole, "cut at byte {at}");
    }
    assert_eq!(read(stream.chunks(1)), whole, "byte by byte");
    whole
}

/// Asserts the frames of a stream without errors, as pairs of event and data.
#[track_caller]
fn check(stream: impl AsRef<[u8]>, expected: &[(&str, &str)]) {
    let outcome = outcome(stream);
    assert_eq!(outcome.error, None);
    let frames: Vec<_> = outcome
        .frames
        .iter()
        .map(|frame| (frame.event.as_deref().unwrap_or_default(), frame.data.as_str()))
        .collect();
    assert_eq!(frames, expected);
}

fn malformed_with(excerpt: &str) -> Option<WireError> {
    Some(malformed(excerpt.to_owned()))
}

#[test]
fn lines_end_at_lf_cr_and_crlf_in_any_mixture() {
    for stream in
        ["data: a\n\ndata: b\n\n", "data: a\r\rdata: b\r\r", "data: a\r\n\r\ndata: b\r\n\r\n"]
    {
        check(stream, &[("", "a"), ("", "b")]);
    }
    check("event: x\r\ndata: a\n\rdata: b\r\n\n", &[("x", "a"), ("", "b")]);
}

#[test]
fn other_unicode_line_ends_are_text() {
    let data = "a\u{2028}b\u{2029}c\u{85}d\u{b}e";
    check(format!("data: {data}\n\n"), &[("", data)]);
}

#[test]
fn a_byte_order_mark_is_dropped_once() {
    check("\u{feff}data: a\n\n", &[("", "a")]);
    check("\u{feff}: comment\n\u{feff}data: a\n\ndata: b\n\n", &[("", "b")]);
    check("\u{feff}\n\ndata: b\n\n", &[("", "b")]);
}

#[test]
fn fields_are_split_at_the_first_colon_and_lose_one_space() {
    check("data:a\n\n", &[("", "a")]);
    check("data:  a:b\n\n", &[("", " a:b")]);
    check("data\n\n", &[("", "")]);
    check("data: a\nid: 1\nretry: 5\nother: x\ndatas: y\n\n", &[("", "a")]);
}

#[test]
fn several_data_lines_are_joined_with_lf() {
    check("data: {\ndata\ndata: }\n\n", &[("", "{\n\n}")]);
}

#[test]
fn an_event_without_data_is_none_and_its_name_is_forgotten() {
    check("event: ping\n\ndata: a\n\nevent: x\nevent: y\ndata: b\n\n", &[("", "a"), ("y", "b")]);
}

#[test]
fn comments_and_blank_lines_are_ignored() {
    check("\n\n: ping\n:\ndata: a\n: ping\n\n\n", &[("", "a")]);
}

#[test]
fn an_error_field_is_data_of_that_name() {
    check(
        "error: {\"code\":400}\n\ndata: [DONE]\n\n",
        &[("error", "{\"code\":400}"), ("", "[DONE]")],
    );
}

#[test]
fn an_unfinished_frame_is_given_out_when_it_is_worth_reading() {
    check("data: [DONE]", &[("", "[DONE]")]);
    check("event: x\ndata: {\"a\":1}", &[("x", "{\"a\":1}")]);
    check("data: {\ndata: }\n", &[("", "{\n}")]);
    for cut in
        ["data: {\"a\":", "data: [DON", "data: 12", "data", "dat", "data: {}\ndata: x", "event: x"]
    {
        check(cut, &[]);
    }
}

#[test]
fn invalid_utf_8_in_data_is_replaced_and_told() {
    let told = outcome(b"data: a\xFFb\n\n");
    assert_eq!(told.frames, [Frame { event: None, data: "a\u{FFFD}b".into() }]);
    assert!(told.has_replaced);
    assert!(!outcome("data: a\u{FFFD}b\n\n").has_replaced);
    assert!(!outcome(b"data: {\"\xC3").has_replaced);
}

#[test]
fn invalid_utf_8_elsewhere_is_no_event_stream() {
    let long = [b": ".as_slice(), &[b'x'; 3 * COMMENT_PIECE], b"\xFF\n"].concat();
    for stream in [b"event: \xFF\n".as_slice(), b"id: \xFF\n", b"x\xFF\n", b": \xFF\n", b":\xC3\n"]
    {
        assert!(matches!(outcome(stream).error, Some(WireError::Malformed { .. })), "{stream:?}");
    }
    assert_eq!(read([long.as_slice()]), read(long.chunks(1)));
    assert_eq!(read([long.as_slice()]).error, malformed_with(":"));
}

#[test]
fn markup_is_no_event_stream() {
    let page = "\r\n <!DOCTYPE html>\n<title>Sign in</title>";
    assert_eq!(outcome(page).error, malformed_with("<!DOCTYPE html>"));
    assert_eq!(outcome("<p>Sign in</p>").foreign, malformed_with("<p>Sign in</p>"));
    check("data: a\n<p>\n\n", &[("", "a")]);
}

#[test]
fn much_text_without_a_field_is_no_event_stream() {
    for text in ["nothing to see\n".repeat(MAX_STRAY / 10), "x".repeat(MAX_STRAY + 1)] {
        let whole = read([text.as_bytes()]);
        assert_eq!(
            whole.error,
            malformed_with(text[..text.len().min(200)].lines().next().unwrap())
        );
        assert_eq!(read(text.as_bytes().chunks(7)), whole);
    }
    assert_eq!(outcome("Bad gateway").foreign, malformed_with("Bad gateway"));
    assert_eq!(outcome(": ping\n\ndata: x\n\n").foreign, None);
}

#[test]
fn an_event_past_the_cap_is_an_error_and_one_at_the_cap_is_not() {
    let line = |length: usize| format!("data: {}", "x".repeat(length - 6));
    let most = line(Framer::MAX_EVENT) + "\n\n";
    assert_eq!(read([most.as_bytes()]).frames[0].data.len(), Framer::MAX_EVENT - 6);
    let too_large = Some(WireError::TooLarge { what: "an event", limit: Framer::MAX_EVENT });
    let one_line = line(Framer::MAX_EVENT + 1);
    let many_lines = (line(1 << 20) + "\n").repeat(17);
    for stream in [one_line, many_lines] {
        assert_eq!(read([stream.as_bytes()]).error, too_large);
        assert_eq!(read(stream.as_bytes().chunks(1 << 14)).error, too_large);
    }
}

#[test]
fn a_comment_without_end_is_kept_nowhere() {
    let mut framer = Framer::default();
    let mut read = Vec::new();
    framer.push(b":", &mut read).unwrap();
    let chunk = "ä".repeat(8 << 10);
    for _ in 0..2_000 {
        framer.push(chunk.as_bytes(), &mut read).unwrap();
    }
    assert!(framer.line.capacity() <= 4 * chunk.len(), "{}", framer.line.capacity());
    framer.push(b"\ndata: a\n\n", &mut read).unwrap();
    assert_eq!(read, [Frame { event: None, data: "a".into() }]);
}

/// Pieces that mean something, so that random streams reach every branch.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => prop::sample::select(vec![
            "data", "event", "error", "id", ":", ": ", " ", "\n", "\r", "\r\n", "\n\n", "{}", "[DONE]",
            "data: ", "<", "\u{feff}", "ä", "x",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..4),
    ]
}

proptest! {
    #[test]
    fn chunks_never_matter(
        pieces in prop::collection::vec(piece(), 0..40),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let stream = pieces.concat();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        cuts.extend([0, stream.len()]);
        cuts.sort_unstable();
        let whole = read([stream.as_slice()]);
        prop_assert_eq!(&read(cuts.windows(2).map(|cut| &stream[cut[0]..cut[1]])), &whole);
        prop_assert_eq!(&read(stream.chunks(1)), &whole);
    }
}
