//! No secret leaves byok by any way but the one header it is meant for.

#[path = "secrets/chat.rs"]
mod chat;

use std::{fs, path::Path, process::Stdio};

use base64::{Engine as _, engine::general_purpose};
use serde_json::Value;

use crate::support::{
    byok::{Byok, Output},
    provider::{Provider, Script, Step, head},
    running::Running,
    streams,
};

/// A key with what other spellings change: `/`, `+`, `"`, `=`.
const KEY: &str = "sk-CANARY/4f+9\"x=77zz";

/// The spellings of the key that must not be seen: itself, base64, percent and JSON.
fn spellings() -> Vec<String> {
    let percent =
        |is_safe: fn(u8) -> bool| -> String {
            KEY.bytes()
                .map(|byte| {
                    if is_safe(byte) {
                        char::from(byte).to_string()
                    } else {
                        format!("%{byte:02X}")
                    }
                })
                .collect()
        };
    let json = Value::from(KEY).to_string();
    let base64 = general_purpose::STANDARD.encode(KEY);
    vec![
        KEY.to_owned(),
        "CANARY".to_owned(),
        // Its end depends on what follows.
        base64[..base64.len() - 4].to_owned(),
        percent(|byte| byte.is_ascii_alphanumeric() || byte == b'-'),
        percent(|byte| byte.is_ascii_alphanumeric() || b"-/+=".contains(&byte)),
        json.trim_matches('"').to_owned(),
    ]
}

#[track_caller]
fn assert_clean(what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for spelling in spellings() {
        assert!(!text.contains(&spelling), "`{spelling}` in {what}:\n{text}");
    }
}

/// Nothing that byok wrote holds the key; what the test wrote itself is left out.
#[track_caller]
fn assert_clean_folder(folder: &Path, ours: &[&str]) {
    for entry in fs::read_dir(folder).expect("it is there") {
        let path = entry.expect("it can be read").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        assert_clean("a file's name", name.as_bytes());
        if path.is_dir() {
            assert_clean_folder(&path, ours);
        } else if !ours.contains(&name.as_str()) {
            assert_clean(&name, &fs::read(&path).expect("it can be read"));
        }
    }
}

#[track_caller]
fn assert_clean_run(byok: &Byok, output: &Output) {
    assert_clean("standard output", &output.stdout);
    assert_clean("standard error", &output.stderr);
    assert!(!output.stderr().contains("panicked"), "{output}");
    assert_clean_folder(byok.home(), &["config.toml", "key"]);
}

/// The places that a key can come from, as TOML of a profile.
fn sources() -> Vec<(&'static str, String)> {
    let literal = Value::from(KEY);
    vec![
        ("env", "api_key = { env = \"KEY\" }".to_owned()),
        ("file", "api_key = { file = \"key\" }".to_owned()),
        ("command", "api_key = { command = [\"printenv\", \"KEY\"] }".to_owned()),
        ("literal", format!("api_key = {literal}")),
        ("bearer", "bearer_token = { env = \"KEY\" }".to_owned()),
        ("anthropic", "type = \"anthropic\"\napi_key = { env = \"KEY\" }".to_owned()),
        ("azure", "type = \"azure\"\napi_key = { env = \"KEY\" }".to_owned()),
        ("header", format!("headers = {{ x-my-token = {literal} }}")),
        (
            "authorization",
            format!("headers = {{ authorization = {} }}", Value::from(format!("Bearer {KEY}"))),
        ),
    ]
}

fn world(provider: &Provider, source: &str) -> Byok {
    let byok = Byok::new().profile(provider, source).env("KEY", KEY);
    let key = byok.home().join(".config/byok/key");
    fs::write(key, format!("{KEY}\n")).expect("the home is ours");
    byok
}

/// What a server that is careless, or worse, says of a key.
fn echoes() -> Vec<(&'static str, Vec<Script>)> {
    let text = format!("Incorrect API key provided: {KEY}.");
    let body = || streams::error(&text, "invalid_request_error", &Value::from("invalid_api_key"));
    let base64 = general_purpose::STANDARD.encode(KEY);
    let in_stream =
        streams::data(&serde_json::json!({"error": {"message": text, "code": "server_error"}}));
    let location = format!("http://127.0.0.1:1/?key={}", &spellings()[3]);
    let headers = [
        ("x-request-id", KEY),
        ("location", &location),
        ("content-type", "text/plain"),
        ("server", KEY),
        ("content-length", "0"),
    ];
    let half = [streams::chat_open(&["half"]), vec![in_stream.clone()]].concat();
    vec![
        ("401", vec![Script::json(401, body()), Script::json(401, body())]),
        ("403", vec![Script::json(403, body())]),
        ("400", vec![Script::json(400, body())]),
        (
            "404 in HTML",
            vec![Script::answer(404, &[("content-type", "text/html")], format!("<h1>{text}</h1>"))],
        ),
        ("429", vec![Script::json(429, body())]),
        ("500", vec![Script::json(500, body())]),
        (
            "encoded",
            vec![Script::json(
                400,
                streams::error(&base64, "x", &Value::from(spellings()[3].as_str())),
            )],
        ),
        ("200 with an error", vec![Script::json(200, body())]),
        ("200 of another format", vec![Script::json(200, format!("[{}]", Value::from(KEY)))]),
        ("in the stream", vec![Script::stream([in_stream])]),
        ("in mid-answer", vec![Script::stream(half)]),
        ("redirect", vec![Script::new([Step::Send(head(302, &headers)), Step::Close])]),
        ("headers", vec![Script::new([Step::Send(head(500, &headers)), Step::Close])]),
        (
            "no HTTP",
            vec![Script::new([Step::Send(format!("{KEY}\r\n\r\n").into_bytes()), Step::Close])],
        ),
    ]
}

#[test]
fn servers_that_repeat_the_key_are_not_repeated() {
    for (_, source) in sources() {
        for (name, scripts) in echoes() {
            // Only a command's key is asked for again after a 401.
            let again = name == "401" && source.contains("command");
            let scripts = if again { scripts } else { vec![scripts[0].clone()] };
            let provider = Provider::start(scripts);
            let byok = world(&provider, &source);
            let format = if name.len() % 2 == 0 { "text" } else { "stream-json" };
            let args = ["ask", "-vv", "--retries", "0", "--output-format", format, "hi"];
            let output = byok.clone().args(args).run();
            assert_ne!(output.code, Some(0), "{name}: {output}");
            assert_clean_run(&byok, &output);
        }
    }
}

#[test]
fn an_answer_that_works_says_nothing_of_the_key_at_any_verbosity() {
    for (_, source) in sources() {
        for verbosity in ["-q", "-v", "-vv"] {
            let frames = if source.contains("anthropic") {
                streams::messages(&["fine"])
            } else {
                streams::chat(&["fine"])
            };
            let provider = Provider::start([Script::stream(frames)]);
            let byok = world(&provider, &source);
            let output = byok.clone().args(["ask", verbosity, "-o", "a.md", "hi"]).run();
            output.assert_code(0);
            // The one place where it belongs.
            let sent = provider.request();
            let holders = sent.headers.iter().filter(|(_, value)| value.contains(KEY)).count();
            assert_eq!(holders, 1, "{source}: {sent:?}");
            assert_clean_run(&byok, &output);
        }
    }
}

#[test]
fn previews_and_listings_show_names_only() {
    for (_, source) in sources() {
        let provider = Provider::start([]);
        let byok = world(&provider, &source);
        for args in [
            &["ask", "--dry-run", "-vv", "hi"][..],
            &["ask", "--curl", "-vv", "hi"],
            &["config", "show"],
            &["config", "show", "--json"],
            &["config"],
            &["config", "check"],
            &["config", "check", "--json"],
            &["config", "path"],
            &["profiles"],
            &["profiles", "list", "--json"],
            &["profiles", "show", "p"],
            &["profiles", "show", "p", "--json"],
        ] {
            let output = byok.clone().args(args.to_vec()).run();
            output.assert_code(0);
            assert_clean_run(&byok, &output);
        }
        assert_eq!(provider.connections(), 0);
    }
}

#[test]
fn the_model_list_and_its_failures() {
    for (_, source) in sources() {
        for json in [&[][..], &["--json"]] {
            let body = streams::error(KEY, "x", &Value::from(KEY));
            let provider = Provider::start([Script::json(403, body)]);
            let byok = world(&provider, &source);
            let output = byok.clone().args(["models", "-vv"]).args(json.to_vec()).run();
            output.assert_code(4);
            assert_clean_run(&byok, &output);
        }
    }
}

#[test]
fn a_broken_file_is_quoted_without_its_secrets() {
    let literal = Value::from(KEY);
    for text in [
        format!("[profiles.p]\napi_key = {literal} x"),
        format!("[profiles.p]\napi_key = {literal}\nnonsense = 1"),
        format!("[profiles.p]\napi_keys = {literal}"),
        format!("[profiles.p]\napi_key = [{literal}, 1]"),
        format!("[profiles.p]\napi_key = {{ env = {literal} }}"),
        format!("[profiles.p]\napi_key = {{ nonsense = {literal} }}"),
        format!("[profiles.p]\nheaders = {{ \"a b\" = {literal} }}"),
        format!("[profiles.p]\nheaders = [{literal}]"),
        format!("[profiles.p]\nbase_url = \"http://me:{}@h/v1\"\nmodel = \"m\"", &spellings()[3]),
        format!(
            "[profiles.p]\nbase_url = \"http://127.0.0.1:9\"\nmodel = \"m\"\napi_key = \"{}\\n\"",
            "sk-CANARY\\nx"
        ),
        format!(
            "[profiles.p]\nproxy = \"http://me:{}@127.0.0.1:9\"\nbase_url = \"http://h.invalid/v1\"\nmodel = \"m\"",
            &spellings()[3]
        ),
        format!("[profiles.p]\napi_key = '''{KEY}"),
    ] {
        for args in [
            &["ask", "-vv", "hi"][..],
            &["ask", "--json", "hi"],
            &["config", "check"],
            &["config", "show", "--json"],
        ] {
            let byok = Byok::new().file("config.toml", &text);
            let output = byok.clone().args(args.to_vec()).run();
            assert_clean_run(&byok, &output);
        }
    }
}

#[test]
fn vendor_variables_and_those_of_byok_are_not_shown() {
    for (name, more) in [
        ("OPENAI_API_KEY", &[][..]),
        ("ANTHROPIC_API_KEY", &[]),
        ("BYOK_API_KEY", &[("BYOK_BASE_URL", "http://127.0.0.1:9/v1")]),
    ] {
        for args in [
            &["config", "show"][..],
            &["profiles", "--json"],
            &["ask", "-m", "m", "--dry-run", "hi"],
        ] {
            let mut byok = Byok::new().env(name, KEY);
            for (name, value) in more {
                byok = byok.env(*name, *value);
            }
            let output = byok.clone().args(args.to_vec()).run();
            output.assert_code(0);
            assert_clean_run(&byok, &output);
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn other_users_see_no_key_in_the_list_of_processes() {
    for (_, source) in sources() {
        let half = Script::open_stream(streams::chat_open(&["half"])).then([Step::Hang]);
        let provider = Provider::start([half]);
        let byok = world(&provider, &source.replace("type = \"anthropic\"", ""));
        let mut running = Running::start(&byok.clone().args(["ask", "hi"]), Stdio::null());
        running.wait_for_stdout("half");
        let line = fs::read(format!("/proc/{}/cmdline", running.id())).expect("it runs");
        assert_clean("the arguments", &line);
        running.signal("INT");
        assert_clean_run(&byok, &running.finish());
    }
}
