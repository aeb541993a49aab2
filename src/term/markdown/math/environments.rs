//! What has rows and cells: matrices, cases, aligned equations.

use super::{
    join::{Atom, Before, Class, join},
    parse::Parser,
    picture::{MAX_ROWS, Picture, Side},
};

/// Spaces between the columns of a matrix, and between equations that share a row.
const GAP: usize = 2;

/// The cells of a row: atoms that were not put together yet.
type Row = Vec<Vec<Atom>>;

/// How the columns of a matrix are set.
#[derive(Debug, Default)]
struct Columns {
    /// The last one holds for all columns that follow.
    sides: Vec<Side>,
    /// The columns that a bar stands before.
    bars: Vec<usize>,
}

impl Parser<'_> {
    /// `\begin{…}` was read: all of the environment.
    pub(super) fn environment(&mut self) -> Option<Atom> {
        let name = self.raw()?;
        let all = |side| Columns { sides: vec![side], bars: Vec::new() };
        let picture = match name.trim_end_matches('*') {
            "aligned" | "align" | "split" | "gather" | "gathered" | "equation" | "multline"
            | "eqnarray" | "displaymath" | "math" => {
                self.position();
                self.rows_of_equations()?
            }
            "alignat" | "alignedat" => {
                self.raw()?;
                self.rows_of_equations()?
            }
            "cases" | "dcases" => self.matrix(&all(Side::Left))?.between("{", "")?,
            "rcases" | "drcases" => self.matrix(&all(Side::Left))?.between("", "}")?,
            "matrix" | "smallmatrix" => self.matrix(&all(Side::Right))?,
            "pmatrix" | "psmallmatrix" => self.matrix(&all(Side::Right))?.between("(", ")")?,
            "bmatrix" | "bsmallmatrix" => self.matrix(&all(Side::Right))?.between("[", "]")?,
            "Bmatrix" => self.matrix(&all(Side::Right))?.between("{", "}")?,
            "vmatrix" => self.matrix(&all(Side::Right))?.between("|", "|")?,
            "Vmatrix" => self.matrix(&all(Side::Right))?.between("‖", "‖")?,
            "array" => {
                self.position();
                let columns = columns(self.raw()?)?;
                self.matrix(&columns)?
            }
            _ => return None,
        };
        (self.eat("\\end") && self.raw()? == name).then(|| Atom::picture(picture, Class::Fence))
    }

    /// Equations one below the other, aligned where `&` says so.
    pub(super) fn rows_of_equations(&mut self) -> Option<Picture> {
        let rows = self.rows()?;
        let set = |row: Row| {
            let mut before = None;
            let cells = row.into_iter().enumerate().map(|(column, atoms)| {
                let last = atoms.iter().rev().map(|atom| atom.class).find(|it| *it != Class::Space);
                let is_right = column % 2 == 1;
                let is_apart = matches!(before, Some(Class::Relation | Class::Punctuation));
                before = last;
                let side = if is_right && !is_apart { Before::Operand } else { Before::Nothing };
                let joined = join(atoms, side, self.spacing).picture;
                if is_right && is_apart {
                    let mut picture = Picture::of(" ");
                    picture.push(&joined);
                    return picture;
                }
                joined
            });
            cells.collect::<Vec<_>>()
        };
        let rows: Vec<Vec<Picture>> = rows.into_iter().map(set).collect();
        let has_cells = rows.iter().any(|row| row.len() > 1);
        let side = |column: usize| {
            if has_cells && column.is_multiple_of(2) { Side::Right } else { Side::Left }
        };
        let gap = |column: usize| if column.is_multiple_of(2) { GAP } else { 0 };
        grid(rows, &[], side, gap)
    }

    /// Cells in columns.
    fn matrix(&mut self, columns: &Columns) -> Option<Picture> {
        let rows = self.rows()?;
        let set = |atoms| join(atoms, Before::Nothing, self.spacing).picture;
        let rows = rows.into_iter().map(|row| row.into_iter().map(set).collect()).collect();
        let last = columns.sides.last().copied().unwrap_or(Side::Left);
        let side = |column: usize| columns.sides.get(column).copied().unwrap_or(last);
        grid(rows, &columns.bars, side, |_| GAP)
    }

    /// Rows and their cells, up to what ends the list of them.
    fn rows(&mut self) -> Option<Vec<Row>> {
        let mut rows = vec![Row::new()];
        loop {
            let cell = self.list(None)?;
            rows.last_mut()?.push(cell);
            if self.eat("&") {
                continue;
            }
            if !(self.eat("\\\\") || self.eat("\\cr") || self.eat("\\newline")) {
                break;
            }
            self.row_distance();
            if rows.len() == MAX_ROWS {
                return None;
            }
            rows.push(Row::new());
        }
        rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
        Some(rows)
    }

    /// Goes past the `[t]` of an environment that may stand at the top.
    fn position(&mut self) {
        let _ = self.eat("[t]") || self.eat("[b]") || self.eat("[c]");
    }

    /// Goes past the `*` and the `[2pt]` of a row's end. There must be no space before them.
    fn row_distance(&mut self) {
        if self.rest().starts_with('*') {
            self.advance(1);
        }
        let rest = self.rest();
        if let Some(length) = rest.strip_prefix('[')
            && let Some(end) = length.bytes().take(12).position(|it| it == b']')
            && length[..end].bytes().all(|it| it.is_ascii_alphanumeric() || b".-".contains(&it))
        {
            self.advance(end + 2);
        }
    }
}

/// The columns of an `array`: `{lcr|r}`.
fn columns(spec: &str) -> Option<Columns> {
    let mut columns = Columns::default();
    for it in spec.chars() {
        match it {
            'l' => columns.sides.push(Side::Left),
            'c' => columns.sides.push(Side::Center),
            'r' => columns.sides.push(Side::Right),
            '|' => columns.bars.push(columns.sides.len()),
            ' ' => {}
            _ => return None,
        }
    }
    // The last bar of a frame would stand at the end of lines.
    let count = columns.sides.len();
    columns.bars.retain(|bar| (1..count).contains(bar));
    Some(columns)
}

fn grid(
    rows: Vec<Vec<Picture>>,
    bars: &[usize],
    side: impl Fn(usize) -> Side,
    gap: impl Fn(usize) -> usize,
) -> Option<Picture> {
    let mut widths = Vec::new();
    for row in &rows {
        widths.resize(widths.len().max(row.len()), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.columns().max(*width);
        }
    }
    let rows = rows.into_iter().map(|row| {
        let mut line = Picture::of("");
        let mut start = 0;
        for (column, cell) in row.into_iter().enumerate() {
            if column > 0 {
                start += gap(column);
            }
            if bars.contains(&column) {
                line.push_at(start, &Picture::of("│"));
                start += 1 + GAP;
            }
            line.push_at(start, &cell.aligned(widths[column], side(column)));
            start += widths[column];
        }
        line
    });
    let rows: Vec<Picture> = rows.collect();
    if rows.is_empty() { Some(Picture::of("")) } else { Picture::stack(rows) }
}
