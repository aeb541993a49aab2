//! Measures byok beside `curl -N` on the same server, in one run, and prints ratios.
//!
//! ```text
//! compare measure BYOK RUNS      the table; starts the server below as a process of its own
//! compare chat RUNS PROGRAM …    a part of it, for any program that chats on a terminal
//! compare screen BYOK RUNS       another part: Markdown on a terminal
//! compare sessions BYOK RUNS     its last part: ten thousand sessions
//! compare serve CA_FILE          the load server, until its standard input ends
//! ```
//!
//! The tools that measure are public ones: hyperfine for time and CPU, GNU time for memory. What
//! they cannot see, the time from a delta's sending to its printing, `latency` measures with the
//! one clock that server and reader share; `chat` and `screen` do so on a terminal.

#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

mod archive;
mod chat;
mod latency;
mod markdown;
mod measure;
mod reading;
mod rival;
mod screen;
mod script;
mod server;
mod sessions;
mod terminal;
mod tls;

use std::{env, io, path::Path, process::ExitCode};

use measure::Bench;

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["serve", ca_file] => server::serve(Path::new(ca_file)),
        ["measure", byok, runs] => number(runs).and_then(|runs| compare(Path::new(byok), runs)),
        ["chat", runs, program, ..] => number(runs).and_then(|runs| {
            let bench = Bench::start(Path::new(program), runs)?;
            chat::compare(&bench, &args[2..], runs)
        }),
        ["screen", byok, runs] => {
            number(runs).and_then(|runs| screen::compare(Path::new(byok), runs))
        }
        ["sessions", byok, runs] => {
            number(runs).and_then(|runs| sessions::compare(Path::new(byok), runs))
        }
        _ => Err(io::Error::other("use `benches/run.sh`, or `compare measure BYOK RUNS`")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn number(text: &str) -> io::Result<u32> {
    text.parse().map_err(|error| io::Error::other(format!("`{text}` is no number: {error}")))
}

/// The table, from top to bottom. The goals are ratios to curl unless a unit stands beside them.
fn compare(byok: &Path, runs: u32) -> io::Result<()> {
    let byok = byok.canonicalize()?;
    let bench = Bench::start(&byok, runs)?;
    println!("{:<42} {:>12} {:>12} {:>8}   goal", "", "byok", "curl", "ratio");

    let start = bench.versions()?;
    row("start, CPU ms", start.map(|cost| cost.cpu * 1e3), "0.25");
    let http = bench.both(|rival| rival.ask("one", &bench), runs)?;
    row("one-shot http, CPU ms", http.map(|cost| cost.cpu * 1e3), "0.30");
    row("one-shot http, wall ms", http.map(|cost| cost.wall * 1e3), "1.00");
    let https = bench.both(|rival| rival.ask_securely("one", &bench), runs)?;
    row("one-shot https, CPU ms", https.map(|cost| cost.cpu * 1e3), "0.30");
    row("one-shot https, wall ms", https.map(|cost| cost.wall * 1e3), "1.00");

    let idle = bench.memory(|rival| rival.ask("one", &bench))?;
    row("peak memory http, MB", idle, "0.60");
    let secure = bench.memory(|rival| rival.ask_securely("one", &bench))?;
    row("peak memory https, MB", secure, "0.60");

    for deltas in [10_000_u32, 1_000_000] {
        let path = format!("flood/{deltas}");
        // A second of work each is plenty; what a run costs without deltas is taken off.
        let runs = if deltas > 100_000 { 3 } else { runs.clamp(3, 20) };
        let cost = bench.both(|rival| rival.ask(&path, &bench), runs)?;
        let each = [0, 1]
            .map(|index| (cost[index].cpu - http[index].cpu).max(0.0) * 1e6 / f64::from(deltas));
        row(&format!("CPU a delta at {deltas}, µs"), each, "2.5 µs");
    }
    let flooded = bench.memory(|rival| rival.ask("flood/1000000", &bench))?;
    let growth = [0, 1].map(|index| flooded[index] - idle[index]);
    row("memory for 1000000 deltas, MB more", growth, "8 MB");

    let lags = bench.lags(1000, 5000)?;
    row("first delta, ms", lags.each_ref().map(|lag| lag.first), "1 ms");
    row("delta at 1000 a second, p50 ms", lags.each_ref().map(|lag| lag.median), "");
    row("delta at 1000 a second, p99 ms", lags.each_ref().map(|lag| lag.p99), "1 ms");

    #[expect(clippy::cast_precision_loss, reason = "a binary has less than 2^52 bytes")]
    let size = byok.metadata()?.len() as f64 / 1e6;
    println!("{:<42} {size:>12.2} {:>12} {:>8}   5 MB", "binary, MB", "", "");

    chat::compare(&bench, &[byok.to_string_lossy().into_owned(), "chat".to_owned()], runs)?;
    println!();
    screen::compare(&byok, runs)?;
    println!();
    sessions::compare(&byok, runs)
}

/// One line; `values` are byok's and curl's.
fn row(title: &str, [byok, curl]: [f64; 2], goal: &str) {
    println!("{title:<42} {byok:>12.3} {curl:>12.3} {:>8.2}   {goal}", byok / curl);
}
