//! `byok` (bring your own key): a chat tool for the models that you already pay for or run.
//!
//! The map. A room may name only the rooms below it on an arrow; `tests/it/tidy.rs` holds that.
//!
//! ```text
//!                   argv, stdin, files, env, config.toml
//!                                  │
//!   app ──────────────────────────▼──────────── knows all rooms: what was asked, one turn, what is told
//!    ├──▶ config ──▶ provider ──▶ wire ──▶ chat
//!    ├──▶ term ────────────────────────▶ chat
//!    ├──▶ sessions ────────────────────▶ chat
//!    └──▶ demo  (speaks HTTP, and with nobody)
//! ```
//!
//! The library exists for the binary and its tests: it makes no promise of stable names.

pub mod app;
pub mod chat;
pub mod config;
pub mod demo;
pub mod provider;
pub mod sessions;
pub mod term;
pub mod wire;
