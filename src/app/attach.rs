//! Text files become parts of a question: `-f`, `/file` and `@path` in the same way.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use super::{
    failure::Failure,
    input::{MOST, decode, estimate_tokens, too_large},
    slash::quoting::{self, Mention},
};
use crate::{
    chat::{Content, Message, Part, Role, TextFile},
    term::Line,
};

/// How many words of a pasted text are looked at, and how many are told: a text of a mailing list
/// is full of them.
const MOST_LOOKED_AT: usize = 200;
const MOST_TOLD: usize = 3;

/// Marks that end a phrase, and seldom a file's name.
const PUNCTUATION: [char; 7] = [',', '.', ';', ':', '?', '!', ')'];

/// The way out for a word that was not meant to attach anything.
const AS_TEXT: &str = "to send the word as text, put a quote before its `@`";

/// A text that goes before the words of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attachment {
    /// The path as it was typed: `~/notes.txt` tells a server nothing about a home folder.
    pub(super) name: String,
    /// All of it.
    pub(super) text: String,
}

impl Attachment {
    /// What `-f` names: pipes and devices too, for `-f <(command)`.
    pub(super) fn given(path: &Path) -> Result<Self, Failure> {
        Ok(Self { name: path.display().to_string(), text: text(path, path)? })
    }

    /// What is named in the chat; `~/` is the `home` folder. Only a file: nobody could end the wait
    /// for a pipe, and the terminal is in use.
    pub(super) fn read(path: &Path, home: Option<&Path>) -> Result<Self, Failure> {
        let place = expand(path, home);
        let is_special = |metadata: fs::Metadata| !metadata.is_file() && !metadata.is_dir();
        if fs::metadata(&place).is_ok_and(is_special) {
            return Err(problem(path, "is a pipe or a device")
                .hint("only files can be attached in the chat"));
        }
        Ok(Self { name: path.display().to_string(), text: text(path, &place)? })
    }

    /// Name, size and estimated tokens, in one line.
    pub(super) fn receipt(&self) -> String {
        let Self { name, text } = self;
        let (bytes, tokens) = (text.len(), estimate_tokens(text));
        let plural = |count| if count == 1 { "" } else { "s" };
        let (byte_s, token_s) = (plural(bytes), plural(tokens));
        format!("{name}: text, {bytes} byte{byte_s}, about {tokens} token{token_s}")
    }

    /// The text as models know files; a fence would end at the first fence inside.
    pub(super) fn tagged(&self) -> String {
        let Self { name, text } = self;
        format!("<file name=\"{name}\">\n{}\n</file>", text.trim_end_matches('\n'))
    }
}

/// What the words of a line attach.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Attached {
    /// The files, none twice.
    pub(super) files: Vec<Attachment>,
    /// The words that named them, each as [`Line::typed`] has it.
    pub(super) words: Vec<String>,
    /// What must be said about words that attach nothing, one line each.
    pub(super) notices: Vec<String>,
}

/// Reads the files that the `@` words of a line name. A word that was typed and names nothing stays
/// text; so does every word that was pasted, whatever it names.
pub(super) fn of_line(line: &Line, home: Option<&Path>) -> Result<Attached, Failure> {
    let mut attached = Attached::default();
    let mut seen = Vec::new();
    for word in &line.typed {
        let Some(Mention { word: name, .. }) = quoting::mentions(word).next() else { continue };
        let Some(name) = name_in(&name) else { continue };
        let as_text = |failure: Failure| failure.hint(AS_TEXT);
        let Some(path) = existing(&name, home).map_err(as_text)? else {
            attached.notices.push(format!("`{word}` names no file and stays text"));
            continue;
        };
        if !seen.contains(&path) {
            attached.files.push(Attachment::read(&path, home).map_err(as_text)?);
            seen.push(path);
        }
        attached.words.push(word.clone());
    }
    let bytes: usize = attached.files.iter().map(|file| file.text.len()).sum();
    if bytes + line.text.len() > MOST {
        return Err(too_large("the question with its files"));
    }
    attached.notices.extend(pasted(line, &seen, home));
    Ok(attached)
}

/// The question that a text becomes: one part for each file, as `-f` has them, and the words as the
/// last part.
pub(super) fn question(text: &str, files: &[Attachment]) -> Message {
    let files = files.iter().map(|file| {
        let text = format!("{}\n\n", file.tagged());
        Part { content: Content::File(TextFile { name: file.name.clone(), text }), echo: None }
    });
    Message { role: Role::User, parts: files.chain([Part::text(text)]).collect() }
}

/// Notices about words that name files and were not typed; `seen` are attached all the same.
fn pasted(line: &Line, seen: &[PathBuf], home: Option<&Path>) -> Vec<String> {
    let mut notices = Vec::new();
    let mut told: Vec<PathBuf> = Vec::new();
    for mention in quoting::mentions(&line.text).take(MOST_LOOKED_AT) {
        let Some(name) = name_in(&mention.word) else { continue };
        let raw = &line.text[mention.place()];
        if line.typed.iter().any(|typed| typed == raw) {
            continue;
        }
        let is_file =
            |name: &&str| fs::metadata(expand(Path::new(name), home)).is_ok_and(|it| it.is_file());
        let Some(name) = spellings(&name).find(is_file) else { continue };
        let path = PathBuf::from(name);
        if seen.contains(&path) || told.contains(&path) {
            continue;
        }
        // The name was read from one line, so that it can be written in one.
        let typed = quoting::written(name, None).unwrap_or_else(|| name.to_owned());
        notices.push(format!(
            "`@{name}` is not attached, for it may have been pasted; `/file {typed}` attaches it"
        ));
        told.push(path);
        if notices.len() == MOST_TOLD {
            break;
        }
    }
    notices
}

/// The name in a word behind an `@`; a quote that is never closed is a character like others.
fn name_in(word: &quoting::Word<'_>) -> Option<String> {
    let name = if word.is_open {
        word.raw.split(char::is_whitespace).next().unwrap_or_default().to_owned()
    } else {
        word.meant.clone()
    };
    (!name.trim_end_matches(PUNCTUATION).is_empty()).then_some(name)
}

/// The name, and the name without one mark after the other at its end.
fn spellings(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |name| name.strip_suffix(PUNCTUATION))
        .filter(|name| !name.is_empty())
}

/// The spelling of `name` that is there. What cannot be looked at is taken to be there: reading it
/// says why not.
fn existing(name: &str, home: Option<&Path>) -> Result<Option<PathBuf>, Failure> {
    for name in spellings(name) {
        let path = Path::new(name);
        match fs::metadata(expand(path, home)) {
            Ok(_) => return Ok(Some(path.to_owned())),
            Err(error) if is_absence(&error) => {}
            Err(error) => return Err(problem(path, "cannot be read").cause(error)),
        }
    }
    Ok(None)
}

/// Whether nothing can be there.
fn is_absence(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidFilename, InvalidInput, NotADirectory, NotFound};

    matches!(error.kind(), NotFound | NotADirectory | InvalidInput | InvalidFilename)
}

/// A path as it is typed: `~/` is the home folder, when there is one.
pub(super) fn expand(path: &Path, home: Option<&Path>) -> PathBuf {
    match (path.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

/// The text of the file at `place`, which is told as `path`.
fn text(path: &Path, place: &Path) -> Result<String, Failure> {
    let cannot = |error| problem(path, "cannot be read").cause(error);
    if fs::metadata(place).map_err(cannot)?.is_dir() {
        return Err(problem(path, "is a directory").hint("name the files in it, one by one"));
    }
    let mut bytes = Vec::new();
    fs::File::open(place)
        .and_then(|file| file.take(MOST as u64 + 1).read_to_end(&mut bytes))
        .map_err(cannot)?;
    if bytes.len() > MOST {
        return Err(too_large(&format!("file `{}`", path.display())));
    }
    let kind = binary_kind(&bytes);
    decode(bytes).map_err(|why| {
        let is = match kind {
            Some(kind) => format!("is not text, but {kind}"),
            None => format!("is not text: {why}"),
        };
        problem(path, &is).hint("this version sends text files only")
    })
}

fn problem(path: &Path, what: &str) -> Failure {
    Failure::usage(format!("file `{}` {what}", path.display()))
}

/// What a file is, by its first bytes; names are not trusted.
fn binary_kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("a PNG image"),
        [0xff, 0xd8, 0xff, ..] => Some("a JPEG image"),
        [b'G', b'I', b'F', b'8', ..] => Some("a GIF image"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("a WebP image"),
        [b'%', b'P', b'D', b'F', b'-', ..] => Some("a PDF document"),
        [b'P', b'K', 3, 4, ..] => Some("a ZIP archive or an office document"),
        [0x1f, 0x8b, ..] => Some("compressed data"),
        [0x7f, b'E', b'L', b'F', ..] => Some("a program"),
        _ => None,
    }
}

#[cfg(test)]
#[path = "attach_tests.rs"]
mod tests;
