//! The headers of every pairing, and how the user's own stand among them.

use std::fmt::Write as _;

use serde_json::json;

use super::*;
use crate::{
    chat::{Message, Options},
    provider::{Address, CredentialForm, preview},
};

/// A target at `base_url` (or the type's default) whose credential is of this form.
pub(in crate::provider) fn target(
    provider_type: ProviderType,
    base_url: Option<&str>,
    form: Option<CredentialForm>,
) -> Target {
    let address =
        Address { provider_type, base_url, model: Some("some-model"), ..Address::default() };
    let source = "variable `MY_KEY`".to_owned();
    Target {
        profile: "work".to_owned(),
        provider_type,
        endpoint: address.resolve().expect("a good address"),
        model: "some-model".to_owned(),
        auth: form.map(|form| Auth::new(provider_type, form, "MY_KEY".to_owned(), source)),
        headers: vec![],
        dialect: Dialect::default(),
        adaptations: vec![],
        network: Network { timeouts: Timeouts::default(), proxy: None, tls: Tls::default() },
    }
}

fn openai(headers: &[(&str, &str)]) -> Target {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Target {
        headers: headers.collect(),
        ..target(ProviderType::OpenAi, None, Some(CredentialForm::ApiKey))
    }
}

/// The headers as a dry run shows them, the version taken out.
fn shown(request: &HttpRequest) -> String {
    preview::dry_run(request).replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

#[test]
fn every_type_and_form_has_one_credential_header() {
    let mut text = String::new();
    let azure = Some("https://my-resource.openai.azure.com");
    for (provider_type, base_url) in [
        (ProviderType::OpenAi, None),
        (ProviderType::Azure, azure),
        (ProviderType::Anthropic, None),
    ] {
        for form in [Some(CredentialForm::ApiKey), Some(CredentialForm::BearerToken), None] {
            let target = target(provider_type, base_url, form);
            let request = target.post(&json!({}), "text/event-stream");
            let lines = shown(&request);
            writeln!(text, "{}", lines.trim_end_matches("\n\n{}\n")).expect("a `String` takes all");
            writeln!(text).expect("a `String` takes all");
        }
    }
    insta::assert_snapshot!(text, @"
    POST https://api.openai.com/v1/chat/completions
    content-type: application/json
    accept: text/event-stream
    user-agent: byok/VERSION
    authorization: Bearer $MY_KEY

    POST https://api.openai.com/v1/chat/completions
    content-type: application/json
    accept: text/event-stream
    user-agent: byok/VERSION
    authorization: Bearer $MY_KEY

    POST https://api.openai.com/v1/chat/completions
    content-type: application/json
    accept: text/event-stream
    user-agent: byok/VERSION

    POST https://my-resource.openai.azure.com/openai/deployments/some-model/chat/completions?api-version=2024-10-21
    content-type: application/json
    accept: text/event-stream
    user-agent: byok/VERSION
    api-key: $MY_KEY

    POST https://my-resource.openai.azure.com/openai/deployments/some-model/chat/completions?api-version=2024-10-21
    content-type: application/json
    accept: text/event-stream
    user-agent: byok/VERSION
    authorization: Bearer $MY_KEY

    POST https://my-resource.openai.azure.com/openai/deployments/some-model/chat/completions?api-version=2024-10-21
    content-type: application/json
    accept: text/event-stream
    user-agent: byok/VERSION

    POST https://api.anthropic.com/v1/messages
    content-type: application/json
    accept: text/event-stream
    user-agent: byok/VERSION
    anthropic-version: 2023-06-01
    x-api-key: $MY_KEY

    POST https://api.anthropic.com/v1/messages
    content-type: application/json
    accept: text/event-stream
    user-agent: byok/VERSION
    anthropic-version: 2023-06-01
    authorization: Bearer $MY_KEY

    POST https://api.anthropic.com/v1/messages
    content-type: application/json
    accept: text/event-stream
    user-agent: byok/VERSION
    anthropic-version: 2023-06-01
    ");
}

#[test]
fn a_request_is_encoded_and_then_adapted() {
    let base_url = Some("https://h/v1/responses");
    let mut target = target(ProviderType::OpenAi, base_url, Some(CredentialForm::ApiKey));
    target.adaptations = vec![Adaptation::Drop("temperature".to_owned())];
    let request = ChatRequest {
        model: "some-model".to_owned(),
        system: None,
        messages: vec![Message::user("hi")],
        options: Options { temperature: Some(0.5), seed: Some(7), ..Options::default() },
        stream: true,
        issuer: target.issuer(),
    };
    let (http_request, dropped) = target.http_request(&request);
    assert_eq!(dropped.len(), 1, "Responses has no seed: {dropped:?}");
    insta::assert_snapshot!(shown(&http_request), @r#"
    POST https://h/v1/responses
    content-type: application/json
    accept: text/event-stream
    user-agent: byok/VERSION
    authorization: Bearer $MY_KEY

    {
      "model": "some-model",
      "input": [
        {
          "role": "user",
          "content": "hi"
        }
      ],
      "store": false,
      "include": [
        "reasoning.encrypted_content"
      ],
      "stream": true
    }
    "#);
    let (http_request, _) = target.http_request(&ChatRequest { stream: false, ..request });
    assert!(shown(&http_request).contains("\naccept: application/json\n"));
}

#[test]
fn the_model_list_is_asked_for_without_a_body() {
    let request =
        target(ProviderType::Anthropic, None, Some(CredentialForm::ApiKey)).models_request();
    insta::assert_snapshot!(shown(&request), @"
    GET https://api.anthropic.com/v1/models
    accept: application/json
    user-agent: byok/VERSION
    anthropic-version: 2023-06-01
    x-api-key: $MY_KEY
    ");
}

#[test]
fn a_users_header_takes_the_place_of_ours() {
    let target = openai(&[
        ("X-Title", "mine"),
        ("User-Agent", "other"),
        ("ACCEPT", "*/*"),
        ("x-title", "again"),
        ("cookie", "id=1"),
    ]);
    insta::assert_snapshot!(shown(&target.post(&json!({"a": 1}), "application/json")), @r#"
    POST https://api.openai.com/v1/chat/completions
    content-type: application/json
    accept: */*
    user-agent: other
    authorization: Bearer $MY_KEY
    x-title: again
    cookie: $BYOK_HEADER_COOKIE

    {
      "a": 1
    }
    "#);
    assert_eq!(target.header_notices(), Vec::<String>::new());
}

#[test]
fn a_users_credential_wins_and_is_the_only_one() {
    let target = openai(&[
        ("X-Api-Key", "mine"),
        ("Authorization", "Bearer second"),
        ("ocp-apim-subscription-key", "the gateway's"),
    ]);
    insta::assert_snapshot!(shown(&target.post(&json!({}), "application/json")), @"
    POST https://api.openai.com/v1/chat/completions
    content-type: application/json
    accept: application/json
    user-agent: byok/VERSION
    x-api-key: $BYOK_HEADER_X_API_KEY
    ocp-apim-subscription-key: $BYOK_HEADER_OCP_APIM_SUBSCRIPTION_KEY

    {}
    ");
    insta::assert_snapshot!(target.header_notices().join("\n"), @"
    `headers` sets `x-api-key`: the credential from variable `MY_KEY` is not sent
    `headers` sets `x-api-key`: the second credential, `authorization`, is not sent
    ");
}

#[test]
fn a_users_credential_is_sent_as_written() {
    let target = openai(&[("Authorization", "Bearer mine")]);
    let request = target.post(&json!({}), "application/json");
    let value = request.headers.into_iter().find(|header| header.name == "authorization");
    let secret = Secret::verbatim("Bearer mine");
    assert_eq!(value.map(|header| header.value), Some(HeaderText::Hidden(secret)));
}

#[test]
fn an_issuer_is_format_origin_model_and_profile() {
    let issuer = target(ProviderType::Azure, Some("https://H.example:8443/x"), None).issuer();
    assert_eq!(issuer, "completions https://h.example:8443 some-model work");
}
