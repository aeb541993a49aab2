//! The verdicts as a table.

use super::*;
use crate::{provider::Cause, wire::Fault};

const RETRIES: Retries = Retries { most: 2, left: None };

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn error(kind: Kind) -> Error {
    Error::new(kind, Cause::Status, "something")
}

fn rate_limit(wait: Duration) -> Error {
    Error { retry_after: Some(wait), ..error(Kind::RateLimit).transient() }
}

#[test]
fn only_what_may_pass_is_tried_again() {
    let half = Verdict::Wait(Duration::from_millis(500));
    assert_eq!(verdict(0, &error(Kind::Server).transient(), RETRIES, 0.0), half);
    assert_eq!(verdict(0, &error(Kind::Network).transient(), RETRIES, 0.0), half);
    assert_eq!(verdict(0, &error(Kind::RateLimit).transient(), RETRIES, 0.0), half);
    assert_eq!(verdict(0, &error(Kind::Request), RETRIES, 0.0), Verdict::Fail);
    assert_eq!(verdict(0, &error(Kind::Network), RETRIES, 0.0), Verdict::Fail);
}

#[test]
fn attempts_are_counted() {
    let error = error(Kind::Server).transient();
    assert_eq!(verdict(1, &error, RETRIES, 0.0), Verdict::Wait(seconds(1)));
    assert_eq!(verdict(2, &error, RETRIES, 0.0), Verdict::Fail);
    assert_eq!(verdict(0, &error, Retries { most: 0, left: None }, 0.0), Verdict::Fail);
    assert_eq!(verdict(u32::MAX, &error, RETRIES, 0.0), Verdict::Fail);
}

#[test]
fn the_servers_word_overrides_its_status() {
    let said = |should_retry, error| Error { should_retry: Some(should_retry), ..error };
    let yes = said(true, error(Kind::Request));
    assert_eq!(verdict(0, &yes, RETRIES, 0.0), Verdict::Wait(FIRST_DELAY));
    let no = said(false, error(Kind::Server).transient());
    assert_eq!(verdict(0, &no, RETRIES, 0.0), Verdict::Fail);
}

#[test]
fn money_is_never_tried_again() {
    let error = Error {
        should_retry: Some(true),
        retry_after: Some(seconds(1)),
        ..error(Kind::Quota).transient()
    };
    assert_eq!(verdict(0, &error, RETRIES, 0.0), Verdict::Fail);
}

#[test]
fn an_answer_that_had_begun_is_never_tried_again() {
    for kind in [Kind::Cut, Kind::Filtered] {
        let error = Error { should_retry: Some(true), ..error(kind).transient() };
        assert_eq!(verdict(0, &error, RETRIES, 0.0), Verdict::Fail);
    }
}

#[test]
fn a_wish_of_up_to_a_minute_is_obeyed_without_jitter() {
    assert_eq!(verdict(0, &rate_limit(seconds(60)), RETRIES, 1.0), Verdict::Wait(seconds(60)));
    let longer = seconds(60) + Duration::from_millis(1);
    assert_eq!(verdict(0, &rate_limit(longer), RETRIES, 1.0), Verdict::TooLong(longer));
    assert_eq!(verdict(0, &rate_limit(Duration::ZERO), RETRIES, 0.0), Verdict::Wait(FIRST_DELAY));
}

#[test]
fn a_wish_in_the_body_counts_when_no_header_says_one() {
    let in_body = |retry_after| Fault { retry_after: Some(retry_after), ..Fault::default() };
    let body = Error { fault: Some(in_body(7.5)), ..error(Kind::RateLimit).transient() };
    assert_eq!(verdict(0, &body, RETRIES, 0.0), Verdict::Wait(Duration::from_millis(7500)));
    let both = Error { fault: Some(in_body(7.5)), ..rate_limit(seconds(3)) };
    assert_eq!(verdict(0, &both, RETRIES, 0.0), Verdict::Wait(seconds(3)));
    for nonsense in [-1.0, f64::NAN, f64::INFINITY] {
        let body = Error { fault: Some(in_body(nonsense)), ..error(Kind::RateLimit).transient() };
        assert_eq!(verdict(0, &body, RETRIES, 0.0), Verdict::Wait(FIRST_DELAY));
    }
}

#[test]
fn nothing_waits_past_the_total() {
    let left = |left| Retries { most: 2, left: Some(left) };
    let asked = rate_limit(seconds(10));
    assert_eq!(verdict(0, &asked, left(seconds(11)), 0.0), Verdict::Wait(seconds(10)));
    assert_eq!(verdict(0, &asked, left(seconds(10)), 0.0), Verdict::TooLong(seconds(10)));
    let error = error(Kind::Server).transient();
    assert_eq!(verdict(0, &error, left(Duration::from_millis(400)), 0.0), Verdict::Fail);
    assert_eq!(verdict(0, &error, left(seconds(1)), 0.0), Verdict::Wait(FIRST_DELAY));
}

#[test]
fn delays_double_up_to_eight_seconds_less_a_quarter_by_chance() {
    let expected = [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0];
    for (attempt, seconds) in (0..).zip(expected) {
        assert_eq!(backoff(attempt, 0.0), Duration::from_secs_f64(seconds));
        assert_eq!(backoff(attempt, 1.0), Duration::from_secs_f64(seconds * 0.75));
        assert_eq!(backoff(attempt, 0.5), Duration::from_secs_f64(seconds * 0.875));
    }
    assert_eq!(backoff(u32::MAX, 0.0), seconds(8));
    assert_eq!(backoff(0, f64::NAN), FIRST_DELAY);
    assert_eq!(backoff(0, 9.0), Duration::from_millis(375));
    assert_eq!(backoff(0, -9.0), FIRST_DELAY);
}
