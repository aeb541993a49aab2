//! What a chat consists of.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::Instant,
};

use tokio::runtime::Runtime;
use unicode_width::UnicodeWidthStr as _;

use super::{
    Leave, Stopped, sessions,
    settings::Settings,
    show::Sum,
    watch::{TWICE, Watch},
    words,
};
use crate::{
    app::{
        assist::Assistant,
        attach::Attachment,
        cli::ChatArgs,
        connection::{self, Connection},
        failure::{Failure, Kind},
        flags, keeping,
        link::{Link, PATIENCE},
        rendering::{self, Rendering},
        signals::Signals,
    },
    config::{Env, Flags, Loaded},
    sessions::{Session, SessionId, Store},
    term::{Console, columns, sanitize_line},
};

/// The chat, without the line that is typed into it.
pub(super) struct Chat<'a> {
    /// Goes first: the terminal is as it was before anything else takes time.
    pub(super) watch: Watch,
    pub(super) env: &'a Env,
    pub(super) console: Console,
    pub(super) loaded: Loaded,
    pub(super) settings: Settings,
    pub(super) store: Store,
    pub(super) session: Session,
    /// Sessions that were left for another one, latest last.
    pub(super) left: Vec<Session>,
    /// The sessions of the list that was shown last, by their numbers there.
    pub(super) listed: Vec<SessionId>,
    /// What was counted so far, by profile and model.
    pub(super) counted: BTreeMap<(String, String), Sum>,
    /// Files that go with the next message.
    pub(super) waiting: Vec<Attachment>,
    /// What was told already and is not told again.
    pub(super) told: Vec<String>,
    /// When Ctrl-C was pressed last.
    pub(super) last_press: Option<Instant>,
    /// Whether anything may be written to disk.
    pub(super) saves: bool,
    /// Whether answers come in pieces.
    pub(super) streams: bool,
    /// How answers are shown.
    pub(super) rendering: Rendering,
    pub(super) signals: Signals,
    pub(super) assistant: Assistant,
    /// The profiles that were used so far. Their demo servers live in the runtime, so they go first.
    pub(super) links: BTreeMap<String, Link>,
    pub(super) current: String,
    /// The profile before the last switch.
    pub(super) previous: Option<String>,
    pub(super) runtime: Runtime,
}

impl<'a> Chat<'a> {
    /// Prepares the first profile. Nothing is sent.
    pub(super) fn begin(
        args: &ChatArgs,
        env: &'a Env,
        loaded: Loaded,
        runtime: Runtime,
        signals: Signals,
        console: Console,
        watch: Watch,
    ) -> Result<Self, Failure> {
        let mut flags = flags::of_chat(args);
        let mut told = Vec::new();
        for notice in &loaded.notices {
            console.notice(notice);
            told.push(notice.clone());
        }
        let store = keeping::store(env, &loaded, console);
        let saves = keeping::is_kept(&args.session, &loaded);
        let session = keeping::begin(&args.session, env, &store, saves, console)?;
        keeping::take_choices(&session, &mut flags, console);
        let effective = loaded.resolve(&flags, env)?;
        let current = effective.profile.clone();
        for notice in &effective.notices {
            console.notice(notice);
            told.push(notice.clone());
        }
        let link = Link::new(effective, env, &loaded.paths.cache, &runtime, false)?.keep_alive();
        for notice in link.notices() {
            console.warning(&notice);
            told.push(notice);
        }
        let waiting = args.files.iter().map(|path| Attachment::given(path));
        let waiting = waiting.collect::<Result<Vec<_>, _>>()?;
        for attachment in &waiting {
            console.notice(&format!("attached {}", attachment.receipt()));
        }
        let assistant = {
            let (loaded, env) = (loaded.clone(), env.clone());
            let home = loaded.paths.home.clone();
            Assistant::new(Box::new(move |text| loaded.holds_key(&env, text)), home)
        };
        let profiles = loaded.profiles(env).into_iter().map(|listed| listed.name);
        assistant.set_profiles(profiles.collect());
        let named_in = store.clone();
        assistant.set_sessions(Box::new(move || sessions::names(&named_in)));
        let mut chat = Self {
            watch,
            env,
            console,
            settings: Settings::new(current.clone(), flags),
            store,
            session,
            left: Vec::new(),
            listed: Vec::new(),
            counted: BTreeMap::new(),
            waiting,
            told,
            last_press: None,
            saves,
            streams: !args.answer.no_stream,
            rendering: rendering::of_chat(args, loaded.screen(), console),
            signals,
            assistant,
            links: BTreeMap::from([(current.clone(), link)]),
            current,
            previous: None,
            loaded,
            runtime,
        };
        chat.refresh_assistant();
        chat.say_unkept();
        Ok(chat)
    }

    /// Two lines, so that a person knows who will answer and how to go on; on a narrow terminal the
    /// first one is broken where it hurts least.
    pub(super) fn greet(&self) {
        const HOW: &str = "`/help` lists the commands, Tab completes them, Ctrl-D leaves";
        const HOW_IN_SHORT: &str = "`/help` lists commands, Ctrl-D leaves";

        let link = self.link();
        let effective = &link.effective;
        let server = format!("`{}` {}", sanitize_line(&link.target.model), link.place());
        let profile = sanitize_line(&effective.profile);
        let profile = format!("profile `{profile}` ({})", effective.choice.in_words());
        let columns = columns();
        let is_narrow = server.width() + ", ".len() + profile.width() > columns;
        let break_or_space = if is_narrow { '\n' } else { ' ' };
        self.console.aside(&format!("{server},{break_or_space}{profile}"));
        self.console.aside(if HOW.len() > columns { HOW_IN_SHORT } else { HOW });
    }

    /// The profile in use.
    pub(super) fn link(&self) -> &Link {
        // It is put there before it becomes the current one, and nothing is taken out.
        &self.links[&self.current]
    }

    /// Profile and model, as the prompt names them.
    pub(super) fn names(&self) -> (&str, &str) {
        (&self.current, self.link().model())
    }

    /// The home folder, which `~/` stands for.
    pub(super) fn home(&self) -> Option<&Path> {
        self.loaded.paths.home.as_deref()
    }

    /// Notes a press of Ctrl-C. `true`: it is the second in a row, which leaves.
    pub(super) fn press(&mut self) -> bool {
        let before = self.last_press.replace(Instant::now());
        before.is_some_and(|before| before.elapsed() < TWICE)
    }

    /// A press before a line has nothing to do with one behind it.
    pub(super) fn forget_presses(&mut self) {
        self.last_press = None;
        self.watch.count_line();
    }

    /// Ctrl-C stopped what was done; a second one leaves.
    pub(super) fn pressed(&mut self) -> Stopped {
        if self.press() {
            Stopped::Left(Leave(Kind::Interrupted.code()))
        } else {
            Stopped::Interrupted
        }
    }

    /// The variables that no other program gets to see.
    pub(super) fn hidden(&self) -> BTreeSet<String> {
        let mut hidden = self.loaded.key_variables();
        hidden.extend(self.settings.key_variables());
        hidden
    }

    /// Whether Ctrl-C was pressed since this was asked last, outside of the line editor.
    pub(super) fn was_interrupted(&mut self) -> bool {
        let Self { runtime, signals, .. } = self;
        runtime.block_on(signals.take_interrupt())
    }

    /// Tells a failure, after which the chat goes on.
    pub(super) fn tell(&self, failure: Failure) {
        if !failure.is_closed_pipe {
            self.console.error(&words::in_the_chat(failure).report);
        }
    }

    /// Says something once.
    pub(super) fn notice_once(&mut self, notice: &str) {
        if self.is_news(notice) {
            self.console.notice(notice);
        }
    }

    /// Warns of something once.
    pub(super) fn warn_once(&mut self, warning: &str) {
        if self.is_news(warning) {
            self.console.warning(warning);
        }
    }

    /// Whether a line was not told yet; from now on it was.
    fn is_news(&mut self, line: &str) -> bool {
        let is_news = !self.told.iter().any(|told| told == line);
        if is_news {
            self.told.push(line.to_owned());
        }
        is_news
    }

    /// Tells completion whom it completes for.
    pub(super) fn refresh_assistant(&mut self) {
        let (loaded, env) = (self.loaded.clone(), self.env.clone());
        let flags = self.settings.flags(&self.current);
        // With a connection of its own: while a line is typed, nothing else is at work.
        let list = Box::new(move || models_of(&loaded, &flags, &env));
        self.assistant.set_profile(&self.current, list);
    }
}

/// The models that a profile's server offers, if they come soon.
fn models_of(loaded: &Loaded, flags: &Flags, env: &Env) -> Vec<String> {
    let list = || {
        let mut effective = loaded.resolve(flags, env).ok()?;
        let runtime = connection::runtime().ok()?;
        let mut connection = Connection::prepare(&runtime, &mut effective, env, false).ok()?;
        Some(connection.model_ids(&runtime, &effective, PATIENCE))
    };
    list().unwrap_or_default()
}
