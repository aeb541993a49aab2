//! The real binary on a terminal of a given size, seen through a terminal emulator.

use std::{
    fs::File,
    io::{Read, Write},
    num::NonZeroU16,
    path::PathBuf,
    process::Command,
    sync::{
        Arc, Mutex,
        mpsc::{self, Receiver},
    },
    thread,
    time::Instant,
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::{
    byok::{Byok, DEADLINE, masked},
    running::signal,
};

/// A run of byok on a terminal; dropping it kills the run.
pub(crate) struct Pty {
    child: Box<dyn Child + Send + Sync>,
    keyboard: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    terminal: vt100::Parser,
    seen: Vec<u8>,
    home: PathBuf,
    /// The modes of the terminal before the run.
    found: String,
    /// Locked while nobody reads.
    is_read: Arc<Mutex<()>>,
    /// Kept open: closing it hangs up on the run.
    master: Box<dyn MasterPty + Send>,
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
        let found = stty(&*pair.master, "-g");
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
        let is_read = Arc::new(Mutex::new(()));
        Self {
            child,
            keyboard,
            output: chunks(reader, is_read.clone()),
            terminal: vt100::Parser::new(size(rows), size(columns), 1000),
            seen: Vec::new(),
            home: byok.home().to_owned(),
            found,
            is_read,
            master: pair.master,
        }
    }

    /// Types; `"\r"` is Enter, `"\x03"` is Ctrl-C, `"\x04"` is Ctrl-D.
    pub(crate) fn send(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).expect("the terminal is open");
        self.keyboard.flush().expect("the terminal is open");
    }

    /// Pastes, as terminals do that mark what is pasted.
    pub(crate) fn paste(&mut self, text: &str) {
        self.send(&format!("\x1b[200~{text}\x1b[201~"));
    }

    /// Waits until the line of the cursor is this one, but for white space at its end.
    #[track_caller]
    pub(crate) fn wait_for_line(&mut self, line: &str) {
        self.wait_until(&format!("line `{line}` under the cursor"), |screen| {
            let (row, _) = screen.cursor_position();
            let (_, columns) = screen.size();
            screen
                .rows(0, columns.get())
                .nth(usize::from(row))
                .is_some_and(|it| it.trim_end() == line)
        });
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

    /// Waits for the end of the run and says the signal that ended it, else its exit code.
    #[track_caller]
    pub(crate) fn wait_for_end(&mut self) -> Result<u32, String> {
        let code = self.wait();
        let status = self.child.wait().expect("it was started");
        status.signal().map_or(Ok(code), |signal| Err(signal.to_owned()))
    }

    /// The text of the screen without trailing space, masked as in an
    /// [`Output`](super::byok::Output).
    pub(crate) fn screen(&self) -> String {
        masked(&self.terminal.screen().contents(), &self.home)
    }

    /// The process.
    #[track_caller]
    pub(crate) fn id(&self) -> u32 {
        self.child.process_id().expect("it runs")
    }

    /// The terminal as it is now.
    pub(crate) fn terminal(&self) -> &vt100::Screen {
        self.terminal.screen()
    }

    /// Waits until so many bytes reached the terminal, or the run has ended.
    pub(crate) fn wait_for_bytes(&mut self, count: usize) {
        while self.seen.len() < count {
            let Ok(chunk) = self.output.recv_timeout(DEADLINE) else { return };
            self.take(&chunk);
        }
    }

    /// Waits for the end while nobody reads what the terminal shows.
    #[track_caller]
    pub(crate) fn wait_unread(&mut self) -> u32 {
        let deadline = Instant::now() + DEADLINE;
        loop {
            if let Some(status) = self.child.try_wait().expect("it was started") {
                return status.exit_code();
            }
            assert!(Instant::now() < deadline, "the run does not end");
            thread::yield_now();
        }
    }

    /// While this is locked, nobody reads what the terminal shows.
    pub(crate) fn reading(&self) -> Arc<Mutex<()>> {
        self.is_read.clone()
    }

    /// Sends the run a signal by its name.
    #[track_caller]
    pub(crate) fn signal(&self, name: &str) {
        signal(self.child.process_id().expect("it was started"), name);
    }

    /// Gives the terminal another size.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        let size = PtySize { rows, cols: columns, ..PtySize::default() };
        self.master.resize(size).expect("the pty is open");
        // Linux tells of the new size a moment before it can be read.
        self.signal("WINCH");
        let size = |count| NonZeroU16::new(count).expect("a terminal has columns and rows");
        self.terminal.screen_mut().set_size(size(rows), size(columns));
    }

    /// The terminal is as it was before the run: its modes, a cursor, no colour, no marks for
    /// pastes.
    #[track_caller]
    pub(crate) fn assert_as_found(&self) {
        self.assert_modes_as_found();
        let screen = self.terminal.screen();
        let (color, is_bold) = (screen.fgcolor(), screen.bold() || screen.dim());
        let state = (screen.hide_cursor(), screen.bracketed_paste(), is_bold, color);
        assert_eq!(state, (false, false, false, vt100::Color::Default), "{}", self.screen());
    }

    /// The modes of the terminal are those of before the run.
    #[track_caller]
    pub(crate) fn assert_modes_as_found(&self) {
        assert_eq!(stty(&*self.master, "-g"), self.found, "{}", self.screen());
    }

    /// Whether this flag of the terminal is set, by its name in `stty`: `echo`, `icanon`.
    #[track_caller]
    pub(crate) fn has_mode(&self, flag: &str) -> bool {
        stty(&*self.master, "-a").split([' ', '\n', ';']).any(|word| word == flag)
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

/// What `stty` says of the terminal.
#[track_caller]
fn stty(master: &dyn MasterPty, format: &str) -> String {
    let terminal = File::open(master.tty_name().expect("the pty has a name"));
    let output =
        Command::new("stty").arg(format).stdin(terminal.expect("the pty is open")).output();
    let output = output.expect("there is a program `stty`");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Reads on a thread of its own, so that waiting can have a deadline.
fn chunks(mut reader: Box<dyn Read + Send>, is_read: Arc<Mutex<()>>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        let mut was_over = false;
        loop {
            // On Linux the end of a pty is an error, and may be told before its last bytes are
            // read: whether it is over, only a second look says.
            let length = reader.read(&mut buffer).unwrap_or(0);
            drop(is_read.lock());
            if length == 0 && was_over {
                return;
            }
            was_over = length == 0;
            if !was_over && sender.send(buffer[..length].to_vec()).is_err() {
                return;
            }
        }
    });
    receiver
}
