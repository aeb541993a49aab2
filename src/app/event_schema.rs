//! The published JSON schema of `--output-format json` and `stream-json`.

use serde_json::{Value, json};

use super::failure::Kind;

/// A schema (draft 2020-12) that every line of either format fits.
pub(super) fn schema() -> Value {
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    let text = json!({ "type": "string" });
    let maybe_text = json!({ "type": ["string", "null"] });
    let event = |name: &str, data: Value| {
        json!({
            "properties": { "type": { "const": name }, "data": data },
            "required": ["v", "type", "id", "timestamp", "parentId", "data"],
        })
    };
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "byok output, version 1",
        "type": "object",
        "properties": {
            "v": { "const": 1 },
            "id": { "type": "string", "format": "uuid" },
            "timestamp": { "type": "string", "format": "date-time" },
            "parentId": maybe_text,
        },
        "required": ["v", "type"],
        "oneOf": [
            event("session.start", object(&[
                ("sessionId", &maybe_text), ("version", &json!({ "const": 1 })),
                ("producer", &text), ("producerVersion", &text), ("startTime", &text),
                ("profile", &text), ("selectedModel", &text), ("url", &text),
            ])),
            event("assistant.turn_start", object(&[("turnId", &text)])),
            event("assistant.reasoning_delta", object(&[("reasoningId", &text), ("deltaContent", &text)])),
            event("assistant.reasoning", object(&[("reasoningId", &text), ("content", &text)])),
            event("assistant.message_delta", object(&[("messageId", &text), ("deltaContent", &text)])),
            event("assistant.message", object(&[
                ("messageId", &text), ("content", &text),
                ("toolRequests", &json!({ "type": "array", "items": object(&[
                    ("toolCallId", &text), ("name", &text), ("arguments", &text),
                ]) })),
            ])),
            event("assistant.usage", {
                let mut usage = usage();
                usage["properties"]["model"] = maybe_text.clone();
                usage
            }),
            event("assistant.turn_retry", object(&[
                ("attempt", &count()), ("maxAttempts", &count()), ("delayMs", &count()),
                ("reason", &text),
            ])),
            event("session.warning", object(&[("warningType", &text), ("message", &text)])),
            event("session.error", object(&[
                ("errorType", &json!({ "enum": kinds })), ("message", &text),
                ("statusCode", &json!({ "type": ["integer", "null"] })),
            ])),
            event("session.idle", object(&[])),
            { "$ref": "#/$defs/result" },
        ],
        "$defs": {
            "result": {
                "properties": {
                    "type": { "const": "result" },
                    "status": { "enum": ["ok", "partial", "error"] },
                    "exitCode": { "type": "integer", "minimum": 0, "maximum": 255 },
                    "text": text,
                    "profile": maybe_text,
                    "model": maybe_text,
                    "url": maybe_text,
                    "sessionId": maybe_text,
                    "finishReason": maybe_text,
                    "usage": { "oneOf": [{ "type": "null" }, usage()] },
                    "requestId": maybe_text,
                    "warnings": { "type": "array", "items": text },
                    "error": { "oneOf": [{ "type": "null" }, object(&[
                        ("kind", &json!({ "enum": kinds })), ("message", &text),
                        ("hint", &maybe_text), ("status", &json!({ "type": ["integer", "null"] })),
                    ])] },
                },
                "required": [
                    "v", "type", "status", "exitCode", "text", "profile", "model", "url",
                    "sessionId", "finishReason", "usage", "requestId", "warnings", "error",
                ],
            },
        },
    })
}

/// An object of exactly these fields.
fn object(fields: &[(&str, &Value)]) -> Value {
    let properties: serde_json::Map<String, Value> =
        fields.iter().map(|(name, schema)| ((*name).to_owned(), (*schema).clone())).collect();
    let required: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn usage() -> Value {
    let maybe_count = json!({ "type": ["integer", "null"], "minimum": 0 });
    object(&[
        ("inputTokens", &maybe_count),
        ("outputTokens", &maybe_count),
        ("cacheReadTokens", &maybe_count),
        ("cacheWriteTokens", &maybe_count),
        ("reasoningTokens", &maybe_count),
        ("totalTokens", &maybe_count),
    ])
}

fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}
