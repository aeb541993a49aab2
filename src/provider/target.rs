//! Where a request goes and how, complete: after this, configuration is forgotten.

use std::{path::PathBuf, time::Duration};

use serde_json::Value;

use super::{Auth, Endpoint, ProviderType, Secret, auth};
use crate::{
    chat::ChatRequest,
    wire::{Adaptation, Dialect},
};

/// One receiver: a wire format at a URL, with everything that a request to it needs except the
/// words and the secret itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The profile's name, for messages.
    pub profile: String,
    /// The kind of provider.
    pub provider_type: ProviderType,
    /// The wire format and its URL.
    pub endpoint: Endpoint,
    /// The model's name on the wire (for Azure: the deployment).
    pub model: String,
    /// How the credential travels; `None`: no credential header is sent.
    pub auth: Option<Auth>,
    /// The user's own headers, in order; they override ours by name.
    pub headers: Vec<(String, String)>,
    /// Spellings that the receiver wants.
    pub dialect: Dialect,
    /// What this host and model were found to refuse.
    pub adaptations: Vec<Adaptation>,
    /// Deadlines, proxy, TLS.
    pub network: Network,
}

/// How to reach a server.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// Deadlines.
    pub timeouts: Timeouts,
    /// A proxy's URL; `None`: the proxy variables of the environment decide. Loopback is never
    /// proxied.
    pub proxy: Option<String>,
    /// Trust and client identity.
    pub tls: Tls,
}

/// Deadlines; none of them cuts a stream that is alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until a usable connection, TLS included.
    pub connect: Duration,
    /// From the request's last byte to the whole response head.
    pub first_byte: Duration,
    /// Between two reads of the body; comments and pings count as life.
    pub idle: Duration,
    /// Over everything, retries included; the app keeps this one.
    pub total: Option<Duration>,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            first_byte: Duration::from_mins(10),
            idle: Duration::from_mins(5),
            total: None,
        }
    }
}

/// Files for TLS, PEM each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tls {
    /// Certificates to trust beside the system's.
    pub ca_file: Option<PathBuf>,
    /// The client's certificate chain.
    pub client_cert: Option<PathBuf>,
    /// The client's key; `None`: it stands in `client_cert`.
    pub client_key: Option<PathBuf>,
}

/// A request as a value: what `--dry-run` prints and what is sent are the same thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// `POST` or `GET`.
    pub method: &'static str,
    /// The whole URL.
    pub url: String,
    /// Names in lower case, each once, in order of sending.
    pub headers: Vec<Header>,
    /// The JSON body; empty for `GET`.
    pub body: Vec<u8>,
}

/// One header of a [`HttpRequest`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// In lower case.
    pub name: String,
    /// What it says.
    pub value: HeaderText,
}

/// A header's value; secrets are filled in at the moment of sending and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderText {
    /// May be shown.
    Plain(String),
    /// The target's credential, after `before` (`"Bearer "` or nothing).
    Credential {
        /// What stands before the secret.
        before: &'static str,
        /// The name shown in its place, without `$`: the variable it comes from, or `BYOK_KEY`.
        shown_as: String,
    },
    /// A secret that the user wrote into `headers` (a credential header set there wins): its value
    /// as written, `Bearer ` and all.
    Hidden(Secret),
}

impl Target {
    /// Names the receiver of echoes: format, origin, model and profile. Two profiles may belong to
    /// two accounts, and thinking under seal opens to the account that it was made for.
    pub fn issuer(&self) -> String {
        let Self { endpoint, model, profile, .. } = self;
        format!("{} {} {model} {profile}", endpoint.wire.name(), endpoint.origin)
    }

    /// The request for `request`, adaptations applied, and one line for each thing that the format
    /// could not express.
    pub fn http_request(&self, request: &ChatRequest) -> (HttpRequest, Vec<String>) {
        let wire = self.endpoint.wire;
        let mut encoded = wire.encode(request, &self.dialect);
        for adaptation in &self.adaptations {
            adaptation.apply(wire, &mut encoded.body);
        }
        let accept = if request.stream { "text/event-stream" } else { "application/json" };
        (self.post(&encoded.body, accept), encoded.dropped)
    }

    fn post(&self, body: &Value, accept: &str) -> HttpRequest {
        HttpRequest {
            method: "POST",
            url: self.endpoint.url.clone(),
            headers: self.headers(&[("content-type", "application/json"), ("accept", accept)]),
            body: body.to_string().into_bytes(),
        }
    }

    /// The request for the model list's first page.
    pub fn models_request(&self) -> HttpRequest {
        HttpRequest {
            method: "GET",
            url: self.endpoint.models_url.clone(),
            headers: self.headers(&[("accept", "application/json")]),
            body: vec![],
        }
    }

    /// One line for each credential that is not sent, because a receiver gets exactly one: the
    /// first credential header among the user's own wins.
    pub fn header_notices(&self) -> Vec<String> {
        let mut credentials = self.headers.iter().filter(|(name, _)| is_credential_header(name));
        let Some((first, _)) = credentials.next() else { return vec![] };
        let first = first.to_ascii_lowercase();
        let unsent = self.auth.iter().map(|auth| {
            format!("`headers` sets `{first}`: the credential from {} is not sent", auth.source)
        });
        let others = credentials.filter(|(name, _)| !name.eq_ignore_ascii_case(&first));
        unsent
            .chain(others.map(|(name, _)| {
                let name = name.to_ascii_lowercase();
                format!("`headers` sets `{first}`: the second credential, `{name}`, is not sent")
            }))
            .collect()
    }

    /// Ours, the wire format's, the credential, then the user's own, each name once. A user's
    /// header takes the place of ours.
    fn headers(&self, ours: &[(&str, &str)]) -> Vec<Header> {
        let user_agent = ("user-agent", concat!("byok/", env!("CARGO_PKG_VERSION")));
        let mut headers: Vec<Header> = ours
            .iter()
            .chain([&user_agent])
            .chain(self.endpoint.wire.headers())
            .map(|(name, value)| Header::new(name, HeaderText::Plain((*value).to_owned())))
            .collect();
        let credential = self.headers.iter().find(|(name, _)| is_credential_header(name));
        if let (Some(auth), None) = (&self.auth, credential) {
            let Auth { header, before, shown_as, .. } = auth;
            let shown_as = shown_as.clone();
            headers.push(Header::new(header, HeaderText::Credential { before, shown_as }));
        }
        for (name, value) in &self.headers {
            let is_second = is_credential_header(name)
                && credential.is_some_and(|(first, _)| !first.eq_ignore_ascii_case(name));
            if !is_second {
                put(&mut headers, Header::new(name, HeaderText::of_user(name, value)));
            }
        }
        headers
    }
}

impl Header {
    fn new(name: &str, value: HeaderText) -> Self {
        Self { name: name.to_ascii_lowercase(), value }
    }
}

impl HeaderText {
    fn of_user(name: &str, value: &str) -> Self {
        if auth::names_a_secret(name) {
            Self::Hidden(Secret::verbatim(value))
        } else {
            Self::Plain(value.to_owned())
        }
    }
}

fn is_credential_header(name: &str) -> bool {
    auth::is_credential(&name.to_ascii_lowercase())
}

/// Adds a header, in place of one of the same name.
fn put(headers: &mut Vec<Header>, header: Header) {
    match headers.iter_mut().find(|old| old.name == header.name) {
        Some(old) => *old = header,
        None => headers.push(header),
    }
}

#[cfg(test)]
#[path = "target_tests.rs"]
pub(super) mod tests;
