use super::*;

/// Words here end at white space.
fn mentions(text: &str) -> Vec<Range<usize>> {
    text.split(char::is_whitespace)
        .filter(|word| word.len() > 1 && word.starts_with('@'))
        .map(|word| {
            let start = word.as_ptr().addr() - text.as_ptr().addr();
            start..start + word.len()
        })
        .collect()
}

fn words(typing: &Typing, attached: &[&str]) -> Vec<String> {
    let attached = attached.iter().map(|word| (*word).to_owned()).collect();
    typing.words(&mentions(typing.text()), &attached)
}

/// Lines as they became, one after another, and what made them so.
#[track_caller]
fn check(steps: &[(&str, Change)], attached: &[&str], expected: &[&str]) {
    let mut typing = Typing::default();
    for (line, change) in steps {
        typing.follow(line, line.len(), *change);
        assert_eq!(typing.text(), *line);
    }
    assert_eq!(words(&typing, attached), expected);
}

#[test]
fn a_word_whose_at_sign_was_typed_counts() {
    check(&[("@", Change::At), ("@a", Change::Edit), ("@a b", Change::Edit)], &[], &["@a"]);
}

#[test]
fn a_pasted_word_never_counts_whatever_else_was_typed() {
    let pasted = "see @secret and @a ";
    check(
        &[
            (pasted, Change::Paste(0)),
            (&format!("{pasted}@"), Change::At),
            (&format!("{pasted}@b"), Change::Edit),
        ],
        &["@a", "@secret"],
        &["@b"],
    );
}

#[test]
fn an_at_sign_in_the_middle_of_a_word_is_none() {
    check(&[("mail", Change::Edit), ("mail@", Change::At), ("mail@a", Change::Edit)], &[], &[]);
    check(&[("@", Change::At)], &[], &[]);
}

#[test]
fn a_typed_word_keeps_its_place_through_edits_before_and_behind() {
    check(
        &[
            ("@", Change::At),
            ("@a", Change::Edit),
            ("x@a", Change::Edit),
            ("x @a", Change::Edit),
            ("@b x @a", Change::Paste(0)),
            ("@b x @a é", Change::Edit),
        ],
        &[],
        &["@a"],
    );
}

#[test]
fn a_completion_of_a_typed_word_counts() {
    check(
        &[("@", Change::At), ("@s", Change::Edit), ("@src/main.rs", Change::Edit)],
        &[],
        &["@src/main.rs"],
    );
}

#[test]
fn a_deleted_at_sign_is_forgotten() {
    check(&[("@", Change::At), ("", Change::Edit), ("@b", Change::Paste(0))], &["@b"], &[]);
}

#[test]
fn a_recalled_word_counts_when_it_was_attached() {
    check(&[("@old @other", Change::Recall)], &["@old"], &["@old"]);
}

#[test]
fn a_recalled_word_does_not_inherit_from_the_line_before() {
    check(&[("@", Change::At), ("@a", Change::Edit), ("@abc", Change::Recall)], &[], &[]);
}

#[test]
fn a_line_that_was_left_for_the_history_comes_back_with_its_words() {
    check(
        &[
            ("@", Change::At),
            ("@a", Change::Edit),
            ("older", Change::Recall),
            ("oldest", Change::Recall),
            ("@a", Change::Recall),
            ("@a @", Change::At),
            ("@a @b", Change::Edit),
        ],
        &[],
        &["@a", "@b"],
    );
}

#[test]
fn a_text_to_begin_with_keeps_its_typed_words() {
    let typing = Typing::new("@a @b", &mentions("@a @b"), &["@b".to_owned()]);
    assert_eq!(words(&typing, &[]), ["@b"]);
    assert_eq!(typing.halves(), ("@a @b".to_owned(), String::new()));
}

#[test]
fn the_halves_meet_at_the_cursor() {
    let mut typing = Typing::default();
    typing.follow("añb", 3, Change::Edit);
    assert_eq!(typing.halves(), ("añ".to_owned(), "b".to_owned()));
}

proptest::proptest! {
    #[test]
    fn no_word_is_typed_without_an_at_key(
        lines in proptest::collection::vec("[@aé \n]{0,12}", 0..8),
        kinds in proptest::collection::vec(0usize..30, 8),
    ) {
        let mut typing = Typing::default();
        for (line, kind) in lines.iter().zip(kinds) {
            let change = match kind {
                0..10 => Change::Edit,
                10..20 => Change::Recall,
                at => Change::Paste(at - 20),
            };
            typing.follow(line, line.len(), change);
            proptest::prop_assert_eq!(typing.text(), line);
        }
        proptest::prop_assert_eq!(words(&typing, &[]), Vec::<String>::new());
    }

    #[test]
    fn marks_stay_at_signs(lines in proptest::collection::vec("[@aé ]{0,12}", 0..12)) {
        let mut typing = Typing::default();
        for line in &lines {
            typing.follow(line, line.len(), Change::At);
            for mark in &typing.marks {
                proptest::prop_assert_eq!(line.as_bytes()[*mark], b'@');
            }
        }
    }
}
