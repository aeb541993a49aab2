//! Configuration: a file, flags and the environment become one profile, ready to be used.
//!
//! Everything hangs on the table of [`keys`]. What each source says is a [`Layer`] of values with
//! their origins; layers lie over one another (flag, variable, profile, `[defaults]`, a vendor's
//! variable, built-in), and what shows on top is an [`Effective`] profile. It knows nothing of
//! terminals and opens no connection; [`Wallet`] alone runs a command, when a secret is needed.

mod binding;
mod chat_settings;
mod credential;
mod duration;
mod effective;
mod env;
mod error;
mod fault;
mod fetch;
mod file;
mod key_shape;
pub mod keys;
mod layer;
mod loaded;
mod mask;
mod memory;
mod offers;
mod overrides;
mod paths;
mod resolve;
mod said;
mod schema;
mod screen_settings;
mod shown;
mod starter;
mod table;
mod value;

pub use chat_settings::ChatSettings;
pub use credential::{Command, Credential, CredentialSource};
pub use duration::{in_words as duration_in_words, parse as parse_duration};
pub use effective::{Choice, Effective, SystemPrompt, Thinking};
pub use env::Env;
pub use error::{Error, SourceFailure};
pub use fault::{Fault, Mistake, Spot};
pub use fetch::{Wallet, fetch};
pub use layer::{KeyPath, Layer, Origin, Section, Sourced};
pub use loaded::{Listed, Loaded, load, locate};
pub use mask::mask_url;
pub use memory::Memory;
pub use overrides::Flags;
pub use paths::Paths;
pub use said::is_of_a_server;
pub use schema::json_schema;
pub use screen_settings::{Render, ScreenSettings};
pub use starter::{StarterError, write_starter};
pub use value::Value;

#[cfg(test)]
pub(crate) mod testing;
