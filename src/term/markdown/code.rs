//! Colours for code, line by line. Pure.
//!
//! One machine (`machine`, and what it does in `strings`, `lines`, `yaml` and `markup`) is driven by
//! tables (`language`, `words`, `languages`). It goes forward only and sees at most [`WINDOW`] bytes
//! ahead, so that time and memory are bounded whatever the code is. Where it is not sure, nothing is
//! coloured.

mod language;
mod languages;
mod lines;
mod machine;
mod markup;
mod names;
mod rest;
mod strings;
mod words;
mod yaml;

use std::borrow::Cow;

use super::line::{Line, Role, Style, is_harmless};
use machine::State;
use rest::Rest;

/// So many bytes ahead decide what stands at a place, or the end of its line does.
const WINDOW: usize = 128;

/// Colours the lines of one block of code in their order. It never looks back and never waits.
///
/// However a line is cut, it ends up in the same state. What stands within [`WINDOW`] of the end of an
/// unfinished line is shown as it seems, and judged again when more is known.
#[derive(Debug, Clone)]
pub(super) struct Highlighter {
    /// `None`: a language that nobody knows.
    state: Option<State>,
    /// The end of an unfinished line: shown already, and not yet behind `state`.
    undecided: String,
}

impl Highlighter {
    /// For the first word of a fence's info string (`rust`, `C++`, `sh`), in any letter case.
    pub(super) fn new(language: &str) -> Self {
        Self { state: names::language(language).map(State::new), undecided: String::new() }
    }

    /// Appends `code` to `line`. It is the rest of a line, or a piece of one: then more of the same
    /// line follows, and it may end anywhere. `ends_line`: the line is over.
    pub(super) fn write(&mut self, code: &str, ends_line: bool, line: &mut Line) {
        let Some(state) = &mut self.state else {
            line.push(code, &Style::of(Role::Snippet));
            return;
        };
        let shown = self.undecided.len();
        let text = if shown == 0 {
            Cow::Borrowed(code)
        } else {
            self.undecided.push_str(code);
            Cow::Owned(std::mem::take(&mut self.undecided))
        };
        line.reserve(code.len());
        let is_harmless = is_harmless(code);
        let (start, end, role) = (shown, shown, Role::Code);
        let mut run = Run { text: &text, is_harmless, start, end, role, line };
        let mut at = 0;
        while at < text.len() && (ends_line || text.len() - at >= WINDOW) {
            let (length, role) = state.step(Rest::at(&text, at, ends_line));
            at += length;
            run.extend(at, role);
        }
        if ends_line {
            state.end_line();
        } else {
            text[at..].clone_into(&mut self.undecided);
            let mut guess = state.clone();
            while at < text.len() {
                let (length, role) = guess.step(Rest::at(&text, at, false));
                at += length;
                run.extend(at, role);
            }
        }
        run.write();
    }
}

/// Neighbours of one role, written together.
struct Run<'a> {
    text: &'a str,
    /// What is new of the text may be written as it is.
    is_harmless: bool,
    start: usize,
    end: usize,
    role: Role,
    line: &'a mut Line,
}

impl Run<'_> {
    /// What ends at `end` has this role.
    fn extend(&mut self, end: usize, role: Role) {
        if role != self.role {
            self.write();
            self.role = role;
        }
        // What was shown before is not shown again.
        self.end = self.end.max(end);
    }

    fn write(&mut self) {
        let (text, style) = (&self.text[self.start..self.end], Style::of(self.role));
        if self.is_harmless {
            self.line.push_harmless(text, &style);
        } else {
            self.line.push(text, &style);
        }
        self.start = self.end;
    }
}

#[cfg(test)]
#[path = "code_tests.rs"]
mod tests;
