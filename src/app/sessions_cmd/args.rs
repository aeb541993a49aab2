//! What may be typed behind `byok sessions`.

use clap::{Args, Subcommand};

use super::{check::CheckArgs, export::ExportArgs, import::ImportArgs};
use crate::app::cli::{RenderChoice, SpeechArgs};

/// `byok sessions`
#[derive(Debug, Args)]
#[command(after_help = "WHICH is an id, the beginning of one that no other has, or a name.")]
pub(in crate::app) struct SessionsArgs {
    #[command(subcommand)]
    pub(in crate::app) command: Option<SessionsCommand>,
    #[command(flatten)]
    pub(in crate::app) list: ListArgs,
}

/// `byok sessions …`
#[derive(Debug, Subcommand)]
pub(in crate::app) enum SessionsCommand {
    /// List the sessions, the latest first: the same as without a command
    List(ListArgs),
    /// Show a conversation, or the last one
    Show(ShowArgs),
    /// Find words in questions and answers
    Search(SearchArgs),
    /// Write a session as Markdown, as JSON or as a page of HTML
    Export(ExportArgs),
    /// Take in sessions: exported JSON, session files of another machine, sessions of aichat
    Import(ImportArgs),
    /// Call a session something; `-` takes its name away
    Rename(RenameArgs),
    /// Put sessions into the trash, which keeps them for 30 days
    Rm(RemoveArgs),
    /// Take a session out of the trash, or list what is there
    Restore(RestoreArgs),
    /// Put old sessions into the trash, and delete files that no session needs
    Prune(PruneArgs),
    /// Look at every file, and mend what was torn
    Check(CheckArgs),
    /// Print the folder of the sessions, or the file of one
    Path(PathArgs),
}

/// Which sessions, and which turns of them.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Which")]
pub(in crate::app) struct FilterArgs {
    /// Those that asked this profile
    #[arg(short = 'P', long, value_name = "NAME")]
    pub(in crate::app) profile: Option<String>,

    /// Those that asked this model
    #[arg(short, long, value_name = "NAME")]
    pub(in crate::app) model: Option<String>,

    /// Those that began in this directory
    #[arg(long)]
    pub(in crate::app) here: bool,

    /// From this day on, or not older than this (`2026-08-01`, `30d`, `2w`)
    #[arg(long, value_name = "WHEN")]
    pub(in crate::app) since: Option<String>,

    /// Up to this day, it included, or older than this
    #[arg(long, value_name = "WHEN")]
    pub(in crate::app) until: Option<String>,
}

/// `byok sessions list`
#[derive(Debug, Args)]
pub(in crate::app) struct ListArgs {
    /// At most so many; without it 20 on a terminal, and all elsewhere
    #[arg(short = 'n', long = "max", value_name = "N", conflicts_with = "all")]
    pub(in crate::app) most: Option<usize>,

    /// All of them, on a terminal too
    #[arg(long)]
    pub(in crate::app) all: bool,

    /// Print one JSON object
    #[arg(long)]
    pub(in crate::app) json: bool,

    #[command(flatten)]
    pub(in crate::app) filter: FilterArgs,
    #[command(flatten)]
    pub(in crate::app) speech: SpeechArgs,
}

/// `byok sessions show`
#[derive(Debug, Args)]
pub(in crate::app) struct ShowArgs {
    /// The session; without it the last one, as `-c` finds it
    #[arg(value_name = "WHICH")]
    pub(in crate::app) which: Option<String>,

    /// Show every turn in a line, those of other branches too
    #[arg(long, conflicts_with = "json")]
    pub(in crate::app) all_branches: bool,

    /// Print the session as one JSON object, every branch of it
    #[arg(long)]
    pub(in crate::app) json: bool,

    /// Render Markdown: on a terminal, always, or not at all
    #[arg(long, value_enum, value_name = "HOW")]
    pub(in crate::app) render: Option<RenderChoice>,

    /// Words in place of lines and signs, for screen readers
    #[arg(long)]
    pub(in crate::app) accessible: bool,

    #[command(flatten)]
    pub(in crate::app) speech: SpeechArgs,
}

/// `byok sessions search`
#[derive(Debug, Args)]
pub(in crate::app) struct SearchArgs {
    /// Words or phrases, each of which stands in the same question or answer; case is of no matter
    #[arg(value_name = "WORDS", required_unless_present = "regex")]
    pub(in crate::app) words: Vec<String>,

    /// A regular expression that matches there
    #[arg(short = 'e', long, value_name = "PATTERN")]
    pub(in crate::app) regex: Option<String>,

    /// At most so many sessions; without it 20 on a terminal, and all elsewhere
    #[arg(short = 'n', long = "max", value_name = "N")]
    pub(in crate::app) most: Option<usize>,

    /// Print one JSON object
    #[arg(long)]
    pub(in crate::app) json: bool,

    #[command(flatten)]
    pub(in crate::app) filter: FilterArgs,
    #[command(flatten)]
    pub(in crate::app) speech: SpeechArgs,
}

/// `byok sessions rename`
#[derive(Debug, Args)]
pub(in crate::app) struct RenameArgs {
    /// The session
    #[arg(value_name = "WHICH")]
    pub(in crate::app) which: String,

    /// Its name from now on; `-`: none
    #[arg(value_name = "NAME")]
    pub(in crate::app) name: String,

    #[command(flatten)]
    pub(in crate::app) speech: SpeechArgs,
}

/// `byok sessions rm`
#[derive(Debug, Args)]
pub(in crate::app) struct RemoveArgs {
    /// The sessions
    #[arg(value_name = "WHICH", required = true)]
    pub(in crate::app) which: Vec<String>,

    /// Do not ask
    #[arg(short, long)]
    pub(in crate::app) yes: bool,

    #[command(flatten)]
    pub(in crate::app) speech: SpeechArgs,
}

/// `byok sessions restore`
#[derive(Debug, Args)]
pub(in crate::app) struct RestoreArgs {
    /// The session, by its id or the beginning of it; without it what is in the trash is listed
    #[arg(value_name = "ID")]
    pub(in crate::app) which: Option<String>,

    #[command(flatten)]
    pub(in crate::app) speech: SpeechArgs,
}

/// `byok sessions prune`
#[derive(Debug, Args)]
pub(in crate::app) struct PruneArgs {
    /// Sessions that were not used for so long (`90d`, `12w`, `1y`)
    #[arg(long, value_name = "AGE")]
    pub(in crate::app) older_than: String,

    /// Say what would be done, and do nothing
    #[arg(short = 'n', long)]
    pub(in crate::app) dry_run: bool,

    /// Do not ask
    #[arg(short, long)]
    pub(in crate::app) yes: bool,

    #[command(flatten)]
    pub(in crate::app) speech: SpeechArgs,
}

/// `byok sessions path`
#[derive(Debug, Args)]
pub(in crate::app) struct PathArgs {
    /// The session; without it the folder of all is printed
    #[arg(value_name = "WHICH")]
    pub(in crate::app) which: Option<String>,

    #[command(flatten)]
    pub(in crate::app) speech: SpeechArgs,
}
