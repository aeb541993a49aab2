//! A certificate authority for one run, and a certificate for 127.0.0.1 by it.

use std::{fs, io, path::Path, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::{
    ServerConfig,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

/// A configuration for the server; the authority to trust is written to `ca_file`.
pub(crate) fn config(ca_file: &Path) -> io::Result<Arc<ServerConfig>> {
    let (certificate, key) = certificate(ca_file).map_err(io::Error::other)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder.with_no_client_auth().with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der())),
            )
        })
        .map_err(io::Error::other)?;
    Ok(Arc::new(config))
}

fn certificate(ca_file: &Path) -> io::Result<(rcgen::Certificate, KeyPair)> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "byok bench authority");
    let ca_key = KeyPair::generate().map_err(io::Error::other)?;
    let ca = params.self_signed(&ca_key).map_err(io::Error::other)?;
    fs::write(ca_file, ca.pem())?;
    let issuer = Issuer::new(params, ca_key);

    let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).map_err(io::Error::other)?;
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let certificate = params.signed_by(&key, &issuer).map_err(io::Error::other)?;
    Ok((certificate, key))
}
