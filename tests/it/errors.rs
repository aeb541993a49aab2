//! Every failure as a user sees it: what happened, why, where, what to do, and the exit code.

#[path = "errors/address.rs"]
mod address;
#[path = "errors/codes.rs"]
mod codes;
#[path = "errors/hostile.rs"]
mod hostile;
#[path = "errors/no_model.rs"]
mod no_model;
#[path = "errors/shapes.rs"]
mod shapes;
#[path = "errors/status.rs"]
mod status;
#[path = "errors/stream.rs"]
mod stream;
