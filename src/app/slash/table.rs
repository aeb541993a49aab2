//! The one table of commands: parsing, `/help`, completion and hints all hang on it. Pure.

use Kind::{
    Command as CommandName, Model, Number, Path, Profile, Profiles, Session, Setting, Text, Words,
};

use super::{
    FileChange, NameChange, Slash, Switch, SystemChange,
    arguments::{Arguments, Wrong, profiles, setting},
};
use crate::config::Thinking;

/// One command.
#[derive(Debug)]
pub(in crate::app) struct Command {
    /// What is typed behind the slash.
    pub(in crate::app) name: &'static str,
    /// What is understood too.
    pub(in crate::app) aliases: &'static [&'static str],
    /// Its arguments, in order.
    pub(in crate::app) args: &'static [Arg],
    /// Where it stands in the overview.
    pub(super) group: Group,
    /// What it does, in one line.
    pub(super) about: &'static str,
    /// Sentences for those who want to know more; empty when the line says it all.
    pub(super) more: &'static str,
    /// Reads the arguments; what it leaves is too much.
    pub(super) read: fn(&mut Arguments<'_>) -> Result<Slash, Wrong>,
}

/// One argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) struct Arg {
    /// Its name in the usage line.
    pub(in crate::app) shown: &'static str,
    /// What it may be.
    pub(in crate::app) kind: Kind,
    /// Whether it may be left out.
    pub(in crate::app) is_optional: bool,
}

/// What an argument may be: what completion offers for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Kind {
    /// The name of a command.
    Command,
    /// The name of a profile.
    Profile,
    /// Names of profiles, separated by commas.
    Profiles,
    /// The name of a model, quoted where it holds spaces.
    Model,
    /// The name of a session, quoted where it holds spaces, its id, or its number in a list.
    Session,
    /// `KEY=VALUE`
    Setting,
    /// One of these.
    Words(&'static [&'static str]),
    /// A whole number from 1 on.
    Number,
    /// The name of a file, quoted where it holds spaces.
    Path,
    /// All the rest, in several lines if need be.
    Text,
}

/// The parts of the overview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Chat,
    Turns,
    Models,
    Files,
    Look,
}

impl Group {
    pub(super) const ALL: [Self; 5] =
        [Self::Chat, Self::Turns, Self::Models, Self::Files, Self::Look];

    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Turns => "turns",
            Self::Models => "models",
            Self::Files => "files",
            Self::Look => "look",
        }
    }
}

impl Command {
    /// `/save [N] FILE`
    pub(super) fn usage(&self) -> String {
        match self.args {
            [] => format!("/{}", self.name),
            args => format!("/{} {}", self.name, usage(args)),
        }
    }
}

/// Arguments as a usage line has them: `[N] FILE`.
pub(in crate::app) fn usage(args: &[Arg]) -> String {
    let shown = |arg: &Arg| {
        if arg.is_optional { format!("[{}]", arg.shown) } else { arg.shown.to_owned() }
    };
    args.iter().map(shown).collect::<Vec<_>>().join(" ")
}

const fn may(shown: &'static str, kind: Kind) -> Arg {
    Arg { shown, kind, is_optional: true }
}

const fn must(shown: &'static str, kind: Kind) -> Arg {
    Arg { shown, kind, is_optional: false }
}

const THINKING: &[&str] = &["auto", "show", "hide"];

/// Every command, in the order of the overview.
pub(in crate::app) const COMMANDS: &[Command] = &[
    Command {
        name: "help",
        aliases: &["?"],
        args: &[may("COMMAND", CommandName)],
        group: Group::Chat,
        about: "this list, or all about one command",
        more: "",
        read: |args| Ok(Slash::Help(args.word().map(str::to_owned))),
    },
    Command {
        name: "exit",
        aliases: &["quit", "bye", "q"],
        args: &[],
        group: Group::Chat,
        about: "leave; so do `exit`, `quit` and `:q` alone",
        more: "Ctrl-D on an empty line leaves, and Ctrl-C twice within a second.",
        read: |_| Ok(Slash::Exit),
    },
    Command {
        name: "new",
        aliases: &[],
        args: &[],
        group: Group::Chat,
        about: "begin a new conversation; `/undo` goes back",
        more: "The model forgets what was said; nothing is lost. Right after it, `/undo` goes back \
               to the conversation that was left, and later `/resume` does. Profile, model, system \
               prompt and settings stay.",
        read: |_| Ok(Slash::New),
    },
    Command {
        name: "clear",
        aliases: &[],
        args: &[],
        group: Group::Chat,
        about: "begin anew on an empty screen; `/undo` goes back",
        more: "As `/new`, and the screen is cleared. Nothing is lost.",
        read: |_| Ok(Slash::Clear),
    },
    Command {
        name: "sessions",
        aliases: &["history"],
        args: &[],
        group: Group::Chat,
        about: "list what was said before, the latest first",
        more: "`/resume N` goes on with one of them.",
        read: |_| Ok(Slash::Sessions),
    },
    Command {
        name: "resume",
        aliases: &["load"],
        args: &[may("WHICH", Session)],
        group: Group::Chat,
        about: "go on with another session; alone: list them",
        more: "WHICH is its number in the list, its name, its id or the beginning of that. Its profile \
               is used, and what was chosen there. The session that is left is not lost: at the \
               beginning of the other one `/undo` goes back to it, and so does `/resume`.",
        read: |args| Ok(Slash::Resume(args.name()?)),
    },
    Command {
        name: "search",
        aliases: &["find"],
        args: &[must("WORDS", Text)],
        group: Group::Chat,
        about: "find words in all sessions; quotes: a phrase",
        more: "Each word or phrase stands in the same question or answer; case is of no matter.",
        read: |args| {
            let mut words = Vec::new();
            while let Some(word) = args.name()? {
                words.push(word);
            }
            if words.is_empty() { Err(Wrong::Missing("WORDS")) } else { Ok(Slash::Search(words)) }
        },
    },
    Command {
        name: "rename",
        aliases: &["name", "title"],
        args: &[must("NAME|-", Text)],
        group: Group::Chat,
        about: "call this session something; `-`: nothing",
        more: "`byok -r=NAME` and `/resume NAME` find it by that.",
        read: |args| {
            let name = args.text().ok_or(Wrong::Missing("NAME|-"))?;
            Ok(Slash::Rename(match name.trim() {
                "-" => NameChange::Nothing,
                name => NameChange::To(name.to_owned()),
            }))
        },
    },
    Command {
        name: "fork",
        aliases: &["branch"],
        args: &[may("NAME", Text)],
        group: Group::Chat,
        about: "go on in a new session; this one stays as it is",
        more: "The new session begins with what was said up to here, and nothing of other branches.",
        read: |args| Ok(Slash::Fork(args.text().map(|name| name.trim().to_owned()))),
    },
    Command {
        name: "retry",
        aliases: &["regenerate"],
        args: &[may("PROFILE", Profile)],
        group: Group::Turns,
        about: "ask the last question again; the old answer stays",
        more: "With a profile, that one is asked, for this turn only. The new answer stands beside \
               the old one: `/tree` shows both, and `/tree N` goes back to the old one.",
        read: |args| Ok(Slash::Retry(args.word().map(str::to_owned))),
    },
    Command {
        name: "undo",
        aliases: &["rewind"],
        args: &[may("N", Number)],
        group: Group::Turns,
        about: "take back the last turn, or N; `/tree` keeps them",
        more: "A turn is a question with its answer. What is taken back is not sent any more, and \
               it is not lost: `/tree` shows it, and `/tree N` goes on from there. Right after \
               `/new` or `/clear` it goes back to the conversation that was left.",
        read: |args| Ok(Slash::Undo(args.number()?.unwrap_or(1))),
    },
    Command {
        name: "edit",
        aliases: &["editor"],
        args: &[may("N", Number)],
        group: Group::Turns,
        about: "edit the last question, or N-th last; ask again",
        more: "Opens `$VISUAL` or `$EDITOR` with the last question, or with the N-th from the end, \
               and asks what is saved there. The old question and what followed it stay: `/tree` \
               shows them. Without a question yet, the editor is empty. To write the next \
               question in the editor: Ctrl-G.",
        read: |args| Ok(Slash::Edit(args.number()?.unwrap_or(1))),
    },
    Command {
        name: "continue",
        aliases: &[],
        args: &[],
        group: Group::Turns,
        about: "go on with an answer that was cut or stopped",
        more: "",
        read: |_| Ok(Slash::Continue),
    },
    Command {
        name: "tree",
        aliases: &[],
        args: &[may("N", Number)],
        group: Group::Turns,
        about: "show every turn, or go on from turn N",
        more: "Every turn of this chat is there with its number: those that were taken back, tried \
               again or edited, too. Going to one loses nothing.",
        read: |args| Ok(Slash::Tree(args.number()?)),
    },
    Command {
        name: "compact",
        aliases: &["compress", "summarize"],
        args: &[may("TEXT", Text)],
        group: Group::Turns,
        about: "sum up the talk to make room; TEXT: what to keep",
        more: "The model writes a summary, and the conversation goes on from that. What it stands \
               for is not lost: `/tree` shows it.",
        read: |args| Ok(Slash::Compact(args.text())),
    },
    Command {
        name: "profile",
        aliases: &[],
        args: &[may("NAME|-", Profile)],
        group: Group::Models,
        about: "list profiles, or switch; `-` switches back",
        more: "The whole conversation goes along, to any vendor and back. Reasoning and signatures \
               are kept, and sent only to the server that issued them.",
        read: |args| {
            Ok(Slash::Profile(args.word().map(|word| match word {
                "-" => Switch::Back,
                name => Switch::To(name.to_owned()),
            })))
        },
    },
    Command {
        name: "model",
        aliases: &[],
        args: &[may("NAME", Model)],
        group: Group::Models,
        about: "show the model, or take another one",
        more: "Quotes keep a name with spaces together: `/model \"my deployment\"`.",
        read: |args| Ok(Slash::Model(args.name()?)),
    },
    Command {
        name: "models",
        aliases: &[],
        args: &[],
        group: Group::Models,
        about: "list the models that the server offers",
        more: "",
        read: |_| Ok(Slash::Models),
    },
    Command {
        name: "ask",
        aliases: &[],
        args: &[must("PROFILE", Profile), must("TEXT", Text)],
        group: Group::Models,
        about: "ask another profile, for this turn only",
        more: "It sees the whole conversation, and the answer becomes part of that.",
        read: |args| {
            let profile = args.word().ok_or(Wrong::Missing("PROFILE"))?.to_owned();
            Ok(Slash::Ask { profile, text: args.text().ok_or(Wrong::Missing("TEXT"))? })
        },
    },
    Command {
        name: "compare",
        aliases: &[],
        args: &[must("P1,P2", Profiles), must("TEXT", Text)],
        group: Group::Models,
        about: "ask two profiles or more the same",
        more: "They are asked one after another, and Ctrl-C ends all of it. The conversation goes on \
               from the answer of the profile in use, else from the first one; `/tree` shows all \
               of them, and `/tree N` goes on from the one you like.",
        read: |args| {
            let profiles = profiles(args.word().ok_or(Wrong::Missing("P1,P2"))?)?;
            Ok(Slash::Compare { profiles, text: args.text().ok_or(Wrong::Missing("TEXT"))? })
        },
    },
    Command {
        name: "system",
        aliases: &[],
        args: &[may("TEXT|-", Text)],
        group: Group::Models,
        about: "show or set the system prompt; `-` sends none",
        more: "It holds for this chat; the profile stays as it is.",
        read: |args| {
            Ok(Slash::System(args.text().map(|text| match text.trim() {
                "-" => SystemChange::Nothing,
                _ => SystemChange::To(text),
            })))
        },
    },
    Command {
        name: "set",
        aliases: &[],
        args: &[may("KEY=VALUE", Setting)],
        group: Group::Models,
        about: "list or change settings; `KEY=` takes one back",
        more: "Any key of a profile, as `--set` takes it: `/set temperature=0.2`, \
               `/set timeouts.total=2m`. It holds for this chat.",
        read: |args| args.text().map(|text| setting(&text)).transpose().map(Slash::Set),
    },
    Command {
        name: "file",
        aliases: &[],
        args: &[may("PATH|-", Path)],
        group: Group::Files,
        about: "attach a text file; `-` takes the last one back",
        more: "The file goes with your next question; without PATH, it lists what waits. \
               Quotes or a backslash keep a name with spaces together: `/file \"my notes.txt\"`, \
               `/file my\\ notes.txt`. `@notes.txt` in a question attaches a file, too.",
        read: |args| {
            if args.takes("-") {
                return Ok(Slash::File(Some(FileChange::TakeBack)));
            }
            Ok(Slash::File(args.name()?.map(|name| FileChange::Add(name.into()))))
        },
    },
    Command {
        name: "copy",
        aliases: &[],
        args: &[may("N", Number)],
        group: Group::Files,
        about: "copy the last answer, or its N-th code block",
        more: "",
        read: |args| Ok(Slash::Copy(args.number()?)),
    },
    Command {
        name: "save",
        aliases: &[],
        args: &[may("N", Number), must("FILE", Path)],
        group: Group::Files,
        about: "save the last answer, or its N-th code block",
        more: "A file whose name is a number: `/save ./3`.",
        read: |args| {
            let block = args.leading_number()?;
            match (args.name()?, block) {
                (Some(name), _) => Ok(Slash::Save { block, path: name.into() }),
                (None, Some(number)) => Err(Wrong::NumberForFile(number)),
                (None, None) => Err(Wrong::Missing("FILE")),
            }
        },
    },
    Command {
        name: "export",
        aliases: &[],
        args: &[must("FILE", Path)],
        group: Group::Files,
        about: "save the conversation: Markdown, HTML or JSON",
        more: "A page when the name ends in `.html`, all there is to know when it ends in `.json`, else \
               Markdown.",
        read: |args| Ok(Slash::Export(args.path("FILE")?)),
    },
    Command {
        name: "raw",
        aliases: &[],
        args: &[],
        group: Group::Look,
        about: "the last answer once more, as it came",
        more: "Its Markdown is not rendered; what could drive the terminal shows as marks.",
        read: |_| Ok(Slash::Raw),
    },
    Command {
        name: "thinking",
        aliases: &[],
        args: &[may("HOW", Words(THINKING))],
        group: Group::Look,
        about: "how thinking is shown",
        more: "`auto` folds it to one line when it is done; alone, it turns to `show` and back. It changes what you see, not what is asked of the model: that is \
               `/set effort=VALUE`.",
        read: |args| match args.word() {
            None => Ok(Slash::Thinking(None)),
            Some("auto") => Ok(Slash::Thinking(Some(Thinking::Auto))),
            Some("show") => Ok(Slash::Thinking(Some(Thinking::Show))),
            Some("hide") => Ok(Slash::Thinking(Some(Thinking::Hide))),
            Some(word) => Err(Wrong::NoneOf(THINKING, word.to_owned())),
        },
    },
    Command {
        name: "show",
        aliases: &[],
        args: &[],
        group: Group::Look,
        about: "what would be sent, and where to",
        more: "Nothing is sent, and no key is shown.",
        read: |_| Ok(Slash::Show),
    },
    Command {
        name: "context",
        aliases: &[],
        args: &[],
        group: Group::Look,
        about: "how full the model's window is",
        more: "",
        read: |_| Ok(Slash::Context),
    },
    Command {
        name: "usage",
        aliases: &["tokens", "cost", "stats"],
        args: &[],
        group: Group::Look,
        about: "the tokens of this chat",
        more: "",
        read: |_| Ok(Slash::Usage),
    },
];

/// The command of this name or alias; the slash may stand before it.
pub(in crate::app) fn find(word: &str) -> Option<&'static Command> {
    let word = word.strip_prefix('/').unwrap_or(word);
    COMMANDS.iter().find(|command| command.name == word || command.aliases.contains(&word))
}

/// The words that begin with `prefix`: names, and aliases only where no name does.
pub(in crate::app) fn beginning_with(prefix: &str) -> Vec<(&'static str, &'static Command)> {
    let names = || COMMANDS.iter().map(|command| (command.name, command));
    let aliases =
        || COMMANDS.iter().flat_map(|command| command.aliases.iter().map(move |it| (*it, command)));
    let fits = |(word, _): &(&str, &Command)| word.starts_with(prefix);
    let found: Vec<_> = names().filter(fits).collect();
    if found.is_empty() { aliases().filter(fits).collect() } else { found }
}
