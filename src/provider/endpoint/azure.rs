//! `type = "azure"`: two families of URLs, and many ways to paste them (rows 20 to 37).
//!
//! Source: `wire-formats.md` §7.1. Chat has the deployment in its path, Responses and the model
//! list stand beside it; the v1 route has neither deployment nor version.

use super::{
    Address, EndpointError, Origin, Route, WireApi,
    base::{self, Base},
};

/// The last dated version that is generally available.
const DEFAULT_VERSION: &str = "2024-10-21";

/// The first version with a Responses API.
const FIRST_WITH_RESPONSES: &str = "2025-03-01";

/// What a `base_url` for Azure looks like.
pub(super) const HOST_HINT: &str = "add `base_url = \"https://YOUR-RESOURCE.openai.azure.com\"`";

const VERSION_PARAMETER: &str = "api-version";

/// What a `base_url` for Azure holds.
pub(super) struct Parts {
    /// What stands before `/openai`: nothing, a Foundry project, a gateway's path.
    pub(super) prefix: String,
    /// How far the path goes.
    pub(super) form: Form,
    /// The request that was pasted whole.
    pasted: Option<WireApi>,
    /// `api-version` in the query, and whether it stood in `base_url`.
    version: Option<(String, bool)>,
}

/// How far the path of a `base_url` goes.
pub(super) enum Form {
    /// To the host, its prefix or `/openai`.
    Host,
    /// To `/openai/v1`.
    V1,
    /// To a deployment, percent-encoded as in the URL.
    Deployment(String),
}

/// Which of the two families of URLs, and what its `api-version` is.
enum Family {
    V1 { version: Option<&'static str> },
    Dated { version: String, is_written: bool },
}

pub(super) fn route(address: &Address<'_>, base: &mut Base) -> Result<Route, EndpointError> {
    let parts = Parts::read(base);
    if base.origin.is_azure() && is_claude(&parts.prefix) {
        return Err(claude_error("azure"));
    }
    let version = choose_version(address, base, &parts);
    notice_pasted(base, &parts, version.as_deref());
    let wire_api = base.choose_wire_api(address.wire_api, parts.pasted);
    let family = choose_family(&parts, version, wire_api);

    let deployment = parts.deployment();
    if let (Some(deployment), Some(model)) = (&deployment, address.model)
        && deployment != model
    {
        base.notices.push(format!(
            "`base_url` names the deployment `{deployment}`: it is used, not the model `{model}`"
        ));
    }
    let model = deployment.as_deref().or(address.model).filter(|model| !model.is_empty());
    let route = match family {
        Family::V1 { version } => v1_route(base, &parts.prefix, wire_api, version),
        Family::Dated { version, is_written } => {
            if matches!(parts.form, Form::V1) {
                base.notices.push(format!(
                    "`base_url` ends in `/openai/v1`, but the version `{version}` is set: its route is used"
                ));
            }
            if wire_api == WireApi::Responses && is_written && !has_responses(&version) {
                return Err(responses_error(&version));
            }
            dated_route(base, &parts.prefix, wire_api, &version, model)?
        }
    };
    Ok(Route { model: deployment, ..route })
}

fn v1_route(
    base: &mut Base,
    prefix: &str,
    wire_api: WireApi,
    version: Option<&'static str>,
) -> Route {
    if let Some(version) = version {
        base.put_parameter(VERSION_PARAMETER, version);
    }
    let suffix = wire_api.suffix();
    Route {
        wire: wire_api.wire(),
        path: Some(format!("{prefix}/openai/v1{suffix}")),
        models_path: format!("{prefix}/openai/v1/models"),
        model: None,
        rule: format!("the host of `base_url` followed by Azure's v1 route `/openai/v1{suffix}`"),
    }
}

fn dated_route(
    base: &mut Base,
    prefix: &str,
    wire_api: WireApi,
    version: &str,
    model: Option<&str>,
) -> Result<Route, EndpointError> {
    base.put_parameter(VERSION_PARAMETER, version);
    let (path, rule) = match wire_api {
        WireApi::Responses => (
            Some(format!("{prefix}/openai/responses")),
            "the host of `base_url` followed by `/openai/responses` and `api-version`".to_owned(),
        ),
        WireApi::Completions => (
            model.map(deployment_path).transpose()?.map(|path| format!("{prefix}{path}")),
            "the host of `base_url` followed by `/openai/deployments/`, the deployment (`model`), \
             `/chat/completions` and `api-version`"
                .to_owned(),
        ),
    };
    let models_path = format!("{prefix}/openai/models");
    Ok(Route { wire: wire_api.wire(), path, models_path, model: None, rule })
}

/// Row 37: the deployment is one segment, whatever it holds.
fn deployment_path(model: &str) -> Result<String, EndpointError> {
    if base::is_dots(model) || model.chars().any(char::is_control) {
        return Err(EndpointError::new(
            format!(
                "the model `{model}` cannot be a deployment's name, which is a part of the URL"
            ),
            vec!["set `model` to the name of a deployment in your Azure resource".to_owned()],
        ));
    }
    Ok(format!("/openai/deployments/{}/chat/completions", base::encode(model)))
}

impl Parts {
    /// Takes the path apart and `api-version` out of the query.
    pub(super) fn read(base: &mut Base) -> Self {
        let version = base.take_parameter(VERSION_PARAMETER).filter(|(text, _)| !text.is_empty());
        let pasted = base.strip_request_path();
        let path = base.path.as_str();
        let (prefix, form) = if let Some(at) = base::tail_at(path, "/openai/v1") {
            (&path[..at], Form::V1)
        } else if let Some((prefix, deployment)) = split_deployment(path) {
            (prefix, Form::Deployment(deployment.to_owned()))
        } else {
            let at = ["/openai", "/openai/deployments"]
                .iter()
                .find_map(|tail| base::tail_at(path, tail))
                .unwrap_or(path.len());
            (&path[..at], Form::Host)
        };
        Self { prefix: prefix.to_owned(), form, pasted, version }
    }

    /// The deployment that the path names, decoded.
    pub(super) fn deployment(&self) -> Option<String> {
        match &self.form {
            Form::Deployment(segment) => Some(base::decode(segment)),
            Form::Host | Form::V1 => None,
        }
    }

    /// The lines of a profile that reaches the same place with `type = "azure"` (rows 6, 13, 14).
    pub(super) fn profile(&self, origin: &Origin) -> String {
        let mut lines =
            vec!["type = \"azure\"".to_owned(), format!("base_url = \"{origin}{}\"", self.prefix)];
        lines.extend(self.deployment().map(|deployment| format!("model = {deployment:?}")));
        if let Some((version, _)) = &self.version {
            lines.push(format!("azure = {{ api_version = {version:?} }}"));
        }
        if self.pasted == Some(WireApi::Responses) {
            lines.push("wire_api = \"responses\"".to_owned());
        }
        format!("`{}`", lines.join("`, `"))
    }
}

/// Takes `/openai/deployments/NAME` off the end of `path`.
fn split_deployment(path: &str) -> Option<(&str, &str)> {
    let (before, deployment) = path.rsplit_once('/')?;
    base::tail_at(before, "/openai/deployments").map(|at| (&before[..at], deployment))
}

/// Whether `prefix` is a Foundry project, `/api/projects/NAME`.
pub(super) fn is_project(prefix: &str) -> bool {
    prefix
        .strip_prefix("/api/projects/")
        .is_some_and(|name| !name.is_empty() && !name.contains('/'))
}

/// Whether `path` leads to Claude on Foundry.
pub(super) fn is_claude(path: &str) -> bool {
    let mut segments = path.split('/').skip(1);
    segments.next().is_some_and(|segment| segment.eq_ignore_ascii_case("anthropic"))
}

pub(super) fn claude_error(provider_type: &str) -> EndpointError {
    EndpointError::new(
        format!(
            "`base_url` is where Azure serves Claude, which `type = \"{provider_type}\"` does not speak"
        ),
        vec!["write `type = \"anthropic\"`".to_owned()],
    )
}

/// The version that somebody wrote: the key's, else that of `query` or the URL.
fn choose_version(address: &Address<'_>, base: &mut Base, parts: &Parts) -> Option<String> {
    let set = address.api_version.map(str::trim).filter(|version| !version.is_empty());
    let pasted = parts.version.as_ref().map(|(version, _)| version.as_str());
    if let (Some(set), Some(pasted)) = (set, pasted)
        && set != pasted
    {
        base.notices.push(format!(
            "the URL says `api-version={pasted}`, but `azure.api_version = \"{set}\"` is used"
        ));
    }
    set.or(pasted).map(str::to_owned)
}

/// Says what was taken out of a pasted request URL (rows 34 and 35).
fn notice_pasted(base: &mut Base, parts: &Parts, version: Option<&str>) {
    let mut adopted = vec![];
    if let (Some(deployment), Some(_)) = (parts.deployment(), parts.pasted) {
        adopted.push(format!("the deployment `{deployment}`"));
    }
    if let Some((pasted, true)) = &parts.version
        && Some(pasted.as_str()) == version
    {
        adopted.push(format!("the version `{pasted}`"));
    }
    let end = parts.pasted.map(|pasted| {
        format!("`base_url` ends in `{}`, which is added by itself", pasted.suffix())
    });
    let notice = match (end, adopted.is_empty()) {
        (Some(end), true) => format!("{end}: it is left out"),
        (Some(end), false) => format!("{end}: it gives {}", adopted.join(" and ")),
        (None, false) => format!("`base_url` gives {}", adopted.join(" and ")),
        (None, true) => return,
    };
    base.notices.push(notice);
}

fn choose_family(parts: &Parts, version: Option<String>, wire_api: WireApi) -> Family {
    match version {
        Some(version) if version.eq_ignore_ascii_case("v1") => Family::V1 { version: None },
        Some(version) if version.eq_ignore_ascii_case("preview") => {
            Family::V1 { version: Some("preview") }
        }
        Some(version) => Family::Dated { version, is_written: true },
        // The default version has no Responses API (rows 20r, 25r).
        None if matches!(parts.form, Form::V1) || wire_api == WireApi::Responses => {
            Family::V1 { version: None }
        }
        None => Family::Dated { version: DEFAULT_VERSION.to_owned(), is_written: false },
    }
}

/// Whether `version` knows the Responses API; a version that is no date is the gateway's affair.
fn has_responses(version: &str) -> bool {
    let is_date = version.get(..10).is_some_and(|date| {
        date.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
    });
    !is_date || version >= FIRST_WITH_RESPONSES
}

fn responses_error(version: &str) -> EndpointError {
    EndpointError::new(
        format!("the version `{version}` of Azure's API has no Responses"),
        vec![
            "leave the version out: the v1 route is used then".to_owned(),
            format!("or write `azure.api_version = \"{FIRST_WITH_RESPONSES}-preview\"` or later"),
            "or write `wire_api = \"completions\"`".to_owned(),
        ],
    )
}
