//! Where roots come from: the environment, one bundle file, the system's whole store, ours.

use std::path::Path;

use rustls::pki_types::{CertificateDer, TrustAnchor};
use rustls_native_certs::CertificateResult;

use super::count;

/// Where systems keep all their roots in one file.
const BUNDLES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt", // Debian, Alpine, Arch, Gentoo
    "/etc/pki/tls/certs/ca-bundle.crt",   // Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",             // openSUSE
    "/etc/ssl/cert.pem",                  // OpenBSD, FreeBSD, Alpine
    "/usr/local/share/certs/ca-root-nss.crt", // FreeBSD
];

/// Roots, and how they are spoken of.
pub(super) struct Roots {
    /// As they were read.
    pub(super) certificates: Vec<CertificateDer<'static>>,
    /// As they were compiled in.
    pub(super) anchors: Vec<TrustAnchor<'static>>,
    /// ``143 certificates of `/etc/ssl/certs/ca-certificates.crt` ``.
    pub(super) words: String,
    /// Whether the system may know more.
    pub(super) is_partial: bool,
}

/// The quickest roots: those that the environment names, else the bundle file, else all.
pub(super) fn first() -> Roots {
    if is_named_by_environment() {
        return named(rustls_native_certs::load_native_certs());
    }
    bundle(BUNDLES).unwrap_or_else(whole)
}

/// All roots of the system; Mozilla's as they were compiled in when it has none.
pub(super) fn whole() -> Roots {
    let certificates = rustls_native_certs::load_native_certs().certs;
    if certificates.is_empty() {
        return built_in();
    }
    let words = format!("{} of the system", count(certificates.len()));
    Roots { certificates, anchors: Vec::new(), words, is_partial: false }
}

/// The first of `paths` that holds a certificate.
pub(super) fn bundle(paths: &[&str]) -> Option<Roots> {
    // On macOS and Windows the store is no file, and a file would be somebody else's.
    if cfg!(any(target_os = "macos", windows)) {
        return None;
    }
    paths.iter().find_map(|path| {
        let certificates =
            rustls_native_certs::load_certs_from_paths(Some(Path::new(path)), None).certs;
        if certificates.is_empty() {
            return None;
        }
        let words = format!("{} of `{path}`", count(certificates.len()));
        Some(Roots { certificates, anchors: Vec::new(), words, is_partial: true })
    })
}

/// What the variables led to. Nothing stands in when that is nothing: who set them meant them.
pub(super) fn named(found: CertificateResult) -> Roots {
    let mut words =
        format!("{} named by `SSL_CERT_FILE` or `SSL_CERT_DIR`", count(found.certs.len()));
    if let Some(error) = found.errors.first() {
        words = format!("{words} ({error})");
    }
    Roots { certificates: found.certs, anchors: Vec::new(), words, is_partial: false }
}

fn built_in() -> Roots {
    let anchors = webpki_roots::TLS_SERVER_ROOTS.to_vec();
    let words = format!("{} built into byok, for the system has none", count(anchors.len()));
    Roots { certificates: Vec::new(), anchors, words, is_partial: false }
}

/// Whether one of the two variables is set that rustls-native-certs reads. Their values are that
/// crate's business; this only decides whether the short cut past it is open.
#[expect(clippy::disallowed_methods, reason = "whether they are set, not what they say")]
fn is_named_by_environment() -> bool {
    ["SSL_CERT_FILE", "SSL_CERT_DIR"].iter().any(|name| std::env::var_os(name).is_some())
}
