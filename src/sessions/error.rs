//! What can go wrong with what is kept, with everything that a message needs.

use std::{io, path::PathBuf};

use super::{BadName, SessionId};

/// Why a session cannot be found, read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing is called that.
    #[error("there is no session `{wanted}`")]
    NotFound {
        /// What was asked for.
        wanted: String,
        /// Names that are nearly the same.
        near: Vec<String>,
    },
    /// Several are.
    #[error("`{wanted}` may mean several sessions")]
    Ambiguous {
        /// What was asked for.
        wanted: String,
        /// Those that it may mean, the latest first.
        candidates: Vec<SessionId>,
    },
    /// A newer program wrote it.
    #[error("`{}` is in version {version} of the format, which this program does not know", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u32,
    },
    /// The file does not begin as a session does.
    #[error("`{}` is no session", path.display())]
    NotASession {
        /// The file.
        path: PathBuf,
    },
    /// Another process goes on with it.
    #[error("session `{id}` is in use")]
    InUse {
        /// The session.
        id: SessionId,
    },
    /// Nobody searches for that much at once.
    #[error("what is searched for is too long")]
    TooLong,
    /// A session cannot be called that.
    #[error(transparent)]
    Name(#[from] BadName),
    /// The system refuses.
    #[error("{doing} `{}`", path.display())]
    Io {
        /// What was tried, to stand before the path: `cannot read`.
        doing: &'static str,
        /// What it was tried on.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

impl Error {
    /// The system's refusal of something done to `path`.
    pub(super) fn io(
        doing: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { doing, path, source }
    }
}
