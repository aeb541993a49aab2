use std::fs;

use super::{SEA, SKY, folder, sessions, world};

#[test]
fn a_name_stands_in_the_place_of_the_title_until_it_is_taken_away() {
    let byok = world();
    sessions(&byok, &["rename", SKY, "the sky"]).assert_code(0).assert_stderr_has("`the sky`");
    let list = sessions(&byok, &[]);
    assert!(list.stdout().lines().next().is_some_and(|it| it.ends_with("\tthe sky")), "{list}");
    sessions(&byok, &["rename", SKY, "-"]).assert_code(0);
    let list = sessions(&byok, &[]);
    assert!(list.stdout().contains("\twhy is the sky blue?\n"), "{list}");
}

#[test]
fn names_that_could_mean_something_else_are_refused_and_nothing_changes() {
    let byok = world();
    sessions(&byok, &["rename", SEA, "the sea"]).assert_code(0);
    let file = folder(&byok).join(format!("2021-03-01T100000Z-{SKY}.jsonl"));
    let before = fs::read(&file).expect("it is there");
    let long = "x".repeat(201);
    for (name, wanted) in [
        ("the sea", "session `ccccdddf` is called `the sea` already"),
        ("bcd", "`bcd` could be the beginning of an id"),
        (" ", "a name cannot be empty"),
        (long.as_str(), "a name has at most 200 characters, and this one has 201"),
    ] {
        sessions(&byok, &["rename", SKY, name]).assert_code(2).assert_stderr_has(wanted);
    }
    sessions(&byok, &["rename", SKY, "--", "-x"])
        .assert_code(2)
        .assert_stderr_has("begin with `-`");
    assert_eq!(fs::read(&file).expect("it is there"), before);
    // Its own name is no other's.
    sessions(&byok, &["rename", SEA, "the sea"]).assert_code(0);
}

#[cfg(unix)]
#[test]
fn a_session_in_use_keeps_its_name() {
    let byok = world();
    let file = folder(&byok).join(format!("2021-03-01T100000Z-{SKY}.jsonl"));
    let held = fs::File::open(&file).expect("it is there");
    held.lock().expect("nobody has it");
    let refused = sessions(&byok, &["rename", SKY, "the sky"]);
    refused.assert_code(2).assert_stderr_has(&format!("session `{SKY}` is in use"));
}
