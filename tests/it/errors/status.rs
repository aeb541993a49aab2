//! Error statuses: told apart, in the provider's own words.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{
    byok::Output,
    provider::{Provider, Script},
    streams::error,
    work,
};

const JSON: (&str, &str) = ("content-type", "application/json");

fn refused(status: u16, body: &str) -> Output {
    work::ask([Script::answer(status, &[JSON, ("x-request-id", "req_1")], body)], "retries = 0")
}

#[test]
fn a_refused_key_is_described_and_not_shown() {
    let body =
        error("Incorrect API key provided.", "invalid_request_error", &json!("invalid_api_key"));
    assert_snapshot!(refused(401, &body), @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered 401 (Unauthorized)
      caused by: Incorrect API key provided.
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions, request id req_1

    hint: the key comes from variable `WORK_KEY` and has 34 characters, the last four `mnop`: check that it is whole, still good, and for this server
    hint: prompts go to `base_url` followed by `/chat/completions`
    ----- exit code 4 -----
    ");
}

#[test]
fn a_key_of_another_vendor_is_recognised() {
    let body = error("invalid x-api-key", "authentication_error", &Value::Null);
    let provider = Provider::start([Script::json(401, &body), Script::json(401, &body)]);
    let home = |more: &str| work::home(&provider.url("/v1"), more);
    let anthropic = "sk-ant-api03-0123456789abcdef";
    let output = home("").env("WORK_KEY", anthropic).args(["ask", "hi"]).run();
    assert_snapshot!(output, @r#"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered 401 (Unauthorized)
      caused by: invalid x-api-key
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: the key begins with `sk-ant-`, as those of Anthropic do, but `127.0.0.1` is not theirs: write `type = "anthropic"` with their `base_url`, or give the key of `127.0.0.1`
    hint: the key comes from variable `WORK_KEY` and has 29 characters, the last four `cdef`: check that it is whole, still good, and for this server
    hint: prompts go to `base_url` followed by `/chat/completions`
    ----- exit code 4 -----
    "#);
    let output = home("type = \"anthropic\"").env("WORK_KEY", "sk-proj-0123456789abcdef");
    assert_snapshot!(output.args(["ask", "hi"]).run(), @r#"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered 401 (Unauthorized)
      caused by: invalid x-api-key
      at: profile `work`, http://127.0.0.1:[PORT]/v1/messages

    hint: the key begins with `sk-proj-`, as those of OpenAI do, but `127.0.0.1` is not theirs: write `type = "openai"` with their `base_url`, or give the key of `127.0.0.1`
    hint: the key comes from variable `WORK_KEY` and has 24 characters, the last four `cdef`: check that it is whole, still good, and for this server
    hint: prompts go to `base_url` followed by `/v1/messages`
    ----- exit code 4 -----
    "#);
}

#[test]
fn an_expired_token_says_when() {
    // {"alg":"none"}.{"exp":1700000000}.sig
    let token = "eyJhbGciOiJub25lIn0.eyJleHAiOjE3MDAwMDAwMDB9.c2ln";
    let body = r#"{"statusCode":401,"message":"Unauthorized. Access token is expired."}"#;
    let provider = Provider::start([Script::json(401, body), Script::json(401, body)]);
    let azure = "type = \"azure\"\nbearer_token = { env = \"WORK_TOKEN\" }";
    let home = || work::home(&provider.url(""), azure);
    let output = home().env("WORK_TOKEN", token).args(["ask", "hi"]).run();
    assert_snapshot!(output, @r#"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered 401 (Unauthorized)
      caused by: Unauthorized. Access token is expired.
      at: profile `work`, http://127.0.0.1:[PORT]/openai/deployments/some-model/chat/completions?api-version=2024-10-21

    hint: the token expired at [TIME]: get a new one, or let a command get it each time with `bearer_token = { command = ["az", "account", "get-access-token", …] }`
    hint: the token comes from variable `WORK_TOKEN` and has 49 characters, the last four `c2ln`: check that it is whole, still good, and for this server
    hint: a Microsoft Entra token for this route needs the scope `https://cognitiveservices.azure.com/.default`
    hint: prompts go to the host of `base_url` followed by `/openai/deployments/`, the deployment (`model`), `/chat/completions` and `api-version`
    ----- exit code 4 -----
    "#);
    // Only its beginning was copied.
    let output = home().env("WORK_TOKEN", &token[..40]).args(["ask", "hi"]).run();
    output.assert_code(4).assert_stderr_has("has not its three parts: give the whole token");
}

#[test]
fn no_key_at_all_says_where_to_put_one() {
    let provider = Provider::start([Script::json(401, r#"{"error":"Unauthorized"}"#)]);
    let config =
        format!("[profiles.local]\nbase_url = \"{}\"\nmodel = \"m\"\n", provider.url("/v1"));
    let home = crate::support::byok::Byok::new().file("config.toml", config);
    assert_snapshot!(home.args(["ask", "hi"]).run(), @r#"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered 401 (Unauthorized)
      at: profile `local`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: no credential was sent: add `api_key = { env = "NAME" }` to profile `local`
    hint: prompts go to `base_url` followed by `/chat/completions`
    ----- exit code 4 -----
    "#);
}

#[test]
fn what_is_forbidden_is_no_wrong_key() {
    let body = error("Country not supported", "request_forbidden", &json!("unsupported_country"));
    assert_snapshot!(refused(403, &body), @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered 403 (Forbidden)
      caused by: Country not supported
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions, request id req_1

    hint: the key comes from variable `WORK_KEY` and has 34 characters, the last four `mnop`
    hint: 403 says that the key is known but may not do this: look at its permissions, the model's, and the region or network it may be used from
    hint: prompts go to `base_url` followed by `/chat/completions`
    ----- exit code 4 -----
    ");
}

#[test]
fn a_wrong_path_shows_the_address_and_its_rule() {
    let provider = Provider::start([Script::json(404, r#"{"detail":"Not Found"}"#)]);
    let output = work::home(&provider.url(""), "").args(["-q", "ask", "hi"]).run();
    assert_snapshot!(output, @r#"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered 404 (Not Found)
      at: profile `work`, http://127.0.0.1:[PORT]/chat/completions

    hint: prompts go to `base_url` followed by `/chat/completions`
    hint: most servers need `/v1`: try `base_url = "http://127.0.0.1:[PORT]/v1"`
    ----- exit code 10 -----
    "#);
    let page = Script::answer(404, &[("content-type", "text/html")], "<h1>404 Not Found</h1>");
    assert_snapshot!(work::ask([page], "wire_api = \"responses\""), @r#"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered 404 (Not Found)
      at: profile `work`, http://127.0.0.1:[PORT]/v1/responses

    hint: prompts go to `base_url` followed by `/responses`
    hint: not every server has the Responses API: try `wire_api = "completions"`
    hint: compare `base_url` with the address in the server's own manual
    ----- exit code 10 -----
    "#);
}

#[test]
fn an_unknown_model_brings_the_nearest_names() {
    let body = error("The model `some-model` does not exist", "x", &json!("model_not_found"));
    let list = r#"{"data":[{"id":"some-model-2"},{"id":"other"}]}"#;
    let output = work::ask([Script::json(404, &body), Script::json(200, list)], "");
    assert_snapshot!(output, @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered 404 (Not Found)
      caused by: The model `some-model` does not exist
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: the server has `some-model-2`
    hint: `byok models -P work` lists what it has
    ----- exit code 10 -----
    ");
    // Without a list, where to look.
    let output = work::ask([Script::json(404, &body), Script::json(500, "")], "");
    output.assert_code(10).assert_stderr_has("hint: `byok models -P work` lists what it has");
}

#[test]
fn an_unknown_deployment_is_no_unknown_model() {
    let body = r#"{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}"#;
    let provider = Provider::start([Script::json(404, body)]);
    let output = work::home(&provider.url(""), "type = \"azure\"").args(["ask", "hi"]).run();
    assert_snapshot!(output, @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered 404 (Not Found)
      caused by: The API deployment for this resource does not exist.
      at: profile `work`, http://127.0.0.1:[PORT]/openai/deployments/some-model/chat/completions?api-version=2024-10-21

    hint: `model` must name a deployment of your Azure resource, not a model: look for `some-model` under Deployments in the portal
    hint: a deployment made just now takes some minutes to appear
    hint: prompts go to the host of `base_url` followed by `/openai/deployments/`, the deployment (`model`), `/chat/completions` and `api-version`
    ----- exit code 10 -----
    ");
}

#[test]
fn no_credit_is_said_at_once() {
    let body = error(
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
        &json!("insufficient_quota"),
    );
    // With retries: none is made.
    assert_snapshot!(work::ask([Script::json(429, body)], ""), @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered 429 (Too Many Requests)
      caused by: You exceeded your current quota, please check your plan and billing details.
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: waiting does not help: add credit or raise the spending limit of the account behind the key, or take another profile with `-P`
    ----- exit code 6 -----
    ");
    let anthropic = r#"{"type":"error","error":{"type":"billing_error","message":"Your credit balance is too low"},"request_id":"req_2"}"#;
    work::ask([Script::json(402, anthropic)], "").assert_code(6).assert_stderr_has("req_2");
}

#[test]
fn a_long_context_a_filter_and_a_large_request_are_told_apart() {
    let body = r#"{"error":{"message":"This model's maximum context length is 8192 tokens.","type":"BadRequestError","param":"input_tokens","code":400}}"#;
    assert_snapshot!(refused(400, body), @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered 400 (Bad Request)
      caused by: This model's maximum context length is 8192 tokens.
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions, request id req_1

    hint: make the prompt shorter, or take a model with a larger context window
    hint: `max_output_tokens` counts too: a lower one leaves more room
    ----- exit code 11 -----
    ");
    let body = r#"{"error":{"code":"content_filter","message":"The response was filtered due to the prompt triggering Azure OpenAI's content management policy.","status":400}}"#;
    assert_snapshot!(refused(400, body), @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered 400 (Bad Request)
      caused by: The response was filtered due to the prompt triggering Azure OpenAI's content management policy.
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions, request id req_1

    hint: say it in other words, or adjust the filter at the provider
    ----- exit code 12 -----
    ");
    assert_snapshot!(refused(413, r#"{"error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}"#), @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered 413 (Payload Too Large)
      caused by: Request exceeds the maximum size
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions, request id req_1

    hint: send less: a shorter prompt or smaller files
    ----- exit code 10 -----
    ");
}

#[test]
fn an_invalid_value_is_the_users_to_change() {
    let body = json!({"error": {"message": "Invalid 'temperature': must be at most 2.",
        "type": "invalid_request_error", "param": "temperature", "code": "invalid_value"}});
    let output = work::ask([Script::json(400, body.to_string())], "temperature = 3");
    assert_snapshot!(output, @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered 400 (Bad Request)
      caused by: Invalid 'temperature': must be at most 2.
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: the server refuses `temperature`: change or remove it in profile `work` or on the command line
    ----- exit code 10 -----
    ");
}

#[test]
fn a_server_that_fails_is_the_servers_matter() {
    assert_snapshot!(refused(500, r#"{"error":{"message":"CUDA out of memory","type":"server_error"}}"#), @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered 500 (Internal Server Error)
      caused by: CUDA out of memory
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions, request id req_1

    hint: try again in a while, or raise `retries`
    ----- exit code 9 -----
    ");
    assert_snapshot!(refused(501, ""), @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered 501 (Not Implemented)
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions, request id req_1

    hint: the server's own log says more, if it is yours
    ----- exit code 9 -----
    ");
    let page = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
    assert_snapshot!(refused(502, page), @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` answered 502 (Bad Gateway)
      caused by: 502 Bad Gateway nginx
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions, request id req_1

    hint: something in front of the server answered in its place: try again in a while
    ----- exit code 9 -----
    ");
}

#[test]
fn a_program_finds_cause_and_hint_without_the_place() {
    let body = error("Incorrect API key.", "invalid_request_error", &json!("invalid_api_key"));
    let provider = Provider::start([Script::answer(401, &[JSON, ("x-request-id", "r1")], body)]);
    let output = work::home(&provider.url("/v1"), "").args(["ask", "hi", "--json"]).run();
    let result: Value = serde_json::from_slice(&output.stdout).expect("one line of JSON");
    let host = provider.host();
    assert_eq!(
        result["error"],
        json!({
            "kind": "auth",
            "message": format!("`{host}` answered 401 (Unauthorized): Incorrect API key."),
            "hint": result["error"]["hint"],
            "status": 401,
        })
    );
    assert_eq!(result["requestId"], "r1");
    assert_eq!(result["url"], json!(provider.url("/v1/chat/completions")));
    work::assert_no_key(&output);
}
