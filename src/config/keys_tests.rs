use std::collections::BTreeSet;

use super::*;

#[test]
fn names_and_aliases_are_found_and_no_name_comes_twice() {
    let mut names = BTreeSet::new();
    for key in KEYS {
        assert_eq!(find(key.name), Some(key));
        assert!(names.insert(key.name.to_owned()), "{}", key.name);
        if let Some(alias) = key.alias() {
            assert_eq!(find(&alias), Some(key), "{alias}");
            assert!(names.insert(alias.clone()), "{alias}");
        }
    }
    for alias in ["baseUrl", "apiKey", "bearerToken", "wireApi", "azure.apiVersion"] {
        assert!(find(alias).is_some(), "{alias}");
    }
}

#[test]
fn an_unknown_key_names_the_one_that_was_meant() {
    for (written, meant) in [
        ("endpoint", "base_url"),
        ("url", "base_url"),
        ("deployment", "model"),
        ("key", "api_key"),
        ("token", "bearer_token"),
        ("max_tokens", "max_output_tokens"),
        ("maxTokens", "max_output_tokens"),
        ("api_version", "azure.api_version"),
        ("modle", "model"),
        ("base-url", "base_url"),
        ("baseURL", "base_url"),
        ("api_key_enf", "api_key_env"),
        ("tls.cafile", "tls.ca_file"),
        ("timeouts.firstbyte", "timeouts.first_byte"),
        ("client_cert", "tls.client_cert"),
    ] {
        assert_eq!(nearest(written, Place::Profile), Some(meant), "{written}");
    }
    assert_eq!(nearest("completely_else", Place::Profile), None);
    assert_eq!(nearest(&"x".repeat(100_000), Place::Profile), None);
    assert_eq!(nearest("profile", Place::Top), Some("default_profile"));
    assert_eq!(nearest("profils", Place::Top), Some("profiles"));
    assert_eq!(nearest("default", Place::Top), Some("default_profile"));
    assert_eq!(nearest("defalts", Place::Top), Some("defaults"));
    assert_eq!(nearest("profiles", Place::Profile), None);
    assert_eq!(nearest("endpoint", Place::Defaults), None);
}

#[test]
fn only_keys_that_bind_to_no_server_may_stand_in_defaults() {
    let refused = [
        "type",
        "base_url",
        "api_key",
        "bearer_token",
        "headers",
        "tls.client_cert",
        "tls.client_key",
        "extends",
        "allow_http",
        "inherit_key",
    ];
    for name in refused {
        assert!(!find(name).unwrap().may_stand(Place::Defaults), "{name}");
    }
    for name in ["proxy", "tls.ca_file", "temperature", "model"] {
        assert!(find(name).unwrap().may_stand(Place::Defaults), "{name}");
    }
}

#[test]
fn the_table_in_the_readme_is_the_table_of_keys() {
    let readme = include_str!("../../README.md");
    let Some((_, rest)) = readme.split_once("<!-- keys:begin -->\n") else { return };
    let (table, _) = rest.split_once("<!-- keys:end -->").expect("the end marker follows");
    assert_eq!(table.trim(), markdown_table().trim());
}

#[test]
fn the_example_shows_every_key_and_parses() {
    let example = include_str!("../../config.example.toml");
    let loaded = super::super::testing::loaded(example);
    // What is commented out must be right too.
    let uncommented: String = example
        .lines()
        .map(|line| match line.strip_prefix("#| ") {
            Some(line) => format!("{line}\n"),
            None => format!("{line}\n"),
        })
        .collect();
    let whole = super::super::testing::loaded(&uncommented);
    let layers = whole.file.profiles.values().chain([&whole.file.defaults, &whole.file.top]);
    let shown: BTreeSet<&str> =
        layers.flat_map(super::super::Layer::iter).map(|(path, _)| path.key().name).collect();
    let missing: Vec<_> =
        KEYS.iter().map(|key| key.name).filter(|it| !shown.contains(it)).collect();
    assert_eq!(missing, [""; 0]);
    assert!(loaded.file.profiles.len() > 3);
}
