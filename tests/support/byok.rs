//! The real binary in a world of its own: no environment, no home, no network but loopback.
//!
//! ```ignore
//! let output = Byok::new().file("config.toml", "…").args(["ask", "hello"]).run();
//! assert_snapshot!(output, @"…");
//! ```

use std::{
    ffi::OsString,
    fmt, fs,
    io::{Read, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    rc::Rc,
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use tempfile::TempDir;

use super::provider::Provider;

/// After this long a run counts as hung. It never decides what a test sees.
pub(crate) const DEADLINE: Duration = Duration::from_mins(1);

/// How wide byok believes its output to be, where it has no terminal to ask.
const COLUMNS: &str = "100";

/// A run of byok to be; a clone shares its home, so that one run finds what another left.
#[derive(Debug, Clone)]
pub(crate) struct Byok {
    home: Rc<TempDir>,
    args: Vec<OsString>,
    stdin: Option<Vec<u8>>,
    env: Vec<(OsString, OsString)>,
}

impl Byok {
    pub(crate) fn new() -> Self {
        let home = TempDir::new().expect("a temporary folder can be made");
        for folder in ["work", "tmp"] {
            fs::create_dir(home.path().join(folder)).expect("it is empty");
        }
        Self { home: Rc::new(home), args: Vec::new(), stdin: None, env: Vec::new() }
    }

    /// Adds arguments.
    pub(crate) fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// The same world for a run with these arguments and no others.
    pub(crate) fn with_arguments<A: Into<OsString>>(
        &self,
        args: impl IntoIterator<Item = A>,
    ) -> Self {
        Self { args: Vec::new(), ..self.clone() }.args(args)
    }

    /// Pipes this in. Without it, standard input is `/dev/null`.
    pub(crate) fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = Some(bytes.into());
        self
    }

    /// Sets a variable of the otherwise empty environment.
    pub(crate) fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Writes a file: `config.toml` into byok's configuration folder, any other into the working
    /// folder.
    pub(crate) fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = match name {
            "config.toml" => self.home().join(".config/byok/config.toml"),
            _ => self.work().join(name),
        };
        let folder = path.parent().expect("a file stands in a folder");
        fs::create_dir_all(folder).expect("the home is ours");
        fs::write(&path, content).expect("the home is ours");
        self
    }

    /// The home folder, which is removed with the last clone.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// The working folder.
    pub(crate) fn work(&self) -> PathBuf {
        self.home().join("work")
    }

    /// Writes a file that nobody else may read, in folders that nobody else may read.
    pub(crate) fn write(&self, path: &Path, content: impl AsRef<[u8]>) {
        let folder = path.parent().expect("a file stands in a folder");
        fs::create_dir_all(folder).expect("the home is ours");
        fs::write(path, content).expect("the home is ours");
        #[cfg(unix)]
        for path in path.ancestors().take_while(|it| *it != self.home()) {
            use std::os::unix::fs::PermissionsExt as _;

            let mode = if path.is_dir() { 0o700 } else { 0o600 };
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
        }
    }

    /// The data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.home().join(".local/share/byok")
    }

    /// The files of its sessions, in the order of their beginnings.
    pub(crate) fn sessions(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.data().join("sessions"));
        let entries = entries.into_iter().flatten();
        let mut paths: Vec<_> =
            entries.map(|entry| entry.expect("it can be read").path()).collect();
        paths.sort();
        paths
    }

    /// The records of its only session.
    #[track_caller]
    pub(crate) fn records(&self) -> Vec<serde_json::Value> {
        let sessions = self.sessions();
        assert_eq!(sessions.len(), 1, "{sessions:?}");
        records(&sessions[0])
    }

    /// The variables that byok gets, and no others.
    pub(crate) fn environment(&self) -> Vec<(OsString, OsString)> {
        let home = self.home();
        let folders = [
            ("HOME", home.to_owned()),
            ("XDG_CONFIG_HOME", home.join(".config")),
            ("XDG_DATA_HOME", home.join(".local/share")),
            ("XDG_STATE_HOME", home.join(".local/state")),
            ("XDG_CACHE_HOME", home.join(".cache")),
            ("TMPDIR", home.join("tmp")),
        ];
        let folders = folders.map(|(name, path)| (name.into(), path.into_os_string()));
        let fixed = [("PATH", "/usr/bin:/bin"), ("LANG", "C.UTF-8"), ("COLUMNS", COLUMNS)];
        let fixed = fixed.map(|(name, value)| (name.into(), value.into()));
        folders.into_iter().chain(fixed).chain(self.env.clone()).collect()
    }

    pub(crate) fn arguments(&self) -> &[OsString] {
        &self.args
    }

    /// Writes a configuration whose only profile, `p`, asks for model `m` at `provider`; `more` is
    /// TOML of the profile that goes on.
    pub(crate) fn profile(self, provider: &Provider, more: &str) -> Self {
        let base_url = provider.url("/v1");
        let profile = format!("[profiles.p]\nbase_url = \"{base_url}\"\nmodel = \"m\"\n{more}");
        self.file("config.toml", profile)
    }

    /// The process to be, its streams not yet said.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_byok"));
        command.args(&self.args).env_clear().envs(self.environment()).current_dir(self.work());
        command
    }

    /// What a process of [`Byok::command`] left.
    pub(crate) fn output(&self, stdout: Vec<u8>, stderr: Vec<u8>, code: Option<i32>) -> Output {
        Output { stdout, stderr, code, home: self.home().to_owned() }
    }

    /// Runs to the end; panics when that takes longer than [`DEADLINE`].
    pub(crate) fn run(&self) -> Output {
        let mut child = self
            .command()
            .stdin(if self.stdin.is_some() { Stdio::piped() } else { Stdio::null() })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary was built");
        if let (Some(mut pipe), Some(bytes)) = (child.stdin.take(), self.stdin.clone()) {
            // A run may end without reading all, which is no error of the test.
            thread::spawn(move || drop(pipe.write_all(&bytes)));
        }
        let stdout = read_all(child.stdout.take().expect("it is piped"));
        let stderr = read_all(child.stderr.take().expect("it is piped"));
        let (Ok(stdout), Ok(stderr)) =
            (stdout.recv_timeout(DEADLINE), stderr.recv_timeout(DEADLINE))
        else {
            let _ = child.kill();
            panic!("byok {:?} did not end within {DEADLINE:?}", self.args);
        };
        let status = child.wait().expect("it was started");
        self.output(stdout, stderr, status.code())
    }
}

pub(super) fn read_all(mut pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).expect("a pipe can be read");
        // Nobody listens after the deadline.
        let _ = sender.send(bytes);
    });
    receiver
}

/// The records of a session's file, each of which must be whole.
#[track_caller]
pub(crate) fn records(path: &Path) -> Vec<serde_json::Value> {
    let text = fs::read_to_string(path).expect("it is there, and UTF-8");
    assert!(text.ends_with('\n'), "torn: {text}");
    let record = |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no record: {line}"));
    text.lines().map(record).collect()
}

/// All that a person or a script would see of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "snapshot it, or assert something about it"]
pub(crate) struct Output {
    /// As it came, byte for byte.
    pub(crate) stdout: Vec<u8>,
    /// As it came, byte for byte.
    pub(crate) stderr: Vec<u8>,
    /// `None` after a signal.
    pub(crate) code: Option<i32>,
    home: PathBuf,
}

impl Output {
    /// Standard output as text, with nothing replaced.
    #[track_caller]
    pub(crate) fn stdout(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("standard output is UTF-8")
    }

    /// Standard error as text, with nothing replaced.
    #[track_caller]
    pub(crate) fn stderr(&self) -> &str {
        std::str::from_utf8(&self.stderr).expect("standard error is UTF-8")
    }

    /// The run ended with this exit code.
    #[track_caller]
    pub(crate) fn assert_code(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    /// Standard output is exactly this.
    #[track_caller]
    pub(crate) fn assert_stdout(&self, text: &str) -> &Self {
        assert_eq!(self.stdout(), text, "{self}");
        self
    }

    /// Nothing was said on standard error.
    #[track_caller]
    pub(crate) fn assert_silent_stderr(&self) -> &Self {
        assert!(self.stderr.is_empty(), "{self}");
        self
    }

    /// Standard error holds this somewhere.
    #[track_caller]
    pub(crate) fn assert_stderr_has(&self, text: &str) -> &Self {
        assert!(self.stderr().contains(text), "no `{text}` in\n{self}");
        self
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, bytes) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            let text = masked(&String::from_utf8_lossy(bytes), &self.home);
            writeln!(f, "----- {name} -----")?;
            f.write_str(&text)?;
            if !text.is_empty() && !text.ends_with('\n') {
                writeln!(f, "[no newline]")?;
            }
        }
        match self.code {
            Some(code) => write!(f, "----- exit code {code} -----"),
            None => write!(f, "----- ended by a signal -----"),
        }
    }
}

/// The text with everything replaced that differs from run to run: `[HOME]`, `[PORT]`, `[TIME]`,
/// `[ID]`, `[VERSION]`.
pub(crate) fn masked(text: &str, home: &Path) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let mut text = text.replace(&*home.to_string_lossy(), "[HOME]");
    for name in ["byok ", "byok/"] {
        text = text.replace(&format!("{name}{version}"), &format!("{name}[VERSION]"));
    }
    for host in ["127.0.0.1:", "localhost:"] {
        text = with_ports_masked(&text, host);
    }
    // 2026-11-22T17:20:16, then any fraction and zone.
    let text = with_shape_masked(&text, "dddd-dd-ddTdd:dd:dd", "[TIME]", |rest| {
        rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | 'Z')).unwrap_or(rest.len())
    });
    with_shape_masked(&text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "[ID]", |_| 0)
}

/// Masks ports that the system chose; those below 32768 were written by somebody.
fn with_ports_masked(text: &str, host: &str) -> String {
    let mut masked = String::new();
    for (index, part) in text.split(host).enumerate() {
        if index == 0 {
            masked.push_str(part);
            continue;
        }
        masked.push_str(host);
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let is_chosen = part[..end].parse::<u16>().is_ok_and(|port| port >= 32768);
        masked.push_str(if is_chosen { "[PORT]" } else { &part[..end] });
        masked.push_str(&part[end..]);
    }
    masked
}

/// Masks what has the shape `shape`: `d` is a digit, `x` a hexadecimal one, the rest itself.
/// `tail` says how many of the bytes that follow belong to it.
fn with_shape_masked(
    mut text: &str,
    shape: &str,
    mask: &str,
    tail: impl Fn(&str) -> usize,
) -> String {
    let fits = |candidate: &[u8]| {
        candidate.len() == shape.len()
            && candidate.iter().zip(shape.bytes()).all(|(byte, wanted)| match wanted {
                b'd' => byte.is_ascii_digit(),
                b'x' => byte.is_ascii_hexdigit(),
                _ => *byte == wanted,
            })
    };
    let mut masked = String::new();
    while let Some(start) = text.as_bytes().windows(shape.len()).position(fits) {
        // What fits is ASCII, so these are the boundaries of characters.
        let rest = &text[start + shape.len()..];
        masked.push_str(&text[..start]);
        masked.push_str(mask);
        text = &rest[tail(rest)..];
    }
    masked + text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_run_to_run_is_masked() {
        let text = "/tmp/x/.config é http://127.0.0.1:45123/v1 127.0.0.1:8080 \
            2026-11-22T17:20:16.123Z byok 0.1.0 a1b2c3d4-0000-4000-8000-0123456789ab.";
        let text = text.replace("0.1.0", env!("CARGO_PKG_VERSION"));
        assert_eq!(
            masked(&text, Path::new("/tmp/x")),
            "[HOME]/.config é http://127.0.0.1:[PORT]/v1 127.0.0.1:8080 [TIME] byok [VERSION] [ID]."
        );
    }

    #[test]
    fn an_output_shows_both_streams_and_the_code() {
        let output = Output {
            stdout: b"4".to_vec(),
            stderr: b"a hint\n".to_vec(),
            code: Some(3),
            home: PathBuf::from("/nowhere"),
        };
        insta::assert_snapshot!(output, @r"
        ----- stdout -----
        4[no newline]
        ----- stderr -----
        a hint
        ----- exit code 3 -----
        ");
    }
}
