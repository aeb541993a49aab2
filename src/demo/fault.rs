//! A request that is refused, in the shape of the provider that it was meant for.

use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use super::Kind;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) status: StatusCode,
    /// A sentence for the reader.
    pub(super) message: String,
    /// The OpenAI error code where there is one, such as `model_not_found`.
    pub(super) code: Option<&'static str>,
    /// For the header `retry-after`, in seconds.
    pub(super) retry_after: Option<u64>,
    /// For the header `allow`.
    pub(super) allowed: Option<Method>,
}

impl Fault {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), code: None, retry_after: None, allowed: None }
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn coded(self, code: &'static str) -> Self {
        Self { code: Some(code), ..self }
    }

    pub(super) fn retry_after(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    pub(super) fn allowing(self, method: Method) -> Self {
        Self { allowed: Some(method), ..self }
    }

    /// The body, as <https://platform.openai.com/docs/guides/error-codes>,
    /// <https://learn.microsoft.com/azure/ai-foundry/openai/reference> and
    /// <https://platform.claude.com/docs/en/api/errors> show it.
    pub(super) fn body(&self, kind: Kind, request_id: &str) -> Value {
        match kind {
            Kind::OpenAi => json!({"error": {
                "message": self.message,
                "type": self.openai_type(),
                "param": null,
                "code": self.code,
            }}),
            Kind::Azure => json!({"error": {
                "code": self.azure_code(),
                "message": self.message,
            }}),
            Kind::Anthropic => json!({
                "type": "error",
                "error": {"type": self.anthropic_type(), "message": self.message},
                "request_id": request_id,
            }),
        }
    }

    fn openai_type(&self) -> &'static str {
        match self.status {
            StatusCode::TOO_MANY_REQUESTS => "requests",
            status if status.is_server_error() => "server_error",
            _ => "invalid_request_error",
        }
    }

    fn azure_code(&self) -> String {
        match self.code {
            Some("model_not_found") => "DeploymentNotFound".to_owned(),
            Some("rate_limit_exceeded") => "RateLimitReached".to_owned(),
            _ => self.status.as_str().to_owned(),
        }
    }

    fn anthropic_type(&self) -> &'static str {
        match self.status {
            StatusCode::NOT_FOUND => "not_found_error",
            StatusCode::PAYLOAD_TOO_LARGE => "request_too_large",
            StatusCode::TOO_MANY_REQUESTS => "rate_limit_error",
            status if status.is_server_error() => "api_error",
            _ => "invalid_request_error",
        }
    }
}
