//! What tests from outside share: the real binary in a world of its own, and a provider that acts
//! out what servers do.

pub(crate) mod provider;
pub(crate) mod streams;
