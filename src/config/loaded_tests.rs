use super::*;

/// Loads `text` from a file in `folder`, found by `XDG_CONFIG_HOME`.
#[cfg(all(unix, not(target_os = "macos")))]
fn found(folder: &Path, text: &str) -> Result<Loaded, Error> {
    let env = Env::from_iter([("XDG_CONFIG_HOME", folder)]);
    let path = folder.join("byok/config.toml");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    load(&env, &Flags::default())
}

#[cfg(all(unix, not(target_os = "macos")))]
#[test]
fn the_file_is_found_where_the_platform_keeps_it() {
    let folder = tempfile::tempdir().unwrap();
    let loaded = found(folder.path(), "[profiles.a]").unwrap();
    assert!(loaded.has_file && loaded.written("a").is_some());
    assert!(matches!(found(folder.path(), "x = 1"), Err(Error::Mistakes(_))));
}

#[test]
fn a_flag_names_the_file_before_a_variable_and_a_missing_one_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one.toml"), folder.path().join("two.toml"));
    std::fs::write(&one, "[profiles.one]").unwrap();
    std::fs::write(&two, "[profiles.two]").unwrap();
    let env = Env::from_iter([("BYOK_CONFIG", &two)]);
    let flag = |path: &Path| Flags { config: Some(path.to_owned()), ..Flags::default() };
    assert!(load(&env, &flag(&one)).unwrap().written("one").is_some());
    assert!(load(&env, &Flags::default()).unwrap().written("two").is_some());
    let missing = load(&env, &flag(Path::new("/nonexistent/byok.toml"))).unwrap();
    assert!(!missing.has_file);
    let said = "there is no file `/nonexistent/byok.toml`, which flag `--config` names";
    assert_eq!(missing.notices, [said]);
}

#[cfg(unix)]
#[test]
fn a_key_in_a_file_that_others_can_read_is_warned_about_with_the_chmod_to_type() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    let notices = |text: &str, mode: u32| {
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let flags = Flags { config: Some(path.clone()), ..Flags::default() };
        load(&Env::default(), &flags).unwrap().notices
    };
    let literal = "[profiles.a]\napi_key = [{ env = \"A\" }, \"sk-canary\"]";
    let path_shown = path.display();
    let warning =
        format!("`{path_shown}` holds a key and others can read it: run `chmod 600 {path_shown}`");
    assert_eq!(notices(literal, 0o644), std::slice::from_ref(&warning));
    assert_eq!(notices("[profiles.a]\nheaders = { x-token = \"t\" }", 0o640), [warning]);
    assert_eq!(notices(literal, 0o600), [""; 0]);
    assert_eq!(notices("[profiles.a]\napi_key_env = \"A\"", 0o644), [""; 0]);
}

#[test]
fn a_text_with_a_key_of_the_file_or_the_environment_holds_a_key() {
    let loaded = super::super::testing::loaded(
        "[defaults]\nquery = { token = \"query-canary\" }\n\
         [profiles.a]\napi_key = [{ env = \"MINE\" }, \"inline-canary\"]\n\
         headers = { x-token = \"header-canary\", x-team = \"research-team\" }\n\
         extra_body = { nested = { password = \"body-canary\" } }\n\
         [profiles.b]\nextends = \"a\"\nbearer_token = \"x\"\nmodel = \"model-of-b\"",
    );
    let env = Env::from_iter([
        ("MINE", " Bearer mine-canary\n"),
        ("OPENAI_API_KEY", "vendor-canary"),
        ("BYOK_API_KEY", "short"),
        ("EDITOR", "not-a-canary"),
    ]);
    for (text, is_key) in [
        ("my key is mine-canary!", true),
        ("OPENAI_API_KEY=vendor-canary byok", true),
        ("a\nb inline-canary", true),
        ("header-canary", true),
        ("query-canary", true),
        ("body-canary", true),
        ("sk-1234567890abcdef1234", true),
        ("", false),
        ("a short x", false),
        ("not-a-canary", false),
        ("the research-team asks model-of-b", false),
        ("mine-canar", false),
    ] {
        assert_eq!(loaded.holds_key(&env, text), is_key, "{text}");
    }
}
