//! What is taken out of the chat: to the clipboard, into files.

use std::path::Path;

use super::{Desk, Done, state::Chat};
use crate::{
    app::{
        attach, clipboard,
        failure::Failure,
        transcript::{self, Format},
    },
    term::{Destination, Extract, code_blocks, sanitize_whole},
};

impl Chat<'_> {
    /// `/copy`
    pub(super) fn copy(&self, block: Option<usize>) -> Done {
        let text = self.excerpt(block)?;
        // A shell runs what is pasted with a line feed at its end.
        let text = text.trim_end_matches('\n');
        let hidden = self.hidden();
        let how = clipboard::copy(text, self.env, &hidden, &mut |bytes| {
            Destination::Stdout.write(bytes)
        })?;
        let count = text.chars().count();
        let characters = if count == 1 { "character" } else { "characters" };
        self.console.aside(&format!("copied {count} {characters} {how}"));
        Ok(())
    }

    /// The last answer, or one of its code blocks.
    fn excerpt(&self, block: Option<usize>) -> Result<String, Failure> {
        let words = self.last_words()?;
        let Some(number) = block else { return Ok(words) };
        let blocks = code_blocks(&words, &Extract::All);
        let count = blocks.len();
        blocks.into_iter().nth(number - 1).ok_or_else(|| {
            Failure::usage(match count {
                0 => "the last answer has no code block".to_owned(),
                1 => "the last answer has only one code block".to_owned(),
                _ => format!("the last answer has only {count} code blocks"),
            })
        })
    }
}

impl Desk<'_> {
    /// `/save`
    pub(super) fn save(&mut self, block: Option<usize>, path: &Path) -> Done {
        let text = self.chat.excerpt(block)?;
        let text = sanitize_whole(&text).trim_end_matches('\n').to_owned() + "\n";
        self.write(path, text.as_bytes())
    }

    /// `/export`
    pub(super) fn export(&mut self, path: &Path) -> Done {
        let format = Format::of(path).unwrap_or_default();
        let text = transcript::export(&self.chat.session, format)?;
        self.write(path, &text)
    }

    /// Writes a file that appears whole or not at all. One that is there already is not replaced
    /// without asking.
    fn write(&mut self, path: &Path, text: &[u8]) -> Done {
        let path = attach::expand(path, self.chat.home());
        let name = path.display().to_string();
        if path.is_file()
            && !self.confirm(&format!("`{name}` is there already: replace it? [y/N] "))
        {
            self.chat.console.aside("nothing was written");
            return Ok(());
        }
        let unwritable =
            |error| Failure::usage(format!("`{name}` cannot be written to")).cause(error);
        let mut destination = Destination::file(&path).map_err(unwritable)?;
        destination.write(text).and_then(|()| destination.keep()).map_err(unwritable)?;
        self.chat.console.aside(&format!("wrote {} bytes to `{name}`", text.len()));
        Ok(())
    }
}
