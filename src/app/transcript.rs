//! A conversation for people and programs to keep: as Markdown, as JSON, and as a tree. Pure.

use std::{collections::HashSet, fmt::Write as _};

use pulldown_cmark::{Event, Options, Tag};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use crate::{
    chat::{Answer, Content, Conversation, Turn, TurnId},
    term::{commonmark, sanitize_line, usage_fields},
};

/// The conversation up to its head as Markdown, and after it a last question without an answer.
///
/// Every text is there to the letter. Questions are quoted, so that nothing in them ends or begins
/// a section; an answer that leaves a block open, as cut code does, has it closed behind it.
/// Reasoning and other branches are in [`json()`] only.
pub(super) fn markdown(chat: &Conversation, title: &str) -> String {
    let mut out = String::new();
    if !title.trim().is_empty() {
        let _ = write!(out, "# {}\n\n", escaped(title));
    }
    let mut shown = chat.way(chat.head());
    shown.extend(chat.latest().filter(|latest| chat.turn(*latest).answer.is_none()));
    let mut before = None;
    for id in shown {
        let turn = chat.turn(id);
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
        push_block(&mut out, &quoted(&turn.question.text()));
        if let Some(answer) = &turn.answer {
            let by = code_span(&asked(answer));
            let _ = write!(
                out,
                "## {}. Answer of {by}{}\n\n",
                id.number(),
                bracketed(&marks_of(answer))
            );
            push_block(&mut out, &closed(answer.words()));
        }
        before = Some(id);
    }
    out.truncate(out.trim_end_matches('\n').len());
    out.push('\n');
    out
}

/// The whole conversation, every branch, as JSON:
///
/// ```text
/// {"v": 1, "type": "conversation",
///  "head": 2,                    // the turn that the next question follows; null: none
///  "turns": [{                   // in the order of asking
///    "number": 1,                // from 1
///    "parent": null,             // the turn that it follows; null: it begins a conversation
///    "isContinuation": false,    // it asks for the rest of its parent's answer
///    "question": "…",
///    "answer": {                 // null: none came
///      "text": "…", "reasoning": "…", "refusal": "…",
///      "toolCalls": [{"id": "…", "name": "…", "arguments": "…"}],
///      "isWhole": true,          // false: it was cut, and this is what came
///      "profile": "…", "model": "…",
///      "usage": {…}}}]}          // as in the result of `--output-format json`
/// ```
///
/// What servers want back (signatures, encrypted reasoning) is not in it.
pub(super) fn json(chat: &Conversation) -> Value {
    let number = |id: Option<TurnId>| id.map(TurnId::number);
    let turns: Vec<Value> = chat
        .turns()
        .map(|(id, turn)| {
            json!({
                "number": id.number(),
                "parent": number(turn.parent),
                "isContinuation": turn.is_continuation,
                "question": turn.question.text(),
                "answer": turn.answer.as_ref().map(json_answer),
            })
        })
        .collect();
    json!({ "v": 1, "type": "conversation", "head": number(chat.head()), "turns": turns })
}

fn json_answer(answer: &Answer) -> Value {
    let mut reasoning = String::new();
    let mut refusal = String::new();
    let mut calls = Vec::new();
    for part in &answer.message.parts {
        match &part.content {
            Content::Reasoning(text) => reasoning.push_str(text),
            Content::Refusal(text) => refusal.push_str(text),
            Content::ToolCall(call) => calls.push(json!({
                "id": call.id, "name": call.name, "arguments": call.arguments,
            })),
            Content::Text(_) | Content::Opaque => {}
        }
    }
    json!({
        "text": answer.message.text(),
        "reasoning": reasoning,
        "refusal": refusal,
        "toolCalls": calls,
        "isWhole": answer.is_whole,
        "profile": answer.profile,
        "model": answer.model,
        "usage": usage_fields(&answer.usage),
    })
}

/// Every turn in a line of at most `columns`: `*` on the way to the head, its number, how the
/// question begins, what became of it, and who was asked.
///
/// The way to the head, or else the latest branch, goes straight down; the others stand indented
/// between a turn and the one that follows it. Conversations are separated by a blank line.
pub(super) fn tree(chat: &Conversation, columns: usize) -> String {
    let way: HashSet<TurnId> = chat.way(chat.head()).into_iter().collect();
    let turns = chat.turns().count();
    let mut roots = Vec::new();
    let mut children = vec![Vec::new(); turns];
    for (id, turn) in chat.turns() {
        match turn.parent {
            Some(parent) => children[parent.number() - 1].push(id),
            None => roots.push(id),
        }
    }
    let digits = turns.to_string().len();
    let mut out = String::new();
    for root in roots {
        if !out.is_empty() {
            out.push('\n');
        }
        // What is still to be drawn, the next one last. Not by recursion: chats are long.
        let mut stack = vec![Branch { id: root, rails: String::new(), is_beginning: false }];
        while let Some(Branch { id, rails, is_beginning }) = stack.pop() {
            let mark = if way.contains(&id) { '*' } else { ' ' };
            let outer = if is_beginning { &rails[..rails.len() - RAIL.len()] } else { &rails };
            let fork = if is_beginning { FORK } else { "" };
            let lead = format!("{mark} {:>digits$} {outer}{fork}", id.number());
            out.push_str(&line(&lead, chat.turn(id), columns));
            out.push('\n');
            let mut below = std::mem::take(&mut children[id.number() - 1]);
            let main = below.iter().position(|id| way.contains(id)).or(below.len().checked_sub(1));
            if let Some(main) = main {
                let id = below.remove(main);
                stack.push(Branch { id, rails: rails.clone(), is_beginning: false });
            }
            stack.extend(below.into_iter().rev().map(|id| Branch {
                id,
                rails: format!("{rails}{RAIL}"),
                is_beginning: true,
            }));
        }
    }
    out
}

/// A turn to be drawn, and what stands to the left of it.
struct Branch {
    id: TurnId,
    rails: String,
    is_beginning: bool,
}

/// To the left of every turn of a branch beside the main one.
const RAIL: &str = "│ ";

/// To the left of its first.
const FORK: &str = "├ ";

/// Between the question and what is told about it.
const GAP: usize = 2;

fn line(lead: &str, turn: &Turn, columns: usize) -> String {
    let facts = match &turn.answer {
        None => "unanswered".to_owned(),
        // The marks first: a long name may be cut.
        Some(answer) => {
            let mut facts = marks_of(answer);
            facts.push(asked(answer));
            facts.join(", ")
        }
    };
    let question =
        if turn.is_continuation { "(continue)".to_owned() } else { beginning(turn, columns) };
    let room = columns.saturating_sub(lead.width() + GAP);
    // When both are long, they share.
    let facts = fitted(&facts, (room / 2).max(room.saturating_sub(question.width())));
    let question = fitted(&question, room - facts.width());
    let line = format!("{lead}{question}{:GAP$}{facts}", "");
    fitted(line.trim_end(), columns)
}

/// The first words of the question on one line, more than fit into `columns`.
fn beginning(turn: &Turn, columns: usize) -> String {
    let mut words = String::new();
    for word in turn.words().split_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        words.extend(word.chars().take(columns + 1));
        if words.chars().count() > columns {
            break;
        }
    }
    sanitize_line(&words)
}

/// The text, cut to at most `columns` with `…` at the end.
fn fitted(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut fitted = String::new();
    for character in text.chars() {
        let kept = fitted.len();
        fitted.push(character);
        if fitted.width() >= columns {
            fitted.truncate(kept);
            break;
        }
    }
    if columns > 0 {
        fitted.push('…');
    }
    fitted
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
#[path = "transcript_tests.rs"]
mod tests;
