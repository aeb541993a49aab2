//! What may be typed.
//!
//! Conventions: the first line of a help text is one sentence without a full stop; what takes a
//! value names it in capitals; no flag takes a secret, because `ps` shows arguments to everybody.

use std::{ffi::OsString, path::PathBuf};

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use super::sessions_cmd::SessionsArgs;
use crate::term::Extract;

/// Chat with the language models you already pay for or run, with your own keys.
#[derive(Debug, Parser)]
#[command(
    name = "byok",
    version,
    about,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    after_help = "Without a prompt, on a terminal, it is a chat. Scripts use `byok ask`. \
                  Exit codes: `byok help exit-codes`. Without a key: `byok --profile demo \"What is 2+2?\"`."
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) ask: AskArgs,
}

/// The commands; without one, the words are a prompt.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Ask once: the same as without a command, unmistakable in scripts
    Ask(Box<AskArgs>),
    /// Chat in the terminal: the same as without a command and a prompt
    Chat(Box<ChatArgs>),
    /// List what was said before, show it, find words in it
    Sessions(Box<SessionsArgs>),
    /// List the models that the profile's server offers
    Models(ModelsArgs),
    /// List the profiles, or show one
    Profiles(ProfilesArgs),
    /// Show where the configuration is, what it says and whether it is right
    Config(ConfigArgs),
    /// Write a commented `config.toml` to start from; an existing one is left alone
    Init(InitArgs),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Explain a command or a topic (exit-codes, stdin)
    Help {
        /// The command or topic
        topic: Vec<String>,
    },
}

/// Options of a one-shot prompt.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Args)]
pub(super) struct AskArgs {
    /// The prompt: all words, joined with spaces
    #[arg(value_name = "PROMPT")]
    pub(super) prompt: Vec<OsString>,

    /// Put a text file before the prompt; `-` is standard input (repeatable)
    #[arg(short, long = "file", value_name = "PATH")]
    pub(super) files: Vec<PathBuf>,

    /// Write the answer to FILE, which appears when the answer is whole
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(super) output: Option<PathBuf>,

    /// Only the answer's code blocks: all, the n-th or those of a language (`-x=2`, `-x=python`)
    #[arg(
        short = 'x',
        long,
        value_name = "WHICH",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        conflicts_with_all = ["raw", "output_format", "json"],
        help_heading = "Output"
    )]
    pub(super) extract: Option<Extract>,

    /// What standard output carries
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Output")]
    pub(super) output_format: Option<OutputFormat>,

    /// The same as `--output-format json`
    #[arg(long, conflicts_with = "output_format", help_heading = "Output")]
    pub(super) json: bool,

    /// The exact bytes of the answer, unfiltered
    #[arg(long, help_heading = "Output")]
    pub(super) raw: bool,

    #[command(flatten)]
    pub(super) answer: AnswerArgs,
    #[command(flatten)]
    pub(super) session: SessionArgs,

    /// Print the request instead of sending it
    #[arg(long, help_heading = "Output")]
    pub(super) dry_run: bool,

    /// Print a curl command that sends the request
    #[arg(long, conflicts_with = "dry_run", help_heading = "Output")]
    pub(super) curl: bool,

    /// Do not read standard input
    #[arg(long, help_heading = "Standard input")]
    pub(super) no_stdin: bool,

    /// Fail when standard input has not ended after this long (`30s`, `2m`)
    #[arg(long, value_name = "TIME", conflicts_with = "no_stdin", help_heading = "Standard input")]
    pub(super) stdin_timeout: Option<String>,

    #[command(flatten)]
    pub(super) request: RequestArgs,
    #[command(flatten)]
    pub(super) connection: ConnectionArgs,
    #[command(flatten)]
    pub(super) speech: SpeechArgs,
}

/// `byok chat`
#[derive(Debug, Args)]
#[command(
    after_help = "In the chat `/help` lists the commands, Tab completes them, and Ctrl-D leaves."
)]
pub(super) struct ChatArgs {
    /// A first message to send: all words, joined with spaces
    #[arg(value_name = "TEXT")]
    pub(super) text: Vec<OsString>,

    /// Send a text file with the first message (repeatable)
    #[arg(short, long = "file", value_name = "PATH")]
    pub(super) files: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) answer: AnswerArgs,
    #[command(flatten)]
    pub(super) session: SessionArgs,
    #[command(flatten)]
    pub(super) request: RequestArgs,
    #[command(flatten)]
    pub(super) connection: ConnectionArgs,
    #[command(flatten)]
    pub(super) speech: SpeechArgs,
}

impl Cli {
    /// The options of a one-shot, if this may be one.
    pub(super) fn asked(&self) -> Option<&AskArgs> {
        match &self.command {
            None => Some(&self.ask),
            Some(Command::Ask(args)) => Some(args),
            Some(_) => None,
        }
    }
}

impl AskArgs {
    /// Whether two flags want what cannot be had together; clap compares no values.
    pub(super) fn contradicts_itself(&self) -> bool {
        self.raw && self.answer.render == Some(RenderChoice::Markdown)
    }

    /// Whether nothing was given that makes a prompt, and nothing that only a one-shot does.
    pub(super) fn is_for_the_chat(&self) -> bool {
        let has_prompt = !self.prompt.is_empty() || !self.files.is_empty();
        let is_for_a_file = self.output.is_some() || self.extract.is_some() || self.raw;
        let is_for_a_program =
            self.json || self.output_format.is_some_and(|it| it != OutputFormat::Text);
        let is_preview = self.dry_run || self.curl;
        !(has_prompt
            || is_for_a_file
            || is_for_a_program
            || is_preview
            || self.stdin_timeout.is_some())
    }
}

impl From<AskArgs> for ChatArgs {
    fn from(args: AskArgs) -> Self {
        let AskArgs { answer, session, request, connection, speech, .. } = args;
        Self { text: Vec::new(), files: Vec::new(), answer, session, request, connection, speech }
    }
}

/// How answers come, and how they are shown.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct AnswerArgs {
    /// Render Markdown: on a terminal, always, or not at all; code blocks, files and JSON never are
    #[arg(long, value_enum, value_name = "HOW")]
    pub(super) render: Option<RenderChoice>,

    /// Show nothing that moves, and words in place of signs, for screen readers
    #[arg(long)]
    pub(super) accessible: bool,

    /// The model's thinking on standard error: folded to one line, all of it, or nothing
    #[arg(long, value_name = "WHEN", value_parser = ["auto", "show", "hide"])]
    pub(super) thinking: Option<String>,

    /// Ask for the answer in one piece
    #[arg(long)]
    pub(super) no_stream: bool,
}

/// Which conversation is gone on with, and whether it is kept.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Session")]
pub(super) struct SessionArgs {
    /// Go on with the last session: of this terminal, else of this directory, else of all
    #[arg(short, long = "continue", conflicts_with = "resume")]
    pub(super) continue_last: bool,

    /// Go on with a session: its id, its name, or the beginning of one (`-r=NAME`); alone: choose
    #[arg(
        short,
        long,
        value_name = "WHICH",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = ""
    )]
    pub(super) resume: Option<String>,

    /// Keep nothing of this on disk
    #[arg(long, visible_alias = "ephemeral")]
    pub(super) no_save: bool,
}

/// What is asked of the model beside the words.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Request")]
pub(super) struct RequestArgs {
    /// The system prompt
    #[arg(short, long, value_name = "TEXT", conflicts_with = "system_file")]
    pub(super) system: Option<String>,

    /// Read the system prompt from a file
    #[arg(long, value_name = "PATH")]
    pub(super) system_file: Option<PathBuf>,

    /// Sampling temperature
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pub(super) temperature: Option<f64>,

    /// Nucleus sampling
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pub(super) top_p: Option<f64>,

    /// The longest answer in tokens, thinking included
    #[arg(long, value_name = "N")]
    pub(super) max_tokens: Option<u64>,

    /// A text that ends the answer (repeatable)
    #[arg(long, value_name = "TEXT", action = ArgAction::Append)]
    pub(super) stop: Vec<String>,

    /// Ask for a repeatable answer
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(super) seed: Option<i64>,

    /// How much to think: low, medium, high or a word of the model's own
    #[arg(long, value_name = "LEVEL")]
    pub(super) effort: Option<String>,
}

/// Which server, which model, whose key.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Profile")]
pub(super) struct ConnectionArgs {
    /// The profile to use
    #[arg(short = 'P', long, value_name = "NAME")]
    pub(super) profile: Option<String>,

    /// The model (for Azure: the deployment)
    #[arg(short, long, value_name = "NAME")]
    pub(super) model: Option<String>,

    /// The kind of provider: openai, azure or anthropic
    #[arg(long = "type", value_name = "TYPE")]
    pub(super) provider_type: Option<String>,

    /// The server's address
    #[arg(long, value_name = "URL")]
    pub(super) base_url: Option<String>,

    /// The wire format: completions or responses
    #[arg(long, value_name = "API")]
    pub(super) wire_api: Option<String>,

    /// Azure's API version
    #[arg(long, value_name = "VERSION")]
    pub(super) api_version: Option<String>,

    /// The variable that holds the API key
    #[arg(long, value_name = "VARIABLE", conflicts_with = "bearer_token_env")]
    pub(super) api_key_env: Option<String>,

    /// The variable that holds a bearer token
    #[arg(long, value_name = "VARIABLE")]
    pub(super) bearer_token_env: Option<String>,

    /// Set any key of the profile, as in the file: `--set 'stop=["END"]'` (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,

    /// The longest time for everything, retries included (`30s`, `5m`)
    #[arg(long, value_name = "TIME")]
    pub(super) timeout: Option<String>,

    /// How often to try again
    #[arg(long, value_name = "N")]
    pub(super) retries: Option<u32>,

    /// The configuration file
    #[arg(long, value_name = "PATH")]
    pub(super) config: Option<PathBuf>,
}

/// How much is said on standard error, and how.
#[derive(Debug, Clone, Copy, Default, Args)]
#[command(next_help_heading = "Messages")]
pub(super) struct SpeechArgs {
    /// Say nothing but errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,

    /// Say what is sent and what comes back; twice: headers too
    #[arg(short, long, action = ArgAction::Count)]
    pub(super) verbose: u8,

    /// Use colour
    #[arg(long, value_enum, value_name = "WHEN", conflicts_with = "no_color")]
    pub(super) color: Option<ColorChoice>,

    /// The same as `--color never`
    #[arg(long)]
    pub(super) no_color: bool,
}

/// `byok models`
#[derive(Debug, Args)]
pub(super) struct ModelsArgs {
    /// Print one JSON object
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) connection: ConnectionArgs,
    #[command(flatten)]
    pub(super) speech: SpeechArgs,
}

/// `byok init`
#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// Write this file instead
    #[arg(long, value_name = "PATH")]
    pub(super) config: Option<PathBuf>,
    #[command(flatten)]
    pub(super) speech: SpeechArgs,
}

/// `byok profiles`
#[derive(Debug, Args)]
pub(super) struct ProfilesArgs {
    #[command(subcommand)]
    pub(super) command: Option<ProfilesCommand>,
    #[command(flatten)]
    pub(super) common: InspectArgs,
}

/// `byok profiles …`
#[derive(Debug, Subcommand)]
pub(super) enum ProfilesCommand {
    /// List the profiles of the file and of the environment
    List(InspectArgs),
    /// Show one profile as it would be used
    Show {
        /// The profile's name
        name: Option<String>,
        #[command(flatten)]
        common: InspectArgs,
    },
}

/// `byok config`
#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    pub(super) command: Option<ConfigCommand>,
    #[command(flatten)]
    pub(super) common: InspectArgs,
}

/// `byok config …`
#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Show every value in effect and where it comes from
    Show(InspectArgs),
    /// Check the whole file, every profile
    Check(InspectArgs),
    /// Print where the configuration file is looked for
    Path(InspectArgs),
    /// Print a JSON schema
    Schema {
        /// The schema of `--output-format json` and `stream-json`
        #[arg(long)]
        events: bool,
    },
}

/// Options of the commands that only look.
#[derive(Debug, Default, Args)]
pub(super) struct InspectArgs {
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) request: RequestArgs,
    #[command(flatten)]
    pub(super) connection: ConnectionArgs,
    #[command(flatten)]
    pub(super) speech: SpeechArgs,
}

/// What standard output carries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum OutputFormat {
    /// The answer
    #[default]
    Text,
    /// One JSON object at the end
    Json,
    /// One JSON object a line, as things happen
    StreamJson,
}

/// How an answer is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum RenderChoice {
    /// Rendered on a terminal, as it is elsewhere
    Auto,
    /// Rendered, into a pipe too
    Markdown,
    /// As it is
    Plain,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorChoice {
    /// On a terminal that can
    Auto,
    /// Even into a pipe
    Always,
    /// Not at all
    Never,
}
