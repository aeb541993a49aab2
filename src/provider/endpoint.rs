//! The only code that builds URLs: a profile's address becomes an endpoint.
//!
//! Pure. The tables are in `configuration.md` §4; each type of provider has its own file, and
//! [`base`] reads what all of them share: the text of `base_url`.

mod anthropic;
mod azure;
mod base;
mod openai;

use std::fmt;

use self::base::Base;
use crate::wire::Wire;

/// The longest URL that is sent, in bytes; servers refuse longer ones, mostly from 8 KiB on.
const LONGEST_URL: usize = 16 * 1024;

/// The kinds of provider that a profile's `type` names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ProviderType {
    /// OpenAI and every compatible server.
    #[default]
    OpenAi,
    /// Azure OpenAI and Azure AI Foundry.
    Azure,
    /// Anthropic.
    Anthropic,
}

/// A profile's `wire_api`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum WireApi {
    /// Chat Completions.
    #[default]
    Completions,
    /// Responses.
    Responses,
}

/// What a profile says about where to go.
#[derive(Debug, Clone, Copy, Default)]
pub struct Address<'a> {
    /// `type`
    pub provider_type: ProviderType,
    /// `base_url`, as written; `None`: the type's default, an error for Azure.
    pub base_url: Option<&'a str>,
    /// `wire_api`, when set.
    pub wire_api: Option<WireApi>,
    /// `azure.api_version`, when set.
    pub api_version: Option<&'a str>,
    /// The model's name on the wire, when set.
    pub model: Option<&'a str>,
    /// `query`: added to the URL's own; the same name there is replaced.
    pub query: &'a [(String, String)],
}

/// Scheme, host and port: what a key is bound to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    /// `http` or `https`.
    pub scheme: String,
    /// In lower case; an IPv6 address in brackets; IDN as punycode.
    pub host: String,
    /// With the scheme's default filled in.
    pub port: u16,
}

/// Where requests go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The wire format spoken there.
    pub wire: Wire,
    /// The whole URL of a chat request.
    pub url: String,
    /// The whole URL of the model list, without parameters for paging.
    pub models_url: String,
    /// The URL's origin.
    pub origin: Origin,
    /// The model for the body when the URL decided it (a deployment in `base_url`).
    pub model: Option<String>,
    /// Which rule built the URL, in words, for error messages; it completes "prompts go to".
    pub rule: String,
    /// One line for each thing that was changed or looks wrong.
    pub notices: Vec<String>,
}

/// Why an address leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct EndpointError {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hints: Vec<String>,
    is_missing_model: bool,
}

/// What the file of one type of provider says; [`Address::resolve`] completes it.
struct Route {
    wire: Wire,
    /// The path of a chat request; `None`: it needs a model, and there is none.
    path: Option<String>,
    models_path: String,
    model: Option<String>,
    rule: String,
}

impl Address<'_> {
    /// Resolves by the tables of `configuration.md` §4.
    ///
    /// # Errors
    /// An address that is no URL, holds user:password, or is a known confusion (rows 6, 13, 14, 28,
    /// 37); a model that is missing where the URL needs it ([`EndpointError::is_missing_model`]).
    pub fn resolve(&self) -> Result<Endpoint, EndpointError> {
        let (base, route) = self.route()?;
        let Some(path) = &route.path else { return Err(EndpointError::missing_model()) };
        let url = base.join(path);
        if url.len() > LONGEST_URL {
            return Err(EndpointError::new(
                format!(
                    "the URL that `base_url` and `model` make is too long: {} bytes",
                    url.len()
                ),
                vec![],
            ));
        }
        Ok(endpoint(url, base, route))
    }

    /// As [`Address::resolve`], for the model list alone: a missing model is no error, and
    /// [`Endpoint::url`] is then the list's own.
    ///
    /// # Errors
    /// As for [`Address::resolve`], a missing model apart.
    pub fn resolve_for_models(&self) -> Result<Endpoint, EndpointError> {
        match self.resolve() {
            Err(error) if error.is_missing_model() => {
                let (base, route) = self.route()?;
                Ok(endpoint(base.join(&route.models_path), base, route))
            }
            resolved => resolved,
        }
    }

    /// The URL of the model list, which needs no model.
    ///
    /// # Errors
    /// As for [`Address::resolve_for_models`].
    pub fn models_url(&self) -> Result<String, EndpointError> {
        self.resolve_for_models().map(|endpoint| endpoint.models_url)
    }

    /// The origin alone, which needs no model and judges no path.
    ///
    /// # Errors
    /// An address that is no URL or holds user:password.
    pub fn origin(&self) -> Result<Origin, EndpointError> {
        Ok(self.base()?.origin)
    }

    fn route(&self) -> Result<(Base, Route), EndpointError> {
        let mut base = self.base()?;
        let route = match self.provider_type {
            ProviderType::OpenAi => openai::route(self, &mut base),
            ProviderType::Azure => azure::route(self, &mut base),
            ProviderType::Anthropic => anthropic::route(self, &mut base),
        }?;
        Ok((base, route))
    }

    fn base(&self) -> Result<Base, EndpointError> {
        let text = match (self.base_url, self.provider_type) {
            (Some(text), _) => text,
            (None, ProviderType::OpenAi) => "https://api.openai.com/v1",
            (None, ProviderType::Anthropic) => "https://api.anthropic.com",
            (None, ProviderType::Azure) => {
                return Err(EndpointError::new(
                    "`type = \"azure\"` needs a `base_url`",
                    vec![azure::HOST_HINT.to_owned()],
                ));
            }
        };
        Base::parse(text, self.query)
    }
}

fn endpoint(url: String, base: Base, route: Route) -> Endpoint {
    Endpoint {
        wire: route.wire,
        url,
        models_url: base.join(&route.models_path),
        model: route.model,
        rule: route.rule,
        origin: base.origin,
        notices: base.notices,
    }
}

impl WireApi {
    /// The value of `wire_api`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Completions => "completions",
            Self::Responses => "responses",
        }
    }

    /// What a request's path ends in.
    fn suffix(self) -> &'static str {
        match self {
            Self::Completions => "/chat/completions",
            Self::Responses => "/responses",
        }
    }

    fn wire(self) -> Wire {
        match self {
            Self::Completions => Wire::OpenAiChat,
            Self::Responses => Wire::OpenAiResponses,
        }
    }
}

impl ProviderType {
    /// The value of `type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Azure => "azure",
            Self::Anthropic => "anthropic",
        }
    }
}

impl Origin {
    /// `localhost`, `127.0.0.0/8` or `::1`.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost"
            || self.host == "[::1]"
            || self.host.parse::<core::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
    }

    /// Whether Azure OpenAI or AI Foundry answers there (row 6).
    pub fn is_azure(&self) -> bool {
        const ENDINGS: [&str; 7] = [
            ".openai.azure.com",
            ".openai.azure.us",
            ".openai.azure.cn",
            ".cognitiveservices.azure.com",
            ".cognitiveservices.azure.us",
            ".cognitiveservices.azure.cn",
            ".services.ai.azure.com",
        ];
        let host = self.host.trim_end_matches('.');
        ENDINGS.iter().any(|ending| host.ends_with(ending))
    }
}

/// As in a URL: the port only when it is not the scheme's own.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        match (self.scheme.as_str(), self.port) {
            ("http", 80) | ("https", 443) => Ok(()),
            (_, port) => write!(f, ":{port}"),
        }
    }
}

impl EndpointError {
    fn new(message: impl Into<String>, hints: Vec<String>) -> Self {
        Self { message: message.into(), hints, is_missing_model: false }
    }

    fn missing_model() -> Self {
        Self {
            message: "no model: the deployment's name is a part of the URL".to_owned(),
            hints: vec!["add `model = \"NAME\"` to the profile or give `--model NAME`".to_owned()],
            is_missing_model: true,
        }
    }

    /// Whether all is well but for a model that the URL needs (an Azure deployment).
    pub fn is_missing_model(&self) -> bool {
        self.is_missing_model
    }
}

#[cfg(test)]
mod odd_tests;
#[cfg(test)]
#[path = "endpoint_tests.rs"]
mod tests;
