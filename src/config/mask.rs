//! A line of the file, fit to be quoted: nothing of it that may be a secret. Pure.

use super::keys::{self, Kind};
use crate::provider::names_a_secret;

/// What stands for the hidden part.
const HIDDEN: char = '…';

/// The longest quote, in characters.
const LONGEST: usize = 100;

/// Masks a line. It is shown whole only when it is a table's head, or `key = value` with a known
/// key whose value is no secret; otherwise what follows `=` is hidden, and without an `=`
/// everything is. A key that was written without its quotes, on two lines or under another name is
/// hidden too, because nothing is shown that is not known to be harmless.
pub(super) fn mask(line: &str) -> String {
    let line = line.trim();
    let masked = match line.split_once('=') {
        _ if is_head(line) => line.to_owned(),
        Some((key, value)) => {
            let key = key.trim();
            if !is_name(key) {
                HIDDEN.to_string()
            } else if is_harmless(key, value) {
                format!("{key} = {}", value.trim())
            } else {
                format!("{key} = {HIDDEN}")
            }
        }
        None => HIDDEN.to_string(),
    };
    shorten(&masked)
}

/// `[profiles.work]`: bare names only, for a quoted one may be a value of an array.
fn is_head(line: &str) -> bool {
    let inner = line.trim_start_matches('[').trim_end_matches(']');
    line.starts_with('[') && line.ends_with(']') && is_name(inner)
}

/// A bare dotted name of a modest length; a key that is longer may be a secret by mistake.
fn is_name(text: &str) -> bool {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    !text.is_empty()
        && text.len() <= 60
        && text.split('.').all(|part| part.len() <= 30 && !part.starts_with("sk-"))
        && text.bytes().all(is_bare)
}

fn is_harmless(key: &str, value: &str) -> bool {
    let last = key.rsplit('.').next().unwrap_or(key);
    let known = keys::find(key).or_else(|| {
        // `byok` reads `ca_file` below `[profiles.work.tls]`, and `profiles.work.model` at the top.
        keys::KEYS.iter().find(|known| known.name.rsplit('.').next() == Some(last))
    });
    let is_plain = known.or_else(|| keys::find(last)).is_some_and(|known| {
        !matches!(known.kind, Kind::Credential | Kind::Strings | Kind::Table)
            && known.name != "proxy"
    });
    // More than one value on the line (an inline table, two keys run together), a comment that
    // may say anything, or a name and password in a URL.
    is_plain && !value.contains(['=', '{', '#', '@']) && !value.contains("sk-")
}

/// A key that nobody knows, for a message: it is a name, or it is hidden.
pub(super) fn mask_name(name: &str) -> String {
    if is_name(name) { name.to_owned() } else { HIDDEN.to_string() }
}

/// Masks what may be secret in a URL: a name and password, parameters named as secrets are.
pub fn mask_url(url: &str) -> String {
    let (url, fragment) = match url.find('#') {
        Some(at) => url.split_at(at),
        None => (url, ""),
    };
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let (scheme, rest) = path.split_once("://").unwrap_or(("", path));
    // The last `@` before the path ends the password, which may hold one itself.
    let authority = rest.find('/').unwrap_or(rest.len());
    let rest = match rest[..authority].rfind('@') {
        Some(at) => format!("{HIDDEN}{}", &rest[at..]),
        None => rest.to_owned(),
    };
    let masked_parameter = |parameter: &str| match parameter.split_once('=') {
        Some((name, _)) if names_a_secret(name) => format!("{name}={HIDDEN}"),
        _ => parameter.to_owned(),
    };
    let query: Vec<String> = query.split('&').map(masked_parameter).collect();
    let (mark, query) =
        if url.contains('?') { ("?", query.join("&")) } else { ("", String::new()) };
    let separator = if path.contains("://") { "://" } else { "" };
    format!("{scheme}{separator}{rest}{mark}{query}{fragment}")
}

fn shorten(text: &str) -> String {
    let clean = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let mut short: String = text.chars().take(LONGEST).map(clean).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push(HIDDEN);
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, masked: &str) {
        assert_eq!(mask(line), masked);
    }

    #[test]
    fn harmless_lines_are_quoted_whole() {
        check("  [profiles.work]", "[profiles.work]");
        check("type = \"opnai\"", "type = \"opnai\"");
        check("base_url=\"http://h/v1\"", "base_url = \"http://h/v1\"");
        check("baseUrl = 5", "baseUrl = 5");
        check("profiles.work.retries = -1", "profiles.work.retries = -1");
        check("ca_file = 5", "ca_file = 5");
    }

    #[test]
    fn whatever_may_be_a_secret_is_hidden() {
        for line in [
            "api_key = \"sk-canary\"",
            "apiKey = 'canary",
            "api_key = canary",
            "token = \"canary\"",
            "unknown = \"canary\"",
            "OPENAI_API_KEY=canary",
            "headers = { authorization = \"canary\" }",
            "authorization = \"canary\"",
            "model = \"m\" api_key = \"canary\"",
            "model = \"m\" # canary",
            "base_url = \"https://me:canary@host/\"",
            "proxy = \"http://me:canary\"",
            "work = { model = \"m\", api_key = \"canary\" }",
            "[\"canary\"],",
            "[\"canary\"]",
            "\"canary\" = 1",
            "canary",
            "model = \"sk-canary\"",
        ] {
            let masked = mask(line);
            assert!(!masked.contains("canary"), "{line} became {masked}");
        }
    }

    #[test]
    fn passwords_in_urls_are_hidden() {
        for (url, masked) in [
            ("https://h/v1", "https://h/v1"),
            ("https://me:can@ry@h:1/v1", "https://…@h:1/v1"),
            ("me:canary@h/v1", "…@h/v1"),
            (
                "https://h/v1?api-version=1&sig=x&key=canary#f",
                "https://h/v1?api-version=1&sig=x&key=…#f",
            ),
            ("", ""),
        ] {
            assert_eq!(mask_url(url), masked);
        }
    }

    #[test]
    fn long_lines_are_shortened_and_controls_replaced() {
        let line = format!("model = \"{}\"", "é".repeat(500));
        assert_eq!(mask(&line).chars().count(), LONGEST + 1);
        check("model = \"a\u{1b}[31m\"", "model = \"a\u{fffd}[31m\"");
    }
}
