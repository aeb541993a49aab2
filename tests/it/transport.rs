//! One call against everything that a server may do, from the library's side: which kind of error,
//! in which words, in which time, and that the text that came is kept.

#[path = "transport/before.rs"]
mod before;
#[path = "transport/body.rs"]
mod body;
#[path = "transport/kept.rs"]
mod kept;
#[path = "transport/models.rs"]
mod models;
#[path = "transport/proxy.rs"]
mod proxy;
#[path = "transport/stream.rs"]
mod stream;
#[path = "transport/tls.rs"]
mod tls;

use std::time::{Duration, Instant};

use byok::{
    chat::{ChatEvent, Reply},
    provider::{
        Call, Client, Error, Header, HeaderText, HttpRequest, Network, Origin, Secret, Stage,
        Timeouts, Tls, open,
    },
    wire::Wire,
};

use crate::support::provider::Provider;

/// What no error may ever show.
const KEY: &str = "sk-CANARY-0123456789abcdefghijklmnopqrstuvwxyz";

/// A deadline that a test waits for.
const SHORT: Duration = Duration::from_millis(150);

/// How one call went.
struct Outcome {
    /// What came, folded.
    reply: Reply,
    events: Vec<ChatEvent>,
    stages: Vec<Stage>,
    result: Result<(), Error>,
    took: Duration,
}

impl Outcome {
    /// The answer's text; it was whole.
    #[track_caller]
    fn text(&self) -> String {
        if let Err(error) = &self.result {
            panic!("{error}: {error:?}");
        }
        self.reply.text()
    }

    /// The error; it shows no key.
    #[track_caller]
    fn error(&self) -> &Error {
        let error = self.result.as_ref().expect_err("an error was expected");
        assert!(!format!("{error} {error:?}").contains("CANARY"), "{error:?}");
        error
    }
}

/// How a call is made.
#[derive(Clone)]
struct Asking {
    wire: Wire,
    network: Network,
}

impl Default for Asking {
    fn default() -> Self {
        // Nothing in a test should take so long.
        let long = Duration::from_secs(20);
        let timeouts = Timeouts { connect: long, first_byte: long, idle: long, total: None };
        let network = Network { timeouts, proxy: None, tls: Tls::default() };
        Self { wire: Wire::OpenAiChat, network }
    }
}

impl Asking {
    fn of(wire: Wire) -> Self {
        Self { wire, ..Self::default() }
    }

    fn first_byte(mut self, deadline: Duration) -> Self {
        self.network.timeouts.first_byte = deadline;
        self
    }

    fn idle(mut self, deadline: Duration) -> Self {
        self.network.timeouts.idle = deadline;
        self
    }

    /// Asks the fake.
    fn ask(&self, provider: &Provider) -> Outcome {
        self.ask_url(&provider.url("/v1/chat/completions?secret=CANARY"))
    }

    /// Asks whoever is there.
    fn ask_url(&self, url: &str) -> Outcome {
        self.send(&request(url, b"{}".to_vec()))
    }

    fn send(&self, request: &HttpRequest) -> Outcome {
        runtime().block_on(async {
            let client = Client::new(&self.network, &origin(&request.url));
            match client {
                Ok(client) => self.exchange(&client, request).await,
                Err(error) => Outcome::failed(error),
            }
        })
    }

    /// Asks through `client`.
    async fn exchange(&self, client: &Client, request: &HttpRequest) -> Outcome {
        let begun = Instant::now();
        let secret = Secret::new(KEY).expect("the key is fit");
        let mut stages = Vec::new();
        let timeouts = &self.network.timeouts;
        let mut stage = |stage| stages.push(stage);
        let opened = open(client, request, Some(&secret), self.wire, timeouts, &mut stage).await;
        let mut outcome = match opened {
            Ok(mut call) => read(&mut call).await,
            Err(error) => Outcome::failed(error),
        };
        outcome.stages = stages;
        outcome.took = begun.elapsed();
        outcome
    }
}

impl Outcome {
    fn failed(error: Error) -> Self {
        Self {
            reply: Reply::default(),
            events: Vec::new(),
            stages: Vec::new(),
            result: Err(error),
            took: Duration::ZERO,
        }
    }
}

/// Reads a call to its end.
async fn read(call: &mut Call) -> Outcome {
    let mut events = Vec::new();
    let result = loop {
        match call.next(&mut events).await {
            Ok(true) => {}
            Ok(false) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    let mut reply = Reply::default();
    for event in &events {
        reply.apply(event, "here");
    }
    Outcome { reply, events, stages: Vec::new(), result, took: Duration::ZERO }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// A request like those that are really sent.
fn request(url: &str, body: Vec<u8>) -> HttpRequest {
    let plain = |name: &str, value: &str| Header {
        name: name.to_owned(),
        value: HeaderText::Plain(value.to_owned()),
    };
    let credential = HeaderText::Credential { before: "Bearer ", shown_as: "KEY".to_owned() };
    HttpRequest {
        method: "POST",
        url: url.to_owned(),
        headers: vec![
            plain("content-type", "application/json"),
            plain("accept", "text/event-stream"),
            Header { name: "authorization".to_owned(), value: credential },
        ],
        body,
    }
}

fn origin(url: &str) -> Origin {
    let url = url::Url::parse(url).expect("a test's URL is one");
    Origin {
        scheme: url.scheme().to_owned(),
        host: url.host_str().expect("a host").to_owned(),
        port: url.port_or_known_default().expect("a port"),
    }
}
