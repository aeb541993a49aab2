use super::*;

const LASTING: bool = false;
const PASSING: bool = true;

#[track_caller]
fn check(status: u16, body: &str, kind: Kind, is_transient: bool) {
    let fault = Fault::from_body(body.as_bytes());
    let meaning = of_status(status, Some(&fault));
    assert_eq!(meaning, Meaning { kind, is_transient }, "{status} {body}\n{fault:?}");
}

#[track_caller]
fn check_report(body: &str, kind: Kind, is_transient: bool) {
    let value = serde_json::from_str(body).expect("JSON");
    let fault = Fault::in_value(&value).expect("an error");
    assert_eq!(of_report(&fault), Meaning { kind, is_transient }, "{body}\n{fault:?}");
}

#[test]
fn a_status_alone_has_its_meaning() {
    for (status, kind, is_transient) in [
        (400, Kind::Request, LASTING),
        (401, Kind::Auth, LASTING),
        (402, Kind::Quota, LASTING),
        (403, Kind::Auth, LASTING),
        (404, Kind::Request, LASTING),
        (405, Kind::Request, LASTING),
        (408, Kind::Timeout, PASSING),
        (409, Kind::Request, PASSING),
        (413, Kind::Request, LASTING),
        (422, Kind::Request, LASTING),
        (429, Kind::RateLimit, PASSING),
        (451, Kind::Request, LASTING),
        (500, Kind::Server, PASSING),
        (501, Kind::Server, LASTING),
        (502, Kind::Server, PASSING),
        (503, Kind::Server, PASSING),
        (504, Kind::Server, PASSING),
        (529, Kind::Server, PASSING),
        (599, Kind::Server, LASTING),
    ] {
        assert_eq!(of_status(status, None), Meaning { kind, is_transient }, "{status}");
    }
}

#[test]
fn money_is_no_rate_limit() {
    for code in [
        "insufficient_quota",
        "credit_balance_exhausted",
        "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded",
        "organization_usage_limit_exceeded",
    ] {
        let body = format!(r#"{{"error":{{"message":"no","type":"x","code":"{code}"}}}}"#);
        check(429, &body, Kind::Quota, LASTING);
    }
    for body in [
        r#"{"error":{"message":"no","type":"insufficient_quota","code":null}}"#,
        r#"{"error":{"message":"You exceeded your current quota, please check your plan"}}"#,
    ] {
        check(429, body, Kind::Quota, LASTING);
    }
    check(
        400,
        r#"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}}"#,
        Kind::Quota,
        LASTING,
    );
    check(402, r#"{"error":{"message":"Insufficient Balance"}}"#, Kind::Quota, LASTING);
    check(
        429,
        r#"{"error":{"message":"Rate limit reached","code":"rate_limit_exceeded"}}"#,
        Kind::RateLimit,
        PASSING,
    );
}

#[test]
fn a_quota_that_names_a_delay_is_a_rate() {
    let body = r#"[{"error":{"code":429,"message":"You exceeded your current quota","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"23s"}]}}]"#;
    check(429, body, Kind::RateLimit, PASSING);
}

#[test]
fn a_context_that_is_too_long_is_known_by_code_or_words() {
    for body in [
        r#"{"error":{"message":"too long","type":"invalid_request_error","code":"context_length_exceeded"}}"#,
        r#"{"error":{"message":"This model's maximum context length is 8192 tokens.","type":"BadRequestError","param":"input_tokens","code":400}}"#,
        r#"{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error","n_prompt_tokens":9000,"n_ctx":4096}}"#,
        r#"{"error":{"message":"litellm.ContextWindowExceededError: litellm.BadRequestError: no","type":null,"param":null,"code":"400"}}"#,
        r#"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 215000 tokens > 200000 maximum"}}"#,
        r#"{"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 1 + 2 > 2"}}"#,
        r#"{"code":"Client specified an invalid argument","error":"This model's maximum prompt length is 131072 but the request contains 200000 tokens."}"#,
        r#"{"error":{"message":"Your input exceeds the context window of this model."}}"#,
        r#"{"error":"Trying to keep the first 9000 tokens when context the overflows."}"#,
    ] {
        check(400, body, Kind::Context, LASTING);
    }
    check(400, r#"{"error":{"message":"Unknown parameter: 'context'."}}"#, Kind::Request, LASTING);
}

#[test]
fn a_filtered_prompt_is_no_bad_request() {
    for body in [
        r#"{"error":{"message":"The response was filtered due to the prompt triggering the content management policy.","type":null,"param":"prompt","code":"content_filter","status":400}}"#,
        r#"{"error":{"message":"litellm.ContentPolicyViolationError: no","code":"400"}}"#,
        r#"{"error":{"message":"Invalid prompt: your prompt was flagged as potentially violating our usage policy.","code":"invalid_prompt"}}"#,
        r#"{"type":"error","error":{"type":"invalid_request_error","message":"Output blocked by content filtering policy"}}"#,
    ] {
        check(400, body, Kind::Filtered, LASTING);
    }
}

#[test]
fn a_wrong_key_with_status_400_is_a_wrong_key() {
    check(
        400,
        r#"{"code":"Client specified an invalid argument","error":"Incorrect API key provided: xa***9Q."}"#,
        Kind::Auth,
        LASTING,
    );
    check(
        400,
        r#"[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]"#,
        Kind::Auth,
        LASTING,
    );
    check(
        400,
        r#"{"error":{"message":"The model does not exist","code":"model_not_found"}}"#,
        Kind::Request,
        LASTING,
    );
}

#[test]
fn a_500_that_names_another_status_means_that() {
    check(
        500,
        r#"{"error":{"message":"litellm.RateLimitError: upstream","type":"None","code":"429"}}"#,
        Kind::RateLimit,
        PASSING,
    );
    check(
        500,
        r#"{"error":{"message":"litellm.AuthenticationError: upstream"}}"#,
        Kind::Auth,
        LASTING,
    );
    check(500, r#"{"error":{"message":"boom","type":"server_error"}}"#, Kind::Server, PASSING);
    check(
        503,
        r#"{"error":{"message":"Loading model","type":"unavailable_error","code":503}}"#,
        Kind::Server,
        PASSING,
    );
}

#[test]
fn an_error_event_keeps_its_kind() {
    check_report(
        r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
        Kind::Server,
        PASSING,
    );
    check_report(
        r#"{"type":"error","error":{"type":"rate_limit_error","message":"slow"}}"#,
        Kind::RateLimit,
        PASSING,
    );
    check_report(
        r#"{"type":"error","error":{"type":"invalid_request_error","message":"no"}}"#,
        Kind::Request,
        LASTING,
    );
    check_report(
        r#"{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}"#,
        Kind::Quota,
        LASTING,
    );
    check_report(
        r#"{"error":{"message":"litellm.RateLimitError: x","type":null,"code":"429"}}"#,
        Kind::RateLimit,
        PASSING,
    );
    check_report(
        r#"{"error":{"code":502,"message":"Provider returned error"}}"#,
        Kind::Server,
        PASSING,
    );
    check_report(
        r#"{"error":{"message":"bad key","type":"authentication_error"}}"#,
        Kind::Auth,
        LASTING,
    );
    check_report(
        r#"{"error":{"message":"too long","code":"context_length_exceeded"}}"#,
        Kind::Context,
        LASTING,
    );
    check_report(
        r#"{"error":{"message":"filtered","code":"content_filter"}}"#,
        Kind::Filtered,
        LASTING,
    );
    check_report(
        r#"{"error":{"message":"Compute error."},"message":"Compute error."}"#,
        Kind::Server,
        LASTING,
    );
    check_report(r#"{"error":"boom"}"#, Kind::Server, LASTING);
}
