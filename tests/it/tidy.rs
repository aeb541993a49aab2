//! The rules of the house, as the drawing in `src/lib.rs` and `ARCHITECTURE.md` say them.
//!
//! Each rule is a function from sources to faults, so that the tests at the end can show it fail.

#[path = "tidy/source.rs"]
mod source;

use std::{collections::BTreeSet, fs, path::Path};

use source::Source;

/// Rooms, and the rooms that each may name. Every folder of `src` is here.
const ROOMS: [(&str, &[&str]); 8] = [
    ("app", &["config", "provider", "term", "wire", "chat", "demo", "sessions"]),
    ("config", &["provider", "wire", "chat"]),
    ("provider", &["wire", "chat"]),
    ("term", &["chat"]),
    ("sessions", &["chat"]),
    ("wire", &["chat"]),
    ("chat", &[]),
    ("demo", &[]),
];

/// Rooms and files that only compute: no disk, no network, no clock, no environment.
const PURE: &[&str] = &[
    "src/chat/",
    "src/wire/",
    "src/provider/advice",
    "src/provider/endpoint",
    "src/provider/preview",
    "src/provider/retry",
    "src/provider/target",
    "src/config/chat_settings",
    "src/config/key_shape",
    "src/config/keys",
    "src/config/layer",
    "src/config/resolve",
    "src/config/screen_settings",
    "src/sessions/exported",
    "src/sessions/catalog/row",
    "src/sessions/id",
    "src/sessions/record",
    "src/sessions/replay",
    "src/sessions/search/fold",
    "src/sessions/search/signature",
    "src/sessions/search/snippet",
    "src/sessions/search/wanted",
    "src/sessions/title",
    "src/term/markdown",
    "src/term/sanitize",
    "src/term/terminal",
    "src/app/failure",
    "src/app/prompt",
    "src/app/rendering",
    "src/app/sessions_cmd/aichat",
    "src/app/sessions_cmd/moment",
    "src/app/sessions_cmd/rows",
    "src/app/slash",
    "src/app/transcript",
];

/// What pure code names neither whole nor any part of.
const IMPURE_ROOTS: [&str; 5] = ["std::fs", "std::env", "std::net", "tokio", "reqwest"];

/// Clocks, whatever path leads to them.
const CLOCKS: [&str; 2] = ["Instant", "SystemTime"];

/// What has no place in finished code. Cut in two, so that this file does not find itself.
const LEFTOVERS: [&str; 5] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("db", "g!"),
    concat!("unimple", "mented!"),
    concat!("to", "do!"),
];

const MAX_LINES: usize = 500;

#[test]
fn rooms_name_only_the_rooms_below_them() {
    assert_none(sources(&["src"]).iter().flat_map(wrong_rooms));
}

#[test]
fn pure_code_names_nothing_impure() {
    assert_none(sources(&["src"]).iter().flat_map(impurities));
}

#[test]
fn files_are_short() {
    assert_none(sources(&["src", "tests", "benches"]).iter().filter_map(overlong));
}

#[test]
fn nothing_is_left_over() {
    assert_none(sources(&["src", "tests", "benches"]).iter().flat_map(leftovers));
}

#[test]
fn every_folder_of_src_is_a_room_and_in_the_drawing() {
    let folders: BTreeSet<String> = fs::read_dir(root().join("src"))
        .expect("src is there")
        .map(|entry| entry.expect("src can be read"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let rooms: BTreeSet<String> = ROOMS.iter().map(|(room, _)| (*room).to_owned()).collect();
    assert_eq!(folders, rooms);
    let map = fs::read_to_string(root().join("src/lib.rs")).expect("lib.rs is there");
    for room in rooms {
        assert!(map.contains(&format!("pub mod {room};")), "src/lib.rs lacks `{room}`");
        let drawing = map.lines().filter(|line| line.starts_with("//!"));
        assert!(drawing.into_iter().any(|line| line.contains(&room)), "not drawn: `{room}`");
    }
}

#[test]
fn every_dependency_is_used() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml is there");
    let code = sources(&["src"]);
    let tests = sources(&["src", "tests", "benches"]);
    assert_none(unused_dependencies(&manifest, &code, &tests));
}

fn wrong_rooms(source: &Source) -> Vec<String> {
    let Some(room) = source.room() else { return Vec::new() };
    let Some((_, below)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        return vec![format!("{}: `{room}` is not in the table of rooms", source.path)];
    };
    let is_wrong = |name: &str| {
        name != room && !below.contains(&name) && ROOMS.iter().any(|(other, _)| *other == name)
    };
    source
        .paths()
        .into_iter()
        .filter_map(|path| {
            let mut segments = path.split("::");
            let named = match segments.next() {
                Some("crate" | "byok") => segments.next(),
                // Up and out of the room. A file of the room may have a room's name, though.
                Some("super") => segments.find(|segment| *segment != "super"),
                _ => None,
            };
            let named = named.filter(|name| is_wrong(name))?;
            Some(format!("{}: `{room}` must not know `{named}`, yet has `{path}`", source.path))
        })
        .collect()
}

fn impurities(source: &Source) -> Vec<String> {
    if source.is_test() || !PURE.iter().any(|place| source.path.starts_with(place)) {
        return Vec::new();
    }
    source
        .paths()
        .into_iter()
        .filter(|path| {
            let is_below = |root: &str| {
                path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
            };
            IMPURE_ROOTS.iter().any(|root| is_below(root))
                || path.split("::").any(|name| CLOCKS.contains(&name))
        })
        .map(|path| format!("{}: pure code must not name `{path}`", source.path))
        .collect()
}

fn overlong(source: &Source) -> Option<String> {
    let lines = source.text.lines().count();
    (lines > MAX_LINES)
        .then(|| format!("{}: {lines} lines, {MAX_LINES} are the limit", source.path))
}

fn leftovers(source: &Source) -> Vec<String> {
    source
        .text
        .lines()
        .enumerate()
        .filter_map(|(index, line)| {
            let word = LEFTOVERS.iter().find(|word| line.contains(*word))?;
            Some(format!("{}:{}: `{word}` is left over", source.path, index + 1))
        })
        .collect()
}

/// Dependencies that no path of the code begins with.
fn unused_dependencies(manifest: &str, code: &[Source], tests: &[Source]) -> Vec<String> {
    let manifest: toml::Table = manifest.parse().expect("the manifest is TOML");
    let mut tables = vec![&manifest];
    if let Some(targets) = manifest.get("target").and_then(toml::Value::as_table) {
        tables.extend(targets.values().filter_map(toml::Value::as_table));
    }
    let mut unused = Vec::new();
    for (name, sources) in [("dependencies", code), ("dev-dependencies", tests)] {
        let used: BTreeSet<String> = sources
            .iter()
            .flat_map(Source::all_paths)
            .filter_map(|path| path.split("::").next().map(str::to_owned))
            .collect();
        for dependencies in tables.iter().filter_map(|table| table.get(name)?.as_table()) {
            unused.extend(
                dependencies
                    .keys()
                    .filter(|key| !used.contains(&key.replace('-', "_")))
                    .map(|key| format!("Cargo.toml: `{key}` of [{name}] is not used")),
            );
        }
    }
    unused
}

/// Every Rust file in these folders of the project.
fn sources(folders: &[&str]) -> Vec<Source> {
    let mut sources = Vec::new();
    let mut open: Vec<_> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root()).expect("it is inside").to_string_lossy();
                let text = fs::read_to_string(&path).expect("sources are UTF-8");
                sources.push(Source { path: name.replace('\\', "/"), text });
            }
        }
    }
    sources.sort_by(|left, right| left.path.cmp(&right.path));
    sources
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[track_caller]
fn assert_none(faults: impl IntoIterator<Item = String>) {
    let faults: Vec<String> = faults.into_iter().collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn source(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}

#[test]
fn a_room_that_looks_up_is_found() {
    let source =
        source("src/wire/sse.rs", "use crate::{\n    chat::Usage,\n    provider::Target,\n};");
    assert_eq!(
        wrong_rooms(&source),
        ["src/wire/sse.rs: `wire` must not know `provider`, yet has `crate::provider::Target`"]
    );
}

#[test]
fn a_look_up_through_super_is_found() {
    let faults = wrong_rooms(&source("src/chat/mod.rs", "fn f(_: super::wire::Wire) {}"));
    assert_eq!(
        faults,
        ["src/chat/mod.rs: `chat` must not know `wire`, yet has `super::wire::Wire`"]
    );
}

#[test]
fn a_room_without_a_row_is_found() {
    let faults = wrong_rooms(&source("src/attic/mod.rs", ""));
    assert_eq!(faults, ["src/attic/mod.rs: `attic` is not in the table of rooms"]);
}

#[test]
fn a_look_down_comments_and_strings_are_fine() {
    let text = "//! Not `crate::app`.\nuse crate::chat;\nconst A: &str = \"crate::app\";";
    assert_eq!(wrong_rooms(&source("src/wire/mod.rs", text)), Vec::<String>::new());
}

#[test]
fn a_clock_in_pure_code_is_found() {
    let text = "use std::{fmt, time::{self, Duration}};\n\
        fn f() { tokio::spawn(g(time::Instant::now())); }";
    assert_eq!(
        impurities(&source("src/chat/event.rs", text)),
        [
            "src/chat/event.rs: pure code must not name `tokio::spawn`",
            "src/chat/event.rs: pure code must not name `time::Instant::now`",
        ]
    );
    assert_eq!(impurities(&source("src/provider/call.rs", text)), Vec::<String>::new());
}

#[test]
fn tests_of_pure_code_may_read_files() {
    let text =
        "#[cfg(test)]\nmod a_tests;\nuse std::fmt;\n#[cfg(test)]\nmod tests { use std::fs; }";
    assert_eq!(impurities(&source("src/chat/event.rs", text)), Vec::<String>::new());
    assert_eq!(impurities(&source("src/chat/a_tests.rs", "use std::fs;")), Vec::<String>::new());
}

#[test]
fn a_long_file_and_a_leftover_are_found() {
    let long = source("src/app/mod.rs", &"//\n".repeat(MAX_LINES + 1));
    assert_eq!(overlong(&long).as_deref(), Some("src/app/mod.rs: 501 lines, 500 are the limit"));
    let unfinished = source("src/app/mod.rs", &format!("\n// {} tidy", LEFTOVERS[0]));
    assert_eq!(
        leftovers(&unfinished),
        [format!("src/app/mod.rs:2: `{}` is left over", LEFTOVERS[0])]
    );
}

#[test]
fn an_unused_dependency_is_found() {
    let manifest = "[dependencies]\nserde-json = \"1\"\nurl = \"2\"\n[dev-dependencies]\ninsta = \"1\"\n\
        [target.'cfg(unix)'.dependencies]\nrustix = \"1\"";
    let code = [source("src/main.rs", "use serde_json::Value;")];
    assert_eq!(
        unused_dependencies(manifest, &code, &code),
        [
            "Cargo.toml: `url` of [dependencies] is not used",
            "Cargo.toml: `rustix` of [dependencies] is not used",
            "Cargo.toml: `insta` of [dev-dependencies] is not used",
        ]
    );
}
