//! Answers for programs: one JSON object, or one a line.

use std::{io, time::Instant};

use serde::Serialize;
use serde_json::{Value, json, ser::Formatter};

use super::{Console, Destination, Screen, Status};
use crate::chat::{ChatEvent, Usage};

/// One compact line of JSON, final line feed included. Controls, C1 and bidirectional controls are
/// written as `\uXXXX`, so that the line is harmless on a terminal and exact for a program.
pub fn to_line(value: &Value) -> Vec<u8> {
    let mut line = Vec::with_capacity(256);
    let mut serializer = serde_json::Serializer::with_formatter(&mut line, Harmless);
    // A value has string keys only and memory takes every byte: neither way to fail is open.
    let _ = value.serialize(&mut serializer);
    line.push(b'\n');
    line
}

/// Compact JSON that escapes more than it must.
struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: io::Write + ?Sized>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut start = 0;
        for (at, character) in fragment.char_indices() {
            if is_harmless(character) {
                continue;
            }
            writer.write_all(&fragment.as_bytes()[start..at])?;
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            start = at + character.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[start..])
    }
}

fn is_harmless(character: char) -> bool {
    character.is_ascii() && character != '\u{7f}'
        || !matches!(character,
            '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// The screen of `--output-format json`: silent until the result.
#[derive(Debug)]
pub struct JsonScreen {
    console: Console,
    destination: Destination,
}

impl JsonScreen {
    /// A screen that prints one object at the end.
    pub fn new(console: Console, destination: Destination) -> Self {
        Self { console, destination }
    }

    /// Prints the result, which is all that there is.
    ///
    /// # Errors
    /// The destination's own.
    pub fn end(&mut self, result: &Value) -> io::Result<()> {
        self.destination.write(&to_line(result))
    }

    /// The destination, to be kept or set aside.
    pub fn into_destination(self) -> Destination {
        self.destination
    }
}

impl Screen for JsonScreen {
    fn event(&mut self, event: &ChatEvent) -> io::Result<()> {
        match event {
            ChatEvent::Warning(text) => self.warning(text),
            _ => Ok(()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn due(&self) -> Option<Instant> {
        None
    }

    fn status(&mut self, _status: &Status) -> io::Result<()> {
        Ok(())
    }

    fn warning(&mut self, text: &str) -> io::Result<()> {
        self.console.warning(text);
        Ok(())
    }

    fn restart(&mut self) {}
}

/// The screen of `--output-format stream-json`: events as they happen, one a line.
pub struct StreamJsonScreen {
    console: Console,
    destination: Destination,
    stamp: Box<dyn FnMut() -> Stamp>,
    pending: Vec<u8>,
    last_id: Option<String>,
    message_id: String,
    reasoning_id: String,
    model: Option<String>,
    reasoning: String,
    content: String,
    calls: Vec<Value>,
    usage: Option<Usage>,
}

/// What makes an event's envelope: identity and time come from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// A UUID.
    pub id: String,
    /// RFC 3339, UTC.
    pub timestamp: String,
}

impl std::fmt::Debug for StreamJsonScreen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StreamJsonScreen").field("last_id", &self.last_id).finish_non_exhaustive()
    }
}

impl StreamJsonScreen {
    /// A screen whose envelopes are stamped by `stamp`.
    pub fn new(
        console: Console,
        destination: Destination,
        stamp: impl FnMut() -> Stamp + 'static,
    ) -> Self {
        let mut stamp = Box::new(stamp);
        let (message_id, reasoning_id) = (stamp().id, stamp().id);
        Self {
            console,
            destination,
            stamp,
            pending: Vec::new(),
            last_id: None,
            message_id,
            reasoning_id,
            model: None,
            reasoning: String::new(),
            content: String::new(),
            calls: Vec::new(),
            usage: None,
        }
    }

    /// Puts one event on the wire.
    pub fn emit(&mut self, kind: &str, data: &Value) {
        let Stamp { id, timestamp } = (self.stamp)();
        let parent = self.last_id.replace(id.clone());
        self.pending.extend(to_line(&json!({
            "v": 1,
            "type": kind,
            "id": id,
            "timestamp": timestamp,
            "parentId": parent,
            "data": data,
        })));
    }

    /// What is known only when the answer has ended: the whole message, usage, the result.
    ///
    /// # Errors
    /// The destination's own.
    pub fn end(&mut self, error: Option<Value>, result: &Value) -> io::Result<()> {
        if !self.reasoning.is_empty() {
            let content = std::mem::take(&mut self.reasoning);
            let id = self.reasoning_id.clone();
            self.emit("assistant.reasoning", &json!({ "reasoningId": id, "content": content }));
        }
        if !self.content.is_empty() || !self.calls.is_empty() {
            let content = std::mem::take(&mut self.content);
            let calls = std::mem::take(&mut self.calls);
            let id = self.message_id.clone();
            self.emit(
                "assistant.message",
                &json!({ "messageId": id, "content": content, "toolRequests": calls }),
            );
        }
        if let Some(usage) = self.usage.take() {
            let mut data = usage.to_json();
            data["model"] = json!(self.model);
            self.emit("assistant.usage", &data);
        }
        if let Some(error) = error {
            self.emit("session.error", &error);
        }
        self.emit("session.idle", &json!({}));
        self.pending.extend(to_line(result));
        self.flush()
    }

    /// The destination, to be kept or set aside.
    pub fn into_destination(self) -> Destination {
        self.destination
    }
}

impl Screen for StreamJsonScreen {
    fn event(&mut self, event: &ChatEvent) -> io::Result<()> {
        match event {
            ChatEvent::Started { model, .. } => self.model.clone_from(model),
            ChatEvent::Text(delta) | ChatEvent::Refusal(delta) => {
                self.content.push_str(delta);
                let data = json!({ "messageId": self.message_id, "deltaContent": delta });
                self.emit("assistant.message_delta", &data);
            }
            ChatEvent::Reasoning(delta) => {
                self.reasoning.push_str(delta);
                let data = json!({ "reasoningId": self.reasoning_id, "deltaContent": delta });
                self.emit("assistant.reasoning_delta", &data);
            }
            ChatEvent::ToolCall(delta) => {
                while self.calls.len() <= delta.index {
                    self.calls.push(json!({ "toolCallId": "", "name": "", "arguments": "" }));
                }
                let call = &mut self.calls[delta.index];
                if let Some(id) = &delta.id {
                    call["toolCallId"] = json!(id);
                }
                if let Some(name) = &delta.name {
                    call["name"] = json!(name);
                }
                let arguments = call["arguments"].as_str().unwrap_or_default();
                call["arguments"] = json!(format!("{arguments}{}", delta.arguments));
            }
            ChatEvent::Usage(usage) => {
                self.usage.get_or_insert_default().update(usage);
            }
            ChatEvent::Warning(text) => self.warning(text)?,
            ChatEvent::Echo { .. } | ChatEvent::Stop(_) => {}
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.destination.write(&self.pending);
        self.pending.clear();
        result
    }

    fn due(&self) -> Option<Instant> {
        None
    }

    fn status(&mut self, status: &Status) -> io::Result<()> {
        if let Status::Retrying { attempt, most, wait, reason } = status {
            let data = json!({
                "attempt": attempt,
                "maxAttempts": most,
                "delayMs": u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                "reason": reason,
            });
            self.emit("assistant.turn_retry", &data);
            self.flush()?;
        }
        Ok(())
    }

    fn warning(&mut self, text: &str) -> io::Result<()> {
        self.console.warning(text);
        self.emit("session.warning", &json!({ "warningType": "notice", "message": text }));
        Ok(())
    }

    fn restart(&mut self) {
        self.content.clear();
        self.reasoning.clear();
        self.calls.clear();
        self.usage = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_exact_and_harmless() {
        let text = "a\u{1b}[31m\u{9b}\u{202e}é世👋\u{7f}\u{e0041}\"\\\n";
        let line = to_line(&json!({ "text": text }));
        assert_eq!(
            String::from_utf8_lossy(&line),
            "{\"text\":\"a\\u001b[31m\\u009b\\u202eé世👋\\u007f\\udb40\\udc41\\\"\\\\\\n\"}\n"
        );
        let back: Value = serde_json::from_slice(&line).expect("it is JSON");
        assert_eq!(back["text"], text);
    }
}
