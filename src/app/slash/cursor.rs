//! Where the cursor is in a command that is being typed. Pure.

use super::{
    quoting,
    table::{self, Arg, Kind},
};

/// What is being typed at the end of a text.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::app) enum Cursor<'t> {
    /// A message, or something that no command takes.
    Elsewhere,
    /// The name of a command.
    Name {
        /// Where its slash stands, in bytes.
        start: usize,
        /// What is there of it, without the slash.
        typed: &'t str,
    },
    /// An argument.
    Argument {
        /// Where it begins, in bytes.
        start: usize,
        /// What is there of it, quotes and all.
        typed: &'t str,
        /// It and those that may follow.
        args: &'static [Arg],
    },
}

/// Looks at the end of `text`.
pub(in crate::app) fn cursor(text: &str) -> Cursor<'_> {
    let start = text.len() - text.trim_start().len();
    let Some(rest) = text[start..].strip_prefix('/').filter(|rest| !rest.starts_with('/')) else {
        return Cursor::Elsewhere;
    };
    let Some(end) = rest.find(char::is_whitespace) else {
        return Cursor::Name { start, typed: rest };
    };
    let Some(command) = table::find(&rest[..end]) else { return Cursor::Elsewhere };
    let mut args = command.args;
    let mut rest = rest[end..].trim_start();
    while let Some((arg, others)) = args.split_first() {
        let (typed, behind) = match arg.kind {
            Kind::Text | Kind::Setting => (rest, ""),
            Kind::Path | Kind::Model | Kind::Session => {
                let word = quoting::first(rest);
                (word.raw, word.rest)
            }
            _ => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
        };
        if behind.is_empty() {
            return Cursor::Argument { start: text.len() - rest.len(), typed, args };
        }
        args = others;
        // `/save FILE`: what is no number is not the optional one.
        let is_left_out = arg.kind == Kind::Number && typed.parse::<usize>().is_err();
        if !(is_left_out && arg.is_optional && !others.is_empty()) {
            rest = behind.trim_start();
        }
    }
    Cursor::Elsewhere
}
