use std::fs;

use proptest::prelude::*;
use tempfile::TempDir;

use super::{
    super::{
        Begun,
        replay::Replayed,
        testing::{self, answer, begun, file, lines, put, turn},
        title,
    },
    *,
};

/// What a list says of a session, by all that was said in it.
fn entry(file: String, bytes: u64, begun: &Begun, replayed: &Replayed) -> Entry {
    let last = replayed.accounts.last();
    Entry {
        id: begun.id.clone(),
        file,
        bytes,
        begun_at: begun.at,
        last_at: replayed.last.unwrap_or(begun.at),
        name: replayed.name.clone(),
        title: title::of(&replayed.conversation),
        turns: replayed.accounts.len(),
        profile: last.map(|it| it.profile.clone()).unwrap_or_default(),
        model: last.map(|it| it.model.clone()).unwrap_or_default(),
        directory: begun.directory.clone(),
        terminal: begun.terminal.clone(),
        forked_from: begun.forked_from.clone(),
        state: last.and_then(|it| it.ended.as_ref()).map(|ended| ended.state),
    }
}

/// The catalog by reading every file.
fn naive(store: &Store) -> Catalog {
    let mut catalog = Catalog::default();
    for listed in store.list().unwrap() {
        let file = listed.path.file_name().unwrap().to_str().unwrap().to_owned();
        let bytes = fs::metadata(&listed.path).unwrap().len();
        match store.replay(&listed.path) {
            Ok((begun, replayed)) => {
                catalog.entries.push(entry(file, bytes, &begun, &replayed));
            }
            Err(error) => catalog.unreadable.push((file, error.to_string())),
        }
    }
    catalog.entries.sort_by(|a, b| (b.last_at, &b.id).cmp(&(a.last_at, &a.id)));
    catalog
}

fn kept(store: &Store) -> std::path::PathBuf {
    store.derived().join("catalog.jsonl")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_list_says_what_the_whole_file_says(
        one in testing::content(0), two in testing::content(1), more in testing::content(2),
    ) {
        let folder = TempDir::new().unwrap();
        let store = testing::store(&folder);
        put(&store, 0, &one);
        put(&store, 1, &two);
        let catalog = naive(&store);
        prop_assert_eq!(store.catalog().unwrap(), catalog.clone());
        // By what was kept.
        prop_assert_eq!(store.catalog().unwrap(), catalog);
        put(&store, 1, [two, more].concat());
        prop_assert_eq!(store.catalog().unwrap(), naive(&store));
    }
}

#[test]
fn no_folder_is_no_session() {
    let folder = TempDir::new().unwrap();
    let store = testing::store(&folder);
    assert_eq!(store.catalog().unwrap(), Catalog::default());
}

#[test]
fn files_that_are_no_sessions_are_told_and_others_listed() {
    let folder = TempDir::new().unwrap();
    let store = testing::store(&folder);
    put(&store, 1, lines(&[begun(1, None), turn("a", 1, "p", "why?")]));
    put(&store, 2, "");
    put(&store, 3, "what is this?\n");
    put(
        &store,
        4,
        "{\"type\":\"session\",\"v\":2,\"id\":\"bcdfghjkmnpqrs\",\"at\":\"2026-01-01T00:00:00Z\",\"program\":\"\"}\n",
    );
    fs::create_dir(store.sessions().join(file(5))).unwrap();
    fs::write(store.sessions().join("notes.txt"), "mine").unwrap();
    for _ in 0..2 {
        let catalog = store.catalog().unwrap();
        assert_eq!(catalog.entries.iter().map(Entry::called).collect::<Vec<_>>(), ["why?"]);
        let named: Vec<&str> = catalog.unreadable.iter().map(|(name, _)| &**name).collect();
        assert_eq!(named, [file(2), file(3), file(4), file(5)]);
        assert_eq!(catalog, naive(&store));
    }
}

#[test]
fn what_was_kept_is_not_read_again_until_the_file_changes() {
    let folder = TempDir::new().unwrap();
    let store = testing::store(&folder);
    put(&store, 1, lines(&[begun(1, None), turn("a", 1, "p", "why?")]));
    put(&store, 2, lines(&[begun(2, None), turn("a", 2, "p", "gone")]));
    store.catalog().unwrap();
    let text = fs::read_to_string(kept(&store)).unwrap();
    fs::write(kept(&store), text.replace("why?", "as it was kept")).unwrap();
    fs::remove_file(store.sessions().join(file(2))).unwrap();
    let called = |store: &Store| {
        let entries = store.catalog().unwrap().entries;
        entries.iter().map(|it| it.called().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(called(&store), ["as it was kept"]);
    assert!(!fs::read_to_string(kept(&store)).unwrap().contains("gone"));
    put(&store, 1, lines(&[begun(1, None), turn("a", 1, "p", "why not?")]));
    assert_eq!(called(&store), ["why not?"]);
}

#[test]
fn what_was_kept_may_be_gone_or_broken() {
    let folder = TempDir::new().unwrap();
    let store = testing::store(&folder);
    put(&store, 1, lines(&[begun(1, None), turn("a", 1, "p", "why?")]));
    put(&store, 2, lines(&[begun(2, None), answer("a", 2, &[])]));
    let catalog = store.catalog().unwrap();
    let whole = fs::read(kept(&store)).unwrap();
    let torn = whole[..whole.len() / 2].to_vec();
    let zeros = vec![0; whole.len()];
    let newer = String::from_utf8(whole.clone()).unwrap().replace("catalog\",1", "catalog\",2");
    for broken in [torn, zeros, newer.into_bytes(), b"\xff".to_vec()] {
        fs::write(kept(&store), &broken).unwrap();
        assert_eq!(store.catalog().unwrap(), catalog);
        assert_eq!(fs::read(kept(&store)).unwrap(), whole);
    }
    fs::remove_dir_all(store.derived()).unwrap();
    assert_eq!(store.catalog().unwrap(), catalog);
    assert_eq!(fs::read(kept(&store)).unwrap(), whole);
}

#[test]
fn a_cache_that_cannot_be_written_to_is_done_without() {
    let folder = TempDir::new().unwrap();
    let store = testing::store(&folder);
    put(&store, 1, lines(&[begun(1, None), turn("a", 1, "p", "why?")]));
    fs::write(store.derived(), "a file in the place of the folder").unwrap();
    assert_eq!(store.catalog().unwrap(), naive(&store));
}

#[test]
fn one_process_writes_and_others_go_without() {
    let folder = TempDir::new().unwrap();
    let store = testing::store(&folder);
    put(&store, 1, lines(&[begun(1, None), turn("a", 1, "p", "why?")]));
    let lock = super::super::derived::lock(&store).unwrap();
    assert_eq!(store.catalog().unwrap(), naive(&store));
    assert!(!kept(&store).exists());
    drop(lock);
    store.catalog().unwrap();
    assert!(kept(&store).exists());
}
