//! The file that `byok init` writes.

use std::{
    fs::DirBuilder,
    io::{self, ErrorKind, Write as _},
    path::{Path, PathBuf},
};

/// Valid as it is, where every profile is switched off, and with any of them switched on.
const STARTER: &str = include_str!("starter.toml");

/// Why no file was written.
#[derive(Debug, thiserror::Error)]
pub enum StarterError {
    /// Something is there already. It is never replaced.
    #[error("`{}` is there already, and byok does not replace it", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The folder cannot be made or the file not be written.
    #[error("`{}` cannot be written", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Writes a commented configuration file to `path`, for the user's eyes only: mode 0600, and 0700
/// for the folders that had to be made. The file appears whole or not at all.
///
/// # Errors
/// [`StarterError::Exists`] when something, a broken link even, stands there.
pub fn write_starter(path: &Path) -> Result<(), StarterError> {
    write(path).map_err(|source| match source.kind() {
        ErrorKind::AlreadyExists => StarterError::Exists { path: path.to_owned() },
        _ => StarterError::Unwritable { path: path.to_owned(), source },
    })
}

fn write(path: &Path) -> io::Result<()> {
    if path.symlink_metadata().is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    make(folder)?;
    // Its mode is 0600 from the start.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(STARTER.as_bytes())?;
    file.persist_noclobber(path)?;
    Ok(())
}

/// Makes the folder and those above it, unless they are there.
fn make(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder).map_err(|error| match error.kind() {
        // A file stands where a folder should: that is not the configuration file.
        ErrorKind::AlreadyExists => ErrorKind::NotADirectory.into(),
        _ => error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::testing::{env, loaded, profile};

    /// The template with the lines of `block` switched on.
    fn switched_on(block: &str) -> String {
        let on = |part: &str| part.replace("#| ", "");
        let parts = STARTER.split("\n\n");
        let parts = parts.map(|part| if part.contains(block) { on(part) } else { part.to_owned() });
        parts.collect::<Vec<_>>().join("\n\n")
    }

    #[test]
    fn the_template_is_right_as_it_is_and_with_each_profile_switched_on() {
        let off = loaded(STARTER);
        assert!(off.file.profiles.is_empty());
        let names = ["gpt", "work", "claude", "local"];
        for name in names {
            let one = loaded(&switched_on(&format!("[profiles.{name}]")));
            let effective = one.resolve(&profile(name), &env(&[])).expect("a sound profile");
            assert_eq!(one.file.profiles.len(), 1);
            effective.target().expect("a sound address");
        }
        let all = loaded(&STARTER.replace("#| ", ""));
        assert_eq!(all.file.profiles.len(), names.len());
        assert_eq!(
            all.resolve(&crate::config::Flags::default(), &env(&[])).unwrap().profile,
            "gpt"
        );
    }

    #[test]
    fn every_provider_type_has_a_profile() {
        let on = STARTER.replace("#| ", "");
        for provider_type in ["openai", "azure", "anthropic"] {
            assert!(on.contains(&format!("\ntype = \"{provider_type}\"\n")), "{provider_type}");
        }
    }
}
