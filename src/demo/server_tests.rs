//! The demo server as a client sees it: through a socket, byte by byte.

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{Kind, Server};

const CHAT: &str = "/v1/chat/completions";
const RESPONSES: &str = "/v1/responses";
const MESSAGES: &str = "/v1/messages";
const DEPLOYMENT: &str = "/openai/deployments/demo/chat/completions?api-version=2024-10-21";

/// A response as it came.
#[derive(Debug)]
struct Answer {
    status: u16,
    /// In lower case, one a line.
    head: String,
    body: String,
    /// Whether the body came to the end that its head promised.
    is_whole: bool,
}

impl Answer {
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("the body is JSON")
    }

    /// The payloads of the stream's events, but for `[DONE]`.
    #[track_caller]
    fn events(&self) -> Vec<Value> {
        self.body
            .lines()
            .filter_map(|line| line.strip_prefix("data: "))
            .filter(|data| *data != "[DONE]")
            .map(|data| serde_json::from_str(data).expect("each event is JSON"))
            .collect()
    }

    /// What the strings at `pointer` in all events make when joined.
    #[track_caller]
    fn joined(&self, pointer: &str) -> String {
        self.events().iter().filter_map(|event| event.pointer(pointer)?.as_str()).collect()
    }
}

async fn send(server: &Server, method: &str, path: &str, headers: &str, body: &str) -> Answer {
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).await.expect("it listens");
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: demo\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.expect("it reads");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.expect("it ends the connection");
    let text = String::from_utf8(bytes).expect("all is UTF-8");
    let (head, rest) = text.split_once("\r\n\r\n").expect("a head");
    let head = head.to_ascii_lowercase();
    let status = head[9..12].parse().expect("a status");
    let (body, is_whole) = if head.contains("transfer-encoding: chunked") {
        dechunk(rest)
    } else {
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map(|length| length.parse::<usize>().expect("a length"));
        (rest.to_owned(), length == Some(rest.len()))
    };
    Answer { status, head, body, is_whole }
}

fn dechunk(mut rest: &str) -> (String, bool) {
    let mut body = String::new();
    while let Some((size, chunk)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).expect("a chunk's size");
        if size == 0 {
            return (body, true);
        }
        body.push_str(&chunk[..size]);
        rest = &chunk[size + 2..];
    }
    (body, false)
}

async fn post(server: &Server, path: &str, body: Value) -> Answer {
    send(server, "POST", path, "", &body.to_string()).await
}

/// A request in the format that `path` speaks.
fn question(path: &str, model: &str, prompt: &str, stream: bool) -> Value {
    match path {
        RESPONSES => json!({"model": model, "stream": stream, "input": prompt}),
        _ => json!({
            "model": model,
            "stream": stream,
            "max_tokens": 1000,
            "stream_options": {"include_usage": true},
            "messages": [{"role": "user", "content": prompt}],
        }),
    }
}

#[tokio::test]
async fn each_format_answers_in_one_piece() {
    let server = Server::start().expect("a port is free");
    let texts = [
        (CHAT, "/choices/0/message/content"),
        (DEPLOYMENT, "/choices/0/message/content"),
        (RESPONSES, "/output/0/content/0/text"),
        ("/openai/v1/responses", "/output/0/content/0/text"),
        (MESSAGES, "/content/0/text"),
    ];
    for (path, pointer) in texts {
        let asked = if path.contains("responses") { RESPONSES } else { path };
        let answer = post(&server, path, question(asked, "demo", "What is 2+2?", false)).await;
        assert_eq!((answer.status, answer.is_whole), (200, true), "{path}");
        assert_eq!(answer.json().pointer(pointer), Some(&json!("2 + 2 = 4")), "{path}");
    }
}

#[tokio::test]
async fn each_stream_joins_to_the_answer_and_ends_with_its_marker() {
    let server = Server::start().expect("a port is free");
    let streams = [
        (CHAT, "/choices/0/delta/content", "data: [DONE]\n\n"),
        (DEPLOYMENT, "/choices/0/delta/content", "data: [DONE]\n\n"),
        (RESPONSES, "/delta", "}\n\n"),
        (MESSAGES, "/delta/text", "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"),
    ];
    for (path, pointer, end) in streams {
        let answer = post(&server, path, question(path, "demo", "echo a b\nc", true)).await;
        assert_eq!((answer.status, answer.is_whole), (200, true), "{path}");
        assert!(answer.head.contains("content-type: text/event-stream"), "{path}");
        assert_eq!(answer.joined(pointer), "a b\nc", "{path}");
        assert!(answer.body.ends_with(end), "{path}");
    }
}

#[tokio::test]
async fn usage_is_bytes_divided_by_four() {
    let server = Server::start().expect("a port is free");
    // Ten bytes asked, five bytes answered.
    let chat = post(&server, CHAT, question(CHAT, "demo", "echo 12345", true)).await;
    let last = chat.events().pop().expect("events");
    assert_eq!(last["choices"], json!([]));
    assert_eq!(last["usage"]["prompt_tokens"], 3);
    assert_eq!(last["usage"]["completion_tokens"], 2);
    assert_eq!(last["usage"]["total_tokens"], 5);

    let responses = post(&server, RESPONSES, question(RESPONSES, "demo", "echo 12345", true)).await;
    let last = responses.events().pop().expect("events");
    assert_eq!(last["response"]["usage"]["total_tokens"], 5);

    let messages = post(&server, MESSAGES, question(MESSAGES, "demo", "echo 12345", true)).await;
    let delta = messages.events().into_iter().rev().nth(1).expect("events");
    assert_eq!(delta["usage"]["input_tokens"], 3);
    assert_eq!(delta["usage"]["output_tokens"], 2);
}

#[tokio::test]
async fn a_chat_stream_tells_usage_only_when_asked() {
    let server = Server::start().expect("a port is free");
    let mut body = question(CHAT, "demo", "echo a", true);
    body["stream_options"] = Value::Null;
    let answer = post(&server, CHAT, body).await;
    assert!(answer.events().iter().all(|event| event["usage"].is_null()));
}

#[tokio::test]
async fn responses_events_are_numbered_without_a_gap() {
    let server = Server::start().expect("a port is free");
    let answer = post(&server, RESPONSES, question(RESPONSES, "think", "echo a", true)).await;
    let numbers: Vec<_> =
        answer.events().iter().map(|event| event["sequence_number"].as_u64()).collect();
    let expected: Vec<_> = (0..).map(Some).take(numbers.len()).collect();
    assert_eq!(numbers, expected);
    assert_eq!(answer.events().pop().expect("events")["type"], "response.completed");
}

#[tokio::test]
async fn the_model_think_reasons_first_and_apart() {
    let server = Server::start().expect("a port is free");
    let streams = [
        (CHAT, "/choices/0/delta/reasoning_content", "/choices/0/delta/content"),
        (MESSAGES, "/delta/thinking", "/delta/text"),
    ];
    for (path, reasoning, text) in streams {
        let answer = post(&server, path, question(path, "think", "echo a", true)).await;
        assert_eq!(answer.joined(reasoning), super::answer::REASONING, "{path}");
        assert_eq!(answer.joined(text), "a", "{path}");
    }
    let whole =
        post(&server, RESPONSES, question(RESPONSES, "think", "echo a", false)).await.json();
    assert_eq!(whole["output"][0]["summary"][0]["text"], super::answer::REASONING);
    assert_eq!(whole["output"][1]["content"][0]["text"], "a");
}

#[tokio::test]
async fn the_model_cut_drops_the_connection_in_mid_answer() {
    let server = Server::start().expect("a port is free");
    let streams =
        [(CHAT, "/choices/0/delta/content"), (RESPONSES, "/delta"), (MESSAGES, "/delta/text")];
    for (path, pointer) in streams {
        let answer = post(&server, path, question(path, "cut", "echo one two", true)).await;
        assert_eq!((answer.status, answer.is_whole), (200, false), "{path}");
        assert_eq!(answer.joined(pointer), "one", "{path}");
        let answer = post(&server, path, question(path, "cut", "echo one two", false)).await;
        assert!(!answer.is_whole && !answer.body.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn the_model_filter_ends_in_each_formats_manner() {
    let server = Server::start().expect("a port is free");
    let ends = [
        (CHAT, "/choices/0/finish_reason", "content_filter"),
        (RESPONSES, "/incomplete_details/reason", "content_filter"),
        (MESSAGES, "/stop_reason", "refusal"),
    ];
    for (path, pointer, expected) in ends {
        let whole =
            post(&server, path, question(path, "filter", "echo one two", false)).await.json();
        assert_eq!(whole.pointer(pointer), Some(&json!(expected)), "{path}");
    }
}

#[tokio::test]
async fn an_answer_past_the_limit_ends_for_its_length() {
    let server = Server::start().expect("a port is free");
    let mut body = question(CHAT, "demo", "echo one two three", false);
    body["max_tokens"] = json!(2);
    let chat = post(&server, CHAT, body.clone()).await.json();
    assert_eq!(chat["choices"][0]["message"]["content"], "one two ");
    assert_eq!(chat["choices"][0]["finish_reason"], "length");
    let messages = post(&server, MESSAGES, body).await.json();
    assert_eq!(messages["stop_reason"], "max_tokens");
    let body = json!({"model": "demo", "input": "echo one two three", "max_output_tokens": 2});
    let responses = post(&server, RESPONSES, body).await.json();
    assert_eq!(responses["status"], "incomplete");
    assert_eq!(responses["incomplete_details"]["reason"], "max_output_tokens");
}

#[tokio::test]
async fn the_model_rate_limit_refuses_once_and_then_answers() {
    let server = Server::start().expect("a port is free");
    let first = post(&server, CHAT, question(CHAT, "rate-limit", "2+2", false)).await;
    assert_eq!(first.status, 429);
    assert!(first.head.contains("retry-after: 1"));
    assert_eq!(first.json()["error"]["code"], "rate_limit_exceeded");
    let second = post(&server, CHAT, question(CHAT, "rate-limit", "2+2", false)).await;
    assert_eq!(second.status, 200);
}

#[tokio::test]
async fn the_model_error_fails_each_time_with_a_request_id() {
    let server = Server::start().expect("a port is free");
    for path in [CHAT, RESPONSES, MESSAGES] {
        let answer = post(&server, path, question(path, "error", "2+2", true)).await;
        assert_eq!(answer.status, 500, "{path}");
        assert!(answer.head.contains("request-id: req_demo_"), "{path}");
    }
}

#[tokio::test]
async fn errors_have_the_shape_of_their_kind() {
    let server = Server::start().expect("a port is free");
    let unknown = "The model `gpt` does not exist. The demo has `demo`, `think`, `slow`, \
        `rate-limit`, `cut`, `error`, `filter`.";
    let openai = post(&server, CHAT, question(CHAT, "gpt", "hi", false)).await;
    assert_eq!(openai.status, 404);
    assert_eq!(
        openai.json(),
        json!({"error": {
            "message": unknown,
            "type": "invalid_request_error",
            "param": null,
            "code": "model_not_found",
        }})
    );
    let azure = DEPLOYMENT.replace("demo", "gpt");
    let azure = post(&server, &azure, question(CHAT, "demo", "hi", false)).await;
    assert_eq!(azure.json(), json!({"error": {"code": "DeploymentNotFound", "message": unknown}}));
    let anthropic = post(&server, MESSAGES, question(MESSAGES, "gpt", "hi", false)).await;
    assert_eq!(
        anthropic.json(),
        json!({
            "type": "error",
            "error": {"type": "not_found_error", "message": unknown},
            "request_id": "req_demo_3",
        })
    );
}

#[tokio::test]
async fn bad_requests_are_refused_with_their_status() {
    let server = Server::start().expect("a port is free");
    assert_eq!(send(&server, "POST", CHAT, "", "{").await.status, 400);
    assert_eq!(send(&server, "POST", CHAT, "", "{}").await.status, 400);
    assert_eq!(send(&server, "POST", "/chat/completions", "", "{}").await.status, 404);
    let wrong_method = send(&server, "GET", CHAT, "", "").await;
    assert_eq!(wrong_method.status, 405);
    assert!(wrong_method.head.contains("allow: post"));
}

#[tokio::test]
async fn a_request_that_is_too_large_is_read_and_refused() {
    let server = Server::start().expect("a port is free");
    let large = "x".repeat(33 * 1024 * 1024);
    assert_eq!(send(&server, "POST", CHAT, "", &large).await.status, 413);
    assert_eq!(send(&server, "POST", "/elsewhere", "", &large).await.status, 404);
}

#[tokio::test]
async fn models_are_listed_for_each_kind() {
    let server = Server::start().expect("a port is free");
    let names = json!(["demo", "think", "slow", "rate-limit", "cut", "error", "filter"]);
    let lists = [
        ("/v1/models", ""),
        ("/v1/models?limit=1000", "anthropic-version: 2023-06-01\r\n"),
        ("/openai/v1/models", ""),
        ("/openai/models?api-version=2024-10-21", ""),
    ];
    for (path, headers) in lists {
        let list = send(&server, "GET", path, headers, "").await.json();
        let ids: Vec<&Value> =
            list["data"].as_array().expect("a list").iter().map(|model| &model["id"]).collect();
        assert_eq!(json!(ids), names, "{path}");
        assert_eq!(list["has_more"].is_boolean(), !headers.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn base_urls_are_what_a_profile_writes() {
    let server = Server::start().expect("a port is free");
    let origin = format!("http://127.0.0.1:{}", server.port);
    assert_eq!(server.base_url(Kind::OpenAi), format!("{origin}/v1"));
    assert_eq!(server.base_url(Kind::Azure), origin);
    assert_eq!(server.base_url(Kind::Anthropic), origin);
}

#[tokio::test]
async fn a_dropped_server_ends_its_connections_and_frees_its_port() {
    let server = Server::start().expect("a port is free");
    let address = ("127.0.0.1", server.port);
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    let body = question(CHAT, "slow", "hello", true).to_string();
    let request = format!(
        "POST {CHAT} HTTP/1.1\r\nhost: demo\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.expect("it reads");
    drop(server);
    let mut rest = Vec::new();
    // An end or a reset, but not the answer; without the drop it would take seconds.
    let _ = stream.read_to_end(&mut rest).await;
    assert_eq!(rest, b"");
    assert!(TcpStream::connect(address).await.is_err());
}

#[test]
fn outside_of_a_runtime_it_does_not_start() {
    assert!(Server::start().is_err());
}
