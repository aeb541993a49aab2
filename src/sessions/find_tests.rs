use serde_json::json;
use tempfile::TempDir;

use super::{
    super::testing::{self, begun, file, id, lines, put, turn},
    *,
};

/// Sessions 1 to 3 with these names; the later, the later they were used.
fn store(folder: &TempDir, names: [&str; 3]) -> Store {
    let store = testing::store(folder);
    for (number, name) in (1..).zip(names) {
        let named = json!({"type": "name", "at": "2026-01-01T00:00:00Z", "name": name});
        let asked = turn("a", number, "p", "why?");
        put(&store, number, lines(&[begun(number, None), named, asked]));
    }
    store
}

fn found(store: &Store, wanted: &str) -> Option<String> {
    let path = store.find(wanted).ok()?;
    Some(path.file_name()?.to_str()?.to_owned())
}

#[test]
fn a_session_is_found_by_its_id_and_the_beginning_of_it() {
    let folder = TempDir::new().unwrap();
    let store = store(&folder, ["one", "two", "three"]);
    assert_eq!(found(&store, &id(2)), Some(file(2)));
    assert_eq!(found(&store, &id(2)[..8]), Some(file(2)));
    assert_eq!(found(&store, &id(2)[..2]), Some(file(2)));
}

#[test]
fn an_id_needs_no_catalog() {
    let folder = TempDir::new().unwrap();
    let store = store(&folder, ["one", "two", "three"]);
    store.find(&id(2)).unwrap();
    store.find(&id(2)[..8]).unwrap();
    assert!(!store.derived().exists());
}

#[test]
fn a_session_is_found_by_its_name_and_the_beginning_of_it() {
    let folder = TempDir::new().unwrap();
    let store = store(&folder, ["Weather", "Weather report", "Ärger"]);
    assert_eq!(found(&store, "weather"), Some(file(1)), "all of a name goes before the beginning");
    assert_eq!(found(&store, "weather r"), Some(file(2)));
    assert_eq!(found(&store, "äRGER"), Some(file(3)));
    assert_eq!(found(&store, ""), None);
}

#[test]
fn a_name_goes_before_the_beginning_of_an_id() {
    let folder = TempDir::new().unwrap();
    let beginning = id(1)[..3].to_owned();
    let store = store(&folder, ["one", "two", &beginning]);
    assert_eq!(found(&store, &beginning), Some(file(3)));
}

#[test]
fn several_are_told_the_latest_first() {
    let folder = TempDir::new().unwrap();
    let store = store(&folder, ["talk", "Talk", "talks"]);
    let candidates = |wanted: &str| match store.find(wanted) {
        Err(Error::Ambiguous { candidates, .. }) => {
            candidates.iter().map(|it| it.as_str().to_owned()).collect()
        }
        other => vec![format!("{other:?}")],
    };
    assert_eq!(candidates("TALK"), [id(2), id(1)]);
    assert_eq!(candidates("ta"), [id(3), id(2), id(1)]);
    assert_eq!(candidates("b"), [id(3), id(2), id(1)]);
    assert_eq!(found(&store, "talk"), Some(file(1)), "spelled so");
}

#[test]
fn what_is_not_there_is_told_with_names_like_it() {
    let folder = TempDir::new().unwrap();
    let store = store(&folder, ["weather", "Weather", "cooking"]);
    let near = |wanted: &str| match store.find(wanted) {
        Err(Error::NotFound { near, .. }) => near,
        other => vec![format!("{other:?}")],
    };
    assert_eq!(near("wether"), ["Weather", "weather"]);
    assert_eq!(near("zzz"), [""; 0]);
}

#[test]
fn of_two_files_with_one_id_the_later_one_counts() {
    let folder = TempDir::new().unwrap();
    let store = store(&folder, ["one", "two", "three"]);
    let copy = file(1).replace("2026-01-01", "2026-01-02");
    std::fs::copy(store.sessions().join(file(1)), store.sessions().join(&copy)).unwrap();
    assert_eq!(found(&store, &id(1)), Some(copy));
}
