use super::*;
use crate::sessions::Time;

const NOW: i64 = 1_000_000_000;

fn entry(id: &str, seconds_ago: i64, title: &str) -> Entry {
    let at = Time::of(Timestamp::from_second(NOW - seconds_ago).unwrap());
    Entry {
        id: SessionId::parse(id).unwrap(),
        file: String::new(),
        bytes: 0,
        begun_at: at,
        last_at: at,
        name: None,
        title: title.to_owned(),
        turns: 12,
        profile: "work".to_owned(),
        model: "gpt-x".to_owned(),
        directory: None,
        terminal: None,
        forked_from: None,
        state: None,
    }
}

fn shown(entries: &[Entry], numbering: Numbering<'_>, columns: usize) -> String {
    let listed: Vec<&Entry> = entries.iter().collect();
    rows(&listed, entries, numbering, Timestamp::from_second(NOW).unwrap(), columns)
}

fn entries() -> Vec<Entry> {
    let mut second = entry("bcdfghkmnpqrst", 86_400, "\u{1b}[31mred\nalert");
    second.turns = 1;
    vec![entry("bcdfgjkmnpqrst", 60, "why is the sky blue, and not green or yellow?"), second]
}

#[test]
fn rows_have_columns_and_are_never_wider_than_the_terminal() {
    insta::assert_snapshot!(shown(&entries(), Numbering::Ids, 70), @r"
    bcdfgj  1 minute ago  12 turns  work:gpt-x  why is the sky blue, and …
    bcdfgh  1 day ago       1 turn  work:gpt-x  ␛[31mred alert
    ");
    insta::assert_snapshot!(shown(&entries(), Numbering::Numbers(Some(&entries()[1].id)), 50), @r"
      1  bcdfgj  1 minute ago  12 turns  why is the s…
    * 2  bcdfgh  1 day ago       1 turn  ␛[31mred ale…
    ");
    for columns in 0..100 {
        let text = shown(&entries(), Numbering::Ids, columns);
        assert!(text.lines().all(|line| line.width() <= columns), "{columns}: {text}");
    }
}

#[test]
fn an_id_has_as_many_letters_as_tell_it_from_all() {
    assert_eq!(letters(&[]), 4);
    assert_eq!(letters(&[entry("bcdfghkmnpqrst", 0, "")]), 4);
    assert_eq!(letters(&entries()), 6);
    let twins = [entry("bcdfghkmnpqrst", 0, ""), entry("bcdfghkmnpqrsv", 0, "")];
    assert_eq!(letters(&twins), 14);
}

#[test]
fn a_name_goes_before_the_title_and_nothing_asked_is_said() {
    let mut entry = entry("bcdfghkmnpqrst", 0, "first");
    entry.name = Some("mine".to_owned());
    assert_eq!(title(&entry), "mine");
    entry.name = None;
    entry.title.clear();
    assert_eq!(title(&entry), "(nothing was asked)");
}
