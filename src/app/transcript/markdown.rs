//! A session as Markdown.

use std::fmt::Write as _;

use pulldown_cmark::{Event, Options, Tag};

use super::{asked, bracketed, day, facts, marks_of, shown};
use crate::{
    chat::{Turn, TurnId},
    sessions::{Account, Session},
    term::{commonmark, sanitize_line},
};

/// The session up to its head as Markdown, and after it a last question without an answer.
///
/// Every word that was said there is in it to the letter. Questions are quoted, so that nothing in
/// them ends or begins a section; an answer that leaves a block open, as cut code does, has it closed
/// behind it. Of files the names are given. Reasoning and other branches are in HTML and JSON only.
pub(super) fn markdown(session: &Session) -> String {
    let chat = session.conversation();
    let mut out = String::new();
    let title = session.title();
    if !title.trim().is_empty() {
        let _ = write!(out, "# {}\n\n", escaped(&title));
    }
    let begun = session.begun();
    let _ = write!(out, "_{}, session `{}`_\n\n", day(begun.at), begun.id);
    let mut before = None;
    for id in shown(chat) {
        let turn = chat.turn(id);
        push_question(&mut out, id, turn, before, session.account(id));
        if let Some(answer) = &turn.answer {
            let by = code_span(&asked(answer));
            let marks = bracketed(&marks_of(answer));
            let _ = write!(out, "## {}. Answer of {by}{marks}\n\n", id.number());
            push_facts(&mut out, session.account(id));
            push_block(&mut out, &closed(answer.words()));
        }
        before = Some(id);
    }
    out.truncate(out.trim_end_matches('\n').len());
    out.push('\n');
    out
}

/// `before`: the turn above it.
fn push_question(
    out: &mut String,
    id: TurnId,
    turn: &Turn,
    before: Option<TurnId>,
    account: &Account,
) {
    let mut marks = Vec::new();
    if turn.parent != before {
        marks.push(match turn.parent {
            Some(parent) => format!("follows {}", parent.number()),
            None => "from the beginning".to_owned(),
        });
    }
    if turn.answer.is_none() {
        marks.push("unanswered".to_owned());
    }
    let _ = write!(out, "## {}. Question{}\n\n", id.number(), bracketed(&marks));
    let names: Vec<String> =
        account.files.iter().map(|file| code_span(&sanitize_line(&file.name))).collect();
    if !names.is_empty() {
        let _ = write!(out, "_With_ {}\n\n", names.join(", "));
    }
    push_block(out, &quoted(turn.words()));
    if turn.answer.is_none() {
        push_facts(out, account);
    }
}

/// What is known of an answer, in a line of its own.
fn push_facts(out: &mut String, account: &Account) {
    let facts: Vec<String> = facts(account).iter().map(|fact| escaped(fact)).collect();
    if !facts.is_empty() {
        let _ = write!(out, "_{}_\n\n", facts.join(", "));
    }
}

/// Adds a block and the blank line after it.
fn push_block(out: &mut String, block: &str) {
    out.push_str(block);
    if !block.ends_with('\n') {
        out.push('\n');
    }
    out.push('\n');
}

/// A block quote of the text. A carriage return ends a line, too.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + text.len() / 16 + 2);
    let mut rest = text;
    loop {
        let end = rest.find(['\n', '\r']);
        let line = &rest[..end.unwrap_or(rest.len())];
        quoted.push_str(if line.is_empty() { ">" } else { "> " });
        quoted.push_str(line);
        let Some(end) = end else { return quoted };
        let length = if rest[end..].starts_with("\r\n") { 2 } else { 1 };
        quoted.push_str(&rest[end..end + length]);
        rest = &rest[end + length..];
        if rest.is_empty() {
            return quoted;
        }
    }
}

/// The answer with what it leaves open closed behind it; all of it in a fence where that cannot be
/// (an HTML comment, say).
fn closed(markdown: String) -> String {
    if is_closed(&markdown) {
        return markdown;
    }
    for fence in ['`', '~'] {
        let candidate = format!("{markdown}\n{}", fence_for(&markdown, fence));
        if is_closed(&candidate) {
            return candidate;
        }
    }
    let fence = fence_for(&markdown, '`');
    format!("{fence}\n{markdown}\n{fence}")
}

/// Whether a heading behind the text is one.
fn is_closed(markdown: &str) -> bool {
    let probe = format!("{markdown}\n\n# x");
    let heading = probe.len() - "# x".len();
    let mut depth = 0_usize;
    for (event, range) in commonmark(&probe, Options::empty()).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. }) if depth == 0 && range.start == heading => {
                return true;
            }
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// A fence that is longer than any in the text.
fn fence_for(text: &str, fence: char) -> String {
    fence.to_string().repeat((longest_run(text, fence) + 1).max(3))
}

fn longest_run(text: &str, of: char) -> usize {
    text.split(|character| character != of).map(str::len).max().unwrap_or(0)
}

/// The text as inline code.
fn code_span(text: &str) -> String {
    let marks = "`".repeat(longest_run(text, '`') + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{marks}{pad}{text}{pad}{marks}")
}

/// The text on one line, as words and nothing else.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in sanitize_line(text).trim().chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '#') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
#[path = "markdown_tests.rs"]
mod tests;
