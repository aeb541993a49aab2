//! An answer on a terminal that fails at whatever an answer may not do to it.

use std::{fmt::Write as _, num::NonZeroU16};

use byok::term::{Ink, Look, Palette, Renderer, Size};

use crate::sequences::{Allowed, Sequences};

/// Rows that a terminal keeps above its screen: more than any test writes.
const SCROLLBACK: usize = 1_000_000;

/// The terminal that an answer is shown on, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stage {
    pub(crate) look: Look,
    pub(crate) palette: Palette,
    pub(crate) size: Size,
}

impl Stage {
    /// A terminal of 24 rows that knows everything.
    pub(crate) fn of(columns: usize) -> Self {
        let look = Look { has_links: true, ..Look::default() };
        Self { look, palette: Palette::Many, size: Size { columns, rows: 24 } }
    }

    /// A terminal that is read aloud.
    pub(crate) fn spoken(columns: usize) -> Self {
        let look = Look { keeps_marks: true, is_spoken: true, ..Look::default() };
        Self { look, palette: Palette::None, ..Self::of(columns) }
    }

    /// Shows an answer that comes at once.
    #[track_caller]
    pub(crate) fn show(self, text: &str) -> Terminal {
        self.stream([(text, true)])
    }

    /// Shows an answer that comes in chunks, each with whether what is shown may be repainted then.
    #[track_caller]
    pub(crate) fn stream<'a>(self, chunks: impl IntoIterator<Item = (&'a str, bool)>) -> Terminal {
        let mut answer = Answer::new(self);
        for (chunk, may_repaint) in chunks {
            answer.push(chunk, may_repaint);
        }
        answer.finish()
    }
}

/// An answer that is being shown.
pub(crate) struct Answer {
    renderer: Renderer,
    ink: Ink,
    size: Size,
    is_spoken: bool,
    terminal: Terminal,
    /// Bytes that were written.
    written: usize,
}

impl Answer {
    pub(crate) fn new(stage: Stage) -> Self {
        let Stage { look, palette, size } = stage;
        Self {
            renderer: Renderer::new(look, size),
            ink: Ink::new(palette, look.has_links),
            size,
            is_spoken: look.is_spoken,
            terminal: Terminal::new(stage),
            written: 0,
        }
    }

    /// Takes more of the answer and brings the screen up to date.
    #[track_caller]
    pub(crate) fn push(&mut self, chunk: &str, may_repaint: bool) {
        // What is read aloud is never painted twice.
        let may_repaint = may_repaint && !self.is_spoken;
        self.renderer.push(chunk);
        let is_waiting = self.renderer.update(self.size, may_repaint, &mut self.ink);
        assert!(!(is_waiting && may_repaint), "something waits for what it was given: {chunk:?}");
        self.write();
    }

    /// Gives the terminal another height.
    pub(crate) fn resize(&mut self, rows: usize) {
        self.size.rows = rows;
        self.terminal.resize(self.size);
    }

    /// The terminal, as it is now.
    pub(crate) fn terminal(&mut self) -> &mut Terminal {
        &mut self.terminal
    }

    /// What was parsed so far, in bytes.
    pub(crate) fn work(&self) -> u64 {
        self.renderer.work()
    }

    /// How often something was painted anew.
    pub(crate) fn repaints(&self) -> u64 {
        self.renderer.repaints()
    }

    /// Bytes that were written so far.
    pub(crate) fn written(&self) -> usize {
        self.written
    }

    /// Ends the answer.
    #[track_caller]
    pub(crate) fn finish(mut self) -> Terminal {
        self.renderer.finish(self.size, &mut self.ink);
        self.write();
        self.terminal
    }

    #[track_caller]
    fn write(&mut self) {
        self.written += self.ink.bytes().len();
        self.terminal.write(self.ink.bytes());
        self.ink.clear();
    }
}

/// A terminal with all that scrolled off it.
pub(crate) struct Terminal {
    emulator: vt100::Parser<Strict>,
    sequences: Sequences,
}

impl Terminal {
    pub(crate) fn new(Stage { look, palette, size }: Stage) -> Self {
        let allowed = Allowed {
            styles: palette != Palette::None,
            links: look.has_links,
            up: if look.is_spoken { 0 } else { size.rows },
            spinner: false,
        };
        let [rows, columns] = [size.rows, size.columns].map(count);
        Self {
            emulator: vt100::Parser::new_with_callbacks(rows, columns, SCROLLBACK, Strict),
            sequences: Sequences::new(allowed),
        }
    }

    /// Takes one write of the answer, behind which nothing may be left open.
    #[track_caller]
    pub(crate) fn write(&mut self, bytes: &[u8]) {
        let taken = self.sequences.take(bytes).and_then(|()| self.sequences.closed());
        if let Err(why) = taken {
            panic!("{why}");
        }
        // The emulator shows no replacement characters, for which terminals have a sign.
        let mut text = String::from_utf8_lossy(bytes).replace('\u{fffd}', "?");
        // It panics when it widens a character on a terminal of one column.
        if self.emulator.screen().size().1.get() == 1 {
            text = text.replace('\u{fe0f}', "");
        }
        let bytes = text.as_bytes();
        // The line discipline turns line feeds into both.
        for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            if index > 0 {
                self.emulator.process(b"\r\n");
            }
            self.emulator.process(line);
        }
    }

    fn resize(&mut self, size: Size) {
        self.sequences.set_rows(size.rows);
        let [rows, columns] = [size.rows, size.columns].map(count);
        self.emulator.set_size(rows, columns);
    }

    /// Every link that was written: target and words.
    pub(crate) fn links(&self) -> &[(String, String)] {
        self.sequences.links()
    }

    /// All text from the first row on, as copying would give it: what the terminal wrapped is one
    /// line.
    pub(crate) fn text(&mut self) -> String {
        self.written_by(|text, cell| text.push_str(cell.contents()))
    }

    /// As [`Terminal::text`], with the styles: `⟨b i 12⟩words⟨⟩`.
    pub(crate) fn styled(&mut self) -> String {
        let mut last = String::new();
        let mut styled = self.written_by(|text, cell| {
            let style = style(cell);
            if style != last {
                let _ = write!(text, "⟨{style}⟩");
                last = style;
            }
            text.push_str(cell.contents());
        });
        if !last.is_empty() {
            styled.push_str("⟨⟩");
        }
        styled
    }

    /// Where the cursor stands: rows below the first of the answer, and columns.
    pub(crate) fn cursor(&self) -> (usize, usize) {
        let screen = self.emulator.screen();
        let (row, column) = screen.cursor_position();
        (screen.scrollback_len() + usize::from(row), usize::from(column))
    }

    /// Every row from the first on: its cells up to the last one that holds something, and whether
    /// the terminal wrapped it.
    pub(crate) fn rows(&mut self) -> Vec<(Vec<vt100::Cell>, bool)> {
        let screen = self.emulator.screen_mut();
        let (height, width) = screen.size();
        let above = screen.scrollback_len();
        let height = usize::from(height.get());
        let mut rows = Vec::with_capacity(above + height);
        let mut top = 0;
        while rows.len() < above + height {
            screen.set_scrollback(above - top);
            // The last page overlaps the one before it.
            for (row, text) in (0..).zip(screen.rows(0, width.get())).skip(rows.len() - top) {
                // Most rows are empty, and a look at each of their cells takes long.
                let width = if text.is_empty() { 0 } else { width.get() };
                let mut cells: Vec<vt100::Cell> =
                    (0..width).filter_map(|column| screen.cell(row, column).cloned()).collect();
                let used = cells.iter().rposition(vt100::Cell::has_contents);
                cells.truncate(used.map_or(0, |at| at + 1));
                rows.push((cells, screen.row_wrapped(row)));
            }
            top = (top + height).min(above);
        }
        screen.set_scrollback(0);
        rows
    }

    fn written_by(&mut self, mut write: impl FnMut(&mut String, &vt100::Cell)) -> String {
        let mut text = String::new();
        for (cells, is_wrapped) in self.rows() {
            for cell in &cells {
                if cell.is_wide_continuation() {
                    continue;
                }
                write(&mut text, cell);
                if !cell.has_contents() {
                    text.push(' ');
                }
            }
            if !is_wrapped {
                text.push('\n');
            }
        }
        text.truncate(text.trim_end_matches('\n').len());
        text
    }
}

fn count(count: usize) -> NonZeroU16 {
    let count = u16::try_from(count).expect("terminals are small");
    NonZeroU16::new(count).expect("a terminal has columns and rows")
}

/// `b` bold, `d` faint, `i` italic, `u` underlined, `r` inverse, then the colour and the ground.
fn style(cell: &vt100::Cell) -> String {
    let flags = [
        (cell.bold(), "b"),
        (cell.dim(), "d"),
        (cell.italic(), "i"),
        (cell.underline(), "u"),
        (cell.inverse(), "r"),
    ];
    let mut words: Vec<String> =
        flags.iter().filter(|(is_on, _)| *is_on).map(|(_, word)| (*word).to_owned()).collect();
    words.extend(color(cell.fgcolor()));
    words.extend(color(cell.bgcolor()).map(|color| format!("on {color}")));
    words.join(" ")
}

fn color(color: vt100::Color) -> Option<String> {
    match color {
        vt100::Color::Default => None,
        vt100::Color::Idx(index) => Some(index.to_string()),
        vt100::Color::Rgb(red, green, blue) => Some(format!("#{red:02x}{green:02x}{blue:02x}")),
    }
}

/// Panics at whatever the emulator does not take for text, style or movement. The bytes were judged
/// before, by [`Sequences`]; this is the second opinion of somebody who parses as terminals do.
struct Strict;

impl vt100::Callbacks for Strict {
    fn audible_bell(&mut self, _: &mut vt100::Screen) {
        panic!("the bell rings");
    }

    fn visual_bell(&mut self, _: &mut vt100::Screen) {
        panic!("the screen flashes");
    }

    fn resize(&mut self, _: &mut vt100::Screen, size: (u16, u16)) {
        panic!("the window becomes {size:?}");
    }

    fn set_window_icon_name(&mut self, _: &mut vt100::Screen, name: &[u8]) {
        panic!("the icon is named `{}`", name.escape_ascii());
    }

    fn set_window_title(&mut self, _: &mut vt100::Screen, title: &[u8]) {
        panic!("the title is `{}`", title.escape_ascii());
    }

    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8], data: &[u8]) {
        panic!("`{}` is copied", data.escape_ascii());
    }

    fn paste_from_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8]) {
        panic!("the clipboard is read");
    }

    fn unhandled_char(&mut self, _: &mut vt100::Screen, character: char) {
        // The emulator does not draw the replacement character, which stands for no character.
        assert_eq!(character, '\u{fffd}', "the terminal cannot show it");
    }

    fn unhandled_control(&mut self, _: &mut vt100::Screen, byte: u8) {
        panic!("control {byte:#04x}");
    }

    fn unhandled_escape(&mut self, _: &mut vt100::Screen, _: Option<u8>, _: Option<u8>, byte: u8) {
        // The end of the OSC before it.
        assert_eq!(byte, b'\\', "an escape sequence");
    }

    fn unhandled_csi(
        &mut self,
        _: &mut vt100::Screen,
        mark: Option<u8>,
        _: Option<u8>,
        parameters: &[&[u16]],
        end: char,
    ) {
        let is_update = mark == Some(b'?') && parameters == [&[2026]] && matches!(end, 'h' | 'l');
        // Struck out, which the emulator does not know.
        let is_struck = mark.is_none() && end == 'm';
        assert!(is_update || is_struck, "CSI {mark:?} {parameters:?} {end}");
    }

    fn unhandled_osc(&mut self, _: &mut vt100::Screen, parameters: &[&[u8]]) {
        let is_link = parameters.first() == Some(&b"8".as_slice());
        let shown: Vec<String> =
            parameters.iter().map(|it| it.escape_ascii().to_string()).collect();
        assert!(is_link, "OSC {shown:?}");
    }
}
