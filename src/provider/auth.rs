//! Secrets, and the header that each travels in.

use std::{borrow::Cow, ops::Range};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use memchr::memmem;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::ProviderType;

/// A shorter secret is not shown in part: too little of it would stay unknown.
const SHORTEST_WITH_LAST_FOUR: usize = 12;

/// What stands in a text where a secret stood.
const REDACTED: &str = "[redacted]";

/// A key or token. It has no `Display`; `Debug` is redacted.
#[derive(Debug, Clone)]
pub struct Secret(SecretString);

/// How a credential travels and how it is spoken of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Auth {
    /// `authorization`, `api-key` or `x-api-key`.
    pub header: &'static str,
    /// `"Bearer "` or nothing.
    pub before: &'static str,
    /// The name shown in place of the secret: its variable, or `BYOK_KEY`.
    pub shown_as: String,
    /// Where it comes from, in words: ``variable `OPENAI_API_KEY` ``, `command "pass"`, `config.toml:12`.
    pub source: String,
}

/// Which of the two credential keys of a profile was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialForm {
    /// `api_key`
    ApiKey,
    /// `bearer_token`
    BearerToken,
}

impl Auth {
    /// The header table: which header carries which form for which type.
    pub fn new(
        provider_type: ProviderType,
        form: CredentialForm,
        shown_as: String,
        source: String,
    ) -> Self {
        let (header, before) = match (provider_type, form) {
            (ProviderType::Azure, CredentialForm::ApiKey) => ("api-key", ""),
            (ProviderType::Anthropic, CredentialForm::ApiKey) => ("x-api-key", ""),
            (ProviderType::OpenAi, CredentialForm::ApiKey) | (_, CredentialForm::BearerToken) => {
                ("authorization", "Bearer ")
            }
        };
        Self { header, before, shown_as, source }
    }
}

impl Secret {
    /// Takes a secret as it was found: surrounding white space (and a byte order mark) and a
    /// leading `Bearer `, in any letter case, go.
    ///
    /// # Errors
    /// The position (in bytes of `text`, from 0) of a character that no header may hold: a control
    /// character or a character outside ASCII; an empty secret is [`InvalidSecret::Empty`].
    pub fn new(text: &str) -> Result<Self, InvalidSecret> {
        let begin = text.trim_start_matches(is_blank);
        let begin = strip_bearer(begin).trim_start_matches(is_blank);
        let secret = begin.trim_end_matches(is_blank);
        if secret.is_empty() {
            return Err(InvalidSecret::Empty);
        }
        let is_valid = |character: char| character == ' ' || character.is_ascii_graphic();
        match secret.find(|character| !is_valid(character)) {
            Some(at) => Err(InvalidSecret::Character(text.len() - begin.len() + at)),
            None => Ok(Self::verbatim(secret)),
        }
    }

    /// Keeps a header's value as the user wrote it, `Bearer ` and all.
    pub(super) fn verbatim(text: &str) -> Self {
        Self(SecretString::from(text))
    }

    /// The secret itself: for the header in which it is sent and for nothing else.
    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Its length in bytes, never 0 for one that was made by [`Secret::new`].
    #[expect(clippy::len_without_is_empty, reason = "a secret is never empty")]
    pub fn len(&self) -> usize {
        self.expose().len()
    }

    /// The last four characters, of a secret of twelve or more.
    pub fn last_four(&self) -> Option<&str> {
        let secret = self.expose();
        let at = secret.len().checked_sub(4)?;
        (secret.len() >= SHORTEST_WITH_LAST_FOUR).then(|| secret.get(at..)).flatten()
    }

    /// Who issues keys with this beginning, when it is well known.
    pub fn issuer(&self) -> Option<&'static KeyIssuer> {
        KEY_ISSUERS.iter().find(|issuer| self.expose().starts_with(issuer.prefix))
    }

    /// Whether it stands between quotes, which belong to the file it came from and not to the key.
    pub fn is_quoted(&self) -> bool {
        let secret = self.expose();
        ['"', '\'']
            .iter()
            .any(|quote| secret.len() > 1 && secret.starts_with(*quote) && secret.ends_with(*quote))
    }

    /// Whether it begins as a JWT does.
    pub(super) fn begins_like_jwt(&self) -> bool {
        // Base64 of `{"`, with which every header of a JWT begins.
        self.expose().starts_with("eyJ")
    }

    /// Whether it has the parts of a JWT: header, payload, signature.
    pub(super) fn has_three_parts(&self) -> bool {
        self.expose().split('.').count() == 3
    }

    /// Whether it begins with `sk-`, which many servers use.
    pub(super) fn begins_with_sk(&self) -> bool {
        self.expose().starts_with("sk-")
    }

    /// When a JWT expires, in seconds since 1970 (its `exp`, RFC 7519 §4.1.4). The signature is not
    /// looked at. `None` for what is no JWT or never expires.
    pub fn expires_at(&self) -> Option<i64> {
        let mut parts = self.expose().split('.');
        let (_header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
        let json = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        let claims: Value = serde_json::from_slice(&json).ok()?;
        let expiry = &claims["exp"];
        #[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and far is far")]
        expiry.as_i64().or_else(|| expiry.as_f64().map(|seconds| seconds as i64))
    }

    /// Whether the text holds the whole secret. One of less than eight bytes is a placeholder
    /// (`none`, `x`), which stands in many a sentence.
    pub fn stands_in(&self, text: &str) -> bool {
        let secret = self.expose().as_bytes();
        secret.len() >= 8 && memmem::find(text.as_bytes(), secret).is_some()
    }

    /// Takes the secret out of a text from outside: error messages echo keys. Whole, as a long
    /// beginning or end, and in the forms that JSON, URLs and Base64 give it. A secret of less than
    /// eight bytes is only found as a word of its own, one of less than four not at all: it is
    /// a placeholder (`none`, `x`), and words would be torn out of the text.
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let secret = self.expose();
        let mut ranges = vec![];
        match secret.len() {
            0..4 => {}
            4..8 => find_word(text, secret, &mut ranges),
            _ => forms(secret).iter().for_each(|form| find_long_parts(text, form, &mut ranges)),
        }
        replace(text, ranges)
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}

/// Why a text is no secret. Never holds the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSecret {
    /// Nothing is left after trimming.
    #[error("it is empty")]
    Empty,
    /// A control character or one outside ASCII.
    #[error("it holds an invalid character at position {0}")]
    Character(usize),
}

/// A well-known beginning of keys.
#[derive(Debug, PartialEq, Eq)]
pub struct KeyIssuer {
    /// How the keys begin.
    pub prefix: &'static str,
    /// Who issues them.
    pub name: &'static str,
    /// Where they are good: this host and those below it.
    pub host: &'static str,
    /// The `type` that speaks to it.
    pub provider_type: ProviderType,
}

/// Longest beginnings first. Plain `sk-` is not among them: too many servers issue it.
const KEY_ISSUERS: [KeyIssuer; 9] = [
    issuer("sk-ant-", "Anthropic", "anthropic.com", ProviderType::Anthropic),
    issuer("sk-or-", "OpenRouter", "openrouter.ai", ProviderType::OpenAi),
    issuer("sk-proj-", "OpenAI", "openai.com", ProviderType::OpenAi),
    issuer("sk-svcacct-", "OpenAI", "openai.com", ProviderType::OpenAi),
    issuer("gsk_", "Groq", "groq.com", ProviderType::OpenAi),
    issuer("xai-", "xAI", "x.ai", ProviderType::OpenAi),
    issuer("AIza", "Google", "googleapis.com", ProviderType::OpenAi),
    issuer("hf_", "Hugging Face", "huggingface.co", ProviderType::OpenAi),
    issuer("pplx-", "Perplexity", "perplexity.ai", ProviderType::OpenAi),
];

const fn issuer(
    prefix: &'static str,
    name: &'static str,
    host: &'static str,
    provider_type: ProviderType,
) -> KeyIssuer {
    KeyIssuer { prefix, name, host, provider_type }
}

/// Whether a header or parameter of this name (lower case) decides who is asking: a receiver gets
/// exactly one such header.
pub fn is_credential(name: &str) -> bool {
    ["authorization", "api-key", "x-api-key", "x-litellm-api-key", "x-goog-api-key"].contains(&name)
}

/// Whether the value of a header or parameter of this name is likely secret, and not to be shown.
pub fn names_a_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["auth", "cookie", "key", "password", "secret", "token"].iter().any(|word| name.contains(word))
}

fn is_blank(character: char) -> bool {
    character.is_whitespace() || character == '\u{feff}'
}

fn strip_bearer(text: &str) -> &str {
    const BEARER: &str = "bearer";
    let (word, rest) = text.split_at_checked(BEARER.len()).unwrap_or_default();
    if word.eq_ignore_ascii_case(BEARER)
        && (rest.is_empty() || rest.starts_with(char::is_whitespace))
    {
        rest
    } else {
        text
    }
}

/// The secret as it may stand in an answer: itself, percent-encoded, escaped in JSON, and in
/// Base64, where its letters depend on how many bytes stand before it.
fn forms(secret: &str) -> Vec<String> {
    let percent: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let json = secret.replace('\\', "\\\\").replace('"', "\\\"");
    let mut forms = vec![secret.to_owned(), percent, json.replace('/', "\\/"), json];
    for before in 0..3 {
        let mut bytes = vec![0; before];
        bytes.extend_from_slice(secret.as_bytes());
        // Only characters that the secret alone decides.
        let inner = [0, 2, 3][before]..bytes.len() * 8 / 6;
        forms.extend(STANDARD_NO_PAD.encode(&bytes).get(inner.clone()).map(str::to_owned));
        forms.extend(URL_SAFE_NO_PAD.encode(&bytes).get(inner).map(str::to_owned));
    }
    forms.sort();
    forms.dedup();
    forms
}

/// Finds `word` where no letter or digit stands beside it.
fn find_word(text: &str, word: &str, ranges: &mut Vec<Range<usize>>) {
    let is_part = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    for at in memmem::find_iter(text.as_bytes(), word) {
        let end = at + word.len();
        if !is_part(text[..at].chars().next_back()) && !is_part(text[end..].chars().next()) {
            ranges.push(at..end);
        }
    }
}

/// Finds beginnings and ends of `form` from a length on that no chance explains.
fn find_long_parts(text: &str, form: &str, ranges: &mut Vec<Range<usize>>) {
    let (text, form) = (text.as_bytes(), form.as_bytes());
    let least = (form.len() / 2).clamp(6, 12);
    let (beginning, ending) = (&form[..least], &form[form.len() - least..]);
    for at in memmem::find_iter(text, beginning) {
        let same = text[at..].iter().zip(form).take_while(|(left, right)| left == right).count();
        ranges.push(at..at + same);
    }
    for at in memmem::find_iter(text, ending) {
        let end = at + least;
        let same = text[..end].iter().rev().zip(form.iter().rev());
        ranges.push(end - same.take_while(|(left, right)| left == right).count()..end);
    }
}

/// Replaces the ranges, which begin and end at ASCII characters and may overlap.
fn replace(text: &str, mut ranges: Vec<Range<usize>>) -> Cow<'_, str> {
    if ranges.is_empty() {
        return Cow::Borrowed(text);
    }
    ranges.sort_by_key(|range| range.start);
    let mut replaced = String::with_capacity(text.len());
    let mut done = 0;
    for range in ranges {
        if range.start > done || replaced.is_empty() {
            replaced.push_str(&text[done..range.start]);
            replaced.push_str(REDACTED);
        }
        done = done.max(range.end);
    }
    replaced.push_str(&text[done..]);
    Cow::Owned(replaced)
}

#[cfg(test)]
#[path = "auth_tests.rs"]
mod tests;
