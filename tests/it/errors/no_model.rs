//! No prompt is sent without a model; the server's list is asked for once, and for a second.

use insta::assert_snapshot;
use serde_json::json;

use crate::support::{
    byok::{Byok, Output},
    provider::{Provider, Script, Step},
};

fn without_model(base_url: &str) -> Output {
    let config = format!("[profiles.local]\nbase_url = \"{base_url}\"\n");
    Byok::new().file("config.toml", config).args(["ask", "hi"]).run()
}

fn list(ids: impl Iterator<Item = String>) -> String {
    let entries: Vec<_> = ids.map(|id| json!({ "id": id, "object": "model" })).collect();
    json!({ "object": "list", "data": entries }).to_string()
}

#[test]
fn up_to_ten_models_of_the_server_are_offered() {
    let few = list(["qwen3", "llama3.2"].into_iter().map(str::to_owned));
    let provider = Provider::start([Script::json(200, few)]);
    assert_snapshot!(without_model(&provider.url("/v1")), @r#"
    ----- stdout -----
    ----- stderr -----
    error: no model is set for profile `local`

    hint: add `model = "…"` to profile `local`
    hint: or name one with `--model NAME`; `byok models` lists what the server has
    hint: the server offers `qwen3`, `llama3.2`
    ----- exit code 3 -----
    "#);
    let request = provider.request();
    assert_eq!((request.method.as_str(), request.path.as_str()), ("GET", "/v1/models"));

    let many = list((1..=12).map(|number| format!("m{number}")));
    let provider = Provider::start([Script::json(200, many)]);
    let output = without_model(&provider.url("/v1"));
    output.assert_stderr_has("`m9`, `m10`, … (`byok models` lists all)");
    assert!(!output.stderr().contains("m11"), "{output}");
}

/// What is said when the server's list is of no help.
#[track_caller]
fn assert_plain(output: &Output) {
    assert_eq!(
        output.to_string(),
        "----- stdout -----\n\
         ----- stderr -----\n\
         error: no model is set for profile `local`\n\
         \n\
         hint: add `model = \"…\"` to profile `local`\n\
         hint: or name one with `--model NAME`; `byok models` lists what the server has\n\
         ----- exit code 3 -----"
    );
}

#[test]
fn a_list_that_is_refused_slow_or_absent_is_not_mentioned() {
    // Nobody is there.
    let gone = Provider::start([]).url("/v1");
    assert_plain(&without_model(&gone));
    // It never answers; and it has a list at neither place.
    for scripts in [
        vec![Script::new([Step::Hang])],
        vec![Script::json(404, ""), Script::json(404, "")],
        vec![Script::json(401, "{}")],
        vec![Script::json(503, "{}")],
        vec![Script::answer(200, &[("content-type", "text/html")], "<html>hello</html>")],
    ] {
        let provider = Provider::start(scripts);
        assert_plain(&without_model(&provider.url("/v1")));
    }
}

#[test]
fn a_preview_asks_nobody() {
    let provider = Provider::start([]);
    let config = format!("[profiles.local]\nbase_url = \"{}\"\n", provider.url("/v1"));
    let output = Byok::new().file("config.toml", config).args(["ask", "--dry-run", "hi"]).run();
    assert_plain(&output);
    assert_eq!(provider.connections(), 0);
}
