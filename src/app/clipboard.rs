//! The clipboard: by a program that owns one, else by asking the terminal.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{self, Write as _},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{failure::Failure, programs};
use crate::{config::Env, term::sanitize_whole};

/// How long a program may take. One that needs longer has no display to talk to.
const LIMIT: Duration = Duration::from_secs(2);

/// The most Base64 that is sent to a terminal, in bytes: some drop longer sequences in silence.
const LONGEST: usize = 100_000;

/// The longest string that every version of GNU screen passes on, in bytes.
///
/// Source: `MAXSTR` in its `screen.h`, 256 in the oldest versions that are still about.
const SCREEN_CHUNK: usize = 240;

/// The terminal's word for the clipboard: `\e]52;c;BASE64\a`.
///
/// Source: <https://invisible-island.net/xterm/ctlseqs/ctlseqs.html>, operating system commands.
const OSC_52: &str = "\x1b]52;c;";

/// Puts `text`, made harmless, on the clipboard and says how: ``with `xsel -bi` ``. A program runs
/// without the variables in `hidden`; `write` goes to the terminal and is called once, when no
/// program did it.
///
/// # Errors
/// A text that is too long for the terminal, or a terminal that has no clipboard; `write`'s own.
pub(super) fn copy(
    text: &str,
    env: &Env,
    hidden: &BTreeSet<String>,
    write: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> Result<String, Failure> {
    copy_within(LIMIT, text, env, hidden, write)
}

fn copy_within(
    limit: Duration,
    text: &str,
    env: &Env,
    hidden: &BTreeSet<String>,
    write: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> Result<String, Failure> {
    // What is pasted into a shell must do no more than what was seen.
    let text = sanitize_whole(text);
    for owner in owners(System::HERE, env) {
        let Some(path) = programs::find(owner.program, env) else { continue };
        let mut command = Command::new(path);
        command.args(owner.args).env_clear().envs(programs::environment(env, hidden));
        if feed(&mut command, owner.encoded(&text), limit).is_ok_and(|status| status.success()) {
            let words = [&[owner.program], owner.args].concat();
            return Ok(format!("with `{}`", words.join(" ")));
        }
    }
    if env.get("TERM") == Some("dumb") {
        return Err(Failure::other(
            "there is no program for the clipboard, and no terminal for it",
        )
        .hint("`/save FILE` writes the text to a file"));
    }
    let base64 = STANDARD.encode(text.as_bytes());
    if base64.len() > LONGEST {
        let most = LONGEST / 4 * 3 / 1000;
        return Err(Failure::other(format!(
            "the text is too long for the terminal's clipboard, which takes {most} KB"
        ))
        .hint("`/save FILE` writes it to a file"));
    }
    write(sequence(&base64, env).as_bytes())
        .map_err(|error| Failure::other("the terminal cannot be written to").cause(error))?;
    Ok("through the terminal (OSC 52), if it allows that".to_owned())
}

/// What decides which programs there may be, beside the environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum System {
    Unix,
    MacOs,
    Windows,
}

impl System {
    const HERE: Self = if cfg!(target_os = "macos") {
        Self::MacOs
    } else if cfg!(windows) {
        Self::Windows
    } else {
        Self::Unix
    };
}

/// A program that owns a clipboard, or hands it to one.
#[derive(Debug, PartialEq, Eq)]
struct Owner {
    program: &'static str,
    args: &'static [&'static str],
}

impl Owner {
    /// The text as the program reads it.
    fn encoded(&self, text: &str) -> Vec<u8> {
        match self.program {
            // It takes bytes for the system's old code page, unless they look like UTF-16.
            "clip.exe" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            _ => text.as_bytes().to_vec(),
        }
    }
}

/// The programs whose clipboard is the person's own, the nearest first.
fn owners(system: System, env: &Env) -> Vec<Owner> {
    let is_set = |name: &str| env.os(name).is_some();
    let mut owners = Vec::new();
    let mut add = |program, args| owners.push(Owner { program, args });
    if is_set("TMUX") {
        // `-w`: the terminal's clipboard, too.
        add("tmux", &["load-buffer", "-w", "-"][..]);
    }
    // Over ssh, a program here owns the clipboard of the other machine.
    if is_set("SSH_CONNECTION") || is_set("SSH_TTY") {
        return owners;
    }
    if system == System::MacOs {
        add("pbcopy", &[]);
    }
    if is_set("WAYLAND_DISPLAY") {
        add("wl-copy", &[]);
    }
    if is_set("DISPLAY") {
        add("xclip", &["-selection", "clipboard"]);
        add("xsel", &["-bi"]);
    }
    if system == System::Windows || is_set("WSL_DISTRO_NAME") || is_set("WSL_INTEROP") {
        add("clip.exe", &[]);
    }
    owners
}

/// Runs a command with `bytes` as its input and waits for its own end, not for that of a child
/// that stays behind to serve the clipboard.
fn feed(command: &mut Command, bytes: Vec<u8>, limit: Duration) -> io::Result<ExitStatus> {
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    // The child that stays must not be reached by a Ctrl-C that is meant for an answer.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let mut child = command.spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that reads nothing would hold us up, as soon as the pipe is full. One that
        // ends early breaks the pipe, and its exit code says whether that is an error.
        thread::spawn(move || drop(stdin.write_all(&bytes)));
    }
    wait(&mut child, limit)
}

/// Waits for a child, at most `limit`; then it is killed.
fn wait(child: &mut Child, limit: Duration) -> io::Result<ExitStatus> {
    const LONGEST_NAP: Duration = Duration::from_millis(20);
    let begin = Instant::now();
    let mut nap = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if begin.elapsed() >= limit {
            kill(child);
            child.wait()?;
            return Err(io::ErrorKind::TimedOut.into());
        }
        thread::sleep(nap);
        nap = (nap * 2).min(LONGEST_NAP);
    }
}

/// Kills a child with what it started.
fn kill(child: &mut Child) {
    // One that has just ended is no error.
    #[cfg(unix)]
    if let Some(group) = rustix::process::Pid::from_raw(child.id().cast_signed()) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
}

/// The sequence for the terminal. GNU screen swallows it, unless it comes in the strings that
/// screen passes on (`\eP…\e\\`), cut where they get too long for it.
fn sequence(base64: &str, env: &Env) -> String {
    if env.os("STY").is_none() {
        return format!("{OSC_52}{base64}\x07");
    }
    let mut sequence = format!("\x1bP{OSC_52}\x1b\\");
    for chunk in base64.as_bytes().chunks(SCREEN_CHUNK) {
        // Base64 is ASCII, and writing to a string cannot fail.
        let _ = write!(sequence, "\x1bP{}\x1b\\", String::from_utf8_lossy(chunk));
    }
    sequence.push_str("\x1bP\x07\x1b\\");
    sequence
}

#[cfg(all(test, unix))]
#[path = "clipboard_tests.rs"]
mod tests;
