//! Chat Completions: the format that nearly every server speaks, each in its own way.
//!
//! Source: the `OpenAI` API reference, "Chat" and "Streaming"; what other servers do differently is
//! named where it is read.

mod calls;
mod echo;
mod encode;
mod plain;

use serde_json::Value;

pub(super) use self::encode::encode;
use self::{calls::Calls, echo::Echoes, plain::Shape};
use super::{Decode, Fault, Frame, Progress, WireError, json, think::Splitter};
use crate::chat::{ChatEvent, StopReason, Usage};

/// Where reasoning stands as a text of its own, in order of preference: some servers send copies.
const REASONING_FIELDS: [&str; 2] = ["reasoning_content", "reasoning"];

/// Reads the answer that came as one JSON document.
pub(super) fn decode_whole(body: &[u8], events: &mut Vec<ChatEvent>) -> Result<(), WireError> {
    let expected = "a Chat Completions answer";
    let text = String::from_utf8_lossy(body);
    // Slow requests are kept alive by white space before the document (DeepSeek, OpenRouter).
    let text = text.trim_start_matches('\u{feff}').trim();
    let value = json::parse(text)
        .map_err(|_| WireError::Malformed { expected, excerpt: super::fault::plain(text) })?;
    let mut decoder = Decoder { is_whole: true, ..Decoder::default() };
    let read = decoder.chunk(&value, events);
    if read.is_ok() && json::list(&value, "choices").is_empty() {
        let is_fault = ["message", "detail"].iter().any(|key| json::at(&value, key).is_some());
        return Err(if is_fault {
            WireError::Fault(Fault::from_value(&value))
        } else {
            WireError::Malformed { expected, excerpt: json::excerpt(text) }
        });
    }
    if read.is_ok() {
        // A whole document is a whole answer, with or without a finish reason.
        decoder.stop(StopReason::Stop, events);
    }
    decoder.finish(events);
    read
}

/// Reads the chunks of one answer.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about the answer")]
pub(super) struct Decoder {
    /// The chunk is the whole answer: its lists are complete, not fragments.
    is_whole: bool,
    is_started: bool,
    shape: Shape,
    splitter: Splitter,
    calls: Calls,
    echoes: Echoes,
    has_refused: bool,
    usage: Usage,
    stop: Option<StopReason>,
    /// The last chunk had text and the finish reason `""`: some servers write that everywhere.
    is_blank_stop: bool,
    is_complete: bool,
    is_closed: bool,
}

impl Decode for Decoder {
    fn frame(&mut self, frame: &Frame, events: &mut Vec<ChatEvent>) -> Result<(), WireError> {
        let data = frame.data.trim_ascii();
        if self.is_complete || data.is_empty() {
            return Ok(());
        }
        if data.starts_with("[DONE]") {
            return self.done(events);
        }
        let is_error = frame.event.as_deref() == Some("error");
        if !is_error && let Some(chunk) = self.shape.read(data, self.is_started) {
            self.plain(chunk, events);
            return Ok(());
        }
        match json::parse(data) {
            Ok(value) if is_error && Fault::in_value(&value).is_none() => {
                Err(WireError::Fault(Fault::from_value(&value)))
            }
            Ok(value) => self.chunk(&value, events),
            Err(_) if is_error => Err(WireError::Fault(Fault::from_body(data.as_bytes()))),
            Err(_) => Err(malformed(data)),
        }
    }

    fn progress(&self) -> Progress {
        match &self.stop {
            _ if self.is_complete => Progress::Complete,
            Some(_) => Progress::Finished,
            None => Progress::Open,
        }
    }

    fn finish(&mut self, events: &mut Vec<ChatEvent>) {
        if std::mem::replace(&mut self.is_closed, true) {
            return;
        }
        self.splitter.finish(events);
        // Half of what must go back is of no use to the one who wants it.
        if self.stop.is_some() {
            self.echoes.events(!self.calls.is_empty(), events);
            self.calls.echoes(events);
        }
    }
}

impl Decoder {
    /// Reads a chunk of nothing but text and counts: the same events as [`Decoder::chunk`], sooner.
    fn plain(&mut self, chunk: plain::Chunk<'_>, events: &mut Vec<ChatEvent>) {
        self.is_blank_stop = false;
        for (field, text) in REASONING_FIELDS.into_iter().zip(&chunk.reasoning) {
            if let Some(text) = text {
                self.echoes.reasoning(field, text);
            }
        }
        if let Some(text) = chunk.reasoning.into_iter().flatten().find(|text| !text.is_empty()) {
            events.push(ChatEvent::Reasoning(text.into_owned()));
        }
        if let Some(text) = chunk.content {
            self.splitter.text(text.into_owned(), events);
        }
        if let Some(usage) = chunk.usage.filter(Value::is_object) {
            self.update(&usage, events);
        }
    }

    /// Reads any chunk. What is odd in it is ignored, what it says beside is not.
    fn chunk(&mut self, value: &Value, events: &mut Vec<ChatEvent>) -> Result<(), WireError> {
        let choices = json::list(value, "choices");
        // Only what was asked for: one answer. Servers that number it otherwise are not known.
        let choice = choices.iter().find(|choice| json::count(choice, "index").unwrap_or(0) == 0);
        let fault = Fault::in_value(value)
            .or_else(|| choice.and_then(Fault::in_value))
            .or_else(|| json::at(value, "x_groq").and_then(Fault::in_value));
        if fault.is_none() && !value.is_object() {
            return Err(malformed(&value.to_string()));
        }
        // Azure's first chunk has no choices and names neither answer nor model.
        if !choices.is_empty() {
            self.start(value, events);
        }
        let delta = choice.and_then(|choice| {
            let delta = json::at(choice, "delta").filter(|delta| delta.is_object());
            delta.or_else(|| json::at(choice, "message"))
        });
        if let Some(delta) = delta {
            self.delta(delta, events);
        }
        self.count(value, choice, events);
        if let Some(fault) = fault {
            return Err(WireError::Fault(fault));
        }
        let reason = choice.and_then(|choice| json::at(choice, "finish_reason")?.as_str());
        if choice.is_some() {
            // A real `""` ends the answer in a chunk of its own; one beside text counts only when
            // `[DONE]` follows.
            self.is_blank_stop = reason == Some("") && delta.is_some_and(says_something);
        }
        match reason {
            Some("") if self.is_blank_stop => {}
            Some(word) => self.stop(stop_reason(word)?, events),
            None => {}
        }
        Ok(())
    }

    fn start(&mut self, value: &Value, events: &mut Vec<ChatEvent>) {
        let [id, model] = ["id", "model"].map(|key| json::text(value, key).map(str::to_owned));
        if !self.is_started && (id.is_some() || model.is_some()) {
            self.is_started = true;
            events.push(ChatEvent::Started { id, model });
        }
    }

    /// Reads a `delta`, or the `message` of a whole answer.
    fn delta(&mut self, delta: &Value, events: &mut Vec<ChatEvent>) {
        for field in REASONING_FIELDS {
            if let Some(text) = json::at(delta, field).and_then(Value::as_str) {
                self.echoes.reasoning(field, text);
            }
        }
        for field in echo::LISTS {
            self.echoes.list(field, json::list(delta, field), self.is_whole);
        }
        let content = json::at(delta, "content");
        let (mut reasoning, chunks) = (reasoning_of(delta), content.and_then(Value::as_array));
        if reasoning.is_empty() && chunks.is_none_or(|chunks| !chunks.iter().any(is_thinking)) {
            json::text(delta, "thinking").unwrap_or_default().clone_into(&mut reasoning);
        }
        let has_reasoning = !reasoning.is_empty();
        if has_reasoning {
            events.push(ChatEvent::Reasoning(reasoning));
        }
        if let Some(text) = content.and_then(Value::as_str) {
            self.splitter.text(text.to_owned(), events);
        }
        // Mistral: a list of typed chunks.
        for chunk in chunks.into_iter().flatten() {
            let text = chunk.as_str().or_else(|| json::text(chunk, "text"));
            if is_thinking(chunk) {
                let text = thinking(chunk);
                if !has_reasoning && !text.is_empty() {
                    events.push(ChatEvent::Reasoning(text));
                }
            } else if let Some(text) = text {
                self.splitter.text(text.to_owned(), events);
            } else if let Some(text) = json::text(chunk, "refusal") {
                self.refuse(text, events);
            }
        }
        if let Some(text) = json::text(delta, "refusal") {
            self.refuse(text, events);
        }
        let calls = json::list(delta, "tool_calls");
        let is_called = json::at(delta, "function_call").is_some_and(Value::is_object);
        if is_called || !calls.is_empty() {
            self.splitter.finish(events);
        }
        for call in calls {
            self.calls.delta(call, self.is_whole, events);
        }
        if is_called {
            // The obsolete spelling: one call, without an id.
            let call = serde_json::json!({"index": 0, "function": delta["function_call"]});
            self.calls.delta(&call, false, events);
        }
    }

    fn refuse(&mut self, text: &str, events: &mut Vec<ChatEvent>) {
        self.has_refused = true;
        events.push(ChatEvent::Refusal(text.to_owned()));
    }

    /// Reads token counts. They stand beside the choices (`OpenAI`), in the choice (Moonshot) or
    /// in `x_groq`, in one chunk or in each; the last word counts.
    fn count(&mut self, value: &Value, choice: Option<&Value>, events: &mut Vec<ChatEvent>) {
        let places = [
            json::at(value, "usage"),
            choice.and_then(|choice| json::at(choice, "usage")),
            json::at(value, "x_groq.usage"),
        ];
        if let Some(usage) = places.into_iter().flatten().find(|usage| usage.is_object()) {
            self.update(usage, events);
        }
    }

    fn update(&mut self, newer: &Value, events: &mut Vec<ChatEvent>) {
        let mut usage = self.usage;
        usage.update(&usage_of(newer));
        if usage != self.usage {
            self.usage = usage;
            events.push(ChatEvent::Usage(usage));
        }
    }

    /// The answer is whole. Only a filter may still change the reason: Azure's works behind time.
    fn stop(&mut self, reason: StopReason, events: &mut Vec<ChatEvent>) {
        let is_late_filter =
            reason == StopReason::Filtered && self.stop != Some(StopReason::Filtered);
        if self.stop.is_some() && !is_late_filter {
            return;
        }
        self.splitter.finish(events);
        let reason = match reason {
            // Gemini and some templates of llama.cpp say `stop` after tool calls.
            StopReason::Stop if !self.calls.is_empty() => StopReason::ToolCalls,
            StopReason::Stop if self.has_refused => StopReason::Refusal,
            reason => reason,
        };
        self.stop = Some(reason.clone());
        events.push(ChatEvent::Stop(reason));
    }

    /// `[DONE]` ends the stream, but only a finish reason before it makes the answer whole.
    fn done(&mut self, events: &mut Vec<ChatEvent>) -> Result<(), WireError> {
        if self.is_blank_stop {
            self.stop(StopReason::Stop, events);
        }
        if self.stop.is_none() {
            return Err(WireError::Cut);
        }
        self.finish(events);
        self.is_complete = true;
        Ok(())
    }
}

/// The table of finish reasons. Those that mean failure are a fault.
fn stop_reason(word: &str) -> Result<StopReason, WireError> {
    Ok(match word.to_ascii_lowercase().as_str() {
        "stop" | "eos" | "eos_token" | "end_turn" | "stop_sequence" | "" => StopReason::Stop,
        "length" | "max_tokens" | "model_length" => StopReason::Length,
        "tool_calls" | "function_call" | "tool_use" => StopReason::ToolCalls,
        "content_filter" => StopReason::Filtered,
        "refusal" => StopReason::Refusal,
        "error" | "abort" | "repetition" | "insufficient_system_resource" => {
            return Err(WireError::Fault(Fault {
                message: format!("the answer ended with the finish reason `{word}`"),
                code: Some(word.to_owned()),
                ..Fault::default()
            }));
        }
        _ => StopReason::Other(word.to_owned()),
    })
}

/// The first spelling of reasoning that is not empty, lists of typed content apart.
fn reasoning_of(delta: &Value) -> String {
    let field = REASONING_FIELDS.into_iter().find_map(|field| json::text(delta, field));
    field.map_or_else(
        || {
            let details = json::list(delta, "reasoning_details").iter();
            details
                .filter_map(|detail| {
                    json::text(detail, "text").or_else(|| json::text(detail, "summary"))
                })
                .collect()
        },
        str::to_owned,
    )
}

fn is_thinking(chunk: &Value) -> bool {
    json::text(chunk, "type") == Some("thinking")
}

/// The text of Mistral's thinking: a text, or a list of text chunks.
fn thinking(chunk: &Value) -> String {
    match json::text(chunk, "thinking") {
        Some(text) => text.to_owned(),
        None => json::list(chunk, "thinking")
            .iter()
            .filter_map(|part| part.as_str().or_else(|| json::text(part, "text")))
            .collect(),
    }
}

/// Whether any member of a delta holds something.
fn says_something(delta: &Value) -> bool {
    delta.as_object().into_iter().flatten().any(|(_, value)| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
        _ => true,
    })
}

fn usage_of(value: &Value) -> Usage {
    let count = |path| json::count(value, path);
    let (input, output, total) =
        (count("prompt_tokens"), count("completion_tokens"), count("total_tokens"));
    let reasoning = count("completion_tokens_details.reasoning_tokens");
    // xAI and some Gemini models do not count reasoning as output.
    let is_apart = || {
        let both = input?.checked_add(output?)?;
        Some(both < total? && both.checked_add(reasoning?) == total)
    };
    Usage {
        input,
        cached_input: count("prompt_tokens_details.cached_tokens")
            .or_else(|| count("prompt_cache_hit_tokens")),
        cache_write: count("prompt_tokens_details.cache_write_tokens"),
        output: match is_apart() {
            Some(true) => output.zip(reasoning).map(|(output, reasoning)| output + reasoning),
            _ => output,
        },
        reasoning,
        total,
    }
}

fn malformed(text: &str) -> WireError {
    WireError::Malformed { expected: "a Chat Completions chunk", excerpt: json::excerpt(text) }
}

#[cfg(test)]
#[path = "openai_chat_tests.rs"]
mod tests;
