//! An answer's Markdown on the terminal: when it is painted, and how often anew.

use std::{
    io,
    time::{Duration, Instant},
};

use super::{Destination, Ink, Look, Palette, Renderer, facts::size, stops::Stops};

/// How an answer is rendered, and on what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Surface {
    /// What the reader has in front of them.
    pub look: Look,
    /// The colours.
    pub palette: Palette,
    /// What is shown may be painted anew: the cursor is ours to move.
    pub can_repaint: bool,
    /// The terminal wraps long lines anew when its width changes.
    pub reflows: bool,
}

/// Markdown on its way to a terminal, or into a pipe.
#[derive(Debug)]
pub(super) struct Rendered {
    renderer: Renderer,
    ink: Ink,
    can_repaint: bool,
    pace: Pace,
    stops: Stops,
    state: State,
}

/// What of the answer is not on the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// There was no answer yet.
    Empty,
    /// Nothing.
    Shown,
    /// What came last.
    Stale,
    /// Something that waits for a repaint.
    Pending,
}

impl Rendered {
    pub(super) fn new(surface: Surface) -> Self {
        let mut renderer = Renderer::new(surface.look, size());
        if !surface.can_repaint {
            renderer = renderer.finished_only();
        }
        if !surface.reflows {
            renderer = renderer.without_reflow();
        }
        Self {
            renderer,
            ink: Ink::new(surface.palette, surface.look.has_links),
            can_repaint: surface.can_repaint,
            pace: Pace::default(),
            stops: Stops::watch(),
            state: State::Empty,
        }
    }

    /// Takes more of the answer.
    pub(super) fn push(&mut self, text: &str) {
        self.renderer.push(text);
        self.state = State::Stale;
    }

    /// Brings the terminal up to date.
    pub(super) fn show(&mut self, destination: &mut Destination) -> io::Result<()> {
        if matches!(self.state, State::Empty | State::Shown) {
            return Ok(());
        }
        self.look_round();
        let begun = Instant::now();
        let may_repaint = self.can_repaint && self.pace.allows(begun);
        let (repaints, work) = (self.renderer.repaints(), self.renderer.work());
        let is_pending = self.renderer.update(size(), may_repaint, &mut self.ink);
        self.state = if is_pending { State::Pending } else { State::Shown };
        let result = self.write(destination);
        if self.renderer.repaints() > repaints || self.renderer.work() - work > MUCH {
            self.pace.took(begun, begun.elapsed());
        }
        result
    }

    /// When it should be shown again although nothing came: a repaint had to wait.
    pub(super) fn due(&self) -> Option<Instant> {
        (self.state == State::Pending).then(|| self.pace.next())
    }

    /// Somebody else writes to the terminal now: a new line is begun for them.
    pub(super) fn leave(&mut self, destination: &mut Destination) -> io::Result<()> {
        if self.state == State::Empty {
            return Ok(());
        }
        self.look_round();
        self.renderer.update(size(), self.can_repaint, &mut self.ink);
        self.renderer.leave(&mut self.ink);
        self.state = State::Shown;
        self.write(destination)
    }

    /// The answer is over.
    pub(super) fn finish(&mut self, destination: &mut Destination) -> io::Result<()> {
        self.look_round();
        if self.state != State::Empty {
            self.renderer.finish(size(), &mut self.ink);
        }
        self.state = State::Empty;
        self.write(destination)
    }

    /// Paints nothing anew that a shell has written below of.
    fn look_round(&mut self) {
        if self.stops.take() {
            self.renderer.keep();
        }
    }

    fn write(&mut self, destination: &mut Destination) -> io::Result<()> {
        let bytes = self.ink.bytes();
        let result = if bytes.is_empty() { Ok(()) } else { destination.write(bytes) };
        self.ink.clear();
        result
    }
}

/// Parsing more than this, in bytes, counts as a repaint, be anything painted or not.
const MUCH: u64 = 1_024;

/// How often the screen may be painted anew.
#[derive(Debug, Default)]
struct Pace {
    next: Option<Instant>,
}

impl Pace {
    /// Thirty times a second: more often nobody sees.
    const INTERVAL: Duration = Duration::from_millis(34);

    /// Of the time that passes, this part may be spent on it.
    const SHARE: u32 = 10;

    fn allows(&self, now: Instant) -> bool {
        self.next.is_none_or(|next| now >= next)
    }

    fn took(&mut self, begun: Instant, cost: Duration) {
        self.next = Some(begun + Self::INTERVAL.max(cost * Self::SHARE));
    }

    fn next(&self) -> Instant {
        self.next.unwrap_or_else(Instant::now)
    }
}
