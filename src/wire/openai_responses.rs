//! Responses, `POST /responses`: items in, items out, and nothing kept at the server.
//!
//! Every request says `store: false` and carries the whole conversation. What the issuer wants
//! back (encrypted reasoning, labelled messages, items of its own tools) is replayed as it came.
//!
//! Source: <https://platform.openai.com/docs/api-reference/responses> and the types of
//! openai-python, `src/openai/types/responses`.

mod encode;
mod items;

use std::collections::HashSet;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::think::Splitter;
use super::{Decode, Fault, Frame, Progress, WireError, envelope, json};
use crate::chat::{ChatEvent, PartKind, StopReason, ToolCallDelta, Usage};
use items::{Channel, Items, Key, Slot, echo_kind, is_call};

pub(super) use encode::encode;

/// An answer that came as one JSON object.
pub(super) fn decode_whole(body: &[u8], events: &mut Vec<ChatEvent>) -> Result<(), WireError> {
    let response = envelope::whole(body, &["output", "status"], "a Responses object")?;
    let mut decoder = Decoder::default();
    decoder.start(&response, &Value::Null, events);
    decoder.end("", &response, events)
}

#[derive(Debug, Default)]
pub(super) struct Decoder {
    state: State,
    is_started: bool,
    items: Items,
    /// What was given out, so that its repetition in a `done` event is not.
    given: HashSet<Slot>,
    /// What was given out last.
    latest: Option<Slot>,
    splitter: Splitter,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Open,
    /// A terminal event came.
    Complete,
    /// An error was reported. It may be reported again as `response.failed`.
    Failed,
}

/// The ordinary event, read without building a tree. Anything odd makes it unreadable and sends
/// the frame the long way, which gives the same events.
#[derive(Deserialize)]
struct Piece<'a> {
    r#type: &'a str,
    output_index: Option<u64>,
    item_id: Option<&'a str>,
    content_index: Option<u64>,
    summary_index: Option<u64>,
    delta: String,
    error: Option<IgnoredAny>,
    object: Option<IgnoredAny>,
    error_message: Option<IgnoredAny>,
}

impl<'a> Piece<'a> {
    fn read(data: &'a str) -> Option<(Self, Channel)> {
        let piece: Self = serde_json::from_str(data).ok()?;
        let channel = Channel::of_delta(piece.r#type)?;
        let is_error =
            piece.error.is_some() || piece.object.is_some() || piece.error_message.is_some();
        (!is_error).then_some((piece, channel))
    }
}

impl Decode for Decoder {
    fn frame(&mut self, frame: &Frame, events: &mut Vec<ChatEvent>) -> Result<(), WireError> {
        if self.state != State::Open {
            return Ok(());
        }
        if let Some((piece, channel)) = Piece::read(&frame.data) {
            let key = Key { output_index: piece.output_index, id: piece.item_id };
            let part = piece.content_index.or(piece.summary_index).unwrap_or(0);
            let slot = Slot { item: self.items.find(key), channel, part };
            self.give(slot, piece.delta, events);
            return Ok(());
        }
        let result = self.tree(frame, events);
        if result.is_err() {
            self.state = State::Failed;
        }
        result
    }

    fn progress(&self) -> Progress {
        match self.state {
            State::Complete => Progress::Complete,
            State::Open | State::Failed => Progress::Open,
        }
    }

    fn finish(&mut self, events: &mut Vec<ChatEvent>) {
        self.splitter.finish(events);
    }
}

impl Decoder {
    /// Reads a frame of any kind.
    fn tree(&mut self, frame: &Frame, events: &mut Vec<ChatEvent>) -> Result<(), WireError> {
        let Some((kind, event)) = envelope::event(frame, "a Responses event")? else {
            return Ok(());
        };
        match kind.as_str() {
            "response.created" | "response.queued" | "response.in_progress" => {
                self.start(&event["response"], &event, events);
            }
            "response.completed" | "response.incomplete" | "response.failed" => {
                self.start(&event["response"], &event, events);
                return self.end(&kind, &event["response"], events);
            }
            "response.output_item.added" => {
                let at = self.items.find(Key::of_item(&event));
                self.name_call(at, &event["item"], events);
            }
            "response.output_item.done" => {
                let at = self.items.find(Key::of_item(&event));
                self.complete(at, &event["item"], &Channel::ALL, events);
            }
            "response.content_part.done" | "response.reasoning_summary_part.done" => {
                if let Some(channel) = Channel::of_part(&event["part"]) {
                    let slot = self.slot(channel, &event);
                    self.give_missing(slot, channel.words(&event["part"]), events);
                }
            }
            kind => {
                if let Some(channel) = Channel::of_delta(kind) {
                    let slot = self.slot(channel, &event);
                    let words = event["delta"].as_str().unwrap_or_default();
                    self.give(slot, words.to_owned(), events);
                } else if let Some(channel) = Channel::of_done(kind) {
                    let slot = self.slot(channel, &event);
                    self.give_missing(slot, channel.words(&event), events);
                }
            }
        }
        Ok(())
    }

    /// Names the answer at the first event that can.
    fn start(&mut self, response: &Value, event: &Value, events: &mut Vec<ChatEvent>) {
        let id = envelope::text(response, "id");
        if self.is_started || id.is_none() {
            return;
        }
        self.is_started = true;
        // LiteLLM names the model beside the object.
        let model = envelope::text(response, "model").or_else(|| envelope::text(event, "model"));
        events.push(ChatEvent::Started { id, model });
    }

    fn slot(&mut self, channel: Channel, event: &Value) -> Slot {
        let part = event["content_index"].as_u64().or(event["summary_index"].as_u64());
        Slot { item: self.items.find(Key::of_piece(event)), channel, part: part.unwrap_or(0) }
    }

    /// Gives out a piece.
    fn give(&mut self, slot: Slot, mut words: String, events: &mut Vec<ChatEvent>) {
        if words.is_empty() {
            return;
        }
        self.given.insert(slot);
        let latest = self.latest.replace(slot);
        match slot.channel {
            Channel::Text => self.splitter.text(words, events),
            Channel::Refusal => {
                self.splitter.finish(events);
                events.push(ChatEvent::Refusal(words));
            }
            Channel::Summary | Channel::Thought => {
                self.items.list[slot.item].is_reasoned = true;
                // Summary parts are paragraphs without an end.
                if latest.is_some_and(|latest| latest.channel.is_reasoning() && latest != slot) {
                    words.insert_str(0, "\n\n");
                }
                events.push(ChatEvent::Reasoning(words));
            }
            Channel::Arguments => {
                self.splitter.finish(events);
                let index = self.items.call(slot.item).index;
                let delta = ToolCallDelta { index, arguments: words, ..ToolCallDelta::default() };
                events.push(ChatEvent::ToolCall(delta));
            }
        }
    }

    /// Gives out the whole of what no delta brought.
    fn give_missing(&mut self, slot: Slot, words: Option<&str>, events: &mut Vec<ChatEvent>) {
        if let Some(words) = words.filter(|_| !self.given.contains(&slot)) {
            self.give(slot, words.to_owned(), events);
        }
    }

    /// Gives out the id and name of a call, once.
    fn name_call(&mut self, at: usize, item: &Value, events: &mut Vec<ChatEvent>) {
        if !is_call(item) {
            return;
        }
        let call = self.items.call(at);
        let index = call.index;
        if std::mem::replace(&mut call.is_named, true) {
            return;
        }
        self.splitter.finish(events);
        events.push(ChatEvent::ToolCall(ToolCallDelta {
            index,
            id: envelope::text(item, "call_id").or_else(|| envelope::text(item, "id")),
            name: envelope::text(item, "name").or_else(|| envelope::text(item, "type")),
            arguments: String::new(),
        }));
    }

    /// A whole item: gives out what is missing in `channels`, and what its issuer wants back.
    fn complete(
        &mut self,
        at: usize,
        item: &Value,
        channels: &[Channel],
        events: &mut Vec<ChatEvent>,
    ) {
        if is_call(item) {
            if channels.contains(&Channel::Arguments) {
                self.name_call(at, item, events);
                let slot = Slot { item: at, channel: Channel::Arguments, part: 0 };
                self.give_missing(slot, Channel::Arguments.words(item), events);
            }
            return;
        }
        for list in ["summary", "content"] {
            // Of reasoning, the summary or the thoughts: they say the same.
            if self.items.list[at].is_reasoned {
                break;
            }
            for (part, content) in (0..).zip(json::list(item, list)) {
                if let Some(channel) = Channel::of_part(content).filter(|it| channels.contains(it))
                {
                    let slot = Slot { item: at, channel, part };
                    self.give_missing(slot, channel.words(content), events);
                }
            }
        }
        self.echo(at, item, events);
    }

    fn echo(&mut self, at: usize, item: &Value, events: &mut Vec<ChatEvent>) {
        let Some(kind) = echo_kind(item).filter(|_| !self.items.list[at].is_echoed) else { return };
        self.items.list[at].is_echoed = true;
        if kind != PartKind::Reasoning {
            // The part that the echo closes must be whole.
            self.splitter.finish(events);
        }
        events.push(ChatEvent::Echo { kind, value: item.clone() });
    }

    /// A terminal event, or a whole answer (`kind` is empty then).
    fn end(
        &mut self,
        kind: &str,
        response: &Value,
        events: &mut Vec<ChatEvent>,
    ) -> Result<(), WireError> {
        let status = response["status"].as_str().unwrap_or_default();
        let usage = usage(response);
        let fault = Fault::in_value(response);
        let is_failed = kind == "response.failed"
            || matches!(status, "failed" | "cancelled" | "queued" | "in_progress");
        if fault.is_some() || is_failed {
            events.extend(usage.map(ChatEvent::Usage));
            let message =
                || format!("the server ended the answer with status `{status}` and gave no reason");
            return Err(WireError::Fault(
                fault.unwrap_or_else(|| Fault { message: message(), ..Fault::default() }),
            ));
        }
        self.rest(json::list(response, "output"), events);
        self.splitter.finish(events);
        events.extend(usage.map(ChatEvent::Usage));
        events.push(ChatEvent::Stop(self.stop(kind, response, usage.unwrap_or_default())));
        self.state = State::Complete;
        Ok(())
    }

    /// Gives out what the terminal event holds and no event before it did. Some servers count and
    /// name the items differently there, so a channel that has spoken at all is believed whole.
    fn rest(&mut self, output: &[Value], events: &mut Vec<ChatEvent>) {
        let spoken: HashSet<Channel> = self.given.iter().map(|slot| slot.channel).collect();
        let is_reasoned = spoken.iter().any(|channel| channel.is_reasoning());
        let is_called = self.items.calls > 0;
        let silent: Vec<Channel> = Channel::ALL
            .into_iter()
            .filter(|channel| match channel {
                Channel::Arguments => !is_called,
                Channel::Summary | Channel::Thought => !is_reasoned,
                Channel::Text | Channel::Refusal => !spoken.contains(channel),
            })
            .collect();
        let is_whole = self.items.list.is_empty();
        let is_echoed = self.items.list.iter().any(|item| item.is_echoed);
        for item in output {
            let at = self.items.add();
            // xAI sends `encrypted_content` only here, and it finds its part. Other echoes would
            // come too late for their place.
            self.items.list[at].is_echoed = is_echoed || !is_whole && item["type"] != "reasoning";
            self.complete(at, item, &silent, events);
        }
    }

    fn stop(&self, kind: &str, response: &Value, usage: Usage) -> StopReason {
        if kind == "response.incomplete" || response["status"] == "incomplete" {
            return match json::text(response, "incomplete_details.reason") {
                Some("max_output_tokens") => StopReason::Length,
                Some("content_filter") => StopReason::Filtered,
                reason => StopReason::Other(reason.unwrap_or("incomplete").to_owned()),
            };
        }
        // Ollama says `completed` for an answer that was cut at the limit.
        let is_full = json::count(response, "max_output_tokens")
            .zip(usage.output)
            .is_some_and(|(limit, output)| limit > 0 && output >= limit);
        if self.items.calls > 0 {
            StopReason::ToolCalls
        } else if self.given.iter().any(|slot| slot.channel == Channel::Refusal) {
            StopReason::Refusal
        } else if is_full {
            StopReason::Length
        } else {
            StopReason::Stop
        }
    }
}

fn usage(response: &Value) -> Option<Usage> {
    let usage = response.get("usage").filter(|usage| usage.is_object())?;
    Some(Usage {
        input: json::count(usage, "input_tokens"),
        cached_input: json::count(usage, "input_tokens_details.cached_tokens"),
        cache_write: json::count(usage, "input_tokens_details.cache_write_tokens"),
        output: json::count(usage, "output_tokens"),
        reasoning: json::count(usage, "output_tokens_details.reasoning_tokens"),
        total: json::count(usage, "total_tokens"),
    })
}

#[cfg(test)]
#[path = "openai_responses_tests.rs"]
mod tests;
