//! A session as a drawing of its turns.

use std::collections::HashSet;

use unicode_width::UnicodeWidthStr as _;

use super::{asked, marks_of};
use crate::{
    chat::{Turn, TurnId},
    sessions::Session,
    term::sanitize_line,
};

/// Every turn in a line of at most `columns`: `*` on the way to the head, its number, how the
/// question begins, what became of it, and who was asked.
///
/// The way to the head, or else the latest branch, goes straight down; the others stand indented
/// between a turn and the one that follows it. Conversations are separated by a blank line.
pub(in super::super) fn tree(session: &Session, columns: usize) -> String {
    let chat = session.conversation();
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
pub(in crate::app) fn fitted(text: &str, columns: usize) -> String {
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

#[cfg(test)]
#[path = "tree_tests.rs"]
mod tests;
