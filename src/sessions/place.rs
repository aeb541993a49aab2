//! Where a session is used: the terminal and the working directory.

use std::{fs, io, path::Path};

/// A terminal and a directory, by names that are theirs alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The terminal; `None` for a program without one.
    pub terminal: Option<String>,
    /// The working directory.
    pub directory: Option<String>,
}

/// What the environment says of the terminal. Empty values are as good as none.
#[derive(Debug, Clone, Copy, Default)]
pub struct Surroundings<'a> {
    /// `TMUX`: socket, process and session of the server.
    pub tmux: Option<&'a str>,
    /// `TMUX_PANE`
    pub tmux_pane: Option<&'a str>,
    /// `STY`: the session of screen.
    pub sty: Option<&'a str>,
    /// `WINDOW`: the window of screen.
    pub window: Option<&'a str>,
}

impl Place {
    /// Finds out. `has_terminal`: one of the standard streams is a terminal; a program in the
    /// background inherits the environment of one, and belongs to none.
    pub fn find(
        surroundings: Surroundings<'_>,
        has_terminal: bool,
        directory: Option<&Path>,
    ) -> Self {
        let terminal =
            if has_terminal { pane(surroundings).or_else(controlling_terminal) } else { None };
        let directory = directory.map(|it| it.to_string_lossy().into_owned());
        Self { terminal, directory }
    }
}

/// The pane of tmux or the window of screen: it outlives the shell that runs in it.
fn pane(from: Surroundings<'_>) -> Option<String> {
    let said = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    if let (Some(server), Some(pane)) = (said(from.tmux), said(from.tmux_pane)) {
        // Socket and process; what follows is the session, and a pane may move to another one.
        let server: Vec<&str> = server.splitn(3, ',').take(2).collect();
        return Some(format!("tmux {} {pane}", server.join(",")));
    }
    let (session, window) = (said(from.sty)?, said(from.window)?);
    Some(format!("screen {session} {window}"))
}

/// The controlling terminal with the process that leads its session, and when that began: numbers
/// of both are used again.
///
/// Source: proc(5), `/proc/pid/stat`.
#[cfg(target_os = "linux")]
fn controlling_terminal() -> Option<String> {
    let own = stat("self").ok()?;
    let (session, terminal) = (own.get(3)?, own.get(4)?);
    if terminal == "0" {
        return None;
    }
    let leader = stat(session).ok()?;
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let started = leader.get(19)?;
    Some(format!("tty {terminal} {session} {started} {}", boot.trim()))
}

/// The fields of a process behind its name, which may hold anything.
#[cfg(target_os = "linux")]
fn stat(process: &str) -> io::Result<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let fields = text.rsplit_once(')').map_or("", |(_, fields)| fields);
    Ok(fields.split_whitespace().map(str::to_owned).collect())
}

/// The session that the terminal controls. When its leader began is not to be had everywhere.
#[cfg(all(unix, not(target_os = "linux")))]
fn controlling_terminal() -> Option<String> {
    let terminal = fs::File::open("/dev/tty").ok()?;
    let session = rustix::termios::tcgetsid(&terminal).ok()?;
    Some(format!("tty {}", session.as_raw_nonzero()))
}

#[cfg(not(unix))]
fn controlling_terminal() -> Option<String> {
    None
}

#[cfg(test)]
#[path = "place_tests.rs"]
mod tests;
