//! A request as the body of `POST /v1/messages`.

use serde_json::{Value, json};

use crate::chat::{ChatRequest, Content, Message, Role};
use crate::wire::{Dialect, Encoded, omitted};

/// `max_tokens` is required. Current models allow more, older ones say how much less, and the
/// request is then sent again with their limit.
const DEFAULT_LIMIT: u64 = 32_000;

pub(in crate::wire) fn encode(request: &ChatRequest, dialect: &Dialect) -> Encoded {
    let options = &request.options;
    let mut dropped = Vec::new();
    let mut body = json!({ "model": request.model });
    body[dialect.limit_field.as_deref().unwrap_or("max_tokens")] =
        options.max_output_tokens.unwrap_or(DEFAULT_LIMIT).into();
    if let Some(system) = request.system.as_deref().filter(|system| !is_blank(system)) {
        body["system"] = system.into();
    }
    body["messages"] = messages(request, &mut dropped).into();
    for (name, value) in [("temperature", options.temperature), ("top_p", options.top_p)] {
        match value {
            Some(_) if dialect.no_sampling => dropped.push(format!(
                "left out `{name}`: this `anthropic-version` forbids sampling parameters"
            )),
            Some(value) => body[name] = value.into(),
            None => {}
        }
    }
    let stop = stop_sequences(&options.stop, &mut dropped);
    if !stop.is_empty() {
        body["stop_sequences"] = stop.into();
    }
    // No `thinking` beside it: which of its modes a model knows depends on the model.
    if let Some(effort) = &options.effort {
        body["output_config"] = json!({ "effort": effort });
    }
    for (name, is_set) in
        [("seed", options.seed.is_some()), ("verbosity", options.verbosity.is_some())]
    {
        if is_set {
            dropped.push(omitted::parameter(name, "Messages"));
        }
    }
    body["stream"] = request.stream.into();
    Encoded { body, dropped }
}

/// Blank stop sequences are refused.
fn stop_sequences(stop: &[String], dropped: &mut Vec<String>) -> Vec<String> {
    let (blank, kept): (Vec<String>, Vec<String>) =
        stop.iter().cloned().partition(|text| is_blank(text));
    if !blank.is_empty() {
        dropped.push("left out a `stop` of white space: the Messages format refuses it".into());
    }
    kept
}

/// The conversation. Speakers take turns: what one says in a row becomes one message.
fn messages(request: &ChatRequest, dropped: &mut Vec<String>) -> Vec<Value> {
    let mut turns: Vec<(Role, Vec<Value>)> = Vec::new();
    let mut has_calls = false;
    for message in &request.messages {
        let blocks = match message.role {
            Role::User => texts(message),
            Role::Assistant => assistant_blocks(message, &request.issuer, &mut has_calls),
        };
        match turns.last_mut() {
            _ if blocks.is_empty() => {}
            Some((role, before)) if *role == message.role => before.extend(blocks),
            _ => turns.push((message.role, blocks)),
        }
    }
    dropped.extend(has_calls.then(|| omitted::CALLS.to_owned()));
    // An answer at the end would be a beginning for the model to go on with ("prefill"), which
    // models since Claude 4.6 refuse. Nobody asks for it.
    if turns.pop_if(|(role, _)| *role == Role::Assistant).is_some() {
        dropped.push("left out the last answer of the history: no question follows it".into());
    }
    turns.into_iter().map(|(role, blocks)| turn(role, blocks)).collect()
}

/// One message. A single text is written as a string, which every server reads.
fn turn(role: Role, blocks: Vec<Value>) -> Value {
    let role = match role {
        Role::User => "user",
        Role::Assistant => "assistant",
    };
    let content = match blocks.as_slice() {
        [block] if block["type"] == "text" => block["text"].clone(),
        _ => blocks.into(),
    };
    json!({ "role": role, "content": content })
}

fn texts(message: &Message) -> Vec<Value> {
    message.parts.iter().filter_map(|part| text_block(part.as_text()?)).collect()
}

/// The blocks of one answer, in order.
///
/// Thinking goes back to its issuer unchanged, or not at all. It belongs to the block after it: a
/// message may not end with thinking, and without the block that it led to (a tool call, white
/// space) it has no place.
fn assistant_blocks(message: &Message, issuer: &str, has_calls: &mut bool) -> Vec<Value> {
    let mut blocks = Vec::new();
    let mut thinking = Vec::new();
    for part in &message.parts {
        match &part.content {
            Content::Reasoning(_) | Content::Opaque => {
                let own = part.echo.as_ref().filter(|echo| echo.issuer == issuer);
                thinking.extend(own.map(|echo| echo.value.clone()));
            }
            Content::ToolCall(_) => {
                thinking.clear();
                *has_calls = true;
            }
            // Only a question has files.
            Content::File(_) => {}
            // There is no block for a refusal; its words are text like any.
            Content::Text(text) | Content::Refusal(text) => match text_block(text) {
                Some(block) => {
                    blocks.append(&mut thinking);
                    blocks.push(block);
                }
                None => thinking.clear(),
            },
        }
    }
    blocks
}

/// `None` for white space, which is refused.
fn text_block(text: &str) -> Option<Value> {
    (!is_blank(text)).then(|| json!({ "type": "text", "text": text }))
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

#[cfg(test)]
#[path = "encode_tests.rs"]
mod tests;
