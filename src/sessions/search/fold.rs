//! Letters that differ in case only become one. Pure.

/// Letters below this have a place in the table: Latin, Greek, Cyrillic, Armenian.
const TABLE: usize = 0x600;

/// Gives each letter one that stands for all that a pattern takes for it when case is of no matter.
///
/// Source: Unicode, `CaseFolding.txt`, status C and S. The classes here may be larger, never smaller.
#[derive(Debug)]
pub(super) struct Folding {
    table: Vec<char>,
}

impl Folding {
    /// Looks the frequent ones up once.
    pub(super) fn new() -> Self {
        let below = char::from_u32(u32::try_from(TABLE).unwrap_or_default()).unwrap_or_default();
        Self { table: ('\0'..below).map(fold).collect() }
    }

    /// The one that stands for this letter.
    pub(super) fn of(&self, letter: char) -> char {
        match self.table.get(letter as usize) {
            Some(folded) => *folded,
            // Han, Kana and Hangul have no case.
            None if ('\u{2e80}'..'\u{a640}').contains(&letter) => letter,
            None if ('\u{ac00}'..'\u{d7a4}').contains(&letter) => letter,
            None => fold(letter),
        }
    }
}

fn fold(letter: char) -> char {
    let letter = match letter {
        // They differ in what they are made of, and in nothing that is seen.
        '\u{1fd3}' => '\u{390}',
        '\u{1fe3}' => '\u{3b0}',
        '\u{fb05}' => '\u{fb06}',
        letter => letter,
    };
    let upper = only(letter.to_uppercase()).unwrap_or(letter);
    only(upper.to_lowercase()).unwrap_or(upper)
}

/// The only one. Case of several letters at once is no matter of a pattern.
fn only(mut letters: impl Iterator<Item = char>) -> Option<char> {
    let first = letters.next()?;
    letters.next().is_none().then_some(first)
}

#[cfg(test)]
#[path = "fold_tests.rs"]
mod tests;
