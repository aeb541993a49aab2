//! What a refusal means: status, codes and words of every known server become a [`Kind`].
//!
//! Codes come first and words last: servers in front of other servers keep the words and lose the
//! codes, so that for some errors nothing else is left.

use super::super::Kind;
use crate::wire::Fault;

/// What an error of a server means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) kind: Kind,
    /// Whether the same request may succeed soon.
    pub(super) is_transient: bool,
}

/// Codes and types that mean money. Waiting does not help.
const MONEY: &[&str] = &[
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "billing_error",
    "billing_hard_limit_reached",
    "billing_not_active",
    "enforced_spend_limit_reached",
    "contract_spend_limit_reached",
    "exceeded_current_quota_error",
    "insufficient_balance",
    "payment_required",
];

/// The same in words.
const MONEY_WORDS: &[&str] = &[
    "exceeded your current quota",
    "credit balance is too low",
    "insufficient balance",
    "insufficient credit",
    "requires more credits",
];

const CONTEXT: &[&str] = &[
    "context_length_exceeded",
    "exceed_context_size_error",
    "contextwindowexceedederror",
    "model_max_prompt_tokens_exceeded",
];

/// Each set of words, all of them together, means a context that is too long.
const CONTEXT_WORDS: &[&[&str]] = &[
    &["contextwindowexceedederror"],
    &["maximum context length"],
    &["prompt is too long"],
    &["exceeds the available context"],
    &["exceed context limit"],
    &["context length", "exceed"],
    &["context length", "not enough"],
    &["context window", "exceed"],
    &["context window", "too long"],
    &["context window", "too large"],
    &["context size", "exceed"],
    &["context", "overflow"],
    &["maximum prompt length"],
    &["input token count", "exceeds the maximum"],
];

const FILTERED: &[&str] = &[
    "content_filter",
    "content_policy_violation",
    "contentpolicyviolationerror",
    "responsibleaipolicyviolation",
    "moderation_blocked",
    "prohibited_content",
];

const FILTERED_WORDS: &[&[&str]] = &[
    &["content management policy"],
    &["content filtering policy"],
    &["contentpolicyviolationerror"],
    &["flagged", "usage policy"],
    &["requires moderation"],
    &["input was flagged"],
];

/// Codes, types and exception names, and the status that they stand for.
const NAMED: &[(&str, u16)] = &[
    ("rate_limit_error", 429),
    ("rate_limit_exceeded", 429),
    ("ratelimiterror", 429),
    ("ratelimitreached", 429),
    ("ramp_limit_exceeded", 429),
    ("too_many_requests", 429),
    ("resource_exhausted", 429),
    ("slow_down", 429),
    ("tokens", 429),
    ("requests", 429),
    ("authentication_error", 401),
    ("authenticationerror", 401),
    ("invalid_api_key", 401),
    ("api_key_invalid", 401),
    ("unauthenticated", 401),
    ("unauthorized", 401),
    ("permission_error", 403),
    ("permission_denied", 403),
    ("permissiondeniederror", 403),
    ("not_found_error", 404),
    ("not_found", 404),
    ("notfounderror", 404),
    ("model_not_found", 404),
    ("deploymentnotfound", 404),
    ("conflict_error", 409),
    ("request_too_large", 413),
    ("invalid_request_error", 400),
    ("invalid_prompt", 400),
    ("invalid_argument", 400),
    ("badrequesterror", 400),
    ("unsupported_parameter", 400),
    ("unsupported_value", 400),
    ("unknown_parameter", 400),
    ("api_error", 500),
    ("server_error", 500),
    ("internal_error", 500),
    ("internal_server_error", 500),
    ("internalservererror", 500),
    ("vector_store_timeout", 504),
    ("timeout_error", 504),
    ("overloaded_error", 529),
    ("server_is_overloaded", 503),
    ("service_unavailable_error", 503),
    ("serviceunavailableerror", 503),
    ("unavailable_error", 503),
    ("unavailable", 503),
];

/// Judges an answer with an error status.
pub(super) fn of_status(status: u16, fault: Option<&Fault>) -> Meaning {
    let Some(fault) = fault else { return by_status(status) };
    // A gateway's 500 may hide the status that it got itself.
    let named = if status == 500 { named_status(fault) } else { None };
    judge(named.unwrap_or(status), fault)
}

/// Judges an error inside an answer whose own status was a success.
pub(super) fn of_report(fault: &Fault) -> Meaning {
    // What nobody can name is the server's doing, and nobody knows whether it will pass.
    let unknown = Meaning { kind: Kind::Server, is_transient: false };
    match named_status(fault) {
        Some(status) => judge(status, fault),
        None => by_words(400, fault).unwrap_or(unknown),
    }
}

fn judge(status: u16, fault: &Fault) -> Meaning {
    by_words(status, fault).unwrap_or_else(|| by_status(status))
}

/// What codes and words say that the status does not.
fn by_words(status: u16, fault: &Fault) -> Option<Meaning> {
    let lasting = |kind| Some(Meaning { kind, is_transient: false });
    let words = fault.message.to_lowercase();
    let is_coded = |codes: &[&str]| codes_of(fault).any(|code| codes.contains(&code.as_str()));
    let says =
        |sets: &[&[&str]]| sets.iter().any(|set| set.iter().all(|word| words.contains(word)));
    // With a delay to wait for, "quota" is a rate: Gemini words both alike.
    let is_rate = status == 429 && fault.retry_after.is_some();
    let says_money = MONEY_WORDS.iter().any(|word| words.contains(word)) && !is_rate;
    if status == 402 || is_coded(MONEY) || (says_money && matches!(status, 400 | 403 | 429)) {
        return lasting(Kind::Quota);
    }
    if matches!(status, 401 | 407 | 429) {
        return None;
    }
    if is_coded(FILTERED) || (status < 500 && says(FILTERED_WORDS)) {
        return lasting(Kind::Filtered);
    }
    let may_be_context = matches!(status, 400 | 413 | 422 | 500);
    if is_coded(CONTEXT) || (may_be_context && says(CONTEXT_WORDS)) {
        return lasting(Kind::Context);
    }
    // xAI and Gemini answer 400 to a wrong key.
    let is_about_key = words.contains("api key") || words.contains("api_key");
    let is_wrong = ["incorrect", "invalid", "not valid", "missing", "no api key", "provide"]
        .iter()
        .any(|word| words.contains(word));
    let names_key =
        codes_of(fault).any(|code| code == "api_key_invalid" || code == "invalid_api_key");
    if status == 400 && (names_key || (is_about_key && is_wrong)) {
        return lasting(Kind::Auth);
    }
    None
}

/// The table of `product.md`.
fn by_status(status: u16) -> Meaning {
    let kind = match status {
        401 | 403 => Kind::Auth,
        402 => Kind::Quota,
        407 => Kind::Network,
        408 => Kind::Timeout,
        429 => Kind::RateLimit,
        400..=499 => Kind::Request,
        _ => Kind::Server,
    };
    let is_transient = matches!(status, 408 | 409 | 429 | 500 | 502 | 503 | 504 | 529);
    Meaning { kind, is_transient }
}

/// The status that a fault stands for: named as a number, by a code, or by an exception's name.
fn named_status(fault: &Fault) -> Option<u16> {
    let number = |code: &String| code.parse().ok().filter(|status| (400..600).contains(status));
    if let Some(status) = fault.status.or_else(|| fault.code.as_ref().and_then(number)) {
        return (400..600).contains(&status).then_some(status);
    }
    let by_name = |name: &str| NAMED.iter().find(|(known, _)| *known == name).map(|(_, n)| *n);
    codes_of(fault).find_map(|code| by_name(&code)).or_else(|| {
        // `litellm.RateLimitError: RateLimitError: upstream said no`
        let class = fault.message.split(':').next()?.strip_prefix("litellm.")?;
        by_name(&class.to_lowercase())
    })
}

/// Code, then type, in lower case.
fn codes_of(fault: &Fault) -> impl Iterator<Item = String> {
    [&fault.code, &fault.kind].into_iter().flatten().map(|code| code.to_lowercase())
}

#[cfg(test)]
#[path = "refusal_tests.rs"]
mod tests;
