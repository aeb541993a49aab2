//! A run of the binary that is watched and stopped while it goes on.

use std::{
    io::Read,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use super::byok::{Byok, DEADLINE, Output, read_all};

/// A started run; dropping it kills the run.
pub(crate) struct Running {
    byok: Byok,
    child: Child,
    stdout: Receiver<Vec<u8>>,
    stderr: Receiver<Vec<u8>>,
    seen_stdout: Vec<u8>,
    seen_stderr: Vec<u8>,
}

impl Running {
    /// Starts with this standard input.
    pub(crate) fn start(byok: &Byok, stdin: impl Into<Stdio>) -> Self {
        let mut child = byok
            .command()
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary was built");
        let stdout = pieces(child.stdout.take().expect("it is piped"));
        let stderr = pieces(child.stderr.take().expect("it is piped"));
        let byok = byok.clone();
        Self { byok, child, stdout, stderr, seen_stdout: Vec::new(), seen_stderr: Vec::new() }
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The other end of a piped standard input.
    pub(crate) fn stdin(&mut self) -> std::process::ChildStdin {
        self.child.stdin.take().expect("it is piped and taken once")
    }

    /// Waits until standard output holds this text.
    #[track_caller]
    pub(crate) fn wait_for_stdout(&mut self, text: &str) {
        wait_for(&self.stdout, &mut self.seen_stdout, text);
    }

    /// Waits until standard error holds this text.
    #[track_caller]
    pub(crate) fn wait_for_stderr(&mut self, text: &str) {
        wait_for(&self.stderr, &mut self.seen_stderr, text);
    }

    /// Sends a signal by its name.
    #[track_caller]
    pub(crate) fn signal(&self, name: &str) {
        signal(self.child.id(), name);
    }

    /// Waits for the end.
    #[track_caller]
    pub(crate) fn finish(mut self) -> Output {
        drain(&self.stdout, &mut self.seen_stdout);
        drain(&self.stderr, &mut self.seen_stderr);
        let status = self.child.wait().expect("it was started");
        let stdout = std::mem::take(&mut self.seen_stdout);
        let stderr = std::mem::take(&mut self.seen_stderr);
        self.byok.output(stdout, stderr, status.code())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has usually ended by now.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal by its name; `kill` is in every shell.
#[track_caller]
pub(crate) fn signal(process: u32, name: &str) {
    let sent = Command::new("/bin/sh").arg("-c").arg(format!("kill -{name} {process}")).status();
    assert!(sent.is_ok_and(|status| status.success()), "no signal {name} to {process}");
}

/// Runs a line of the shell in byok's own world, where `byok` is the binary.
#[track_caller]
pub(crate) fn shell(byok: &Byok, line: &str) -> Output {
    let binary = env!("CARGO_BIN_EXE_byok");
    let mut child = Command::new("/bin/sh")
        .arg("-c")
        .arg(format!("byok() {{ '{binary}' \"$@\"; }}\n{line}"))
        .env_clear()
        .envs(byok.environment())
        .current_dir(byok.work())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("there is a shell");
    let stdout = read_all(child.stdout.take().expect("it is piped"));
    let stderr = read_all(child.stderr.take().expect("it is piped"));
    let (Ok(stdout), Ok(stderr)) = (stdout.recv_timeout(DEADLINE), stderr.recv_timeout(DEADLINE))
    else {
        let _ = child.kill();
        panic!("`{line}` did not end within {DEADLINE:?}");
    };
    let status = child.wait().expect("it was started");
    byok.output(stdout, stderr, status.code())
}

fn pieces(mut pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(length) = pipe.read(&mut buffer) {
            if length == 0 || sender.send(buffer[..length].to_vec()).is_err() {
                return;
            }
        }
    });
    receiver
}

#[track_caller]
fn wait_for(pieces: &Receiver<Vec<u8>>, seen: &mut Vec<u8>, text: &str) {
    let deadline = Instant::now() + DEADLINE;
    while !String::from_utf8_lossy(seen).contains(text) {
        let Ok(piece) = pieces.recv_timeout(left(deadline)) else {
            panic!("no `{text}` in: {}", String::from_utf8_lossy(seen));
        };
        seen.extend(piece);
    }
}

#[track_caller]
fn drain(pieces: &Receiver<Vec<u8>>, seen: &mut Vec<u8>) {
    let deadline = Instant::now() + DEADLINE;
    loop {
        match pieces.recv_timeout(left(deadline)) {
            Ok(piece) => seen.extend(piece),
            Err(mpsc::RecvTimeoutError::Disconnected) => return,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                panic!("it does not end; so far: {}", String::from_utf8_lossy(seen))
            }
        }
    }
}

fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}
