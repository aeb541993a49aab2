//! The configuration as a whole: the file, checked, and the profiles on offer.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use serde_json::Value as Json;

use super::{
    ChatSettings, Choice, Effective, Env, Error, Flags, Paths, ScreenSettings, chat_settings,
    credential::{Credential, CredentialSource},
    file::File,
    key_shape,
    layer::{Layer, Sourced},
    offers::{self, DEMO},
    resolve, screen_settings,
    value::Value,
};
use crate::provider::Secret;

/// A configuration that was read and holds no mistake.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The folders, the file's own path among them as `--config` or `BYOK_CONFIG` named it.
    pub paths: Paths,
    /// Whether there is a file.
    pub has_file: bool,
    /// What must be said about the file, one line each.
    pub notices: Vec<String>,
    pub(super) file: File,
}

/// A profile in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Where it comes from, in words: `config.toml`, `environment`, `built-in`.
    pub from: &'static str,
    /// Whether it is used when no profile is named.
    pub is_default: bool,
}

/// Reads and checks the configuration file: `--config`, else `BYOK_CONFIG`, else the platform's own
/// place. A missing file is no error.
///
/// # Errors
/// A file that cannot be read, is a directory, too large or not UTF-8; [`Error::Mistakes`] for
/// everything that is wrong in it.
pub fn load(env: &Env, flags: &Flags) -> Result<Loaded, Error> {
    let (paths, named) = find(env, flags);
    let file = File::load(&paths.config, &paths)?;
    let mut notices = Vec::new();
    match (&file, named) {
        (None, Some((by, path))) => {
            notices.push(format!("there is no file `{}`, which {by} names", path.display()));
        }
        (Some(file), _) if file.holds_secret => notices.extend(open_to_others(&paths.config)),
        _ => {}
    }
    let has_file = file.is_some();
    Ok(Loaded { paths, has_file, notices, file: file.unwrap_or_default() })
}

/// Where everything is, the file's own path as `--config` or `BYOK_CONFIG` named it. Nothing is
/// read, so that this can be told of a file that is broken.
pub fn locate(env: &Env, flags: &Flags) -> Paths {
    find(env, flags).0
}

/// The folders, and who named the file, if anybody did.
fn find(env: &Env, flags: &Flags) -> (Paths, Option<(&'static str, PathBuf)>) {
    let mut paths = Paths::find(env);
    let named = match (&flags.config, env.os("BYOK_CONFIG")) {
        (Some(path), _) => Some(("flag `--config`", path.clone())),
        (None, Some(path)) => Some(("variable `BYOK_CONFIG`", PathBuf::from(path))),
        (None, None) => None,
    };
    if let Some((_, path)) = &named {
        paths.config.clone_from(path);
    }
    (paths, named)
}

impl Loaded {
    /// The profiles that `--profile` accepts: the file's, the environment's, the demo.
    pub fn profiles(&self, env: &Env) -> Vec<Listed> {
        let default = resolve::default_profile(self, env);
        let listed = |name: &str, from| {
            let is_default = default.as_deref() == Some(name);
            Listed { name: name.to_owned(), from, is_default }
        };
        let mut profiles: Vec<Listed> =
            self.file.profiles.keys().map(|name| listed(name, "file")).collect();
        let others = offers::offered(env).into_iter().map(|name| (name, "environment"));
        for (name, from) in others.chain([(DEMO, "built-in")]) {
            if !self.file.profiles.contains_key(name) {
                profiles.push(listed(name, from));
            }
        }
        profiles
    }

    /// Makes one profile ready: chosen, merged, checked.
    ///
    /// # Errors
    /// No profile or an unknown one; a flag or variable with a wrong value ([`Error::is_usage`] for
    /// a flag); a child that would send its parent's key to another origin.
    pub fn resolve(&self, flags: &Flags, env: &Env) -> Result<Effective, Error> {
        resolve::resolve(self, flags, env)
    }

    /// Whether `stdin = "never"` stands in the file.
    pub fn leaves_stdin_alone(&self) -> bool {
        self.top("stdin").is_some_and(|it| it.value == Value::Text("never".into()))
    }

    /// Whether what is said is kept: not with `save = false` in the file.
    pub fn saves(&self) -> bool {
        self.top("save").is_none_or(|it| it.value != Value::Bool(false))
    }

    /// What `[chat]` says, defaults filled in.
    pub fn chat(&self) -> ChatSettings {
        ChatSettings::of(&chat_settings::values(&self.file.top))
    }

    /// What `[screen]` says, defaults filled in.
    pub fn screen(&self) -> ScreenSettings {
        ScreenSettings::of(&screen_settings::values(&self.file.top))
    }

    /// The keys of `[chat]` and `[screen]` with their origins, defaults included.
    pub fn values_beside_profiles(&self) -> Layer {
        chat_settings::values(&self.file.top).over(screen_settings::values(&self.file.top))
    }

    /// A key above all tables, such as `default_profile`.
    pub fn top(&self, name: &str) -> Option<&Sourced> {
        self.file.top.get(name)
    }

    /// The profile's own words, without parents and defaults.
    pub fn written(&self, profile: &str) -> Option<&Layer> {
        self.file.profiles.get(profile)
    }

    /// Every variable that holds a key: named as a source in any profile, or known for it. An
    /// editor and other children are started without them.
    pub fn key_variables(&self) -> BTreeSet<String> {
        let layers = self.file.profiles.values();
        let named = layers.flat_map(Layer::iter).filter_map(|(_, sourced)| match &sourced.value {
            Value::Credential(sources) => Some(Credential::variables(sources)),
            _ => None,
        });
        offers::key_variables()
            .map(str::to_owned)
            .chain(named.flatten().map(str::to_owned))
            .collect()
    }

    /// Whether a text holds a secret: the value of one of [`Loaded::key_variables`], one that
    /// stands in the file, or something of the shape of a key. Such a text is kept nowhere.
    pub fn holds_key(&self, env: &Env, text: &str) -> bool {
        let is_there = |secret: &str| Secret::new(secret).is_ok_and(|it| it.stands_in(text));
        let layers = self.file.profiles.values().chain([&self.file.defaults]);
        key_shape::stands_in(text)
            || self.key_variables().iter().filter_map(|name| env.get(name)).any(is_there)
            || layers.flat_map(Layer::iter).any(|(path, sourced)| match &sourced.value {
                Value::Credential(sources) => sources.iter().any(|source| match source {
                    CredentialSource::Literal(secret) => secret.stands_in(text),
                    _ => false,
                }),
                Value::Text(value) | Value::Json(Json::String(value)) if path.is_secret() => {
                    is_there(value)
                }
                _ => false,
            })
    }

    /// Keys that are set and used by no command yet, with the profile that sets them.
    pub fn for_later(&self) -> Vec<String> {
        let of_profiles = self.file.profiles.iter().flat_map(|(name, layer)| {
            layer.iter().map(move |(path, _)| (format!("profile `{name}`"), path))
        });
        let of_defaults =
            self.file.defaults.iter().map(|(path, _)| ("`[defaults]`".to_owned(), path));
        of_defaults
            .chain(of_profiles)
            .filter(|(_, path)| path.key().is_for_later())
            .map(|(place, path)| format!("{place} sets `{path}`, which no command uses yet"))
            .collect()
    }

    /// How the profile would be chosen without `--profile` and `BYOK_PROFILE`, if it can be.
    pub fn default_choice(&self, env: &Env) -> Option<(String, Choice)> {
        resolve::default_choice(self, env)
    }
}

/// A warning when others than the owner can read the file at `path`.
#[cfg(unix)]
pub(super) fn open_to_others(path: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = std::fs::metadata(path).ok()?;
    let is_open = metadata.is_file() && metadata.mode() & 0o044 != 0;
    is_open.then(|| {
        let path = path.display();
        format!("`{path}` holds a key and others can read it: run `chmod 600 {path}`")
    })
}

/// Other systems keep a user's files to the user.
#[cfg(not(unix))]
pub(super) fn open_to_others(_path: &Path) -> Option<String> {
    None
}

#[cfg(test)]
#[path = "loaded_tests.rs"]
mod tests;
