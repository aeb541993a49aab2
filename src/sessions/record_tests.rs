use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::chat::{Content, Echo, Part, ToolCall};

fn written(record: &Record<'_>) -> String {
    let mut line = Vec::new();
    record.write(&mut line);
    String::from_utf8(line).expect("JSON is UTF-8")
}

#[track_caller]
fn assert_read_back(record: &Record<'_>) {
    let line = written(record);
    let bare = line.strip_suffix('\n').expect("a line ends");
    assert!(!bare.contains('\n'), "{line}");
    assert_eq!(Record::parse(bare.as_bytes()).as_ref(), Some(record), "{line}");
}

fn time() -> impl Strategy<Value = Time> {
    // To the end of the year 9999.
    (0_i64..253_402_207_200_000).prop_map(|millis| {
        Time::of(jiff::Timestamp::from_millisecond(millis).expect("it is within range"))
    })
}

fn maybe_text() -> impl Strategy<Value = Option<String>> {
    prop::option::of(any::<String>())
}

fn usage() -> impl Strategy<Value = Usage> {
    let count = || prop::option::of(any::<u64>());
    (count(), count(), count(), count(), count(), count()).prop_map(
        |(input, cached_input, cache_write, output, reasoning, total)| Usage {
            input,
            cached_input,
            cache_write,
            output,
            reasoning,
            total,
        },
    )
}

fn part() -> impl Strategy<Value = Part> {
    let content = prop_oneof![
        any::<String>().prop_map(Content::Text),
        any::<String>().prop_map(Content::Reasoning),
        any::<String>().prop_map(Content::Refusal),
        any::<[String; 3]>().prop_map(|[id, name, arguments]| {
            Content::ToolCall(ToolCall { id, name, arguments })
        }),
        Just(Content::Opaque),
    ];
    let echo = prop::option::of(any::<[String; 2]>()).prop_map(|echo| {
        echo.map(|[issuer, value]| Echo { issuer, value: json!({ "k": [value, 1, null] }) })
    });
    (content, echo).prop_map(|(content, echo)| Part { content, echo })
}

fn asked() -> impl Strategy<Value = Asked<'static>> {
    let file = (any::<String>(), any::<String>(), any::<u64>())
        .prop_map(|(name, sha256, bytes)| FileRef { name, sha256, bytes });
    let chosen = (maybe_text(), maybe_text()).prop_map(|(model, system)| Chosen { model, system });
    (
        any::<[String; 5]>(),
        maybe_text(),
        time(),
        chosen,
        any::<bool>(),
        prop::collection::vec(file, 0..3),
    )
        .prop_map(
            |([id, profile, model, wire, text], parent, at, chosen, is_continuation, files)| {
                Asked {
                    id: id.into(),
                    parent: parent.map(Into::into),
                    at,
                    profile: profile.into(),
                    model: model.into(),
                    wire: wire.into(),
                    chosen,
                    is_continuation,
                    files,
                    text: text.into(),
                }
            },
        )
}

proptest! {
    #[test]
    fn a_question_is_read_as_it_was_written(asked in asked()) {
        assert_read_back(&Record::Turn(asked));
    }

    #[test]
    fn an_answer_is_read_as_it_was_written(
        texts in any::<[String; 4]>(),
        said in (maybe_text(), maybe_text(), maybe_text()),
        at in time(),
        usage in usage(),
        millis in prop::option::of(any::<u64>()),
        state in prop::sample::select(&[State::Complete, State::Partial, State::Failed][..]),
        error in prop::option::of(any::<[String; 2]>()),
        parts in prop::collection::vec(part(), 0..4),
    ) {
        let [turn, profile, model, wire] = texts;
        let (served_model, finish_reason, request_id) = said;
        let record = Record::Answer(Answered {
            turn: turn.into(),
            at,
            state,
            profile: profile.into(),
            model: model.into(),
            wire: wire.into(),
            served_model,
            finish_reason,
            request_id,
            usage,
            first_ms: millis,
            total_ms: millis,
            error: error.map(|[kind, message]| Trouble { kind, message }),
            parts: parts.iter().filter_map(Piece::of).collect(),
        });
        assert_read_back(&record);
        // The parts mean what they meant.
        let pieces: Vec<_> = parts.iter().filter_map(Piece::of).collect();
        let read: Vec<_> = pieces.into_iter().filter_map(Piece::into_part).collect();
        prop_assert_eq!(read, parts);
    }

    #[test]
    fn what_grows_moves_and_is_named_is_read_as_it_was_written(
        turn in any::<String>(),
        text in any::<String>(),
        name in maybe_text(),
        at in time(),
        part in any::<usize>(),
        is_anew in any::<bool>(),
    ) {
        let kind = "reasoning".into();
        let more = More { turn: turn.into(), is_anew, part, kind, text: text.into() };
        assert_read_back(&Record::More(more));
        let cow = || name.clone().map(Cow::Owned);
        assert_read_back(&Record::Head(Head { at, turn: cow() }));
        assert_read_back(&Record::Name(Named { at, name: cow() }));
    }

    #[test]
    fn no_line_makes_it_panic(line in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Record::parse(&line);
    }
}

/// The page is for people who write programs of their own.
#[test]
fn the_lines_of_the_page_are_read_and_written_as_they_stand_there() {
    let page = include_str!("../../docs/session-format.md");
    let mut kinds = Vec::new();
    for line in page.lines().filter(|line| line.starts_with("{\"type\":")) {
        let record = Record::parse(line.as_bytes()).unwrap_or_else(|| panic!("no record: {line}"));
        assert_eq!(written(&record).trim_end(), line);
        kinds.extend(kind(line));
    }
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds, ["answer", "head", "more", "name", "session", "turn"]);
}

#[test]
fn a_beginning_is_read_as_it_was_written() {
    let begun = Begun {
        v: VERSION,
        id: SessionId::random(),
        at: Time::now(),
        program: "byok 1.2.3".to_owned(),
        directory: Some("/home/é\n".to_owned()),
        terminal: None,
        forked_from: Some(SessionId::random()),
        imported_from: Some("old.yaml".to_owned()),
    };
    assert_read_back(&Record::Session(begun));
}

#[test]
fn every_line_says_first_what_it_records() {
    let head = Record::Head(Head { at: Time::now(), turn: None });
    assert_eq!(kind(&written(&head)), Some("head"));
    assert!(written(&head).starts_with(r#"{"type":"head","#));
}

#[test]
fn fields_in_another_order_and_unknown_ones_are_no_trouble() {
    let at = "2026-11-23T02:13:48.123Z";
    let ours = format!(r#"{{"type":"name","at":"{at}","name":"é"}}"#);
    let theirs =
        format!(r#" {{"name" : "\u00e9", "mood":[1,{{}}], "at":"{at}", "type": "name"}} "#);
    assert_eq!(Record::parse(theirs.as_bytes()), Record::parse(ours.as_bytes()));
    // Read by its beginning, and with a field that is not known.
    let newer = format!(r#"{{"type":"name","at":"{at}","name":"é","colour":"red"}}"#);
    assert_eq!(Record::parse(newer.as_bytes()), Record::parse(ours.as_bytes()));
}

#[test]
fn times_of_other_zones_and_precisions_are_read() {
    let line = |at: &str| format!(r#"{{"type":"head","at":"{at}","turn":null}}"#);
    let ours = line("2026-11-23T02:13:48.123Z");
    for at in ["2026-11-23T03:13:48.123+01:00", "2026-11-23T02:13:48.123999999Z"] {
        let theirs = line(at);
        assert_eq!(Record::parse(theirs.as_bytes()), Record::parse(ours.as_bytes()), "{at}");
    }
    assert_eq!(Record::parse(line("yesterday").as_bytes()), None);
}

#[test]
fn what_a_newer_program_records_is_unknown_and_what_is_no_json_is_nothing() {
    assert_eq!(Record::parse(br#"{"type":"mood","is":"good"}"#), Some(Record::Unknown));
    assert_eq!(Record::parse(br#"{"is":"good","type":"mood"}"#), Some(Record::Unknown));
    let nothing: [&[u8]; 8] = [
        b"",
        b"hello",
        b"[]",
        b"{}",
        br#"{"type":"mood","is":"#,
        br#"{"type":"turn","id":"x"}"#,
        br#"{"type":7}"#,
        b"{\"type\":\"name\",\"at\":\"2026-11-23T02:13:48Z\",\"name\":\"\xff\"}",
    ];
    for line in nothing {
        assert_eq!(Record::parse(line), None, "{}", String::from_utf8_lossy(line));
    }
    let mut out = Vec::new();
    Record::Unknown.write(&mut out);
    assert!(out.is_empty());
}

#[test]
fn a_part_of_a_kind_that_is_not_known_is_left_out() {
    let piece: Piece<'_> = serde_json::from_str(r#"{"kind":"image","url":"x"}"#).unwrap();
    assert_eq!(piece.into_part(), None);
    // A call without its call is none.
    let piece: Piece<'_> = serde_json::from_str(r#"{"kind":"toolCall"}"#).unwrap();
    assert_eq!(piece.into_part(), None);
}
