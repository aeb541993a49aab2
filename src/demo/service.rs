//! One request in, one response out.

use std::{
    convert::Infallible,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use http_body_util::BodyExt as _;
use hyper::{
    Request, Response, StatusCode,
    body::Incoming,
    header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER},
};
use serde_json::{Value, json};

use super::{
    Kind,
    body::Body,
    chat_completions,
    fault::Fault,
    messages,
    model::Model,
    question::Question,
    reply::{Ending, Reply},
    responses,
    route::{self, Format, Wanted},
};

/// The largest body of a request, in bytes; Anthropic draws the same line.
const MAX_REQUEST: usize = 32 * 1024 * 1024;

/// What the requests of one server share.
#[derive(Debug, Default)]
pub(super) struct Desk {
    /// Requests so far.
    requests: AtomicU64,
    /// Whether the model `rate-limit` has refused once.
    has_rate_limited: AtomicBool,
}

/// Answers a request; troubles are answers too.
pub(super) async fn respond(
    desk: &Desk,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let number = desk.requests.fetch_add(1, Ordering::Relaxed) + 1;
    let is_anthropic = request.headers().contains_key("anthropic-version");
    let kind = match route::kind(request.uri().path()) {
        // The list of models has one path for two kinds.
        Kind::OpenAi if is_anthropic => Kind::Anthropic,
        kind => kind,
    };
    let request_id = format!("req_demo_{number}");
    let mut response = match serve(desk, kind, number, request).await {
        Ok(response) => response,
        Err(fault) => refuse(&fault, kind, &request_id),
    };
    let name = match kind {
        Kind::OpenAi => "x-request-id",
        Kind::Azure => "apim-request-id",
        Kind::Anthropic => "request-id",
    };
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

async fn serve(
    desk: &Desk,
    kind: Kind,
    number: u64,
    request: Request<Incoming>,
) -> Result<Response<Body>, Fault> {
    let (head, body) = request.into_parts();
    // Also before a refusal: a client that is still sending would see a reset in place of it.
    let body = read(body).await;
    let (format, deployment) = match route::route(&head.method, head.uri.path(), head.uri.query())?
    {
        Wanted::Models => return Ok(json_response(StatusCode::OK, &models(kind))),
        Wanted::Answer { format, deployment } => (format, deployment),
    };
    let question = Question::read(format, &body?, deployment)?;
    let model = Model::from_name(&question.model).ok_or_else(|| no_such_model(&question.model))?;
    act(desk, model)?;

    tokio::time::sleep(model.pace().before).await;
    let reply = Reply::new(kind, number, seconds_since_1970(), model, &question);
    Ok(if question.stream {
        let mut response = Response::new(Body::stream(format, reply, model.pace()));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        response
    } else {
        let whole = match format {
            Format::ChatCompletions => chat_completions::whole(&reply),
            Format::Responses => responses::whole(&reply),
            Format::Messages => messages::whole(&reply),
        };
        let mut response = json_response(StatusCode::OK, &whole);
        if reply.ending == Ending::Cut {
            *response.body_mut() = Body::half(whole.to_string());
        }
        response
    })
}

/// Plays the parts that refuse to answer.
fn act(desk: &Desk, model: Model) -> Result<(), Fault> {
    match model {
        Model::RateLimit if !desk.has_rate_limited.swap(true, Ordering::Relaxed) => {
            let message = "Rate limit reached for `rate-limit`: the demo is busy once.";
            Err(Fault::new(StatusCode::TOO_MANY_REQUESTS, message)
                .coded("rate_limit_exceeded")
                .retry_after(1))
        }
        Model::Error => Err(Fault::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The server had an error while processing your request, as `error` always has.",
        )),
        _ => Ok(()),
    }
}

/// Reads a body to its end, but keeps no more of it than [`MAX_REQUEST`].
async fn read(mut body: Incoming) -> Result<Vec<u8>, Fault> {
    let mut kept = Vec::new();
    let mut is_too_large = false;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            Fault::bad_request(format!("The request's body broke off: {error}"))
        })?;
        let Some(data) = frame.data_ref() else { continue };
        if kept.len() + data.len() > MAX_REQUEST {
            is_too_large = true;
            kept = Vec::new();
        }
        if !is_too_large {
            kept.extend_from_slice(data);
        }
    }
    if is_too_large {
        let message = format!("A request may have {MAX_REQUEST} bytes at most.");
        return Err(Fault::new(StatusCode::PAYLOAD_TOO_LARGE, message));
    }
    Ok(kept)
}

fn no_such_model(name: &str) -> Fault {
    let known: Vec<&str> = Model::ALL.into_iter().map(Model::name).collect();
    let known = known.join("`, `");
    Fault::new(
        StatusCode::NOT_FOUND,
        format!("The model `{name}` does not exist. The demo has `{known}`."),
    )
    .coded("model_not_found")
}

/// The list of models, as each kind prints it.
fn models(kind: Kind) -> Value {
    let names = Model::ALL.into_iter().map(Model::name);
    match kind {
        Kind::OpenAi | Kind::Azure => {
            let data: Vec<Value> = names
                .map(|id| json!({"id": id, "object": "model", "created": 0, "owned_by": "byok"}))
                .collect();
            json!({"object": "list", "data": data})
        }
        Kind::Anthropic => {
            let data: Vec<Value> = names
                .map(|id| {
                    json!({
                        "type": "model",
                        "id": id,
                        "display_name": id,
                        "created_at": "1970-01-01T00:00:00Z",
                    })
                })
                .collect();
            let (first, last) = (data.first().cloned(), data.last().cloned());
            json!({
                "data": data,
                "has_more": false,
                "first_id": first.map(|model| model["id"].clone()),
                "last_id": last.map(|model| model["id"].clone()),
            })
        }
    }
}

fn refuse(fault: &Fault, kind: Kind, request_id: &str) -> Response<Body> {
    let mut response = json_response(fault.status, &fault.body(kind, request_id));
    if let Some(seconds) = fault.retry_after {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    if let Some(method) = &fault.allowed
        && let Ok(value) = HeaderValue::from_str(method.as_str())
    {
        response.headers_mut().insert(ALLOW, value);
    }
    response
}

fn json_response(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::whole(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn seconds_since_1970() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs())
}
