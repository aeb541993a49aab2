//! What the three standard streams are, decided once.

use std::io::{IsTerminal, stderr, stdin, stdout};

use super::{Palette, Size, terminal::Terminal};

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

/// Which of the standard streams are terminals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Terminals {
    stdin: bool,
    stdout: bool,
    stderr: bool,
}

/// What byok talks to.
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each yes or no")]
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
    /// Standard error can move its cursor, and nobody minds: a spinner may run there.
    pub can_animate: bool,
    /// What standard output shows of colours and attributes.
    pub palette: Palette,
    /// Links can be followed on standard output (OSC 8).
    pub has_links: bool,
    /// Standard output can move its cursor: it is a terminal, and not a dumb one.
    pub can_repaint: bool,
    /// Standard output wraps its lines anew when its width changes.
    pub reflows: bool,
    /// Whether a screen reader reads along, where the environment says so.
    pub is_spoken: Option<bool>,
}

/// How many columns standard output has now; 80 when it does not say.
pub fn columns() -> usize {
    size().columns
}

/// The size of standard output now; 80 by 24 when it does not say. One system call: it is
/// asked for before every write.
pub(super) fn size() -> Size {
    let (columns, rows) = told_size().unwrap_or_default();
    let or = |told: u16, otherwise| if told == 0 { otherwise } else { usize::from(told) };
    Size { columns: or(columns, 80), rows: or(rows, 24) }
}

#[cfg(unix)]
fn told_size() -> Option<(u16, u16)> {
    let size = rustix::termios::tcgetwinsize(stdout()).ok()?;
    Some((size.ws_col, size.ws_row))
}

#[cfg(not(unix))]
fn told_size() -> Option<(u16, u16)> {
    let (rows, columns) = console::Term::stdout().size_checked()?;
    Some((columns, rows))
}

impl Facts {
    /// Whether a person reads the answers and types the questions.
    pub fn is_interactive(&self) -> bool {
        self.stdin_is_terminal && self.stdout_is_terminal
    }

    /// Looks at the streams. `variable` answers for the environment: it is asked for `NO_COLOR`,
    /// `CLICOLOR_FORCE`, `FORCE_HYPERLINK` and `ACCESSIBLE`, and for what tells terminals apart.
    pub fn detect(color: Color, variable: impl Fn(&str) -> Option<String>) -> Self {
        let terminals = Terminals {
            stdin: stdin().is_terminal(),
            stdout: stdout().is_terminal(),
            stderr: stderr().is_terminal(),
        };
        Self::of(terminals, color, &Terminal::new(variable))
    }

    /// The same for somebody who listens: no spinner.
    #[must_use]
    pub fn spoken(self) -> Self {
        Self { can_animate: false, ..self }
    }

    fn of<F: Fn(&str) -> Option<String>>(
        terminals: Terminals,
        color: Color,
        terminal: &Terminal<F>,
    ) -> Self {
        let is_dumb = terminal.is_dumb();
        let no_color = terminal.get("NO_COLOR").is_some();
        let is_forced = match color {
            Color::Always => true,
            Color::Auto => !no_color && terminal.switch("CLICOLOR_FORCE") == Some(true),
            Color::Never => false,
        };
        let may_color = color == Color::Auto && !no_color && !is_dumb;
        let stdout_is_able = terminals.stdout && !is_dumb;
        let palette = match color {
            _ if is_forced => terminal.palette(),
            Color::Auto if stdout_is_able && no_color => Palette::Attributes,
            Color::Auto if stdout_is_able => terminal.palette(),
            _ => Palette::None,
        };
        // Who wants no sequences for looks gets none for links.
        let has_links = terminal
            .switch("FORCE_HYPERLINK")
            .unwrap_or_else(|| stdout_is_able && palette != Palette::None && terminal.has_links());
        let facts = Self {
            stdin_is_terminal: terminals.stdin,
            stdout_is_terminal: terminals.stdout,
            stderr_is_terminal: terminals.stderr,
            has_color: is_forced || (may_color && terminals.stderr),
            can_animate: terminals.stderr && !is_dumb,
            palette,
            has_links,
            can_repaint: stdout_is_able,
            reflows: terminal.reflows(),
            is_spoken: terminal.switch("ACCESSIBLE"),
        };
        if facts.is_spoken == Some(true) { facts.spoken() } else { facts }
    }
}

#[cfg(test)]
#[path = "facts_tests.rs"]
mod tests;
