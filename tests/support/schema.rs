//! A validator for the part of JSON Schema that byok's own schemas use. A keyword that it does not
//! know is a fault of the schema, so that nothing goes unchecked.

use serde_json::{Map, Value};

/// Every way in which `value` does not fit `schema`.
pub(crate) fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    check(schema, schema, value, "$", &mut faults);
    faults
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    let Some(keywords) = schema.as_object() else {
        faults.push(format!("{at}: the schema is no object"));
        return;
    };
    for (keyword, wanted) in keywords {
        let is_fit = match keyword.as_str() {
            "$schema" | "$defs" | "title" => true,
            "const" => value == wanted,
            "enum" => wanted.as_array().is_some_and(|values| values.contains(value)),
            "type" => has_type(value, wanted),
            "minimum" => value.as_f64().is_none_or(|number| Some(number) >= wanted.as_f64()),
            "maximum" => value.as_f64().is_none_or(|number| Some(number) <= wanted.as_f64()),
            "format" => value.as_str().is_none_or(|text| has_format(text, wanted)),
            "required" => wanted.as_array().is_some_and(|names| {
                names.iter().all(|name| value.get(name.as_str().unwrap_or_default()).is_some())
            }),
            "properties" => {
                for (name, schema) in wanted.as_object().into_iter().flatten() {
                    if let Some(value) = value.get(name) {
                        check(root, schema, value, &format!("{at}.{name}"), faults);
                    }
                }
                true
            }
            "additionalProperties" => *wanted == Value::Bool(false) && is_closed(keywords, value),
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, wanted, item, &format!("{at}[{index}]"), faults);
                }
                true
            }
            "oneOf" => {
                let fits = |schema: &&Value| {
                    let mut inner = Vec::new();
                    check(root, schema, value, at, &mut inner);
                    inner.is_empty()
                };
                wanted.as_array().is_some_and(|list| list.iter().filter(fits).count() == 1)
            }
            "$ref" => {
                let pointer = wanted.as_str().and_then(|path| path.strip_prefix('#'));
                match pointer.and_then(|pointer| root.pointer(pointer)) {
                    Some(schema) => {
                        check(root, schema, value, at, faults);
                        true
                    }
                    None => false,
                }
            }
            unknown => {
                faults.push(format!("{at}: this validator does not know `{unknown}`"));
                true
            }
        };
        if !is_fit {
            faults.push(format!("{at}: {value} does not fit {keyword} {wanted}"));
        }
    }
}

fn is_closed(keywords: &Map<String, Value>, value: &Value) -> bool {
    let known = keywords.get("properties").and_then(Value::as_object);
    let mut names = value.as_object().into_iter().flat_map(Map::keys);
    names.all(|name| known.is_some_and(|known| known.contains_key(name)))
}

fn has_type(value: &Value, wanted: &Value) -> bool {
    let is = |name: &Value| match name.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        _ => false,
    };
    match wanted {
        Value::Array(names) => names.iter().any(is),
        name => is(name),
    }
}

/// The shapes by hand: enough to tell a UUID and a time from any other text.
fn has_format(text: &str, wanted: &Value) -> bool {
    let shape = match wanted.as_str() {
        Some("uuid") => "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
        Some("date-time") => "dddd-dd-ddTdd:dd:dd.dddZ",
        _ => return false,
    };
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(byte, wanted)| match wanted {
            b'd' => byte.is_ascii_digit(),
            b'x' => byte.is_ascii_hexdigit(),
            _ => byte == wanted,
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::faults;

    #[test]
    fn each_keyword_can_refuse() {
        let schema = json!({"type": "object", "required": ["a"], "additionalProperties": false,
            "properties": {"a": {"oneOf": [{"type": "null"}, {"$ref": "#/$defs/n"}]},
                "b": {"items": {"enum": ["x"]}}, "c": {"const": 1}, "d": {"format": "uuid"}},
            "$defs": {"n": {"type": "integer", "minimum": 0, "maximum": 9}}});
        for good in [json!({"a": null}), json!({"a": 9, "b": ["x"], "c": 1})] {
            assert_eq!(faults(&schema, &good), <[String; 0]>::default(), "{good}");
        }
        for bad in [
            json!([]),
            json!({}),
            json!({"a": 10}),
            json!({"a": -1}),
            json!({"a": "1"}),
            json!({"a": 1, "b": ["y"]}),
            json!({"a": 1, "c": 2}),
            json!({"a": 1, "d": "x"}),
            json!({"a": 1, "e": 1}),
        ] {
            assert!(!faults(&schema, &bad).is_empty(), "{bad}");
        }
        assert!(!faults(&json!({"pattern": "x"}), &json!("x")).is_empty());
    }
}
