//! Sessions of aichat: YAML, one file each. Pure.
//!
//! Such a file holds `model` (`client:name`), `messages`, and in `compressed_messages` those that a
//! summary took the place of: the summary then is the first of `messages`, by the role `system`.
//! A message has a `role` (`system`, `user`, `assistant`, `tool`) and a `content`: a text, a list of
//! texts and pictures, or the tool calls of an answer with their results.
//!
//! Source: `src/config/session.rs` and `src/client/message.rs` of aichat.

use saphyr_parser::{Event, Parser};

use crate::{
    chat::{Answer, Content, Message, Part, Reply, Role, ToolCall, TurnId, Usage},
    sessions::{Account, Begun, Chosen, Ended, Foreign, SessionId, State, Time, Told, turn_of},
    wire::split_thinking,
};

/// Deeper than any file of aichat.
const DEEPEST: usize = 32;

/// A session, and what of its file has no place in one.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) foreign: Foreign,
    /// One line each.
    pub(super) left_out: Vec<String>,
}

/// Why a file is no session of aichat.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// From 1.
    pub(super) line: usize,
    pub(super) reason: String,
}

/// Reads a session that was saved under this name and last changed at this time: the file itself says
/// neither.
pub(super) fn read(text: &str, name: &str, at: Time) -> Result<Read, Fault> {
    let file = parse(text)?;
    let messages = file.list("messages")?;
    let Some(messages) = messages else {
        return Err(file.fault("there are no `messages`: it is no session of aichat"));
    };
    let compressed = file.list("compressed_messages")?.unwrap_or_default();
    let model = file.field("model").and_then(Node::text).unwrap_or_default();
    let (profile, model) = model.split_once(':').unwrap_or(("aichat", model));
    let id = SessionId::of(&[b"aichat", text.as_bytes()]);
    let mut reading = Reading {
        foreign: Foreign::new(Begun::new(id.clone(), at), name_of(name)),
        id,
        at,
        profile,
        model,
        system: None,
        parent: None,
        open: None,
        pictures: 0,
        results: 0,
        has_idle_system: false,
    };
    for messages in [compressed, messages] {
        // What was compressed is not sent any more: what follows is a conversation of its own.
        reading.begin_anew();
        for message in messages {
            reading.message(message)?;
        }
    }
    reading.close();
    let left_out = reading.left_out();
    Ok(Read { foreign: reading.foreign, left_out })
}

/// The name of the session: what the file is called, without the time that aichat puts before names
/// of its own making.
fn name_of(stem: &str) -> Option<String> {
    let is_time = |text: &str| {
        let shape = |byte: u8| if byte.is_ascii_digit() { b'0' } else { byte };
        text.len() == 15 && text.bytes().map(shape).eq(*b"00000000T000000")
    };
    let name = match stem.split_once('-') {
        Some((time, name)) if is_time(time) => name,
        _ if is_time(stem) || stem == "temp" => "",
        _ => stem,
    };
    Some(name.to_owned()).filter(|name| !name.is_empty())
}

/// How far the messages were read.
struct Reading<'a> {
    foreign: Foreign,
    id: SessionId,
    at: Time,
    profile: &'a str,
    model: &'a str,
    /// What was said to the model first, in this conversation.
    system: Option<String>,
    /// The turn that the next one follows.
    parent: Option<TurnId>,
    /// A question, and what was answered so far.
    open: Option<(String, Vec<Part>)>,
    pictures: usize,
    results: usize,
    /// Nothing was asked since the system prompt changed.
    has_idle_system: bool,
}

impl Reading<'_> {
    fn message(&mut self, message: &Node) -> Result<(), Fault> {
        let role = message.field("role").and_then(Node::text);
        let content = message.field("content");
        let (Some(role), Some(content)) = (role, content) else {
            return Err(message.fault("a message needs `role` and `content`"));
        };
        match role {
            "system" => {
                self.begin_anew();
                self.system = Some(self.words(content)?);
                self.has_idle_system = true;
            }
            "user" => {
                self.close();
                self.has_idle_system = false;
                let words = self.words(content)?;
                self.open = Some((words, Vec::new()));
            }
            "assistant" => {
                let words = self.words(content)?;
                let parts = self.answer(message)?;
                // Words before a tool call and words behind it.
                let has_words = parts.iter().any(|part| part.as_text().is_some());
                if has_words {
                    parts.push(Part::text("\n\n"));
                }
                parts.extend(said(words));
            }
            "tool" => self.calls(message, content)?,
            _ => {
                return Err(
                    message.fault("`role` is none of `system`, `user`, `assistant`, `tool`")
                );
            }
        }
        Ok(())
    }

    /// The parts of the answer that this message belongs to.
    fn answer(&mut self, message: &Node) -> Result<&mut Vec<Part>, Fault> {
        match &mut self.open {
            Some((_, parts)) => Ok(parts),
            None => Err(message.fault("an answer without a question")),
        }
    }

    /// Tool calls, with the words before them. Their results have no place in a conversation.
    fn calls(&mut self, message: &Node, content: &Node) -> Result<(), Fault> {
        let words = content.field("text").and_then(Node::text).unwrap_or_default().to_owned();
        let results = content.list("tool_results")?.unwrap_or_default();
        self.results += results.len();
        let parts = self.answer(message)?;
        if !words.trim().is_empty() {
            parts.extend(said(words));
        }
        for call in results.iter().filter_map(|result| result.field("call")) {
            let text = |name: &str| call.field(name).and_then(Node::text).unwrap_or_default();
            let arguments = call.field("arguments").map(Node::to_json).unwrap_or_default();
            let (id, name) = (text("id").to_owned(), text("name").to_owned());
            let content = Content::ToolCall(ToolCall { id, name, arguments });
            parts.push(Part { content, echo: None });
        }
        Ok(())
    }

    /// The words of a message; each picture leaves a mark.
    fn words(&mut self, content: &Node) -> Result<String, Fault> {
        if let Some(text) = content.text() {
            return Ok(text.to_owned());
        }
        let Value::List(parts) = &content.value else {
            return Err(content.fault("`content` is neither a text nor a list"));
        };
        let mut words = Vec::new();
        for part in parts {
            if let Some(text) = part.field("text").and_then(Node::text) {
                words.push(text.to_owned());
                continue;
            }
            let image = part.field("image_url").and_then(|image| image.field("url"));
            let Some(url) = image.and_then(Node::text) else {
                return Err(part.fault("a part of a message is neither a text nor a picture"));
            };
            self.pictures += 1;
            words.push(if url.starts_with("http") {
                format!("[a picture was here: {url}]")
            } else {
                "[a picture was here]".to_owned()
            });
        }
        Ok(words.join("\n\n"))
    }

    /// What follows has nothing to do with what was said so far.
    fn begin_anew(&mut self) {
        self.close();
        self.parent = None;
        self.system = None;
    }

    /// Puts the question and its answer, if there are any, into the session.
    fn close(&mut self) {
        let Some((words, parts)) = self.open.take() else { return };
        let number = self.foreign.turns() + 1;
        let key = turn_of(&[self.id.as_str().as_bytes(), &number.to_be_bytes()]);
        let answer = Answer {
            message: Message { role: Role::Assistant, parts },
            is_whole: true,
            profile: self.profile.to_owned(),
            model: self.model.to_owned(),
            usage: Usage::default(),
        };
        let answer = Some(answer).filter(Answer::has_words);
        let account = Account {
            key,
            asked_at: self.at,
            profile: self.profile.to_owned(),
            model: self.model.to_owned(),
            wire: String::new(),
            chosen: Chosen { model: None, system: self.system.clone() },
            files: Vec::new(),
            ended: answer.is_some().then(|| Ended::unseen(self.at, State::Complete)),
        };
        let is_answered = answer.is_some();
        let question = Message::user(words);
        let parent = self.parent;
        let told = Told { parent, question, is_continuation: false, account, answer };
        let turn = self.foreign.tell(told);
        if is_answered {
            self.parent = turn;
        }
    }

    fn left_out(&self) -> Vec<String> {
        let mut lines = Vec::new();
        match self.pictures {
            0 => {}
            1 => lines.push("a picture was left out".to_owned()),
            count => lines.push(format!("{count} pictures were left out")),
        }
        match self.results {
            0 => {}
            1 => lines.push("the result of a tool call was left out".to_owned()),
            count => lines.push(format!("the results of {count} tool calls were left out")),
        }
        if self.has_idle_system && self.foreign.turns() > 0 {
            lines.push("a summary was left out: what it sums up is all there".to_owned());
        }
        lines
    }
}

/// The parts of an answer: models that think aloud do so in its text.
fn said(words: String) -> Vec<Part> {
    let mut reply = Reply::default();
    for event in split_thinking(words) {
        reply.apply(&event, "");
    }
    reply.into_message().parts
}

/// A value of YAML, and where it stands.
#[derive(Debug)]
struct Node {
    /// From 1.
    line: usize,
    value: Value,
}

#[derive(Debug)]
enum Value {
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl Node {
    fn fault(&self, reason: impl Into<String>) -> Fault {
        Fault { line: self.line, reason: reason.into() }
    }

    fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    fn field(&self, name: &str) -> Option<&Self> {
        match &self.value {
            Value::Map(fields) => fields.iter().find(|(key, _)| key == name).map(|(_, node)| node),
            Value::Text(_) | Value::List(_) => None,
        }
    }

    fn list(&self, name: &str) -> Result<Option<&[Self]>, Fault> {
        match self.field(name) {
            None => Ok(None),
            Some(Self { value: Value::List(nodes), .. }) => Ok(Some(nodes)),
            Some(node) => Err(node.fault(format!("`{name}` is no list"))),
        }
    }

    /// As JSON. What is a number there and what is a text is not known any more.
    fn to_json(&self) -> String {
        fn value(node: &Node) -> serde_json::Value {
            match &node.value {
                Value::Text(text) => text.as_str().into(),
                Value::List(nodes) => nodes.iter().map(value).collect(),
                Value::Map(fields) => {
                    fields.iter().map(|(key, node)| (key.clone(), value(node))).collect()
                }
            }
        }
        value(self).to_string()
    }
}

/// A list or a map whose end did not come yet.
enum Open {
    List(Vec<Node>),
    /// And the key whose value comes next.
    Map(Vec<(String, Node)>, Option<String>),
}

/// The first document of a YAML text. Aliases are refused: they make much out of little.
fn parse(text: &str) -> Result<Node, Fault> {
    let mut open: Vec<(usize, Open)> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| Fault {
            line: error.marker().line(),
            reason: error.info().to_owned(),
        })?;
        let line = span.start.line();
        let fault = |reason: &str| Fault { line, reason: reason.to_owned() };
        let value = match event {
            Event::SequenceStart(..) => {
                open.push((line, Open::List(Vec::new())));
                None
            }
            Event::MappingStart(..) => {
                open.push((line, Open::Map(Vec::new(), None)));
                None
            }
            Event::Scalar(text, ..) => Some(Node { line, value: Value::Text(text.into_owned()) }),
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(|(line, ended)| Node {
                line,
                value: match ended {
                    Open::List(nodes) => Value::List(nodes),
                    Open::Map(fields, _) => Value::Map(fields),
                },
            }),
            Event::Alias(_) => return Err(fault("aliases are not read")),
            Event::DocumentEnd | Event::StreamEnd => break,
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) => None,
        };
        if open.len() > DEEPEST {
            return Err(fault("it is nested too deep"));
        }
        let Some(node) = value else { continue };
        match open.last_mut() {
            None => return Ok(node),
            Some((_, Open::List(nodes))) => nodes.push(node),
            Some((_, Open::Map(fields, key))) => match (key.take(), node.value) {
                (Some(key), value) => fields.push((key, Node { line: node.line, value })),
                (None, Value::Text(text)) => *key = Some(text),
                (None, _) => return Err(fault("a key is no text")),
            },
        }
    }
    Err(Fault { line: 1, reason: "there is nothing in it".to_owned() })
}

#[cfg(test)]
#[path = "aichat_tests.rs"]
mod tests;
