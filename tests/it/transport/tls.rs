//! Trust, over real handshakes.

use std::{path::PathBuf, sync::Arc};

use byok::provider::{Cause, Error, Kind, TlsCause};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::{
    RootCertStore, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer},
    server::WebPkiClientVerifier,
};
use tempfile::TempDir;

use super::{Asking, Outcome};
use crate::support::{
    provider::{Provider, Script},
    streams,
};

/// An issuer of certificates, with a folder for its files.
pub(super) struct Authority {
    folder: TempDir,
    issuer: Issuer<'static, KeyPair>,
    root: CertificateDer<'static>,
}

/// A certificate and its key.
pub(super) struct Leaf {
    certificate: CertificateDer<'static>,
    key: KeyPair,
    pem: String,
}

impl Authority {
    pub(super) fn new() -> Self {
        let key = KeyPair::generate().expect("keys can be made");
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // Two authorities of one name would be taken for one with a bad signature.
        params.distinguished_name.push(DnType::CommonName, uuid::Uuid::new_v4().to_string());
        let root = params.self_signed(&key).expect("a certificate");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("ca.pem"), root.pem()).expect("a file");
        Self { folder, root: root.der().clone(), issuer: Issuer::new(params, key) }
    }

    pub(super) fn issue(&self, name: &str, adjust: impl FnOnce(&mut CertificateParams)) -> Leaf {
        let key = KeyPair::generate().expect("keys can be made");
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        adjust(&mut params);
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        Leaf { certificate: certificate.der().clone(), pem: certificate.pem(), key }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Calls that trust this authority beside the system's.
    pub(super) fn trusted(&self) -> Asking {
        let mut asking = Asking::default();
        asking.network.tls.ca_file = Some(self.path("ca.pem"));
        asking
    }
}

impl Leaf {
    fn key(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::try_from(self.key.serialize_der()).expect("a key")
    }

    /// A server that shows this certificate to everybody.
    pub(super) fn server(&self) -> ServerConfig {
        ServerConfig::builder_with_provider(ring())
            .with_safe_default_protocol_versions()
            .expect("ring knows the usual versions")
            .with_no_client_auth()
            .with_single_cert(vec![self.certificate.clone()], self.key())
            .expect("a certificate and its key")
    }
}

fn ring() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn hello() -> Script {
    Script::stream(streams::chat(&["hello"]))
}

/// The TLS cause of an outcome that is for the network.
#[track_caller]
fn refusal(outcome: &Outcome) -> (&Error, &TlsCause) {
    let error = outcome.error();
    assert_eq!(error.kind, Kind::Network);
    assert!(!error.is_transient);
    match &error.cause {
        Cause::Tls(cause) => (error, cause),
        cause => panic!("{cause:?}: {error}"),
    }
}

fn message(provider: &Provider, what: &str) -> String {
    format!("the certificate of `127.0.0.1:{}` was refused: {what}", provider.port())
}

#[test]
fn an_authority_of_ones_own_is_trusted_when_the_profile_says_so() {
    let authority = Authority::new();
    let leaf = authority.issue("127.0.0.1", |_| {});
    let provider = Provider::tls([hello()], leaf.server());
    assert_eq!(authority.trusted().ask(&provider).text(), "hello");
}

#[test]
fn an_unknown_issuer_is_told_with_the_roots_that_were_used() {
    let leaf = Authority::new().issue("127.0.0.1", |_| {});
    let provider = Provider::tls([], leaf.server());
    let outcome = Authority::new().trusted().ask(&provider);
    let (error, cause) = refusal(&outcome);
    let TlsCause::UnknownIssuer { roots } = cause else { panic!("{cause:?}") };
    assert!(roots.contains("certificate") && roots.contains("ca.pem"), "{roots}");
    let expected = message(&provider, &format!("its issuer is not among the {roots}"));
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_certificate_for_another_name_says_for_which() {
    let authority = Authority::new();
    let leaf = authority.issue("api.example.org", |_| {});
    let provider = Provider::tls([], leaf.server());
    let outcome = authority.trusted().ask(&provider);
    let (error, cause) = refusal(&outcome);
    assert_eq!(cause, &TlsCause::WrongName { names: vec!["api.example.org".into()] });
    assert_eq!(error.to_string(), message(&provider, "it is for `api.example.org`"));
}

#[test]
fn a_certificate_has_its_time() {
    let authority = Authority::new();
    let expired = authority.issue("127.0.0.1", |params| {
        params.not_before = date_time_ymd(2001, 1, 1);
        params.not_after = date_time_ymd(2002, 1, 1);
    });
    let provider = Provider::tls([], expired.server());
    let outcome = authority.trusted().ask(&provider);
    let (error, cause) = refusal(&outcome);
    assert_eq!(cause, &TlsCause::Expired);
    assert_eq!(error.to_string(), message(&provider, "it has expired"));

    let early =
        authority.issue("127.0.0.1", |params| params.not_before = date_time_ymd(3000, 1, 1));
    let provider = Provider::tls([], early.server());
    let outcome = authority.trusted().ask(&provider);
    let (error, cause) = refusal(&outcome);
    assert_eq!(cause, &TlsCause::NotYetValid);
    assert_eq!(error.to_string(), message(&provider, "it is not valid yet"));
}

#[test]
fn a_client_certificate_is_shown_when_it_is_wanted() {
    let authority = Authority::new();
    let leaf = authority.issue("127.0.0.1", |_| {});
    let client = authority.issue("somebody", |_| {});
    std::fs::write(authority.path("client.pem"), &client.pem).expect("a file");
    std::fs::write(authority.path("client.key"), client.key.serialize_pem()).expect("a file");
    let mut roots = RootCertStore::empty();
    roots.add(authority.root.clone()).expect("a root");
    let judge = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), ring())
        .build()
        .expect("one root is enough");
    let server = || {
        ServerConfig::builder_with_provider(ring())
            .with_safe_default_protocol_versions()
            .expect("ring knows the usual versions")
            .with_client_cert_verifier(judge.clone())
            .with_single_cert(vec![leaf.certificate.clone()], leaf.key())
            .expect("a certificate and its key")
    };
    let mut asking = authority.trusted();
    asking.network.tls.client_cert = Some(authority.path("client.pem"));
    asking.network.tls.client_key = Some(authority.path("client.key"));
    let provider = Provider::tls([hello()], server());
    assert_eq!(asking.ask(&provider).text(), "hello");

    let provider = Provider::tls([], server());
    let outcome = authority.trusted().ask(&provider);
    let (error, cause) = refusal(&outcome);
    assert_eq!(cause, &TlsCause::ClientCertificate);
    let host = format!("127.0.0.1:{}", provider.port());
    assert_eq!(error.to_string(), format!("`{host}` wants to see a client certificate"));

    let stranger = Authority::new().issue("somebody", |_| {});
    std::fs::write(authority.path("client.pem"), &stranger.pem).expect("a file");
    std::fs::write(authority.path("client.key"), stranger.key.serialize_pem()).expect("a file");
    let provider = Provider::tls([], server());
    let outcome = asking.ask(&provider);
    let (error, cause) = refusal(&outcome);
    assert_eq!(cause, &TlsCause::ClientCertificate);
    let host = format!("127.0.0.1:{}", provider.port());
    assert_eq!(error.to_string(), format!("`{host}` refused the client certificate"));
}

#[test]
fn a_server_without_tls_is_told() {
    // The fake would wait for the end of a request.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let serving = std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        let (mut stream, _) = listener.accept().expect("a connection");
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let outcome = Asking::default().ask_url(&format!("https://127.0.0.1:{port}/v1"));
    serving.join().expect("the server did not panic");
    let (error, cause) = refusal(&outcome);
    assert_eq!(cause, &TlsCause::NotTls);
    assert_eq!(error.to_string(), format!("`127.0.0.1:{port}` does not speak TLS at this port"));
}
