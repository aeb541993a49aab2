//! What tests from outside share: the real binary in a world of its own, and a provider that acts
//! out what servers do.

pub(crate) mod byok;
#[cfg(unix)]
pub(crate) mod chat;
pub(crate) mod provider;
#[cfg(unix)]
pub(crate) mod pty;
#[cfg(unix)]
pub(crate) mod running;
pub(crate) mod schema;
pub(crate) mod streams;
pub(crate) mod work;
