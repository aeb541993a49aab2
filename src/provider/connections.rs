//! The connection that stays between calls.
//!
//! reqwest keeps it; this module knows which it was, and how long it may be trusted.

use std::{
    cell::{Cell, RefCell},
    fmt,
    net::SocketAddr,
    time::{Duration, SystemTime},
};

use tokio::task::yield_now;

/// So long a connection may lie unused: a person reads an answer and thinks. Servers that give up
/// earlier say so by closing it. Behind a laptop's sleep or a forgetful router nobody would say
/// anything, and a request would wait for an answer that cannot come.
pub(super) const LONGEST_IDLE: Duration = Duration::from_mins(5);

/// Makes a reqwest client with no connections.
type Recipe = Box<dyn Fn() -> reqwest::Result<reqwest::Client>>;

/// The connections of one client: one at a time.
pub(super) struct Connections {
    recipe: Recipe,
    http: RefCell<reqwest::Client>,
    last: Cell<Option<Last>>,
}

/// The connection of the last answer.
#[derive(Debug, Clone, Copy)]
struct Last {
    /// Its end on this side, which no other living connection to the same server has.
    local: SocketAddr,
    /// By the clock on the wall: the other one stops while a laptop sleeps.
    used: SystemTime,
}

impl Connections {
    pub(super) fn new(recipe: Recipe) -> reqwest::Result<Self> {
        let http = recipe()?;
        Ok(Self { recipe, http: RefCell::new(http), last: Cell::new(None) })
    }

    /// What sends the next request; a connection that lay unused for too long is left behind.
    pub(super) fn http(&self, now: SystemTime) -> reqwest::Client {
        // A clock that was set back says nothing.
        let is_old = |last: Last| match now.duration_since(last.used) {
            Ok(idle) => idle > LONGEST_IDLE,
            Err(_) => true,
        };
        if self.last.get().is_some_and(is_old) {
            self.last.set(None);
            // What could be made once can be made again; if not, reqwest's own clock has to do.
            if let Ok(fresh) = (self.recipe)() {
                self.http.replace(fresh);
            }
        }
        self.http.borrow().clone()
    }

    /// An answer came, or came to its end, over the connection with this end on this side.
    pub(super) fn used(&self, local: SocketAddr, now: SystemTime) {
        self.last.set(Some(Last { local, used: now }));
    }

    /// The end on this side of the last answer's connection.
    pub(super) fn last(&self) -> Option<SocketAddr> {
        self.last.get().map(|last| last.local)
    }

    /// Lets a kept connection notice what has happened to it. Between turns nothing is polled: that
    /// the server has closed it lies in the socket, unread.
    pub(super) async fn catch_up(&self) {
        if self.last.get().is_some() {
            take_turns().await;
        }
    }
}

/// Lets the connection's task and the pool's do what is due. The first turn looks at the sockets
/// and wakes the connection, in the second it reads and tells the pool, in the third the pool
/// takes it back or drops it.
pub(super) async fn take_turns() {
    for _ in 0..3 {
        yield_now().await;
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections").field("last", &self.last).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "connections_tests.rs"]
mod tests;
