//! How many columns and rows a text takes on a terminal. Pure.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Tab stops stand so far apart unless somebody moved them.
const TAB: usize = 8;

/// Some terminals show it always, others never.
const SOFT_HYPHEN: char = '\u{ad}';

/// Asks for the coloured, wide picture of the character before it.
const EMOJI_SELECTOR: char = '\u{fe0f}';

/// The columns that a text takes, with clusters as one: how a modern terminal counts. A tab counts
/// as one column: how far it leads depends on where it stands.
pub(super) fn columns_of(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    clusters(text).map(|(_, columns)| columns).sum()
}

/// The clusters of a text, each of which a reader takes for one character, with their columns.
pub(super) fn clusters(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (cluster, columns) = first_cluster(rest)?;
        rest = &rest[cluster.len()..];
        Some((cluster, columns))
    })
}

/// How far a text leads from column `from` (0 is the left margin) of a terminal that wraps at
/// `columns`: the rows below the first, and the column it ends in, at most `columns`. Text that
/// fills a row ends in that row, in column `columns`: the terminal wraps with the next character.
///
/// `None` where terminals disagree and the disagreement changes the number of rows: about clusters
/// that some show as one picture and others as several, and about tabs behind a row that is full.
/// Where they disagree about the column alone, it is the least that any of them reaches.
pub(super) fn extent(text: &str, from: usize, columns: usize) -> Option<(usize, usize)> {
    let (near, far) = walk(text, from, columns, |_| Behind::Unknown)?;
    (near.below == far.below).then_some((near.below, near.column))
}

/// The tabs of a text that may stand behind a full row, where the rest would be written over what
/// stands in it. Each is taken for a space to find the next one.
pub(super) fn lost_tabs(text: &str, from: usize, columns: usize) -> Vec<usize> {
    let mut lost = Vec::new();
    walk(text, from, columns, |at| {
        lost.push(at);
        Behind::Space
    });
    lost
}

/// What a tab behind a full row is taken for.
enum Behind {
    /// Nobody knows where it leads.
    Unknown,
    /// A space.
    Space,
}

/// The nearest and the farthest place that a terminal may be led to, from column `from` on.
fn walk(
    text: &str,
    from: usize,
    columns: usize,
    mut behind_full_row: impl FnMut(usize) -> Behind,
) -> Option<(Cursor, Cursor)> {
    let columns = columns.max(1);
    let start = Cursor { columns, below: 0, column: from.min(columns) };
    // The one is moved by the least and the other by the most that any terminal makes of a cluster. A
    // cursor that is behind another one stays behind it, so that all terminals lie between them.
    let (mut near, mut far) = (start, start);
    let mut rest = text;
    while !rest.is_empty() {
        let run = plain_run(rest);
        near.run(run);
        far.run(run);
        rest = &rest[run..];
        let Some((cluster, width)) = first_cluster(rest) else { break };
        let at = text.len() - rest.len();
        rest = &rest[cluster.len()..];
        if cluster == "\t" {
            if near.below == far.below && far.column < columns {
                near.tab();
                far.tab();
                continue;
            }
            match behind_full_row(at) {
                Behind::Unknown => return None,
                Behind::Space => {
                    near.run(1);
                    far.run(1);
                }
            }
            continue;
        }
        if cluster.starts_with(is_flag_letter) {
            // One picture of two columns, or letters of which a row may end with the first.
            near.run(width.min(2));
        } else {
            near.put(least_columns(cluster, width))?;
        }
        let mut whole = far;
        whole.put(width.min(columns))?;
        for width in most_columns(cluster) {
            far.put(width)?;
        }
        // At the margin the whole picture may lead further than its parts.
        far = far.max(whole);
    }
    Some((near, far))
}

/// Where the first cluster stands that terminals give different widths to; the end, if there is none.
pub(super) fn first_doubtful(text: &str) -> usize {
    let mut rest = text;
    while !rest.is_empty() {
        rest = &rest[plain_run(rest)..];
        let Some((cluster, width)) = first_cluster(rest) else { break };
        let most: usize = most_columns(cluster).sum();
        if cluster.starts_with(is_flag_letter) || least_columns(cluster, width) != most.max(width) {
            return text.len() - rest.len();
        }
        rest = &rest[cluster.len()..];
    }
    text.len()
}

/// How many characters at the start are one column each and no part of a cluster.
fn plain_run(text: &str) -> usize {
    /// A whole paragraph is looked at for every word that comes: by blocks that is soon done.
    const BLOCK: usize = 64;

    let mut run = 0;
    for block in text.as_bytes().chunks(BLOCK) {
        if !block.is_ascii() || memchr::memchr(b'\t', block).is_some() {
            run += block.iter().take_while(|byte| byte.is_ascii() && **byte != b'\t').count();
            break;
        }
        run += block.len();
    }
    // What follows may join the last one.
    if run == text.len() { run } else { run.saturating_sub(1) }
}

fn first_cluster(text: &str) -> Option<(&str, usize)> {
    let mut characters = text.chars();
    let first = characters.next()?;
    if let Some(columns) = columns_alone(first)
        && characters.next().is_none_or(|next| columns_alone(next).is_some())
    {
        return Some((&text[..first.len_utf8()], columns));
    }
    let cluster = text.graphemes(true).next()?;
    Some((cluster, cluster.width()))
}

/// The columns of a character of which two never make a cluster, `None` of any other: most text is
/// measured without a look into the tables of Unicode.
fn columns_alone(character: char) -> Option<usize> {
    match character {
        // Latin, Greek, Cyrillic; dashes and quotation marks; arrows and mathematics; lines and
        // blocks.
        '\t'
        | ' '..='~'
        | '\u{a0}'..='\u{ac}'
        | '\u{ae}'..='\u{2ff}'
        | '\u{391}'..='\u{3c9}'
        | '\u{400}'..='\u{482}'
        | '\u{48a}'..='\u{4ff}'
        | '\u{2010}'..='\u{2027}'
        | '\u{2190}'..='\u{2319}'
        | '\u{2500}'..='\u{25fc}' => Some(1),
        // Chinese and Japanese with their punctuation; Korean.
        '\u{3000}'..='\u{3029}'
        | '\u{3041}'..='\u{3096}'
        | '\u{30a0}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{ff01}'..='\u{ff60}' => Some(2),
        _ => None,
    }
}

/// The columns of a cluster that is `together` wide as one picture, on the terminal that gives it
/// the fewest.
fn least_columns(cluster: &str, together: usize) -> usize {
    match cluster.chars().next() {
        Some(SOFT_HYPHEN) => 0,
        _ => cluster.chars().map(columns_of_one).max().map_or(0, |widest| widest.min(together)),
    }
}

/// The columns of each character of a cluster, on the terminal that gives them the most: one that
/// shows each alone, but knows which emoji are wide.
fn most_columns(cluster: &str) -> impl Iterator<Item = usize> {
    let mut characters = cluster.chars().peekable();
    std::iter::from_fn(move || {
        let character = characters.next()?;
        let columns = match character {
            _ if is_flag_letter(character) => 2,
            SOFT_HYPHEN => 1,
            _ => columns_of_one(character),
        };
        let is_widened = columns == 1 && characters.peek() == Some(&EMOJI_SELECTOR);
        Some(if is_widened { 2 } else { columns })
    })
}

/// Two such letters, from A to Z, are a flag.
fn is_flag_letter(character: char) -> bool {
    matches!(character, '\u{1f1e6}'..='\u{1f1ff}')
}

fn columns_of_one(character: char) -> usize {
    character.width().unwrap_or(0)
}

/// Where the next character goes, on a terminal that is `columns` wide. The further on, the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cursor {
    columns: usize,
    below: usize,
    column: usize,
}

impl Cursor {
    /// So many characters of one column each.
    fn run(&mut self, length: usize) {
        let reached = self.column + length;
        if reached > self.columns {
            let rows = (reached - 1) / self.columns;
            self.below += rows;
            self.column = reached - rows * self.columns;
        } else {
            self.column = reached;
        }
    }

    /// One character. `None` if it is wider than the terminal.
    fn put(&mut self, width: usize) -> Option<()> {
        if width > self.columns {
            return None;
        }
        if width > 0 && self.column + width > self.columns {
            self.below += 1;
            self.column = 0;
        }
        self.column += width;
        Some(())
    }

    /// A tab stops in the last column and never wraps. Behind a full row some terminals step back into
    /// the last column and others do not move.
    fn tab(&mut self) {
        self.column = ((self.column / TAB + 1) * TAB).min(self.columns - 1);
    }
}

#[cfg(test)]
#[path = "width_tests.rs"]
mod tests;
