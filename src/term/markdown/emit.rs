//! Finished blocks on their way to the screen, with what is carried from one to the next. Pure.

use super::{
    blocks::{Kind, Leaf},
    code::Highlighter,
    inline::Setting,
    line::{Line, Role, Row, Style},
    scaffold::line_at,
    table::Layout,
    view::View,
};

/// What is under way between two pieces of an answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Ongoing {
    /// Something was shown.
    pub(super) is_begun: bool,
    /// The last row goes on.
    pub(super) is_mid_line: bool,
    /// How many empty lines came before what comes next.
    pub(super) gap: usize,
    /// The last block was indented code in so many containers.
    indented: Option<usize>,
    /// The open block of code.
    pub(super) code: Option<Highlighter>,
    /// The table whose columns are settled, and how many of its rows were shown.
    pub(super) table: Option<(Layout, usize)>,
}

/// How far a block is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it.
    Whole,
    /// So far it is right, but more will come, from the beginning of a line on.
    Lines,
    /// So far it is right, but more will come in the same line.
    Piece,
}

impl Ongoing {
    /// Appends the rows of the `index`-th leaf of a text. What precedes it was shown.
    pub(super) fn emit(
        &mut self,
        view: &View<'_>,
        index: usize,
        extent: Extent,
        rows: &mut Vec<Row>,
    ) {
        let leaf = &view.parsed.leaves[index];
        let before = index.checked_sub(1).map(|it| &view.parsed.leaves[it]);
        let goes_on = leaf.range.start < view.setting.from;
        if self.is_begun && !goes_on {
            self.gap(view, index, rows);
        }
        match &leaf.kind {
            Kind::Paragraph | Kind::Heading(_) | Kind::Rule | Kind::Empty => {
                rows.extend(view.words(leaf, before, self.is_mid_line));
            }
            Kind::Fence(_) | Kind::Indented => {
                self.code(view, leaf, before, extent, rows);
            }
            Kind::Html => rows.extend(view.html(leaf, before, self.is_mid_line)),
            Kind::Table(alignments) => {
                let table = view.table(leaf, alignments);
                let (layout, shown) = match self.table.take() {
                    Some(settled) if goes_on => settled,
                    _ => {
                        let columns = view.columns_for(leaf);
                        let mut layout = Layout::fit(&table, columns, view.setting.look);
                        if extent != Extent::Whole {
                            layout = layout.with_reserve(columns);
                        }
                        let head = layout.head(&table);
                        rows.extend(view.fronted(leaf, before, head));
                        (layout, 0)
                    }
                };
                for (index, cells) in table.rows.iter().enumerate() {
                    let lines = layout.row(&table, shown + index, cells);
                    rows.extend(view.fronted(leaf, Some(leaf), lines));
                }
                if extent != Extent::Whole {
                    self.table = Some((layout, shown + table.rows.len()));
                }
            }
        }
        self.is_begun = true;
        self.gap = 0;
        self.indented = (leaf.kind == Kind::Indented).then_some(leaf.path.len());
        self.is_mid_line = extent == Extent::Piece;
    }

    /// One empty row where the source has empty lines, but all of them within indented code.
    fn gap(&self, view: &View<'_>, index: usize, rows: &mut Vec<Row>) {
        let leaf = &view.parsed.leaves[index];
        let before = index.checked_sub(1).map(|it| &view.parsed.leaves[it]);
        let empty = self.gap + empty_lines(view, index, leaf.range.start);
        let goes_on = leaf.kind == Kind::Indented
            && self.indented == Some(leaf.path.len())
            && view.markers(leaf, before).is_none();
        if goes_on {
            rows.extend(std::iter::repeat_n(Row::default(), empty));
        } else if empty > 0 {
            rows.push(view.gap(leaf, before));
        }
    }

    fn code(
        &mut self,
        view: &View<'_>,
        leaf: &Leaf,
        before: Option<&Leaf>,
        extent: Extent,
        rows: &mut Vec<Row>,
    ) {
        let is_spoken = view.setting.look.is_spoken;
        let goes_on = leaf.range.start < view.setting.from;
        let mut highlighter = match (&leaf.kind, self.code.take()) {
            (_, Some(highlighter)) if goes_on => highlighter,
            (Kind::Fence(language), _) => {
                rows.extend(view.markers(leaf, before));
                let label = match (is_spoken, language.is_empty()) {
                    (true, true) => "Code:".to_owned(),
                    (true, false) => format!("Code in {language}:"),
                    (false, _) => language.clone(),
                };
                if !label.is_empty() {
                    rows.push(Row {
                        line: Line::of(&label, &Style::of(Role::Faint)),
                        joins: false,
                    });
                }
                Highlighter::new(language)
            }
            _ => {
                if !goes_on {
                    rows.extend(view.markers(leaf, before));
                }
                Highlighter::new("")
            }
        };
        let lines = view.code(leaf);
        let last = lines.len().saturating_sub(1);
        for (index, (code, _)) in lines.iter().enumerate() {
            let mut line = Line::default();
            let is_over = index < last || extent != Extent::Piece;
            highlighter.write(code, is_over, &mut line);
            rows.push(Row { line, joins: index == 0 && goes_on && self.is_mid_line });
        }
        if !matches!(leaf.kind, Kind::Fence(_)) {
            return;
        }
        match extent {
            Extent::Whole if is_spoken => {
                rows.push(Row {
                    line: Line::of("End of code.", &Style::of(Role::Faint)),
                    joins: false,
                });
            }
            Extent::Whole => {}
            Extent::Lines | Extent::Piece => self.code = Some(highlighter),
        }
    }
}

/// How many lines right above the line of `at` are empty, as far as they are not settled. It is
/// where the `index`-th leaf begins, or its first container.
pub(super) fn empty_lines(view: &View<'_>, index: usize, at: usize) -> usize {
    let Setting { text, from, .. } = view.setting;
    let place = from..line_at(text, at).start;
    let before = index.checked_sub(1).map(|it| &view.parsed.leaves[it]);
    if before.is_some_and(|it| it.kind == Kind::Empty) {
        // What stands above it are lines of its own, though they hold no more than a quote's mark.
        let lines = text.get(place).unwrap_or_default().split_inclusive('\n').rev();
        return lines.take_while(|line| line.trim().is_empty()).count();
    }
    view.parsed.blank_lines(text, place)
}
