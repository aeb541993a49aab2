//! The JSON schema of the configuration file, made from the table of keys. Pure.

use serde_json::{Map, Value, json};

use super::{
    chat_settings::STYLES,
    keys::{KEYS, Key, Kind, Place},
};

/// The schema of the whole file, for editors (`taplo`, Even Better TOML).
///
/// Source: <https://json-schema.org/draft/2020-12>.
pub fn json_schema() -> Value {
    let mut schema = table(Place::Top);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("byok configuration");
    schema["properties"]["defaults"] = table(Place::Defaults);
    schema["properties"]["profiles"] = json!({
        "type": "object",
        "propertyNames": { "pattern": r"^[\p{L}\p{N}_][\p{L}\p{N}._-]*$" },
        "additionalProperties": { "$ref": "#/$defs/profile" },
    });
    schema["$defs"] = json!({
        "profile": table(Place::Profile),
        "credential": credential(),
        "duration": duration(),
    });
    schema
}

/// A table with every key that may stand there, in both spellings.
fn table(place: Place) -> Value {
    let mut properties = Map::new();
    for key in KEYS.iter().filter(|key| key.may_stand(place)) {
        insert(&mut properties, key.name, property(key));
        if let Some(alias) = key.alias() {
            insert(&mut properties, &alias, property(key));
        }
    }
    if place == Place::Profile {
        for name in ["api_key_env", "apiKeyEnv", "bearer_token_env", "bearerTokenEnv"] {
            let about = "the name of the variable that holds it";
            insert(&mut properties, name, json!({ "type": "string", "description": about }));
        }
    }
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

/// Puts a property under its dotted name.
fn insert(properties: &mut Map<String, Value>, name: &str, property: Value) {
    match name.split_once('.') {
        None => {
            properties.insert(name.to_owned(), property);
        }
        Some((group, rest)) => {
            let group = properties.entry(group).or_insert_with(
                || json!({ "type": "object", "additionalProperties": false, "properties": {} }),
            );
            if let Some(below) = group["properties"].as_object_mut() {
                insert(below, rest, property);
            }
        }
    }
}

fn property(key: &Key) -> Value {
    let mut property = match key.kind {
        Kind::Text | Kind::Path => json!({ "type": "string", "minLength": 1 }),
        Kind::Words(words) => json!({ "enum": words }),
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Number => json!({ "type": "number", "minimum": 0 }),
        Kind::Whole(least, most) => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        Kind::Signed => json!({ "type": "integer" }),
        Kind::Duration | Kind::Deadline => json!({ "$ref": "#/$defs/duration" }),
        Kind::List => json!({
            "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }],
        }),
        Kind::Strings => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        Kind::Table => json!({ "type": "object" }),
        Kind::Credential => json!({ "$ref": "#/$defs/credential" }),
        Kind::Prompt => {
            json!({ "type": "string", "minLength": 1, "pattern": r"^([^{]|\{(profile|model)\})*$" })
        }
        Kind::Style => {
            let words = STYLES.join("|");
            json!({ "type": "string", "pattern": format!(r"^\s*({words})(\s+({words}))*\s*$") })
        }
    };
    property["description"] = json!(key.about);
    property
}

fn duration() -> Value {
    json!({
        "anyOf": [
            { "type": "number", "minimum": 0 },
            { "type": "string", "pattern": r"^\s*([0-9.]+(ms|s|m|min|h))+\s*$|^\s*[0-9.]+\s*$" },
        ],
    })
}

fn credential() -> Value {
    let text = json!({ "type": "string", "minLength": 1 });
    let source = |name: &str| {
        json!({
            "type": "object",
            "required": [name],
            "additionalProperties": false,
            "properties": { name: text },
        })
    };
    let command = json!({
        "type": "object",
        "required": ["command"],
        "additionalProperties": false,
        "properties": {
            "command": { "type": "array", "minItems": 1, "items": { "type": "string" } },
            "ttl": { "$ref": "#/$defs/duration" },
            "timeout": { "$ref": "#/$defs/duration" },
        },
    });
    let one = [text.clone(), source("env"), source("file"), command, source("keyring")];
    let list = json!({ "type": "array", "minItems": 1, "items": { "anyOf": one } });
    let any: Vec<Value> = one.into_iter().chain([list]).collect();
    json!({ "anyOf": any })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_knows_every_key_in_both_spellings_at_its_place() {
        let schema = json_schema();
        let profile = &schema["$defs"]["profile"]["properties"];
        for key in ["base_url", "baseUrl", "api_key_env", "extra_body", "price"] {
            assert!(profile[key].is_object(), "{key}");
        }
        assert!(profile["azure"]["properties"]["apiVersion"].is_object());
        assert!(schema["properties"]["defaults"]["properties"]["type"].is_null());
        assert!(schema["properties"]["default_profile"].is_object());
        let chat = &schema["properties"]["chat"]["properties"];
        for key in ["editor", "prompt", "prompt_style", "promptStyle", "history"] {
            assert!(chat[key].is_object(), "{key}");
        }
        let screen = &schema["properties"]["screen"]["properties"];
        for key in ["render", "accessible"] {
            assert!(screen[key].is_object(), "{key}");
        }
        assert!(profile["chat"].is_null() && profile["screen"].is_null());
    }
}
