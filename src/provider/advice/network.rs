//! Hints for what kept an answer from coming at all.

use std::time::Duration;

use super::super::{Cause, Target, TlsCause, preview};

/// Which server usually listens at a port of one's own machine, and what starts it.
const LOCAL_SERVERS: [(u16, &str, &str); 5] = [
    (11434, "Ollama", "ollama serve"),
    (1234, "LM Studio", "lms server start"),
    (8000, "vLLM", "vllm serve MODEL"),
    (8080, "llama.cpp", "llama-server -m MODEL.gguf"),
    (4000, "LiteLLM", "litellm --config config.yaml"),
];

/// `None` for causes that are no matter of the network.
pub(super) fn hints(cause: &Cause, target: &Target) -> Option<Vec<String>> {
    let hints = match cause {
        Cause::Refused => refused(target),
        Cause::NameNotFound { host } => name_not_found(host, target),
        Cause::Unreachable => {
            vec!["check that this machine is online, and its VPN if it needs one".to_owned()]
        }
        Cause::Reset => reset(target),
        Cause::ConnectTimeout(limit) => vec![
            format!(
                "check that the host and port of `base_url` are right and no firewall is between: \
                 `{}`",
                target.endpoint.origin
            ),
            raise("connect", *limit, target),
        ],
        Cause::FirstByteTimeout(limit) => vec![
            "a model that thinks long, or that is still being loaded, needs more time".to_owned(),
            raise("first_byte", *limit, target),
        ],
        Cause::IdleTimeout(limit) => vec![raise("idle", *limit, target)],
        Cause::Tls(cause) => tls(cause, target),
        Cause::Proxy { status, .. } => proxy(*status, target),
        Cause::NotHttp => other_scheme(target),
        Cause::Setting => vec![format!(
            "`byok config show -P {}` says where each value comes from",
            target.profile
        )],
        _ => return None,
    };
    Some(hints)
}

fn refused(target: &Target) -> Vec<String> {
    let origin = &target.endpoint.origin;
    if !origin.is_loopback() {
        return vec![format!("check the host and port of `base_url`: `{origin}`")];
    }
    let usual = LOCAL_SERVERS.iter().find(|(port, ..)| *port == origin.port);
    let start = if let Some((port, name, command)) = usual {
        format!("{name} usually listens on port {port}: start it with `{command}`")
    } else {
        let ports = LOCAL_SERVERS.map(|(port, name, _)| format!("{port} ({name})"));
        format!(
            "start the server, or correct the port in `base_url`; usual ones are {}",
            ports.join(", ")
        )
    };
    // The query may hold a key, and a check does without.
    let url = target.endpoint.models_url.split('?').next().unwrap_or_default();
    vec![start, format!("then check it with `curl {}`", shell_word(url))]
}

/// A URL as a word of the shell, in quotes only when it needs them.
fn shell_word(url: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b":/.-_".contains(&byte);
    if url.bytes().all(is_plain) { url.to_owned() } else { preview::quoted(url) }
}

fn name_not_found(host: &str, target: &Target) -> Vec<String> {
    let is_server = host.eq_ignore_ascii_case(&target.endpoint.origin.host);
    let place = if is_server { "`base_url`" } else { "the proxy's address" };
    vec![
        format!("check the spelling of `{host}` in {place}"),
        "check that this machine is online, and its VPN if only that knows the name".to_owned(),
    ]
}

fn reset(target: &Target) -> Vec<String> {
    let mut hints = vec!["try again; if it stays so, look at the server's log".to_owned()];
    if target.endpoint.origin.scheme == "http" {
        hints.extend(other_scheme(target));
    }
    hints
}

/// For a server that answers in another language than the URL's scheme says.
fn other_scheme(target: &Target) -> Vec<String> {
    let origin = &target.endpoint.origin;
    if origin.scheme == "https" {
        return vec![format!("check the port of `base_url`: `{origin}`")];
    }
    vec![format!(
        "if the server speaks TLS there, write `https://` in place of `http://`: `{origin}`"
    )]
}

fn raise(key: &str, limit: Duration, target: &Target) -> String {
    let twice = limit.saturating_mul(2);
    let twice = match twice.as_secs() {
        0 => format!("{}ms", twice.as_millis().max(1)),
        seconds => format!("{seconds}s"),
    };
    format!("raise `timeouts.{key}` in profile `{}`, to `\"{twice}\"` say", target.profile)
}

fn proxy(status: Option<u16>, target: &Target) -> Vec<String> {
    let profile = &target.profile;
    let place = match &target.network.proxy {
        Some(_) => format!("`proxy` in profile `{profile}`"),
        None => "the variable `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY`".to_owned(),
    };
    if status == Some(407) {
        return vec![format!("put the user and password for the proxy into {place}")];
    }
    vec![
        format!("check the proxy's address in {place}"),
        format!(
            "to go without a proxy, set `NO_PROXY={}`",
            target.endpoint.origin.host.trim_matches(['[', ']'])
        ),
    ]
}

fn tls(cause: &TlsCause, target: &Target) -> Vec<String> {
    let profile = &target.profile;
    let ca_file = format!(
        "if the server, or a proxy on the way, has a certificate of your organisation, name its \
         authority's file: `tls.ca_file = \"FILE.pem\"` in profile `{profile}`"
    );
    let clock =
        "check this machine's clock; if it is right, the server's certificate has to be renewed";
    match cause {
        TlsCause::UnknownIssuer { roots } => {
            vec![ca_file, format!("the certificate was held against the {roots}")]
        }
        TlsCause::WrongName { names } if names.is_empty() => {
            vec![format!("check the host in `base_url`: `{}`", target.endpoint.origin)]
        }
        TlsCause::WrongName { .. } => {
            vec![format!(
                "check the host in `base_url`: `{}`; a name that the certificate is for would do",
                target.endpoint.origin
            )]
        }
        TlsCause::Expired | TlsCause::NotYetValid => vec![clock.to_owned()],
        TlsCause::ClientCertificate => vec![format!(
            "set `tls.client_cert` (and `tls.client_key`) in profile `{profile}` to a certificate \
             that the server knows"
        )],
        TlsCause::NotTls => vec![not_tls(target)],
        TlsCause::Certificate | TlsCause::Other => vec![ca_file, clock.to_owned()],
    }
}

fn not_tls(target: &Target) -> String {
    let origin = &target.endpoint.origin;
    if origin.is_loopback() {
        return format!("write `http://` in place of `https://`: `{origin}` does not speak TLS");
    }
    format!("check the port of `base_url`: `{origin}` does not speak TLS there")
}
