//! The JSON objects in which Responses and Messages come: events that name their own type, and
//! whole answers.

use serde_json::Value;

use super::{Fault, Frame, WireError, fault, json};

/// The type of an event and the event. The object's own `type` decides, because proxies drop and
/// mistake the `event` line. `None` for a frame that says nothing: an empty one, or the `[DONE]`
/// that some proxies append, which tells nothing about the answer.
///
/// # Errors
/// An error reported in any known shape is a [`WireError::Fault`]; what is no JSON object is
/// [`WireError::Malformed`].
pub(super) fn event(
    frame: &Frame,
    expected: &'static str,
) -> Result<Option<(String, Value)>, WireError> {
    let data = frame.data.trim_ascii();
    if data.is_empty() || data.starts_with("[DONE]") {
        return Ok(None);
    }
    let is_error = frame.event.as_deref() == Some("error");
    let Ok(value) = json::parse(data) else {
        return Err(if is_error {
            WireError::Fault(Fault::from_body(data.as_bytes()))
        } else {
            WireError::Malformed { expected, excerpt: json::excerpt(data) }
        });
    };
    if let Some(fault) = Fault::in_value(&value) {
        return Err(WireError::Fault(fault));
    }
    match json::text(&value, "type") {
        Some(kind) => Ok(Some((kind.to_owned(), value))),
        None if is_error => Err(WireError::Fault(Fault::from_value(&value))),
        None if value.is_object() => Ok(Some((frame.event.clone().unwrap_or_default(), value))),
        None => Err(WireError::Malformed { expected, excerpt: json::excerpt(data) }),
    }
}

/// An answer that came as one document, told by the presence of one of `members`.
///
/// # Errors
/// As [`event`]'s.
pub(super) fn whole(
    body: &[u8],
    members: &[&str],
    expected: &'static str,
) -> Result<Value, WireError> {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').trim();
    let value = json::parse(text)
        .map_err(|_| WireError::Malformed { expected, excerpt: fault::plain(text) })?;
    let has = |members: &[&str]| members.iter().any(|member| json::at(&value, member).is_some());
    if let Some(fault) = Fault::in_value(&value) {
        Err(WireError::Fault(fault))
    } else if has(members) {
        Ok(value)
    } else if has(&["message", "detail"]) {
        Err(WireError::Fault(Fault::from_value(&value)))
    } else {
        Err(WireError::Malformed { expected, excerpt: json::excerpt(text) })
    }
}

/// The string at a dotted path, for keeping; the empty string counts as absent.
pub(super) fn text(value: &Value, path: &str) -> Option<String> {
    json::text(value, path).map(str::to_owned)
}
