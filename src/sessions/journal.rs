//! A session's file, open to be appended to by one process.
//!
//! What cannot be written waits in memory and is tried again with the next record: a disk that was
//! full for a while costs nothing. Bytes are never taken back, and never written out of order, so that
//! the file is a beginning of what was meant at any moment.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    iter,
    path::{Path, PathBuf},
    sync::mpsc,
    thread::{self, JoinHandle},
};

use super::{Error, folder, record::Record};

/// The file and what is still to be written to it.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
    path: PathBuf,
    /// Not written yet: the disk is full, say.
    pending: Vec<u8>,
    sync: Option<Sync>,
}

/// What is done beside the stream of an answer: nobody waits for it before the end.
type Errand = Box<dyn FnOnce() + Send>;

/// Makes what was written outlast a loss of power, and runs errands.
#[derive(Debug)]
struct Sync {
    /// `None`: the file alone.
    requests: mpsc::Sender<Option<Errand>>,
    thread: JoinHandle<io::Result<()>>,
}

impl Journal {
    /// Makes the file of a new session; nobody else may have it, and nobody else may read it.
    pub(super) fn create(path: PathBuf) -> Result<Self, Error> {
        let open = || {
            let mut options = OpenOptions::new();
            options.append(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            options.open(&path)
        };
        let file = match open() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                folder::create(path.parent().unwrap_or(Path::new(".")))?;
                open()
            }
            opened => opened,
        };
        let file = file.map_err(Error::io("cannot create", &path))?;
        lock(&file).map_err(Error::io("cannot lock", &path))?;
        Ok(Self { file, path, pending: Vec::new(), sync: None })
    }

    /// Opens the file of a session that is gone on with; `None` when another process has it.
    pub(super) fn open(path: PathBuf) -> Result<Option<Self>, Error> {
        let mut options = OpenOptions::new();
        let file = options.read(true).append(true).open(&path);
        let file = file.map_err(Error::io("cannot write to", &path))?;
        if !lock(&file).map_err(Error::io("cannot lock", &path))? {
            return Ok(None);
        }
        let mut journal = Self { file, path, pending: Vec::new(), sync: None };
        // A line that was torn is closed, so that the next one is whole.
        if folder::lacks_line_feed(&mut journal.file)
            .map_err(Error::io("cannot read", &journal.path))?
        {
            journal.pending.push(b'\n');
        }
        Ok(Some(journal))
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Appends records, all in one write.
    pub(super) fn append(&mut self, records: &[Record<'_>]) -> Result<(), Error> {
        for record in records {
            self.queue(record);
        }
        self.flush()
    }

    /// Has a record written with the next flush.
    pub(super) fn queue(&mut self, record: &Record<'_>) {
        record.write(&mut self.pending);
    }

    /// Writes what was queued, and what could not be written before.
    pub(super) fn flush(&mut self) -> Result<(), Error> {
        while !self.pending.is_empty() {
            match self.file.write(&self.pending) {
                Ok(0) => return Err(self.unwritable(io::ErrorKind::WriteZero.into())),
                Ok(written) => drop(self.pending.drain(..written)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.unwritable(error)),
            }
        }
        Ok(())
    }

    /// Has what was written so far put on the disk itself, without waiting for it.
    pub(super) fn sync(&mut self) {
        self.request(None);
    }

    /// The same, and then runs an errand.
    pub(super) fn sync_and(&mut self, errand: impl FnOnce() + Send + 'static) {
        self.request(Some(Box::new(errand)));
    }

    fn request(&mut self, errand: Option<Errand>) {
        if self.sync.is_none() {
            self.sync = Sync::start(&self.file);
        }
        if let Some(sync) = &self.sync {
            // The thread is gone after an error, which `settle` tells.
            let _ = sync.requests.send(errand);
        }
    }

    /// Waits until what was written is on the disk itself.
    pub(super) fn settle(&mut self) -> Result<(), Error> {
        let Some(Sync { requests, thread }) = self.sync.take() else { return Ok(()) };
        drop(requests);
        let synced = thread.join().unwrap_or(Ok(()));
        match synced {
            // Some network folders and pipes of programs know no such thing.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
            synced => synced.map_err(Error::io("cannot write to", &self.path)),
        }
    }

    fn unwritable(&self, error: io::Error) -> Error {
        Error::io("cannot write to", &self.path)(error)
    }
}

impl Drop for Journal {
    /// A chat that ends has all of it on the disk.
    fn drop(&mut self) {
        let _ = self.settle();
    }
}

impl Sync {
    fn start(file: &File) -> Option<Self> {
        let file = file.try_clone().ok()?;
        let (requests, wanted) = mpsc::channel::<Option<Errand>>();
        let run = move || {
            while let Ok(errand) = wanted.recv() {
                // Several wishes are one.
                let errands = iter::once(errand).chain(iter::from_fn(|| wanted.try_recv().ok()));
                let errands: Vec<Errand> = errands.flatten().collect();
                let synced = file.sync_data();
                for errand in errands {
                    errand();
                }
                synced?;
            }
            Ok(())
        };
        let thread = thread::Builder::new().name("journal".to_owned()).spawn(run).ok()?;
        Some(Self { requests, thread })
    }
}

/// Takes the file for this process. `false`: another one has it. Where the system knows no locks,
/// nobody has.
fn lock(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => match error.kind() {
            io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput => Ok(true),
            // A lock daemon that does not answer (ENOLCK).
            _ if error.raw_os_error() == Some(37) => Ok(true),
            _ => Err(error),
        },
    }
}

/// Whether another process goes on with the session in this file.
pub(super) fn is_in_use(path: &Path) -> bool {
    fs::File::open(path)
        .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;
