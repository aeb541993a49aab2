//! A session as one JSON object, for programs and for another machine: see "Exported sessions" in
//! `docs/session-format.md`. Pure.
//!
//! Nothing that a session knows is missing, so that what is imported is the same conversation. Only
//! the terminal is left out: its name means nothing elsewhere.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{
    Account, Begun, Chosen, Ended, FileRef, Foreign, Session, SessionId, State, Time, Trouble,
    foreign::Told,
    record::{Piece, VERSION, usage},
};
use crate::chat::{Answer, Content, Message, Part, Role, TextFile, Turn, TurnId, Usage};

/// The value of `type`.
const KIND: &str = "session";

/// A session, all of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Exported<'a> {
    v: u32,
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    id: SessionId,
    at: Time,
    /// For those who read it; an import makes its own.
    #[serde(default)]
    title: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    directory: Option<String>,
    #[serde(default)]
    forked_from: Option<SessionId>,
    #[serde(default)]
    imported_from: Option<String>,
    #[serde(default)]
    head: Option<usize>,
    #[serde(default)]
    latest: Option<usize>,
    #[serde(borrow)]
    turns: Vec<ExportedTurn<'a>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExportedTurn<'a> {
    number: usize,
    id: String,
    parent: Option<usize>,
    at: Time,
    profile: String,
    model: String,
    #[serde(default)]
    wire: String,
    #[serde(default)]
    chosen: Chosen,
    #[serde(default)]
    is_continuation: bool,
    #[serde(borrow, default)]
    files: Vec<ExportedFile<'a>>,
    #[serde(borrow)]
    question: Cow<'a, str>,
    #[serde(borrow)]
    answer: Option<ExportedAnswer<'a>>,
    #[serde(default)]
    end: Option<End>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExportedFile<'a> {
    #[serde(flatten)]
    file: FileRef,
    /// `None`: it was gone when the session was exported.
    text: Option<Cow<'a, str>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExportedAnswer<'a> {
    /// For those who read it; `parts` have it, too.
    #[serde(default)]
    text: String,
    is_whole: bool,
    #[serde(borrow)]
    parts: Vec<Piece<'a>>,
}

/// [`Ended`] by the names that the files have.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct End {
    at: Time,
    state: State,
    served_model: Option<String>,
    finish_reason: Option<String>,
    request_id: Option<String>,
    #[serde(default, with = "usage")]
    usage: Usage,
    first_ms: Option<u64>,
    total_ms: Option<u64>,
    error: Option<Trouble>,
}

/// Why a JSON text is no exported session.
#[derive(Debug, thiserror::Error)]
pub enum NotExported {
    /// It is not JSON, or something is missing in it.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// It is something else.
    #[error("it is no session: its `type` is `{0}`")]
    Kind(String),
    /// A newer program wrote it.
    #[error("it is in version {0} of the format, which this program does not know")]
    Newer(u32),
    /// Its turns do not fit together.
    #[error("turn {number} {reason}")]
    Turn {
        /// Its place in the list, from 1.
        number: usize,
        /// What is wrong, to stand behind the number.
        reason: &'static str,
    },
    /// The conversation cannot go on from there.
    #[error("`head` is {0}, which is no answered turn")]
    Head(usize),
}

impl<'a> Exported<'a> {
    /// Everything that is known of a session.
    pub fn of(session: &'a Session) -> Self {
        let conversation = session.conversation();
        let number = |id: Option<TurnId>| id.map(TurnId::number);
        let turns = conversation.turns().map(|(id, turn)| turn_of(id, turn, session.account(id)));
        let begun = session.begun();
        Self {
            v: VERSION,
            kind: KIND.into(),
            id: begun.id.clone(),
            at: begun.at,
            title: session.title(),
            name: session.name().map(str::to_owned),
            directory: begun.directory.clone(),
            forked_from: begun.forked_from.clone(),
            imported_from: begun.imported_from.clone(),
            head: number(conversation.head()),
            latest: number(conversation.latest()),
            turns: turns.collect(),
        }
    }

    /// Reads what [`Exported::of`] said.
    pub fn parse(json: &'a [u8]) -> Result<Self, NotExported> {
        #[derive(Deserialize)]
        struct Head {
            v: Option<u32>,
            #[serde(rename = "type")]
            kind: Option<String>,
        }

        // First of all what it is: in a newer version anything else may be different.
        let head: Head = serde_json::from_slice(json)?;
        match (head.kind, head.v) {
            (Some(kind), _) if kind != KIND => Err(NotExported::Kind(kind)),
            (_, Some(version)) if version > VERSION => Err(NotExported::Newer(version)),
            _ => Ok(serde_json::from_slice(json)?),
        }
    }

    /// The session. What its turns say of each other must be true.
    pub fn into_foreign(self) -> Result<Foreign, NotExported> {
        let Self {
            id, at, name, directory, forked_from, imported_from, head, latest, turns, ..
        } = self;
        let begun = Begun { directory, forked_from, imported_from, ..Begun::new(id, at) };
        let mut foreign = Foreign::new(begun, name);
        for (at, turn) in turns.into_iter().enumerate() {
            let number = at + 1;
            let wrong = |reason| NotExported::Turn { number, reason };
            if turn.number != number {
                return Err(wrong("has another `number`"));
            }
            let parent = match turn.parent {
                None => None,
                Some(parent) if parent >= number => {
                    return Err(wrong("has a `parent` that does not stand before it"));
                }
                Some(parent) => Some(
                    foreign
                        .answered(parent)
                        .ok_or_else(|| wrong("has a `parent` that was not answered"))?,
                ),
            };
            let told = turn.into_told(parent);
            foreign.tell(told).ok_or_else(|| wrong("has the `id` of another one"))?;
        }
        // Whoever asked elsewhere in vain is still where he was: that counts more.
        let is_awaited = latest != head
            && latest == foreign.awaited().map(TurnId::number)
            && head == foreign.head().map(TurnId::number);
        if !is_awaited && !foreign.go_to(head) {
            return Err(NotExported::Head(head.unwrap_or_default()));
        }
        Ok(foreign)
    }
}

fn turn_of<'a>(id: TurnId, turn: &'a Turn, account: &'a Account) -> ExportedTurn<'a> {
    let texts = turn.question.parts.iter().filter_map(|part| match &part.content {
        Content::File(file) => Some(file.text.as_str()),
        _ => None,
    });
    let files = account.files.iter().zip(texts).map(|(file, text)| {
        let text = file.is_of(text).then_some(Cow::Borrowed(text));
        ExportedFile { file: file.clone(), text }
    });
    ExportedTurn {
        number: id.number(),
        id: account.key.clone(),
        parent: turn.parent.map(TurnId::number),
        at: account.asked_at,
        profile: account.profile.clone(),
        model: account.model.clone(),
        wire: account.wire.clone(),
        chosen: account.chosen.clone(),
        is_continuation: turn.is_continuation,
        files: files.collect(),
        question: turn.words().into(),
        answer: turn.answer.as_ref().map(|answer| ExportedAnswer {
            text: answer.words(),
            is_whole: answer.is_whole,
            parts: answer.message.parts.iter().filter_map(Piece::of).collect(),
        }),
        end: account.ended.as_ref().map(End::of),
    }
}

impl ExportedTurn<'_> {
    fn into_told(self, parent: Option<TurnId>) -> Told {
        let mut parts = Vec::with_capacity(self.files.len() + 1);
        let mut files = Vec::with_capacity(self.files.len());
        for ExportedFile { file, text } in self.files {
            let text = match text {
                Some(text) => text.into_owned(),
                None => file.without_text(),
            };
            let name = file.name.clone();
            parts.push(Part { content: Content::File(TextFile { name, text }), echo: None });
            files.push(file);
        }
        parts.push(Part::text(self.question));
        let ended = self.end.map(End::into_ended);
        let answer = self.answer.map(|ExportedAnswer { is_whole, parts, .. }| {
            let parts = parts.into_iter().filter_map(Piece::into_part).collect();
            Answer {
                message: Message { role: Role::Assistant, parts },
                // What the file will say.
                is_whole: ended.as_ref().map_or(is_whole, |it| it.state == State::Complete),
                profile: self.profile.clone(),
                model: self.model.clone(),
                usage: ended.as_ref().map(|ended| ended.usage).unwrap_or_default(),
            }
        });
        Told {
            parent,
            question: Message { role: Role::User, parts },
            is_continuation: self.is_continuation,
            account: Account {
                key: self.id,
                asked_at: self.at,
                profile: self.profile,
                model: self.model,
                wire: self.wire,
                chosen: self.chosen,
                files,
                ended,
            },
            answer,
        }
    }
}

impl End {
    fn of(ended: &Ended) -> Self {
        Self {
            at: ended.at,
            state: ended.state,
            served_model: ended.served_model.clone(),
            finish_reason: ended.finish_reason.clone(),
            request_id: ended.request_id.clone(),
            usage: ended.usage,
            first_ms: ended.first_ms,
            total_ms: ended.total_ms,
            error: ended.error.clone(),
        }
    }

    fn into_ended(self) -> Ended {
        Ended {
            at: self.at,
            state: self.state,
            served_model: self.served_model,
            finish_reason: self.finish_reason,
            request_id: self.request_id,
            usage: self.usage,
            first_ms: self.first_ms,
            total_ms: self.total_ms,
            error: self.error,
        }
    }
}

#[cfg(test)]
#[path = "exported_tests.rs"]
mod tests;
