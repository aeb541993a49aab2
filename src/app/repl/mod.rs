//! The chat: lines become turns, and commands change what the next turn will be.
//!
//! It differs from the one-shot in one stop: profiles, turns and failures are the same.

mod commands;
mod keep;
mod lent;
mod sessions;
mod settings;
mod show;
mod state;
mod talk;
mod watch;
mod words;

use anyhow::Context as _;

use super::{
    attach::{self, Attached},
    cli::ChatArgs,
    connection, editor,
    failure::{Failure, Kind},
    flags, prompt, rendering,
    signals::Signals,
    slash::{self, Slash, Typed},
};
use crate::{
    config::{self, ChatSettings, Env},
    term::{Console, Entry, Line, LineEditor, LineOptions, columns},
};
use state::Chat;
use watch::{Place, Watch};

/// Why the chat is left, as an exit code.
struct Leave(u8);

/// What a line or a command comes to.
type Done = Result<(), Stopped>;

/// Why a line or a command did not come to its end.
enum Stopped {
    /// The chat goes on after this is told.
    Failed(Failure),
    /// By Ctrl-C, which is told already.
    Interrupted,
    /// The chat ends.
    Left(Leave),
}

impl<F: Into<Failure>> From<F> for Stopped {
    fn from(failure: F) -> Self {
        Self::Failed(failure.into())
    }
}

/// Runs the chat and returns its exit code.
pub(super) fn run(args: &ChatArgs, env: &Env, console: Console) -> Result<u8, Failure> {
    let facts = console.facts();
    if !facts.stdin_is_terminal || !facts.stdout_is_terminal {
        let stream = if facts.stdin_is_terminal { "output" } else { "input" };
        return Err(Failure::usage(format!(
            "the chat needs a terminal, and standard {stream} is none"
        ))
        .hint("one question and one answer: `byok ask \"your question\"`"));
    }
    let first = first_message(args)?;
    let watch = Watch::begin().context("the terminal cannot be prepared")?;
    let loaded = config::load(env, &flags::of_chat(args))?;
    let console = rendering::console(&args.answer, loaded.screen(), console);
    let settings = loaded.chat();
    let runtime = connection::runtime()?;
    let signals = {
        let _guard = runtime.enter();
        Signals::listen().context("signals cannot be listened for")?
    };
    let mut chat = Chat::begin(args, env, loaded, runtime, signals, console, watch)?;
    if chat.was_interrupted() {
        return Ok(Kind::Interrupted.code());
    }
    let options = LineOptions {
        is_vi: settings.is_vi,
        has_color: facts.has_color,
        history: chat.saves.then(|| chat.loaded.paths.state.join("history")),
        most: settings.history,
    };
    let assist = Box::new(chat.assistant.clone());
    let editor = LineEditor::new(options, assist, chat.watch.suspender())
        .context("the terminal cannot be read from")?;
    chat.watch.quiet(!editor.is_plain(), facts).context("the terminal cannot be prepared")?;
    chat.greet();
    let mut desk = Desk { chat, editor, initial: String::new() };
    desk.say_notices();
    let left = match first {
        Some(text) => desk.act(&Line { text, typed: Vec::new() }),
        None => Ok(()),
    };
    let Leave(code) = match desk.settle(left) {
        Err(leave) => leave,
        Ok(()) => desk.sit(&settings),
    };
    desk.chat.settle();
    desk.chat.say_how_to_come_back();
    Ok(code)
}

/// The words of `byok chat WORDS`.
fn first_message(args: &ChatArgs) -> Result<Option<String>, Failure> {
    let words = args.text.iter().map(|word| word.to_str()).collect::<Option<Vec<_>>>();
    let text = words.ok_or_else(|| Failure::usage("the message is not UTF-8"))?.join(" ");
    Ok((!text.trim().is_empty()).then_some(text))
}

/// The chat with the line that is typed into it.
struct Desk<'a> {
    chat: Chat<'a>,
    editor: LineEditor,
    /// What stands in the next line already.
    initial: String,
}

impl Desk<'_> {
    /// Reads lines and acts on them until the person leaves.
    fn sit(&mut self, settings: &ChatSettings) -> Leave {
        loop {
            if self.chat.was_interrupted() && self.chat.press() {
                return Leave(Kind::Interrupted.code());
            }
            let (profile, model) = self.chat.names();
            let prompt = prompt::prompt(&settings.prompt, profile, model, columns());
            let initial = std::mem::take(&mut self.initial);
            self.chat.watch.at(Place::Prompt);
            let entry = self.editor.read(&prompt, &settings.prompt_style, &initial);
            self.chat.watch.at(Place::Work);
            // From here on Ctrl-C is for what is done now.
            self.chat.was_interrupted();
            self.say_notices();
            let done = match entry {
                Ok(Entry::Line(line)) => {
                    self.chat.forget_presses();
                    self.act(&line)
                }
                Ok(Entry::Interrupted { cleared }) => {
                    if self.chat.press() {
                        return Leave(Kind::Interrupted.code());
                    }
                    if cleared.is_empty() {
                        self.chat.console.aside("Ctrl-D or `/exit` leaves");
                    }
                    Ok(())
                }
                Ok(Entry::Edit(line)) => self.compose(line),
                Ok(Entry::End) => return Leave(0),
                // The terminal is gone, and with it everybody who could be told.
                Err(_) => return Leave(Kind::Terminated.code()),
            };
            if let Err(leave) = self.settle(done) {
                return leave;
            }
        }
    }

    /// Says what the line editor has to say.
    fn say_notices(&mut self) {
        for notice in self.editor.notices() {
            self.chat.console.warning(&notice);
        }
    }

    /// Tells what went wrong.
    fn settle(&mut self, done: Done) -> Result<(), Leave> {
        match done {
            Ok(()) | Err(Stopped::Interrupted) => Ok(()),
            Err(Stopped::Left(leave)) => Err(leave),
            Err(Stopped::Failed(failure)) => {
                self.chat.tell(failure);
                Ok(())
            }
        }
    }

    /// Acts on a line.
    fn act(&mut self, line: &Line) -> Done {
        let typed = slash::parse(&line.text);
        let attached = match &typed {
            Ok(Typed::Message(_) | Typed::Command(Slash::Ask { .. } | Slash::Compare { .. })) => {
                attach::of_line(line, self.chat.home())
            }
            _ => Ok(Attached::default()),
        };
        let words = attached.as_ref().map_or(&[][..], |attached| &attached.words);
        self.editor.remember(&line.text, words);
        match typed {
            Ok(Typed::Nothing) => Ok(()),
            Ok(Typed::Message(text)) => self.chat.say(&text, attached?),
            Ok(Typed::Command(command)) => self.command(command, attached?),
            Err(misuse) => Err(Failure::usage(misuse.message).hints(misuse.hints).into()),
        }
    }

    /// Lets a text be edited in the person's own editor; it comes back into the line, and is sent by
    /// Enter as any other.
    fn compose(&mut self, line: Line) -> Done {
        match self.edit(&line.text) {
            Ok(Some(text)) => {
                self.initial = text;
                Ok(())
            }
            Ok(None) => {
                self.initial = line.text;
                self.chat.console.aside("the editor gave up: nothing was changed");
                Ok(())
            }
            Err(failure) => {
                self.initial = line.text;
                Err(failure.into())
            }
        }
    }

    /// Runs the editor on `text`.
    fn edit(&mut self, text: &str) -> Result<Option<String>, Failure> {
        let hidden = self.chat.hidden();
        self.chat.watch.at(Place::Outside);
        let edited = editor::edit(text, self.chat.env, &hidden);
        self.chat.watch.at(Place::Work);
        // Ctrl-C was for the editor.
        self.chat.was_interrupted();
        edited
    }

    /// Asks a question that is answered with a word.
    fn confirm(&mut self, question: &str) -> bool {
        self.chat.watch.at(Place::Prompt);
        let entry = self.editor.read(question, "", "");
        self.chat.watch.at(Place::Work);
        matches!(entry, Ok(Entry::Line(line)) if matches!(line.text.trim(), "y" | "Y" | "yes"))
    }
}
