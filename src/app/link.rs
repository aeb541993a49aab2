//! A profile, ready for turns: what the one-shot and the chat have in common.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use tokio::runtime::Runtime;

use super::{
    connection::{self, Connection},
    credentials::Key,
    failure::{Failure, Kind},
    output,
    signals::Signals,
    told,
    turn::{End, Turn, Turned, judge},
};
use crate::{
    chat::{ChatRequest, Message, Reply},
    config::{self, Effective, Env, Error, Memory},
    provider::{self, Client, ModelEntry, Target},
    sessions::Growth,
    term::{Console, Level, Screen, Thinking},
    wire::Adaptation,
};

/// How long the server's list of models is waited for, when it only helps a message.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// A profile with its way to the server.
pub(super) struct Link {
    pub(super) effective: Effective,
    pub(super) target: Target,
    connection: Connection,
    /// Made for the first turn; a preview needs none.
    client: Option<Client>,
    /// Whether there will be another turn.
    keeps_alive: bool,
    memory: Memory,
}

/// What goes along with a turn.
pub(super) struct With<'a, 'g> {
    /// When its time began to count.
    pub(super) begun: Instant,
    pub(super) console: Console,
    /// What was told before and is not warned of.
    pub(super) known: &'a [String],
    /// Takes the answer to the disk while it comes.
    pub(super) growth: &'a mut Growth<'g>,
}

impl Link {
    /// Prepares a profile. Nothing is sent, and nothing is fetched but, when no model is named, the
    /// server's list of them (not for a preview).
    pub(super) fn new(
        mut effective: Effective,
        env: &Env,
        cache: &Path,
        runtime: &Runtime,
        is_preview: bool,
    ) -> Result<Self, Failure> {
        let mut connection = Connection::prepare(runtime, &mut effective, env, is_preview)?;
        let mut target = match effective.target() {
            Err(error @ Error::NoModel { .. }) => {
                let failure = Failure::from(error);
                return Err(if is_preview {
                    failure
                } else {
                    let ids = connection.model_ids(runtime, &effective, PATIENCE);
                    with_models(failure, &ids)
                });
            }
            target => target?,
        };
        let memory = Memory::new(cache);
        target.adaptations = memory.recall(&target.endpoint.origin, &target.model);
        Ok(Self { effective, target, connection, client: None, keeps_alive: false, memory })
    }

    /// Keeps the connection for the next turn.
    pub(super) fn keep_alive(mut self) -> Self {
        self.keeps_alive = true;
        self
    }

    /// The same profile after a change, with the connection kept when it leads to the same place.
    pub(super) fn change(&mut self, mut effective: Effective, env: &Env) -> Result<(), Failure> {
        self.connection.serve_again(&mut effective);
        let mut target = effective.target()?;
        if effective.credential != self.effective.credential {
            self.connection.key = Key::new(&effective, env);
        }
        let goes_elsewhere = target.endpoint.origin != self.target.endpoint.origin
            || target.network != self.target.network;
        if goes_elsewhere {
            self.client = None;
        }
        target.adaptations = self.memory.recall(&target.endpoint.origin, &target.model);
        self.target = target;
        self.effective = effective;
        Ok(())
    }

    /// The model in the profile's words; the server may know it by another name.
    pub(super) fn model(&self) -> &str {
        self.effective.model.as_deref().unwrap_or(&self.target.model)
    }

    /// Where it leads, in words.
    pub(super) fn place(&self) -> String {
        if self.effective.is_demo {
            "inside the program".to_owned()
        } else {
            format!("at {}", self.target.endpoint.origin)
        }
    }

    /// What must be said about the target, one line each.
    pub(super) fn notices(&self) -> Vec<String> {
        self.target.endpoint.notices.iter().cloned().chain(self.target.header_notices()).collect()
    }

    /// A key that will be missing, in words.
    pub(super) fn missing_key(&self) -> Option<&str> {
        self.connection.missing_key.as_deref()
    }

    /// Whether the key's command is going to run.
    pub(super) fn runs_command(&self) -> bool {
        self.connection.key.is_slow()
    }

    /// What `messages` become when they are asked of this profile.
    pub(super) fn request(&self, system: Option<String>, messages: Vec<Message>) -> ChatRequest {
        ChatRequest {
            model: self.target.model.clone(),
            system,
            messages,
            options: self.effective.options.clone(),
            stream: true,
            issuer: self.target.issuer(),
        }
    }

    /// How much of its thinking is shown.
    pub(super) fn thinking(&self, console: Console) -> Thinking {
        match self.effective.thinking {
            _ if console.level() == Level::Quiet => Thinking::Hide,
            config::Thinking::Show => Thinking::Show,
            config::Thinking::Auto if console.facts().stderr_is_terminal => Thinking::Fold,
            config::Thinking::Hide | config::Thinking::Auto => Thinking::Hide,
        }
    }

    /// Runs one turn.
    pub(super) async fn turn(
        &mut self,
        request: &ChatRequest,
        screen: &mut dyn Screen,
        signals: &mut Signals,
        with: With<'_, '_>,
    ) -> Result<Turned, Failure> {
        let With { begun, console, known, growth } = with;
        let client = match &mut self.client {
            Some(client) => client,
            none => {
                let client = connection::client(&self.target)?;
                none.insert(if self.keeps_alive {
                    client.keep_alive(Client::PATIENCE)
                } else {
                    client
                })
            }
        };
        let turn = Turn {
            client,
            target: &mut self.target,
            key: &mut self.connection.key,
            request,
            retries: self.effective.retries,
            console,
            known,
            growth,
        };
        Ok(turn.run(screen, signals, begun).await)
    }

    /// What the server refuses is known next time. Returns what cannot be remembered: such a cache
    /// costs one more refused request then.
    pub(super) fn remember(&self, adaptations: &[Adaptation]) -> Vec<String> {
        let Target { endpoint, model, .. } = &self.target;
        let remember = |it| self.memory.remember(&endpoint.origin, model, it).err();
        let errors = adaptations.iter().filter_map(remember);
        errors
            .map(|error| format!("what the server refuses cannot be remembered: {error}"))
            .collect()
    }

    /// What the end of a turn means, with everything that helps.
    pub(super) fn judge(
        &mut self,
        runtime: &Runtime,
        reply: &Reply,
        end: End,
        request_id: Option<&str>,
    ) -> Result<(), Failure> {
        let key = &mut self.connection.key;
        if let (Some(auth), Some(source)) = (&mut self.target.auth, key.source()) {
            // Of several, the one that was used.
            auth.source = source;
        }
        let url = &self.target.endpoint.url;
        let place = || told::place(&self.target.profile, url, request_id);
        let is_visible = reply.is_visible();
        match end {
            End::Whole => judge(reply).map_err(|failure| failure.at(place())),
            End::Failed(error) => {
                let secret = runtime.block_on(key.secret()).ok().flatten();
                let models = if provider::is_unknown_model(&error) {
                    self.connection.model_ids(runtime, &self.effective, PATIENCE)
                } else {
                    Vec::new()
                };
                Err(told::failed(&error, &self.target, url, &models, secret.as_ref(), is_visible))
            }
            End::NoKey(failure) => Err(failure),
            End::Stopped(stop) => Err(Failure::new(
                stop.kind(),
                match stop.kind() {
                    Kind::Interrupted => "interrupted",
                    _ => "terminated",
                },
            )),
            End::Late(limit) => Err(late(limit, is_visible).at(place())),
            End::Screen(error) => Err(output::unwritable("the output", error)),
        }
    }

    /// The server's model list.
    pub(super) async fn models(&mut self) -> Result<Vec<ModelEntry>, Failure> {
        let target = self.effective.models_target()?;
        self.connection.models(&target).await
    }
}

/// No prompt is sent without a model; the server's own list may help.
fn with_models(failure: Failure, ids: &[String]) -> Failure {
    const MOST: usize = 10;

    if ids.is_empty() {
        return failure;
    }
    let shown = ids.iter().take(MOST).map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
    let more = if ids.len() > MOST { ", … (`byok models` lists all)" } else { "" };
    failure.hint(format!("the server offers {shown}{more}"))
}

fn late(limit: Duration, is_visible: bool) -> Failure {
    let kind = if is_visible { Kind::Cut } else { Kind::Timeout };
    Failure::new(kind, format!("no whole answer within {}", config::duration_in_words(limit)))
        .hint("raise `--timeout` (`timeouts.total`), or leave it out")
}
