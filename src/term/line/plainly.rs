//! Lines from a terminal that can do nothing: no keys but those of the system, no colours.

use std::io::{self, BufRead, Write};

use super::block;

/// Shows `prompt`, and `initial` for what it is: nobody can change it here, an empty line takes it.
/// `None`: the terminal is gone, or Ctrl-D.
pub(super) fn read(
    prompt: &str,
    initial: &str,
    input: &mut impl BufRead,
    output: &mut impl Write,
) -> io::Result<Option<String>> {
    if !initial.is_empty() {
        let shown = crate::term::sanitize(initial);
        writeln!(output, "{shown}\n(an empty line takes this)")?;
    }
    write!(output, "{prompt}")?;
    output.flush()?;
    let mut text = String::new();
    loop {
        let mut line = Vec::new();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(Some(text).filter(|text| !text.is_empty()));
        }
        // Bytes that are no text must not end the chat.
        text.push_str(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']));
        if block::is_continued(&text) {
            text.pop();
        } else if !block::is_open(&text) {
            break;
        }
        text.push('\n');
    }
    Ok(Some(if text.is_empty() { initial.to_owned() } else { text }))
}

/// The terminal as its system reads lines, with echo; as it was before, once dropped. A chat keeps
/// it silent between its lines.
#[cfg(unix)]
pub(super) struct Echoing {
    before: Option<rustix::termios::Termios>,
}

#[cfg(unix)]
impl Echoing {
    pub(super) fn begin() -> Self {
        use rustix::termios::{
            InputModes, LocalModes, OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr,
        };

        /// Ctrl-D.
        const END: u8 = 4;

        let stdin = io::stdin();
        let Ok(before) = tcgetattr(&stdin) else { return Self { before: None } };
        let mut echoing = before.clone();
        echoing.input_modes |= InputModes::ICRNL;
        echoing.local_modes |=
            LocalModes::ICANON | LocalModes::ECHO | LocalModes::ECHOE | LocalModes::ISIG;
        if echoing.special_codes[SpecialCodeIndex::VEOF] == 0 {
            echoing.special_codes[SpecialCodeIndex::VEOF] = END;
        }
        let is_set = tcsetattr(&stdin, OptionalActions::Drain, &echoing).is_ok();
        Self { before: is_set.then_some(before) }
    }
}

#[cfg(unix)]
impl Drop for Echoing {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            let drain = rustix::termios::OptionalActions::Drain;
            // A terminal that is gone needs no mode.
            let _ = rustix::termios::tcsetattr(io::stdin(), drain, before);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, initial: &str, expected: Option<&str>) {
        let mut output = Vec::new();
        let read = read("p> ", initial, &mut input.as_bytes(), &mut output);
        assert_eq!(read.expect("memory can be read").as_deref(), expected);
        assert!(String::from_utf8_lossy(&output).ends_with("p> "));
    }

    #[test]
    fn a_plain_line_is_a_line() {
        check("one\ntwo\n", "", Some("one"));
        check("one\r\n", "", Some("one"));
        check("\n", "", Some(""));
        check("", "", None);
        check("torn", "", Some("torn"));
    }

    #[test]
    fn backslashes_and_blocks_go_on_in_plain_lines() {
        check("one\\\ntwo\\\nthree\nfour\n", "", Some("one\ntwo\nthree"));
        check("\"\"\"one\ntwo\\\n\"\"\"\nfour\n", "", Some("\"\"\"one\ntwo\\\n\"\"\""));
    }

    #[test]
    fn an_empty_plain_line_takes_what_was_offered() {
        check("\n", "offered", Some("offered"));
        check("other\n", "offered", Some("other"));
    }

    #[test]
    fn bytes_that_are_no_text_do_not_end_plain_reading() {
        let (mut input, mut output) = (&b"a\xffb\n"[..], Vec::new());
        let line = read("", "", &mut input, &mut output).expect("memory can be read");
        assert_eq!(line.as_deref(), Some("a\u{fffd}b"));
    }
}
