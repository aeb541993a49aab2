use super::super::{
    Error, Flags,
    testing::{base_url, credential, described, error, no_flags, notices, profile, resolve, set},
};

const KEYED: &str = "[profiles.a]\nbase_url = \"https://a/v1\"\napi_key_env = \"K\"\nheaders = { x-token = \"t\", x = \"y\" }";

#[test]
fn a_vendor_variable_never_replaces_what_a_profile_sets() {
    let variables =
        [("OPENAI_BASE_URL", "http://localhost:1/v1"), ("OPENAI_API_KEY", "sk-vendor-1")];
    let text =
        "[profiles.a]\nbase_url = \"https://api.openai.com/v1\"\napi_key = { env = \"MINE\" }";
    assert_eq!(credential(text, &no_flags(), &variables), "ApiKey variable `MINE`");
    let effective = resolve(text, &no_flags(), &variables).unwrap();
    assert_eq!(effective.base_url.as_deref(), Some("https://api.openai.com/v1"));
}

#[test]
fn a_vendor_variable_is_the_last_resort_of_that_vendor_only() {
    let key = [("OPENAI_API_KEY", "sk-vendor-1"), ("ANTHROPIC_API_KEY", "sk-ant-vendor-1")];
    let vendor = |text: &str| credential(text, &no_flags(), &key);
    assert_eq!(vendor("[profiles.a]"), "ApiKey variable `OPENAI_API_KEY`");
    assert_eq!(vendor("[profiles.a]\ntype = \"anthropic\""), "ApiKey variable `ANTHROPIC_API_KEY`");
    assert_eq!(vendor("[profiles.a]\nbase_url = \"http://localhost:11434/v1\""), "-");
    assert_eq!(vendor("[profiles.a]\nbase_url = \"https://api.openai.com.evil/v1\""), "-");
    assert_eq!(vendor("[profiles.a]\nbase_url = \"https://api.openai.com:444/v1\""), "-");
    assert_eq!(vendor("[profiles.a]\nbase_url = \"http://api.openai.com/v1\""), "-");
    let elsewhere = [("OPENAI_BASE_URL", "https://gw/v1"), ("OPENAI_API_KEY", "sk-vendor-1")];
    assert_eq!(
        credential("[profiles.a]", &no_flags(), &elsewhere),
        "ApiKey variable `OPENAI_API_KEY`"
    );
}

#[test]
fn a_vendor_address_does_not_get_the_key_of_a_profile() {
    let variables =
        [("OPENAI_BASE_URL", "https://gw/v1"), ("MINE", "sk-mine"), ("OPENAI_API_KEY", "sk-v")];
    let mine = "[profiles.a]\napi_key_env = \"MINE\"";
    assert_eq!(credential(mine, &no_flags(), &variables), "ApiKey variable `OPENAI_API_KEY`");
    insta::assert_snapshot!(notices(mine, &no_flags(), &variables).join("\n"), @"not sent to https://gw: `api_key` of profile `a`, for https://api.openai.com alone; `--api-key-env NAME` names a key");
    let own = "[profiles.a]\napi_key_env = \"OPENAI_API_KEY\"";
    assert_eq!(credential(own, &no_flags(), &variables), "ApiKey variable `OPENAI_API_KEY`");
    assert_eq!(notices(own, &no_flags(), &variables), [""; 0]);
}

#[test]
fn a_token_goes_before_a_key_of_the_same_layer_and_a_nearer_layer_before_both() {
    let both = "[profiles.a]\napi_key_env = \"K\"\nbearer_token_env = \"T\"\n[profiles.b]\nextends = \"a\"\napi_key_env = \"B\"";
    assert_eq!(credential(both, &profile("a"), &[]), "BearerToken variable `T`");
    assert_eq!(credential(both, &profile("b"), &[]), "ApiKey variable `B`");
    let key = Flags { api_key_env: Some("F".into()), ..profile("a") };
    assert_eq!(credential(both, &key, &[("BYOK_BEARER_TOKEN", "x")]), "ApiKey variable `F`");
    let variable = [("BYOK_API_KEY", "sk-0123")];
    assert_eq!(credential(both, &profile("a"), &variable), "ApiKey variable `BYOK_API_KEY`");
}

#[test]
fn credentials_never_merge() {
    let text = "[profiles.a]\napi_key = { command = [\"x\"], ttl = \"1h\" }\n\
                [profiles.b]\nextends = \"a\"\napi_key = { env = \"B\" }";
    assert_eq!(credential(text, &profile("b"), &[]), "ApiKey variable `B`");
}

#[test]
fn a_key_stays_behind_when_the_address_is_overridden() {
    let away = base_url("https://b/v1");
    assert_eq!(credential(KEYED, &away, &[]), "-");
    insta::assert_snapshot!(notices(KEYED, &away, &[]).join("\n"), @"not sent to https://b: `api_key`, `headers.x-token` of profile `a`, for https://a alone; `--api-key-env NAME` names a key");
    let headers = resolve(KEYED, &away, &[]).unwrap().headers;
    assert_eq!(headers, [("x".to_owned(), "y".to_owned())]);
    assert_eq!(credential(KEYED, &no_flags(), &[("BYOK_BASE_URL", "https://b/v1")]), "-");
    assert_eq!(credential(KEYED, &base_url("http://a/v1"), &[]), "-");
    assert_eq!(credential(KEYED, &base_url("https://a:444/v1"), &[]), "-");
    assert_eq!(credential(KEYED, &set(&["base_url=https://b/v1"]), &[]), "-");
}

#[test]
fn a_key_goes_along_to_the_same_origin_or_when_one_is_named() {
    for same in ["https://a/other", "https://A:443/v1", "HTTPS://a/v1"] {
        assert_eq!(credential(KEYED, &base_url(same), &[]), "ApiKey variable `K`", "{same}");
    }
    let named = Flags { api_key_env: Some("F".into()), ..base_url("https://b/v1") };
    assert_eq!(credential(KEYED, &named, &[]), "ApiKey variable `F`");
}

#[test]
fn a_type_that_moves_the_default_address_leaves_the_key_behind() {
    let text = "[profiles.a]\napi_key_env = \"K\"";
    let anthropic = Flags { provider_type: Some("anthropic".into()), ..no_flags() };
    assert_eq!(credential(text, &anthropic, &[]), "-");
    let azure = Flags { provider_type: Some("azure".into()), ..no_flags() };
    assert_eq!(credential(KEYED, &azure, &[]), "ApiKey variable `K`");
}

#[test]
fn a_child_that_moves_does_not_inherit_the_key() {
    let child = |more: &str| {
        format!("{KEYED}\n[profiles.b]\nextends = \"a\"\nbase_url = \"https://b/v1\"\n{more}")
    };
    insta::assert_snapshot!(error(&child(""), &profile("b"), &[]), @r"
    profile `b` would send `api_key` of profile `a`, made for https://a, to https://b
      hint: give profile `b` a key of its own
      hint: or set `inherit_key = true` in profile `b` if https://b may have it
    ");
    let headers = child("api_key_env = \"B\"");
    insta::assert_snapshot!(error(&headers, &profile("b"), &[]), @r"
    profile `b` would send `headers.x-token` of profile `a`, made for https://a, to https://b
      hint: give profile `b` a key of its own
      hint: or set `inherit_key = true` in profile `b` if https://b may have it
    ");
    let told = child("inherit_key = true");
    assert_eq!(credential(&told, &profile("b"), &[]), "ApiKey variable `K`");
    let same = child("").replace("https://b/", "https://a/");
    assert_eq!(credential(&same, &profile("b"), &[]), "ApiKey variable `K`");
}

#[test]
fn a_permission_to_inherit_counts_for_one_step_only() {
    let text = format!(
        "{KEYED}\n[profiles.b]\nextends = \"a\"\nbase_url = \"https://b/v1\"\ninherit_key = true\n\
         [profiles.c]\nextends = \"b\"\nmodel = \"m\"\n\
         [profiles.d]\nextends = \"b\"\nbase_url = \"https://d/v1\"\n"
    );
    assert_eq!(credential(&text, &profile("c"), &[]), "ApiKey variable `K`");
    assert!(error(&text, &profile("d"), &[]).contains("https://d"));
}

#[test]
fn a_key_never_goes_over_plain_http_to_another_machine() {
    let text = |url: &str, more: &str| {
        format!("[profiles.a]\nmodel = \"m\"\nbase_url = \"{url}\"\napi_key_env = \"K\"\n{more}")
    };
    let target = |text: &str| resolve(text, &no_flags(), &[]).unwrap().target();
    insta::assert_snapshot!(described(&target(&text("http://box:8000/v1", "")).unwrap_err()), @r"
    profile `a` would send a key in the clear to http://box:8000
      hint: use `https://` in `base_url`
      hint: or set `allow_http = true` in profile `a`
    ");
    assert!(target(&text("http://box/v1", "allow_http = true")).is_ok());
    assert!(target(&text("https://box/v1", "")).is_ok());
    for loopback in ["http://localhost:1/v1", "http://127.0.0.2/v1", "http://[::1]:1/v1"] {
        assert!(target(&text(loopback, "")).is_ok(), "{loopback}");
    }
    for stranger in ["http://localhost.evil/v1", "http://127.0.0.1.evil/v1"] {
        assert!(matches!(target(&text(stranger, "")), Err(Error::PlainHttp { .. })), "{stranger}");
    }
    let header =
        "[profiles.a]\nmodel = \"m\"\nbase_url = \"http://box/v1\"\nheaders = { x-token = \"t\" }";
    assert!(matches!(target(header), Err(Error::PlainHttp { .. })));
    assert!(target("[profiles.a]\nmodel = \"m\"\nbase_url = \"http://box/v1\"").is_ok());
}

#[test]
fn a_credential_header_of_the_user_wins_with_a_warning() {
    let text = "[profiles.a]\nmodel = \"m\"\napi_key_env = \"K\"\nheaders = { Authorization = \"Basic x\" }";
    let effective = resolve(text, &no_flags(), &[]).unwrap();
    assert_eq!(effective.credential, None);
    assert_eq!(
        effective.notices,
        ["`headers` sets `authorization`: the credential from variable `K` is not sent"]
    );
    let target = effective.target().unwrap();
    assert_eq!((target.auth, target.headers.len()), (None, 1));
    let vendor = "[profiles.a]\nheaders = { authorization = \"Basic x\" }";
    assert_eq!(credential(vendor, &no_flags(), &[("OPENAI_API_KEY", "k")]), "-");
}
