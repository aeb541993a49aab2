//! One connection for many requests. As in a chat, the runtime runs during a request and not
//! between two.

use std::{
    iter,
    time::{Duration, Instant},
};

use byok::provider::{Cause, Client, Kind, Secret, Stage, open};
use tokio::runtime::Runtime;

use super::{Asking, KEY, Outcome, SHORT, origin, read, request, runtime, tls::Authority};
use crate::support::{
    provider::{LAST_CHUNK, Provider, Script, Step, chunk, head},
    streams,
};

/// A wait that no test sits out.
const LONG: Duration = Duration::from_secs(20);

/// Requests one after the other.
struct Chat {
    asking: Asking,
    client: Client,
    url: String,
    runtime: Runtime,
}

impl Chat {
    fn with(asking: Asking, provider: &Provider, patience: Duration) -> Self {
        let url = provider.url("/v1/chat/completions");
        let client = Client::new(&asking.network, &origin(&url)).expect("a client");
        Self { asking, client: client.keep_alive(patience), url, runtime: runtime() }
    }

    fn new(provider: &Provider) -> Self {
        Self::with(Asking::default(), provider, LONG)
    }

    fn ask(&self) -> Outcome {
        self.ask_with(b"{}".to_vec())
    }

    /// One turn, from the request to the next prompt.
    fn ask_with(&self, body: Vec<u8>) -> Outcome {
        let request = request(&self.url, body);
        let Asking { wire, network } = &self.asking;
        let secret = Secret::new(KEY).expect("the key is fit");
        let begun = Instant::now();
        let mut stages = Vec::new();
        let mut stage = |stage| stages.push(stage);
        let mut outcome = self.runtime.block_on(async {
            let timeouts = &network.timeouts;
            let opened = open(&self.client, &request, Some(&secret), *wire, timeouts, &mut stage);
            let outcome = match opened.await {
                Ok(mut call) => {
                    let outcome = read(&mut call).await;
                    call.settle().await;
                    outcome
                }
                Err(error) => Outcome::failed(error),
            };
            self.client.rest().await;
            outcome
        });
        outcome.stages = stages;
        outcome.took = begun.elapsed();
        outcome
    }
}

fn hello() -> Script {
    Script::stream(streams::chat(&["hello"]))
}

/// An answer whose body has no end but that of the connection.
fn without_length() -> Script {
    let head = head(200, &[("content-type", "text/event-stream")]);
    let body = streams::chat(&["hello"]).concat().into_bytes();
    Script::new([Step::Send(head), Step::Send(body)])
}

#[test]
fn a_second_request_needs_no_second_connection() {
    let frames = streams::chat(&["hello"]);
    let of_length =
        || Script::answer(200, &[("content-type", "text/event-stream")], frames.concat());
    // The end marker, and the end of the body in a packet that comes later.
    let late = || {
        let end = [Step::Pause(SHORT), Step::Send(LAST_CHUNK.to_vec())];
        Script::open_stream(&frames).then(end)
    };
    for scripts in [
        vec![hello(), hello(), hello()],
        vec![late(), late(), late()],
        vec![of_length(), of_length(), of_length()],
        vec![hello(), of_length(), late()],
    ] {
        let provider = Provider::start(scripts);
        let chat = Chat::new(&provider);
        for _ in 0..3 {
            assert_eq!(chat.ask().text(), "hello");
        }
        assert_eq!(provider.connections(), 1);
    }
}

#[test]
fn a_second_request_needs_no_second_handshake() {
    let authority = Authority::new();
    let leaf = authority.issue("127.0.0.1", |_| {});
    let provider = Provider::tls(iter::repeat_with(hello).take(4), leaf.server());
    let chat = Chat::with(authority.trusted(), &provider, LONG);
    for _ in 0..2 {
        assert_eq!(chat.ask().text(), "hello");
        assert_eq!(provider.connections(), 1);
    }
    provider.close_connections();
    assert_eq!(chat.ask().text(), "hello");
    provider.reset_connections();
    assert_eq!(chat.ask().text(), "hello");
    assert_eq!((provider.connections(), provider.requests().len()), (3, 4));
}

#[test]
fn an_error_leaves_the_connection_too() {
    let refusal = Script::json(400, r#"{"error":{"message":"no"}}"#);
    let provider = Provider::start([refusal, Script::new([Step::Close]), hello()]);
    let chat = Chat::new(&provider);
    assert_eq!(chat.ask().error().kind, Kind::Request);
    // It is put on the first connection, and that one dies.
    assert_eq!(chat.ask().text(), "hello");
    assert_eq!((provider.connections(), provider.requests().len()), (2, 3));
}

#[test]
fn a_connection_that_cannot_be_kept_is_not_waited_for() {
    let closing = |headers: &[(&str, &str)]| {
        let frames = streams::chat(&["hello"]).into_iter().map(|frame| Step::Send(chunk(frame)));
        Script::new([Step::Send(head(200, headers))].into_iter().chain(frames))
    };
    let chunked = ("transfer-encoding", "chunked");
    for script in [
        without_length(),
        closing(&[chunked, ("connection", "close")]),
        closing(&[chunked, ("Connection", "Close")]),
    ] {
        let provider = Provider::start([script.then([Step::Hang]), hello()]);
        let chat = Chat::new(&provider);
        let outcome = chat.ask();
        assert_eq!(outcome.text(), "hello");
        assert!(outcome.took < LONG / 2, "{:?}", outcome.took);
        // Nor is it left open until the next request.
        provider.wait_for_ends(1);
        assert_eq!(chat.ask().text(), "hello");
        assert_eq!(provider.connections(), 2);
    }
}

#[test]
fn a_body_without_end_is_left_after_a_moment() {
    let open = || Script::open_stream(streams::chat(&["hello"]));
    let flood = Step::Repeat(chunk(": more\n\n".repeat(1 << 10)), usize::MAX);
    for (step, patience) in [(Step::Hang, SHORT), (flood, LONG)] {
        let provider = Provider::start([open().then([step.clone()]), hello()]);
        let chat = Chat::with(Asking::default(), &provider, patience);
        let outcome = chat.ask();
        assert_eq!(outcome.text(), "hello");
        assert!(outcome.took < LONG / 2, "{step:?} {:?}", outcome.took);
        provider.wait_for_ends(1);
        assert_eq!(chat.ask().text(), "hello");
    }
}

#[test]
fn without_patience_nothing_is_waited_for() {
    let script = Script::open_stream(streams::chat(&["hello"])).then([Step::Hang]);
    let provider = Provider::start([script]);
    let client = Client::new(&Asking::default().network, &origin(&provider.url("")));
    let chat = Chat { client: client.expect("a client"), ..Chat::new(&provider) };
    let outcome = chat.ask();
    assert_eq!(outcome.text(), "hello");
    assert!(outcome.took < LONG / 2, "{:?}", outcome.took);
}

#[test]
fn a_connection_that_the_server_closed_meanwhile_is_not_missed() {
    for end in [Provider::close_connections, Provider::reset_connections] {
        let provider = Provider::start([hello(), hello(), hello()]);
        let chat = Chat::new(&provider);
        for turn in 1..=3 {
            let outcome = chat.ask();
            assert_eq!(outcome.text(), "hello");
            assert_eq!(outcome.stages, [Stage::Connecting, Stage::Sent]);
            // Each request went out once.
            assert_eq!((provider.connections(), provider.requests().len()), (turn, turn));
            end(&provider);
        }
    }
}

#[test]
fn a_kept_connection_that_dies_under_the_request_is_replaced() {
    for (end, body) in [
        (Script::new([Step::Close]), 2),
        (Script::new([Step::Reset]), 2),
        // While the request is still being written.
        (Script::new([Step::Reset]).early(), 8 << 20),
    ] {
        let provider = Provider::start([hello(), end.clone(), hello(), hello()]);
        let chat = Chat::new(&provider);
        assert_eq!(chat.ask().text(), "hello");
        let outcome = chat.ask_with(vec![b' '; body]);
        assert_eq!(outcome.text(), "hello", "{end:?}");
        let requests = provider.requests();
        assert_eq!((provider.connections(), requests.len()), (2, 3), "{end:?}");
        assert_eq!(requests[2].body.len(), body);
        // The new connection is kept as well.
        assert_eq!(chat.ask().text(), "hello");
        assert_eq!(provider.connections(), 2);
    }
}

#[test]
fn a_new_connection_that_dies_is_an_error() {
    for end in [Step::Close, Step::Reset] {
        let provider = Provider::start([Script::new([end.clone()])]);
        assert_eq!(Chat::new(&provider).ask().error().cause, Cause::Reset, "{end:?}");
    }
}

#[test]
fn a_dead_connection_is_replaced_once() {
    for end in [Step::Close, Step::Reset] {
        let dead = || Script::new([end.clone()]);
        let provider = Provider::start([hello(), dead(), dead()]);
        let chat = Chat::new(&provider);
        assert_eq!(chat.ask().text(), "hello");
        assert_eq!(chat.ask().error().cause, Cause::Reset, "{end:?}");
        assert_eq!(provider.requests().len(), 3);
    }
}

#[test]
fn what_has_begun_to_answer_is_not_asked_again() {
    let cut = Script::open_stream(streams::chat_open(&["kept"])).then([Step::Close]);
    let provider = Provider::start([hello(), cut]);
    let chat = Chat::new(&provider);
    assert_eq!(chat.ask().text(), "hello");
    let outcome = chat.ask();
    assert_eq!(outcome.error().kind, Kind::Cut);
    assert_eq!(outcome.reply.text(), "kept");
    assert_eq!((provider.connections(), provider.requests().len()), (1, 2));
}

#[test]
fn silence_on_a_kept_connection_is_not_asked_again() {
    let provider = Provider::start([hello(), Script::new([Step::Hang])]);
    let mut chat = Chat::new(&provider);
    assert_eq!(chat.ask().text(), "hello");
    chat.asking = Asking::default().first_byte(SHORT);
    assert_eq!(chat.ask().error().cause, Cause::FirstByteTimeout(SHORT));
    assert_eq!(provider.requests().len(), 2);
}

#[test]
fn an_answer_that_is_given_up_ends_for_the_server_at_once() {
    let script = Script::open_stream(streams::chat_open(&["hello"])).then([Step::Hang]);
    let provider = Provider::start([script, hello()]);
    let chat = Chat::new(&provider);
    let request = request(&chat.url, b"{}".to_vec());
    let secret = Secret::new(KEY).expect("the key is fit");
    chat.runtime.block_on(async {
        let Asking { wire, network } = &chat.asking;
        let timeouts = &network.timeouts;
        let call = open(&chat.client, &request, Some(&secret), *wire, timeouts, &mut |_| {}).await;
        drop(call.expect("an answer"));
        chat.client.rest().await;
    });
    provider.wait_for_ends(1);
    assert_eq!(chat.ask().text(), "hello");
}
