//! The terminal's modes while the chat runs, and as they were found.
//!
//! From the first prompt to the last the terminal is quiet: nothing that is typed shows by itself,
//! so that an answer is not torn apart by what is typed ahead. The line editor goes from there to
//! its raw mode and back. Whoever ends the chat, or stops it for a while, restores what was found.

use std::{
    io::{self, stdin, stdout},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{getpgrp, getppid, getsid},
    termios::{
        InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcgetpgrp,
        tcsetattr,
    },
};
use signal_hook::{
    consts::{SIGTSTP, SIGTTIN},
    low_level::emulate_default_handler,
};

/// Pasted text comes between marks, also while an answer streams.
const PASTE_MARKS_ON: &[u8] = b"\x1b[?2004h";

/// No marks round pasted text, a cursor, no unfinished synchronized update.
const AS_FOUND: &[u8] = b"\x1b[?2026l\x1b[?2004l\x1b[?25h";

/// No colour.
const COLORLESS: &[u8] = b"\x1b[0m";

/// The terminal on standard input and output.
#[derive(Debug)]
pub struct Modes {
    found: Mutex<Termios>,
    /// Whether lines are read by an editor; else by the terminal itself, which must be able to end
    /// them.
    has_editor: AtomicBool,
    /// Whether colours are shown.
    has_color: AtomicBool,
}

impl Modes {
    /// Remembers the modes as they are. Begun in the background, it waits there, stopped, until it
    /// has the terminal: what the shell does to it meanwhile is for the shell's own line.
    ///
    /// # Errors
    /// Standard input is no terminal.
    pub fn find() -> io::Result<Self> {
        while is_background() && can_suspend() {
            emulate_default_handler(SIGTTIN)?;
        }
        Ok(Self {
            found: Mutex::new(tcgetattr(stdin())?),
            has_editor: AtomicBool::new(false),
            has_color: AtomicBool::new(false),
        })
    }

    /// Says whether a line editor reads what is typed.
    pub fn expect_editor(&self, has_editor: bool) {
        self.has_editor.store(has_editor, Ordering::SeqCst);
    }

    /// Says whether colours are shown.
    pub fn expect_colors(&self, has_color: bool) {
        self.has_color.store(has_color, Ordering::SeqCst);
    }

    /// Makes the terminal quiet.
    ///
    /// Ctrl-C, Ctrl-\ and Ctrl-Z stay signals, which do not throw away what was typed ahead; erasing
    /// works in what is typed ahead. Enter stays a carriage return and Ctrl-D itself: both wait for
    /// the line editor, to which a line feed is another key than Enter.
    ///
    /// # Errors
    /// The terminal's own.
    pub fn quiet(&self) -> io::Result<()> {
        let mut quiet = self.found().clone();
        quiet.local_modes -= LocalModes::ECHO | LocalModes::ECHONL;
        quiet.local_modes |= LocalModes::ICANON | LocalModes::ISIG | LocalModes::NOFLSH;
        if self.has_editor() {
            quiet.input_modes -= InputModes::ICRNL | InputModes::INLCR | InputModes::IGNCR;
            quiet.special_codes[SpecialCodeIndex::VEOF] = DISABLED;
        }
        set(&quiet)?;
        self.mark_pastes();
        Ok(())
    }

    /// Whether a line editor reads what is typed; else the terminal shows it, and must be as it was
    /// found to do so.
    pub fn has_editor(&self) -> bool {
        self.has_editor.load(Ordering::SeqCst)
    }

    /// Brings back what was found. It may be called at any time and from any thread; in the
    /// background nothing is ours to bring back.
    pub fn restore(&self) {
        if !is_background() {
            self.restore_modes();
            let marks = if self.has_editor() { AS_FOUND } else { b"" };
            let color = if self.has_color.load(Ordering::SeqCst) { COLORLESS } else { b"" };
            // In one go: a terminal that nobody reads is waited for once.
            show(&[marks, color].concat());
        }
    }

    /// Brings back the modes alone and shows nothing, which is why it never waits.
    pub fn restore_modes(&self) {
        if !is_background() {
            // There is nobody left to tell when it cannot be done.
            let _ = set(&self.found());
        }
    }

    /// Stops the process as Ctrl-Z does, the terminal as it was found, and returns when it has the
    /// terminal again, in the modes of now. Let go on in the background (`bg`), it stops once more,
    /// unless it `is_over`.
    ///
    /// # Errors
    /// The terminal's own.
    pub fn suspend(&self, is_over: &AtomicBool) -> io::Result<()> {
        if !can_suspend() {
            return Ok(());
        }
        let now = tcgetattr(stdin())?;
        self.restore();
        emulate_default_handler(SIGTSTP)?;
        while is_background() {
            if is_over.load(Ordering::SeqCst) || !can_suspend() {
                return Ok(());
            }
            emulate_default_handler(SIGTTIN)?;
        }
        // The shell may have changed them meanwhile.
        *self.found() = tcgetattr(stdin())?;
        set(&now)?;
        self.mark_pastes();
        Ok(())
    }

    /// Whether the terminal is in the modes in which it was found.
    pub fn are_as_found(&self) -> bool {
        let found = self.found();
        tcgetattr(stdin()).is_ok_and(|now| {
            now.input_modes == found.input_modes
                && now.output_modes == found.output_modes
                && now.control_modes == found.control_modes
                && now.local_modes == found.local_modes
        })
    }

    /// Asks the terminal for marks round pasted text, which the line editor switches off when it is
    /// done with a line.
    fn mark_pastes(&self) {
        if self.has_editor() {
            show(PASTE_MARKS_ON);
        }
    }

    fn found(&self) -> MutexGuard<'_, Termios> {
        // A copy of modes cannot be left half-written.
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The control character that is none (`_POSIX_VDISABLE`).
#[cfg(any(target_os = "linux", target_os = "android"))]
const DISABLED: u8 = 0;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const DISABLED: u8 = 0xff;

/// Whether there is anybody who could let a stopped process go on: a shell in the same session of
/// the terminal, which keeps its jobs in groups of their own.
pub fn can_suspend() -> bool {
    let Ok(session) = getsid(None) else { return false };
    let parent = getppid().and_then(|parent| getsid(Some(parent)).ok());
    parent == Some(session) && getpgrp() != session
}

/// Whether another group has the terminal, a shell's own for one: its modes are not ours to see,
/// and not to change.
pub fn is_background() -> bool {
    tcgetpgrp(stdin()).is_ok_and(|group| group != getpgrp())
}

fn set(modes: &Termios) -> io::Result<()> {
    loop {
        // Not after all output is written: a terminal may have been stopped with Ctrl-S.
        match tcsetattr(stdin(), OptionalActions::Now, modes) {
            Err(rustix::io::Errno::INTR) => {}
            done => return Ok(done?),
        }
    }
}

/// Writes, unless the terminal takes nothing for too long: it may have been stopped with Ctrl-S. A
/// busy one says that it has no room while a few hundred bytes wait to be shown. Past the lock of
/// standard output, which a stopped writer may hold.
fn show(sequence: &[u8]) {
    const PATIENCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };

    if sequence.is_empty() {
        return;
    }
    let stdout = stdout();
    let mut polled = [PollFd::new(&stdout, PollFlags::OUT)];
    if poll(&mut polled, Some(&PATIENCE)).is_ok_and(|ready| ready == 1) {
        let _ = rustix::io::write(&stdout, sequence);
    }
}
