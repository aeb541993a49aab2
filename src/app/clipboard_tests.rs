use std::path::Path;

use super::*;

/// Long enough for every program that ends.
const PATIENCE: Duration = Duration::from_mins(1);

/// A folder with programs that are shell scripts.
struct Tools {
    folder: tempfile::TempDir,
}

impl Tools {
    fn new(tools: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, script) in tools {
            make(&folder.path().join(name), &format!("#!/bin/sh\n{script}\n"));
        }
        Self { folder }
    }

    /// An environment in which only these programs are found.
    fn env(&self, variables: &[(&str, &str)]) -> Env {
        let folder = self.folder.path().as_os_str();
        let variables = variables.iter().map(|(name, value)| (*name, value.as_ref()));
        [("PATH", folder), ("OUT", folder)].into_iter().chain(variables).collect()
    }

    /// What a tool wrote to this file.
    fn wrote(&self, name: &str) -> Option<Vec<u8>> {
        std::fs::read(self.folder.path().join(name)).ok()
    }

    /// Copies, and gives what was said or the message of the failure, and what the terminal got.
    fn copy(&self, text: &str, variables: &[(&str, &str)]) -> (Result<String, String>, String) {
        self.copy_within(PATIENCE, text, variables)
    }

    fn copy_within(
        &self,
        limit: Duration,
        text: &str,
        variables: &[(&str, &str)],
    ) -> (Result<String, String>, String) {
        let mut terminal = Vec::new();
        let mut write = |bytes: &[u8]| terminal.write_all(bytes);
        let hidden = BTreeSet::from(["MY_KEY".to_owned()]);
        let said = copy_within(limit, text, &self.env(variables), &hidden, &mut write);
        let said = said.map_err(|failure| failure.report.message);
        (said, String::from_utf8(terminal).unwrap())
    }
}

/// Writes a program by another process: one that this process has open for writing cannot be run
/// while a test beside this one starts a program, which inherits the open file for a moment.
fn make(path: &Path, script: &str) {
    let mut child = Command::new("sh")
        .args(["-c", "cat >\"$0\" && chmod 700 \"$0\""])
        .arg(path)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

/// Keeps its input and its arguments.
const KEEP: &str = "PATH=/usr/bin:/bin; cat >\"$OUT/text\"; echo \"$*\" >\"$OUT/args\"";

const X: (&str, &str) = ("DISPLAY", ":0");

fn through_terminal() -> Result<String, String> {
    Ok("through the terminal (OSC 52), if it allows that".to_owned())
}

#[test]
fn a_program_gets_the_text_and_the_terminal_nothing() {
    let tools = Tools::new(&[("xclip", KEEP)]);
    let said = tools.copy("Grüße\n", &[X]);
    assert_eq!(said, (Ok("with `xclip -selection clipboard`".into()), String::new()));
    assert_eq!(tools.wrote("text").unwrap(), "Grüße\n".as_bytes());
    assert_eq!(tools.wrote("args").unwrap(), b"-selection clipboard\n");
}

#[test]
fn what_is_copied_is_as_harmless_as_what_is_shown() {
    let tools = Tools::new(&[("xclip", KEEP)]);
    tools.copy("ls\r\u{1b}[201~\nrm\u{202e}", &[X]).0.unwrap();
    assert_eq!(tools.wrote("text").unwrap(), "ls␍␛[201~\nrm<U+202E>".as_bytes());
    let (_, terminal) = Tools::new(&[]).copy("\u{1b}", &[]);
    assert_eq!(terminal, format!("\x1b]52;c;{}\x07", STANDARD.encode("␛")));
}

#[test]
fn a_program_that_fails_or_is_missing_leaves_it_to_the_next() {
    let tools = Tools::new(&[("wl-copy", "exit 1"), ("xsel", KEEP)]);
    let (said, _) = tools.copy("text", &[X, ("WAYLAND_DISPLAY", "w")]);
    assert_eq!(said, Ok("with `xsel -bi`".into()));
    let (said, terminal) = Tools::new(&[("xclip", "exit 1")]).copy("text", &[X]);
    assert_eq!((said, terminal), (through_terminal(), "\x1b]52;c;dGV4dA==\x07".into()));
}

#[test]
fn a_program_that_hangs_leaves_it_to_the_next() {
    let tools = Tools::new(&[("xclip", "while :; do :; done")]);
    let (said, _) = tools.copy_within(Duration::from_millis(50), "text", &[X]);
    assert_eq!(said, through_terminal());
}

#[cfg(target_os = "linux")]
#[test]
fn what_a_killed_program_started_ends_with_it() {
    use std::os::unix::process::CommandExt as _;
    let mut command = Command::new("sh");
    command.args(["-c", "sleep 1000 & echo $!; wait"]).stdout(Stdio::piped()).process_group(0);
    let mut child = command.spawn().unwrap();
    let mut pid = String::new();
    let stdout = child.stdout.take().unwrap();
    io::BufRead::read_line(&mut io::BufReader::new(stdout), &mut pid).unwrap();
    kill(&mut child);
    assert!(!child.wait().unwrap().success());
    let is_alive = || {
        // A zombie has ended; who collects it is not our affair.
        let status = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
        status.is_ok_and(|status| !status.contains(") Z "))
    };
    let begin = Instant::now();
    while is_alive() {
        assert!(begin.elapsed() < PATIENCE, "{pid} is still there");
        thread::yield_now();
    }
}

#[test]
fn a_child_that_stays_behind_is_not_waited_for() {
    let script = "PATH=/usr/bin:/bin; cat >\"$OUT/text\"; sleep 1000 & echo $! >\"$OUT/pid\"";
    let tools = Tools::new(&[("wl-copy", script)]);
    let begin = Instant::now();
    let (said, _) = tools.copy("text", &[("WAYLAND_DISPLAY", "w")]);
    assert_eq!(said, Ok("with `wl-copy`".into()));
    assert!(begin.elapsed() < PATIENCE);
    let pid = String::from_utf8(tools.wrote("pid").unwrap()).unwrap();
    let pid = rustix::process::Pid::from_raw(pid.trim().parse().unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).expect("it stayed");
}

#[test]
fn a_program_that_reads_nothing_does_not_hold_us_up() {
    let tools = Tools::new(&[("xclip", "exit 0"), ("xsel", KEEP)]);
    let (said, _) = tools.copy(&"x".repeat(1 << 20), &[X]);
    assert_eq!(said, Ok("with `xclip -selection clipboard`".into()));
}

#[test]
fn the_program_has_the_environment_but_no_key() {
    let tools = Tools::new(&[("xclip", "/usr/bin/env >\"$OUT/env\"")]);
    tools.copy("text", &[X, ("MY_KEY", "canary")]).0.unwrap();
    let env = String::from_utf8(tools.wrote("env").unwrap()).unwrap();
    assert!(env.contains("DISPLAY=:0") && !env.contains("canary"), "{env}");
}

#[test]
fn each_clipboard_is_asked_where_it_is_the_persons_own() {
    let wayland = ("WAYLAND_DISPLAY", "w");
    for (system, variables, expected) in [
        (System::Unix, &[][..], &[][..]),
        (System::Unix, &[X], &["xclip", "xsel"]),
        (System::Unix, &[X, wayland], &["wl-copy", "xclip", "xsel"]),
        (System::Unix, &[X, wayland, ("TMUX", "t")], &["tmux", "wl-copy", "xclip", "xsel"]),
        (System::Unix, &[X, ("SSH_CONNECTION", "s")], &[]),
        (System::Unix, &[X, ("SSH_TTY", "s"), ("TMUX", "t")], &["tmux"]),
        (System::Unix, &[("WSL_DISTRO_NAME", "Debian")], &["clip.exe"]),
        (System::MacOs, &[], &["pbcopy"]),
        (System::MacOs, &[("SSH_TTY", "s")], &[]),
        (System::Windows, &[], &["clip.exe"]),
    ] {
        let env: Env = variables.iter().copied().collect();
        let programs: Vec<_> = owners(system, &env).iter().map(|owner| owner.program).collect();
        assert_eq!(programs, expected, "{system:?} {variables:?}");
    }
}

#[test]
fn windows_reads_utf_16() {
    let env = Env::from_iter([("WSL_INTEROP", "i")]);
    let owners = owners(System::Unix, &env);
    assert_eq!(owners[0].encoded("aé"), [b'a', 0, 0xe9, 0]);
}

#[test]
fn screen_passes_the_sequence_on_in_short_strings() {
    let (said, terminal) = Tools::new(&[]).copy(&"text".repeat(500), &[("STY", "1.pts")]);
    assert_eq!(said, through_terminal());
    let strings: Vec<&str> = terminal.split_terminator("\x1b\\").collect();
    assert!(strings.iter().all(|string| string.starts_with("\x1bP") && string.len() < 256));
    let joined: String = strings.iter().map(|string| &string[2..]).collect();
    assert_eq!(joined, format!("\x1b]52;c;{}\x07", STANDARD.encode("text".repeat(500))));
}

#[test]
fn a_text_that_is_too_long_for_the_terminal_is_not_sent() {
    let longest = LONGEST / 4 * 3;
    let (said, terminal) = Tools::new(&[]).copy(&"x".repeat(longest), &[]);
    assert!(said.is_ok() && terminal.len() > LONGEST);
    let mut write = |_: &[u8]| panic!("nothing is sent");
    let text = "x".repeat(longest + 1);
    let failure = copy(&text, &Env::default(), &BTreeSet::new(), &mut write).unwrap_err();
    assert_eq!(
        failure.report.message,
        "the text is too long for the terminal's clipboard, which takes 75 KB"
    );
    assert_eq!(failure.report.hints, ["`/save FILE` writes it to a file"]);
}

#[test]
fn a_terminal_that_knows_no_sequences_gets_none() {
    let (said, terminal) = Tools::new(&[]).copy("text", &[("TERM", "dumb")]);
    assert!(said.is_err() && terminal.is_empty());
}

#[test]
fn a_terminal_that_is_gone_is_said() {
    let mut write = |_: &[u8]| Err(io::ErrorKind::BrokenPipe.into());
    let failure = copy("text", &Env::default(), &BTreeSet::new(), &mut write).unwrap_err();
    assert_eq!(failure.report.message, "the terminal cannot be written to");
    assert_eq!(failure.report.causes.len(), 1);
}
