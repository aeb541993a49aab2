//! `byok sessions search`: words that were said, wherever it was.

use std::fmt::Write as _;

use jiff::Timestamp;
use regex::Regex;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use super::{
    args::SearchArgs,
    filter::Filter,
    rows::{self, Numbering},
};
use crate::{
    app::{
        failure::{Failure, Kind},
        output,
    },
    sessions::{Found, Hit, Query, Store},
    term::{Console, Ink, Style, columns, sanitize_line, to_line},
};

/// How many sessions are shown on a terminal.
pub(in crate::app) const MOST: usize = 20;

/// How many hits of one session are shown on a terminal.
const MOST_HITS: usize = 5;

/// Before what belongs to a session.
const INDENT: &str = "    ";

/// Finds words and shows where they stand. Nothing found is 1, as in `grep`.
pub(super) fn run(args: &SearchArgs, store: &Store, console: Console) -> Result<u8, Failure> {
    let is_for_people = console.facts().stdout_is_terminal && !args.json;
    let filter = Filter::of(&args.filter, store.place())?;
    let pattern = args.regex.as_deref().map(|pattern| {
        Regex::new(pattern).map_err(|error| {
            let words = error.to_string();
            let reason = words.lines().last().unwrap_or_default();
            let reason = reason.strip_prefix("error: ").unwrap_or(reason);
            Failure::usage(format!("`{pattern}` is no regular expression: {reason}"))
        })
    });
    let query = Query {
        texts: args.words.clone(),
        pattern: pattern.transpose()?,
        profile: filter.profile.clone(),
        model: filter.model.clone(),
        since: filter.since,
        until: filter.until,
    };
    if query.pattern.is_none() && query.texts.iter().all(|text| text.trim().is_empty()) {
        return Err(Failure::usage("there is nothing to search for"));
    }
    let most = args.most.unwrap_or(if is_for_people { MOST } else { usize::MAX });
    let mut found = if filter.has_place() {
        let mut found = store.search(&query, usize::MAX)?;
        found.retain(|it| filter.fits_place(&it.entry));
        found
    } else {
        store.search(&query, most)?
    };
    found.truncate(most);
    if args.json {
        let sessions: Vec<Value> = found.iter().map(json_of).collect();
        let line = to_line(&json!({ "v": 1, "sessions": sessions }));
        output::print(&String::from_utf8_lossy(&line))?;
    } else if is_for_people {
        show_found(&found, Timestamp::now(), columns(), console)?;
    } else {
        output::print(&found.iter().flat_map(tabbed).collect::<String>())?;
    }
    if found.is_empty() {
        console.notice("nothing was found");
        return Ok(Kind::Other.code());
    }
    Ok(0)
}

/// Shows sessions with their hits to a person.
pub(in crate::app) fn show_found(
    found: &[Found],
    now: Timestamp,
    columns: usize,
    console: Console,
) -> Result<(), Failure> {
    let entries: Vec<_> = found.iter().map(|it| it.entry.clone()).collect();
    let (plain, bold) = (Style::default(), Style { is_bold: true, ..Style::default() });
    let mut text = String::new();
    for (at, Found { entry, hits }) in found.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        text.push_str(&rows::rows(&[entry], &entries, Numbering::Ids, now, columns));
        for hit in hits.iter().take(MOST_HITS) {
            let lead = format!("{INDENT}{:>3} {}  ", hit.turn, side(hit));
            let mut ink = Ink::new(console.facts().palette, false);
            ink.text(&lead, &plain);
            for (piece, is_found) in window(hit, columns.saturating_sub(lead.width())) {
                ink.text(&piece, if is_found { &bold } else { &plain });
            }
            text.push_str(&String::from_utf8_lossy(ink.bytes()));
            text.push('\n');
        }
        if hits.len() > MOST_HITS {
            let more = super::counted(hits.len() - MOST_HITS, "more hit");
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{INDENT}    {more}");
        }
    }
    output::print(&text)
}

/// The part of a snippet that fits into `room` columns, in pieces, each with whether it was found.
fn window(hit: &Hit, room: usize) -> Vec<(String, bool)> {
    let snippet = hit.snippet.as_str();
    let mut pieces: Vec<(String, bool)> = Vec::new();
    let mut from = 0;
    let first = hit.marks.first().map_or(0, |mark| mark.start);
    // What was found is seen, with some words before it.
    if snippet.get(..first).is_some_and(|before| before.width() > room / 2) {
        let mut start = first;
        let before = &snippet[..first];
        while let Some(character) = snippet[..start].chars().next_back() {
            if before[start..].width() > room / 3 {
                break;
            }
            start -= character.len_utf8();
        }
        from = start;
        pieces.push(("…".to_owned(), false));
    }
    for mark in &hit.marks {
        let (Some(before), Some(found)) =
            (snippet.get(from..mark.start), snippet.get(mark.clone()))
        else {
            continue;
        };
        pieces.push((sanitize_line(before), false));
        pieces.push((sanitize_line(found), true));
        from = mark.end;
    }
    pieces.push((sanitize_line(snippet.get(from..).unwrap_or_default()), false));
    cut(pieces, room)
}

/// The pieces as far as they fit.
fn cut(pieces: Vec<(String, bool)>, room: usize) -> Vec<(String, bool)> {
    let width: usize = pieces.iter().map(|(text, _)| text.width()).sum();
    if width <= room {
        return pieces;
    }
    let mut left = room.saturating_sub(1);
    let mut kept = Vec::new();
    for (text, is_found) in pieces {
        let fits: String = text
            .chars()
            .take_while(|character| {
                let width = character.to_string().width();
                let fits = width <= left;
                left = if fits { left - width } else { 0 };
                fits
            })
            .collect();
        let is_cut = fits.len() < text.len();
        kept.push((fits, is_found));
        if is_cut {
            break;
        }
    }
    kept.push(("…".to_owned(), false));
    kept
}

fn side(hit: &Hit) -> &'static str {
    if hit.is_question { "question" } else { "answer" }
}

fn tabbed(found: &Found) -> Vec<String> {
    let id = &found.entry.id;
    let line =
        |hit: &Hit| format!("{id}\t{}\t{}\t{}\n", hit.turn, side(hit), sanitize_line(&hit.snippet));
    found.hits.iter().map(line).collect()
}

fn json_of(found: &Found) -> Value {
    let mut value = rows::json(&found.entry);
    let hits = found.hits.iter().map(|hit| {
        json!({
            "turn": hit.turn,
            "in": side(hit),
            "at": hit.at.to_string(),
            "snippet": hit.snippet,
            "found": hit.marks.iter().filter_map(|mark| hit.snippet.get(mark.clone())).collect::<Vec<_>>(),
        })
    });
    value["hits"] = hits.collect();
    value
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
