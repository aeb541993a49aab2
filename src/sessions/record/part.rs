//! What an answer consists of, as a line has it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::chat::{Content, Echo, Part, ToolCall};

/// A part of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Piece<'a> {
    /// `text`, `reasoning`, `refusal`, `toolCall` or `opaque`.
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    text: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    call: Option<Call>,
    /// What its issuer wants back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    echo: Option<Echoed>,
}

/// A tool call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Call {
    id: String,
    name: String,
    arguments: String,
}

/// Opaque data of an issuer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Echoed {
    issuer: String,
    value: Value,
}

impl<'a> Piece<'a> {
    /// A piece of growing text.
    pub(in super::super) fn growing(kind: &'a str, text: Cow<'a, str>) -> Self {
        Self { kind: Cow::Borrowed(kind), text: Some(text), call: None, echo: None }
    }

    /// What a line says of `part`. `None`: files belong to questions.
    pub(in super::super) fn of(part: &'a Part) -> Option<Self> {
        let mut piece = match &part.content {
            Content::Text(text) => Self::growing("text", text.into()),
            Content::Reasoning(text) => Self::growing("reasoning", text.into()),
            Content::Refusal(text) => Self::growing("refusal", text.into()),
            Content::ToolCall(ToolCall { id, name, arguments }) => {
                let (id, name, arguments) = (id.clone(), name.clone(), arguments.clone());
                let call = Some(Call { id, name, arguments });
                Self { kind: "toolCall".into(), text: None, call, echo: None }
            }
            Content::Opaque => Self { kind: "opaque".into(), text: None, call: None, echo: None },
            Content::File(_) => return None,
        };
        piece.echo = part
            .echo
            .as_ref()
            .map(|echo| Echoed { issuer: echo.issuer.clone(), value: echo.value.clone() });
        Some(piece)
    }

    /// Whether a person reads it.
    pub(in super::super) fn is_words(&self) -> bool {
        matches!(self.kind.as_ref(), "text" | "refusal")
    }

    /// The part. `None`: a newer program knows what it is.
    pub(in super::super) fn into_part(self) -> Option<Part> {
        let text = |text: Option<Cow<'_, str>>| text.unwrap_or_default().into_owned();
        let content = match self.kind.as_ref() {
            "text" => Content::Text(text(self.text)),
            "reasoning" => Content::Reasoning(text(self.text)),
            "refusal" => Content::Refusal(text(self.text)),
            "toolCall" => {
                let Call { id, name, arguments } = self.call?;
                Content::ToolCall(ToolCall { id, name, arguments })
            }
            "opaque" => Content::Opaque,
            _ => return None,
        };
        let echo = self.echo.map(|Echoed { issuer, value }| Echo { issuer, value });
        Some(Part { content, echo })
    }
}

/// Token counts, by the names that every output of this program has for them.
pub(in super::super) mod usage {
    use serde::{Deserialize, Deserializer, Serialize as _, Serializer};

    use crate::chat::Usage;

    pub(in crate::sessions) fn serialize<S: Serializer>(
        usage: &Usage,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut fields = usage.to_json();
        if let Some(fields) = fields.as_object_mut() {
            fields.retain(|_, count| !count.is_null());
        }
        fields.serialize(serializer)
    }

    pub(in crate::sessions) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Usage, D::Error> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Counts {
            #[serde(rename = "inputTokens")]
            input: Option<u64>,
            #[serde(rename = "outputTokens")]
            output: Option<u64>,
            #[serde(rename = "cacheReadTokens")]
            cached_input: Option<u64>,
            #[serde(rename = "cacheWriteTokens")]
            cache_write: Option<u64>,
            #[serde(rename = "reasoningTokens")]
            reasoning: Option<u64>,
            #[serde(rename = "totalTokens")]
            total: Option<u64>,
        }

        let Counts { input, output, cached_input, cache_write, reasoning, total } =
            Counts::deserialize(deserializer)?;
        Ok(Usage { input, cached_input, cache_write, output, reasoning, total })
    }
}
