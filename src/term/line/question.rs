//! A question outside of the chat, answered with a line.

use std::io::{self, BufRead as _, Write as _};

use crate::term::sanitize;

/// Shows `question` on standard error and reads a line, without its line feed. `None`: Ctrl-D, or the
/// terminal is gone. The terminal itself reads the line, so that Ctrl-C ends the program as it ends
/// any other.
///
/// # Errors
/// Those of standard input.
pub fn ask(question: &str) -> io::Result<Option<String>> {
    let mut output = io::stderr().lock();
    output.write_all(sanitize(question).as_bytes())?;
    output.flush()?;
    let mut line = Vec::new();
    if io::stdin().lock().read_until(b'\n', &mut line)? == 0 {
        // What follows begins on a line of its own.
        output.write_all(b"\n")?;
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']).to_owned()))
}
