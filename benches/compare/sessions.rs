//! Ten thousand sessions: what keeping them costs, and how soon they are found again.
//!
//! Times of processes and of the library stand in one table; files are in the page cache. What the
//! library takes of the processors is told, too, for that is less troubled by what else they do.

use std::{
    fs, io,
    io::Read as _,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use byok::sessions::{Place, Query, Store};

use crate::{
    archive::{self, Archive},
    measure::Bench,
};

/// The end of what the server answers.
const END: &str = "you?";

/// Prints the rows.
pub(crate) fn compare(byok: &Path, runs: u32) -> io::Result<()> {
    let byok = byok.canonicalize()?;
    let bench = Bench::start(&byok, runs)?;
    let home = bench.home();
    let data = home.join(".local/share/byok");
    let cache = home.join(".cache/byok");
    let archive = archive::make(&data.join("sessions"))?;
    // What was made is on the disk before anything is measured.
    Command::new("sync").status()?;
    let megabytes = archive.bytes / 1_000_000;
    println!(
        "{:<50} {:>10} {:>10}   goal",
        format!("sessions: 10,000 in {megabytes} MB"),
        "median",
        "p99"
    );

    let setting = Setting { bench: &bench, byok: &byok };
    setting.saving(runs)?;
    let place = Place { terminal: None, directory: Some(home.to_string_lossy().into_owned()) };
    let store = Store::new(&data, &home.join(".local/state/byok"), &cache, place);
    library(&store, &archive, &cache, runs)?;
    for (title, words, goal) in [
        ("`sessions list`, first page", vec!["sessions", "list"], "30 ms"),
        ("`sessions list --all`", vec!["sessions", "list", "--all"], "150 ms"),
        ("`sessions search` of a rare word", vec!["sessions", "search", archive::RARE], "300 ms"),
    ] {
        setting.process(title, &words, runs, goal)?;
    }
    Ok(())
}

/// What the library does of it.
fn library(store: &Store, archive: &Archive, cache: &Path, runs: u32) -> io::Result<()> {
    let few = runs.clamp(3, 20);
    let forget = |file: &str| {
        let _ = fs::remove_file(cache.join(file));
    };
    let query = |word: &str| Query { texts: vec![word.to_owned()], ..Query::default() };
    let (rare, short, common) = (query(archive::RARE), query("zy"), query("station"));
    let search = |query: &Query| store.search(query, 20).map(drop).map_err(io::Error::other);
    let catalog = || store.catalog().map(drop).map_err(io::Error::other);
    measured("all sessions, every file read", 3, "", || {
        forget("catalog.jsonl");
        catalog()
    })?;
    measured("all sessions", few, "25 ms", catalog)?;
    measured("`-c` finds its session", few, "5 ms", || {
        store.last().map(drop).map_err(io::Error::other)
    })?;
    measured("a session of 10,000 turns is opened", few, "50 ms", || {
        store.open(&archive.longest, true).map(drop).map_err(io::Error::other)
    })?;
    measured("a rare word, signatures made", 3, "", || {
        forget("signatures");
        search(&rare)
    })?;
    measured("a rare word, by signatures", few, "300 ms", || search(&rare))?;
    measured("a word of two letters", few, "", || search(&short))?;
    measured("a common word", few, "", || search(&common))?;
    forget("signatures");
    // While another process has the lock, none are made.
    let lock = fs::File::create(cache.join("sessions.lock"))?;
    lock.lock()?;
    measured("a rare word, by scanning", few, "800 ms", || search(&rare))?;
    Ok(())
}

/// Processes in the home of all runs.
struct Setting<'a> {
    bench: &'a Bench,
    byok: &'a Path,
}

impl Setting<'_> {
    /// One-shots that keep what is said beside others that do not, in turns.
    fn saving(&self, runs: u32) -> io::Result<()> {
        let url = format!("http://127.0.0.1:{}/one/v1", self.bench.plain_port);
        let asked = |no_save: &[&str]| {
            let words = ["ask", "--base-url", &url, "-m", "m"];
            let mut command = self.command(&[&words, no_save, &["hi"]].concat());
            let begun = Instant::now();
            let mut child = command.stdout(Stdio::piped()).spawn()?;
            let mut stdout =
                child.stdout.take().ok_or_else(|| io::Error::other("stdout is piped"))?;
            let (mut text, mut buffer) = (Vec::new(), [0; 4096]);
            let taken = loop {
                let length = stdout.read(&mut buffer)?;
                text.extend_from_slice(&buffer[..length]);
                if memchr::memmem::find(&text, END.as_bytes()).is_some() {
                    break begun.elapsed();
                }
                if length == 0 {
                    return Err(io::Error::other("the program did not print the server's answer"));
                }
            };
            child.wait()?;
            io::Result::Ok((taken, begun.elapsed()))
        };
        let (mut kept, mut unkept) = (Vec::new(), Vec::new());
        for _ in 0..runs.max(3) {
            kept.push(asked(&[])?);
            unkept.push(asked(&["--no-save"])?);
        }
        for (title, pick) in [("answer", 0), ("end", 1)] {
            let pick = |times: &[(Duration, Duration)]| {
                times.iter().map(|it| if pick == 0 { it.0 } else { it.1 }).collect::<Vec<_>>()
            };
            row(&format!("one-shot until its {title}"), &pick(&kept), "1 ms more");
            row(&format!("one-shot until its {title}, --no-save"), &pick(&unkept), "");
        }
        Ok(())
    }

    /// A command from its start to its end; a line that says so when the program has no such.
    fn process(&self, title: &str, words: &[&str], runs: u32, goal: &str) -> io::Result<()> {
        let run = || {
            let begun = Instant::now();
            let status =
                self.command(words).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
            io::Result::Ok((begun.elapsed(), status.success()))
        };
        if !run()?.1 {
            println!("{title:<50} {:>10}", "none");
            return Ok(());
        }
        row(title, &times(runs.clamp(3, 50), || Ok(run()?.0))?, goal);
        Ok(())
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(self.byok);
        command.args(words).stdin(Stdio::null()).stderr(Stdio::null());
        command.env_clear().envs(self.bench.environment()).current_dir(self.bench.home());
        command
    }
}

/// A row of what the library does, with the time that it takes of the processors, on average.
fn measured(
    title: &str,
    runs: u32,
    goal: &str,
    run: impl Fn() -> io::Result<()>,
) -> io::Result<()> {
    let before = cpu()?;
    let times = times(runs, || {
        let begun = Instant::now();
        run()?;
        Ok(begun.elapsed())
    })?;
    let cpu = cpu()?.saturating_sub(before) / runs;
    row_with(title, &times, &format!("{:.2}", cpu.as_secs_f64() * 1e3), goal);
    Ok(())
}

/// What this process took of the processors, in steps of 10 ms.
///
/// Source: proc(5), `/proc/pid/stat`.
fn cpu() -> io::Result<Duration> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace();
    let ticks = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok());
    Ok(Duration::from_millis(ticks.sum::<u64>() * 10))
}

fn times(runs: u32, run: impl Fn() -> io::Result<Duration>) -> io::Result<Vec<Duration>> {
    (0..runs).map(|_| run()).collect()
}

fn row(title: &str, times: &[Duration], goal: &str) {
    row_with(title, times, "", goal);
}

/// One line, in milliseconds.
fn row_with(title: &str, times: &[Duration], cpu: &str, goal: &str) {
    let mut times: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1e3).collect();
    times.sort_by(f64::total_cmp);
    let [median, p99] =
        [50, 99].map(|percent| times[(times.len() * percent / 100).min(times.len() - 1)]);
    println!("{title:<50} {median:>10.2} {p99:>10.2} {cpu:>10}   {goal}");
}
