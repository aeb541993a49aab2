//! A chat on a terminal that nothing scrolls out of: lines go in, and what each brings comes back.

use super::{
    byok::{Byok, masked},
    pty::Pty,
};

/// Rows enough for a whole chat.
const ROWS: u16 = 400;

/// A chat that waits for a line.
pub(crate) struct Chat {
    pub(crate) pty: Pty,
    byok: Byok,
}

impl Chat {
    /// Starts the chat with these arguments and waits for the prompt.
    #[track_caller]
    pub(crate) fn start<'a>(byok: &Byok, args: impl IntoIterator<Item = &'a str>) -> Self {
        let byok = byok.clone().args(["chat"]).args(args);
        let mut pty = Pty::start(&byok, 100, ROWS);
        pty.wait_until("prompt", is_at_prompt);
        Self { pty, byok }
    }

    /// Types a line and gives back what stands between it and the next prompt.
    #[track_caller]
    pub(crate) fn say(&mut self, line: &str) -> String {
        let from = self.begin(line);
        self.rest(from)
    }

    /// Types a line, and gives back the row below it.
    #[track_caller]
    pub(crate) fn begin(&mut self, line: &str) -> u16 {
        self.pty.send(line);
        let end: String =
            line.chars().rev().take(20).collect::<Vec<_>>().into_iter().rev().collect();
        self.pty.wait_until(&format!("`{line}` at the prompt"), |screen| {
            before_cursor(screen).trim_end().ends_with(end.trim_end())
        });
        let from = self.pty.terminal().cursor_position().0 + 1;
        self.pty.send("\r");
        from
    }

    /// Waits for the prompt and gives back what stands above it, from this row on.
    #[track_caller]
    pub(crate) fn rest(&mut self, from: u16) -> String {
        self.pty.wait_until("prompt", is_at_prompt);
        self.between(from)
    }

    /// Waits until the line of the cursor begins so, which is no prompt of the chat; what stands
    /// above it comes back.
    #[track_caller]
    pub(crate) fn wait_for_question(&mut self, from: u16, question: &str) -> String {
        self.pty.wait_until(question, |screen| before_cursor(screen).starts_with(question));
        self.between(from)
    }

    /// Leaves, and checks that it ends well.
    #[track_caller]
    pub(crate) fn leave(mut self) -> Pty {
        self.pty.send("\x04");
        assert_eq!(self.pty.wait(), 0, "{}", self.pty.screen());
        self.pty
    }

    /// What the prompt says.
    pub(crate) fn prompt(&self) -> String {
        before_cursor(self.pty.terminal()).trim_end().to_owned()
    }

    fn between(&self, from: u16) -> String {
        let screen = self.pty.terminal();
        let (_, columns) = screen.size();
        let text = screen.contents_between(from, 0, screen.cursor_position().0, columns.into());
        let text = masked(&text, self.byok.home());
        let lines: Vec<_> = text.lines().map(str::trim_end).collect();
        let above = lines.len().saturating_sub(1);
        lines[..above].join("\n").trim_matches('\n').to_owned()
    }
}

/// Whether an empty line is waited for: `profile:model> ` and nothing behind it.
fn is_at_prompt(screen: &vt100::Screen) -> bool {
    let line = before_cursor(screen);
    let line = line.trim_end();
    line.strip_suffix('>').is_some_and(|name| name.contains(':') && !name.contains(' '))
}

/// The line of the cursor, up to it.
fn before_cursor(screen: &vt100::Screen) -> String {
    let (row, column) = screen.cursor_position();
    screen.contents_between(row, 0, row, column)
}
