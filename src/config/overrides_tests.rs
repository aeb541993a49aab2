use super::{
    super::{
        SystemPrompt,
        testing::{base_url, error, no_flags, notices, profile, resolve, set, shown},
    },
    *,
};

#[test]
fn a_variable_that_overrides_a_named_profile_is_said() {
    let text = "[profiles.a]\nmodel = \"m\"\n[profiles.b]";
    let variables = [("BYOK_MODEL", "n")];
    let said = ["variable `BYOK_MODEL` overrides `model` of profile `a`"];
    assert_eq!(notices(text, &profile("a"), &variables), said);
    assert_eq!(notices(text, &profile("b"), &variables), [""; 0]);
    assert_eq!(notices(text, &profile("a"), &[("BYOK_MODEL", "m")]), [""; 0]);
    let flag = Flags { model: Some("o".into()), ..profile("a") };
    assert_eq!(notices(text, &flag, &variables), [""; 0]);
    let by_variable = [("BYOK_MODEL", "n"), ("BYOK_PROFILE", "a")];
    assert_eq!(notices(text, &no_flags(), &by_variable), [""; 0]);
}

#[test]
fn a_wrong_variable_is_named() {
    let text = "[profiles.a]";
    insta::assert_snapshot!(error(text, &no_flags(), &[("BYOK_TYPE", "opneai")]), @r"
    variable `BYOK_TYPE`: unknown value `opneai` for `type`
      hint: write `openai`
      hint: write one of `openai`, `azure`, `anthropic`
    ");
    assert!(!resolve(text, &no_flags(), &[("BYOK_TYPE", "x")]).unwrap_err().is_usage());
    let key = [("BYOK_API_KEY", "sk-\u{7}canary")];
    assert!(!error(text, &no_flags(), &key).contains("canary"));
    let named = [("MINE", "sk-\u{7}canary")];
    insta::assert_snapshot!(error("[profiles.a]\napi_key_env = \"MINE\"", &no_flags(), &named), @r"
    profile `a` has no credential: the key from variable `MINE` cannot be sent: it holds an invalid character at position 3
      hint: copy the key again, on one line and without other characters
    ");
    assert!(resolve(text, &no_flags(), &[("BYOK_MODEL", "")]).unwrap().model.is_none());
}

#[test]
fn flags_reach_their_keys() {
    let all = Flags {
        model: Some("m".into()),
        wire_api: Some("responses".into()),
        api_version: Some("v1".into()),
        system_file: Some("relative.md".into()),
        top_p: Some(0.1),
        max_tokens: Some(9),
        stop: vec!["A".into(), "B".into()],
        seed: Some(3),
        effort: Some("low".into()),
        thinking: Some("show".into()),
        timeout: Some("90".into()),
        retries: Some(5),
        bearer_token_env: Some("T".into()),
        ..base_url("https://h/v1")
    };
    insta::assert_snapshot!(shown("", &all, &[]), @r#"
    profile flags, by flags and variables, without a profile
    base_url | https://h/v1 | flag `--base-url`
    wire_api | responses | flag `--wire-api`
    azure.api_version | v1 | flag `--api-version`
    bearer_token | variable `T`: not set | flag `--bearer-token-env`
    model | m | flag `--model`
    system_file | relative.md | flag `--system-file`
    top_p | 0.1 | flag `--top-p`
    stop | ["A","B"] | flag `--stop`
    seed | 3 | flag `--seed`
    max_output_tokens | 9 | flag `--max-tokens`
    effort | low | flag `--effort`
    thinking | show | flag `--thinking`
    timeouts.total | 90s | flag `--timeout`
    retries | 5 | flag `--retries`
    url | https://h/v1/responses
    headers | accept, user-agent, authorization
    "#);
    let system = SystemPrompt::File("relative.md".into());
    assert_eq!(resolve("", &all, &[]).unwrap().system, Some(system));
}

#[test]
fn set_takes_any_key_of_a_profile_and_texts_without_quotes() {
    let flags = set(&[
        "model=gpt-4.1",
        "temperature=0.5",
        "tls.ca_file=ca.pem",
        "timeouts.idle=3s",
        "headers.X-Team=red",
        "extra_body.reasoning.effort=high",
        "extra_body.n=1",
        "stop=[\"a\", \"b\"]",
        "api_key={env=\"K\"}",
        "wireApi=responses",
        "model=\"last\"",
    ]);
    insta::assert_snapshot!(shown("[profiles.a]\nmodel = \"m\"", &flags, &[("K", "0123456789abcdef")]), @r#"
    profile a, as the only profile in the file
    wire_api | responses | flag `--set`
    api_key | variable `K`: …cdef | flag `--set`
    model | last | flag `--set`
    temperature | 0.5 | flag `--set`
    stop | ["a","b"] | flag `--set`
    headers.x-team | red | flag `--set`
    extra_body.n | 1 | flag `--set`
    extra_body.reasoning.effort | "high" | flag `--set`
    timeouts.idle | 3s | flag `--set`
    tls.ca_file | ca.pem | flag `--set`
    url | https://api.openai.com/v1/responses
    headers | accept, user-agent, authorization, x-team
    "#);
}

#[test]
fn a_bad_set_is_a_usage_error_that_shows_no_secret() {
    let said: Vec<String> = [
        "model",
        "=x",
        "nonsense=1",
        "temprature=1",
        "temperature=hot",
        "type=gemini",
        "retries=-1",
        "api_key=\"sk-canary\"",
        "api_key=sk-canary",
        "headers.authorization=canary",
        "extends=b",
        "default_profile=b",
        "base_url=",
        "extra_body={",
        "stop=5",
    ]
    .iter()
    .map(|word| {
        let error = resolve("[profiles.a]", &set(&[word]), &[]).unwrap_err();
        assert!(error.is_usage(), "{word}");
        error.to_string()
    })
    .collect();
    assert!(!said.concat().contains("canary"));
    insta::assert_snapshot!(said.join("\n"), @r"
    flag `--set`: `model` is no `key=value`
    flag `--set`: `=…` is no `key=value`
    flag `--set`: unknown key `nonsense` among the keys of a profile
    flag `--set`: unknown key `temprature` among the keys of a profile
    flag `--set`: `temperature` must be a number, zero or more, not a string
    flag `--set`: unknown value `gemini` for `type`
    flag `--set`: `retries` must be a whole number from 0 to 100, not this whole number
    flag `--set`: `api_key` would show a secret to everyone who can list processes
    flag `--set`: `api_key` would show a secret to everyone who can list processes
    flag `--set`: `headers.authorization` would show a secret to everyone who can list processes
    flag `--set`: key `extends` may not stand among the flags
    flag `--set`: key `default_profile` may not stand among the keys of a profile
    flag `--set`: `base_url` is empty
    flag `--set`: this is not TOML: unclosed inline table, expected `}`
    flag `--set`: `stop` must be a string or an array of strings, not this whole number
    ");
}

#[test]
fn wrong_flags_are_usage_errors() {
    for wrong in [
        Flags { provider_type: Some("x".into()), ..no_flags() },
        Flags { base_url: Some(String::new()), ..no_flags() },
        Flags { temperature: Some(f64::NAN), ..no_flags() },
        Flags { max_tokens: Some(0), ..no_flags() },
        Flags { retries: Some(1000), ..no_flags() },
        Flags { timeout: Some("soon".into()), ..no_flags() },
        Flags { api_key_env: Some("sk-ant-x".into()), ..no_flags() },
        Flags { system: Some("a".into()), system_file: Some("b".into()), ..no_flags() },
    ] {
        assert!(resolve("[profiles.a]", &wrong, &[]).unwrap_err().is_usage(), "{wrong:?}");
    }
}
