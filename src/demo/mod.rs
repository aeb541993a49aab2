//! The built-in demo server: all three wire formats over real HTTP on loopback, without any model.
//!
//! It lets a person without a key try every screen, and a script author test a pipeline at no
//! cost. It must not know any other room: what byok sends it and reads from it goes through a
//! socket, as with every other server, so that the demo proves the same path that real providers
//! take.
//!
//! ```text
//! service   one request in, one response out
//!  ├─ route      path and method → what is wanted
//!  ├─ question   JSON body → Question, one reader for the three formats
//!  ├─ answer     Question → text      (arithmetic, the tour)
//!  ├─ reply      Question + text → Reply, which chat_completions, responses, messages spell
//!  ├─ fault      refusals in each provider's own shape
//!  └─ body       bytes with pauses between them
//! ```

mod answer;
mod arithmetic;
mod body;
mod chat_completions;
mod fault;
mod messages;
mod model;
mod question;
mod reply;
mod responses;
mod route;
mod service;

#[cfg(test)]
mod server_tests;

use std::{io, net::Ipv4Addr, sync::Arc, time::Duration};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Handle,
    task::{JoinHandle, JoinSet},
};

use service::Desk;

/// The model that answers when a profile names none.
pub const DEFAULT_MODEL: &str = "demo";

/// How many connections are served at once; further ones wait in the listener's queue.
const MAX_CONNECTIONS: usize = 256;

/// Whose manners a request expects: paths, error bodies and model lists differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `/v1/chat/completions`, `/v1/responses`.
    OpenAi,
    /// `/openai/deployments/…` with `api-version`, and `/openai/v1/…`.
    Azure,
    /// `/v1/messages`.
    Anthropic,
}

/// A running demo server; dropping it ends it and all its connections.
#[derive(Debug)]
pub struct Server {
    port: u16,
    accepting: JoinHandle<()>,
}

impl Server {
    /// Starts a server on a free port of 127.0.0.1.
    ///
    /// It lives as tasks of the runtime it is started in, and so answers only while that runtime
    /// runs. Fails outside of a tokio runtime and when no port can be bound.
    pub fn start() -> io::Result<Self> {
        let runtime = Handle::try_current().map_err(io::Error::other)?;
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let listener = TcpListener::from_std(listener)?;
        Ok(Self { port, accepting: runtime.spawn(accept(listener)) })
    }

    /// What a profile of this kind writes as its `base_url`, such as `http://127.0.0.1:40123/v1`.
    pub fn base_url(&self, kind: Kind) -> String {
        let origin = format!("http://127.0.0.1:{}", self.port);
        match kind {
            Kind::OpenAi => origin + "/v1",
            Kind::Azure | Kind::Anthropic => origin,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Serves connections until it is aborted; the set of them dies with it.
async fn accept(listener: TcpListener) {
    let desk = Arc::new(Desk::default());
    let mut connections = JoinSet::new();
    loop {
        while connections.len() >= MAX_CONNECTIONS {
            connections.join_next().await;
        }
        // Finished connections are forgotten here, so that the set does not grow.
        while connections.try_join_next().is_some() {}
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(serve(stream, Arc::clone(&desk)));
            }
            // Out of file descriptors, say: the next attempt may do better, but not at once.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn serve(stream: TcpStream, desk: Arc<Desk>) {
    // Without it, a word waits for the acknowledgement of the word before.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| service::respond(&desk, request));
    // An error means that the client left or that `cut` was asked for; both end the connection.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
}
