//! Which request bodies the servers of a format accept: their rules on a history, in one place.
//!
//! Sources: the API references of Chat Completions, Responses and Messages; where a rule is a
//! server's own, it is named. A body that keeps the rules of all of them is accepted by each.

use byok::wire::Wire;
use serde_json::Value;

/// One message as the receiver reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) role: String,
    /// All its words, joined.
    pub(crate) words: String,
}

/// What a server of the format reads in `body`, or the rule that it breaks.
pub(crate) fn read(wire: Wire, body: &Value) -> Result<Vec<Said>, String> {
    let said = match wire {
        Wire::OpenAiChat => chat_completions(body),
        Wire::OpenAiResponses => responses(body),
        Wire::AnthropicMessages => messages(body),
    }?;
    take_turns(&said)?;
    Ok(said)
}

/// The templates of llama.cpp refuse two questions in a row, Messages a beginning with an answer,
/// and current models of it an end with one.
fn take_turns(said: &[Said]) -> Result<(), String> {
    for (at, message) in said.iter().enumerate() {
        let expected = if at % 2 == 0 { "user" } else { "assistant" };
        if message.role != expected {
            return Err(format!("message {at} is the {}'s", message.role));
        }
    }
    match said.last() {
        Some(last) if last.role == "user" => Ok(()),
        _ => Err("no question at the end".to_owned()),
    }
}

fn chat_completions(body: &Value) -> Result<Vec<Said>, String> {
    let limits = ["max_completion_tokens", "max_tokens"];
    let options =
        ["store", "stop", "seed", "temperature", "top_p", "reasoning_effort", "verbosity"];
    let rest = ["model", "messages", "stream", "stream_options"];
    only(body, &[&limits[..], &options, &rest].concat())?;
    if body.get("stream_options").is_some() && body["stream"] != true {
        return Err("`stream_options` without a stream".to_owned());
    }
    let mut said = Vec::new();
    for (at, message) in list(body, "messages")?.iter().enumerate() {
        let role = text(message, "role")?;
        // A list of parts is read by some servers only, a `refusal` part by OpenAI alone.
        let words = text(message, "content")?;
        not_blank(words)?;
        match role {
            "system" if at == 0 => {
                only(message, &["role", "content"])?;
                continue;
            }
            "user" => only(message, &["role", "content"])?,
            "assistant" => only(
                message,
                &[
                    "role",
                    "content",
                    "reasoning_content",
                    "reasoning",
                    "reasoning_details",
                    "thinking_blocks",
                ],
            )?,
            other => return Err(format!("a message of role {other}")),
        }
        said.push(Said { role: role.to_owned(), words: words.to_owned() });
    }
    Ok(said)
}

fn messages(body: &Value) -> Result<Vec<Said>, String> {
    let options = ["temperature", "top_p", "stop_sequences", "output_config"];
    only(body, &[&options[..], &["model", "max_tokens", "system", "messages", "stream"]].concat())?;
    body["max_tokens"].as_u64().ok_or("no `max_tokens`")?;
    if let Some(system) = body.get("system") {
        not_blank(system.as_str().ok_or("a `system` that is no text")?)?;
    }
    let mut said = Vec::new();
    for message in list(body, "messages")? {
        only(message, &["role", "content"])?;
        let role = text(message, "role")?;
        let words = match &message["content"] {
            Value::String(words) => {
                not_blank(words)?;
                words.clone()
            }
            Value::Array(blocks) => self::blocks(role, blocks)?,
            _ => return Err("`content` is neither text nor blocks".to_owned()),
        };
        said.push(Said { role: role.to_owned(), words });
    }
    Ok(said)
}

/// Thinking carries its signature, and the block that it led to follows it.
fn blocks(role: &str, blocks: &[Value]) -> Result<String, String> {
    let mut words = String::new();
    let mut is_open = false;
    for block in blocks {
        match (text(block, "type")?, role) {
            ("text", _) => {
                only(block, &["type", "text"])?;
                not_blank(text(block, "text")?)?;
                words.push_str(text(block, "text")?);
                is_open = false;
            }
            ("thinking", "assistant") => {
                only(block, &["type", "thinking", "signature"])?;
                // Without words when only the signature was asked for.
                block["thinking"].as_str().ok_or("thinking without `thinking`")?;
                not_blank(text(block, "signature")?)?;
                is_open = true;
            }
            ("redacted_thinking", "assistant") => {
                only(block, &["type", "data"])?;
                not_blank(text(block, "data")?)?;
                is_open = true;
            }
            (kind, role) => return Err(format!("a `{kind}` block of the {role}")),
        }
    }
    if is_open || blocks.is_empty() {
        return Err("a message that ends with thinking, or with nothing".to_owned());
    }
    Ok(words)
}

fn responses(body: &Value) -> Result<Vec<Said>, String> {
    let options = ["temperature", "top_p", "reasoning", "text", "max_output_tokens", "include"];
    only(body, &[&options[..], &["model", "instructions", "input", "store", "stream"]].concat())?;
    if body["store"] != false {
        return Err("answers would be stored".to_owned());
    }
    let mut said: Vec<Said> = Vec::new();
    let mut ids: Vec<&str> = Vec::new();
    // Reasoning whose item has to follow.
    let mut is_open = false;
    for item in list(body, "input")? {
        let kind = item.get("type").map_or(Ok("message"), |_| text(item, "type"))?;
        let role = item["role"].as_str().unwrap_or("assistant");
        if is_open && role != "assistant" {
            return Err("reasoning without the item that it led to".to_owned());
        }
        is_open = false;
        match kind {
            "message" => {
                let words = if role == "user" { question(item)? } else { message_item(item)? };
                match said.last_mut() {
                    // One answer may be several items.
                    Some(last) if role == "assistant" && last.role == role => {
                        last.words.push_str(&words);
                    }
                    _ => said.push(Said { role: role.to_owned(), words }),
                }
            }
            "reasoning" => {
                item["summary"].as_array().ok_or("reasoning without `summary`")?;
                // Nothing is stored, so nothing can be looked up.
                not_blank(text(item, "encrypted_content")?)?;
                is_open = true;
            }
            // A call of the server's own tool is echoed as it came.
            "web_search_call" => {}
            // Calls without results, and references to what is not stored.
            kind => return Err(format!("an item of type `{kind}`")),
        }
        if let Some(id) = item["id"].as_str() {
            // "was provided without its required 'reasoning' item": tests write it into the id.
            let needed = id.split_once("-after-").map(|(_, needed)| needed);
            if needed.is_some_and(|needed| !ids.contains(&needed)) {
                return Err(format!("item `{id}` without its reasoning"));
            }
            ids.push(id);
        }
    }
    if is_open {
        return Err("reasoning at the end".to_owned());
    }
    Ok(said)
}

fn question(item: &Value) -> Result<String, String> {
    only(item, &["type", "role", "content"])?;
    content(item, &["input_text"])
}

/// llama.cpp wants the `type` of an answer; an id has its place in what the server sent only.
fn message_item(item: &Value) -> Result<String, String> {
    text(item, "type")?;
    if text(item, "role")? != "assistant" {
        return Err(format!("a message of role {}", item["role"]));
    }
    if item.get("id").is_some() {
        return content(item, &["output_text", "refusal"]);
    }
    only(item, &["type", "role", "content"])?;
    // llama.cpp knows no `refusal`.
    content(item, &["output_text"])
}

/// The words of a message item, which are in parts of these kinds.
fn content(item: &Value, kinds: &[&str]) -> Result<String, String> {
    let words = match &item["content"] {
        Value::String(words) => words.clone(),
        Value::Array(parts) => {
            let mut words = String::new();
            for part in parts {
                let kind = text(part, "type")?;
                if !kinds.contains(&kind) {
                    return Err(format!("a part of type `{kind}`"));
                }
                words.push_str(text(part, if kind == "refusal" { kind } else { "text" })?);
            }
            words
        }
        _ => return Err("`content` is neither text nor parts".to_owned()),
    };
    not_blank(&words)?;
    Ok(words)
}

/// Strict servers refuse what they do not know.
fn only(value: &Value, known: &[&str]) -> Result<(), String> {
    let map = value.as_object().ok_or("no object")?;
    match map.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(format!("unknown `{key}`")),
        None => Ok(()),
    }
}

fn list<'a>(value: &'a Value, key: &str) -> Result<&'a [Value], String> {
    value[key].as_array().map(Vec::as_slice).ok_or_else(|| format!("no list `{key}`"))
}

fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str, String> {
    value[key].as_str().ok_or_else(|| format!("no text `{key}` in {value}"))
}

fn not_blank(words: &str) -> Result<(), String> {
    if words.trim().is_empty() { Err("blank text".to_owned()) } else { Ok(()) }
}
