//! A conversation as a tree of turns: going back makes a branch, and nothing is ever taken out.

use super::{Content, Message, Part, PartKind, Usage};

/// What a question begins with when the answer before it is not whole: models take the beginning of
/// an answer for all of it.
const CUT_NOTE: &str = "[Your previous answer was cut off before its end.]\n\n";

/// Asks for the rest of an answer that was cut.
const GO_ON: &str = "Your previous answer was cut off. \
    Go on exactly where it stops: repeat nothing of it, and say nothing about the cut.";

/// The place of a turn in its [`Conversation`], in the order of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TurnId(usize);

impl TurnId {
    /// The number that people know it by, from 1.
    pub fn number(self) -> usize {
        self.0 + 1
    }
}

/// A question, and what came back.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// The turn that it follows; `None`: it begins a conversation.
    pub parent: Option<TurnId>,
    /// What was asked, in words: some formats leave out a question of white space.
    pub question: Message,
    /// Whether it asks for the rest of its parent's answer.
    pub is_continuation: bool,
    /// What came back; `None` while it is awaited, and when nothing came that a person could read.
    pub answer: Option<Answer>,
}

impl Turn {
    /// What was asked, without the files that went along: they stand before it.
    pub fn words(&self) -> &str {
        self.question.parts.last().and_then(Part::as_text).unwrap_or_default()
    }
}

/// What came back, whole or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What was said.
    pub message: Message,
    /// Whether it came to its end. One that was stopped, lost or full (at the token limit) did not.
    pub is_whole: bool,
    /// The profile that was asked.
    pub profile: String,
    /// The model, in the profile's words.
    pub model: String,
    /// Token counts, as far as they are known.
    pub usage: Usage,
}

impl Answer {
    /// Its text and its refusal: what a person reads.
    pub fn words(&self) -> String {
        self.message.parts.iter().filter_map(words).collect()
    }

    /// Whether there is anything in it to be read.
    pub fn has_words(&self) -> bool {
        self.message.parts.iter().filter_map(words).any(|text| !text.trim().is_empty())
    }

    /// Whether a part of this kind would go back to the one who issued it, and that is not `issuer`.
    fn holds_foreign(&self, kind: PartKind, issuer: &str) -> bool {
        let is_foreign = |part: &Part| part.echo.as_ref().is_some_and(|echo| echo.issuer != issuer);
        let mut parts = self.message.parts.iter();
        // Of a cut answer only the words go back to anybody.
        self.is_whole && parts.any(|part| part.content.kind() == kind && is_foreign(part))
    }

    fn holds_call(&self) -> bool {
        self.message.parts.iter().any(|part| part.content.kind() == PartKind::ToolCall)
    }
}

/// How many answers on the way to the head hold what one receiver will not see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftBehind {
    /// Thoughts that go back to another receiver only.
    pub reasoning: usize,
    /// Something else that only another receiver understands: a search, thoughts under seal.
    pub opaque: usize,
    /// Tool calls. They have no results, so no receiver sees them; the answer's issuer neither.
    pub tool_calls: usize,
}

/// Every turn that was asked, and the one that the next question follows.
///
/// On the way from a beginning to the head every turn has an answer with words in it, so that the
/// two speakers take turns in every request: some servers refuse anything else.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Conversation {
    turns: Vec<Turn>,
    /// The turn that the next question follows.
    head: Option<TurnId>,
    /// The turn that was asked last: the head, or one that has no answer.
    latest: Option<TurnId>,
    /// Heads of conversations that were left for a new one, latest last.
    left: Vec<TurnId>,
}

impl Conversation {
    /// Every turn, in the order of asking.
    pub fn turns(&self) -> impl Iterator<Item = (TurnId, &Turn)> {
        self.turns.iter().enumerate().map(|(at, turn)| (TurnId(at), turn))
    }

    /// One turn.
    ///
    /// # Panics
    /// For an id of another conversation.
    pub fn turn(&self, id: TurnId) -> &Turn {
        &self.turns[id.0]
    }

    /// The turn that the next question follows; `None` at the beginning.
    pub fn head(&self) -> Option<TurnId> {
        self.head
    }

    /// The turn that was asked last, answered or not; after [`Conversation::undo`] the head.
    pub fn latest(&self) -> Option<TurnId> {
        self.latest
    }

    /// The last answer and its turn.
    pub fn last_answer(&self) -> Option<(TurnId, &Answer)> {
        let head = self.head?;
        self.turn(head).answer.as_ref().map(|answer| (head, answer))
    }

    /// The turns from the beginning to `end`, both included.
    pub fn way(&self, end: Option<TurnId>) -> Vec<TurnId> {
        let mut way: Vec<TurnId> = self.way_up(end).collect();
        way.reverse();
        way
    }

    /// Begins a turn that follows the head.
    pub fn ask(&mut self, question: Message) -> TurnId {
        self.push(self.head, question, false)
    }

    /// Begins a turn that asks what `turn` asked, beside it.
    pub fn ask_again(&mut self, turn: TurnId) -> TurnId {
        let Turn { parent, question, is_continuation, .. } = self.turn(turn).clone();
        self.push(parent, question, is_continuation)
    }

    /// Begins a turn beside `turn` that asks something else.
    pub fn ask_instead(&mut self, turn: TurnId, question: Message) -> TurnId {
        self.push(self.turn(turn).parent, question, false)
    }

    /// Puts a turn where it once was. The head stays where it is until it is answered.
    pub fn put(
        &mut self,
        parent: Option<TurnId>,
        question: Message,
        is_continuation: bool,
    ) -> TurnId {
        self.push(parent, question, is_continuation)
    }

    /// Begins a turn that asks for the rest of the last answer; `None` when that is whole.
    pub fn ask_for_the_rest(&mut self) -> Option<TurnId> {
        let is_cut = self.last_answer().is_some_and(|(_, answer)| !answer.is_whole);
        is_cut.then(|| self.push(self.head, Message::user(GO_ON), true))
    }

    /// Puts an answer to its question; the conversation goes on from there. `false`: it has no
    /// words, and the head stays where it was.
    pub fn answer(&mut self, turn: TurnId, answer: Answer) -> bool {
        let has_words = answer.has_words();
        if has_words {
            self.turns[turn.0].answer = Some(answer);
            self.head = Some(turn);
            self.latest = Some(turn);
        }
        has_words
    }

    /// Goes back `count` turns, at most to the beginning, and says how many. At the beginning, it
    /// goes back to the conversation that was left for this one.
    pub fn undo(&mut self, count: usize) -> usize {
        if self.latest.is_none() {
            // Not further in one go: what was asked there has nothing to do with this.
            self.head = if count > 0 { self.left.pop() } else { None };
            self.latest = self.head;
            return usize::from(self.head.is_some());
        }
        let mut undone = 0;
        // A question without an answer counts: it is what a person saw last.
        if count > 0 && self.latest != self.head {
            undone = 1;
        }
        while undone < count
            && let Some(head) = self.head
        {
            self.head = self.turn(head).parent;
            undone += 1;
        }
        self.latest = self.head;
        undone
    }

    /// Leaves the conversation for a new one. `false`: it was new already.
    pub fn begin_anew(&mut self) -> bool {
        self.latest = None;
        let Some(head) = self.head.take() else { return false };
        self.left.push(head);
        true
    }

    /// Goes on from the turn with this number. `false`: there is none, or it has no answer.
    pub fn go_to(&mut self, number: usize) -> bool {
        let id = number.checked_sub(1).map(TurnId);
        let id = id.filter(|id| self.turns.get(id.0).is_some_and(|turn| turn.answer.is_some()));
        let Some(id) = id else { return false };
        // Back in a conversation that was left: an undo must not come back to it once more.
        let beginning = self.beginning(id);
        if let Some(at) = self.left.iter().position(|left| self.beginning(*left) == beginning) {
            self.left.truncate(at);
        }
        self.head = Some(id);
        self.latest = Some(id);
        true
    }

    /// What the answers on the way to the head hold that a request to `issuer` leaves out.
    pub fn leaves_behind(&self, issuer: &str) -> LeftBehind {
        let answers: Vec<&Answer> = self
            .way(self.head)
            .into_iter()
            .filter_map(|id| self.turn(id).answer.as_ref())
            .collect();
        let foreign =
            |kind| answers.iter().filter(|answer| answer.holds_foreign(kind, issuer)).count();
        LeftBehind {
            reasoning: foreign(PartKind::Reasoning),
            opaque: foreign(PartKind::Opaque),
            tool_calls: answers.iter().filter(|answer| answer.holds_call()).count(),
        }
    }

    /// What the request for `turn` carries, its question last.
    pub fn messages(&self, turn: TurnId) -> Vec<Message> {
        let Turn { parent, question, is_continuation, .. } = self.turn(turn);
        self.request(*parent, question, *is_continuation)
    }

    /// What a request would carry that asks `question` after the head.
    pub fn messages_before(&self, question: &Message) -> Vec<Message> {
        self.request(self.head, question, false)
    }

    fn request(
        &self,
        parent: Option<TurnId>,
        question: &Message,
        is_continuation: bool,
    ) -> Vec<Message> {
        let way = self.way(parent);
        let mut messages = Vec::with_capacity(2 * way.len() + 1);
        let mut is_after_cut = false;
        for turn in way.into_iter().map(|id| self.turn(id)) {
            // Only what was answered has turns below it.
            let Some(answer) = &turn.answer else { continue };
            messages.push(asked(&turn.question, is_after_cut && !turn.is_continuation));
            messages.push(said(answer));
            is_after_cut = !answer.is_whole;
        }
        messages.push(asked(question, is_after_cut && !is_continuation));
        messages
    }

    fn way_up(&self, from: Option<TurnId>) -> impl Iterator<Item = TurnId> {
        std::iter::successors(from, |id| self.turn(*id).parent)
    }

    fn beginning(&self, of: TurnId) -> TurnId {
        self.way_up(Some(of)).last().unwrap_or(of)
    }

    fn push(&mut self, parent: Option<TurnId>, question: Message, is_continuation: bool) -> TurnId {
        let id = TurnId(self.turns.len());
        self.turns.push(Turn { parent, question, is_continuation, answer: None });
        self.latest = Some(id);
        id
    }
}

/// A question as it is sent. The note stands in its first text: some servers make a message of
/// each part.
fn asked(question: &Message, is_after_cut: bool) -> Message {
    let mut question = question.clone();
    if is_after_cut {
        match question.parts.iter_mut().find_map(|part| match &mut part.content {
            Content::Text(text) => Some(text),
            _ => None,
        }) {
            Some(text) => text.insert_str(0, CUT_NOTE),
            None => question.parts.insert(0, Part::text(CUT_NOTE.trim_end())),
        }
    }
    question
}

/// An answer as it is sent. Of a cut one, only the words: what belongs to what (thinking to the
/// text after it, an item to its id) is known when all of it is there.
fn said(answer: &Answer) -> Message {
    let mut message = answer.message.clone();
    if !answer.is_whole {
        message.parts.retain(|part| words(part).is_some());
        for part in &mut message.parts {
            part.echo = None;
        }
    }
    message
}

fn words(part: &Part) -> Option<&str> {
    match &part.content {
        Content::Text(text) | Content::Refusal(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
#[path = "conversation_tests.rs"]
mod tests;
