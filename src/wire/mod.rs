//! The wire formats, pure: a request becomes a JSON body, bytes become events.
//!
//! It does no I/O, knows no URL, no credential and no vendor's name beyond what a format needs.
//! Each format is one file: `encode`, a `Decoder` for streams and `decode_whole` for one JSON answer.
//! [`Reader`] joins framing and decoding: whoever has bytes needs nothing else.

mod adapt;
mod anthropic_messages;
mod envelope;
mod fault;
mod json;
mod omitted;
mod openai_chat;
mod openai_responses;
mod reader;
mod sse;
#[cfg(test)]
mod testing;
mod think;

use serde_json::{Map, Value};

pub use adapt::Adaptation;
pub use fault::Fault;
pub use reader::Reader;
pub use sse::{Frame, Framer};

use crate::chat::{ChatEvent, ChatRequest};

/// The words of an answer that is all there, thinking in its text told apart.
pub fn split_thinking(words: String) -> Vec<ChatEvent> {
    let mut events = Vec::new();
    let mut splitter = think::Splitter::default();
    splitter.text(words, &mut events);
    splitter.finish(&mut events);
    events
}

/// A wire format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wire {
    /// Chat Completions, `/chat/completions`.
    OpenAiChat,
    /// Responses, `/responses`.
    OpenAiResponses,
    /// Anthropic Messages, `/v1/messages`.
    AnthropicMessages,
}

/// What the receiver wants spelled differently; decided by the profile and its host.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dialect {
    /// The name of the output limit on the wire; `None`: the format's own
    /// (`max_completion_tokens`, `max_output_tokens`, `max_tokens`).
    pub limit_field: Option<String>,
    /// Chat Completions: send `store: false`. OpenAI stores by default, strict servers refuse it.
    pub store_false: bool,
    /// Anthropic: the value of `anthropic-version` forbids sampling fields (2026-10-21 and later).
    pub no_sampling: bool,
    /// Merged into the body last, table by table; the user's word wins.
    pub extra_body: Map<String, Value>,
}

/// A request's body, and what the format could not say.
#[derive(Debug, Clone, PartialEq)]
pub struct Encoded {
    /// The JSON body.
    pub body: Value,
    /// One line for each thing left out, ready to be shown as a warning.
    pub dropped: Vec<String>,
}

/// How far a stream has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// More is needed: an end now is a cut.
    Open,
    /// The answer is whole; usage or an end marker may still follow.
    Finished,
    /// The end marker came: nothing else is awaited, whatever the connection does.
    Complete,
}

/// Frames become events. One decoder serves one stream.
pub trait Decode {
    /// Reads one frame.
    ///
    /// # Errors
    /// See [`WireError`]; events pushed before the error stand.
    fn frame(&mut self, frame: &Frame, events: &mut Vec<ChatEvent>) -> Result<(), WireError>;

    /// How far the answer has come.
    fn progress(&self) -> Progress;

    /// Gives out what was held back (the beginning of a possible `<think>`), once, after the last
    /// frame or when the stream was cut.
    fn finish(&mut self, events: &mut Vec<ChatEvent>);
}

/// Why bytes were no answer. What came before stands.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WireError {
    /// The server reported an error inside a stream or in a body with status 200.
    #[error("{0}")]
    Fault(Fault),
    /// A frame or body is not JSON, or not JSON of this format. Holds the beginning of the text.
    #[error("the server sent something that is not {expected}: {excerpt}")]
    Malformed {
        /// What was expected, for example `a Chat Completions chunk`.
        expected: &'static str,
        /// At most 200 characters.
        excerpt: String,
    },
    /// One event, or the whole answer, is larger than the cap.
    #[error("the server sent {what} of more than {} MiB", limit >> 20)]
    TooLarge {
        /// What is too large: `an event` or `an answer`.
        what: &'static str,
        /// The cap in bytes.
        limit: usize,
    },
    /// The body is a web page.
    #[error("the server sent a web page")]
    Html,
    /// The body ended in good order, and nothing was said in it.
    #[error("the server ended without an answer")]
    Empty,
    /// The stream ended before the answer did.
    #[error("the answer was cut off: the server ended the stream before its end marker")]
    Cut,
}

impl Wire {
    /// The body for `request`, and what the format cannot express.
    pub fn encode(self, request: &ChatRequest, dialect: &Dialect) -> Encoded {
        let mut encoded = match self {
            Self::OpenAiChat => openai_chat::encode(request, dialect),
            Self::OpenAiResponses => openai_responses::encode(request, dialect),
            Self::AnthropicMessages => anthropic_messages::encode(request, dialect),
        };
        json::merge(&mut encoded.body, &dialect.extra_body);
        encoded
    }

    /// A decoder for one stream.
    pub fn decoder(self) -> Box<dyn Decode> {
        match self {
            Self::OpenAiChat => Box::new(openai_chat::Decoder::default()),
            Self::OpenAiResponses => Box::new(openai_responses::Decoder::default()),
            Self::AnthropicMessages => Box::new(anthropic_messages::Decoder::default()),
        }
    }

    /// Reads an answer that came as one JSON document: the same events as a stream's.
    ///
    /// # Errors
    /// A document that holds an error is [`WireError::Fault`]; one of another shape is
    /// [`WireError::Malformed`].
    pub fn decode_whole(self, body: &[u8], events: &mut Vec<ChatEvent>) -> Result<(), WireError> {
        match self {
            Self::OpenAiChat => openai_chat::decode_whole(body, events),
            Self::OpenAiResponses => openai_responses::decode_whole(body, events),
            Self::AnthropicMessages => anthropic_messages::decode_whole(body, events),
        }
    }

    /// The name in messages and JSON output: `completions`, `responses` or `messages`.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenAiChat => "completions",
            Self::OpenAiResponses => "responses",
            Self::AnthropicMessages => "messages",
        }
    }

    /// The headers that every request of this format carries, credentials apart.
    pub fn headers(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::OpenAiChat | Self::OpenAiResponses => &[],
            Self::AnthropicMessages => &[("anthropic-version", "2023-06-01")],
        }
    }
}
