//! No connection but the one that was asked for.

#![cfg(target_os = "linux")]

use std::{collections::BTreeSet, process::Command};

use super::{Provider, answered, work};

/// Whether a tool runs here at all; saying so, a test that needs it ends.
#[expect(clippy::print_stderr, reason = "a test that did not run says so")]
fn is_there(program: &str, args: &[&str]) -> bool {
    let runs = Command::new(program).args(args).output().is_ok_and(|it| it.status.success());
    if !runs {
        eprintln!("skipped: `{program}` is not there, or not permitted");
    }
    runs
}

/// The connections that a run tries, as strace writes them, but for local sockets.
fn tried(home: &crate::support::byok::Byok, args: &[&str]) -> BTreeSet<String> {
    let trace = home.work().join("trace");
    let status = Command::new("strace")
        .args(["-f", "-qq", "-e", "trace=connect,sendto,sendmsg", "-o"])
        .arg(&trace)
        .arg(env!("CARGO_BIN_EXE_byok"))
        .args(args)
        .env_clear()
        .envs(home.environment())
        .current_dir(home.work())
        .stdin(std::process::Stdio::null())
        .output()
        .expect("strace runs");
    assert!(status.status.success(), "{status:?}");
    let text = std::fs::read_to_string(trace).expect("strace wrote it");
    let inet = text.lines().filter(|line| line.contains("sa_family=AF_INET"));
    inet.filter_map(|line| Some(line.split_once("{sa_family=")?.1.split_once('}')?.0.to_owned()))
        .collect()
}

#[test]
fn one_question_opens_one_connection() {
    if !is_there("strace", &["true"]) {
        return;
    }
    let provider = Provider::start([answered()]);
    let home = work::home(&provider.url("/v1"), "");
    let expected =
        format!("AF_INET, sin_port=htons({}), sin_addr=inet_addr(\"127.0.0.1\")", provider.port());
    assert_eq!(tried(&home, &["ask", "hi"]), BTreeSet::from([expected]));
    assert_eq!(provider.connections(), 1);
}

#[test]
fn commands_that_only_look_open_none() {
    if !is_there("strace", &["true"]) {
        return;
    }
    let home = work::home("https://gateway.example/v1", "");
    for args in [
        &["config", "show"][..],
        &["config", "check"],
        &["profiles"],
        &["ask", "--dry-run", "hi"],
        &["ask", "--curl", "hi"],
        &["--version"],
    ] {
        assert_eq!(tried(&home, args), BTreeSet::new(), "{args:?}");
    }
}

#[test]
fn without_any_network_the_demo_still_answers() {
    let alone = ["-rn", "sh", "-c", "ip link set lo up 2>/dev/null || ifconfig lo up"];
    if !is_there("unshare", &alone) {
        return;
    }
    let home = crate::support::byok::Byok::new();
    let output = Command::new("unshare")
        .args(["-rn", "sh", "-c", "ip link set lo up || ifconfig lo up; exec \"$0\" \"$@\""])
        .arg(env!("CARGO_BIN_EXE_byok"))
        .args(["-P", "demo", "What is 2+2?"])
        .env_clear()
        .envs(home.environment())
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .stdin(std::process::Stdio::null())
        .output()
        .expect("unshare runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "2 + 2 = 4\n", "{output:?}");
}
