//! PEM files of a profile: certificates and keys, with the line of what is wrong in them.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};

use super::{Error, Tls, setting};

/// No PEM file that anybody meant is larger, in bytes.
const MAX_FILE: u64 = 16 << 20;

/// What a client shows of itself.
pub(super) struct Identity {
    /// The client's own certificate first.
    pub(super) chain: Vec<CertificateDer<'static>>,
    /// The key of the first.
    pub(super) key: PrivateKeyDer<'static>,
    /// Where the key came from, for messages.
    pub(super) key_path: PathBuf,
}

/// One block of a PEM file.
struct Block<'a> {
    /// What stands between `BEGIN` and the dashes.
    label: &'a str,
    /// The whole block.
    text: &'a str,
    /// The line of its beginning, from 1.
    line: usize,
}

/// The certificates of `tls.ca_file`, each usable as a root.
pub(super) fn authorities(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let text = read(path, "the CA file")?;
    let mut found = Vec::new();
    for block in blocks(&text, path)?.iter().filter(|block| block.is_certificate()) {
        let certificate = block.certificate(path)?;
        RootCertStore::empty().add(certificate.clone()).map_err(|error| {
            setting(format!("{} is no usable certificate", block.place(path))).beneath(error)
        })?;
        found.push(certificate);
    }
    if found.is_empty() {
        return Err(setting(format!("no certificate in the CA file: `{}`", path.display())));
    }
    Ok(found)
}

/// The client's certificate and key, when the profile names them.
pub(super) fn identity(tls: &Tls) -> Result<Option<Identity>, Error> {
    let Some(path) = &tls.client_cert else {
        return match &tls.client_key {
            None => Ok(None),
            Some(key) => Err(setting(format!(
                "`tls.client_key` without `tls.client_cert`: `{}`",
                key.display()
            ))),
        };
    };
    let text = read(path, "the client certificate")?;
    let mut chain = Vec::new();
    for block in blocks(&text, path)?.iter().filter(|block| block.is_certificate()) {
        chain.push(block.certificate(path)?);
    }
    if chain.is_empty() {
        return Err(setting(format!("no certificate in `tls.client_cert`: `{}`", path.display())));
    }
    let key_path = tls.client_key.as_ref().unwrap_or(path);
    let key = match &tls.client_key {
        None => key(&text, path)?,
        Some(key_path) => key(&read(key_path, "the client key")?, key_path)?,
    };
    Ok(Some(Identity { chain, key, key_path: key_path.clone() }))
}

fn key(text: &str, path: &Path) -> Result<PrivateKeyDer<'static>, Error> {
    for block in blocks(text, path)? {
        if block.label == "ENCRYPTED PRIVATE KEY" || block.text.contains("Proc-Type: 4,ENCRYPTED") {
            let place = block.place(path);
            return Err(setting(format!("{place} is a key with a passphrase; remove it first")));
        }
        if block.label.ends_with("PRIVATE KEY") {
            return PrivateKeyDer::from_pem_slice(block.text.as_bytes())
                .map_err(|_| setting(format!("{} is no readable key", block.place(path))));
        }
    }
    Err(setting(format!("no private key in `{}`", path.display())))
}

impl Block<'_> {
    fn is_certificate(&self) -> bool {
        self.label == "CERTIFICATE"
    }

    fn certificate(&self, path: &Path) -> Result<CertificateDer<'static>, Error> {
        CertificateDer::from_pem_slice(self.text.as_bytes())
            .map_err(|_| setting(format!("{} is no readable certificate", self.place(path))))
    }

    fn place(&self, path: &Path) -> String {
        format!("`{}:{}`", path.display(), self.line)
    }
}

/// Cuts `text` into blocks; what stands between them is a comment.
fn blocks<'a>(text: &'a str, path: &Path) -> Result<Vec<Block<'a>>, Error> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, usize, usize)> = None;
    let mut offset = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let end = offset + line.len();
        let marker = line.trim();
        if let Some(label) = between(marker, "-----BEGIN ") {
            open = Some((label, offset, index + 1));
        } else if between(marker, "-----END ").is_some()
            && let Some((label, start, line)) = open.take()
        {
            blocks.push(Block { label, text: &text[start..end], line });
        }
        offset = end;
    }
    match open {
        None => Ok(blocks),
        Some((label, _, line)) => Err(setting(format!(
            "`{}:{line}` begins a {} without an end",
            path.display(),
            label.to_ascii_lowercase()
        ))),
    }
}

fn between<'a>(line: &'a str, before: &str) -> Option<&'a str> {
    line.strip_prefix(before)?.strip_suffix("-----")
}

fn read(path: &Path, what: &str) -> Result<String, Error> {
    let unreadable = |error: std::io::Error| {
        setting(format!("{what} cannot be read: `{}`", path.display())).beneath(error)
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(setting(format!("{what} is larger than 16 MiB: `{}`", path.display())));
    }
    String::from_utf8(bytes)
        .map_err(|_| setting(format!("{what} is not in PEM form: `{}`", path.display())))
}
