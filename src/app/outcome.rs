//! The result of a one-shot, as JSON output tells it. Pure.

use serde_json::{Value, json};

use super::failure::Failure;
use crate::chat::Reply;

/// Everything that the `result` object says.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// The answer, as far as it came.
    pub(super) text: String,
    /// The profile's name, once it is known.
    pub(super) profile: Option<String>,
    /// The model that was asked for, once it is known.
    pub(super) model: Option<String>,
    /// The URL of the request, once it is known.
    pub(super) url: Option<String>,
    /// The session, when this is kept.
    pub(super) session_id: Option<String>,
    /// Why the answer ended.
    pub(super) finish_reason: Option<String>,
    /// Token counts.
    pub(super) usage: Option<Value>,
    /// The server's id of the request.
    pub(super) request_id: Option<String>,
    /// What was warned of.
    pub(super) warnings: Vec<String>,
}

impl Outcome {
    /// Takes what an answer says of itself.
    pub(super) fn take_reply(&mut self, reply: &Reply) {
        self.finish_reason = reply.stop.as_ref().map(|stop| stop.as_str().to_owned());
        self.usage = Some(reply.usage.to_json());
        self.text = reply.words();
    }

    /// The `result` object: the last line of `stream-json`, the only one of `json`.
    pub(super) fn to_json(&self, failure: Option<&Failure>) -> Value {
        let status = match failure {
            None => "ok",
            Some(_) if self.text.is_empty() => "error",
            Some(_) => "partial",
        };
        json!({
            "v": 1,
            "type": "result",
            "status": status,
            "exitCode": failure.map_or(0, |failure| failure.kind.code()),
            "text": self.text,
            "profile": self.profile,
            "model": self.model,
            "url": self.url,
            "sessionId": self.session_id,
            "finishReason": self.finish_reason,
            "usage": self.usage,
            "requestId": self.request_id,
            "warnings": self.warnings,
            "error": failure.map(error_fields),
        })
    }
}

/// The `error` of a result.
fn error_fields(failure: &Failure) -> Value {
    json!({
        "kind": failure.kind.name(),
        "message": message(failure),
        "hint": failure.report.hints.first(),
        "status": failure.status,
    })
}

/// The data of a `session.error` event.
pub(super) fn error_event(failure: &Failure) -> Value {
    json!({
        "errorType": failure.kind.name(),
        "message": message(failure),
        "statusCode": failure.status,
    })
}

/// The message with its causes: a program has one place to look.
pub(super) fn message(failure: &Failure) -> String {
    let report = &failure.report;
    std::iter::once(&report.message).chain(&report.causes).cloned().collect::<Vec<_>>().join(": ")
}
