//! Server-sent events: bytes in, frames out; where the bytes were cut never matters.
//!
//! The rules are those of the WHATWG standard, chapter "Server-sent events", with four exceptions:
//! a field called `error` is data (older llama.cpp servers report so), an unfinished last event is
//! given out when it is worth reading (some proxies leave the last blank line out), an event has a
//! maximal size, and bytes that are plainly something else are an error instead of silence.

use serde::de::IgnoredAny;

use super::{WireError, json};

/// U+FEFF in UTF-8; may precede the first line.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// So many bytes without a known field are no event stream.
const MAX_STRAY: usize = 64 << 10;

/// A comment without end is checked and let go in pieces of this size.
const COMMENT_PIECE: usize = 4 << 10;

/// The longest name of a field with its colon: a line of this length shows whether it is known.
const LONGEST_NAME: usize = "event:".len();

/// One event of a stream: its `data` lines joined with LF.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frame {
    /// The `event` field, when there was one; `error` when the data came in a field of that name.
    pub event: Option<String>,
    /// The `data` (or llama.cpp's `error`) lines, joined; invalid UTF-8 replaced.
    pub data: String,
}

/// Cuts bytes into frames. Every byte is looked at once, and a line that lies in one chunk is
/// copied only into its frame.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about the stream")]
pub struct Framer {
    /// The beginning of a line whose end has not come yet.
    line: Vec<u8>,
    /// The data of the event that is being read; `None` before its first data line.
    data: Option<Vec<u8>>,
    event: Option<String>,
    /// The last chunk ended with CR: an LF that follows belongs to it.
    is_after_cr: bool,
    /// The place of a byte order mark is behind us.
    is_begun: bool,
    has_replaced: bool,
    has_field: bool,
    stray: Stray,
}

/// Lines without a known field before the first one that has one.
#[derive(Debug, Default)]
struct Stray {
    bytes: usize,
    /// The beginning of the first such line.
    excerpt: Option<String>,
}

/// What a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Data,
    /// llama.cpp's: data, and its name says what it is.
    Error,
    Event,
    /// `id` or `retry`: known and of no use here.
    Idle,
    Unknown,
}

/// The names of fields.
const NAMES: [(&[u8], Field); 5] = [
    (b"data", Field::Data),
    (b"error", Field::Error),
    (b"event", Field::Event),
    (b"id", Field::Idle),
    (b"retry", Field::Idle),
];

impl Framer {
    /// The cap of one event in bytes.
    pub const MAX_EVENT: usize = 16 << 20;

    /// Takes bytes as they came and appends the frames that they complete.
    ///
    /// # Errors
    /// [`WireError::TooLarge`] past the cap, [`WireError::Malformed`] for what is no event stream:
    /// a line other than data that is not UTF-8, and before the first known field a line of markup
    /// or 64 KiB of anything. Frames appended before the error stand.
    pub fn push(&mut self, mut bytes: &[u8], frames: &mut Vec<Frame>) -> Result<(), WireError> {
        if self.is_after_cr && !bytes.is_empty() {
            self.is_after_cr = false;
            bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
        }
        while let Some(end) = memchr::memchr2(b'\n', b'\r', bytes) {
            self.end_line(&bytes[..end], frames)?;
            let is_cr = bytes[end] == b'\r';
            bytes = &bytes[end + 1..];
            if is_cr {
                self.is_after_cr = bytes.is_empty();
                bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
            }
        }
        self.keep(bytes)
    }

    /// The unfinished frame at the end of the stream, if there is one worth reading: `[DONE]`, or
    /// data that is a whole JSON object or list. Anything else was cut off.
    pub fn finish(&mut self) -> Option<Frame> {
        let line = std::mem::take(&mut self.line);
        // The beginning of a field's name says nothing yet.
        let is_torn = NAMES.iter().any(|(name, _)| name.starts_with(&line));
        if !is_torn {
            // It is not blank and so completes no frame. What is wrong with it, the cut did.
            let _ = self.read_line(&line, &mut Vec::new());
        }
        let data = self.data.take()?;
        let text = String::from_utf8_lossy(&data);
        let is_json = text.trim_start().starts_with(['{', '['])
            && serde_json::from_str::<IgnoredAny>(&text).is_ok();
        (is_json || text.starts_with("[DONE]")).then(|| self.frame(data))
    }

    /// Whether invalid UTF-8 in data was replaced by U+FFFD so far; worth one warning a stream.
    pub fn has_replaced(&self) -> bool {
        self.has_replaced
    }

    /// The error for a stream that ended without a single known field although something came:
    /// more exact than [`WireError::Cut`]. To be asked after [`Framer::finish`].
    pub fn foreign(&self) -> Option<WireError> {
        let excerpt = self.stray.excerpt.as_ref().filter(|_| !self.has_field)?;
        Some(malformed(excerpt.clone()))
    }

    /// Keeps the beginning of a line. Gives up on it as soon as it can be nothing useful.
    fn keep(&mut self, bytes: &[u8]) -> Result<(), WireError> {
        self.line.extend_from_slice(bytes);
        if !self.is_begun && self.line.len() >= BOM.len() {
            self.is_begun = true;
            if self.line.starts_with(BOM) {
                self.line.drain(..BOM.len());
            }
        }
        if self.line.starts_with(b":") {
            return self.shorten_comment();
        }
        if self.line.len() > LONGEST_NAME && split(&self.line).0 == Field::Unknown {
            self.check_stray(&self.line)?;
        }
        self.check_size(self.line.len())
    }

    /// Takes the last piece of a line.
    fn end_line(&mut self, piece: &[u8], frames: &mut Vec<Frame>) -> Result<(), WireError> {
        if self.line.is_empty() {
            let is_begun = std::mem::replace(&mut self.is_begun, true);
            let marked = if is_begun { None } else { piece.strip_prefix(BOM) };
            return self.read_line(marked.unwrap_or(piece), frames);
        }
        self.keep(piece)?;
        self.is_begun = true;
        let mut line = std::mem::take(&mut self.line);
        let read = self.read_line(&line, frames);
        // The buffer serves the next torn line, unless it has grown out of proportion.
        if line.capacity() <= MAX_STRAY {
            line.clear();
            self.line = line;
        }
        read
    }

    /// Reads a whole line.
    fn read_line(&mut self, line: &[u8], frames: &mut Vec<Frame>) -> Result<(), WireError> {
        if line.is_empty() {
            self.dispatch(frames);
            return Ok(());
        }
        if line.starts_with(b":") {
            return str::from_utf8(line).map(|_| ()).map_err(|_| malformed(":".to_owned()));
        }
        let (field, value) = split(line);
        if field == Field::Unknown {
            self.check_stray(line)?;
        }
        self.check_size(line.len())?;
        match field {
            Field::Data => self.add_data(value),
            Field::Error => {
                self.event = Some("error".to_owned());
                self.add_data(value);
            }
            Field::Event => self.event = Some(utf8(value)?.to_owned()),
            Field::Idle => _ = utf8(value)?,
            Field::Unknown => {
                utf8(line)?;
                return self.add_stray(line);
            }
        }
        self.has_field = true;
        Ok(())
    }

    fn add_data(&mut self, value: &[u8]) {
        match &mut self.data {
            Some(data) => {
                data.push(b'\n');
                data.extend_from_slice(value);
            }
            None => self.data = Some(value.to_owned()),
        }
    }

    /// A blank line: the event is whole. One without data is none.
    fn dispatch(&mut self, frames: &mut Vec<Frame>) {
        match self.data.take() {
            Some(data) => {
                let frame = self.frame(data);
                frames.push(frame);
            }
            None => self.event = None,
        }
    }

    fn frame(&mut self, data: Vec<u8>) -> Frame {
        let data = String::from_utf8(data).unwrap_or_else(|error| {
            self.has_replaced = true;
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        });
        Frame { event: self.event.take(), data }
    }

    /// Lets go of a comment that grows, so that one without end costs nothing; its `:` stays.
    fn shorten_comment(&mut self) -> Result<(), WireError> {
        if self.line.len() < COMMENT_PIECE {
            return Ok(());
        }
        let whole = match str::from_utf8(&self.line) {
            Ok(text) => text.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => return Err(malformed(":".to_owned())),
        };
        self.line.drain(1..whole);
        Ok(())
    }

    fn check_size(&self, line: usize) -> Result<(), WireError> {
        let data = self.data.as_ref().map_or(0, Vec::len);
        if data + line > Self::MAX_EVENT {
            return Err(WireError::TooLarge { what: "an event", limit: Self::MAX_EVENT });
        }
        Ok(())
    }

    /// Refuses a line without a known field, whole or not, when too much of the kind came.
    fn check_stray(&self, line: &[u8]) -> Result<(), WireError> {
        if self.has_field || self.stray.bytes + line.len() <= MAX_STRAY {
            return Ok(());
        }
        Err(malformed(self.stray.excerpt.clone().unwrap_or_else(|| excerpt(line))))
    }

    /// Ignores a line without a known field, but not a page of markup.
    fn add_stray(&mut self, line: &[u8]) -> Result<(), WireError> {
        if self.has_field {
            return Ok(());
        }
        self.stray.bytes += line.len();
        let excerpt = self.stray.excerpt.get_or_insert_with(|| excerpt(line));
        if line.trim_ascii_start().starts_with(b"<") {
            return Err(malformed(excerpt.clone()));
        }
        Ok(())
    }
}

/// The field of a line and its value: what follows the first colon and at most one space.
fn split(line: &[u8]) -> (Field, &[u8]) {
    let colon = memchr::memchr(b':', &line[..line.len().min(LONGEST_NAME)]);
    let (name, value) = match colon {
        Some(at) => (&line[..at], &line[at + 1..]),
        None => (line, &[][..]),
    };
    let field = NAMES.iter().find(|(known, _)| *known == name);
    let field = field.map_or(Field::Unknown, |(_, field)| *field);
    (field, value.strip_prefix(b" ").unwrap_or(value))
}

fn utf8(bytes: &[u8]) -> Result<&str, WireError> {
    str::from_utf8(bytes).map_err(|_| malformed(excerpt(bytes)))
}

/// The beginning of a line; the same for a longer piece of it.
fn excerpt(line: &[u8]) -> String {
    json::excerpt(&String::from_utf8_lossy(&line[..line.len().min(1 << 10)]))
}

fn malformed(excerpt: String) -> WireError {
    WireError::Malformed { expected: "an event stream", excerpt }
}

#[cfg(test)]
#[path = "sse_tests.rs"]
mod tests;
