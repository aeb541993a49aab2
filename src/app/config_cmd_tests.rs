use super::*;
use crate::config::testing::{env, loaded, parse, resolve};

#[test]
fn defaults_are_shown_too() {
    let effective = resolve("[profiles.a]\nmodel = \"m\"", &Flags::default(), &[]).unwrap();
    insta::assert_snapshot!(show(&effective, &Layer::default(), &env(&[])).text, @r"
    profile a, chosen as the only profile in the file

    type                 openai                     default
    base_url             https://api.openai.com/v1  default
    model                m                          /etc/byok.toml:2
    thinking             auto                       default
    timeouts.connect     10s                        default
    timeouts.first_byte  10m                        default
    timeouts.idle        5m                         default
    retries              2                          default

    url      https://api.openai.com/v1/chat/completions
    headers  content-type, accept, user-agent
    ");
}

#[test]
fn secrets_are_shown_as_source_and_last_four() {
    let text = "[profiles.a]\nmodel = \"m\"\nbase_url = \"https://h/v1\"\n\
                api_key = [\"sk-canary-9876\", { env = \"SHORT\" }, { env = \"LONG\" }, { env = \"UNSET\" },\n\
                { file = \"key\" }, { command = [\"pass\", \"show\", \"canary\"] }]\n\
                headers = { x-token = \"canary-canary-5432\" }\nproxy = \"http://me:canary@p\"\n\
                extra_body = { api_key = \"canary\" }";
    let variables = [("SHORT", "canary"), ("LONG", "canary-canary-1111")];
    let effective = resolve(text, &Flags::default(), &variables).unwrap();
    let answer = show(&effective, &Layer::default(), &env(&variables));
    assert!(!answer.text.contains("canary"), "{}", answer.text);
    assert!(!answer.json.to_string().contains("canary"), "{}", answer.json);
    insta::assert_snapshot!(answer.text, @r"
    profile a, chosen as the only profile in the file

    type                 openai        default
    base_url             https://h/v1  /etc/byok.toml:3
    api_key              …9876, else variable `SHORT`: …, else variable `LONG`: …1111, else variable `UNS…  /etc/byok.toml:4
    model                m             /etc/byok.toml:2
    thinking             auto          default
    headers.x-token      …5432         /etc/byok.toml:6
    extra_body.api_key   …             /etc/byok.toml:8
    timeouts.connect     10s           default
    timeouts.first_byte  10m           default
    timeouts.idle        5m            default
    retries              2             default
    proxy                http://…@p    /etc/byok.toml:7

    url      https://h/v1/chat/completions
    headers  content-type, accept, user-agent, authorization, x-token
    ");
}

#[test]
fn programs_get_values_origins_url_and_headers() {
    let text = "[defaults]\nseed = 1\n[profiles.base]\ntype = \"anthropic\"\n[profiles.a]\nextends = \"base\"\n\
                model = \"m\"\ntimeouts.total = \"90s\"\nextra_body.x = { y = true }";
    let flags = Flags { temperature: Some(0.5), profile: Some("a".into()), ..Flags::default() };
    let effective = resolve(text, &flags, &[]).unwrap();
    insta::assert_snapshot!(format!("{:#}", show(&effective, &Layer::default(), &env(&[])).json), @r#"
    {
      "profile": "a",
      "chosen": "by flag `--profile`",
      "values": [
        {
          "key": "extends",
          "value": "base",
          "origin": {
            "kind": "file",
            "path": "/etc/byok.toml",
            "line": 6
          }
        },
        {
          "key": "type",
          "value": "anthropic",
          "origin": {
            "kind": "file",
            "path": "/etc/byok.toml",
            "line": 4,
            "inherited_from": "base"
          }
        },
        {
          "key": "base_url",
          "value": "https://api.anthropic.com",
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "model",
          "value": "m",
          "origin": {
            "kind": "file",
            "path": "/etc/byok.toml",
            "line": 7
          }
        },
        {
          "key": "temperature",
          "value": 0.5,
          "origin": {
            "kind": "flag",
            "name": "--temperature"
          }
        },
        {
          "key": "seed",
          "value": 1,
          "origin": {
            "kind": "file",
            "path": "/etc/byok.toml",
            "line": 2,
            "section": "defaults"
          }
        },
        {
          "key": "thinking",
          "value": "auto",
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "extra_body.x.y",
          "value": true,
          "origin": {
            "kind": "file",
            "path": "/etc/byok.toml",
            "line": 9
          }
        },
        {
          "key": "timeouts.connect",
          "value": "10s",
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "timeouts.first_byte",
          "value": "10m",
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "timeouts.idle",
          "value": "5m",
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "timeouts.total",
          "value": "90s",
          "origin": {
            "kind": "file",
            "path": "/etc/byok.toml",
            "line": 8
          }
        },
        {
          "key": "retries",
          "value": 2,
          "origin": {
            "kind": "default"
          }
        }
      ],
      "notices": [],
      "url": "https://api.anthropic.com/v1/messages",
      "wire_format": "messages",
      "headers": [
        "content-type",
        "accept",
        "user-agent",
        "anthropic-version"
      ]
    }
    "#);
}

#[test]
fn the_chat_and_the_screen_are_shown_after_the_profile() {
    let text = "[chat]\neditor = \"vi\"\n[screen]\naccessible = true\n[profiles.a]\nmodel = \"m\"";
    let loaded = loaded(text);
    let effective = loaded.resolve(&Flags::default(), &env(&[])).unwrap();
    let answer = show(&effective, &loaded.values_beside_profiles(), &env(&[]));
    let shown = answer.text.lines().skip_while(|line| !line.starts_with("chat."));
    let shown = shown.take_while(|line| !line.is_empty());
    insta::assert_snapshot!(shown.collect::<Vec<_>>().join("\n"), @r"
    chat.editor          vi                         /etc/byok.toml:2
    chat.prompt          {profile}:{model}>         default
    chat.prompt_style    bold                       default
    chat.history         10000                      default
    screen.render        auto                       default
    screen.accessible    true                       /etc/byok.toml:4
    ");
    let values = answer.json["values"].as_array().unwrap();
    let prompt = values.iter().find(|value| value["key"] == "chat.prompt").unwrap();
    assert_eq!(prompt["value"], "{profile}:{model}> ");
}

#[test]
fn an_address_that_leads_nowhere_is_shown_and_no_failure() {
    let text = "[profiles.a]\nmodel = \"m\"\nbase_url = \"https://r.openai.azure.com\"";
    let effective = resolve(text, &Flags::default(), &[]).unwrap();
    let answer = show(&effective, &Layer::default(), &env(&[]));
    assert!(answer.is_ok && answer.text.contains("error    profile `a`"), "{}", answer.text);
    assert!(answer.json["error"]["hints"].is_array());
}

#[test]
fn a_check_lists_every_mistake_and_every_warning() {
    let mistakes = parse("[profiles.a]\nendpoint = \"x\"\nretries = -1").unwrap_err();
    let answer = check(&Err(Error::Mistakes(mistakes)), &env(&[]));
    assert!(!answer.is_ok);
    insta::assert_snapshot!(answer.text, @r"
    error: /etc/byok.toml:2:1: unknown key `endpoint` in profile `a`: `endpoint = …`
      hint: write `base_url`
    error: /etc/byok.toml:3:1: `retries` must be a whole number from 0 to 100, not this whole number: `retries = -1`
    ");
    let good = loaded(
        "[profiles.a]\nmodel = \"m\"\nfallback = \"b\"\nprice.input = 1\n[profiles.b]\n\
         type = \"azure\"\nmodel = \"m\"\n[profiles.c]\nextends = \"a\"",
    );
    let answer = check(&Ok(good), &env(&[]));
    assert!(!answer.is_ok);
    insta::assert_snapshot!(answer.text, @r#"
    warning: profile `a` sets `fallback`, which no command uses yet
    warning: profile `a` sets `price.input`, which no command uses yet
    error: profile `b`: `type = "azure"` needs a `base_url` (type `azure`)
      hint: add `base_url = "https://YOUR-RESOURCE.openai.azure.com"`
    `/etc/byok.toml`: 3 profiles, 1 with mistakes
    "#);
}

#[test]
fn a_file_without_mistakes_checks_out_and_no_file_does_too() {
    let answer = check(&Ok(loaded("[profiles.a]")), &env(&[]));
    assert_eq!((answer.is_ok, &*answer.text), (true, "`/etc/byok.toml`: 1 profile, no mistakes\n"));
    let mut none = loaded("");
    none.has_file = false;
    assert!(check(&Ok(none), &env(&[])).is_ok);
}

#[test]
fn the_path_stands_alone_for_shells() {
    assert_eq!(path(&loaded("").paths).text, "/etc/byok.toml\n");
}
