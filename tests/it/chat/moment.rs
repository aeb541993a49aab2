//! The moments in which a person or a system may want a chat to stop.

use std::time::Instant;

use crate::support::{
    byok::{Byok, DEADLINE},
    provider::{Provider, Script, Step},
    pty::Pty,
    streams,
};

/// What a chat is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// An empty line.
    Prompt,
    /// A line with something in it.
    Typing,
    /// The request is sent, and nothing comes.
    Waiting,
    /// Half of the answer is there, and no more comes.
    Streaming,
    /// The server wants to be asked again later.
    RetryWait,
    /// `/models` waits for the list.
    Models,
    /// `/compare` has half of its first answer.
    Comparing,
    /// `/compact` has half of its summary.
    Compacting,
    /// The command runs that says the key.
    KeyCommand,
}

impl Moment {
    /// All of them.
    pub(super) const ALL: [Self; 9] = [
        Self::Prompt,
        Self::Typing,
        Self::Waiting,
        Self::Streaming,
        Self::RetryWait,
        Self::Models,
        Self::Comparing,
        Self::Compacting,
        Self::KeyCommand,
    ];

    /// Whether a request is under way.
    pub(super) fn is_connected(self) -> bool {
        !matches!(self, Self::Prompt | Self::Typing | Self::RetryWait | Self::KeyCommand)
    }

    /// What the provider does, and the keys that lead there.
    fn script(self) -> (Vec<Script>, &'static str) {
        match self {
            Self::Prompt => (vec![], ""),
            Self::Typing => (vec![], "some words"),
            Self::Waiting => (vec![hanging()], "one\r"),
            Self::Streaming => (vec![half()], "one\r"),
            Self::RetryWait => (vec![Script::answer(503, &[("retry-after", "50")], "")], "one\r"),
            Self::Models => (vec![hanging()], "/models\r"),
            Self::Comparing => (vec![half()], "/compare p,q one\r"),
            Self::Compacting => (vec![whole("first"), half()], "one\r/compact\r"),
            Self::KeyCommand => (vec![], "one\r"),
        }
    }

    /// A chat in this moment; after it the provider follows `scripts`.
    #[track_caller]
    pub(super) fn reach(self, scripts: impl IntoIterator<Item = Script>) -> Scene {
        let (mut own, keys) = self.script();
        let count = own.len();
        own.extend(scripts);
        let provider = Provider::start(own);
        let byok =
            Byok::new().args(["chat", "--no-save"]).file("config.toml", self.config(&provider));
        let pty = Pty::start(&byok, 80, 24);
        let mut scene = Scene { pty, provider, _byok: byok };
        scene.pty.wait_for_line(PROMPT);
        scene.pty.send(keys);
        match self {
            Self::Prompt => {}
            Self::Typing => scene.pty.wait_for_line("p:m> some words"),
            Self::Streaming | Self::Comparing | Self::Compacting => scene.pty.wait_for("half"),
            Self::RetryWait => scene.pty.wait_for("retrying in"),
            Self::KeyCommand => scene.pty.wait_for("the command runs"),
            Self::Waiting | Self::Models => {
                wait_until("the request comes", || scene.provider.requests().len() == count);
            }
        }
        scene
    }

    fn config(self, provider: &Provider) -> String {
        let url = provider.url("/v1");
        let key = match self {
            Self::KeyCommand => {
                "api_key = { command = [\"sh\", \"-c\", \"echo the command runs >&2; exec sleep 600\"] }\n"
            }
            _ => "",
        };
        format!(
            "default_profile = \"p\"\n\
             [profiles.p]\nbase_url = \"{url}\"\nmodel = \"m\"\n{key}\
             [profiles.q]\nbase_url = \"{url}\"\nmodel = \"n\"\n"
        )
    }
}

/// A chat on a terminal of 80 columns.
pub(super) struct Scene {
    pub(super) pty: Pty,
    pub(super) provider: Provider,
    /// Its home lasts as long.
    _byok: Byok,
}

/// The empty line.
pub(super) const PROMPT: &str = "p:m>";

/// Never answers.
pub(super) fn hanging() -> Script {
    Script::new([Step::Hang])
}

/// Answers `half`, and nothing more.
pub(super) fn half() -> Script {
    Script::open_stream(streams::chat_open(&["half"])).then([Step::Hang])
}

/// A whole answer.
pub(super) fn whole(text: &str) -> Script {
    Script::stream(streams::chat(&[text]))
}

/// Asks again and again; `what` names what never comes.
#[track_caller]
pub(super) fn wait_until(what: &str, is_reached: impl Fn() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !is_reached() {
        assert!(Instant::now() < deadline, "in vain: {what}");
        std::thread::yield_now();
    }
}
