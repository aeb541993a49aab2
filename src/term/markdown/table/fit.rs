//! The widths of a table's columns. Pure.

use super::{Table, grid::SEPARATOR, wrap};

/// A column that needs more is not made narrower than this: below it a table is torn letters.
const LEAST: usize = 4;

/// The widths of the columns in a terminal that is `columns` wide, or `None` if a grid does not
/// fit. Cells are wrapped, in the widest columns first; words are broken only where whole ones
/// leave no room, and torn only where their parts, up to a hyphen or the like, leave none.
pub(super) fn widths(table: &Table, columns: usize) -> Option<Vec<usize>> {
    let room = columns.checked_sub(SEPARATOR * table.columns().checked_sub(1)?)?;
    let natural = longest(table, wrap::columns);
    let cells: Vec<usize> = natural.iter().map(|cell| *cell.max(&wrap::CLUSTER)).collect();
    if cells.iter().sum::<usize>() <= room {
        return Some(natural.into_iter().map(|cell| cell.max(1)).collect());
    }
    let least: Vec<usize> = cells.iter().map(|cell| *cell.min(&LEAST)).collect();
    if least.iter().sum::<usize>() > room {
        return None;
    }
    let words = at_least(longest(table, wrap::longest_word), &least);
    if words.iter().sum::<usize>() <= room {
        return Some(share(&words, &cells, room));
    }
    let parts = at_least(longest(table, wrap::longest_part), &least);
    if parts.iter().sum::<usize>() <= room {
        return Some(make_whole(parts, &words, room));
    }
    Some(cut(&parts, room))
}

/// The greatest measure of a cell in each column.
fn longest(table: &Table, measure: impl Fn(&str) -> usize) -> Vec<usize> {
    let mut longest = vec![0; table.columns()];
    for cells in std::iter::once(&table.head).chain(&table.rows) {
        for (longest, cell) in longest.iter_mut().zip(cells) {
            *longest = measure(cell.text()).max(*longest);
        }
    }
    longest
}

fn at_least(mut widths: Vec<usize>, least: &[usize]) -> Vec<usize> {
    for (width, least) in widths.iter_mut().zip(least) {
        *width = *least.max(width);
    }
    widths
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

/// Gives as many columns as possible all they want, those first that lack least; what is left goes
/// in equal parts to the others.
fn make_whole(mut widths: Vec<usize>, wanted: &[usize], room: usize) -> Vec<usize> {
    let mut spare = room - widths.iter().sum::<usize>();
    let mut lacking: Vec<usize> = (0..widths.len()).collect();
    lacking.sort_by_key(|column| wanted[*column] - widths[*column]);
    lacking.retain(|column| {
        let lack = wanted[*column] - widths[*column];
        if lack <= spare {
            widths[*column] += lack;
            spare -= lack;
        }
        widths[*column] < wanted[*column]
    });
    // Each of them lacks more than all that is left.
    for column in &lacking {
        widths[*column] += spare / lacking.len();
    }
    hand_out(&mut widths, wanted, room);
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
