//! The request's body.

use serde_json::{Map, Value, json};

use super::echo;
use crate::{
    chat::{ChatRequest, Content, Message, Role},
    wire::{Dialect, Encoded, omitted},
};

/// The body for `request`. The role of the system prompt is `system`: every server knows it, and
/// `OpenAI` reads it as `developer` where that is what a model wants.
pub(in crate::wire) fn encode(request: &ChatRequest, dialect: &Dialect) -> Encoded {
    let mut messages = Vec::with_capacity(request.messages.len() + 1);
    if let Some(system) = request.system.as_ref().filter(|system| !system.is_empty()) {
        messages.push(json!({"role": "system", "content": system}));
    }
    let mut has_calls = false;
    for message in &request.messages {
        messages.extend(match message.role {
            Role::User => user(message),
            Role::Assistant => assistant(message, &request.issuer, &mut has_calls),
        });
    }
    let dropped = has_calls.then(|| omitted::CALLS.to_owned()).into_iter().collect();
    let options = &request.options;
    let mut body = Map::new();
    let mut set = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(key.to_owned(), value);
        }
    };
    let limit_field = dialect.limit_field.as_deref().unwrap_or("max_completion_tokens");
    set("model", Some(json!(request.model)));
    set("messages", Some(Value::Array(messages)));
    set(limit_field, options.max_output_tokens.map(Value::from));
    set("temperature", options.temperature.map(Value::from));
    set("top_p", options.top_p.map(Value::from));
    set("stop", (!options.stop.is_empty()).then(|| json!(options.stop)));
    set("seed", options.seed.map(Value::from));
    set("reasoning_effort", options.effort.as_ref().map(|effort| json!(effort)));
    set("verbosity", options.verbosity.as_ref().map(|verbosity| json!(verbosity)));
    set("store", dialect.store_false.then(|| json!(false)));
    set("stream", Some(json!(request.stream)));
    set("stream_options", request.stream.then(|| json!({"include_usage": true})));
    Encoded { body: Value::Object(body), dropped }
}

/// A user's message is one text: some servers make a message of each part.
fn user(message: &Message) -> Option<Value> {
    let text = message.text();
    (!text.is_empty()).then(|| json!({"role": "user", "content": text}))
}

/// The answer as its issuer wants it back. Others get the words alone: thinking is never sent, and
/// a call whose result nobody has would be refused.
///
/// The words are one text, those of a refusal too: only `OpenAI` knows a part for these, and
/// llama.cpp refuses a conversation that holds one.
fn assistant(message: &Message, issuer: &str, has_calls: &mut bool) -> Option<Value> {
    let mut content = String::new();
    let mut echoed = Map::new();
    for part in &message.parts {
        match &part.content {
            Content::Text(text) | Content::Refusal(text) => content.push_str(text),
            Content::ToolCall(_) => *has_calls = true,
            // Only a question has files.
            Content::Reasoning(_) | Content::Opaque | Content::File(_) => {}
        }
        let own = part.echo.as_ref().filter(|echo| echo.issuer == issuer);
        for field in super::REASONING_FIELDS.into_iter().chain(echo::LISTS) {
            if let Some(value) = own.and_then(|echo| echo.value.get(field)) {
                echoed.insert(field.to_owned(), value.clone());
            }
        }
    }
    if content.trim().is_empty() {
        return None;
    }
    let mut encoded = Map::new();
    encoded.insert("role".to_owned(), json!("assistant"));
    encoded.insert("content".to_owned(), content.into());
    encoded.extend(echoed);
    Some(Value::Object(encoded))
}
