//! A server so plain that it is never the bottleneck: one thread a connection, bytes made before.
//!
//! The first segments of the path choose the scene; what follows is what a client makes of its
//! base URL:
//!
//! ```text
//! /one/…            a short answer, in one packet
//! /flood/N/…        N deltas, as fast as they are taken
//! /pace/RATE/N/…    N deltas, RATE a second, each saying when it was sent
//! /when/…           says when the first byte of the request was there
//! ```

use std::{
    fmt::Write as _,
    io::{self, BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::Path,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::{latency, tls};

pub(crate) const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\
    transfer-encoding: chunked\r\n\r\n";

/// Deltas that are written at once in a flood.
pub(crate) const BLOCK: u32 = 500;

/// Serves http and https until standard input ends, having printed their ports, a line each. The
/// authority of the https port's certificate is in `ca_file` by then.
pub(crate) fn serve(ca_file: &Path) -> io::Result<()> {
    let config = tls::config(ca_file)?;
    let http = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let https = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("{}", http.local_addr()?.port());
    println!("{}", https.local_addr()?.port());
    thread::spawn(move || accept(&http, talk));
    thread::spawn(move || accept(&https, move |stream| talk(secured(stream, &config)?)));
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}

fn accept(
    listener: &TcpListener,
    talk: impl Fn(TcpStream) -> io::Result<()> + Clone + Send + 'static,
) {
    for stream in listener.incoming().flatten() {
        let talk = talk.clone();
        thread::spawn(move || {
            let _ = stream.set_nodelay(true);
            // The client left, which it may.
            let _ = talk(stream);
        });
    }
}

fn secured(
    stream: TcpStream,
    config: &Arc<ServerConfig>,
) -> io::Result<StreamOwned<ServerConnection, TcpStream>> {
    let connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
    Ok(StreamOwned::new(connection, stream))
}

/// Answers requests of one connection until the client ends it.
fn talk(stream: impl Read + Write) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        // Waits for the first byte.
        stream.fill_buf()?;
        let arrived = latency::now();
        let Some(path) = request(&mut stream)? else { return Ok(()) };
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let number = |index: usize| segments.get(index).and_then(|text| text.parse().ok());
        let out = stream.get_mut();
        match (segments.first(), number(1), number(2)) {
            (Some(&"one"), ..) => one(out),
            (Some(&"flood"), Some(count), _) => flood(out, count),
            (Some(&"pace"), Some(rate), Some(count)) => pace(out, rate, count),
            (Some(&"when"), ..) => {
                out.write_all(format!("{HEAD}{}{}", delta(&arrived.to_string()), end()).as_bytes())
            }
            _ => out.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"),
        }?;
        out.flush()?;
    }
}

/// Reads a request to its end and says its path; `None` when there is none any more.
pub(crate) fn request(stream: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut first = String::new();
    stream.read_line(&mut first)?;
    let Some(path) = first.split(' ').nth(1).map(str::to_owned) else { return Ok(None) };
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
    }
    io::copy(&mut stream.take(length), &mut io::sink())?;
    Ok(Some(path))
}

fn one(out: &mut impl Write) -> io::Result<()> {
    let answer: String = ["Hello", ",", " how", " are", " you", "?"].map(delta).concat();
    out.write_all(format!("{HEAD}{answer}{}", end()).as_bytes())
}

fn flood(out: &mut impl Write, count: u32) -> io::Result<()> {
    let one = delta(" word");
    let block = one.repeat(BLOCK.try_into().map_err(io::Error::other)?);
    out.write_all(HEAD.as_bytes())?;
    for _ in 0..count / BLOCK {
        out.write_all(block.as_bytes())?;
    }
    for _ in 0..count % BLOCK {
        out.write_all(one.as_bytes())?;
    }
    out.write_all(end().as_bytes())
}

fn pace(out: &mut impl Write, rate: u32, count: u32) -> io::Result<()> {
    let interval = Duration::from_secs(1) / rate.max(1);
    out.write_all(HEAD.as_bytes())?;
    out.flush()?;
    let start = Instant::now();
    for index in 1..=count {
        // By the clock and not by the interval, so that lateness does not add up.
        let due = start + interval * index;
        thread::sleep(due.saturating_duration_since(Instant::now()));
        // No line feed: byok holds one back until it knows that more follows.
        let stamp = format!("{} ", latency::now());
        out.write_all(delta(&stamp).as_bytes())?;
        out.flush()?;
    }
    out.write_all(end().as_bytes())
}

/// One delta as one event in one chunk; `text` is what stands in a JSON string.
pub(crate) fn delta(text: &str) -> String {
    chunk(&format!(
        "data: {{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\
         \"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}},\
         \"finish_reason\":null}}]}}\n\n"
    ))
}

pub(crate) fn end() -> String {
    let stop = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\
        \"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    chunk(&format!("{stop}data: [DONE]\n\n")) + "0\r\n\r\n"
}

fn chunk(data: &str) -> String {
    let mut chunk = String::with_capacity(data.len() + 8);
    // Writing to a string cannot fail.
    let _ = write!(chunk, "{:x}\r\n{data}\r\n", data.len());
    chunk
}
