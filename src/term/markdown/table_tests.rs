use super::*;
use crate::term::markdown::{
    line::{Role, Style},
    width::columns_of,
};

/// A table out of rows of cells that `|` parts; the first row is the head.
fn table(rows: &[&str]) -> Table {
    let mut rows: Vec<Vec<Line>> = rows.iter().map(|row| cells(row)).collect();
    Table { alignments: Vec::new(), head: rows.remove(0), rows }
}

fn cells(row: &str) -> Vec<Line> {
    row.split('|').map(|cell| Line::of(cell, &Style::default())).collect()
}

fn lines(table: &Table, columns: usize, look: Look) -> Vec<Line> {
    let layout = Layout::fit(table, columns, look);
    let mut lines = layout.head(table);
    for (index, cells) in table.rows.iter().enumerate() {
        lines.extend(layout.row(table, index, cells));
    }
    lines
}

fn text(lines: &[Line]) -> String {
    lines.iter().map(Line::text).collect::<Vec<_>>().join("\n")
}

/// The table as it stands on a terminal of this width.
#[track_caller]
fn drawn(table: &Table, columns: usize) -> String {
    let lines = lines(table, columns, Look::default());
    for line in &lines {
        assert!(!line.text().ends_with(' '), "a space at the end: {:?}", line.text());
        let taken = columns_of(line.text());
        let is_grid = matches!(Layout::fit(table, columns, Look::default()), Layout::Grid(_));
        assert!(!is_grid || taken <= columns, "{taken} columns: {:?}", line.text());
    }
    text(&lines)
}

/// The same with a name for what an editor does not show.
fn seen(drawn: &str) -> String {
    drawn.replace('\u{200b}', "<U+200B>").replace('\u{301}', "<U+0301>")
}

fn spoken(table: &Table) -> String {
    text(&lines(table, 80, Look { is_spoken: true, ..Look::default() }))
}

fn people() -> Table {
    table(&["Name|Age|City", "Ada Lovelace|36|London", "Grace Hopper|85|New York", "Kurt|71|"])
}

fn languages() -> Table {
    let mut table = table(&[
        "Language|Year|Strength|Typical use",
        "Rust|2015|memory safety without a garbage collector|command-line tools, services, firmware",
        "Python|1991|quick to write, and a library for everything|data, scripts, glue",
        "COBOL|1959|it is still there|banks",
    ]);
    table.alignments = vec![Alignment::Left, Alignment::Right, Alignment::Left, Alignment::Center];
    table
}

#[test]
fn a_table_that_fits_has_its_natural_widths() {
    insta::assert_snapshot!(drawn(&people(), 80), @"
    Name         │ Age │ City
    ─────────────┼─────┼─────────
    Ada Lovelace │ 36  │ London
    Grace Hopper │ 85  │ New York
    Kurt         │ 71  │
    ");
    insta::assert_snapshot!(drawn(&people(), 40), @"
    Name         │ Age │ City
    ─────────────┼─────┼─────────
    Ada Lovelace │ 36  │ London
    Grace Hopper │ 85  │ New York
    Kurt         │ 71  │
    ");
}

#[test]
fn cells_of_a_wide_table_are_wrapped_between_words() {
    insta::assert_snapshot!(drawn(&languages(), 80), @"
    Language │ Year │ Strength                        │         Typical use
    ─────────┼──────┼─────────────────────────────────┼─────────────────────────────
    Rust     │ 2015 │ memory safety without a garbage │     command-line tools,
             │      │ collector                       │      services, firmware
    Python   │ 1991 │ quick to write, and a library   │     data, scripts, glue
             │      │ for everything                  │
    COBOL    │ 1959 │ it is still there               │            banks
    ");
    insta::assert_snapshot!(drawn(&languages(), 40), @"
    Language │ Year │ Strength   │  Typical
             │      │            │    use
    ─────────┼──────┼────────────┼──────────
    Rust     │ 2015 │ memory     │ command-
             │      │ safety     │   line
             │      │ without a  │  tools,
             │      │ garbage    │ services,
             │      │ collector  │ firmware
    Python   │ 1991 │ quick to   │   data,
             │      │ write, and │ scripts,
             │      │ a library  │   glue
             │      │ for        │
             │      │ everything │
    COBOL    │ 1959 │ it is      │   banks
             │      │ still      │
             │      │ there      │
    ");
}

#[test]
fn words_are_broken_where_whole_ones_leave_no_room() {
    insta::assert_snapshot!(drawn(&people(), 20), @"
    Name   │ Age │ City
    ───────┼─────┼──────
    Ada    │ 36  │ Londo
    Lovela │     │ n
    ce     │     │
    Grace  │ 85  │ New
    Hopper │     │ York
    Kurt   │ 71  │
    ");
}

#[test]
fn words_are_broken_at_their_seams_before_others_are_torn() {
    let table = table(&[
        "Area|Today|After|Risk",
        "Version|13.4|17.2|collations change",
        "Locale|en_US.UTF-8|C.UTF-8|sorting of names",
    ]);
    insta::assert_snapshot!(drawn(&table, 40), @"
    Area    │ Today   │ After   │ Risk
    ────────┼─────────┼─────────┼───────────
    Version │ 13.4    │ 17.2    │ collations
            │         │         │ change
    Locale  │ en_US.  │ C.UTF-8 │ sorting of
            │ UTF-8   │         │ names
    ");
}

#[test]
fn a_seam_at_the_start_of_a_word_keeps_the_rest_whole() {
    let table = table(&["Flag|Use", "x-experimental|yes"]);
    insta::assert_snapshot!(drawn(&table, 18), @"
    Flag         │ Use
    ─────────────┼────
    x-           │ yes
    experimental │
    ");
}

#[test]
fn a_terminal_too_narrow_for_a_grid_shows_records() {
    insta::assert_snapshot!(drawn(&people(), 12), @"
    Name: Ada Lovelace
    Age: 36
    City: London

    Name: Grace Hopper
    Age: 85
    City: New York

    Name: Kurt
    Age: 71
    City:
    ");
    insta::assert_snapshot!(drawn(&languages(), 20), @"
    Language: Rust
    Year: 2015
    Strength: memory safety without a garbage collector
    Typical use: command-line tools, services, firmware

    Language: Python
    Year: 1991
    Strength: quick to write, and a library for everything
    Typical use: data, scripts, glue

    Language: COBOL
    Year: 1959
    Strength: it is still there
    Typical use: banks
    ");
}

#[test]
fn two_columns_stay_a_grid_in_a_narrow_terminal() {
    let table = table(&["Key|Meaning", "q|leave", "x|cut the line"]);
    insta::assert_snapshot!(drawn(&table, 12), @"
    Key │ Meanin
        │ g
    ────┼───────
    q   │ leave
    x   │ cut
        │ the
        │ line
    ");
}

#[test]
fn very_many_columns_are_records() {
    let head: Vec<String> = (1..=30).map(|column| format!("column {column}")).collect();
    let row: Vec<String> = (1..=30).map(|column| column.to_string()).collect();
    let table = table(&[&head.join("|"), &row.join("|")]);
    assert_eq!(Layout::fit(&table, 80, Look::default()), Layout::Records);
    assert!(drawn(&table, 80).starts_with("column 1: 1\ncolumn 2: 2\n"));
}

#[test]
fn columns_are_aligned_as_the_source_says() {
    let mut table = table(&["left|center|right", "a|b|c", "aaaaaaa|bbbbbbbbb|ccccccc", "||"]);
    table.alignments = vec![Alignment::Left, Alignment::Center, Alignment::Right];
    insta::assert_snapshot!(drawn(&table, 80), @"
    left    │  center   │   right
    ────────┼───────────┼────────
    a       │     b     │       c
    aaaaaaa │ bbbbbbbbb │ ccccccc
            │           │
    ");
}

#[test]
fn clusters_keep_the_columns_straight() {
    let table = table(&[
        "Sign|Name",
        "世界|world",
        "👩\u{200d}👩\u{200d}👧|family",
        "🇩🇪|flag",
        "👋🏽|wave",
        "⚠\u{fe0f}|warning",
        "ve\u{301}lo|marks",
        "a\u{200b}b|invisible",
    ]);
    insta::assert_snapshot!(seen(&drawn(&table, 40)), @"
    Sign │ Name
    ─────┼──────────
    世界 │ world
    👩‍👩‍👧   │ family
    🇩🇪   │ flag
    👋🏽   │ wave
    ⚠️   │ warning
    ve<U+0301>lo │ marks
    a<U+200B>b   │ invisible
    ");
}

#[test]
fn chinese_and_japanese_break_anywhere_but_before_their_punctuation() {
    let table = table(&["言語|説明", "Rust|所有権により、メモリの安全性を保証する言語です。"]);
    insta::assert_snapshot!(drawn(&table, 20), @"
    言語 │ 説明
    ─────┼──────────────
    Rust │ 所有権によ
         │ り、メモリの
         │ 安全性を保証
         │ する言語で
         │ す。
    ");
}

#[test]
fn a_word_that_no_column_holds_is_broken_between_clusters() {
    let table =
        table(&["Address|Note", "https://example.com/a/very/long/path|see e\u{301}e\u{301}"]);
    insta::assert_snapshot!(seen(&drawn(&table, 20)), @"
    Address       │ Note
    ──────────────┼─────
    https://      │ see
    example.com/  │ e<U+0301>e<U+0301>
    a/very/long/  │
    path          │
    ");
}

#[test]
fn short_columns_are_left_whole_beside_a_long_one() {
    let long = "it says a great deal about very little, ".repeat(6);
    let table = table(&["Name|Role|Description", &format!("Ada Lovelace|programmer|{long}")]);
    insta::assert_snapshot!(drawn(&table, 80), @"
    Name         │ Role       │ Description
    ─────────────┼────────────┼─────────────────────────────────────────────────────
    Ada Lovelace │ programmer │ it says a great deal about very little, it says a
                 │            │ great deal about very little, it says a great deal
                 │            │ about very little, it says a great deal about very
                 │            │ little, it says a great deal about very little, it
                 │            │ says a great deal about very little,
    ");
}

#[test]
fn no_cell_is_lost_where_rows_differ_in_length() {
    let table = table(&["Name|Age", "Ada", "Grace|85|New York|Navy", "Kurt|71"]);
    insta::assert_snapshot!(drawn(&table, 80), @"
    Name  │ Age │          │
    ──────┼─────┼──────────┼─────
    Ada   │     │          │
    Grace │ 85  │ New York │ Navy
    Kurt  │ 71  │          │
    ");
    insta::assert_snapshot!(drawn(&table, 12), @"
    Name: Ada

    Name: Grace
    Age: 85
    New York
    Navy

    Name: Kurt
    Age: 71
    ");
}

#[test]
fn a_table_without_rows_is_its_head() {
    let table = table(&["Name|Age"]);
    insta::assert_snapshot!(drawn(&table, 80), @"
    Name │ Age
    ─────┼────
    ");
    assert_eq!(drawn(&table, 4), "Name\nAge");
}

#[test]
fn nothing_is_drawn_of_nothing() {
    assert_eq!(drawn(&Table::default(), 80), "");
    assert_eq!(drawn(&table(&["", ""]), 80), "\n─\n");
}

#[test]
fn tabs_and_outer_spaces_leave_no_gaps() {
    let table = table(&[" Name |Note", "\tAda\t|a\tb  "]);
    insta::assert_snapshot!(drawn(&table, 40), @"
    Name │ Note
    ─────┼─────
    Ada  │ a b
    ");
}

#[test]
fn rows_that_come_later_keep_to_the_widths() {
    let table = table(&["#|Name|Note", "1|Ada|first"]);
    let layout = Layout::fit(&table, 40, Look::default());
    let mut lines = layout.head(&table);
    for (index, row) in ["2|Grace Hopper|a compiler", "3|世界|x|more|and more"].iter().enumerate()
    {
        lines.extend(layout.row(&table, index + 1, &cells(row)));
    }
    insta::assert_snapshot!(text(&lines), @"
    # │ Name │ Note
    ──┼──────┼──────
    2 │ Grac │ a
      │ e    │ compi
      │ Hopp │ ler
      │ er   │
    3 │ 世界 │ x
      │      │ more
      │      │ and
      │      │ more
    ");
}

#[test]
fn styles_and_links_outlive_the_wrapping() {
    let link = Style { role: Role::Link, link: Some("https://e.org/".into()), ..Style::default() };
    let strong = Style { is_bold: true, ..Style::default() };
    let mut cell = Line::of("see ", &Style::default());
    cell.push("the long page", &link);
    cell.push(" of ", &Style::default());
    cell.push("Ada", &strong);
    let mut table = table(&["A|B"]);
    table.rows.push(vec![Line::of("x", &Style::of(Role::Code)), cell]);
    let lines = Layout::Grid(vec![1, 8]).row(&table, 0, &table.rows[0]);
    let bar = Style::of(Role::Faint);
    let plain = Style::default();
    let expected: [&[(&str, &Style)]; 2] = [
        &[
            ("x", &Style::of(Role::Code)),
            (" ", &plain),
            ("│", &bar),
            (" see ", &plain),
            ("the", &link),
        ],
        &[("  ", &plain), ("│", &bar), (" ", &plain), ("long", &link)],
    ];
    for (line, expected) in lines.iter().zip(expected) {
        assert_eq!(line.pieces().collect::<Vec<_>>(), expected);
    }
    assert_eq!(text(&lines), "x │ see the\n  │ long\n  │ page of\n  │ Ada");
    assert_eq!(lines[3].pieces().last(), Some(("Ada", &strong)));
}

#[test]
fn the_head_is_bold_and_keeps_its_links_and_code() {
    let mut table = table(&["Name"]);
    table.head.push(Line::of("fn", &Style::of(Role::Code)));
    let head = Layout::fit(&table, 80, Look::default()).head(&table);
    let styles: Vec<Style> = head[0].pieces().map(|(_, style)| style.clone()).collect();
    assert_eq!(styles[0], Style::of(Role::Heading));
    assert_eq!(styles.last(), Some(&Style { is_bold: true, ..Style::of(Role::Code) }));
    assert!(head[1].pieces().all(|(_, style)| *style == Style::of(Role::Faint)));
}

#[test]
fn marks_in_place_of_styles_change_nothing_of_the_grid() {
    let look = Look { keeps_marks: true, ..Look::default() };
    assert_eq!(Layout::fit(&people(), 40, look), Layout::fit(&people(), 40, Look::default()));
}

#[test]
fn a_spoken_table_is_sentences() {
    insta::assert_snapshot!(spoken(&people()), @"
    Table with 3 columns: Name, Age, City.
    Row 1. Name: Ada Lovelace. Age: 36. City: London.
    Row 2. Name: Grace Hopper. Age: 85. City: New York.
    Row 3. Name: Kurt. Age: 71. City: blank.
    ");
    let odd = table(&["|Fast?|Note:", "Rust|yes|Compiles slowly.|and more"]);
    insta::assert_snapshot!(spoken(&odd), @"
    Table with 4 columns: unnamed, Fast?, Note:, unnamed.
    Row 1. Rust. Fast?: yes. Note: Compiles slowly. and more.
    ");
    assert_eq!(spoken(&table(&["Name"])), "Table with 1 column: Name.");
}

#[test]
fn a_record_names_no_column_without_a_name() {
    let table = table(&["|C|Rust", "Speed|fast|fast", "Safety||yes"]);
    insta::assert_snapshot!(drawn(&table, 10), @"
    Speed
    C: fast
    Rust: fast

    Safety
    C:
    Rust: yes
    ");
}

#[test]
fn a_giant_cell_is_wrapped_whole() {
    let table = table(&["A|B", &format!("{0}|{0}", "word 世界 ".repeat(1000))]);
    let row = Layout::fit(&table, 23, Look::default()).row(&table, 0, &table.rows[0]);
    assert_eq!(row.len(), 1000);
    assert!(row.iter().all(|line| line.text() == "word 世界  │ word 世界"));
}
