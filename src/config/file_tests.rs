use super::super::testing::{PATH, described, loaded, parse, paths};
use super::*;

/// All mistakes of a file with their hints.
fn mistakes(text: &str) -> String {
    let mistakes = parse(text).expect_err("the file holds a mistake");
    let each = mistakes.into_iter().map(|mistake| described(&Error::Mistakes(vec![mistake])));
    each.collect::<Vec<_>>().join("\n")
}

#[test]
fn an_unknown_key_names_place_line_and_the_nearest_key() {
    insta::assert_snapshot!(mistakes(
        "[profiles.work]\ntype = \"azure\"\n  endpoint = \"https://h\"\ndeployment = \"gpt-4o\"\n\
         [defaults]\ntemprature = 1\n[profiles.work.azure]\nversion = \"x\"\nwhatever_this_is = 1"
    ), @r#"
    /etc/byok.toml:3:3: unknown key `endpoint` in profile `work`: `endpoint = …`
      hint: write `base_url`
    /etc/byok.toml:4:1: unknown key `deployment` in profile `work`: `deployment = …`
      hint: write `model`
    /etc/byok.toml:6:1: unknown key `temprature` in `[defaults]`: `temprature = …`
      hint: write `temperature`
    /etc/byok.toml:8:1: unknown key `azure.version` in profile `work`: `version = …`
      hint: `byok config schema` lists every key
    /etc/byok.toml:9:1: unknown key `azure.whatever_this_is` in profile `work`: `whatever_this_is = …`
      hint: `byok config schema` lists every key
    "#);
}

#[test]
fn a_wrong_value_names_what_is_allowed() {
    insta::assert_snapshot!(mistakes(
        "[profiles.work]\ntype = \"opnai\"\nwire_api = \"chat\"\nretries = -1\ntemperature = \"hot\"\n\
         base_url = \"\"\nstop = 5\nallow_http = \"yes\"\ntimeouts.idle = 0\ntimeouts.connect = \"3 weeks\"\n\
         headers = \"x\"\nextra_body.when = 2020-01-01\nazure = 1\nseed = 1.5\ntop_p = nan\nprice.input = -1"
    ), @r#"
    /etc/byok.toml:2:1: unknown value `opnai` for `type`: `type = "opnai"`
      hint: write `openai`
      hint: write one of `openai`, `azure`, `anthropic`
    /etc/byok.toml:3:1: unknown value `chat` for `wire_api`: `wire_api = "chat"`
      hint: write one of `completions`, `responses`
    /etc/byok.toml:4:1: `retries` must be a whole number from 0 to 100, not this whole number: `retries = -1`
    /etc/byok.toml:5:1: `temperature` must be a number, zero or more, not a string: `temperature = "hot"`
    /etc/byok.toml:6:1: `base_url` is empty: `base_url = ""`
      hint: leave `base_url` out to use the default
    /etc/byok.toml:7:1: `stop` must be a string or an array of strings, not this whole number: `stop = 5`
    /etc/byok.toml:8:1: `allow_http` must be `true` or `false`, not a string: `allow_http = "yes"`
    /etc/byok.toml:9:10: `timeouts.idle` must be a duration such as `"500ms"`, `"3s"`, `"10m"` or seconds, not this whole number: `timeouts.idle = 0`
    /etc/byok.toml:10:10: `timeouts.connect` must be a duration such as `"500ms"`, `"3s"`, `"10m"` or seconds, not this: `timeouts.connect = "3 weeks"`
    /etc/byok.toml:11:1: `headers` must be a table of strings, not a string: `headers = …`
    /etc/byok.toml:12:12: `extra_body.when` must be what JSON can say, not a date: `extra_body.when = …`
    /etc/byok.toml:13:1: `azure` must be a table, not this whole number: `azure = …`
    /etc/byok.toml:14:1: `seed` must be a whole number, not this number: `seed = 1.5`
    /etc/byok.toml:15:1: `top_p` must be a number, zero or more, not this number: `top_p = nan`
    /etc/byok.toml:16:7: `price.input` must be a number, zero or more, not this whole number: `price.input = -1`
    "#);
}

#[test]
fn a_credential_of_the_wrong_shape_says_which_shapes_there_are() {
    insta::assert_snapshot!(mistakes(
        "[profiles.a]\napi_key = 5\n[profiles.b]\napi_key = { cmd = [\"x\"] }\n[profiles.c]\napi_key = {}\n\
         [profiles.d]\napi_key = { env = \"A\", file = \"b\" }\n[profiles.e]\napi_key = { command = \"pass show x\" }\n\
         [profiles.f]\napi_key = { command = [] }\n[profiles.g]\napi_key = { env = \"A\", ttl = \"1h\" }\n\
         [profiles.h]\napi_key = []\n[profiles.i]\napi_key_env = \"sk-canary-canary\"\n[profiles.j]\napi_key = \"\"\n\
         [profiles.k]\napi_key = { command = [\"x\"], ttl = 0 }"
    ), @r#"
    /etc/byok.toml:2:1: `api_key` must be a string, `{ env = "NAME" }`, `{ file = "PATH" }`, `{ command = ["PROGRAM", "ARGUMENT"] }`, `{ keyring = "NAME" }` or an array of these, not this whole number: `api_key = …`
    /etc/byok.toml:4:1: unknown key `api_key.cmd` of a credential: `api_key = …`
      hint: write `command`
    /etc/byok.toml:6:1: `api_key` must be a table with one of `env`, `file`, `command`, `keyring`, not this table: `api_key = …`
    /etc/byok.toml:8:1: `api_key` must be a table with one of `env`, `file`, `command`, `keyring`, not this table: `api_key = …`
    /etc/byok.toml:10:1: `api_key.command` must be an array of strings, which no shell reads, not a string: `api_key = …`
    /etc/byok.toml:12:1: `api_key.command` is empty: `api_key = …`
    /etc/byok.toml:14:1: unknown key `api_key.ttl` without `command`: `api_key = …`
      hint: `byok config schema` lists every key
    /etc/byok.toml:16:1: `api_key` is empty: `api_key = …`
      hint: leave `api_key` out to send no key
    /etc/byok.toml:18:1: `api_key_env` must be the name of a variable, not this: `api_key_env = …`
    /etc/byok.toml:20:1: `api_key` is empty: `api_key = …`
      hint: leave `api_key` out to send no key
    /etc/byok.toml:22:1: `api_key.ttl` must be a duration such as `"500ms"`, `"3s"`, `"10m"` or seconds, not this whole number: `api_key = …`
    "#);
}

#[test]
fn a_key_with_a_control_character_is_an_error_that_does_not_show_it() {
    let said = mistakes("[profiles.work]\napi_key = \"sk-canary\\ncanary\"");
    assert!(!said.contains("canary"), "{said}");
    insta::assert_snapshot!(said, @r"
    /etc/byok.toml:2:1: `api_key` cannot be sent: it holds an invalid character at position 9: `api_key = …`
      hint: copy the key again, on one line and without other characters, into `api_key`
      hint: leave `api_key` out to send no key
    ");
}

#[test]
fn defaults_hold_nothing_that_belongs_to_one_server() {
    insta::assert_snapshot!(mistakes(
        "[defaults]\ntype = \"azure\"\nbase_url = \"https://h\"\napi_key_env = \"A\"\nbearerToken = \"sk-canary\"\n\
         headers = { x = \"y\" }\ntls = { client_cert = \"c\", ca_file = \"ok\" }\nextends = \"x\"\nstdin = \"never\""
    ), @r#"
    /etc/byok.toml:2:1: key `type` may not stand in `[defaults]`: `type = "azure"`
      hint: it may stand here: profile
    /etc/byok.toml:3:1: key `base_url` may not stand in `[defaults]`: `base_url = "https://h"`
      hint: it may stand here: profile
    /etc/byok.toml:4:1: key `api_key` may not stand in `[defaults]`: `api_key_env = …`
      hint: it may stand here: profile
    /etc/byok.toml:5:1: key `bearer_token` may not stand in `[defaults]`: `bearerToken = …`
      hint: it may stand here: profile
    /etc/byok.toml:6:1: key `headers` may not stand in `[defaults]`: `headers = …`
      hint: it may stand here: profile
    /etc/byok.toml:7:9: key `tls.client_cert` may not stand in `[defaults]`: `tls = …`
      hint: it may stand here: profile
    /etc/byok.toml:8:1: key `extends` may not stand in `[defaults]`: `extends = "x"`
      hint: it may stand here: profile
    /etc/byok.toml:9:1: key `stdin` may not stand in `[defaults]`: `stdin = "never"`
      hint: it may stand here: top
    "#);
}

#[test]
fn one_key_in_two_spellings_is_an_error() {
    insta::assert_snapshot!(mistakes(
        "[profiles.a]\nbase_url = \"http://h\"\nbaseUrl = \"http://h\"\n[profiles.b]\napi_key_env = \"A\"\n\
         api_key = { env = \"A\" }\n[profiles.c]\nheaders = { X-A = \"1\", x-a = \"2\" }\n\
         [profiles.d]\nsystem = \"a\"\nsystem_file = \"b\""
    ), @r#"
    /etc/byok.toml:3:1: `base_url` and `baseUrl` are one key: `baseUrl = "http://h"`
      hint: keep one of the two
    /etc/byok.toml:6:1: `api_key_env` and `api_key` are one key: `api_key = …`
      hint: keep one of the two
    /etc/byok.toml:8:24: `headers.X-A` and `headers.x-a` are one key: `headers = …`
      hint: keep one of the two
    /etc/byok.toml:11:1: `system` and `system_file` exclude each other: `system_file = "b"`
      hint: keep `system` or `system_file`
    "#);
}

#[test]
fn a_broken_file_names_line_and_column_and_shows_no_secret() {
    for text in [
        "[profiles.work]\napi_key = sk-canary",
        "[profiles.work]\napi_key = 'sk-canary",
        "[profiles.work]\napi_key = [\"sk-canary\",\n\"sk-canary\" \"sk-canary\"]",
        "sk-canary",
        "[profiles.work]\nmodel = \"m\" api_key = \"sk-canary\"",
        "[profiles.work]\napi_key = \"sk-canary\"\napi_key = \"sk-canary\"",
        "api_key = \"sk-canary\"",
        "[profiles.work]\n\"sk-canary\" = 1\n",
        "[profiles.work.\"sk-canary\"]\n",
    ] {
        let said = mistakes(text);
        assert!(said.contains("/etc/byok.toml:") && !said.contains("canary"), "{said}");
    }
    insta::assert_snapshot!(mistakes("[profiles.work]\nmodel = \"a\" \"b\""), @r#"/etc/byok.toml:2:13: this is not TOML: unexpected key or value, expected newline, `#`: `model = "a" "b"`"#);
}

#[test]
fn parents_must_exist_and_form_no_circle() {
    insta::assert_snapshot!(mistakes(
        "[profiles.a]\nextends = \"b\"\n[profiles.b]\nextends = \"c\"\n[profiles.c]\nextends = \"a\"\n\
         [profiles.d]\nextends = \"a\"\n[profiles.e]\nextends = \"e\"\n[profiles.work]\n[profiles.f]\nextends = \"wrok\"\n\
         [profiles.g]\nextends = \"nothing\""
    ), @r#"
    /etc/byok.toml:2:1: profiles extend each other in a circle: `a` → `b` → `c` → `a`: `extends = "b"`
      hint: take one `extends` out
    /etc/byok.toml:10:1: profiles extend each other in a circle: `e` → `e`: `extends = "e"`
      hint: take one `extends` out
    /etc/byok.toml:13:1: profile `f` extends `wrok`, which does not exist: `extends = "wrok"`
      hint: write `work`
    /etc/byok.toml:15:1: profile `g` extends `nothing`, which does not exist: `extends = "nothing"`
      hint: `byok profiles` lists the profiles
    "#);
}

#[test]
fn a_chain_that_is_too_long_is_an_error() {
    let links = (0..100).map(|n| format!("[profiles.p{n}]\nextends = \"p{}\"\n", n + 1));
    let said = mistakes(&(links.collect::<String>() + "[profiles.p100]\n"));
    assert!(said.contains("`extends` must be a chain of at most 32 profiles"), "{said}");
}

#[test]
fn names_of_profiles_can_be_typed() {
    for name in ["\"a b\"", "\"\"", "\"-a\"", "\"a/b\"", "\"a\\n\"", "\".a\""] {
        let said = mistakes(&format!("[profiles.{name}]\n"));
        assert!(said.contains("is no name for a profile"), "{said}");
    }
    let names = ["work", "Work-2", "_a", "gpt-4.1", "büro"];
    let tables = names.map(|name| format!("[profiles.\"{name}\"]\n"));
    assert_eq!(loaded(&tables.concat()).file.profiles.len(), names.len());
}

#[test]
fn a_default_profile_must_exist() {
    insta::assert_snapshot!(mistakes("default_profile = \"wrok\"\n[profiles.work]\n"), @r#"
    /etc/byok.toml:1:1: `default_profile` names `wrok`, which does not exist: `default_profile = "wrok"`
      hint: write `work`
    "#);
    for built_in in ["demo", "openai", "ollama"] {
        loaded(&format!("defaultProfile = \"{built_in}\""));
    }
}

#[test]
fn tables_of_the_file_must_be_tables() {
    insta::assert_snapshot!(mistakes("profiles = 1\ndefaults = \"x\""), @r"
    /etc/byok.toml:1:1: `profiles` must be a table, not this whole number: `profiles = …`
    /etc/byok.toml:2:1: `defaults` must be a table, not a string: `defaults = …`
    ");
    insta::assert_snapshot!(mistakes("profiles.work = 1\n[chats]\n"), @r"
    /etc/byok.toml:1:10: `profiles.work` must be a table, not this whole number: `profiles.work = …`
    /etc/byok.toml:2:2: unknown key `chats` at the top of the file: `[chats]`
      hint: write `chat`
    ");
}

#[test]
fn camel_case_and_inline_tables_and_crlf_are_fine() {
    let file = loaded(
        "[profiles.work]\r\nbaseUrl = \"http://h/v1\"\r\nazure = { apiVersion = \"v1\" }\r\n\
         apiKeyEnv = \"A\"\r\nmaxOutputTokens = 5\r\ntimeouts = { firstByte = \"1s\" }\r\n",
    )
    .file;
    let names: Vec<_> = file.profiles["work"].iter().map(|(path, _)| path.to_string()).collect();
    let all =
        ["base_url", "azure.api_version", "api_key", "max_output_tokens", "timeouts.first_byte"];
    assert_eq!(names, all);
}

#[test]
fn deep_and_wide_files_are_read_without_harm() {
    let dots = format!("[profiles.work.extra_body]\n{}x = 1", "a.".repeat(100_000));
    let brackets = format!("[profiles.work.extra_body]\nx = {}", "[".repeat(100_000));
    let head = format!("[profiles.work.extra_body.{}x]", "a.".repeat(100_000));
    for text in [dots, brackets, head] {
        let mistakes = parse(&text).expect_err("no file is that deep");
        assert!(matches!(mistakes[0].fault, Fault::Syntax(_)));
    }
    let lines: Vec<_> = (0..20_000).map(|n| format!("k{n} = {n}\n")).collect();
    let wide = lines.concat();
    let wide = format!(
        "[profiles.a]\nextra_body.k1 = 2\n[profiles.b]\nextends = \"a\"\n[profiles.b.extra_body]\n{wide}"
    );
    assert_eq!(loaded(&wide).file.chain("b").unwrap().iter().count(), 20_001);
}

/// Loads a file with these bytes from disk.
fn load(bytes: &[u8]) -> Result<Option<File>, Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    std::fs::write(&path, bytes).unwrap();
    File::load(&path, &paths())
}

#[test]
fn a_byte_order_mark_is_dropped_and_an_empty_file_is_fine() {
    assert!(load(b"\xef\xbb\xbf[profiles.work]\n").unwrap().unwrap().profiles.contains_key("work"));
    assert!(load(b"").unwrap().is_some());
}

#[test]
fn a_missing_file_is_no_error() {
    assert!(File::load(Path::new("/nonexistent/byok/config.toml"), &paths()).unwrap().is_none());
    assert!(File::load(Path::new("/dev/null/config.toml"), &paths()).unwrap().is_none());
}

#[test]
fn a_file_that_is_none_says_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let error = File::load(folder.path(), &paths()).unwrap_err().to_string();
    assert!(error.ends_with("is a directory"), "{error}");
    let error = load(b"a = 1\n\xff").unwrap_err().to_string();
    assert!(error.ends_with("is not UTF-8 in line 2"), "{error}");
    let error = load(&vec![b'#'; LARGEST + 1]).unwrap_err().to_string();
    assert!(error.ends_with("is larger than 1 MiB"), "{error}");
    assert!(load(&vec![b'#'; LARGEST]).is_ok());
}

#[test]
fn an_endless_file_is_not_read_to_its_end() {
    if cfg!(unix) {
        let error = File::load(Path::new("/dev/zero"), &paths()).unwrap_err().to_string();
        assert!(error.ends_with("is larger than 1 MiB"), "{error}");
    }
    assert_eq!(Path::new(PATH), paths().config);
}
