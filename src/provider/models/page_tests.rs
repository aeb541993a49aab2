use super::*;

#[track_caller]
fn check(json: &str, ids: &[&str]) -> Page {
    let page: Page = serde_json::from_str(json).expect("a list");
    let found = page.entries.as_deref().expect("entries");
    assert_eq!(found.iter().map(|entry| entry.id.as_str()).collect::<Vec<_>>(), ids);
    page
}

#[test]
fn every_shape_of_a_list_is_read() {
    check(r#"{"object":"list","data":[{"id":"b","object":"model"},{"id":"a"}]}"#, &["b", "a"]);
    check(r#"[{"id":"t","type":"chat"}]"#, &["t"]);
    check(r#"{"models":[{"name":"llama9:latest","model":"llama9:latest"}]}"#, &["llama9:latest"]);
    check(r#"{"models":[{"model":"m"}],"data":[{"id":"d","meta":null}]}"#, &["d"]);
    check(r#"{"data":null,"models":[{"name":"n"}]}"#, &["n"]);
    check(r#"{"data":["plain", 7, null, {}, {"id":""}, [], {"id":"x"}]}"#, &["plain", "7", "x"]);
}

#[test]
fn a_list_that_is_null_is_a_list_without_entries() {
    for json in [r#"{"object":"list","data":null}"#, r#"{"data":{}}"#, r#"{"data":true}"#] {
        let page: Page = serde_json::from_str(json).expect("a list");
        assert_eq!(page, Page { is_list: true, ..Page::default() }, "{json}");
    }
    let page: Page = serde_json::from_str(r#"{"error":"no"}"#).expect("an object");
    assert!(!page.is_list);
}

#[test]
fn the_window_is_found_under_every_name() {
    for (key, value) in [
        ("context_window", "8192"),
        ("context_length", "8192.0"),
        ("max_context_length", "\"8192\""),
        ("max_model_len", "8192"),
        ("max_input_tokens", "8192"),
    ] {
        let page = check(&format!(r#"[{{"id":"m","{key}":{value}}}]"#), &["m"]);
        let entry = &page.entries.expect("entries")[0];
        assert_eq!(entry.context_window, Some(8192), "{key}");
    }
}

#[test]
fn an_anthropic_page_says_what_comes_next() {
    let page = check(
        r#"{"data":[{"type":"model","id":"claude-x","display_name":"Claude X",
            "max_input_tokens":200000}],"has_more":true,"first_id":"claude-x","last_id":"claude-x"}"#,
        &["claude-x"],
    );
    assert!(page.has_more);
    assert_eq!(page.last_id.as_deref(), Some("claude-x"));
    let entry = ModelEntry {
        id: "claude-x".into(),
        name: Some("Claude X".into()),
        context_window: Some(200_000),
        owned_by: None,
    };
    assert_eq!(page.entries, Some(vec![entry]));
}

#[test]
fn wrong_types_everywhere_cost_no_entry() {
    check(
        r#"{"data":[{"id":"m","name":{"a":[1]},"owned_by":[],"context_window":-1,"meta":[[{}]]}],
            "has_more":"no","last_id":[]}"#,
        &["m"],
    );
}
