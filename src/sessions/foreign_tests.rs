use std::fs;

use super::*;
use crate::{
    chat::{Content, Part, Role, TextFile},
    sessions::{Chosen, Ended, FileRef, Place, State},
};

fn store(folder: &Path) -> Store {
    Store::new(&folder.join("data"), &folder.join("state"), &folder.join("cache"), Place::default())
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("the system has a folder for temporary files")
}

fn time(text: &str) -> crate::sessions::Time {
    crate::sessions::Time::of(text.parse().expect("it is a time"))
}

fn foreign(words: &[&str]) -> Foreign {
    let id = SessionId::parse("bcdfghjkmnpqrs").expect("it is one");
    let begun = Begun::new(id, time("2026-11-22T17:20:16Z"));
    let mut foreign = Foreign::new(begun, Some("fruit".into()));
    let mut parent = None;
    for (at, words) in words.iter().enumerate() {
        parent = tell(&mut foreign, parent, &format!("k{at}"), Some(words));
    }
    foreign
}

fn tell(
    foreign: &mut Foreign,
    parent: Option<TurnId>,
    key: &str,
    words: Option<&str>,
) -> Option<TurnId> {
    let file = TextFile { name: "notes.txt".into(), text: "3 apples".into() };
    let files = vec![FileRef::of(&file.name, &file.text)];
    let at = time("2026-11-22T17:21:00Z");
    let parts = vec![Part { content: Content::File(file), echo: None }, Part::text("how many?")];
    foreign.tell(Told {
        parent,
        question: Message { role: Role::User, parts },
        is_continuation: false,
        account: Account {
            key: key.into(),
            asked_at: at,
            profile: "work".into(),
            model: "m".into(),
            wire: "responses".into(),
            chosen: Chosen::default(),
            files,
            ended: words.map(|_| Ended::unseen(at, State::Complete)),
        },
        answer: words.map(|words| Answer {
            message: Message { role: Role::Assistant, parts: vec![Part::text(words)] },
            is_whole: true,
            profile: "work".into(),
            model: "m".into(),
            usage: crate::chat::Usage::default(),
        }),
    })
}

/// The session as its file says it, and the lines of that.
fn opened(store: &Store, id: &SessionId) -> (Session, String) {
    let path = store.path(id).expect("it is there");
    let opened = store.open(&path, false).expect("it can be read");
    assert_eq!((opened.damage, opened.missing), (Vec::new(), Vec::new()));
    (opened.session, fs::read_to_string(path).expect("it can be read"))
}

#[test]
fn an_imported_session_reads_as_if_it_had_been_said_here() {
    let folder = folder();
    let store = store(folder.path());
    let mut theirs = foreign(&["3", "4"]);
    tell(&mut theirs, None, "other", None);
    let id = theirs.begun.id.clone();
    assert_eq!(store.import(theirs, "a.json").expect("it fits"), Imported::New(id.clone()));
    let (session, lines) = opened(&store, &id);
    assert_eq!(session.begun().imported_from.as_deref(), Some("a.json"));
    assert_eq!(session.title(), "fruit");
    let conversation = session.conversation();
    let numbers = (conversation.head(), conversation.latest());
    let numbers = (numbers.0.map(TurnId::number), numbers.1.map(TurnId::number));
    assert_eq!(numbers, (Some(2), Some(3)), "a question without an answer moves nothing");
    assert_eq!(conversation.turns().count(), 3);
    let kinds: Vec<&str> = lines.lines().map(|line| &line[..13]).collect();
    let [session, turn, answer, name] =
        ["{\"type\":\"sess", "{\"type\":\"turn", "{\"type\":\"answ", "{\"type\":\"name"];
    assert_eq!(kinds, [session, turn, answer, turn, answer, turn, name]);
    // The last thing that happened was not the import.
    let entry = &store.catalog().expect("it can be read").entries[0];
    assert_eq!(entry.last_at, time("2026-11-22T17:21:00Z"));
}

#[test]
fn where_the_conversation_went_on_is_kept() {
    let folder = folder();
    let store = store(folder.path());
    let mut theirs = foreign(&["3", "4"]);
    assert!(theirs.go_to(Some(1)));
    let id = theirs.begun.id.clone();
    store.import(theirs, "a.json").expect("it fits");
    let (session, _) = opened(&store, &id);
    assert_eq!(session.conversation().head().map(TurnId::number), Some(1));
}

#[test]
fn what_is_here_is_not_taken_twice() {
    let folder = folder();
    let store = store(folder.path());
    let id = foreign(&[]).begun.id;
    store.import(foreign(&["3", "4"]), "a").expect("it fits");
    for words in [&["3", "4"][..], &["3"], &[]] {
        let imported = store.import(foreign(words), "b").expect("it fits");
        assert_eq!(imported, Imported::There(id.clone()));
    }
    assert_eq!(store.list().expect("it can be read").len(), 1);
}

#[test]
fn another_session_by_the_same_id_gets_its_own_and_always_the_same() {
    let folder = folder();
    let store = store(folder.path());
    store.import(foreign(&["3"]), "a").expect("it fits");
    let Imported::Renamed { id, was } = store.import(foreign(&["3", "4"]), "b").expect("it fits")
    else {
        panic!("it has more turns");
    };
    assert_eq!(was, foreign(&[]).begun.id);
    let again = store.import(foreign(&["3", "4"]), "c").expect("it fits");
    assert_eq!(again, Imported::There(id.clone()));
    assert_eq!(opened(&store, &id).0.conversation().turns().count(), 2);
    assert_eq!(store.list().expect("it can be read").len(), 2);
}

#[cfg(unix)]
#[test]
fn what_comes_in_belongs_to_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = folder();
    let store = store(folder.path());
    let theirs = foreign(&["3"]);
    let id = theirs.begun.id.clone();
    store.import(theirs, "a").expect("it fits");
    let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&store.path(&id).expect("it is there")), 0o600);
    assert_eq!(mode(&store.sessions()), 0o700);
    let file = fs::read_dir(store.files()).expect("a file was kept").next().expect("there is one");
    assert_eq!(mode(&file.expect("it is readable").path()), 0o600);
}
