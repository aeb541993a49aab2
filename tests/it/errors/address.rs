//! Addresses that lead nowhere, or elsewhere than was meant.

use std::net::TcpStream;

use insta::assert_snapshot;

use crate::support::{
    byok::{Byok, Output},
    provider::{Provider, Script},
    streams, work,
};

/// Asks with flags alone, without a file.
fn asked(args: &[&str]) -> Output {
    Byok::new().args(["ask", "hi"]).args(args.iter().copied()).run()
}

#[test]
fn a_bare_azure_host_is_refused_with_both_repairs() {
    let output = work::home("https://my-resource.openai.azure.com", "").args(["ask", "hi"]).run();
    assert_snapshot!(output, @r#"
    ----- stdout -----
    ----- stderr -----
    error: profile `work`: `base_url` is an Azure host without the path that `type = "openai"` needs ([HOME]/.config/byok/config.toml:2)

    hint: write `type = "azure"`, `base_url = "https://my-resource.openai.azure.com"`
    hint: or keep `type = "openai"` and write `base_url = "https://my-resource.openai.azure.com/openai/v1/"`
    ----- exit code 3 -----
    "#);
}

#[test]
fn an_address_copied_from_the_portal_is_answered_with_the_profile_to_write() {
    let base = "https://my-resource.openai.azure.com/openai/deployments/d1";
    assert_snapshot!(work::home(base, "").args(["ask", "hi"]).run(), @r#"
    ----- stdout -----
    ----- stderr -----
    error: profile `work`: `base_url` names an Azure deployment, which `type = "openai"` cannot reach ([HOME]/.config/byok/config.toml:2)

    hint: write `type = "azure"`, `base_url = "https://my-resource.openai.azure.com"`, `model = "d1"`
    hint: or keep `type = "openai"` and write `base_url = "https://my-resource.openai.azure.com/openai/v1/"` and `model = "d1"`
    ----- exit code 3 -----
    "#);
    let whole = format!("{base}/chat/completions?api-version=2025-01-01-preview");
    assert_snapshot!(work::home(&whole, "").args(["ask", "hi"]).run(), @r#"
    ----- stdout -----
    ----- stderr -----
    error: profile `work`: `base_url` names an Azure deployment, which `type = "openai"` cannot reach ([HOME]/.config/byok/config.toml:2)

    hint: write `type = "azure"`, `base_url = "https://my-resource.openai.azure.com"`, `model = "d1"`, `azure = { api_version = "2025-01-01-preview" }`
    hint: or keep `type = "openai"` and write `base_url = "https://my-resource.openai.azure.com/openai/v1/"` and `model = "d1"`
    ----- exit code 3 -----
    "#);
}

#[test]
fn responses_with_an_old_api_version_are_refused() {
    let more = "type = \"azure\"\nwire_api = \"responses\"\nazure.api_version = \"2024-10-21\"";
    let output = work::home("https://my-resource.openai.azure.com", more).args(["ask", "hi"]).run();
    assert_snapshot!(output, @r#"
    ----- stdout -----
    ----- stderr -----
    error: profile `work`: the version `2024-10-21` of Azure's API has no Responses ([HOME]/.config/byok/config.toml:2)

    hint: leave the version out: the v1 route is used then
    hint: or write `azure.api_version = "2025-03-01-preview"` or later
    hint: or write `wire_api = "completions"`
    ----- exit code 3 -----
    "#);
}

#[test]
fn dots_are_no_deployment() {
    let azure =
        ["--type", "azure", "--base-url", "https://my-resource.openai.azure.com", "-m", ".."];
    assert_snapshot!(asked(&azure), @"
    ----- stdout -----
    ----- stderr -----
    error: profile `flags`: the model `..` cannot be a deployment's name, which is a part of the URL (flag `--base-url`)

    hint: set `model` to the name of a deployment in your Azure resource
    ----- exit code 3 -----
    ");
}

#[test]
fn azure_needs_an_address() {
    assert_snapshot!(asked(&["--type", "azure", "-m", "d1"]), @r#"
    ----- stdout -----
    ----- stderr -----
    error: profile `flags`: `type = "azure"` needs a `base_url` (type `azure`)

    hint: add `base_url = "https://YOUR-RESOURCE.openai.azure.com"`
    ----- exit code 3 -----
    "#);
}

#[test]
fn nobody_at_the_usual_ports_names_who_should_be_there() {
    for (port, server) in [
        (11434, "Ollama usually listens on port 11434: start it with `ollama serve`"),
        (1234, "LM Studio usually listens on port 1234: start it with `lms server start`"),
        (8000, "vLLM usually listens on port 8000: start it with `vllm serve MODEL`"),
        (
            8080,
            "llama.cpp usually listens on port 8080: start it with `llama-server -m MODEL.gguf`",
        ),
        (
            4000,
            "LiteLLM usually listens on port 4000: start it with `litellm --config config.yaml`",
        ),
    ] {
        // A machine where that server runs has nothing to refuse.
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            continue;
        }
        let base_url = format!("http://127.0.0.1:{port}/v1");
        let output = asked(&["--base-url", &base_url, "-m", "m"]);
        output
            .assert_code(7)
            .assert_stderr_has(server)
            .assert_stderr_has(&format!("curl {base_url}/models"));
    }
}

#[test]
fn nobody_at_another_port_names_the_usual_ones() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    let base_url = format!("http://{}/v1", nobody.local_addr().expect("it is bound"));
    drop(nobody);
    assert_snapshot!(asked(&["--base-url", &base_url, "-m", "m"]), @"
    ----- stdout -----
    ----- stderr -----
    error: nothing listens at `127.0.0.1:[PORT]`: connection refused
      at: profile `flags`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: start the server, or correct the port in `base_url`; usual ones are 11434 (Ollama), 1234 (LM Studio), 8000 (vLLM), 8080 (llama.cpp), 4000 (LiteLLM)
    hint: then check it with `curl http://127.0.0.1:[PORT]/v1/models`
    ----- exit code 7 -----
    ");
}

#[test]
fn an_unknown_name_is_said_at_once() {
    assert_snapshot!(asked(&["--base-url", "https://nowhere.invalid/v1", "-m", "m"]), @"
    ----- stdout -----
    ----- stderr -----
    error: the host's name was not found: `nowhere.invalid`
      caused by: failed to lookup address information: Name or service not known
      at: profile `flags`, https://nowhere.invalid/v1/chat/completions

    hint: check the spelling of `nowhere.invalid` in `base_url`
    hint: check that this machine is online, and its VPN if only that knows the name
    ----- exit code 7 -----
    ");
}

#[test]
fn a_redirect_is_not_followed_and_says_where_it_points() {
    let to = ("location", "https://gateway.example/v1/chat/completions?token=x");
    assert_snapshot!(work::ask([Script::answer(308, &[to], "")], ""), @r#"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` redirects to `https://gateway.example/v1/chat/completions` (308), which byok does not follow
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: if you trust that place, write `base_url = "https://gateway.example/v1"`
    ----- exit code 3 -----
    "#);
    let login = ("location", "/login");
    assert_snapshot!(work::ask([Script::answer(302, &[login], "")], ""), @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` redirects to `http://127.0.0.1:[PORT]/login` (302), which byok does not follow
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: `http://127.0.0.1:[PORT]/login` is no place for requests, perhaps a login page: check `base_url`
    ----- exit code 3 -----
    ");
    assert_snapshot!(work::ask([Script::answer(301, &[], "")], ""), @"
    ----- stdout -----
    ----- stderr -----
    error: `127.0.0.1:[PORT]` redirects without saying where to (301)
      at: profile `work`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: check `base_url`: the server wants to send the request elsewhere
    ----- exit code 3 -----
    ");
}

#[test]
fn a_key_never_travels_over_plain_http() {
    let output = work::home("http://gateway.example/v1", "").args(["ask", "hi"]).run();
    assert_snapshot!(output, @"
    ----- stdout -----
    ----- stderr -----
    error: profile `work` would send a key in the clear to http://gateway.example

    hint: use `https://` in `base_url`
    hint: or set `allow_http = true` in profile `work`
    ----- exit code 3 -----
    ");
}

#[test]
fn a_password_in_the_address_is_refused_and_not_repeated() {
    let output = work::home("https://me:hunter2@gateway.example/v1", "").args(["ask", "hi"]).run();
    assert!(!output.to_string().contains("hunter2"), "{output}");
    assert_snapshot!(output, @"
    ----- stdout -----
    ----- stderr -----
    error: profile `work`: `base_url` holds a user name or password, which would be shown and logged ([HOME]/.config/byok/config.toml:2)

    hint: leave out all up to `@`, and put the key into `api_key`
    ----- exit code 3 -----
    ");
}

#[test]
fn odd_addresses_are_refused() {
    for (base_url, says) in
        [("localhost:8080", "http"), ("ftp://gateway.example", "http"), ("https://", "host")]
    {
        let output = asked(&["--base-url", base_url, "-m", "m"]);
        assert_eq!(output.code, Some(3), "`{base_url}`: {output}");
        output.assert_stderr_has(says);
    }
}

#[test]
fn a_secret_parameter_of_the_address_is_not_shown() {
    let provider = Provider::start([Script::json(404, "")]);
    let base_url = provider.url("/v1?key=hunter2&tier=low");
    let output = work::home(&base_url, "").args(["-v", "ask", "hi"]).run();
    assert!(!output.to_string().contains("hunter2"), "{output}");
    output.assert_code(10).assert_stderr_has("/v1/chat/completions?key=…&tier=low");
    drop(provider);
    let provider = Provider::start([Script::stream(streams::chat(&["yes"]))]);
    let base_url = provider.url("/v1?key=hunter2");
    let output = work::home(&base_url, "").args(["ask", "hi", "--json"]).run();
    assert!(!output.to_string().contains("hunter2"), "{output}");
    assert!(provider.request().path.ends_with("?key=hunter2"));
}
