//! The body of one answer, whatever it turns out to be: bytes in, events out.
//!
//! What a body is, its first byte tells better than `content-type`, which gateways get wrong in
//! every way: no event stream begins with a bracket, and no JSON document with a letter.

use serde::de::IgnoredAny;

use super::{Decode, Frame, Framer, Progress, Wire, WireError};
use crate::chat::ChatEvent;

/// Said once a stream.
const NOT_UTF8: &str = "the server sent bytes that are not UTF-8; each shows as `\u{fffd}`";

/// U+FEFF in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Reads the body of one answer with a status of success. What was asked for does not matter:
/// gateways ignore `stream`.
pub struct Reader {
    wire: Wire,
    body: Body,
    is_closed: bool,
}

enum Body {
    /// Nothing but blanks, and the beginning of a byte order mark, so far.
    Unknown(Vec<u8>),
    /// Server-sent events.
    Stream(Box<Stream>),
    /// The beginning of one JSON document.
    Document(Vec<u8>),
}

struct Stream {
    framer: Framer,
    decoder: Box<dyn Decode>,
    /// Reused from push to push.
    frames: Vec<Frame>,
    /// Whether anything was said: text, thinking, a refusal, a tool call, a reason to stop.
    has_spoken: bool,
    /// What the events, and the frames without events, hold together, in bytes.
    held: usize,
}

impl Reader {
    /// The cap of a whole answer in bytes: of a JSON document, or of what a stream's events hold.
    pub const MAX_ANSWER: usize = 64 << 20;

    /// A reader for one answer.
    pub fn new(wire: Wire) -> Self {
        Self { wire, body: Body::Unknown(Vec::new()), is_closed: false }
    }

    /// Takes bytes as they came and appends the events in them. After [`Progress::Complete`]
    /// nothing is awaited and whatever comes is ignored.
    ///
    /// # Errors
    /// See [`WireError`]. Events appended before the error stand; the answer is over.
    pub fn push(
        &mut self,
        bytes: &[u8],
        events: &mut Vec<ChatEvent>,
    ) -> Result<Progress, WireError> {
        if self.is_closed {
            return Ok(self.progress());
        }
        let read = self.read(bytes, events);
        if read.is_err() || self.progress() == Progress::Complete {
            self.close(events);
        }
        read.map(|()| self.progress())
    }

    /// Takes the end of the body and appends what was held back. `Ok`: the answer is whole.
    ///
    /// # Errors
    /// [`WireError::Cut`] or [`WireError::Empty`] when it is not, and whatever the last bytes
    /// bring.
    pub fn end(&mut self, events: &mut Vec<ChatEvent>) -> Result<(), WireError> {
        if self.is_closed {
            return Ok(());
        }
        let read = match &mut self.body {
            Body::Unknown(_) => Err(WireError::Empty),
            Body::Stream(stream) => stream.end(events),
            Body::Document(document) => decode_whole(self.wire, &std::mem::take(document), events),
        };
        self.close(events);
        read
    }

    /// The connection broke, or nobody waits any longer: appends what was held back. Whether the
    /// answer was whole all the same.
    pub fn abandon(&mut self, events: &mut Vec<ChatEvent>) -> bool {
        self.close(events);
        self.progress() != Progress::Open
    }

    /// How far the answer has come. A JSON document is open until its end.
    pub fn progress(&self) -> Progress {
        match &self.body {
            Body::Stream(stream) => stream.decoder.progress(),
            Body::Unknown(_) | Body::Document(_) => Progress::Open,
        }
    }

    fn read(&mut self, bytes: &[u8], events: &mut Vec<ChatEvent>) -> Result<(), WireError> {
        match &mut self.body {
            Body::Stream(stream) => stream.push(bytes, events),
            Body::Document(document) => {
                if document.len() + bytes.len() > Self::MAX_ANSWER {
                    return Err(too_large());
                }
                document.extend_from_slice(bytes);
                Ok(())
            }
            Body::Unknown(opening) => {
                opening.extend_from_slice(bytes);
                trim_start(opening);
                match first_of(opening) {
                    First::MoreNeeded => Ok(()),
                    First::Angle => Err(WireError::Html),
                    First::Bracket => {
                        let opening = std::mem::take(opening);
                        self.body = Body::Document(Vec::new());
                        self.read(&opening, events)
                    }
                    First::Other => {
                        let opening = std::mem::take(opening);
                        self.body = Body::Stream(Box::new(Stream::new(self.wire)));
                        self.read(&opening, events)
                    }
                }
            }
        }
    }

    /// Gives out what was held back, and the one warning about the bytes. Nothing is kept that
    /// nobody will ask for again.
    fn close(&mut self, events: &mut Vec<ChatEvent>) {
        if std::mem::replace(&mut self.is_closed, true) {
            return;
        }
        match &mut self.body {
            Body::Stream(stream) => {
                stream.frames = Vec::new();
                stream.decoder.finish(events);
                if stream.framer.has_replaced() {
                    events.push(ChatEvent::Warning(NOT_UTF8.to_owned()));
                }
            }
            Body::Unknown(bytes) | Body::Document(bytes) => *bytes = Vec::new(),
        }
    }
}

impl Stream {
    fn new(wire: Wire) -> Self {
        Self {
            framer: Framer::default(),
            decoder: wire.decoder(),
            frames: Vec::new(),
            has_spoken: false,
            held: 0,
        }
    }

    fn push(&mut self, bytes: &[u8], events: &mut Vec<ChatEvent>) -> Result<(), WireError> {
        let pushed = self.framer.push(bytes, &mut self.frames);
        let mut frames = std::mem::take(&mut self.frames);
        let decoded = frames.drain(..).try_for_each(|frame| self.decode(&frame, events));
        self.frames = frames;
        decoded?;
        match self.decoder.progress() {
            // What follows the end marker cannot spoil the answer.
            Progress::Complete => Ok(()),
            Progress::Open | Progress::Finished => pushed,
        }
    }

    /// Decodes a frame. None is read after the end marker.
    fn decode(&mut self, frame: &Frame, events: &mut Vec<ChatEvent>) -> Result<(), WireError> {
        if self.decoder.progress() == Progress::Complete {
            return Ok(());
        }
        let before = events.len();
        let decoded = self.decoder.frame(frame, events);
        self.account(frame, &events[before..])?;
        decoded
    }

    /// Counts what an answer makes this process hold. Comments are free: they hold nothing.
    fn account(&mut self, frame: &Frame, events: &[ChatEvent]) -> Result<(), WireError> {
        if events.is_empty() {
            self.held += frame.data.len();
        }
        for event in events {
            self.held += match event {
                ChatEvent::Text(text)
                | ChatEvent::Reasoning(text)
                | ChatEvent::Refusal(text)
                | ChatEvent::Warning(text) => text.len(),
                ChatEvent::ToolCall(delta) => delta.arguments.len(),
                ChatEvent::Echo { .. } => frame.data.len(),
                ChatEvent::Started { .. } | ChatEvent::Usage(_) | ChatEvent::Stop(_) => 0,
            };
            self.has_spoken |= speaks(event);
        }
        if self.held > Reader::MAX_ANSWER { Err(too_large()) } else { Ok(()) }
    }

    fn end(&mut self, events: &mut Vec<ChatEvent>) -> Result<(), WireError> {
        let last = self.framer.finish().map_or(Ok(()), |frame| self.decode(&frame, events));
        let before = events.len();
        self.decoder.finish(events);
        self.has_spoken |= events[before..].iter().any(speaks);
        match (last, self.decoder.progress()) {
            // A frame that was cut in two is no frame: it can neither spoil nor complete.
            (
                Ok(()) | Err(WireError::Malformed { .. }),
                Progress::Finished | Progress::Complete,
            ) => Ok(()),
            (Err(WireError::Malformed { .. }), Progress::Open) => Err(WireError::Cut),
            (Err(error), _) => Err(error),
            (Ok(()), Progress::Open) => Err(self.why_open()),
        }
    }

    /// Why a stream that ended in good order is no whole answer.
    fn why_open(&self) -> WireError {
        match self.framer.foreign() {
            Some(error) => error,
            None if self.has_spoken => WireError::Cut,
            None => WireError::Empty,
        }
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader")
            .field("wire", &self.wire)
            .field("progress", &self.progress())
            .finish_non_exhaustive()
    }
}

/// Whether the model says something by an event.
fn speaks(event: &ChatEvent) -> bool {
    !matches!(event, ChatEvent::Started { .. } | ChatEvent::Usage(_) | ChatEvent::Warning(_))
}

fn too_large() -> WireError {
    WireError::TooLarge { what: "an answer", limit: Reader::MAX_ANSWER }
}

/// Decodes a document; one that is the beginning of JSON and no more was cut.
fn decode_whole(wire: Wire, document: &[u8], events: &mut Vec<ChatEvent>) -> Result<(), WireError> {
    wire.decode_whole(document, events).map_err(|error| match error {
        WireError::Malformed { .. }
            if serde_json::from_slice::<IgnoredAny>(document)
                .is_err_and(|error| error.is_eof()) =>
        {
            WireError::Cut
        }
        error => error,
    })
}

/// What the first byte of a body says.
enum First {
    MoreNeeded,
    Bracket,
    Angle,
    Other,
}

fn first_of(opening: &[u8]) -> First {
    match opening.first() {
        Some(b'{' | b'[') => First::Bracket,
        Some(b'<') => First::Angle,
        _ if BYTE_ORDER_MARK.starts_with(opening) => First::MoreNeeded,
        _ => First::Other,
    }
}

/// Takes blanks and a byte order mark away: some servers send blank lines while they think.
fn trim_start(opening: &mut Vec<u8>) {
    let mut rest = opening.trim_ascii_start();
    if let Some(after) = rest.strip_prefix(BYTE_ORDER_MARK) {
        rest = after.trim_ascii_start();
    }
    let gone = opening.len() - rest.len();
    opening.drain(..gone);
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
