//! Trust: rustls with ring, the roots loaded on the first certificate that needs them.
//!
//! Reading the roots of a system costs more than all the rest of a short call, and a server on
//! loopback never shows a certificate. So nothing is read before one has to be judged, and then
//! the one bundle file that most systems keep; the whole store only when that was not enough.

mod pem;
mod roots;

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::{
        Resumption, WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{self, CryptoProvider},
    pki_types::{CertificateDer, ServerName, UnixTime},
};

use super::{Cause, Error, Kind, Tls};
use roots::Roots;

/// Judges the certificates of servers.
pub(super) struct Trust {
    provider: Arc<CryptoProvider>,
    /// `tls.ca_file`, trusted beside the system's roots.
    extra: Vec<CertificateDer<'static>>,
    /// How `extra` is spoken of; empty when there is none.
    extra_words: String,
    /// What is read first.
    first: OnceLock<Judge>,
    /// The whole store of the system, read when the first did not know an issuer.
    whole: OnceLock<Judge>,
}

/// One set of roots, ready to judge.
struct Judge {
    /// `None`: there is not one usable root.
    verifier: Option<Arc<WebPkiServerVerifier>>,
    /// Which roots these are.
    words: String,
    /// Whether the system may know more.
    is_partial: bool,
}

impl Trust {
    /// Reads the files that `tls` names, and nothing else.
    ///
    /// # Errors
    /// `Kind::Config`, naming file and line.
    pub(super) fn new(tls: &Tls) -> Result<Self, Error> {
        let (extra, extra_words) = match &tls.ca_file {
            None => (Vec::new(), String::new()),
            Some(path) => {
                let extra = pem::authorities(path)?;
                let words = format!("{} of `{}`", count(extra.len()), path.display());
                (extra, words)
            }
        };
        Ok(Self {
            provider: Arc::new(crypto::ring::default_provider()),
            extra,
            extra_words,
            first: OnceLock::new(),
            whole: OnceLock::new(),
        })
    }

    /// Which roots were used, in words; the last that were asked.
    pub(super) fn roots_in_words(&self) -> String {
        match self.whole.get().or_else(|| self.first.get()) {
            Some(judge) => judge.words.clone(),
            None => "none yet".to_owned(),
        }
    }

    fn judge(&self, roots: Roots) -> Judge {
        let Roots { certificates, anchors, mut words, is_partial } = roots;
        let mut store = RootCertStore::empty();
        store.extend(anchors);
        // Old roots that webpki cannot read are skipped here as everywhere.
        store.add_parsable_certificates(certificates);
        store.add_parsable_certificates(self.extra.iter().cloned());
        if !self.extra_words.is_empty() {
            words = format!("{words} and {}", self.extra_words);
        }
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(store), self.provider.clone())
                .build()
                .ok();
        Judge { verifier, words, is_partial }
    }
}

impl Judge {
    fn verify(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(verifier) = &self.verifier else {
            return Err(CertificateError::UnknownIssuer.into());
        };
        verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let first = self.first.get_or_init(|| self.judge(roots::first()));
        let verdict = first.verify(end_entity, intermediates, server_name, ocsp_response, now);
        match verdict {
            Err(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer))
                if first.is_partial =>
            {
                let whole = self.whole.get_or_init(|| self.judge(roots::whole()));
                whole.verify(end_entity, intermediates, server_name, ocsp_response, now)
            }
            verdict => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        crypto::verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        crypto::verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trust").field("roots", &self.roots_in_words()).finish_non_exhaustive()
    }
}

/// The TLS side of a client: TLS 1.2 or 1.3, HTTP/1.1, `trust` as the judge.
///
/// # Errors
/// `Kind::Config` for a client certificate or key that cannot be used; names file and line.
pub(super) fn config(tls: &Tls, trust: &Arc<Trust>) -> Result<ClientConfig, Error> {
    let builder = ClientConfig::builder_with_provider(trust.provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| setting("TLS cannot be set up").beneath(error))?
        .dangerous()
        .with_custom_certificate_verifier(trust.clone());
    let mut config = match pem::identity(tls)? {
        None => builder.with_no_client_auth(),
        Some(pem::Identity { chain, key, key_path }) => {
            builder.with_client_auth_cert(chain, key).map_err(|error| {
                let path = key_path.display();
                setting(format!("the client certificate cannot be used with the key in `{path}`"))
                    .beneath(error)
            })?
        }
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // One origin a client: room for 256 servers would only cost memory.
    config.resumption = Resumption::in_memory_sessions(4);
    Ok(config)
}

/// `1 certificate`, `2 certificates`.
fn count(certificates: usize) -> String {
    match certificates {
        1 => "1 certificate".to_owned(),
        more => format!("{more} certificates"),
    }
}

fn setting(message: impl Into<String>) -> Error {
    Error::new(Kind::Config, Cause::Setting, message)
}

#[cfg(test)]
#[path = "tls_tests.rs"]
mod tests;
