//! The way to a profile's server: runtime, demo, key, client.

use std::time::Duration;

use anyhow::Context as _;
use tokio::runtime::{Builder, Runtime};

use super::{credentials::Key, failure::Failure, told};
use crate::{
    config::{Effective, Env},
    demo,
    provider::{Client, ModelEntry, ProviderType, Target, list_models},
};

/// What bytes wait on: one thread, which runs only while something is waited for.
pub(super) fn runtime() -> Result<Runtime, Failure> {
    let runtime = Builder::new_current_thread().enable_all().build();
    Ok(runtime.context("the system refuses what byok needs to run")?)
}

/// A profile's key and the server inside the program, as long as that is talked to.
pub(super) struct Connection {
    pub(super) key: Key,
    /// A key that will be missing, in words; for previews, where nothing is fetched.
    pub(super) missing_key: Option<String>,
    /// Answers until it is dropped, which must be before the runtime goes.
    demo: Option<demo::Server>,
}

impl Connection {
    /// Prepares the way; starts the demo server when the profile is the demo's, unless nothing is
    /// going to be sent.
    pub(super) fn prepare(
        runtime: &Runtime,
        effective: &mut Effective,
        env: &Env,
        is_preview: bool,
    ) -> Result<Self, Failure> {
        let demo = if effective.is_demo && !is_preview {
            let _guard = runtime.enter();
            let server =
                demo::Server::start().context("the demo server cannot listen on loopback")?;
            serve(effective, &server);
            Some(server)
        } else {
            if effective.is_demo {
                // Where it would listen is only known once it does.
                effective.serve_demo_at("http://127.0.0.1:0");
            }
            None
        };
        let missing_key = effective.missing_key(env);
        Ok(Self { key: Key::new(effective, env), missing_key, demo })
    }

    /// Gives a changed profile the address of the demo server that runs already.
    pub(super) fn serve_again(&self, effective: &mut Effective) {
        if let Some(server) = &self.demo {
            serve(effective, server);
        }
    }

    /// The server's model list.
    pub(super) async fn models(&mut self, target: &Target) -> Result<Vec<ModelEntry>, Failure> {
        let client = client(target)?;
        let mut was_renewed = false;
        loop {
            let secret = self.key.secret().await?;
            match list_models(&client, target, secret.as_ref()).await {
                Ok(models) => return Ok(models),
                Err(error)
                    if error.status == Some(401) && !was_renewed && self.key.renew().await? =>
                {
                    was_renewed = true;
                }
                Err(error) => {
                    let url = &target.endpoint.models_url;
                    return Err(told::failed(&error, target, url, &[], secret.as_ref(), false));
                }
            }
        }
    }

    /// The ids of the server's models; none when they do not come within `patience`, or Ctrl-C does.
    /// Nothing is asked twice, and a failure is silent: the list is a kindness.
    pub(super) fn model_ids(
        &mut self,
        runtime: &Runtime,
        effective: &Effective,
        patience: Duration,
    ) -> Vec<String> {
        let Ok(target) = effective.models_target() else { return Vec::new() };
        let listed = runtime.block_on(async {
            let list = async {
                let client = client(&target).ok()?;
                let secret = self.key.secret().await.ok()?;
                list_models(&client, &target, secret.as_ref()).await.ok()
            };
            tokio::select! {
                listed = tokio::time::timeout(patience, list) => listed.ok().flatten(),
                // Whoever asked hears of it, too.
                _ = tokio::signal::ctrl_c() => None,
            }
        });
        let models = listed.unwrap_or_default();
        models.into_iter().map(|model| model.id).collect()
    }
}

/// A client for `target`. Within a runtime.
pub(super) fn client(target: &Target) -> Result<Client, Failure> {
    Client::new(&target.network, &target.endpoint.origin)
        .map_err(|error| told::failed(&error, target, &target.endpoint.url, &[], None, false))
}

fn serve(effective: &mut Effective, server: &demo::Server) {
    let url = server.base_url(match effective.provider_type {
        ProviderType::OpenAi => demo::Kind::OpenAi,
        ProviderType::Azure => demo::Kind::Azure,
        ProviderType::Anthropic => demo::Kind::Anthropic,
    });
    effective.serve_demo_at(url.trim_end_matches("/v1"));
}
