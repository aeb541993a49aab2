//! Tool calls from their fragments, as all servers write them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    chat::{ChatEvent, PartKind, ToolCallDelta},
    wire::json,
};

/// What Gemini wants back on the call (`google.thought_signature`).
pub(super) const EXTRA: &str = "extra_content";

/// The calls of one answer.
#[derive(Debug, Default)]
pub(super) struct Calls {
    list: Vec<Call>,
    /// The latest call of each index on the wire. Indexes may begin at 1, skip and be used again.
    by_index: BTreeMap<u64, usize>,
    by_id: BTreeMap<String, usize>,
}

#[derive(Debug, Default)]
struct Call {
    id: Option<String>,
    is_named: bool,
    extra: Option<Value>,
}

impl Calls {
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Reads one element of `tool_calls`. The first id and the first name count: later fragments
    /// repeat them or leave them empty. In a whole answer each element is a call of its own.
    pub(super) fn delta(&mut self, value: &Value, is_whole: bool, events: &mut Vec<ChatEvent>) {
        if !value.is_object() {
            return;
        }
        let id = json::text(value, "id");
        let count = self.list.len();
        let position = if is_whole { None } else { self.position(json::count(value, "index"), id) };
        let position = position.unwrap_or(count);
        if position == count {
            self.list.push(Call::default());
            if let Some(index) = json::count(value, "index") {
                self.by_index.insert(index, position);
            }
        }
        let call = &mut self.list[position];
        let id = id.filter(|_| call.id.is_none()).map(ToOwned::to_owned);
        if let Some(id) = &id {
            call.id = Some(id.clone());
            self.by_id.insert(id.clone(), position);
        }
        let name = ["function.name", "custom.name"].iter().find_map(|path| json::text(value, path));
        let name = name.filter(|_| !call.is_named).map(ToOwned::to_owned);
        call.is_named |= name.is_some();
        if let Some(extra @ Value::Object(map)) = json::at(value, EXTRA) {
            match &mut call.extra {
                Some(known) => json::merge(known, map),
                none => *none = Some(extra.clone()),
            }
        }
        let arguments = ["function.arguments", "custom.input"]
            .iter()
            .find_map(|path| json::at(value, path))
            .map(|arguments| match arguments {
                Value::String(text) => text.clone(),
                // Old Ollama and Mistral: not a text but the object itself.
                other => other.to_string(),
            })
            .unwrap_or_default();
        if position == count || id.is_some() || name.is_some() || !arguments.is_empty() {
            let delta = ToolCallDelta { index: position, id, name, arguments };
            events.push(ChatEvent::ToolCall(delta));
        }
    }

    /// What the calls' issuer wants back. A call without it is passed over by an empty one, because
    /// echoes meet the calls in their order.
    pub(super) fn echoes(&mut self, events: &mut Vec<ChatEvent>) {
        let last = self.list.iter().rposition(|call| call.extra.is_some());
        for call in &mut self.list[..last.map_or(0, |last| last + 1)] {
            let value = match call.extra.take() {
                Some(extra) => json!({ EXTRA: extra }),
                None => json!({}),
            };
            events.push(ChatEvent::Echo { kind: PartKind::ToolCall, value });
        }
    }

    /// The call that a fragment continues, if it does not begin one.
    fn position(&self, index: Option<u64>, id: Option<&str>) -> Option<usize> {
        match (index, id) {
            (Some(index), id) => {
                let position = *self.by_index.get(&index)?;
                // Another id under a known index is another call.
                let known = self.list[position].id.as_deref();
                let is_other = id.is_some() && known.is_some() && id != known;
                (!is_other).then_some(position)
            }
            // Gemini: no index at all.
            (None, Some(id)) => self.by_id.get(id).copied(),
            (None, None) => self.list.len().checked_sub(1),
        }
    }
}
