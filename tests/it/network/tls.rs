//! Trust, as a user sees it.

use insta::assert_snapshot;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::{ServerConfig, pki_types::PrivateKeyDer};

use super::{Byok, Provider, answered, work};

/// A server whose certificate an authority of its own signed, and a home with that authority's
/// file, `ca.pem`.
fn signed(
    scripts: impl IntoIterator<Item = crate::support::provider::Script>,
    name: &str,
    adjust: impl FnOnce(&mut CertificateParams),
) -> (Provider, String) {
    let key = KeyPair::generate().expect("keys can be made");
    let mut params = CertificateParams::new(Vec::new()).expect("no names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = params.self_signed(&key).expect("a certificate").pem();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().expect("keys can be made");
    let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
    adjust(&mut params);
    let leaf = params.signed_by(&key, &issuer).expect("a certificate");
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let provider = rustls::crypto::ring::default_provider();
    let config = ServerConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .expect("ring knows them")
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)
        .expect("key and certificate fit");
    (Provider::tls(scripts, config), root)
}

fn home(provider: &Provider, more: &str) -> Byok {
    work::home(&provider.url("/v1"), more)
}

const CA_FILE: &str = "tls.ca_file = \"../../work/ca.pem\"";

#[test]
fn an_authority_that_the_profile_names_is_trusted() {
    let (provider, root) = signed([answered()], "127.0.0.1", |_| {});
    home(&provider, CA_FILE).file("ca.pem", root).args(["ask", "hi"]).run().assert_code(0);
}

#[test]
fn an_unknown_authority_leads_to_the_key_for_its_file() {
    let (provider, _) = signed([], "127.0.0.1", |_| {});
    let output = home(&provider, "").args(["ask", "hi"]).run();
    output
        .assert_code(7)
        .assert_stderr_has("`tls.ca_file = \"FILE.pem\"` in profile `work`")
        .assert_stderr_has("the certificate was held against");
}

#[test]
fn a_wrong_name_and_an_expired_certificate_are_told_apart() {
    let (provider, root) = signed([], "else.example", |_| {});
    let output = home(&provider, CA_FILE).file("ca.pem", root).args(["ask", "hi"]).run();
    assert_snapshot!(output, @"
    ----- stdout -----
    ----- stderr -----
    error: the certificate of `127.0.0.1:[PORT]` was refused: it is for `else.example`
      at: profile `work`, https://127.0.0.1:[PORT]/v1/chat/completions

    hint: check the host in `base_url`: `https://127.0.0.1:[PORT]`; a name that the certificate is for would do
    ----- exit code 7 -----
    ");
    let past = |params: &mut CertificateParams| {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    };
    let (provider, root) = signed([], "127.0.0.1", past);
    let output = home(&provider, CA_FILE).file("ca.pem", root).args(["ask", "hi"]).run();
    assert_snapshot!(output, @"
    ----- stdout -----
    ----- stderr -----
    error: the certificate of `127.0.0.1:[PORT]` was refused: it has expired
      at: profile `work`, https://127.0.0.1:[PORT]/v1/chat/completions

    hint: check this machine's clock; if it is right, the server's certificate has to be renewed
    ----- exit code 7 -----
    ");
}

#[test]
fn a_file_of_authorities_that_cannot_be_used_is_named_with_its_line() {
    let asked = |content: Option<&str>| {
        let home = work::home("https://127.0.0.1:1/v1", CA_FILE);
        let home = content.into_iter().fold(home, |home, text| home.file("ca.pem", text));
        home.args(["ask", "hi"]).run()
    };
    assert_snapshot!(asked(None), @"
    ----- stdout -----
    ----- stderr -----
    error: the CA file cannot be read: `[HOME]/.config/byok/../../work/ca.pem`
      caused by: No such file or directory (os error 2)
      at: profile `work`, https://127.0.0.1:1/v1/chat/completions

    hint: `byok config show -P work` says where each value comes from
    ----- exit code 3 -----
    ");
    assert_snapshot!(asked(Some("this is no certificate\n")), @"
    ----- stdout -----
    ----- stderr -----
    error: no certificate in the CA file: `[HOME]/.config/byok/../../work/ca.pem`
      at: profile `work`, https://127.0.0.1:1/v1/chat/completions

    hint: `byok config show -P work` says where each value comes from
    ----- exit code 3 -----
    ");
    let broken = "# mine\n-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n";
    assert_snapshot!(asked(Some(broken)), @"
    ----- stdout -----
    ----- stderr -----
    error: `[HOME]/.config/byok/../../work/ca.pem:2` is no readable certificate
      at: profile `work`, https://127.0.0.1:1/v1/chat/completions

    hint: `byok config show -P work` says where each value comes from
    ----- exit code 3 -----
    ");
}
