//! `byok models`, from every shape of list.

use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{
    byok::Output,
    provider::{Provider, Script},
    work,
};

fn listed(scripts: impl IntoIterator<Item = Script>, more: &str) -> Output {
    let provider = Provider::start(scripts);
    let output = work::home(&provider.url("/v1"), more).args(["models"]).run();
    work::assert_no_key(&output);
    output
}

fn list(body: &str) -> Output {
    listed([Script::json(200, body)], "")
}

#[test]
fn a_list_is_one_id_a_line() {
    let body = r#"{"object":"list","data":[{"id":"b","object":"model","owned_by":"acme"},{"id":"a","name":"A model","context_length":8192}]}"#;
    assert_snapshot!(list(body), @"
    ----- stdout -----
    b
    a	A model	8192 tokens
    ----- stderr -----
    ----- exit code 0 -----
    ");
}

#[test]
fn programs_get_one_object() {
    let body = r#"{"data":[{"id":"b","owned_by":"acme"},{"id":"a","context_length":8192}]}"#;
    let provider = Provider::start([Script::json(200, body)]);
    let output = work::home(&provider.url("/v1"), "").args(["models", "--json"]).run();
    output.assert_code(0).assert_silent_stderr();
    let object: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(object["url"], provider.url("/v1/models"));
    assert_snapshot!(object["models"].to_string(), @r#"[{"id":"b","name":null,"contextWindow":null,"ownedBy":"acme"},{"id":"a","name":null,"contextWindow":8192,"ownedBy":null}]"#);
}

#[test]
fn anthropics_pages_are_all_read() {
    let first = r#"{"data":[{"id":"claude-a","display_name":"Claude A","type":"model"}],"has_more":true,"first_id":"claude-a","last_id":"claude-a"}"#;
    let last = r#"{"data":[{"id":"claude-b","display_name":"Claude B","type":"model"}],"has_more":false,"last_id":"claude-b"}"#;
    let provider = Provider::start([Script::json(200, first), Script::json(200, last)]);
    let home = work::home(&provider.url(""), "type = \"anthropic\"");
    home.args(["models"])
        .run()
        .assert_code(0)
        .assert_silent_stderr()
        .assert_stdout("claude-a\tClaude A\nclaude-b\tClaude B\n");
    let paths: Vec<_> = provider.requests().iter().map(|it| it.path.clone()).collect();
    assert_eq!(paths, ["/v1/models?limit=1000", "/v1/models?limit=1000&after_id=claude-a"]);
}

#[test]
fn azure_lists_with_its_version_and_header() {
    let provider = Provider::start([Script::json(200, r#"{"data":[{"id":"gpt-4o"}]}"#)]);
    let home = work::home(&provider.url(""), "type = \"azure\"");
    home.args(["models"]).run().assert_code(0).assert_stdout("gpt-4o\n");
    let request = provider.request();
    assert_eq!(request.path, "/openai/models?api-version=2024-10-21");
    assert!(request.header("api-key").is_some() && request.header("authorization").is_none());
}

#[test]
fn ollamas_own_list_stands_in() {
    let tags = r#"{"models":[{"name":"llama3.2:latest","model":"llama3.2:latest"}]}"#;
    let scripts = || [Script::json(404, "404 page not found"), Script::json(200, tags)];
    let provider = Provider::start(scripts());
    let home = work::home(&provider.url("/v1"), "");
    home.args(["models"]).run().assert_code(0).assert_stdout("llama3.2:latest\n");
    assert_eq!(provider.requests()[1].path, "/api/tags");
    // Older ones answer with `null` where the list should be.
    listed([Script::json(200, r#"{"object":"list","data":null}"#), Script::json(200, tags)], "")
        .assert_stdout("llama3.2:latest\n");
}

#[test]
fn a_bare_array_and_an_empty_list_are_lists() {
    list(r#"[{"id":"one"},{"id":"two"}]"#).assert_code(0).assert_stdout("one\ntwo\n");
    assert_snapshot!(list(r#"{"data":[]}"#), @"
    ----- stdout -----
    ----- stderr -----
    note: the server offers no models
    ----- exit code 0 -----
    ");
}

#[test]
fn a_server_without_a_list_is_said_to_be_one() {
    let missing = Script::json(404, r#"{"detail":"Not Found"}"#);
    assert_snapshot!(listed([missing.clone(), missing], ""), @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered 404 (Not Found): the server has no model list there
      at: profile `work`, http://127.0.0.1:[PORT]/v1/models

    hint: the profile may be right all the same: not every server lists its models
    ----- exit code 10 -----
    ");
}

#[test]
fn a_web_page_is_no_list_and_a_refusal_none_either() {
    let page = Script::answer(200, &[("content-type", "text/html")], "<html>Sign in</html>");
    assert_snapshot!(listed([page], ""), @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered with a web page
      at: profile `work`, http://127.0.0.1:[PORT]/v1/models

    hint: prompts go to `base_url` followed by `/chat/completions`
    hint: compare `base_url` with the address in the server's own manual
    ----- exit code 9 -----
    ");
    let refused = Script::json(401, r#"{"error":{"message":"bad key"}}"#);
    listed([refused], "").assert_code(4).assert_stderr_has("/v1/models");
}

#[test]
fn names_of_models_are_made_harmless() {
    let output = list(r#"{"data":[{"id":"evil\u001b[2J\u202e","name":"a\tb\nc"}]}"#);
    output.assert_code(0);
    assert_eq!(output.stdout().lines().count(), 1, "{output}");
    assert!(!output.stdout().contains(['\u{1b}', '\u{202e}']), "{output}");
}
