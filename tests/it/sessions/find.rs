use serde_json::Value;

use super::{SEA, SKY, sessions, world};

#[test]
fn each_hit_is_a_line_in_a_pipe() {
    let byok = world();
    let output = sessions(&byok, &["search", "blue"]);
    output.assert_code(0).assert_silent_stderr().assert_stdout(&format!(
        "{SEA}\t1\tanswer\tUp to 11 km of **blue** water.\n{SKY}\t1\tquestion\twhy is the sky blue?\n"
    ));
    let phrase = sessions(&byok, &["search", "is the SKY", "why"]);
    assert_eq!(phrase.assert_code(0).stdout().lines().count(), 1, "{phrase}");
    let one = sessions(&byok, &["search", "-n", "1", "blue"]);
    assert_eq!(one.assert_code(0).stdout().lines().count(), 1, "{one}");
}

#[test]
fn json_holds_sessions_and_their_hits() {
    let output = sessions(&world(), &["search", "--json", "dust"]);
    let value: Value = serde_json::from_str(output.assert_code(0).stdout()).expect("it is JSON");
    let session = &value["sessions"][0];
    assert_eq!((&session["id"], &session["title"]), (&SKY.into(), &"why is the sky blue?".into()));
    let hit = &session["hits"][0];
    assert_eq!((&hit["turn"], &hit["in"]), (&2.into(), &"answer".into()));
    assert_eq!(hit["snippet"], "Dust.");
}

#[test]
fn nothing_found_is_one_as_in_grep() {
    let byok = world();
    let output = sessions(&byok, &["search", "no such words"]);
    output.assert_code(1).assert_stdout("").assert_stderr_has("nothing was found");
    let json = sessions(&byok, &["search", "--json", "no such words"]);
    json.assert_code(1).assert_stdout("{\"v\":1,\"sessions\":[]}\n");
    sessions(&byok, &["-q", "search", "no such words"]).assert_code(1).assert_silent_stderr();
}

#[test]
fn a_search_without_words_or_with_a_bad_pattern_is_refused() {
    let byok = world();
    sessions(&byok, &["search"]).assert_code(2);
    sessions(&byok, &["search", " "]).assert_code(2).assert_stderr_has("nothing to search for");
    let bad = sessions(&byok, &["search", "--regex", "("]);
    bad.assert_code(2).assert_stderr_has("`(` is no regular expression: unclosed group");
}

#[cfg(unix)]
#[test]
fn on_a_terminal_hits_stand_under_their_session() {
    use crate::support::pty::Pty;

    let byok = world();
    let mut pty = Pty::start(&byok.with_arguments(["sessions", "search", "blue"]), 80, 20);
    assert_eq!(pty.wait(), 0, "{}", pty.screen());
    let screen = pty.screen();
    let rows: Vec<_> = screen.lines().collect();
    assert!(rows[0].starts_with("cccc ") && rows[0].contains("how deep"), "{screen}");
    assert_eq!(rows[1], "      1 answer  Up to 11 km of **blue** water.", "{screen}");
    assert!(rows[3].starts_with("bbbb "), "{screen}");
    assert_eq!(rows[4], "      1 question  why is the sky blue?", "{screen}");
}
