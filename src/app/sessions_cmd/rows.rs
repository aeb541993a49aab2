//! Sessions in lines that fit. Pure but for the width of the terminal, which is an argument.

use jiff::Timestamp;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use crate::{
    app::{keeping::ago, transcript::fitted},
    sessions::{Entry, SessionId},
    term::sanitize_line,
};

/// How many letters of an id are shown at least.
const SHORTEST: usize = 4;

/// From this width on, in columns, the profile and the model have a column.
const WIDE: usize = 64;

/// How wide that column is at most.
const WIDEST_MODEL: usize = 28;

/// Between two columns.
const GAP: &str = "  ";

/// What stands at the beginning of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Numbering<'a> {
    /// The id.
    Ids,
    /// A number from 1 on, and the id; `*` at the session that is in use.
    Numbers(Option<&'a SessionId>),
}

/// A line of at most `columns` for each session. `all` are the sessions that its id has to be told
/// from.
pub(in crate::app) fn rows(
    entries: &[&Entry],
    all: &[Entry],
    numbering: Numbering<'_>,
    now: Timestamp,
    columns: usize,
) -> String {
    let length = letters(all);
    let cells: Vec<[String; 5]> = entries
        .iter()
        .enumerate()
        .map(|(at, entry)| {
            let lead = match numbering {
                Numbering::Ids => String::new(),
                Numbering::Numbers(current) => {
                    let mark = if current == Some(&entry.id) { "*" } else { " " };
                    format!("{mark}{:>2}", at + 1)
                }
            };
            [
                format!(
                    "{lead}{}{}",
                    if lead.is_empty() { "" } else { GAP },
                    &entry.id.as_str()[..length]
                ),
                ago(entry.last_at.timestamp(), now),
                turns(entry.turns),
                fitted(&who(entry), WIDEST_MODEL),
                title(entry),
            ]
        })
        .collect();
    let width = |column: usize| cells.iter().map(|row| row[column].width()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2), width(3)];
    let mut text = String::new();
    for [id, when, turns, who, title] in &cells {
        let mut line = format!("{}{GAP}{}{GAP}", padded(id, widths[0]), padded(when, widths[1]));
        line.push_str(&" ".repeat(widths[2] - turns.width()));
        line.push_str(turns);
        line.push_str(GAP);
        if columns >= WIDE {
            line.push_str(&padded(who, widths[3]));
            line.push_str(GAP);
        }
        line.push_str(title);
        text.push_str(fitted(line.trim_end(), columns).trim_end());
        text.push('\n');
    }
    text
}

/// The same for a program: whole ids, tabs, nothing cut.
pub(super) fn tabbed(entry: &Entry) -> String {
    format!("{}\t{}\t{}\t{}\t{}\n", entry.id, entry.last_at, entry.turns, who(entry), title(entry))
}

/// A session as JSON.
pub(super) fn json(entry: &Entry) -> Value {
    json!({
        "id": entry.id.as_str(),
        "name": entry.name,
        "title": entry.called(),
        "beganAt": entry.begun_at.to_string(),
        "lastAt": entry.last_at.to_string(),
        "turns": entry.turns,
        "profile": said(&entry.profile),
        "model": said(&entry.model),
        "directory": entry.directory,
        "state": entry.state,
        "file": entry.file,
        "bytes": entry.bytes,
    })
}

/// What it is called, on one line.
pub(super) fn title(entry: &Entry) -> String {
    match entry.called() {
        "" => "(nothing was asked)".to_owned(),
        called => sanitize_line(called),
    }
}

/// `work:gpt-x`; `-` when nobody was asked.
fn who(entry: &Entry) -> String {
    if entry.profile.is_empty() && entry.model.is_empty() {
        return "-".to_owned();
    }
    sanitize_line(&format!("{}:{}", entry.profile, entry.model))
}

fn turns(count: usize) -> String {
    super::counted(count, "turn")
}

fn said(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// How many letters tell each of the ids from all the others.
pub(super) fn letters(all: &[Entry]) -> usize {
    let mut ids: Vec<&str> = all.iter().map(|entry| entry.id.as_str()).collect();
    ids.sort_unstable();
    let shared = ids.windows(2).map(|pair| {
        let letters = pair[0].bytes().zip(pair[1].bytes());
        letters.take_while(|(one, other)| one == other).count()
    });
    let longest = ids.first().map_or(SHORTEST, |id| id.len());
    (shared.max().unwrap_or(0) + 1).clamp(SHORTEST, longest)
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
