//! What each command does.

use super::{Desk, Done, Leave, Stopped};
use crate::{
    app::{
        attach::{Attached, Attachment},
        failure::Failure,
        output,
        slash::{self, FileChange, Slash},
    },
    chat::Message,
    sessions::Session,
    term::{Line, columns},
};

impl Desk<'_> {
    /// Does what a command says; `attached` goes with the question in it.
    pub(super) fn command(&mut self, command: Slash, attached: Attached) -> Done {
        let chat = &mut self.chat;
        match command {
            Slash::Help(topic) => {
                let help = slash::help(topic.as_deref(), columns());
                let help = help.map_err(|it| Failure::usage(it.message).hints(it.hints))?;
                output::print(&help)?;
                Ok(())
            }
            Slash::Exit => Err(Stopped::Left(Leave(0))),
            Slash::Clear => {
                self.editor.clear_screen();
                self.begin_anew();
                Ok(())
            }
            Slash::New => {
                self.begin_anew();
                Ok(())
            }
            Slash::Profile(switch) => chat.profile(switch),
            Slash::Model(name) => chat.model(name),
            Slash::Models => chat.models(),
            Slash::System(change) => chat.system(change),
            Slash::Set(setting) => chat.set(setting),
            Slash::Thinking(wish) => chat.thinking(wish),
            Slash::Retry(profile) => chat.retry(profile.as_deref()),
            Slash::Continue => chat.go_on(),
            Slash::Ask { profile, text } => chat.ask_elsewhere(&profile, &text, attached),
            Slash::Compare { profiles, text } => chat.compare(&profiles, &text, attached),
            Slash::Compact(wish) => chat.compact(wish.as_deref()),
            Slash::Undo(count) => {
                let was_new = chat.session.conversation().latest().is_none();
                let undone = match chat.left.pop() {
                    Some(left) if count > 0 && was_new => {
                        chat.go_back_to(left);
                        1
                    }
                    left => {
                        chat.left.extend(left);
                        chat.session.undo(count)
                    }
                };
                chat.say_where(undone, was_new);
                Ok(())
            }
            Slash::Edit(number) => self.edit_question(number),
            Slash::File(change) => self.file(change),
            Slash::Copy(block) => chat.copy(block),
            Slash::Save { block, path } => self.save(block, &path),
            Slash::Export(path) => self.export(&path),
            Slash::Tree(number) => chat.tree(number),
            Slash::Context => chat.context(),
            Slash::Usage => chat.usage(),
            Slash::Show => chat.show(),
            Slash::Raw => chat.raw(),
            Slash::Sessions => chat.sessions(),
            Slash::Search(words) => chat.search(words),
            Slash::Resume(which) => chat.resume(which.as_deref()),
            Slash::Rename(change) => chat.rename(change),
            Slash::Fork(name) => chat.fork(name),
        }
    }

    fn begin_anew(&mut self) {
        let chat = &mut self.chat;
        let said = if chat.session.conversation().turns().next().is_some() {
            let new = Session::new(chat.store.place(), chat.saves.then_some(&chat.store));
            chat.left.push(std::mem::replace(&mut chat.session, new));
            chat.listed.clear();
            "a new conversation; `/undo` goes back to the one before"
        } else {
            "the conversation is new already"
        };
        chat.console.aside(said);
    }

    /// Lets the N-th question from the end be edited, and asks it in its place.
    fn edit_question(&mut self, number: usize) -> Done {
        let conversation = self.chat.session.conversation();
        let questions: Vec<_> = conversation
            .way(conversation.latest())
            .into_iter()
            .rev()
            .filter(|id| !conversation.turn(*id).is_continuation)
            .collect();
        if questions.is_empty() {
            return self.compose(Line::default());
        }
        let Some(turn) = questions.get(number - 1).copied() else {
            let count = questions.len();
            let questions =
                if count == 1 { "is only one question" } else { "are too few questions" };
            return Err(Failure::usage(format!("there {questions} here for `/edit {number}`"))
                .hint(format!("`/edit {count}` edits the first one"))
                .into());
        };
        // What was attached stays as it was.
        let Message { role, mut parts } = conversation.turn(turn).question.clone();
        parts.pop();
        let before = conversation.turn(turn).words().to_owned();
        let Some(text) = self.edit(&before)? else {
            self.chat.console.aside("the editor gave up: nothing was changed");
            return Ok(());
        };
        if text == before.trim_end() || text.trim().is_empty() {
            let what = if text.trim().is_empty() { "empty" } else { "unchanged" };
            self.chat.console.aside(&format!(
                "the question is {what}: nothing was sent; `/retry` asks it again"
            ));
            return Ok(());
        }
        parts.push(crate::chat::Part::text(&text));
        output::print(&format!("{}\n", crate::term::sanitize(&text)))?;
        self.chat.ask_instead(turn, Message { role, parts })
    }

    /// `/file`
    fn file(&mut self, change: Option<FileChange>) -> Done {
        let chat = &mut self.chat;
        match change {
            None if chat.waiting.is_empty() => {
                chat.console.aside("no file waits; `/file PATH` sends one with your next message");
            }
            None => {
                let receipts = chat.waiting.iter().map(|file| format!("{}\n", file.receipt()));
                output::print(&receipts.collect::<String>())?;
            }
            Some(FileChange::Add(path)) => {
                let file = Attachment::read(&path, chat.home())?;
                chat.console.aside(&format!("goes with your next message: {}", file.receipt()));
                chat.waiting.push(file);
            }
            Some(FileChange::TakeBack) => match chat.waiting.pop() {
                Some(file) => chat.console.aside(&format!("taken back: {}", file.receipt())),
                None => chat.console.aside("no file waits"),
            },
        }
        Ok(())
    }
}
