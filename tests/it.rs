//! Tests from outside: the real binary, and the rules of the house. One file a capability.

#[path = "support/golden.rs"]
mod golden;
#[path = "support/mod.rs"]
mod support;
/// One call against everything that a server may do.
#[path = "it/transport.rs"]
mod transport;
/// The wire formats: golden streams, cut everywhere.
#[path = "it/wire.rs"]
mod wire;
/// Real answers of real providers.
#[path = "it/wire_recorded.rs"]
mod wire_recorded;
