//! Folders and files that belong to one person alone.

use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
};

use super::Error;

/// Makes a folder and those above it, closed to others.
pub(super) fn create(folder: &Path) -> Result<(), Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(Error::io("cannot create", folder))
}

/// Puts `content` in the place of whatever is at `path`; the file is whole at any moment.
pub(super) fn replace(path: &Path, content: &[u8]) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let write = || -> io::Result<()> {
        // Readable by its owner alone, as temporary files are.
        let mut file = tempfile::Builder::new().prefix(".byok-").tempfile_in(folder)?;
        file.write_all(content)?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    match write() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create(folder)?;
            write()
        }
        written => written,
    }
    .map_err(Error::io("cannot write to", path))
}

/// Whether the last line of a file has no end.
pub(super) fn lacks_line_feed(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}
