//! The rows of `configuration.md` §5, each as its hints.

use base64::Engine as _;

use super::*;
use crate::{
    provider::{CredentialForm, ProviderType, TlsCause, target::tests::target as any_target},
    wire::Fault,
};

fn openai(base_url: &str) -> Target {
    any_target(ProviderType::OpenAi, Some(base_url), Some(CredentialForm::ApiKey))
}

fn azure(base_url: &str, form: CredentialForm) -> Target {
    any_target(ProviderType::Azure, Some(base_url), Some(form))
}

fn anthropic() -> Target {
    any_target(ProviderType::Anthropic, None, Some(CredentialForm::ApiKey))
}

fn status(kind: Kind, status: u16, fault: Fault) -> Error {
    Error {
        status: Some(status),
        fault: Some(fault),
        ..Error::new(kind, Cause::Status, "it failed")
    }
}

fn fault(code: &str, message: &str) -> Fault {
    let code = Some(code.to_owned()).filter(|code| !code.is_empty());
    Fault { code, message: message.to_owned(), ..Fault::default() }
}

fn network(cause: Cause, target: &Target) -> String {
    hints(&Error::new(Kind::Network, cause, "it failed"), target, None, Known::default()).join("\n")
}

fn shown(error: &Error, target: &Target) -> String {
    hints(error, target, None, Known::default()).join("\n")
}

fn unauthorized(target: &Target, secret: &str) -> String {
    let error = status(Kind::Auth, 401, fault("invalid_api_key", "no"));
    let secret = Secret::new(secret).expect("a good secret");
    let known = Known { now: Some(1_800_000_000), ..Known::default() };
    hints(&error, target, Some(&secret), known).join("\n")
}

#[test]
fn nobody_at_home_names_the_usual_server_and_the_check() {
    let refused = |base_url| network(Cause::Refused, &openai(base_url));
    insta::assert_snapshot!(refused("http://localhost:11434/v1"), @"
    Ollama usually listens on port 11434: start it with `ollama serve`
    then check it with `curl http://localhost:11434/v1/models`
    ");
    insta::assert_snapshot!(refused("http://127.0.0.1:1234/v1"), @"
    LM Studio usually listens on port 1234: start it with `lms server start`
    then check it with `curl http://127.0.0.1:1234/v1/models`
    ");
    insta::assert_snapshot!(refused("http://[::1]:8000/v1"), @"
    vLLM usually listens on port 8000: start it with `vllm serve MODEL`
    then check it with `curl 'http://[::1]:8000/v1/models'`
    ");
    insta::assert_snapshot!(refused("http://localhost:8080/v1"), @"
    llama.cpp usually listens on port 8080: start it with `llama-server -m MODEL.gguf`
    then check it with `curl http://localhost:8080/v1/models`
    ");
    insta::assert_snapshot!(refused("http://localhost:4000/v1?a=b"), @"
    LiteLLM usually listens on port 4000: start it with `litellm --config config.yaml`
    then check it with `curl http://localhost:4000/v1/models`
    ");
    insta::assert_snapshot!(refused("http://localhost:9/v1"), @"
    start the server, or correct the port in `base_url`; usual ones are 11434 (Ollama), 1234 (LM Studio), 8000 (vLLM), 8080 (llama.cpp), 4000 (LiteLLM)
    then check it with `curl http://localhost:9/v1/models`
    ");
    insta::assert_snapshot!(refused("https://api.example/v1"), @"check the host and port of `base_url`: `https://api.example`");
}

#[test]
fn a_refused_key_is_described_but_not_shown() {
    insta::assert_snapshot!(unauthorized(&openai("https://api.openai.com/v1"), "sk-proj-0123456789abcdef"), @"
    the key comes from variable `MY_KEY` and has 24 characters, the last four `cdef`: check that it is whole, still good, and for this server
    prompts go to `base_url` followed by `/chat/completions`
    ");
    insta::assert_snapshot!(unauthorized(&openai("https://h/v1"), "short"), @"
    the key comes from variable `MY_KEY` and has 5 characters: check that it is whole, still good, and for this server
    prompts go to `base_url` followed by `/chat/completions`
    ");
}

#[test]
fn a_key_of_another_issuer_is_recognised() {
    insta::assert_snapshot!(unauthorized(&openai("https://api.openai.com/v1"), "sk-ant-api03-0123456789"), @r#"
    the key begins with `sk-ant-`, as those of Anthropic do, but `api.openai.com` is not theirs: write `type = "anthropic"` with their `base_url`, or give the key of `api.openai.com`
    the key comes from variable `MY_KEY` and has 23 characters, the last four `6789`: check that it is whole, still good, and for this server
    prompts go to `base_url` followed by `/chat/completions`
    "#);
    insta::assert_snapshot!(unauthorized(&anthropic(), "sk-proj-0123456789abcdef"), @r#"
    the key begins with `sk-proj-`, as those of OpenAI do, but `api.anthropic.com` is not theirs: write `type = "openai"` with their `base_url`, or give the key of `api.anthropic.com`
    the key comes from variable `MY_KEY` and has 24 characters, the last four `cdef`: check that it is whole, still good, and for this server
    prompts go to `base_url` followed by `/v1/messages`
    "#);
    insta::assert_snapshot!(unauthorized(&anthropic(), "sk-0123456789abcdef"), @"
    the key begins with `sk-`, those of Anthropic with `sk-ant-`: it is another's
    the key comes from variable `MY_KEY` and has 19 characters, the last four `cdef`: check that it is whole, still good, and for this server
    prompts go to `base_url` followed by `/v1/messages`
    ");
}

#[test]
fn tokens_tell_of_their_end_and_of_what_is_missing() {
    let target = azure("https://r.openai.azure.com", CredentialForm::BearerToken);
    let part = |json: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json);
    let (header, payload) = (part(r#"{"alg":"none"}"#), part(r#"{"exp":1790000000}"#));
    insta::assert_snapshot!(unauthorized(&target, &format!("{header}.{payload}.c2ln")), @r#"
    the token expired at 2026-09-21T14:13:20Z: get a new one, or let a command get it each time with `bearer_token = { command = ["az", "account", "get-access-token", …] }`
    the token comes from variable `MY_KEY` and has 49 characters, the last four `c2ln`: check that it is whole, still good, and for this server
    a Microsoft Entra token for this route needs the scope `https://cognitiveservices.azure.com/.default`
    prompts go to the host of `base_url` followed by `/openai/deployments/`, the deployment (`model`), `/chat/completions` and `api-version`
    "#);
    insta::assert_snapshot!(unauthorized(&target, &format!("{header}.{payload}")), @"
    the token begins like a JWT but has not its three parts: give the whole token, not only the beginning
    the token comes from variable `MY_KEY` and has 44 characters, the last four `MDB9`: check that it is whole, still good, and for this server
    a Microsoft Entra token for this route needs the scope `https://cognitiveservices.azure.com/.default`
    prompts go to the host of `base_url` followed by `/openai/deployments/`, the deployment (`model`), `/chat/completions` and `api-version`
    ");
    insta::assert_snapshot!(unauthorized(&target, "\"quoted-token\""), @r#"
    the token stands between quotes: remove them where it comes from
    the token comes from variable `MY_KEY` and has 14 characters, the last four `ken"`: check that it is whole, still good, and for this server
    a Microsoft Entra token for this route needs the scope `https://cognitiveservices.azure.com/.default`
    prompts go to the host of `base_url` followed by `/openai/deployments/`, the deployment (`model`), `/chat/completions` and `api-version`
    "#);
    // Without a clock, nothing is said about it.
    let secret = Secret::new(&format!("{header}.{payload}.c2ln")).expect("a good secret");
    let error = status(Kind::Auth, 401, Fault::default());
    let lines = hints(&error, &target, Some(&secret), Known::default());
    assert!(!lines.iter().any(|line| line.contains("expired")), "{lines:?}");
}

#[test]
fn azure_keys_belong_to_their_resource() {
    let v1 = azure("https://r.openai.azure.com/openai/v1", CredentialForm::BearerToken);
    insta::assert_snapshot!(unauthorized(&v1, "a-token-of-some-kind"), @"
    the token comes from variable `MY_KEY` and has 20 characters, the last four `kind`: check that it is whole, still good, and for this server
    a Microsoft Entra token for this route needs the scope `https://ai.azure.com/.default`
    prompts go to the host of `base_url` followed by Azure's v1 route `/openai/v1/chat/completions`
    ");
    let key = azure("https://r.openai.azure.com", CredentialForm::ApiKey);
    insta::assert_snapshot!(unauthorized(&key, "0123456789abcdef"), @"
    the key comes from variable `MY_KEY` and has 16 characters, the last four `cdef`: check that it is whole, still good, and for this server
    each Azure resource has its own keys: it must be one of `r.openai.azure.com`
    prompts go to the host of `base_url` followed by `/openai/deployments/`, the deployment (`model`), `/chat/completions` and `api-version`
    ");
    let project = azure("https://r.services.ai.azure.com/api/projects/p", CredentialForm::ApiKey);
    insta::assert_snapshot!(unauthorized(&project, "0123456789abcdef"), @"
    the key comes from variable `MY_KEY` and has 16 characters, the last four `cdef`: check that it is whole, still good, and for this server
    a Foundry project takes no key: use the resource's own host, or `bearer_token`
    prompts go to the host of `base_url` followed by `/openai/deployments/`, the deployment (`model`), `/chat/completions` and `api-version`
    ");
}

#[test]
fn no_credential_and_a_users_own_are_said() {
    let error = status(Kind::Auth, 401, Fault::default());
    let none = any_target(ProviderType::Anthropic, None, None);
    insta::assert_snapshot!(shown(&error, &none), @r#"
    no credential was sent: add `api_key = { env = "ANTHROPIC_API_KEY" }` to profile `work`
    prompts go to `base_url` followed by `/v1/messages`
    "#);
    let headers = vec![("X-API-Key".to_owned(), "mine".to_owned())];
    let own = Target { headers, ..openai("https://h/v1") };
    insta::assert_snapshot!(shown(&error, &own), @"
    the credential was the header `x-api-key` that `headers` sets in profile `work`
    prompts go to `base_url` followed by `/chat/completions`
    ");
    let unread = openai("https://h/v1");
    insta::assert_snapshot!(shown(&status(Kind::Auth, 403, Fault::default()), &unread), @"
    the credential comes from variable `MY_KEY`
    403 says that the key is known but may not do this: look at its permissions, the model's, and the region or network it may be used from
    prompts go to `base_url` followed by `/chat/completions`
    ");
}

#[test]
fn a_wrong_path_shows_the_url_and_its_rule() {
    let not_found = status(Kind::Request, 404, fault("", "Not Found"));
    insta::assert_snapshot!(shown(&not_found, &openai("http://localhost:8000")), @r#"
    prompts go to `base_url` followed by `/chat/completions`
    most servers need `/v1`: try `base_url = "http://localhost:8000/v1"`
    "#);
    insta::assert_snapshot!(shown(&not_found, &openai("https://h/v1?key=hunter2")), @"
    prompts go to `base_url` followed by `/chat/completions`
    compare `base_url` with the address in the server's own manual
    ");
    let target = azure("https://r.openai.azure.com", CredentialForm::ApiKey);
    let azure_404 = status(Kind::Request, 404, fault("404", "Resource not found"));
    insta::assert_snapshot!(shown(&azure_404, &target), @"
    prompts go to the host of `base_url` followed by `/openai/deployments/`, the deployment (`model`), `/chat/completions` and `api-version`
    check `azure.api_version`, and that `base_url` is the resource's host alone
    ");
    let mut responses = openai("https://h/v1/responses");
    responses.endpoint.rule = "a rule".to_owned();
    insta::assert_snapshot!(shown(&not_found, &responses), @r#"
    prompts go to a rule
    not every server has the Responses API: try `wire_api = "completions"`
    compare `base_url` with the address in the server's own manual
    "#);
    let html = Error { status: Some(200), ..Error::new(Kind::Server, Cause::Html, "html") };
    insta::assert_snapshot!(shown(&html, &openai("https://h")), @r#"
    prompts go to `base_url` followed by `/chat/completions`
    most servers need `/v1`: try `base_url = "https://h/v1"`
    "#);
    let lm_studio = Error {
        fault: Some(fault("", "Unexpected endpoint or method. (POST /chat/completions)")),
        ..Error::new(Kind::Server, Cause::Reported, "it failed")
    };
    insta::assert_snapshot!(shown(&lm_studio, &openai("http://localhost:1234")), @r#"
    prompts go to `base_url` followed by `/chat/completions`
    most servers need `/v1`: try `base_url = "http://localhost:1234/v1"`
    "#);
    let gateway = Error { status: Some(502), ..Error::new(Kind::Server, Cause::Html, "html") };
    insta::assert_snapshot!(shown(&gateway, &openai("https://h")), @"something in front of the server answered in its place: try again in a while");
}

#[test]
fn an_unknown_model_brings_the_nearest_names() {
    let ids = ["some-model-2", "other", "Some-Models", "somemodel"].map(str::to_owned);
    let known = Known { models: &ids, ..Known::default() };
    let error = status(Kind::Request, 404, fault("model_not_found", "The model does not exist"));
    insta::assert_snapshot!(hints(&error, &openai("https://h/v1"), None, known).join("\n"), @"
    the server has `Some-Models`, `somemodel`, `some-model-2`
    `byok models -P work` lists what it has
    ");
    let ollama = status(Kind::Request, 404, fault("", "model 'some-model' not found"));
    insta::assert_snapshot!(shown(&ollama, &openai("http://localhost:11434/v1")), @"
    `byok models -P work` lists what it has
    Ollama fetches a model with `ollama pull some-model`
    ");
    let kind = Some("not_found_error".to_owned());
    let anthropic_404 = Fault { kind, ..fault("", "model: some-model") };
    insta::assert_snapshot!(shown(&status(Kind::Request, 404, anthropic_404), &anthropic()), @"`byok models -P work` lists what it has");
    let forbidden = status(Kind::Auth, 403, fault("model_not_found", "no access"));
    insta::assert_snapshot!(shown(&forbidden, &openai("https://h/v1")), @"`byok models -P work` lists what it has");
}

#[test]
fn an_unknown_deployment_is_no_unknown_model() {
    let target = azure("https://r.openai.azure.com", CredentialForm::ApiKey);
    let message = "The API deployment for this resource does not exist.";
    let error = status(Kind::Request, 404, fault("DeploymentNotFound", message));
    insta::assert_snapshot!(shown(&error, &target), @"
    `model` must name a deployment of your Azure resource, not a model: look for `some-model` under Deployments in the portal
    a deployment made just now takes some minutes to appear
    prompts go to the host of `base_url` followed by `/openai/deployments/`, the deployment (`model`), `/chat/completions` and `api-version`
    ");
}

#[test]
fn limits_say_how_long_and_money_says_that_waiting_is_no_use() {
    let error = status(Kind::RateLimit, 429, Fault::default());
    insta::assert_snapshot!(shown(&error, &openai("https://h/v1")), @"ask less often, raise `retries`, or take another model (`-m`) or profile (`-P`)");
    let error = Error { retry_after: Some(Duration::from_secs(125)), ..error };
    insta::assert_snapshot!(shown(&error, &openai("https://h/v1")), @"
    the server asks to wait 2 min 5 s
    ask less often, raise `retries`, or take another model (`-m`) or profile (`-P`)
    ");
    let quota = status(Kind::Quota, 429, fault("insufficient_quota", "no money"));
    insta::assert_snapshot!(shown(&quota, &openai("https://h/v1")), @"waiting does not help: add credit or raise the spending limit of the account behind the key, or take another profile with `-P`");
}

#[test]
fn certificates_point_to_the_roots_and_the_clock() {
    let tls = |cause| network(Cause::Tls(cause), &openai("https://h/v1"));
    let roots = "143 certificates of `/etc/ssl/certs`".to_owned();
    insta::assert_snapshot!(tls(TlsCause::UnknownIssuer { roots }), @r#"
    if the server, or a proxy on the way, has a certificate of your organisation, name its authority's file: `tls.ca_file = "FILE.pem"` in profile `work`
    the certificate was held against the 143 certificates of `/etc/ssl/certs`
    "#);
    insta::assert_snapshot!(tls(TlsCause::WrongName { names: vec!["a".to_owned(), "b".to_owned()] }), @"check the host in `base_url`: `https://h`; a name that the certificate is for would do");
    insta::assert_snapshot!(tls(TlsCause::WrongName { names: vec![] }), @"check the host in `base_url`: `https://h`");
    insta::assert_snapshot!(tls(TlsCause::Expired), @"check this machine's clock; if it is right, the server's certificate has to be renewed");
    insta::assert_snapshot!(tls(TlsCause::ClientCertificate), @"set `tls.client_cert` (and `tls.client_key`) in profile `work` to a certificate that the server knows");
    insta::assert_snapshot!(tls(TlsCause::NotTls), @"check the port of `base_url`: `https://h` does not speak TLS there");
    let local = openai("https://localhost:8080/v1");
    insta::assert_snapshot!(network(Cause::Tls(TlsCause::NotTls), &local), @"write `http://` in place of `https://`: `https://localhost:8080` does not speak TLS");
    assert_eq!(tls(TlsCause::Expired), tls(TlsCause::NotYetValid));
    assert_eq!(tls(TlsCause::Certificate), tls(TlsCause::Other));
}

#[test]
fn the_way_to_the_server_is_told_apart() {
    let target = openai("http://h.example/v1");
    let name = |host: &str| network(Cause::NameNotFound { host: host.to_owned() }, &target);
    insta::assert_snapshot!(name("h.example"), @"
    check the spelling of `h.example` in `base_url`
    check that this machine is online, and its VPN if only that knows the name
    ");
    insta::assert_snapshot!(name("proxy.example"), @"
    check the spelling of `proxy.example` in the proxy's address
    check that this machine is online, and its VPN if only that knows the name
    ");
    let proxy = |status, target: &Target| {
        network(Cause::Proxy { proxy: "http://p:3128".to_owned(), status }, target)
    };
    insta::assert_snapshot!(proxy(None, &target), @"
    check the proxy's address in the variable `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY`
    to go without a proxy, set `NO_PROXY=h.example`
    ");
    let mut with_proxy = target.clone();
    with_proxy.network.proxy = Some("http://p:3128".to_owned());
    insta::assert_snapshot!(proxy(Some(407), &with_proxy), @"put the user and password for the proxy into `proxy` in profile `work`");
    insta::assert_snapshot!(network(Cause::Unreachable, &target), @"check that this machine is online, and its VPN if it needs one");
    insta::assert_snapshot!(network(Cause::Reset, &target), @"
    try again; if it stays so, look at the server's log
    if the server speaks TLS there, write `https://` in place of `http://`: `http://h.example`
    ");
    insta::assert_snapshot!(network(Cause::NotHttp, &openai("https://h:22/v1")), @"check the port of `base_url`: `https://h:22`");
}

#[test]
fn each_deadline_names_its_key() {
    let target = openai("https://h/v1");
    let ten = Duration::from_secs(10);
    insta::assert_snapshot!(network(Cause::ConnectTimeout(ten), &target), @r#"
    check that the host and port of `base_url` are right and no firewall is between: `https://h`
    raise `timeouts.connect` in profile `work`, to `"20s"` say
    "#);
    insta::assert_snapshot!(network(Cause::FirstByteTimeout(ten), &target), @r#"
    a model that thinks long, or that is still being loaded, needs more time
    raise `timeouts.first_byte` in profile `work`, to `"20s"` say
    "#);
    insta::assert_snapshot!(network(Cause::IdleTimeout(Duration::from_millis(50)), &target), @r#"raise `timeouts.idle` in profile `work`, to `"100ms"` say"#);
    assert!(!network(Cause::IdleTimeout(Duration::MAX), &target).is_empty());
}

#[test]
fn a_redirect_shows_where_and_what_to_write() {
    let target = openai("http://h/v1");
    let to = |to: Option<&str>| network(Cause::Redirect { to: to.map(str::to_owned) }, &target);
    insta::assert_snapshot!(to(Some("https://h/v1/chat/completions")), @r#"if you trust that place, write `base_url = "https://h/v1"`"#);
    insta::assert_snapshot!(to(Some("https://login.example/")), @"`https://login.example/` is no place for requests, perhaps a login page: check `base_url`");
    insta::assert_snapshot!(to(None), @"check `base_url`: the server wants to send the request elsewhere");
}

#[test]
fn everything_else_has_a_next_step() {
    let target = openai("https://h/v1");
    let of = |kind, cause| shown(&Error::new(kind, cause, "it failed"), &target);
    insta::assert_snapshot!(of(Kind::Context, Cause::Status), @"
    make the prompt shorter, or take a model with a larger context window
    `max_output_tokens` counts too: a lower one leaves more room
    ");
    insta::assert_snapshot!(of(Kind::Filtered, Cause::Reported), @"say it in other words, or adjust the filter at the provider");
    insta::assert_snapshot!(of(Kind::Cut, Cause::Cut), @"
    ask again; what came before the cut is no whole answer
    if it always ends after the same time, something between here and the server has a limit of its own
    ");
    insta::assert_snapshot!(of(Kind::Server, Cause::Malformed), @"
    prompts go to `base_url` followed by `/chat/completions`
    check that the server speaks this format: `type` and `wire_api` decide
    ");
    insta::assert_snapshot!(of(Kind::Server, Cause::Status), @"the server's own log says more, if it is yours");
    insta::assert_snapshot!(of(Kind::Server, Cause::NoModelList), @"the profile may be right all the same: not every server lists its models");
    let overloaded = status(Kind::Server, 529, Fault::default()).transient();
    insta::assert_snapshot!(shown(&overloaded, &target), @"try again in a while, or raise `retries`");
    let param = Some("temperature".to_owned());
    let refused = status(Kind::Request, 400, Fault { param, ..fault("", "no") });
    insta::assert_snapshot!(shown(&refused, &target), @"the server refuses `temperature`: change or remove it in profile `work` or on the command line");
    let version = status(Kind::Request, 400, fault("", "API version not supported"));
    insta::assert_snapshot!(shown(&version, &target), @r#"raise `azure.api_version`, or write `azure.api_version = "v1"` for the v1 route"#);
    insta::assert_snapshot!(shown(&status(Kind::Request, 413, Fault::default()), &target), @"send less: a shorter prompt or smaller files");
}

#[test]
fn waits_are_said_in_words() {
    let words = |milliseconds| in_words(Duration::from_millis(milliseconds));
    assert_eq!(words(20), "0.1 s");
    assert_eq!(words(1500), "1.5 s");
    assert_eq!(words(42_000), "42 s");
    assert_eq!(words(125_000), "2 min 5 s");
    assert_eq!(words(12_000_000), "3 h 20 min");
}
