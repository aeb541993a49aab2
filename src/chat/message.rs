//! A conversation as values: who said what, in which parts.

use serde_json::Value;

/// Who speaks in a [`Message`]. The system prompt is no message: see `ChatRequest::system`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The person at the terminal, or the script.
    User,
    /// The model.
    Assistant,
}

/// One turn of one speaker.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said, in order.
    pub parts: Vec<Part>,
}

impl Message {
    /// A user's message of one text.
    pub fn user(text: impl Into<String>) -> Self {
        Self { role: Role::User, parts: vec![Part::text(text)] }
    }

    /// All text parts, joined with nothing between.
    pub fn text(&self) -> String {
        self.parts.iter().filter_map(Part::as_text).collect()
    }
}

/// One piece of a [`Message`], with what its issuer wants to see again.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// What it is.
    pub content: Content,
    /// Opaque data of the server that made this part; only that server may receive it again.
    pub echo: Option<Echo>,
}

impl Part {
    /// A text part that no server has a claim on.
    pub fn text(text: impl Into<String>) -> Self {
        Self { content: Content::Text(text.into()), echo: None }
    }

    /// The text of a text part, or of a file as it is sent.
    pub fn as_text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) | Content::File(TextFile { text, .. }) => Some(text),
            _ => None,
        }
    }
}

/// What a [`Part`] holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Plain text, usually Markdown.
    Text(String),
    /// A text file that goes along with a question.
    File(TextFile),
    /// What the model thought before it answered; may be empty when only an echo came.
    Reasoning(String),
    /// The model's own words for not answering.
    Refusal(String),
    /// A call of a tool.
    ToolCall(ToolCall),
    /// Something that only its issuer understands; it is all in [`Part::echo`].
    Opaque,
}

/// A text file that goes along with a question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextFile {
    /// Its path as it was typed.
    pub name: String,
    /// What is sent of it: its text, and round it what tells a model where it begins and ends.
    pub text: String,
}

/// The kinds of [`Content`], without what they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// [`Content::Text`]
    Text,
    /// [`Content::File`]
    File,
    /// [`Content::Reasoning`]
    Reasoning,
    /// [`Content::Refusal`]
    Refusal,
    /// [`Content::ToolCall`]
    ToolCall,
    /// [`Content::Opaque`]
    Opaque,
}

/// A tool call that the model asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToolCall {
    /// The id that a result must name; empty when the server sent none.
    pub id: String,
    /// The tool's name.
    pub name: String,
    /// JSON text, possibly empty or invalid: it is the model's.
    pub arguments: String,
}

/// What must go back unchanged to the one that issued it, and to nobody else.
#[derive(Debug, Clone, PartialEq)]
pub struct Echo {
    /// Who issued it: equal to `ChatRequest::issuer` of the request that it answered.
    pub issuer: String,
    /// The block or item, as its wire format spells it.
    pub value: Value,
}
