use super::*;

#[test]
fn a_parameter_is_set_once_and_the_others_stay() {
    assert_eq!(with("http://h/v1/models", "limit", "1000"), "http://h/v1/models?limit=1000");
    assert_eq!(
        with("http://h/m?a=b&after_id=x&c=d", "after_id", "y&z"),
        "http://h/m?a=b&c=d&after_id=y%26z"
    );
}

#[test]
fn the_tags_are_beside_the_v1() {
    for (models, tags) in [
        ("http://h/v1/models", Some("http://h/api/tags")),
        ("http://h:1/models", Some("http://h:1/api/tags")),
        ("http://h/gate/v1/models?a=b", Some("http://h/gate/api/tags?a=b")),
        ("http://h/v1/other", None),
        ("no url", None),
    ] {
        assert_eq!(tags_url(models).as_deref(), tags, "{models}");
    }
}
