//! Programs that byok starts for a person: found in the person's `PATH`, without the keys.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    path::{Path, PathBuf},
};

use crate::config::Env;

/// The environment of a child: everything but the variables in `hidden`, which hold keys.
pub(super) fn environment<'a>(
    env: &'a Env,
    hidden: &'a BTreeSet<String>,
) -> impl Iterator<Item = (&'a OsStr, &'a OsStr)> {
    let is_hidden = |name: &OsStr| match name.to_str() {
        Some(name) if cfg!(windows) => hidden.iter().any(|other| name.eq_ignore_ascii_case(other)),
        Some(name) => hidden.contains(name),
        None => false,
    };
    env.iter().filter(move |(name, _)| !is_hidden(name))
}

/// The program of that name in the folders of `PATH`. Relative folders do not count: what lies in
/// the working directory is not the person's own.
pub(super) fn find(name: &str, env: &Env) -> Option<PathBuf> {
    let folders = std::env::split_paths(env.os("PATH")?).filter(|folder| folder.is_absolute());
    folders.map(|folder| folder.join(name)).find(|path| is_program(path))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_child_gets_everything_but_the_keys() {
        let env = Env::from_iter([("HOME", "/home/ada"), ("A_KEY", "canary"), ("A_KEYS", "3")]);
        let hidden = BTreeSet::from(["A_KEY".to_owned()]);
        let names: Vec<&OsStr> = environment(&env, &hidden).map(|(name, _)| name).collect();
        assert_eq!(names, ["A_KEYS", "HOME"]);
    }

    #[test]
    fn programs_are_executable_files_in_absolute_folders() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tool");
        let env = Env::from_iter([("PATH", format!(".:{}", folder.path().display()))]);
        std::fs::create_dir(folder.path().join("dir")).unwrap();
        std::fs::write(&path, "").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(find("tool", &env), None);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        assert_eq!(find("tool", &env), Some(path));
        assert_eq!(find("dir", &env), None);
        assert_eq!(find("Cargo.toml", &Env::from_iter([("PATH", ".")])), None);
        assert_eq!(find("sh", &Env::default()), None);
    }
}
