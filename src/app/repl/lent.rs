//! The terminal, lent to the command of a credential in mid-turn: it may ask for a password there.

use std::{io, time::Instant};

use super::watch::{Place, Watch};
use crate::{
    chat::ChatEvent,
    term::{Console, Screen, Status},
};

/// A screen that gives the terminal away while a command runs. What it does then is said in a line
/// of its own: a spinner would run over the command's question.
pub(super) struct Lending<'a> {
    screen: &'a mut dyn Screen,
    watch: &'a Watch,
    console: Console,
    is_lent: bool,
}

impl<'a> Lending<'a> {
    /// A screen whose terminal is ours.
    pub(super) fn new(screen: &'a mut dyn Screen, watch: &'a Watch, console: Console) -> Self {
        Self { screen, watch, console, is_lent: false }
    }

    /// Takes the terminal back, if it is away.
    pub(super) fn end(&mut self) {
        if std::mem::take(&mut self.is_lent) {
            self.watch.at(Place::Work);
        }
    }
}

impl Screen for Lending<'_> {
    fn event(&mut self, event: &ChatEvent) -> io::Result<()> {
        self.screen.event(event)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.screen.flush()
    }

    fn due(&self) -> Option<Instant> {
        self.screen.due()
    }

    fn status(&mut self, status: &Status) -> io::Result<()> {
        if let Status::Working(what) = status {
            self.screen.hush()?;
            self.console.aside(what);
            self.is_lent = true;
            self.watch.at(Place::Lent);
            return Ok(());
        }
        self.end();
        self.screen.status(status)
    }

    fn warning(&mut self, text: &str) -> io::Result<()> {
        self.screen.warning(text)
    }

    fn restart(&mut self) {
        self.screen.restart();
    }

    fn hush(&mut self) -> io::Result<()> {
        self.screen.hush()
    }
}
