//! The credential of one run: fetched when it is needed, and again when a server refuses it.

use std::time::SystemTime;

use super::failure::Failure;
use crate::{
    config::{CredentialSource, Effective, Env, Wallet},
    provider::Secret,
};

/// The key to a target, if it needs one.
#[derive(Debug)]
pub(super) struct Key {
    wallet: Option<Wallet>,
    env: Env,
    runs_command: bool,
}

impl Key {
    /// The key of a profile; nothing is fetched yet.
    pub(super) fn new(effective: &Effective, env: &Env) -> Self {
        let runs_command = effective.credential.as_ref().is_some_and(|credential| {
            matches!(credential.likely_source(env), Some(CredentialSource::Command(_)))
        });
        let wallet = effective.credential.clone().map(Wallet::new);
        Self { wallet, env: env.clone(), runs_command }
    }

    /// Whether it comes from a command.
    pub(super) fn runs_command(&self) -> bool {
        self.runs_command
    }

    /// Whether [`Key::secret`] may take long enough to be announced.
    pub(super) fn is_slow(&self) -> bool {
        self.runs_command && self.wallet.as_ref().is_some_and(|wallet| wallet.source().is_none())
    }

    /// The secret; `None`: none is sent.
    pub(super) async fn secret(&mut self) -> Result<Option<Secret>, Failure> {
        match &mut self.wallet {
            None => Ok(None),
            Some(wallet) => Ok(Some(wallet.secret(&self.env, SystemTime::now()).await?)),
        }
    }

    /// Which source the secret at hand came from, in words; `None` before it was fetched.
    pub(super) fn source(&self) -> Option<String> {
        self.wallet.as_ref()?.source_in_words()
    }

    /// Fetches anew after a 401; `false`: the same secret would come again.
    pub(super) async fn renew(&mut self) -> Result<bool, Failure> {
        match &mut self.wallet {
            None => Ok(false),
            Some(wallet) => Ok(wallet.renew(&self.env, SystemTime::now()).await?.is_some()),
        }
    }
}
