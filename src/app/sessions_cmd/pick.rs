//! Which of the latest sessions: rows with numbers, and a line to answer with.
//!
//! It needs no more of a terminal than lines: it can be heard, pasted into and scrolled.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::rows::{Numbering, rows};
use crate::{
    app::failure::Failure,
    sessions::{Entry, SessionId, Store},
    term::{self, Console, columns},
};

/// How many sessions are shown at once.
const MOST: usize = 15;

/// What is asked below the rows.
const QUESTION: &str = "which one? (a number, words of its title, or Enter to leave) ";

/// What a person answered.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::app) enum Picked {
    /// This session.
    Session(SessionId),
    /// None.
    Nothing,
}

/// What a line of the person means.
#[derive(Debug, PartialEq, Eq)]
enum Answer<'a> {
    Session(SessionId),
    /// Those that fit the words.
    Fewer(Vec<&'a Entry>),
    /// No session has such a number or such words.
    None,
    Leave,
}

/// Lets a person at a terminal choose a session.
pub(in crate::app) fn pick(store: &Store, console: Console) -> Result<Picked, Failure> {
    let catalog = store.catalog()?;
    super::warn_of_unreadable(&catalog, console);
    let all = &catalog.entries;
    if all.is_empty() {
        return Err(Failure::usage("there is no session to go on with")
            .hint("without `-r` a new one begins"));
    }
    let mut shown: Vec<&Entry> = all.iter().collect();
    loop {
        let listed = &shown[..shown.len().min(MOST)];
        let mut text = rows(listed, all, Numbering::Numbers(None), Timestamp::now(), columns());
        if shown.len() > MOST {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "and {} more: words find them", shown.len() - MOST);
        }
        loop {
            let line = term::ask(&format!("{text}{QUESTION}"))
                .map_err(|error| Failure::other("the terminal cannot be read from").cause(error))?;
            text.clear();
            match understand(line.as_deref().unwrap_or_default().trim(), listed, all) {
                Answer::Session(id) => return Ok(Picked::Session(id)),
                Answer::Leave => return Ok(Picked::Nothing),
                Answer::None => console.aside("no session fits that"),
                Answer::Fewer(fewer) => {
                    shown = fewer;
                    break;
                }
            }
        }
    }
}

fn understand<'a>(line: &str, listed: &[&'a Entry], all: &'a [Entry]) -> Answer<'a> {
    if line.is_empty() {
        return Answer::Leave;
    }
    if let Some(entry) =
        line.parse().ok().and_then(|number: usize| listed.get(number.checked_sub(1)?))
    {
        return Answer::Session(entry.id.clone());
    }
    if let Some(entry) = named(line, all) {
        return Answer::Session(entry.id.clone());
    }
    let fewer = matching(line, all);
    if fewer.is_empty() { Answer::None } else { Answer::Fewer(fewer) }
}

/// The session of this name, or whose id alone begins so.
fn named<'a>(text: &str, all: &'a [Entry]) -> Option<&'a Entry> {
    if let Some(entry) = all.iter().find(|entry| entry.name.as_deref() == Some(text)) {
        return Some(entry);
    }
    let mut begun = all.iter().filter(|entry| entry.id.as_str().starts_with(text));
    let first = begun.next()?;
    // A short word is rather one of the title.
    (begun.next().is_none() && text.len() >= super::rows::letters(all)).then_some(first)
}

/// The sessions that have all of these words in what they are called, in the profile, the model or the
/// directory.
fn matching<'a>(words: &str, all: &'a [Entry]) -> Vec<&'a Entry> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let fits = |entry: &&Entry| {
        let directory = entry.directory.as_deref().unwrap_or_default();
        let texts = [entry.called(), &entry.title, &entry.profile, &entry.model, directory];
        let text = texts.join("\n").to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    all.iter().filter(fits).collect()
}
