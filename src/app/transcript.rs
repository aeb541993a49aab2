//! A session for people and programs to keep: as Markdown, as a page, as JSON, and as a tree. Pure.

mod html;
mod markdown;
mod tree;

use std::path::Path;

use clap::ValueEnum;

use super::failure::Failure;
use crate::{
    chat::{Answer, Content, Conversation, TurnId},
    sessions::{Account, Exported, Session, State, Time},
    term::{sanitize_line, sanitize_whole, to_line},
};
pub(super) use tree::{fitted, tree};

/// What a session can leave as.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// The conversation up to where it goes on, to read and to edit
    #[default]
    Markdown,
    /// All of it, for programs and for `byok sessions import`
    Json,
    /// All of it, as a page that needs nothing beside it
    Html,
}

impl Format {
    /// The one that a file's name asks for.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "md" | "markdown" => Some(Self::Markdown),
            "json" => Some(Self::Json),
            "html" | "htm" => Some(Self::Html),
            _ => None,
        }
    }
}

/// The bytes of a session in a format; they end in a line feed.
pub(super) fn export(session: &Session, format: Format) -> Result<Vec<u8>, Failure> {
    let conversation = session.conversation();
    if conversation.turns().next().is_none() {
        return Err(Failure::usage("there is nothing to export yet"));
    }
    match format {
        Format::Markdown if conversation.latest().is_none() => Err(Failure::usage(
            "this is the beginning: there is nothing to export",
        )
        .hint("as JSON and HTML every turn is exported: a name that ends in `.json` or `.html`")),
        Format::Markdown => Ok(sanitize_whole(&markdown::markdown(session)).into_bytes()),
        Format::Json => Ok(json(session)),
        Format::Html => Ok(html::html(session).into_bytes()),
    }
}

/// The session as one line of JSON, as `docs/session-format.md` describes it.
pub(super) fn json(session: &Session) -> Vec<u8> {
    // It has no map with keys that are not text.
    to_line(&serde_json::to_value(Exported::of(session)).unwrap_or_default())
}

/// The way to the head, and after it a last question without an answer.
fn shown(chat: &Conversation) -> Vec<TurnId> {
    let mut shown = chat.way(chat.head());
    shown.extend(chat.latest().filter(|latest| chat.turn(*latest).answer.is_none()));
    shown
}

/// A moment to the minute. The zone of the reader is not known.
fn day(at: Time) -> String {
    at.timestamp().strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// What is known of a turn beside its words, each on one line: when, who answered, how it ended, what
/// it took.
fn facts(account: &Account) -> Vec<String> {
    let mut facts = vec![day(account.asked_at)];
    let Some(ended) = &account.ended else { return facts };
    if let Some(model) = ended.served_model.as_ref().filter(|it| **it != account.model) {
        facts.push(format!("answered by {}", sanitize_line(model)));
    }
    if let Some(total) = ended.total_ms.filter(|_| ended.state != State::Failed) {
        facts.push(format!("{} s", tenths(total)));
    }
    if ended.usage.input.is_some() || ended.usage.output.is_some() {
        let count = |tokens: Option<u64>| tokens.map_or("?".to_owned(), |it| it.to_string());
        let (input, output) = (count(ended.usage.input), count(ended.usage.output));
        facts.push(format!("{input} tokens in, {output} out"));
    }
    if let Some(reason) = ended.finish_reason.as_ref().filter(|it| *it != "stop") {
        facts.push(format!("ended by {}", sanitize_line(reason)));
    }
    if let Some(error) = &ended.error {
        facts.push(format!("{}: {}", sanitize_line(&error.kind), sanitize_line(&error.message)));
    }
    facts
}

/// Milliseconds as seconds with a digit behind the point.
fn tenths(millis: u64) -> String {
    let tenths = millis.saturating_add(50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Who was asked: `work:gpt-x`.
fn asked(answer: &Answer) -> String {
    sanitize_line(&format!("{}:{}", answer.profile, answer.model))
}

/// What is to be known about an answer.
fn marks_of(answer: &Answer) -> Vec<String> {
    let is_refusal = |content: &Content| matches!(content, Content::Refusal(_));
    let is_refused = answer.message.parts.iter().any(|part| is_refusal(&part.content));
    let marks = [("cut", !answer.is_whole), ("refused", is_refused)];
    marks.into_iter().filter(|(_, is_so)| *is_so).map(|(mark, _)| mark.to_owned()).collect()
}

fn bracketed(marks: &[String]) -> String {
    if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) }
}

#[cfg(test)]
#[path = "transcript_tests.rs"]
mod tests;
