//! Secrets: what is accepted, what is shown, and what is taken out of others' texts.

use proptest::prelude::*;

use super::*;

const KEY: &str = "sk-proj-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/=";

fn secret(text: &str) -> Secret {
    Secret::new(text).expect("a good secret")
}

/// An unsigned JWT with these claims.
fn jwt(claims: &str) -> Secret {
    let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
    secret(&format!("{}.{}.c2ln", part(r#"{"alg":"none"}"#), part(claims)))
}

#[test]
fn each_type_and_form_has_its_header() {
    use CredentialForm::{ApiKey, BearerToken};
    use ProviderType::{Anthropic, Azure, OpenAi};
    let header = |provider_type, form| {
        let auth = Auth::new(provider_type, form, "BYOK_KEY".to_owned(), String::new());
        (auth.header, auth.before)
    };
    assert_eq!(header(OpenAi, ApiKey), ("authorization", "Bearer "));
    assert_eq!(header(OpenAi, BearerToken), ("authorization", "Bearer "));
    assert_eq!(header(Azure, ApiKey), ("api-key", ""));
    assert_eq!(header(Azure, BearerToken), ("authorization", "Bearer "));
    assert_eq!(header(Anthropic, ApiKey), ("x-api-key", ""));
    assert_eq!(header(Anthropic, BearerToken), ("authorization", "Bearer "));
}

#[test]
fn white_space_and_a_leading_bearer_go() {
    for text in ["abc", " abc\r\n", "Bearer abc", "\u{feff}bearer\tabc\n", "  BEARER   abc "] {
        assert_eq!(secret(text).expose(), "abc", "{text:?}");
    }
    assert_eq!(secret("Bearerabc").expose(), "Bearerabc");
    assert_eq!(secret("a b").expose(), "a b");
}

#[test]
fn a_bad_character_is_named_by_its_position_in_the_text() {
    let error = |text| Secret::new(text).expect_err("a bad secret");
    assert_eq!(error(""), InvalidSecret::Empty);
    assert_eq!(error(" \n\t"), InvalidSecret::Empty);
    assert_eq!(error("Bearer \n"), InvalidSecret::Empty);
    assert_eq!(error("Bearer"), InvalidSecret::Empty);
    assert_eq!(error("abc\ndef"), InvalidSecret::Character(3));
    assert_eq!(error("  Bearer abc\0"), InvalidSecret::Character(12));
    assert_eq!(error("grün"), InvalidSecret::Character(2));
    assert_eq!(error("a\u{7f}"), InvalidSecret::Character(1));
    assert_eq!(error("a\nb").to_string(), "it holds an invalid character at position 1");
}

#[test]
fn only_long_secrets_show_their_end() {
    assert_eq!(secret("12345678901").last_four(), None);
    assert_eq!(secret("123456789012").last_four(), Some("9012"));
    assert_eq!(secret(KEY).len(), 47);
}

#[test]
fn debug_shows_nothing() {
    assert!(!format!("{:?}", secret(KEY)).contains("AbCd"));
}

#[test]
fn well_known_beginnings_name_their_issuer() {
    let issuer = |text| secret(text).issuer().map(|issuer| issuer.name);
    assert_eq!(issuer("sk-ant-api03-x"), Some("Anthropic"));
    assert_eq!(issuer("sk-or-v1-x"), Some("OpenRouter"));
    assert_eq!(issuer(KEY), Some("OpenAI"));
    assert_eq!(issuer("sk-0123"), None);
    assert!(secret("\"sk-0123\"").is_quoted());
    assert!(!secret("\"").is_quoted());
}

#[test]
fn a_jwt_says_when_it_expires() {
    assert_eq!(jwt(r#"{"exp":1790000000}"#).expires_at(), Some(1_790_000_000));
    assert_eq!(jwt(r#"{"exp":1790000000.7}"#).expires_at(), Some(1_790_000_000));
    assert_eq!(jwt(r#"{"exp":1e300}"#).expires_at(), Some(i64::MAX));
    assert_eq!(jwt(r#"{"exp":"soon"}"#).expires_at(), None);
    assert_eq!(jwt("[]").expires_at(), None);
    assert_eq!(secret("a.b.c").expires_at(), None);
    assert_eq!(secret(KEY).expires_at(), None);
}

#[test]
fn a_secret_is_taken_out_of_any_text() {
    let check = |text: &str, redacted: &str| assert_eq!(secret(KEY).redact(text), redacted);
    check("nothing here", "nothing here");
    check("", "");
    check(KEY, "[redacted]");
    check(&format!("bad key: {KEY}."), "bad key: [redacted].");
    check(&format!("{KEY}, {KEY}"), "[redacted], [redacted]");
    check("got sk-proj-AbCdEfGh***", "got [redacted]***");
    check("ends in WxYz0123456789+/=!", "ends in [redacted]!");
    // As a provider masks it: too short to be of use.
    check("sk-proj-***9+/=", "sk-proj-***9+/=");
    check("?key=sk-proj-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789%2B%2F%3D", "?key=[redacted]");
    check(r"sk-proj-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+\/=", "[redacted]");
}

#[test]
fn base64_hides_no_secret() {
    for before in ["", "u:", "us:", "user:", "Bearer "] {
        let encoded = base64::engine::general_purpose::STANDARD.encode(format!("{before}{KEY}"));
        let redacted = secret(KEY).redact(&encoded).into_owned();
        assert!(redacted.contains(REDACTED), "{before}: {redacted}");
        assert!(redacted.len() < before.len() * 2 + REDACTED.len() + 8, "{before}: {redacted}");
    }
}

#[test]
fn short_secrets_are_words_and_the_shortest_are_left() {
    assert_eq!(
        secret("ollama").redact("ollama? ollamas, ollama"),
        "[redacted]? ollamas, [redacted]"
    );
    assert_eq!(secret("x").redact("x marks"), "x marks");
    assert_eq!(
        secret("12345678").redact("1234 and 12345678 and 123456"),
        "1234 and [redacted] and [redacted]"
    );
}

#[test]
fn names_of_headers_tell_what_is_secret() {
    for name in
        ["authorization", "api-key", "x-goog-api-key", "Cookie", "ocp-apim-subscription-key"]
    {
        assert!(names_a_secret(name), "{name}");
    }
    for name in ["user-agent", "openai-organization", "anthropic-version", "x-title"] {
        assert!(!names_a_secret(name), "{name}");
    }
}

proptest! {
    #[test]
    fn no_text_keeps_a_long_part_of_the_secret(
        key in "[!-~]{16,40}", before in "\\PC{0,20}", after in "\\PC{0,20}", cut in 0_usize..4,
    ) {
        let secret = secret(&key);
        let text = format!("{before}{}{after}", &key[..key.len() - cut]);
        let redacted = secret.redact(&text).into_owned();
        prop_assert!(!redacted.contains(&key[..12]));
    }

    #[test]
    fn no_secret_panics(text in "\\PC{0,30}", other in "\\PC{0,30}") {
        if let Ok(secret) = Secret::new(&text) {
            secret.redact(&other);
            secret.redact(&text);
            secret.expires_at();
        }
    }
}
