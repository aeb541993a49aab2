//! Values as they are shown to people and programs: secrets as their source and last four
//! characters, never more. Pure.

use serde_json::{Value as Json, json};

use super::{
    CredentialSource, Env, KeyPath, Origin, Section, Sourced, Value, duration, mask::mask_url,
};
use crate::provider::Secret;

impl Sourced {
    /// The value in words. A variable is looked at, to say whether it is set; no file is read and
    /// no command runs.
    pub fn shown(&self, path: &KeyPath, env: &Env) -> String {
        match &self.value {
            Value::Text(text) if path.is_secret() => hidden(Secret::new(text).ok().as_ref()),
            Value::Text(text) if matches!(path.key().name, "base_url" | "proxy") => mask_url(text),
            Value::Text(text) => text.clone(),
            Value::Bool(truth) => truth.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Whole(whole) => whole.to_string(),
            Value::Signed(number) => number.to_string(),
            Value::Duration(time) if time.is_zero() => "off".into(),
            Value::Duration(time) => duration::in_words(*time),
            Value::List(list) => json!(list).to_string(),
            Value::Path(file) => file.display().to_string(),
            Value::Json(Json::String(text)) if path.is_secret() => {
                hidden(Secret::new(text).ok().as_ref())
            }
            Value::Json(json) => json.to_string(),
            Value::Credential(sources) => {
                let shown: Vec<String> =
                    sources.iter().map(|source| shown_source(source, env)).collect();
                shown.join(", else ")
            }
        }
    }

    /// The value for programs: numbers and booleans as such, everything else as it is shown.
    pub fn json(&self, path: &KeyPath, env: &Env) -> Json {
        match &self.value {
            Value::Bool(truth) => json!(truth),
            Value::Number(number) => json!(number),
            Value::Whole(whole) => json!(whole),
            Value::Signed(number) => json!(number),
            Value::List(list) => json!(list),
            Value::Json(json) if !path.is_secret() => json.clone(),
            _ => json!(self.shown(path, env)),
        }
    }
}

impl Origin {
    /// The origin for programs: `kind`, and what belongs to it.
    pub fn json(&self, chosen: &str) -> Json {
        match self {
            Self::File { path, line, section } => {
                let mut json =
                    json!({ "kind": "file", "path": path.to_string_lossy(), "line": line });
                match section {
                    Section::Profile(name) if name != chosen => {
                        json["inherited_from"] = json!(name);
                    }
                    Section::Defaults => json["section"] = json!("defaults"),
                    Section::Profile(_) | Section::Top => {}
                }
                json
            }
            Self::Variable(name) => json!({ "kind": "variable", "name": name }),
            Self::Flag(flag) => json!({ "kind": "flag", "name": flag }),
            Self::BuiltInProfile(name) => json!({ "kind": "built-in profile", "name": name }),
            Self::Default => json!({ "kind": "default" }),
        }
    }
}

fn shown_source(source: &CredentialSource, env: &Env) -> String {
    match source {
        CredentialSource::Literal(secret) => hidden(Some(secret)),
        CredentialSource::Env(name) => match env.get(name) {
            Some(text) => format!("{source}: {}", hidden(Secret::new(text).ok().as_ref())),
            None => format!("{source}: not set"),
        },
        CredentialSource::File(_) | CredentialSource::Command(_) | CredentialSource::Keyring(_) => {
            source.to_string()
        }
    }
}

/// Dots, and the last four characters where they may be shown.
fn hidden(secret: Option<&Secret>) -> String {
    format!("…{}", secret.and_then(Secret::last_four).unwrap_or_default())
}
