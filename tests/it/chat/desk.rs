//! A chat on a terminal, and a provider that answers `answer 1.`, `answer 2.` and so on.

use crate::support::{
    byok::Byok,
    provider::{Provider, Recorded, Script},
    pty::Pty,
    streams,
};

/// What every answer is followed by.
pub(super) const PROMPT: &str = "p:m>";

/// A chat that waits for a line.
pub(super) struct Desk {
    pub(super) pty: Pty,
    pub(super) provider: Provider,
    pub(super) byok: Byok,
    columns: u16,
    answered: usize,
}

impl Desk {
    /// A chat of so many turns, on a terminal of 80 columns.
    pub(super) fn new(turns: usize) -> Self {
        Self::with(Byok::new(), "", turns)
    }

    /// The same in a world that is prepared; `more` is TOML of the profile that goes on.
    pub(super) fn with(byok: Byok, more: &str, turns: usize) -> Self {
        Self::on(byok, more, turns, 80)
    }

    /// The same on a terminal that wide.
    pub(super) fn on(byok: Byok, more: &str, turns: usize, columns: u16) -> Self {
        let provider = Provider::start(answers(turns));
        let byok = byok.profile(&provider, more);
        let pty = open(&byok, columns);
        Self { pty, provider, byok, columns, answered: 0 }
    }

    /// Types, waits for the next answer, and for the prompt behind it.
    #[track_caller]
    pub(super) fn ask(&mut self, keys: &str) {
        self.pty.send(keys);
        self.answered += 1;
        let answer = format!("answer {}.", self.answered);
        self.pty.wait_for(&answer);
        self.pty.wait_for_line(PROMPT);
    }

    /// Types, and waits for a text and for the prompt behind it.
    #[track_caller]
    pub(super) fn say(&mut self, keys: &str, told: &str) {
        self.pty.send(keys);
        self.pty.wait_for(told);
        self.pty.wait_for_line(PROMPT);
    }

    /// Leaves, and comes back.
    #[track_caller]
    pub(super) fn reopen(&mut self) {
        self.leave();
        self.pty = open(&self.byok, self.columns);
    }

    /// Leaves by Ctrl-D.
    #[track_caller]
    pub(super) fn leave(&mut self) {
        self.pty.send("\x04");
        assert_eq!(self.pty.wait(), 0, "{}", self.pty.screen());
    }

    /// The last question of each request, its parts joined.
    pub(super) fn questions(&self) -> Vec<String> {
        self.provider.requests().iter().filter(|it| it.method == "POST").map(question).collect()
    }
}

/// Opens a chat and waits for its prompt.
#[track_caller]
pub(super) fn open(byok: &Byok, columns: u16) -> Pty {
    let mut pty = Pty::start(byok, columns, 24);
    pty.wait_for_line(PROMPT);
    pty
}

/// The answers to so many questions.
fn answers(turns: usize) -> impl Iterator<Item = Script> {
    (1..=turns).map(|number| Script::stream(streams::chat(&[&format!("answer {number}.")])))
}

fn question(request: &Recorded) -> String {
    let body = request.json();
    let messages = body["messages"].as_array().expect("a chat request has messages");
    match &messages.last().expect("there is a question")["content"] {
        serde_json::Value::String(text) => text.clone(),
        parts => {
            let parts = parts.as_array().expect("content is a text or parts");
            parts.iter().map(|part| part["text"].as_str().expect("a text part")).collect()
        }
    }
}
