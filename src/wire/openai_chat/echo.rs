//! What the server wants to see again: its reasoning, in the spelling that it came in.
//!
//! An echo's value is an object whose members belong onto the assistant's message. Sources:
//! `DeepSeek`, "Thinking mode" (`reasoning_content` beside tool calls, even when it is empty); Ollama,
//! "`OpenAI` compatibility" (`reasoning`); `OpenRouter`, "Preserving reasoning blocks"
//! (`reasoning_details`); `LiteLLM`, "Reasoning content" (`thinking_blocks`).

use serde_json::{Value, json};

use crate::{
    chat::{ChatEvent, PartKind},
    wire::json,
};

/// Lists that must go back unchanged, in order of preference.
pub(super) const LISTS: [&str; 2] = ["reasoning_details", "thinking_blocks"];

/// How many of the last entries a fragment may belong to.
const REACH: usize = 64;

/// What is gathered for the echo of one answer.
#[derive(Debug, Default)]
pub(super) struct Echoes {
    /// The field of reasoning that the server used, and all that came in it.
    reasoning: Option<(&'static str, String)>,
    lists: [Vec<Value>; 2],
}

impl Echoes {
    /// Takes reasoning that came as a text of its own, empty ones too.
    pub(super) fn reasoning(&mut self, field: &'static str, text: &str) {
        match &mut self.reasoning {
            None => self.reasoning = Some((field, text.to_owned())),
            Some((known, gathered)) if *known == field => gathered.push_str(text),
            // Copies in a second field.
            Some(_) => {}
        }
    }

    /// Takes entries of one of the [`LISTS`]: fragments, or the entries of a whole answer.
    pub(super) fn list(&mut self, field: &str, entries: &[Value], is_whole: bool) {
        let Some(at) = LISTS.iter().position(|known| *known == field) else { return };
        for entry in entries {
            let begun = self.lists[at].iter_mut().rev().take(REACH);
            match begun.filter(|_| !is_whole).find(|begun| continues(begun, entry)) {
                Some(begun) => extend(begun, entry),
                None => self.lists[at].push(entry.clone()),
            }
        }
    }

    /// Gives out the echo, once.
    pub(super) fn events(&mut self, has_calls: bool, events: &mut Vec<ChatEvent>) {
        let lists = std::mem::take(&mut self.lists);
        let list = LISTS.into_iter().zip(lists).find(|(_, entries)| !entries.is_empty());
        let value = match (list, self.reasoning.take()) {
            (Some((field, entries)), _) => json!({ field: entries }),
            (None, Some((field, text))) if has_calls => json!({ field: text }),
            (None, _) => return,
        };
        events.push(ChatEvent::Echo { kind: PartKind::Reasoning, value });
    }
}

/// Whether `entry` is a fragment of `begun`: the same type and index. Without an index (`LiteLLM`)
/// a signature closes an entry.
fn continues(begun: &Value, entry: &Value) -> bool {
    let same = |path| json::at(begun, path) == json::at(entry, path);
    let is_closed = ["signature", "data"].iter().any(|path| json::text(begun, path).is_some());
    same("type") && same("index") && (json::at(entry, "index").is_some() || !is_closed)
}

fn extend(begun: &mut Value, entry: &Value) {
    let (Value::Object(begun), Value::Object(entry)) = (begun, entry) else { return };
    for (key, value) in entry {
        match (begun.get_mut(key), value) {
            (Some(Value::String(text)), Value::String(more))
                if matches!(key.as_str(), "text" | "summary" | "thinking" | "data") =>
            {
                text.push_str(more);
            }
            (None | Some(Value::Null), _) => {
                begun.insert(key.clone(), value.clone());
            }
            (Some(Value::String(text)), Value::String(later)) if text.is_empty() => {
                text.clone_from(later);
            }
            _ => {}
        }
    }
}
