//! `type = "anthropic"`: always the Messages API (rows 40 to 45).

use super::{Address, EndpointError, Route, azure, base::Base};
use crate::wire::Wire;

pub(super) fn route(address: &Address<'_>, base: &mut Base) -> Result<Route, EndpointError> {
    if let Some(pasted) = base.strip_request_path() {
        return Err(EndpointError::new(
            format!(
                "`base_url` ends in `{}`, which `type = \"anthropic\"` does not speak",
                pasted.suffix()
            ),
            vec![format!(
                "write `type = \"openai\"` and `base_url = \"{}{}\"`",
                base.origin, base.path
            )],
        ));
    }
    if base.strip("/messages") {
        base.notices.push(
            "`base_url` ends in `/messages`, which is added by itself: it is left out".to_owned(),
        );
    }
    base.strip("/v1");
    if let Some(wire_api) = address.wire_api {
        base.notices.push(format!(
            "`wire_api = \"{}\"` has no meaning for `type = \"anthropic\"`: the Messages API is used",
            wire_api.name()
        ));
    }
    if base.origin.is_azure() && !azure::is_claude(&base.path) {
        base.notices.push(
            "`base_url` is an Azure host, where Claude is under \
             `https://YOUR-RESOURCE.services.ai.azure.com/anthropic`"
                .to_owned(),
        );
    }
    Ok(Route {
        wire: Wire::AnthropicMessages,
        path: Some(format!("{}/v1/messages", base.path)),
        models_path: format!("{}/v1/models", base.path),
        model: None,
        rule: "`base_url` followed by `/v1/messages`".to_owned(),
    })
}
