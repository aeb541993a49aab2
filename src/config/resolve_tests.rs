use super::{
    super::testing::{
        base_url, described, error, loaded, no_flags, notices, profile, resolve, shown,
    },
    *,
};
use crate::provider::Origin as Host;

const WORK: &str = r#"
[defaults]
temperature = 0.2
top_p = 0.5
[profiles.base]
type = "azure"
base_url = "https://my-resource.openai.azure.com"
api_key = { env = "AZURE_KEY" }
model = "gpt-4o"
headers = { X-Team = "a", x-user = "u" }
extra_body = { reasoning = { effort = "low", summary = "auto" } }
[profiles.work]
extends = "base"
model = "gpt-4o-mini"
top_p = 0.7
headers = { x-team = "b" }
extra_body.reasoning.effort = "high"
"#;

#[test]
fn the_nearest_layer_wins_and_every_value_keeps_its_origin() {
    let flags = Flags { temperature: Some(0.9), ..profile("work") };
    let variables = [("BYOK_MODEL", "gpt-5"), ("AZURE_KEY", "0123456789abcdef")];
    insta::assert_snapshot!(shown(WORK, &flags, &variables), @r#"
    profile work, by flag `--profile`
    extends | base | /etc/byok.toml:13
    type | azure | /etc/byok.toml:6 (inherited from `base`)
    base_url | https://my-resource.openai.azure.com | /etc/byok.toml:7 (inherited from `base`)
    api_key | variable `AZURE_KEY`: …cdef | /etc/byok.toml:8 (inherited from `base`)
    model | gpt-5 | variable `BYOK_MODEL`
    temperature | 0.9 | flag `--temperature`
    top_p | 0.7 | /etc/byok.toml:15
    headers.x-team | b | /etc/byok.toml:16
    headers.x-user | u | /etc/byok.toml:10 (inherited from `base`)
    extra_body.reasoning.effort | "high" | /etc/byok.toml:17
    extra_body.reasoning.summary | "auto" | /etc/byok.toml:11 (inherited from `base`)
    url | https://my-resource.openai.azure.com/openai/deployments/gpt-5/chat/completions?api-version=2024-10-21
    headers | accept, user-agent, api-key, x-team, x-user
    notice | variable `BYOK_MODEL` overrides `model` of profile `work`
    "#);
}

#[test]
fn the_profile_is_chosen_in_this_order() {
    let two = "default_profile = \"b\"\n[profiles.a]\n[profiles.b]\n[profiles.c]";
    let chosen = |text: &str, flags: &Flags, variables: &[(&str, &str)]| {
        let effective = resolve(text, flags, variables).unwrap();
        (effective.profile, effective.choice)
    };
    let is = |name: &str, choice| (name.to_owned(), choice);
    let variable = [("BYOK_PROFILE", "c"), ("OPENAI_API_KEY", "k")];
    assert_eq!(chosen(two, &profile("a"), &variable), is("a", Choice::Flag));
    assert_eq!(chosen(two, &no_flags(), &variable), is("c", Choice::Variable));
    assert_eq!(chosen(two, &no_flags(), &variable[1..]), is("b", Choice::Default));
    assert_eq!(chosen("[profiles.a]", &no_flags(), &variable[1..]), is("a", Choice::OnlyOne));
    assert_eq!(chosen("", &no_flags(), &variable[1..]), is("openai", Choice::Environment));
    assert_eq!(chosen("", &base_url("http://localhost:1/v1"), &[]), is("flags", Choice::Flags));
    assert_eq!(chosen("[profiles.openai]", &profile("openai"), &[]), is("openai", Choice::Flag));
}

#[test]
fn several_or_no_profiles_are_listed_with_the_ways_out() {
    insta::assert_snapshot!(error("", &no_flags(), &[]), @r"
    there is no profile to use
      hint: `byok init` writes a `config.toml` to start from
      hint: `--profile demo` tries everything without a key
    ");
    insta::assert_snapshot!(error("[profiles.a]\n[profiles.b]", &no_flags(), &[("OPENAI_API_KEY", "k")]), @r"
    several profiles are on offer and none is chosen: `a`, `b`, `openai`
      hint: choose one with `--profile a`, or set `default_profile`
      hint: `byok init` writes a `config.toml` to start from
      hint: `--profile demo` tries everything without a key
    ");
    insta::assert_snapshot!(error("", &no_flags(), &[("OPENAI_API_KEY", "k"), ("OLLAMA_HOST", "x")]), @r"
    several profiles are on offer and none is chosen: `openai`, `ollama`
      hint: choose one with `--profile openai`, or set `default_profile`
      hint: `byok init` writes a `config.toml` to start from
      hint: `--profile demo` tries everything without a key
    ");
}

#[test]
fn an_unknown_profile_names_the_nearest_and_who_named_it() {
    insta::assert_snapshot!(error("[profiles.work]", &profile("wrok"), &[]), @r"
    unknown profile `wrok`
      hint: did you mean `--profile work`?
      hint: the profiles are: `work`
    ");
    insta::assert_snapshot!(error("", &no_flags(), &[("BYOK_PROFILE", "work")]), @r"
    unknown profile `work`
      hint: it was named by variable `BYOK_PROFILE`
      hint: `byok init` writes a `config.toml` to start from
    ");
    insta::assert_snapshot!(error("", &profile("azure"), &[("AZURE_OPENAI_API_KEY", "k")]), @r"
    profile `azure` comes from the environment and needs `AZURE_OPENAI_API_KEY`, `AZURE_OPENAI_ENDPOINT`
      hint: set `AZURE_OPENAI_API_KEY`, `AZURE_OPENAI_ENDPOINT`, or write `[profiles.azure]` into the configuration file
    ");
}

#[test]
fn the_only_profile_of_the_environment_is_used_and_said() {
    let said = |variables: &[(&str, &str)]| shown("", &no_flags(), variables);
    insta::assert_snapshot!(said(&[("ANTHROPIC_API_KEY", "sk-ant-0123456789")]), @r"
    profile anthropic, as the only one that the environment offers
    type | anthropic | built-in profile `anthropic`
    api_key | variable `ANTHROPIC_API_KEY`: …6789 | variable `ANTHROPIC_API_KEY`
    error | no model is set for profile `anthropic`
    notice | using profile `anthropic` from the environment: `ANTHROPIC_API_KEY`
    ");
    insta::assert_snapshot!(said(&[
        ("AZURE_OPENAI_API_KEY", "k"), ("AZURE_OPENAI_ENDPOINT", "https://r.openai.azure.com/"),
        ("BYOK_MODEL", "gpt-4o"),
    ]), @r"
    profile azure, as the only one that the environment offers
    type | azure | built-in profile `azure`
    base_url | https://r.openai.azure.com/ | variable `AZURE_OPENAI_ENDPOINT`
    api_key | variable `AZURE_OPENAI_API_KEY`: … | variable `AZURE_OPENAI_API_KEY`
    model | gpt-4o | variable `BYOK_MODEL`
    url | https://r.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21
    headers | accept, user-agent, api-key
    notice | using profile `azure` from the environment: `AZURE_OPENAI_API_KEY`, `AZURE_OPENAI_ENDPOINT`
    ");
    insta::assert_snapshot!(said(&[("OLLAMA_HOST", "0.0.0.0"), ("OPENAI_BASE_URL", "http://h")]), @r"
    profile ollama, as the only one that the environment offers
    type | openai | built-in profile `ollama`
    base_url | http://127.0.0.1:11434/v1 | variable `OLLAMA_HOST`
    error | no model is set for profile `ollama`
    notice | using profile `ollama` from the environment: `OLLAMA_HOST`
    ");
}

#[test]
fn the_variables_of_copilot_are_a_profile() {
    insta::assert_snapshot!(shown("", &profile("copilot"), &[
        ("COPILOT_PROVIDER_BASE_URL", "https://r.openai.azure.com"),
        ("COPILOT_PROVIDER_TYPE", "azure"), ("COPILOT_PROVIDER_API_KEY", "the-key"),
        ("COPILOT_PROVIDER_BEARER_TOKEN", "the-token"), ("COPILOT_MODEL", "gpt-5"),
        ("COPILOT_PROVIDER_WIRE_MODEL", "my-gpt-5"), ("COPILOT_PROVIDER_MAX_OUTPUT_TOKENS", "4096"),
    ]), @r"
    profile copilot, by flag `--profile`
    type | azure | variable `COPILOT_PROVIDER_TYPE`
    base_url | https://r.openai.azure.com | variable `COPILOT_PROVIDER_BASE_URL`
    azure.api_version | v1 | built-in profile `copilot`
    api_key | variable `COPILOT_PROVIDER_API_KEY`: … | variable `COPILOT_PROVIDER_API_KEY`
    bearer_token | variable `COPILOT_PROVIDER_BEARER_TOKEN`: … | variable `COPILOT_PROVIDER_BEARER_TOKEN`
    model | gpt-5 | variable `COPILOT_MODEL`
    wire_model | my-gpt-5 | variable `COPILOT_PROVIDER_WIRE_MODEL`
    max_output_tokens | 4096 | variable `COPILOT_PROVIDER_MAX_OUTPUT_TOKENS`
    url | https://r.openai.azure.com/openai/v1/chat/completions
    headers | accept, user-agent, authorization
    notice | `COPILOT_PROVIDER_AZURE_API_VERSION` is not set: using Azure's v1 route, as Copilot does
    ");
    let wrong = [("COPILOT_PROVIDER_BASE_URL", "http://h/v1"), ("COPILOT_PROVIDER_TYPE", "gemini")];
    insta::assert_snapshot!(error("", &no_flags(), &wrong), @r"
    variable `COPILOT_PROVIDER_TYPE`: unknown value `gemini` for `type`
      hint: write one of `openai`, `azure`, `anthropic`
    ");
}

#[test]
fn another_model_drops_the_wire_name_of_the_first() {
    let text = "[profiles.a]\nmodel = \"m\"\nwire_model = \"w\"\n[profiles.b]\nextends = \"a\"\nmodel = \"n\"";
    let on_wire =
        |flags: &Flags| resolve(text, flags, &[]).unwrap().model_on_wire().map(str::to_owned);
    assert_eq!(on_wire(&profile("a")).as_deref(), Some("w"));
    assert_eq!(on_wire(&profile("b")).as_deref(), Some("n"));
    let flag = Flags { model: Some("o".into()), ..profile("a") };
    assert_eq!(on_wire(&flag).as_deref(), Some("o"));
    let both = Flags { set: vec!["wire_model=v".into()], ..flag };
    assert_eq!(on_wire(&both).as_deref(), Some("v"));
}

#[test]
fn no_model_is_an_error_for_prompts_and_none_for_the_list() {
    let effective =
        resolve("[profiles.a]\nbase_url = \"http://localhost:1/v1\"", &no_flags(), &[]).unwrap();
    insta::assert_snapshot!(described(&effective.target().unwrap_err()), @r#"
    no model is set for profile `a`
      hint: add `model = "…"` to profile `a`
      hint: or name one with `--model NAME`; `byok models` lists what the server has
    "#);
    let target = effective.models_target().unwrap();
    assert_eq!(target.endpoint.models_url, "http://localhost:1/v1/models");
    let azure = "[profiles.a]\ntype = \"azure\"\nbase_url = \"https://r.openai.azure.com\"";
    let effective = resolve(azure, &no_flags(), &[]).unwrap();
    assert!(matches!(effective.target(), Err(Error::NoModel { .. })));
    assert!(effective.models_target().is_ok());
    let portal = "[profiles.a]\ntype = \"azure\"\nbase_url = \"https://r.openai.azure.com/openai/deployments/d1\"";
    assert_eq!(resolve(portal, &no_flags(), &[]).unwrap().target().unwrap().model, "d1");
}

#[test]
fn an_address_that_leads_nowhere_says_where_it_is_written() {
    let text = "[profiles.a]\nmodel = \"m\"\nbase_url = \"https://me:canary@h/v1\"";
    let effective = resolve(text, &no_flags(), &[]).unwrap();
    let said = described(&effective.target().unwrap_err());
    assert!(said.contains("/etc/byok.toml:3") && !said.contains("canary"), "{said}");
    let shown = shown(text, &no_flags(), &[]);
    assert!(!shown.contains("canary"), "{shown}");
    let azure = resolve("[profiles.a]\ntype = \"azure\"\nmodel = \"m\"", &no_flags(), &[]).unwrap();
    insta::assert_snapshot!(described(&azure.target().unwrap_err()), @r#"
    profile `a`: `type = "azure"` needs a `base_url` (type `azure`)
      hint: add `base_url = "https://YOUR-RESOURCE.openai.azure.com"`
    "#);
}

#[test]
fn spellings_on_the_wire_follow_host_type_and_header() {
    let dialect = |text: &str| {
        let text = format!("[profiles.a]\nmodel = \"m\"\n{text}");
        let dialect = resolve(&text, &no_flags(), &[]).unwrap().target().unwrap().dialect;
        (dialect.limit_field, dialect.store_false, dialect.no_sampling)
    };
    let tokens = Some("max_tokens".to_owned());
    assert_eq!(dialect(""), (None, true, false));
    assert_eq!(dialect("base_url = \"http://localhost:1/v1\""), (tokens.clone(), false, false));
    assert_eq!(dialect("base_url = \"https://api.openai.com.evil/v1\""), (tokens, false, false));
    assert_eq!(dialect("type = \"azure\"\nbase_url = \"http://gw/prefix\""), (None, false, false));
    assert_eq!(
        dialect("base_url = \"https://r.openai.azure.com/openai/v1\""),
        (None, false, false)
    );
    let own = "base_url = \"http://localhost:1/v1\"\nlimit_field = \"max_completion_tokens\"";
    assert_eq!(dialect(own), (Some("max_completion_tokens".into()), false, false));
    let version = |version: &str| {
        dialect(&format!("type = \"anthropic\"\nheaders.anthropic-version = \"{version}\"")).2
    };
    assert_eq!(
        (version("2023-06-01"), version("2026-10-21"), version("2027-01-01")),
        (false, true, true)
    );
}

#[test]
fn every_key_reaches_its_place() {
    let text = r#"
[profiles.a]
base_url = "https://h/v1"
wire_api = "responses"
model = "m"
system = "s"
temperature = 1
top_p = 0.5
stop = "END"
seed = -1
max_output_tokens = 5
max_prompt_tokens = 6
context_window = 7
effort = "high"
verbosity = "low"
thinking = "hide"
query = { a = "b" }
extra_body = { x = { y = [1, true, "z"] }, n = 1.5 }
timeouts = { connect = "500ms", first_byte = 1, idle = "1m30s", total = "2h" }
retries = 0
proxy = "http://p:1"
tls = { ca_file = "ca.pem", client_cert = "~/c.pem", client_key = "/k.pem" }
fallback = ["b"]
"#;
    let effective = resolve(text, &no_flags(), &[]).unwrap();
    let seconds = Duration::from_secs;
    assert_eq!(
        effective.options,
        Options {
            temperature: Some(1.0),
            top_p: Some(0.5),
            stop: vec!["END".into()],
            seed: Some(-1),
            max_output_tokens: Some(5),
            effort: Some("high".into()),
            verbosity: Some("low".into()),
        }
    );
    assert_eq!(
        effective.network,
        Network {
            timeouts: Timeouts {
                connect: Duration::from_millis(500),
                first_byte: seconds(1),
                idle: seconds(90),
                total: Some(seconds(7200)),
            },
            proxy: Some("http://p:1".into()),
            tls: Tls {
                ca_file: Some("/etc/ca.pem".into()),
                client_cert: Some("/home/ada/c.pem".into()),
                client_key: Some("/k.pem".into()),
            },
        }
    );
    assert_eq!((effective.max_prompt_tokens, effective.context_window), (Some(6), Some(7)));
    assert_eq!((effective.thinking, effective.retries), (Thinking::Hide, 0));
    assert_eq!(effective.system, Some(SystemPrompt::Text("s".into())));
    assert_eq!(effective.fallback, ["b"]);
    let target = effective.target().unwrap();
    assert_eq!(target.endpoint.url, "https://h/v1/responses?a=b");
    let body = serde_json::json!({ "n": 1.5, "x": { "y": [1, true, "z"] } });
    assert_eq!(serde_json::Value::from(target.dialect.extra_body), body);
}

#[test]
fn the_demo_needs_nothing_and_gets_no_key() {
    let variables = [
        ("BYOK_BASE_URL", "https://b/v1"),
        ("BYOK_API_KEY", "sk-0123456789"),
        ("OPENAI_API_KEY", "sk-0123456789"),
        ("OPENAI_BASE_URL", "https://c/v1"),
    ];
    let mut effective = resolve("[profiles.a]", &profile("demo"), &variables).unwrap();
    assert!(effective.is_demo && effective.credential.is_none());
    assert_eq!(effective.model.as_deref(), Some("demo"));
    assert!(effective.target().unwrap().endpoint.origin.is_loopback());
    effective.serve_demo_at("http://127.0.0.1:4567");
    let target = effective.target().unwrap();
    assert_eq!(target.endpoint.url, "http://127.0.0.1:4567/v1/chat/completions");
    for (word, url) in [
        ("anthropic", "http://127.0.0.1:4567/v1/messages"),
        (
            "azure",
            "http://127.0.0.1:4567/openai/deployments/cut/chat/completions?api-version=2024-10-21",
        ),
    ] {
        let provider_type = Some(word.to_owned());
        let flags = Flags { provider_type, model: Some("cut".into()), ..profile("demo") };
        let mut effective = resolve("", &flags, &[]).unwrap();
        effective.serve_demo_at("http://127.0.0.1:4567/");
        assert_eq!(effective.target().unwrap().endpoint.url, url);
    }
}

#[test]
fn the_demo_answers_only_when_named_and_a_profile_of_that_name_wins() {
    assert!(matches!(resolve("", &no_flags(), &[]), Err(Error::NoProfile { .. })));
    let effective = resolve("[profiles.demo]\nmodel = \"m\"", &profile("demo"), &[]).unwrap();
    assert!(!effective.is_demo);
    assert_eq!(effective.notices, ["using your own profile `demo` in place of the built-in one"]);
    let flags = Flags { profile: Some("demo".into()), ..base_url("http://h/v1") };
    assert_eq!(
        notices("", &flags, &[]),
        ["profile `demo` has its own server: `base_url` is not used"]
    );
}

#[test]
fn a_child_may_hide_a_value_with_a_table_and_a_table_with_a_value() {
    let text = "[profiles.a]\nextra_body = { x = 1, y = { z = 1, w = 2 } }\n\
                [profiles.b]\nextends = \"a\"\nextra_body = { x = { k = 2 }, y = 3 }\n\
                [profiles.c]\nextends = \"b\"\nextra_body = { y = { v = 4 } }";
    let body = |name: &str| {
        serde_json::Value::from(resolve(text, &profile(name), &[]).unwrap().extra_body).to_string()
    };
    assert_eq!(body("b"), r#"{"x":{"k":2},"y":3}"#);
    assert_eq!(body("c"), r#"{"x":{"k":2},"y":{"v":4}}"#);
}

#[test]
fn the_names_of_key_variables_are_known_for_children() {
    let loaded = loaded("[profiles.a]\napi_key = [{ env = \"A\" }, { env = \"B\" }]");
    let names = loaded.key_variables();
    for name in ["A", "B", "OPENAI_API_KEY", "BYOK_API_KEY", "COPILOT_PROVIDER_BEARER_TOKEN"] {
        assert!(names.contains(name), "{name}");
    }
}

#[test]
fn debug_shows_no_secret() {
    let text = "[profiles.a]\nmodel = \"m\"\napi_key = \"sk-canary-canary\"";
    let effective = resolve(text, &no_flags(), &[]).unwrap();
    let debug = format!("{effective:?} {:?} {:?}", effective.credential, loaded(text));
    assert!(!debug.contains("canary"), "{debug}");
}

#[test]
fn a_system_prompt_comes_from_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("prompt.md");
    std::fs::write(&path, "\u{feff}Be brief.\n").unwrap();
    let flags = Flags { system_file: Some(path.clone()), ..no_flags() };
    let effective = resolve("[profiles.a]\nsystem = \"x\"", &flags, &[]).unwrap();
    assert_eq!(effective.system_prompt().unwrap().as_deref(), Some("Be brief."));
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(effective.system_prompt(), Err(Error::SystemFile { .. })));
}

#[test]
fn a_profile_without_any_file_comes_from_flags() {
    let flags = Flags { model: Some("llama".into()), ..base_url("http://localhost:11434/v1") };
    let target = resolve("", &flags, &[("OPENAI_API_KEY", "k")]).unwrap().target().unwrap();
    assert_eq!(target.endpoint.url, "http://localhost:11434/v1/chat/completions");
    let here = Host { scheme: "http".into(), host: "localhost".into(), port: 11434 };
    assert_eq!((target.endpoint.origin, target.auth), (here, None));
}
