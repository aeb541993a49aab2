//! Proxies, trust, deadlines, and that nothing else is connected to.

#[path = "network/silence.rs"]
mod silence;
#[path = "network/tls.rs"]
mod tls;

use insta::assert_snapshot;

use crate::support::{
    byok::Byok,
    provider::{Provider, Script, Step},
    streams, work,
};

fn answered() -> Script {
    Script::stream(streams::chat(&["yes"]))
}

/// A profile for a host that only a proxy can reach.
fn far(more: &str) -> Byok {
    let config =
        format!("[profiles.far]\nbase_url = \"http://far.invalid/v1\"\nmodel = \"m\"\n{more}\n");
    Byok::new().file("config.toml", config)
}

#[test]
fn a_proxy_of_the_environment_or_the_profile_is_used() {
    let proxy = Provider::start([answered(), answered()]);
    far("").env("http_proxy", proxy.url("")).args(["ask", "hi"]).run().assert_code(0);
    far(&format!("proxy = \"{}\"", proxy.url(""))).args(["ask", "hi"]).run().assert_code(0);
    for request in proxy.requests() {
        assert_eq!(request.path, "http://far.invalid/v1/chat/completions");
    }
}

#[test]
fn a_server_on_this_machine_is_never_proxied() {
    let proxy = Provider::start([]);
    let provider = Provider::start([answered()]);
    let home = work::home(&provider.url("/v1"), &format!("proxy = \"{}\"", proxy.url("")));
    let home = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]
        .iter()
        .fold(home, |home, name| home.env(*name, proxy.url("")));
    home.args(["ask", "hi"]).run().assert_code(0);
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn a_proxy_that_is_away_or_wants_a_password_is_named() {
    let gone = Provider::start([]).url("");
    assert_snapshot!(far("").env("http_proxy", gone).args(["ask", "hi"]).run(), @"
    ----- stdout -----
    ----- stderr -----
    error: nothing listens at the proxy `http://127.0.0.1:[PORT]`: connection refused
      at: profile `far`, http://far.invalid/v1/chat/completions

    hint: check the proxy's address in the variable `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY`
    hint: to go without a proxy, set `NO_PROXY=far.invalid`
    ----- exit code 7 -----
    ");
    let proxy = Provider::start([Script::json(407, "{}")]);
    let output = far(&format!("proxy = \"{}\"", proxy.url(""))).args(["ask", "hi"]).run();
    assert_snapshot!(output, @"
    ----- stdout -----
    ----- stderr -----
    error: the proxy `http://127.0.0.1:[PORT]` wants a user and a password (407)
      at: profile `far`, http://far.invalid/v1/chat/completions

    hint: put the user and password for the proxy into `proxy` in profile `far`
    ----- exit code 7 -----
    ");
}

#[test]
fn each_deadline_is_named_with_the_key_that_raises_it() {
    let hang = || Script::new([Step::Hang]);
    assert_snapshot!(work::ask([hang()], "timeouts.first_byte = \"50ms\""), @r#"
    ----- stdout -----
    ----- stderr -----
    error: no answer from `127.0.0.1:[PORT]` within 50 ms
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: a model that thinks long, or that is still being loaded, needs more time
    hint: raise `timeouts.first_byte` in profile `work`, to `"100ms"` say
    ----- exit code 8 -----
    "#);
    let open = Script::open_stream(streams::chat_open(&[])).then([Step::Hang]);
    assert_snapshot!(work::ask([open], "timeouts.idle = \"50ms\""), @r#"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` sent nothing for 50 ms in its answer
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: raise `timeouts.idle` in profile `work`, to `"100ms"` say
    ----- exit code 8 -----
    "#);
    let half = Script::open_stream(streams::chat_open(&["half"])).then([Step::Hang]);
    let output = work::ask([half], "timeouts.idle = \"50ms\"");
    output.assert_code(13).assert_stdout("half\n").assert_stderr_has("raise `timeouts.idle`");
    assert_snapshot!(work::ask([hang()], "timeouts.total = \"50ms\""), @"
    ----- stdout -----
    ----- stderr -----
    error: no whole answer within 50ms
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: raise `--timeout` (`timeouts.total`), or leave it out
    ----- exit code 8 -----
    ");
}

#[test]
fn a_connection_that_does_not_come_about_is_named_with_its_key() {
    // It accepts, and never answers the beginning of TLS.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    let address = listener.local_addr().expect("it is bound");
    let more = "timeouts.connect = \"50ms\"\nretries = 0";
    let output = work::home(&format!("https://{address}/v1"), more).args(["ask", "hi"]).run();
    assert_snapshot!(output, @r#"
    ----- stdout -----
    ----- stderr -----
    error: no connection to `127.0.0.1:[PORT]` within 50 ms
      at: profile `work`, https://127.0.0.1:[PORT]/v1/chat/completions

    hint: check that the host and port of `base_url` are right and no firewall is between: `https://127.0.0.1:[PORT]`
    hint: raise `timeouts.connect` in profile `work`, to `"100ms"` say
    ----- exit code 8 -----
    "#);
}
