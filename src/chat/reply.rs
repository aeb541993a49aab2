//! The answer as it grows: the only place where deltas become a message.

use super::{
    ChatEvent, Content, Echo, Message, Part, PartKind, Role, StopReason, TextFile, ToolCall,
    ToolCallDelta, Usage,
};

/// An answer, whole or cut at any point.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reply {
    /// The server's id of the answer.
    pub id: Option<String>,
    /// The model's name in the server's words.
    pub model: Option<String>,
    /// What was said, in order of its first delta.
    pub parts: Vec<Part>,
    /// Token counts, as far as they are known.
    pub usage: Usage,
    /// Why it ended; `None` while it grows and when it was cut.
    pub stop: Option<StopReason>,
    /// Where tool call `n` stands in `parts`.
    calls: Vec<usize>,
}

impl Reply {
    /// Folds one event in. `issuer` is the receiver of the request that this answers.
    pub fn apply(&mut self, event: &ChatEvent, issuer: &str) {
        match event {
            ChatEvent::Started { id, model } => {
                self.id = id.clone().or_else(|| self.id.take());
                self.model = model.clone().or_else(|| self.model.take());
            }
            ChatEvent::Text(delta) => self.append(PartKind::Text, delta),
            ChatEvent::Reasoning(delta) => self.append(PartKind::Reasoning, delta),
            ChatEvent::Refusal(delta) => self.append(PartKind::Refusal, delta),
            ChatEvent::ToolCall(delta) => self.tool_call(delta),
            ChatEvent::Echo { kind, value } => {
                let echo = Some(Echo { issuer: issuer.to_owned(), value: value.clone() });
                match self.parts.iter_mut().find(|part| part.is_open(*kind)) {
                    Some(part) => part.echo = echo,
                    None => self.parts.push(Part { content: Content::empty(*kind), echo }),
                }
            }
            ChatEvent::Usage(usage) => self.usage.update(usage),
            ChatEvent::Stop(reason) => self.stop = Some(reason.clone()),
            ChatEvent::Warning(_) => {}
        }
    }

    /// All answer text, joined with nothing between.
    pub fn text(&self) -> String {
        self.parts.iter().filter_map(Part::as_text).collect()
    }

    /// All refusal text.
    pub fn refusal(&self) -> String {
        self.parts.iter().filter_map(|part| part.held(PartKind::Refusal)).collect()
    }

    /// Whether the answer text is more than white space.
    pub fn has_words(&self) -> bool {
        self.parts.iter().filter_map(Part::as_text).any(|text| !text.trim().is_empty())
    }

    /// All answer text and behind it all refusal text.
    pub fn words(&self) -> String {
        let mut words = self.text();
        words.push_str(&self.refusal());
        words
    }

    /// Whether there is nothing more to come: it ended by itself, and not at a limit.
    pub fn is_whole(&self) -> bool {
        !matches!(
            self.stop,
            None | Some(StopReason::Length | StopReason::Filtered | StopReason::Pause)
        )
    }

    /// Whether any tool was called.
    pub fn has_tool_calls(&self) -> bool {
        !self.calls.is_empty()
    }

    /// Whether text or a refusal came: what a person would see.
    pub fn is_visible(&self) -> bool {
        self.parts.iter().any(|part| {
            [PartKind::Text, PartKind::Refusal]
                .into_iter()
                .any(|kind| part.held(kind).is_some_and(|text| !text.is_empty()))
        })
    }

    /// The answer as the next request will carry it.
    pub fn into_message(self) -> Message {
        Message { role: Role::Assistant, parts: self.parts }
    }

    /// Adds to the part that is being built, or begins one.
    fn append(&mut self, kind: PartKind, delta: &str) {
        if delta.is_empty() {
            return;
        }
        if !self.parts.last().is_some_and(|part| part.is_open(kind)) {
            self.parts.push(Part { content: Content::empty(kind), echo: None });
        }
        let last = self.parts.last_mut().map(|part| &mut part.content);
        if let Some(Content::Text(text) | Content::Reasoning(text) | Content::Refusal(text)) = last
        {
            text.push_str(delta);
        }
    }

    fn tool_call(&mut self, delta: &ToolCallDelta) {
        while self.calls.len() <= delta.index {
            self.calls.push(self.parts.len());
            self.parts.push(Part { content: Content::ToolCall(ToolCall::default()), echo: None });
        }
        let Content::ToolCall(call) = &mut self.parts[self.calls[delta.index]].content else {
            return;
        };
        if let Some(id) = &delta.id {
            call.id.clone_from(id);
        }
        if let Some(name) = &delta.name {
            call.name.clone_from(name);
        }
        call.arguments.push_str(&delta.arguments);
    }
}

impl Part {
    fn is_open(&self, kind: PartKind) -> bool {
        self.echo.is_none() && self.content.kind() == kind
    }

    fn held(&self, kind: PartKind) -> Option<&str> {
        match &self.content {
            Content::Text(text) | Content::Reasoning(text) | Content::Refusal(text)
                if self.content.kind() == kind =>
            {
                Some(text)
            }
            _ => None,
        }
    }
}

impl Content {
    /// Which kind it is.
    pub fn kind(&self) -> PartKind {
        match self {
            Self::Text(_) => PartKind::Text,
            Self::File(_) => PartKind::File,
            Self::Reasoning(_) => PartKind::Reasoning,
            Self::Refusal(_) => PartKind::Refusal,
            Self::ToolCall(_) => PartKind::ToolCall,
            Self::Opaque => PartKind::Opaque,
        }
    }

    fn empty(kind: PartKind) -> Self {
        match kind {
            PartKind::Text => Self::Text(String::new()),
            PartKind::File => Self::File(TextFile::default()),
            PartKind::Reasoning => Self::Reasoning(String::new()),
            PartKind::Refusal => Self::Refusal(String::new()),
            PartKind::ToolCall => Self::ToolCall(ToolCall::default()),
            PartKind::Opaque => Self::Opaque,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fold(events: &[ChatEvent]) -> Reply {
        let mut reply = Reply::default();
        for event in events {
            reply.apply(event, "here");
        }
        reply
    }

    #[test]
    fn deltas_of_one_kind_grow_one_part() {
        let reply = fold(&[
            ChatEvent::Reasoning("pl".into()),
            ChatEvent::Reasoning("an".into()),
            ChatEvent::Text("he".into()),
            ChatEvent::Text("llo".into()),
        ]);
        assert_eq!(
            reply.parts,
            [Part { content: Content::Reasoning("plan".into()), echo: None }, Part::text("hello")]
        );
        assert_eq!(reply.text(), "hello");
    }

    #[test]
    fn an_echo_closes_the_part_it_belongs_to() {
        let echo = |value| Some(Echo { issuer: "here".into(), value });
        let reply = fold(&[
            ChatEvent::Text("a".into()),
            ChatEvent::Echo { kind: PartKind::Text, value: json!({"phase": "commentary"}) },
            ChatEvent::Text("b".into()),
            ChatEvent::Echo { kind: PartKind::Reasoning, value: json!({"id": "rs"}) },
        ]);
        assert_eq!(
            reply.parts,
            [
                Part {
                    content: Content::Text("a".into()),
                    echo: echo(json!({"phase": "commentary"}))
                },
                Part::text("b"),
                Part {
                    content: Content::Reasoning(String::new()),
                    echo: echo(json!({"id": "rs"}))
                },
            ]
        );
    }

    #[test]
    fn tool_calls_are_told_apart_by_their_index() {
        let delta = |index, id: Option<&str>, arguments: &str| {
            ChatEvent::ToolCall(ToolCallDelta {
                index,
                id: id.map(Into::into),
                name: id.map(|_| "f".into()),
                arguments: arguments.into(),
            })
        };
        let reply =
            fold(&[delta(0, Some("a"), "{"), delta(1, Some("b"), "{}"), delta(0, None, "}")]);
        let call = |id: &str| {
            Content::ToolCall(ToolCall { id: id.into(), name: "f".into(), arguments: "{}".into() })
        };
        assert_eq!(
            reply.parts.into_iter().map(|part| part.content).collect::<Vec<_>>(),
            [call("a"), call("b")]
        );
    }

    #[test]
    fn the_words_of_an_answer_are_its_text_and_its_refusal() {
        let reply = fold(&[
            ChatEvent::Text(" a".into()),
            ChatEvent::Refusal("no".into()),
            ChatEvent::Reasoning("why".into()),
            ChatEvent::Text("b".into()),
        ]);
        assert!(reply.has_words());
        assert_eq!(reply.words(), " abno");
        let blank = fold(&[ChatEvent::Text(" \n".into()), ChatEvent::Refusal("no".into())]);
        assert!(!blank.has_words());
    }

    #[test]
    fn usage_is_replaced_field_by_field() {
        let usage = |input, output| Usage { input, output, ..Usage::default() };
        let reply = fold(&[
            ChatEvent::Usage(usage(Some(43), Some(1))),
            ChatEvent::Usage(usage(None, Some(9))),
        ]);
        assert_eq!(reply.usage, usage(Some(43), Some(9)));
    }
}
