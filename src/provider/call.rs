//! One call, pulled one read at a time.
//!
//! Nothing runs by itself here: no task, no channel. Whoever holds the [`Call`] waits for
//! [`Call::next`] beside whatever else may happen, and stops by dropping it.

mod exchange;
mod head;
mod mask;
mod outgoing;
mod place;
mod refusal;
mod rest;
mod transport;
mod unanswered;

use std::{
    fmt,
    future::poll_fn,
    pin::{Pin, pin},
    task::Poll,
    time::Duration,
};

use hyper::body::Bytes;
use tokio::time::{Instant, Sleep, sleep_until};

use super::{Cause, Client, Error, HttpRequest, Kind, Secret, Source, Timeouts};
use crate::{
    chat::ChatEvent,
    wire::{Progress, Reader, Wire, WireError},
};
use exchange::{Answer, LAST_LOOK, after};
pub(super) use exchange::{Context, exchange};

/// After a whole answer, so long may the end marker and the usage be in coming.
const LINGER: Duration = Duration::from_secs(2);

/// What a call is waiting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// A connection.
    Connecting,
    /// The rest of a large request: so many bytes of it were taken to be sent.
    Sending {
        /// The connection itself holds back the last few hundred KiB of them.
        sent: u64,
        /// All that there are.
        total: u64,
    },
    /// The request is sent; the answer's head is awaited.
    Sent,
}

/// The head of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// The HTTP status.
    pub status: u16,
    /// The first of the known request id headers.
    pub request_id: Option<String>,
    /// Header names and values that may be shown (`-vv`).
    pub shown: Vec<(String, String)>,
}

/// An answer on its way. Dropping it closes the connection as soon as the runtime runs;
/// [`Call::settle`] keeps it.
pub struct Call {
    answer: Answer,
    reader: Reader,
    /// What came while nobody waited for it.
    ahead: Option<Read>,
    idle: Duration,
    wait: Wait,
    /// Whose connection it is on, when that can be kept.
    keeper: Option<Client>,
    /// One timer for the whole call. It is not moved at each read, which would cost more than the
    /// read: when it rings too early, it is set anew.
    alarm: Pin<Box<Sleep>>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// The answer is whole; what may still come is awaited until then.
    Finished(Instant),
    /// It was said that the answer is whole.
    Whole,
    /// It was said that the answer failed.
    Failed,
}

/// How long bytes have been awaited; survives a wait that was given up.
#[derive(Debug, Default)]
struct Wait {
    since: Option<Instant>,
    /// The deadline has passed, and until then is looked once more.
    last_look: Option<Instant>,
}

/// What a wait for bytes came to.
enum Read {
    Bytes(Bytes),
    End,
    Broken(Source),
    /// The deadline passed.
    Silence,
}

/// Sends `request` and waits for the answer's head.
///
/// # Errors
/// Everything that [`Error`] can say before an answer; a status other than 2xx with its body read
/// (at most 1 MiB).
pub async fn open(
    client: &Client,
    request: &HttpRequest,
    secret: Option<&Secret>,
    wire: Wire,
    timeouts: &Timeouts,
    stage: &mut dyn FnMut(Stage),
) -> Result<Call, Error> {
    let answer = exchange(client, request, secret, timeouts, stage).await?;
    let is_kept = client.patience().is_some() && rest::leaves_the_connection(&answer.response);
    Ok(Call {
        answer,
        keeper: is_kept.then(|| client.clone()),
        reader: Reader::new(wire),
        ahead: None,
        idle: timeouts.idle,
        wait: Wait::default(),
        alarm: Box::pin(sleep_until(after(timeouts.idle))),
        state: State::Open,
    })
}

impl Call {
    /// The answer's head.
    pub fn head(&self) -> &Head {
        &self.answer.context.head
    }

    /// Waits for bytes and pushes the events in them. `false`: the answer is whole. Cancel-safe.
    ///
    /// # Errors
    /// The stream's own; events pushed before stand.
    pub async fn next(&mut self, events: &mut Vec<ChatEvent>) -> Result<bool, Error> {
        let read = match self.state {
            State::Whole => return Ok(false),
            State::Failed => return Err(self.context().cut()),
            State::Open | State::Finished(_) => match self.ahead.take() {
                Some(read) => read,
                None => self.read().await,
            },
        };
        // From here on nothing waits, so that a call that was given up has lost no event.
        let outcome = match read {
            Read::Bytes(bytes) => self.take(&bytes, events),
            Read::End => match self.reader.end(events) {
                Ok(()) => Ok(false),
                Err(error) => Err(self.context().unreadable(error)),
            },
            Read::Broken(source) if !self.reader.abandon(events) => {
                Err(self.context().broken(source))
            }
            Read::Silence if !self.reader.abandon(events) => Err(self.context().idle(self.idle)),
            Read::Broken(_) | Read::Silence => Ok(false),
        };
        match &outcome {
            Ok(true) => {}
            Ok(false) => self.state = State::Whole,
            Err(_) => self.state = State::Failed,
        }
        outcome
    }

    /// Whether more has come already, so that [`Call::next`] will not wait. Cancel-safe.
    ///
    /// The connection hands over one chunk at a time, and servers make a chunk of each event. It
    /// is given one turn, so that what lies in the socket counts as well.
    pub async fn has_more(&mut self) -> bool {
        if matches!(self.state, State::Whole | State::Failed) {
            return false;
        }
        if self.ahead.is_none() {
            let mut chunk = pin!(self.answer.response.chunk());
            let mut had_its_turn = false;
            let read = poll_fn(|context| match chunk.as_mut().poll(context) {
                Poll::Ready(read) => Poll::Ready(Some(read)),
                Poll::Pending if had_its_turn => Poll::Ready(None),
                Poll::Pending => {
                    had_its_turn = true;
                    context.waker().wake_by_ref();
                    Poll::Pending
                }
            });
            self.ahead = read.await.map(Read::from);
        }
        self.ahead.is_some()
    }

    fn take(&mut self, bytes: &[u8], events: &mut Vec<ChatEvent>) -> Result<bool, Error> {
        match self.reader.push(bytes, events) {
            Ok(Progress::Open) => Ok(true),
            Ok(Progress::Finished) => {
                if self.state == State::Open {
                    self.state = State::Finished(after(LINGER));
                }
                Ok(true)
            }
            // The server may keep the connection as long as it likes.
            Ok(Progress::Complete) => Ok(false),
            Err(error) => Err(self.context().unreadable(error)),
        }
    }

    /// Waits for bytes until `idle` has passed since the last ones. Cancel-safe.
    async fn read(&mut self) -> Read {
        let since = *self.wait.since.get_or_insert_with(Instant::now);
        let deadline = match self.state {
            State::Finished(deadline) => deadline,
            _ => since.checked_add(self.idle).unwrap_or_else(|| after(Duration::MAX)),
        };
        if self.alarm.deadline() > deadline {
            self.alarm.as_mut().reset(deadline);
        }
        let read = loop {
            tokio::select! {
                biased;
                read = self.answer.response.chunk() => break Some(read),
                () = &mut self.alarm => match self.wait.last_look {
                    None if self.alarm.deadline() < deadline => {
                        self.alarm.as_mut().reset(deadline);
                    }
                    Some(until) if until <= Instant::now() => break None,
                    last_look => {
                        let until = last_look.unwrap_or_else(|| after(LAST_LOOK));
                        self.wait.last_look = Some(until);
                        self.alarm.as_mut().reset(until);
                    }
                }
            }
        };
        self.wait = Wait::default();
        read.map_or(Read::Silence, Read::from)
    }

    fn context(&self) -> &Context {
        &self.answer.context
    }
}

impl From<reqwest::Result<Option<Bytes>>> for Read {
    fn from(chunk: reqwest::Result<Option<Bytes>>) -> Self {
        match chunk {
            Ok(Some(bytes)) => Self::Bytes(bytes),
            Ok(None) => Self::End,
            Err(error) => Self::Broken(transport::in_body(error)),
        }
    }
}

impl Context {
    /// Why the bytes of a body are no answer.
    fn unreadable(&self, error: WireError) -> Error {
        let host = &self.place.host;
        match error {
            WireError::Fault(fault) => self.reported(fault),
            WireError::Malformed { expected, excerpt } => {
                let excerpt = self.mask.text(excerpt);
                let message = format!("`{host}` sent something that is not {expected}: {excerpt}");
                self.error(Kind::Server, Cause::Malformed, message)
            }
            WireError::TooLarge { what, limit } => {
                let message = format!("`{host}` sent {what} of more than {} MiB", limit >> 20);
                self.error(Kind::Server, Cause::TooLarge { limit }, message)
            }
            WireError::Html => {
                let message = format!("`{host}` answered with a web page");
                self.error(Kind::Server, Cause::Html, message)
            }
            WireError::Empty => {
                let message = format!("`{host}` ended without an answer");
                self.error(Kind::Server, Cause::Empty, message)
            }
            WireError::Cut => self.cut(),
        }
    }

    fn cut(&self) -> Error {
        let message = format!("`{}` ended its answer in the middle", self.place.host);
        self.error(Kind::Cut, Cause::Cut, message)
    }

    fn broken(&self, source: Source) -> Error {
        let message = format!("the connection to `{}` broke in the middle", self.place.host);
        self.error(Kind::Cut, Cause::Cut, message).beneath(source)
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("head", self.head())
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
