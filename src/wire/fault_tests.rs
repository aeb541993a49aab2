//! Every error shape of every server.

use serde_json::json;

use super::*;

fn fault(message: &str) -> Fault {
    Fault { message: message.into(), ..Fault::default() }
}

fn some(text: &str) -> Option<String> {
    Some(text.into())
}

#[track_caller]
fn check(body: &Value, expected: &Fault) {
    assert_eq!(&Fault::from_body(body.to_string().as_bytes()), expected);
}

#[test]
fn openai_and_those_who_copy_it() {
    check(
        &json!({"error": {"message": "No such model.", "type": "invalid_request_error",
            "param": null, "code": "model_not_found"}}),
        &Fault {
            code: some("model_not_found"),
            kind: some("invalid_request_error"),
            ..fault("No such model.")
        },
    );
    let ollama = json!({"error": {"message": "not found", "type": "not_found_error", "param": null,
        "code": null}});
    check(&ollama, &Fault { kind: some("not_found_error"), ..fault("not found") });
}

#[test]
fn azure_with_a_status_as_code_and_with_a_filter() {
    let unauthorised = json!({"error": {"code": "401", "message": "Access denied."}});
    check(
        &unauthorised,
        &Fault { code: some("401"), status: Some(401), ..fault("Access denied.") },
    );
    check(
        &json!({"statusCode": 401, "message": "Unauthorized"}),
        &Fault { status: Some(401), ..fault("Unauthorized") },
    );
    for inner in ["innererror", "inner_error"] {
        check(
            &json!({"error": {"message": "Filtered.", "type": null, "param": "prompt",
                "status": 400, inner: {"code": "ResponsibleAIPolicyViolation"}}}),
            &Fault {
                code: some("content_filter"),
                param: some("prompt"),
                status: Some(400),
                ..fault("Filtered.")
            },
        );
    }
}

#[test]
fn anthropic_with_its_details() {
    check(
        &json!({"type": "error", "request_id": "req_1", "error": {"type": "rate_limit_error",
            "message": "Slow down.", "details": {"error_code": "ramp_limit_exceeded"}}}),
        &Fault {
            code: some("ramp_limit_exceeded"),
            kind: some("rate_limit_error"),
            request_id: some("req_1"),
            ..fault("Slow down.")
        },
    );
}

#[test]
fn codes_may_be_numbers_and_none_may_be_a_text() {
    check(
        &json!({"error": {"message": "Too long.", "type": "BadRequestError",
            "param": "input_tokens", "code": 400}}),
        &Fault {
            code: some("400"),
            kind: some("BadRequestError"),
            param: some("input_tokens"),
            status: Some(400),
            ..fault("Too long.")
        },
    );
    check(
        &json!({"error": {"message": "upstream said no", "type": "None", "param": "None",
            "code": "500"}}),
        &Fault { code: some("500"), status: Some(500), ..fault("upstream said no") },
    );
}

#[test]
fn a_text_as_error_and_a_phrase_as_code() {
    check(&json!({"error": "Unauthorized"}), &fault("Unauthorized"));
    check(
        &json!({"code": "Client specified an invalid argument", "error": "Incorrect API key."}),
        &Fault {
            code: some("Client specified an invalid argument"),
            ..fault("Incorrect API key.")
        },
    );
}

#[test]
fn gemini_in_a_list_with_a_delay() {
    check(
        &json!([{"error": {"code": 429, "message": "Exhausted.", "status": "RESOURCE_EXHAUSTED",
            "details": [{"@type": "Help"}, {"@type": "RetryInfo", "retryDelay": "34.5s"}]}}]),
        &Fault {
            code: some("429"),
            kind: some("RESOURCE_EXHAUSTED"),
            status: Some(429),
            retry_after: Some(34.5),
            ..fault("Exhausted.")
        },
    );
}

#[test]
fn openrouter_with_the_words_of_the_provider_behind() {
    let body = |raw: Value| {
        json!({"error": {"code": 429, "message": "Provider returned error",
            "metadata": {"raw": raw, "provider_name": "X"}}})
    };
    let expected = Fault {
        code: some("429"),
        status: Some(429),
        ..fault("Provider returned error: model is busy")
    };
    check(&body(json!("model is busy")), &expected);
    check(&body(json!("{\"error\":{\"message\":\"model is busy\"}}")), &expected);
}

#[test]
fn validation_errors_name_the_place() {
    let detail = json!([
        {"type": "extra_forbidden", "loc": ["body", "max_completion_tokens"],
            "msg": "Extra inputs are not permitted", "input": 64},
        {"type": "missing", "loc": ["body", "messages", 0], "msg": "Field required"},
    ]);
    let expected = Fault {
        code: some("extra_forbidden"),
        param: some("max_completion_tokens"),
        ..fault(
            "body.max_completion_tokens: Extra inputs are not permitted; \
             body.messages.0: Field required",
        )
    };
    check(&json!({"detail": detail}), &expected);
    check(&json!({"object": "Error", "detail": detail}), &expected);
    check(
        &json!({"object": "error", "message": {"detail": detail}, "param": null, "code": null,
            "type": "invalid_request_error"}),
        &Fault { kind: some("invalid_request_error"), ..expected },
    );
    check(&json!({"detail": "Not Found"}), &fault("Not Found"));
}

#[test]
fn json_within_the_message_is_read() {
    let inner = r#" {"error": {"message": "Inner words.", "type": "inner_type"}}"#;
    check(
        &json!({"error": {"message": inner, "type": "outer_type", "code": "c"}}),
        &Fault { kind: some("inner_type"), code: some("c"), ..fault("Inner words.") },
    );
    check(&json!({"error": {"message": "{not json"}}), &fault("{not json"));
    let mut deep = "deep".to_owned();
    for _ in 0..12 {
        deep = json!({"message": deep}).to_string();
    }
    assert!(!Fault::from_body(deep.as_bytes()).message.is_empty());
}

#[test]
fn an_error_that_says_nothing_is_shown_as_it_is() {
    check(&json!({"error": {"code": "odd"}}), &Fault { code: some("odd"), ..fault("odd") });
    check(&json!({"failure": 1}), &fault(r#"{"failure":1}"#));
    check(&json!({}), &fault(""));
    assert_eq!(Fault::from_body(b""), fault(""));
}

#[test]
fn pages_and_plain_text_lose_tags_and_control_characters() {
    let page = "<html><head><title>502 Bad&nbsp;Gateway</title><style>p { x: y }</style></head>\r\n\
        <body><h1>R&amp;D</h1><script>if (a < b) {}</script>1 < 2<hr></body></html>";
    assert_eq!(Fault::from_body(page.as_bytes()), fault("502 Bad Gateway R&D 1 < 2"));
    assert_eq!(
        Fault::from_body(b"up\x1b[31mstream\0\n down\xFF"),
        fault("up[31mstream down\u{FFFD}")
    );
    assert_eq!(Fault::from_body("ä".repeat(9_000).as_bytes()), fault(&"ä".repeat(200)));
    assert!(Fault::from_body("<b>x".repeat(100_000).as_bytes()).message.len() <= 200);
    assert_eq!(Fault::from_body(b"<script"), fault(""));
}

#[test]
fn a_message_has_an_end() {
    let body = json!({"error": {"message": "ä".repeat(1_000_000)}}).to_string();
    assert_eq!(Fault::from_body(body.as_bytes()).message.chars().count(), MAX_MESSAGE);
}

#[test]
fn a_value_without_an_error_reports_none() {
    for value in [
        json!({"error": null}),
        json!({"error": false, "choices": []}),
        json!({"error": ""}),
        json!({"error": {}}),
        json!({"error": []}),
        json!({"object": "chat.completion.chunk", "type": "response.created"}),
        json!({"error_message": null}),
        json!([]),
        json!([{"id": "x"}]),
        json!("error"),
        json!(null),
    ] {
        assert_eq!(Fault::in_value(&value), None, "{value}");
    }
}

#[test]
fn a_value_with_an_error_reports_it() {
    for value in [
        json!({"error": {"message": "words"}}),
        json!({"error": "words", "choices": []}),
        json!({"object": "error", "message": "words"}),
        json!({"object": "Error", "detail": "words"}),
        json!({"type": "error", "message": "words", "sequence_number": 1, "param": null}),
        json!({"error": true, "message": "words"}),
        json!({"error_message": "words"}),
        json!([{"error": {"message": "words"}}]),
    ] {
        assert_eq!(Fault::in_value(&value), Some(fault("words")), "{value}");
    }
    let venice = json!({"error_type": "overload", "error_message": "words"});
    let expected = Fault { kind: some("overload"), ..fault("words") };
    assert_eq!(Fault::in_value(&venice), Some(expected));
}
