//! What an answer consists of: output items, their parts, and which of them an event is about.

use std::collections::HashMap;

use serde_json::Value;

use super::encode::is_encrypted;
use crate::chat::PartKind;

/// What an output item says, told apart because each may come in pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Channel {
    Text,
    Refusal,
    /// Reasoning in the words of a summary.
    Summary,
    /// Reasoning as it was thought; servers of open models.
    Thought,
    /// The arguments of a call.
    Arguments,
}

impl Channel {
    pub(super) const ALL: [Self; 5] =
        [Self::Text, Self::Refusal, Self::Summary, Self::Thought, Self::Arguments];

    /// The channel of a content or summary part.
    pub(super) fn of_part(part: &Value) -> Option<Self> {
        match part["type"].as_str()? {
            "output_text" => Some(Self::Text),
            "refusal" => Some(Self::Refusal),
            "summary_text" => Some(Self::Summary),
            "reasoning_text" => Some(Self::Thought),
            _ => None,
        }
    }

    /// The channel of an event `response.NAME.delta`.
    pub(super) fn of_delta(kind: &str) -> Option<Self> {
        Self::of_name(kind.strip_prefix("response.")?.strip_suffix(".delta")?)
    }

    /// The channel of an event `response.NAME.done`.
    pub(super) fn of_done(kind: &str) -> Option<Self> {
        Self::of_name(kind.strip_prefix("response.")?.strip_suffix(".done")?)
    }

    fn of_name(name: &str) -> Option<Self> {
        match name {
            "output_text" => Some(Self::Text),
            "refusal" => Some(Self::Refusal),
            "reasoning_summary_text" => Some(Self::Summary),
            "reasoning_text" => Some(Self::Thought),
            "function_call_arguments" | "custom_tool_call_input" => Some(Self::Arguments),
            _ => None,
        }
    }

    pub(super) fn is_reasoning(self) -> bool {
        matches!(self, Self::Summary | Self::Thought)
    }

    /// The whole words of this channel in a part, a `done` event or a call.
    pub(super) fn words(self, value: &Value) -> Option<&str> {
        match self {
            Self::Text | Self::Summary | Self::Thought => value["text"].as_str(),
            Self::Refusal => value["refusal"].as_str(),
            Self::Arguments => value["arguments"].as_str().or(value["input"].as_str()),
        }
    }
}

/// One part of one output item, in one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Slot {
    /// The item's place in [`Items`].
    pub(super) item: usize,
    pub(super) channel: Channel,
    /// `content_index` or `summary_index`.
    pub(super) part: u64,
}

/// The name of the item that an event is about, as far as the server tells it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key<'a> {
    pub(super) output_index: Option<u64>,
    pub(super) id: Option<&'a str>,
}

impl<'a> Key<'a> {
    /// The key in an event about a piece of an item.
    pub(super) fn of_piece(event: &'a Value) -> Self {
        Self { output_index: event["output_index"].as_u64(), id: event["item_id"].as_str() }
    }

    /// The key in an event that holds the item.
    pub(super) fn of_item(event: &'a Value) -> Self {
        Self { output_index: event["output_index"].as_u64(), id: event["item"]["id"].as_str() }
    }
}

/// What is remembered of an output item.
#[derive(Debug, Default)]
pub(super) struct Item {
    has_output_index: bool,
    call: Option<Call>,
    /// Some of its reasoning was given out.
    pub(super) is_reasoned: bool,
    /// Its echo was given out.
    pub(super) is_echoed: bool,
}

/// What is remembered of an item that is a call.
#[derive(Debug)]
pub(super) struct Call {
    /// The call's number among all calls of the answer.
    pub(super) index: usize,
    /// Its id and name were given out.
    pub(super) is_named: bool,
}

/// The output items met so far.
#[derive(Debug, Default)]
pub(super) struct Items {
    pub(super) list: Vec<Item>,
    by_output_index: HashMap<u64, usize>,
    by_id: HashMap<String, usize>,
    /// How many of them are calls.
    pub(super) calls: usize,
}

impl Items {
    /// The place of an item, new or known. `output_index` decides: GitHub Copilot changes the id
    /// of an item from event to event. llama.cpp sends ids only; a server that sends neither
    /// speaks of the latest item.
    pub(super) fn find(&mut self, key: Key<'_>) -> usize {
        let by_id = || key.id.and_then(|id| self.by_id.get(id)).copied();
        let known = match (key.output_index, key.id) {
            (Some(index), _) => self
                .by_output_index
                .get(&index)
                .copied()
                .or_else(|| by_id().filter(|item| !self.list[*item].has_output_index)),
            (None, Some(_)) => by_id(),
            (None, None) => self.list.len().checked_sub(1),
        };
        let item = known.unwrap_or_else(|| self.add());
        if let Some(index) = key.output_index.filter(|_| !self.list[item].has_output_index) {
            self.list[item].has_output_index = true;
            self.by_output_index.insert(index, item);
        }
        if let Some(id) = key.id.filter(|_| known.is_none()) {
            self.by_id.insert(id.to_owned(), item);
        }
        item
    }

    /// Adds an item that no event will name again.
    pub(super) fn add(&mut self) -> usize {
        self.list.push(Item::default());
        self.list.len() - 1
    }

    /// The call that is item `item`.
    pub(super) fn call(&mut self, item: usize) -> &mut Call {
        self.list[item].call.get_or_insert_with(|| {
            self.calls += 1;
            Call { index: self.calls - 1, is_named: false }
        })
    }
}

/// Whether the item is a call that awaits our answer. Calls of the server's own tools
/// (`web_search_call`) have an `id` but no `call_id`.
pub(super) fn is_call(item: &Value) -> bool {
    match item["type"].as_str() {
        Some("function_call" | "custom_tool_call") => true,
        Some(kind) => kind.ends_with("_call") && item["call_id"].is_string(),
        None => false,
    }
}

/// Which part of the reply the issuer wants back as `item`, if any. A plain message needs no
/// echo: its text says all. One whose parts are of several kinds cannot stand for one of them.
pub(super) fn echo_kind(item: &Value) -> Option<PartKind> {
    match item["type"].as_str()? {
        "reasoning" => is_encrypted(item).then_some(PartKind::Reasoning),
        "message" => {
            let mut channels = item["content"].as_array()?.iter().map(Channel::of_part);
            let first = channels.next()??;
            let is_uniform = channels.all(|channel| channel == Some(first));
            match first {
                Channel::Refusal if is_uniform => Some(PartKind::Refusal),
                Channel::Text if is_uniform && item["phase"].is_string() => Some(PartKind::Text),
                _ => None,
            }
        }
        _ => Some(PartKind::Opaque),
    }
}
