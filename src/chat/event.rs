//! What comes back from a model, one event at a time.

use serde_json::{Value, json};

use super::PartKind;

/// One step of an answer. Errors are never events: they are `Err`.
#[derive(Debug, Clone, PartialEq)]
pub enum ChatEvent {
    /// The server named the answer and the model that really answers; at most once.
    Started {
        /// The server's id of the answer.
        id: Option<String>,
        /// The model's name in the server's words.
        model: Option<String>,
    },
    /// More of the answer.
    Text(String),
    /// More of the model's thinking.
    Reasoning(String),
    /// More of the model's reason for not answering.
    Refusal(String),
    /// More of a tool call.
    ToolCall(ToolCallDelta),
    /// The part of this kind that is being built is complete, and its issuer wants `value` back.
    /// Without such a part (no delta came), it makes an empty one.
    Echo {
        /// The kind of part it belongs to.
        kind: PartKind,
        /// The block or item, as its wire format spells it.
        value: Value,
    },
    /// What the answer cost so far; replaces what was said before, field by field.
    Usage(Usage),
    /// Why the answer ended.
    Stop(StopReason),
    /// Something that the user should know, in one line; the answer goes on.
    Warning(String),
}

/// A piece of a tool call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToolCallDelta {
    /// Which call of this answer, counted from 0 by the decoder; gaps do not happen.
    pub index: usize,
    /// The call's id, in the first piece that knows it.
    pub id: Option<String>,
    /// The tool's name, in the first piece that knows it.
    pub name: Option<String>,
    /// To be appended to the arguments.
    pub arguments: String,
}

/// Token counts, normalised: input and output are totals that include their parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// All input tokens, cached ones included.
    pub input: Option<u64>,
    /// Of these, read from a cache.
    pub cached_input: Option<u64>,
    /// Of these, written to a cache.
    pub cache_write: Option<u64>,
    /// All output tokens, reasoning included.
    pub output: Option<u64>,
    /// Of these, spent on reasoning.
    pub reasoning: Option<u64>,
    /// Input and output.
    pub total: Option<u64>,
}

impl Usage {
    /// The counts under the names of the Copilot SDK, as all JSON of this program has them; unknown
    /// ones are `null`.
    pub fn to_json(&self) -> Value {
        json!({
            "inputTokens": self.input,
            "outputTokens": self.output,
            "cacheReadTokens": self.cached_input,
            "cacheWriteTokens": self.cache_write,
            "reasoningTokens": self.reasoning,
            "totalTokens": self.total,
        })
    }

    /// Takes every field that `newer` knows.
    pub fn update(&mut self, newer: &Self) {
        self.input = newer.input.or(self.input);
        self.cached_input = newer.cached_input.or(self.cached_input);
        self.cache_write = newer.cache_write.or(self.cache_write);
        self.output = newer.output.or(self.output);
        self.reasoning = newer.reasoning.or(self.reasoning);
        self.total = newer.total.or(self.total);
    }
}

/// Why an answer ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StopReason {
    /// The model was done, or a stop text came.
    Stop,
    /// A token limit or the end of the context window.
    Length,
    /// The model waits for the results of tools.
    ToolCalls,
    /// A content filter took the answer away.
    Filtered,
    /// The model or its provider refused.
    Refusal,
    /// A server-side tool paused the turn.
    Pause,
    /// A word that no table knows; treated as [`StopReason::Stop`] and shown.
    Other(String),
}

impl StopReason {
    /// The word in JSON output.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::ToolCalls => "tool_calls",
            Self::Filtered => "content_filter",
            Self::Refusal => "refusal",
            Self::Pause => "pause",
            Self::Other(word) => word,
        }
    }
}
