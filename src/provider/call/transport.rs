//! What went wrong below HTTP: reqwest's errors become ours.

use std::{error, io, net::SocketAddr};

use hyper_util::client::legacy::{self, connect::HttpInfo};
use rustls::{AlertDescription, CertificateError};

use super::{
    super::{Cause, Client, Error, Kind, Source, TlsCause},
    place::{Place, Words},
};

/// Translates an error from before the whole head.
pub(super) fn before_head(
    error: reqwest::Error,
    client: &Client,
    place: &Place,
    connect: std::time::Duration,
) -> Error {
    let error = error.without_url();
    let findings = Findings::of(&error);
    let host = &place.host;
    if let Some(tls) = findings.tls {
        return tls_error(tls, client, place);
    }
    let is_proxys = client.proxy().is_some() && error.is_connect();
    if is_proxys && !findings.is_timeout {
        return proxy_error(&error, &findings, client.proxy().unwrap_or_default());
    }
    let found = if findings.is_timeout {
        let message = format!("no connection to `{host}` within {}", Words(connect));
        return Error::new(Kind::Timeout, Cause::ConnectTimeout(connect), message).transient();
    } else if findings.is_dns {
        let name = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name).to_owned();
        let message = format!("the host's name was not found: `{name}`");
        Error::new(Kind::Network, Cause::NameNotFound { host: name }, message)
    } else if let Some(error) = findings.io.and_then(|kind| io_error(kind, client, place)) {
        // The message says all that the operating system's words would.
        return error;
    } else if findings.is_too_large {
        let message = format!("`{}` answered with more headers than byok holds", place.host);
        Error::new(Kind::Server, Cause::NotHttp, message)
    } else if findings.is_parse {
        let message = format!("`{host}` answered with something that is not HTTP/1.1");
        Error::new(Kind::Server, Cause::NotHttp, message)
    } else if findings.is_incomplete {
        reset(place)
    } else if error.is_connect() {
        let message = format!("no connection to `{host}`");
        Error::new(Kind::Network, Cause::Unreachable, message)
    } else if error.is_builder() {
        let message = "the request cannot be sent as it is";
        Error::new(Kind::Config, Cause::Setting, message)
    } else {
        let message = format!("the connection to `{host}` failed before an answer came");
        Error::new(Kind::Network, Cause::Reset, message).transient()
    };
    match deepest(&error) {
        Some(source) => found.beneath(source),
        None => found,
    }
}

/// The end on this side of the connection that an error happened on, if there was one.
pub(super) fn local(error: &reqwest::Error) -> Option<SocketAddr> {
    let error = layers(error).find_map(|layer| layer.downcast_ref::<legacy::Error>())?;
    // What a connector tells about itself can only be had as an answer's extensions.
    let mut extensions = hyper::Response::new(());
    error.connect_info()?.get_extras(extensions.extensions_mut());
    extensions.extensions().get::<HttpInfo>().map(HttpInfo::local_addr)
}

/// What broke the connection in the middle of a body, in the words of the lowest layer.
pub(super) fn in_body(error: reqwest::Error) -> Source {
    let error = error.without_url();
    deepest(&error).unwrap_or_else(|| error.to_string()).into()
}

/// What the layers beneath a `reqwest::Error` know.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent findings")]
struct Findings<'a> {
    tls: Option<&'a rustls::Error>,
    io: Option<io::ErrorKind>,
    is_timeout: bool,
    is_dns: bool,
    is_parse: bool,
    is_too_large: bool,
    is_incomplete: bool,
}

impl<'a> Findings<'a> {
    fn of(error: &'a reqwest::Error) -> Self {
        let mut findings =
            Self { is_timeout: error.is_timeout(), is_dns: error.is_dns(), ..Self::default() };
        for layer in layers(error) {
            if let Some(tls) = layer.downcast_ref::<rustls::Error>() {
                findings.tls = Some(tls);
            } else if let Some(io) = layer.downcast_ref::<io::Error>() {
                findings.io = Some(io.kind());
            } else if let Some(hyper) = layer.downcast_ref::<hyper::Error>() {
                findings.is_too_large |= hyper.is_parse_too_large();
                findings.is_parse |= hyper.is_parse();
                findings.is_incomplete |= hyper.is_incomplete_message() || hyper.is_canceled();
            }
        }
        findings
    }
}

/// `error` and all beneath it. An [`io::Error`] that wraps another hides it from `source`.
fn layers<'a>(
    error: &'a (dyn error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn error::Error + 'static)> {
    std::iter::successors(Some(error), |layer| {
        match layer.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => layer.source(),
        }
    })
}

/// The words of the lowest layer.
fn deepest(error: &reqwest::Error) -> Option<String> {
    layers(error).skip(1).last().map(ToString::to_string)
}

fn io_error(kind: io::ErrorKind, client: &Client, place: &Place) -> Option<Error> {
    let host = &place.host;
    let error = match kind {
        io::ErrorKind::ConnectionRefused => {
            let message = format!("nothing listens at `{host}`: connection refused");
            let error = Error::new(Kind::Network, Cause::Refused, message);
            // On this machine it will be refused again; elsewhere a restart may be under way.
            if client.is_loopback() { error } else { error.transient() }
        }
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            let message = format!("there is no way to `{host}`: the network is unreachable");
            Error::new(Kind::Network, Cause::Unreachable, message)
        }
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::NotConnected
        | io::ErrorKind::UnexpectedEof => reset(place),
        _ => return None,
    };
    Some(error)
}

fn reset(place: &Place) -> Error {
    let message = format!("`{}` closed the connection before it answered", place.host);
    Error::new(Kind::Network, Cause::Reset, message).transient()
}

fn proxy_error(error: &reqwest::Error, findings: &Findings<'_>, proxy: &str) -> Error {
    // hyper-util's tunnel keeps its error type to itself.
    let wants_password =
        layers(error).any(|layer| layer.to_string().contains("proxy authorization required"));
    let status = wants_password.then_some(407);
    let message = match findings.io {
        _ if wants_password => format!("the proxy `{proxy}` wants a user and a password (407)"),
        Some(io::ErrorKind::ConnectionRefused) => {
            format!("nothing listens at the proxy `{proxy}`: connection refused")
        }
        _ if findings.is_dns => format!("the proxy's name was not found: `{proxy}`"),
        _ => format!("the proxy `{proxy}` gave no connection"),
    };
    let says_all = wants_password || matches!(findings.io, Some(io::ErrorKind::ConnectionRefused));
    let found =
        Error::new(Kind::Network, Cause::Proxy { proxy: proxy.to_owned(), status }, message);
    match deepest(error) {
        Some(source) if !says_all => found.beneath(source),
        _ => found,
    }
}

fn tls_error(error: &rustls::Error, client: &Client, place: &Place) -> Error {
    let host = &place.host;
    let refused = format!("the certificate of `{host}` was refused");
    let (cause, message) = match error {
        rustls::Error::InvalidCertificate(reason) => match reason {
            CertificateError::UnknownIssuer => {
                let roots = client.roots_in_words();
                let message = format!("{refused}: its issuer is not among the {roots}");
                (TlsCause::UnknownIssuer { roots }, message)
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                (TlsCause::Expired, format!("{refused}: it has expired"))
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                (TlsCause::NotYetValid, format!("{refused}: it is not valid yet"))
            }
            CertificateError::NotValidForName => {
                let message = format!("{refused}: it is for another name");
                (TlsCause::WrongName { names: Vec::new() }, message)
            }
            CertificateError::NotValidForNameContext { presented, .. } => {
                let names: Vec<_> = presented.iter().map(|name| plain_name(name)).collect();
                let listed = match names.as_slice() {
                    [] => "another name".to_owned(),
                    names => format!("`{}`", names.join("`, `")),
                };
                (TlsCause::WrongName { names }, format!("{refused}: it is for {listed}"))
            }
            _ => (TlsCause::Certificate, refused),
        },
        rustls::Error::AlertReceived(alert) => match alert {
            AlertDescription::CertificateRequired => {
                let message = format!("`{host}` wants to see a client certificate");
                (TlsCause::ClientCertificate, message)
            }
            AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied => {
                let message = format!("`{host}` refused the client certificate");
                (TlsCause::ClientCertificate, message)
            }
            _ => (TlsCause::Other, format!("`{host}` refused the TLS handshake")),
        },
        rustls::Error::InvalidMessage(_) => {
            (TlsCause::NotTls, format!("`{host}` does not speak TLS at this port"))
        }
        _ => (TlsCause::Other, format!("no TLS connection to `{host}`")),
    };
    let says_all = matches!(
        cause,
        TlsCause::UnknownIssuer { .. }
            | TlsCause::WrongName { .. }
            | TlsCause::Expired
            | TlsCause::NotYetValid
            | TlsCause::NotTls
    );
    let found = Error::new(Kind::Network, Cause::Tls(cause), message);
    if says_all { found } else { found.beneath(error.to_string()) }
}

/// `DnsName("example.org")`, as webpki writes names, without what is around the name.
fn plain_name(name: &str) -> String {
    let inner = name.split_once('(').map_or(name, |(_, rest)| rest.trim_end_matches(')'));
    inner.trim_matches('"').to_owned()
}
