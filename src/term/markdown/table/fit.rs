//! The widths of a table's columns. Pure.

use super::{Table, grid::SEPARATOR, wrap};

/// A column that needs more is not made narrower than this: below it a table is torn letters.
const LEAST: usize = 4;

/// What a column needs.
#[derive(Debug, Clone, Copy, Default)]
struct Needs {
    /// The columns of the longest cell in one line.
    cell: usize,
    /// The columns of the longest word.
    word: usize,
}

/// The widths of the columns in a terminal that is `columns` wide, or `None` if a grid does not
/// fit. Cells are wrapped, in the widest columns first; words are broken only where whole ones
/// leave no room.
pub(super) fn widths(table: &Table, columns: usize) -> Option<Vec<usize>> {
    let count = table.columns();
    let room = columns.checked_sub(SEPARATOR * count.checked_sub(1)?)?;
    let mut needs = vec![Needs::default(); count];
    for cells in std::iter::once(&table.head).chain(&table.rows) {
        for (needs, cell) in needs.iter_mut().zip(cells) {
            let (cell, word) = wrap::measure(cell.text());
            needs.cell = needs.cell.max(cell);
            needs.word = needs.word.max(word);
        }
    }
    let cells: Vec<usize> = needs.iter().map(|needs| needs.cell.max(wrap::CLUSTER)).collect();
    if cells.iter().sum::<usize>() <= room {
        return Some(needs.iter().map(|needs| needs.cell.max(1)).collect());
    }
    let least = |cell: usize| cell.min(LEAST);
    if cells.iter().map(|cell| least(*cell)).sum::<usize>() > room {
        return None;
    }
    let words: Vec<usize> = needs
        .iter()
        .zip(&cells)
        .map(|(needs, cell)| needs.word.clamp(least(*cell), *cell))
        .collect();
    if words.iter().sum::<usize>() > room {
        return Some(cut(&words, room));
    }
    Some(share(&words, &cells, room))
}

/// Widths between `words` and `cells`: what one word does not need is shared out, the most to the
/// columns with the most text, and columns that ask for less than their share are left whole.
fn share(words: &[usize], cells: &[usize], room: usize) -> Vec<usize> {
    // A single giant must not starve the others.
    let cells: Vec<usize> = cells.iter().map(|cell| *cell.min(&room)).collect();
    let level = level(&cells, room);
    let modest = words.iter().zip(&cells);
    let modest = modest.map(|(word, cell)| if *cell <= level { *cell } else { *word });
    let mut widths: Vec<usize> = modest.collect();
    if widths.iter().sum::<usize>() > room {
        widths = words.to_vec();
    }
    let spare = room - widths.iter().sum::<usize>();
    let wanted = (cells.iter().sum::<usize>() - widths.iter().sum::<usize>()).max(1);
    for (width, cell) in widths.iter_mut().zip(&cells) {
        *width += ((cell - *width) * spare / wanted).min(cell - *width);
    }
    hand_out(&mut widths, &cells, room);
    widths
}

/// The widest of these are cut to one width, so that all together take `room`.
fn cut(widths: &[usize], room: usize) -> Vec<usize> {
    let level = level(widths, room);
    let mut cut: Vec<usize> = widths.iter().map(|width| *width.min(&level)).collect();
    hand_out(&mut cut, widths, room);
    cut
}

/// The greatest level at which these, cut to it, take no more than `room` together.
fn level(widths: &[usize], room: usize) -> usize {
    let (mut fits, mut too_much) = (0, room + 1);
    while too_much - fits > 1 {
        let level = fits.midpoint(too_much);
        if widths.iter().map(|width| *width.min(&level)).sum::<usize>() <= room {
            fits = level;
        } else {
            too_much = level;
        }
    }
    fits
}

/// What division has left of `room`, to those who want more, one column each.
fn hand_out(widths: &mut [usize], wanted: &[usize], room: usize) {
    let mut left = room.saturating_sub(widths.iter().sum());
    for (width, wanted) in widths.iter_mut().zip(wanted) {
        if left > 0 && *width < *wanted {
            *width += 1;
            left -= 1;
        }
    }
}
