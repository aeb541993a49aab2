//! What follows a command's name, read piece by piece. Pure.

use std::path::PathBuf;

use super::{Setting, quoting};

/// The part of a line that is not read yet.
#[derive(Debug)]
pub(super) struct Arguments<'t> {
    rest: &'t str,
}

/// Why arguments cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// This one is not there, by its name in the usage line.
    Missing(&'static str),
    /// This is left over.
    TooMuch(String),
    /// This is no whole number from 1 on.
    NoNumber(String),
    /// This is none of the words that may stand there.
    NoneOf(&'static [&'static str], String),
    /// A quote is not closed.
    OpenQuote,
    /// There is no `=` behind a key, or no key before it.
    NoSetting,
    /// A number where a file's name is due.
    NumberForFile(usize),
    /// A list with nothing before, between or behind its commas.
    Gap(String),
    /// A list of one.
    TooFew(String),
    /// This is named twice.
    Twice(String),
}

impl<'t> Arguments<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let mut arguments = Self { rest: text.trim_end() };
        arguments.skip_space();
        arguments
    }

    /// The next word.
    pub(super) fn word(&mut self) -> Option<&'t str> {
        let text = self.rest.trim_start();
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        self.rest = rest;
        self.skip_space();
        (!word.is_empty()).then_some(word)
    }

    /// The next word, if it is this one.
    pub(super) fn takes(&mut self, wanted: &str) -> bool {
        let before = self.rest;
        let is_it = self.word() == Some(wanted);
        if !is_it {
            self.rest = before;
        }
        is_it
    }

    /// The next word as a whole number from 1 on.
    pub(super) fn number(&mut self) -> Result<Option<usize>, Wrong> {
        let Some(word) = self.word() else { return Ok(None) };
        match word.parse() {
            Ok(0) | Err(_) => Err(Wrong::NoNumber(word.to_owned())),
            Ok(number) => Ok(Some(number)),
        }
    }

    /// The next word as a number, when it looks like one: all digits.
    pub(super) fn leading_number(&mut self) -> Result<Option<usize>, Wrong> {
        let word = self.rest.split_whitespace().next().unwrap_or_default();
        let is_number = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { self.number() } else { Ok(None) }
    }

    /// The next word as a name that may be quoted.
    pub(super) fn name(&mut self) -> Result<Option<String>, Wrong> {
        let word = quoting::first(self.rest.trim_start());
        self.rest = word.rest;
        self.skip_space();
        match word {
            word if word.is_open => Err(Wrong::OpenQuote),
            word => Ok((!word.meant.is_empty()).then_some(word.meant)),
        }
    }

    /// The next word as a path that must be there.
    pub(super) fn path(&mut self, shown: &'static str) -> Result<PathBuf, Wrong> {
        self.name()?.map(PathBuf::from).ok_or(Wrong::Missing(shown))
    }

    /// All the rest: its line feeds and inner spaces stay, the marks of a `"""` block go.
    pub(super) fn text(&mut self) -> Option<String> {
        let text = std::mem::take(&mut self.rest);
        let text = super::without_marks(text).unwrap_or(text);
        (!text.trim().is_empty()).then(|| text.to_owned())
    }

    /// Nothing may be left.
    pub(super) fn end(&self) -> Result<(), Wrong> {
        match self.rest.split_whitespace().next() {
            Some(word) => Err(Wrong::TooMuch(word.to_owned())),
            None => Ok(()),
        }
    }

    /// White space before the next argument, but not the indentation of a text that begins on a
    /// line of its own.
    fn skip_space(&mut self) {
        let text = self.rest.trim_start();
        let space = &self.rest[..self.rest.len() - text.len()];
        self.rest = match space.rfind('\n') {
            Some(at) => &self.rest[at + 1..],
            None => text,
        };
    }
}

/// Names with commas between them; two or more.
pub(super) fn profiles(list: &str) -> Result<Vec<String>, Wrong> {
    let mut profiles: Vec<String> = Vec::new();
    for name in list.split(',') {
        if name.is_empty() {
            return Err(Wrong::Gap(list.to_owned()));
        }
        if profiles.iter().any(|other| other == name) {
            return Err(Wrong::Twice(name.to_owned()));
        }
        profiles.push(name.to_owned());
    }
    if profiles.len() < 2 { Err(Wrong::TooFew(list.to_owned())) } else { Ok(profiles) }
}

/// `KEY=VALUE`, or `KEY=`.
pub(super) fn setting(text: &str) -> Result<Setting, Wrong> {
    let (key, value) = text.split_once('=').ok_or(Wrong::NoSetting)?;
    let (key, value) = (key.trim().to_owned(), value.trim().to_owned());
    if key.is_empty() || key.contains(char::is_whitespace) {
        return Err(Wrong::NoSetting);
    }
    Ok(if value.is_empty() { Setting::Reset(key) } else { Setting::To { key, value } })
}
