use std::{fs, time::Duration};

use super::*;
use crate::{
    chat::{Content, Message, Part, Role, TextFile},
    sessions::{Asking, Place, Session},
};

/// A store of its own.
fn store() -> (tempfile::TempDir, Store) {
    let home = tempfile::TempDir::new().unwrap();
    let at = |name: &str| home.path().join(name);
    let store = Store::new(&at("data"), &at("state"), &at("cache"), Place::default());
    (home, store)
}

/// A session with one question, in use until it is dropped.
fn asked(store: &Store, text: &str, file: Option<&str>) -> Session {
    let mut session = Session::new(store.place(), Some(store));
    let file = file.map(|text| TextFile { name: "n.txt".to_owned(), text: text.to_owned() });
    let mut parts: Vec<Part> =
        file.into_iter().map(|file| Part { content: Content::File(file), echo: None }).collect();
    parts.push(Part::text(text));
    session.ask(Message { role: Role::User, parts }, Asking::default());
    assert!(session.take_trouble().is_none());
    session
}

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn what_was_removed_comes_back_as_it_was() {
    let (_home, store) = store();
    let session = asked(&store, "why?", None);
    let id = session.id().clone();
    drop(session);
    let path = store.path(&id).unwrap();
    let before = fs::read(&path).unwrap();
    store.remove(&path, moment("2026-11-01T10:00:00Z")).unwrap();
    assert!(store.list().unwrap().is_empty());
    assert_eq!(store.removed().unwrap()[0].id, id);
    assert_eq!(store.restore(&id.as_str()[..6]).unwrap(), id);
    assert_eq!(fs::read(&path).unwrap(), before);
    assert!(store.removed().unwrap().is_empty());
    assert!(matches!(store.restore(id.as_str()), Err(Error::NotFound { .. })));
}

#[test]
fn a_session_in_use_is_not_removed() {
    let (_home, store) = store();
    let session = asked(&store, "why?", None);
    let path = store.path(session.id()).unwrap();
    let refused = store.remove(&path, Timestamp::now());
    assert!(matches!(refused, Err(Error::InUse { .. })), "{refused:?}");
    assert!(path.exists());
    drop(session);
    store.remove(&path, Timestamp::now()).unwrap();
}

#[test]
fn the_trash_is_emptied_after_thirty_days_by_the_time_of_the_removal() {
    let (_home, store) = store();
    let mut ids = Vec::new();
    for (text, removed) in [("one", "2026-10-01T10:00:00Z"), ("two", "2026-10-02T10:00:01Z")] {
        let session = asked(&store, text, None);
        let id = session.id().clone();
        drop(session);
        store.remove(&store.path(&id).unwrap(), moment(removed)).unwrap();
        ids.push(id);
    }
    let stranger = store.trash().join("notes.txt");
    fs::write(&stranger, "mine").unwrap();
    assert_eq!(store.empty_trash(moment("2026-11-01T10:00:00Z")).unwrap(), 1);
    let left: Vec<_> = store.removed().unwrap().into_iter().map(|it| it.id).collect();
    assert_eq!(left, [ids[1].clone()]);
    assert!(stranger.exists(), "what others put there is theirs");
}

#[test]
fn files_are_left_over_when_no_session_names_them_and_no_question_is_about_to() {
    let (_home, store) = store();
    let (kept, trashed) = (asked(&store, "a", Some("kept")), asked(&store, "b", Some("trashed")));
    let gone = asked(&store, "c", Some("gone"));
    let paths = [&kept, &trashed, &gone].map(|it| store.path(it.id()).unwrap());
    drop((kept, trashed, gone));
    store.remove(&paths[1], Timestamp::now()).unwrap();
    fs::remove_file(&paths[2]).unwrap();
    let now = SystemTime::now();
    assert!(store.left_over(now).unwrap().is_empty(), "all of them are fresh");
    let later = now + FRESH + Duration::from_mins(1);
    let left_over = store.left_over(later).unwrap();
    let texts: Vec<_> = left_over.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    assert_eq!(texts, ["gone"]);
    // Somebody wants it again in between.
    fs::File::options().append(true).open(&left_over[0]).unwrap().set_modified(later).unwrap();
    assert_eq!(store.delete_left_over(&left_over, later).unwrap(), 0);
    let much_later = later + FRESH;
    assert_eq!(store.delete_left_over(&left_over, much_later).unwrap(), 1);
}
