//! Runs the rivals under hyperfine and GNU time.

use std::{
    env, fs,
    io::{self, BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    latency::{self, Lag},
    rival::{self, Rival},
};

/// Where Debian and its kin keep the roots that the system trusts.
const SYSTEM_ROOTS: &str = "/etc/ssl/certs/ca-certificates.crt";

/// What one run costs, on average, in seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) wall: f64,
    /// User and system time.
    pub(crate) cpu: f64,
}

/// A server that is up, and what the runs against it need.
#[derive(Debug)]
pub(crate) struct Bench {
    pub(crate) plain_port: u16,
    pub(crate) tls_port: u16,
    rivals: [Rival; 2],
    runs: u32,
    /// The home of all runs, empty but for the bundle beside it.
    folder: TempDir,
    server: Child,
}

impl Bench {
    pub(crate) fn start(byok: &Path, runs: u32) -> io::Result<Self> {
        let folder = TempDir::new()?;
        fs::create_dir(folder.path().join("home"))?;
        let ca_file = folder.path().join("ca.pem");
        let mut server = Command::new(env::current_exe()?)
            .arg("serve")
            .arg(&ca_file)
            // Its end is the sign to stop, however this process ends.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = server.stdout.take().ok_or_else(|| io::Error::other("stdout is piped"))?;
        let mut printed = BufReader::new(stdout).lines().map(|line| {
            line?.parse().map_err(|error| io::Error::other(format!("not a port: {error}")))
        });
        let mut port =
            || printed.next().unwrap_or_else(|| Err(io::Error::other("the server did not start")));
        let (plain_port, tls_port) = (port()?, port()?);
        let roots = [fs::read_to_string(SYSTEM_ROOTS)?, fs::read_to_string(ca_file)?];
        let rivals = [Rival::Byok(byok.to_owned()), Rival::Curl];
        let bench = Self { plain_port, tls_port, rivals, runs, folder, server };
        fs::write(bench.bundle(), roots.concat())?;
        Ok(bench)
    }

    /// The system's roots and the server's, in one file.
    pub(crate) fn bundle(&self) -> PathBuf {
        self.folder.path().join("bundle.pem")
    }

    /// The home of all runs.
    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// What all runs need, and no more.
    pub(crate) fn environment(&self) -> [(&'static str, PathBuf); 3] {
        [
            ("HOME", self.home()),
            ("PATH", "/usr/local/bin:/usr/bin:/bin".into()),
            ("SSL_CERT_FILE", self.bundle()),
        ]
    }

    pub(crate) fn versions(&self) -> io::Result<[Cost; 2]> {
        self.both(Rival::version, self.runs)
    }

    /// The costs of byok's and of curl's command, `runs` times each.
    pub(crate) fn both(
        &self,
        command: impl Fn(&Rival) -> rival::Command,
        runs: u32,
    ) -> io::Result<[Cost; 2]> {
        let report = self.folder.path().join("hyperfine.json");
        let lines = self.rivals.each_ref().map(|rival| quoted(&command(rival)));
        let output = self
            .tool("hyperfine")
            .args(["--shell=none", "--warmup=3", "--style=none", "--output=pipe"])
            .arg(format!("--runs={runs}"))
            .arg("--export-json")
            .arg(&report)
            .args(&lines)
            .output()?;
        if !output.status.success() {
            return Err(said("hyperfine", &output.stderr));
        }
        let report: Value = serde_json::from_slice(&fs::read(report)?)?;
        let cost = |index: usize| {
            let seconds = |name: &str| {
                report["results"][index][name]
                    .as_f64()
                    .ok_or_else(|| io::Error::other(format!("hyperfine tells no `{name}`")))
            };
            io::Result::Ok(Cost {
                wall: seconds("mean")?,
                cpu: seconds("user")? + seconds("system")?,
            })
        };
        Ok([cost(0)?, cost(1)?])
    }

    /// The peak resident memory of both, in MB.
    pub(crate) fn memory(
        &self,
        command: impl Fn(&Rival) -> rival::Command,
    ) -> io::Result<[f64; 2]> {
        let peak = |rival: &Rival| {
            let output = self
                .tool("/usr/bin/time")
                .args(["-f", "%M"])
                .args(command(rival))
                .stdout(Stdio::null())
                .output()?;
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            let kilobytes = text.lines().last().and_then(|line| line.parse::<u32>().ok());
            match kilobytes {
                Some(kilobytes) if output.status.success() => Ok(f64::from(kilobytes) / 1024.0),
                _ => Err(said("time", &output.stderr)),
            }
        };
        let [byok, curl] = &self.rivals;
        Ok([peak(byok)?, peak(curl)?])
    }

    /// How long deltas take from the server's sending to the reading of what is printed: the
    /// calmest of three runs, as what else the machine does can only add to it.
    pub(crate) fn lags(&self, rate: u32, count: u32) -> io::Result<[Lag; 2]> {
        let lag = |rival: &Rival| {
            let words = rival.ask(&format!("pace/{rate}/{count}"), self);
            let count = usize::try_from(count).map_err(io::Error::other)?;
            let mut runs = Vec::new();
            for _ in 0..3 {
                let mut command = self.tool(&words[0]);
                command.args(&words[1..]);
                runs.push(latency::lag(command, count)?);
            }
            let calmest = runs.into_iter().min_by(|left, right| left.p99.total_cmp(&right.p99));
            calmest.ok_or_else(|| io::Error::other("no run was made"))
        };
        let [byok, curl] = &self.rivals;
        Ok([lag(byok)?, lag(curl)?])
    }

    /// A command in the environment of all runs.
    fn tool(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(self.environment()).current_dir(self.home()).stdin(Stdio::null());
        command
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// One line that hyperfine takes apart into the same words again.
fn quoted(command: &[String]) -> String {
    let words: Vec<String> = command.iter().map(|word| format!("'{word}'")).collect();
    words.join(" ")
}

fn said(tool: &str, stderr: &[u8]) -> io::Error {
    io::Error::other(format!("{tool}: {}", String::from_utf8_lossy(stderr).trim()))
}
