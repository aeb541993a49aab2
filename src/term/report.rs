//! Standard error: errors, warnings, notices, each in one shape.

use std::io::{Write as _, stderr};

use super::{Facts, sanitize, sanitize_line, sanitize_whole};

/// An error as it is told to a person. Text from outside may stand in it: it is sanitised here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What happened, one line.
    pub message: String,
    /// Why, outermost first.
    pub causes: Vec<String>,
    /// Where: profile, URL, request id; one line.
    pub place: Option<String>,
    /// What to do, most useful first.
    pub hints: Vec<String>,
}

/// How much is said on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Errors only.
    Quiet,
    /// Errors, warnings and notices.
    Normal,
    /// Requests, answers and their times.
    Verbose,
    /// Headers too.
    Headers,
}

/// Standard error, with its manners.
#[derive(Debug, Clone, Copy)]
pub struct Console {
    facts: Facts,
    level: Level,
}

impl Console {
    /// A console for these streams.
    pub fn new(facts: Facts, level: Level) -> Self {
        Self { facts, level }
    }

    /// The same console for somebody who listens: no spinner.
    #[must_use]
    pub fn spoken(self) -> Self {
        Self { facts: self.facts.spoken(), ..self }
    }

    /// What the streams are.
    pub fn facts(self) -> Facts {
        self.facts
    }

    /// How much is said.
    pub fn level(self) -> Level {
        self.level
    }

    /// Prints an error with its causes, its place and hints.
    pub fn error(self, report: &Report) {
        let mut lines =
            vec![format!("{} {}", self.paint("error:", "1;31"), sanitize_line(&report.message))];
        lines.extend(report.causes.iter().map(|it| format!("  caused by: {}", sanitize_line(it))));
        lines.extend(report.place.iter().map(|it| format!("  at: {}", sanitize_line(it))));
        if !report.hints.is_empty() {
            lines.push(String::new());
        }
        // A hint may show several lines to type: they are indented under it.
        let hint = |hint: &String| {
            let hint = sanitize_whole(hint).replace('\n', "\n  ");
            format!("{} {hint}", self.paint("hint:", "1;36"))
        };
        lines.extend(report.hints.iter().map(hint));
        let text = lines.join("\n") + "\n";
        self.write(&text);
    }

    /// Prints a warning.
    pub fn warning(self, text: &str) {
        if self.level >= Level::Normal {
            let line = sanitize_whole(text).replace('\n', "\n  ");
            self.write(&format!("{} {line}\n", self.paint("warning:", "1;33")));
        }
    }

    /// Prints something good to know.
    pub fn notice(self, text: &str) {
        if self.level >= Level::Normal {
            let line = sanitize_whole(text).replace('\n', "\n  ");
            self.write(&format!("{} {line}\n", self.paint("note:", "1")));
        }
    }

    /// Prints a remark of the chat: dimmed, in a line of its own.
    pub fn aside(self, text: &str) {
        if self.level >= Level::Normal {
            self.write(&format!("{}\n", self.paint(&sanitize_whole(text), "2")));
        }
    }

    /// Prints a heading over what follows, whoever it is from.
    pub fn heading(self, text: &str) {
        self.write(&format!("\n{}\n", self.paint(&sanitize_line(text), "1")));
    }

    /// Prints a line of the trace that `-v` asks for.
    pub fn trace(self, level: Level, text: &str) {
        if self.level >= level {
            self.write(&format!("{}\n", self.paint(&sanitize_whole(text), "2")));
        }
    }

    /// Prints text as it is, made harmless, dimmed where colours are. Nothing is added.
    pub fn dim(self, text: &str) {
        self.write(&self.paint(&sanitize(text), "2"));
    }

    fn paint(self, text: &str, sgr: &str) -> String {
        if self.facts.has_color { format!("\x1b[{sgr}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// A closed standard error is no reason to fail: there is nobody left to tell.
    #[expect(clippy::unused_self, reason = "standard error belongs to the console")]
    fn write(self, text: &str) {
        let _ = stderr().lock().write_all(text.as_bytes());
    }
}
