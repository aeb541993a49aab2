//! Anthropic Messages, `POST /v1/messages`: blocks that start, grow and stop.
//!
//! Source: <https://platform.claude.com/docs/en/api/messages>,
//! <https://platform.claude.com/docs/en/build-with-claude/streaming> and the types of
//! anthropic-sdk-python, `src/anthropic/types`.

mod encode;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json as value};

use super::think::Splitter;
use super::{Decode, Frame, Progress, WireError, envelope, json};
use crate::chat::{ChatEvent, PartKind, StopReason, ToolCallDelta, Usage};

pub(super) use encode::encode;

/// An answer that came as one JSON object.
pub(super) fn decode_whole(body: &[u8], events: &mut Vec<ChatEvent>) -> Result<(), WireError> {
    let message = envelope::whole(body, &["content", "stop_reason"], "an Anthropic message")?;
    let mut decoder = Decoder::default();
    decoder.start(&message, events);
    if let Some(text) = envelope::text(&message, "content") {
        decoder.text(text, events);
    }
    for (index, block) in (0..).zip(json::list(&message, "content")) {
        decoder.start_block(index, block, events);
        decoder.stop_block(index, events);
    }
    decoder.reason(&message);
    decoder.end(events);
    Ok(())
}

#[derive(Debug, Default)]
pub(super) struct Decoder {
    state: State,
    is_started: bool,
    /// The blocks that have started and not stopped, by `index`. llama.cpp starts the next before
    /// it stops the last.
    blocks: BTreeMap<u64, Block>,
    /// How many tool calls there were.
    calls: usize,
    splitter: Splitter,
    has_text: bool,
    counts: Counts,
    /// `stop_reason`, as soon as it is known. Without `message_stop` it counts for nothing.
    reason: Option<String>,
    /// The server's words on a refusal.
    explanation: Option<String>,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Open,
    /// `message_stop` came.
    Complete,
    /// An error was reported.
    Failed,
}

#[derive(Debug)]
enum Block {
    Text,
    /// The block as it started, and what came to it: its issuer wants it back whole.
    Thinking {
        block: Value,
        thinking: String,
        signature: String,
    },
    /// A call of one of our tools.
    Call {
        index: usize,
        has_arguments: bool,
        /// What to give out when no arguments come.
        input: String,
    },
    /// Nothing that we know; calls of the server's own tools, for example.
    Other,
}

/// The token counts as the format has them; newer ones replace older ones, field by field.
#[derive(Debug, Default)]
struct Counts {
    input: Option<u64>,
    cache_write: Option<u64>,
    cache_read: Option<u64>,
    output: Option<u64>,
    thinking: Option<u64>,
}

impl Counts {
    fn update(&mut self, usage: &Value) {
        let newer = |path, older: Option<u64>| json::count(usage, path).or(older);
        self.input = newer("input_tokens", self.input);
        self.cache_write = newer("cache_creation_input_tokens", self.cache_write);
        self.cache_read = newer("cache_read_input_tokens", self.cache_read);
        self.output = newer("output_tokens", self.output);
        self.thinking = newer("output_tokens_details.thinking_tokens", self.thinking);
    }

    /// `input_tokens` are only those that no cache had to do with.
    fn usage(&self) -> Usage {
        let add = |sum: u64, count: &Option<u64>| sum.saturating_add(count.unwrap_or(0));
        let input =
            self.input.map(|input| [self.cache_write, self.cache_read].iter().fold(input, add));
        Usage {
            input,
            cached_input: self.cache_read,
            cache_write: self.cache_write,
            output: self.output,
            reasoning: self.thinking,
            total: input.zip(self.output).map(|(input, output)| input.saturating_add(output)),
        }
    }
}

/// The ordinary event, read without building a tree. Anything odd makes it unreadable and sends
/// the frame the long way, which gives the same events.
#[derive(Deserialize)]
struct Piece<'a> {
    r#type: &'a str,
    index: Option<u64>,
    #[serde(borrow)]
    delta: Growth<'a>,
    error: Option<IgnoredAny>,
    object: Option<IgnoredAny>,
    error_message: Option<IgnoredAny>,
}

/// What a block grows by.
#[derive(Deserialize)]
struct Growth<'a> {
    r#type: &'a str,
    text: Option<String>,
    thinking: Option<String>,
}

impl<'a> Piece<'a> {
    fn read(data: &'a str) -> Option<Self> {
        let piece: Self = serde_json::from_str(data).ok()?;
        let is_error =
            piece.error.is_some() || piece.object.is_some() || piece.error_message.is_some();
        (piece.r#type == "content_block_delta" && !is_error).then_some(piece)
    }
}

impl Decode for Decoder {
    fn frame(&mut self, frame: &Frame, events: &mut Vec<ChatEvent>) -> Result<(), WireError> {
        if self.state != State::Open {
            return Ok(());
        }
        if let Some(Piece { index, delta, .. }) = Piece::read(&frame.data) {
            match (delta.r#type, delta.text, delta.thinking) {
                ("text_delta", Some(text), _) => {
                    self.text(text, events);
                    return Ok(());
                }
                ("thinking_delta", _, Some(thinking)) => {
                    self.thinking(index.unwrap_or(0), thinking, events);
                    return Ok(());
                }
                _ => {}
            }
        }
        let result = self.tree(frame, events);
        if result.is_err() {
            self.state = State::Failed;
        }
        result
    }

    /// A cut after `stop_reason` is still a cut: only `message_stop` ends the answer.
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
        let Some((kind, event)) = envelope::event(frame, "an Anthropic Messages event")? else {
            return Ok(());
        };
        let index = event["index"].as_u64().unwrap_or(0);
        match kind.as_str() {
            "message_start" => self.start(&event["message"], events),
            "content_block_start" => self.start_block(index, &event["content_block"], events),
            "content_block_delta" => self.grow(index, &event["delta"], events),
            "content_block_stop" => self.stop_block(index, events),
            "message_delta" => {
                self.count(&event["usage"], events);
                self.reason(&event["delta"]);
            }
            "message_stop" => self.end(events),
            // The format promises to grow.
            _ => {}
        }
        Ok(())
    }

    /// Proxies have been seen to start a message again in its middle: the first start counts.
    fn start(&mut self, message: &Value, events: &mut Vec<ChatEvent>) {
        if self.is_started {
            return;
        }
        self.is_started = true;
        let (id, model) = (envelope::text(message, "id"), envelope::text(message, "model"));
        events.push(ChatEvent::Started { id, model });
        self.count(&message["usage"], events);
    }

    fn count(&mut self, usage: &Value, events: &mut Vec<ChatEvent>) {
        self.counts.update(usage);
        let usage_so_far = self.counts.usage();
        if usage.is_object() && usage_so_far != Usage::default() {
            events.push(ChatEvent::Usage(usage_so_far));
        }
    }

    fn reason(&mut self, delta: &Value) {
        self.reason = envelope::text(delta, "stop_reason").or_else(|| self.reason.take());
        self.explanation =
            envelope::text(delta, "stop_details.explanation").or_else(|| self.explanation.take());
    }

    fn start_block(&mut self, index: u64, block: &Value, events: &mut Vec<ChatEvent>) {
        self.stop_block(index, events);
        let started = match block["type"].as_str().unwrap_or_default() {
            "text" => Block::Text,
            "thinking" => thinking_block(block.clone()),
            "redacted_thinking" => {
                self.splitter.finish(events);
                events.push(ChatEvent::Echo { kind: PartKind::Opaque, value: block.clone() });
                Block::Other
            }
            "tool_use" => self.start_call(block, events),
            _ => Block::Other,
        };
        // Words may come with the start.
        let text = envelope::text(block, "text").filter(|_| matches!(started, Block::Text));
        let words = envelope::text(block, "thinking").filter(|_| started.is_thinking());
        self.blocks.insert(index, started);
        if let Some(text) = text {
            self.text(text, events);
        }
        if let Some(words) = words {
            self.thinking(index, words, events);
        }
        self.sign(index, block);
    }

    fn start_call(&mut self, block: &Value, events: &mut Vec<ChatEvent>) -> Block {
        let index = self.calls;
        self.calls += 1;
        self.splitter.finish(events);
        events.push(ChatEvent::ToolCall(ToolCallDelta {
            index,
            id: envelope::text(block, "id"),
            name: envelope::text(block, "name"),
            arguments: String::new(),
        }));
        // The start holds `{}` in a stream, where the arguments follow; in a whole message, all.
        let input = match &block["input"] {
            Value::Null => "{}".to_owned(),
            input => input.to_string(),
        };
        Block::Call { index, has_arguments: false, input }
    }

    /// A delta of any kind.
    fn grow(&mut self, index: u64, delta: &Value, events: &mut Vec<ChatEvent>) {
        match delta["type"].as_str().unwrap_or_default() {
            "text_delta" => {
                if let Some(text) = delta["text"].as_str() {
                    self.text(text.to_owned(), events);
                }
            }
            "thinking_delta" => {
                if let Some(words) = delta["thinking"].as_str() {
                    self.thinking(index, words.to_owned(), events);
                }
            }
            "signature_delta" => self.sign(index, delta),
            "input_json_delta" => {
                let piece = envelope::text(delta, "partial_json");
                if let (Some(arguments), Some(Block::Call { index, has_arguments, .. })) =
                    (piece, self.blocks.get_mut(&index))
                {
                    *has_arguments = true;
                    events.push(ChatEvent::ToolCall(ToolCallDelta {
                        index: *index,
                        arguments,
                        ..ToolCallDelta::default()
                    }));
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: String, events: &mut Vec<ChatEvent>) {
        self.has_text |= !text.is_empty();
        self.splitter.text(text, events);
    }

    fn thinking(&mut self, index: u64, words: String, events: &mut Vec<ChatEvent>) {
        if words.is_empty() {
            return;
        }
        if let Block::Thinking { thinking, .. } = self
            .blocks
            .entry(index)
            .or_insert_with(|| thinking_block(value!({ "type": "thinking" })))
        {
            thinking.push_str(&words);
        }
        events.push(ChatEvent::Reasoning(words));
    }

    /// Takes the signature of a thinking block: it comes whole, a later one replaces it.
    fn sign(&mut self, index: u64, holder: &Value) {
        if let (Some(Block::Thinking { signature, .. }), Some(newer)) =
            (self.blocks.get_mut(&index), envelope::text(holder, "signature"))
        {
            *signature = newer;
        }
    }

    fn stop_block(&mut self, index: u64, events: &mut Vec<ChatEvent>) {
        match self.blocks.remove(&index) {
            // Without a signature (llama.cpp) nobody wants it back.
            Some(Block::Thinking { mut block, thinking, signature }) if !signature.is_empty() => {
                block["thinking"] = thinking.into();
                block["signature"] = signature.into();
                events.push(ChatEvent::Echo { kind: PartKind::Reasoning, value: block });
            }
            Some(Block::Call { index, has_arguments: false, input }) => {
                events.push(ChatEvent::ToolCall(ToolCallDelta {
                    index,
                    arguments: input,
                    ..ToolCallDelta::default()
                }));
            }
            _ => {}
        }
    }

    fn end(&mut self, events: &mut Vec<ChatEvent>) {
        while let Some(index) = self.blocks.keys().next().copied() {
            self.stop_block(index, events);
        }
        self.splitter.finish(events);
        let stop = self.stop();
        if stop == StopReason::Refusal && !self.has_text {
            events.extend(self.explanation.take().map(ChatEvent::Refusal));
        }
        events.push(ChatEvent::Stop(stop));
        self.state = State::Complete;
    }

    fn stop(&mut self) -> StopReason {
        match self.reason.take().as_deref() {
            None | Some("end_turn") if self.calls > 0 => StopReason::ToolCalls,
            None | Some("end_turn" | "stop_sequence") => StopReason::Stop,
            Some("max_tokens" | "model_context_window_exceeded") => StopReason::Length,
            Some("tool_use") => StopReason::ToolCalls,
            Some("refusal") => StopReason::Refusal,
            Some("pause_turn") => StopReason::Pause,
            Some(word) => StopReason::Other(word.to_owned()),
        }
    }
}

impl Block {
    fn is_thinking(&self) -> bool {
        matches!(self, Self::Thinking { .. })
    }
}

/// A thinking block to which nothing has come yet.
fn thinking_block(block: Value) -> Block {
    Block::Thinking { block, thinking: String::new(), signature: String::new() }
}

#[cfg(test)]
#[path = "anthropic_messages_tests.rs"]
mod tests;
