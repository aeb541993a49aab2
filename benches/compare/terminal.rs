//! A program on a terminal: its keyboard, its screen, and what it costs.

use std::{
    fs,
    io::{self, Read as _, Write},
    num::NonZeroU16,
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::{latency, reading::Reading};

/// High enough for 8 KB of text, so that its middle is on the screen.
const ROWS: u16 = 100;
const COLUMNS: u16 = 120;

/// Longer than this nothing may take.
const DEADLINE: Duration = Duration::from_mins(1);

/// A run; dropping it ends it.
pub(crate) struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    keyboard: Box<dyn Write + Send>,
    /// What was printed, and when it was read.
    output: Receiver<(u128, Vec<u8>)>,
    reading: Reading,
    emulator: vt100::Parser,
    /// What was printed since the last key.
    printed: Vec<u8>,
    /// Kept open: closing it hangs up on the run.
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    pub(crate) fn start(mut command: CommandBuilder) -> io::Result<Self> {
        let size = PtySize { rows: ROWS, cols: COLUMNS, ..PtySize::default() };
        let pair = native_pty_system().openpty(size).map_err(io::Error::other)?;
        command.env("TERM", "xterm-256color");
        let child = pair.slave.spawn_command(command).map_err(io::Error::other)?;
        // This copy would keep the terminal open after the run.
        drop(pair.slave);
        let keyboard = pair.master.take_writer().map_err(io::Error::other)?;
        let mut reader = pair.master.try_clone_reader().map_err(io::Error::other)?;
        let (sender, output) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = vec![0; 64 * 1024];
            // On Linux the end of a pty is an error.
            while let Ok(length) = reader.read(&mut buffer) {
                if length == 0 || sender.send((latency::now(), buffer[..length].to_vec())).is_err()
                {
                    return;
                }
            }
        });
        let count = |count| NonZeroU16::new(count).ok_or_else(|| io::Error::other("no terminal"));
        Ok(Self {
            child,
            keyboard,
            output,
            reading: Reading::default(),
            emulator: vt100::Parser::new(count(ROWS)?, count(COLUMNS)?, 0),
            printed: Vec::new(),
            _master: pair.master,
        })
    }

    /// Types.
    pub(crate) fn send(&mut self, keys: &str) -> io::Result<()> {
        self.printed.clear();
        self.keyboard.write_all(keys.as_bytes())?;
        self.keyboard.flush()
    }

    /// Types one key, another one than stands before the cursor, and waits until it stands there.
    pub(crate) fn echo(&mut self, key: char) -> io::Result<Duration> {
        let begun = Instant::now();
        self.send(key.encode_utf8(&mut [0; 4]))?;
        self.wait_for_key(key)?;
        Ok(begun.elapsed())
    }

    /// Waits until the cursor stands behind this key.
    pub(crate) fn wait_for_key(&mut self, key: char) -> io::Result<()> {
        self.wait_until("echo of a key", |screen| stands_before_cursor(screen, key))
    }

    /// Waits for a prompt with nothing behind it.
    pub(crate) fn wait_for_prompt(&mut self) -> io::Result<()> {
        self.wait_until("prompt", |screen| {
            let (row, column) = screen.cursor_position();
            screen.contents_between(row, 0, row, column).ends_with("> ")
        })
    }

    /// What was printed since the last key.
    pub(crate) fn printed(&self) -> &[u8] {
        &self.printed
    }

    /// Waits for the next such word in the text, wherever it stands, and says when all of it could
    /// be read, in nanoseconds since 1970. The emulator has no part in this.
    pub(crate) fn wait_for_text(&mut self, word: &str) -> io::Result<u128> {
        let deadline = Instant::now() + DEADLINE;
        loop {
            if let Some(time) = self.reading.find(word) {
                return Ok(time);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok((time, bytes)) = self.output.recv_timeout(left) else {
                return Err(self.fault(&format!("no `{word}` came")));
            };
            self.reading.take(&bytes, time);
        }
    }

    /// Bytes that [`Terminal::wait_for_text`] has read.
    pub(crate) fn count(&self) -> usize {
        self.reading.count()
    }

    /// What went wrong, with the last words of the run.
    pub(crate) fn fault(&mut self, what: &str) -> io::Error {
        for (time, bytes) in self.output.try_iter() {
            self.reading.take(&bytes, time);
        }
        io::Error::other(format!("{what}; the last words: {}", self.reading.last().trim()))
    }

    /// The peak of the run's resident memory, in MB.
    pub(crate) fn peak_memory(&self) -> io::Result<f64> {
        let id = self.child.process_id().ok_or_else(|| io::Error::other("the run has no id"))?;
        let status = fs::read_to_string(format!("/proc/{id}/status"))?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = peak.and_then(|peak| peak.trim().strip_suffix("kB")?.trim().parse().ok());
        let kilobytes: u32 = kilobytes.ok_or_else(|| io::Error::other("no peak is told"))?;
        Ok(f64::from(kilobytes) / 1024.0)
    }

    /// The processor time that the run has taken, all its threads together.
    pub(crate) fn cpu(&self) -> io::Result<Duration> {
        let id = self.child.process_id().ok_or_else(|| io::Error::other("the run has no id"))?;
        let mut taken = Duration::ZERO;
        for thread in fs::read_dir(format!("/proc/{id}/task"))? {
            // Nanoseconds on a processor stand first; `stat` counts in steps of 10 ms.
            let times = fs::read_to_string(thread?.path().join("schedstat"))?;
            let first = times.split_whitespace().next().and_then(|first| first.parse().ok());
            taken += Duration::from_nanos(first.unwrap_or_default());
        }
        Ok(taken)
    }

    /// Takes what is printed until the screen is as wanted.
    fn wait_until(
        &mut self,
        what: &str,
        is_reached: impl Fn(&vt100::Screen) -> bool,
    ) -> io::Result<()> {
        let deadline = Instant::now() + DEADLINE;
        while self.printed.is_empty() || !is_reached(self.emulator.screen()) {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok((_, bytes)) = self.output.recv_timeout(left) else {
                let screen = self.emulator.screen().contents();
                let last = screen.lines().rev().find(|line| !line.trim().is_empty());
                return Err(io::Error::other(format!(
                    "no {what} came; the last line on the screen: {}",
                    last.unwrap_or("(none)").trim()
                )));
            };
            self.emulator.process(&bytes);
            self.printed.extend(bytes);
        }
        Ok(())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn stands_before_cursor(screen: &vt100::Screen, key: char) -> bool {
    let (row, column) = screen.cursor_position();
    let before = match (row, column) {
        (0, 0) => return false,
        (row, 0) => (row - 1, COLUMNS - 1),
        (row, column) => (row, column - 1),
    };
    screen.cell(before.0, before.1).is_some_and(|cell| cell.contents().chars().eq([key]))
}
