//! Where the answer goes: standard output, or a file that appears whole or not at all.

use std::{
    fs,
    io::{self, IsTerminal as _, Write as _, stdout},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

/// Standard output or a file.
#[derive(Debug)]
pub enum Destination {
    /// Standard output.
    Stdout,
    /// A file that takes its name when the answer is whole.
    File {
        /// The file beside it that grows.
        file: NamedTempFile,
        /// The name it will take.
        path: PathBuf,
    },
    /// A device, a pipe: written as it comes.
    Stream {
        /// The open device.
        file: fs::File,
        /// Its name.
        path: PathBuf,
    },
}

impl Destination {
    /// Prepares to write to `path`, so that a place that cannot be written to is known before a
    /// request is paid for.
    ///
    /// # Errors
    /// The folder is missing or refuses a new file; the file is a folder or read-only.
    pub fn file(path: &Path) -> io::Result<Self> {
        // A link keeps pointing: what it points at is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let metadata = fs::metadata(&path).ok();
        if metadata.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"));
        }
        if metadata.as_ref().is_some_and(|metadata| !metadata.is_file()) {
            let file = fs::OpenOptions::new().write(true).open(&path)?;
            return Ok(Self::Stream { file, path });
        }
        if metadata.as_ref().is_some_and(|metadata| metadata.permissions().readonly()) {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            let message = format!("there is no folder `{}`", folder.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, message));
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(".byok-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // What the umask allows, as for any new file; an old file's mode is kept.
            let mode = metadata.map_or(0o666, |metadata| metadata.permissions().mode() & 0o777);
            builder.permissions(fs::Permissions::from_mode(mode));
        }
        let file = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
        Ok(Self::File { file, path })
    }

    /// Writes at once.
    ///
    /// # Errors
    /// `BrokenPipe` when the reader is gone, `StorageFull` when there is no room.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Stdout => write_out(bytes),
            Self::File { file, .. } => file.write_all(bytes),
            Self::Stream { file, .. } => file.write_all(bytes),
        }
    }

    /// Whether a person sees it.
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Stdout) && stdout().is_terminal()
    }

    /// The name to speak of it by.
    pub fn name(&self) -> String {
        match self {
            Self::Stdout => "standard output".to_owned(),
            Self::File { path, .. } | Self::Stream { path, .. } => path.display().to_string(),
        }
    }

    /// The answer is whole: the file takes its name.
    ///
    /// # Errors
    /// The file cannot be written out or renamed.
    pub fn keep(self) -> io::Result<()> {
        if let Self::File { file, path } = self {
            file.as_file().sync_all()?;
            file.persist(&path).map_err(|error| error.error)?;
        }
        Ok(())
    }

    /// The answer was cut: what came is kept as `FILE.partial`, whose name is returned. An old
    /// `FILE` stays as it was. Nothing came: nothing is kept.
    ///
    /// # Errors
    /// As for [`Destination::keep`].
    pub fn keep_partial(self) -> io::Result<Option<PathBuf>> {
        let Self::File { file, path } = self else { return Ok(None) };
        if file.as_file().metadata()?.len() == 0 {
            return Ok(None);
        }
        let mut name = path.into_os_string();
        name.push(".partial");
        let partial = PathBuf::from(name);
        file.as_file().sync_all()?;
        file.persist(&partial).map_err(|error| error.error)?;
        Ok(Some(partial))
    }
}

/// Writes to standard output, in one piece as far as it takes that. The library's own stream would
/// write what stands behind the last line feed in a piece of its own: a terminal may show the one
/// without the other.
#[cfg(unix)]
fn write_out(mut bytes: &[u8]) -> io::Result<()> {
    let out = stdout().lock();
    while !bytes.is_empty() {
        match rustix::io::write(&out, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn write_out(bytes: &[u8]) -> io::Result<()> {
    let mut out = stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("the system has a folder for temporary files")
    }

    #[test]
    fn a_file_appears_whole_and_nothing_else_stays() -> io::Result<()> {
        let folder = folder();
        let path = folder.path().join("answer.md");
        let mut destination = Destination::file(&path)?;
        destination.write(b"hello\n")?;
        assert!(!path.exists());
        destination.keep()?;
        assert_eq!(fs::read(&path)?, b"hello\n");
        assert_eq!(fs::read_dir(folder.path())?.count(), 1);
        Ok(())
    }

    #[test]
    fn a_cut_answer_leaves_the_old_file_alone() -> io::Result<()> {
        let folder = folder();
        let path = folder.path().join("answer.md");
        fs::write(&path, "old")?;
        let mut destination = Destination::file(&path)?;
        destination.write(b"new")?;
        let partial = destination.keep_partial()?;
        assert_eq!(fs::read(&path)?, b"old");
        assert_eq!(partial, Some(folder.path().canonicalize()?.join("answer.md.partial")));
        assert_eq!(fs::read(folder.path().join("answer.md.partial"))?, b"new");
        Ok(())
    }

    #[test]
    fn a_folder_is_refused_before_anything_is_asked() {
        let folder = folder();
        let error = Destination::file(folder.path()).map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::IsADirectory);
        assert!(Destination::file(&folder.path().join("no/such/place")).is_err());
    }
}
