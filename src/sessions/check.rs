//! A look at every file: what is not as it was written, and what of it can be put right.
//!
//! Nothing that was said is ever taken away. What is mended: a last line without an end is ended, an
//! answer that nobody ended gets its line, what others may read is closed to them, and a file that
//! has held nothing for a while is removed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{
    DamageKind, Ended, Error, FileRef, Store, files, folder,
    journal::{Journal, is_in_use},
    record::{Head, Record, Time},
    replay::Replayed,
    session,
    store::{self, id_in},
};

/// A file that has been empty for so long is not about to be written to.
const ABANDONED: Duration = Duration::from_mins(1);

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// How many sessions there are.
    pub sessions: usize,
    /// How many of them are in use by another process, which answers for them.
    pub in_use: usize,
    /// What is wrong, in the order of the files.
    pub faults: Vec<Fault>,
    /// How many files in [`Store::files`] no question names. They do no harm.
    pub unnamed: usize,
    /// How many bytes they take.
    pub unnamed_bytes: u64,
}

/// Something that is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file, or a folder.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: Option<usize>,
    /// What is wrong.
    pub kind: FaultKind,
    /// Whether it is right now.
    pub is_mended: bool,
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// Its last line has no end.
    Torn,
    /// Nobody wrote the end of so many answers, which came in part.
    Unfinished(usize),
    /// The line is no record.
    Unreadable,
    /// The turn that the line speaks of is not there.
    Orphan,
    /// Nothing is in it.
    Empty,
    /// It is no session.
    NotASession,
    /// It is in this version of the format, which is not known here.
    Newer(u32),
    /// Other users may read it, or write to it.
    Exposed,
    /// The text of this file, which went along with a question, is gone.
    Missing(String),
    /// The text of this file, which went along with a question, is another one now.
    Changed(String),
    /// The system refuses, for this reason.
    Refused(String),
}

impl Checked {
    /// Whether nothing is wrong any more.
    pub fn is_well(&self) -> bool {
        self.faults.iter().all(|fault| fault.is_mended)
    }
}

impl Store {
    /// Looks at every file, and mends what can be mended if `is_mending`. A session that another
    /// process has is left alone.
    pub fn check(&self, is_mending: bool) -> Checked {
        let mut look = Look {
            store: self,
            is_mending,
            named: BTreeMap::new(),
            knows_all: true,
            checked: Checked::default(),
        };
        look.folders();
        look.sessions();
        look.trash();
        look.files();
        look.checked
    }
}

/// A look that is being taken.
struct Look<'a> {
    store: &'a Store,
    is_mending: bool,
    /// Files that questions name, by their hashes.
    named: BTreeMap<String, FileRef>,
    /// Whether every session could be read.
    knows_all: bool,
    checked: Checked,
}

impl Look<'_> {
    fn folders(&mut self) {
        let store = self.store;
        let sessions = store.sessions();
        let data = sessions.parent().map(Path::to_owned);
        for folder in data.into_iter().chain([sessions, store.files(), store.trash()]) {
            if folder.is_dir() {
                self.mode(&folder);
            }
        }
    }

    fn sessions(&mut self) {
        for path in self.entries(&self.store.sessions()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            // A pipe would be waited for.
            if id_in(&name).is_none() || !path.is_file() {
                self.fault(&path, FaultKind::NotASession);
                continue;
            }
            self.checked.sessions += 1;
            self.mode(&path);
            if let Err(error) = self.session(&path) {
                self.knows_all = false;
                self.fault(&path, of_error(&error));
            }
        }
    }

    fn session(&mut self, path: &Path) -> Result<(), Error> {
        let journal = if self.is_mending { Some(Journal::open(path.to_owned())) } else { None };
        let is_ours = match &journal {
            None => !is_in_use(path),
            Some(journal) => !matches!(journal, Ok(None)),
        };
        if fs::metadata(path).is_ok_and(|it| it.len() == 0) {
            if is_ours {
                self.empty(path);
            }
            return Ok(());
        }
        let (_, replayed) = store::replay(path, |_| Some(String::new()))?;
        self.name(&replayed);
        if !is_ours {
            self.checked.in_use += 1;
            return Ok(());
        }
        let is_torn = File::open(path)
            .and_then(|mut file| folder::lacks_line_feed(&mut file))
            .map_err(Error::io("cannot read", path))?;
        let mut broken = Vec::new();
        for damage in &replayed.damage {
            let kind = match damage.kind {
                // It was ended by whoever wrote on.
                DamageKind::Torn => continue,
                DamageKind::Unreadable => FaultKind::Unreadable,
                DamageKind::Orphan => FaultKind::Orphan,
            };
            broken.push(Fault {
                path: path.to_owned(),
                line: Some(damage.line),
                kind,
                is_mended: false,
            });
        }
        self.checked.faults.append(&mut broken);
        let unfinished = unfinished(&replayed);
        if !is_torn && unfinished.is_empty() {
            return Ok(());
        }
        let mended = match journal {
            Some(Ok(Some(journal))) => mend(journal, &replayed, &unfinished).map(|()| true),
            Some(Err(error)) => Err(error),
            Some(Ok(None)) | None => Ok(false),
        };
        let is_mended = matches!(mended, Ok(true));
        let line = replayed.damage.iter().find(|it| it.kind == DamageKind::Torn);
        let line = line.map(|damage| damage.line);
        let kinds = [
            is_torn.then_some((line, FaultKind::Torn)),
            (!unfinished.is_empty()).then_some((None, FaultKind::Unfinished(unfinished.len()))),
        ];
        for (line, kind) in kinds.into_iter().flatten() {
            self.checked.faults.push(Fault { path: path.to_owned(), line, kind, is_mended });
        }
        mended.map(drop)
    }

    /// A file that was made and never written to: its process was killed, or the disk was full.
    fn empty(&mut self, path: &Path) {
        let changed = fs::metadata(path).and_then(|it| it.modified()).ok();
        let age = changed.and_then(|changed| changed.elapsed().ok());
        if age.is_none_or(|age| age < ABANDONED) {
            return;
        }
        let is_mended = self.is_mending && fs::remove_file(path).is_ok();
        self.push(path, FaultKind::Empty, is_mended);
    }

    /// What was removed may come back, and names files, too.
    fn trash(&mut self) {
        for path in self.entries(&self.store.trash()) {
            match path.is_file().then(|| store::replay(&path, |_| Some(String::new()))) {
                Some(Ok((_, replayed))) => self.name(&replayed),
                _ => self.knows_all = false,
            }
        }
    }

    fn files(&mut self) {
        let named = std::mem::take(&mut self.named);
        let mut known = BTreeSet::new();
        for file in named.into_values() {
            let path = files::path(self.store, &file);
            match fs::read(&path) {
                Ok(text) if files::hash(&text) == file.sha256 => self.mode(&path),
                Ok(_) => self.fault(&path, FaultKind::Changed(file.name)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    self.fault(&path, FaultKind::Missing(file.name));
                }
                Err(error) => self.fault(&path, FaultKind::Refused(error.to_string())),
            }
            known.insert(path);
        }
        if !self.knows_all {
            return;
        }
        for path in self.entries(&self.store.files()).into_iter().filter(|it| !known.contains(it)) {
            self.checked.unnamed += 1;
            self.checked.unnamed_bytes += fs::metadata(path).map_or(0, |it| it.len());
        }
    }

    fn name(&mut self, replayed: &Replayed) {
        for file in replayed.accounts.iter().flat_map(|account| &account.files) {
            self.named.entry(file.sha256.clone()).or_insert_with(|| file.clone());
        }
        // What cannot be read may have named any file.
        self.knows_all &= replayed.damage.is_empty();
    }

    /// Nobody else may read what was said.
    fn mode(&mut self, path: &Path) {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;

            let Ok(found) = fs::metadata(path) else { return };
            let mode = found.permissions().mode();
            if mode & 0o077 != 0 {
                let closed = fs::Permissions::from_mode(mode & 0o700);
                let is_mended = self.is_mending && fs::set_permissions(path, closed).is_ok();
                self.push(path, FaultKind::Exposed, is_mended);
            }
        }
        #[cfg(not(unix))]
        let _ = path;
    }

    /// What is in a folder, in order. No folder: nothing.
    fn entries(&mut self, folder: &Path) -> Vec<PathBuf> {
        let read = || -> io::Result<Vec<PathBuf>> {
            fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect()
        };
        let mut entries = match read() {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => {
                self.knows_all = false;
                self.fault(folder, FaultKind::Refused(error.to_string()));
                Vec::new()
            }
        };
        entries.sort_unstable();
        entries
    }

    fn fault(&mut self, path: &Path, kind: FaultKind) {
        self.push(path, kind, false);
    }

    fn push(&mut self, path: &Path, kind: FaultKind, is_mended: bool) {
        self.checked.faults.push(Fault { path: path.to_owned(), line: None, kind, is_mended });
    }
}

fn of_error(error: &Error) -> FaultKind {
    match error {
        Error::NotASession { .. } => FaultKind::NotASession,
        Error::Newer { version, .. } => FaultKind::Newer(*version),
        Error::Io { source, .. } => FaultKind::Refused(source.to_string()),
        other => FaultKind::Refused(other.to_string()),
    }
}

/// Where the answers stand, from 0, that came in part and have no end.
fn unfinished(replayed: &Replayed) -> Vec<usize> {
    let turns = replayed.conversation.turns().zip(&replayed.accounts).enumerate();
    let unfinished =
        turns.filter(|(_, ((_, turn), account))| turn.answer.is_some() && account.ended.is_none());
    unfinished.map(|(at, _)| at).collect()
}

/// Ends the last line, and the answers that nobody ended. The conversation goes on from where it did.
fn mend(mut journal: Journal, replayed: &Replayed, unfinished: &[usize]) -> Result<(), Error> {
    let turns: Vec<_> = replayed.conversation.turns().collect();
    let head = replayed.conversation.head();
    for at in unfinished {
        let (account, (_, turn)) = (&replayed.accounts[*at], turns[*at]);
        let Some(answer) = &turn.answer else { continue };
        let ended = Ended::unseen(replayed.last.unwrap_or(account.asked_at), super::State::Partial);
        journal.queue(&Record::Answer(session::answered(account, &ended, &answer.message.parts)));
    }
    if let Some(at) = unfinished.last()
        && head != Some(turns[*at].0)
    {
        let key = head.map(|head| replayed.accounts[head.number() - 1].key.as_str().into());
        journal.queue(&Record::Head(Head { at: Time::now(), turn: key }));
    }
    journal.flush()?;
    journal.sync();
    journal.settle()
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
