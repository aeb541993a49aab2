//! `byok config` and `byok profiles`, and every way in which a file can be bad.

use std::fs;

use serde_json::{Value, json};

use crate::support::byok::{Byok, Output};

const FILE: &str = "\
default_profile = \"child\"

[defaults]
temperature = 0.2

[profiles.base]
base_url = \"http://localhost:11434/v1\"
api_key = { env = \"KEY\" }

[profiles.child]
extends = \"base\"
model = \"tiny\"
";

fn run(file: &str, args: &[&str]) -> Output {
    let byok = Byok::new().file("config.toml", file).env("KEY", "key-of-more-than-twelve-6789");
    byok.args(args.to_vec()).run()
}

#[track_caller]
fn parsed(output: &Output) -> Value {
    serde_json::from_slice(&output.assert_code(0).stdout).expect("it is JSON")
}

#[test]
fn show_names_each_value_and_its_origin() {
    let output = run(FILE, &["config", "show", "--seed", "1"]);
    insta::assert_snapshot!(output, @r"
    ----- stdout -----
    profile child, chosen by `default_profile`

    extends              base                       [HOME]/.config/byok/config.toml:11
    type                 openai                     default
    base_url             http://localhost:11434/v1  [HOME]/.config/byok/config.toml:7 (inherited from `base`)
    api_key              variable `KEY`: …6789      [HOME]/.config/byok/config.toml:8 (inherited from `base`)
    model                tiny                       [HOME]/.config/byok/config.toml:12
    temperature          0.2                        [HOME]/.config/byok/config.toml:4 (`[defaults]`)
    seed                 1                          flag `--seed`
    thinking             auto                       default
    timeouts.connect     10s                        default
    timeouts.first_byte  10m                        default
    timeouts.idle        5m                         default
    retries              2                          default
    chat.editor          emacs                      default
    chat.prompt          {profile}:{model}>         default
    chat.prompt_style    bold                       default
    chat.history         10000                      default
    screen.render        auto                       default
    screen.accessible    false                      default

    url      http://localhost:11434/v1/chat/completions
    headers  content-type, accept, user-agent, authorization
    ----- stderr -----
    ----- exit code 0 -----
    ");
    let byok = Byok::new().file("config.toml", FILE);
    let value = parsed(&byok.clone().args(["config", "show", "--json"]).run());
    let model =
        value["values"].as_array().and_then(|all| all.iter().find(|it| it["key"] == "model"));
    let path = format!("{}/.config/byok/config.toml", byok.home().display());
    let expected = json!({"key": "model", "value": "tiny",
        "origin": {"kind": "file", "path": path, "line": 12}});
    assert_eq!(model, Some(&expected));
    assert_eq!(value["profile"], "child");
}

#[test]
fn a_profile_can_be_shown_by_its_name_with_the_same_flags() {
    let byok = Byok::new().file("config.toml", FILE);
    let run = |args: &[&str]| byok.clone().args(args.to_vec()).run();
    let by_name = run(&["profiles", "show", "child", "--seed", "1", "-m", "other"]);
    let by_flag = run(&["config", "show", "-P", "child", "--seed", "1", "-m", "other"]);
    let rest = |output: &Output| {
        output.assert_code(0).stdout().split_once('\n').map(|(_, rest)| rest.to_owned())
    };
    assert_eq!(rest(&by_name), rest(&by_flag));
    assert!(by_name.stdout().contains("flag `--seed`"), "{by_name}");
    assert!(by_name.stdout().contains("flag `--model`"), "{by_name}");
}

#[test]
fn a_variable_wins_over_the_file_and_a_flag_over_both() {
    let byok = Byok::new().file("config.toml", FILE).env("BYOK_MODEL", "variable");
    let model = |args: &[&str]| {
        let output = byok.clone().args(["config", "show"]).args(args.to_vec()).run();
        let text = output.assert_code(0).stdout().to_owned();
        let line = text.lines().find(|line| line.starts_with("model ")).unwrap_or_default();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(model(&[]), "model variable variable `BYOK_MODEL`");
    assert_eq!(model(&["-m", "flag"]), "model flag flag `--model`");
}

#[test]
fn check_counts_and_warns() {
    insta::assert_snapshot!(run(FILE, &["config", "check"]), @r"
    ----- stdout -----
    `[HOME]/.config/byok/config.toml`: 2 profiles, no mistakes
    ----- stderr -----
    ----- exit code 0 -----
    ");
    let value = parsed(&run(FILE, &["config", "check", "--json"]));
    assert_eq!((&value["ok"], &value["errors"]), (&Value::Bool(true), &Value::Array(vec![])));
    insta::assert_snapshot!(Byok::new().args(["config", "check"]).run(), @r"
    ----- stdout -----
    `[HOME]/.config/byok/config.toml`: no such file, which is no mistake
    ----- stderr -----
    ----- exit code 0 -----
    ");
}

#[test]
fn path_is_the_path_alone() {
    insta::assert_snapshot!(run(FILE, &["config", "path"]), @r"
    ----- stdout -----
    [HOME]/.config/byok/config.toml
    ----- stderr -----
    ----- exit code 0 -----
    ");
    let value = parsed(&run(FILE, &["config", "path", "--json"]));
    assert_eq!(value["exists"], true);
    let named = Byok::new().args(["config", "path", "--config", "other.toml"]).run();
    named.assert_code(0).assert_stdout("other.toml\n");
    let variable = Byok::new().env("BYOK_CONFIG", "/x/y.toml").args(["config", "path"]).run();
    variable.assert_code(0).assert_stdout("/x/y.toml\n");
}

#[test]
fn profiles_are_listed_with_the_default_marked() {
    insta::assert_snapshot!(run(FILE, &["profiles"]), @r"
    ----- stdout -----
      base   openai, no model  http://localhost:11434  (file)
    * child  openai, tiny      http://localhost:11434  (file)
      demo   openai, demo      inside the program  (built-in)
    ----- stderr -----
    ----- exit code 0 -----
    ");
    let value = parsed(&run(FILE, &["profiles", "--json"]));
    insta::assert_snapshot!(format!("{value:#}"), @r#"
    [
      {
        "name": "base",
        "from": "file",
        "default": false,
        "type": "openai",
        "model": null,
        "server": "http://localhost:11434"
      },
      {
        "name": "child",
        "from": "file",
        "default": true,
        "type": "openai",
        "model": "tiny",
        "server": "http://localhost:11434"
      },
      {
        "name": "demo",
        "from": "built-in",
        "default": false,
        "type": "openai",
        "model": "demo",
        "server": "http://127.0.0.1"
      }
    ]
    "#);
}

#[test]
fn an_unknown_profile_names_those_there_are() {
    insta::assert_snapshot!(run(FILE, &["config", "show", "-P", "chlid"]), @r"
    ----- stdout -----
    ----- stderr -----
    error: unknown profile `chlid`

    hint: did you mean `--profile child`?
    hint: the profiles are: `base`, `child`
    ----- exit code 3 -----
    ");
    run(FILE, &["profiles", "show", "chlid"]).assert_code(3).assert_stdout("");
}

#[test]
fn the_schemas_are_json() {
    for args in [&["config", "schema"][..], &["config", "schema", "--events"]] {
        let schema = parsed(&Byok::new().args(args.to_vec()).run());
        assert!(schema["$schema"].is_string() && schema["properties"].is_object(), "{schema}");
    }
}

#[test]
fn an_unknown_key_names_file_line_column_and_the_nearest_one() {
    insta::assert_snapshot!(run("[profiles.p]\nendpoint = \"http://h\"\n", &["ask", "hi"]), @r"
    ----- stdout -----
    ----- stderr -----
    error: [HOME]/.config/byok/config.toml:2:1: unknown key `endpoint` in profile `p`: `endpoint = …`

    hint: write `base_url`
    ----- exit code 3 -----
    ");
}

/// What is wrong, and what is said of it.
const BAD: [(&str, &str); 14] = [
    ("[profiles.p]\ndeployment = \"x\"", "`model`"),
    ("[profiles.p]\nmodle = \"x\"", "`model`"),
    ("profils = 1", "`profiles`"),
    ("[profiles.p]\nmodel = 1", "`model`"),
    ("[profiles.p]\nretries = \"two\"", "`retries`"),
    ("[profiles.p]\ntype = \"opnai\"", "`openai`"),
    ("[profiles.p]\ntimeouts.idle = \"5 parsecs\"", "`timeouts.idle`"),
    ("[profiles.p]\nbase_url = \"\"", "`base_url`"),
    ("[profiles.p]\nextends = \"q\"", "`q`"),
    ("[profiles.p]\nextends = \"q\"\n[profiles.q]\nextends = \"p\"", "`p`"),
    ("[profiles.p]\nextends = \"p\"", "`p`"),
    ("[profiles.\"a b\"]\n", "`a b`"),
    ("[defaults]\napi_key = \"x\"", "`api_key`"),
    ("[profiles.p]\nmodel = ", "config.toml"),
];

#[test]
fn each_mistake_in_a_file_is_exit_3_and_named() {
    for (file, says) in BAD {
        let file = format!("{file}\n");
        for args in [&["ask", "-P", "p", "hi"][..], &["config", "check"]] {
            let output = run(&file, args);
            output.assert_code(3);
            let said = format!("{}{}", output.stdout(), output.stderr());
            assert!(said.contains(says), "{file}\n{output}");
            assert!(!said.contains("panicked"), "{output}");
        }
    }
}

#[test]
fn an_empty_file_is_no_mistake_and_no_profile() {
    for file in ["", "# nothing\n", "\u{feff}", "\r\n"] {
        run(file, &["config", "check"]).assert_code(0);
        run(file, &["ask", "hi"]).assert_code(3).assert_stderr_has("no profile");
    }
}

#[test]
fn a_file_that_can_not_be_read_says_why() {
    let huge = format!("# {}\n", "x".repeat(64 << 20));
    for (what, content, says) in [
        ("huge", huge.into_bytes(), "large"),
        ("not UTF-8", b"model = \"\xff\"\n".to_vec(), "UTF-8"),
        ("NUL", b"model = \"\0\"\n".to_vec(), "config.toml"),
    ] {
        let byok = Byok::new().file("config.toml", content);
        for args in [&["ask", "hi"][..], &["config", "check"], &["config", "show"], &["profiles"]] {
            let output = byok.clone().args(args.to_vec()).run();
            output.assert_code(3);
            let said = format!("{}{}", output.stdout(), output.stderr());
            assert!(said.contains(says), "{what}: {output}");
        }
    }
    let byok = Byok::new();
    fs::create_dir_all(byok.home().join(".config/byok/config.toml")).expect("the home is ours");
    let output = byok.clone().args(["ask", "hi"]).run();
    output.assert_code(3).assert_stdout("").assert_stderr_has("directory");
    let named = Byok::new().args(["--config", "none.toml", "hi"]).run();
    named.assert_code(3).assert_stdout("").assert_stderr_has("no profile");
}

#[cfg(unix)]
#[test]
fn an_endless_file_is_refused() {
    for device in ["/dev/zero", "/dev/full"] {
        let output = Byok::new().args(["--config", device, "hi"]).run();
        output.assert_code(3).assert_stdout("");
    }
}

#[test]
fn nothing_is_read_from_the_working_directory() {
    let hostile = "default_profile = \"evil\"\n[profiles.evil]\nbase_url = \"http://127.0.0.1:9/v1\"\nmodel = \"evil\"\n";
    let mut byok = Byok::new();
    for name in [
        "byok.toml",
        ".byok.toml",
        "byok/config.toml",
        ".config/byok/config.toml",
        "config/config.toml",
    ] {
        byok = byok.file(name, hostile);
    }
    fs::write(byok.work().join("config.toml"), hostile).expect("the home is ours");
    byok = byok.file(
        ".env",
        "OPENAI_API_KEY=evil\nBYOK_MODEL=evil\nBYOK_BASE_URL=http://127.0.0.1:9/v1\n",
    );
    byok = byok.file(".netrc", "machine 127.0.0.1 login evil password evil\n");
    for args in [
        &["ask", "hi"][..],
        &["config", "show"],
        &["profiles"],
        &["config", "check"],
        &["config", "path"],
    ] {
        let output = byok.clone().args(args.to_vec()).run();
        assert!(!format!("{output}").contains("evil"), "{output}");
    }
    byok.clone().args(["ask", "hi"]).run().assert_code(3);
    byok.args(["ask", "-P", "demo", "echo fine"]).run().assert_code(0).assert_stdout("fine\n");
}
