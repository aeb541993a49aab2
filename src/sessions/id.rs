//! Names of sessions and of turns: short, random, easy to type.

use std::{borrow::Borrow, fmt};

use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};

/// The letters of an id. No digit and no vowel: nothing can be taken for a number or read as a
/// word, and none looks like another.
const ALPHABET: &[u8; 16] = b"bcdfghjkmnpqrstv";

/// The letters of a session's id: 56 random bits, so that millions of sessions made at once on
/// several machines stay apart.
const SESSION: usize = 14;

/// As many of them as people are shown.
pub(super) const SHORT: usize = 8;

/// The letters of a turn's id: 40 random bits, for it must be unique within a session only.
const TURN: usize = 10;

/// Names a session for good.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct SessionId(String);

impl SessionId {
    /// A new one.
    pub fn random() -> Self {
        Self(random(SESSION))
    }

    /// The one that these bytes make, always the same.
    pub fn of(bytes: &[&[u8]]) -> Self {
        Self(derived(bytes, SESSION))
    }

    /// The id in a text; `None` when it is not spelled like one.
    pub fn parse(text: &str) -> Option<Self> {
        let is_id = text.len() == SESSION && text.bytes().all(|byte| ALPHABET.contains(&byte));
        is_id.then(|| Self(text.to_owned()))
    }

    /// Its letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// So many of its letters that people can tell it from others at a glance.
    pub fn short(&self) -> &str {
        &self.0[..SHORT]
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for SessionId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SessionId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("no id of a session")
    }
}

/// Whether a text may be the beginning of an id.
pub(super) fn is_beginning(text: &str) -> bool {
    !text.is_empty() && text.len() <= SESSION && text.bytes().all(|it| ALPHABET.contains(&it))
}

/// A name for a turn, unique within its session.
pub(super) fn random_turn() -> String {
    random(TURN)
}

/// The name that these bytes make for a turn, always the same.
pub fn turn_of(bytes: &[&[u8]]) -> String {
    derived(bytes, TURN)
}

fn derived(bytes: &[&[u8]], letters: usize) -> String {
    let mut context = Context::new(&SHA256);
    for bytes in bytes {
        // The length, so that what one ends with is not what the next begins with.
        context.update(&(bytes.len() as u64).to_be_bytes());
        context.update(bytes);
    }
    spelled(context.finish().as_ref().iter().copied(), letters)
}

fn random(letters: usize) -> String {
    let bytes = uuid::Uuid::new_v4().into_bytes();
    // The version and the variant stand in bytes 6 and 8, which are not random.
    let random = bytes.into_iter().enumerate().filter(|(at, _)| *at != 6 && *at != 8);
    spelled(random.map(|(_, byte)| byte), letters)
}

fn spelled(bytes: impl Iterator<Item = u8>, letters: usize) -> String {
    let halves = bytes.flat_map(|byte| [byte >> 4, byte & 15]);
    halves.take(letters).map(|half| char::from(ALPHABET[usize::from(half)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_was_written() {
        let id = SessionId::random();
        assert_eq!(SessionId::parse(id.as_str()), Some(id.clone()));
        assert!(is_beginning(id.short()));
        assert_ne!(id, SessionId::random());
        assert_ne!(random_turn(), random_turn());
        assert_eq!(random_turn().len(), TURN);
    }

    #[test]
    fn what_is_not_spelled_like_an_id_is_none() {
        for text in ["", "bcdf", "bcdfghjkmnpqr1", "BCDFGHJKMNPQRS", "../../etc/pass"] {
            assert_eq!(SessionId::parse(text), None, "{text}");
        }
    }
}
