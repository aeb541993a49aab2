//! Lines become a conversation again. Pure.

use std::collections::{BTreeMap, HashMap};

use super::record::{
    Answered, Asked, Begun, Chosen, FileRef, More, Piece, Record, State, Time, Trouble,
};
use crate::chat::{Answer, Content, Conversation, Message, Part, Role, TextFile, TurnId, Usage};

/// Everything that a file says. `F` gives the text of a file that went along with a question, or
/// `None` when it is gone.
#[derive(Debug)]
pub(super) struct Replay<F> {
    text_of: F,
    begun: Option<Begun>,
    name: Option<String>,
    conversation: Conversation,
    accounts: Vec<Account>,
    by_key: HashMap<String, TurnId>,
    /// The answer that was growing when the last line was written.
    growing: Option<Growing>,
    last: Option<Time>,
    damage: Vec<Damage>,
    missing: Vec<String>,
    lines: usize,
}

/// What is known of a turn beside its words.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Its id in the file, unique within the session.
    pub key: String,
    /// When it was asked.
    pub asked_at: Time,
    /// The profile that was asked.
    pub profile: String,
    /// The model, in the profile's words.
    pub model: String,
    /// The wire format.
    pub wire: String,
    /// What the person chose in place of what the profile says.
    pub chosen: Chosen,
    /// The files of its question, in their order.
    pub files: Vec<FileRef>,
    /// How it ended; `None`: it did not, as far as the file knows.
    pub ended: Option<Ended>,
}

/// How a turn ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    /// When.
    pub at: Time,
    /// Whether an answer came, and all of it.
    pub state: State,
    /// The model in the server's words.
    pub served_model: Option<String>,
    /// Why the answer ended, as JSON output says it.
    pub finish_reason: Option<String>,
    /// The server's id of the request.
    pub request_id: Option<String>,
    /// Token counts. They are the answer's, too, when there is one.
    pub usage: Usage,
    /// Milliseconds from the question to the first piece of the answer.
    pub first_ms: Option<u64>,
    /// Milliseconds from the question to the end of the answer.
    pub total_ms: Option<u64>,
    /// What went wrong.
    pub error: Option<Trouble>,
}

/// Something in a file that is not as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damage {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub kind: DamageKind,
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DamageKind {
    /// It is the beginning of a record: the process was killed, or the disk was full.
    Torn,
    /// It is no record.
    Unreadable,
    /// The turn that it speaks of is not there.
    Orphan,
}

/// An answer that has no end yet.
#[derive(Debug, Clone)]
struct Growing {
    turn: TurnId,
    /// By their numbers: one of a kind that is not known here leaves a gap.
    parts: BTreeMap<usize, Part>,
}

/// What the lines came to.
#[derive(Debug, Clone)]
pub(super) struct Replayed {
    pub(super) begun: Option<Begun>,
    pub(super) name: Option<String>,
    pub(super) conversation: Conversation,
    /// One for each turn, in the order of asking.
    pub(super) accounts: Vec<Account>,
    /// When something was recorded last.
    pub(super) last: Option<Time>,
    pub(super) damage: Vec<Damage>,
    /// Names of files that are gone.
    pub(super) missing: Vec<String>,
}

impl<F: FnMut(&FileRef) -> Option<String>> Replay<F> {
    /// Nothing was read yet.
    pub(super) fn new(text_of: F) -> Self {
        Self {
            text_of,
            begun: None,
            name: None,
            conversation: Conversation::default(),
            accounts: Vec::new(),
            by_key: HashMap::new(),
            growing: None,
            last: None,
            damage: Vec::new(),
            missing: Vec::new(),
            lines: 0,
        }
    }

    /// Takes the next line, its line feed taken off. `is_ended`: it had one.
    pub(super) fn line(&mut self, line: &[u8], is_ended: bool) {
        self.lines += 1;
        if line.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        let taken = match Record::parse(line) {
            Some(record) => self.record(record),
            // The next writer ended a line that was torn.
            None if is_ended && !is_beginning_of_json(line) => Err(DamageKind::Unreadable),
            None => Err(DamageKind::Torn),
        };
        if let Err(kind) = taken {
            self.damage.push(Damage { line: self.lines, kind });
        }
    }

    /// Takes a line that nobody wrote, and that is too long to be read.
    pub(super) fn skip(&mut self) {
        self.lines += 1;
        self.damage.push(Damage { line: self.lines, kind: DamageKind::Unreadable });
    }

    /// The version of the format, once the first line was read.
    pub(super) fn version(&self) -> Option<u32> {
        self.begun.as_ref().map(|begun| begun.v)
    }

    /// Everything that was said. An answer without an end is kept as far as it came.
    pub(super) fn finish(mut self) -> Replayed {
        self.settle();
        let Self { begun, name, conversation, accounts, last, damage, missing, .. } = self;
        Replayed { begun, name, conversation, accounts, last, damage, missing }
    }

    fn record(&mut self, record: Record<'_>) -> Result<(), DamageKind> {
        match record {
            Record::Session(begun) => {
                self.last = Some(begun.at);
                // Of two beginnings, the first one counts: files were joined by hand.
                self.begun.get_or_insert(begun);
            }
            Record::Turn(asked) => self.turn(asked)?,
            Record::More(more) => self.more(more)?,
            Record::Answer(answered) => self.answer(answered)?,
            Record::Head(head) => {
                self.settle();
                self.last = Some(head.at);
                match head.turn {
                    None => {
                        self.conversation.begin_anew();
                    }
                    Some(key) => {
                        let id = *self.by_key.get(key.as_ref()).ok_or(DamageKind::Orphan)?;
                        self.conversation.go_to(id.number());
                    }
                }
            }
            Record::Name(named) => {
                self.last = Some(named.at);
                self.name = named.name.map(std::borrow::Cow::into_owned);
            }
            Record::Unknown => {}
        }
        Ok(())
    }

    fn turn(&mut self, asked: Asked<'_>) -> Result<(), DamageKind> {
        self.settle();
        if self.by_key.contains_key(asked.id.as_ref()) {
            return Err(DamageKind::Orphan);
        }
        let parent = asked.parent.as_ref().map(|key| self.by_key.get(key.as_ref()).copied());
        // What follows a turn that was lost begins a conversation; its words are still there.
        let (parent, is_orphan) = match parent {
            Some(None) => (None, true),
            Some(parent) => (parent, false),
            None => (None, false),
        };
        let mut parts: Vec<Part> = asked.files.iter().map(|file| self.file(file)).collect();
        parts.push(Part::text(asked.text));
        let question = Message { role: Role::User, parts };
        let id = self.conversation.put(parent, question, asked.is_continuation);
        self.last = Some(asked.at);
        self.by_key.insert(asked.id.clone().into_owned(), id);
        self.accounts.push(Account {
            key: asked.id.into_owned(),
            asked_at: asked.at,
            profile: asked.profile.into_owned(),
            model: asked.model.into_owned(),
            wire: asked.wire.into_owned(),
            chosen: asked.chosen,
            files: asked.files,
            ended: None,
        });
        if is_orphan { Err(DamageKind::Orphan) } else { Ok(()) }
    }

    fn more(&mut self, more: More<'_>) -> Result<(), DamageKind> {
        let id = *self.by_key.get(more.turn.as_ref()).ok_or(DamageKind::Orphan)?;
        if self.accounts[id.number() - 1].ended.is_some() {
            // The answer holds all of it.
            return Ok(());
        }
        if self.growing.as_ref().is_some_and(|growing| growing.turn != id) {
            self.settle();
        }
        let growing = self.growing.get_or_insert(Growing { turn: id, parts: BTreeMap::new() });
        if more.is_anew {
            growing.parts.clear();
        }
        let kind = more.kind.as_ref();
        let Some(part) = Piece::growing(kind, more.text).into_part() else { return Ok(()) };
        match growing.parts.get_mut(&more.part) {
            Some(grown) => extend(grown, &part),
            None => drop(growing.parts.insert(more.part, part)),
        }
        Ok(())
    }

    fn answer(&mut self, answered: Answered<'_>) -> Result<(), DamageKind> {
        let id = *self.by_key.get(answered.turn.as_ref()).ok_or(DamageKind::Orphan)?;
        // All of it is here.
        self.growing = None;
        self.last = Some(answered.at);
        let Answered { state, usage, profile, model, parts, .. } = answered;
        let parts: Vec<Part> = parts.into_iter().filter_map(Piece::into_part).collect();
        let account = &mut self.accounts[id.number() - 1];
        account.ended = Some(Ended {
            at: answered.at,
            state,
            served_model: answered.served_model,
            finish_reason: answered.finish_reason,
            request_id: answered.request_id,
            usage,
            first_ms: answered.first_ms,
            total_ms: answered.total_ms,
            error: answered.error,
        });
        let answer = Answer {
            message: Message { role: Role::Assistant, parts },
            is_whole: state == State::Complete,
            profile: profile.into_owned(),
            model: model.into_owned(),
            usage,
        };
        self.conversation.answer(id, answer);
        Ok(())
    }

    /// A file with what is still there of it.
    fn file(&mut self, file: &FileRef) -> Part {
        let name = file.name.clone();
        let text = (self.text_of)(file).unwrap_or_else(|| {
            self.missing.push(name.clone());
            file.without_text()
        });
        Part { content: Content::File(TextFile { name, text }), echo: None }
    }

    /// An answer that grew and has no end is kept as far as it came.
    fn settle(&mut self) {
        let Some(Growing { turn, parts }) = self.growing.take() else { return };
        let parts = parts.into_values().collect();
        let account = &self.accounts[turn.number() - 1];
        let answer = Answer {
            message: Message { role: Role::Assistant, parts },
            is_whole: false,
            profile: account.profile.clone(),
            model: account.model.clone(),
            usage: Usage::default(),
        };
        self.conversation.answer(turn, answer);
    }
}

fn extend(grown: &mut Part, more: &Part) {
    let (
        Content::Text(text) | Content::Reasoning(text) | Content::Refusal(text),
        Content::Text(more) | Content::Reasoning(more) | Content::Refusal(more),
    ) = (&mut grown.content, &more.content)
    else {
        return;
    };
    text.push_str(more);
}

/// Whether a line is JSON that ends too soon, be it within a letter.
fn is_beginning_of_json(line: &[u8]) -> bool {
    let text = match std::str::from_utf8(line) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&line[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let is_object = text.starts_with('{');
    is_object
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_err_and(|error| error.is_eof())
}

#[cfg(test)]
#[path = "replay_tests.rs"]
mod tests;
