use proptest::prelude::*;

use super::*;
use crate::term::markdown::{
    look::Look,
    table::Layout,
    width::{clusters, columns_of},
};

fn any_table() -> impl Strategy<Value = Table> {
    const PARTS: &[&str] = &[
        "a",
        "word",
        "some words",
        " ",
        "  ",
        "\t",
        "e\u{301}",
        "世界",
        "。",
        "（",
        "👍",
        "⚠\u{fe0f}",
        "👩\u{200d}👩\u{200d}👧",
        "🇩🇪",
        "unbreakable-long-word",
        "\u{200b}",
        "한국어",
        "1",
    ];
    let cell = prop::collection::vec(prop::sample::select(PARTS), 0..8);
    let cell = cell.prop_map(|parts| Line::of(&parts.concat(), &Style::default()));
    let row = prop::collection::vec(cell, 0..6);
    let alignment =
        prop::sample::select(vec![Alignment::Left, Alignment::Center, Alignment::Right]);
    (prop::collection::vec(alignment, 0..6), prop::collection::vec(row, 1..6))
        .prop_map(|(alignments, mut rows)| Table { alignments, head: rows.remove(0), rows })
}

/// The clusters that can be seen, in an order that no layout changes.
fn visible<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for line in lines {
        let seen = clusters(line.text()).map(|(cluster, _)| cluster);
        all.extend(seen.filter(|it| !matches!(*it, " " | "\t" | "│")).map(str::to_owned));
    }
    all.sort();
    all
}

proptest! {
    #[test]
    fn a_grid_keeps_to_the_terminal_and_loses_nothing(
        table in any_table(), later in any_table(), columns in 1_usize..60,
    ) {
        let layout = Layout::fit(&table, columns, Look::default());
        for cells in table.rows.iter().chain(&later.rows) {
            let lines = layout.row(&table, 0, cells);
            if matches!(layout, Layout::Grid(_)) {
                prop_assert_eq!(visible(&lines), visible(cells));
                for line in &lines {
                    prop_assert!(columns_of(line.text()) <= columns, "{:?}", line.text());
                }
            }
            for line in &lines {
                prop_assert!(!line.text().ends_with(' '), "{:?}", line.text());
            }
        }
    }

    #[test]
    fn bars_stand_below_each_other(table in any_table(), columns in 1_usize..60) {
        let layout = Layout::fit(&table, columns, Look::default());
        let Layout::Grid(widths) = &layout else { return Ok(()) };
        let mut expected = Vec::new();
        let mut at = 0;
        for width in widths {
            at += width + 3;
            expected.push(at - 2);
        }
        expected.pop();
        let rows = table.rows.iter().flat_map(|cells| layout.row(&table, 0, cells));
        for line in layout.head(&table).into_iter().chain(rows) {
            let mut column = 0;
            let mut bars = Vec::new();
            for (cluster, columns) in clusters(line.text()) {
                if matches!(cluster, "│" | "┼") {
                    bars.push(column);
                }
                column += columns;
            }
            prop_assert_eq!(&bars, &expected, "{:?}", line.text());
        }
    }
}
