use super::super::{Origin, testing::env};
use super::*;
use crate::provider::CredentialForm;

const NOW: SystemTime = SystemTime::UNIX_EPOCH;

fn credential(sources: Vec<CredentialSource>) -> Credential {
    let profile = "work".to_owned();
    Credential { form: CredentialForm::ApiKey, sources, origin: Origin::Default, profile }
}

fn shell(script: &str) -> Command {
    let argv = ["sh", "-c", script].map(str::to_owned).to_vec();
    Command { argv, ttl: None, timeout: Duration::from_secs(20) }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(future)
}

fn path() -> (&'static str, &'static str) {
    ("PATH", "/usr/local/bin:/usr/bin:/bin")
}

fn found(sources: Vec<CredentialSource>, variables: &[(&str, &str)]) -> Secret {
    block_on(fetch(&credential(sources), &env(variables))).unwrap()
}

fn failure(sources: Vec<CredentialSource>, variables: &[(&str, &str)]) -> String {
    let error = block_on(fetch(&credential(sources), &env(variables))).unwrap_err();
    super::super::testing::described(&error)
}

fn secret(text: &str) -> Secret {
    Secret::new(text).unwrap()
}

#[test]
fn the_first_source_that_has_a_key_is_used() {
    let sources = || {
        vec![
            CredentialSource::Env("A".into()),
            CredentialSource::File("/nonexistent/key".into()),
            CredentialSource::Env("B".into()),
        ]
    };
    assert_eq!(found(sources(), &[("A", "first"), ("B", "second")]), secret("first"));
    assert_eq!(found(sources(), &[("A", ""), ("B", "Bearer second\n")]), secret("second"));
    insta::assert_snapshot!(failure(sources(), &[]), @"
    profile `work` has no credential: variable `A` is not set; file `/nonexistent/key` cannot be read: it is not there; variable `B` is not set
      hint: set it: `export A=…`
      hint: put the key, and nothing else, into `/nonexistent/key`
      hint: set it: `export B=…`
    ");
}

#[test]
fn a_file_holds_the_key_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let source = || vec![CredentialSource::File(path.clone())];
    std::fs::write(&path, "the-key\n").unwrap();
    assert_eq!(found(source(), &[]), secret("the-key"));
    std::fs::write(&path, "canary\ncanary\n").unwrap();
    assert!(!failure(source(), &[]).contains("canary\n"));
    std::fs::write(&path, "x".repeat(LONGEST + 1)).unwrap();
    assert!(failure(source(), &[]).contains("larger than 64 KiB"));
    std::fs::write(&path, b"\xff").unwrap();
    assert!(failure(source(), &[]).contains("cannot be read"));
}

#[test]
fn a_keyring_is_named_with_its_way_out() {
    insta::assert_snapshot!(failure(vec![CredentialSource::Keyring("work".into())], &[]), @r#"
    profile `work` has no credential: keyring entry `work` is out of reach: this build has no keyring
      hint: ask the key store with a command: `api_key = { command = ["secret-tool", "lookup", "service", "byok"] }`
    "#);
}

#[cfg(unix)]
mod commands {
    use super::*;

    fn command(script: &str) -> Vec<CredentialSource> {
        vec![CredentialSource::Command(shell(script))]
    }

    #[test]
    fn the_first_line_of_a_command_is_the_key() {
        assert_eq!(found(command("echo the-key; echo more"), &[path()]), secret("the-key"));
    }

    #[test]
    fn a_command_keeps_the_environment_and_nothing_else() {
        let script = command("echo \"$VAULT_TOKEN-${HOME-none}\"");
        assert_eq!(found(script, &[path(), ("VAULT_TOKEN", "v")]), secret("v-none"));
    }

    #[test]
    fn no_shell_reads_the_arguments() {
        let argv = ["printf", "%s", "$HOME;*"].map(str::to_owned).to_vec();
        let command = Command { argv, ..shell("") };
        assert_eq!(found(vec![CredentialSource::Command(command)], &[path()]), secret("$HOME;*"));
    }

    #[test]
    fn a_prompt_on_standard_input_is_not_read() {
        // Under `cargo test` standard input may be a terminal, then the command may ask there.
        if !io::stdin().is_terminal() {
            assert_eq!(found(command("cat; echo key"), &[path()]), secret("key"));
        }
    }

    #[test]
    fn failures_name_the_command_and_never_what_it_wrote() {
        let mut said = vec![
            failure(command("echo canary; exit 3"), &[path()]),
            failure(command("kill -9 $$"), &[path()]),
            failure(command("true"), &[path()]),
            failure(command("echo '{\"canary\": 1}'"), &[path()]),
            failure(command("echo '{canary'"), &[path()]),
            failure(command("printf 'canary\\303\\050'"), &[path()]),
            failure(command("printf 'a\\001canary'"), &[path()]),
            failure(command("yes canary"), &[path()]),
        ];
        let missing = Command { argv: vec!["/nonexistent/pass".into()], ..shell("") };
        said.push(failure(vec![CredentialSource::Command(missing)], &[]));
        let slow = Command { timeout: Duration::from_millis(50), ..shell("sleep 60") };
        said.push(failure(vec![CredentialSource::Command(slow)], &[path()]));
        let said: Vec<_> = said.iter().filter_map(|said| said.lines().next()).collect();
        let said = said.join("\n");
        assert!(!said.contains("canary"), "{said}");
        insta::assert_snapshot!(said, @"
        profile `work` has no credential: command `sh` failed: exit status: 3
        profile `work` has no credential: command `sh` failed: signal: 9 (SIGKILL)
        profile `work` has no credential: command `sh` wrote nothing
        profile `work` has no credential: command `sh` wrote JSON without a key
        profile `work` has no credential: command `sh` wrote broken JSON
        profile `work` has no credential: command `sh` wrote something that is not UTF-8
        profile `work` has no credential: the key from command `sh` cannot be sent: it holds an invalid character at position 1
        profile `work` has no credential: command `sh` wrote more than 64 KiB
        profile `work` has no credential: command `/nonexistent/pass` cannot be started: it is not there
        profile `work` has no credential: command `sh` took longer than 50ms
        ");
    }

    #[test]
    fn a_command_runs_again_when_its_time_is_up_or_the_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let script = format!("echo x >> {0}; wc -l < {0}", folder.path().join("runs").display());
        let ttl = Some(Duration::from_mins(1));
        let source = CredentialSource::Command(Command { ttl, ..shell(&script) });
        let mut wallet = Wallet::new(credential(vec![source]));
        let env = env(&[path()]);
        let at = |seconds| NOW + Duration::from_secs(seconds);
        block_on(async {
            assert_eq!(wallet.source(), None);
            assert_eq!(wallet.secret(&env, at(0)).await.unwrap(), secret("1"));
            assert_eq!(wallet.secret(&env, at(59)).await.unwrap(), secret("1"));
            assert_eq!(wallet.secret(&env, at(60)).await.unwrap(), secret("2"));
            assert_eq!(wallet.renew(&env, at(61)).await.unwrap(), Some(secret("3")));
            assert_eq!(wallet.source_in_words().as_deref(), Some("command `sh`"));
        });
    }
}

#[test]
fn what_does_not_come_from_a_command_is_not_fetched_again() {
    let mut wallet = Wallet::new(credential(vec![CredentialSource::Env("A".into())]));
    let env = env(&[("A", "key")]);
    block_on(async {
        wallet.secret(&env, NOW).await.unwrap();
        assert_eq!(wallet.renew(&env, NOW).await.unwrap(), None);
    });
}

/// The secret, and for how many seconds from `NOW` it is good.
#[track_caller]
fn check(output: &str, ttl: Option<u64>, key: &str, good_for: Option<u64>) {
    let command = Command { ttl: ttl.map(Duration::from_secs), ..shell("") };
    let (found, until) = read_output(&command, output.as_bytes(), NOW).unwrap();
    let seconds = until.map(|until| until.duration_since(NOW).map_or(0, |left| left.as_secs()));
    assert_eq!((found, seconds), (secret(key), good_for), "{output}");
}

#[test]
fn json_of_well_known_commands_is_read() {
    check(r#"{"key": "k"}"#, None, "k", None);
    check(r#"{"token": "k", "expires_at": "1970-01-01T01:00:00Z"}"#, None, "k", Some(3540));
    check(
        r#"{"accessToken": "k", "expiresOn": "local", "expires_on": 3600}"#,
        None,
        "k",
        Some(3540),
    );
    check(r#"{"access_token": "k", "expires_in": 3600}"#, Some(10), "k", Some(10));
    let kubernetes = r#"{"status": {"token": "k", "expirationTimestamp": "1970-01-01T00:02:00Z"}}"#;
    check(kubernetes, None, "k", Some(60));
    check("Bearer k\r\n", Some(5), "k", Some(5));
}

#[test]
fn a_token_that_names_its_end_is_good_until_a_minute_before() {
    // {"exp":3600}
    let jwt = "e30.eyJleHAiOjM2MDB9.x";
    check(jwt, None, jwt, Some(3540));
    check(jwt, Some(99_999), jwt, Some(3540));
    check(jwt, Some(60), jwt, Some(60));
    // {"exp":10}, which is over before it is used: fetched each time.
    check("e30.eyJleHAiOjEwfQ.x", None, "e30.eyJleHAiOjEwfQ.x", Some(0));
}
