//! Sessions in the chat: finding them, going on with them, naming them.

use jiff::Timestamp;

use super::{Done, state::Chat};
use crate::{
    app::{
        failure::Failure,
        keeping, output,
        sessions_cmd::{self, Numbering},
        slash::NameChange,
    },
    sessions::{Opened, Query, Session, SessionId, Store},
    term::{columns, sanitize_line},
};

/// How many sessions are listed.
const MOST: usize = 15;

/// How many names are completed from.
const MOST_NAMES: usize = 200;

impl Chat<'_> {
    /// `/sessions`
    pub(super) fn sessions(&mut self) -> Done {
        let catalog = self.store.catalog()?;
        sessions_cmd::warn_of_unreadable(&catalog, self.console);
        let shown: Vec<_> = catalog.entries.iter().take(MOST).collect();
        if shown.is_empty() {
            self.console.aside("there is no session yet: your first question makes one");
            return Ok(());
        }
        let numbering = Numbering::Numbers(Some(self.session.id()));
        let rows =
            sessions_cmd::rows(&shown, &catalog.entries, numbering, Timestamp::now(), columns());
        output::print(&rows)?;
        self.listed = shown.iter().map(|entry| entry.id.clone()).collect();
        let more = catalog.entries.len() - shown.len();
        let more = if more > 0 {
            format!("; {more} more: `/search WORDS` finds them")
        } else {
            String::new()
        };
        self.console.aside(&format!("`/resume N` goes on with one{more}"));
        Ok(())
    }

    /// `/search`
    pub(super) fn search(&mut self, words: Vec<String>) -> Done {
        let query = Query { texts: words, ..Query::default() };
        let found = self.store.search(&query, sessions_cmd::MOST_FOUND)?;
        if found.is_empty() {
            self.console.aside("nothing was found");
            return Ok(());
        }
        sessions_cmd::show_found(&found, Timestamp::now(), columns(), self.console)?;
        self.console.aside("`/resume ID` goes on with one");
        Ok(())
    }

    /// `/resume`
    pub(super) fn resume(&mut self, which: Option<&str>) -> Done {
        let Some(which) = which else { return self.sessions() };
        let id = self.meant(which)?;
        if id == *self.session.id() {
            self.console.aside("this is the session that you are in");
            return Ok(());
        }
        // One that was left is held by this process itself.
        let (opened, at) = match self.left.iter().position(|left| left.id() == &id) {
            Some(at) => {
                let session = self.left.remove(at);
                let (damage, missing) = (Vec::new(), Vec::new());
                (Opened { session, is_fork: false, damage, missing }, Some(at))
            }
            None => (self.store.open(&self.store.path(&id)?, self.saves)?, None),
        };
        if let Err(failure) = self.take_over(&opened.session) {
            if let Some(at) = at {
                self.left.insert(at, opened.session);
            }
            return Err(failure.into());
        }
        let session = keeping::resumed(opened, None, self.console);
        self.leave_for(session);
        self.say_profile();
        Ok(())
    }

    /// `/rename`
    pub(super) fn rename(&mut self, change: NameChange) -> Done {
        if !self.saves {
            return Err(
                Failure::usage("this chat is not kept, so nothing finds it by a name").into()
            );
        }
        let name = match change {
            NameChange::Nothing => None,
            NameChange::To(name) => Some(self.checked(&name, self.session.id())?),
        };
        self.console.aside(&match &name {
            Some(name) => format!("this session is called `{name}`"),
            None => "this session has no name any more".to_owned(),
        });
        self.session.rename(name);
        self.say_unkept();
        Ok(())
    }

    /// `/fork`
    pub(super) fn fork(&mut self, name: Option<String>) -> Done {
        if self.session.conversation().head().is_none() {
            return Err(Failure::usage("there is nothing yet that a fork could begin with").into());
        }
        let mut fork = self.session.fork(self.store.place(), self.saves.then_some(&self.store));
        if let Some(name) = name {
            let name = self.checked(&name, fork.id())?;
            fork.rename(Some(name));
        }
        let (old, new) = (self.session.id().clone(), fork.id().clone());
        self.leave_for(fork);
        self.console.aside(&format!(
            "from here on this is session `{}`; `/resume {}` goes back to the one before",
            new.short(),
            old.short()
        ));
        Ok(())
    }

    /// Goes back to a session that was left.
    pub(super) fn go_back_to(&mut self, left: Session) {
        let mut session = std::mem::replace(&mut self.session, left);
        session.settle();
        self.forget_system();
    }

    /// Says how to go on with this chat another time.
    pub(super) fn say_how_to_come_back(&self) {
        if self.session.is_stored() {
            self.console.aside(&format!(
                "`byok -c` goes on with this, `byok -r={}` from anywhere",
                self.session.id().short()
            ));
        }
    }

    /// The session that a person means: a number of the last list, a name or an id.
    fn meant(&self, which: &str) -> Result<SessionId, Failure> {
        if let Ok(number) = which.parse::<usize>()
            && let Some(id) = number.checked_sub(1).and_then(|at| self.listed.get(at))
        {
            return Ok(id.clone());
        }
        // One that has no file yet is known here only.
        let has_it =
            |session: &&Session| session.id().as_str().starts_with(which) && which.len() >= 4;
        if let Some(left) = self.left.iter().rev().find(|left| has_it(left) && !left.is_stored()) {
            return Ok(left.id().clone());
        }
        let path = self.store.find(which)?;
        let listed = self.store.list()?;
        let found = listed.into_iter().find(|listed| listed.path == path);
        found
            .map(|listed| listed.id)
            .ok_or_else(|| Failure::usage(format!("there is no session `{which}`")))
    }

    /// Takes the profile of a session, and what was chosen there. When that cannot be, all stays as it
    /// was.
    fn take_over(&mut self, session: &Session) -> Result<(), Failure> {
        let Some(account) = session.last_asked() else { return Ok(()) };
        let (profile, chosen) = (account.profile.clone(), account.chosen.clone());
        self.go_over_to(&profile, chosen)
    }

    /// Puts another session in the place of this one, which is kept for `/undo`.
    fn leave_for(&mut self, session: Session) {
        self.session.settle();
        self.say_unkept();
        let left = std::mem::replace(&mut self.session, session);
        if left.conversation().turns().next().is_some() {
            self.left.push(left);
        }
        self.say_unkept();
        self.listed.clear();
    }

    /// A name that the session `id` may have.
    fn checked(&self, name: &str, id: &SessionId) -> Result<String, Failure> {
        Ok(self.store.check_name(&sanitize_line(name), id)?)
    }
}

/// The names of the latest sessions, and their ids behind them.
pub(super) fn names(store: &Store) -> Vec<String> {
    let Ok(catalog) = store.catalog() else { return Vec::new() };
    let latest = || catalog.entries.iter().take(MOST_NAMES);
    let names = latest().filter_map(|entry| entry.name.clone());
    names.chain(latest().map(|entry| entry.id.short().to_owned())).collect()
}
