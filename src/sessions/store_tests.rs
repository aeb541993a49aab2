use super::*;

struct World {
    folder: tempfile::TempDir,
    store: Store,
}

impl World {
    fn new() -> Self {
        Self::at(Place::default())
    }

    fn at(place: Place) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let at = |name: &str| folder.path().join(name);
        let store = Store::new(&at("data"), &at("state"), &at("cache"), place);
        fs::create_dir_all(store.sessions()).expect("the folder is ours");
        Self { folder, store }
    }

    /// A session's file that holds this.
    fn file(&self, id: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.store.sessions().join(format!("2026-11-23T021348Z-{id}.jsonl"));
        fs::write(&path, content).expect("the folder is ours");
        path
    }
}

const A: &str = "bcdfghjkmnpqrs";
const B: &str = "bcdttttttttttt";

fn beginning(id: &str) -> String {
    format!(
        "{{\"type\":\"session\",\"v\":1,\"id\":\"{id}\",\"at\":\"2026-11-23T02:13:48.000Z\",\"program\":\"byok 1.0.0\"}}\n"
    )
}

#[test]
fn only_sessions_are_listed_and_in_the_order_of_their_beginnings() {
    let world = World::new();
    fs::remove_dir(world.store.sessions()).unwrap();
    assert_eq!(world.store.list().unwrap(), []);
    fs::create_dir(world.store.sessions()).unwrap();
    let second = world.file(A, "");
    let first = world.store.sessions().join(format!("2025-01-01T000000Z-{B}.jsonl"));
    fs::write(&first, "").unwrap();
    for other in ["notes.txt", "2026-11-23T021348Z-short.jsonl", ".jsonl", "x.jsonl~"] {
        fs::write(world.store.sessions().join(other), "").unwrap();
    }
    let paths: Vec<_> = world.store.list().unwrap().into_iter().map(|it| it.path).collect();
    assert_eq!(paths, [first, second]);
}

#[test]
fn a_session_is_found_by_as_much_of_its_id_as_no_other_has() {
    let world = World::new();
    let (a, b) = (world.file(A, ""), world.file(B, ""));
    assert_eq!(world.store.find("bcdf").unwrap(), a);
    assert_eq!(world.store.find(B).unwrap(), b);
    let Err(Error::Ambiguous { candidates, .. }) = world.store.find("bcd") else { panic!() };
    assert_eq!(candidates.len(), 2);
    for wanted in ["", "x", "../..", "bcdfghjkmnpqrsb"] {
        let found = world.store.find(wanted);
        assert!(matches!(found, Err(Error::NotFound { .. })), "{wanted}: {found:?}");
    }
}

#[test]
fn what_is_no_session_is_told_and_left_as_it_is() {
    let world = World::new();
    let whole = beginning(A);
    let torn = &whole[..whole.len() - 5];
    let contents: [&[u8]; 6] = [b"", b"\n", b"hello\n", b"\xff\xfe\n", b"{}\n", torn.as_bytes()];
    for content in contents {
        let path = world.file(A, content);
        let opened = world.store.open(&path, true);
        assert!(matches!(opened, Err(Error::NotASession { .. })), "{content:?}: {opened:?}");
        assert_eq!(fs::read(&path).unwrap(), content);
    }
    // A future version is not guessed at.
    let newer = whole.replace("\"v\":1", "\"v\":2");
    let path = world.file(A, &newer);
    let opened = world.store.open(&path, true);
    assert!(matches!(opened, Err(Error::Newer { version: 2, .. })), "{opened:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), newer);
    assert!(world.store.open(&path, true).is_err(), "it is not kept for this process");
}

#[test]
fn a_folder_in_the_place_of_a_file_is_told() {
    let world = World::new();
    let path = world.store.sessions().join(format!("2026-11-23T021348Z-{A}.jsonl"));
    fs::create_dir(&path).unwrap();
    let opened = world.store.open(&path, true);
    assert!(matches!(opened, Err(Error::Io { .. })), "{opened:?}");
    assert_eq!(world.store.list().unwrap().len(), 1);
}

#[test]
fn a_gigabyte_without_a_line_is_no_session_and_takes_no_memory() {
    let world = World::new();
    let path = world.file(A, "");
    File::options().write(true).open(&path).unwrap().set_len(1 << 30).unwrap();
    assert!(matches!(world.store.open(&path, true), Err(Error::NotASession { .. })));
}

#[test]
fn texts_are_kept_once_by_what_is_in_them() {
    let world = World::new();
    let file = |text: &str| FileRef {
        name: "a.txt".to_owned(),
        sha256: files::hash(text),
        bytes: text.len() as u64,
    };
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(files::hash(""), empty);
    let (one, none) = (file("one"), file(""));
    for _ in 0..2 {
        files::keep(&world.store, &one, "one").unwrap();
        files::keep(&world.store, &none, "").unwrap();
    }
    assert_eq!(fs::read_dir(world.store.files()).unwrap().count(), 2);
    assert_eq!(files::read(&world.store, &one).unwrap().as_deref(), Some("one"));
    assert_eq!(files::read(&world.store, &none).unwrap().as_deref(), Some(""));
    // Another text under its name is not taken for it.
    fs::write(world.store.files().join(&one.sha256), "two").unwrap();
    assert_eq!(files::read(&world.store, &one).unwrap(), None);
    fs::write(world.store.files().join(&one.sha256), "\u{0}\u{ff}").unwrap();
    assert_eq!(files::read(&world.store, &one).unwrap(), None);
    // A name that is no hash leads nowhere.
    fs::write(world.folder.path().join("data/secret"), "x").unwrap();
    let elsewhere = FileRef { sha256: "../secret".to_owned(), bytes: 1, ..one };
    assert_eq!(files::read(&world.store, &elsewhere).unwrap(), None);
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_a_text_that_is_kept() {
    use std::os::unix::fs::PermissionsExt as _;

    let world = World::new();
    let file = FileRef { name: "a".to_owned(), sha256: files::hash("a"), bytes: 1 };
    files::keep(&world.store, &file, "a").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&world.store.files()), 0o700);
    assert_eq!(mode(&files::path(&world.store, &file)), 0o600);
}
