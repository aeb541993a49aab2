//! Requests that died without an answer, and which of them go out again without a word.

use std::{net::SocketAddr, time::Duration};

use super::super::{Cause, Error};

/// A kept connection that is found dead within this time was dead before, or died as the request
/// came: even a slow network has told by then. Later the server may have been at work.
const STALE: Duration = Duration::from_secs(5);

/// A request that got no answer.
pub(super) struct Unanswered {
    pub(super) error: Error,
    /// The end on this side of the connection that it went out on, if there was one.
    pub(super) local: Option<SocketAddr>,
}

impl Unanswered {
    /// Whether the request died with the kept connection that it was put on, and is to go out again
    /// without a word.
    ///
    /// Servers close idle connections whenever they like, and the request may cross that on its
    /// way. hyper sends it again by itself while nothing of it was written. Once it was written,
    /// nobody can tell whether the server read it, and an answer costs money. It is sent again all
    /// the same, as browsers and curl do: a server that was about to close does not serve, while a
    /// person who has read for a minute would see an error or a wait after every pause. It happens
    /// once, to a reused connection only: a new one that dies has no such excuse, and is for the
    /// retries, which are counted and shown. A head that broke off in its middle counts as no
    /// answer: hyper tells the two apart no more than `retries` does.
    pub(super) fn is_stale(&self, kept: Option<SocketAddr>, waited: Duration) -> bool {
        self.error.cause == Cause::Reset
            && self.local.is_some()
            && self.local == kept
            && waited < STALE
    }
}

#[cfg(test)]
mod tests {
    use super::{super::super::Kind, *};

    const KEPT: SocketAddr =
        SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 1);

    fn unanswered(cause: Cause, local: Option<SocketAddr>) -> Unanswered {
        Unanswered { error: Error::new(Kind::Network, cause, "it died"), local }
    }

    #[test]
    fn only_a_kept_connection_that_died_soon_is_stale() {
        let other = SocketAddr::new(KEPT.ip(), 2);
        let is_stale = |cause, local, kept, waited| unanswered(cause, local).is_stale(kept, waited);
        let soon = Duration::from_millis(300);
        assert!(is_stale(Cause::Reset, Some(KEPT), Some(KEPT), soon));
        assert!(!is_stale(Cause::Reset, Some(KEPT), Some(KEPT), Duration::from_secs(30)));
        assert!(!is_stale(Cause::Reset, Some(other), Some(KEPT), soon));
        assert!(!is_stale(Cause::Reset, None, Some(KEPT), soon));
        assert!(!is_stale(Cause::Reset, Some(KEPT), None, soon));
        assert!(!is_stale(Cause::Reset, None, None, soon));
        assert!(!is_stale(Cause::NotHttp, Some(KEPT), Some(KEPT), soon));
    }
}
