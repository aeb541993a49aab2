//! What a list says of a session, gathered from its lines. Pure.
//!
//! It says what [`Replay`](super::super::replay::Replay) would say, without keeping what was said.

use std::{borrow::Cow, collections::HashSet};

use super::{
    super::{
        Begun, State, Time,
        record::{Answered, Asked, More, Record},
        title,
    },
    Entry,
};

/// How a line begins that holds a piece of an answer.
const MORE: &[u8] = b"{\"type\":\"more\",\"turn\":\"";

/// The lines of a session, as far as a list needs them.
#[derive(Debug, Default)]
pub(in super::super) struct Gathering {
    begun: Option<Begun>,
    name: Option<String>,
    last: Option<Time>,
    title: String,
    /// The ids of all turns.
    keys: HashSet<String>,
    /// The turn that was asked last.
    latest: Option<Latest>,
    /// The turn whose answer was growing when the last line was written.
    growing: Option<String>,
    is_tangled: bool,
}

#[derive(Debug)]
struct Latest {
    key: String,
    profile: String,
    model: String,
    state: Option<State>,
}

impl Gathering {
    /// Takes the next line, its line feed taken off.
    pub(in super::super) fn line(&mut self, line: &[u8]) {
        if let Some(rest) = line.strip_prefix(MORE) {
            // What it says is in the answer, too, or the session is tangled.
            let key = memchr::memchr(b'"', rest).map(|end| &rest[..end]);
            return self
                .grow(key.and_then(|key| std::str::from_utf8(key).ok()).unwrap_or_default());
        }
        let Some(record) = Record::parse(line) else { return };
        match record {
            Record::Session(begun) => {
                self.last = Some(begun.at);
                self.begun.get_or_insert(begun);
            }
            Record::Turn(asked) => {
                self.is_tangled |= is_spelled_otherwise(line);
                self.turn(asked);
            }
            Record::More(More { turn, .. }) => self.grow(&turn),
            Record::Answer(answered) => {
                self.is_tangled |= is_spelled_otherwise(line);
                self.answer(&answered);
            }
            Record::Head(head) => {
                self.settle();
                self.last = Some(head.at);
            }
            Record::Name(named) => {
                self.last = Some(named.at);
                self.name = named.name.map(Cow::into_owned);
            }
            Record::Unknown => {}
        }
    }

    /// The version of the format, once the first line was read.
    pub(in super::super) fn version(&self) -> Option<u32> {
        self.begun.as_ref().map(|begun| begun.v)
    }

    /// What the lines came to, and whether the session is tangled: whether any of its words stand in
    /// the file otherwise than in one piece, in one line, letter by letter. `None`: it is no session.
    pub(in super::super) fn finish(mut self, file: String, bytes: u64) -> Option<(Entry, bool)> {
        self.settle();
        let begun = self.begun?;
        let turns = self.keys.len();
        let (profile, model, state) =
            self.latest.map(|it| (it.profile, it.model, it.state)).unwrap_or_default();
        let entry = Entry {
            id: begun.id,
            file,
            bytes,
            begun_at: begun.at,
            last_at: self.last.unwrap_or(begun.at),
            name: self.name,
            title: self.title,
            turns,
            profile,
            model,
            directory: begun.directory,
            terminal: begun.terminal,
            forked_from: begun.forked_from,
            state,
        };
        Some((entry, self.is_tangled))
    }

    fn turn(&mut self, asked: Asked<'_>) {
        self.settle();
        if self.keys.contains(asked.id.as_ref()) {
            return;
        }
        if self.keys.is_empty() {
            self.title = title::of_question(&asked.text);
            if self.title.is_empty() {
                self.title = asked.files.into_iter().next().map(|it| it.name).unwrap_or_default();
            }
        }
        self.last = Some(asked.at);
        let key = asked.id.into_owned();
        self.keys.insert(key.clone());
        let (profile, model) = (asked.profile.into_owned(), asked.model.into_owned());
        self.latest = Some(Latest { key, profile, model, state: None });
    }

    fn grow(&mut self, key: &str) {
        if self.growing.as_deref() != Some(key) {
            self.settle();
            self.growing = Some(key.to_owned());
        }
    }

    fn answer(&mut self, answered: &Answered<'_>) {
        if !self.keys.contains(answered.turn.as_ref()) {
            return;
        }
        // All that grew of it is here. That of another turn is lost.
        self.growing = None;
        self.last = Some(answered.at);
        self.is_tangled |= answered.parts.iter().filter(|part| part.is_words()).count() > 1;
        if let Some(latest) = self.latest.as_mut().filter(|it| it.key == answered.turn) {
            latest.state = Some(answered.state);
        }
    }

    /// An answer that has no end has pieces only.
    fn settle(&mut self) {
        self.is_tangled |= self.growing.take().is_some();
    }
}

/// Whether a line has letters that stand for themselves written as something else, which this
/// program never does. Escapes of control characters, of `"` and of `\` are no letters.
fn is_spelled_otherwise(line: &[u8]) -> bool {
    let mut rest = line;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        match rest.get(at + 1..) {
            Some([b'u', b'0', b'0', b'0' | b'1', ..] | [b'"' | b'\\' | b'a'..=b't', ..]) => {}
            // A slash, or a letter by its number.
            _ => return true,
        }
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    false
}
