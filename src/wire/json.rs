//! Tolerant reading and merging of others' JSON: anything odd is simply not there.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// The length of an [`excerpt`] in characters.
const EXCERPT: usize = 200;

/// A string that borrows from the JSON text unless it holds escapes; for fast paths. (`serde`
/// borrows inside an `Option` only through a type of its own.)
#[derive(Debug, serde::Deserialize)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

/// Reads one JSON document. Half a surrogate pair (some servers cut text between the two) becomes
/// U+FFFD instead of an error.
pub(super) fn parse(text: &str) -> serde_json::Result<Value> {
    serde_json::from_str(text).or_else(|error| match whole_surrogates(text) {
        Some(repaired) => serde_json::from_str(&repaired),
        None => Err(error),
    })
}

/// The value at a dotted path such as `choices.0.delta`; null counts as absent.
pub(super) fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let mut found = value;
    for step in path.split('.') {
        found = match found {
            Value::Object(map) => map.get(step)?,
            Value::Array(items) => items.get(step.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    (!found.is_null()).then_some(found)
}

/// The string at a dotted path; the empty string counts as absent.
pub(super) fn text<'a>(value: &'a Value, path: &str) -> Option<&'a str> {
    at(value, path)?.as_str().filter(|text| !text.is_empty())
}

/// The list at a dotted path; empty when there is none.
pub(super) fn list<'a>(value: &'a Value, path: &str) -> &'a [Value] {
    at(value, path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The count at a dotted path. Some servers write floats; a negative number is no count.
pub(super) fn count(value: &Value, path: &str) -> Option<u64> {
    let found = at(value, path)?;
    found.as_u64().or_else(|| {
        let float = found.as_f64().filter(|float| (0.0..=9e15).contains(float))?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range")]
        Some(float.round() as u64)
    })
}

/// Merges `extra` into `body`, table by table; where both hold something else, `extra` wins.
pub(super) fn merge(body: &mut Value, extra: &Map<String, Value>) {
    let Value::Object(map) = body else { return };
    for (key, value) in extra {
        match (map.get_mut(key), value) {
            (Some(old @ Value::Object(_)), Value::Object(newer)) => merge(old, newer),
            _ => {
                map.insert(key.clone(), value.clone());
            }
        }
    }
}

/// The beginning of a text for an error message: at most 200 characters, white space collapsed.
pub(super) fn excerpt(text: &str) -> String {
    let mut excerpt = String::new();
    let mut left = EXCERPT;
    for word in text.split_whitespace() {
        if !excerpt.is_empty() {
            if left < 2 {
                break;
            }
            excerpt.push(' ');
            left -= 1;
        }
        for character in word.chars().take(left) {
            excerpt.push(character);
            left -= 1;
        }
        if left == 0 {
            break;
        }
    }
    excerpt
}

/// The text with every lone surrogate escape replaced; `None` when there is none.
fn whole_surrogates(text: &str) -> Option<String> {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let mut repaired = String::new();
    let mut copied = 0;
    let mut from = 0;
    while let Some(found) = memchr::memchr(b'\\', &text.as_bytes()[from..]) {
        let escape = from + found;
        from = match unit(escape) {
            Some(0xD800..=0xDBFF) if matches!(unit(escape + 6), Some(0xDC00..=0xDFFF)) => {
                escape + 12
            }
            Some(0xD800..=0xDFFF) => {
                repaired.push_str(&text[copied..escape]);
                repaired.push('\u{FFFD}');
                copied = escape + 6;
                copied
            }
            // Past the escaped character, which may be a backslash itself.
            _ => escape + 1 + text[escape + 1..].chars().next().map_or(0, char::len_utf8),
        };
    }
    (copied > 0).then(|| repaired + &text[copied..])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_lead_through_objects_and_lists() {
        let value = json!({"a": [{"b": "x", "empty": "", "null": null}]});
        assert_eq!(text(&value, "a.0.b"), Some("x"));
        for path in ["a.0.empty", "a.0.null", "a.1.b", "a.b", "a.0.b.c", "", "a.-1"] {
            assert_eq!(text(&value, path), None, "{path}");
        }
        assert_eq!(list(&value, "a").len(), 1);
        assert_eq!(list(&value, "a.0.b"), &[] as &[Value]);
    }

    #[test]
    fn counts_may_be_floats_and_huge_but_not_negative() {
        let value = json!({"int": 5_000_000_000_u64, "float": 12.0, "minus": -1, "text": "1",
            "null": null, "endless": 1e300});
        let counts = ["int", "float", "minus", "text", "null", "endless", "absent"]
            .map(|path| count(&value, path));
        assert_eq!(counts, [Some(5_000_000_000), Some(12), None, None, None, None, None]);
    }

    #[test]
    fn merging_goes_table_by_table_and_the_newer_word_wins() {
        let mut body = json!({"a": {"b": 1, "c": 2}, "d": [1]});
        let extra = json!({"a": {"b": {"x": 0}}, "d": [2], "e": true});
        merge(&mut body, extra.as_object().unwrap());
        assert_eq!(body, json!({"a": {"b": {"x": 0}, "c": 2}, "d": [2], "e": true}));
    }

    #[test]
    fn an_excerpt_has_at_most_200_characters() {
        assert_eq!(excerpt("  a\n\tb  "), "a b");
        assert_eq!(excerpt(&"ä".repeat(500)), "ä".repeat(200));
        assert_eq!(excerpt(&"ab ".repeat(500)).chars().count(), 200);
    }

    #[test]
    fn half_a_surrogate_pair_does_not_lose_the_answer() {
        let read = |text: &str| parse(text).map_err(|error| error.to_string());
        assert_eq!(read(r#""\ud83d""#), Ok(json!("\u{FFFD}")));
        assert_eq!(read(r#""\ude00\ud83d\ude00\ud83d""#), Ok(json!("\u{FFFD}😀\u{FFFD}")));
        assert_eq!(read(r#""\\ud83d""#), Ok(json!("\\ud83d")));
        assert_eq!(read(r#"["\ud83dä", "\\\ud83d"]"#), Ok(json!(["\u{FFFD}ä", "\\\u{FFFD}"])));
        assert!(read(r#""\ud83d"#).is_err());
        assert!(read(r#"{"a": \"#).is_err());
    }
}
