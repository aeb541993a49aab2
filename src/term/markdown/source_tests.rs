//! What is settled, as text: `~` before a row that joins the one before it.

use super::*;

const SIZE: Size = Size { columns: 80, rows: 24 };

fn settled(source: &mut Source, out: &mut Vec<String>) {
    for row in source.take_settled() {
        let text = row.line.text().to_owned();
        if row.joins
            && let Some(last) = out.last_mut()
        {
            last.push_str(&text);
        } else {
            out.push(text);
        }
    }
}

fn render(chunks: &[&str], look: Look) -> String {
    let mut source = Source::new(look, SIZE);
    let mut out = Vec::new();
    for chunk in chunks {
        source.push(chunk);
        source.tail(true);
        settled(&mut source, &mut out);
    }
    source.finish();
    settled(&mut source, &mut out);
    out.join("\n")
}

/// Renders in one piece, character by character, and cut in two at every place.
#[track_caller]
fn whole(markdown: &str) -> String {
    let expected = render(&[markdown], Look::default());
    let characters: Vec<String> = markdown.chars().map(String::from).collect();
    let characters: Vec<&str> = characters.iter().map(String::as_str).collect();
    assert_eq!(render(&characters, Look::default()), expected, "by characters");
    for (at, _) in markdown.char_indices() {
        let (before, after) = markdown.split_at(at);
        assert_eq!(render(&[before, after], Look::default()), expected, "cut at {at}");
    }
    expected
}

#[test]
fn blocks_stand_as_the_source_sets_them_apart() {
    insta::assert_snapshot!(whole("# Title\ntext **bold** and `code`\nnext line\n\n\npara\n\n---\nend"), @r#"
    Title
    text bold and code
    next line

    para

    ────────────────────────────────────────
    end
    "#);
}

#[test]
fn lists_keep_their_numbers_and_their_depth() {
    insta::assert_snapshot!(whole("- one\n- two\n  - deep\n    more\n\n    para\n  - deep too\n- three\n\n1. a\n1. b\n   ```sh\n   ls\n   ```\n1. c\n\n   in c\n10. d\n- [ ] todo\n- [x] done\n-\n- end"), @r#"
    • one
    • two
      • deep
        more

        para
      • deep too
    • three

    1. a
    2. b
    sh
    ls
    3. c

       in c
    4. d
    ☐ todo
    ☑ done
    •
    • end
    "#);
}

#[test]
fn a_mark_that_is_all_of_the_answer_is_meant_as_it_is() {
    for mark in ["#", "*", "-", "+", ">"] {
        assert_eq!(whole(mark), mark);
        assert_eq!(whole(&format!("\n{mark} \n\n")), mark);
    }
    assert_eq!(whole("-\n  a"), "• a");
    assert_eq!(whole("#\na"), "\na");
}

#[test]
fn a_formula_may_begin_its_lines_as_lists_and_underlines_do() {
    insta::assert_snapshot!(whole("so\n$$\na\n= b\n- c\n+ d\n=\ne\n$$\n- item\n\n> - \\[\n>   x\n>   - y\n>   \\]\n\nend"), @r"
    so
      a = b - c + d = e
    • item

    │ •   x - y

    end
    ");
    // What is never closed is none.
    insta::assert_snapshot!(whole("$$\na\n- b\n\n- c\n$$ d\n```\n- e\n```\nend"), @r"
    $$
    a
    • b

    • c
      $$ d
    - e
    end
    ");
}

#[test]
fn quotes_have_a_bar() {
    insta::assert_snapshot!(whole("> a\n> b\n>\n> c\n> - item\n>   more\n> > deep\n\nout"), @r#"
    │ a
    │ b
    │
    │ c
    │ • item
    │   more
    │ │ deep

    out
    "#);
}

#[test]
fn code_stands_as_it_is() {
    insta::assert_snapshot!(whole("```rust\nfn main() {\n\n    x\n}\n```\ntext\n~~~~\n```\n~~~~\n\n    indented\n\n    more\ntext\n- ```\n  in\n\n  list\n  ```\n  after\n> ```py\n> quoted\n> ```\n```\nopen\n\n"), @r#"
    rust
    fn main() {

        x
    }
    text
    ```

    indented

    more
    text
    •
    in

    list
      after
    │
    py
    quoted
    open
    "#);
}

#[test]
fn links_say_where_they_lead() {
    insta::assert_snapshot!(whole("[a](https://a.b/c) <https://x.y> [https://x.y](https://x.y) ![pic](p.png \"t\") [ref] [r2][ref] x[^1]\n\n[ref]: https://r.e/f\n\n[ref] again[^1]\n\n[^1]: the note\n    goes on\n"), @r#"
    a (https://a.b/c) https://x.y https://x.y [image: pic] (p.png) [ref] [r2][ref] x[1]

    ref (https://r.e/f) again[1]

    [1] the note
        goes on
    "#);
}

#[test]
fn html_is_text() {
    insta::assert_snapshot!(whole("<div>\n*a*\n</div>\n\nx <b>y</b><br>z\n\n<!-- a\n\nb -->\ntext"), @r#"
    <div>
    *a*
    </div>

    x <b>y</b>
    z

    <!-- a

    b -->
    text
    "#);
}

#[test]
fn what_looks_like_a_formula_in_html_is_html() {
    assert_eq!(whole("# <!-- a$b + c$ <!-- d -->\n"), "<!-- a$b + c$ <!-- d -->");
    assert_eq!(whole("x <i title='\\(a^2\\)'>y</i>\n"), "x <i title='\\(a^2\\)'>y</i>");
}

#[test]
fn tables_end_where_they_end() {
    insta::assert_snapshot!(whole("before\n\n| a | b |\n|---|--:|\n| 1 | 2 | 3 |\n| **x** | `y` |\n\nafter\n\n- in a list\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n"), @r#"
    before

    a │ b │
    ──┼───┼──
    1 │ 2 │ 3
    x │ y │

    after

    • in a list

      a │ b
      ──┼──
      1 │ 2
    "#);
}

#[test]
fn a_long_paragraph_is_settled_in_pieces() {
    let text = "**word and** *more* text ".repeat(400);
    let shown = whole_text(&text);
    let expected = "word and more text ".repeat(400);
    assert_eq!(shown, expected.trim_end());
}

fn whole_text(markdown: &str) -> String {
    let expected = render(&[markdown], Look::default());
    let chunks: Vec<&str> = markdown.split_inclusive(' ').collect();
    assert_eq!(render(&chunks, Look::default()), expected);
    expected
}

#[test]
fn an_item_may_begin_in_the_line_below_its_mark() {
    insta::assert_snapshot!(whole("-\n  foo\n-\n  ```\n  bar\n  ```\n-\n\n  out\n\n1.\n\n\n1. a\n"), @r#"
    • foo
    •
    bar
    •

    out

    1.

    2. a
    "#);
}

#[test]
fn a_quote_may_begin_with_its_mark_alone() {
    insta::assert_snapshot!(whole(">\n>\n> foo\n"), @"│ foo");
}

#[test]
fn a_quote_ends_where_its_mark_is_missing() {
    insta::assert_snapshot!(whole("> a\n\n> b\n>\n> > c\n>\n> > d\n"), @r#"
    │ a

    │ b
    │
    │ │ c
    │
    │ │ d
    "#);
}

#[test]
fn a_quote_in_an_item_is_over_where_the_item_goes_on() {
    insta::assert_snapshot!(whole("- > a\n  >\n  b\n  > c\n"), @r#"
    • │ a

      b
      │ c
    "#);
}

#[test]
fn html_in_a_container_goes_on_until_it_ends() {
    insta::assert_snapshot!(whole("- <div>\n  > a\n  - b\n  </div>\n- c\n\n>- <div>\n>     d\n\n> <pre>\n>\n> *d*\n> </pre>\n"), @r#"
    • <div>
      > a
      - b
      </div>
    • c

    │ • <div>
    │     d

    │ <pre>
    │
    │ *d*
    │ </pre>
    "#);
}

#[test]
fn empty_lines_in_indented_code_are_kept() {
    insta::assert_snapshot!(whole("    a\n\n\n    b\n\n\nc\n\n-     d\n\n\n-     e\n"), @r#"
    a


    b

    c

    •
    d

    •
    e
    "#);
}

#[test]
fn a_mark_of_a_quote_may_be_a_word() {
    insta::assert_snapshot!(whole("a\n    >\nb\n"), @r#"
    a
    >
    b
    "#);
}

#[test]
fn an_escape_may_begin_an_item_and_a_tab_a_list_in_it() {
    insta::assert_snapshot!(whole("- - a\n- \\*b\n\nc\n\n- d\n\t- e\n"), @r#"
    • • a
    • *b

    c

    • d
      • e
    "#);
}

#[test]
fn what_follows_a_table_behind_a_box_to_tick_is_no_part_of_it() {
    insta::assert_snapshot!(whole("- [ ] | a | b |\n  |---|---|\n\n  c\n  ---\n"), @r#"
    • a │ b
      ──┼──

      c
    "#);
}

#[test]
fn a_definition_is_found_by_its_name_in_any_case() {
    insta::assert_snapshot!(whole("[SS]: /url\n\n[ẞ]\n"), @"ẞ (/url)");
}

#[test]
fn a_definition_ends_the_list_before_it() {
    insta::assert_snapshot!(whole("1. a\n\n[D]: /d\n\n1. b\n\n   [E]: /e\n\n1. [E]\n"), @r#"
    1. a

    1. b

    2. E (/e)
    "#);
}

#[test]
fn a_line_of_a_paragraph_defines_nothing() {
    insta::assert_snapshot!(whole("-   a\n\n    b\n[d]: /d\n\n[d]\n"), @r#"
    • a

      b
      [d]: /d

    [d]
    "#);
}

#[test]
fn what_stands_right_below_a_definition_is_a_paragraph() {
    insta::assert_snapshot!(whole("a\n\n[d]: /d\n7) b\n8) c\n"), @r#"
    a

    7) b
    8) c
    "#);
}

#[test]
fn a_break_in_html_at_the_end_of_a_line_breaks_it_once() {
    insta::assert_snapshot!(whole("one<br>\ntwo<br/>three<br><br>\nfour"), @"
    one
    two
    three

    four
    ");
}

#[test]
fn a_tab_in_prose_is_a_space() {
    // Behind a full row a terminal would stay where it is and write over the last character.
    insta::assert_snapshot!(whole("a\tb *c\td*\n"), @"a b c d");
}

/// Shows Markdown on a screen of so many columns and rows, line by line.
fn small(markdown: &str, columns: usize, rows: usize) -> String {
    let mut source = Source::new(Look::default(), Size { columns, rows });
    let mut out = Vec::new();
    for line in markdown.split_inclusive('\n') {
        source.push(line);
        settled(&mut source, &mut out);
    }
    source.finish();
    settled(&mut source, &mut out);
    out.join("\n")
}

#[test]
fn a_paragraph_that_is_cut_keeps_its_line_feeds() {
    let lines: Vec<String> = (1..40).map(|line| format!("w{line}")).collect();
    let text = lines.join("\n");
    assert_eq!(small(&text, 3, 7), text);
    assert_eq!(small(&lines.join("\\\n"), 3, 7), text);
}

#[test]
fn emphasis_over_lines_goes_on_behind_a_cut() {
    let lines: Vec<String> = (1..40).map(|line| format!("w{line} x")).collect();
    assert_eq!(small(&format!("**{}**", lines.join("\n")), 10, 6), lines.join("\n"));
    assert_eq!(
        small(&format!("> *{}*", lines.join("\n> ")), 10, 6),
        format!("│ {}", lines.join("\n│ "))
    );
    assert_eq!(
        small(&format!("- `{}`", lines.join("\n  ")), 10, 6).replace("\n  ", " "),
        format!("• {}", lines.join(" "))
    );
}

#[test]
fn what_would_close_nothing_is_not_shown_at_a_cut() {
    assert_eq!(small("xx\n[w1w](https://a.example)", 5, 4), "xx\n[w1w](https://a.example)");
    let marks = "~~**".repeat(18);
    let shown = small(&format!("*{marks}*<!--w1w"), 7, 4);
    assert!(shown.ends_with("<!--w1w"), "{shown}");
}
