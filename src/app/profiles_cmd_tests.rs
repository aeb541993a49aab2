use super::*;
use crate::config::testing::{env, loaded};

const TEXT: &str = "default_profile = \"work\"\n[profiles.work]\ntype = \"azure\"\n\
                    base_url = \"https://r.openai.azure.com\"\nmodel = \"gpt-4o\"\napi_key_env = \"K\"\n\
                    [profiles.away]\nextends = \"work\"\nbase_url = \"https://other.openai.azure.com\"\n\
                    [profiles.local]\nbase_url = \"http://localhost:11434/v1\"";

#[test]
fn profiles_are_listed_with_type_model_and_server() {
    let env = env(&[("ANTHROPIC_API_KEY", "k"), ("OLLAMA_HOST", "box")]);
    insta::assert_snapshot!(list(&loaded(TEXT), &env).text, @r"
      away       cannot be used       profile `away` would send `api_key` of profile `work`, made for https://r.openai.azure.com, to https://other.openai.azure.com  (file)
      local      openai, no model     http://localhost:11434  (file)
    * work       azure, gpt-4o        https://r.openai.azure.com  (file)
      anthropic  anthropic, no model  https://api.anthropic.com  (environment)
      ollama     openai, no model     http://box:11434  (environment)
      demo       openai, demo         inside the program  (built-in)
    ");
}

#[test]
fn programs_get_the_list_as_an_array() {
    insta::assert_snapshot!(format!("{:#}", list(&loaded(TEXT), &env(&[])).json), @r#"
    [
      {
        "name": "away",
        "from": "file",
        "default": false,
        "error": "profile `away` would send `api_key` of profile `work`, made for https://r.openai.azure.com, to https://other.openai.azure.com"
      },
      {
        "name": "local",
        "from": "file",
        "default": false,
        "type": "openai",
        "model": null,
        "server": "http://localhost:11434"
      },
      {
        "name": "work",
        "from": "file",
        "default": true,
        "type": "azure",
        "model": "gpt-4o",
        "server": "https://r.openai.azure.com"
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
