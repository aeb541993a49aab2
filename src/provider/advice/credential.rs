//! Hints for 401 and 403: which credential it was, and what may be wrong with it.

use super::{
    super::{Auth, Error, ProviderType, Secret, Target, auth},
    Known, address,
};

pub(super) fn hints(
    error: &Error,
    target: &Target,
    secret: Option<&Secret>,
    known: Known<'_>,
) -> Vec<String> {
    let own =
        target.headers.iter().find(|(name, _)| auth::is_credential(&name.to_ascii_lowercase()));
    let mut hints = vec![];
    match (own, &target.auth, secret) {
        (Some((name, _)), ..) => hints.push(format!(
            "the credential was the header `{}` that `headers` sets in profile `{}`",
            name.to_ascii_lowercase(),
            target.profile
        )),
        (None, Some(auth), Some(secret)) => {
            hints.extend(suspicions(target, auth, secret, known));
            let (what, described) = (name(target, auth, secret), description(auth, secret));
            // 403 says that the key is good.
            let check = match error.status {
                Some(403) => "",
                _ => ": check that it is whole, still good, and for this server",
            };
            hints.push(format!("the {what} {described}{check}"));
        }
        (None, Some(auth), None) => {
            hints.push(format!("the credential comes from {}", auth.source));
        }
        (None, None, _) => hints.push(missing(target)),
    }
    if error.status == Some(403) {
        hints.push(
            "403 says that the key is known but may not do this: look at its permissions, the \
             model's, and the region or network it may be used from"
                .to_owned(),
        );
    }
    hints.extend(azure(target));
    hints.push(address::whereabouts(target));
    hints
}

/// What the look of the secret gives away, surest first.
fn suspicions(target: &Target, auth: &Auth, secret: &Secret, known: Known<'_>) -> Vec<String> {
    let (what, host) = (name(target, auth, secret), &target.endpoint.origin.host);
    let mut found = vec![];
    if let (Some(expiry), Some(now)) = (secret.expires_at(), known.now)
        && expiry <= now
    {
        found.push(expired(expiry));
    }
    if secret.is_quoted() {
        found.push(format!("the {what} stands between quotes: remove them where it comes from"));
    }
    if secret.begins_like_jwt() && !secret.has_three_parts() {
        found.push(
            "the token begins like a JWT but has not its three parts: give the whole token, not \
             only the beginning"
                .to_owned(),
        );
    }
    match secret.issuer() {
        Some(issuer) if !is_within(host, issuer.host) => found.push(format!(
            "the {what} begins with `{}`, as those of {} do, but `{host}` is not theirs: write \
             `type = \"{}\"` with their `base_url`, or give the key of `{host}`",
            issuer.prefix,
            issuer.name,
            issuer.provider_type.name()
        )),
        None if target.provider_type == ProviderType::Anthropic
            && is_within(host, "anthropic.com")
            && secret.begins_with_sk() =>
        {
            found.push(format!(
                "the {what} begins with `sk-`, those of Anthropic with `sk-ant-`: it is another's"
            ));
        }
        _ => {}
    }
    found
}

/// Source, length and end of the secret; the rest of it is nobody's business.
fn description(auth: &Auth, secret: &Secret) -> String {
    let ending = secret.last_four().map(|end| format!(", the last four `{end}`"));
    format!(
        "comes from {} and has {} characters{}",
        auth.source,
        secret.len(),
        ending.unwrap_or_default()
    )
}

/// What to call it: a JWT is a token, and so is a bearer where keys travel otherwise.
fn name(target: &Target, auth: &Auth, secret: &Secret) -> &'static str {
    let is_bearer = target.provider_type != ProviderType::OpenAi && !auth.before.is_empty();
    if is_bearer || secret.begins_like_jwt() { "token" } else { "key" }
}

fn missing(target: &Target) -> String {
    let variable = match target.provider_type {
        ProviderType::OpenAi if is_within(&target.endpoint.origin.host, "openai.com") => {
            "OPENAI_API_KEY"
        }
        ProviderType::OpenAi => "NAME",
        ProviderType::Azure => "AZURE_OPENAI_API_KEY",
        ProviderType::Anthropic => "ANTHROPIC_API_KEY",
    };
    format!(
        "no credential was sent: add `api_key = {{ env = \"{variable}\" }}` to profile `{}`",
        target.profile
    )
}

fn expired(expiry: i64) -> String {
    let when = jiff::Timestamp::from_second(expiry)
        .map_or_else(|_| "long ago".to_owned(), |expiry| format!("at {expiry}"));
    format!(
        "the token expired {when}: get a new one, or let a command get it each time with \
         `bearer_token = {{ command = [\"az\", \"account\", \"get-access-token\", …] }}`"
    )
}

/// Source: `wire-formats.md` §7.1.
fn azure(target: &Target) -> Option<String> {
    let endpoint = &target.endpoint;
    if target.provider_type != ProviderType::Azure {
        return None;
    }
    let is_token = target.auth.as_ref().is_some_and(|auth| !auth.before.is_empty());
    Some(if is_token && endpoint.url.contains("/openai/v1/") {
        "a Microsoft Entra token for this route needs the scope `https://ai.azure.com/.default`"
            .to_owned()
    } else if is_token {
        "a Microsoft Entra token for this route needs the scope \
         `https://cognitiveservices.azure.com/.default`"
            .to_owned()
    } else if endpoint.url.contains("/api/projects/") {
        "a Foundry project takes no key: use the resource's own host, or `bearer_token`".to_owned()
    } else {
        format!(
            "each Azure resource has its own keys: it must be one of `{}`",
            endpoint.origin.host
        )
    })
}

/// Whether `host` is `domain` or below it.
fn is_within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}
