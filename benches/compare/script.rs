//! A server in this process that gives one answer when it is told to, and knows when it sent what.

use std::{
    io::{self, BufReader, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::mpsc::{self, Receiver, Sender},
    thread,
    time::{Duration, Instant},
};

use crate::{
    latency,
    server::{BLOCK, HEAD, delta, end, request},
};

/// The answer to one question.
pub(crate) struct Script {
    pub(crate) port: u16,
    /// Tells that the question has come.
    pub(crate) asked: Receiver<()>,
    /// The first word lets the answer begin, the second one lets it end.
    pub(crate) go: Sender<()>,
    /// When each text of the answer was sent, once it has ended; nothing for a flood.
    pub(crate) sent: Receiver<Vec<u128>>,
}

/// The other ends.
struct Cues {
    asked: Sender<()>,
    go: Receiver<()>,
    sent: Sender<Vec<u128>>,
}

/// Answers with these texts, `rate` a second or as fast as they are taken.
pub(crate) fn script(texts: Vec<String>, rate: Option<u32>) -> io::Result<Script> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let port = listener.local_addr()?.port();
    let (asked_sender, asked) = mpsc::channel();
    let (go, go_receiver) = mpsc::channel();
    let (sent_sender, sent) = mpsc::channel();
    let cues = Cues { asked: asked_sender, go: go_receiver, sent: sent_sender };
    thread::spawn(move || {
        // The run that left early says so itself.
        let _ = answer(&listener, &texts, rate, &cues);
    });
    Ok(Script { port, asked, go, sent })
}

fn answer(
    listener: &TcpListener,
    texts: &[String],
    rate: Option<u32>,
    cues: &Cues,
) -> io::Result<()> {
    let (stream, _) = listener.accept()?;
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    request(&mut stream)?;
    let out = stream.get_mut();
    let _ = cues.asked.send(());
    cues.go.recv().map_err(io::Error::other)?;
    out.write_all(HEAD.as_bytes())?;
    let sent = match rate {
        Some(rate) => pace(out, texts, rate)?,
        None => flood(out, texts)?,
    };
    cues.go.recv().map_err(io::Error::other)?;
    let _ = cues.sent.send(sent);
    out.write_all(end().as_bytes())
}

fn pace(out: &mut TcpStream, texts: &[String], rate: u32) -> io::Result<Vec<u128>> {
    let interval = Duration::from_secs(1) / rate.max(1);
    let start = Instant::now();
    let mut due = start;
    let mut sent = Vec::with_capacity(texts.len());
    for text in texts {
        let bytes = delta(&escaped(text)?);
        // By the clock and not by the interval, so that lateness does not add up.
        due += interval;
        thread::sleep(due.saturating_duration_since(Instant::now()));
        sent.push(latency::now());
        out.write_all(bytes.as_bytes())?;
    }
    Ok(sent)
}

fn flood(out: &mut TcpStream, texts: &[String]) -> io::Result<Vec<u128>> {
    for texts in texts.chunks(BLOCK as usize) {
        let deltas = texts.iter().map(|text| Ok(delta(&escaped(text)?)));
        let block = deltas.collect::<io::Result<String>>()?;
        out.write_all(block.as_bytes())?;
    }
    Ok(Vec::new())
}

/// What stands in a JSON string.
fn escaped(text: &str) -> io::Result<String> {
    let quoted = serde_json::to_string(text)?;
    Ok(quoted[1..quoted.len() - 1].to_owned())
}
