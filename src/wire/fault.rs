//! Errors in a server's own words, from any of the shapes they come in.
//!
//! The shapes are as many as the servers: `error` may be an object, a text or a list's first
//! element, `code` a text or a number, `message` a text, an object or JSON within a text. One
//! reader takes them all, because proxies wrap one shape into another.

use serde_json::Value;

use super::json;

/// How deep errors within errors are followed.
const MAX_DEPTH: usize = 8;

/// The longest message in characters; the longest of a page of HTML is an excerpt's.
const MAX_MESSAGE: usize = 4_000;

/// An error that a server reported, in a body or in a stream.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fault {
    /// The server's words for people, unfiltered: sanitise before showing. At most 4,000
    /// characters; empty when the server said nothing.
    pub message: String,
    /// `error.code` as text, whatever its type was; empty strings and `"None"` are absent.
    pub code: Option<String>,
    /// `error.type`, or Gemini's `status`.
    pub kind: Option<String>,
    /// The parameter that the error is about: a name, or a dotted path such as `reasoning.effort`.
    pub param: Option<String>,
    /// An HTTP status named in the body, when the answer's own does not tell.
    pub status: Option<u16>,
    /// The request's id, when the body names it.
    pub request_id: Option<String>,
    /// How long to wait, in seconds, when the body says so (Gemini's `retryDelay`).
    pub retry_after: Option<f64>,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl Fault {
    /// Reads an error body of any shape: JSON of every server known, HTML, plain text, nothing.
    pub fn from_body(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let text = text.trim_start_matches('\u{feff}').trim();
        match json::parse(text) {
            Ok(value @ (Value::Object(_) | Value::Array(_) | Value::String(_))) => {
                Self::from_value(&value)
            }
            Ok(Value::Null) => Self::default(),
            _ => Self { message: plain(text), ..Self::default() },
        }
    }

    /// The error that `value` reports, if it reports one: `error` present and neither null, false
    /// nor empty; `object` or `type` equal to `error`; `error_message`. A list is judged by its
    /// first element.
    pub fn in_value(value: &Value) -> Option<Self> {
        let object = match value {
            Value::Array(items) => items.first()?,
            _ => value,
        };
        let is_error = match json::at(object, "error") {
            None | Some(Value::Bool(false)) => false,
            Some(Value::String(text)) => !text.is_empty(),
            Some(Value::Object(map)) => !map.is_empty(),
            Some(Value::Array(items)) => !items.is_empty(),
            Some(_) => true,
        };
        let names_itself =
            |key| json::text(object, key).is_some_and(|word| word.eq_ignore_ascii_case("error"));
        let is_fault = is_error
            || names_itself("object")
            || names_itself("type")
            || json::text(object, "error_message").is_some();
        is_fault.then(|| Self::from_value(object))
    }

    /// Reads `value` as an error, whatever it looks like.
    pub(super) fn from_value(value: &Value) -> Self {
        let mut fault = Self::read(value, MAX_DEPTH);
        if fault.message.is_empty() {
            let says_nothing = matches!(value, Value::Null)
                || value.as_object().is_some_and(serde_json::Map::is_empty)
                || value.as_array().is_some_and(Vec::is_empty);
            fault.message = match fault.code.as_ref().or(fault.kind.as_ref()) {
                Some(word) => word.clone(),
                None if says_nothing => String::new(),
                None => json::excerpt(&value.to_string()),
            };
        }
        if let Some((end, _)) = fault.message.char_indices().nth(MAX_MESSAGE) {
            fault.message.truncate(end);
        }
        fault
    }

    fn read(value: &Value, depth: usize) -> Self {
        let Some(depth) = depth.checked_sub(1) else { return Self::default() };
        match value {
            Value::String(text) => Self::read_text(text, depth),
            Value::Array(items) => Self::read_list(items, depth),
            Value::Object(_) => Self::read_object(value, depth),
            _ => Self::default(),
        }
    }

    /// A message, or JSON within a text.
    fn read_text(text: &str, depth: usize) -> Self {
        let text = text.trim();
        if text.starts_with(['{', '['])
            && let Ok(value) = json::parse(text)
        {
            let fault = Self::read(&value, depth);
            if !fault.message.is_empty() {
                return fault;
            }
        }
        Self { message: text.to_owned(), ..Self::default() }
    }

    /// A list of validation errors (`loc`, `msg`, `type`, as `FastAPI` writes them), or a list whose
    /// first element is the error.
    fn read_list(items: &[Value], depth: usize) -> Self {
        let details: Vec<_> = items.iter().filter_map(Detail::of).collect();
        let Some(first) = details.first() else {
            return items.first().map(|item| Self::read(item, depth)).unwrap_or_default();
        };
        Self {
            message: details.iter().map(Detail::to_string).collect::<Vec<_>>().join("; "),
            code: first.kind.map(ToOwned::to_owned),
            param: first.param(),
            ..Self::default()
        }
    }

    fn read_object(value: &Value, depth: usize) -> Self {
        // The innermost error speaks; the members around it fill what it leaves open.
        let mut fault = ["error", "message", "detail", "msg", "error_message"]
            .into_iter()
            .filter_map(|key| json::at(value, key))
            .map(|inner| Self::read(inner, depth))
            .fold(Self::default(), Self::or)
            .or(Self::members(value));
        // OpenRouter: the words of the provider behind it.
        if let Some(raw) = json::at(value, "metadata.raw") {
            let raw = Self::read(raw, depth).message;
            if !raw.is_empty() && !fault.message.contains(&raw) {
                let separator = if fault.message.is_empty() { "" } else { ": " };
                fault.message = format!("{}{separator}{}", fault.message, json::excerpt(&raw));
            }
        }
        fault
    }

    /// Fills from `other` what is open.
    fn or(self, other: Self) -> Self {
        Self {
            message: if self.message.is_empty() { other.message } else { self.message },
            code: self.code.or(other.code),
            kind: self.kind.or(other.kind),
            param: self.param.or(other.param),
            status: self.status.or(other.status),
            request_id: self.request_id.or(other.request_id),
            retry_after: self.retry_after.or(other.retry_after),
        }
    }

    /// What stands beside the message.
    fn members(value: &Value) -> Self {
        let word =
            |path| json::text(value, path).filter(|word| *word != "None").map(ToOwned::to_owned);
        // Integers are HTTP statuses at vLLM, llama.cpp, OpenRouter and Gemini; texts of digits at
        // LiteLLM and Azure.
        let number =
            |path| json::count(value, path).or_else(|| json::text(value, path)?.parse().ok());
        let code = ["details.error_code", "code"]
            .into_iter()
            .find_map(|path| word(path).or_else(|| number(path).map(|code| code.to_string())));
        let inner = ["innererror.code", "inner_error.code"].into_iter().find_map(word);
        let is_filtered = inner.as_deref() == Some("ResponsibleAIPolicyViolation");
        Self {
            message: String::new(),
            code: if is_filtered { Some("content_filter".to_owned()) } else { code.or(inner) },
            kind: word("type")
                .filter(|kind| !kind.eq_ignore_ascii_case("error"))
                .or_else(|| word("status").filter(|word| !word.contains(char::is_lowercase)))
                .or_else(|| word("error_type")),
            param: word("param"),
            status: ["status", "statusCode", "status_code", "code"]
                .into_iter()
                .filter_map(number)
                .find_map(|status| u16::try_from(status).ok().filter(|it| (400..600).contains(it))),
            request_id: word("request_id"),
            retry_after: json::list(value, "details")
                .iter()
                .find_map(|detail| seconds(json::text(detail, "retryDelay")?)),
        }
    }
}

/// One entry of a `detail` list.
struct Detail<'a> {
    /// Where the mistake stands, for example `["body", "messages"]`.
    path: Vec<String>,
    message: &'a str,
    kind: Option<&'a str>,
}

impl<'a> Detail<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        let path = json::list(value, "loc")
            .iter()
            .map(|step| step.as_str().map_or_else(|| step.to_string(), ToOwned::to_owned))
            .collect();
        Some(Self { path, message: json::text(value, "msg")?, kind: json::text(value, "type") })
    }

    fn param(&self) -> Option<String> {
        let path = match self.path.as_slice() {
            [first, rest @ ..] if first == "body" => rest,
            path => path,
        };
        (!path.is_empty()).then(|| path.join("."))
    }
}

impl std::fmt::Display for Detail<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path.join("."))?;
        }
        f.write_str(self.message)
    }
}

/// The seconds in a duration such as `34s` or `34.5s`.
fn seconds(duration: &str) -> Option<f64> {
    duration
        .strip_suffix('s')?
        .parse()
        .ok()
        .filter(|seconds: &f64| seconds.is_finite() && *seconds >= 0.0)
}

/// The words of a page or a plain text: no tags, no scripts, no control characters, at most 200
/// characters.
pub(super) fn plain(text: &str) -> String {
    let mut words = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        words.push_str(&rest[..at]);
        let tag = &rest[at + 1..];
        if !tag.starts_with(|first: char| first.is_ascii_alphabetic() || "/!?".contains(first)) {
            words.push('<');
            rest = tag;
            continue;
        }
        words.push(' ');
        rest = &tag[tag_end(tag)..];
        // Enough for an excerpt, however long the page is.
        if words.len() > 4_096 {
            break;
        }
    }
    words.push_str(rest);
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    let mut words = words.replace("&nbsp;", " ");
    for (entity, character) in entities {
        words = words.replace(entity, character);
    }
    words.retain(|character| character.is_whitespace() || !character.is_control());
    json::excerpt(&words)
}

/// Where the text behind a tag begins; scripts and styles go whole.
fn tag_end(tag: &str) -> usize {
    let end = tag.find('>').map_or(tag.len(), |end| end + 1);
    for close in ["</script", "</style"] {
        if tag.starts_with(&close[2..]) {
            return tag[end..].find(close).map_or(tag.len(), |at| end + at);
        }
    }
    end
}

#[cfg(test)]
#[path = "fault_tests.rs"]
mod tests;
