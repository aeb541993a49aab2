//! The line that a person types in the chat.
//!
//! rustyline edits it; the files beside this one say what rustyline does not: what some keys mean
//! (`keys`), which words were typed and not pasted (`typing`), where the history is kept
//! (`history`), and how lines are read from a terminal that can do nothing (`plainly`).

mod block;
mod history;
mod keys;
mod plainly;
mod question;
mod typing;
mod typist;

use std::{collections::HashSet, io, ops::Range, path::PathBuf, sync::Arc};

use rustyline::{
    CompletionType, Config, EditMode, Editor, Event, EventHandler, GraphemeClusterMode, KeyCode,
    KeyEvent, Modifiers,
    config::BellStyle,
    error::ReadlineError,
    history::{History as _, MemHistory},
};

use self::{
    history::{HistoryFile, Opened},
    keys::{Ending, Keys, Notes},
    typing::{Change, Typing},
    typist::Typist,
};
use super::sanitize_line;
pub use question::ask;

/// How many entries a chat remembers that keeps none.
const UNKEPT_MOST: usize = 1000;

/// How long a lone Esc waits in vi mode whether it begins the sequence of another key, in
/// milliseconds.
const ESCAPE_WAIT: u16 = 40;

/// What the line editor is to be like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineOptions {
    /// The keys of vi; else those of emacs.
    pub is_vi: bool,
    /// Whether the prompt and hints may be coloured.
    pub has_color: bool,
    /// Where the history is kept; `None`: only in memory.
    pub history: Option<PathBuf>,
    /// How many entries are kept.
    pub most: usize,
}

/// What a person did at the prompt.
#[derive(Debug, PartialEq, Eq)]
pub enum Entry {
    /// Enter: one line or several.
    Line(Line),
    /// Ctrl-C. What stood there is in the history of this chat; here it tells whether there was
    /// anything.
    Interrupted {
        /// The text that was cleared; empty when there was none.
        cleared: String,
    },
    /// Ctrl-G: this text wants to be edited elsewhere.
    Edit(Line),
    /// Ctrl-D on an empty line, or the terminal is gone.
    End,
}

/// A text that was typed, pasted or recalled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// Line feeds separate lines; no carriage returns.
    pub text: String,
    /// Words of it that begin with `@` and were typed here (or recalled from where they were typed
    /// and attached): such a word may name a file. Each is as it was typed, quotes and backslashes
    /// too ([`Assist::mentions`]). Pasted ones are never among them.
    pub typed: Vec<String>,
}

/// Knows what may be typed next.
pub trait Assist {
    /// Completions of the text before `at` (a byte offset): where the word begins that they
    /// replace, and the candidates.
    fn complete(&self, line: &str, at: usize) -> (usize, Vec<Suggestion>);

    /// What is shown dimmed behind a line whose cursor is at its end.
    fn hint(&self, line: &str) -> Option<Hint>;

    /// The words of a text that begin with `@` and say more, in order: where each begins and ends, in
    /// bytes.
    fn mentions(&self, text: &str) -> Vec<Range<usize>>;

    /// Whether a text holds a key and must not be kept on disk.
    fn holds_secret(&self, text: &str) -> bool;
}

/// One candidate for completion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// How it is listed.
    pub shown: String,
    /// What it puts into the line.
    pub inserted: String,
}

/// What is shown behind the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The dimmed text.
    pub shown: String,
    /// What Right inserts; `None`: the text only explains.
    pub accepted: Option<String>,
}

/// The line editor with its history.
pub struct LineEditor {
    editor: Editor<Typist, MemHistory>,
    notes: Arc<Notes>,
    has_color: bool,
    /// The terminal can do nothing, or is none.
    is_plain: bool,
    file: Option<HistoryFile>,
    /// Words that named files when they were sent.
    attached: HashSet<String>,
    /// The typed words of the line that was cleared or went to be edited: it may come back.
    carried: Vec<String>,
    notices: Vec<String>,
}

impl LineEditor {
    /// Reads the history. `suspend` is what Ctrl-Z does: it returns when the program goes on, the
    /// terminal as it was.
    ///
    /// # Errors
    /// The terminal's own. A history that cannot be read is a notice: see [`LineEditor::notices`].
    pub fn new(
        options: LineOptions,
        assist: Box<dyn Assist>,
        suspend: Box<dyn Fn() + Send + Sync>,
    ) -> io::Result<Self> {
        let config = config(&options);
        let memory = MemHistory::with_config(&config);
        let mut editor = Editor::with_history(config, memory).map_err(io_error)?;
        let notes = Arc::new(Notes::new());
        editor.set_helper(Some(Typist::new(assist, Arc::clone(&notes), options.has_color)));
        bind_keys(&mut editor, &notes, suspend);
        // It has no other use here: rustyline refuses it exactly where it would not edit.
        let is_plain = editor.create_external_printer().is_err();
        let mut line_editor = Self {
            editor,
            notes,
            has_color: options.has_color,
            is_plain,
            file: None,
            attached: HashSet::new(),
            carried: Vec::new(),
            notices: Vec::new(),
        };
        if let Some(path) = options.history.filter(|_| options.most > 0) {
            match HistoryFile::open(&path, options.most) {
                Ok(opened) => line_editor.recall(opened),
                Err(error) => line_editor.forgo_file(&path.display().to_string(), &error),
            }
        }
        Ok(line_editor)
    }

    /// Whether the terminal itself reads the lines: it can do nothing that an editor needs.
    pub fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// Clears the screen.
    pub fn clear_screen(&mut self) {
        // A terminal that cannot be cleared keeps what it shows.
        let _ = self.editor.clear_screen();
    }

    /// What must be said, one line each; said once. Worth asking after [`LineEditor::new`],
    /// [`LineEditor::read`] and [`LineEditor::remember`].
    pub fn notices(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notices)
    }

    /// Shows `prompt` (plain; `style` are the SGR parameters for it, "1;32") with `initial` already
    /// in the line, and waits for the person.
    ///
    /// # Errors
    /// The terminal's own.
    pub fn read(&mut self, prompt: &str, style: &str, initial: &str) -> io::Result<Entry> {
        let prompt = sanitize_line(prompt);
        let initial = block::with_line_feeds(initial);
        let mentions = self.typist().assist.mentions(&initial);
        let typing = Typing::new(&initial, &mentions, &self.carried);
        self.carried.clear();
        self.typist().begin(typing);
        if self.is_plain {
            return self.read_plainly(&prompt, &initial);
        }
        let styled = if self.has_color && !style.is_empty() {
            format!("\x1b[{style}m{prompt}\x1b[0m")
        } else {
            prompt.clone()
        };
        let prompt = (prompt, styled);
        let (mut before, mut behind) = (initial, String::new());
        loop {
            self.notes.begin(!self.editor.history().is_empty());
            match self.editor.readline_with_initial(&prompt, (&before, &behind)) {
                Ok(text) => return Ok(self.entry(&text)),
                // A signal from outside. The line is lost to rustyline, not to us.
                Err(ReadlineError::Interrupted) => {
                    let text = self.typist().typing().text().to_owned();
                    return Ok(self.interrupted(text));
                }
                Err(ReadlineError::Eof) => return Ok(Entry::End),
                Err(error) => {
                    let error = io_error(error);
                    if is_hangup(&error) {
                        return Ok(Entry::End);
                    }
                    if error.kind() != io::ErrorKind::InvalidData {
                        return Err(error);
                    }
                    self.notes.note_broken();
                    self.note("some of what was typed or pasted is missing: it is not UTF-8");
                    (before, behind) = self.typist().typing().halves();
                }
            }
        }
    }

    /// Keeps a line in the history; `attached` are the `@` words of it that named files. A line
    /// that begins with a blank is not kept at all, one that holds a key not on disk.
    pub fn remember(&mut self, text: &str, attached: &[String]) {
        if !self.keep_in_memory(text) {
            return;
        }
        self.attached.extend(attached.iter().cloned());
        if self.typist().assist.holds_secret(text) {
            return;
        }
        let Some(file) = &mut self.file else { return };
        if let Err(error) = file.append(text, attached) {
            let path = file.path().display().to_string();
            self.forgo_file(&path, &error);
        }
    }

    /// What an accepted line means.
    fn entry(&mut self, text: &str) -> Entry {
        self.typist().typing_mut().follow(text, text.len(), Change::Recall);
        match self.notes.ending() {
            Ending::End => Entry::End,
            Ending::Interrupted => self.interrupted(text.to_owned()),
            Ending::Sent => Entry::Line(self.line(text)),
            Ending::Edit => {
                let line = self.line(text);
                self.carried.clone_from(&line.typed);
                Entry::Edit(line)
            }
        }
    }

    /// The line is cleared, and comes back with Up.
    fn interrupted(&mut self, cleared: String) -> Entry {
        self.carried = self.line(&cleared).typed;
        if self.keep_in_memory(&cleared) {
            self.attached.extend(self.carried.iter().cloned());
        }
        Entry::Interrupted { cleared }
    }

    fn line(&self, text: &str) -> Line {
        let typing = self.typist().typing();
        let mentions = self.typist().assist.mentions(typing.text());
        let typed = typing.words(&mentions, &self.attached);
        Line { text: block::with_line_feeds(text), typed }
    }

    fn read_plainly(&mut self, prompt: &str, initial: &str) -> io::Result<Entry> {
        #[cfg(unix)]
        let _echoing = plainly::Echoing::begin();
        let mut output = io::stderr().lock();
        let read = plainly::read(prompt, initial, &mut io::stdin().lock(), &mut output);
        match read {
            // Nobody can tell here what was pasted: only known words count.
            Ok(Some(text)) => {
                self.typist().typing_mut().follow(&text, text.len(), Change::Recall);
                Ok(Entry::Line(self.line(&text)))
            }
            Ok(None) => Ok(Entry::End),
            Err(error) if is_hangup(&error) => Ok(Entry::End),
            Err(error) => Err(error),
        }
    }

    /// Takes over what stood in the file.
    fn recall(&mut self, opened: Opened) {
        self.file = Some(opened.file);
        self.notices.extend(opened.notices);
        for record in opened.records {
            if self.keep_in_memory(&record.text) {
                self.attached.extend(record.attached);
            }
        }
    }

    /// Whether the text is one to keep.
    fn keep_in_memory(&mut self, text: &str) -> bool {
        if text.starts_with([' ', '\t']) || text.trim().is_empty() {
            return false;
        }
        // Memory cannot fail.
        let _ = self.editor.add_history_entry(text);
        true
    }

    /// From here on the history is in memory only.
    fn forgo_file(&mut self, path: &str, error: &io::Error) {
        self.file = None;
        let reason = error.kind();
        self.note(&format!("cannot keep the history in `{path}`, only in memory: {reason}"));
    }

    fn note(&mut self, notice: &str) {
        if self.notices.iter().all(|it| it != notice) {
            self.notices.push(notice.to_owned());
        }
    }

    fn typist(&self) -> &Typist {
        self.editor.helper().expect("it is set at the beginning and never taken")
    }
}

fn config(options: &LineOptions) -> Config {
    let mode = if options.is_vi { EditMode::Vi } else { EditMode::Emacs };
    let most = if options.most == 0 { UNKEPT_MOST } else { options.most };
    Config::builder()
        .edit_mode(mode)
        // In emacs mode Esc is a prefix and waits; in vi mode it is a key of its own.
        .keyseq_timeout(options.is_vi.then_some(ESCAPE_WAIT))
        .max_history_size(most)
        .expect("the history in memory cannot fail")
        .completion_type(CompletionType::List)
        // There is no bell that would ask for a second Tab.
        .completion_show_all_if_ambiguous(true)
        // We list fewer; a question on top of a list is one too many.
        .completion_prompt_limit(usize::MAX)
        .bell_style(BellStyle::None)
        // The other modes panic when more than 65,535 columns are deleted at once.
        .grapheme_cluster_mode(GraphemeClusterMode::WcWidth)
        .build()
}

fn bind_keys(
    editor: &mut Editor<Typist, MemHistory>,
    notes: &Arc<Notes>,
    suspend: Box<dyn Fn() + Send + Sync>,
) {
    let suspend: Arc<dyn Fn() + Send + Sync> = suspend.into();
    let keys =
        || EventHandler::Conditional(Box::new(Keys::new(Arc::clone(notes), Arc::clone(&suspend))));
    editor.bind_sequence(Event::Any, keys());
    let paste = KeyEvent(KeyCode::BracketedPasteStart, Modifiers::NONE);
    for second in [KeyEvent::ctrl('E'), paste] {
        editor.bind_sequence(Event::KeySeq(vec![KeyEvent::ctrl('X'), second]), keys());
    }
}

fn io_error(error: ReadlineError) -> io::Error {
    match error {
        ReadlineError::Io(error) => error,
        #[cfg(unix)]
        ReadlineError::Errno(error) => error.into(),
        error => io::Error::other(error),
    }
}

/// Whether the terminal is gone.
fn is_hangup(error: &io::Error) -> bool {
    #[cfg(unix)]
    {
        use rustix::io::Errno;
        [Errno::IO, Errno::NXIO]
            .iter()
            .any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
    }
    #[cfg(not(unix))]
    {
        let _ = error;
        false
    }
}
