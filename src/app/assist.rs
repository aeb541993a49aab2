//! What may be typed next in the chat: completion and hints, from the table of commands and from
//! what the chat knows just now.

mod paths;

use std::{
    cell::{Ref, RefCell},
    collections::HashMap,
    ops::Range,
    path::{Path, PathBuf},
    rc::Rc,
};

use super::slash::{self, Arg, Cursor, Kind, quoting};
use crate::{
    config::keys::{self, KEYS, Places},
    term::{Assist, Hint, Suggestion, sanitize_line},
};

/// Lists the models of one profile; asks its server, if need be.
pub(super) type ListModels = Box<dyn Fn() -> Vec<String>>;

/// Completion and hints. Clones share what they know: the line editor has one, and the chat keeps
/// another up to date.
#[derive(Clone)]
pub(super) struct Assistant {
    known: Rc<RefCell<Known>>,
}

struct Known {
    /// The names of all profiles.
    profiles: Vec<String>,
    /// The one that is talked to.
    profile: String,
    list_models: Rc<dyn Fn() -> Vec<String>>,
    /// Models by profile, of those that were asked.
    models: HashMap<String, Vec<String>>,
    list_sessions: Rc<dyn Fn() -> Vec<String>>,
    is_secret: Rc<dyn Fn(&str) -> bool>,
    home: Option<PathBuf>,
}

impl Assistant {
    /// It knows of no profile yet. `is_secret` tells whether a text holds a key; `home` is what
    /// `~/` stands for.
    pub(super) fn new(is_secret: Box<dyn Fn(&str) -> bool>, home: Option<PathBuf>) -> Self {
        let known = Known {
            profiles: Vec::new(),
            profile: String::new(),
            list_models: Rc::new(Vec::new),
            models: HashMap::new(),
            list_sessions: Rc::new(Vec::new),
            is_secret: Rc::from(is_secret),
            home,
        };
        Self { known: Rc::new(RefCell::new(known)) }
    }

    /// These profiles can be named from now on.
    pub(super) fn set_profiles(&self, names: Vec<String>) {
        self.known.borrow_mut().profiles = names;
    }

    /// This profile is talked to from now on. `list_models` is called when a model is completed, and
    /// not again for a profile of the same name.
    pub(super) fn set_profile(&self, name: &str, list_models: ListModels) {
        let mut known = self.known.borrow_mut();
        name.clone_into(&mut known.profile);
        known.list_models = Rc::from(list_models);
    }

    /// Sessions can be named from now on: `list_sessions` gives names and ids, and is called whenever
    /// one is completed.
    pub(super) fn set_sessions(&self, list_sessions: Box<dyn Fn() -> Vec<String>>) {
        self.known.borrow_mut().list_sessions = Rc::from(list_sessions);
    }

    /// The models of the profile that is talked to.
    fn models(&self) -> Ref<'_, [String]> {
        let list_models = {
            let known = self.known.borrow();
            (!known.models.contains_key(&known.profile)).then(|| Rc::clone(&known.list_models))
        };
        // Nothing is borrowed meanwhile: the list may come from anywhere.
        if let Some(models) = list_models.map(|list_models| list_models()) {
            let mut known = self.known.borrow_mut();
            let profile = known.profile.clone();
            known.models.insert(profile, models);
        }
        Ref::map(self.known.borrow(), |known| known.models[&known.profile].as_slice())
    }

    fn paths(&self, typed: &str) -> Vec<Suggestion> {
        paths::complete(typed, self.known.borrow().home.as_deref().map(Path::new))
    }

    /// The word behind an `@` at the end of `text`.
    fn mentioned(&self, text: &str) -> (usize, Vec<Suggestion>) {
        let mention = quoting::mentions(text).last();
        match mention.filter(|mention| mention.word.rest.is_empty()) {
            Some(mention) => (mention.at + 1, self.paths(mention.word.raw)),
            None => (text.len(), Vec::new()),
        }
    }

    /// Candidates for an argument of which `typed` is there, and how much of that stays before them.
    fn argument(&self, kind: Kind, typed: &str) -> (usize, Vec<Suggestion>) {
        let known = self.known.borrow();
        match kind {
            Kind::Command => {
                let slash = usize::from(typed.starts_with('/'));
                (slash, beginning(&typed[slash..], slash::COMMANDS.iter().map(|it| it.name)))
            }
            Kind::Profile => (0, beginning(typed, known.profiles.iter().map(String::as_str))),
            Kind::Profiles => {
                let at = typed.rfind(',').map_or(0, |comma| comma + 1);
                let (named, typed) = typed.split_at(at);
                let is_new = |name: &&str| !named.split(',').any(|other| other == *name);
                (at, beginning(typed, known.profiles.iter().map(String::as_str).filter(is_new)))
            }
            Kind::Model => {
                drop(known);
                (0, quotable(typed, &self.models()))
            }
            Kind::Session => {
                let list_sessions = Rc::clone(&known.list_sessions);
                drop(known);
                (0, quotable(typed, &list_sessions()))
            }
            Kind::Setting => settings(typed),
            Kind::Words(words) => (0, beginning(typed, words.iter().copied())),
            Kind::Path => (0, self.paths(typed)),
            Kind::Number | Kind::Text => (0, Vec::new()),
        }
    }
}

impl Assist for Assistant {
    fn complete(&self, line: &str, at: usize) -> (usize, Vec<Suggestion>) {
        let Some(text) = line.get(..at) else { return (at, Vec::new()) };
        match slash::cursor(text) {
            Cursor::Name { start, typed } => (start, commands(typed)),
            Cursor::Argument { start, typed, args } => match expected(args) {
                Kind::Text => self.mentioned(text),
                kind => {
                    let (kept, suggestions) = self.argument(kind, typed);
                    (start + kept, suggestions)
                }
            },
            Cursor::Elsewhere => self.mentioned(text),
        }
    }

    fn hint(&self, line: &str) -> Option<Hint> {
        match slash::cursor(line) {
            Cursor::Name { typed, .. } => of_name(typed),
            Cursor::Argument { typed: "", args, .. } => {
                Some(Hint { shown: slash::usage(args), accepted: None })
            }
            Cursor::Argument { .. } | Cursor::Elsewhere => None,
        }
    }

    fn mentions(&self, text: &str) -> Vec<Range<usize>> {
        quoting::mentions(text).map(|mention| mention.place()).filter(|it| it.len() > 1).collect()
    }

    fn holds_secret(&self, text: &str) -> bool {
        let is_secret = Rc::clone(&self.known.borrow().is_secret);
        is_secret(text)
    }
}

/// The usage of a command whose name is there, else the rest of the only one that fits.
fn of_name(typed: &str) -> Option<Hint> {
    if let Some(command) = slash::find(typed) {
        let is_complete = !command.args.is_empty();
        return is_complete
            .then(|| Hint { shown: format!(" {}", slash::usage(command.args)), accepted: None });
    }
    match slash::beginning_with(typed).as_slice() {
        [(name, _)] => {
            let rest = name[typed.len()..].to_owned();
            Some(Hint { shown: rest.clone(), accepted: Some(rest) })
        }
        _ => None,
    }
}

/// What can be completed of the arguments that may stand here: of a number or a file, the file.
fn expected(args: &[Arg]) -> Kind {
    let first = args.iter().find(|arg| !(arg.is_optional && arg.kind == Kind::Number));
    first.map_or(Kind::Number, |arg| arg.kind)
}

fn commands(typed: &str) -> Vec<Suggestion> {
    let commands = slash::beginning_with(typed).into_iter().map(|(name, command)| {
        let space = if command.args.is_empty() { "" } else { " " };
        Suggestion { shown: format!("/{name}"), inserted: format!("/{name}{space}") }
    });
    commands.collect()
}

/// Names that need no quotes.
fn beginning<'n>(typed: &str, names: impl Iterator<Item = &'n str>) -> Vec<Suggestion> {
    let fitting = names.filter(|name| name.starts_with(typed));
    fitting.map(|name| Suggestion { shown: name.to_owned(), inserted: name.to_owned() }).collect()
}

/// Names that others chose: what cannot be shown as it is, is not offered.
fn quotable(typed: &str, names: &[String]) -> Vec<Suggestion> {
    let quote = typed.chars().next().filter(|c| matches!(c, '"' | '\''));
    let word = quoting::first(typed);
    if quote.is_some() && !word.is_open {
        return Vec::new();
    }
    let fitting =
        names.iter().filter(|name| name.starts_with(&word.meant) && sanitize_line(name) == **name);
    let suggestions = fitting.filter_map(|name| {
        let mut inserted = quoting::written(name, quote)?;
        inserted.extend(quote);
        Some(Suggestion { shown: name.clone(), inserted })
    });
    suggestions.collect()
}

/// Keys of a profile; behind the `=` of one, its values where these are words. Neither secrets nor
/// `extends` can be set.
fn settings(typed: &str) -> (usize, Vec<Suggestion>) {
    let Some((key, value)) = typed.split_once('=') else {
        let settable = KEYS.iter().filter(|key| {
            matches!(key.places, Places::Profile | Places::DefaultsAndProfile)
                && key.kind != keys::Kind::Credential
                && key.name != "extends"
                && key.name.starts_with(typed)
        });
        let suggestions = settable.map(|key| {
            // A name follows in a table.
            let mark = match key.kind {
                keys::Kind::Strings | keys::Kind::Table => '.',
                _ => '=',
            };
            Suggestion { shown: key.name.to_owned(), inserted: format!("{}{mark}", key.name) }
        });
        return (0, suggestions.collect());
    };
    let words = match KEYS.iter().find(|known| known.name == key).map(|known| known.kind) {
        Some(keys::Kind::Words(words)) => words,
        Some(keys::Kind::Bool) => &["true", "false"],
        _ => &[],
    };
    (key.len() + 1, beginning(value, words.iter().copied()))
}

#[cfg(test)]
#[path = "assist_tests.rs"]
mod tests;
