//! The real binary against servers that this project did not write, on loopback.
//!
//! Runs when `BYOK_INTEROP=1` and the servers are up (`.ci/run` starts them); otherwise every test
//! says that it was skipped. Each test is a table, and reports all rows that fail, not only the
//! first. What a server does differently from its model is written beside the row.

#[expect(dead_code, reason = "the other tests use more of it")]
#[path = "../support/mod.rs"]
mod support;

#[cfg(unix)]
mod chat;

use std::{io::Write as _, sync::Once};

use support::byok::{Byok, Output};

/// A server of the test bed, in one of the ways that a profile reaches it.
#[derive(Debug, Clone, Copy)]
struct Door {
    name: &'static str,
    base_url: &'static str,
    key: &'static str,
    /// `--type` and what goes with it.
    flags: &'static [&'static str],
}

const CHAT: &[&str] = &["--wire-api", "completions"];
const RESPONSES: &[&str] = &["--wire-api", "responses"];
const MESSAGES: &[&str] = &["--type", "anthropic"];
const DEPLOYMENT: &[&str] = &["--type", "azure", "--api-version", "2024-10-21"];
const AZURE_V1_CHAT: &[&str] = &["--type", "azure", "--api-version", "v1"];
const AZURE_V1_RESPONSES: &[&str] =
    &["--type", "azure", "--api-version", "v1", "--wire-api", "responses"];

const LLAMA: [Door; 3] =
    three("llama", "http://127.0.0.1:8089", "http://127.0.0.1:8089/v1", "sk-test-llama");
const THINK: [Door; 3] =
    three("llama-think", "http://127.0.0.1:8090", "http://127.0.0.1:8090/v1", "sk-test-llama");
const AIMOCK: [Door; 3] =
    three("aimock", "http://127.0.0.1:4010", "http://127.0.0.1:4010/v1", "sk-test-aimock");
const LITELLM: [Door; 3] =
    three("litellm", "http://127.0.0.1:4000", "http://127.0.0.1:4000/v1", "sk-test-litellm");

/// The three formats of a server: Chat Completions, Responses, Messages.
const fn three(
    name: &'static str,
    origin: &'static str,
    v1: &'static str,
    key: &'static str,
) -> [Door; 3] {
    [
        Door { name, base_url: v1, key, flags: CHAT },
        Door { name, base_url: v1, key, flags: RESPONSES },
        Door { name, base_url: origin, key, flags: MESSAGES },
    ]
}

const AIMOCK_AZURE: [Door; 3] = [
    azure("aimock", "http://127.0.0.1:4010", "sk-test-aimock", DEPLOYMENT),
    azure("aimock", "http://127.0.0.1:4010", "sk-test-aimock", AZURE_V1_CHAT),
    azure("aimock", "http://127.0.0.1:4010", "sk-test-aimock", AZURE_V1_RESPONSES),
];
/// LiteLLM serves no v1 route of Azure's (a 500).
const LITELLM_AZURE: Door =
    azure("litellm", "http://127.0.0.1:4000", "sk-test-litellm", DEPLOYMENT);

const fn azure(
    name: &'static str,
    base_url: &'static str,
    key: &'static str,
    flags: &'static [&'static str],
) -> Door {
    Door { name, base_url, key, flags }
}

const AIMOCK_HELLO: &str =
    "Hello from aimock. Grüße, 世界! 👋🏽 This text is long enough to be cut into several pieces.\n";

/// Streamed and not.
const MANNERS: [&[&str]; 2] = [&[], &["--no-stream"]];

/// What is expected of an answer's text.
#[derive(Debug, Clone, Copy)]
enum Text {
    Nothing,
    Something,
    Exactly(&'static str),
    Beginning(&'static str),
    /// The same, or nothing at all.
    AtMost(&'static str),
}

impl Text {
    fn fits(self, text: &str) -> bool {
        match self {
            Self::Nothing => text.is_empty(),
            Self::Something => !text.trim().is_empty(),
            Self::Exactly(expected) => text == expected,
            Self::Beginning(expected) => text.starts_with(expected),
            Self::AtMost(expected) => text.is_empty() || text.starts_with(expected),
        }
    }
}

/// Rows of one test, with what went wrong in them.
#[derive(Debug, Default)]
struct Table {
    rows: usize,
    faults: Vec<String>,
}

/// A row that has run.
#[derive(Debug)]
struct Row<'a> {
    faults: &'a mut Vec<String>,
    title: String,
    output: Output,
}

impl Table {
    /// Runs one row; `codes` are the exit codes that are right.
    fn row(
        &mut self,
        door: Door,
        more: &[&str],
        prompt: &str,
        codes: &[i32],
        text: Text,
    ) -> Row<'_> {
        let output = run(door, "ask", &[more, &["--", prompt]].concat());
        self.rows += 1;
        let prompt: String = prompt.chars().take(40).collect();
        let title = format!("{} {:?} {more:?} `{prompt}`", door.name, door.flags);
        Row { faults: &mut self.faults, title, output }
            .also(&format!("the exit code is one of {codes:?}"), |output| {
                output.code.is_some_and(|code| codes.contains(&code))
            })
            .also(&format!("standard output holds {text:?}"), |output| {
                text.fits(&String::from_utf8_lossy(&output.stdout))
            })
    }

    #[track_caller]
    fn finish(self) {
        assert!(self.rows > 0, "a table without rows shows nothing");
        assert!(self.faults.is_empty(), "{}", self.faults.join("\n"));
    }
}

impl Row<'_> {
    /// Notes a fault unless the claim is true.
    fn also(self, claim: &str, is_true: impl Fn(&Output) -> bool) -> Self {
        if !is_true(&self.output) {
            self.faults.push(format!("{}: not so: {claim}\n{}\n", self.title, self.output));
        }
        self
    }
}

fn run(door: Door, command: &str, more: &[&str]) -> Output {
    Byok::new()
        .env("TESTBED_KEY", door.key)
        .args([command, "--base-url", door.base_url, "--api-key-env", "TESTBED_KEY"])
        .args(["--retries", "0"])
        .args(door.flags.iter().copied())
        .args(more.iter().copied())
        .run()
}

/// Whether the servers are to be asked. Says so once when not, past the harness, which keeps the
/// output of tests that pass to itself.
fn is_asked_for() -> bool {
    static SAID: Once = Once::new();
    #[expect(clippy::disallowed_methods, reason = "a switch of the tests, not of the program")]
    let is_asked_for = std::env::var_os("BYOK_INTEROP").is_some_and(|value| value == "1");
    if !is_asked_for {
        SAID.call_once(|| {
            let line = b"skipped: all tests against real servers (set BYOK_INTEROP=1)\n";
            let _ = std::io::stderr().write_all(line);
        });
    }
    is_asked_for
}

#[test]
fn every_format_answers_streamed_and_not() {
    if !is_asked_for() {
        return;
    }
    let mut table = Table::default();
    for manner in MANNERS {
        for door in LLAMA {
            table.row(door, &[manner, &["-m", "tiny"]].concat(), "hi", &[0], Text::Something);
        }
        for door in AIMOCK {
            let more = [manner, &["-m", "gpt-test"]].concat();
            table.row(door, &more, "hello", &[0], Text::Exactly(AIMOCK_HELLO));
        }
        // Really translated: what LiteLLM asks and answers stands in two formats.
        for model in ["via-aimock-openai", "via-aimock-anthropic", "via-aimock-azure"] {
            for door in LITELLM {
                let more = [manner, &["-m", model]].concat();
                table.row(door, &more, "hello", &[0], Text::Exactly(AIMOCK_HELLO));
            }
        }
    }
    table.finish();
}

#[test]
fn mocks_behind_a_proxy_answer() {
    if !is_asked_for() {
        return;
    }
    let mut table = Table::default();
    let [chat, responses, messages] = LITELLM;
    let hello = Text::Beginning("Hello from LiteLLM. Grüße, 世界!");
    table.row(chat, &["-m", "gpt-mock"], "hi", &[0], hello);
    table.row(responses, &["-m", "gpt-mock", "--no-stream"], "hi", &[0], hello);
    // Status 500 with server-sent events.
    table.row(responses, &["-m", "gpt-mock"], "hi", &[9], Text::Nothing);
    // JSON, although a stream was asked for.
    let hello = Text::Exactly("Hello from the Anthropic mock behind LiteLLM.\n");
    table.row(messages, &["-m", "claude-mock"], "hi", &[0], hello);
    table.finish();
}

#[test]
fn azure_deployments_and_the_v1_route_answer() {
    if !is_asked_for() {
        return;
    }
    let mut table = Table::default();
    for manner in MANNERS {
        for door in AIMOCK_AZURE {
            let more = [manner, &["-m", "my-deployment"]].concat();
            table.row(door, &more, "hello", &[0], Text::Exactly(AIMOCK_HELLO));
        }
        let more = [manner, &["-m", "azure-mock"]].concat();
        let hello = Text::Exactly("Hello from the Azure mock behind LiteLLM.\n");
        table.row(LITELLM_AZURE, &more, "hi", &[0], hello);
    }
    table.finish();
}

#[test]
fn a_wrong_key_is_exit_4_and_never_shown() {
    if !is_asked_for() {
        return;
    }
    let mut table = Table::default();
    // LiteLLM without a database answers a wrong key with 400 "No connected db.".
    for door in LLAMA.into_iter().chain(THINK).chain(AIMOCK).chain(AIMOCK_AZURE) {
        let door = Door { key: "sk-wrong-0123456789abcdef", ..door };
        table
            .row(door, &["-m", "tiny"], "hi", &[4], Text::Nothing)
            .also("the key is hidden", |output| !output.stderr().contains(door.key))
            .also("its source is named", |output| output.stderr().contains("TESTBED_KEY"));
    }
    table.finish();
}

#[test]
fn an_unknown_model_is_exit_10_and_named() {
    if !is_asked_for() {
        return;
    }
    let mut table = Table::default();
    // llama.cpp and aimock answer under any name.
    for door in LITELLM {
        table
            .row(door, &["-m", "no-such-model"], "hi", &[10], Text::Nothing)
            .also("the model is named", |output| output.stderr().contains("no-such-model"));
    }
    table.finish();
}

#[test]
fn a_rate_limit_is_exit_5() {
    if !is_asked_for() {
        return;
    }
    let mut table = Table::default();
    for door in AIMOCK.into_iter().chain(AIMOCK_AZURE) {
        table
            .row(door, &["-m", "gpt-test"], "e429", &[5], Text::Nothing)
            .also("the server's words are quoted", |output| {
                output.stderr().contains("Rate limit reached for gpt-test")
            });
    }
    let [chat, ..] = LITELLM;
    table.row(chat, &["-m", "ratelimited"], "hi", &[5], Text::Nothing);
    table.finish();
}

#[test]
fn a_failing_server_is_exit_9() {
    if !is_asked_for() {
        return;
    }
    let mut table = Table::default();
    for door in AIMOCK {
        table.row(door, &["-m", "gpt-test"], "e500", &[9], Text::Nothing);
    }
    let [chat, ..] = LITELLM;
    table.row(chat, &["-m", "server-error"], "hi", &[9], Text::Nothing);
    table.finish();
}

#[test]
fn a_context_too_long_is_exit_11() {
    if !is_asked_for() {
        return;
    }
    let mut table = Table::default();
    let [chat, ..] = LITELLM;
    table.row(chat, &["-m", "context-error"], "hi", &[11], Text::Nothing);
    // More than the 1024 tokens of the tiny model.
    let long = "lorem ipsum dolor sit amet ".repeat(1000);
    let [chat, ..] = LLAMA;
    table.row(chat, &["-m", "tiny"], &long, &[11], Text::Nothing);
    table.finish();
}

#[test]
fn a_torn_stream_keeps_its_text_and_is_no_success() {
    if !is_asked_for() {
        return;
    }
    let mut table = Table::default();
    let [chat, responses, messages] = AIMOCK;
    table.row(chat, &["-m", "gpt-test"], "cut-chunks", &[13], Text::Beginning("This ans"));
    table.row(AIMOCK_AZURE[0], &["-m", "my-dep"], "cut-chunks", &[13], Text::Beginning("This ans"));
    // Torn before any text, as these formats say more before it.
    for door in [responses, messages] {
        table.row(door, &["-m", "gpt-test"], "cut-chunks", &[7, 9, 13], Text::Nothing);
    }
    // The proxy turns the tear into an error event, which keeps its kind; or, when the tear comes
    // before the proxy has begun to answer, into a 500.
    let [chat, ..] = LITELLM;
    let text = Text::AtMost("This ans");
    table.row(chat, &["-m", "via-aimock-openai"], "cut-chunks", &[9], text);
    table.finish();
}

#[test]
fn an_answer_cut_at_the_limit_is_exit_13() {
    if !is_asked_for() {
        return;
    }
    let mut table = Table::default();
    let [chat, _, messages] = AIMOCK;
    let [llama_chat, _, llama_messages] = LLAMA;
    for manner in MANNERS {
        for door in [chat, messages] {
            let more = [manner, &["-m", "gpt-test"]].concat();
            table.row(door, &more, "length", &[13], Text::Exactly("cut by max tok\n"));
        }
        // In the Responses format, llama.cpp says `completed` for an answer cut at the limit.
        for door in [llama_chat, llama_messages] {
            let more = [manner, &["-m", "tiny", "--max-tokens", "3"]].concat();
            table.row(door, &more, "hi", &[13], Text::Something);
        }
    }
    table.finish();
}

#[test]
fn a_filtered_answer_is_exit_12() {
    if !is_asked_for() {
        return;
    }
    let mut table = Table::default();
    let [chat, ..] = AIMOCK;
    for manner in MANNERS {
        let more = [manner, &["-m", "gpt-test"]].concat();
        table.row(chat, &more, "filtered", &[12], Text::Exactly("I\n"));
    }
    table.finish();
}

#[test]
fn reasoning_is_shown_on_standard_error_only() {
    if !is_asked_for() {
        return;
    }
    let mut table = Table::default();
    let thought = "Let me think about this step by step.";
    for manner in MANNERS {
        for door in AIMOCK {
            let more = [manner, &["-m", "gpt-test", "--thinking", "show"]].concat();
            let text = Text::Exactly("The answer is 42.\n");
            table
                .row(door, &more, "think", &[0], text)
                .also("reasoning is shown", |output| output.stderr().contains(thought));
            let more = [manner, &["-m", "gpt-test", "--thinking", "hide"]].concat();
            table
                .row(door, &more, "think", &[0], text)
                .also("reasoning is hidden", |output| !output.stderr().contains(thought));
        }
        for door in THINK {
            let more = [manner, &["-m", "tiny-think", "--thinking", "show"]].concat();
            table
                .row(door, &more, "hi", &[0], Text::Something)
                .also("reasoning is apart", |output| !output.stdout().contains("think>"))
                .also("reasoning is shown", |output| !output.stderr().is_empty());
        }
    }
    table.finish();
}

#[test]
fn a_system_prompt_reaches_every_format() {
    if !is_asked_for() {
        return;
    }
    let mut table = Table::default();
    for door in AIMOCK.into_iter().chain(AIMOCK_AZURE) {
        let more = ["-m", "gpt-test", "-s", "be a pirate"];
        let text = Text::Exactly("Arr, the system prompt reached me.\n");
        table.row(door, &more, "who are you", &[0], text);
    }
    table.finish();
}

#[test]
fn models_are_listed() {
    if !is_asked_for() {
        return;
    }
    let mut table = Table::default();
    let lists = [
        (LLAMA[0], "tiny"),
        (LLAMA[2], "tiny"),
        (THINK[0], "tiny-think"),
        (AIMOCK[0], "gpt-4o"),
        (AIMOCK[2], "gpt-4o"),
        (AIMOCK_AZURE[1], "gpt-4o"),
        (LITELLM[0], "via-aimock-azure"),
    ];
    for (door, model) in lists {
        table.rows += 1;
        let title = format!("{} {:?} models", door.name, door.flags);
        let row = Row { faults: &mut table.faults, title, output: run(door, "models", &[]) };
        row.also("the exit code is 0", |output| output.code == Some(0)).also(model, |output| {
            output.stdout().lines().any(|line| line.split_whitespace().any(|id| id == model))
        });
    }
    table.finish();
}
