//! Sessions that tests make: whatever a file may hold, in whatever order.

use std::{fmt::Write as _, fs, path::Path};

use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Place, Store};

/// A store in folders of its own.
pub(super) fn store(folder: &TempDir) -> Store {
    let place = Place { terminal: Some("tty 1".to_owned()), directory: Some("/home".to_owned()) };
    store_of(folder.path(), place)
}

/// The store of these folders in another place.
pub(super) fn store_of(folder: &Path, place: Place) -> Store {
    Store::new(&folder.join("data"), &folder.join("state"), &folder.join("cache"), place)
}

/// The id of the session with a number.
pub(super) fn id(number: u8) -> String {
    let letter = |digit: u8| char::from(b"bcdfghjkmnpqrstv"[usize::from(digit & 15)]);
    [letter(number >> 4), letter(number)].into_iter().chain("bcdfghjkmnpq".chars()).collect()
}

/// A file with lines of a session.
pub(super) fn put(store: &Store, number: u8, content: impl AsRef<[u8]>) {
    fs::create_dir_all(store.sessions()).unwrap();
    fs::write(store.sessions().join(file(number)), content).unwrap();
}

/// The name of that file.
pub(super) fn file(number: u8) -> String {
    format!("2026-01-01T0000{:02}Z-{}.jsonl", number % 60, id(number))
}

/// The first line of a session.
pub(super) fn begun(number: u8, forked_from: Option<u8>) -> Value {
    let mut line = json!({
        "type": "session", "v": 1, "id": id(number), "at": time(number),
        "program": "byok 0.1.0", "directory": "/home", "terminal": format!("tty {number}"),
    });
    if let Some(parent) = forked_from {
        line["forkedFrom"] = id(parent).into();
    }
    line
}

/// A question.
pub(super) fn turn(key: &str, at: u8, profile: &str, text: &str) -> Value {
    json!({
        "type": "turn", "id": key, "parent": null, "at": time(at), "profile": profile,
        "model": "m", "wire": "w", "text": text,
    })
}

/// A whole answer.
pub(super) fn answer(key: &str, at: u8, parts: &[(&str, &str)]) -> Value {
    let part = |(kind, text): &(&str, &str)| json!({"kind": kind, "text": text});
    json!({
        "type": "answer", "turn": key, "at": time(at), "state": "complete", "profile": "p",
        "model": "m", "wire": "w", "usage": {},
        "parts": parts.iter().map(part).collect::<Vec<_>>(),
    })
}

/// Lines as they stand in a file.
pub(super) fn lines(lines: &[Value]) -> String {
    lines.iter().flat_map(|line| [line.to_string(), "\n".to_owned()]).collect()
}

fn time(second: u8) -> String {
    format!("2026-01-01T00:{:02}:{:02}.000Z", second / 60, second % 60)
}

/// Texts in which the same few words are found over and over, however they are spelled.
pub(super) fn text() -> impl Strategy<Value = String> {
    let pieces = [
        "sky", "Sky", "SKY", "needle", "NEE", "DLE", "straße", "STRAẞE", "ΟΔΟΣ", "οδος",
        "\u{212a}", "k", "K", "i", "İ", "ı", "é", "É", "漢字", "\u{fb05}", "\u{fb06}", "a/b",
        "\\u00e9", "\"", "\\", "\u{1}", "\u{7f}", "turn", "type", " ", " ", "  ", "\n", "\t",
        "\u{a0}", "🎈",
    ];
    vec(select(pieces.to_vec()), 0..8).prop_map(|pieces| pieces.concat())
}

/// A line of a session, or something that is none.
fn line() -> impl Strategy<Value = Value> {
    let key = || (0_u8..5).prop_map(|key| format!("t{key}"));
    let profile = || select(vec!["p", "q"]);
    let kind = || select(vec!["text", "text", "reasoning", "refusal"]);
    let asked = (key(), 0_u8..200, profile(), text(), option::of(key()), any::<bool>(), 0_u8..8);
    let asked = asked.prop_map(|(key, at, profile, text, parent, has_files, rare)| {
        let mut line = turn(&key, at, profile, &text);
        line["parent"] = parent.into();
        if has_files {
            line["files"] = json!([{"name": "a file.txt", "sha256": "", "bytes": 0}]);
        }
        if rare == 0 {
            line["isContinuation"] = true.into();
        }
        line
    });
    let more = (key(), any::<bool>(), 0_usize..2, kind(), text());
    let more = more.prop_map(|(key, is_anew, part, kind, text)| {
        let mut line =
            json!({"type": "more", "turn": key, "part": part, "kind": kind, "text": text});
        if is_anew {
            line["isAnew"] = true.into();
        }
        line
    });
    let state = select(vec!["complete", "partial", "failed"]);
    let answered = (key(), 0_u8..200, state, vec((kind(), text()), 0..3));
    let answered = answered.prop_map(|(key, at, state, parts)| {
        let parts: Vec<(&str, &str)> = parts.iter().map(|(kind, text)| (*kind, &**text)).collect();
        let mut line = answer(&key, at, &parts);
        line["state"] = state.into();
        line
    });
    let head = (option::of(key()), 0_u8..200)
        .prop_map(|(key, at)| json!({"type": "head", "at": time(at), "turn": key}));
    let name = (option::of(text()), 0_u8..200)
        .prop_map(|(name, at)| json!({"type": "name", "at": time(at), "name": name}));
    let other = select(vec![json!({"type": "new kind"}), json!([]), begun(9, None)]);
    prop_oneof![6 => asked, 4 => more, 6 => answered, 1 => head, 1 => name, 1 => other]
}

/// How a line is spelled: as this program does, as others may, or not to its end.
fn spelled() -> impl Strategy<Value = String> {
    (line(), 0_u8..12, any::<prop::sample::Index>()).prop_map(|(line, how, cut)| match how {
        0 => escaped(&line.to_string()),
        1 => {
            let mut line = line;
            if let Some(fields) = line.as_object_mut()
                && let Some(kind) = fields.shift_remove("type")
            {
                fields.insert("type".to_owned(), kind);
            }
            line.to_string()
        }
        2 => {
            let line = escaped(&line.to_string());
            line[..cut.index(line.len() + 1)].to_owned()
        }
        3 => String::new(),
        _ => line.to_string(),
    })
}

/// JSON in ASCII alone, slashes escaped.
fn escaped(json: &str) -> String {
    let mut escaped = String::new();
    for letter in json.chars() {
        match letter {
            '/' => escaped.push_str("\\/"),
            letter if letter.is_ascii() => escaped.push(letter),
            letter => {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    let _ = write!(escaped, "\\u{unit:04x}");
                }
            }
        }
    }
    escaped
}

/// The content of a session's file, whose last line may be torn.
pub(super) fn content(number: u8) -> impl Strategy<Value = Vec<u8>> {
    let parts = (option::of(0..number.max(1)), vec(spelled(), 0..14), 0_usize..40, 0_u8..4);
    parts.prop_map(move |(parent, lines, torn, how)| {
        let mut content = format!("{}\n", begun(number, parent.filter(|it| *it != number)));
        content.extend(lines.into_iter().map(|line| line + "\n"));
        let mut content = content.into_bytes();
        if how == 0 {
            content.truncate(content.len() - torn.min(content.len()));
        }
        content
    })
}
