//! A key belongs to its own server.

use insta::assert_snapshot;

use super::{Byok, KEY, Provider, answered, credentials};
use crate::support::work;

#[test]
fn another_address_drops_the_profiles_key_and_says_so() {
    let provider = Provider::start([answered("openai"), answered("openai"), answered("openai")]);
    let elsewhere = provider.url("/v1");
    let home = || work::home("https://gateway.example/v1", "");
    let output = home().args(["ask", "--base-url", &elsewhere, "hi"]).run();
    assert_snapshot!(output, @"
    ----- stdout -----
    yes
    ----- stderr -----
    note: not sent to http://127.0.0.1:[PORT]: `api_key` of profile `work`, for https://gateway.example alone; `--api-key-env NAME` names a key
    ----- exit code 0 -----
    ");
    // Unless a key is named with it.
    let named = ["ask", "--base-url", &elsewhere, "--api-key-env", "WORK_KEY", "hi"];
    home().args(named).run().assert_code(0);
    // By a variable it is the same.
    home().env("BYOK_BASE_URL", &elsewhere).args(["ask", "hi"]).run().assert_code(0);
    let sent: Vec<_> =
        provider.requests().iter().map(|request| credentials(request).len()).collect();
    assert_eq!(sent, [0, 1, 0]);
}

#[test]
fn another_path_of_the_same_server_keeps_it() {
    let provider = Provider::start([answered("openai")]);
    let home = work::home(&provider.url("/v1"), "");
    let output = home.args(["ask", "--base-url", &provider.url("/other/v1"), "hi"]).run();
    output.assert_code(0).assert_silent_stderr();
    let request = provider.request();
    assert_eq!(request.path, "/other/v1/chat/completions");
    assert_eq!(credentials(&request).len(), 1);
}

#[test]
fn a_child_elsewhere_inherits_the_key_only_when_told_to() {
    let provider = Provider::start([answered("openai")]);
    let child = |inherit: &str| {
        let config = format!(
            "[profiles.parent]\nbase_url = \"https://gateway.example/v1\"\nmodel = \"m\"\n\
             api_key = {{ env = \"WORK_KEY\" }}\n\
             [profiles.child]\nextends = \"parent\"\nbase_url = \"{}\"\n{inherit}\n",
            provider.url("/v1")
        );
        let home = Byok::new().file("config.toml", config).env("WORK_KEY", KEY);
        home.args(["ask", "-P", "child", "hi"]).run()
    };
    assert_snapshot!(child(""), @"
    ----- stdout -----
    ----- stderr -----
    error: profile `child` would send `api_key` of profile `parent`, made for https://gateway.example, to http://127.0.0.1:[PORT]

    hint: give profile `child` a key of its own
    hint: or set `inherit_key = true` in profile `child` if http://127.0.0.1:[PORT] may have it
    ----- exit code 3 -----
    ");
    child("inherit_key = true").assert_code(0);
    assert_eq!(credentials(&provider.request()).len(), 1);
}

#[test]
fn a_vendors_variable_goes_to_that_vendor_only() {
    let provider = Provider::start([answered("openai"), answered("openai")]);
    let home = || Byok::new().env("OPENAI_API_KEY", KEY);
    let base_url = provider.url("/v1");
    let output = home().args(["ask", "--base-url", &base_url, "-m", "m", "hi"]).run();
    output.assert_code(0);
    // Where the vendor's own variable points, it may go.
    let output = home().env("OPENAI_BASE_URL", &base_url).args(["ask", "-m", "m", "hi"]).run();
    output.assert_code(0);
    let sent: Vec<_> =
        provider.requests().iter().map(|request| credentials(request).len()).collect();
    assert_eq!(sent, [0, 1]);
    let output = home().args(["ask", "--dry-run", "-m", "m", "hi"]).run();
    assert!(output.stdout().contains("authorization: Bearer $OPENAI_API_KEY\n"), "{output}");
}
