//! The real binary on a terminal of a given size, seen through a terminal emulator.

use std::{
    io::{Read, Write},
    num::NonZeroU16,
    path::PathBuf,
    sync::mpsc::{self, Receiver},
    thread,
    time::Instant,
};

use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};

use super::byok::{Byok, DEADLINE, masked};

/// A run of byok on a terminal; dropping it kills the run.
pub(crate) struct Pty {
    child: Box<dyn Child + Send + Sync>,
    keyboard: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    terminal: vt100::Parser,
    seen: Vec<u8>,
    home: PathBuf,
    /// Kept open: closing it hangs up on the run.
    _master: Box<dyn portable_pty::MasterPty + Send>,
}

impl Pty {
    /// Starts byok with its arguments and environment; its standard input is the keyboard.
    pub(crate) fn start(byok: &Byok, columns: u16, rows: u16) -> Self {
        Self::start_program(env!("CARGO_BIN_EXE_byok"), byok, columns, rows)
    }

    /// Starts another program in byok's own world.
    pub(crate) fn start_program(program: &str, byok: &Byok, columns: u16, rows: u16) -> Self {
        let size = PtySize { rows, cols: columns, ..PtySize::default() };
        let pair = native_pty_system().openpty(size).expect("a pty can be opened");
        let mut command = CommandBuilder::new(program);
        command.args(byok.arguments());
        command.env_clear();
        command.env("TERM", "xterm-256color");
        for (name, value) in byok.environment() {
            // The terminal knows its own width.
            if name != "COLUMNS" {
                command.env(name, value);
            }
        }
        command.cwd(byok.work());
        let child = pair.slave.spawn_command(command).expect("the binary was built");
        // Our copy of the slave would keep the terminal open after the run.
        drop(pair.slave);
        let keyboard = pair.master.take_writer().expect("it is taken once");
        let reader = pair.master.try_clone_reader().expect("the pty is open");
        let size = |count| NonZeroU16::new(count).expect("a terminal has columns and rows");
        Self {
            child,
            keyboard,
            output: chunks(reader),
            terminal: vt100::Parser::new(size(rows), size(columns), 1000),
            seen: Vec::new(),
            home: byok.home().to_owned(),
            _master: pair.master,
        }
    }

    /// Types; `"\r"` is Enter, `"\x03"` is Ctrl-C, `"\x04"` is Ctrl-D.
    pub(crate) fn send(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).expect("the terminal is open");
        self.keyboard.flush().expect("the terminal is open");
    }

    /// Waits until the screen shows this text; panics with the screen when it never does.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, text: &str) {
        self.wait_until(&format!("`{text}`"), |screen| screen.contents().contains(text));
    }

    /// Waits until the screen is as wanted; `what` names that in the panic when it never is.
    #[track_caller]
    pub(crate) fn wait_until(&mut self, what: &str, is_reached: impl Fn(&vt100::Screen) -> bool) {
        let deadline = Instant::now() + DEADLINE;
        while !is_reached(self.terminal.screen()) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(chunk) => self.take(&chunk),
                Err(mpsc::RecvTimeoutError::Timeout | mpsc::RecvTimeoutError::Disconnected) => {
                    panic!("no {what} on the screen:\n{}", self.screen())
                }
            }
        }
    }

    /// Waits for the end of the run and says its exit code.
    #[track_caller]
    pub(crate) fn wait(&mut self) -> u32 {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(chunk) => self.take(&chunk),
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    panic!("the run does not end:\n{}", self.screen())
                }
            }
        }
        self.child.wait().expect("it was started").exit_code()
    }

    /// The text of the screen without trailing space, masked as in an
    /// [`Output`](super::byok::Output).
    pub(crate) fn screen(&self) -> String {
        masked(&self.terminal.screen().contents(), &self.home)
    }

    /// Every byte that reached the terminal so far.
    pub(crate) fn seen(&self) -> &[u8] {
        &self.seen
    }

    fn take(&mut self, chunk: &[u8]) {
        self.terminal.process(chunk);
        self.seen.extend_from_slice(chunk);
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // It has usually ended by now.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads on a thread of its own, so that waiting can have a deadline.
fn chunks(mut reader: Box<dyn Read + Send>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        // On Linux the end of a pty is an error.
        while let Ok(length) = reader.read(&mut buffer) {
            if length == 0 || sender.send(buffer[..length].to_vec()).is_err() {
                return;
            }
        }
    });
    receiver
}
