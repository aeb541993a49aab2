//! The chat on a terminal: how soon a request leaves, and what a key costs.
//!
//! Any program can be measured that prompts with `> `, knows bracketed paste and, at Enter, prints
//! what the server at `BENCH_URL` says.

use std::{
    fs, io, iter,
    time::{Duration, Instant},
};

use portable_pty::CommandBuilder;

use crate::{latency, measure::Bench, terminal::Terminal};

/// Turns after the first of each run.
const LATER_TURNS: usize = 5;

/// Keys of one measurement: at 2 ms each, a clock that counts hundredths of a second is enough.
const KEYS: usize = 200;

/// Lines of history.
const HISTORY: usize = 10_000;

/// Digits of a time in nanoseconds since 1970.
const STAMP: usize = 19;

/// Prints the chat's rows; one line that says why when the program has no chat.
pub(crate) fn compare(bench: &Bench, program: &[String], runs: u32) -> io::Result<()> {
    let setting = Setting { bench, program };
    setting.prepare()?;
    println!("\n{:<42} {:>12} {:>12}", "chat", "median", "p99");
    if let Err(error) = setting.start("http") {
        println!("skipped, as `{}` gives no prompt: {error}", program.join(" "));
        return Ok(());
    }
    for profile in ["http", "https"] {
        let Some(turns) = setting.turns(profile, runs.clamp(3, 50))? else {
            println!("{profile}: skipped, as the program did not print the server's answer");
            continue;
        };
        let [first, later] = turns;
        row(&format!("{profile}: Enter to request, first turn, ms"), &first, "");
        row(&format!("{profile}: Enter to request, later turns, ms"), &later, "1 ms");
    }
    let words = |length: usize| "some words ".chars().cycle().take(length).collect::<String>();
    let lines = |length: usize| words(length).replace("words some words", "words\nsome words");
    let half = words(4 << 10);
    for (title, before, after) in [
        ("a key with 10,000 lines of history", String::new(), String::new()),
        ("a key at the end of 100 KB", lines(100 << 10), String::new()),
        ("a key in the middle of 8 KB", half.clone(), half),
    ] {
        let (cpu, wall) = setting.keys(&before, &after)?;
        row(&format!("{title}, CPU ms"), &cpu, "2 ms");
        row(&format!("{title}, echo ms"), &wall, "");
    }
    let pasted = iter::repeat_with(|| setting.paste(&lines(300 << 10)));
    let pasted = pasted.take(5).collect::<io::Result<Vec<_>>>()?;
    row("a paste of 300 KB, until its echo, ms", &pasted, "");
    Ok(())
}

/// One line; the times are sorted here.
fn row(title: &str, times: &[Duration], goal: &str) {
    let mut times: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1e3).collect();
    times.sort_by(f64::total_cmp);
    let [median, p99] =
        [50, 99].map(|percent| times[(times.len() * percent / 100).min(times.len() - 1)]);
    println!("{title:<42} {median:>12.3} {p99:>12.3}   {goal}");
}

/// A program and the home that it runs in.
struct Setting<'a> {
    bench: &'a Bench,
    program: &'a [String],
}

impl Setting<'_> {
    /// Writes the configuration and the history.
    fn prepare(&self) -> io::Result<()> {
        let profile =
            |name| format!("[profiles.{name}]\nbase_url = \"{}\"\nmodel = \"m\"\n", self.url(name));
        let config = self.bench.home().join(".config/byok");
        fs::create_dir_all(&config)?;
        fs::write(config.join("config.toml"), ["http", "https"].map(profile).concat())?;
        let state = self.bench.home().join(".local/state/byok");
        fs::create_dir_all(&state)?;
        let line = |number| format!("{{\"text\":\"question {number} about this and that\"}}\n");
        fs::write(state.join("history"), (0..HISTORY).map(line).collect::<String>())
    }

    fn url(&self, profile: &str) -> String {
        let Bench { plain_port, tls_port, .. } = self.bench;
        let port = if profile == "https" { tls_port } else { plain_port };
        format!("{profile}://127.0.0.1:{port}/when/v1")
    }

    /// Starts the program and waits for its prompt.
    fn start(&self, profile: &str) -> io::Result<Terminal> {
        let mut command = CommandBuilder::new(&self.program[0]);
        command.args(&self.program[1..]);
        command.env_clear();
        for (name, value) in self.bench.environment() {
            command.env(name, value);
        }
        command.env("BYOK_PROFILE", profile);
        command.env("BENCH_URL", self.url(profile));
        command.cwd(self.bench.home());
        let mut terminal = Terminal::start(command)?;
        terminal.wait_for_prompt()?;
        Ok(terminal)
    }

    /// From Enter to the first byte of the request at the server: first turns, and later ones.
    /// Nothing when no answer came.
    fn turns(&self, profile: &str, runs: u32) -> io::Result<Option<[Vec<Duration>; 2]>> {
        let mut turns = [Vec::new(), Vec::new()];
        for _ in 0..runs {
            let mut terminal = self.start(profile)?;
            for turn in 0..=LATER_TURNS {
                terminal.echo('x')?;
                let entered = latency::now();
                terminal.send("\r")?;
                terminal.wait_for_prompt()?;
                let Some(arrived) = stamp(terminal.printed()) else { return Ok(None) };
                let taken =
                    u64::try_from(arrived.saturating_sub(entered)).map_err(io::Error::other)?;
                turns[turn.min(1)].push(Duration::from_nanos(taken));
            }
        }
        Ok(Some(turns))
    }

    /// Types keys between two texts: the processor time of each, and from each key to its echo.
    fn keys(&self, before: &str, after: &str) -> io::Result<(Vec<Duration>, Vec<Duration>)> {
        let mut terminal = self.start("http")?;
        if !after.is_empty() {
            paste(&mut terminal, after)?;
            // To the beginning of the line.
            terminal.send("\x01")?;
        }
        if !before.is_empty() {
            paste(&mut terminal, before)?;
        }
        let mut before = terminal.cpu()?;
        let (mut costs, mut echoes) = (Vec::with_capacity(KEYS), Vec::with_capacity(KEYS));
        for key in ('a'..='z').cycle().take(KEYS) {
            echoes.push(terminal.echo(key)?);
            let now = terminal.cpu()?;
            costs.push(now.saturating_sub(before));
            before = now;
        }
        Ok((costs, echoes))
    }

    fn paste(&self, text: &str) -> io::Result<Duration> {
        let mut terminal = self.start("http")?;
        let begun = Instant::now();
        paste(&mut terminal, text)?;
        Ok(begun.elapsed())
    }
}

/// Pastes, and waits until a key that was hit right after it is on the screen: whatever a program
/// shows of a long paste, it shows what is typed.
fn paste(terminal: &mut Terminal, text: &str) -> io::Result<()> {
    terminal.send(&format!("\x1b[200~{text}\x1b[201~Q"))?;
    terminal.wait_for_key('Q')
}

/// The last stamp of the server's in what was printed.
fn stamp(printed: &[u8]) -> Option<u128> {
    let digits = printed.split(|byte| !byte.is_ascii_digit()).rfind(|run| run.len() == STAMP)?;
    str::from_utf8(digits).ok()?.parse().ok()
}
