use super::*;

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| {
            let value = reqwest::header::HeaderValue::from_bytes(value.as_bytes());
            (reqwest::header::HeaderName::from_static(name), value.expect("a header's value"))
        })
        .collect()
}

/// 1994-11-06 08:49:37, the date of the examples in RFC 9110.
fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777)
}

#[track_caller]
fn check(pairs: &[(&'static str, &'static str)], milliseconds: Option<u64>) {
    let found = again(&headers(pairs), now()).retry_after;
    assert_eq!(found, milliseconds.map(Duration::from_millis), "{pairs:?}");
}

#[test]
fn a_wait_is_seconds_or_fractions_or_a_date() {
    check(&[("retry-after", "20")], Some(20_000));
    check(&[("retry-after", " 0 ")], Some(0));
    check(&[("retry-after", "1.5")], Some(1_500));
    check(&[("retry-after", "Sun, 06 Nov 1994 08:49:57 GMT")], Some(20_000));
    check(&[("retry-after", "Sunday, 06-Nov-94 08:49:57 GMT")], Some(20_000));
    check(&[("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT")], Some(0));
}

#[test]
fn milliseconds_win_over_seconds() {
    check(&[("retry-after", "20"), ("retry-after-ms", "250")], Some(250));
    check(&[("retry-after", "20"), ("retry-after-ms", "1500.0")], Some(1_500));
    check(&[("retry-after", "20"), ("retry-after-ms", "soon")], Some(20_000));
}

#[test]
fn junk_is_no_wait_and_a_huge_wait_is_kept() {
    for junk in ["", "soon", "-1", "NaN", "inf", "1e999", "20 s", "\u{fffd}"] {
        check(&[("retry-after", junk)], None);
    }
    check(&[("retry-after", "86400")], Some(86_400_000));
    check(&[("retry-after", "99999999999999999999")], None);
}

#[test]
fn only_true_and_false_say_whether_to_retry() {
    for (text, meaning) in [("true", Some(true)), ("false", Some(false)), ("maybe", None)] {
        assert_eq!(again(&headers(&[("x-should-retry", text)]), now()).should_retry, meaning);
    }
}

#[test]
fn the_first_known_request_id_is_taken() {
    let id = |pairs| head(200, &headers(pairs), &Mask::default()).request_id;
    assert_eq!(id(&[("cf-ray", "ray"), ("request-id", "req_1")]).as_deref(), Some("req_1"));
    assert_eq!(id(&[("x-request-id", " "), ("apim-request-id", "a")]).as_deref(), Some("a"));
    assert_eq!(id(&[("content-type", "text/plain")]), None);
}

#[test]
fn only_harmless_headers_are_shown() {
    let pairs = [
        ("content-type", "text/event-stream"),
        ("set-cookie", "session=secret"),
        ("openai-organization", "org"),
        ("x-ratelimit-remaining-tokens", "9"),
        ("anthropic-ratelimit-requests-limit", "50"),
        ("x-request-id", "req_1"),
    ];
    let shown = head(200, &headers(&pairs), &Mask::default()).shown;
    let names: Vec<_> = shown.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "content-type",
            "x-ratelimit-remaining-tokens",
            "anthropic-ratelimit-requests-limit",
            "x-request-id"
        ]
    );
}

#[test]
fn a_secret_that_comes_back_in_a_header_is_not_shown() {
    let mut mask = Mask::default();
    mask.add(&super::super::Secret::new("sk-CANARY-0123456789").expect("a fit secret"));
    let pairs = [("x-request-id", "for sk-CANARY-0123456789"), ("via", "sk-CANARY-0123456789")];
    let head = head(200, &headers(&pairs), &mask);
    assert!(!format!("{head:?}").contains("CANARY"), "{head:?}");
}
