//! A conversation that is kept: what is said goes to the file as it is said.

use std::time::Instant;

use super::{
    Account, Begun, Chosen, Ended, Error, FileRef, Grown, Growth, Place, SessionId, State, Store,
    Time, Trouble, files, id,
    journal::Journal,
    record::{Answered, Asked, Head, Named, Piece, Record},
    replay::Replayed,
    title,
};
use crate::chat::{Answer, Content, Conversation, Message, Part, Reply, TurnId, Usage};

/// A conversation, and the file that it is kept in.
#[derive(Debug)]
pub struct Session {
    begun: Begun,
    name: Option<String>,
    conversation: Conversation,
    /// One for each turn, in the order of asking.
    accounts: Vec<Account>,
    keeping: Keeping,
    /// The first thing that could not be stored and was not told yet.
    trouble: Option<Error>,
    /// Whether it was told that something is not stored, and still is not.
    is_told: bool,
}

/// Whether and where a session is kept.
#[derive(Debug)]
enum Keeping {
    /// Nowhere.
    Off,
    /// In a file that the first turn makes.
    Later(Store),
    /// In this file.
    Open(Store, Journal),
}

/// Who is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asking {
    /// The profile.
    pub profile: String,
    /// The model, in the profile's words.
    pub model: String,
    /// The wire format.
    pub wire: String,
    /// What the person chose in place of what the profile says.
    pub chosen: Chosen,
}

/// What came of a turn.
#[derive(Debug)]
pub struct Came {
    /// The answer, as far as it came.
    pub reply: Reply,
    /// Whether there is nothing more to come.
    pub is_whole: bool,
    /// The server's id of the request.
    pub request_id: Option<String>,
    /// When the turn began.
    pub begun: Instant,
    /// What [`Growth::end`] gave.
    pub grown: Grown,
    /// What went wrong.
    pub error: Option<Trouble>,
}

impl Session {
    /// A new session. `store` is where it is kept, if anywhere; its first turn makes the file.
    pub fn new(place: &Place, store: Option<&Store>) -> Self {
        let begun = Begun {
            directory: place.directory.clone(),
            terminal: place.terminal.clone(),
            ..Begun::new(SessionId::random(), Time::now())
        };
        Self {
            begun,
            name: None,
            conversation: Conversation::default(),
            accounts: Vec::new(),
            keeping: store.map_or(Keeping::Off, |store| Keeping::Later(store.clone())),
            trouble: None,
            is_told: false,
        }
    }

    /// A session as it was found. Without a journal, nothing of what follows is kept.
    pub(super) fn found(begun: Begun, replayed: Replayed, kept: Option<(Store, Journal)>) -> Self {
        let Replayed { name, conversation, accounts, .. } = replayed;
        let keeping = kept.map_or(Keeping::Off, |(store, journal)| Keeping::Open(store, journal));
        Self { begun, name, conversation, accounts, keeping, trouble: None, is_told: false }
    }

    /// A session as it was found, whose file cannot be written to.
    pub(super) fn unkept(begun: Begun, replayed: Replayed, trouble: Error) -> Self {
        Self { trouble: Some(trouble), ..Self::found(begun, replayed, None) }
    }

    /// A new session that goes on from where this one stands: the way to its head, and nothing of
    /// the other branches. The file is made by its first turn.
    #[must_use]
    pub fn fork(&self, place: &Place, store: Option<&Store>) -> Self {
        let mut fork = Self::new(place, store);
        fork.begun.forked_from = Some(self.begun.id.clone());
        for id in self.conversation.way(self.conversation.head()) {
            let turn = self.conversation.turn(id).clone();
            let parent = fork.conversation.head();
            let put = fork.conversation.put(parent, turn.question, turn.is_continuation);
            if let Some(answer) = turn.answer {
                fork.conversation.answer(put, answer);
            }
            fork.accounts.push(self.account(id).clone());
        }
        fork
    }

    /// Its id.
    pub fn id(&self) -> &SessionId {
        &self.begun.id
    }

    /// How and where it began.
    pub fn begun(&self) -> &Begun {
        &self.begun
    }

    /// What a person called it.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// What it is called: its name, or how its first question begins. Not sanitized.
    pub fn title(&self) -> String {
        self.name.clone().unwrap_or_else(|| title::of(&self.conversation))
    }

    /// What was said.
    pub fn conversation(&self) -> &Conversation {
        &self.conversation
    }

    /// What is known of a turn beside its words.
    pub fn account(&self, turn: TurnId) -> &Account {
        &self.accounts[turn.number() - 1]
    }

    /// Who was asked last on the way to the head.
    pub fn last_asked(&self) -> Option<&Account> {
        self.conversation.latest().map(|turn| self.account(turn))
    }

    /// Whether it is in a file already.
    pub fn is_stored(&self) -> bool {
        matches!(self.keeping, Keeping::Open(..))
    }

    /// What could not be stored, once: again only after something could.
    pub fn take_trouble(&mut self) -> Option<Error> {
        let trouble = self.trouble.take();
        self.is_told |= trouble.is_some();
        trouble
    }

    /// Begins a turn that follows the head.
    pub fn ask(&mut self, question: Message, asking: Asking) -> TurnId {
        let turn = self.conversation.ask(question);
        self.asked(turn, asking)
    }

    /// Begins a turn that asks what `turn` asked, beside it.
    pub fn ask_again(&mut self, turn: TurnId, asking: Asking) -> TurnId {
        let files = self.account(turn).files.clone();
        let turn = self.conversation.ask_again(turn);
        self.asked_with(turn, asking, Some(files))
    }

    /// Begins a turn beside `turn` that asks something else.
    pub fn ask_instead(&mut self, turn: TurnId, question: Message, asking: Asking) -> TurnId {
        let turn = self.conversation.ask_instead(turn, question);
        self.asked(turn, asking)
    }

    /// Begins a turn that asks for the rest of the last answer; `None` when that is whole.
    pub fn ask_for_the_rest(&mut self, asking: Asking) -> Option<TurnId> {
        let turn = self.conversation.ask_for_the_rest()?;
        Some(self.asked(turn, asking))
    }

    /// What takes an answer to the disk while it comes.
    pub fn growth(&mut self, turn: TurnId) -> Growth<'_> {
        let journal = match &mut self.keeping {
            Keeping::Open(_, journal) => Some(journal),
            _ => None,
        };
        Growth::new(journal, &self.accounts[turn.number() - 1].key)
    }

    /// Puts an answer to its question; the conversation goes on from there. `false`: it has no
    /// words, and the conversation goes on from where it was.
    pub fn answer(&mut self, turn: TurnId, came: Came) -> bool {
        let Came { reply, is_whole, request_id, begun, grown, error } = came;
        let Grown { first } = grown;
        let usage = reply.usage;
        let account = &self.accounts[turn.number() - 1];
        let millis = |until: Instant| u64::try_from(until.duration_since(begun).as_millis()).ok();
        let mut ended = Ended {
            at: Time::now(),
            state: State::Failed,
            served_model: reply.model.clone(),
            finish_reason: reply.stop.as_ref().map(|stop| stop.as_str().to_owned()),
            request_id,
            usage,
            first_ms: first.and_then(millis),
            total_ms: millis(Instant::now()),
            error,
        };
        let answer = Answer {
            message: reply.into_message(),
            is_whole,
            profile: account.profile.clone(),
            model: account.model.clone(),
            usage,
        };
        if answer.has_words() {
            ended.state = if is_whole { State::Complete } else { State::Partial };
        }
        let record = answered(account, &ended, &answer.message.parts);
        let written = append(&mut self.keeping, &[Record::Answer(record)]);
        let has_words = self.conversation.answer(turn, answer);
        self.note(written);
        self.accounts[turn.number() - 1].ended = Some(ended);
        self.sync();
        has_words
    }

    /// Goes back `count` turns, and says how many it were: see [`Conversation::undo`].
    pub fn undo(&mut self, count: usize) -> usize {
        let undone = self.conversation.undo(count);
        if undone > 0 {
            self.moved();
        }
        undone
    }

    /// Goes on from the turn with this number: see [`Conversation::go_to`].
    pub fn go_to(&mut self, number: usize) -> bool {
        let is_there = self.conversation.go_to(number);
        if is_there {
            self.moved();
        }
        is_there
    }

    /// Leaves the conversation for a new one in the same session.
    pub fn begin_anew(&mut self) -> bool {
        let is_new = self.conversation.begin_anew();
        if is_new {
            self.moved();
        }
        is_new
    }

    /// Calls it something else; `None`: nothing any more.
    pub fn rename(&mut self, name: Option<String>) {
        let record = Named { at: Time::now(), name: name.as_deref().map(Into::into) };
        let written = append(&mut self.keeping, &[Record::Name(record)]);
        self.note(written);
        self.name = name;
        self.sync();
    }

    /// Waits until everything is on the disk itself.
    pub fn settle(&mut self) {
        if let Keeping::Open(_, journal) = &mut self.keeping {
            // What was full a moment ago may have room now.
            let settled = journal.append(&[]).and_then(|()| journal.settle());
            self.note(settled);
        }
    }

    fn asked(&mut self, turn: TurnId, asking: Asking) -> TurnId {
        self.asked_with(turn, asking, None)
    }

    /// Puts a turn on disk before its request leaves. `files` are those of its question, when they
    /// are kept already.
    fn asked_with(&mut self, turn: TurnId, asking: Asking, files: Option<Vec<FileRef>>) -> TurnId {
        let files = files.unwrap_or_else(|| {
            let files = self.conversation.turn(turn).question.parts.iter().filter_map(of_file);
            files.collect()
        });
        let Asking { profile, model, wire, chosen } = asking;
        self.accounts.push(Account {
            key: id::random_turn(),
            asked_at: Time::now(),
            profile,
            model,
            wire,
            chosen,
            files,
            ended: None,
        });
        let written = self.store_turn(turn);
        self.note(written);
        turn
    }

    fn store_turn(&mut self, turn: TurnId) -> Result<(), Error> {
        let Some(store) = self.open()? else { return Ok(()) };
        // All that can be kept is kept, whatever else cannot.
        let kept = self.keep_files(&store, turn);
        let record = asked(&self.conversation, &self.accounts, turn);
        append(&mut self.keeping, &[Record::Turn(record)])?;
        if let Keeping::Open(_, journal) = &mut self.keeping {
            let path = journal.path().to_owned();
            // Three small files: the request does not wait for them.
            journal.sync_and(move || store.note_last(&path));
        }
        kept
    }

    /// Keeps what went along with a question.
    fn keep_files(&self, store: &Store, turn: TurnId) -> Result<(), Error> {
        let question = &self.conversation.turn(turn).question;
        let files = files_of(question).zip(&self.accounts[turn.number() - 1].files);
        let kept: Vec<_> = files.map(|(text, file)| files::keep(store, file, text)).collect();
        kept.into_iter().collect()
    }

    /// Makes the file, and has everything written that was said before it was there, with the next
    /// record. `None`: nothing is kept.
    fn open(&mut self) -> Result<Option<Store>, Error> {
        let store = match &self.keeping {
            Keeping::Off => return Ok(None),
            Keeping::Open(store, _) => return Ok(Some(store.clone())),
            Keeping::Later(store) => store.clone(),
        };
        let mut journal = Journal::create(store.path_of(&self.begun))?;
        journal.queue(&Record::Session(self.begun.clone()));
        if let Some(name) = &self.name {
            let name = Some(name.as_str().into());
            journal.queue(&Record::Name(Named { at: Time::now(), name }));
        }
        // All but the turn that is being asked.
        let before = self.conversation.turns().take(self.accounts.len().saturating_sub(1));
        for (id, turn) in before {
            // When one cannot be kept, the others and the words are.
            let _ = self.keep_files(&store, id);
            journal.queue(&Record::Turn(asked(&self.conversation, &self.accounts, id)));
            let account = self.account(id);
            let Some(answer) = &turn.answer else { continue };
            let cut = Ended::unseen(account.asked_at, State::Partial);
            let ended = account.ended.as_ref().unwrap_or(&cut);
            journal.queue(&Record::Answer(answered(account, ended, &answer.message.parts)));
        }
        self.keeping = Keeping::Open(store.clone(), journal);
        Ok(Some(store))
    }

    /// Records where the conversation goes on.
    fn moved(&mut self) {
        let head = self.conversation.head();
        let key = head.map(|head| self.accounts[head.number() - 1].key.as_str().into());
        let record = Record::Head(Head { at: Time::now(), turn: key });
        let written = append(&mut self.keeping, &[record]);
        self.note(written);
    }

    fn note(&mut self, written: Result<(), Error>) {
        match written {
            Err(error) if !self.is_told => drop(self.trouble.get_or_insert(error)),
            Err(_) => {}
            // Records are written in order: when the last one is, all are.
            Ok(()) => self.is_told &= !self.is_stored(),
        }
    }

    fn sync(&mut self) {
        if let Keeping::Open(_, journal) = &mut self.keeping {
            journal.sync();
        }
    }
}

impl Account {
    /// How the turn ended; one with an answer did, even if nobody saw it.
    pub(super) fn ended_with(&self, answer: Option<&Answer>) -> Option<Ended> {
        self.ended.clone().or_else(|| {
            let state = if answer?.is_whole { State::Complete } else { State::Partial };
            Some(Ended::unseen(self.asked_at, state))
        })
    }
}

impl Ended {
    /// An end of which nothing more is known.
    pub fn unseen(at: Time, state: State) -> Self {
        Self {
            at,
            state,
            served_model: None,
            finish_reason: None,
            request_id: None,
            usage: Usage::default(),
            first_ms: None,
            total_ms: None,
            error: None,
        }
    }
}

fn append(keeping: &mut Keeping, records: &[Record<'_>]) -> Result<(), Error> {
    match keeping {
        Keeping::Open(_, journal) => journal.append(records),
        Keeping::Off | Keeping::Later(_) => Ok(()),
    }
}

/// The line of a question.
pub(super) fn asked<'a>(
    conversation: &'a Conversation,
    accounts: &'a [Account],
    id: TurnId,
) -> Asked<'a> {
    let turn = conversation.turn(id);
    let account = &accounts[id.number() - 1];
    let parent = turn.parent.map(|parent| accounts[parent.number() - 1].key.as_str().into());
    Asked {
        id: account.key.as_str().into(),
        parent,
        at: account.asked_at,
        profile: account.profile.as_str().into(),
        model: account.model.as_str().into(),
        wire: account.wire.as_str().into(),
        chosen: account.chosen.clone(),
        is_continuation: turn.is_continuation,
        files: account.files.clone(),
        text: turn.words().into(),
    }
}

/// The line of an answer.
pub(super) fn answered<'a>(
    account: &'a Account,
    ended: &'a Ended,
    parts: &'a [Part],
) -> Answered<'a> {
    Answered {
        turn: account.key.as_str().into(),
        at: ended.at,
        state: ended.state,
        profile: account.profile.as_str().into(),
        model: account.model.as_str().into(),
        wire: account.wire.as_str().into(),
        served_model: ended.served_model.clone(),
        finish_reason: ended.finish_reason.clone(),
        request_id: ended.request_id.clone(),
        usage: ended.usage,
        first_ms: ended.first_ms,
        total_ms: ended.total_ms,
        error: ended.error.clone(),
        parts: parts.iter().filter_map(Piece::of).collect(),
    }
}

pub(super) fn files_of(question: &Message) -> impl Iterator<Item = &str> {
    question.parts.iter().filter_map(|part| match &part.content {
        Content::File(file) => Some(file.text.as_str()),
        _ => None,
    })
}

fn of_file(part: &Part) -> Option<FileRef> {
    match &part.content {
        Content::File(file) => Some(FileRef::of(&file.name, &file.text)),
        _ => None,
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
