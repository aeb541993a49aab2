//! Profiles that no file holds: those that the environment offers, and the demo. Pure.

use super::{
    Env, Error,
    credential::CredentialSource,
    fault::{Fault, Spot},
    keys,
    layer::{Layer, Origin},
    value::{Folders, Value},
};

/// The name of the built-in demo profile.
pub(super) const DEMO: &str = "demo";

/// The model of the demo when none is named.
const DEMO_MODEL: &str = "demo";

/// A vendor whose usual variables are known.
pub(super) struct Vendor {
    /// The name of its profile, and the `type` that speaks with it.
    pub(super) name: &'static str,
    /// Holds its key.
    pub(super) key: &'static str,
    /// Holds its address.
    pub(super) url: &'static str,
    /// Its own address; Azure has one for each customer, which only the variable knows.
    pub(super) home: Option<&'static str>,
}

/// The vendors, in the order in which their profiles are listed.
pub(super) const VENDORS: &[Vendor] = &[
    Vendor {
        name: "openai",
        key: "OPENAI_API_KEY",
        url: "OPENAI_BASE_URL",
        home: Some("https://api.openai.com/v1"),
    },
    Vendor {
        name: "anthropic",
        key: "ANTHROPIC_API_KEY",
        url: "ANTHROPIC_BASE_URL",
        home: Some("https://api.anthropic.com"),
    },
    Vendor { name: "azure", key: "AZURE_OPENAI_API_KEY", url: "AZURE_OPENAI_ENDPOINT", home: None },
];

/// What `copilot` reads, and the key each variable stands for.
///
/// `COPILOT_PROVIDER_MODEL_ID` goes before `COPILOT_MODEL`, which Copilot uses for its own models too.
const COPILOT: &[(&str, &str)] = &[
    ("COPILOT_PROVIDER_TYPE", "type"),
    ("COPILOT_PROVIDER_BASE_URL", "base_url"),
    ("COPILOT_PROVIDER_WIRE_API", "wire_api"),
    ("COPILOT_PROVIDER_AZURE_API_VERSION", "azure.api_version"),
    ("COPILOT_MODEL", "model"),
    ("COPILOT_PROVIDER_MODEL_ID", "model"),
    ("COPILOT_PROVIDER_WIRE_MODEL", "wire_model"),
    ("COPILOT_PROVIDER_MAX_PROMPT_TOKENS", "max_prompt_tokens"),
    ("COPILOT_PROVIDER_MAX_OUTPUT_TOKENS", "max_output_tokens"),
];

/// Copilot's credentials.
const COPILOT_KEYS: &[(&str, &str)] =
    &[("COPILOT_PROVIDER_API_KEY", "api_key"), ("COPILOT_PROVIDER_BEARER_TOKEN", "bearer_token")];

/// Whether a profile of that name exists without a file: `openai`, `anthropic`, `azure`,
/// `copilot`, `ollama`, `demo`.
pub(super) fn is_built_in(name: &str) -> bool {
    name == DEMO || needs(name).is_some()
}

/// The variables that a profile of the environment needs; `None`: there is no such profile.
pub(super) fn needs(name: &str) -> Option<(&'static str, &'static [&'static str])> {
    Some(match name {
        "openai" => ("openai", &["OPENAI_API_KEY"]),
        "anthropic" => ("anthropic", &["ANTHROPIC_API_KEY"]),
        "azure" => ("azure", &["AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT"]),
        "copilot" => ("copilot", &["COPILOT_PROVIDER_BASE_URL"]),
        "ollama" => ("ollama", &["OLLAMA_HOST"]),
        _ => return None,
    })
}

/// The profiles that the environment offers, by name. Nothing is probed.
pub(super) fn offered(env: &Env) -> Vec<&'static str> {
    ["openai", "anthropic", "azure", "copilot", "ollama"]
        .into_iter()
        .filter(|name| {
            needs(name).is_some_and(|(_, needed)| needed.iter().all(|it| env.os(it).is_some()))
        })
        .collect()
}

/// What the environment says for one of its profiles, and what must be said about it.
pub(super) fn layer(name: &'static str, env: &Env) -> Result<(Layer, Vec<String>), Error> {
    match name {
        "copilot" => copilot(env),
        "ollama" => ollama(env).map(|layer| (layer, Vec::new())),
        vendor => vendor_layer(vendor, env).map(|layer| (layer, Vec::new())),
    }
}

/// The demo's layer; its address is known only when its server runs.
pub(super) fn demo() -> Layer {
    let mut layer = Layer::default();
    let origin = Origin::BuiltInProfile(DEMO);
    layer.set_key("model", Value::Text(DEMO_MODEL.into()), origin);
    layer
}

fn vendor_layer(name: &'static str, env: &Env) -> Result<Layer, Error> {
    let mut layer = Layer::default();
    let Some(vendor) = VENDORS.iter().find(|vendor| vendor.name == name) else {
        return Ok(layer);
    };
    layer.set_key("type", Value::Text(name.into()), Origin::BuiltInProfile(name));
    set_text(&mut layer, env, vendor.url, "base_url")?;
    set_credential(&mut layer, vendor.key, "api_key");
    Ok(layer)
}

fn copilot(env: &Env) -> Result<(Layer, Vec<String>), Error> {
    let mut layer = Layer::default();
    for (variable, key) in COPILOT {
        set_text(&mut layer, env, variable, key)?;
    }
    for (variable, key) in COPILOT_KEYS {
        if env.os(variable).is_some() {
            set_credential(&mut layer, variable, key);
        }
    }
    let mut notices = Vec::new();
    let is_azure = layer.get("type").is_some_and(|it| it.value == Value::Text("azure".into()));
    if is_azure && layer.get("azure.api_version").is_none() {
        let origin = Origin::BuiltInProfile("copilot");
        layer.set_key("azure.api_version", Value::Text("v1".into()), origin);
        notices.push(
            "`COPILOT_PROVIDER_AZURE_API_VERSION` is not set: using Azure's v1 route, as Copilot does"
                .to_owned(),
        );
    }
    Ok((layer, notices))
}

fn ollama(env: &Env) -> Result<Layer, Error> {
    let mut layer = Layer::default();
    layer.set_key("type", Value::Text("openai".into()), Origin::BuiltInProfile("ollama"));
    let variable = "OLLAMA_HOST";
    let host = text(env, variable)?.unwrap_or_default();
    let origin = Origin::Variable(variable.into());
    layer.set_key("base_url", Value::Text(ollama_url(host)), origin);
    Ok(layer)
}

/// Reads `OLLAMA_HOST` as Ollama's own client does: scheme `http` and port 11434 when they are
/// missing, the scheme's own port when only the scheme is there, and the address that a server
/// listens on for all (`0.0.0.0`) is this machine.
///
/// Source: `envconfig.Host` in <https://github.com/ollama/ollama>.
fn ollama_url(host: &str) -> String {
    let host = host.trim().trim_matches(['"', '\'']);
    let (scheme, rest) = host.split_once("://").unwrap_or(("http", host));
    let has_scheme = host.contains("://");
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    // A colon inside brackets belongs to an IPv6 address.
    let (name, port) = match authority.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (authority, None),
    };
    let name = match name {
        "" | "0.0.0.0" => "127.0.0.1",
        "[::]" => "[::1]",
        name => name,
    };
    let port = match port {
        Some(port) => format!(":{port}"),
        None if has_scheme => String::new(),
        None => ":11434".into(),
    };
    let path = path.trim_end_matches('/');
    let path = path.strip_suffix("/v1").unwrap_or(path);
    format!("{scheme}://{name}{port}{path}/v1")
}

/// The text of a variable; `None` when it is unset or empty.
pub(super) fn text<'a>(env: &'a Env, variable: &str) -> Result<Option<&'a str>, Error> {
    if env.is_garbled(variable) {
        return Err(Error::mistake(Spot::Variable(variable.to_owned()), Fault::NotUtf8));
    }
    Ok(env.get(variable).filter(|text| !text.trim().is_empty()))
}

/// Sets `key` to what `variable` says, if it says something.
pub(super) fn set_text(
    layer: &mut Layer,
    env: &Env,
    variable: &str,
    key: &str,
) -> Result<(), Error> {
    let (Some(text), Some(key)) = (text(env, variable)?, keys::find(key)) else {
        return Ok(());
    };
    let read = match key.kind {
        keys::Kind::Whole(..) => whole(key, text),
        _ => Value::from_text(key, text.trim(), Folders::default()),
    };
    let value = read.map_err(|fault| Error::mistake(Spot::Variable(variable.to_owned()), fault))?;
    layer.set_key(key.name, value, Origin::Variable(variable.to_owned()));
    Ok(())
}

/// A whole number written as text.
fn whole(key: &keys::Key, text: &str) -> Result<Value, Fault> {
    let number = text.trim().parse::<u64>().ok();
    let is_fit = |number: &u64| match key.kind {
        keys::Kind::Whole(least, most) => (least..=most).contains(number),
        _ => false,
    };
    number.filter(is_fit).map(Value::Whole).ok_or_else(|| Fault::WrongType {
        key: key.name.into(),
        expected: key.kind.in_words(),
        found: "this".into(),
    })
}

fn set_credential(layer: &mut Layer, variable: &str, key: &str) {
    let sources = vec![CredentialSource::Env(variable.to_owned())];
    layer.set_key(key, Value::Credential(sources), Origin::Variable(variable.to_owned()));
}

/// The variables that hold keys by their usual names.
pub(super) fn key_variables() -> impl Iterator<Item = &'static str> {
    let vendors = VENDORS.iter().map(|vendor| vendor.key);
    let copilot = COPILOT_KEYS.iter().map(|(variable, _)| *variable);
    vendors.chain(copilot).chain(["BYOK_API_KEY", "BYOK_BEARER_TOKEN"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ollama_host_may_lack_scheme_and_port() {
        for (host, url) in [
            ("localhost", "http://localhost:11434/v1"),
            ("box:8080", "http://box:8080/v1"),
            ("0.0.0.0", "http://127.0.0.1:11434/v1"),
            (":8080", "http://127.0.0.1:8080/v1"),
            ("[::1]", "http://[::1]:11434/v1"),
            ("[::]:1", "http://[::1]:1/v1"),
            ("http://box", "http://box/v1"),
            ("https://box/ollama/", "https://box/ollama/v1"),
            ("http://box:1/v1", "http://box:1/v1"),
        ] {
            assert_eq!(ollama_url(host), url, "{host}");
        }
    }

    #[test]
    fn azure_is_on_offer_only_with_key_and_endpoint() {
        let key = ("AZURE_OPENAI_API_KEY", "k");
        assert!(offered(&Env::from_iter([key])).is_empty());
        let both = Env::from_iter([key, ("AZURE_OPENAI_ENDPOINT", "https://r.openai.azure.com")]);
        assert_eq!(offered(&both), ["azure"]);
    }
}
