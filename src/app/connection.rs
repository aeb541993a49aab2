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

/// Everything that lives as long as one command's talk with a server.
pub(super) struct Connection {
    pub(super) key: Key,
    /// A key that will be missing, in words; for previews, where nothing is fetched.
    pub(super) missing_key: Option<String>,
    /// Answers until it is dropped, so before the runtime goes.
    _demo: Option<demo::Server>,
    pub(super) runtime: Runtime,
}

impl Connection {
    /// Prepares the way; starts the demo server when the profile is the demo's, unless nothing is
    /// going to be sent.
    pub(super) fn prepare(
        effective: &mut Effective,
        env: &Env,
        is_preview: bool,
    ) -> Result<Self, Failure> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .context("the system refuses what byok needs to run")?;
        let demo = if effective.is_demo && !is_preview {
            let _guard = runtime.enter();
            let server =
                demo::Server::start().context("the demo server cannot listen on loopback")?;
            let url = server.base_url(match effective.provider_type {
                ProviderType::OpenAi => demo::Kind::OpenAi,
                ProviderType::Azure => demo::Kind::Azure,
                ProviderType::Anthropic => demo::Kind::Anthropic,
            });
            effective.serve_demo_at(url.trim_end_matches("/v1"));
            Some(server)
        } else {
            if effective.is_demo {
                // Where it would listen is only known once it does.
                effective.serve_demo_at("http://127.0.0.1:0");
            }
            None
        };
        let missing_key = effective.missing_key(env);
        Ok(Self { key: Key::new(effective, env), missing_key, _demo: demo, runtime })
    }

    /// A client for `target`.
    pub(super) fn client(&self, target: &Target) -> Result<Client, Failure> {
        let _guard = self.runtime.enter();
        Client::new(&target.network, &target.endpoint.origin)
            .map_err(|error| told::failed(&error, target, &target.endpoint.url, &[], None, false))
    }

    /// The server's model list.
    pub(super) fn models(&mut self, target: &Target) -> Result<Vec<ModelEntry>, Failure> {
        let client = self.client(target)?;
        let Self { key, runtime, .. } = self;
        runtime.block_on(async {
            let mut was_renewed = false;
            loop {
                let secret = key.secret().await?;
                match list_models(&client, target, secret.as_ref()).await {
                    Ok(models) => return Ok(models),
                    Err(error)
                        if error.status == Some(401) && !was_renewed && key.renew().await? =>
                    {
                        was_renewed = true;
                    }
                    Err(error) => {
                        let url = &target.endpoint.models_url;
                        return Err(told::failed(&error, target, url, &[], secret.as_ref(), false));
                    }
                }
            }
        })
    }

    /// The ids of the server's models; none when they do not come within `patience`. Nothing is
    /// asked twice, and a failure is silent: the list is a kindness.
    pub(super) fn model_ids(&mut self, effective: &Effective, patience: Duration) -> Vec<String> {
        let Ok(target) = effective.models_target() else { return Vec::new() };
        let Ok(client) = self.client(&target) else { return Vec::new() };
        let Self { key, runtime, .. } = self;
        let listed = runtime.block_on(async {
            let list = async {
                let secret = key.secret().await.ok()?;
                list_models(&client, &target, secret.as_ref()).await.ok()
            };
            tokio::time::timeout(patience, list).await
        });
        let models = listed.ok().flatten().unwrap_or_default();
        models.into_iter().map(|model| model.id).collect()
    }
}
