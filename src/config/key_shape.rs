//! What keys look like, whoever issued them. Pure.

use memchr::memmem;

/// The most bytes of a key that are looked at; the longest keys are longer, and it is clear by then.
const ENOUGH: usize = 256;

/// How the keys of well-known issuers begin, and how many characters follow at least.
const BEGINNINGS: [(&str, usize); 20] = [
    // OpenAI, Anthropic (`sk-ant-`), DeepSeek, OpenRouter, LiteLLM and many others.
    ("sk-", 16),
    ("xai-", 16),
    ("gsk_", 16),
    ("pplx-", 16),
    ("nvapi-", 16),
    ("hf_", 16),
    ("AIza", 30),
    ("ghp_", 30),
    ("gho_", 30),
    ("ghu_", 30),
    ("ghs_", 30),
    ("ghr_", 30),
    ("github_pat_", 30),
    ("glpat-", 16),
    // Amazon's, for good and for a while.
    ("AKIA", 16),
    ("ASIA", 16),
    // A JWT: Base64 of `{"`, as in `eyJhbGciOi…`.
    ("eyJ", 30),
    ("Bearer ", 16),
    ("bearer ", 16),
    ("BEARER ", 16),
];

/// Whether something in the text has the shape of a key. Words about keys (`sk-…`, `Bearer tokens`,
/// `sk-your-key-here`) have not.
pub(super) fn stands_in(text: &str) -> bool {
    BEGINNINGS.iter().any(|(beginning, least)| begins_key(text, beginning, *least))
        || holds_private_key(text)
}

/// Whether `beginning` stands somewhere at the start of a word, with a key's characters after it.
fn begins_key(text: &str, beginning: &str, least: usize) -> bool {
    let bytes = text.as_bytes();
    memmem::find_iter(bytes, beginning).any(|at| {
        let is_start = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        is_start && is_random(&bytes[at + beginning.len()..], least)
    })
}

/// Whether a text begins with at least `least` characters of a key, a dozen of which look as if
/// nobody had chosen them. Words with hyphens between them do not, even with a year behind.
fn is_random(text: &[u8], least: usize) -> bool {
    const RUN: usize = 12;
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.+/=~".contains(byte);
    let length = text.iter().take(ENOUGH).take_while(|byte| is_part(byte)).count();
    let mut runs = text[..length].split(|byte| !byte.is_ascii_alphanumeric());
    length >= least
        && runs.any(|run| {
            run.len() >= RUN
                && run.iter().any(u8::is_ascii_digit)
                && run.iter().any(u8::is_ascii_alphabetic)
        })
}

/// `-----BEGIN … PRIVATE KEY-----`, on one line as PEM has it.
fn holds_private_key(text: &str) -> bool {
    const BEGIN: &str = "-----BEGIN ";
    /// No label is longer, in bytes.
    const LONGEST: usize = 64;
    let bytes = text.as_bytes();
    memmem::find_iter(bytes, BEGIN).any(|at| {
        let rest = &bytes[at + BEGIN.len()..];
        let line = rest[..rest.len().min(LONGEST)].split(|byte| *byte == b'\n').next();
        let label = line.and_then(|line| Some(&line[..memmem::find(line, b"-----")?]));
        label.is_some_and(|label| memmem::find(label, b"PRIVATE KEY").is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_every_well_known_shape_are_found() {
        for key in [
            "sk-1234567890abcdef1234",
            "sk-proj-Ab3dEf6hIj9lMn2pQr5t-_Uv8xYz",
            "sk-ant-api03-Ab3dEf6hIj9lMn2pQr5tUv8xYz-AA",
            "sk-or-v1-0123456789abcdef0123456789abcdef",
            "xai-Ab3dEf6hIj9lMn2pQr5t",
            "gsk_Ab3dEf6hIj9lMn2pQr5tUv8xYz",
            "hf_Ab3dEf6hIj9lMn2pQr5tUv8xYz",
            "pplx-Ab3dEf6hIj9lMn2pQr5tUv8xYz",
            "nvapi-Ab3dEf6hIj9lMn2pQr5tUv8xYz",
            "glpat-Ab3dEf6hIj9lMn2pQr5t",
            "AIzaSyAb3dEf6hIj9lMn2pQr5tUv8xYz0123456",
            "ghp_Ab3dEf6hIj9lMn2pQr5tUv8xYz0123456789",
            "github_pat_11ABCDEFG0Ab3dEf6hIj9l_Mn2pQr5tUv8xYz",
            "AKIAIOSFODNN7EXAMPLE",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
            "Bearer Ab3dEf6hIj9lMn2pQr5t",
            "bearer Ab3dEf6hIj9lMn2pQr5t",
            "-----BEGIN PRIVATE KEY-----\nMIIE",
            "-----BEGIN OPENSSH PRIVATE KEY-----",
        ] {
            for text in [
                key.to_owned(),
                format!("why is `{key}` refused?"),
                format!("export OPENAI_API_KEY={key}"),
                format!("{{\"key\":\"{key}\"}}"),
                format!("ü\n\tx-api-key: {key}\n"),
            ] {
                assert!(stands_in(&text), "{text}");
            }
        }
    }

    #[test]
    fn words_about_keys_are_no_keys() {
        for text in [
            "",
            "why do keys begin with sk-?",
            "sk-… and sk-ant-… and xai- and gsk_",
            "sk-your-key-here, sk-xxxxxxxxxxxxxxxxxxxxxxxx",
            "the sk-learn-tutorial-for-everybody-2024 folder",
            "a sk-learn-v2024b-tutorial-for-everybody",
            "a risk-assessment1234567890abcdef of task-1234567890abcdef12",
            "what is a Bearer token? Bearer authentication-with-tokens",
            "from huggingface_hub import hf_hub_download_with_progress",
            "AIza is how Google's keys begin, AKIA those of Amazon",
            "-----BEGIN CERTIFICATE-----\nMIIE PRIVATE KEY-----",
            "-----BEGIN PUBLIC KEY-----",
            "git show 0123456789abcdef0123456789abcdef01234567",
            "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        ] {
            assert!(!stands_in(text), "{text}");
        }
    }

    #[test]
    fn a_long_text_costs_its_length_and_not_its_square() {
        for word in ["sk-", "-----BEGIN ", "Bearer ", "eyJ."] {
            assert!(!stands_in(&word.repeat(1 << 18)), "{word}");
        }
    }
}
