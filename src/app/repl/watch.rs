//! Keeps watch over the terminal while the chat runs: whatever ends or stops the program, at
//! whatever moment, the terminal is left as it was found.

#[cfg(unix)]
use std::{
    io, panic,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

#[cfg(unix)]
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP},
    flag,
    iterator::Signals,
    low_level::emulate_default_handler,
};

use crate::term::Facts;
#[cfg(unix)]
use crate::{
    app::failure::Kind,
    term::{Modes, can_suspend, is_background},
};

/// Two presses of Ctrl-C within this time leave the chat.
pub(super) const TWICE: std::time::Duration = std::time::Duration::from_secs(1);

/// What the program is about, for whom interrupts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Place {
    /// It waits for a line; there is nothing to be kept.
    Prompt = 0,
    /// It is at work, and stops by itself when it is told to.
    Work = 1,
    /// Another program has the terminal, and the keys are meant for it.
    Outside = 2,
    /// A program that we wait for may ask something on the terminal; Ctrl-C ends both.
    Lent = 3,
}

/// The watch; the terminal is quiet as long as it lasts.
#[cfg(unix)]
pub(super) struct Watch {
    shared: Arc<Shared>,
}

#[cfg(unix)]
struct Shared {
    modes: Modes,
    /// Set as soon as a signal comes that ends the program, also while it is stopped.
    is_over: Arc<AtomicBool>,
    place: AtomicU8,
    /// How many lines were entered.
    lines: AtomicU32,
    /// The exit code of a chat that is to end; 0: it goes on.
    ending: AtomicU8,
    /// Held while the modes change hands. Whoever ends the process never gives it back: nothing may
    /// change the terminal after that.
    gate: Mutex<()>,
    /// How often the program was stopped and went on.
    stops: Mutex<u32>,
    went_on: Condvar,
}

#[cfg(unix)]
impl Watch {
    /// Begins to watch.
    pub(super) fn begin() -> io::Result<Self> {
        // Before the signals are ours: it may have to wait, and can be ended as any program then.
        let modes = Modes::find()?;
        let is_over = Arc::default();
        for signal in [SIGHUP, SIGTERM] {
            flag::register(signal, Arc::clone(&is_over))?;
        }
        let mut signals = Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP])?;
        let shared = Arc::new(Shared {
            modes,
            is_over,
            place: AtomicU8::new(Place::Work as u8),
            lines: AtomicU32::new(0),
            ending: AtomicU8::new(0),
            gate: Mutex::new(()),
            stops: Mutex::new(0),
            went_on: Condvar::new(),
        });
        let watched = Arc::clone(&shared);
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            watched.modes.restore();
            before(panic);
        }));
        let watched = Arc::clone(&shared);
        thread::Builder::new().name("signals".to_owned()).spawn(move || {
            let mut presses = Presses::default();
            for signal in signals.forever() {
                watched.take(signal, &mut presses);
            }
        })?;
        Ok(Self { shared })
    }

    /// Notes that a line was entered.
    pub(super) fn count_line(&self) {
        self.shared.lines.fetch_add(1, Ordering::SeqCst);
    }

    /// Makes the terminal quiet. `has_editor`: a line editor reads what is typed.
    pub(super) fn quiet(&self, has_editor: bool, facts: Facts) -> io::Result<()> {
        self.shared.modes.expect_editor(has_editor);
        self.shared.modes.expect_colors(facts.has_color);
        self.shared.modes.quiet()
    }

    /// Says what the program is about from now on. Another program gets the terminal as it was
    /// found. Does not return to the prompt when the chat is to end.
    pub(super) fn at(&self, place: Place) {
        let shared = &self.shared;
        let gate = shared.gate();
        shared.place.store(place as u8, Ordering::SeqCst);
        let modes = &shared.modes;
        let is_away = matches!(place, Place::Outside | Place::Lent);
        if is_away || (place == Place::Prompt && !modes.has_editor()) {
            modes.restore();
        } else {
            // The line editor, or another program, has left it in a mode of its own. If the terminal
            // is gone, the next line tells.
            let _ = modes.quiet();
        }
        drop(gate);
        // Of the watch, which looks at the place after it has set this, and of us, who look at this
        // after we have set the place, one at least sees the other.
        let code = shared.ending.load(Ordering::SeqCst);
        if place == Place::Prompt && code != 0 {
            shared.end(code);
        }
    }

    /// Stops the program and all that belongs to it, as the terminal does for Ctrl-Z; returns when
    /// it goes on.
    pub(super) fn suspender(&self) -> Box<dyn Fn() + Send + Sync> {
        let shared = Arc::clone(&self.shared);
        Box::new(move || {
            let lock = || shared.stops.lock().unwrap_or_else(PoisonError::into_inner);
            let before = *lock();
            if !can_suspend() {
                return;
            }
            let group = rustix::process::Signal::TSTP;
            if rustix::process::kill_current_process_group(group).is_err() {
                return;
            }
            // A signal that is lost must not hang the prompt. In slices, because the time in which
            // the process is stopped counts, too.
            for _ in 0..20 {
                let slice = Duration::from_millis(100);
                let waits = |stops: &mut u32| *stops == before;
                let waited = shared.went_on.wait_timeout_while(lock(), slice, waits);
                if !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out() {
                    break;
                }
            }
        })
    }
}

#[cfg(unix)]
impl Drop for Watch {
    fn drop(&mut self) {
        self.shared.modes.restore();
    }
}

/// When Ctrl-C was pressed last, and how many lines there were until then.
#[cfg(unix)]
#[derive(Default)]
struct Presses(Option<(Instant, u32)>);

#[cfg(unix)]
impl Shared {
    /// Takes one signal, on the thread of the watch.
    fn take(self: &Arc<Self>, signal: i32, presses: &mut Presses) {
        let is_at = |place| self.place.load(Ordering::SeqCst) == place as u8;
        match signal {
            SIGTSTP => {
                // What cannot be said here shows at the next line.
                let _ = if is_at(Place::Outside) || is_at(Place::Lent) {
                    // The terminal is not ours to change.
                    emulate_default_handler(SIGTSTP)
                } else {
                    self.modes.suspend(&self.is_over)
                };
                if self.is_over.load(Ordering::SeqCst) && is_background() {
                    // A shell killed its stopped job: there is nothing to go on with.
                    self.end(Kind::Terminated.code());
                }
                *self.stops.lock().unwrap_or_else(PoisonError::into_inner) += 1;
                self.went_on.notify_all();
            }
            SIGINT | SIGQUIT if is_at(Place::Outside) => {}
            SIGINT => {
                // A press before a line has nothing to do with one behind it.
                let lines = self.lines.load(Ordering::SeqCst);
                let before = presses.0.replace((Instant::now(), lines));
                if before.is_some_and(|(at, before)| before == lines && at.elapsed() < TWICE) {
                    self.end_soon(Duration::from_millis(300), Kind::Interrupted.code());
                }
            }
            SIGQUIT => {
                self.close();
                // Ends the process.
                let _ = emulate_default_handler(SIGQUIT);
            }
            _ => self.end_soon(Duration::from_secs(1), Kind::Terminated.code()),
        }
    }

    /// Ends the process: at once when it waits for a line. Work should stop by itself and be left
    /// in good order, but it may hang, in a write that nobody reads for one.
    fn end_soon(self: &Arc<Self>, patience: Duration, code: u8) {
        self.ending.store(code, Ordering::SeqCst);
        if self.place.load(Ordering::SeqCst) == Place::Prompt as u8 {
            self.end(code);
        }
        let shared = Arc::clone(self);
        thread::spawn(move || {
            thread::sleep(patience);
            shared.end(code);
        });
    }

    /// Ends the process: the main thread waits for a key, or hangs.
    fn end(self: &Arc<Self>, code: u8) -> ! {
        self.close();
        std::process::exit(i32::from(code));
    }

    /// Restores the terminal for good. On a thread of its own, because a terminal that nobody reads
    /// may hold up whoever writes to it, and whoever waits for that one.
    fn close(self: &Arc<Self>) {
        const PATIENCE: Duration = Duration::from_millis(700);

        let shared = Arc::clone(self);
        let (done, is_done) = mpsc::channel();
        thread::spawn(move || {
            let _gate = shared.gate();
            shared.restore_until_it_stays();
            // Nobody waits any more after `PATIENCE`.
            let _ = done.send(());
            loop {
                thread::park();
            }
        });
        if is_done.recv_timeout(PATIENCE).is_err() {
            self.modes.restore_modes();
        }
    }

    /// The line editor may be about to change the terminal, once, for a line that begins or ends
    /// just now: first its modes, then the marks round pastes, which nobody can look up. So it is
    /// restored for longer than that takes.
    fn restore_until_it_stays(&self) {
        const TIMES: u32 = 5;
        const PAUSE: Duration = Duration::from_millis(8);

        for _ in 0..TIMES {
            self.modes.restore();
            thread::sleep(PAUSE);
        }
        self.modes.restore();
    }

    fn gate(&self) -> MutexGuard<'_, ()> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Elsewhere the line editor alone changes the terminal, and restores it.
#[cfg(not(unix))]
pub(super) struct Watch;

#[cfg(not(unix))]
impl Watch {
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
    pub(super) fn begin() -> std::io::Result<Self> {
        Ok(Self)
    }

    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "elsewhere it can fail")]
    pub(super) fn quiet(&self, _has_editor: bool, _facts: Facts) -> std::io::Result<()> {
        Ok(())
    }

    #[expect(clippy::unused_self, reason = "elsewhere it is used")]
    pub(super) fn at(&self, _place: Place) {}

    #[expect(clippy::unused_self, reason = "elsewhere it is used")]
    pub(super) fn count_line(&self) {}

    #[expect(clippy::unused_self, reason = "elsewhere it is used")]
    pub(super) fn suspender(&self) -> Box<dyn Fn() + Send + Sync> {
        Box::new(|| {})
    }
}

#[cfg(all(test, unix))]
#[path = "watch_tests.rs"]
mod tests;
