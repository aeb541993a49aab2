//! Every row of the tables in `configuration.md` §4, by its number.

use std::fmt::Write as _;

use super::*;

pub(super) const AZ: &str = "https://my-resource.openai.azure.com";
const FD: &str = "https://my-resource.services.ai.azure.com";

pub(super) fn openai(base_url: &str) -> Address<'_> {
    Address { base_url: Some(base_url), ..Address::default() }
}

pub(super) fn azure(base_url: &str) -> Address<'_> {
    Address { provider_type: ProviderType::Azure, model: Some("gpt-4o"), ..openai(base_url) }
}

pub(super) fn anthropic(base_url: &str) -> Address<'_> {
    Address { provider_type: ProviderType::Anthropic, ..openai(base_url) }
}

impl Address<'_> {
    pub(super) fn completions(self) -> Self {
        Self { wire_api: Some(WireApi::Completions), ..self }
    }

    pub(super) fn responses(self) -> Self {
        Self { wire_api: Some(WireApi::Responses), ..self }
    }
}

impl<'a> Address<'a> {
    pub(super) fn version(self, version: &'a str) -> Self {
        Self { api_version: Some(version), ..self }
    }

    pub(super) fn model(self, model: &'a str) -> Self {
        Self { model: Some(model), ..self }
    }
}

/// One paragraph for each row: number, wire format, URL, and what is said about it.
pub(super) fn table(rows: &[(&str, Address<'_>)]) -> String {
    let mut text = String::new();
    for (row, address) in rows {
        match address.resolve() {
            Ok(endpoint) => {
                let model = endpoint.model.map(|model| format!(", model `{model}`"));
                let wire = endpoint.wire.name();
                writeln!(text, "{row}: {wire} {}{}", endpoint.url, model.unwrap_or_default())
                    .expect("a `String` takes all");
                for notice in endpoint.notices {
                    writeln!(text, "    notice: {notice}").expect("a `String` takes all");
                }
            }
            Err(error) => {
                writeln!(text, "{row}: error: {error}").expect("a `String` takes all");
                for hint in error.hints {
                    writeln!(text, "    hint: {hint}").expect("a `String` takes all");
                }
            }
        }
    }
    text
}

#[test]
fn openai_joins_the_path_and_the_requests_own() {
    let rows = [
        ("1", openai("http://h/v1")),
        ("1", openai("http://h/v1/")),
        ("1", openai("http://h/v1//").completions()),
        ("2", openai("http://h/v1").responses()),
        ("2", openai("http://h/v1/").responses()),
        ("2", openai("http://h/v1//").responses()),
        ("3", openai("http://h")),
        ("3", openai("http://h/").responses()),
        ("9", openai("http://h/v1?foo=bar")),
        ("11", openai("http://h/v1#frag")),
        ("15", openai("HTTP://LOCALHOST:8080/V1")),
        ("unset", Address::default()),
    ];
    insta::assert_snapshot!(table(&rows), @"
    1: completions http://h/v1/chat/completions
    1: completions http://h/v1/chat/completions
    1: completions http://h/v1/chat/completions
    2: responses http://h/v1/responses
    2: responses http://h/v1/responses
    2: responses http://h/v1/responses
    3: completions http://h/chat/completions
        notice: `base_url` has no path: most servers need `http://h/v1`
    3: responses http://h/responses
        notice: `base_url` has no path: most servers need `http://h/v1`
    9: completions http://h/v1/chat/completions?foo=bar
    11: completions http://h/v1/chat/completions
        notice: `base_url`: the part from `#` on is left out
    15: completions http://localhost:8080/V1/chat/completions
    unset: completions https://api.openai.com/v1/chat/completions
    ");
}

#[test]
fn openai_takes_whole_request_urls() {
    let rows = [
        ("7", openai("http://h/v1/chat/completions")),
        ("7", openai("http://h/v1/chat/completions/?foo=bar")),
        ("7 and responses", openai("http://h/v1/chat/completions").responses()),
        ("8", openai("http://h/v1/responses").responses()),
        ("8 unset", openai("http://h/v1/responses")),
        ("8 and completions", openai("http://h/v1/responses").completions()),
        ("messages", openai("http://h/v1/messages")),
    ];
    insta::assert_snapshot!(table(&rows), @r#"
    7: completions http://h/v1/chat/completions
        notice: `base_url` ends in `/chat/completions`, which is added by itself: it is left out
    7: completions http://h/v1/chat/completions?foo=bar
        notice: `base_url` ends in `/chat/completions`, which is added by itself: it is left out
    7 and responses: responses http://h/v1/responses
        notice: `base_url` ends in `/chat/completions`, which is added by itself: it is left out
        notice: `base_url` ends in `/chat/completions`, but `wire_api = "responses"` is used
    8: responses http://h/v1/responses
        notice: `base_url` ends in `/responses`, which is added by itself: it is left out
    8 unset: responses http://h/v1/responses
        notice: `base_url` ends in `/responses`, which is added by itself: it is left out
    8 and completions: completions http://h/v1/chat/completions
        notice: `base_url` ends in `/responses`, which is added by itself: it is left out
        notice: `base_url` ends in `/responses`, but `wire_api = "completions"` is used
    messages: error: `base_url` ends in `/messages`, which `type = "openai"` does not speak
        hint: write `type = "anthropic"` and `base_url = "http://h"`, or end `base_url` in `/v1`
    "#);
}

#[test]
fn openai_knows_azure_addresses() {
    let deployment = format!("{AZ}/openai/deployments/d1");
    let portal = format!("{deployment}/chat/completions?api-version=X");
    let v1 = format!("{AZ}/openai/v1/");
    let v1_pasted = format!("{v1}responses");
    let responses = format!("{AZ}/openai/responses?api-version=2025-04-01-preview");
    let project = format!("{FD}/api/projects/p1");
    let claude = format!("{FD}/anthropic");
    let rows = [
        ("5", openai(&v1)),
        ("5", openai(&v1).responses()),
        ("5 pasted", openai(&v1_pasted)),
        ("6", openai(AZ)),
        ("6", openai("https://r.openai.azure.us/")),
        ("6", openai("https://r.openai.azure.cn")),
        ("6", openai("https://r.cognitiveservices.azure.com").responses()),
        ("6", openai(FD)),
        ("6 project", openai(&project)),
        ("6 responses", openai(&responses)),
        ("6 claude", openai(&claude)),
        ("13", openai(&deployment)),
        ("14", openai(&portal)),
        ("not Azure", openai("https://r.openai.azure.com.evil.example/v1")),
    ];
    insta::assert_snapshot!(table(&rows), @r#"
    5: completions https://my-resource.openai.azure.com/openai/v1/chat/completions
    5: responses https://my-resource.openai.azure.com/openai/v1/responses
    5 pasted: responses https://my-resource.openai.azure.com/openai/v1/responses
        notice: `base_url` ends in `/responses`, which is added by itself: it is left out
    6: error: `base_url` is an Azure host without the path that `type = "openai"` needs
        hint: write `type = "azure"`, `base_url = "https://my-resource.openai.azure.com"`
        hint: or keep `type = "openai"` and write `base_url = "https://my-resource.openai.azure.com/openai/v1/"`
    6: error: `base_url` is an Azure host without the path that `type = "openai"` needs
        hint: write `type = "azure"`, `base_url = "https://r.openai.azure.us"`
        hint: or keep `type = "openai"` and write `base_url = "https://r.openai.azure.us/openai/v1/"`
    6: error: `base_url` is an Azure host without the path that `type = "openai"` needs
        hint: write `type = "azure"`, `base_url = "https://r.openai.azure.cn"`
        hint: or keep `type = "openai"` and write `base_url = "https://r.openai.azure.cn/openai/v1/"`
    6: error: `base_url` is an Azure host without the path that `type = "openai"` needs
        hint: write `type = "azure"`, `base_url = "https://r.cognitiveservices.azure.com"`
        hint: or keep `type = "openai"` and write `base_url = "https://r.cognitiveservices.azure.com/openai/v1/"`
    6: error: `base_url` is an Azure host without the path that `type = "openai"` needs
        hint: write `type = "azure"`, `base_url = "https://my-resource.services.ai.azure.com"`
        hint: or keep `type = "openai"` and write `base_url = "https://my-resource.services.ai.azure.com/openai/v1/"`
    6 project: error: `base_url` is an Azure host without the path that `type = "openai"` needs
        hint: write `type = "azure"`, `base_url = "https://my-resource.services.ai.azure.com/api/projects/p1"`
        hint: or keep `type = "openai"` and write `base_url = "https://my-resource.services.ai.azure.com/api/projects/p1/openai/v1/"`
    6 responses: error: `base_url` is an Azure host without the path that `type = "openai"` needs
        hint: write `type = "azure"`, `base_url = "https://my-resource.openai.azure.com"`, `azure = { api_version = "2025-04-01-preview" }`, `wire_api = "responses"`
        hint: or keep `type = "openai"` and write `base_url = "https://my-resource.openai.azure.com/openai/v1/"`
    6 claude: error: `base_url` is where Azure serves Claude, which `type = "openai"` does not speak
        hint: write `type = "anthropic"`
    13: error: `base_url` names an Azure deployment, which `type = "openai"` cannot reach
        hint: write `type = "azure"`, `base_url = "https://my-resource.openai.azure.com"`, `model = "d1"`
        hint: or keep `type = "openai"` and write `base_url = "https://my-resource.openai.azure.com/openai/v1/"` and `model = "d1"`
    14: error: `base_url` names an Azure deployment, which `type = "openai"` cannot reach
        hint: write `type = "azure"`, `base_url = "https://my-resource.openai.azure.com"`, `model = "d1"`, `azure = { api_version = "X" }`
        hint: or keep `type = "openai"` and write `base_url = "https://my-resource.openai.azure.com/openai/v1/"` and `model = "d1"`
    not Azure: completions https://r.openai.azure.com.evil.example/v1/chat/completions
    "#);
}

#[test]
fn azure_builds_the_deployments_url() {
    let with_slash = format!("{AZ}/");
    let openai_path = format!("{AZ}/openai");
    let version = "2024-10-21";
    let rows = [
        ("20", azure(AZ)),
        ("20", azure(&with_slash).completions()),
        ("20r", azure(AZ).responses()),
        ("21", azure(AZ).version(version)),
        ("22", azure(&openai_path)),
        ("22", azure(&openai_path).version("2024-06-01")),
        ("27", azure(AZ).version("2025-03-01-preview").responses()),
        ("28", azure(AZ).version(version).responses()),
        ("32", azure("http://gw/prefix")),
        ("32", azure("http://gw/prefix/openai/").version("2024-06-01")),
        ("33", azure(AZ).version("v1")),
        ("33", azure(AZ).version("v1").responses()),
        ("33", azure(AZ).version("preview")),
        ("33", azure(AZ).version("preview").responses()),
        ("37", azure(AZ).version(version).model("my dep")),
        ("37", azure(AZ).version(version).model("a/b")),
        ("37", azure(AZ).version(version).model(".")),
        ("37", azure(AZ).version(version).model("..")),
        ("37 v1", azure(AZ).version("v1").model("..")),
        ("unset", Address { provider_type: ProviderType::Azure, ..Address::default() }),
    ];
    insta::assert_snapshot!(table(&rows), @r#"
    20: completions https://my-resource.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21
    20: completions https://my-resource.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21
    20r: responses https://my-resource.openai.azure.com/openai/v1/responses
    21: completions https://my-resource.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21
    22: completions https://my-resource.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21
    22: completions https://my-resource.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-06-01
    27: responses https://my-resource.openai.azure.com/openai/responses?api-version=2025-03-01-preview
    28: error: the version `2024-10-21` of Azure's API has no Responses
        hint: leave the version out: the v1 route is used then
        hint: or write `azure.api_version = "2025-03-01-preview"` or later
        hint: or write `wire_api = "completions"`
    32: completions http://gw/prefix/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21
    32: completions http://gw/prefix/openai/deployments/gpt-4o/chat/completions?api-version=2024-06-01
    33: completions https://my-resource.openai.azure.com/openai/v1/chat/completions
    33: responses https://my-resource.openai.azure.com/openai/v1/responses
    33: completions https://my-resource.openai.azure.com/openai/v1/chat/completions?api-version=preview
    33: responses https://my-resource.openai.azure.com/openai/v1/responses?api-version=preview
    37: completions https://my-resource.openai.azure.com/openai/deployments/my%20dep/chat/completions?api-version=2024-10-21
    37: completions https://my-resource.openai.azure.com/openai/deployments/a%2Fb/chat/completions?api-version=2024-10-21
    37: error: the model `.` cannot be a deployment's name, which is a part of the URL
        hint: set `model` to the name of a deployment in your Azure resource
    37: error: the model `..` cannot be a deployment's name, which is a part of the URL
        hint: set `model` to the name of a deployment in your Azure resource
    37 v1: completions https://my-resource.openai.azure.com/openai/v1/chat/completions
    unset: error: `type = "azure"` needs a `base_url`
        hint: add `base_url = "https://YOUR-RESOURCE.openai.azure.com"`
    "#);
}

#[test]
fn azure_understands_pasted_addresses() {
    let v1 = format!("{AZ}/openai/v1");
    let v1_slash = format!("{AZ}/OpenAI/V1/");
    let deployment = format!("{AZ}/openai/deployments/d1");
    let spaced = format!("{AZ}/openai/deployments/my%20dep/");
    let project = format!("{FD}/api/projects/p1");
    let portal = format!("{deployment}/chat/completions?api-version=2024-06-01");
    let bare_portal = format!("{deployment}/chat/completions");
    let versioned = format!("{AZ}/?api-version=2024-06-01");
    let responses = format!("{AZ}/openai/responses?api-version=2025-04-01-preview");
    let claude = format!("{FD}/anthropic");
    let rows = [
        ("23", azure(&v1)),
        ("23", azure(&v1_slash)),
        ("23", azure(&v1).responses()),
        ("24", azure(&v1).version("2024-10-21")),
        ("25", azure(&deployment).model("d1")),
        ("25 differs", azure(&deployment).version("2024-06-01")),
        ("25 encoded", azure(&spaced).model("my dep")),
        ("25r", azure(&deployment).model("d1").responses()),
        ("25r no model", Address { model: None, ..azure(&deployment).responses() }),
        ("30", azure(&project).responses()),
        ("31", azure(&project).version("2024-06-01")),
        ("34", azure(&portal).model("d1")),
        ("34 no version", azure(&bare_portal).model("d1")),
        ("34 other version", azure(&portal).model("d1").version("2024-10-21")),
        ("34 and responses", azure(&portal).model("d1").responses()),
        ("35", azure(&responses)),
        ("35 and completions", azure(&responses).completions()),
        ("version only", azure(&versioned)),
        ("claude", azure(&claude)),
    ];
    insta::assert_snapshot!(table(&rows), @r#"
    23: completions https://my-resource.openai.azure.com/openai/v1/chat/completions
    23: completions https://my-resource.openai.azure.com/openai/v1/chat/completions
    23: responses https://my-resource.openai.azure.com/openai/v1/responses
    24: completions https://my-resource.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21
        notice: `base_url` ends in `/openai/v1`, but the version `2024-10-21` is set: its route is used
    25: completions https://my-resource.openai.azure.com/openai/deployments/d1/chat/completions?api-version=2024-10-21, model `d1`
    25 differs: completions https://my-resource.openai.azure.com/openai/deployments/d1/chat/completions?api-version=2024-06-01, model `d1`
        notice: `base_url` names the deployment `d1`: it is used, not the model `gpt-4o`
    25 encoded: completions https://my-resource.openai.azure.com/openai/deployments/my%20dep/chat/completions?api-version=2024-10-21, model `my dep`
    25r: responses https://my-resource.openai.azure.com/openai/v1/responses, model `d1`
    25r no model: responses https://my-resource.openai.azure.com/openai/v1/responses, model `d1`
    30: responses https://my-resource.services.ai.azure.com/api/projects/p1/openai/v1/responses
    31: completions https://my-resource.services.ai.azure.com/api/projects/p1/openai/deployments/gpt-4o/chat/completions?api-version=2024-06-01
    34: completions https://my-resource.openai.azure.com/openai/deployments/d1/chat/completions?api-version=2024-06-01, model `d1`
        notice: `base_url` ends in `/chat/completions`, which is added by itself: it gives the deployment `d1` and the version `2024-06-01`
    34 no version: completions https://my-resource.openai.azure.com/openai/deployments/d1/chat/completions?api-version=2024-10-21, model `d1`
        notice: `base_url` ends in `/chat/completions`, which is added by itself: it gives the deployment `d1`
    34 other version: completions https://my-resource.openai.azure.com/openai/deployments/d1/chat/completions?api-version=2024-10-21, model `d1`
        notice: the URL says `api-version=2024-06-01`, but `azure.api_version = "2024-10-21"` is used
        notice: `base_url` ends in `/chat/completions`, which is added by itself: it gives the deployment `d1`
    34 and responses: error: the version `2024-06-01` of Azure's API has no Responses
        hint: leave the version out: the v1 route is used then
        hint: or write `azure.api_version = "2025-03-01-preview"` or later
        hint: or write `wire_api = "completions"`
    35: responses https://my-resource.openai.azure.com/openai/responses?api-version=2025-04-01-preview
        notice: `base_url` ends in `/responses`, which is added by itself: it gives the version `2025-04-01-preview`
    35 and completions: completions https://my-resource.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2025-04-01-preview
        notice: `base_url` ends in `/responses`, which is added by itself: it gives the version `2025-04-01-preview`
        notice: `base_url` ends in `/responses`, but `wire_api = "completions"` is used
    version only: completions https://my-resource.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-06-01
        notice: `base_url` gives the version `2024-06-01`
    claude: error: `base_url` is where Azure serves Claude, which `type = "azure"` does not speak
        hint: write `type = "anthropic"`
    "#);
}

#[test]
fn anthropic_is_always_messages() {
    let foundry = format!("{FD}/anthropic");
    let foundry_slash = format!("{FD}/anthropic/");
    let rows = [
        ("40", anthropic("https://api.anthropic.com")),
        ("40", anthropic("https://api.anthropic.com/")),
        ("41", anthropic(&foundry)),
        ("41", anthropic(&foundry_slash)),
        ("42", anthropic("https://api.anthropic.com/v1")),
        ("42", anthropic("https://api.anthropic.com/v1/")),
        ("43", anthropic("https://api.anthropic.com/v1/messages")),
        ("44", anthropic("https://api.anthropic.com").responses()),
        ("45", anthropic(AZ)),
        ("45 foundry", anthropic(FD)),
        ("pasted", anthropic("http://h/v1/chat/completions")),
        ("unset", Address { provider_type: ProviderType::Anthropic, ..Address::default() }),
    ];
    insta::assert_snapshot!(table(&rows), @r#"
    40: messages https://api.anthropic.com/v1/messages
    40: messages https://api.anthropic.com/v1/messages
    41: messages https://my-resource.services.ai.azure.com/anthropic/v1/messages
    41: messages https://my-resource.services.ai.azure.com/anthropic/v1/messages
    42: messages https://api.anthropic.com/v1/messages
    42: messages https://api.anthropic.com/v1/messages
    43: messages https://api.anthropic.com/v1/messages
        notice: `base_url` ends in `/messages`, which is added by itself: it is left out
    44: messages https://api.anthropic.com/v1/messages
        notice: `wire_api = "responses"` has no meaning for `type = "anthropic"`: the Messages API is used
    45: messages https://my-resource.openai.azure.com/v1/messages
        notice: `base_url` is an Azure host, where Claude is under `https://YOUR-RESOURCE.services.ai.azure.com/anthropic`
    45 foundry: messages https://my-resource.services.ai.azure.com/v1/messages
        notice: `base_url` is an Azure host, where Claude is under `https://YOUR-RESOURCE.services.ai.azure.com/anthropic`
    pasted: error: `base_url` ends in `/chat/completions`, which `type = "anthropic"` does not speak
        hint: write `type = "openai"` and `base_url = "http://h/v1"`
    unset: messages https://api.anthropic.com/v1/messages
    "#);
}

#[test]
fn the_models_list_has_its_own_url_and_needs_no_model() {
    let deployment = format!("{AZ}/openai/deployments/d1?foo=bar");
    let project = format!("{FD}/api/projects/p1");
    let foundry = format!("{FD}/anthropic/");
    let mut text = String::new();
    for address in [
        Address::default(),
        openai("http://h/v1/chat/completions?foo=bar"),
        Address { model: None, ..azure(AZ) },
        Address { model: None, ..azure(AZ).version("2024-06-01") },
        Address { model: Some(""), ..azure(AZ).version("preview") },
        Address { model: None, ..azure(&deployment) },
        azure(&project).responses(),
        anthropic("https://api.anthropic.com/v1"),
        anthropic(&foundry),
    ] {
        let url = address.models_url().expect("each is a good address");
        writeln!(text, "{url}").expect("a `String` takes all");
    }
    insta::assert_snapshot!(text, @"
    https://api.openai.com/v1/models
    http://h/v1/models?foo=bar
    https://my-resource.openai.azure.com/openai/models?api-version=2024-10-21
    https://my-resource.openai.azure.com/openai/models?api-version=2024-06-01
    https://my-resource.openai.azure.com/openai/v1/models?api-version=preview
    https://my-resource.openai.azure.com/openai/models?api-version=2024-10-21&foo=bar
    https://my-resource.services.ai.azure.com/api/projects/p1/openai/v1/models
    https://api.anthropic.com/v1/models
    https://my-resource.services.ai.azure.com/anthropic/v1/models
    ");
}

#[test]
fn a_missing_model_is_told_from_other_errors() {
    for model in [None, Some("")] {
        let error = Address { model, ..azure(AZ) }.resolve().expect_err("no deployment");
        assert!(error.is_missing_model());
        assert_eq!(error.to_string(), "no model: the deployment's name is a part of the URL");
        let endpoint = Address { model, ..azure(AZ) }.resolve_for_models().expect("the list");
        assert_eq!(endpoint.url, endpoint.models_url);
    }
    let error = openai("nonsense").resolve().expect_err("no URL");
    assert!(!error.is_missing_model());
    // The v1 route has no deployment in its URL.
    assert!(Address { model: None, ..azure(AZ).responses() }.resolve().is_ok());
}

#[test]
fn the_rule_says_how_the_url_came_about() {
    let rule = |address: Address<'_>| address.resolve().expect("a good address").rule;
    let rules = [
        rule(openai("http://h/v1")),
        rule(azure(AZ)),
        rule(azure(AZ).version("v1")),
        rule(azure(AZ).version("2025-04-01-preview").responses()),
        rule(anthropic("http://h")),
    ];
    insta::assert_snapshot!(rules.join("\n"), @"
    `base_url` followed by `/chat/completions`
    the host of `base_url` followed by `/openai/deployments/`, the deployment (`model`), `/chat/completions` and `api-version`
    the host of `base_url` followed by Azure's v1 route `/openai/v1/chat/completions`
    the host of `base_url` followed by `/openai/responses` and `api-version`
    `base_url` followed by `/v1/messages`
    ");
}
