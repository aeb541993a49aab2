//! What the three standard streams are, decided once.

use std::io::{IsTerminal, stderr, stdin, stdout};

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Color {
    /// On a terminal that can, unless the environment says otherwise.
    #[default]
    Auto,
    /// Even into a pipe.
    Always,
    /// Not at all.
    Never,
}

/// What byok talks to.
#[expect(clippy::struct_excessive_bools, reason = "five independent facts, each yes or no")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Standard input is a terminal.
    pub stdin_is_terminal: bool,
    /// Standard output is a terminal.
    pub stdout_is_terminal: bool,
    /// Standard error is a terminal.
    pub stderr_is_terminal: bool,
    /// Standard error takes SGR colours.
    pub has_color: bool,
    /// Standard error can move its cursor: a spinner may run there.
    pub can_animate: bool,
}

/// How many columns standard output has now; 80 when it does not say.
pub fn columns() -> usize {
    match console::Term::stdout().size_checked() {
        Some((_, columns)) if columns > 0 => usize::from(columns),
        _ => 80,
    }
}

impl Facts {
    /// Whether a person reads the answers and types the questions.
    pub fn is_interactive(&self) -> bool {
        self.stdin_is_terminal && self.stdout_is_terminal
    }

    /// Looks at the streams. `variable` answers for the environment: `NO_COLOR`, `CLICOLOR_FORCE`
    /// and `TERM` are asked for.
    pub fn detect(color: Color, variable: impl Fn(&str) -> Option<String>) -> Self {
        let stderr_is_terminal = stderr().is_terminal();
        let set = |name| variable(name).is_some_and(|value| !value.is_empty());
        let is_dumb = variable("TERM").is_some_and(|term| term == "dumb");
        let has_color = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if set("NO_COLOR") => false,
            Color::Auto
                if variable("CLICOLOR_FORCE")
                    .is_some_and(|value| !matches!(value.as_str(), "" | "0")) =>
            {
                true
            }
            Color::Auto => stderr_is_terminal && !is_dumb,
        };
        Self {
            stdin_is_terminal: stdin().is_terminal(),
            stdout_is_terminal: stdout().is_terminal(),
            stderr_is_terminal,
            has_color,
            can_animate: stderr_is_terminal && !is_dumb,
        }
    }
}
