//! Proxies: never for this machine, for all others when there is one.

use byok::provider::{Cause, Kind};

use super::Asking;
use crate::support::{
    provider::{Provider, Script, Step},
    streams,
};

fn through(proxy: &str) -> Asking {
    let mut asking = Asking::default();
    asking.network.proxy = Some(proxy.to_owned());
    asking
}

#[test]
fn loopback_is_never_proxied() {
    let proxy = Provider::start([]);
    let answer = || Script::stream(streams::chat(&["direct"]));
    let provider = Provider::start([answer(), answer()]);
    let asking = through(&proxy.url(""));
    assert_eq!(asking.ask(&provider).text(), "direct");
    let localhost = format!("http://localhost:{}/v1", provider.port());
    assert_eq!(asking.ask_url(&localhost).text(), "direct");
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn others_are_reached_through_it() {
    let proxy = Provider::start([Script::stream(streams::chat(&["by proxy"]))]);
    let asking = through(&format!("http://me:CANARY@127.0.0.1:{}", proxy.port()));
    let outcome = asking.ask_url("http://api.example.invalid/v1");
    assert_eq!(outcome.text(), "by proxy");
    let request = proxy.request();
    assert_eq!(request.path, "http://api.example.invalid/v1");
    assert!(request.header("proxy-authorization").is_some_and(|value| value.starts_with("Basic ")));
}

#[test]
fn https_asks_for_a_tunnel_and_no_key_goes_to_the_proxy() {
    let proxy = Provider::start([Script::answer(407, &[], "")]);
    let outcome = through(&proxy.url("")).ask_url("https://api.example.invalid/v1");
    let error = outcome.error();
    let shown = proxy.url("");
    assert_eq!(error.kind, Kind::Network);
    assert_eq!(error.cause, Cause::Proxy { proxy: shown.clone(), status: Some(407) });
    assert_eq!(error.to_string(), format!("the proxy `{shown}` wants a user and a password (407)"));
    let request = proxy.request();
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("CONNECT", "api.example.invalid:443")
    );
    assert_eq!(request.header("authorization"), None);
}

#[test]
fn a_plain_request_that_the_proxy_refuses_is_told_too() {
    let proxy = Provider::start([Script::answer(407, &[], "")]);
    let outcome = through(&proxy.url("")).ask_url("http://api.example.invalid/v1");
    let cause = Cause::Proxy { proxy: proxy.url(""), status: Some(407) };
    assert_eq!(outcome.error().cause, cause);
}

#[test]
fn a_proxy_that_is_not_there_is_named_without_its_password() {
    let proxy = Provider::start([]);
    let port = proxy.port();
    drop(proxy);
    for (scheme, url) in [
        ("http", "http://api.example.invalid/v1"),
        ("http", "https://api.example.invalid/v1"),
        ("socks5h", "https://api.example.invalid/v1"),
    ] {
        let asking = through(&format!("{scheme}://me:CANARY@127.0.0.1:{port}"));
        let outcome = asking.ask_url(url);
        let error = outcome.error();
        let shown = format!("{scheme}://127.0.0.1:{port}");
        assert_eq!(error.kind, Kind::Network);
        assert_eq!(error.cause, Cause::Proxy { proxy: shown.clone(), status: None });
        // The SOCKS side of the connector keeps its reasons to itself.
        let message = match scheme {
            "http" => format!("nothing listens at the proxy `{shown}`: connection refused"),
            _ => format!("the proxy `{shown}` gave no connection"),
        };
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn a_tunnel_that_is_refused_is_the_proxys_doing() {
    for script in [Script::answer(403, &[], "no"), Script::new([Step::Close])] {
        let proxy = Provider::start([script]);
        let outcome = through(&proxy.url("")).ask_url("https://api.example.invalid/v1");
        assert_eq!(outcome.error().cause, Cause::Proxy { proxy: proxy.url(""), status: None });
    }
}

#[test]
fn an_address_that_is_no_proxys_is_refused_without_being_quoted() {
    for (proxy, why) in [
        ("ftp://me:CANARY@h", "must begin with"),
        ("http://me:CANARY@", "is no URL"),
        ("http://[CANARY", "is no URL"),
    ] {
        let outcome = through(proxy).ask_url("http://api.example.invalid/v1");
        let error = outcome.error();
        assert_eq!((error.kind, &error.cause), (Kind::Config, &Cause::Setting));
        assert!(error.to_string().starts_with(&format!("`proxy` {why}")), "{error}");
    }
}
