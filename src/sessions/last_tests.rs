use tempfile::TempDir;

use super::{
    super::{
        Place,
        testing::{begun, file, id, lines, put, store_of, turn},
    },
    *,
};

/// The store as it is seen from a terminal and a directory.
fn at(folder: &TempDir, terminal: Option<&str>, directory: &str) -> Store {
    let terminal = terminal.map(str::to_owned);
    store_of(folder.path(), Place { terminal, directory: Some(directory.to_owned()) })
}

/// Uses a session in a place.
fn used(store: &Store, number: u8) {
    store.note_last(&store.sessions().join(file(number)));
}

/// Sessions 1 to 3, begun in terminals `tty 1` to `tty 3` and in `/home`.
fn sessions(folder: &TempDir) {
    let store = at(folder, None, "/home");
    for number in 1..=3 {
        let asked = turn("a", number, "p", "why?");
        put(&store, number, lines(&[begun(number, None), asked]));
    }
}

fn last(store: &Store) -> Option<(String, Last)> {
    store.last().unwrap().map(|(listed, last)| {
        assert!(listed.path.is_file());
        (listed.id.as_str().to_owned(), last)
    })
}

#[test]
fn the_terminal_goes_before_the_directory_and_that_before_all() {
    let folder = TempDir::new().unwrap();
    sessions(&folder);
    used(&at(&folder, Some("a"), "/work"), 1);
    used(&at(&folder, Some("b"), "/work"), 2);
    used(&at(&folder, None, "/other"), 3);
    assert_eq!(last(&at(&folder, Some("a"), "/work")), Some((id(1), Last::Terminal)));
    assert_eq!(last(&at(&folder, Some("c"), "/work")), Some((id(2), Last::Directory)));
    assert_eq!(last(&at(&folder, Some("c"), "/tmp")), Some((id(3), Last::All)));
    assert_eq!(last(&at(&folder, None, "/work")), Some((id(2), Last::Directory)));
}

#[test]
fn without_marks_the_first_lines_tell() {
    let folder = TempDir::new().unwrap();
    assert_eq!(last(&at(&folder, None, "/home")), None);
    sessions(&folder);
    assert_eq!(last(&at(&folder, Some("tty 2"), "/work")), Some((id(2), Last::Terminal)));
    assert_eq!(last(&at(&folder, Some("tty 9"), "/home")), Some((id(3), Last::Directory)));
    assert_eq!(last(&at(&folder, None, "/work")), Some((id(3), Last::All)));
}

#[test]
fn a_mark_of_a_session_that_is_gone_is_as_good_as_none() {
    let folder = TempDir::new().unwrap();
    sessions(&folder);
    let here = at(&folder, Some("tty 1"), "/home");
    used(&here, 3);
    assert_eq!(last(&here), Some((id(3), Last::Terminal)));
    std::fs::remove_file(here.sessions().join(file(3))).unwrap();
    assert_eq!(last(&here), Some((id(1), Last::Terminal)));
    assert_eq!(last(&at(&folder, None, "/home")), Some((id(2), Last::Directory)));
}

#[test]
fn marks_that_are_there_need_neither_the_catalog_nor_the_folder() {
    let folder = TempDir::new().unwrap();
    sessions(&folder);
    used(&at(&folder, None, "/work"), 2);
    let elsewhere = at(&folder, Some("new"), "/new");
    assert_eq!(last(&elsewhere), Some((id(2), Last::All)));
    assert!(!elsewhere.derived().exists());
}

#[test]
fn a_mark_leads_nowhere_but_to_the_folder_of_sessions() {
    let folder = TempDir::new().unwrap();
    sessions(&folder);
    let store = at(&folder, None, "/home");
    used(&store, 1);
    let outside = folder.path().join("data").join(file(1));
    std::fs::copy(store.sessions().join(file(1)), &outside).unwrap();
    std::fs::write(store.marks().join(ALL), format!("../{}\n", file(1))).unwrap();
    let elsewhere = at(&folder, None, "/elsewhere");
    assert_eq!(last(&elsewhere), Some((id(3), Last::All)), "the latest by the first lines");
}
