//! The error bodies of every server known, and of what is no server: the words come through.

use insta::assert_snapshot;

use crate::support::{
    provider::{Provider, Script, Step, head},
    work,
};

/// What is told after a refusal with this body: everything but the exit code, which is 10, 4 or 9.
fn told(status: u16, body: &str) -> String {
    let output = work::ask([Script::json(status, body)], "retries = 0");
    let stderr = output.stderr();
    // The place and the hints are told elsewhere.
    let words: Vec<_> = stderr.lines().take_while(|line| !line.starts_with("  at:")).collect();
    let host = words[0].find("127.0.0.1:").expect("the message names the host");
    let end = words[0][host..].find('`').expect("in backticks") + host;
    let first = format!("{}HOST{}", &words[0][..host], &words[0][end..]);
    let told = [&[first.as_str()], &words[1..]].concat().join("\n");
    format!("{told}\nexit code {}", output.code.expect("it ended by itself"))
}

#[test]
fn openai_and_those_that_follow_it() {
    assert_snapshot!(told(400, r#"{"error":{"message":"you must provide messages","type":"invalid_request_error","param":null,"code":null}}"#), @"
    error: `HOST` answered 400 (Bad Request)
      caused by: you must provide messages
    exit code 10
    ");
    // Ollama, vLLM, llama.cpp, LiteLLM.
    assert_snapshot!(told(400, r#"{"error":{"message":"invalid message content","type":"invalid_request_error","param":null,"code":null}}"#), @"
    error: `HOST` answered 400 (Bad Request)
      caused by: invalid message content
    exit code 10
    ");
    assert_snapshot!(told(400, r#"{"error":{"message":"no chat template","type":"BadRequestError","param":null,"code":400}}"#), @"
    error: `HOST` answered 400 (Bad Request)
      caused by: no chat template
    exit code 10
    ");
    assert_snapshot!(told(400, r#"{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error","n_prompt_tokens":9000,"n_ctx":4096}}"#), @"
    error: `HOST` answered 400 (Bad Request)
      caused by: the request exceeds the available context size
    exit code 11
    ");
    assert_snapshot!(told(400, r#"{"error":{"message":"litellm.BadRequestError: upstream said no","type":"None","param":"None","code":"400"}}"#), @"
    error: `HOST` answered 400 (Bad Request)
      caused by: litellm.BadRequestError: upstream said no
    exit code 10
    ");
}

#[test]
fn a_message_of_several_lines_is_told_in_one() {
    assert_snapshot!(told(400, r#"{"error":{"message":"no chat template\r\nadd one"}}"#), @"
    error: `HOST` answered 400 (Bad Request)
      caused by: no chat template add one
    exit code 10
    ");
}

#[test]
fn ollamas_native_form_and_lm_studio() {
    assert_snapshot!(told(400, r#"{"error":"registry.ollama.ai/library/x does not support chat"}"#), @"
    error: `HOST` answered 400 (Bad Request)
      caused by: registry.ollama.ai/library/x does not support chat
    exit code 10
    ");
    assert_snapshot!(told(401, r#"{"error":"Unauthorized"}"#), @"
    error: `HOST` answered 401 (Unauthorized)
    exit code 4
    ");
}

#[test]
fn azure_and_its_gateway() {
    assert_snapshot!(told(400, r#"{"error":{"code":"BadRequest","message":"API version not supported","innererror":{"code":"x"}}}"#), @"
    error: `HOST` answered 400 (Bad Request)
      caused by: API version not supported
    exit code 10
    ");
    assert_snapshot!(told(401, r#"{"statusCode":401,"message":"Access denied due to invalid subscription key."}"#), @"
    error: `HOST` answered 401 (Unauthorized)
      caused by: Access denied due to invalid subscription key.
    exit code 4
    ");
}

#[test]
fn anthropic() {
    assert_snapshot!(told(400, r#"{"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: Field required"},"request_id":"req_011"}"#), @"
    error: `HOST` answered 400 (Bad Request)
      caused by: max_tokens: Field required
    exit code 10
    ");
}

#[test]
fn openrouter_with_the_words_of_the_server_behind_it() {
    assert_snapshot!(told(502, r#"{"error":{"code":502,"message":"Provider returned error","metadata":{"raw":"upstream is overloaded","provider_name":"Acme"}}}"#), @"
    error: `HOST` answered 502 (Bad Gateway)
      caused by: Provider returned error: upstream is overloaded
    exit code 9
    ");
}

#[test]
fn mistral_and_fastapi() {
    assert_snapshot!(told(422, r#"{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","seed"],"msg":"Extra inputs are not permitted","input":64}]},"type":"invalid_request_error","param":null,"code":null}"#), @"
    error: `HOST` answered 422 (Unprocessable Entity)
      caused by: body.seed: Extra inputs are not permitted
    exit code 10
    ");
    assert_snapshot!(told(422, r#"{"detail":[{"type":"missing","loc":["body","messages"],"msg":"Field required"}]}"#), @"
    error: `HOST` answered 422 (Unprocessable Entity)
      caused by: body.messages: Field required
    exit code 10
    ");
    assert_snapshot!(told(404, r#"{"detail":"Not Found"}"#), @"
    error: `HOST` answered 404 (Not Found)
    exit code 10
    ");
}

#[test]
fn xai_answers_400_to_a_wrong_key_and_gemini_an_array() {
    assert_snapshot!(told(400, r#"{"code":"Client specified an invalid argument","error":"Incorrect API key provided."}"#), @"
    error: `HOST` answered 400 (Bad Request)
      caused by: Incorrect API key provided.
    exit code 4
    ");
    assert_snapshot!(told(400, r#"[{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"seed2\": Cannot find field.","status":"INVALID_ARGUMENT"}}]"#), @r#"
    error: `HOST` answered 400 (Bad Request)
      caused by: Invalid JSON payload received. Unknown name "seed2": Cannot find field.
    exit code 10
    "#);
    assert_snapshot!(told(400, r#"[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]"#), @"
    error: `HOST` answered 400 (Bad Request)
      caused by: API key not valid. Please pass a valid API key.
    exit code 4
    ");
}

#[test]
fn plain_text_a_web_page_and_nothing() {
    assert_snapshot!(told(500, "upstream connect error or disconnect/reset before headers"), @"
    error: `HOST` answered 500 (Internal Server Error)
      caused by: upstream connect error or disconnect/reset before headers
    exit code 9
    ");
    assert_snapshot!(told(503, "<html><head><title>Down</title><style>p{}</style></head><body><p>Back soon.</p></body></html>"), @"
    error: `HOST` answered 503 (Service Unavailable)
      caused by: Down Back soon.
    exit code 9
    ");
    assert_snapshot!(told(400, ""), @"
    error: `HOST` answered 400 (Bad Request)
    exit code 10
    ");
    assert_snapshot!(told(400, "{}"), @"
    error: `HOST` answered 400 (Bad Request)
    exit code 10
    ");
    assert_snapshot!(told(400, "null"), @"
    error: `HOST` answered 400 (Bad Request)
    exit code 10
    ");
}

#[test]
fn a_body_of_a_hundred_megabytes_is_not_read_to_its_end() {
    let start = head(400, &[("content-type", "text/plain"), ("content-length", "104857600")]);
    let flood = Step::Repeat(vec![b'x'; 64 << 10], 1600);
    let provider = Provider::start([Script::new([Step::Send(start), flood])]);
    let output = work::home(&provider.url("/v1"), "retries = 0").args(["ask", "hi"]).run();
    output.assert_code(10).assert_stderr_has("xxxx");
    assert!(output.stderr.len() < 3000, "{} bytes", output.stderr.len());
}
