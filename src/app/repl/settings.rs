//! What the next turn will be asked of: profiles, models, system prompts, keys of a profile.

use std::collections::BTreeMap;

use super::{Done, Leave, Stopped, state::Chat, watch::Place};
use crate::{
    app::{
        failure::{Failure, Kind},
        link::Link,
        models_cmd, output, profiles_cmd,
        signals::Stop,
        slash::{Setting, Switch, SystemChange},
        turn::RUNS_COMMAND,
    },
    config::{self, Effective, Fault, Flags, Mistake, Origin, Spot, Thinking},
    sessions::Chosen,
    term::{self, sanitize_line},
};

/// What flags and commands say, apart for the chat and for each profile.
#[derive(Clone)]
pub(super) struct Settings {
    /// The profile that the flags chose.
    first: String,
    /// What follows the conversation to every profile; with what `--profile` said, if it did.
    common: Flags,
    /// What belongs to one profile's server.
    own: BTreeMap<String, Flags>,
    /// `/system -`
    has_no_system: bool,
    /// For a profile that has no system prompt of its own: that of the profile which the conversation
    /// began with.
    first_system: Option<SystemPrompt>,
}

/// The system prompt of a profile, which goes on to one that has none.
#[derive(Clone)]
struct SystemPrompt {
    /// The profile whose it is.
    of: String,
    text: String,
}

impl Settings {
    /// Takes the flags apart.
    pub(super) fn new(first: String, mut flags: Flags) -> Self {
        let own = BTreeMap::from([(first.clone(), flags.split_off_server())]);
        Self { first, common: flags, own, has_no_system: false, first_system: None }
    }

    /// The flags with which `profile` is resolved.
    pub(super) fn flags(&self, profile: &str) -> Flags {
        let mut flags = match self.own.get(profile) {
            Some(own) => self.common.with_server(own),
            None => self.common.clone(),
        };
        if profile != self.first {
            flags.profile = Some(profile.to_owned());
        }
        flags
    }

    /// Whether `/system -` took the system prompt away.
    pub(super) fn has_no_system(&self) -> bool {
        self.has_no_system
    }

    /// The variables that flags name as the places of keys.
    pub(super) fn key_variables(&self) -> impl Iterator<Item = String> {
        let named = |own: &Flags| [own.api_key_env.clone(), own.bearer_token_env.clone()];
        self.own.values().flat_map(named).flatten()
    }

    /// The flags that speak of `key`.
    fn place_of(&mut self, profile: &str, key: &str) -> &mut Flags {
        if config::is_of_a_server(key) {
            self.own.entry(profile.to_owned()).or_default()
        } else {
            &mut self.common
        }
    }
}

impl Chat<'_> {
    /// `/profile`
    pub(super) fn profile(&mut self, switch: Option<Switch>) -> Done {
        match switch {
            None => {
                let listed = profiles_cmd::list_in_use(&self.loaded, self.env, &self.current);
                output::print(&listed.text)?;
                self.console.aside(&format!(
                    "in use: `{}`; `/profile NAME` switches",
                    sanitize_line(&self.current)
                ));
                Ok(())
            }
            Some(Switch::To(name)) => self.switch(&name),
            Some(Switch::Back) => {
                let back = self.previous.clone().ok_or_else(|| {
                    Failure::usage("there is no profile to go back to")
                        .hint("`/profile NAME` switches, `/profile` lists them")
                })?;
                self.switch(&back)
            }
        }
    }

    /// Goes on with another profile.
    fn switch(&mut self, name: &str) -> Done {
        self.reach(name)?;
        self.say_what_follows(name)?;
        if name != self.current {
            self.previous = Some(std::mem::replace(&mut self.current, name.to_owned()));
        }
        self.say_profile();
        self.refresh_assistant();
        Ok(())
    }

    /// Says who answers from here on.
    pub(super) fn say_profile(&self) {
        let link = self.link();
        let wire = link.target.endpoint.wire.name();
        let model = sanitize_line(&link.target.model);
        let name = sanitize_line(&self.current);
        self.console.aside(&format!("profile `{name}`: `{model}` {} ({wire})", link.place()));
    }

    /// Goes on with the profile of another session, and with what was chosen there. When that cannot
    /// be, all stays as it was.
    pub(super) fn go_over_to(&mut self, profile: &str, chosen: Chosen) -> Result<(), Failure> {
        self.reach(profile)?;
        let before = std::mem::replace(&mut self.current, profile.to_owned());
        let Chosen { model, system } = chosen;
        let changed = self.change(|settings| {
            if let Some(model) = model {
                let own = settings.place_of(profile, "model");
                own.unsay("model");
                own.model = Some(model);
            }
            if let Some(system) = system {
                settings.has_no_system = system.is_empty();
                settings.common.unsay("system");
                settings.common.system = Some(system).filter(|text| !text.is_empty());
            }
        });
        if let Err(failure) = changed {
            self.current = before;
            return Err(failure);
        }
        self.forget_system();
        if before != self.current {
            self.previous = Some(before);
        }
        Ok(())
    }

    /// The conversation is another one: what it began with is not known here.
    pub(super) fn forget_system(&mut self) {
        self.settings.first_system = None;
    }

    /// Prepares a profile for a turn or more, and says what it gets of the conversation.
    pub(super) fn reach_for_turns(&mut self, profile: &str) -> Result<(), Failure> {
        self.reach(profile)?;
        self.say_what_follows(profile)
    }

    /// Says what `profile` gets of the conversation, and what it does not, each once.
    fn say_what_follows(&mut self, profile: &str) -> Result<(), Failure> {
        let Some(link) = self.links.get(profile).filter(|_| profile != self.current) else {
            return Ok(());
        };
        let issuer = link.target.issuer();
        let has_own = link.effective.system_prompt()?.is_some();
        if let Some(SystemPrompt { of, .. }) = self.system_that_follows()
            && !has_own
            && of != profile
            && !self.settings.has_no_system
        {
            let of = sanitize_line(of);
            self.notice_once(&format!(
                "the system prompt of `{of}` goes along; `/system -` leaves it out"
            ));
        }
        self.say_what_stays(&issuer);
        Ok(())
    }

    fn say_what_stays(&mut self, issuer: &str) {
        let left = self.session.conversation().leaves_behind(issuer);
        if left.reasoning + left.opaque > 0 {
            self.notice_once(
                "thinking stays with the one who thought it: others get the questions and answers",
            );
        }
    }

    /// Prepares a profile, if it is not ready yet.
    pub(super) fn reach(&mut self, profile: &str) -> Result<(), Failure> {
        if self.links.contains_key(profile) {
            return Ok(());
        }
        let effective = self.resolve(profile)?;
        let cache = self.loaded.paths.cache.clone();
        let link = Link::new(effective, self.env, &cache, &self.runtime, false)?.keep_alive();
        for notice in link.notices() {
            self.warn_once(&notice);
        }
        self.links.insert(profile.to_owned(), link);
        Ok(())
    }

    /// `/model`
    pub(super) fn model(&mut self, name: Option<String>) -> Done {
        let Some(name) = name else {
            let model = sanitize_line(self.names().1);
            self.console
                .aside(&format!("model `{model}`; `/model NAME` changes it, `/models` lists"));
            return Ok(());
        };
        let current = self.current.clone();
        self.change(|settings| {
            let own = settings.place_of(&current, "model");
            own.unsay("model");
            own.model = Some(name.clone());
        })?;
        self.say_what_stays(&self.link().target.issuer());
        self.console.aside(&format!("model `{}`", sanitize_line(&name)));
        Ok(())
    }

    /// `/models`
    pub(super) fn models(&mut self) -> Done {
        let Self { links, current, runtime, signals, console, watch, .. } = self;
        let Some(link) = links.get_mut(current) else { return Ok(()) };
        let is_lent = link.runs_command();
        if is_lent {
            console.aside(RUNS_COMMAND);
            watch.at(Place::Lent);
        }
        let listed = runtime.block_on(async {
            tokio::select! {
                models = link.models() => Ok(models),
                stop = signals.next() => Err(stop),
            }
        });
        let stop = runtime.block_on(signals.take_stop());
        if is_lent {
            watch.at(Place::Work);
        }
        // The command may be gone before we hear of the Ctrl-C that ended it.
        let listed = match (listed, stop) {
            (Ok(Err(_)), Some(stop)) => Err(stop),
            (listed, _) => listed,
        };
        let models = match listed {
            Ok(models) => models?,
            Err(Stop::Interrupt) => {
                self.console.aside("stopped before the list came");
                return Err(self.pressed());
            }
            Err(Stop::Terminate) => return Err(Stopped::Left(Leave(Kind::Terminated.code()))),
        };
        models_cmd::print(&models, self.console)?;
        Ok(())
    }

    /// `/system`
    pub(super) fn system(&mut self, change: Option<SystemChange>) -> Done {
        match change {
            None => match self.system_for(&self.current.clone())? {
                Some(system) => {
                    output::print(&format!("{}\n", crate::term::sanitize(&system)))?;
                }
                None => self.console.aside("there is no system prompt; `/system TEXT` sets one"),
            },
            Some(SystemChange::To(text)) => {
                self.change(|settings| {
                    settings.has_no_system = false;
                    settings.common.unsay("system");
                    settings.common.system = Some(text);
                })?;
                self.console.aside("the system prompt is set, for every profile of this chat");
            }
            Some(SystemChange::Nothing) => {
                self.settings.has_no_system = true;
                self.console.aside("no system prompt is sent any more");
            }
        }
        Ok(())
    }

    /// The system prompt that a request to `profile` carries.
    pub(super) fn system_for(&self, profile: &str) -> Result<Option<String>, Failure> {
        if self.settings.has_no_system {
            return Ok(None);
        }
        let own = self.system_of(profile)?;
        let system = own.as_ref().or_else(|| self.system_that_follows());
        Ok(system.map(|system| system.text.clone()))
    }

    /// The system prompt that the conversation began with, for who has none.
    fn system_that_follows(&self) -> Option<&SystemPrompt> {
        // What was said before a new conversation has nothing to do with it.
        self.settings.first_system.as_ref().filter(|_| !self.is_new())
    }

    /// A profile's own system prompt, or the one that a flag or a command gives to all.
    fn system_of(&self, profile: &str) -> Result<Option<SystemPrompt>, Failure> {
        let own = match self.links.get(profile) {
            Some(link) => link.effective.system_prompt()?,
            None => None,
        };
        Ok(own.map(|text| SystemPrompt { of: profile.to_owned(), text }))
    }

    /// Notes whose system prompt the conversation begins with, when it does.
    pub(super) fn note_beginning(&mut self, profile: &str) -> Result<(), Failure> {
        if self.is_new() {
            // What a flag or a command says holds for every profile, and only as long as it is said.
            let is_own = !self.links.get(profile).is_some_and(says_system);
            self.settings.first_system = self.system_of(profile)?.filter(|_| is_own);
        }
        Ok(())
    }

    fn is_new(&self) -> bool {
        self.session.conversation().head().is_none()
    }

    /// `/set`
    pub(super) fn set(&mut self, setting: Option<Setting>) -> Done {
        let current = self.current.clone();
        match setting {
            None => self.list_settings()?,
            Some(Setting::To { key, value }) => {
                let entry = format!("{key}={value}");
                let said = format!("set `{}`", sanitize_line(&entry));
                self.change(|settings| {
                    settings.has_no_system &= !is_system(&key);
                    let flags = settings.place_of(&current, &key);
                    // A flag would go before it.
                    flags.unsay(&key);
                    flags.set.push(entry);
                })?;
                self.console.aside(&said);
            }
            Some(Setting::Reset(key)) => {
                let shown = sanitize_line(&key);
                let mut was_set = false;
                self.change(|settings| {
                    was_set = is_system(&key) && std::mem::take(&mut settings.has_no_system);
                    was_set |= settings.place_of(&current, &key).unsay(&key);
                })?;
                if !was_set {
                    return Err(Failure::usage(format!("`{shown}` was not set"))
                        .hint("`/set` lists what was set")
                        .into());
                }
                self.console.aside(&format!("`{shown}` is as the profile says"));
            }
        }
        Ok(())
    }

    /// What flags and commands say of the profile in use, in the order of the table of keys.
    fn list_settings(&self) -> Result<(), Failure> {
        let mut lines = String::new();
        for (path, sourced) in self.link().effective.values.iter() {
            if matches!(sourced.origin, Origin::Flag(_)) {
                let shown = sourced.shown(path, self.env);
                lines.push_str(&sanitize_line(&format!("{path}={shown}")));
                lines.push('\n');
            }
        }
        if lines.is_empty() {
            self.console.aside("nothing is set; `/set temperature=0.2` sets a key of the profile");
        }
        output::print(&lines)
    }

    /// `/thinking`
    pub(super) fn thinking(&mut self, wish: Option<Thinking>) -> Done {
        let wish = match (wish, self.link().effective.thinking) {
            (Some(wish), _) => wish,
            (None, Thinking::Show) => Thinking::Auto,
            (None, Thinking::Auto | Thinking::Hide) => Thinking::Show,
        };
        let word = match wish {
            Thinking::Auto => "auto",
            Thinking::Show => "show",
            Thinking::Hide => "hide",
        };
        self.change(|settings| {
            settings.common.unsay("thinking");
            settings.common.thinking = Some(word.to_owned());
        })?;
        self.console.aside(match self.link().thinking(self.console) {
            term::Thinking::Show => "thinking is shown from now on",
            term::Thinking::Fold => "thinking is folded to one line from now on",
            term::Thinking::Hide if wish == Thinking::Auto => {
                "thinking stays hidden: standard error is no terminal"
            }
            term::Thinking::Hide => "thinking is hidden from now on",
        });
        Ok(())
    }

    fn resolve(&mut self, profile: &str) -> Result<Effective, Failure> {
        let flags = self.settings.flags(profile);
        let effective = self.loaded.resolve(&flags, self.env).map_err(as_typed)?;
        for notice in effective.notices.clone() {
            self.notice_once(&notice);
        }
        Ok(effective)
    }

    /// Changes settings and makes them hold; when they cannot, all stays as it was.
    fn change(&mut self, change: impl FnOnce(&mut Settings)) -> Result<(), Failure> {
        let before = self.settings.clone();
        change(&mut self.settings);
        self.apply_all().inspect_err(|_| self.settings = before)?;
        self.refresh_assistant();
        Ok(())
    }

    /// Makes what was changed hold for a profile that is in use.
    fn apply(&mut self, profile: &str) -> Result<(), Failure> {
        let effective = self.resolve(profile)?;
        match self.links.get_mut(profile) {
            Some(link) => link.change(effective, self.env),
            None => Ok(()),
        }
    }

    /// The same for all of them: nothing is changed when the one in use cannot be.
    fn apply_all(&mut self) -> Result<(), Failure> {
        let profiles: Vec<String> = self.links.keys().cloned().collect();
        self.apply(&self.current.clone())?;
        for profile in profiles {
            if profile != self.current && self.apply(&profile).is_err() {
                // It is prepared anew, and says why it cannot be, when it is asked for.
                self.links.remove(&profile);
            }
        }
        Ok(())
    }
}

fn is_system(key: &str) -> bool {
    matches!(key, "system" | "system_file" | "systemFile")
}

/// An error of the configuration, where nothing was typed on a command line.
fn as_typed(error: config::Error) -> Failure {
    let fault = match &error {
        config::Error::Mistakes(mistakes) => match mistakes.first() {
            Some(Mistake { spot: Spot::Flag("--set"), fault, .. }) => Some(fault),
            _ => None,
        },
        _ => None,
    };
    if let Some(Fault::SecretInArgument(key)) = fault {
        return Failure::usage(format!("`{key}` is not typed where the screen shows it"))
            .hint("name a variable that holds it: `/set api_key_env=NAME`");
    }
    let fault = fault.map(ToString::to_string);
    let mut failure = Failure::from(error);
    if let Some(fault) = fault {
        failure.report.message = fault;
    }
    failure
}

/// Whether a flag or a command sets the system prompt.
fn says_system(link: &Link) -> bool {
    let values = &link.effective.values;
    let mut said = ["system", "system_file"].into_iter().filter_map(|key| values.get(key));
    said.any(|sourced| matches!(sourced.origin, Origin::Flag(_)))
}
