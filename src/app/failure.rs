//! Failures as values: what is told, what is hinted, with which exit code. Pure.

use std::fmt::Display;

use crate::{provider, term::Report};

/// The kinds of failure: one for each exit code, by the name that JSON output uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Other,
    Usage,
    Config,
    Auth,
    RateLimit,
    Quota,
    Network,
    Timeout,
    Server,
    Request,
    Context,
    Filtered,
    Cut,
    Schema,
    Budget,
    Interrupted,
    Terminated,
}

impl Kind {
    /// All kinds, in the order of their exit codes.
    pub(super) const ALL: [Self; 17] = [
        Self::Other,
        Self::Usage,
        Self::Config,
        Self::Auth,
        Self::RateLimit,
        Self::Quota,
        Self::Network,
        Self::Timeout,
        Self::Server,
        Self::Request,
        Self::Context,
        Self::Filtered,
        Self::Cut,
        Self::Schema,
        Self::Budget,
        Self::Interrupted,
        Self::Terminated,
    ];

    /// The exit code.
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Other => 1,
            Self::Usage => 2,
            Self::Config => 3,
            Self::Auth => 4,
            Self::RateLimit => 5,
            Self::Quota => 6,
            Self::Network => 7,
            Self::Timeout => 8,
            Self::Server => 9,
            Self::Request => 10,
            Self::Context => 11,
            Self::Filtered => 12,
            Self::Cut => 13,
            Self::Schema => 14,
            Self::Budget => 15,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }

    /// The name in JSON output, `error.kind`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Usage => "usage",
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
            Self::Schema => "schema",
            Self::Budget => "budget",
            Self::Interrupted => "interrupted",
            Self::Terminated => "terminated",
        }
    }

    /// What it means, for `byok help exit-codes`.
    pub(super) fn meaning(self) -> &'static str {
        match self {
            Self::Other => "anything else; with `-x`: no code block in the answer",
            Self::Usage => "the command line, a file or standard input cannot be used",
            Self::Config => {
                "configuration: unknown profile or key, no model, refused base_url, a redirect"
            }
            Self::Auth => "the key was refused (401, 403)",
            Self::RateLimit => "rate limit, after all retries",
            Self::Quota => "quota or credit is used up; never retried",
            Self::Network => "network, TLS or proxy",
            Self::Timeout => "a deadline passed before text was shown",
            Self::Server => "the server failed, or what it sent is no answer",
            Self::Request => "the request or the model was refused",
            Self::Context => "the conversation is longer than the model's window",
            Self::Filtered => "the answer was filtered or refused",
            Self::Cut => "the answer was cut: at the token limit, or the stream broke",
            Self::Schema => "the answer does not fit the schema",
            Self::Budget => "the budget is used up",
            Self::Interrupted => "interrupted (Ctrl-C)",
            Self::Terminated => "terminated",
        }
    }
}

impl From<provider::Kind> for Kind {
    fn from(kind: provider::Kind) -> Self {
        match kind {
            provider::Kind::Config => Self::Config,
            provider::Kind::Auth => Self::Auth,
            provider::Kind::RateLimit => Self::RateLimit,
            provider::Kind::Quota => Self::Quota,
            provider::Kind::Network => Self::Network,
            provider::Kind::Timeout => Self::Timeout,
            provider::Kind::Server => Self::Server,
            provider::Kind::Request => Self::Request,
            provider::Kind::Context => Self::Context,
            provider::Kind::Filtered => Self::Filtered,
            provider::Kind::Cut => Self::Cut,
        }
    }
}

/// A failure, ready to be told in text or in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) kind: Kind,
    pub(super) report: Report,
    /// The HTTP status that caused it.
    pub(super) status: Option<u16>,
    /// The reader of the output is gone: it has what it wanted, and nothing is told.
    pub(super) is_closed_pipe: bool,
}

impl Failure {
    pub(super) fn new(kind: Kind, message: impl Into<String>) -> Self {
        let report = Report { message: message.into(), ..Report::default() };
        Self { kind, report, status: None, is_closed_pipe: false }
    }

    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    pub(super) fn timeout(message: impl Into<String>) -> Self {
        Self::new(Kind::Timeout, message)
    }

    pub(super) fn other(message: impl Into<String>) -> Self {
        Self::new(Kind::Other, message)
    }

    #[must_use]
    pub(super) fn cause(mut self, cause: impl Display) -> Self {
        self.report.causes.push(cause.to_string());
        self
    }

    /// Says where it happened: profile, URL, request id.
    #[must_use]
    pub(super) fn at(mut self, place: String) -> Self {
        self.report.place = Some(place);
        self
    }

    #[must_use]
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.report.hints.push(hint.into());
        self
    }

    /// Adds the hint that is most useful.
    #[must_use]
    pub(super) fn first_hint(mut self, hint: impl Into<String>) -> Self {
        self.report.hints.insert(0, hint.into());
        self
    }

    #[must_use]
    pub(super) fn hints(mut self, hints: impl IntoIterator<Item = String>) -> Self {
        self.report.hints.extend(hints);
        self
    }
}
