//! Which words of a line were typed by hand. Pure.
//!
//! A word that begins with `@` may name a file, which is then sent. So it must have been typed:
//! text that was pasted, or recalled from where it was pasted, may say `@~/.ssh/id_ed25519` and
//! mean no good. Every `@` that a key put into the line is followed through all later changes by
//! its place. In doubt a word was not typed.

use std::{collections::HashSet, ops::Range};

/// What the key did that changed the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// Something else than the others.
    Edit,
    /// Typed an `@`.
    At,
    /// Pasted a text at this byte offset.
    Paste(usize),
    /// Put an entry of the history in place of the line.
    Recall,
}

/// A line as it is being typed.
#[derive(Debug, Default)]
pub(super) struct Typing {
    text: String,
    /// The cursor, a byte offset.
    position: usize,
    /// Where the typed `@` stand, byte offsets.
    marks: Vec<usize>,
    /// Line and marks from before an entry of the history took the place.
    left: Option<(String, Vec<usize>)>,
    /// Pasted texts with an `@` in them.
    pasted: Vec<String>,
}

impl Typing {
    /// A new line that begins with `text`, in which these words count as typed. `mentions` is where
    /// its words that begin with `@` stand.
    pub(super) fn new(text: &str, mentions: &[Range<usize>], typed: &[String]) -> Self {
        let marks = words_at(text, mentions)
            .filter(|(_, word)| typed.iter().any(|it| it == word))
            .map(|(start, _)| start)
            .collect();
        Self { text: text.to_owned(), position: text.len(), marks, ..Self::default() }
    }

    /// The line as it was last seen.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The line before and behind the cursor, as they were last seen.
    pub(super) fn halves(&self) -> (String, String) {
        let (before, behind) =
            self.text.split_at_checked(self.position).unwrap_or((&self.text, ""));
        (before.to_owned(), behind.to_owned())
    }

    /// Takes in what a key made of the line. Typing at the end costs two comparisons of memory.
    pub(super) fn follow(&mut self, line: &str, position: usize, change: Change) {
        self.position = position;
        if self.text == line {
            return;
        }
        match change {
            Change::Recall => return self.recall(line),
            Change::Paste(at) => self.note_paste(line, at),
            Change::Edit | Change::At => {}
        }
        let (start, removed, added) = difference(self.text.as_bytes(), line.as_bytes());
        self.marks.retain(|mark| *mark < start || *mark >= start + removed);
        for mark in &mut self.marks {
            if *mark >= start {
                *mark = *mark - removed + added;
            }
        }
        if change == Change::At {
            let new = start..start + added;
            self.marks.extend(new.filter(|at| line.as_bytes()[*at] == b'@'));
        }
        if start == self.text.len() {
            self.text.push_str(&line[start..]);
        } else {
            line.clone_into(&mut self.text);
        }
    }

    /// The words of the line that were typed, or are among the `attached` and not pasted into it;
    /// each once. `mentions` is where words that begin with `@` stand in the line.
    pub(super) fn words(
        &self,
        mentions: &[Range<usize>],
        attached: &HashSet<String>,
    ) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for (start, word) in words_at(&self.text, mentions) {
            let is_typed = self.marks.contains(&start)
                || (attached.contains(word) && !self.pasted.iter().any(|it| it.contains(word)));
            if is_typed && !words.iter().any(|it| it == word) {
                words.push(word.to_owned());
            }
        }
        words
    }

    fn recall(&mut self, line: &str) {
        let marks = std::mem::take(&mut self.marks);
        let text = std::mem::replace(&mut self.text, line.to_owned());
        match self.left.take() {
            // Back at the line that was left for the history.
            Some((left, marks)) if left == line => self.marks = marks,
            Some(left) => self.left = Some(left),
            None => self.left = Some((text, marks)),
        }
    }

    fn note_paste(&mut self, line: &str, at: usize) {
        let length = line.len().saturating_sub(self.text.len());
        // When the place is none, everything may have been pasted.
        let pasted = line.get(at..at + length).unwrap_or(line);
        if pasted.contains('@') {
            self.pasted.push(pasted.to_owned());
        }
    }
}

/// The words that stand there, with the places where they begin.
fn words_at<'t>(text: &'t str, places: &[Range<usize>]) -> impl Iterator<Item = (usize, &'t str)> {
    places.iter().filter_map(|place| Some((place.start, text.get(place.clone())?)))
}

/// Where two texts begin to differ, and how much of the one stands there in place of how much of the
/// other.
fn difference(old: &[u8], new: &[u8]) -> (usize, usize, usize) {
    let most = old.len().min(new.len());
    // Nearly every change is at the end: comparing whole is faster than looking for the place.
    let start = if old[..most] == new[..most] {
        most
    } else {
        old.iter().zip(new).take_while(|(old, new)| old == new).count()
    };
    let (old, new) = (&old[start..], &new[start..]);
    let same = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    (start, old.len() - same, new.len() - same)
}

#[cfg(test)]
#[path = "typing_tests.rs"]
mod tests;
