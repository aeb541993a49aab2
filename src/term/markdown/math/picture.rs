//! Text of one row or, round matrices, of several.

use super::super::width::columns_of;

/// More rows than this are no formula that is easily read. It also bounds what padding adds: no
/// output is longer than this times its input, and a constant.
pub(super) const MAX_ROWS: usize = 40;

/// Rows of text that stand one below the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Picture {
    /// At least one.
    rows: Vec<Row>,
    /// The row that the text beside it stands in.
    axis: usize,
}

/// A row and its width, which is not counted again for everything that is appended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Row {
    text: String,
    columns: usize,
}

impl Row {
    fn of(text: String) -> Self {
        Self { columns: columns_of(&text), text }
    }

    fn push(&mut self, other: &Self) {
        self.text.push_str(&other.text);
        self.columns += other.columns;
    }

    /// Spaces up to this column.
    fn pad(&mut self, columns: usize) {
        let missing = columns.saturating_sub(self.columns);
        self.text.extend(std::iter::repeat_n(' ', missing));
        self.columns += missing;
    }
}

/// Where the text of a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Center,
    Right,
}

impl Picture {
    pub(super) fn of(text: impl Into<String>) -> Self {
        Self { rows: vec![Row::of(text.into())], axis: 0 }
    }

    /// Rows one below the other, or `None` where they are too many.
    pub(super) fn stack(pictures: Vec<Self>) -> Option<Self> {
        let rows: Vec<Row> = pictures.into_iter().flat_map(|picture| picture.rows).collect();
        let axis = rows.len().saturating_sub(1) / 2;
        (1..=MAX_ROWS).contains(&rows.len()).then_some(Self { rows, axis })
    }

    /// The text, if it is one row.
    pub(super) fn as_row(&self) -> Option<&str> {
        match self.rows.as_slice() {
            [row] => Some(&row.text),
            _ => None,
        }
    }

    /// The row at the height of what stands beside.
    pub(super) fn axis_row(&self) -> &str {
        &self.rows[self.axis].text
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.iter().all(|row| row.text.is_empty())
    }

    pub(super) fn columns(&self) -> usize {
        self.rows.iter().map(|row| row.columns).max().unwrap_or(0)
    }

    /// Appends a text at the height of the axis.
    pub(super) fn push_str(&mut self, text: &str) {
        if !text.is_empty() {
            self.push(&Self::of(text));
        }
    }

    /// Appends another picture, its axis at the height of this one's.
    pub(super) fn push(&mut self, other: &Self) {
        let from = self.columns();
        let above = other.axis.saturating_sub(self.axis);
        self.rows.splice(0..0, std::iter::repeat_n(Row::default(), above));
        self.axis += above;
        let first = self.axis - other.axis;
        self.rows.resize(self.rows.len().max(first + other.rows.len()), Row::default());
        for (row, more) in self.rows[first..].iter_mut().zip(&other.rows) {
            if !more.text.is_empty() {
                row.pad(from);
                row.push(more);
            }
        }
    }

    /// Between delimiters that are as tall as it is; `None` where those cannot be drawn.
    pub(super) fn between(&self, open: &str, close: &str) -> Option<Self> {
        if let Some(row) = self.as_row() {
            return Some(Self::of(format!("{open}{row}{close}")));
        }
        let columns = self.columns();
        let rows = self.rows.iter().enumerate().map(|(index, row)| {
            let place = Place { index, last: self.rows.len() - 1, axis: self.axis };
            let space = if open == "{" { " " } else { "" };
            let mut line = Row::of(format!("{}{space}", piece(open, place)?));
            let end = line.columns + columns;
            line.push(row);
            let close = piece(close, place)?;
            if !close.is_empty() {
                line.pad(end);
                line.push(&Row::of(close.to_owned()));
            }
            Some(line)
        });
        Some(Self { rows: rows.collect::<Option<_>>()?, axis: self.axis })
    }

    /// Its rows in a column of this width.
    pub(super) fn aligned(&self, columns: usize, side: Side) -> Self {
        let free = columns.saturating_sub(self.columns());
        let before = match side {
            Side::Left => 0,
            Side::Center => free / 2,
            Side::Right => free,
        };
        let shifted = |row: &Row| {
            let mut shifted = Row::default();
            if !row.text.is_empty() {
                shifted.pad(before);
                shifted.push(row);
            }
            shifted
        };
        Self { rows: self.rows.iter().map(shifted).collect(), axis: self.axis }
    }

    /// Appends another picture that begins at this column.
    pub(super) fn push_at(&mut self, column: usize, other: &Self) {
        if !other.is_empty() {
            let missing = column.saturating_sub(self.columns());
            self.push_str(&" ".repeat(missing));
            self.push(other);
        }
    }

    /// All of it as lines, none of which ends in a space.
    pub(super) fn into_lines(self) -> String {
        let rows: Vec<&str> = self.rows.iter().map(|row| row.text.trim_end()).collect();
        rows.join("\n")
    }
}

/// A row of a tall delimiter.
#[derive(Debug, Clone, Copy)]
struct Place {
    index: usize,
    last: usize,
    axis: usize,
}

fn piece(delimiter: &str, place: Place) -> Option<&'static str> {
    let [top, middle, side, bottom] = match delimiter {
        "" => [""; 4],
        "(" => ["⎛", "⎜", "⎜", "⎝"],
        ")" => ["⎞", "⎟", "⎟", "⎠"],
        "[" => ["⎡", "⎢", "⎢", "⎣"],
        "]" => ["⎤", "⎥", "⎥", "⎦"],
        "{" => ["⎧", "⎨", "⎪", "⎩"],
        "}" => ["⎫", "⎬", "⎪", "⎭"],
        "|" => ["│"; 4],
        "‖" => ["║"; 4],
        _ => return None,
    };
    Some(match place.index {
        0 => top,
        index if index == place.last => bottom,
        index if index == place.axis => middle,
        _ => side,
    })
}
