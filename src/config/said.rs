//! Flags taken apart by the key they speak of: a chat changes them one by one, and takes some of
//! them from one profile to the next. Pure.

use super::{
    Flags,
    keys::{self, Key},
};

impl Flags {
    /// Takes out what belongs to one server or its model; what stays holds for any profile. Which
    /// profile and which file are asked for stays, too.
    #[must_use]
    pub fn split_off_server(&mut self) -> Self {
        let set = std::mem::take(&mut self.set);
        let (of_server, common) = set.into_iter().partition(|entry| is_of_a_server(key_in(entry)));
        self.set = common;
        Self {
            model: self.model.take(),
            provider_type: self.provider_type.take(),
            base_url: self.base_url.take(),
            wire_api: self.wire_api.take(),
            api_version: self.api_version.take(),
            api_key_env: self.api_key_env.take(),
            bearer_token_env: self.bearer_token_env.take(),
            set: of_server,
            ..Self::default()
        }
    }

    /// These flags with what belongs to one server, as [`Flags::split_off_server`] took it out.
    #[must_use]
    pub fn with_server(&self, of_server: &Self) -> Self {
        let of_server = of_server.clone();
        Self {
            model: of_server.model,
            provider_type: of_server.provider_type,
            base_url: of_server.base_url,
            wire_api: of_server.wire_api,
            api_version: of_server.api_version,
            api_key_env: of_server.api_key_env,
            bearer_token_env: of_server.bearer_token_env,
            set: self.set.iter().cloned().chain(of_server.set).collect(),
            ..self.clone()
        }
    }

    /// Takes back all that is said of a key, `--set` and a flag of its own alike, and of what stands
    /// for the same thing: `system_file` for `system`. `false`: nothing was said.
    pub fn unsay(&mut self, key: &str) -> bool {
        let names = stand_ins(key);
        let said = self.set.len();
        self.set
            .retain(|entry| !names.iter().any(|name| is_at_or_below(&spelt(key_in(entry)), name)));
        let mut was_said = self.set.len() < said;
        for name in names {
            was_said |= self.drop_flag(&name);
        }
        was_said
    }

    fn drop_flag(&mut self, name: &str) -> bool {
        fn drop<T: Default + PartialEq>(flag: &mut T) -> bool {
            std::mem::take(flag) != T::default()
        }
        match name {
            "model" => drop(&mut self.model),
            "type" => drop(&mut self.provider_type),
            "base_url" => drop(&mut self.base_url),
            "wire_api" => drop(&mut self.wire_api),
            "azure.api_version" => drop(&mut self.api_version),
            "api_key" => drop(&mut self.api_key_env),
            "bearer_token" => drop(&mut self.bearer_token_env),
            "system" => drop(&mut self.system),
            "system_file" => drop(&mut self.system_file),
            "temperature" => drop(&mut self.temperature),
            "top_p" => drop(&mut self.top_p),
            "max_output_tokens" => drop(&mut self.max_tokens),
            "stop" => drop(&mut self.stop),
            "seed" => drop(&mut self.seed),
            "effort" => drop(&mut self.effort),
            "thinking" => drop(&mut self.thinking),
            "timeouts.total" => drop(&mut self.timeout),
            "retries" => drop(&mut self.retries),
            _ => false,
        }
    }
}

/// Whether a key, in any spelling, means one server: it does not follow to another profile. What is
/// no key of the table stays where it is until it is refused.
pub fn is_of_a_server(name: &str) -> bool {
    named(name).is_none_or(|(key, _)| key.is_of_a_server())
}

/// What stands before the `=`.
fn key_in(entry: &str) -> &str {
    entry.split_once('=').map_or(entry, |(key, _)| key).trim()
}

/// The key of the table that a dotted name begins with, and what stands below it: `headers` and
/// `.x-team`.
fn named(name: &str) -> Option<(&'static Key, &str)> {
    let ends = name.match_indices('.').map(|(at, _)| at).chain([name.len()]);
    let mut found = ends.filter_map(|end| Some((keys::find_any(&name[..end])?, &name[end..])));
    found.next_back()
}

/// A name as the table spells it.
fn spelt(name: &str) -> String {
    named(name).map_or_else(|| name.to_owned(), |(key, below)| format!("{}{below}", key.name))
}

/// The names under which the same thing may be said.
fn stand_ins(key: &str) -> Vec<String> {
    let key = spelt(key);
    let names: &[&str] = match key.as_str() {
        "system" | "system_file" => &["system", "system_file"],
        "api_key" | "bearer_token" => &["api_key", "bearer_token"],
        // The name on the wire was that of the model before.
        "model" => &["model", "wire_model"],
        _ => return vec![key],
    };
    names.iter().map(|&name| name.to_owned()).collect()
}

fn is_at_or_below(name: &str, above: &str) -> bool {
    name.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(entries: &[&str]) -> Flags {
        let set = entries.iter().map(|&entry| entry.to_owned()).collect();
        Flags { set, ..Flags::default() }
    }

    #[test]
    fn what_means_one_server_is_split_off_in_every_spelling() {
        let of_server = [
            "base_url=http://h",
            "baseUrl=http://h",
            "api_key_env=KEY",
            "api_key.env=KEY",
            "headers.x-team=a",
            "extraBody.n=1",
            "azure.apiVersion=v1",
            "tls.client_cert=c.pem",
            "price.input=1",
            "azure={api_version=\"v1\"}",
            "nonsense=1",
        ];
        let common = ["temperature=1", "timeouts.total=2m", "retries=0", "maxOutputTokens=9"];
        let mut flags = set(&[&of_server[..], &common].concat());
        flags.model = Some("m".to_owned());
        flags.effort = Some("low".to_owned());
        let whole = flags.clone();
        let split = flags.split_off_server();
        assert_eq!(split, Flags { model: Some("m".to_owned()), ..set(&of_server) });
        assert_eq!(flags, Flags { effort: Some("low".to_owned()), ..set(&common) });
        let joined = flags.with_server(&split);
        assert_eq!((joined.model, joined.effort), (whole.model, whole.effort));
    }

    #[test]
    fn a_key_is_taken_back_from_its_flag_and_from_every_spelling() {
        let mut flags = set(&["maxOutputTokens=1", "max_output_tokens = 2", "top_p=1"]);
        flags.max_tokens = Some(3);
        assert!(flags.unsay("max_output_tokens"));
        assert_eq!(flags, set(&["top_p=1"]));
        assert!(!flags.unsay("max_output_tokens"));
    }

    #[test]
    fn what_stands_for_the_same_thing_goes_along() {
        let mut flags = set(&["system_file=a", "wire_model=b", "api_key_env=C", "headers.x=1"]);
        flags.system = Some("text".to_owned());
        for key in ["system", "model", "bearer_token", "headers"] {
            assert!(flags.unsay(key), "{key}");
        }
        assert_eq!(flags, Flags::default());
    }

    #[test]
    fn a_header_is_taken_back_alone() {
        let mut flags = set(&["headers.x-a=1", "headers.x-ab=2"]);
        assert!(flags.unsay("headers.x-a"));
        assert_eq!(flags, set(&["headers.x-ab=2"]));
    }
}
