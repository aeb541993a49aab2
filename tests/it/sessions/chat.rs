use super::{SKY, folder, listed, sessions, world};
use crate::support::{
    byok::Byok,
    chat::Chat,
    provider::{Provider, Script},
    streams,
};

fn answer(text: &str) -> Script {
    Script::stream(streams::chat(&[text]))
}

/// The id of the only session that is listed.
#[track_caller]
fn only(byok: &Byok) -> String {
    let listed = listed(byok, &[]);
    assert_eq!(listed.len(), 1, "{listed:?}");
    listed[0].clone()
}

#[test]
fn sessions_are_listed_and_gone_on_with_by_number() {
    let byok = world();
    let mut chat = Chat::start(&byok, ["-P", "demo"]);
    let list = chat.say("/sessions");
    let rows: Vec<_> = list.lines().collect();
    assert!(rows[0].starts_with("  1  dddf  "), "{list}");
    assert!(
        rows[2].starts_with("  3  bbbb  ") && rows[2].ends_with("why is the sky blue?"),
        "{list}"
    );
    assert_eq!(rows[3], "`/resume N` goes on with one");
    let resumed = chat.say("/resume 3");
    assert!(
        resumed.contains("going on with `bbbbcccd`: `why is the sky blue?` (2 turns"),
        "{resumed}"
    );
    assert!(resumed.contains("profile `demo`: `demo` inside the program"), "{resumed}");
    let tree = chat.say("/tree");
    assert!(tree.contains("* 2 and red?"), "{tree}");
    let list = chat.say("/sessions");
    assert!(list.contains("* 3  bbbb"), "{list}");
    let same = chat.say("/resume bbbb");
    assert_eq!(same, "this is the session that you are in");
    chat.leave();
}

#[test]
fn undo_at_the_beginning_goes_back_to_the_session_that_was_left() {
    let provider = Provider::start([answer("one"), answer("two")]);
    let byok = Byok::new().profile(&provider, "");
    let mut chat = Chat::start(&byok, []);
    chat.say("first");
    chat.say("/new");
    chat.say("second");
    let back = chat.say("/undo");
    assert!(back.contains("at the beginning"), "{back}");
    let back = chat.say("/undo");
    assert!(back.contains("back in the conversation before, at the answer to `first`"), "{back}");
    chat.leave();
    assert_eq!(listed(&byok, &[]).len(), 2);
}

#[test]
fn a_session_that_was_left_is_gone_on_with_and_not_forked() {
    let provider = Provider::start([answer("one"), answer("two"), answer("three")]);
    let byok = Byok::new().profile(&provider, "");
    let mut chat = Chat::start(&byok, []);
    chat.say("first");
    let id = only(&byok);
    chat.say("/new");
    chat.say("second");
    let resumed = chat.say(&format!("/resume {id}"));
    assert!(resumed.contains("`first` (1 turn"), "{resumed}");
    chat.say("third");
    chat.leave();
    assert_eq!(listed(&byok, &[]).len(), 2);
    let shown = sessions(&byok, &["show", &id]);
    assert!(shown.stdout().contains("> third\nthree\n"), "{shown}");
}

#[test]
fn a_profile_that_is_gone_changes_nothing() {
    let provider = Provider::start([answer("one")]);
    let byok = Byok::new().profile(&provider, "");
    super::kept(&byok, SKY, "2021-03-01", &[("why is the sky blue?", "Scattering.")]);
    let path = folder(&byok).join(format!("2021-03-01T100000Z-{SKY}.jsonl"));
    let text = std::fs::read_to_string(&path).expect("it is there");
    std::fs::write(&path, text.replace("\"demo\"", "\"gone\"")).expect("it is ours");
    let mut chat = Chat::start(&byok, []);
    chat.say("first");
    let refused = chat.say("/resume bbbb");
    assert!(refused.starts_with("error: ") && refused.contains("`gone`"), "{refused}");
    assert_eq!(chat.prompt(), "p:m>");
    let tree = chat.say("/tree");
    assert!(tree.contains("* 1 first"), "{tree}");
    chat.leave();
}

#[test]
fn a_name_is_given_and_refused_when_another_session_has_it() {
    let byok = world();
    sessions(&byok, &["rename", SKY, "the sky"]).assert_code(0);
    let mut chat = Chat::start(&byok, ["-P", "demo"]);
    let refused = chat.say("/rename the sky");
    assert!(refused.contains("is called `the sky` already"), "{refused}");
    assert_eq!(chat.say("/rename sums"), "this session is called `sums`");
    chat.say("What is 2+2?");
    chat.leave();
    let list = sessions(&byok, &["-n", "1"]);
    assert!(list.stdout().ends_with("\tsums\n"), "{list}");
}

#[test]
fn a_fork_leaves_the_session_as_it_is() {
    let provider = Provider::start([answer("one"), answer("two")]);
    let byok = Byok::new().profile(&provider, "");
    let mut chat = Chat::start(&byok, []);
    let nothing = chat.say("/fork");
    assert!(nothing.contains("there is nothing yet that a fork could begin with"), "{nothing}");
    chat.say("first");
    let old = only(&byok);
    let said = chat.say("/fork other");
    assert!(said.contains(&format!("`/resume {}` goes back", &old[..8])), "{said}");
    chat.say("second");
    chat.leave();
    assert_eq!(listed(&byok, &[]).len(), 2);
    let shown = sessions(&byok, &["show", &old]);
    shown.assert_stdout("p:m> first\none\n");
    let fork = sessions(&byok, &["show"]);
    fork.assert_stdout("p:m> first\none\n\np:m> second\ntwo\n");
}

#[test]
fn words_are_found_from_the_chat() {
    let mut chat = Chat::start(&world(), ["-P", "demo"]);
    let found = chat.say("/search \"the sky\"");
    assert!(
        found.contains("bbbb") && found.contains("1 question  why is the sky blue?"),
        "{found}"
    );
    assert_eq!(chat.say("/search nothing-like-this"), "nothing was found");
    chat.leave();
}

#[test]
fn on_leaving_it_is_said_how_to_come_back() {
    let byok = Byok::new();
    let mut chat = Chat::start(&byok, ["-P", "demo"]);
    chat.say("What is 2+2?");
    let id = only(&byok);
    let pty = chat.leave();
    let line = format!("`byok -c` goes on with this, `byok -r={}` from anywhere", &id[..8]);
    assert!(pty.screen().contains(&line), "{}", pty.screen());
    for args in [&["-P", "demo", "-q"][..], &["-P", "demo", "--no-save"]] {
        let mut chat = Chat::start(&byok, args.iter().copied());
        chat.say("What is 2+2?");
        let pty = chat.leave();
        assert!(!pty.screen().contains("byok -c"), "{}", pty.screen());
    }
}
