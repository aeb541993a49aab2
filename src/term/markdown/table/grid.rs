//! Cells side by side, in columns. Pure.

use super::{Alignment, Table, wrap};
use crate::term::markdown::line::{Line, Role, Style};

/// The columns between two cells: ` │ `.
pub(super) const SEPARATOR: usize = 3;

/// The head and the rule under it.
pub(super) fn head(widths: &[usize], table: &Table) -> Vec<Line> {
    let cells: Vec<Line> = table.head.iter().map(bold).collect();
    let mut lines = row(widths, &table.alignments, &cells);
    let dashes: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
    lines.push(Line::of(&dashes.join("─┼─"), &Style::of(Role::Faint)));
    lines
}

/// A row. No cell is lost: those that have no column follow in the last one, each from a new line.
pub(super) fn row(widths: &[usize], alignments: &[Alignment], cells: &[Line]) -> Vec<Line> {
    let last = widths.len().saturating_sub(1);
    let columns: Vec<Vec<wrap::Slice>> = (0..widths.len())
        .map(|column| {
            let end = if column == last { cells.len() } else { cells.len().min(column + 1) };
            let cells = cells.get(column..end).unwrap_or_default();
            cells.iter().flat_map(|cell| wrap::wrap(cell, widths[column])).collect()
        })
        .collect();
    let height = columns.iter().map(Vec::len).max().unwrap_or(0).max(1);
    (0..height)
        .map(|level| {
            let mut padded = Padded::default();
            for (column, (slices, width)) in columns.iter().zip(widths).enumerate() {
                if column > 0 {
                    padded.bar();
                }
                let alignment = alignments.get(column).copied().unwrap_or_default();
                padded.cell(slices.get(level), *width, alignment);
            }
            padded.line
        })
        .collect()
}

/// The cell of a head.
pub(super) fn bold(cell: &Line) -> Line {
    let mut line = Line::default();
    for (text, style) in wrap::flat(cell).pieces() {
        let style = match style.role {
            Role::Plain => Style { role: Role::Heading, ..style.clone() },
            _ => Style { is_bold: true, ..style.clone() },
        };
        line.push(text, &style);
    }
    line
}

/// A line with spaces that are written only when something follows: none is left at its end.
#[derive(Debug, Default)]
struct Padded {
    line: Line,
    spaces: usize,
}

impl Padded {
    fn cell(&mut self, slice: Option<&wrap::Slice>, width: usize, alignment: Alignment) {
        let Some(slice) = slice else {
            self.spaces += width;
            return;
        };
        let free = width.saturating_sub(slice.columns);
        let before = match alignment {
            Alignment::Left => 0,
            Alignment::Center => free / 2,
            Alignment::Right => free,
        };
        self.spaces += before;
        self.write(&slice.line);
        self.spaces += free - before;
    }

    fn bar(&mut self) {
        self.spaces += 1;
        self.write(&Line::of("│", &Style::of(Role::Faint)));
        self.spaces += 1;
    }

    fn write(&mut self, line: &Line) {
        self.line.push(&" ".repeat(std::mem::take(&mut self.spaces)), &Style::default());
        self.line.append(line);
    }
}

#[cfg(test)]
#[path = "grid_tests.rs"]
mod tests;
