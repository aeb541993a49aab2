//! A provider on 127.0.0.1 that does what a script says, byte by byte.
//!
//! Dropping it asserts that every script was used, that nobody asked more often, and that no
//! thread of it panicked: assertions live inside the fake as well as in the test.

use std::{
    collections::VecDeque,
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::byok::DEADLINE;

/// One thing that the provider does.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Sends these bytes at once.
    Send(Vec<u8>),
    /// Sends them one by one, with this long a pause after each.
    Drip(Vec<u8>, Duration),
    /// Sends them again and again, so many times or until the client goes away.
    Repeat(Vec<u8>, usize),
    /// Does nothing for a while.
    Pause(Duration),
    /// Does nothing until the test opens it.
    Wait(Gate),
    /// Does nothing until the client goes away.
    Hang,
    /// Breaks the connection (RST).
    Reset,
    /// Ends the connection in good order (FIN).
    Close,
}

/// What the provider does after one request. A script that does not end the connection keeps it
/// open for the next request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    steps: Vec<Step>,
    /// Begins after the request's head, its body unread.
    is_early: bool,
    /// Nothing of the body is read before it is open.
    gate: Option<Gate>,
}

/// Closed until the test opens it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    pub(crate) fn open(&self) {
        *self.0.0.lock().expect("no thread panicked") = true;
        self.0.1.notify_all();
    }

    /// Waits for it, and no longer than for anything else: the client may be long gone.
    fn wait(&self) {
        let is_open = self.0.0.lock().expect("no thread panicked");
        let waited = self.0.1.wait_timeout_while(is_open, DEADLINE, |is_open| !*is_open);
        drop(waited.expect("no thread panicked"));
    }
}

/// A request as it came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Recorded {
    pub(crate) method: String,
    /// With the query.
    pub(crate) path: String,
    /// Names in lower case, in order.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Recorded {
    /// The first header of this name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("the request's body is JSON")
    }
}

impl Script {
    /// These steps.
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self { steps: steps.into_iter().collect(), ..Self::default() }
    }

    /// One whole answer of known length.
    pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let length = body.len().to_string();
        let mut headers = headers.to_vec();
        headers.push(("content-length", &length));
        let mut bytes = head(status, &headers);
        bytes.extend_from_slice(body);
        Self::new([Step::Send(bytes)])
    }

    /// A JSON answer.
    pub(crate) fn json(status: u16, body: impl AsRef<[u8]>) -> Self {
        Self::answer(status, &[("content-type", "application/json")], body)
    }

    /// An event stream with one packet for each frame.
    pub(crate) fn stream<T: AsRef<[u8]>>(frames: impl IntoIterator<Item = T>) -> Self {
        Self::open_stream(frames).then([Step::Send(LAST_CHUNK.to_vec())])
    }

    /// The same, without its end.
    pub(crate) fn open_stream<T: AsRef<[u8]>>(frames: impl IntoIterator<Item = T>) -> Self {
        let head =
            head(200, &[("content-type", "text/event-stream"), ("transfer-encoding", "chunked")]);
        let frames = frames.into_iter().map(|frame| Step::Send(chunk(frame)));
        Self::new([Step::Send(head)].into_iter().chain(frames))
    }

    /// What it does.
    pub(crate) fn steps(self) -> Vec<Step> {
        self.steps
    }

    /// The same script with more steps.
    pub(crate) fn then(mut self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.steps.extend(steps);
        self
    }

    /// The same script, begun before the request's body is read.
    pub(crate) fn early(mut self) -> Self {
        self.is_early = true;
        self
    }

    /// The same script, that reads the request's body once `gate` is open.
    pub(crate) fn behind(mut self, gate: &Gate) -> Self {
        self.gate = Some(gate.clone());
        self
    }
}

/// The head of an answer.
pub(crate) fn head(status: u16, headers: &[(&str, &str)]) -> Vec<u8> {
    let fields: Vec<_> =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("HTTP/1.1 {status} Scripted\r\n{}\r\n", fields.concat()).into_bytes()
}

/// One chunk of a chunked body.
pub(crate) fn chunk(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let bytes = bytes.as_ref();
    let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
    chunk.extend_from_slice(bytes);
    chunk.extend_from_slice(b"\r\n");
    chunk
}

/// The end of a chunked body.
pub(crate) const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// The fake.
pub(crate) struct Provider {
    shared: Arc<Shared>,
    address: SocketAddr,
    scheme: &'static str,
    accepting: Option<JoinHandle<()>>,
}

struct Shared {
    scripts: Mutex<VecDeque<Script>>,
    requests: Mutex<Vec<Recorded>>,
    open: Mutex<Vec<Arc<Open>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    connections: AtomicUsize,
    ended: Mutex<usize>,
    one_ended: Condvar,
    is_over: AtomicBool,
    tls: Option<Arc<ServerConfig>>,
}

/// One connection.
struct Open {
    socket: TcpStream,
    /// It ends with a reset.
    is_reset: AtomicBool,
}

impl Provider {
    /// Answers each request with the next script.
    pub(crate) fn start(scripts: impl IntoIterator<Item = Script>) -> Self {
        Self::with(scripts, None)
    }

    /// The same over TLS.
    pub(crate) fn tls(scripts: impl IntoIterator<Item = Script>, config: ServerConfig) -> Self {
        Self::with(scripts, Some(Arc::new(config)))
    }

    fn with(scripts: impl IntoIterator<Item = Script>, tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
        let address = listener.local_addr().expect("a bound listener has an address");
        let scheme = if tls.is_some() { "https" } else { "http" };
        let shared = Arc::new(Shared {
            scripts: Mutex::new(scripts.into_iter().collect()),
            requests: Mutex::default(),
            open: Mutex::default(),
            threads: Mutex::default(),
            connections: AtomicUsize::new(0),
            ended: Mutex::default(),
            one_ended: Condvar::new(),
            is_over: AtomicBool::new(false),
            tls,
        });
        let accepting = thread::spawn({
            let shared = shared.clone();
            move || shared.accept(&listener)
        });
        Self { shared, address, scheme, accepting: Some(accepting) }
    }

    /// `http://127.0.0.1:PORT` and `path`.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.address)
    }

    /// `127.0.0.1:PORT`, as messages name it.
    pub(crate) fn host(&self) -> String {
        self.address.to_string()
    }

    /// The port it listens at.
    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<Recorded> {
        self.shared.requests.lock().expect("no thread panicked").clone()
    }

    /// The only request.
    #[track_caller]
    pub(crate) fn request(&self) -> Recorded {
        let mut requests = self.requests();
        assert_eq!(requests.len(), 1, "one request was expected: {requests:?}");
        requests.remove(0)
    }

    /// How many connections were accepted.
    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Ends all connections in good order (FIN), and waits until they are.
    pub(crate) fn close_connections(&self) {
        for open in self.shared.open.lock().expect("no thread panicked").iter() {
            // The client may have been first.
            let _ = open.socket.shutdown(Shutdown::Both);
        }
        self.wait_for_ends(self.connections());
    }

    /// Breaks all connections (RST), and waits until they are broken.
    pub(crate) fn reset_connections(&self) {
        for open in self.shared.open.lock().expect("no thread panicked").iter() {
            open.reset().expect("a socket takes options");
            // Sends nothing, but wakes the thread that reads.
            let _ = open.socket.shutdown(Shutdown::Read);
        }
        self.wait_for_ends(self.connections());
    }

    /// Waits until so many connections have ended, by whichever side.
    #[track_caller]
    pub(crate) fn wait_for_ends(&self, count: usize) {
        let ended = self.shared.ended.lock().expect("no thread panicked");
        let (ended, waited) = self
            .shared
            .one_ended
            .wait_timeout_while(ended, DEADLINE, |ended| *ended < count)
            .expect("no thread panicked");
        assert!(!waited.timed_out(), "{count} connections should have ended, and {ended} have");
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.address);
        let mut panicked = false;
        if let Some(accepting) = self.accepting.take() {
            panicked |= accepting.join().is_err();
        }
        for open in self.shared.open.lock().expect("no thread panicked").iter() {
            let _ = open.socket.shutdown(Shutdown::Both);
        }
        let threads = std::mem::take(&mut *self.shared.threads.lock().expect("no thread panicked"));
        for thread in threads {
            panicked |= thread.join().is_err();
        }
        if thread::panicking() {
            return;
        }
        assert!(!panicked, "the fake provider panicked; its message is above");
        let left = self.shared.scripts.lock().expect("no thread panicked").len();
        assert_eq!(left, 0, "the fake provider was asked {left} times too few");
    }
}

impl Shared {
    fn accept(self: Arc<Self>, listener: &TcpListener) {
        for stream in listener.incoming() {
            if self.is_over.load(Ordering::SeqCst) {
                return;
            }
            let Ok(stream) = stream else { continue };
            self.connections.fetch_add(1, Ordering::SeqCst);
            stream.set_nodelay(true).expect("a socket takes options");
            let open = Arc::new(Open { socket: stream, is_reset: AtomicBool::new(false) });
            self.open.lock().expect("no thread panicked").push(open.clone());
            let thread = thread::spawn({
                let shared = self.clone();
                move || shared.serve(open)
            });
            self.threads.lock().expect("no thread panicked").push(thread);
        }
    }

    fn serve(&self, open: Arc<Open>) {
        let stream = open.socket.try_clone().expect("a socket can be cloned");
        match &self.tls {
            None => self.serve_requests(stream, &open),
            Some(config) => {
                let tls = ServerConnection::new(config.clone()).expect("the TLS set-up is sound");
                self.serve_requests(StreamOwned::new(tls, stream), &open);
            }
        }
        self.open.lock().expect("no thread panicked").retain(|other| !Arc::ptr_eq(other, &open));
        if !open.is_reset.load(Ordering::SeqCst) {
            let _ = open.socket.shutdown(Shutdown::Both);
        }
        // The last one that has the socket closes it, and only closing resets.
        drop(open);
        *self.ended.lock().expect("no thread panicked") += 1;
        self.one_ended.notify_all();
    }

    fn serve_requests(&self, mut stream: impl Read + Write, open: &Open) {
        let mut buffer = Vec::new();
        // A client that goes away ends the thread, at whatever point.
        while let Some(mut request) = read_head(&mut stream, &mut buffer) {
            let script = self.scripts.lock().expect("no thread panicked").pop_front();
            let script = script.unwrap_or_else(|| panic!("not scripted: {request:?}"));
            if let Some(gate) = &script.gate {
                gate.wait();
            }
            if !script.is_early {
                read_body(&mut stream, &mut buffer, &mut request);
            }
            self.requests.lock().expect("no thread panicked").push(request);
            let goes_on = script
                .steps
                .iter()
                .all(|step| play(step, &mut stream, open).is_ok_and(|goes_on| goes_on));
            if !goes_on {
                return;
            }
            if script.is_early {
                // What is left of the body would be read as the next request.
                let _ = io::copy(&mut stream, &mut io::sink());
                return;
            }
        }
    }
}

/// Does one step; `false`: the connection is over.
fn play(step: &Step, stream: &mut (impl Read + Write), open: &Open) -> io::Result<bool> {
    match step {
        Step::Send(bytes) => send(stream, bytes)?,
        Step::Drip(bytes, pause) => {
            for byte in bytes {
                send(stream, &[*byte])?;
                thread::sleep(*pause);
            }
        }
        Step::Repeat(bytes, times) => {
            for _ in 0..*times {
                send(stream, bytes)?;
            }
        }
        Step::Pause(pause) => thread::sleep(*pause),
        Step::Wait(gate) => gate.wait(),
        Step::Hang => {
            io::copy(stream, &mut io::sink())?;
            return Ok(false);
        }
        Step::Reset => {
            open.reset()?;
            return Ok(false);
        }
        Step::Close => return Ok(false),
    }
    Ok(true)
}

fn send(stream: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    stream.write_all(bytes)?;
    stream.flush()
}

impl Open {
    /// Makes closing the socket a reset: what is not sent yet is thrown away. The standard library
    /// cannot say so, tokio can.
    fn reset(&self) -> io::Result<()> {
        self.is_reset.store(true, Ordering::SeqCst);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let _guard = runtime.enter();
        let clone = self.socket.try_clone()?;
        // A clone shares this, and reading goes on after a reset from outside.
        clone.set_nonblocking(true)?;
        tokio::net::TcpStream::from_std(clone)?.set_zero_linger()?;
        self.socket.set_nonblocking(false)
    }
}

/// Reads the head of a request; `None`: the client is gone.
fn read_head(stream: &mut impl Read, buffer: &mut Vec<u8>) -> Option<Recorded> {
    let end = loop {
        if let Some(at) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        more(stream, buffer)?;
    };
    let head: Vec<u8> = buffer.drain(..end).collect();
    let head = String::from_utf8(head).expect("a request's head is UTF-8");
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap_or_default().split(' ');
    let method = first.next().unwrap_or_default().to_owned();
    let path = first.next().unwrap_or_default().to_owned();
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    Some(Recorded { method, path, headers, body: Vec::new() })
}

fn read_body(stream: &mut impl Read, buffer: &mut Vec<u8>, request: &mut Recorded) {
    let length = request
        .header("content-length")
        .map_or(0, |length| length.parse().expect("the length of the request's body is a number"));
    while buffer.len() < length {
        if more(stream, buffer).is_none() {
            return;
        }
    }
    request.body = buffer.drain(..length).collect();
}

fn more(stream: &mut impl Read, buffer: &mut Vec<u8>) -> Option<()> {
    let mut piece = [0; 16 << 10];
    let read = stream.read(&mut piece).ok().filter(|read| *read > 0)?;
    buffer.extend_from_slice(&piece[..read]);
    Some(())
}
