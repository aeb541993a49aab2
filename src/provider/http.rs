//! The reqwest client: connection, proxy, no redirects, no compression.
//!
//! Deadlines after the connection are not reqwest's: `timeout` cuts live streams, and
//! `read_timeout` is one clock from sending to the head. [`super::call`] keeps its own.

use std::{fmt, rc::Rc, sync::Arc, time::Duration};

use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

use super::{
    Cause, Error, Kind, Network, Origin,
    connections::{self, Connections, LONGEST_IDLE},
    tls,
};

/// Finds out about a peer that went away without a word: a probe after this long a silence.
const TCP_KEEPALIVE: Duration = Duration::from_secs(30);

/// An HTTP client for one origin. Its clones share one connection.
#[derive(Clone)]
pub struct Client {
    connections: Rc<Connections>,
    /// How long the end of a body is waited for; `None`: no other request is expected.
    patience: Option<Duration>,
    trust: Arc<tls::Trust>,
    /// Scheme, host and port of the proxy between here and the origin.
    proxy: Option<String>,
    is_loopback: bool,
}

impl Client {
    /// The patience of a chat, for [`Client::keep_alive`]: servers send the end of a body with the
    /// end marker, but a packet may lie between. The next prompt waits for it, so that it must not
    /// be felt.
    pub const PATIENCE: Duration = Duration::from_millis(50);

    /// Prepares a client. No root certificate is loaded before a handshake needs one.
    ///
    /// # Errors
    /// `Kind::Config` for a proxy, CA or client certificate that cannot be used; names the file.
    pub fn new(network: &Network, origin: &Origin) -> Result<Self, Error> {
        let trust = Arc::new(tls::Trust::new(&network.tls)?);
        let config = tls::config(&network.tls, &trust)?;
        let is_loopback = origin.is_loopback();
        let mut shown_proxy = None;
        let way = match &network.proxy {
            // reqwest itself has no exception for loopback.
            _ if is_loopback => Way::Direct,
            Some(text) if text.trim().is_empty() => Way::Direct,
            Some(text) => {
                let url = proxy_url(text)?;
                shown_proxy = Some(shown(&url));
                let proxy = reqwest::Proxy::all(url).map_err(|error| {
                    unusable("is no address that a proxy can have").beneath(error.without_url())
                })?;
                Way::Proxy(Box::new(proxy))
            }
            None => {
                shown_proxy = proxy_of_environment(origin);
                Way::Environment
            }
        };
        let connect = network.timeouts.connect;
        let recipe = move || build(&config, &way, connect);
        let connections = Connections::new(Box::new(recipe)).map_err(|error| {
            Error::new(Kind::Config, Cause::Setting, "the HTTP client cannot be set up")
                .beneath(error.without_url())
        })?;
        let connections = Rc::new(connections);
        Ok(Self { connections, patience: None, trust, proxy: shown_proxy, is_loopback })
    }

    /// The same client, for several requests one after the other: [`Call::settle`](super::Call::settle)
    /// waits up to `patience` for the end of a body, so that the next request finds a connection.
    /// All of them have to be made on one runtime, which owns the connection.
    #[must_use]
    pub fn keep_alive(self, patience: Duration) -> Self {
        Self { patience: Some(patience), ..self }
    }

    /// Lets the connection do what is due; for the time before the runtime stops running. A call
    /// that was dropped has closed its connection after this, so that the server stops answering,
    /// and one that was settled has given it back. Does nothing in a client that is not kept alive.
    pub async fn rest(&self) {
        if self.patience.is_some() {
            connections::take_turns().await;
        }
    }

    /// How long the end of a body is waited for, if at all.
    pub(super) fn patience(&self) -> Option<Duration> {
        self.patience
    }

    /// The connection between calls.
    pub(super) fn connections(&self) -> &Connections {
        &self.connections
    }

    /// Which roots judged the server's certificate, in words.
    pub(super) fn roots_in_words(&self) -> String {
        self.trust.roots_in_words()
    }

    /// Scheme, host and port of the proxy in use.
    pub(super) fn proxy(&self) -> Option<&str> {
        self.proxy.as_deref()
    }

    /// Whether the origin is this machine.
    pub(super) fn is_loopback(&self) -> bool {
        self.is_loopback
    }
}

/// How requests leave this machine.
enum Way {
    Direct,
    Proxy(Box<reqwest::Proxy>),
    /// As the variables say.
    Environment,
}

fn build(
    config: &rustls::ClientConfig,
    way: &Way,
    connect: Duration,
) -> reqwest::Result<reqwest::Client> {
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(config.clone())
        .http1_only()
        // A redirect would take `api-key` and `x-api-key` along, and the prompt.
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(connect)
        .tcp_keepalive(TCP_KEEPALIVE)
        .tcp_nodelay(true)
        .pool_idle_timeout(LONGEST_IDLE)
        .pool_max_idle_per_host(1);
    match way {
        Way::Direct => builder.no_proxy(),
        Way::Proxy(proxy) => builder.proxy(reqwest::Proxy::clone(proxy)),
        Way::Environment => builder,
    }
    .build()
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("proxy", &self.proxy).finish_non_exhaustive()
    }
}

/// The URL of `proxy`; `host:port` alone is meant as `http`.
fn proxy_url(proxy: &str) -> Result<Url, Error> {
    let proxy = proxy.trim();
    let url = if proxy.contains("://") {
        Url::parse(proxy)
    } else {
        Url::parse(&format!("http://{proxy}"))
    };
    // The address may hold a password, so it is not quoted.
    let url = url.map_err(|error| unusable("is no URL").beneath(error))?;
    match url.scheme() {
        "http" | "https" | "socks5" | "socks5h" => Ok(url),
        scheme => Err(unusable(format!(
            "must begin with `http://`, `https://`, `socks5://` or `socks5h://`, not `{scheme}://`"
        ))),
    }
}

fn unusable(why: impl fmt::Display) -> Error {
    Error::new(Kind::Config, Cause::Setting, format!("`proxy` {why}"))
}

/// Scheme, host and port; no user, no password.
fn shown(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port_or_known_default() {
        Some(port) => format!("{}://{host}:{port}", url.scheme()),
        None => format!("{}://{host}", url.scheme()),
    }
}

/// The proxy that reqwest will find in the variables, for messages only.
fn proxy_of_environment(origin: &Origin) -> Option<String> {
    let uri = format!("{}://{}:{}/", origin.scheme, origin.host, origin.port).parse().ok()?;
    let found = Matcher::from_system().intercept(&uri)?;
    Url::parse(&found.uri().to_string()).ok().map(|url| shown(&url))
}
