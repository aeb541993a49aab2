//! Takes the secrets of a request out of what a server says: servers echo them.

use std::borrow::Cow;

use super::super::Secret;
use crate::wire::Fault;

/// The secrets of one request.
#[derive(Debug, Clone, Default)]
pub(in crate::provider) struct Mask {
    secrets: Vec<Secret>,
}

impl Mask {
    pub(super) fn add(&mut self, secret: &Secret) {
        self.secrets.push(secret.clone());
    }

    /// `text` without any of the secrets.
    pub(super) fn text(&self, text: String) -> String {
        self.secrets.iter().fold(text, |text, secret| match secret.redact(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(redacted) => redacted,
        })
    }

    pub(super) fn fault(&self, fault: Fault) -> Fault {
        let optional = |text: Option<String>| text.map(|text| self.text(text));
        Fault {
            message: self.text(fault.message),
            code: optional(fault.code),
            kind: optional(fault.kind),
            param: optional(fault.param),
            request_id: optional(fault.request_id),
            ..fault
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_secret_goes_from_every_text_of_a_fault() {
        let mut mask = Mask::default();
        for key in ["sk-CANARY-one-0123456789", "sk-CANARY-two-0123456789"] {
            mask.add(&Secret::new(key).expect("a fit secret"));
        }
        let echo = || "no sk-CANARY-one-0123456789, no sk-CANARY-two-0123456789".to_owned();
        let fault = mask.fault(Fault {
            message: echo(),
            code: Some(echo()),
            kind: Some(echo()),
            param: Some(echo()),
            request_id: Some(echo()),
            ..Fault::default()
        });
        assert!(!format!("{fault:?}").contains("CANARY"), "{fault:?}");
    }
}
