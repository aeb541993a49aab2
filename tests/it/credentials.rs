//! Where keys come from, and where they go.

#[cfg(unix)]
#[path = "credentials/command.rs"]
mod command;
#[path = "credentials/origin.rs"]
mod origin;

use insta::assert_snapshot;

use crate::support::{
    byok::{Byok, Output},
    provider::{Provider, Recorded, Script},
    streams,
    work::KEY,
};

/// The answer that fits each type.
fn answered(provider_type: &str) -> Script {
    let frames = match provider_type {
        "anthropic" => streams::messages(&["yes"]),
        _ => streams::chat(&["yes"]),
    };
    Script::stream(frames)
}

/// A profile of this type with these keys.
fn home(provider: &Provider, provider_type: &str, more: &str) -> Byok {
    let config = format!(
        "[profiles.work]\ntype = \"{provider_type}\"\nbase_url = \"{}\"\nmodel = \"m\"\n{more}\n",
        provider.url(if provider_type == "openai" { "/v1" } else { "" })
    );
    Byok::new().file("config.toml", config).env("WORK_KEY", KEY)
}

/// One whole run with these keys in the profile, and what was sent.
#[track_caller]
fn sent(provider_type: &str, more: &str) -> (Output, Recorded) {
    let provider = Provider::start([answered(provider_type)]);
    let output = home(&provider, provider_type, more).args(["ask", "hi"]).run();
    output.assert_code(0).assert_stdout("yes\n");
    (output, provider.request())
}

/// The headers that carry secrets.
fn credentials(request: &Recorded) -> Vec<(&str, &str)> {
    let names = ["authorization", "api-key", "x-api-key"];
    let headers = request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    headers.filter(|(name, _)| names.contains(name)).collect()
}

#[test]
fn each_type_and_form_has_its_one_header() {
    let bearer = format!("Bearer {KEY}");
    for (provider_type, form, name, value) in [
        ("openai", "api_key", "authorization", bearer.as_str()),
        ("openai", "bearer_token", "authorization", &bearer),
        ("azure", "api_key", "api-key", KEY),
        ("azure", "bearer_token", "authorization", &bearer),
        ("anthropic", "api_key", "x-api-key", KEY),
        ("anthropic", "bearer_token", "authorization", &bearer),
    ] {
        let (_, request) = sent(provider_type, &format!("{form} = {{ env = \"WORK_KEY\" }}"));
        assert_eq!(credentials(&request), [(name, value)], "{provider_type} {form}");
    }
    let (_, request) = sent("openai", "");
    assert_eq!(credentials(&request), []);
}

#[test]
fn a_token_goes_before_a_key_and_a_prefix_is_not_doubled() {
    let both = "api_key = \"sk-other-0123\"\nbearer_token = \"  Bearer tok-0123456789 \"";
    let (_, request) = sent("azure", both);
    assert_eq!(credentials(&request), [("authorization", "Bearer tok-0123456789")]);
}

#[test]
fn a_credential_among_the_headers_wins_and_is_warned_of() {
    let more = "api_key = { env = \"WORK_KEY\" }\nheaders = { Authorization = \"Bearer mine\" }";
    let (output, request) = sent("openai", more);
    assert_eq!(credentials(&request), [("authorization", "Bearer mine")]);
    assert_snapshot!(output, @"
    ----- stdout -----
    yes
    ----- stderr -----
    note: `[HOME]/.config/byok/config.toml` holds a key and others can read it: run `chmod 600 [HOME]/.config/byok/config.toml`
    note: `headers` sets `authorization`: the credential from variable `WORK_KEY` is not sent
    ----- exit code 0 -----
    ");
}

#[test]
fn a_file_and_an_ordered_list_are_sources_too() {
    let provider = Provider::start([answered("openai"), answered("openai")]);
    let file = "api_key = { file = \"../../work/key\" }";
    let home_of = |more: &str| home(&provider, "openai", more).file("key", format!("{KEY}\n\n"));
    home_of(file).args(["ask", "hi"]).run().assert_code(0);
    let list = "api_key = [{ env = \"UNSET\" }, { file = \"missing\" }, { env = \"WORK_KEY\" }]";
    home_of(list).args(["ask", "hi"]).run().assert_code(0);
    for request in provider.requests() {
        assert_eq!(credentials(&request), [("authorization", format!("Bearer {KEY}").as_str())]);
    }
}

#[test]
fn a_list_without_a_key_says_what_was_tried() {
    let provider = Provider::start([]);
    let list = "api_key = [{ env = \"UNSET\" }, { file = \"/nonexistent/key\" }]";
    assert_snapshot!(home(&provider, "openai", list).args(["ask", "hi"]).run(), @"
    ----- stdout -----
    ----- stderr -----
    error: profile `work` has no credential: variable `UNSET` is not set; file `/nonexistent/key` cannot be read: it is not there

    hint: set it: `export UNSET=…`
    hint: put the key, and nothing else, into `/nonexistent/key`
    ----- exit code 3 -----
    ");
    assert_eq!(provider.connections(), 0);
}

#[test]
fn a_key_that_cannot_be_sent_is_refused_without_showing_it() {
    let provider = Provider::start([]);
    let output = home(&provider, "openai", "api_key = { env = \"WORK_KEY\" }")
        .env("WORK_KEY", "sk-one\nsk-two")
        .args(["ask", "hi"])
        .run();
    assert!(!output.stderr().contains("sk-"), "{output}");
    assert_snapshot!(output, @"
    ----- stdout -----
    ----- stderr -----
    error: profile `work` has no credential: the key from variable `WORK_KEY` cannot be sent: it holds an invalid character at position 6

    hint: copy the key again, on one line and without other characters
    ----- exit code 3 -----
    ");
}

#[test]
fn a_static_key_is_not_tried_twice() {
    let provider = Provider::start([Script::json(401, "{}")]);
    let list = "api_key = [{ env = \"UNSET\" }, { env = \"WORK_KEY\" }]";
    let output = home(&provider, "openai", list).args(["ask", "hi"]).run();
    // Of a list, the source that was used is named.
    output.assert_code(4).assert_stderr_has("the key comes from variable `WORK_KEY`");
}

#[test]
fn a_key_in_a_file_that_others_can_read_is_warned_of() {
    let (output, _) = sent("openai", "api_key = \"sk-literal-0123456789\"");
    output.assert_stderr_has("and others can read it: run `chmod 600 ");
}
