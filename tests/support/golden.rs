//! Golden streams: what the wire carried, and what was read in it.
//!
//! `tests/golden/FORMAT/NAME.sse` holds the bytes, `NAME.events` the events, the end and the fold.
//! `BLESS=1` writes the `.events` anew. A format that cannot spell one of [`SCENARIOS`] says so in
//! `NAME.none`, with the reason.

use std::{
    ffi::OsString,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use byok::{
    chat::{ChatEvent, Reply},
    wire::{Progress, Reader, Wire, WireError},
};
use serde_json::Value;

/// What every format is asked for.
const SCENARIOS: [&str; 12] = [
    "cut",
    "error_before",
    "error_inside",
    "filter",
    "hello",
    "length",
    "parallel_tools",
    "reasoning",
    "refusal",
    "tool_call",
    "unicode",
    "usage",
];

/// How a stream ended: `Ok` is success.
type End = Result<(), WireError>;

/// One golden stream.
pub(crate) struct Golden {
    pub(crate) wire: Wire,
    pub(crate) path: PathBuf,
    pub(crate) bytes: Vec<u8>,
}

/// Every golden stream of every format. Panics when a format lacks a scenario.
pub(crate) fn all() -> Vec<Golden> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    files(&root).into_iter().flat_map(|folder| of_format(&folder)).collect()
}

fn of_format(folder: &Path) -> Vec<Golden> {
    let wire = match folder.file_name().and_then(|name| name.to_str()) {
        Some("openai_chat") => Wire::OpenAiChat,
        Some("openai_responses") => Wire::OpenAiResponses,
        Some("anthropic_messages") => Wire::AnthropicMessages,
        _ => panic!("{}: no such format", folder.display()),
    };
    for scenario in SCENARIOS {
        let exists = |kind| folder.join(scenario).with_extension(kind).exists();
        assert!(exists("sse") || exists("none"), "{}: no `{scenario}`", folder.display());
    }
    files(folder)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|kind| kind == "sse"))
        .map(|path| Golden { wire, bytes: fs::read(&path).expect("a listed file"), path })
        .collect()
}

impl Golden {
    /// The events and the end, asserted to be what is written down.
    pub(crate) fn check(&self) {
        let (events, end) = read(self.wire, [self.bytes.as_slice()]);
        let found = written(&events, &end);
        let path = self.path.with_extension("events");
        if variable("BLESS").is_some() {
            fs::write(&path, found).expect("a folder that can be written");
            return;
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(found, expected, "{} (`BLESS=1` rewrites)", path.display());
    }

    /// Asserts that neither the cuts between reads nor the kind of line end matter.
    pub(crate) fn check_chunks(&self) {
        let name = self.path.display();
        let whole = read(self.wire, [self.bytes.as_slice()]);
        for at in 0..=self.bytes.len() {
            let halves = read(self.wire, [&self.bytes[..at], &self.bytes[at..]]);
            assert_eq!(halves, whole, "{name}: cut at byte {at}");
        }
        let bytes = with_line_end(&self.bytes, "\r\n");
        for at in memchr::memchr_iter(b'\r', &bytes).flat_map(|at| [at, at + 1, at + 2]) {
            let halves = read(self.wire, [&bytes[..at], &bytes[at..]]);
            assert_eq!(halves, whole, "{name}: with CRLF, cut at byte {at}");
        }
        for line_end in ["\n", "\r\n", "\r"] {
            let bytes = with_line_end(&self.bytes, line_end);
            let single = read(self.wire, bytes.chunks(1));
            assert_eq!(single, whole, "{name}: {line_end:?}, byte by byte");
        }
    }

    /// Asserts that a stream that ends early is a success only when the whole answer was there,
    /// and otherwise a cut, or nothing at all.
    pub(crate) fn check_cuts(&self) {
        let (events, end) = read(self.wire, [self.bytes.as_slice()]);
        let whole = fold(&events);
        for length in 0..self.bytes.len() {
            let (events, found) = read(self.wire, [&self.bytes[..length]]);
            let place = format!("{}: ends after byte {length}", self.path.display());
            match found {
                Ok(()) => {
                    let reply = fold(&events);
                    assert!(reply.stop.is_some(), "{place}: {reply:?}");
                    assert_eq!(reply.text(), whole.text(), "{place}");
                    assert_eq!(reply.refusal(), whole.refusal(), "{place}");
                }
                Err(error) => {
                    let is_expected = matches!(error, WireError::Cut | WireError::Empty)
                        || Err(&error) == end.as_ref();
                    assert!(is_expected, "{place}: {error:?}");
                }
            }
        }
    }
}

/// The events in `chunks`, and how they ended.
pub(crate) fn read<'a>(
    wire: Wire,
    chunks: impl IntoIterator<Item = &'a [u8]>,
) -> (Vec<ChatEvent>, End) {
    let mut reader = Reader::new(wire);
    let mut events = Vec::new();
    for chunk in chunks {
        match reader.push(chunk, &mut events) {
            Ok(Progress::Complete) => return (events, Ok(())),
            Ok(Progress::Open | Progress::Finished) => {}
            Err(error) => return (events, Err(error)),
        }
    }
    let end = reader.end(&mut events);
    (events, end)
}

/// The answer that events make.
pub(crate) fn fold(events: &[ChatEvent]) -> Reply {
    let mut reply = Reply::default();
    for event in events {
        reply.apply(event, "issuer");
    }
    reply
}

fn written(events: &[ChatEvent], end: &End) -> String {
    let mut text = String::new();
    for event in events {
        writeln!(text, "{event:?}").expect("a string takes everything");
    }
    let end = end.as_ref().map_or_else(|error| format!("{error:?}"), |()| "whole".to_owned());
    let reply = fold(events);
    write!(text, "\nend: {end}\nstop: {:?}\nusage: {:?}\n", reply.stop, reply.usage)
        .expect("a string takes everything");
    for part in &reply.parts {
        writeln!(text, "part: {part:?}").expect("a string takes everything");
    }
    text
}

fn with_line_end(bytes: &[u8], line_end: &str) -> Vec<u8> {
    let lines: Vec<_> = bytes.split(|byte| *byte == b'\n').collect();
    lines.join(line_end.as_bytes())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

/// A recorded answer of a real server.
pub(crate) struct Recorded {
    pub(crate) name: String,
    pub(crate) body: RecordedBody,
}

pub(crate) enum RecordedBody {
    /// One or more answers, each as its payloads in order.
    Streams(Vec<Vec<Value>>),
    /// One JSON document.
    Document(Vec<u8>),
}

/// The test run's own environment, which byok never sees.
#[expect(clippy::disallowed_methods, reason = "these variables speak to the tests, not to byok")]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// The answers below `BYOK_RECORDED_DIR`; none, and a note, when it is unset.
pub(crate) fn recorded(format: &str) -> Vec<Recorded> {
    let Some(root) = variable("BYOK_RECORDED_DIR") else {
        // Past the harness, which would keep the word to itself.
        let _ = writeln!(std::io::stderr(), "skipped: `BYOK_RECORDED_DIR` is unset");
        return Vec::new();
    };
    let paths = files(&Path::new(&root).join(format));
    paths.iter().map(|path| read_recorded(path)).collect()
}

fn read_recorded(path: &Path) -> Recorded {
    let name = path.file_name().expect("a file").to_string_lossy().into_owned();
    let bytes = fs::read(path).expect("a listed file");
    if !name.ends_with(".chunks.txt") {
        return Recorded { name, body: RecordedBody::Document(bytes) };
    }
    let mut streams = vec![Vec::new()];
    for line in String::from_utf8(bytes).expect("text").lines().filter(|line| !line.is_empty()) {
        let payload: Value = serde_json::from_str(line).expect("one payload a line");
        let current: &mut Vec<_> = streams.last_mut().expect("never empty");
        if payload["type"] == "response.created" && !current.is_empty() {
            streams.push(vec![payload]);
        } else {
            current.push(payload);
        }
    }
    Recorded { name, body: RecordedBody::Streams(streams) }
}

/// The bytes that carried `payloads`. Named events end with the last payload, others with `[DONE]`.
pub(crate) fn stream(payloads: &[Value]) -> Vec<u8> {
    let mut text = String::new();
    for payload in payloads {
        if let Some(event) = payload["type"].as_str() {
            writeln!(text, "event: {event}").expect("a string takes everything");
        }
        write!(text, "data: {payload}\n\n").expect("a string takes everything");
    }
    if payloads.iter().all(|payload| payload["type"].is_null()) {
        text.push_str("data: [DONE]\n\n");
    }
    text.into_bytes()
}
