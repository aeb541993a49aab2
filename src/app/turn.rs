//! One turn: the only loop from a request to an answer.
//!
//! Attempts, retries, a fresh token after a 401, a parameter left out after a 400: all happen here,
//! and all of it can be stopped at any moment, because one `select!` stands round the whole.

use std::{
    io,
    time::{Duration, Instant},
};

use super::{
    credentials::Key,
    failure::{Failure, Kind},
    signals::{Signals, Stop},
    undisturbed::undisturbed,
};
use crate::{
    chat::{ChatEvent, ChatRequest, Reply, StopReason},
    config::mask_url,
    provider::{
        self, Call, Cause, Client, Head, HttpRequest, Retries, Stage, Target, Verdict, verdict,
    },
    sessions::Growth,
    term::{Console, Level, Screen, Status},
    wire::Adaptation,
};

/// More than this many refused parameters are no misunderstanding any more.
const MOST_ADAPTATIONS: usize = 6;

/// So many events may wait for one flush while more are coming. Reading them takes less than a
/// millisecond, and a flood costs few writes.
const MOST_UNSHOWN: usize = 256;

/// What is said while the command of a credential runs.
pub(super) const RUNS_COMMAND: &str = "running the credential command";

/// What a turn needs.
pub(super) struct Turn<'a, 'g> {
    pub(super) client: &'a Client,
    pub(super) target: &'a mut Target,
    pub(super) key: &'a mut Key,
    pub(super) request: &'a ChatRequest,
    /// Attempts after the first.
    pub(super) retries: u32,
    pub(super) console: Console,
    /// Lines that were told before: what does not travel is said once in a conversation.
    pub(super) known: &'a [String],
    /// Takes the answer to the disk while it comes.
    pub(super) growth: &'a mut Growth<'g>,
}

/// How a turn ended. What came is kept, whatever happened.
#[derive(Debug)]
pub(super) struct Turned {
    pub(super) reply: Reply,
    pub(super) end: End,
    /// The server's id of the last request.
    pub(super) request_id: Option<String>,
    /// What was warned of on the way.
    pub(super) warnings: Vec<String>,
    /// Found on the way, to be remembered.
    pub(super) adaptations: Vec<Adaptation>,
}

/// Why a turn ended.
#[derive(Debug)]
pub(super) enum End {
    /// The server sent its end marker.
    Whole,
    /// The provider, or the way to it, failed.
    Failed(Box<provider::Error>),
    /// The credential could not be had.
    NoKey(Failure),
    /// Stopped from outside.
    Stopped(Stop),
    /// `timeouts.total` is over.
    Late(Duration),
    /// The screen cannot be written to.
    Screen(io::Error),
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> Self {
        Self::Screen(error)
    }
}

impl From<provider::Error> for End {
    fn from(error: provider::Error) -> Self {
        Self::Failed(Box::new(error))
    }
}

/// What grows while a turn runs.
#[derive(Default)]
struct Progress {
    reply: Reply,
    request_id: Option<String>,
    warnings: Vec<String>,
    adaptations: Vec<Adaptation>,
    /// What brought the whole answer.
    call: Option<Call>,
}

impl Turn<'_, '_> {
    /// Runs the turn to its end. `begun` is when its time began to count.
    pub(super) async fn run(
        mut self,
        screen: &mut dyn Screen,
        signals: &mut Signals,
        begun: Instant,
    ) -> Turned {
        let mut progress = Progress::default();
        let total = self.target.network.timeouts.total;
        let end = tokio::select! {
            end = self.attempts(screen, &mut progress, begun) => end.map_or_else(|end| end, |()| End::Whole),
            stop = undisturbed(signals.next()) => End::Stopped(stop),
            limit = undisturbed(until(begun, total)) => End::Late(limit),
        };
        // Ctrl-C reaches the command of a credential, too, which may be gone before we hear of it.
        let end = match end {
            End::NoKey(failure) => {
                signals.take_stop().await.map_or(End::NoKey(failure), End::Stopped)
            }
            end => end,
        };
        // Whatever is told now, what was waited for is not on the screen any more.
        let end = match (end, screen.hush()) {
            (End::Whole, Err(error)) => End::Screen(error),
            (end, _) => end,
        };
        let Progress { reply, request_id, warnings, adaptations, call } = progress;
        if let Some(call) = call {
            // Out of reach of signals and deadlines: the answer is whole, whatever comes now.
            call.settle().await;
        }
        self.client.rest().await;
        Turned { reply, end, request_id, warnings, adaptations }
    }

    async fn attempts(
        &mut self,
        screen: &mut dyn Screen,
        progress: &mut Progress,
        begun: Instant,
    ) -> Result<(), End> {
        let mut attempt = 0;
        let mut was_refreshed = false;
        let mut has_warned_of_dropped = false;
        loop {
            let (request, dropped) = self.target.http_request(self.request);
            if !std::mem::replace(&mut has_warned_of_dropped, true) {
                for line in dropped.into_iter().filter(|line| !self.known.contains(line)) {
                    warn(screen, progress, line)?;
                }
            }
            let error = match self.attempt(&request, screen, progress).await {
                Err(End::Failed(error)) => error,
                other => return other,
            };
            progress.request_id = error.request_id.clone().or(progress.request_id.take());
            if progress.reply.is_visible() {
                return Err(End::Failed(error));
            }
            let is_refused = error.status == Some(401) && !was_refreshed;
            if is_refused && self.key.runs_command() {
                screen.status(&Status::Working(RUNS_COMMAND.to_owned()))?;
            }
            if is_refused && self.key.renew().await.map_err(End::NoKey)? {
                was_refreshed = true;
                self.make_way(screen)?;
                self.console.trace(Level::Verbose, "the key was refused: its command ran again");
            } else if let Some(adaptation) = self.adapt(&error, &request, progress) {
                let host = &self.target.endpoint.origin.host;
                let line = format!("`{host}` refused a parameter: trying {adaptation}");
                progress.adaptations.push(adaptation.clone());
                self.target.adaptations.push(adaptation);
                warn(screen, progress, line)?;
            } else {
                let (wait, reason) = self.wait(attempt, error, begun)?;
                attempt += 1;
                screen.status(&Status::Retrying {
                    attempt,
                    most: self.retries + 1,
                    wait,
                    reason,
                })?;
                tokio::time::sleep(wait).await;
            }
            screen.restart();
            self.growth.reset();
            progress.reply = Reply::default();
        }
    }

    /// One request and its answer.
    async fn attempt(
        &mut self,
        request: &HttpRequest,
        screen: &mut dyn Screen,
        progress: &mut Progress,
    ) -> Result<(), End> {
        let host = self.target.endpoint.origin.host.clone();
        if self.key.is_slow() {
            screen.status(&Status::Working(RUNS_COMMAND.to_owned()))?;
        }
        let secret = self.key.secret().await.map_err(End::NoKey)?;
        let began = Instant::now();
        self.make_way(screen)?;
        self.console.trace(
            Level::Verbose,
            &format!(
                "> {} {} ({} bytes)",
                request.method,
                mask_url(&request.url),
                request.body.len()
            ),
        );
        trace_headers(self.console, request);
        let mut shown = Ok(());
        let mut call = provider::open(
            self.client,
            request,
            secret.as_ref(),
            self.target.endpoint.wire,
            &self.target.network.timeouts,
            &mut |stage| {
                let status = match stage {
                    Stage::Connecting => Status::Connecting(host.clone()),
                    Stage::Sending { sent, total } => Status::Sending { sent, total },
                    Stage::Sent => Status::Sent,
                };
                if shown.is_ok() {
                    shown = screen.status(&status);
                }
            },
        )
        .await?;
        shown?;
        progress.request_id.clone_from(&call.head().request_id);
        self.make_way(screen)?;
        trace_head(self.console, call.head(), began);
        let result = self.read(&mut call, screen, progress).await;
        progress.call = result.is_ok().then_some(call);
        self.make_way(screen)?;
        self.console
            .trace(Level::Verbose, &format!("< end after {} ms", began.elapsed().as_millis()));
        result
    }

    /// Leaves standard error to the lines that `-v` asks for.
    fn make_way(&self, screen: &mut dyn Screen) -> io::Result<()> {
        if self.console.level() >= Level::Verbose { screen.hush() } else { Ok(()) }
    }

    async fn read(
        &mut self,
        call: &mut Call,
        screen: &mut dyn Screen,
        progress: &mut Progress,
    ) -> Result<(), End> {
        let mut events = Vec::new();
        let mut unshown = 0;
        loop {
            let next = call.next(&mut events);
            let due = [screen.due(), self.growth.due()].into_iter().flatten().min();
            let more = if let Some(due) = due {
                // What was taken from the call is in `events`, however the wait ends.
                let Ok(more) = tokio::time::timeout_at(due.into(), next).await else {
                    let is_due = |due: Option<Instant>| due.is_some_and(|it| it <= Instant::now());
                    if is_due(screen.due()) {
                        screen.flush()?;
                    }
                    if is_due(self.growth.due()) {
                        self.growth.write(&progress.reply);
                    }
                    continue;
                };
                more
            } else {
                next.await
            };
            unshown += events.len();
            let mut has_come = false;
            for event in events.drain(..) {
                if let ChatEvent::Warning(text) = event {
                    warn(screen, progress, text)?;
                    continue;
                }
                screen.event(&event)?;
                progress.reply.apply(&event, &self.request.issuer);
                has_come = true;
            }
            let is_over = !matches!(more, Ok(true));
            if is_over || unshown >= MOST_UNSHOWN || !call.has_more().await {
                screen.flush()?;
                unshown = 0;
            }
            // After it was shown: the disk may be slow.
            if has_come {
                self.growth.grew(&progress.reply);
            }
            if is_over {
                more?;
                if progress.reply.has_tool_calls() && !progress.reply.text().trim().is_empty() {
                    let line = "the model called a tool that nobody offered: only its text is kept";
                    warn(screen, progress, line.to_owned())?;
                }
                return Ok(());
            }
        }
    }

    /// What would make the server accept the request, if it said so and it was not tried yet.
    fn adapt(
        &self,
        error: &provider::Error,
        request: &HttpRequest,
        progress: &Progress,
    ) -> Option<Adaptation> {
        let (Some(status @ (400 | 422)), Some(fault)) = (error.status, &error.fault) else {
            return None;
        };
        if progress.adaptations.len() >= MOST_ADAPTATIONS {
            return None;
        }
        let body = serde_json::from_slice(&request.body).ok()?;
        Adaptation::propose(self.target.endpoint.wire, status, fault, &body)
            .filter(|adaptation| !self.target.adaptations.contains(adaptation))
    }

    /// How long to wait before the next attempt, or the error when there is none.
    fn wait(
        &self,
        attempt: u32,
        mut error: Box<provider::Error>,
        begun: Instant,
    ) -> Result<(Duration, String), End> {
        let total = self.target.network.timeouts.total;
        let left = total.map(|total| total.saturating_sub(begun.elapsed()));
        let retries = Retries { most: self.retries, left };
        match verdict(attempt, &error, retries, jitter()) {
            Verdict::Wait(wait) => Ok((wait, reason(&error))),
            Verdict::Fail => Err(End::Failed(error)),
            // Whatever the status was: a wait that is asked for is a limit.
            Verdict::TooLong(_) => {
                error.kind = provider::Kind::RateLimit;
                Err(End::Failed(error))
            }
        }
    }
}

/// What a whole answer is worth: a server may end properly and yet have said nothing.
pub(super) fn judge(reply: &Reply) -> Result<(), Failure> {
    let has_text = reply.has_words();
    let has_refusal = !reply.refusal().is_empty();
    match reply.stop.as_ref() {
        Some(StopReason::Length) => {
            Err(Failure::new(Kind::Cut, "the answer was cut: it reached the token limit")
                .hint("raise `--max-tokens` (`max_output_tokens`), or ask for a shorter answer"))
        }
        Some(StopReason::Filtered) => {
            Err(Failure::new(Kind::Filtered, "the provider's content filter cut the answer off")
                .hint("say it in other words, or adjust the filter at the provider"))
        }
        Some(StopReason::Refusal) => Err(refused()),
        _ if has_refusal => Err(refused()),
        _ if has_text => Ok(()),
        _ if reply.has_tool_calls() => Err(Failure::new(
            Kind::Filtered,
            "the model called a tool that nobody offered, and said nothing else",
        )
        .hint("ask it to answer in words")),
        _ => Err(Failure::new(Kind::Server, "the server ended its answer without saying anything")
            .hint("local servers do this when the prompt is longer than the model's context")),
    }
}

fn refused() -> Failure {
    Failure::new(Kind::Filtered, "the model refused to answer")
}

/// The kind of a failed turn: once text was shown, trouble on the way means that it was cut.
pub(super) fn kind_of(error: &provider::Error, is_visible: bool) -> Kind {
    use provider::Kind as From;

    match (error.kind, is_visible) {
        (From::Network | From::Timeout | From::Cut, true) if error.cause != Cause::Reported => {
            Kind::Cut
        }
        (From::Cut, false) if error.source.is_some() => Kind::Network,
        (From::Cut, false) => Kind::Server,
        (kind, _) => kind.into(),
    }
}

fn warn(screen: &mut dyn Screen, progress: &mut Progress, text: String) -> io::Result<()> {
    screen.warning(&text)?;
    progress.warnings.push(text);
    Ok(())
}

/// Why an attempt failed, short enough to stand beside a countdown.
fn reason(error: &provider::Error) -> String {
    match (error.kind, error.status) {
        (provider::Kind::RateLimit, _) => "rate limited".to_owned(),
        (_, Some(status)) => format!("the server answered {status}"),
        _ => error.message.clone(),
    }
}

/// 0.0 to 1.0, different for processes that were started together.
fn jitter() -> f64 {
    let random = uuid::Uuid::new_v4().as_fields().0;
    f64::from(random) / f64::from(u32::MAX)
}

async fn until(begun: Instant, total: Option<Duration>) -> Duration {
    match total {
        Some(total) => {
            tokio::time::sleep_until((begun + total).into()).await;
            total
        }
        None => std::future::pending().await,
    }
}

fn trace_headers(console: Console, request: &HttpRequest) {
    if console.level() >= Level::Headers {
        for line in provider::dry_run(request).lines().skip(1).take_while(|line| !line.is_empty()) {
            console.trace(Level::Headers, &format!("> {line}"));
        }
    }
}

fn trace_head(console: Console, head: &Head, began: Instant) {
    let id = head.request_id.as_ref().map_or_else(String::new, |id| format!(", request id {id}"));
    let elapsed = began.elapsed().as_millis();
    console.trace(Level::Verbose, &format!("< {} after {elapsed} ms{id}", head.status));
    for (name, value) in &head.shown {
        console.trace(Level::Headers, &format!("< {name}: {value}"));
    }
}
