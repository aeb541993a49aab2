//! What rustyline asks while a line is typed: completions, hints, colours, and whether it is whole.

use std::{
    borrow::Cow,
    cell::{Ref, RefCell, RefMut},
    sync::Arc,
};

use rustyline::{
    Context, Helper,
    completion::{Completer, Pair},
    highlight::Highlighter,
    hint,
    hint::Hinter,
    validate::{ValidationContext, ValidationResult, Validator},
};

use super::{Assist, block, keys::Notes, typing::Typing};
use crate::term::{
    sanitize::{first_suspect, is_unseen},
    sanitize_line,
};

/// Longer texts, in bytes, are no commands and get no hints: a hint costs painting the whole line.
const HINTED_MOST: usize = 1024;

/// The most completions that are listed. rustyline panics at 65,536.
const LISTED_MOST: usize = 1000;

/// Stands between rustyline and the one who knows what may be typed.
pub(super) struct Typist {
    pub(super) assist: Box<dyn Assist>,
    notes: Arc<Notes>,
    typing: RefCell<Typing>,
    has_color: bool,
}

impl Typist {
    pub(super) fn new(assist: Box<dyn Assist>, notes: Arc<Notes>, has_color: bool) -> Self {
        Self { assist, notes, typing: RefCell::default(), has_color }
    }

    /// A new line begins.
    pub(super) fn begin(&self, typing: Typing) {
        self.typing.replace(typing);
    }

    /// The line as it was last seen, while nobody changes it.
    pub(super) fn typing(&self) -> Ref<'_, Typing> {
        self.typing.borrow()
    }

    /// The same, to change it.
    pub(super) fn typing_mut(&self) -> RefMut<'_, Typing> {
        self.typing.borrow_mut()
    }
}

impl Helper for Typist {}

impl Completer for Typist {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        if self.notes.take_continuing() {
            let line_feed = Pair { display: String::new(), replacement: "\n".to_owned() };
            return Ok((position.saturating_sub(1), vec![line_feed]));
        }
        let (start, suggestions) = self.assist.complete(line, position);
        if start > position || !line.is_char_boundary(start) {
            return Ok((position, Vec::new()));
        }
        let pairs = suggestions
            .into_iter()
            .filter(|it| is_harmless(&it.inserted))
            .take(LISTED_MOST)
            .map(|it| Pair { display: sanitize_line(&it.shown), replacement: it.inserted })
            .collect();
        Ok((start, pairs))
    }
}

/// A hint, made harmless.
pub(super) struct Shown(super::Hint);

impl hint::Hint for Shown {
    fn display(&self) -> &str {
        &self.0.shown
    }

    fn completion(&self) -> Option<&str> {
        self.0.accepted.as_deref()
    }
}

impl Hinter for Typist {
    type Hint = Shown;

    /// rustyline asks this after every change of the line: here it is followed.
    fn hint(&self, line: &str, position: usize, _: &Context<'_>) -> Option<Shown> {
        self.typing_mut().follow(line, position, self.notes.change());
        // Without colours nobody could tell a hint from what was typed.
        if !self.has_color
            || position < line.len()
            || line.len() > HINTED_MOST
            || self.notes.is_searching()
        {
            return None;
        }
        let hint = self.assist.hint(line)?;
        Some(Shown(super::Hint {
            shown: sanitize_line(&hint.shown),
            accepted: hint.accepted.filter(|it| is_harmless(it)),
        }))
    }
}

impl Highlighter for Typist {
    /// Controls that came with a paste or from the history are not shown. rustyline gives them no
    /// width, so nothing may stand for them.
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if first_suspect(line).is_some_and(|at| line[at..].contains(is_unseen)) {
            Cow::Owned(line.replace(is_unseen, ""))
        } else {
            Cow::Borrowed(line)
        }
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Owned(format!("\x1b[2m{hint}\x1b[0m"))
    }
}

impl Validator for Typist {
    fn validate(&self, context: &mut ValidationContext) -> rustyline::Result<ValidationResult> {
        Ok(if block::is_open(context.input()) {
            ValidationResult::Incomplete
        } else {
            ValidationResult::Valid(None)
        })
    }
}

/// Whether a text of others may be put into the line.
fn is_harmless(text: &str) -> bool {
    sanitize_line(text) == text
}

#[cfg(test)]
#[path = "typist_tests.rs"]
mod tests;
