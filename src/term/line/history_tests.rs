use super::*;

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("there is room") }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("data").join("history.jsonl")
    }

    /// Puts a file there, as other chats left it.
    fn holding(content: &[u8]) -> Self {
        let place = Self::new();
        create_folder(place.path().parent().expect("it has one")).expect("there is room");
        drop(open(&place.path()).expect("it can be created"));
        fs::write(place.path(), content).expect("there is room");
        place
    }

    fn open(&self, most: usize) -> Opened {
        HistoryFile::open(&self.path(), most).expect("it can be opened")
    }

    fn content(&self) -> String {
        fs::read_to_string(self.path()).expect("it is there")
    }
}

fn texts(opened: &Opened) -> Vec<&str> {
    opened.records.iter().map(|record| record.text.as_str()).collect()
}

#[test]
fn an_entry_is_one_line_of_json_and_comes_back() {
    let place = Place::new();
    let mut opened = place.open(10);
    assert_eq!(opened.records, []);
    opened.file.append("one\ntwo \"\u{1b}", &[]).unwrap();
    opened.file.append("@a.rs", &["@a.rs".to_owned()]).unwrap();
    assert_eq!(
        place.content(),
        "{\"text\":\"one\\ntwo \\\"\\u001b\"}\n{\"text\":\"@a.rs\",\"attached\":[\"@a.rs\"]}\n"
    );
    let opened = place.open(10);
    assert_eq!(texts(&opened), ["one\ntwo \"\u{1b}", "@a.rs"]);
    assert_eq!(opened.records[1].attached, ["@a.rs"]);
    assert_eq!(opened.notices, [""; 0]);
}

#[cfg(unix)]
#[test]
fn file_and_folder_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let place = Place::new();
    place.open(10);
    assert_eq!(mode(&place.path()), 0o600);
    assert_eq!(mode(place.path().parent().unwrap()), 0o700);
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(
        place.open(10).notices,
        [format!(
            "the history was open to others, now it is yours alone: `{}`",
            place.path().display()
        )]
    );
    assert_eq!(mode(&place.path()), 0o600);
    assert_eq!(place.open(10).notices, [""; 0]);
}

#[test]
fn bad_lines_are_skipped_and_a_torn_one_does_not_swallow_the_next() {
    let place = Place::holding(
        b"{\"text\":\"a\"}\nnoise\n\n[]\n{\"text\":3}\n\xff\n{\"text\":\"b\",\"new\":1}\n{\"te",
    );
    let mut opened = place.open(10);
    assert_eq!(texts(&opened), ["a", "b"]);
    opened.file.append("c", &[]).unwrap();
    assert_eq!(texts(&place.open(10)), ["a", "b", "c"]);
}

#[test]
fn a_whole_last_line_without_its_line_feed_is_kept() {
    let place = Place::holding(b"{\"text\":\"a\"}");
    let mut opened = place.open(10);
    opened.file.append("b", &[]).unwrap();
    assert_eq!(place.content(), "{\"text\":\"a\"}\n{\"text\":\"b\"}\n");
}

#[test]
fn the_same_entry_twice_in_a_row_is_kept_once() {
    let place = Place::holding(b"{\"text\":\"a\"}\n");
    let mut opened = place.open(10);
    for text in ["a", "b", "b", "a"] {
        opened.file.append(text, &[]).unwrap();
    }
    assert_eq!(texts(&place.open(10)), ["a", "b", "a"]);
}

#[test]
fn a_huge_entry_is_not_kept_on_disk() {
    let place = Place::new();
    let mut opened = place.open(10);
    opened.file.append(&"x".repeat(LONGEST + 1), &[]).unwrap();
    assert_eq!(place.content(), "");
    opened.file.append(&"x".repeat(LONGEST), &[]).unwrap();
    assert_eq!(place.open(10).records.len(), 1);
}

#[test]
fn only_the_last_entries_are_read_and_a_long_file_is_shortened() {
    let lines = |numbers: std::ops::RangeInclusive<usize>| {
        let lines: Vec<_> = numbers.map(|number| format!("{{\"text\":\"{number}\"}}\n")).collect();
        lines.concat()
    };
    let place = Place::holding(lines(1..=6).as_bytes());
    assert_eq!(texts(&place.open(3)), ["4", "5", "6"]);
    assert_eq!(place.content(), lines(1..=6));

    let place = Place::holding(lines(1..=7).as_bytes());
    assert_eq!(texts(&place.open(3)), ["5", "6", "7"]);
    assert_eq!(place.content(), lines(5..=7));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(place.path()).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let folder = place.path().parent().unwrap().read_dir().unwrap();
    assert_eq!(folder.count(), 1, "no temporary file is left");
}

#[test]
fn an_entry_written_after_somebody_shortened_the_file_is_not_lost() {
    let place = Place::holding("{\"text\":\"a\"}\n".repeat(9).as_bytes());
    let mut here = place.open(5).file;
    place.open(2);
    here.append("b", &[]).unwrap();
    assert_eq!(texts(&place.open(5)), ["a", "a", "b"]);
}

#[cfg(unix)]
#[test]
fn a_file_that_was_replaced_is_told_from_the_one_in_its_place() {
    let place = Place::holding("{\"text\":\"a\"}\n".repeat(9).as_bytes());
    let file = open(&place.path()).unwrap();
    assert!(is_at(&file, &place.path()));
    place.open(2);
    assert!(!is_at(&file, &place.path()));
}

#[test]
fn nobody_shortens_a_file_that_somebody_holds() {
    let place = Place::holding("{\"text\":\"a\"}\n".repeat(9).as_bytes());
    let held = open(&place.path()).unwrap();
    held.lock_shared().unwrap();
    assert_eq!(place.open(2).records.len(), 2);
    assert_eq!(place.content().lines().count(), 9);
}

#[test]
fn many_chats_at_once_lose_nothing_while_others_shorten_the_file() {
    let place = Place::holding("{\"text\":\"old\"}\n".repeat(1000).as_bytes());
    let path = place.path();
    std::thread::scope(|scope| {
        for chat in 0..4 {
            let path = &path;
            scope.spawn(move || {
                let mut file = HistoryFile::open(path, 10_000).unwrap().file;
                for entry in 0..50 {
                    file.append(&format!("{chat}/{entry} {}", "x".repeat(2000)), &[]).unwrap();
                    HistoryFile::open(path, 250).unwrap();
                }
            });
        }
    });
    let opened = place.open(10_000);
    assert!(opened.records.len() <= 500, "nobody shortened it");
    let new = texts(&opened).into_iter().filter(|text| *text != "old").collect::<Vec<_>>();
    assert_eq!(new.len(), 200);
    for chat in 0..4 {
        let own = new.iter().filter(|text| text.starts_with(&format!("{chat}/")));
        let order: Vec<_> = own.map(|text| text.split(' ').next().unwrap()).collect();
        let expected: Vec<_> = (0..50).map(|entry| format!("{chat}/{entry}")).collect();
        assert_eq!(order, expected);
    }
}

#[test]
fn a_folder_in_its_place_is_an_error() {
    let place = Place::new();
    fs::create_dir_all(place.path()).unwrap();
    let error = HistoryFile::open(&place.path(), 10).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::IsADirectory);
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_is_no_history() {
    let error = HistoryFile::open(Path::new("/dev/full"), 10).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::Unsupported);
}

proptest::proptest! {
    #[test]
    fn no_content_is_too_odd(content in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
        let place = Place::holding(&content);
        for most in [1, 3] {
            let mut opened = place.open(most);
            proptest::prop_assert!(opened.records.len() <= most);
            opened.file.append("mine", &[]).unwrap();
        }
        let opened = place.open(1);
        proptest::prop_assert_eq!(texts(&opened), ["mine"]);
    }

    #[test]
    fn every_text_comes_back(text in "\\PC*[\n\r\u{1b}\u{85}\u{2028}\"\\\\]*x") {
        let place = Place::new();
        place.open(10).file.append(&text, &[]).unwrap();
        let opened = place.open(10);
        proptest::prop_assert_eq!(texts(&opened), [text.as_str()]);
    }
}
