//! Addresses of every odd kind: hostile, mistyped, unusual.

use proptest::prelude::*;

use super::{
    tests::{AZ, anthropic, azure, openai, table},
    *,
};

#[test]
fn odd_addresses_are_refused_or_explained() {
    let long = format!("http://h/{}", "a".repeat(9000));
    let rows = [
        ("empty", openai("")),
        ("blank", openai(" \n")),
        ("trimmed", openai(" http://h/v1\n")),
        ("no scheme", openai("api.openai.com/v1")),
        ("no scheme, port", openai("localhost:11434/v1")),
        ("no scheme, password", openai("me:hunter2@h/v1")),
        ("one slash", openai("http:/h/v1")),
        ("three slashes", openai("http:///h/v1")),
        ("no host", openai("https://")),
        ("ftp", openai("ftp://h/v1")),
        ("file", openai("file:///etc/passwd")),
        ("userinfo", openai("https://me:hunter2@h/v1")),
        ("user", openai("http://127.0.0.1@evil/v1")),
        ("empty user", openai("http://@h/v1")),
        ("space", openai("http://h/my path")),
        ("newline", openai("http://h/v1\nx")),
        ("control", openai("http://h/\u{1b}[31m")),
        ("backslash", openai("http://good\\@evil/v1")),
        ("invisible", openai("http://exam\u{200b}ple/v1")),
        ("bad port", openai("http://h:99999/v1")),
        ("bad IPv6", openai("http://[::1/v1")),
        ("dots", openai("http://h/v1/../v2")),
        ("encoded dots", openai("http://h/%2E%2e/v2")),
        ("long", openai(&long)),
        ("IPv6", openai("http://[::1]:8080/v1")),
        ("long IPv6", openai("http://[0:0:0:0:0:0:0:1]/v1")),
        ("decimal", openai("http://2130706433/v1")),
        ("hexadecimal", openai("http://0x7f.1:80/v1")),
        ("IDN", openai("https://bücher.example/v1")),
        ("own port", openai("https://h:443/v1")),
        ("inner slashes", openai("http://h//a//v1")),
        ("umlaut", openai("http://h/grün/v1")),
        ("key in query", openai("http://h/v1?key=abc")),
        ("only a query", openai("http://h/v1?")),
    ];
    insta::assert_snapshot!(table(&rows), @"
    empty: error: `base_url` is empty
        hint: write an address such as `https://api.openai.com/v1` or `http://localhost:11434/v1`
    blank: error: `base_url` is empty
        hint: write an address such as `https://api.openai.com/v1` or `http://localhost:11434/v1`
    trimmed: completions http://h/v1/chat/completions
    no scheme: error: `base_url` does not begin with `https://` or `http://`
        hint: write `https://api.openai.com/v1`
    no scheme, port: error: `base_url` does not begin with `https://` or `http://`
        hint: write `http://localhost:11434/v1`
    no scheme, password: error: `base_url` does not begin with `https://` or `http://`
        hint: write an address such as `https://api.openai.com/v1` or `http://localhost:11434/v1`
    one slash: error: `base_url` does not begin with `https://` or `http://`
        hint: write an address such as `https://api.openai.com/v1` or `http://localhost:11434/v1`
    three slashes: error: `base_url` has no host
        hint: write an address such as `https://api.openai.com/v1` or `http://localhost:11434/v1`
    no host: error: `base_url` has no host
        hint: write an address such as `https://api.openai.com/v1` or `http://localhost:11434/v1`
    ftp: error: `base_url` has the scheme `ftp`, which is not supported
        hint: begin it with `https://` or `http://`
    file: error: `base_url` has the scheme `file`, which is not supported
        hint: begin it with `https://` or `http://`
    userinfo: error: `base_url` holds a user name or password, which would be shown and logged
        hint: leave out all up to `@`, and put the key into `api_key`
    user: error: `base_url` holds a user name or password, which would be shown and logged
        hint: leave out all up to `@`, and put the key into `api_key`
    empty user: error: `base_url` holds a user name or password, which would be shown and logged
        hint: leave out all up to `@`, and put the key into `api_key`
    space: error: `base_url` holds a space at position 12
        hint: type the address anew
    newline: error: `base_url` holds a control character at position 12
        hint: type the address anew
    control: error: `base_url` holds a control character at position 10
        hint: type the address anew
    backslash: error: `base_url` holds a backslash at position 12
        hint: type the address anew
    invisible: error: `base_url` holds an invisible character at position 12
        hint: type the address anew
    bad port: error: `base_url` is no URL: invalid port number
        hint: write an address such as `https://api.openai.com/v1` or `http://localhost:11434/v1`
    bad IPv6: error: `base_url` is no URL: invalid IPv6 address
        hint: write an address such as `https://api.openai.com/v1` or `http://localhost:11434/v1`
    dots: error: `base_url` holds the path segment `..`
        hint: write the path that is meant
    encoded dots: error: `base_url` holds the path segment `%2E%2e`
        hint: write the path that is meant
    long: error: `base_url` is too long: 9009 bytes
        hint: write an address such as `https://api.openai.com/v1` or `http://localhost:11434/v1`
    IPv6: completions http://[::1]:8080/v1/chat/completions
    long IPv6: completions http://[::1]/v1/chat/completions
        notice: `base_url`: the host `[0:0:0:0:0:0:0:1]` means `[::1]`
    decimal: completions http://127.0.0.1/v1/chat/completions
        notice: `base_url`: the host `2130706433` means `127.0.0.1`
    hexadecimal: completions http://127.0.0.1/v1/chat/completions
        notice: `base_url`: the host `0x7f.1` means `127.0.0.1`
    IDN: completions https://xn--bcher-kva.example/v1/chat/completions
        notice: `base_url`: the host `bücher.example` means `xn--bcher-kva.example`
    own port: completions https://h/v1/chat/completions
    inner slashes: completions http://h//a//v1/chat/completions
    umlaut: completions http://h/gr%C3%BCn/v1/chat/completions
    key in query: completions http://h/v1/chat/completions?key=abc
        notice: the URL holds the parameter `key`: URLs are shown and logged, a key belongs in `api_key`
    only a query: completions http://h/v1/chat/completions
    ");
}

#[test]
fn query_parameters_are_added_encoded_and_replace_the_urls_own() {
    let query = [("a b".to_owned(), "c&d".to_owned()), ("foo".to_owned(), "new".to_owned())];
    let version = [("api-version".to_owned(), "2024-06-01".to_owned())];
    let key = [("subscription-key".to_owned(), "abc".to_owned())];
    let rows = [
        ("added", Address { query: &query, ..openai("http://h/v1?foo=bar&x") }),
        ("version", Address { query: &version, ..azure(AZ) }),
        ("version twice", Address { query: &version, ..azure(AZ).version("2024-10-21") }),
        ("key", Address { query: &key, ..openai("http://h/v1") }),
    ];
    insta::assert_snapshot!(table(&rows), @r#"
    added: completions http://h/v1/chat/completions?x&a%20b=c%26d&foo=new
        notice: `query` replaces the parameter `foo` that `base_url` has too
    version: completions https://my-resource.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-06-01
    version twice: completions https://my-resource.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21
        notice: the URL says `api-version=2024-06-01`, but `azure.api_version = "2024-10-21"` is used
    key: completions http://h/v1/chat/completions?subscription-key=abc
        notice: the URL holds the parameter `subscription-key`: URLs are shown and logged, a key belongs in `api_key`
    "#);
}

#[test]
fn an_origin_is_normal_and_knows_its_machine() {
    let check = |url, shown, is_loopback| {
        let origin = openai(url).origin().expect("a good address");
        assert_eq!((origin.to_string().as_str(), origin.is_loopback()), (shown, is_loopback));
    };
    check("HTTP://LOCALHOST:8080/V1", "http://localhost:8080", true);
    check("http://127.0.0.1", "http://127.0.0.1", true);
    check("http://127.9.9.9:80", "http://127.9.9.9", true);
    check("http://2130706433", "http://127.0.0.1", true);
    check("https://[::1]:443/", "https://[::1]", true);
    check("http://[::2]:443/", "http://[::2]:443", false);
    check("http://localhost.evil", "http://localhost.evil", false);
    check("http://127.0.0.1.evil", "http://127.0.0.1.evil", false);
    check("http://evil/127.0.0.1", "http://evil", false);
    check("https://BÜCHER.example", "https://xn--bcher-kva.example", false);
    check("http://0.0.0.0:11434", "http://0.0.0.0:11434", false);
    // A path that `resolve` would refuse is no matter here.
    check(AZ, AZ, false);
}

proptest! {
    /// What is shown is what is sent: the HTTP library's own parser changes nothing more.
    #[test]
    fn the_url_is_already_normal(
        path in "[ -~äß/]{0,20}",
        query in "([?][ -~]{0,10})?",
        model in "\\PC{0,8}",
        provider_type in prop::sample::select(vec![
            ProviderType::OpenAi, ProviderType::Azure, ProviderType::Anthropic,
        ]),
    ) {
        let base_url = format!("http://h/{path}{query}");
        let address = Address { provider_type, ..openai(&base_url).model(&model) };
        if let Ok(endpoint) = address.resolve() {
            let parsed = url::Url::parse(&endpoint.url).expect("an endpoint has a URL");
            prop_assert_eq!(parsed.as_str(), &endpoint.url);
            let parsed = url::Url::parse(&endpoint.models_url).expect("an endpoint has a URL");
            prop_assert_eq!(parsed.as_str(), &endpoint.models_url);
        }
    }

    #[test]
    fn no_address_panics(base_url in "\\PC{0,40}", model in "\\PC{0,8}", version in "\\PC{0,12}") {
        for address in [openai(&base_url), azure(&base_url).responses(), anthropic(&base_url)] {
            let _ = address.version(&version).model(&model).resolve();
            let _ = address.origin();
        }
    }
}
