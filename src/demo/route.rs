//! Path and method of a request → what is wanted.

use hyper::{Method, StatusCode};

use super::{Kind, fault::Fault};

/// A wire format that the server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    ChatCompletions,
    Responses,
    Messages,
}

/// What a request is after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    Answer {
        format: Format,
        /// The deployment in an Azure path; it is the model, whatever the body says.
        deployment: Option<String>,
    },
    Models,
}

/// Whose manners a path calls for, also when it is wrong: so an error has the shape that the
/// client expects.
pub(super) fn kind(path: &str) -> Kind {
    match path.split('/').nth(1) {
        Some("openai") => Kind::Azure,
        Some("v1") if path.split('/').nth(2) == Some("messages") => Kind::Anthropic,
        _ => Kind::OpenAi,
    }
}

/// Finds what is wanted, or says 404 or 405. `query` is what follows the `?`.
pub(super) fn route(method: &Method, path: &str, query: Option<&str>) -> Result<Wanted, Fault> {
    let answer = |format| Wanted::Answer { format, deployment: None };
    let is_dated = has_api_version(query);
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let wanted = match segments.as_slice() {
        ["v1", "models"] | ["openai", "v1", "models"] => Wanted::Models,
        ["openai", "models"] if is_dated => Wanted::Models,
        ["v1", "chat", "completions"] | ["openai", "v1", "chat", "completions"] => {
            answer(Format::ChatCompletions)
        }
        ["v1", "responses"] | ["openai", "v1", "responses"] => answer(Format::Responses),
        ["openai", "responses"] if is_dated => answer(Format::Responses),
        ["v1", "messages"] => answer(Format::Messages),
        ["openai", "deployments", deployment, "chat", "completions"] if is_dated => {
            Wanted::Answer {
                format: Format::ChatCompletions,
                deployment: Some((*deployment).to_owned()),
            }
        }
        ["openai", "models" | "responses"]
        | ["openai", "deployments", _, "chat", "completions"] => {
            return Err(Fault::new(
                StatusCode::NOT_FOUND,
                "Resource not found: this route needs `api-version` in its query.",
            ));
        }
        _ => return Err(Fault::new(StatusCode::NOT_FOUND, format!("There is no `{path}` here."))),
    };
    let allowed = match wanted {
        Wanted::Answer { .. } => Method::POST,
        Wanted::Models => Method::GET,
    };
    if *method == allowed {
        Ok(wanted)
    } else {
        let message = format!("`{path}` takes `{allowed}`, not `{method}`.");
        Err(Fault::new(StatusCode::METHOD_NOT_ALLOWED, message).allowing(allowed))
    }
}

fn has_api_version(query: Option<&str>) -> bool {
    query
        .unwrap_or_default()
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .any(|(name, value)| name == "api-version" && !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(request: &str, expected: &Result<Wanted, u16>) {
        let (method, target) = request.split_once(' ').expect("METHOD PATH");
        let (path, query) =
            target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        let method = method.parse().expect("a method");
        let found = route(&method, path, query).map_err(|fault| fault.status.as_u16());
        assert_eq!(&found, expected, "{request}");
    }

    #[test]
    fn every_route_of_the_three_kinds_is_known() {
        let answer = |format| Ok(Wanted::Answer { format, deployment: None });
        check("POST /v1/chat/completions", &answer(Format::ChatCompletions));
        check("POST /v1/responses", &answer(Format::Responses));
        check("POST /v1/messages", &answer(Format::Messages));
        check("GET /v1/models?limit=1000", &Ok(Wanted::Models));
        check("POST /openai/v1/chat/completions", &answer(Format::ChatCompletions));
        check("POST /openai/v1/responses?api-version=preview", &answer(Format::Responses));
        check("POST /openai/responses?api-version=2025-03-01-preview", &answer(Format::Responses));
        check("GET /openai/v1/models", &Ok(Wanted::Models));
        check("GET /openai/models?api-version=2024-10-21", &Ok(Wanted::Models));
        check(
            "POST /openai/deployments/demo/chat/completions?api-version=2024-10-21",
            &Ok(Wanted::Answer {
                format: Format::ChatCompletions,
                deployment: Some("demo".to_owned()),
            }),
        );
    }

    #[test]
    fn a_dated_azure_route_without_its_version_is_not_found() {
        check("POST /openai/deployments/demo/chat/completions", &Err(404));
        check("POST /openai/deployments/demo/chat/completions?api-version=", &Err(404));
        check("POST /openai/responses", &Err(404));
        check("GET /openai/models", &Err(404));
    }

    #[test]
    fn other_paths_are_404_and_other_methods_405() {
        check("POST /chat/completions", &Err(404));
        check("POST /v1/v1/chat/completions", &Err(404));
        check("GET /", &Err(404));
        check("POST /v1/responses/", &Err(404));
        check("GET /v1/chat/completions", &Err(405));
        check("HEAD /v1/models", &Err(405));
    }

    #[test]
    fn a_wrong_path_still_has_the_manners_of_its_kind() {
        assert_eq!(kind("/openai/deployment/x"), Kind::Azure);
        assert_eq!(kind("/v1/messages/batches"), Kind::Anthropic);
        assert_eq!(kind("/openais"), Kind::OpenAi);
        assert_eq!(kind("/v1/messages-old"), Kind::OpenAi);
    }
}
