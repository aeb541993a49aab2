//! `type = "openai"`: the path of `base_url`, then the request's own (rows 1 to 15).

use super::{
    Address, EndpointError, Route,
    azure::{self, Form, Parts},
    base::Base,
};

pub(super) fn route(address: &Address<'_>, base: &mut Base) -> Result<Route, EndpointError> {
    if base.origin.is_azure() {
        refuse_azure_confusion(base)?;
    }
    if base.strip("/messages") {
        let root = base.path.strip_suffix("/v1").unwrap_or(&base.path);
        return Err(EndpointError::new(
            "`base_url` ends in `/messages`, which `type = \"openai\"` does not speak",
            vec![format!(
                "write `type = \"anthropic\"` and `base_url = \"{}{root}\"`, or end `base_url` in `/v1`",
                base.origin
            )],
        ));
    }
    let pasted = base.strip_request_path();
    match pasted {
        Some(suffix) => base.notices.push(format!(
            "`base_url` ends in `{}`, which is added by itself: it is left out",
            suffix.suffix()
        )),
        None if base.path.is_empty() => base
            .notices
            .push(format!("`base_url` has no path: most servers need `{}/v1`", base.origin)),
        None => {}
    }
    let wire_api = base.choose_wire_api(address.wire_api, pasted);
    let suffix = wire_api.suffix();
    Ok(Route {
        wire: wire_api.wire(),
        path: Some(format!("{}{suffix}", base.path)),
        models_path: format!("{}/models", base.path),
        model: None,
        rule: format!("`base_url` followed by `{suffix}`"),
    })
}

/// Rows 6, 13 and 14: addresses of Azure that only `type = "azure"` understands, and their kin.
fn refuse_azure_confusion(base: &Base) -> Result<(), EndpointError> {
    let parts = Parts::read(&mut base.clone());
    let is_known = parts.prefix.is_empty() || azure::is_project(&parts.prefix);
    let message = match &parts.form {
        Form::Deployment(_) => {
            "`base_url` names an Azure deployment, which `type = \"openai\"` cannot reach"
        }
        Form::Host if is_known => {
            "`base_url` is an Azure host without the path that `type = \"openai\"` needs"
        }
        Form::Host if azure::is_claude(&parts.prefix) => return Err(azure::claude_error("openai")),
        Form::V1 | Form::Host => return Ok(()),
    };
    let v1 = format!("`base_url = \"{}{}/openai/v1/\"`", base.origin, parts.prefix);
    let model = parts.deployment().map(|deployment| format!(" and `model = {deployment:?}`"));
    Err(EndpointError::new(
        message,
        vec![
            format!("write {}", parts.profile(&base.origin)),
            format!("or keep `type = \"openai\"` and write {v1}{}", model.unwrap_or_default()),
        ],
    ))
}
