//! Names for where a request went: never the query, never a user or password.

use std::{fmt, time::Duration};

use url::{Position, Url};

/// Where a request went, as messages name it.
#[derive(Debug, Clone)]
pub(in crate::provider) struct Place {
    /// Host, and the port when it is not the scheme's own.
    pub(super) host: String,
}

impl Place {
    pub(super) fn of(url: &Url) -> Self {
        Self { host: url[Position::BeforeHost..Position::AfterPort].to_owned() }
    }
}

/// `url` without user, password, query and fragment.
pub(super) fn shown(url: &Url) -> String {
    format!(
        "{}{}",
        &url[..Position::BeforeUsername],
        &url[Position::BeforeHost..Position::AfterPath]
    )
}

/// A deadline in words: `300 ms`, `1.5 s`, `600 s`.
pub(super) struct Words(pub(super) Duration);

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            short if short < Duration::from_secs(1) => write!(f, "{} ms", short.as_millis()),
            long => write!(f, "{} s", long.as_secs_f64()),
        }
    }
}
