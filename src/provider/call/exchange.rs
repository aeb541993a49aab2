//! One request and the head of its answer: sending, deadlines, and what is no success.

use std::{
    net::SocketAddr,
    pin::pin,
    time::{Duration, SystemTime},
};

use hyper_util::client::legacy::connect::HttpInfo;
use reqwest::{
    Response, StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue, LOCATION},
};
use tokio::time::{Instant, sleep_until, timeout};
use url::Url;

use super::{
    super::{Cause, Client, Error, HeaderText, HttpRequest, Kind, Secret, Timeouts},
    Head, Stage, head,
    head::Again,
    mask::Mask,
    outgoing::{Outgoing, Taken},
    place::{Place, Words, shown},
    refusal, transport,
    unanswered::Unanswered,
};
use crate::wire::{Fault, Framer};

/// More than this of an error body is not read, in bytes.
const MAX_ERROR_BODY: usize = 1 << 20;

/// An error body that is not here by then does not matter.
const ERROR_BODY_TIME: Duration = Duration::from_secs(10);

/// After a deadline, the time to look once more at what the socket holds: when this process was
/// stopped or busy, the answer may be there although nobody has looked.
pub(super) const LAST_LOOK: Duration = Duration::from_millis(20);

/// How much of a larger body was sent is told, in bytes; what is smaller is gone at once.
const LARGE_BODY: usize = 256 << 10;

/// A moment that never comes.
const FAR: Duration = Duration::from_hours(24 * 365);

/// An answer with a success status; its body is still to come.
#[derive(Debug)]
pub(in crate::provider) struct Answer {
    pub(super) response: Response,
    pub(super) context: Context,
    /// The end of its connection on this side.
    pub(super) local: Option<SocketAddr>,
}

/// What all errors of one answer have in common.
#[derive(Debug)]
pub(in crate::provider) struct Context {
    pub(super) head: Head,
    pub(super) again: Again,
    pub(super) place: Place,
    pub(super) mask: Mask,
}

/// Sends `request` and waits for the head of an answer with status 2xx.
pub(in crate::provider) async fn exchange(
    client: &Client,
    request: &HttpRequest,
    secret: Option<&Secret>,
    timeouts: &Timeouts,
    stage: &mut dyn FnMut(Stage),
) -> Result<Answer, Error> {
    client.connections().catch_up().await;
    let kept = client.connections().last();
    let begun = Instant::now();
    let mut sent = attempt(client, request, secret, timeouts, stage).await?;
    if let Err(unanswered) = &sent.response
        && unanswered.is_stale(kept, begun.elapsed())
    {
        sent = attempt(client, request, secret, timeouts, stage).await?;
    }
    let Sent { response, url, place, mask } = sent;
    let response = response.map_err(|unanswered| unanswered.error)?;
    let local = response.extensions().get::<HttpInfo>().map(HttpInfo::local_addr);
    if let Some(local) = local {
        client.connections().used(local, SystemTime::now());
    }
    let status = response.status();
    let context = Context {
        head: head::head(status.as_u16(), response.headers(), &mask),
        again: head::again(response.headers(), SystemTime::now()),
        place,
        mask,
    };
    if status.is_redirection() {
        return Err(redirect(&context, response.headers(), &url));
    }
    let packed = encoding(response.headers());
    if !status.is_success() {
        let body = if packed.is_some() { Vec::new() } else { error_body(response, timeouts).await };
        let mut error = refused(client, &context, status, &body);
        if let Some(encoding) = packed {
            let why = format!(", its reason packed as {encoding}, which was not asked for");
            error.message.push_str(&context.mask.text(why));
        }
        return Err(error);
    }
    if let Some(encoding) = packed {
        let encoding = context.mask.text(encoding);
        let host = &context.place.host;
        let message =
            format!("`{host}` answered in a packed form that was not asked for: {encoding}");
        return Err(context.error(Kind::Server, Cause::Encoded { encoding }, message));
    }
    Ok(Answer { response, context, local })
}

impl Context {
    /// An error about this answer.
    pub(in crate::provider) fn error(
        &self,
        kind: Kind,
        cause: Cause,
        message: impl Into<String>,
    ) -> Error {
        Error {
            status: Some(self.head.status),
            request_id: self.head.request_id.clone(),
            retry_after: self.again.retry_after,
            should_retry: self.again.should_retry,
            ..Error::new(kind, cause, message)
        }
    }

    /// Where the answer came from: host, and the port when it is not the scheme's own.
    pub(in crate::provider) fn host(&self) -> &str {
        &self.place.host
    }

    /// Nothing came for too long.
    pub(super) fn idle(&self, idle: Duration) -> Error {
        let host = &self.place.host;
        let message = format!("`{host}` sent nothing for {} in its answer", Words(idle));
        self.error(Kind::Timeout, Cause::IdleTimeout(idle), message)
    }

    /// An error that the server reported inside an answer with a success status.
    pub(in crate::provider) fn reported(&self, fault: Fault) -> Error {
        let meaning = refusal::of_report(&fault);
        let message = format!("`{}` reported an error in its answer", self.place.host);
        self.faulty(meaning, Cause::Reported, message, Some(fault))
    }

    /// An error with the server's own words.
    fn faulty(
        &self,
        meaning: refusal::Meaning,
        cause: Cause,
        message: String,
        fault: Option<Fault>,
    ) -> Error {
        let fault = fault.map(|fault| self.mask.fault(fault));
        let error = self.error(meaning.kind, cause, message);
        let wait = fault.as_ref().and_then(|fault| fault.retry_after);
        let wait = wait.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let named = fault.as_ref().and_then(|fault| fault.request_id.clone());
        Error {
            is_transient: meaning.is_transient,
            retry_after: error.retry_after.or(wait),
            request_id: error.request_id.or(named),
            fault,
            ..error
        }
    }
}

impl Answer {
    /// The whole body, at most `limit` bytes of it, each read within `idle`.
    pub(in crate::provider) async fn whole(
        mut self,
        limit: usize,
        idle: Duration,
    ) -> Result<(Vec<u8>, Context), Error> {
        let mut body = Vec::new();
        loop {
            let read = timeout(idle, self.response.chunk()).await;
            let place = &self.context.place;
            match read {
                Ok(Ok(Some(bytes))) if body.len() + bytes.len() > limit => {
                    let message = format!("`{}` sent more than {} MiB", place.host, limit >> 20);
                    let cause = Cause::TooLarge { limit };
                    return Err(self.context.error(Kind::Server, cause, message));
                }
                Ok(Ok(Some(bytes))) => body.extend_from_slice(&bytes),
                Ok(Ok(None)) => return Ok((body, self.context)),
                Ok(Err(error)) => {
                    let message = format!("`{}` broke off in its answer", place.host);
                    let error = transport::in_body(error);
                    return Err(self.context.error(Kind::Cut, Cause::Cut, message).beneath(error));
                }
                Err(_) => return Err(self.context.idle(idle)),
            }
        }
    }
}

/// One request that went out, and what became of it.
struct Sent {
    response: Result<Response, Unanswered>,
    url: Url,
    place: Place,
    mask: Mask,
}

/// Sends `request` once. The error: it cannot be sent at all.
async fn attempt(
    client: &Client,
    request: &HttpRequest,
    secret: Option<&Secret>,
    timeouts: &Timeouts,
    stage: &mut dyn FnMut(Stage),
) -> Result<Sent, Error> {
    stage(Stage::Connecting);
    let http = client.connections().http(SystemTime::now());
    let Prepared { request, taken, place, mask } = prepare(&http, request, secret)?;
    let url = request.url().clone();
    let answer = http.execute(request);
    let response = send(client, answer, taken, &place, timeouts, stage).await;
    Ok(Sent { response, url, place, mask })
}

struct Prepared {
    request: reqwest::Request,
    taken: Option<Taken>,
    place: Place,
    mask: Mask,
}

/// Fills the secrets in.
fn prepare(
    http: &reqwest::Client,
    request: &HttpRequest,
    secret: Option<&Secret>,
) -> Result<Prepared, Error> {
    let setting = |message: String| Error::new(Kind::Config, Cause::Setting, message);
    let url = Url::parse(&request.url)
        .map_err(|error| setting("the request's address is no URL".to_owned()).beneath(error))?;
    let place = Place::of(&url);
    let mut mask = Mask::default();
    if let Some(secret) = secret {
        mask.add(secret);
    }
    let mut headers = HeaderMap::with_capacity(request.headers.len());
    for header in &request.headers {
        let unusable = || setting(format!("header `{}` cannot be sent as it is", header.name));
        let name = HeaderName::try_from(&header.name).map_err(|_| unusable())?;
        let value = match &header.value {
            HeaderText::Plain(text) => HeaderValue::try_from(text).map_err(|_| unusable())?,
            HeaderText::Hidden(secret) => {
                mask.add(secret);
                sensitive(secret.expose()).ok_or_else(unusable)?
            }
            HeaderText::Credential { before, .. } => {
                let secret = secret.ok_or_else(|| {
                    setting(format!("header `{name}` needs a credential, and there is none"))
                })?;
                sensitive(&format!("{before}{}", secret.expose())).ok_or_else(unusable)?
            }
        };
        headers.insert(name, value);
    }
    let method = reqwest::Method::from_bytes(request.method.as_bytes())
        .map_err(|_| setting(format!("`{}` is no HTTP method", request.method)))?;
    let mut builder = http.request(method, url).headers(headers);
    let mut taken = None;
    if !request.body.is_empty() {
        let (body, seen) = Outgoing::new(request.body.clone());
        builder = builder.body(reqwest::Body::wrap(body));
        taken = Some(seen);
    }
    let request = builder.build().map_err(|error| {
        setting("the request cannot be sent as it is".to_owned()).beneath(error.without_url())
    })?;
    Ok(Prepared { request, taken, place, mask })
}

/// A header's value that no debug output shows.
fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::try_from(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Sends, and keeps `timeouts.first_byte`: it runs from the last byte that was taken, so that a
/// slow upload is not cut and a server that stops reading is.
async fn send(
    client: &Client,
    answer: impl Future<Output = reqwest::Result<Response>>,
    mut taken: Option<Taken>,
    place: &Place,
    timeouts: &Timeouts,
    stage: &mut dyn FnMut(Stage),
) -> Result<Response, Unanswered> {
    let first_byte = timeouts.first_byte;
    let failed = |error| Unanswered {
        local: transport::local(&error),
        error: transport::before_head(error, client, place, timeouts.connect),
    };
    let mut answer = pin!(answer);
    // Without a body nothing tells when the request is out; connecting has its own deadline.
    let mut deadline = match taken {
        None => Some(after(timeouts.connect.saturating_add(first_byte))),
        Some(_) => None,
    };
    let told = taken.as_ref().map(|taken| taken.total).filter(|total| *total > LARGE_BODY);
    loop {
        let progress = async {
            match &mut taken {
                Some(taken) => taken.more().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            answer = &mut answer => return answer.map_err(failed),
            left = progress => {
                deadline = Some(after(first_byte));
                if left == 0 {
                    stage(Stage::Sent);
                    taken = None;
                } else if let Some(total) = told {
                    let [sent, total] = [total - left, total].map(|bytes| bytes as u64);
                    stage(Stage::Sending { sent, total });
                }
            }
            () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => {
                if let Ok(answer) = timeout(LAST_LOOK, &mut answer).await {
                    return answer.map_err(failed);
                }
                let message =
                    format!("no answer from `{}` within {}", place.host, Words(first_byte));
                let cause = Cause::FirstByteTimeout(first_byte);
                let error = Error::new(Kind::Timeout, cause, message);
                return Err(Unanswered { error, local: None });
            }
        }
    }
}

/// The moment after `wait`; the far future when there is no such moment.
pub(super) fn after(wait: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(wait).unwrap_or(now + FAR)
}

/// The content coding of a body that is not plain.
fn encoding(headers: &HeaderMap) -> Option<String> {
    head::text(headers, "content-encoding")
        .filter(|coding| !coding.eq_ignore_ascii_case("identity"))
}

fn redirect(context: &Context, headers: &HeaderMap, url: &Url) -> Error {
    let host = &context.place.host;
    let status = context.head.status;
    let to = headers
        .get(LOCATION)
        .and_then(|location| url.join(&String::from_utf8_lossy(location.as_bytes())).ok())
        .filter(Url::has_host)
        .map(|url| context.mask.text(shown(&url)));
    let message = match &to {
        Some(to) => format!("`{host}` redirects to `{to}` ({status}), which byok does not follow"),
        None => format!("`{host}` redirects without saying where to ({status})"),
    };
    context.error(Kind::Config, Cause::Redirect { to }, message)
}

/// What an error answer says, as far as it comes in time.
async fn error_body(mut response: Response, timeouts: &Timeouts) -> Vec<u8> {
    let mut body = Vec::new();
    let reading = async {
        while let Ok(Some(bytes)) = response.chunk().await {
            let room = MAX_ERROR_BODY - body.len();
            body.extend_from_slice(&bytes[..bytes.len().min(room)]);
            if body.len() == MAX_ERROR_BODY {
                break;
            }
        }
    };
    // What came before the deadline may say enough.
    let _ = timeout(timeouts.idle.min(ERROR_BODY_TIME), reading).await;
    body
}

fn refused(client: &Client, context: &Context, status: StatusCode, body: &[u8]) -> Error {
    let number = status.as_u16();
    if let (StatusCode::PROXY_AUTHENTICATION_REQUIRED, Some(proxy)) = (status, client.proxy()) {
        let message = format!("the proxy `{proxy}` wants a user and a password (407)");
        let cause = Cause::Proxy { proxy: proxy.to_owned(), status: Some(number) };
        return context.error(Kind::Network, cause, message);
    }
    let fault = fault(body);
    let meaning = refusal::of_status(number, fault.as_ref());
    let host = &context.place.host;
    let message = match status.canonical_reason() {
        Some(reason) => format!("`{host}` answered {number} ({reason})"),
        None => format!("`{host}` answered {number}"),
    };
    let cause = if is_page(body) { Cause::Html } else { Cause::Status };
    context.faulty(meaning, cause, message, fault)
}

/// What an error body says, if anything.
fn fault(body: &[u8]) -> Option<Fault> {
    let text = body.trim_ascii_start();
    if text.is_empty() {
        return None;
    }
    // LiteLLM answers 500 with an event stream when a stream was asked for.
    let is_stream = [&b"data:"[..], b"event:", b":"].iter().any(|start| text.starts_with(start));
    if is_stream && let Some(fault) = fault_in_stream(text) {
        return Some(fault);
    }
    let fault = Fault::from_body(body);
    (!fault.message.is_empty() || fault.code.is_some()).then_some(fault)
}

fn fault_in_stream(body: &[u8]) -> Option<Fault> {
    let mut framer = Framer::default();
    let mut found = Vec::new();
    // What was framed before an error still counts.
    let _ = framer.push(body, &mut found);
    found.extend(framer.finish());
    found.iter().find_map(|frame| Fault::in_value(&serde_json::from_str(&frame.data).ok()?))
}

fn is_page(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'<')
}
