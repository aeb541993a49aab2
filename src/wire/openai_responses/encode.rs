//! A request as the body of `POST /responses`.

use serde_json::{Value, json};

use crate::chat::{ChatRequest, Content, Message, Part, Role};
use crate::wire::{Dialect, Encoded, envelope, omitted};

pub(in crate::wire) fn encode(request: &ChatRequest, dialect: &Dialect) -> Encoded {
    let options = &request.options;
    let mut dropped = Vec::new();
    let mut body = json!({ "model": request.model });
    if let Some(system) = request.system.as_deref().filter(|system| !system.is_empty()) {
        body["instructions"] = system.into();
    }
    body["input"] = input(request, &mut dropped).into();
    if let Some(limit) = options.max_output_tokens {
        body[dialect.limit_field.as_deref().unwrap_or("max_output_tokens")] = limit.into();
    }
    if let Some(temperature) = options.temperature {
        body["temperature"] = temperature.into();
    }
    if let Some(top_p) = options.top_p {
        body["top_p"] = top_p.into();
    }
    // No `summary` beside it: nobody asked for one, and OpenAI refuses it to organisations that
    // are not verified. `extra_body` can ask.
    if let Some(effort) = &options.effort {
        body["reasoning"] = json!({ "effort": effort });
    }
    if let Some(verbosity) = &options.verbosity {
        body["text"] = json!({ "verbosity": verbosity });
    }
    for (name, is_set) in [("stop", !options.stop.is_empty()), ("seed", options.seed.is_some())] {
        if is_set {
            dropped.push(omitted::parameter(name, "Responses"));
        }
    }
    // The two exceptions to "nothing is sent that nobody set": servers store by default, and
    // without storage reasoning survives a turn only in its encrypted form.
    body["store"] = false.into();
    body["include"] = json!(["reasoning.encrypted_content"]);
    body["stream"] = request.stream.into();
    Encoded { body, dropped }
}

fn input(request: &ChatRequest, dropped: &mut Vec<String>) -> Vec<Value> {
    let mut items = Vec::new();
    let mut has_calls = false;
    for message in &request.messages {
        match message.role {
            Role::User => items.extend(user_item(message)),
            Role::Assistant => {
                assistant_items(message, &request.issuer, &mut items, &mut has_calls);
            }
        }
    }
    dropped.extend(has_calls.then(|| omitted::CALLS.to_owned()));
    items
}

/// A user's words; `None` when there are none, for empty content is refused.
fn user_item(message: &Message) -> Option<Value> {
    let texts: Vec<&str> =
        message.parts.iter().filter_map(Part::as_text).filter(|text| !text.is_empty()).collect();
    let content = match texts.as_slice() {
        [] => return None,
        [text] => json!(text),
        texts => texts.iter().map(|text| json!({ "type": "input_text", "text": text })).collect(),
    };
    Some(json!({ "role": "user", "content": content }))
}

/// The items of one answer, in order.
///
/// A reasoning item belongs to the item after it: servers refuse one that stands alone, one that
/// they can neither look up nor decrypt, and an item with an id whose reasoning is not there. A call
/// that nobody answered is refused too.
fn assistant_items(message: &Message, issuer: &str, items: &mut Vec<Value>, has_calls: &mut bool) {
    let mut reasoning = Vec::new();
    let mut texts = Vec::new();
    // The reasoning that led to the next items stays behind.
    let mut is_torn = false;
    for part in &message.parts {
        let own = part.echo.as_ref().filter(|echo| echo.issuer == issuer).map(|echo| &echo.value);
        match (&part.content, own) {
            (Content::Reasoning(_), Some(item)) if is_encrypted(item) => {
                items.extend(assistant_item(&mut texts));
                reasoning.push(item.clone());
                is_torn = false;
            }
            (Content::Reasoning(_), _) => is_torn = true,
            (Content::ToolCall(_), _) => {
                is_torn |= !std::mem::take(&mut reasoning).is_empty();
                *has_calls = true;
            }
            (Content::Text(_) | Content::Refusal(_) | Content::Opaque, Some(item)) if !is_torn => {
                items.extend(assistant_item(&mut texts));
                items.append(&mut reasoning);
                items.push(item.clone());
            }
            // Only a question has files.
            (Content::File(_), _) => {}
            (Content::Opaque, _) => is_torn |= !std::mem::take(&mut reasoning).is_empty(),
            // White space alone is no message, and what led to it has no place.
            (Content::Text(text) | Content::Refusal(text), _)
                if texts.is_empty() && text.trim().is_empty() =>
            {
                is_torn |= !std::mem::take(&mut reasoning).is_empty();
            }
            // A refusal of another server is said in plain text: `refusal` parts, like all that
            // is peculiar, go back to their issuer only. llama.cpp knows no such part.
            (Content::Text(text) | Content::Refusal(text), _) => {
                items.append(&mut reasoning);
                texts.push(json!({ "type": "output_text", "text": text }));
            }
        }
    }
    items.extend(assistant_item(&mut texts));
}

/// The message that holds `texts`, if there are any. The specification lets `type` be left out;
/// llama.cpp does not.
fn assistant_item(texts: &mut Vec<Value>) -> Option<Value> {
    let content = std::mem::take(texts);
    (!content.is_empty())
        .then(|| json!({ "type": "message", "role": "assistant", "content": content }))
}

/// Whether a reasoning item can be read again by the server that did not store it.
pub(super) fn is_encrypted(item: &Value) -> bool {
    envelope::text(item, "encrypted_content").is_some()
}

#[cfg(test)]
#[path = "encode_tests.rs"]
mod tests;
