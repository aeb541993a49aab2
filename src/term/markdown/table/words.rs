//! Tables without columns: records for a narrow terminal, sentences for a screen reader. Pure.

use super::{Table, grid::bold, wrap::flat};
use crate::term::markdown::line::{Line, Style};

/// Ends of a cell that no full stop follows.
const ENDS: &str = ".!?:;…。！？";

/// A row as one line for each cell. An empty line parts it from the row before.
pub(super) fn record(table: &Table, index: usize, cells: &[Line]) -> Vec<Line> {
    let mut lines = Vec::with_capacity(cells.len() + 1);
    if index > 0 {
        lines.push(Line::default());
    }
    for (column, cell) in cells.iter().enumerate() {
        let line = named(table, column, &flat(cell));
        if !line.is_empty() {
            lines.push(line);
        }
    }
    lines
}

/// The names of the columns, one a line.
pub(super) fn names(table: &Table) -> Vec<Line> {
    (0..table.head.len()).filter_map(|column| name(table, column)).map(|it| bold(&it)).collect()
}

/// What a table is about, in a sentence: `Table with 2 columns: Name, Age.`
pub(super) fn head(table: &Table) -> Vec<Line> {
    let plain = Style::default();
    let count = table.columns();
    let noun = if count == 1 { "column" } else { "columns" };
    let mut line = Line::of(&format!("Table with {count} {noun}"), &plain);
    for column in 0..count {
        line.push(if column == 0 { ": " } else { ", " }, &plain);
        match name(table, column) {
            Some(name) => line.append(&name),
            None => line.push("unnamed", &plain),
        }
    }
    end(&mut line);
    vec![line]
}

/// A row in sentences: `Row 1. Name: Ada. Age: 36.`
pub(super) fn sentence(table: &Table, index: usize, cells: &[Line]) -> Line {
    let plain = Style::default();
    let mut line = Line::of(&format!("Row {}.", index + 1), &plain);
    for (column, cell) in cells.iter().enumerate() {
        let mut cell = flat(cell);
        if cell.is_empty() {
            cell.push("blank", &plain);
        }
        line.push(" ", &plain);
        line.append(&named(table, column, &cell));
        end(&mut line);
    }
    line
}

/// A cell behind the name of its column, if that has one.
fn named(table: &Table, column: usize, cell: &Line) -> Line {
    let Some(mut line) = name(table, column) else { return cell.clone() };
    if !line.text().ends_with(':') {
        line.push(":", &Style::default());
    }
    line = bold(&line);
    if !cell.is_empty() {
        line.push(" ", &Style::default());
        line.append(cell);
    }
    line
}

fn name(table: &Table, column: usize) -> Option<Line> {
    table.head.get(column).map(flat).filter(|name| !name.is_empty())
}

fn end(line: &mut Line) {
    if !line.text().ends_with(|last| ENDS.contains(last)) {
        line.push(".", &Style::default());
    }
}
