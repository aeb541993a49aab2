//! One page of a model list, in any shape that a server gives it.
//!
//! Read entry by entry, and of each entry only what is kept: the lists of aggregators are long, and
//! a hostile one must not unfold into a tree many times its size.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{self, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::ModelEntry;

/// One page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    /// `None`: the page holds no list; Ollama without a model says `"data": null`.
    pub(super) entries: Option<Vec<ModelEntry>>,
    /// Whether one of the keys that hold lists was there, whatever it held.
    pub(super) is_list: bool,
    /// Whether another page follows (Anthropic).
    pub(super) has_more: bool,
    /// What the next page comes after.
    pub(super) last_id: Option<String>,
}

impl<'de> Deserialize<'de> for Page {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PageVisitor)
    }
}

struct PageVisitor;

impl<'de> Visitor<'de> for PageVisitor {
    type Value = Page;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a model list")
    }

    /// Together sends the bare list.
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Page, A::Error> {
        let entries = Some(entries(list)?);
        Ok(Page { entries, is_list: true, ..Page::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Page, A::Error> {
        let mut page = Page::default();
        let mut models = None;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match key.as_ref() {
                "data" => {
                    page.is_list = true;
                    page.entries = map.next_value::<List>()?.0;
                }
                "models" => {
                    page.is_list = true;
                    models = map.next_value::<List>()?.0;
                }
                "has_more" => page.has_more = map.next_value::<Word>()? == Word::Flag(true),
                "last_id" => page.last_id = map.next_value::<Word>()?.into_text(),
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        // llama.cpp has both; `data` is the one that all its versions have.
        page.entries = page.entries.or(models);
        Ok(page)
    }
}

/// A list of models, or anything else, which is none.
struct List(Option<Vec<ModelEntry>>);

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor)
    }
}

struct ListVisitor;

impl<'de> Visitor<'de> for ListVisitor {
    type Value = List;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of models")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<List, A::Error> {
        Ok(List(Some(entries(list)?)))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<List, A::Error> {
        ignore(map)?;
        Ok(List(None))
    }

    fn visit_unit<E: de::Error>(self) -> Result<List, E> {
        Ok(List(None))
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<List, E> {
        Ok(List(None))
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<List, E> {
        Ok(List(None))
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<List, E> {
        Ok(List(None))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<List, E> {
        Ok(List(None))
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<List, E> {
        Ok(List(None))
    }
}

/// The entries that name a model, in the order of the server.
fn entries<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Vec<ModelEntry>, A::Error> {
    let mut entries = Vec::new();
    while let Some(Item(entry)) = list.next_element()? {
        if !entry.id.is_empty() {
            entries.push(entry);
        }
    }
    Ok(entries)
}

/// An entry; one without an id is none.
struct Item(ModelEntry);

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordVisitor).map(|any| match any {
            Any::Entry(entry) => Self(entry),
            Any::Word(word) => Self(ModelEntry {
                id: word.into_text().unwrap_or_default(),
                ..ModelEntry::default()
            }),
        })
    }
}

/// A value of which only a short text, a number or a flag is of use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Word {
    Text(String),
    Number(u64),
    Flag(bool),
    #[default]
    Nothing,
}

impl Word {
    fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) if !text.trim().is_empty() => Some(text),
            Self::Number(number) => Some(number.to_string()),
            Self::Text(_) | Self::Flag(_) | Self::Nothing => None,
        }
    }

    fn into_number(self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(number),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Flag(_) | Self::Nothing => None,
        }
        .filter(|number| *number > 0)
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordVisitor).map(|any| match any {
            Any::Word(word) => word,
            Any::Entry(_) => Self::Nothing,
        })
    }
}

/// Any JSON value: an object is read as an entry.
enum Any {
    Word(Word),
    Entry(ModelEntry),
}

struct WordVisitor;

impl<'de> Visitor<'de> for WordVisitor {
    type Value = Any;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Any, A::Error> {
        entry(map).map(Any::Entry)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Any, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Any::Word(Word::Nothing))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Any, E> {
        Ok(Any::Word(Word::Nothing))
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Any, E> {
        Ok(Any::Word(Word::Flag(flag)))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Any, E> {
        Ok(Any::Word(Word::Number(number)))
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Any, E> {
        Ok(Any::Word(Word::Nothing))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Any, E> {
        let is_count = (0.0..=9e15).contains(&number);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range")]
        let word = if is_count { Word::Number(number as u64) } else { Word::Nothing };
        Ok(Any::Word(word))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Any, E> {
        Ok(Any::Word(Word::Text(text.to_owned())))
    }
}

/// Reads one entry. Each server has its own names; none of them means two things.
fn entry<'de, A: MapAccess<'de>>(mut map: A) -> Result<ModelEntry, A::Error> {
    let [mut id, mut name, mut model, mut display_name] = [const { None }; 4];
    let mut entry = ModelEntry::default();
    while let Some(key) = map.next_key::<Cow<'de, str>>()? {
        match key.as_ref() {
            "id" => id = map.next_value::<Word>()?.into_text(),
            "name" => name = map.next_value::<Word>()?.into_text(),
            "model" => model = map.next_value::<Word>()?.into_text(),
            "display_name" => display_name = map.next_value::<Word>()?.into_text(),
            "owned_by" => entry.owned_by = map.next_value::<Word>()?.into_text(),
            "context_window" | "context_length" | "max_context_length" | "max_model_len"
            | "max_input_tokens" => {
                let tokens = map.next_value::<Word>()?.into_number();
                entry.context_window = entry.context_window.or(tokens);
            }
            _ => _ = map.next_value::<IgnoredAny>()?,
        }
    }
    let id = id.or_else(|| name.clone()).or(model).unwrap_or_default();
    entry.name = display_name.or(name).filter(|name| *name != id);
    entry.id = id;
    Ok(entry)
}

fn ignore<'de, A: MapAccess<'de>>(mut map: A) -> Result<(), A::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
