//! An answer in Markdown on a terminal: how soon its text is seen, and what a flood of it costs.
//!
//! The server is in this process, so that the times of sending are known without a word in the
//! text. Each delta of 4 bytes that is looked for is one word, as `bdf` and a space, which stands
//! once in the answer.

use std::{io, path::Path, time::Duration};

use portable_pty::CommandBuilder;
use tempfile::TempDir;

use crate::{
    markdown::{self, Piece},
    script::{self, Script},
    terminal::Terminal,
};

/// How long an answer is measured at each pace.
const PACED: Duration = Duration::from_secs(5);

/// Lengths of the answers that come as fast as they are taken, in bytes.
const FLOODS: [usize; 4] = [8 << 10, 64 << 10, 1 << 20, 8 << 20];

/// The two ways to show an answer.
const RENDERED: [&str; 2] = ["markdown", "plain"];

/// Prints the table: the program with rendering and without, and their ratio.
pub(crate) fn compare(program: &Path, runs: u32) -> io::Result<()> {
    let program = program.canonicalize()?;
    let stage = Stage { program: &program, home: TempDir::new()? };
    println!("{:<42} {:>12} {:>12} {:>8}   goal", "screen", RENDERED[0], RENDERED[1], "ratio");
    for (rate, runs) in [(100, runs.clamp(1, 3)), (1000, runs.clamp(1, 5))] {
        let lags = both(|render| stage.calmest(render, rate, runs))?;
        let row = |title: &str, value: fn(&Lag) -> f64, goal: &str| {
            row(&format!("{title} at {rate} a second, ms"), lags.each_ref().map(value), goal);
        };
        row("first character", |lag| lag.first, "2 ms");
        row("a word, p50", |lag| lag.median, "");
        row("a word, p99", |lag| lag.p99, "10 ms");
    }
    for length in FLOODS {
        // A short flood is over before a clock can tell much.
        let runs = if length < 1 << 20 { runs.clamp(1, 10) } else { runs.clamp(1, 3) };
        let floods = both(|render| stage.cheapest(render, length, runs))?;
        let size = if length < 1 << 20 {
            format!("{} KB", length >> 10)
        } else {
            format!("{} MB", length >> 20)
        };
        let row = |title: &str, value: fn(&Flood) -> f64, goal: &str| {
            row(&format!("{title}, flood of {size}"), floods.each_ref().map(value), goal);
        };
        row("CPU a delta, µs", |flood| flood.cpu, "8 µs");
        row("peak memory, MB", |flood| flood.memory, "");
        row("bytes written a byte", |flood| flood.written, "4");
    }
    Ok(())
}

/// One line; `values` are with rendering and without.
fn row(title: &str, [rendered, plain]: [f64; 2], goal: &str) {
    println!("{title:<42} {rendered:>12.3} {plain:>12.3} {:>8.2}   {goal}", rendered / plain);
}

/// Measures with rendering and without.
fn both<T>(measure: impl Fn(&str) -> io::Result<T>) -> io::Result<[T; 2]> {
    let [rendered, plain] = RENDERED;
    Ok([measure(rendered)?, measure(plain)?])
}

/// Times from the sending of a delta to the reading of its word, in milliseconds.
#[derive(Debug, Clone, Copy)]
struct Lag {
    first: f64,
    median: f64,
    p99: f64,
}

/// What an answer costs that comes as fast as it is taken.
#[derive(Debug, Clone, Copy)]
struct Flood {
    /// Microseconds of processor time for each delta.
    cpu: f64,
    /// The peak of the resident memory, in MB.
    memory: f64,
    /// Bytes that were written for each byte of the answer.
    written: f64,
}

/// A program and its home.
struct Stage<'a> {
    program: &'a Path,
    home: TempDir,
}

impl Stage<'_> {
    /// The calmest of some runs, as what else the machine does can only add to a lag.
    fn calmest(&self, render: &str, rate: u32, runs: u32) -> io::Result<Lag> {
        let count = PACED.as_secs() * u64::from(rate);
        let count = usize::try_from(count).map_err(io::Error::other)?;
        let lags: Vec<Lag> =
            (0..runs).map(|_| self.lag(render, rate, count)).collect::<io::Result<_>>()?;
        let first = lags.iter().map(|lag| lag.first).fold(f64::INFINITY, f64::min);
        let calmest = lags.into_iter().min_by(|left, right| left.p99.total_cmp(&right.p99));
        let calmest = calmest.ok_or_else(|| io::Error::other("no run was made"))?;
        Ok(Lag { first, ..calmest })
    }

    fn lag(&self, render: &str, rate: u32, count: usize) -> io::Result<Lag> {
        let pieces = markdown::words(count);
        let mut run = self.start(render, &pieces, Some(rate))?;
        run.begin()?;
        let mut seen = Vec::with_capacity(count);
        for word in pieces.iter().filter_map(|piece| piece.word.as_deref()) {
            seen.push(run.terminal.wait_for_text(word)?);
        }
        let sent = run.end()?;
        let mut lags: Vec<f64> = sent
            .iter()
            .zip(&pieces)
            .filter(|(_, piece)| piece.word.is_some())
            .zip(&seen)
            .map(|((sent, _), seen)| seen.saturating_sub(*sent))
            .map(|lag| Duration::from_nanos(u64::try_from(lag).unwrap_or(u64::MAX)))
            .map(|lag| lag.as_secs_f64() * 1e3)
            .collect();
        let first = lags[0];
        lags.sort_by(f64::total_cmp);
        Ok(Lag { first, median: lags[lags.len() / 2], p99: lags[lags.len() * 99 / 100] })
    }

    /// The cheapest of some runs.
    fn cheapest(&self, render: &str, length: usize, runs: u32) -> io::Result<Flood> {
        let floods: Vec<Flood> =
            (0..runs).map(|_| self.flood(render, length)).collect::<io::Result<_>>()?;
        let cheapest = floods.into_iter().min_by(|left, right| left.cpu.total_cmp(&right.cpu));
        cheapest.ok_or_else(|| io::Error::other("no run was made"))
    }

    #[expect(clippy::cast_precision_loss, reason = "the counts are far below 2^52")]
    fn flood(&self, render: &str, length: usize) -> io::Result<Flood> {
        let pieces = markdown::answer(length);
        let bytes: usize = pieces.iter().map(|piece| piece.text.len()).sum();
        let mut run = self.start(render, &pieces, None)?;
        // What starting and asking cost is no part of it.
        let before = run.terminal.cpu()?;
        run.begin()?;
        run.terminal.wait_for_text(markdown::LAST)?;
        let cpu = run.terminal.cpu()?.saturating_sub(before);
        let memory = run.terminal.peak_memory()?;
        let written = run.terminal.count() as f64 / bytes as f64;
        run.end()?;
        Ok(Flood { cpu: cpu.as_secs_f64() * 1e6 / pieces.len() as f64, memory, written })
    }

    /// Starts the program; it has asked, and waits for the answer.
    fn start(&self, render: &str, pieces: &[Piece], rate: Option<u32>) -> io::Result<Run> {
        let server = script::script(pieces.iter().map(|piece| piece.text.clone()).collect(), rate)?;
        let mut command = CommandBuilder::new(self.program);
        let url = format!("http://127.0.0.1:{}/v1", server.port);
        command.args(["ask", "--render", render, "--base-url", &url, "-m", "m", "hi"]);
        command.env_clear();
        command.env("HOME", self.home.path());
        command.cwd(self.home.path());
        let mut terminal = Terminal::start(command)?;
        if server.asked.recv_timeout(Duration::from_secs(10)).is_err() {
            return Err(terminal.fault("no question came"));
        }
        Ok(Run { terminal, server })
    }
}

/// An answer on its way.
struct Run {
    terminal: Terminal,
    server: Script,
}

impl Run {
    /// Lets the server send.
    fn begin(&self) -> io::Result<()> {
        self.server.go.send(()).map_err(io::Error::other)
    }

    /// Lets the server end the answer; says when each delta was sent.
    fn end(self) -> io::Result<Vec<u128>> {
        self.server.go.send(()).map_err(io::Error::other)?;
        self.server.sent.recv().map_err(io::Error::other)
    }
}
