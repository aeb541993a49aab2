//! What a model thinks: its last rows while it lasts, and one line of it afterwards. Pure.

use std::{collections::VecDeque, time::Duration};

use indicatif::HumanCount;
use unicode_width::UnicodeWidthChar as _;

use super::{sanitize, spinner::seconds};

/// How much of the model's thinking is shown (on standard error, always).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thinking {
    /// All of it as it comes, and how long it took.
    Show,
    /// The last rows as long as it lasts, then only how long it took.
    Fold,
    /// Only that it happens, and only while it does.
    Hide,
}

/// How much was thought.
#[derive(Debug, Default)]
pub(super) struct Tally {
    words: u64,
    /// Characters of scripts that put no space between words.
    unspaced: u64,
    is_in_word: bool,
}

impl Tally {
    /// Counts more of it.
    pub(super) fn push(&mut self, text: &str) {
        for character in text.chars() {
            let is_in_word = !character.is_whitespace();
            self.words += u64::from(is_in_word && !self.is_in_word);
            self.unspaced += u64::from(is_unspaced(character));
            self.is_in_word = is_in_word;
        }
    }

    /// `thought for 12 s (1,234 words)`; characters, where words cannot be told apart.
    pub(super) fn summary(&self, took: Duration) -> String {
        let (count, what) = if self.unspaced > self.words {
            (self.unspaced, "character")
        } else {
            (self.words, "word")
        };
        let took = match took {
            short if short < Duration::from_secs(1) => "a moment".to_owned(),
            long => seconds(long),
        };
        match count {
            0 => format!("thought for {took}"),
            1 => format!("thought for {took} (1 {what})"),
            _ => format!("thought for {took} ({} {what}s)", HumanCount(count)),
        }
    }
}

/// Han, kana and hangul, which are two columns wide; Thai and its neighbours, Burmese, Khmer.
fn is_unspaced(character: char) -> bool {
    matches!(character, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
        || (!character.is_ascii() && character.is_alphanumeric() && character.width() == Some(2))
}

/// The last rows of a text that grows. No more is kept than is shown.
#[derive(Debug)]
pub(super) struct Tail {
    rows: VecDeque<String>,
    /// The columns that the last row takes.
    used: usize,
    /// The last row is complete; another one begins with the next character.
    is_ended: bool,
    columns: usize,
    most: usize,
}

impl Tail {
    /// At most `most` rows of so many columns.
    pub(super) fn new(columns: usize, most: usize) -> Self {
        Self { rows: VecDeque::new(), used: 0, is_ended: false, columns: columns.max(1), most }
    }

    /// Appends text, made harmless. What a row holds stays in it, so that nothing jumps: only a
    /// word that is too long for the rest of its row moves on. Blank lines are left out.
    pub(super) fn push(&mut self, text: &str) {
        if self.most == 0 {
            return;
        }
        for character in sanitize(text).chars() {
            match character {
                '\n' => self.is_ended = true,
                '\t' => self.push_character(' '),
                _ => self.push_character(character),
            }
        }
    }

    /// The rows, parted by line feeds.
    pub(super) fn text(&self) -> String {
        let rows: Vec<_> = self.rows.iter().map(String::as_str).collect();
        rows.join("\n").trim_end().to_owned()
    }

    fn push_character(&mut self, character: char) {
        let width = character.width().unwrap_or(0);
        if self.is_ended {
            self.begin(String::new());
        }
        if self.rows.is_empty() || self.used + width > self.columns {
            let word = self.rows.back_mut().map(take_last_word).unwrap_or_default();
            self.begin(word);
            if character == ' ' {
                return;
            }
        }
        if let Some(row) = self.rows.back_mut() {
            row.push(character);
            self.used += width;
        }
    }

    /// Begins a row, in the place of a blank one.
    fn begin(&mut self, text: String) {
        self.is_ended = false;
        self.used = text.chars().map(|it| it.width().unwrap_or(0)).sum();
        match self.rows.back_mut() {
            Some(row) if row.trim().is_empty() => *row = text,
            _ => self.rows.push_back(text),
        }
        if self.rows.len() > self.most {
            self.rows.pop_front();
        }
    }
}

/// Takes a word that is not whole off the end of a row, unless it is all of the row.
fn take_last_word(row: &mut String) -> String {
    match row.rfind(' ') {
        Some(at) if at > 0 => row.split_off(at + 1),
        _ => String::new(),
    }
}

#[cfg(test)]
#[path = "thinking_tests.rs"]
mod tests;
