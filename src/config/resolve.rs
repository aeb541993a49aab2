//! Layers become one effective profile: which profile, what shows on top, whose key may go where.
//! Pure, but for a look at whether a key's file is there and who can read it.

use std::time::Duration;

use serde_json::{Map, Value as Json};

use super::{
    Choice, Credential, CredentialSource, Effective, Env, Error, Flags, KeyPath, Layer, Loaded,
    Origin, SourceFailure, SystemPrompt, Thinking, Value,
    binding::{self, Bound},
    loaded::open_to_others,
    offers::{self, DEMO},
    overrides,
};
use crate::{
    chat::Options,
    provider::{CredentialForm, Network, Secret, Timeouts, Tls, WireApi},
};

/// The name of what flags and variables say without a profile.
const NO_PROFILE: &str = "flags";

/// A profile, chosen, before anything lies over it.
struct Chosen {
    name: String,
    choice: Choice,
    layer: Layer,
    is_demo: bool,
    notices: Vec<String>,
}

/// Makes one profile ready.
pub(super) fn resolve(loaded: &Loaded, flags: &Flags, env: &Env) -> Result<Effective, Error> {
    let typed = overrides::from_flags(flags, &loaded.paths)?;
    let variables = overrides::from_env(env)?;
    let chosen = choose(loaded, flags, env, &typed, &variables)?;
    let Chosen { name, choice, layer, is_demo, mut notices } = chosen;
    if choice == Choice::Flag && !is_demo {
        notices.extend(overriding(&variables, &typed, &layer, &name));
    }
    let own = layer.over(loaded.file.defaults.clone());
    let upper = typed.over(variables);
    let bound = Bound { loaded, env, profile: &name, own: &own, upper: &upper };
    let values = if is_demo {
        demo(&bound, &mut notices)
    } else {
        bound.check_inherited()?;
        bound.settle(&mut notices)?
    };
    let values = values.over(built_in());
    let values = if is_demo { values } else { with_address(values) };
    effective(name, choice, is_demo, values, env, notices)
}

/// The name of the profile that is used when none is named.
pub(super) fn default_profile(loaded: &Loaded, env: &Env) -> Option<String> {
    default_choice(loaded, env).map(|(name, _)| name)
}

/// Chooses without `--profile` and `BYOK_PROFILE`; `None`: none or several are on offer.
pub(super) fn default_choice(loaded: &Loaded, env: &Env) -> Option<(String, Choice)> {
    if let Some(Value::Text(name)) = loaded.top("default_profile").map(|it| &it.value) {
        return Some((name.clone(), Choice::Default));
    }
    let mut profiles = loaded.file.profiles.keys();
    match (profiles.next(), profiles.next()) {
        (Some(only), None) => Some((only.clone(), Choice::OnlyOne)),
        (Some(_), Some(_)) => None,
        (None, _) => match offers::offered(env).as_slice() {
            [only] => Some(((*only).to_owned(), Choice::Environment)),
            _ => None,
        },
    }
}

fn choose(
    loaded: &Loaded,
    flags: &Flags,
    env: &Env,
    typed: &Layer,
    variables: &Layer,
) -> Result<Chosen, Error> {
    let named = match (&flags.profile, offers::text(env, "BYOK_PROFILE")?) {
        (Some(name), _) => Some((name.clone(), Choice::Flag)),
        (None, Some(name)) => Some((name.trim().to_owned(), Choice::Variable)),
        (None, None) => flags.session_profile.clone().map(|name| (name, Choice::Session)),
    };
    let says = |name: &str| typed.get(name).is_some() || variables.get(name).is_some();
    // What is typed is enough for a request of its own, unless it is meant for a profile: the
    // default one, or the only one.
    let is_enough = says("base_url")
        || loaded.file.profiles.is_empty()
            && ["type", "api_key", "bearer_token"].into_iter().any(says);
    let picked = named.or_else(|| match default_choice(loaded, env) {
        Some((_, Choice::Environment)) | None if is_enough => {
            Some((NO_PROFILE.to_owned(), Choice::Flags))
        }
        picked => picked,
    });
    let Some((name, choice)) = picked else {
        let offered = offered_names(loaded, env);
        return Err(Error::NoProfile { offered });
    };
    let mut notices = Vec::new();
    let mut is_demo = false;
    let layer = if choice == Choice::Flags {
        Layer::default()
    } else if let Some(layer) = loaded.file.chain(&name) {
        if name == DEMO {
            notices.push("using your own profile `demo` in place of the built-in one".to_owned());
        }
        layer
    } else if name == DEMO {
        is_demo = true;
        offers::demo()
    } else {
        let (layer, said) = from_environment(loaded, env, &name, &choice)?;
        notices.extend(said);
        layer
    };
    Ok(Chosen { name, choice, layer, is_demo, notices })
}

fn from_environment(
    loaded: &Loaded,
    env: &Env,
    name: &str,
    choice: &Choice,
) -> Result<(Layer, Vec<String>), Error> {
    let Some((name, variables)) = offers::needs(name) else {
        let named_by = match choice {
            Choice::Variable => Some("variable `BYOK_PROFILE`".to_owned()),
            Choice::Session => Some("the session; `-P NAME` goes on with another one".to_owned()),
            _ => None,
        };
        let offered = offered_names(loaded, env);
        return Err(Error::UnknownProfile { name: super::value::excerpt(name), offered, named_by });
    };
    if variables.iter().any(|variable| env.os(variable).is_none()) {
        return Err(Error::NotInEnvironment { name, variables });
    }
    let (layer, mut notices) = offers::layer(name, env)?;
    if *choice == Choice::Environment {
        let variables = super::keys::in_backticks(variables);
        notices.insert(0, format!("using profile `{name}` from the environment: {variables}"));
    }
    Ok((layer, notices))
}

/// The profiles that one may choose from; the demo goes without saying.
fn offered_names(loaded: &Loaded, env: &Env) -> Vec<String> {
    let listed = loaded.profiles(env).into_iter().map(|listed| listed.name);
    listed.filter(|name| name != DEMO || loaded.file.profiles.contains_key(DEMO)).collect()
}

/// One line for each variable that overrides what a profile named by `--profile` says.
fn overriding<'a>(
    variables: &'a Layer,
    typed: &'a Layer,
    profile: &'a Layer,
    name: &'a str,
) -> impl Iterator<Item = String> + 'a {
    // A credential overrides the profile's in whichever form that stands.
    let says = |layer: &Layer, path: &KeyPath| match path.key().name {
        "api_key" | "bearer_token" => layer.get("api_key").or(layer.get("bearer_token")).is_some(),
        _ => layer.holds(path),
    };
    let same = |path: &KeyPath, value: &Value| {
        profile.get(path.key().name).is_some_and(|own| own.value == *value)
    };
    variables
        .iter()
        .filter(move |(path, it)| {
            // Where a key is sent is worth a word even when the profile leaves it to the default.
            let decides = matches!(path.key().name, "base_url" | "type");
            !says(typed, path) && (decides || says(profile, path)) && !same(path, &it.value)
        })
        .map(move |(path, it)| {
            format!("{} overrides `{path}` of profile `{name}`", it.origin.in_words(name))
        })
}

/// The demo has an address of its own and needs no key: those that are set elsewhere are for others.
fn demo(bound: &Bound<'_>, notices: &mut Vec<String>) -> Layer {
    for (path, sourced) in bound.upper.iter() {
        let is_flag = matches!(sourced.origin, Origin::Flag(_));
        if is_flag && (path.is_bound() || path.key().name == "base_url") {
            notices.push(format!("profile `demo` has its own server: `{path}` is not used"));
        }
    }
    let mut values = bound.upper.clone().over(bound.own.clone());
    values.retain(|path, _| !path.is_bound() && path.key().name != "base_url");
    values
}

/// The built-in defaults that show in `config show`.
fn built_in() -> Layer {
    let mut layer = Layer::default();
    let text = |text: &str| Value::Text(text.to_owned());
    let timeouts = Timeouts::default();
    for (key, value) in [
        ("type", text("openai")),
        ("thinking", text("auto")),
        ("timeouts.connect", Value::Duration(timeouts.connect)),
        ("timeouts.first_byte", Value::Duration(timeouts.first_byte)),
        ("timeouts.idle", Value::Duration(timeouts.idle)),
        ("retries", Value::Whole(2)),
    ] {
        layer.set_key(key, value, Origin::Default);
    }
    layer
}

/// Adds the address of the type's own vendor, where there is one and no other is set.
fn with_address(values: Layer) -> Layer {
    let vendor = binding::vendor_of(binding::provider_type(&values));
    let mut layer = Layer::default();
    if let Some(url) = vendor.and_then(|vendor| vendor.home) {
        layer.set_key("base_url", Value::Text(url.to_owned()), Origin::Default);
    }
    values.over(layer)
}

/// The typed form of all values.
fn effective(
    profile: String,
    choice: Choice,
    is_demo: bool,
    values: Layer,
    env: &Env,
    mut notices: Vec<String>,
) -> Result<Effective, Error> {
    let credential = credential(&values, &profile);
    let mut effective = Effective {
        profile,
        choice,
        is_demo,
        provider_type: binding::provider_type(&values),
        base_url: text(&values, "base_url"),
        wire_api: text(&values, "wire_api").map(|word| match word.as_str() {
            "responses" => WireApi::Responses,
            _ => WireApi::Completions,
        }),
        api_version: text(&values, "azure.api_version"),
        model: text(&values, "model"),
        wire_model: text(&values, "wire_model"),
        system: system(&values),
        options: options(&values),
        max_prompt_tokens: whole(&values, "max_prompt_tokens"),
        context_window: whole(&values, "context_window"),
        thinking: match text(&values, "thinking").as_deref() {
            Some("show") => Thinking::Show,
            Some("hide") => Thinking::Hide,
            _ => Thinking::Auto,
        },
        retries: whole(&values, "retries").and_then(|it| u32::try_from(it).ok()).unwrap_or(2),
        headers: pairs(&values, "headers"),
        query: pairs(&values, "query"),
        extra_body: extra_body(&values),
        limit_field: text(&values, "limit_field"),
        network: network(&values),
        allow_http: is_true(&values, "allow_http"),
        fallback: list(&values, "fallback"),
        credential: None,
        spoken_of: None,
        notices: Vec::new(),
        values,
    };
    if let Some(credential) = credential {
        let source = credential.likely_in_words(env);
        if let Some(header) = effective.sets_credential_header() {
            notices.push(format!(
                "`headers` sets `{header}`: the credential from {source} is not sent"
            ));
        } else {
            check(&credential, env)?;
            if let Some(CredentialSource::File(path)) = credential.likely_source(env) {
                notices.extend(open_to_others(path));
            }
            effective.spoken_of = Some((credential.shown_as(env), source));
            effective.credential = Some(credential);
        }
    }
    // A chain of layers may say the same thing in two places.
    notices.dedup();
    effective.notices = notices;
    Ok(effective)
}

/// A key that is there at a look must be fit to be sent.
fn check(credential: &Credential, env: &Env) -> Result<(), Error> {
    let Some(CredentialSource::Env(name)) = credential.likely_source(env) else { return Ok(()) };
    let Some(Err(why)) = env.get(name).map(Secret::new) else { return Ok(()) };
    let from = format!("variable `{name}`");
    let tried = vec![SourceFailure::Invalid { from, why }];
    Err(Error::NoCredential { profile: credential.profile.clone(), tried })
}

/// The one credential: within one layer a token goes before a key.
fn credential(values: &Layer, profile: &str) -> Option<Credential> {
    let forms =
        [("bearer_token", CredentialForm::BearerToken), ("api_key", CredentialForm::ApiKey)];
    forms.into_iter().find_map(|(name, form)| {
        let found = values.get(name)?;
        let Value::Credential(sources) = &found.value else { return None };
        Some(Credential {
            form,
            sources: sources.clone(),
            origin: found.origin.clone(),
            profile: profile.to_owned(),
        })
    })
}

fn options(values: &Layer) -> Options {
    Options {
        temperature: number(values, "temperature"),
        top_p: number(values, "top_p"),
        stop: list(values, "stop"),
        seed: match values.get("seed").map(|it| &it.value) {
            Some(Value::Signed(seed)) => Some(*seed),
            _ => None,
        },
        max_output_tokens: whole(values, "max_output_tokens"),
        effort: text(values, "effort"),
        verbosity: text(values, "verbosity"),
    }
}

fn network(values: &Layer) -> Network {
    let time = |name: &str| match values.get(name).map(|it| &it.value) {
        Some(Value::Duration(duration)) => Some(*duration),
        _ => None,
    };
    let file = |name: &str| match values.get(name).map(|it| &it.value) {
        Some(Value::Path(path)) => Some(path.clone()),
        _ => None,
    };
    let default = Timeouts::default();
    Network {
        timeouts: Timeouts {
            connect: time("timeouts.connect").unwrap_or(default.connect),
            first_byte: time("timeouts.first_byte").unwrap_or(default.first_byte),
            idle: time("timeouts.idle").unwrap_or(default.idle),
            total: time("timeouts.total").filter(|total| *total > Duration::ZERO),
        },
        proxy: text(values, "proxy"),
        tls: Tls {
            ca_file: file("tls.ca_file"),
            client_cert: file("tls.client_cert"),
            client_key: file("tls.client_key"),
        },
    }
}

fn system(values: &Layer) -> Option<SystemPrompt> {
    match values.get("system").or(values.get("system_file")).map(|it| &it.value) {
        // An empty text is how a child takes its parent's prompt away.
        Some(Value::Text(text)) if !text.trim().is_empty() => {
            Some(SystemPrompt::Text(text.clone()))
        }
        Some(Value::Path(path)) => Some(SystemPrompt::File(path.clone())),
        _ => None,
    }
}

fn extra_body(values: &Layer) -> Map<String, Json> {
    let mut body = Map::new();
    for (path, sourced) in values.below("extra_body") {
        let (Value::Json(json), Some((last, tables))) = (&sourced.value, path.names().split_last())
        else {
            continue;
        };
        let mut table = Some(&mut body);
        for name in tables {
            let below = table
                .map(|table| table.entry(name.clone()).or_insert_with(|| Json::Object(Map::new())));
            table = below.and_then(Json::as_object_mut);
        }
        // No value stands above another: layers hold leaves only.
        if let Some(table) = table {
            table.insert(last.clone(), json.clone());
        }
    }
    body
}

fn pairs(values: &Layer, name: &str) -> Vec<(String, String)> {
    values
        .below(name)
        .filter_map(|(path, sourced)| match (path.names(), &sourced.value) {
            ([name], Value::Text(text)) => Some((name.clone(), text.clone())),
            _ => None,
        })
        .collect()
}

pub(super) fn text(values: &Layer, name: &str) -> Option<String> {
    match &values.get(name)?.value {
        Value::Text(text) => Some(text.trim().to_owned()),
        _ => None,
    }
}

pub(super) fn is_true(values: &Layer, name: &str) -> bool {
    values.get(name).is_some_and(|it| it.value == Value::Bool(true))
}

fn number(values: &Layer, name: &str) -> Option<f64> {
    match values.get(name)?.value {
        Value::Number(number) => Some(number),
        _ => None,
    }
}

fn whole(values: &Layer, name: &str) -> Option<u64> {
    match values.get(name)?.value {
        Value::Whole(whole) => Some(whole),
        _ => None,
    }
}

fn list(values: &Layer, name: &str) -> Vec<String> {
    match values.get(name).map(|it| &it.value) {
        Some(Value::List(list)) => list.clone(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
#[path = "resolve_tests.rs"]
mod tests;
