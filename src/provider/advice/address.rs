//! Hints for answers that come from the wrong place, or know no such model.

use super::{
    super::{Cause, Error, ProviderType, Target},
    Known,
};
use crate::wire::{Fault, Wire};

/// How alike a name must be to be offered, 0.0 to 1.0 (Jaro-Winkler).
const ALIKE: f64 = 0.8;

/// At most this many names are offered.
const MOST_NAMES: usize = 3;

/// `None` when the address has nothing to do with it.
pub(super) fn hints(error: &Error, target: &Target, known: Known<'_>) -> Option<Vec<String>> {
    let no_fault = Fault::default();
    let fault = error.fault.as_ref().unwrap_or(&no_fault);
    match &error.cause {
        Cause::Redirect { to } => Some(redirect(to.as_deref())),
        Cause::NoModelList => Some(vec![
            "the profile may be right all the same: not every server lists its models".to_owned(),
        ]),
        Cause::Html if error.status.is_some_and(|status| status >= 500) => Some(vec![
            "something in front of the server answered in its place: try again in a while"
                .to_owned(),
        ]),
        Cause::Html => Some(wrong_path(target)),
        Cause::Status | Cause::Reported if is_deployment(fault) => Some(deployment(target)),
        Cause::Status | Cause::Reported if is_model(fault) => Some(model(target, known)),
        Cause::Status if matches!(error.status, Some(404 | 405)) => Some(wrong_path(target)),
        Cause::Reported if fault.message.starts_with("Unexpected endpoint") => {
            Some(wrong_path(target))
        }
        _ => None,
    }
}

/// Whether the server does not know the model, so that its list would help.
pub fn is_unknown_model(error: &Error) -> bool {
    let is_answer = matches!(error.cause, Cause::Status | Cause::Reported);
    is_answer && error.fault.as_ref().is_some_and(|fault| !is_deployment(fault) && is_model(fault))
}

/// The rule that built the URL; the URL itself stands with the error.
pub(super) fn whereabouts(target: &Target) -> String {
    format!("prompts go to {}", target.endpoint.rule)
}

fn wrong_path(target: &Target) -> Vec<String> {
    let endpoint = &target.endpoint;
    let mut hints = vec![whereabouts(target)];
    match (target.provider_type, endpoint.wire) {
        (ProviderType::Azure, _) => hints.push(
            "check `azure.api_version`, and that `base_url` is the resource's host alone"
                .to_owned(),
        ),
        (_, wire) => {
            if wire == Wire::OpenAiResponses {
                hints.push(
                    "not every server has the Responses API: try `wire_api = \"completions\"`"
                        .to_owned(),
                );
            }
            hints.push(match missing_v1(target) {
                Some(base_url) => {
                    format!("most servers need `/v1`: try `base_url = \"{base_url}\"`")
                }
                None => "compare `base_url` with the address in the server's own manual".to_owned(),
            });
        }
    }
    hints
}

/// What `base_url` would be with the `/v1` that most servers want.
fn missing_v1(target: &Target) -> Option<String> {
    let endpoint = &target.endpoint;
    let suffix = match endpoint.wire {
        Wire::OpenAiChat => "/chat/completions",
        Wire::OpenAiResponses => "/responses",
        Wire::AnthropicMessages => return None,
    };
    let base = endpoint.url.split('?').next()?.strip_suffix(suffix)?;
    let has_version = base.split('/').any(|segment| {
        segment.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    });
    (!has_version).then(|| format!("{base}/v1"))
}

/// Redirects are not followed: they would take the key and the prompt along.
fn redirect(to: Option<&str>) -> Vec<String> {
    let Some(to) = to else {
        return vec!["check `base_url`: the server wants to send the request elsewhere".to_owned()];
    };
    let base_url = ["/chat/completions", "/responses", "/v1/messages"]
        .iter()
        .find_map(|suffix| to.trim_end_matches('/').strip_suffix(suffix));
    vec![match base_url {
        Some(base_url) => format!("if you trust that place, write `base_url = \"{base_url}\"`"),
        None => format!("`{to}` is no place for requests, perhaps a login page: check `base_url`"),
    }]
}

fn is_deployment(fault: &Fault) -> bool {
    let is_missing = is_missing(&fault.message.to_lowercase(), "deployment");
    is_missing || fault.code.as_deref() == Some("DeploymentNotFound")
}

fn is_model(fault: &Fault) -> bool {
    let words = fault.message.to_lowercase();
    let is_coded = fault.code.as_deref() == Some("model_not_found");
    // Anthropic says `model: NAME` and no more.
    let is_named = fault.kind.as_deref() == Some("not_found_error") && words.starts_with("model:");
    is_coded || is_named || is_missing(&words, "model")
}

/// Whether `words` (in lower case) say that a `thing` is not there.
fn is_missing(words: &str, thing: &str) -> bool {
    const WORDS: [&str; 6] = [
        "not found",
        "not exist",
        "no such",
        "unknown model",
        "not a valid model",
        "invalid model",
    ];
    words.contains(thing) && WORDS.iter().any(|word| words.contains(word))
}

fn deployment(target: &Target) -> Vec<String> {
    vec![
        format!(
            "`model` must name a deployment of your Azure resource, not a model: look for \
             `{}` under Deployments in the portal",
            target.model
        ),
        "a deployment made just now takes some minutes to appear".to_owned(),
        whereabouts(target),
    ]
}

fn model(target: &Target, known: Known<'_>) -> Vec<String> {
    let mut hints = vec![];
    let nearest = nearest(&target.model, known.models);
    if !nearest.is_empty() {
        hints.push(format!("the server has `{}`", nearest.join("`, `")));
    }
    hints.push(format!("`byok models -P {}` lists what it has", target.profile));
    if target.endpoint.origin.is_loopback() && target.endpoint.origin.port == 11434 {
        hints.push(format!("Ollama fetches a model with `ollama pull {}`", target.model));
    }
    if target.provider_type == ProviderType::Azure {
        hints.push("Azure wants the deployment's name in `model`".to_owned());
    }
    hints
}

/// The names most like `wanted`, best first.
fn nearest<'a>(wanted: &str, names: &'a [String]) -> Vec<&'a str> {
    let wanted = wanted.to_lowercase();
    let mut scored: Vec<(f64, &str)> = names
        .iter()
        .map(|name| (strsim::jaro_winkler(&wanted, &name.to_lowercase()), name.as_str()))
        .filter(|(score, _)| *score >= ALIKE)
        .collect();
    scored.sort_by(|(left, _), (right, _)| right.total_cmp(left));
    scored.into_iter().take(MOST_NAMES).map(|(_, name)| name).collect()
}
