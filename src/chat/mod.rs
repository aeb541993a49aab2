//! The words that all rooms speak: messages, requests, events, replies. Pure values.
//!
//! It knows nobody: no vendor, no wire format, no network, no terminal, no clock.

mod conversation;
mod event;
mod message;
mod reply;
mod request;

pub use conversation::{Answer, Conversation, LeftBehind, Turn, TurnId};
pub use event::{ChatEvent, StopReason, ToolCallDelta, Usage};
pub use message::{Content, Echo, Message, Part, PartKind, Role, TextFile, ToolCall};
pub use reply::Reply;
pub use request::{ChatRequest, Options};
