//! Messages and requests for tests.

use serde_json::Value;

use crate::chat::{ChatEvent, ChatRequest, Content, Echo, Message, Options, Part, Reply, Role};

/// The issuer of the answers that [`reply`] folds, and the receiver of [`request`]s.
pub(super) const HERE: &str = "here";

pub(super) fn request(messages: Vec<Message>) -> ChatRequest {
    ChatRequest {
        model: "m".into(),
        system: None,
        messages,
        options: Options::default(),
        stream: true,
        issuer: HERE.into(),
    }
}

pub(super) fn answer(parts: Vec<Part>) -> Message {
    Message { role: Role::Assistant, parts }
}

/// A part that `issuer` wants back as `value`.
pub(super) fn part(content: Content, issuer: &str, value: Value) -> Part {
    Part { content, echo: Some(Echo { issuer: issuer.into(), value }) }
}

pub(super) fn bare(content: Content) -> Part {
    Part { content, echo: None }
}

pub(super) fn reply(events: &[ChatEvent]) -> Reply {
    let mut reply = Reply::default();
    for event in events {
        reply.apply(event, HERE);
    }
    reply
}
