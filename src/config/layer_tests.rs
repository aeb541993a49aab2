use proptest::prelude::*;
use serde_json::json;

use super::{super::value, *};

/// A layer of `extra_body` paths, models and credentials: everything that hides something else.
fn layer() -> impl Strategy<Value = Layer> {
    let names = prop::collection::vec(prop::sample::select(vec!["a", "b"]), 1..4);
    let body = prop::collection::vec((names, 0..100), 0..5);
    let keys = vec!["model", "wire_model", "api_key", "bearer_token", "system", "system_file"];
    let plain = prop::collection::vec((prop::sample::select(keys), 0..100), 0..4);
    (body, plain).prop_map(|(body, plain)| {
        let mut layer = Layer::default();
        for (key, number) in plain {
            layer.set_key(key, value::Value::Json(json!(number)), Origin::Default);
        }
        for (names, number) in body {
            let root = KeyPath::new(keys::find("extra_body").unwrap());
            let path = names.iter().fold(root, |path, name| path.join(name));
            // A file cannot say both `a = 1` and `a.b = 1`.
            let clashes = layer.holds_below(&path) || layer.hides(&path);
            if !clashes {
                layer.set(path, value::Value::Json(json!(number)), Origin::Default);
            }
        }
        layer
    })
}

proptest! {
    #[test]
    fn merging_is_associative(a in layer(), b in layer(), c in layer()) {
        let left = a.clone().over(b.clone()).over(c.clone());
        let right = a.over(b.over(c));
        prop_assert_eq!(left.values, right.values);
    }

    #[test]
    fn no_value_stands_above_another(a in layer(), b in layer()) {
        let merged = a.over(b);
        for (path, _) in merged.iter() {
            prop_assert!(!merged.holds_below(path), "{}", path);
        }
    }

    #[test]
    fn what_lies_on_top_shows(a in layer(), b in layer()) {
        let merged = a.clone().over(b);
        for (path, sourced) in a.iter() {
            prop_assert_eq!(merged.values.get(path), Some(sourced));
        }
    }
}

#[test]
fn paths_are_written_as_in_toml() {
    let path = KeyPath::new(keys::find("extra_body").unwrap()).join("a-b").join("c d").join("e.f");
    assert_eq!(path.to_string(), r#"extra_body.a-b."c d"."e.f""#);
}

#[test]
fn paths_sort_as_the_table_of_keys_does() {
    let mut paths: Vec<_> = keys::KEYS.iter().rev().map(KeyPath::new).collect();
    paths.sort();
    let names: Vec<_> = paths.iter().map(|path| path.key().name).collect();
    assert_eq!(names, keys::KEYS.iter().map(|key| key.name).collect::<Vec<_>>());
}
