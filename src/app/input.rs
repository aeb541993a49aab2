//! What is asked: arguments, files and standard input become one text.

use std::{
    ffi::OsString,
    fs,
    io::{self, Read},
    path::PathBuf,
    sync::mpsc,
    time::{Duration, Instant},
};

use super::{attach::Attachment, failure::Failure, words::is_dash};
use crate::{
    chat::{Content, Message, Part, Role, TextFile},
    term::Console,
};

/// The most that a prompt may hold, in bytes: no provider takes a larger request.
pub(super) const MOST: usize = 32 << 20;

/// After this long, a person is told what is being waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// What was given to build a prompt from.
#[derive(Debug)]
pub(super) struct Input<'a> {
    /// The prompt's words.
    pub(super) words: &'a [OsString],
    /// Files, in order; `-` is standard input.
    pub(super) files: &'a [PathBuf],
    /// Whether standard input is not to be touched.
    pub(super) no_stdin: bool,
    /// When to give up on standard input.
    pub(super) stdin_timeout: Option<Duration>,
}

/// The prompt, and one line for each file that went into it.
#[derive(Debug, PartialEq)]
pub(super) struct Prompt {
    /// Files, standard input and the words, separated by blank lines.
    pub(super) question: Message,
    /// What was attached: name, size, estimated tokens.
    pub(super) receipts: Vec<String>,
}

impl Input<'_> {
    /// Reads everything. Nothing is sent before all of it is there.
    pub(super) fn read(&self, console: Console) -> Result<Prompt, Failure> {
        let words = self.words()?;
        let names_stdin = self.files.iter().any(|path| is_dash(path.as_os_str()));
        let mut files = Vec::new();
        let mut receipts = Vec::new();
        for path in self.files {
            let (file, text) = if is_dash(path.as_os_str()) {
                let piped =
                    Attachment { name: "standard input".to_owned(), text: self.stdin(console)? };
                let text = piped.text.clone();
                (piped, text)
            } else {
                let file = Attachment::given(path)?;
                let text = file.tagged();
                (file, text)
            };
            receipts.push(file.receipt());
            files.push(TextFile { name: file.name, text });
        }
        let mut texts = Vec::new();
        if !names_stdin && self.wants_stdin(words.is_empty(), console)? {
            texts.push(self.stdin(console)?);
        }
        texts.push(words);
        let question = question(files, &join(&texts));
        let length: usize = question.parts.iter().filter_map(Part::as_text).map(str::len).sum();
        if question.text().trim().is_empty() {
            return Err(Failure::usage("the prompt is empty")
                .hint("say what you want: `byok ask \"your question\"`"));
        }
        if length > MOST {
            return Err(too_large("the prompt"));
        }
        Ok(Prompt { question, receipts })
    }

    fn words(&self) -> Result<String, Failure> {
        let words = self.words.iter().map(|word| {
            word.to_str().ok_or_else(|| {
                let valid = valid_up_to(word.as_encoded_bytes());
                Failure::usage(format!(
                    "the prompt is not UTF-8: invalid byte at offset {valid} of an argument"
                ))
                .hint("to send a file's text, name the file: `byok -f PATH \"your question\"`")
            })
        });
        Ok(words.collect::<Result<Vec<_>, _>>()?.join(" "))
    }

    /// With a prompt, standard input is read only when it is a pipe, a file or a socket.
    fn wants_stdin(&self, is_needed: bool, console: Console) -> Result<bool, Failure> {
        let has_files = !self.files.is_empty();
        if self.no_stdin {
            if is_needed && !has_files {
                return Err(no_prompt().hint("standard input was not read, because `--no-stdin`, `BYOK_NO_STDIN` or `stdin = \"never\"` says so"));
            }
            return Ok(false);
        }
        if console.facts().stdin_is_terminal {
            return if is_needed && !has_files { Err(no_prompt()) } else { Ok(false) };
        }
        match stdin_kind() {
            StdinKind::Data => Ok(true),
            StdinKind::Nothing if is_needed && !has_files => Err(no_prompt()),
            StdinKind::Nothing => Ok(false),
        }
    }

    fn stdin(&self, console: Console) -> Result<String, Failure> {
        let bytes = self.stdin_bytes(console)?;
        decode(bytes).map_err(|problem| {
            Failure::usage(format!("standard input is not text: {problem}"))
                .hint("binary data cannot be piped in; this version sends text only")
        })
    }

    /// A thread reads, so that the wait can be announced and ended on every platform.
    fn stdin_bytes(&self, console: Console) -> Result<Vec<u8>, Failure> {
        let (sender, receiver) = mpsc::sync_channel(1);
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let read = io::stdin().lock().take(MOST as u64 + 1).read_to_end(&mut bytes);
            // Nobody listens any more when the wait was given up.
            let _ = sender.send(read.map(|_| bytes));
        });
        let start = Instant::now();
        let mut was_told = false;
        loop {
            let next = match (self.stdin_timeout, was_told) {
                (Some(limit), true) => Some(limit),
                (Some(limit), false) => Some(limit.min(PATIENCE)),
                (None, false) => Some(PATIENCE),
                (None, true) => None,
            };
            let read = match next {
                None => receiver.recv().map_err(|_| mpsc::RecvTimeoutError::Disconnected),
                Some(until) => receiver.recv_timeout(until.saturating_sub(start.elapsed())),
            };
            match read {
                Ok(Ok(bytes)) if bytes.len() > MOST => return Err(too_large("standard input")),
                Ok(Ok(bytes)) => return Ok(bytes),
                Ok(Err(error)) => {
                    return Err(Failure::usage("standard input cannot be read").cause(error));
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => {
                    return Err(Failure::other("standard input was lost while it was read"));
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    if let Some(limit) = self.stdin_timeout
                        && start.elapsed() >= limit
                    {
                        return Err(Failure::timeout(format!(
                            "standard input did not end within {} s",
                            limit.as_secs_f64()
                        ))
                        .hint("`--no-stdin` does not wait for it; nothing was sent"));
                    }
                    was_told = true;
                    console
                        .notice("waiting for standard input to end; `--no-stdin` does not read it");
                }
            }
        }
    }
}

/// Files and then the words, which are the last part even when there are none.
fn question(files: Vec<TextFile>, words: &str) -> Message {
    let mut parts: Vec<Part> = Vec::with_capacity(files.len() + 1);
    for TextFile { name, text } in files {
        let text = text.trim_end_matches('\n').to_owned();
        if !text.is_empty() {
            parts.push(Part { content: Content::File(TextFile { name, text }), echo: None });
        }
    }
    // What follows is set off by a blank line.
    let gaps = if words.is_empty() { parts.len().saturating_sub(1) } else { parts.len() };
    for part in &mut parts[..gaps] {
        if let Content::File(file) = &mut part.content {
            file.text.push_str("\n\n");
        }
    }
    parts.push(Part::text(words));
    Message { role: Role::User, parts }
}

fn join(texts: &[String]) -> String {
    let parts: Vec<&str> = texts
        .iter()
        .map(|text| text.trim_end_matches('\n'))
        .filter(|text| !text.is_empty())
        .collect();
    parts.join("\n\n")
}

fn no_prompt() -> Failure {
    Failure::usage("there is no prompt")
        .hint("ask something: `byok \"What is 2+2?\"`, or pipe a text in")
}

pub(super) fn too_large(what: &str) -> Failure {
    Failure::usage(format!("{what} is larger than {} MiB: no provider takes that much", MOST >> 20))
        .hint("nothing was sent and nothing was cut; send the part that matters")
}

/// Text of UTF-8 (a BOM is dropped) or of UTF-16 with a BOM.
pub(super) fn decode(mut bytes: Vec<u8>) -> Result<String, String> {
    let utf16 = |read: fn([u8; 2]) -> u16| {
        let units = bytes[2..].chunks(2).map(|pair| match pair {
            [a, b] => read([*a, *b]),
            // Half a unit: a lone surrogate cannot be text either.
            _ => 0xd800,
        });
        char::decode_utf16(units)
            .collect::<Result<String, _>>()
            .map_err(|_| "it begins as UTF-16 and is none".to_owned())
    };
    let text = match bytes.as_slice() {
        [0xff, 0xfe, ..] => utf16(u16::from_le_bytes)?,
        [0xfe, 0xff, ..] => utf16(u16::from_be_bytes)?,
        _ => {
            if bytes.starts_with(b"\xef\xbb\xbf") {
                bytes.drain(..3);
            }
            String::from_utf8(bytes).map_err(|error| {
                format!("invalid UTF-8 at offset {}", error.utf8_error().valid_up_to())
            })?
        }
    };
    match text.find('\0') {
        Some(at) => Err(format!("it holds a NUL byte at offset {at}")),
        None => Ok(text),
    }
}

fn valid_up_to(bytes: &[u8]) -> usize {
    std::str::from_utf8(bytes).err().map_or(bytes.len(), |error| error.valid_up_to())
}

/// A rough count: four ASCII characters a token, one token for any other character.
pub(super) fn estimate_tokens(text: &str) -> usize {
    let ascii = text.bytes().filter(u8::is_ascii).count();
    let others = text.chars().filter(|character| !character.is_ascii()).count();
    ascii.div_ceil(4) + others
}

enum StdinKind {
    /// A pipe, a file, a socket.
    Data,
    /// A device such as `/dev/null`, or a closed descriptor.
    Nothing,
}

#[cfg(unix)]
fn stdin_kind() -> StdinKind {
    use std::os::{fd::AsFd as _, unix::fs::FileTypeExt as _};

    let metadata = io::stdin()
        .as_fd()
        .try_clone_to_owned()
        .map(fs::File::from)
        .and_then(|file| file.metadata());
    match metadata.map(|metadata| metadata.file_type()) {
        Ok(kind) if kind.is_file() || kind.is_fifo() || kind.is_socket() => StdinKind::Data,
        _ => StdinKind::Nothing,
    }
}

#[cfg(not(unix))]
fn stdin_kind() -> StdinKind {
    StdinKind::Data
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_utf8_or_marked_utf16() {
        assert_eq!(decode(b"\xef\xbb\xbfhi".to_vec()), Ok("hi".into()));
        assert_eq!(decode(b"\xff\xfeh\0i\0".to_vec()), Ok("hi".into()));
        assert_eq!(decode(b"\xfe\xff\0h\0i".to_vec()), Ok("hi".into()));
        assert_eq!(decode(b"\xff\xfeh\0i".to_vec()), Err("it begins as UTF-16 and is none".into()));
        assert_eq!(decode(b"ab\xff".to_vec()), Err("invalid UTF-8 at offset 2".into()));
        assert_eq!(decode(b"a\0b".to_vec()), Err("it holds a NUL byte at offset 1".into()));
    }

    #[test]
    fn pieces_are_separated_by_one_blank_line() {
        assert_eq!(join(&["a\n\n".into(), String::new(), "b".into()]), "a\n\nb");
    }

    #[test]
    fn tokens_are_estimated_by_script() {
        assert_eq!(estimate_tokens(""), 0);
        assert_eq!(estimate_tokens("hello world"), 3);
        assert_eq!(estimate_tokens("世界"), 2);
    }
}
