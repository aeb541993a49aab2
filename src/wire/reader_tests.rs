use super::*;

/// A small answer of each wire format that has one here.
const CHAT: &str = concat!(
    ": hello\r\n\r\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"h\u{e9}\"}}]}\n\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"llo\"},\"finish_reason\":\"stop\"}]}\n\n",
    "data: [DONE]\n\n",
);
const WHOLE: &str =
    r#"{"choices":[{"index":0,"message":{"content":"hello"},"finish_reason":"stop"}]}"#;

/// Reads `pieces` to the end: the text, and how it went.
fn read<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (String, Result<(), WireError>) {
    let mut reader = Reader::new(Wire::OpenAiChat);
    let mut events = Vec::new();
    let mut result = Ok(Progress::Open);
    for piece in pieces {
        result = reader.push(piece, &mut events);
        if !matches!(result, Ok(Progress::Open | Progress::Finished)) {
            break;
        }
    }
    let result = match result {
        Ok(Progress::Complete) => Ok(()),
        Ok(_) => reader.end(&mut events),
        Err(error) => Err(error),
    };
    let text = events.iter().filter_map(|event| match event {
        ChatEvent::Text(text) => Some(text.as_str()),
        _ => None,
    });
    (text.collect(), result)
}

#[test]
fn where_the_bytes_are_cut_does_not_matter() {
    for body in [CHAT.to_owned(), format!("\u{feff}\n{CHAT}"), format!("\r\n\u{feff} {WHOLE}")] {
        let body = body.as_bytes();
        let whole = read([body]);
        assert_eq!(whole.1, Ok(()));
        for at in 0..=body.len() {
            assert_eq!(read([&body[..at], &body[at..]]), whole, "cut at {at}");
        }
        assert_eq!(read(body.chunks(1)), whole, "byte by byte");
    }
}

#[test]
fn an_end_before_the_last_word_is_never_a_success() {
    let last = CHAT.find("\"stop\"").expect("a reason to stop");
    for (body, safe) in [(CHAT, last), (WHOLE, WHOLE.len())] {
        for at in 0..safe {
            let (_, result) = read([&body.as_bytes()[..at]]);
            let error = result.expect_err("half an answer");
            assert!(matches!(error, WireError::Cut | WireError::Empty), "cut at {at}: {error:?}");
        }
    }
}

#[test]
fn the_first_byte_tells_what_a_body_is() {
    assert_eq!(read([&b"  <html>"[..]]).1, Err(WireError::Html));
    assert_eq!(read([&b""[..]]).1, Err(WireError::Empty));
    assert_eq!(read([&b"\xEF\xBB"[..]]).1, Err(WireError::Empty));
    assert_eq!(read([&b": only a comment\n\n"[..]]).1, Err(WireError::Empty));
    let words = WireError::Malformed { expected: "an event stream", excerpt: "closed".into() };
    assert_eq!(read([&b"closed\n"[..]]).1, Err(words));
    assert!(matches!(read([&b"[1, 2]"[..]]).1, Err(WireError::Malformed { .. })));
}

#[test]
fn blanks_before_a_document_are_not_kept() {
    let mut reader = Reader::new(Wire::OpenAiChat);
    let mut events = Vec::new();
    for _ in 0..1_000 {
        assert_eq!(reader.push(&[b'\n'; 1024], &mut events), Ok(Progress::Open));
    }
    assert!(matches!(&reader.body, Body::Unknown(kept) if kept.is_empty()));
}

#[test]
fn what_follows_the_end_marker_cannot_spoil_the_answer() {
    let body = format!("{CHAT}data: {{broken\n\n<html>");
    assert_eq!(read([body.as_bytes()]), ("h\u{e9}llo".to_owned(), Ok(())));
}

#[test]
fn events_that_say_nothing_count_as_well() {
    let mut reader = Reader::new(Wire::OpenAiChat);
    let mut events = Vec::new();
    let silent = format!("data: {{\"choices\":[],\"x\":\"{}\"}}\n\n", "x".repeat(1 << 20));
    let error = (0..70).find_map(|_| {
        events.clear();
        reader.push(silent.as_bytes(), &mut events).err()
    });
    assert_eq!(error, Some(too_large()));
}
