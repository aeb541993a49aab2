//! A request as text: for `--dry-run` and `--curl`. Pure.

use std::fmt::Write as _;

use serde_json::Value;

use super::{Address, Header, HeaderText, HttpRequest, Network};

/// The longest body that stands in curl's own arguments, in bytes: Linux allows 128 KiB for one.
const LONGEST_ARGUMENT: usize = 100 * 1024;

/// The request line, one header a line, a blank line, the pretty-printed body, a final newline.
/// A request without a body ends after its headers.
pub fn dry_run(request: &HttpRequest) -> String {
    let mut text = format!("{} {}\n", request.method, request.url);
    for header in &request.headers {
        let value = match &header.value {
            HeaderText::Plain(value) => value.clone(),
            HeaderText::Credential { before, shown_as } => format!("{before}${shown_as}"),
            HeaderText::Hidden(_) => format!("${}", hidden_variable(&header.name)),
        };
        push_line(&mut text, format_args!("{}: {value}", header.name));
    }
    if !request.body.is_empty() {
        push_line(&mut text, format_args!("\n{}", pretty(&request.body)));
    }
    text
}

/// A line for `sh`, `bash` or `zsh` that sends the same over the same way; secrets are shell
/// variables, to be set before it runs. A long body is piped, as no argument holds it.
pub fn curl(request: &HttpRequest, network: &Network) -> String {
    let body = String::from_utf8_lossy(&request.body);
    let is_long = body.len() > LONGEST_ARGUMENT;
    let mut words = vec![];
    if is_long {
        words.push(format!("printf %s {} |", quoted(&body)));
    }
    words.push("curl -sS".to_owned());
    if is_streaming(request) {
        words.push("-N".to_owned());
    }
    if request.url.contains(['[', ']', '{', '}']) {
        // Brackets are patterns to curl.
        words.push("--globoff".to_owned());
    }
    words.extend(network_words(&request.url, network));
    words.push(quoted(&request.url));
    words.extend(request.headers.iter().map(header_words));
    if is_long {
        words.push("--data-binary @-".to_owned());
    } else if !body.is_empty() {
        words.push(format!("--data-binary {}", quoted(&body)));
    }
    words.join(" ")
}

fn push_line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("writing to a `String` cannot fail");
}

/// JSON indented; other bytes as they are.
fn pretty(body: &[u8]) -> String {
    serde_json::from_slice::<Value>(body)
        .map_or_else(|_| String::from_utf8_lossy(body).into_owned(), |json| format!("{json:#}"))
}

fn is_streaming(request: &HttpRequest) -> bool {
    let stream = HeaderText::Plain("text/event-stream".to_owned());
    request.headers.iter().any(|header| header.name == "accept" && header.value == stream)
}

fn header_words(header: &Header) -> String {
    let name = &header.name;
    let (before, variable) = match &header.value {
        // With a colon and nothing behind it, curl would take its own header away.
        HeaderText::Plain(value) if value.is_empty() => {
            return format!("-H {}", quoted(&format!("{name};")));
        }
        HeaderText::Plain(value) => return format!("-H {}", quoted(&format!("{name}: {value}"))),
        HeaderText::Credential { before, shown_as } if is_variable(shown_as) => {
            (*before, shown_as.clone())
        }
        HeaderText::Credential { before, .. } => (*before, "BYOK_KEY".to_owned()),
        HeaderText::Hidden(_) => ("", hidden_variable(name)),
    };
    // A header's name may hold what double quotes do not take away from the shell: `!`, `$`, `` ` ``.
    if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) {
        format!("-H \"{name}: {before}${variable}\"")
    } else {
        format!("-H {}\"${variable}\"", quoted(&format!("{name}: {before}")))
    }
}

fn network_words(url: &str, network: &Network) -> Vec<String> {
    let tls = &network.tls;
    let files =
        [("--cacert", &tls.ca_file), ("--cert", &tls.client_cert), ("--key", &tls.client_key)];
    let files = files.into_iter().filter_map(|(flag, file)| {
        file.as_ref().map(|file| format!("{flag} {}", quoted(&file.to_string_lossy())))
    });
    files.chain(proxy_words(url, network.proxy.as_deref())).collect()
}

fn proxy_words(url: &str, proxy: Option<&str>) -> Option<String> {
    let origin = Address { base_url: Some(url), ..Address::default() }.origin();
    match proxy {
        // Loopback is never proxied, whatever the environment says.
        _ if origin.is_ok_and(|origin| origin.is_loopback()) => Some("--noproxy '*'".to_owned()),
        // It may hold a password.
        Some(proxy) if proxy.contains('@') => Some("--proxy \"$BYOK_PROXY\"".to_owned()),
        Some(proxy) => Some(format!("--proxy {}", quoted(proxy))),
        None => None,
    }
}

/// `text` as one word of the shell, whatever it holds.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The variable that stands for a secret among the user's own headers.
fn hidden_variable(header: &str) -> String {
    let name = header.chars().map(|character| match character.to_ascii_uppercase() {
        character if character.is_ascii_alphanumeric() => character,
        _ => '_',
    });
    format!("BYOK_HEADER_{}", name.collect::<String>())
}

/// Whether a shell takes `name` for a variable's.
fn is_variable(name: &str) -> bool {
    let is_part = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric();
    name.bytes().all(is_part)
        && !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
}

#[cfg(test)]
#[path = "preview_tests.rs"]
mod tests;
