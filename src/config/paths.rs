//! Where files live on this system.

use std::path::{Path, PathBuf};

use super::Env;

/// The file's name in the configuration folder.
const FILE: &str = "config.toml";

/// The folders of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// The home folder, when there is one.
    pub home: Option<PathBuf>,
    /// The configuration file, whether it exists or not.
    pub config: PathBuf,
    /// What belongs to the person and is precious: sessions.
    pub data: PathBuf,
    /// What may be deleted at any time: adaptations, model lists.
    pub cache: PathBuf,
    /// What is kept between runs and belongs to this machine: the history of the chat.
    pub state: PathBuf,
}

impl Paths {
    /// Finds the folders: `XDG_*` (absolute ones only, as the specification says), else `HOME`,
    /// else what the system says. On macOS `~/.config/byok/config.toml` is taken when it exists.
    ///
    /// Source: <https://specifications.freedesktop.org/basedir-spec/latest/>.
    pub fn find(env: &Env) -> Self {
        let system = directories::ProjectDirs::from("", "", "byok");
        let home = home(env);
        let config = if cfg!(windows) {
            system.as_ref().map(|dirs| dirs.config_dir().to_owned())
        } else if cfg!(target_os = "macos") {
            let platform = home.as_ref().map(|home| home.join("Library/Application Support/byok"));
            let unix = folder(env, "XDG_CONFIG_HOME", home.as_deref(), ".config");
            match (unix, platform) {
                (Some(unix), _) if unix.join(FILE).exists() => Some(unix),
                (unix, platform) => platform.or(unix),
            }
        } else {
            folder(env, "XDG_CONFIG_HOME", home.as_deref(), ".config")
        };
        let cache = if cfg!(windows) {
            system.as_ref().map(|dirs| dirs.cache_dir().to_owned())
        } else if cfg!(target_os = "macos") {
            home.as_ref().map(|home| home.join("Library/Caches/byok"))
        } else {
            folder(env, "XDG_CACHE_HOME", home.as_deref(), ".cache")
        };
        let state = if cfg!(windows) {
            system.as_ref().map(|dirs| dirs.data_local_dir().to_owned())
        } else if cfg!(target_os = "macos") {
            home.as_ref().map(|home| home.join("Library/Application Support/byok"))
        } else {
            folder(env, "XDG_STATE_HOME", home.as_deref(), ".local/state")
        };
        let data = if cfg!(windows) {
            system.as_ref().map(|dirs| dirs.data_dir().to_owned())
        } else if cfg!(target_os = "macos") {
            home.as_ref().map(|home| home.join("Library/Application Support/byok"))
        } else {
            folder(env, "XDG_DATA_HOME", home.as_deref(), ".local/share")
        };
        // Without any home (a bare container) nothing is read or written by accident: these are
        // absolute on purpose, so that the working directory never counts.
        let config = config.unwrap_or_else(|| PathBuf::from("/nonexistent/byok"));
        let cache = cache.unwrap_or_else(|| PathBuf::from("/nonexistent/byok"));
        let state = state.unwrap_or_else(|| PathBuf::from("/nonexistent/byok"));
        let data = data.unwrap_or_else(|| PathBuf::from("/nonexistent/byok"));
        Self { home, config: config.join(FILE), data, cache, state }
    }
}

/// `HOME` as the environment says (`USERPROFILE` on Windows), else as the system knows it.
fn home(env: &Env) -> Option<PathBuf> {
    let variable = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    env.os(variable)
        .map(PathBuf::from)
        .filter(|home| home.is_absolute())
        .or_else(|| directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned()))
}

fn folder(env: &Env, variable: &str, home: Option<&Path>, below: &str) -> Option<PathBuf> {
    env.os(variable)
        .map(PathBuf::from)
        .filter(|folder| folder.is_absolute())
        .or_else(|| home.map(|home| home.join(below)))
        .map(|folder| folder.join("byok"))
}

/// A path as a user writes it: `~/` is the home folder, a relative one starts at `base`.
pub(super) fn expand(text: &str, home: Option<&Path>, base: Option<&Path>) -> PathBuf {
    let below_home = text.strip_prefix("~/").or(if text == "~" { Some("") } else { None });
    match (below_home, home, base) {
        (Some(rest), Some(home), _) => home.join(rest),
        (_, _, Some(base)) => base.join(text),
        _ => PathBuf::from(text),
    }
}

#[cfg(all(test, unix, not(target_os = "macos")))]
mod tests {
    use super::*;

    #[test]
    fn xdg_folders_go_before_home() {
        let env = Env::from_iter([
            ("HOME", "/home/ada"),
            ("XDG_CONFIG_HOME", "/etc/ada"),
            ("XDG_CACHE_HOME", "relative/is/ignored"),
            ("XDG_STATE_HOME", "/var/ada"),
            ("XDG_DATA_HOME", "/srv/ada"),
        ]);
        assert_eq!(
            Paths::find(&env),
            Paths {
                home: Some("/home/ada".into()),
                config: "/etc/ada/byok/config.toml".into(),
                data: "/srv/ada/byok".into(),
                cache: "/home/ada/.cache/byok".into(),
                state: "/var/ada/byok".into(),
            }
        );
        let home_alone = Paths::find(&Env::from_iter([("HOME", "/home/ada")]));
        assert_eq!(home_alone.state, Path::new("/home/ada/.local/state/byok"));
        assert_eq!(home_alone.data, Path::new("/home/ada/.local/share/byok"));
    }

    #[test]
    fn paths_start_at_home_or_at_the_file() {
        let expand =
            |text| expand(text, Some(Path::new("/home/ada")), Some(Path::new("/etc/byok")));
        assert_eq!(expand("~/key"), Path::new("/home/ada/key"));
        assert_eq!(expand("key"), Path::new("/etc/byok/key"));
        assert_eq!(expand("/key"), Path::new("/key"));
        assert_eq!(expand("~other/key"), Path::new("/etc/byok/~other/key"));
    }
}
