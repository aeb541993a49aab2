//! The shared provider module: URLs, credentials in headers, HTTP, retries. The only room that
//! opens sockets (the demo server, which listens, apart).
//!
//! It never prints, never sleeps for a retry, never reads the environment or a configuration file:
//! it is given a [`Target`] and hands out values and events.

mod advice;
mod auth;
mod call;
mod connections;
mod endpoint;
mod error;
mod http;
mod models;
mod preview;
mod retry;
mod target;
mod tls;

pub use advice::{Known, hints, is_unknown_model};
pub use auth::{
    Auth, CredentialForm, InvalidSecret, KeyIssuer, Secret, is_credential, names_a_secret,
};
pub use call::{Call, Head, Stage, open};
pub use endpoint::{Address, Endpoint, EndpointError, Origin, ProviderType, WireApi};
pub use error::{Cause, Error, Kind, Source, TlsCause};
pub use http::Client;
pub use models::{ModelEntry, list_models};
pub use preview::{curl, dry_run};
pub use retry::{Retries, Verdict, verdict};
pub use target::{Header, HeaderText, HttpRequest, Network, Target, Timeouts, Tls};
