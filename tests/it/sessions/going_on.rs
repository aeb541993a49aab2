//! Going on with a session from a script: which one, and what holds on.

use serde_json::Value;

use crate::support::{
    byok::Byok,
    provider::{Provider, Script},
    streams,
};

fn chat(text: &str) -> Script {
    Script::stream(streams::chat(&[text]))
}

/// Two profiles at one server; `b` is the default one.
fn two(provider: &Provider) -> Byok {
    let url = provider.url("/v1");
    let profile = |name: &str, model: &str| {
        format!("[profiles.{name}]\ntype = \"openai\"\nbase_url = \"{url}\"\nmodel = \"{model}\"\n")
    };
    let config = format!("default_profile = \"b\"\n{}{}", profile("a", "m-a"), profile("b", "m-b"));
    Byok::new().file("config.toml", config)
}

fn ask(byok: &Byok, args: &[&str]) -> crate::support::byok::Output {
    byok.with_arguments(["ask"].iter().chain(args).copied()).run()
}

/// Who says what in a request: `user: …`.
fn said(body: &Value) -> Vec<String> {
    let messages = body["messages"].as_array().expect("there are messages");
    let line = |it: &Value| {
        let word = |field: &str| it[field].as_str().unwrap_or("?").to_owned();
        format!("{}: {}", word("role"), word("content"))
    };
    messages.iter().map(line).collect()
}

#[test]
fn the_last_session_goes_on_with_its_profile_and_says_which_it_is() {
    let provider = Provider::start([chat("one"), chat("two"), chat("three")]);
    let byok = two(&provider);
    ask(&byok, &["-P", "a", "first"]).assert_code(0).assert_silent_stderr();
    let second = ask(&byok, &["-c", "second"]);
    second.assert_code(0).assert_stdout("two\n");
    second.assert_stderr_has("the last one of this directory: `first` (1 turn, just now)");
    ask(&byok, &["-c", "-P", "b", "third"]).assert_code(0);
    assert_eq!(byok.sessions().len(), 1, "it is one session");
    let requests = provider.requests();
    let body = |at: usize| requests[at].json();
    assert_eq!(body(1)["model"], "m-a", "its own profile goes before the default one");
    assert_eq!(said(&body(1)), ["user: first", "assistant: one", "user: second"]);
    assert_eq!(body(2)["model"], "m-b");
    assert_eq!(said(&body(2)).len(), 5);
}

#[test]
fn what_was_chosen_by_hand_holds_on() {
    let provider = Provider::start([chat("one"), chat("two"), chat("three")]);
    let byok = two(&provider);
    ask(&byok, &["-P", "a", "-m", "special", "-s", "Be brief.", "first"]).assert_code(0);
    let second = ask(&byok, &["-c", "second"]);
    second.assert_code(0).assert_stderr_has("with model `special`, as it was chosen there");
    second.assert_stderr_has("with the system prompt that was given there");
    ask(&byok, &["-c", "-m", "other", "-s", "Be long.", "third"]).assert_code(0);
    let requests = provider.requests();
    let second = requests[1].json();
    assert_eq!((&second["model"], &said(&second)[0][..]), (&"special".into(), "system: Be brief."));
    let third = requests[2].json();
    assert_eq!((&third["model"], &said(&third)[0][..]), (&"other".into(), "system: Be long."));
}

#[test]
fn a_profile_that_is_gone_is_an_error_with_a_way_out() {
    let provider = Provider::start([chat("one"), chat("two")]);
    let byok = two(&provider);
    ask(&byok, &["-P", "a", "first"]).assert_code(0);
    let config = std::fs::read_to_string(byok.home().join(".config/byok/config.toml"));
    let config = config.expect("it is there").replace("[profiles.a]", "[profiles.z]");
    let byok = byok.file("config.toml", config);
    let gone = ask(&byok, &["-c", "second"]);
    gone.assert_code(3).assert_stderr_has("unknown profile `a`");
    gone.assert_stderr_has("the session; `-P NAME` goes on with another one");
    ask(&byok, &["-c", "-P", "b", "second"]).assert_code(0).assert_stdout("two\n");
}

#[test]
fn without_a_session_there_is_nothing_to_go_on_with() {
    let provider = Provider::start([]);
    let byok = two(&provider);
    let output = ask(&byok, &["-c", "x"]);
    output.assert_code(2).assert_stderr_has("there is no session to go on with");
    let output = ask(&byok, &["-r=nothing", "x"]);
    output.assert_code(2).assert_stderr_has("there is no session `nothing`");
}

#[test]
fn a_script_names_its_session_and_goes_on_with_no_other() {
    let provider = Provider::start([chat("one"), chat("two"), chat("three"), chat("four")]);
    let byok = two(&provider);
    let named = |name: &str| byok.clone().env("BYOK_SESSION", name);
    ask(&named("nightly"), &["first"]).assert_code(0);
    let id = byok.records()[0]["id"].as_str().expect("it has one").to_owned();
    ask(&named("nightly"), &["second"]).assert_code(0);
    assert_eq!(byok.sessions().len(), 1);
    // The beginning of a name is another name, and the beginning of an id is none.
    ask(&named("night"), &["third"]).assert_code(0);
    assert_eq!(byok.sessions().len(), 2);
    let refused = ask(&named(&id[..6]), &["x"]);
    refused.assert_code(2).assert_stderr_has("`BYOK_SESSION` is a whole id, or a name");
    ask(&named(&id), &["fourth"]).assert_code(0);
    assert_eq!(byok.sessions().len(), 2);
    let counts: Vec<_> = provider.requests().iter().map(|it| said(&it.json()).len()).collect();
    assert_eq!(counts[..3], [1, 3, 1]);
}

#[test]
fn what_is_not_kept_goes_on_all_the_same() {
    let provider = Provider::start([chat("one"), chat("two")]);
    let byok = two(&provider);
    ask(&byok, &["first"]).assert_code(0);
    let before = byok.records();
    ask(&byok, &["-c", "--no-save", "second"]).assert_code(0);
    assert_eq!(said(&provider.requests()[1].json()).len(), 3);
    assert_eq!(byok.records(), before);
}
