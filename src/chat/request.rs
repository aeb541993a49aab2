//! What is asked of a model, before any wire format has a say.

use super::Message;

/// One request: the whole conversation and how it shall be answered.
#[derive(Debug, Clone, PartialEq)]
pub struct ChatRequest {
    /// The model's name as it goes on the wire.
    pub model: String,
    /// The system prompt.
    pub system: Option<String>,
    /// The conversation, oldest first; ends with a user's message.
    pub messages: Vec<Message>,
    /// Sampling and limits; nothing is sent that nobody set.
    pub options: Options,
    /// Whether the answer shall come in pieces.
    pub stream: bool,
    /// Names the receiver (format, origin, model). Echoes of other issuers are left out.
    pub issuer: String,
}

/// What a user may ask for beside the words.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Options {
    /// 0.0 to 2.0 (to 1.0 at Anthropic); the server judges.
    pub temperature: Option<f64>,
    /// 0.0 to 1.0.
    pub top_p: Option<f64>,
    /// Texts that end the answer.
    pub stop: Vec<String>,
    /// Asks for a repeatable answer.
    pub seed: Option<i64>,
    /// The limit of the answer in tokens, thinking included.
    pub max_output_tokens: Option<u64>,
    /// How much to think: `low`, `medium`, `high` or a word of the model's own.
    pub effort: Option<String>,
    /// How long the text shall be: `low`, `medium`, `high`.
    pub verbosity: Option<String>,
}
