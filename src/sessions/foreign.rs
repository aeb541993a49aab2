//! Sessions that were made elsewhere, and how they are taken in.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use super::{
    Account, Begun, Damage, Error, Session, SessionId, Store, files, folder,
    record::{Head, Named, Record},
    replay::Replayed,
    session::{answered, asked, files_of},
    title,
};
use crate::chat::{Answer, Conversation, Message, TurnId};

/// A session from elsewhere, complete, and not kept yet.
#[derive(Debug)]
pub struct Foreign {
    begun: Begun,
    replayed: Replayed,
    /// The keys of its turns.
    keys: HashSet<String>,
}

/// A turn from elsewhere.
#[derive(Debug)]
pub struct Told {
    /// The turn that it follows, which was answered; `None`: it begins a conversation.
    pub parent: Option<TurnId>,
    /// What was asked: the files, and the words as the last part.
    pub question: Message,
    /// It asks for the rest of its parent's answer.
    pub is_continuation: bool,
    /// What is known of it beside its words. The key must be unique within the session.
    pub account: Account,
    /// What came back.
    pub answer: Option<Answer>,
}

/// What became of a session that was to be taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imported {
    /// It is here now.
    New(SessionId),
    /// It is here now by another id: its own has a session with other turns.
    Renamed {
        /// The new one.
        id: SessionId,
        /// Its own.
        was: SessionId,
    },
    /// Everything of it was here before, in this session.
    There(SessionId),
}

impl Foreign {
    /// A session in which nothing was said yet.
    pub fn new(begun: Begun, name: Option<String>) -> Self {
        let replayed = Replayed {
            begun: None,
            name,
            conversation: Conversation::default(),
            accounts: Vec::new(),
            last: Some(begun.at),
            damage: Vec::new(),
            missing: Vec::new(),
        };
        Self { begun, replayed, keys: HashSet::new() }
    }

    /// Adds a turn; the conversation goes on from there, as far as it was answered. `None`: its key
    /// is another turn's.
    pub fn tell(&mut self, told: Told) -> Option<TurnId> {
        let Told { parent, question, is_continuation, account, answer } = told;
        if !self.keys.insert(account.key.clone()) {
            return None;
        }
        let Replayed { conversation, accounts, last, .. } = &mut self.replayed;
        *last = Some(account.ended.as_ref().map_or(account.asked_at, |ended| ended.at));
        let turn = conversation.put(parent, question, is_continuation);
        if let Some(answer) = answer {
            conversation.answer(turn, answer);
        }
        accounts.push(account);
        Some(turn)
    }

    /// The turn with this number, if it was answered.
    pub fn answered(&self, number: usize) -> Option<TurnId> {
        let mut turns = self.replayed.conversation.turns();
        let (id, turn) = turns.nth(number.checked_sub(1)?)?;
        turn.answer.is_some().then_some(id)
    }

    /// The last question, when it was not answered and nobody went elsewhere since.
    pub fn awaited(&self) -> Option<TurnId> {
        awaited(&self.replayed.conversation)
    }

    /// The turn that the next question follows.
    pub fn head(&self) -> Option<TurnId> {
        self.replayed.conversation.head()
    }

    /// Has the conversation go on from this turn; `None`: a new one begins. `false`: there is none,
    /// or it was not answered.
    pub fn go_to(&mut self, number: Option<usize>) -> bool {
        let conversation = &mut self.replayed.conversation;
        match number {
            None => {
                conversation.begin_anew();
                true
            }
            Some(number) => {
                let is_there = conversation.head().map(TurnId::number) == Some(number)
                    && conversation.latest() == conversation.head();
                is_there || conversation.go_to(number)
            }
        }
    }

    /// What it is called: its name, or how its first question begins. Not sanitized.
    pub fn title(&self) -> String {
        let Replayed { name, conversation, .. } = &self.replayed;
        name.clone().unwrap_or_else(|| title::of(conversation))
    }

    /// How many turns it has.
    pub fn turns(&self) -> usize {
        self.replayed.accounts.len()
    }

    /// What could not be read of its file.
    pub fn damage(&self) -> &[Damage] {
        &self.replayed.damage
    }

    /// Files of questions that did not come along.
    pub fn missing(&self) -> &[String] {
        &self.replayed.missing
    }

    /// The session, kept nowhere.
    pub fn into_session(self) -> Session {
        Session::found(self.begun, self.replayed, None)
    }

    /// The lines of its file.
    fn lines(&self) -> Vec<u8> {
        let Replayed { name, conversation, accounts, last, .. } = &self.replayed;
        let at = last.unwrap_or(self.begun.at);
        let mut lines = Vec::new();
        let mut write = |record: Record<'_>| record.write(&mut lines);
        write(Record::Session(self.begun.clone()));
        for (id, turn) in conversation.turns() {
            write(Record::Turn(asked(conversation, accounts, id)));
            let account = &accounts[id.number() - 1];
            let parts = turn.answer.as_ref().map_or(&[][..], |answer| &answer.message.parts);
            if let Some(ended) = account.ended_with(turn.answer.as_ref()) {
                write(Record::Answer(answered(account, &ended, parts)));
            }
        }
        if let Some(name) = name {
            write(Record::Name(Named { at, name: Some(name.into()) }));
        }
        let last = conversation.turns().last().map(|(id, _)| id);
        let goes_on_by_itself = awaited(conversation).is_some() || conversation.latest() == last;
        if !goes_on_by_itself {
            let key = conversation.head().map(|head| accounts[head.number() - 1].key.as_str());
            write(Record::Head(Head { at, turn: key.map(Into::into) }));
        }
        lines
    }
}

/// The last question, when it was not answered and nobody went elsewhere since.
fn awaited(conversation: &Conversation) -> Option<TurnId> {
    conversation.latest().filter(|latest| conversation.head() != Some(*latest))
}

/// Whether every turn of `theirs` is among `ours`. When it was is not compared: some files do not
/// say so.
fn is_within(theirs: &Replayed, ours: &Replayed) -> bool {
    let ours: HashMap<&str, _> =
        ours.accounts.iter().zip(ours.conversation.turns()).map(told).collect();
    let mut theirs = theirs.accounts.iter().zip(theirs.conversation.turns()).map(told);
    theirs.all(|(key, turn)| ours.get(key) == Some(&turn))
}

/// What a turn says, by its key.
fn told<'a>(
    (account, (_, turn)): (&'a Account, (TurnId, &'a crate::chat::Turn)),
) -> (&'a str, (&'a str, &'a [super::FileRef], Option<&'a Answer>)) {
    (&account.key, (turn.words(), &account.files, turn.answer.as_ref()))
}

impl Store {
    /// Reads a session's file that may come from another machine.
    pub fn read_foreign(&self, path: &Path) -> Result<Foreign, Error> {
        let (begun, replayed) = self.replay(path)?;
        let keys = replayed.accounts.iter().map(|account| account.key.clone()).collect();
        Ok(Foreign { begun, replayed, keys })
    }

    /// Keeps a session that was made elsewhere, as if it had been said here. `from` is what it was
    /// made from. The file appears whole or not at all.
    pub fn import(&self, mut foreign: Foreign, from: &str) -> Result<Imported, Error> {
        let own = foreign.begun.id.clone();
        foreign.begun.imported_from = Some(from.to_owned());
        foreign.begun.terminal = None;
        let imported = match self.is_here(&own, &foreign.replayed)? {
            None => Imported::New(own),
            Some(true) => return Ok(Imported::There(own)),
            Some(false) => {
                // The same one twice is still the same one.
                let id = SessionId::of(&[own.as_str().as_bytes(), &contents(&foreign)]);
                if self.is_here(&id, &foreign.replayed)? == Some(true) {
                    return Ok(Imported::There(id));
                }
                foreign.begun.id = id.clone();
                Imported::Renamed { id, was: own }
            }
        };
        for (id, turn) in foreign.replayed.conversation.turns() {
            let account = &foreign.replayed.accounts[id.number() - 1];
            for (file, text) in account.files.iter().zip(files_of(&turn.question)) {
                if file.is_of(text) {
                    files::keep(self, file, text)?;
                }
            }
        }
        folder::replace(&self.path_of(&foreign.begun), &foreign.lines())?;
        Ok(imported)
    }

    /// Whether a session by this id has all of these turns; `None`: there is none.
    fn is_here(&self, id: &SessionId, theirs: &Replayed) -> Result<Option<bool>, Error> {
        let Some(listed) = self.list()?.into_iter().find(|listed| listed.id == *id) else {
            return Ok(None);
        };
        let ours = self.replay(&listed.path);
        // One that cannot be read is another one.
        Ok(Some(ours.is_ok_and(|(_, ours)| is_within(theirs, &ours))))
    }
}

/// Its lines but the first, which says where it comes from.
fn contents(foreign: &Foreign) -> Vec<u8> {
    let mut lines = foreign.lines();
    let first = lines.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    lines.split_off(first)
}

#[cfg(test)]
#[path = "foreign_tests.rs"]
mod tests;
