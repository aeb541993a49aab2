//! Tables, fitted to the width of the terminal. Pure.

mod fit;
mod grid;
mod words;
mod wrap;

use super::{line::Line, look::Look};

/// Where the cells of a column stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Alignment {
    /// At the left, unless the source says otherwise.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// At the right.
    Right,
}

/// A table, or as much of it as there is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Table {
    /// One for each column.
    pub(super) alignments: Vec<Alignment>,
    /// The head's cells. Rows may have fewer or more cells than the head.
    pub(super) head: Vec<Line>,
    /// The rows' cells.
    pub(super) rows: Vec<Vec<Line>>,
}

impl Table {
    /// How many columns hold all cells.
    fn columns(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or(0).max(self.head.len())
    }
}

/// How a table is set: once for all its rows, also for those that come later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Layout {
    /// Cells side by side, in columns of these widths.
    Grid(Vec<usize>),
    /// A line for each cell that begins with the name of its column: the terminal is too narrow
    /// for a grid.
    Records,
    /// Sentences for a screen reader, one line for each row.
    Spoken,
}

impl Layout {
    /// The best layout for what is there of `table` in `columns` columns of the terminal.
    pub(super) fn fit(table: &Table, columns: usize, look: Look) -> Self {
        if look.is_spoken {
            return Self::Spoken;
        }
        fit::widths(table, columns).map_or(Self::Records, Self::Grid)
    }

    /// With some room in its columns for the rows that nobody has seen yet, as far as the terminal has
    /// it.
    #[must_use]
    pub(super) fn with_reserve(self, columns: usize) -> Self {
        let Self::Grid(mut widths) = self else { return self };
        let taken = widths.iter().sum::<usize>() + grid::SEPARATOR * widths.len().saturating_sub(1);
        let spare = columns.saturating_sub(taken);
        let wishes: Vec<usize> = widths.iter().map(|width| (width / 2).max(6)).collect();
        let wanted = wishes.iter().sum::<usize>().max(1);
        for (width, wish) in widths.iter_mut().zip(wishes) {
            *width += wish * spare.min(wanted) / wanted;
        }
        Self::Grid(widths)
    }

    /// The head and the rule under it.
    pub(super) fn head(&self, table: &Table) -> Vec<Line> {
        match self {
            Self::Grid(widths) => grid::head(widths, table),
            // Each record names its columns, so that only a table without records needs a head.
            Self::Records if table.rows.is_empty() => words::names(table),
            Self::Records => Vec::new(),
            Self::Spoken => words::head(table),
        }
    }

    /// The row of this index (from 0), as one or more lines.
    pub(super) fn row(&self, table: &Table, index: usize, cells: &[Line]) -> Vec<Line> {
        match self {
            Self::Grid(widths) => grid::row(widths, &table.alignments, cells),
            Self::Records => words::record(table, index, cells),
            Self::Spoken => vec![words::sentence(table, index, cells)],
        }
    }
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
