//! What was said before: listed, shown, found, named, removed, and gone on with.

#[cfg(unix)]
#[path = "sessions/chat.rs"]
mod chat;
#[cfg(unix)]
#[path = "sessions/check.rs"]
mod check;
#[path = "sessions/export.rs"]
mod export;
#[path = "sessions/find.rs"]
mod find;
#[path = "sessions/going_on.rs"]
mod going_on;
#[path = "sessions/import.rs"]
mod import;
#[cfg(unix)]
#[path = "sessions/keeping.rs"]
mod keeping;
#[cfg(unix)]
#[path = "sessions/kill.rs"]
mod kill;
#[path = "sessions/list.rs"]
mod list;
#[cfg(unix)]
#[path = "sessions/many.rs"]
mod many;
#[cfg(unix)]
#[path = "sessions/pick.rs"]
mod pick;
#[path = "sessions/rename.rs"]
mod rename;
#[path = "sessions/show.rs"]
mod show;
#[path = "sessions/trash.rs"]
mod trash;
#[cfg(unix)]
#[path = "sessions/trouble.rs"]
mod trouble;

use std::{fs, path::PathBuf};

use serde_json::{Value, json};

use crate::support::byok::{Byok, Output};

/// Ids that are easy to tell apart.
const SKY: &str = "bbbbcccddddfff";
const SEA: &str = "ccccdddffffggg";
const CODE: &str = "dddfffggghhjjk";

/// The folder of the sessions.
fn folder(byok: &Byok) -> PathBuf {
    byok.home().join(".local/share/byok/sessions")
}

/// A session in a file: what was asked and answered, a turn a minute from `day` on.
fn kept(byok: &Byok, id: &str, day: &str, turns: &[(&str, &str)]) -> PathBuf {
    let folder = folder(byok);
    fs::create_dir_all(&folder).expect("the home is ours");
    let moment = |minute: usize| format!("{day}T10:{minute:02}:00.000Z");
    let work = byok.work();
    let mut lines = vec![json!({
        "type": "session", "v": 1, "id": id, "at": moment(0), "program": "byok 0.1.0",
        "directory": work.to_string_lossy(),
    })];
    for (at, (question, answer)) in turns.iter().enumerate() {
        let parent = at.checked_sub(1).map(|before| format!("t{before}"));
        lines.push(json!({
            "type": "turn", "id": format!("t{at}"), "parent": parent, "at": moment(at + 1),
            "profile": "demo", "model": "demo-1", "wire": "completions", "text": question,
        }));
        lines.push(json!({
            "type": "answer", "turn": format!("t{at}"), "at": moment(at + 1), "state": "complete",
            "profile": "demo", "model": "demo-1", "wire": "completions",
            "parts": [{ "kind": "text", "text": answer }],
        }));
    }
    let path = folder.join(format!("{day}T100000Z-{id}.jsonl"));
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    fs::write(&path, lines.join("\n") + "\n").expect("the home is ours");
    path
}

/// Three sessions, a year apart.
fn world() -> Byok {
    let byok = Byok::new();
    kept(
        &byok,
        SKY,
        "2021-03-01",
        &[("why is the sky blue?", "Scattering."), ("and red?", "Dust.")],
    );
    kept(&byok, SEA, "2022-03-01", &[("how deep is the sea?", "Up to 11 km of **blue** water.")]);
    kept(&byok, CODE, "2023-03-01", &[("write a loop", "```\nloop {}\n```")]);
    byok
}

fn sessions(byok: &Byok, args: &[&str]) -> Output {
    byok.with_arguments([&["sessions"], args].concat()).run()
}

/// The ids that `byok sessions` lists.
#[track_caller]
fn listed(byok: &Byok, args: &[&str]) -> Vec<String> {
    let output = sessions(byok, args);
    let lines = output.assert_code(0).stdout().lines();
    lines.map(|line| line.split('\t').next().unwrap_or_default().to_owned()).collect()
}

/// What takes minutes is done when it is asked for: with `BYOK_LONG=1`.
#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "the variable speaks to the tests, not to byok")]
fn is_long() -> bool {
    std::env::var_os("BYOK_LONG").is_some_and(|it| it == "1")
}
