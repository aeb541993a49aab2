//! What can go wrong between a request and its answer.
//!
//! An [`Error`] says the same thing three times, for three readers: [`Kind`] for the exit code and
//! for scripts, [`Cause`] for hints and retries, `message` for people.

use std::{fmt, time::Duration};

use crate::wire::Fault;

/// What the reader can do about an error: one for each exit code that a provider can cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Exit 3: a redirect, a plain-http key, an unreadable CA file.
    Config,
    /// Exit 4: 401 and 403.
    Auth,
    /// Exit 5.
    RateLimit,
    /// Exit 6: money.
    Quota,
    /// Exit 7: network, TLS, proxy.
    Network,
    /// Exit 8.
    Timeout,
    /// Exit 9.
    Server,
    /// Exit 10: the request or the model was refused.
    Request,
    /// Exit 11: the context is too long.
    Context,
    /// Exit 12.
    Filtered,
    /// Exit 13: the stream was cut.
    Cut,
}

/// What happened, as data: hints are made from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// A file, a proxy's address or a header that cannot be used; no request was sent.
    Setting,
    /// The host's name is unknown, or the resolver did not answer.
    NameNotFound {
        /// The name that was looked up: the server's, or the proxy's.
        host: String,
    },
    /// Nobody listens at the port.
    Refused,
    /// The network has no way to the host.
    Unreachable,
    /// Closed or reset before the answer's head was whole.
    Reset,
    /// No usable connection within `timeouts.connect`.
    ConnectTimeout(Duration),
    /// No whole head within `timeouts.first_byte`.
    FirstByteTimeout(Duration),
    /// Nothing for `timeouts.idle` in the middle of the body.
    IdleTimeout(Duration),
    /// The TLS handshake did not come about.
    Tls(TlsCause),
    /// The proxy could not be reached, or refused.
    Proxy {
        /// Scheme, host and port.
        proxy: String,
        /// The status of its refusal: 407 when it wants a password.
        status: Option<u16>,
    },
    /// 3xx. Redirects are never followed: they would take the key along.
    Redirect {
        /// Scheme, host, port and path of `Location`; `None`: it named nothing usable.
        to: Option<String>,
    },
    /// An error status with an error body that a program wrote.
    Status,
    /// A web page where JSON was due: a wrong path, a login page, a gateway.
    Html,
    /// The answer is not HTTP, or breaks its rules.
    NotHttp,
    /// The body is packed although nobody asked for it.
    Encoded {
        /// The value of `content-encoding`.
        encoding: String,
    },
    /// A whole answer without a body.
    Empty,
    /// More than byok is willing to hold.
    TooLarge {
        /// The cap in bytes.
        limit: usize,
    },
    /// JSON or text of another shape than the wire format's.
    Malformed,
    /// An error that the server reported inside an answer with status 200.
    Reported,
    /// The stream ended, or the connection broke, before the answer was whole.
    Cut,
    /// The server has no model list (404 or 405 for its path).
    NoModelList,
}

/// Why a TLS handshake did not come about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsCause {
    /// The certificate's issuer is not among the roots.
    UnknownIssuer {
        /// Which roots were used, in words: ``143 certificates of `/etc/ssl/certs/ca.crt` ``.
        roots: String,
    },
    /// The certificate is for other names.
    WrongName {
        /// The names that it is for.
        names: Vec<String>,
    },
    /// The certificate's time is over, or the clock is wrong.
    Expired,
    /// The certificate's time has not begun, or the clock is wrong.
    NotYetValid,
    /// Any other refusal of the server's certificate.
    Certificate,
    /// The server demands a certificate of ours, or refuses the one it got.
    ClientCertificate,
    /// The server does not speak TLS at this port.
    NotTls,
    /// Anything else.
    Other,
}

/// What lies beneath an [`Error`].
pub type Source = Box<dyn std::error::Error + Send + Sync>;

/// A failed call. `Display` is one line in the user's words; causes hang on `source`.
///
/// No field ever holds a secret: the known ones are masked in the server's words too.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What can be done about it.
    pub kind: Kind,
    /// What happened, for hints.
    pub cause: Cause,
    /// What happened, without the provider's words.
    pub message: String,
    /// The HTTP status, when an answer came.
    pub status: Option<u16>,
    /// The provider's own words and codes.
    pub fault: Option<Fault>,
    /// The request's id, as the server named it.
    pub request_id: Option<String>,
    /// How long the server asks to wait.
    pub retry_after: Option<Duration>,
    /// `x-should-retry`, when it was sent.
    pub should_retry: Option<bool>,
    /// Whether the same request may succeed soon: by status and cause alone, `should_retry` not
    /// considered.
    pub is_transient: bool,
    /// What lies beneath: TLS, DNS, sockets. Never holds a URL with its query.
    #[source]
    pub source: Option<Source>,
}

impl Error {
    /// An error of which nothing else is known; not transient.
    pub fn new(kind: Kind, cause: Cause, message: impl Into<String>) -> Self {
        Self {
            kind,
            cause,
            message: message.into(),
            status: None,
            fault: None,
            request_id: None,
            retry_after: None,
            should_retry: None,
            is_transient: false,
            source: None,
        }
    }

    /// The same error, worth another attempt.
    #[must_use]
    pub fn transient(mut self) -> Self {
        self.is_transient = true;
        self
    }

    /// The same error with what lies beneath it.
    #[must_use]
    pub fn beneath(mut self, source: impl Into<Source>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl Kind {
    /// The word in JSON output: `error.kind`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Auth => "auth",
            Self::RateLimit => "rate_limit",
            Self::Quota => "quota",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Server => "server",
            Self::Request => "request",
            Self::Context => "context",
            Self::Filtered => "filtered",
            Self::Cut => "cut",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
