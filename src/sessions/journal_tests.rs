use super::*;
use crate::sessions::record::{Head, Named, Time};

fn named(name: &str) -> Record<'_> {
    Record::Name(Named { at: Time::now(), name: Some(name.into()) })
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}

/// The names that a file holds, in order.
#[track_caller]
fn names(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).expect("it is there");
    assert!(text.is_empty() || text.ends_with('\n'), "{text}");
    let names = text.lines().map(|line| match Record::parse(line.as_bytes()) {
        Some(Record::Name(Named { name, .. })) => name.unwrap_or_default().into_owned(),
        other => panic!("{line}: {other:?}"),
    });
    names.collect()
}

#[test]
fn records_are_appended_in_order() {
    let folder = folder();
    let path = folder.path().join("deep/er/session.jsonl");
    let mut journal = Journal::create(path.clone()).unwrap();
    assert_eq!(journal.path(), path);
    journal.append(&[named("1"), named("2")]).unwrap();
    journal.queue(&named("3"));
    assert_eq!(names(&path), ["1", "2"]);
    journal.append(&[named("4")]).unwrap();
    journal.sync();
    journal.settle().unwrap();
    drop(journal);
    let mut journal = Journal::open(path.clone()).unwrap().unwrap();
    journal.append(&[named("5")]).unwrap();
    assert_eq!(names(&path), ["1", "2", "3", "4", "5"]);
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_what_is_made() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = folder();
    let path = folder.path().join("sessions/session.jsonl");
    let _journal = Journal::create(path.clone()).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
}

#[test]
fn a_file_that_is_there_is_not_made_again() {
    let folder = folder();
    let path = folder.path().join("session.jsonl");
    fs::write(&path, "what was said\n").unwrap();
    assert!(Journal::create(path.clone()).is_err());
    assert_eq!(fs::read_to_string(&path).unwrap(), "what was said\n");
}

#[test]
fn a_session_belongs_to_one_at_a_time() {
    let folder = folder();
    let path = folder.path().join("session.jsonl");
    let journal = Journal::create(path.clone()).unwrap();
    assert!(is_in_use(&path));
    assert!(Journal::open(path.clone()).unwrap().is_none());
    drop(journal);
    assert!(!is_in_use(&path));
    let _again = Journal::open(path.clone()).unwrap().unwrap();
    assert!(is_in_use(&path));
}

#[test]
fn a_torn_line_is_ended_by_the_next_record_and_not_before() {
    let folder = folder();
    let path = folder.path().join("session.jsonl");
    fs::write(&path, "{\"type\":\"na").unwrap();
    let mut journal = Journal::open(path.clone()).unwrap().unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "{\"type\":\"na");
    journal.append(&[named("1")]).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("{\"type\":\"na\n{\"type\":\"name\","), "{text}");
}

/// A disk that is full takes nothing, and the same journal writes to one with room.
#[cfg(target_os = "linux")]
#[test]
fn what_found_no_room_is_written_later_and_in_order() {
    let folder = folder();
    let path = folder.path().join("session.jsonl");
    let mut journal = Journal::create(path.clone()).unwrap();
    journal.append(&[named("1")]).unwrap();
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let disk = std::mem::replace(&mut journal.file, full);
    for name in ["2", "3"] {
        let error = journal.append(&[named(name)]).unwrap_err();
        assert!(matches!(&error, Error::Io { path: named, .. } if *named == path), "{error:?}");
    }
    assert_eq!(names(&path), ["1"]);
    journal.file = disk;
    journal.append(&[Record::Name(Named { at: Time::now(), name: Some("4".into()) })]).unwrap();
    assert_eq!(names(&path), ["1", "2", "3", "4"]);
}

#[test]
fn many_wishes_to_sync_are_waited_for_once() {
    let folder = folder();
    let mut journal = Journal::create(folder.path().join("session.jsonl")).unwrap();
    for _ in 0..1_000 {
        journal.append(&[Record::Head(Head { at: Time::now(), turn: None })]).unwrap();
        journal.sync();
    }
    journal.settle().unwrap();
    // There is nothing to wait for twice.
    journal.settle().unwrap();
}
