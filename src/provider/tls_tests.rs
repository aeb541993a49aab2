use std::{fs, path::PathBuf};

use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use tempfile::TempDir;

use super::*;

/// A certificate of its own making, and its key, both as PEM.
fn authority() -> (String, String) {
    let key = KeyPair::generate().expect("keys can be made");
    let mut params = CertificateParams::new(["localhost".to_owned()]).expect("a name");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = params.self_signed(&key).expect("a certificate");
    (certificate.pem(), key.serialize_pem())
}

fn file(folder: &TempDir, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, text).expect("a temporary file");
    path
}

/// The message for `tls`, with the folder taken out, and its cause.
fn refusal(folder: &TempDir, tls: &Tls) -> String {
    let trust = Trust::new(tls).map(Arc::new);
    let error = match trust {
        Err(error) => error,
        Ok(trust) => config(tls, &trust).expect_err("an error"),
    };
    assert_eq!((error.kind, error.cause), (Kind::Config, Cause::Setting));
    error.message.replace(&format!("{}/", folder.path().display()), "")
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

#[test]
fn a_ca_file_is_read_whole_and_spoken_of() {
    let folder = folder();
    let (one, two) = (authority().0, authority().0);
    let text = format!("# ours\n{one}\n# theirs\r\n{two}");
    let tls = Tls { ca_file: Some(file(&folder, "ca.pem", text)), ..Tls::default() };
    let trust = Trust::new(&tls).expect("two certificates");
    assert_eq!(trust.extra.len(), 2);
    assert!(trust.extra_words.starts_with("2 certificates of `"), "{}", trust.extra_words);
    assert_eq!(trust.roots_in_words(), "none yet", "nothing is read before it is needed");
}

#[test]
fn what_is_wrong_with_a_ca_file_is_told_with_its_line() {
    let folder = folder();
    let good = authority().0;
    let lines = good.lines().count();
    let ca = |text: &[u8]| {
        let ca_file = Some(file(&folder, "ca.pem", text));
        refusal(&folder, &Tls { ca_file, ..Tls::default() })
    };
    let broken = "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n";
    assert_eq!(
        ca(format!("{good}{broken}").as_bytes()),
        format!("`ca.pem:{}` is no readable certificate", lines + 1)
    );
    let not_der = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert_eq!(ca(not_der.as_bytes()), "`ca.pem:1` is no usable certificate");
    assert_eq!(
        ca(b"\n-----BEGIN CERTIFICATE-----\nAAAA\n"),
        "`ca.pem:2` begins a certificate without an end"
    );
    assert_eq!(ca(b""), "no certificate in the CA file: `ca.pem`");
    assert_eq!(ca(b"\xff\xfe"), "the CA file is not in PEM form: `ca.pem`");
}

#[test]
fn a_file_that_is_missing_or_a_folder_is_named() {
    let folder = folder();
    let missing = Tls { ca_file: Some(folder.path().join("none.pem")), ..Tls::default() };
    assert_eq!(refusal(&folder, &missing), "the CA file cannot be read: `none.pem`");
    fs::create_dir(folder.path().join("dir")).expect("a folder");
    let dir = Tls { ca_file: Some(folder.path().join("dir")), ..Tls::default() };
    assert_eq!(refusal(&folder, &dir), "the CA file cannot be read: `dir`");
}

#[test]
fn an_identity_is_a_chain_and_its_key() {
    let folder = folder();
    let (certificate, key) = authority();
    let (_, other_key) = authority();
    let chain = file(&folder, "chain.pem", &certificate);
    let both = file(&folder, "both.pem", format!("{key}{certificate}"));
    let key = file(&folder, "key.pem", key);
    let tls = |client_cert: &PathBuf, client_key: Option<&PathBuf>| Tls {
        ca_file: None,
        client_cert: Some(client_cert.clone()),
        client_key: client_key.cloned(),
    };
    for tls in [tls(&chain, Some(&key)), tls(&both, None)] {
        let trust = Arc::new(Trust::new(&tls).expect("no CA file"));
        assert!(config(&tls, &trust).is_ok());
    }
    let refused = |tls: &Tls| refusal(&folder, tls);
    assert_eq!(refused(&tls(&chain, None)), "no private key in `chain.pem`");
    assert_eq!(refused(&tls(&key, None)), "no certificate in `tls.client_cert`: `key.pem`");
    let other = file(&folder, "other.pem", other_key);
    assert_eq!(
        refused(&tls(&chain, Some(&other))),
        "the client certificate cannot be used with the key in `other.pem`"
    );
    let locked =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let locked = file(&folder, "locked.pem", locked);
    assert_eq!(
        refused(&tls(&chain, Some(&locked))),
        "`locked.pem:1` is a key with a passphrase; remove it first"
    );
    let alone = Tls { client_key: Some(key.clone()), ..Tls::default() };
    assert_eq!(refused(&alone), "`tls.client_key` without `tls.client_cert`: `key.pem`");
}

#[test]
fn a_bundle_may_not_know_everybody_and_the_named_files_are_all_there_is() {
    let folder = folder();
    let path = file(&folder, "bundle.crt", authority().0);
    let path = path.to_str().expect("a plain path");
    if cfg!(all(unix, not(target_os = "macos"))) {
        let bundle = roots::bundle(&["/nonexistent", path]).expect("a bundle");
        assert_eq!((bundle.certificates.len(), bundle.is_partial), (1, true));
        assert_eq!(bundle.words, format!("1 certificate of `{path}`"));
    }
    assert!(roots::bundle(&["/nonexistent"]).is_none());

    let found = rustls_native_certs::load_certs_from_paths(Some("/nonexistent".as_ref()), None);
    let named = roots::named(found);
    assert!(!named.is_partial && named.certificates.is_empty());
    assert!(named.words.contains("0 certificates") && named.words.contains("/nonexistent"));
}

#[test]
fn the_last_resort_is_never_empty() {
    let whole = roots::whole();
    assert!(!whole.certificates.is_empty() || !whole.anchors.is_empty());
    assert!(!whole.is_partial);
}
