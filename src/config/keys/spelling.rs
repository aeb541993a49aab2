//! How keys are written: in two spellings, under other words, with slips of the fingers. Pure.

use super::{ENV_SPELLINGS, KEYS, Place, find};

/// Words that people write for a key of another name.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("endpoint", "base_url"),
    ("url", "base_url"),
    ("host", "base_url"),
    ("server", "base_url"),
    ("api_base", "base_url"),
    ("deployment", "model"),
    ("deployment_name", "model"),
    ("deployment_id", "model"),
    ("model_name", "model"),
    ("model_id", "model"),
    ("key", "api_key"),
    ("secret", "api_key"),
    ("password", "api_key"),
    ("env_key", "api_key_env"),
    ("token", "bearer_token"),
    ("access_token", "bearer_token"),
    ("auth_token", "bearer_token"),
    ("api_key_cmd", "api_key"),
    ("api_key_command", "api_key"),
    ("provider", "type"),
    ("provider_type", "type"),
    ("kind", "type"),
    ("api_type", "type"),
    ("api", "wire_api"),
    ("format", "wire_api"),
    ("api_version", "azure.api_version"),
    ("apiVersion", "azure.api_version"),
    ("max_tokens", "max_output_tokens"),
    ("max_completion_tokens", "max_output_tokens"),
    ("timeout", "timeouts.total"),
    ("reasoning_effort", "effort"),
    ("reasoning", "effort"),
    ("prompt", "system"),
    ("system_prompt", "system"),
    ("inherits", "extends"),
    ("parent", "extends"),
    ("default", "default_profile"),
    ("profile", "default_profile"),
    ("ca_file", "tls.ca_file"),
    ("http_headers", "headers"),
    ("max_retries", "retries"),
    ("chat.mode", "chat.editor"),
    ("chat.edit_mode", "chat.editor"),
    ("chat.keymap", "chat.editor"),
    ("chat.keybindings", "chat.editor"),
    ("chat.style", "chat.prompt_style"),
    ("chat.color", "chat.prompt_style"),
    ("chat.prompt_color", "chat.prompt_style"),
    ("chat.history_size", "chat.history"),
    ("screen.markdown", "screen.render"),
    ("screen.format", "screen.render"),
    ("screen.accessibility", "screen.accessible"),
    ("screen.screen_reader", "screen.accessible"),
];

/// The known key that was probably meant by `name`, among those that may stand at `place`.
pub(in crate::config) fn nearest(name: &str, place: Place) -> Option<&'static str> {
    let snake = snake(name);
    let last = snake.rsplit('.').next().unwrap_or(&snake);
    let allowed = |key: &str| find(key).is_none_or(|key| key.may_stand(place));
    for word in [name, &snake, last] {
        let other = OTHER_WORDS.iter().find(|(written, meant)| *written == word && allowed(meant));
        if let Some((_, meant)) = other {
            return Some(meant);
        }
    }
    let known = KEYS.iter().filter(|key| key.may_stand(place)).map(|key| key.name);
    let short = ENV_SPELLINGS.iter().filter(|_| place == Place::Profile).map(|(name, _)| *name);
    let tables =
        ["profiles", "defaults", "chat", "screen"].into_iter().filter(|_| place == Place::Top);
    closest(&snake, known.clone().chain(short).chain(tables)).or_else(|| {
        // `api_version` alone is closer to `azure.api_version` than the whole name suggests.
        known.clone().find(|key| key.rsplit('.').next() == Some(last) && key.contains('.'))
    })
}

/// The candidate nearest to `word`, when one is near enough to be a slip of the fingers.
pub(in crate::config) fn closest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // A word may be long, and comparing costs the product of the lengths.
    if word.chars().count() > 64 {
        return None;
    }
    let most = (word.chars().count() / 3).clamp(1, 3);
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Whether a name is written in camelCase.
pub(super) fn is_mixed(name: &str) -> bool {
    name.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// `max_output_tokens` becomes `maxOutputTokens`.
pub(super) fn camel(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut is_start = false;
    for character in name.chars() {
        match character {
            '_' => is_start = true,
            _ if is_start => {
                camel.push(character.to_ascii_uppercase());
                is_start = false;
            }
            _ => camel.push(character),
        }
    }
    camel
}

/// `maxOutputTokens` and `max-output-tokens` become `max_output_tokens`.
pub(in crate::config) fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        match character {
            '-' => snake.push('_'),
            _ if character.is_ascii_uppercase() => {
                if !snake.is_empty() && !snake.ends_with(['_', '.']) {
                    snake.push('_');
                }
                snake.push(character.to_ascii_lowercase());
            }
            _ => snake.push(character),
        }
    }
    snake
}
