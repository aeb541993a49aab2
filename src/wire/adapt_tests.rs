//! What servers say when they refuse a parameter, and what they say when they do not.

use serde_json::json;

use super::*;

/// A body that holds every parameter.
fn full() -> Value {
    PARAMETERS.iter().map(|name| ((*name).to_owned(), json!(32_000))).collect::<Map<_, _>>().into()
}

fn drop(name: &str) -> Option<Adaptation> {
    Some(Adaptation::Drop(name.into()))
}

fn rename(from: &str, to: &str) -> Option<Adaptation> {
    Some(Adaptation::Rename(from.into(), to.into()))
}

#[track_caller]
fn check(error: &Value, expected: Option<&Adaptation>) {
    let fault = Fault::from_body(error.to_string().as_bytes());
    let proposed = Adaptation::propose(Wire::OpenAiChat, 400, &fault, &full());
    assert_eq!(proposed.as_ref(), expected, "{error}");
}

#[test]
fn a_refused_limit_is_sent_under_its_other_name() {
    check(
        &json!({"error": {"message": "Unsupported parameter: 'max_tokens' is not supported with \
            this model. Use 'max_completion_tokens' instead.", "type": "invalid_request_error",
            "param": "max_tokens", "code": "unsupported_parameter"}}),
        rename("max_tokens", "max_completion_tokens").as_ref(),
    );
    check(
        &json!({"error": {"message": "'max_tokens' is not supported with this model. \
            Use 'max_completion_tokens' instead."}}),
        rename("max_tokens", "max_completion_tokens").as_ref(),
    );
    check(
        &json!({"object": "error", "message": {"detail": [{"type": "extra_forbidden",
            "loc": ["body", "max_completion_tokens"], "msg": "Extra inputs are not permitted"}]}}),
        rename("max_completion_tokens", "max_tokens").as_ref(),
    );
}

#[test]
fn a_refused_parameter_is_left_out() {
    for (message, name) in [
        ("Unsupported parameter: 'temperature' is not supported with this model.", "temperature"),
        ("`temperature` is deprecated for this model.", "temperature"),
        ("temperature: Extra inputs are not permitted", "temperature"),
        ("Unrecognized request argument supplied: reasoning_effort", "reasoning_effort"),
        ("Unrecognized request arguments supplied: store, verbosity", "store"),
        ("Unknown parameter: 'stream_options'.", "stream_options"),
        ("Unknown parameter: 'include'.", "include"),
        ("unknown field `store`, expected one of `model`, `include`", "store"),
        (
            "Invalid JSON payload received. Unknown name \"reasoning\": Cannot find field.",
            "reasoning",
        ),
        ("litellm.UnsupportedParamsError: x does not support parameters: ['top_p']", "top_p"),
        (
            "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
            "reasoning",
        ),
        ("Additional properties are not allowed ('store' was unexpected)", "store"),
    ] {
        check(&json!({"error": {"message": message}}), drop(name).as_ref());
    }
    check(
        &json!({"error": {"message": "No.", "code": "unknown_parameter",
            "param": "stream_options.include_usage"}}),
        drop("stream_options").as_ref(),
    );
}

#[test]
fn a_value_that_may_only_be_the_default_is_a_refusal() {
    check(
        &json!({"error": {"message": "Unsupported value: 'temperature' does not support 0.2 with \
            this model. Only the default (1) value is supported.", "param": "temperature",
            "code": "unsupported_value"}}),
        drop("temperature").as_ref(),
    );
}

#[test]
fn a_wrong_value_is_no_reason_to_adapt() {
    for error in [
        json!({"message": "Unsupported value: 'reasoning_effort' does not support 'xhigh' with \
            this model. Supported values are: 'low' and 'high'.", "param": "reasoning_effort",
            "code": "unsupported_value"}),
        json!({"message": "Invalid value for 'temperature': must be at most 2.",
            "param": "temperature", "code": "invalid_value"}),
        json!({"message": "max_tokens is too large: 32000. This model supports at most 16384 \
            completion tokens, whereas you provided 32000.", "param": "max_tokens"}),
        json!({"message": "This model does not support image input."}),
        json!({"message": "The features that you include are not supported; store them."}),
        json!({"message": "Unknown parameter: 'max_tokens_extra'."}),
        json!({"message": "Unsupported parameter: 'stop'.", "param": "stop",
            "code": "unsupported_parameter"}),
        json!({"message": ""}),
    ] {
        check(&json!({ "error": error }), None);
    }
}

#[test]
fn only_a_refusal_of_what_was_sent_counts() {
    let refusal = Fault {
        message: "Unknown parameter: 'store'.".into(),
        code: Some("unknown_parameter".into()),
        ..Fault::default()
    };
    let propose = |status, body| Adaptation::propose(Wire::OpenAiChat, status, &refusal, &body);
    assert_eq!(propose(422, json!({"store": false})), drop("store"));
    assert_eq!(propose(400, json!({"model": "m"})), None);
    for status in [200, 401, 404, 429, 500] {
        assert_eq!(propose(status, full()), None);
    }
}

#[test]
fn anthropic_names_the_limit_of_the_model() {
    let propose = |message: &str, asked: u64| {
        let fault = Fault { message: message.into(), ..Fault::default() };
        let body = json!({ "max_tokens": asked });
        Adaptation::propose(Wire::AnthropicMessages, 400, &fault, &body)
    };
    let message = "max_tokens: 32000 > 8192, which is the maximum allowed number of output tokens \
                   for claude-x";
    assert_eq!(propose(message, 32_000), Some(Adaptation::Limit(8_192)));
    assert_eq!(propose(message, 4_096), None);
    let other = "input length and `max_tokens` exceed context limit: 9000 + 32000 > 30000";
    assert_eq!(propose(other, 32_000), None);
    assert_eq!(propose("max_tokens: Field required", 32_000), None);
    assert_eq!(propose("max_tokens is not supported", 32_000), None);
    assert_eq!(propose("max_tokens > many", 32_000), None);
}

#[test]
fn an_adaptation_changes_the_body_and_nothing_else() {
    let apply = |adaptation: Option<Adaptation>, mut body: Value| {
        adaptation.unwrap().apply(Wire::OpenAiChat, &mut body);
        body.to_string()
    };
    let body = || json!({"model": "m", "max_tokens": 9, "stream": true});
    assert_eq!(apply(drop("max_tokens"), body()), r#"{"model":"m","stream":true}"#);
    assert_eq!(apply(drop("store"), body()), body().to_string());
    assert_eq!(
        apply(rename("max_tokens", "max_completion_tokens"), body()),
        r#"{"model":"m","max_completion_tokens":9,"stream":true}"#
    );
    assert_eq!(apply(rename("max_tokens", "stream"), body()), r#"{"model":"m","stream":true}"#);
    assert_eq!(
        apply(Some(Adaptation::Limit(5)), body()),
        r#"{"model":"m","max_tokens":5,"stream":true}"#
    );
    assert_eq!(apply(Some(Adaptation::Limit(10)), body()), body().to_string());
}

#[test]
fn an_adaptation_is_told_in_a_few_words() {
    assert_eq!(Adaptation::Drop("top_p".into()).to_string(), "without `top_p`");
    assert_eq!(
        Adaptation::Rename("max_tokens".into(), "max_completion_tokens".into()).to_string(),
        "with `max_completion_tokens` instead of `max_tokens`"
    );
    assert_eq!(Adaptation::Limit(8_192).to_string(), "with at most 8192 output tokens");
}
