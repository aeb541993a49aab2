use serde_json::Value;

use super::{SEA, SKY, kept, sessions, world};
use crate::support::byok::Byok;

#[test]
fn a_conversation_is_shown_to_its_head() {
    let byok = world();
    let output = sessions(&byok, &["show", SKY]);
    output.assert_code(0).assert_silent_stderr().assert_stdout(
        "demo:demo-1> why is the sky blue?\nScattering.\n\ndemo:demo-1> and red?\nDust.\n",
    );
    let shown = sessions(&byok, &["show", "cccc"]);
    assert!(shown.stdout().ends_with("Up to 11 km of **blue** water.\n"), "{shown}");
}

#[test]
fn without_a_name_it_is_the_session_that_was_last() {
    let byok = Byok::new().args(["ask", "-P", "demo", "What is 2+2?"]);
    byok.run().assert_code(0);
    let shown = sessions(&byok, &["show"]);
    assert!(shown.assert_code(0).stdout().contains("> What is 2+2?\n"), "{shown}");
}

#[test]
fn json_and_all_branches_hold_every_turn() {
    let byok = world();
    let json = sessions(&byok, &["show", SKY, "--json"]);
    let value: Value = serde_json::from_str(json.assert_code(0).stdout()).expect("it is JSON");
    assert_eq!(value["id"], SKY);
    assert_eq!(value["turns"].as_array().map(Vec::len), Some(2));
    let tree = sessions(&byok, &["show", SEA, "--all-branches"]);
    tree.assert_stdout("* 1 how deep is the sea?  demo:demo-1\n");
}

#[test]
fn what_could_drive_a_terminal_is_a_mark() {
    let byok = Byok::new();
    kept(&byok, SKY, "2021-03-01", &[("\u{1b}[31mred", "\u{9b}31m")]);
    sessions(&byok, &["show", SKY]).assert_stdout("demo:demo-1> ␛[31mred\n\\x9b31m\n");
}

#[cfg(unix)]
#[test]
fn on_a_terminal_markdown_is_rendered() {
    use crate::support::pty::Pty;

    let byok = world();
    for (args, wanted) in
        [(vec![], "of blue water"), (vec!["--render", "plain"], "of **blue** water")]
    {
        let args = [vec!["sessions", "show", SEA], args].concat();
        let mut pty = Pty::start(&byok.with_arguments(args), 80, 20);
        assert_eq!(pty.wait(), 0, "{}", pty.screen());
        assert!(pty.screen().contains(wanted), "{}", pty.screen());
    }
}
