//! A profile with everything that flags, variables and defaults say about it.

use std::{fmt, io::Read as _, path::PathBuf};

use serde_json::{Map, Value as Json};

use super::{Credential, Env, Error, Layer, Origin, Value};
use crate::{
    chat::Options,
    provider::{
        Address, Auth, Endpoint, Network, Origin as Host, ProviderType, Target, WireApi,
        is_credential, names_a_secret,
    },
    wire::{Dialect, Wire},
};

/// The largest system prompt that is read from a file, in bytes.
const LARGEST_SYSTEM: u64 = 1 << 20;

/// The first `anthropic-version` that refuses sampling fields.
///
/// Source: <https://platform.claude.com/docs/en/api/migration-2026-10-21>.
const NO_SAMPLING_SINCE: &str = "2026-10-21";

/// One profile, ready to be used. `Debug` shows its name alone.
#[derive(Clone, PartialEq)]
pub struct Effective {
    /// Its name.
    pub profile: String,
    /// How it was chosen.
    pub choice: Choice,
    /// Whether it is the built-in demo, whose address [`Effective::serve_demo_at`] sets.
    pub is_demo: bool,
    /// `type`
    pub provider_type: ProviderType,
    /// `base_url`, the type's own when none is set; `None` for azure without one, and for the demo
    /// until its server runs.
    pub base_url: Option<String>,
    /// `wire_api`, when it is set.
    pub wire_api: Option<WireApi>,
    /// `azure.api_version`, when it is set.
    pub api_version: Option<String>,
    /// `model`
    pub model: Option<String>,
    /// `wire_model`
    pub wire_model: Option<String>,
    /// `system` or `system_file`; [`Effective::system_prompt`] reads it.
    pub system: Option<SystemPrompt>,
    /// Sampling and limits.
    pub options: Options,
    /// `max_prompt_tokens`
    pub max_prompt_tokens: Option<u64>,
    /// `context_window`, in tokens.
    pub context_window: Option<u64>,
    /// `thinking`
    pub thinking: Thinking,
    /// Attempts after the first.
    pub retries: u32,
    /// `headers`, names in lower case.
    pub headers: Vec<(String, String)>,
    /// `query`
    pub query: Vec<(String, String)>,
    /// `extra_body`
    pub extra_body: Map<String, Json>,
    /// `limit_field`
    pub limit_field: Option<String>,
    /// Deadlines, proxy, TLS.
    pub network: Network,
    /// `allow_http`
    pub allow_http: bool,
    /// `fallback`
    pub fallback: Vec<String>,
    /// The one credential; `None`: no credential header is sent, or `headers` sets it.
    pub credential: Option<Credential>,
    /// How the credential is spoken of: the name that stands for it, and its source in words.
    pub(super) spoken_of: Option<(String, String)>,
    /// What must be said on standard error, one line each.
    pub notices: Vec<String>,
    /// Every value with its origin, defaults included, in the order of the table of keys.
    pub values: Layer,
}

/// How a profile came to be the one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// `--profile`
    Flag,
    /// `BYOK_PROFILE`
    Variable,
    /// The session that is gone on with.
    Session,
    /// `default_profile`
    Default,
    /// It is the only one in the file.
    OnlyOne,
    /// It is the only one that the environment offers.
    Environment,
    /// Flags or variables said all that is needed; no profile of the file has a part in it.
    Flags,
}

/// Where a system prompt is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SystemPrompt {
    /// Here.
    Text(String),
    /// In a file.
    File(PathBuf),
}

/// How much of the model's thinking is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Thinking {
    /// On a terminal, its last rows as long as it lasts and then one line; else nothing.
    #[default]
    Auto,
    /// All of it.
    Show,
    /// Nothing.
    Hide,
}

impl Choice {
    /// In words that complete "chosen": ``by flag `--profile` ``.
    pub fn in_words(&self) -> &'static str {
        match self {
            Self::Flag => "by flag `--profile`",
            Self::Variable => "by variable `BYOK_PROFILE`",
            Self::Session => "by the session",
            Self::Default => "by `default_profile`",
            Self::OnlyOne => "as the only profile in the file",
            Self::Environment => "as the only one that the environment offers",
            Self::Flags => "by flags and variables, without a profile",
        }
    }
}

impl Effective {
    /// The target of requests.
    ///
    /// # Errors
    /// [`Error::NoModel`]; [`Error::Endpoint`] for an address that leads nowhere;
    /// [`Error::PlainHttp`] for a key that would travel in the clear.
    pub fn target(&self) -> Result<Target, Error> {
        let named = self.model_on_wire();
        let endpoint = match self.address(named).resolve() {
            Err(error) if error.is_missing_model() => return Err(self.no_model()),
            resolved => resolved.map_err(|source| self.endpoint_error(source))?,
        };
        let model = endpoint.model.clone().or_else(|| named.map(str::to_owned));
        let model = model.ok_or_else(|| self.no_model())?;
        self.target_at(endpoint, model)
    }

    /// The target of the model list, for which no model need be named.
    ///
    /// # Errors
    /// As for [`Effective::target`], a missing model apart.
    pub fn models_target(&self) -> Result<Target, Error> {
        let named = self.model_on_wire();
        let endpoint = self.address(named).resolve_for_models();
        let endpoint = endpoint.map_err(|source| self.endpoint_error(source))?;
        let model = endpoint.model.clone().or_else(|| named.map(str::to_owned));
        self.target_at(endpoint, model.unwrap_or_default())
    }

    /// The model's name as it goes on the wire.
    pub fn model_on_wire(&self) -> Option<&str> {
        self.wire_model.as_deref().or(self.model.as_deref())
    }

    /// Says that the key is not where the profile says, as far as a look at the environment and the
    /// disk tells; no command is run. `None`: it is there, or none is needed.
    pub fn missing_key(&self, env: &Env) -> Option<String> {
        let credential = self.credential.as_ref()?;
        if credential.sources.iter().any(|source| source.is_available(env)) {
            return None;
        }
        let sources: Vec<String> = credential.sources.iter().map(ToString::to_string).collect();
        Some(format!("the key of profile `{}` is not there: {}", self.profile, sources.join(", ")))
    }

    /// Gives the demo its address: `origin` is scheme, host and port, `http://127.0.0.1:4567`.
    pub fn serve_demo_at(&mut self, origin: &str) {
        let path = if self.provider_type == ProviderType::OpenAi { "/v1" } else { "" };
        let url = format!("{}{path}", origin.trim_end_matches('/'));
        self.values.set_key("base_url", Value::Text(url.clone()), Origin::BuiltInProfile("demo"));
        self.base_url = Some(url);
    }

    /// The system prompt, read from its file when it stands in one.
    ///
    /// # Errors
    /// [`Error::SystemFile`] for a file that cannot be read, is not UTF-8 or larger than 1 MiB.
    pub fn system_prompt(&self) -> Result<Option<String>, Error> {
        let path = match &self.system {
            None => return Ok(None),
            Some(SystemPrompt::Text(text)) => return Ok(Some(text.clone())),
            Some(SystemPrompt::File(path)) => path,
        };
        let read = || {
            let mut text = String::new();
            std::fs::File::open(path)?.take(LARGEST_SYSTEM + 1).read_to_string(&mut text)?;
            if text.len() as u64 > LARGEST_SYSTEM {
                return Err(std::io::ErrorKind::FileTooLarge.into());
            }
            Ok(text.strip_prefix('\u{feff}').map_or(text.trim_end(), str::trim_end).to_owned())
        };
        let text = read().map_err(|source| Error::SystemFile { path: path.clone(), source })?;
        Ok((!text.is_empty()).then_some(text))
    }

    /// What the address tables need to know.
    pub(super) fn address<'a>(&'a self, model: Option<&'a str>) -> Address<'a> {
        Address {
            provider_type: self.provider_type,
            base_url: self.base_url.as_deref().or(self.demo_address()),
            wire_api: self.wire_api,
            api_version: self.api_version.as_deref(),
            model,
            query: &self.query,
        }
    }

    /// The demo is never anywhere but on loopback, not even before its server runs.
    fn demo_address(&self) -> Option<&'static str> {
        match self.provider_type {
            _ if !self.is_demo => None,
            ProviderType::OpenAi => Some("http://127.0.0.1/v1"),
            ProviderType::Azure | ProviderType::Anthropic => Some("http://127.0.0.1"),
        }
    }

    fn target_at(&self, endpoint: Endpoint, model: String) -> Result<Target, Error> {
        let is_secret = self.credential.is_some()
            || self.headers.iter().chain(&self.query).any(|(name, _)| names_a_secret(name));
        let goal = &endpoint.origin;
        if is_secret && goal.scheme == "http" && !goal.is_loopback() && !self.allow_http {
            let goal = endpoint.origin;
            return Err(Error::PlainHttp { profile: self.profile.clone(), goal });
        }
        let auth = self.credential.as_ref().zip(self.spoken_of.as_ref());
        let auth = auth.map(|(credential, (shown_as, source))| {
            Auth::new(self.provider_type, credential.form, shown_as.clone(), source.clone())
        });
        Ok(Target {
            profile: self.profile.clone(),
            provider_type: self.provider_type,
            dialect: self.dialect(&endpoint),
            endpoint,
            model,
            auth,
            headers: self.headers.clone(),
            adaptations: Vec::new(),
            network: self.network.clone(),
        })
    }

    /// Spellings that differ by host, type and header.
    fn dialect(&self, endpoint: &Endpoint) -> Dialect {
        let host = &endpoint.origin;
        let is_openai = host.host == "api.openai.com";
        let is_azure = self.provider_type == ProviderType::Azure || host.is_azure();
        // Only newer servers know `max_completion_tokens`; these two want nothing else.
        let limit_field = match (&self.limit_field, endpoint.wire) {
            (Some(name), Wire::OpenAiChat) => Some(name.clone()),
            (None, Wire::OpenAiChat) if !is_openai && !is_azure => Some("max_tokens".to_owned()),
            _ => None,
        };
        let version = self.headers.iter().find(|(name, _)| name == "anthropic-version");
        let no_sampling = version.is_some_and(|(_, version)| {
            // Versions are dates, which sort as they are written.
            version.trim() >= NO_SAMPLING_SINCE && version.starts_with(|c: char| c.is_ascii_digit())
        });
        Dialect {
            limit_field,
            store_false: is_openai,
            no_sampling: no_sampling && endpoint.wire == Wire::AnthropicMessages,
            extra_body: self.extra_body.clone(),
        }
    }

    /// Whether `headers` sets the header that says who is asking.
    pub(super) fn sets_credential_header(&self) -> Option<&str> {
        self.headers.iter().map(|(name, _)| name.as_str()).find(|name| is_credential(name))
    }

    fn no_model(&self) -> Error {
        Error::NoModel { profile: self.profile.clone() }
    }

    fn endpoint_error(&self, source: crate::provider::EndpointError) -> Error {
        let origin = match self.values.get("base_url") {
            Some(sourced) => sourced.origin.in_words(&self.profile),
            None => format!("type `{}`", self.provider_type.name()),
        };
        Error::Endpoint { profile: self.profile.clone(), origin, source }
    }

    /// Where the profile's requests go, when that can be said.
    pub fn host(&self) -> Option<Host> {
        self.address(None).origin().ok()
    }
}

impl fmt::Debug for Effective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Effective").field("profile", &self.profile).finish_non_exhaustive()
    }
}
