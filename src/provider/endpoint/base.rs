//! The text of `base_url`, checked and taken apart.

use std::fmt::Write as _;

use url::Url;

use super::{EndpointError, Origin, WireApi};
use crate::provider::auth::names_a_secret;

/// The longest `base_url` that is looked at, in bytes.
const LONGEST: usize = 8 * 1024;

/// A `base_url` in its parts. Joined by string: RFC 3986 resolution would drop parts of the path.
#[derive(Debug, Clone)]
pub(super) struct Base {
    pub(super) origin: Origin,
    /// Empty, or beginning and not ending with `/`; in the letter case it was written in.
    pub(super) path: String,
    /// The URL's parameters and those of `query`, in this order.
    pub(super) query: Vec<Parameter>,
    /// What was changed or looks wrong so far.
    pub(super) notices: Vec<String>,
}

/// One `name=value` of a URL's query.
#[derive(Debug, Clone)]
pub(super) struct Parameter {
    /// Decoded.
    pub(super) name: String,
    /// As it stands in the URL, name included.
    text: String,
    /// From `base_url`, not from `query`.
    pub(super) is_from_url: bool,
}

impl Base {
    /// Reads `text` by the rules of the web, but without their forgiveness: what the `url` crate
    /// would mend in silence (white space, backslashes, missing slashes, dot segments) is refused,
    /// so that the URL that is shown is the one that is sent.
    pub(super) fn parse(text: &str, extra: &[(String, String)]) -> Result<Self, EndpointError> {
        let text = text.trim();
        check_characters(text)?;
        let authority = check_scheme(text)?;
        let url = Url::parse(text).map_err(|error| {
            EndpointError::new(format!("`base_url` is no URL: {error}"), vec![example()])
        })?;
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(EndpointError::new("`base_url` has no host", vec![example()]));
        };
        let origin =
            Origin { scheme: url.scheme().to_owned(), host: host.to_ascii_lowercase(), port };
        check_segments(text)?;

        let mut base = Self {
            path: url.path().trim_end_matches('/').to_owned(),
            query: url.query().map(parameters).unwrap_or_default(),
            notices: vec![],
            origin,
        };
        base.notice_host(authority);
        if url.fragment().is_some() {
            base.notices.push("`base_url`: the part from `#` on is left out".to_owned());
        }
        base.extend_query(extra);
        Ok(base)
    }

    /// The whole URL of `path` (which begins with `/`) at this origin, with the query.
    pub(super) fn join(&self, path: &str) -> String {
        let mut url = format!("{}{path}", self.origin);
        for (index, parameter) in self.query.iter().enumerate() {
            url.push(if index == 0 { '?' } else { '&' });
            url.push_str(&parameter.text);
        }
        url
    }

    /// Takes a request's own path off the end: people paste whole request URLs.
    pub(super) fn strip_request_path(&mut self) -> Option<WireApi> {
        [WireApi::Completions, WireApi::Responses]
            .into_iter()
            .find(|wire_api| self.strip(wire_api.suffix()))
    }

    /// The wire format: what the profile says, else what a pasted URL ends in (rows 7, 8, 34, 35).
    pub(super) fn choose_wire_api(
        &mut self,
        set: Option<WireApi>,
        pasted: Option<WireApi>,
    ) -> WireApi {
        if let (Some(set), Some(pasted)) = (set, pasted)
            && set != pasted
        {
            self.notices.push(format!(
                "`base_url` ends in `{}`, but `wire_api = \"{}\"` is used",
                pasted.suffix(),
                set.name()
            ));
        }
        set.or(pasted).unwrap_or_default()
    }

    /// Takes `suffix` off the end of the path, in any letter case. Whether it was there.
    pub(super) fn strip(&mut self, suffix: &str) -> bool {
        let Some(at) = tail_at(&self.path, suffix) else { return false };
        self.path.truncate(at);
        let trimmed = self.path.trim_end_matches('/').len();
        self.path.truncate(trimmed);
        true
    }

    /// Takes every parameter called `name` out of the query; the last stands for all, as `query`
    /// comes after the URL's own. Its value (decoded), and whether it stood in `base_url`.
    pub(super) fn take_parameter(&mut self, name: &str) -> Option<(String, bool)> {
        let (taken, kept) = std::mem::take(&mut self.query)
            .into_iter()
            .partition::<Vec<_>, _>(|parameter| parameter.name.eq_ignore_ascii_case(name));
        self.query = kept;
        let parameter = taken.into_iter().next_back()?;
        let value = parameter.text.split_once('=').map_or("", |(_, value)| value);
        Some((decode(value), parameter.is_from_url))
    }

    /// Adds a parameter at the front, where readers look for it.
    pub(super) fn put_parameter(&mut self, name: &str, value: &str) {
        self.query.insert(0, Parameter::new(name, value));
    }

    fn extend_query(&mut self, extra: &[(String, String)]) {
        for (name, value) in extra {
            let before = self.query.len();
            self.query.retain(|own| !own.is_from_url || own.name != *name);
            if self.query.len() < before {
                self.notices.push(format!(
                    "`query` replaces the parameter `{name}` that `base_url` has too"
                ));
            }
            self.query.push(Parameter::new(name, value));
        }
        if let Some(parameter) = self.query.iter().find(|own| names_a_secret(&own.name)) {
            self.notices.push(format!(
                "the URL holds the parameter `{}`: URLs are shown and logged, a key belongs in `api_key`",
                parameter.name
            ));
        }
    }

    /// Says what host is meant where the text says it otherwise: IDN, decimal addresses.
    fn notice_host(&mut self, authority: &str) {
        let written = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => host,
            _ => authority,
        };
        if !written.eq_ignore_ascii_case(&self.origin.host) {
            self.notices
                .push(format!("`base_url`: the host `{written}` means `{}`", self.origin.host));
        }
    }
}

impl Parameter {
    fn new(name: &str, value: &str) -> Self {
        let text = format!("{}={}", encode(name), encode(value));
        Self { name: name.to_owned(), text, is_from_url: false }
    }
}

fn parameters(query: &str) -> Vec<Parameter> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| Parameter {
            name: decode(pair.split('=').next().unwrap_or_default()),
            text: pair.to_owned(),
            is_from_url: true,
        })
        .collect()
}

/// Where `suffix`, in any letter case, begins at the end of `path`.
pub(super) fn tail_at(path: &str, suffix: &str) -> Option<usize> {
    let at = path.len().checked_sub(suffix.len())?;
    path.get(at..).filter(|tail| tail.eq_ignore_ascii_case(suffix)).map(|_| at)
}

/// Percent-encodes all but the unreserved characters of RFC 3986 §2.3: one segment stays one.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("writing to a `String` cannot fail");
        }
    }
    encoded
}

/// Undoes percent-encoding; what is none, or no UTF-8, stays as it is.
pub(super) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = bytes
            .get(at + 1..at + 3)
            .filter(|_| bytes[at] == b'%')
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

fn check_characters(text: &str) -> Result<(), EndpointError> {
    if text.is_empty() {
        return Err(EndpointError::new("`base_url` is empty", vec![example()]));
    }
    if text.len() > LONGEST {
        return Err(EndpointError::new(
            format!("`base_url` is too long: {} bytes", text.len()),
            vec![example()],
        ));
    }
    for (index, character) in text.chars().enumerate() {
        let what = match character {
            character if character.is_control() => "a control character",
            character if character.is_whitespace() => "a space",
            '\\' => "a backslash",
            character if is_invisible(character) => "an invisible character",
            _ => continue,
        };
        let message = format!("`base_url` holds {what} at position {}", index + 1);
        return Err(EndpointError::new(message, vec!["type the address anew".to_owned()]));
    }
    Ok(())
}

/// Characters that hide in a pasted address and that a host name loses without a word.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Requires `http://` or `https://` and no user:password. The authority, as written.
fn check_scheme(text: &str) -> Result<&str, EndpointError> {
    let Some((scheme, rest)) = text.split_once("://").filter(|(scheme, _)| is_scheme(scheme))
    else {
        return Err(missing_scheme(text));
    };
    if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return Err(EndpointError::new(
            format!("`base_url` has the scheme `{scheme}`, which is not supported"),
            vec!["begin it with `https://` or `http://`".to_owned()],
        ));
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(EndpointError::new(
            "`base_url` holds a user name or password, which would be shown and logged",
            vec!["leave out all up to `@`, and put the key into `api_key`".to_owned()],
        ));
    }
    if authority.is_empty() {
        return Err(EndpointError::new("`base_url` has no host", vec![example()]));
    }
    Ok(authority)
}

fn is_scheme(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
}

fn missing_scheme(text: &str) -> EndpointError {
    let message = "`base_url` does not begin with `https://` or `http://`";
    let bare = text.split(['?', '#']).next().unwrap_or_default();
    let host = bare.split(['/', ':']).next().unwrap_or_default();
    // A text with `@` may hold a password, one with more colons is something else.
    let is_address = !host.is_empty() && !bare.contains(['@']) && !bare.contains("://");
    let hint = match host {
        "http" | "https" => example(),
        "localhost" | "127.0.0.1" if is_address => format!("write `http://{bare}`"),
        _ if is_address => format!("write `https://{bare}`"),
        _ => example(),
    };
    EndpointError::new(message, vec![hint])
}

/// Refuses dot segments, which every HTTP library takes out of a path on its way.
fn check_segments(text: &str) -> Result<(), EndpointError> {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    match path.split('/').skip(3).find(|segment| is_dots(&decode(segment))) {
        Some(segment) => Err(EndpointError::new(
            format!("`base_url` holds the path segment `{segment}`"),
            vec!["write the path that is meant".to_owned()],
        )),
        None => Ok(()),
    }
}

/// `.` or `..`, which are no names in a path.
pub(super) fn is_dots(segment: &str) -> bool {
    matches!(segment, "." | "..")
}

fn example() -> String {
    "write an address such as `https://api.openai.com/v1` or `http://localhost:11434/v1`".to_owned()
}
