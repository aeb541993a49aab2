//! One line of a session's file, as `docs/session-format.md` describes it. Pure.
//!
//! Every line is a JSON object whose first field says what it records. Unknown kinds and unknown
//! fields are skipped, so that an older program reads what a newer one of the same version wrote.

mod part;
mod time;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::SessionId;
use crate::chat::Usage;
pub(super) use part::{Piece, usage};
pub use time::Time;

/// The version of the format that is written, and the newest that is read.
pub(super) const VERSION: u32 = 1;

/// What a line records.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Record<'a> {
    /// The first line of a file.
    Session(Begun),
    /// A question, before it is sent.
    Turn(Asked<'a>),
    /// A piece of an answer while it comes.
    More(More<'a>),
    /// An answer at its end, all of it.
    Answer(Answered<'a>),
    /// From where the conversation goes on, when that is not the last answer.
    Head(Head<'a>),
    /// What the session is called.
    Name(Named<'a>),
    /// Something that a newer program knows.
    Unknown,
}

/// `{"type":"session"}`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Begun {
    /// The version of the format: [`VERSION`].
    pub(super) v: u32,
    /// The session's id; the file's name ends with it.
    pub id: SessionId,
    /// When it began.
    pub at: Time,
    /// Who wrote it: `byok 0.1.0`.
    pub(super) program: String,
    /// The working directory, as far as it is text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directory: Option<String>,
    /// The terminal, as [`super::Place`] names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminal: Option<String>,
    /// Where its first turns come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forked_from: Option<SessionId>,
    /// The file that it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported_from: Option<String>,
}

/// `{"type":"turn"}`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Asked<'a> {
    /// Unique within the session.
    #[serde(borrow)]
    pub(super) id: Cow<'a, str>,
    /// The turn that it follows; `None`: it begins a conversation.
    #[serde(borrow)]
    pub(super) parent: Option<Cow<'a, str>>,
    pub(super) at: Time,
    #[serde(borrow)]
    pub(super) profile: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) model: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) wire: Cow<'a, str>,
    /// What the person chose in place of what the profile says.
    #[serde(default, skip_serializing_if = "Chosen::is_empty")]
    pub(super) chosen: Chosen,
    /// It asks for the rest of its parent's answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_continuation: bool,
    /// What went along, before the words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) files: Vec<FileRef>,
    #[serde(borrow)]
    pub(super) text: Cow<'a, str>,
}

/// What a person chose for a turn in place of what its profile says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// A model by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// A system prompt; an empty one: none at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
}

impl Begun {
    /// A session that began at this moment.
    pub fn new(id: SessionId, at: Time) -> Self {
        Self {
            v: VERSION,
            id,
            at,
            program: concat!("byok ", env!("CARGO_PKG_VERSION")).to_owned(),
            directory: None,
            terminal: None,
            forked_from: None,
            imported_from: None,
        }
    }
}

impl Chosen {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A file that went along with a question; what was in it is kept beside the sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// The path as it was typed.
    pub name: String,
    /// SHA-256 of the text that was sent, in hexadecimal: its name in the folder of files.
    pub sha256: String,
    /// The length of that text.
    pub bytes: u64,
}

/// `{"type":"more"}`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct More<'a> {
    #[serde(borrow)]
    pub(super) turn: Cow<'a, str>,
    /// What came before is void: the request was sent again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_anew: bool,
    /// Which part of the answer grows, from 0.
    pub(super) part: usize,
    /// `text`, `reasoning` or `refusal`.
    #[serde(borrow)]
    pub(super) kind: Cow<'a, str>,
    /// To be appended to that part.
    #[serde(borrow)]
    pub(super) text: Cow<'a, str>,
}

/// `{"type":"answer"}`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answered<'a> {
    #[serde(borrow)]
    pub(super) turn: Cow<'a, str>,
    pub(super) at: Time,
    pub(super) state: State,
    #[serde(borrow)]
    pub(super) profile: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) model: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) wire: Cow<'a, str>,
    /// The model in the server's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) served_model: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) finish_reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) request_id: Option<String>,
    #[serde(default, with = "part::usage")]
    pub(super) usage: Usage,
    /// Milliseconds from the question to the first piece of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) first_ms: Option<u64>,
    /// Milliseconds from the question to the end of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) total_ms: Option<u64>,
    /// What went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<Trouble>,
    #[serde(borrow)]
    pub(super) parts: Vec<Piece<'a>>,
}

/// Whether an answer came, and all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// All of it.
    Complete,
    /// Its beginning.
    Partial,
    /// Nothing that a person could read.
    Failed,
}

/// Why an answer is not whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// The name that JSON output has for it, `error.kind`.
    pub kind: String,
    /// What the person was told.
    pub message: String,
}

/// `{"type":"head"}`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head<'a> {
    pub(super) at: Time,
    /// `None`: a new conversation begins.
    #[serde(borrow)]
    pub(super) turn: Option<Cow<'a, str>>,
}

/// `{"type":"name"}`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Named<'a> {
    pub(super) at: Time,
    /// `None`: it has no name any more.
    #[serde(borrow)]
    pub(super) name: Option<Cow<'a, str>>,
}

/// The word that stands first in a line.
const TYPE: &str = "{\"type\":\"";

impl<'a> Record<'a> {
    /// Reads a line, its line feed taken off. `None`: it is no record.
    pub(super) fn parse(line: &'a [u8]) -> Option<Self> {
        let line = std::str::from_utf8(line).ok()?;
        let kind = match kind(line) {
            Some(kind) => Cow::Borrowed(kind),
            // Written by another program, in another order.
            None => Cow::Owned(serde_json::from_str::<Kind>(line).ok()?.kind),
        };
        match kind.as_ref() {
            "session" => read(line).map(Self::Session),
            "turn" => read(line).map(Self::Turn),
            "more" => read(line).map(Self::More),
            "answer" => read(line).map(Self::Answer),
            "head" => read(line).map(Self::Head),
            "name" => read(line).map(Self::Name),
            _ => read::<Value>(line).map(|_| Self::Unknown),
        }
    }

    /// Appends the line, its line feed included.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Session(it) => line(out, "session", it),
            Self::Turn(it) => line(out, "turn", it),
            Self::More(it) => line(out, "more", it),
            Self::Answer(it) => line(out, "answer", it),
            Self::Head(it) => line(out, "head", it),
            Self::Name(it) => line(out, "name", it),
            Self::Unknown => {}
        }
    }
}

fn read<'a, T: Deserialize<'a>>(line: &'a str) -> Option<T> {
    serde_json::from_str(line).ok()
}

/// What a line records, when it begins as ours do.
pub(super) fn kind(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(TYPE)?;
    rest.split_once('"').map(|(kind, _)| kind)
}

#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "type")]
    kind: String,
}

fn line(out: &mut Vec<u8>, kind: &str, record: &impl Serialize) {
    #[derive(Serialize)]
    struct Line<'a, T> {
        #[serde(rename = "type")]
        kind: &'a str,
        #[serde(flatten)]
        record: &'a T,
    }
    // It has no map with keys that are not text, and a vector takes every byte.
    if serde_json::to_writer(&mut *out, &Line { kind, record }).is_ok() {
        out.push(b'\n');
    }
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
