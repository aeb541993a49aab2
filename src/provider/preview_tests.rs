//! What a dry run prints, and that curl's line really runs.

use std::{fs, path::Path, process::Command};

use super::*;
use crate::provider::{Secret, Timeouts, Tls};

fn network() -> Network {
    Network { timeouts: Timeouts::default(), proxy: None, tls: Tls::default() }
}

fn header(name: &str, value: HeaderText) -> Header {
    Header { name: name.to_owned(), value }
}

fn plain(name: &str, value: &str) -> Header {
    header(name, HeaderText::Plain(value.to_owned()))
}

fn credential(shown_as: &str) -> Header {
    let shown_as = shown_as.to_owned();
    header("authorization", HeaderText::Credential { before: "Bearer ", shown_as })
}

fn request(headers: Vec<Header>, body: &str) -> HttpRequest {
    let url = "https://api.example/v1/chat/completions?a=b".to_owned();
    HttpRequest { method: "POST", url, headers, body: body.as_bytes().to_vec() }
}

#[test]
fn a_dry_run_shows_line_headers_and_body_with_secrets_as_names() {
    let headers = vec![
        plain("content-type", "application/json"),
        credential("MY_KEY"),
        header("x-goog-api-key", HeaderText::Hidden(Secret::verbatim("hunter2"))),
    ];
    let request =
        request(headers, r#"{"model":"m","messages":[{"role":"user","content":"hi\n"}]}"#);
    insta::assert_snapshot!(dry_run(&request), @r#"
    POST https://api.example/v1/chat/completions?a=b
    content-type: application/json
    authorization: Bearer $MY_KEY
    x-goog-api-key: $BYOK_HEADER_X_GOOG_API_KEY

    {
      "model": "m",
      "messages": [
        {
          "role": "user",
          "content": "hi\n"
        }
      ]
    }
    "#);
    assert!(dry_run(&request).ends_with("}\n"));
}

#[test]
fn a_dry_run_without_a_body_ends_after_the_headers() {
    let request = HttpRequest { method: "GET", ..request(vec![plain("accept", "x")], "") };
    assert_eq!(dry_run(&request), "GET https://api.example/v1/chat/completions?a=b\naccept: x\n");
}

#[test]
fn curl_gets_one_line() {
    let headers = vec![
        plain("content-type", "application/json"),
        plain("accept", "text/event-stream"),
        plain("x-empty", ""),
        credential("MY_KEY"),
        header("x-api-key", HeaderText::Hidden(Secret::verbatim("hunter2"))),
        header("x-to!ken", HeaderText::Hidden(Secret::verbatim("hunter2"))),
    ];
    let request = request(headers, r#"{"content":"it's"}"#);
    insta::assert_snapshot!(curl(&request, &network()), @r#"curl -sS -N 'https://api.example/v1/chat/completions?a=b' -H 'content-type: application/json' -H 'accept: text/event-stream' -H 'x-empty;' -H "authorization: Bearer $MY_KEY" -H "x-api-key: $BYOK_HEADER_X_API_KEY" -H 'x-to!ken: '"$BYOK_HEADER_X_TO_KEN" --data-binary '{"content":"it'\''s"}'"#);
}

#[test]
fn curl_goes_the_same_way() {
    let tls = Tls {
        ca_file: Some("/etc/my ca.pem".into()),
        client_cert: Some("cert.pem".into()),
        client_key: Some("key.pem".into()),
    };
    let line = |url: &str, proxy: &str| {
        let request = HttpRequest { url: url.to_owned(), ..request(vec![], "") };
        curl(&request, &Network { proxy: Some(proxy.to_owned()), ..network() })
    };
    let with_tls = Network { tls, ..network() };
    insta::assert_snapshot!(curl(&request(vec![], ""), &with_tls), @"curl -sS --cacert '/etc/my ca.pem' --cert 'cert.pem' --key 'key.pem' 'https://api.example/v1/chat/completions?a=b'");
    insta::assert_snapshot!(line("https://h/v1", "http://proxy:3128"), @"curl -sS --proxy 'http://proxy:3128' 'https://h/v1'");
    insta::assert_snapshot!(line("https://h/v1", "http://me:hunter2@proxy"), @r#"curl -sS --proxy "$BYOK_PROXY" 'https://h/v1'"#);
    insta::assert_snapshot!(line("http://[::1]:8080/v1", "http://proxy:3128"), @"curl -sS --globoff --noproxy '*' 'http://[::1]:8080/v1'");
}

#[test]
fn a_name_that_no_shell_knows_is_replaced() {
    let request = request(vec![credential("MY-KEY")], "");
    assert!(curl(&request, &network()).contains(r#"-H "authorization: Bearer $BYOK_KEY""#));
    assert!(!is_variable("") && !is_variable("1A") && !is_variable("A;B") && is_variable("_A1"));
}

/// Runs `line` in a shell with a `curl` that writes down its arguments, each ended by NUL, and its
/// standard input. Nothing when there is no such shell.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn run(shell: &str, line: &str) -> Option<(Vec<String>, String)> {
    // By its whole path: the search path below holds the fake alone.
    let found = Command::new("sh").args(["-c", "command -v \"$0\"", shell]).output().ok();
    let path = found.map(|found| String::from_utf8_lossy(&found.stdout).trim().to_owned());
    let Some(path) = path.filter(|path| !path.is_empty()) else {
        eprintln!("skipped: there is no `{shell}`");
        return None;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let fake = folder.path().join("curl");
    fs::write(
        &fake,
        "#!/bin/sh\nprintf '%s\\0' \"$@\" > \"$OUT/argv\"\n/bin/cat > \"$OUT/stdin\"\n",
    )
    .expect("the folder is ours");
    executable(&fake);
    let output = Command::new(path)
        .args(["-c", line])
        .env_clear()
        .env("PATH", folder.path())
        .env("OUT", folder.path())
        .env("MY_KEY", "a 'key' with $HOME and \"quotes\"")
        .env("BYOK_HEADER_X_TO_KEN_", "hidden")
        .stdin(std::process::Stdio::null())
        .output()
        .expect("the shell ran a moment ago");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let read = |name| fs::read_to_string(folder.path().join(name)).expect("the fake wrote UTF-8");
    let argv = read("argv");
    let argv = argv.strip_suffix('\0').unwrap_or(&argv);
    Some((argv.split('\0').map(str::to_owned).collect(), read("stdin")))
}

#[cfg(unix)]
fn executable(file: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).expect("the file is ours");
}

#[cfg(not(unix))]
fn executable(_file: &Path) {}

#[test]
fn shells_hand_curl_exactly_what_is_sent() {
    let body = r#"{"content":"it's \"so\"!! $HOME `id` \\n \\\\ 100% ü \u001b"}"#;
    let headers = vec![
        plain("accept", "text/event-stream"),
        plain("x-title", "it's $HOME `id` !!"),
        credential("MY_KEY"),
        header("x-to$ken`", HeaderText::Hidden(Secret::verbatim("hunter2"))),
    ];
    let line = curl(&request(headers, body), &network());
    assert!(!line.contains('\n'));
    for shell in ["sh", "bash", "zsh", "dash"] {
        let Some((argv, _)) = run(shell, &line) else { continue };
        let expected = [
            "-sS",
            "-N",
            "https://api.example/v1/chat/completions?a=b",
            "-H",
            "accept: text/event-stream",
            "-H",
            "x-title: it's $HOME `id` !!",
            "-H",
            "authorization: Bearer a 'key' with $HOME and \"quotes\"",
            "-H",
            "x-to$ken`: hidden",
            "--data-binary",
            body,
        ];
        assert_eq!(argv, expected, "{shell}");
    }
}

#[test]
fn a_long_body_is_piped() {
    let body = format!(r#"{{"content":"it's {}"}}"#, "a %s\\\\n".repeat(40_000));
    let line = curl(&request(vec![], &body), &network());
    for shell in ["sh", "bash", "zsh", "dash"] {
        let Some((argv, stdin)) = run_script(shell, &line) else { continue };
        assert_eq!(argv.last().map(String::as_str), Some("@-"), "{shell}");
        assert_eq!(stdin, body, "{shell}");
    }
}

/// As [`run`], for a line that is too long for an argument: from a file.
fn run_script(shell: &str, line: &str) -> Option<(Vec<String>, String)> {
    let script = tempfile::NamedTempFile::new().expect("a temporary file");
    fs::write(script.path(), line).expect("the file is ours");
    run(shell, &format!(". {}", script.path().display()))
}
