use super::*;
use crate::sessions::Place;

const A: &str = "bcdfghjkmnpqrs";

struct World {
    _folder: tempfile::TempDir,
    store: Store,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let at = |name: &str| folder.path().join(name);
        let store = Store::new(&at("data"), &at("state"), &at("cache"), Place::default());
        folder::create(&store.sessions()).expect("the folder is ours");
        Self { _folder: folder, store }
    }

    fn path(&self, id: &str) -> PathBuf {
        self.store.sessions().join(format!("2026-11-23T021348Z-{id}.jsonl"))
    }

    /// A session's file that holds this, closed to others.
    fn file(&self, id: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(id);
        folder::replace(&path, content.as_ref()).expect("the folder is ours");
        path
    }

    /// What is wrong: line, kind, whether it is mended.
    fn faults(&self, is_mending: bool) -> Vec<(Option<usize>, FaultKind, bool)> {
        let faults = self.store.check(is_mending).faults;
        faults.into_iter().map(|fault| (fault.line, fault.kind, fault.is_mended)).collect()
    }
}

fn beginning(id: &str) -> String {
    format!(
        "{{\"type\":\"session\",\"v\":1,\"id\":\"{id}\",\"at\":\"2026-11-23T02:13:48.000Z\",\"program\":\"byok 1.0.0\"}}\n"
    )
}

fn turn(id: &str, files: &str) -> String {
    format!(
        "{{\"type\":\"turn\",\"id\":\"{id}\",\"parent\":null,\"at\":\"2026-11-23T02:13:49.000Z\",\"profile\":\"p\",\"model\":\"m\",\"wire\":\"w\",\"files\":[{files}],\"text\":\"q\"}}\n"
    )
}

fn more(turn: &str) -> String {
    format!(
        "{{\"type\":\"more\",\"turn\":\"{turn}\",\"part\":0,\"kind\":\"text\",\"text\":\"half\"}}\n"
    )
}

fn answer(turn: &str) -> String {
    format!(
        "{{\"type\":\"answer\",\"turn\":\"{turn}\",\"at\":\"2026-11-23T02:13:50.000Z\",\"state\":\"complete\",\"profile\":\"p\",\"model\":\"m\",\"wire\":\"w\",\"parts\":[{{\"kind\":\"text\",\"text\":\"a\"}}]}}\n"
    )
}

#[test]
fn where_nothing_was_kept_all_is_well() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nowhere");
    let checked = Store::new(&path, &path, &path, Place::default()).check(true);
    assert_eq!((checked.is_well(), checked.sessions), (true, 0));
    assert!(!path.exists());
}

#[test]
fn a_torn_line_is_ended_and_a_cut_answer_gets_its_end() {
    let world = World::new();
    let torn = [&beginning(A), &turn("t1", ""), &more("t1"), "{\"type\":\"mo"].concat();
    let path = world.file(A, &torn);
    let found = |is_mended| {
        [(Some(4), FaultKind::Torn, is_mended), (None, FaultKind::Unfinished(1), is_mended)]
    };
    assert_eq!(world.faults(false), found(false));
    assert_eq!(fs::read_to_string(&path).unwrap(), torn);
    assert_eq!(world.faults(true), found(true));
    let mended = fs::read_to_string(&path).unwrap();
    assert!(mended.starts_with(&torn) && mended.ends_with('\n'), "{mended}");
    let (_, replayed) = world.store.replay(&path).unwrap();
    let (_, answer) = replayed.conversation.last_answer().unwrap();
    assert_eq!((answer.words().as_str(), answer.is_whole), ("half", false));
    assert_eq!(replayed.accounts[0].ended.as_ref().unwrap().state, crate::sessions::State::Partial);
    // Nothing is left to be done.
    assert_eq!(world.faults(true), []);
    assert_eq!(fs::read_to_string(&path).unwrap(), mended);
}

#[test]
fn the_conversation_goes_on_from_where_it_did() {
    let world = World::new();
    let path = world
        .file(A, [beginning(A), turn("t1", ""), more("t1"), turn("t2", ""), answer("t2")].concat());
    let head = || {
        let (_, replayed) = world.store.replay(&path).unwrap();
        replayed.conversation.head().map(crate::chat::TurnId::number)
    };
    assert_eq!(head(), Some(2));
    assert_eq!(world.faults(true), [(None, FaultKind::Unfinished(1), true)]);
    assert_eq!(head(), Some(2));
}

#[test]
fn what_cannot_be_mended_is_told_with_its_line_and_left() {
    let world = World::new();
    let bad = [beginning(A), "hello\n".to_owned(), answer("lost"), turn("t1", "")].concat();
    let path = world.file(A, &bad);
    let found = [(Some(2), FaultKind::Unreadable, false), (Some(3), FaultKind::Orphan, false)];
    assert_eq!(world.faults(true), found);
    assert_eq!(fs::read_to_string(&path).unwrap(), bad);
    let newer = beginning(A).replace("\"v\":1", "\"v\":3");
    world.file(A, &newer);
    assert_eq!(world.faults(true), [(None, FaultKind::Newer(3), false)]);
    world.file(A, "hello\n");
    assert_eq!(world.faults(true), [(None, FaultKind::NotASession, false)]);
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert_eq!(world.faults(true), [(None, FaultKind::NotASession, false)]);
    assert!(path.is_dir());
}

#[test]
fn a_file_that_has_long_been_empty_is_removed_and_a_new_one_is_not() {
    let world = World::new();
    let path = world.file(A, "");
    assert_eq!(world.faults(true), []);
    assert!(path.exists());
    let long_ago = std::time::SystemTime::now() - 2 * ABANDONED;
    File::options().write(true).open(&path).unwrap().set_modified(long_ago).unwrap();
    assert_eq!(world.faults(false), [(None, FaultKind::Empty, false)]);
    assert_eq!(world.faults(true), [(None, FaultKind::Empty, true)]);
    assert!(!path.exists());
}

#[test]
fn a_session_in_use_is_left_alone() {
    let world = World::new();
    let torn = [&beginning(A), &turn("t1", ""), "{\"type\":\"mo"].concat();
    let path = world.file(A, &torn);
    let journal = Journal::open(path.clone()).unwrap().unwrap();
    for is_mending in [false, true] {
        let checked = world.store.check(is_mending);
        assert_eq!((checked.sessions, checked.in_use, checked.is_well()), (1, 1, true));
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), torn);
    drop(journal);
    assert_eq!(world.faults(false), [(Some(3), FaultKind::Torn, false)]);
}

#[cfg(unix)]
#[test]
fn what_others_may_read_is_closed() {
    use std::os::unix::fs::PermissionsExt as _;

    let world = World::new();
    let path = world.file(A, beginning(A));
    for path in [&path, &world.store.sessions()] {
        let mode = if path.is_dir() { 0o755 } else { 0o644 };
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    let found =
        |is_mended| [(None, FaultKind::Exposed, is_mended), (None, FaultKind::Exposed, is_mended)];
    assert_eq!(world.faults(false), found(false));
    assert_eq!(world.faults(true), found(true));
    assert_eq!(world.faults(false), []);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn texts_are_missing_changed_or_named_by_nobody() {
    let world = World::new();
    let named = |name: &str, text: &str| {
        format!(
            "{{\"name\":\"{name}\",\"sha256\":\"{}\",\"bytes\":{}}}",
            files::hash(text),
            text.len()
        )
    };
    let files = [named("gone", "1"), named("other", "2"), named("fine", "3")].join(",");
    world.file(A, [beginning(A), turn("t1", &files), answer("t1")].concat());
    let keep = |name: &str, text: &str| {
        folder::replace(&world.store.files().join(name), text.as_bytes()).unwrap();
    };
    keep(&files::hash("2"), "changed");
    keep(&files::hash("3"), "3");
    keep(&files::hash("4"), "44");
    let checked = world.store.check(true);
    let mut kinds: Vec<_> = checked.faults.iter().map(|fault| fault.kind.clone()).collect();
    kinds.sort_by_key(|kind| format!("{kind:?}"));
    let wanted = [FaultKind::Changed("other".to_owned()), FaultKind::Missing("gone".to_owned())];
    assert_eq!(kinds, wanted);
    assert!(!checked.is_well());
    assert_eq!((checked.unnamed, checked.unnamed_bytes), (1, 2));
    // What was removed may come back.
    folder::replace(
        &world.store.trash().join(format!("2026-11-23T021348Z-{A}.jsonl")),
        [beginning(A), turn("t1", &named("four", "4").replace("\"bytes\":1", "\"bytes\":2"))]
            .concat()
            .as_bytes(),
    )
    .unwrap();
    assert_eq!(world.store.check(false).unnamed, 0);
}
