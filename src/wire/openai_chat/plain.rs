//! The ordinary chunk, which is nearly every chunk: one choice with some text, and perhaps the count
//! of tokens so far.
//!
//! It is read without building a tree: unknown members are skipped, and every member that the
//! slow path would look at is either read here or has to be null. Anything else is left to the
//! slow path; a property test holds the two equal, and `benches/decode.rs` shows what it saves.

use std::{borrow::Cow, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

use serde_json::Value;

use crate::wire::json::Text;

/// What an ordinary chunk says.
#[derive(Debug)]
pub(super) struct Chunk<'a> {
    /// In the order of [`super::REASONING_FIELDS`].
    pub(super) reasoning: [Option<Cow<'a, str>>; 2],
    pub(super) content: Option<Cow<'a, str>>,
    /// Of any shape; vLLM and others can be asked to count in each chunk.
    pub(super) usage: Option<Value>,
}

/// The text round the content of the last ordinary chunk. Most servers repeat it to the letter in
/// each chunk of an answer, so that nothing but the string in between has to be read.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// Up to the content's opening quotation mark; empty when no shape is known.
    before: String,
    /// From the content's closing quotation mark.
    after: String,
}

impl Shape {
    /// As [`read`], sooner when `data` has the shape of a chunk read before.
    pub(super) fn read<'a>(&mut self, data: &'a str, is_started: bool) -> Option<Chunk<'a>> {
        if let Some(content) = self.content(data) {
            return Some(Chunk { reasoning: [None, None], content: Some(content), usage: None });
        }
        let chunk = read(data, is_started)?;
        if let Chunk {
            reasoning: [None, None],
            content: Some(Cow::Borrowed(content)),
            usage: None,
        } = chunk
        {
            self.learn(data, content);
        }
        Some(chunk)
    }

    /// The content of a chunk that differs from the last one in nothing else. What stands between
    /// must be one JSON string and no more, so the text round it means what it meant before.
    pub(super) fn content<'a>(&self, data: &'a str) -> Option<Cow<'a, str>> {
        let start = self.before.len().checked_sub(1)?;
        let end = data.len().checked_sub(self.after.len())? + 1;
        let is_alike = data.starts_with(&self.before) && data.ends_with(&self.after);
        let string = data.get(start..end).filter(|_| is_alike)?;
        serde_json::from_str::<Text<'a>>(string).ok().map(|text| text.0)
    }

    /// Remembers what is round `content`, which is a piece of `data`.
    fn learn(&mut self, data: &str, content: &str) {
        let start = content.as_ptr().addr() - data.as_ptr().addr();
        let end = start + content.len();
        self.before.clear();
        self.before.push_str(&data[..start]);
        self.after.clear();
        self.after.push_str(&data[end..]);
    }
}

/// Reads `data` if it is an ordinary chunk. Before the answer has a name, one that names it is not.
pub(super) fn read(data: &str, is_started: bool) -> Option<Chunk<'_>> {
    let Object(envelope): Object<Envelope<'_>> = serde_json::from_str(data).ok()?;
    let is_name = |text: &Option<Text<'_>>| text.as_ref().is_some_and(|text| !text.0.is_empty());
    let is_new = !is_started && (is_name(&envelope.id) || is_name(&envelope.model));
    let is_error = envelope.object.is_some_and(|word| word.0.eq_ignore_ascii_case("error"));
    let [Object(choice)] = envelope.choices;
    if is_new || is_error || choice.index != 0 {
        return None;
    }
    let Delta { reasoning_content, reasoning, content, .. } = choice.delta.0;
    Some(Chunk {
        reasoning: [reasoning_content.map(|text| text.0), reasoning.map(|text| text.0)],
        content: content.map(|text| text.0),
        usage: envelope.usage,
    })
}

/// A struct that is written as an object: a derived one would take a list of its members, too.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = T;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map))
            }
        }

        deserializer.deserialize_map(Members(PhantomData)).map(Object)
    }
}

/// `()` reads null, and nothing else.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    choices: [Object<Choice<'a>>; 1],
    #[serde(borrow, default)]
    id: Option<Text<'a>>,
    #[serde(borrow, default)]
    model: Option<Text<'a>>,
    #[serde(borrow, default)]
    object: Option<Text<'a>>,
    #[serde(default, rename = "type")]
    _type: (),
    #[serde(default, rename = "error")]
    _error: (),
    #[serde(default, rename = "error_message")]
    _error_message: (),
    #[serde(default)]
    usage: Option<Value>,
    #[serde(default, rename = "x_groq")]
    _x_groq: (),
}

#[derive(Deserialize)]
struct Choice<'a> {
    #[serde(default)]
    index: u64,
    #[serde(borrow)]
    delta: Object<Delta<'a>>,
    #[serde(default, rename = "finish_reason")]
    _finish_reason: (),
    #[serde(default, rename = "usage")]
    _usage: (),
    #[serde(default, rename = "type")]
    _type: (),
    #[serde(default, rename = "object")]
    _object: (),
    #[serde(default, rename = "error")]
    _error: (),
    #[serde(default, rename = "error_message")]
    _error_message: (),
}

#[derive(Deserialize)]
struct Delta<'a> {
    #[serde(borrow, default)]
    reasoning_content: Option<Text<'a>>,
    #[serde(borrow, default)]
    reasoning: Option<Text<'a>>,
    #[serde(borrow, default)]
    content: Option<Text<'a>>,
    #[serde(default, rename = "reasoning_details")]
    _reasoning_details: (),
    #[serde(default, rename = "thinking_blocks")]
    _thinking_blocks: (),
    #[serde(default, rename = "thinking")]
    _thinking: (),
    #[serde(default, rename = "refusal")]
    _refusal: (),
    #[serde(default, rename = "tool_calls")]
    _tool_calls: (),
    #[serde(default, rename = "function_call")]
    _function_call: (),
}
