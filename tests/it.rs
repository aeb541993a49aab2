//! Tests from outside: the real binary, and the rules of the house. One file a capability.

#[path = "support/accepted.rs"]
mod accepted;
#[path = "support/golden.rs"]
mod golden;
#[path = "support/picture.rs"]
mod picture;
#[path = "support/sequences.rs"]
mod sequences;
#[path = "support/mod.rs"]
mod support;
#[path = "support/terminal.rs"]
mod terminal;

/// What is typed, on the wire: every flag, in each format.
#[path = "it/ask.rs"]
mod ask;
/// The chat on a terminal.
#[cfg(unix)]
#[path = "it/chat"]
mod chat {
    mod ahead;
    mod attaching;
    mod completing;
    mod composing;
    mod desk;
    mod ending;
    mod entering;
    mod jobs;
    mod looks;
    mod moment;
    mod recalling;
    mod showing;
    mod stopping;
    mod switch;
    mod trouble;
    mod turns;
    mod typing;
}
/// Files, good and bad, and what is shown of them.
#[path = "it/config.rs"]
mod config;
/// What any conversation sends, in every format.
#[path = "it/conversation.rs"]
mod conversation;
/// Where keys come from, and where they go.
#[path = "it/credentials.rs"]
mod credentials;
/// The built-in demo server, through the whole program.
#[path = "it/demo.rs"]
mod demo;
/// The request as it would be sent.
#[cfg(unix)]
#[path = "it/dry_run.rs"]
mod dry_run;
/// Every failure as a user sees it.
#[path = "it/errors.rs"]
mod errors;
/// What byok says of itself, and what its papers say of it.
#[path = "it/help.rs"]
mod help;
/// A configuration file to start from.
#[path = "it/init.rs"]
mod init;
/// The command line at its edges.
#[path = "it/input.rs"]
mod input;
/// Signals and deadlines, in every state of a turn.
#[cfg(unix)]
#[path = "it/interrupt.rs"]
mod interrupt;
/// Answers for programs, held against the published schema.
#[path = "it/json.rs"]
mod json;
/// What a server offers.
#[path = "it/models.rs"]
mod models;
/// Proxies, trust, deadlines, and that nothing else is connected to.
#[path = "it/network.rs"]
mod network;
/// The answer on standard output and in files, and nothing but the answer.
#[path = "it/output.rs"]
mod output;
/// Trying again: when, how long, and when not.
#[path = "it/retries.rs"]
mod retries;
/// Markdown on a terminal: what is shown of an answer, what it costs, and what it cannot do.
#[path = "it/screen"]
mod screen {
    mod answer;
    mod arriving;
    mod chunks;
    mod corpus;
    mod hostile;
    #[cfg(unix)]
    mod others;
    #[cfg(unix)]
    mod program;
    mod shapes;
    mod words;
    mod work;
}
/// No secret leaves but in its header.
#[cfg(unix)]
#[path = "it/secrets.rs"]
mod secrets;
/// What was said before: listed, shown, found, named, removed, and gone on with.
#[path = "it/sessions.rs"]
mod sessions;
/// When standard input is read, how far, and what of it is refused.
#[path = "it/stdin.rs"]
mod stdin;
/// What may stand where in `src`.
#[path = "it/tidy.rs"]
mod tidy;
/// One call against everything that a server may do.
#[path = "it/transport.rs"]
mod transport;
/// What stands on the screen while an answer is waited for.
#[cfg(unix)]
#[path = "it/waiting.rs"]
mod waiting;
/// The wire formats: golden streams, cut everywhere.
#[path = "it/wire.rs"]
mod wire;
/// Real answers of real providers.
#[path = "it/wire_recorded.rs"]
mod wire_recorded;
