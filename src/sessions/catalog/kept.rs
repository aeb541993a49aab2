//! The catalog as it is kept in the cache folder: a line for each file that was read.

use std::{collections::HashMap, fs};

use jiff::Timestamp;
use serde::Deserialize;

use super::{
    super::{SessionId, State, Store, Time, derived},
    Entry, Row,
};

/// Its first line. Another number: what follows is read in another way, or means something else.
const HEAD: &str = "[\"byok catalog\",1]";

/// The file's name in [`Store::derived`].
const FILE: &str = "catalog.jsonl";

/// A line: an array, as its fields stand here.
#[derive(Deserialize)]
struct Line {
    file: String,
    bytes: u64,
    modified: u64,
    id: SessionId,
    begun_at: i64,
    last_at: i64,
    name: Option<String>,
    title: String,
    turns: usize,
    profile: String,
    model: String,
    directory: Option<String>,
    terminal: Option<String>,
    forked_from: Option<SessionId>,
    state: Option<State>,
    is_tangled: bool,
}

/// The rows by the names of their files. Whatever is not there or not understood is read again.
pub(super) fn read(store: &Store) -> HashMap<String, Row> {
    let Ok(text) = fs::read_to_string(store.derived().join(FILE)) else { return HashMap::new() };
    let mut lines = text.lines();
    if lines.next() != Some(HEAD) {
        return HashMap::new();
    }
    let rows = lines.filter_map(|line| row(serde_json::from_str(line).ok()?));
    let mut by_file = HashMap::with_capacity(text.len() / 256);
    by_file.extend(rows.map(|row| (row.entry.file.clone(), row)));
    by_file
}

/// Keeps the rows, unless another process is about to, or the folder cannot be written to.
pub(super) fn write(store: &Store, rows: &[Row]) {
    let Some(_lock) = derived::lock(store) else { return };
    let mut text = format!("{HEAD}\n").into_bytes();
    for row in rows {
        let it = &row.entry;
        let millisecond = |time: Time| time.timestamp().as_millisecond();
        let line = (
            &it.file,
            it.bytes,
            row.modified,
            &it.id,
            millisecond(it.begun_at),
            millisecond(it.last_at),
            &it.name,
            &it.title,
            it.turns,
            &it.profile,
            &it.model,
            &it.directory,
            &it.terminal,
            &it.forked_from,
            it.state,
            row.is_tangled,
        );
        // A vector takes every byte.
        if serde_json::to_writer(&mut text, &line).is_ok() {
            text.push(b'\n');
        }
    }
    derived::replace(store, FILE, &text);
}

fn row(line: Line) -> Option<Row> {
    let time = |milliseconds| Timestamp::from_millisecond(milliseconds).ok().map(Time::of);
    let entry = Entry {
        id: line.id,
        file: line.file,
        bytes: line.bytes,
        begun_at: time(line.begun_at)?,
        last_at: time(line.last_at)?,
        name: line.name,
        title: line.title,
        turns: line.turns,
        profile: line.profile,
        model: line.model,
        directory: line.directory,
        terminal: line.terminal,
        forked_from: line.forked_from,
        state: line.state,
    };
    Some(Row { entry, modified: line.modified, is_tangled: line.is_tangled })
}
