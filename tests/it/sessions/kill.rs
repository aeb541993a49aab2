//! Killed at any moment, under load: what was acknowledged is there, and nothing is mixed.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::support::{byok::Byok, provider::chunk, streams};

/// Processes that write at the same time.
const WRITERS: usize = 3;

/// Pieces of an answer that may be lost: those of its last second.
const LOST: Duration = Duration::from_secs(1);

/// Between two pieces.
const PAUSE: Duration = Duration::from_millis(2);

/// What a server has seen and sent.
#[derive(Debug, Default)]
struct Seen {
    /// Questions that arrived, and whether each stood in a file by then.
    questions: BTreeMap<String, bool>,
    /// When which piece of which answer was sent.
    sent: BTreeMap<String, Vec<Instant>>,
}

/// A server that answers without an end, piece after piece, each of which names its question.
struct Endless {
    address: String,
    seen: Arc<Mutex<Seen>>,
}

impl Endless {
    /// Looks into `sessions` when a request arrives.
    fn start(sessions: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
        let address = listener.local_addr().expect("it is bound").to_string();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let shared = seen.clone();
        // It ends with the process of the tests.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (sessions, seen) = (sessions.clone(), shared.clone());
                thread::spawn(move || serve(stream, &sessions, &seen));
            }
        });
        Self { address, seen }
    }
}

/// Answers one request until the client is gone.
fn serve(stream: TcpStream, sessions: &Path, seen: &Mutex<Seen>) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body: Value = serde_json::from_slice(&body).ok()?;
    let question = body["messages"].as_array()?.last()?["content"].as_str()?.to_owned();
    let is_kept = holds(sessions, &format!("\"text\":\"{question}\"}}\n"));
    seen.lock().ok()?.questions.insert(question.clone(), is_kept);
    let mut stream = stream;
    let head =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).ok()?;
    for number in 0.. {
        let delta = json!({"index": 0, "delta": {"content": piece(&question, number)}});
        let frame = json!({"id": "1", "model": "fake", "choices": [delta]});
        stream.write_all(&chunk(streams::data(&frame))).ok()?;
        seen.lock().ok()?.sent.entry(question.clone()).or_default().push(Instant::now());
        thread::sleep(PAUSE);
    }
    None
}

fn piece(question: &str, number: usize) -> String {
    format!("{question}:{number} ")
}

/// Whether a file holds this text.
fn holds(sessions: &Path, text: &str) -> bool {
    let entries = fs::read_dir(sessions).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| {
        fs::read(entry.path()).is_ok_and(|bytes| String::from_utf8_lossy(&bytes).contains(text))
    })
}

/// 0 to `most`, other in each run: which moments are tried is chance.
fn random(most: u64) -> u64 {
    use std::hash::{BuildHasher as _, RandomState};

    RandomState::new().hash_one(0) % most
}

#[test]
#[expect(clippy::print_stderr, reason = "who runs the tests is told")]
fn a_kill_at_any_moment_costs_at_most_the_last_second_of_a_stream() {
    let is_long = super::is_long();
    let rounds = if is_long { 300 } else { 12 };
    let byok = Byok::new();
    let sessions = byok.data().join("sessions");
    let server = Endless::start(sessions.clone());
    let base_url = format!("http://{}/v1", server.address);
    let profile = format!("[profiles.p]\nbase_url = \"{base_url}\"\nmodel = \"m\"\n");
    let byok = byok.file("config.toml", profile);
    let mut killed = BTreeMap::new();
    for round in 0..rounds {
        let start = |writer: usize| -> (String, Child) {
            let question = format!("r{round}w{writer}");
            let byok = byok.with_arguments(["ask", &question]);
            let mut command = byok.command();
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            (question, command.spawn().expect("the binary was built"))
        };
        let mut writers: Vec<_> = (0..WRITERS).map(start).collect();
        // Now and then before anything was said, mostly in mid-answer.
        thread::sleep(Duration::from_millis(random(if is_long { 2_000 } else { 900 })));
        for (question, child) in &mut writers {
            child.kill().expect("it was started");
            killed.insert(question.clone(), Instant::now());
            child.wait().expect("it was started");
        }
    }
    let seen = server.seen.lock().expect("no thread panicked");
    let early: Vec<_> = seen.questions.iter().filter(|(_, is_kept)| !**is_kept).collect();
    assert!(early.is_empty(), "sent before they were kept: {early:?}");
    let mut kept = BTreeMap::new();
    for path in byok.sessions() {
        if let Some((question, answer)) = read(&path) {
            assert!(kept.insert(question, answer).is_none(), "kept twice");
        }
    }
    for question in seen.questions.keys() {
        let answer = kept.get(question).unwrap_or_else(|| panic!("`{question}` is lost"));
        // Nothing is mixed, left out or doubled: it is a beginning of what was sent.
        let sent = seen.sent.get(question).map_or(&[][..], Vec::as_slice);
        let mut rest = answer.as_str();
        let mut count = 0;
        while let Some(left) = rest.strip_prefix(&piece(question, count)) {
            rest = left;
            count += 1;
        }
        assert!(piece(question, count).starts_with(rest), "`{question}`: {answer}");
        let due = sent.iter().filter(|at| **at + LOST < killed[question]).count();
        // A machine that is busy with other tests may not let a process run for a second.
        assert!(count >= due || !is_long, "`{question}`: {count} of {due} pieces");
    }
    let check = |args: &[&str]| byok.with_arguments(args.to_vec()).run();
    let first = check(&["sessions", "check", "--mend"]);
    first.assert_code(0);
    let whole = byok.sessions().iter().filter(|path| read(path).is_some()).count();
    assert_eq!(whole, kept.len(), "{first}");
    let second = check(&["sessions", "check"]);
    second.assert_code(0);
    if is_long {
        let answered = kept.values().filter(|answer| !answer.is_empty()).count();
        eprintln!(
            "{rounds} rounds: {} killed, {} kept, {answered} with words",
            killed.len(),
            kept.len()
        );
        eprintln!("{}", first.stdout().lines().last().unwrap_or_default());
    }
}

/// The question of a session's file, and its answer as far as it came. Only the last line may be
/// torn. `None`: it was killed before it asked.
fn read(path: &Path) -> Option<(String, String)> {
    let bytes = fs::read(path).expect("it is there");
    let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let torn = lines.pop().filter(|it| !it.is_empty());
    let mut question = None;
    let mut answer = String::new();
    let mut skipped = usize::from(torn.is_some());
    for line in lines {
        let Ok(record) = serde_json::from_slice::<Value>(line) else {
            // The one that was torn, and ended by who mended it.
            skipped += 1;
            continue;
        };
        match record["type"].as_str() {
            Some("turn") => {
                let text = record["text"].as_str().expect("it has words").to_owned();
                assert!(question.replace(text).is_none(), "two questions in {}", path.display());
            }
            Some("more") => answer.push_str(record["text"].as_str().expect("it has words")),
            _ => {}
        }
    }
    assert!(skipped <= 1, "{skipped} torn lines in {}", path.display());
    question.map(|question| (question, answer))
}
