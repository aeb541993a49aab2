//! Model lists over the wire.

use byok::{
    provider::{
        Address, Auth, Cause, Client, CredentialForm, Error, Kind, ModelEntry, ProviderType,
        Secret, Target, list_models,
    },
    wire::Dialect,
};

use super::{Asking, KEY, runtime};
use crate::support::provider::{Provider, Script, Step, head};

fn target(provider_type: ProviderType, base_url: &str) -> Target {
    let address =
        Address { provider_type, base_url: Some(base_url), model: Some("m"), ..Address::default() };
    let source = "variable `KEY`".to_owned();
    Target {
        profile: "p".to_owned(),
        provider_type,
        endpoint: address.resolve().expect("an address"),
        model: "m".to_owned(),
        auth: Some(Auth::new(provider_type, CredentialForm::ApiKey, "KEY".to_owned(), source)),
        headers: vec![],
        dialect: Dialect::default(),
        adaptations: vec![],
        network: Asking::default().network,
    }
}

fn list(target: &Target) -> Result<Vec<String>, Error> {
    let secret = Secret::new(KEY).expect("the key is fit");
    let listed = runtime().block_on(async {
        let client = Client::new(&target.network, &target.endpoint.origin)?;
        list_models(&client, target, Some(&secret)).await
    });
    if let Err(error) = &listed {
        assert!(!format!("{error} {error:?}").contains("CANARY"), "{error:?}");
    }
    Ok(listed?.into_iter().map(|entry: ModelEntry| entry.id).collect())
}

#[test]
fn a_list_is_as_the_server_has_it() {
    let body = r#"{"object":"list","data":[{"id":"b"},{"id":"a"},{"id":"b-latest"}]}"#;
    let provider = Provider::start([Script::json(200, body)]);
    let ids = list(&target(ProviderType::OpenAi, &provider.url("/v1"))).expect("a list");
    assert_eq!(ids, ["b", "a", "b-latest"]);
    let request = provider.request();
    assert_eq!((request.method.as_str(), request.path.as_str()), ("GET", "/v1/models"));
    assert_eq!(request.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    assert!(request.body.is_empty());
}

#[test]
fn anthropic_pages_are_turned_to_the_last() {
    let page = |id: &str, has_more: bool| {
        let body =
            format!(r#"{{"data":[{{"id":"{id}"}}],"has_more":{has_more},"last_id":"{id}"}}"#);
        Script::json(200, body)
    };
    let provider = Provider::start([page("a", true), page("b&c", true), page("d", false)]);
    let ids = list(&target(ProviderType::Anthropic, &provider.url(""))).expect("a list");
    assert_eq!(ids, ["a", "b&c", "d"]);
    let requests = provider.requests();
    let paths: Vec<_> = requests.iter().map(|request| request.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "/v1/models?limit=1000",
            "/v1/models?limit=1000&after_id=a",
            "/v1/models?limit=1000&after_id=b%26c"
        ]
    );
    assert!(requests.iter().all(|request| {
        request.header("anthropic-version").is_some() && request.header("x-api-key") == Some(KEY)
    }));
}

#[test]
fn a_list_without_end_ends() {
    let page = r#"{"data":[{"id":"again"}],"has_more":true,"last_id":"again"}"#;
    let provider = Provider::start((0..100).map(|_| Script::json(200, page)));
    let ids = list(&target(ProviderType::Anthropic, &provider.url(""))).expect("a list");
    assert_eq!(ids.len(), 100);
}

#[test]
fn ollamas_own_list_stands_in() {
    let tags = r#"{"models":[{"name":"llama9:latest","model":"llama9:latest"}]}"#;
    let missing = Script::answer(404, &[], "404 page not found");
    let null = Script::json(200, r#"{"object":"list","data":null}"#);
    for first in [missing, null, Script::answer(405, &[], "")] {
        let provider = Provider::start([first, Script::json(200, tags)]);
        let ids = list(&target(ProviderType::OpenAi, &provider.url("/v1"))).expect("a list");
        assert_eq!(ids, ["llama9:latest"]);
        assert_eq!(provider.requests()[1].path, "/api/tags");
    }
}

#[test]
fn an_ollama_without_models_has_an_empty_list() {
    let provider = Provider::start([
        Script::json(200, r#"{"object":"list","data":null}"#),
        Script::json(200, r#"{"models":null}"#),
    ]);
    let ids = list(&target(ProviderType::OpenAi, &provider.url("/v1"))).expect("a list");
    assert!(ids.is_empty());
}

#[test]
fn no_list_is_said_to_be_no_list() {
    let none = || Script::json(404, r#"{"detail":"Not Found"}"#);
    let provider = Provider::start([none(), none()]);
    let error = list(&target(ProviderType::OpenAi, &provider.url("/v1"))).expect_err("no list");
    assert_eq!(
        (error.kind, &error.cause, error.status),
        (Kind::Request, &Cause::NoModelList, Some(404))
    );
    assert_eq!(
        error.to_string(),
        format!(
            "`{}` answered 404 (Not Found): the server has no model list there",
            provider.host()
        )
    );
    let provider = Provider::start([none()]);
    let error = list(&target(ProviderType::Anthropic, &provider.url(""))).expect_err("no list");
    assert_eq!(error.cause, Cause::NoModelList);
}

#[test]
fn what_is_no_list_is_told() {
    for (body, kind, cause) in [
        ("", Kind::Server, Cause::Empty),
        ("<html>log in</html>", Kind::Server, Cause::Html),
        ("[1,", Kind::Server, Cause::Malformed),
        (r#"{"hello":1}"#, Kind::Server, Cause::Malformed),
        (
            r#"{"error":{"message":"no","type":"authentication_error"}}"#,
            Kind::Auth,
            Cause::Reported,
        ),
    ] {
        let provider = Provider::start([Script::json(200, body)]);
        let error = list(&target(ProviderType::OpenAi, &provider.url("/v1"))).expect_err("no list");
        assert_eq!((error.kind, &error.cause), (kind, &cause), "{body}");
    }
    let provider = Provider::start([Script::json(401, r#"{"error":"Unauthorized"}"#)]);
    let error = list(&target(ProviderType::OpenAi, &provider.url("/v1"))).expect_err("no list");
    assert_eq!((error.kind, error.status), (Kind::Auth, Some(401)));
}

#[test]
fn a_list_of_more_than_32_mib_is_refused() {
    let head = head(200, &[("content-type", "application/json"), ("connection", "close")]);
    let steps = [
        Step::Send(head),
        Step::Send(b"[\"".to_vec()),
        Step::Repeat(vec![b'x'; 1 << 20], 40),
        Step::Hang,
    ];
    let provider = Provider::start([Script::new(steps)]);
    let error = list(&target(ProviderType::OpenAi, &provider.url("/v1"))).expect_err("no list");
    assert_eq!(error.cause, Cause::TooLarge { limit: 32 << 20 });
}
