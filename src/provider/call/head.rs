//! What the headers of an answer say.

use std::time::{Duration, SystemTime};

use reqwest::header::HeaderMap;

use super::{Head, mask::Mask};

/// The headers that name a request, most telling first.
const REQUEST_IDS: &[&str] = &[
    "x-request-id",
    "request-id",
    "apim-request-id",
    "x-ms-request-id",
    "x-litellm-call-id",
    "x-generation-id",
    "cf-ray",
];

/// Beside the request ids: headers that say something about the answer and nothing about the
/// account.
const SHOWN: &[&str] = &[
    "content-type",
    "content-length",
    "content-encoding",
    "transfer-encoding",
    "date",
    "server",
    "via",
    "retry-after",
    "retry-after-ms",
    "x-should-retry",
    "openai-version",
    "openai-processing-ms",
    "x-ms-region",
    "x-litellm-model-id",
    "x-litellm-response-cost",
];

/// The beginnings of more such headers.
const SHOWN_FAMILIES: &[&str] = &["x-ratelimit-", "anthropic-ratelimit-"];

/// The longest value that is shown or kept, in characters.
const MAX_VALUE: usize = 200;

/// The longest wait that a header can ask for: what is longer is junk, or as good as never.
const MAX_WAIT: f64 = 10.0 * 365.0 * 86_400.0;

/// What an answer says about the next attempt.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Again {
    pub(super) retry_after: Option<Duration>,
    pub(super) should_retry: Option<bool>,
}

/// The part of `headers` that may be shown, without a secret.
pub(super) fn head(status: u16, headers: &HeaderMap, mask: &Mask) -> Head {
    let request_id = REQUEST_IDS.iter().find_map(|name| text(headers, name));
    let shown = headers
        .keys()
        .map(reqwest::header::HeaderName::as_str)
        .filter(|name| {
            REQUEST_IDS.contains(name)
                || SHOWN.contains(name)
                || SHOWN_FAMILIES.iter().any(|family| name.starts_with(family))
        })
        .filter_map(|name| Some((name.to_owned(), mask.text(text(headers, name)?))))
        .collect();
    Head { status, request_id: request_id.map(|id| mask.text(id)), shown }
}

/// When to come back: `retry-after-ms` before `retry-after`, which is seconds or a date.
pub(super) fn again(headers: &HeaderMap, now: SystemTime) -> Again {
    let number = |name| text(headers, name)?.trim().parse::<f64>().ok();
    let wait = |seconds: f64| {
        (0.0..=MAX_WAIT).contains(&seconds).then(|| Duration::from_secs_f64(seconds))
    };
    let until = |date: SystemTime| date.duration_since(now).unwrap_or_default();
    let retry_after = number("retry-after-ms")
        .and_then(|milliseconds| wait(milliseconds / 1000.0))
        .or_else(|| wait(number("retry-after")?))
        .or_else(|| {
            let date = httpdate::parse_http_date(text(headers, "retry-after")?.trim()).ok()?;
            wait(until(date).as_secs_f64())
        });
    let should_retry = match text(headers, "x-should-retry").as_deref() {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => None,
    };
    Again { retry_after, should_retry }
}

/// The value of the first header `name`, when it is not blank.
pub(super) fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = String::from_utf8_lossy(headers.get(name)?.as_bytes());
    let value = value.trim();
    (!value.is_empty()).then(|| value.chars().take(MAX_VALUE).collect())
}

#[cfg(test)]
#[path = "head_tests.rs"]
mod tests;
