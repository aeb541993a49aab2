//! Formulas, and what only looks like one.

use std::{ops::Range, slice::from_ref};

use proptest::prelude::*;

use super::{Formula, formulas};

/// The formulas as they stand in the source.
fn found<'a>(source: &'a str, code: &[Range<usize>]) -> Vec<&'a str> {
    formulas(source, code).into_iter().map(|formula| &source[formula.range]).collect()
}

#[track_caller]
fn check(source: &str, expected: &[&str]) {
    assert_eq!(found(source, &[]), expected, "{source}");
}

#[test]
fn all_four_delimiters_make_a_formula() {
    check(r"so \(x^2\) is", &[r"\(x^2\)"]);
    check(r"so \[x^2\] is", &[r"\[x^2\]"]);
    check("so $x^2$ is", &["$x^2$"]);
    check("so $$x^2$$ is", &["$$x^2$$"]);
    check("$a$, $b$ and\n$c + d$", &["$a$", "$b$", "$c + d$"]);
    check(r"\(a\)\(b\)$c$\[d = 1\]$$e$$", &[r"\(a\)", r"\(b\)", "$c$", r"\[d = 1\]", "$$e$$"]);
}

#[test]
fn a_formula_knows_its_place_its_source_and_its_kind() {
    let formula =
        |range, latex: &str, is_display| Formula { range, latex: latex.to_owned(), is_display };
    assert_eq!(
        formulas("ä $x$ $$\ny = 1\n$$", &[]),
        [formula(3..6, "x", false), formula(7..18, "\ny = 1\n", true)]
    );
    assert_eq!(
        formulas(r"\( a \) \[ b = c \]", &[]),
        [formula(0..7, " a ", false), formula(8..19, " b = c ", true)]
    );
}

#[test]
fn the_marks_of_a_quote_are_no_part_of_a_formula() {
    let latex = |source| formulas(source, &[]).pop().map(|formula| formula.latex);
    assert_eq!(latex("$$\n> a > b\n> $$").as_deref(), Some("\na > b\n"));
    assert_eq!(latex("$$\n  a\n  = b\n$$").as_deref(), Some("\na\n= b\n"));
}

#[test]
fn money_stays_text() {
    for source in [
        "$5 and $10",
        "US$5 or $6",
        "costs $5-$6",
        "it is $5.",
        "$5/$10",
        "$1,000 to $2,000",
        "$5M-$10M",
        "between $5,$6",
        "$20/month or $200/year",
        "I had $5 (you had 3$)",
        "$5/mo (was 10$)",
        "the $ and the $",
        "$5 = 4€, or 3$",
        "a price of $5, $6, or even $7",
        "$5,$ say",
        "from $$ to $$$",
        "5$ + 6$",
    ] {
        check(source, &[]);
    }
}

#[test]
fn shell_and_code_stay_text() {
    for source in [
        "$HOME/$USER",
        "$PATH:$HOME",
        "$HOME and $USER",
        "${a}/${b}",
        "$(pwd)/$(date)",
        "$foo$",
        "$name$ and $value$",
        "a$b$c",
        "x$1$2",
        "\"$a\"-\"$b\"",
        "kill $$; echo $$",
        "jQuery's $ and $",
        "?$filter=a&$top=5",
        "$1 $2",
        r"\$x$",
        r"\$x\$",
        r"$x\$",
    ] {
        check(source, &[]);
    }
}

#[test]
fn brackets_that_markdown_shall_leave_alone_stay_text() {
    for source in [
        r"see \[1\]",
        r"see \[1, 2\]",
        r"- \[x\] done",
        r"\[text\](url)",
        r"\[a+b\](url)",
        r"\[to-do\]",
        r"\(see below\)",
        r"\(sic\)",
        r"\\(x\\)",
        r"\\\(x\)",
        r"\\[x = 1\\]",
        r"\(x",
        r"x\)",
        r"\[ x = 1",
        "$x",
        "$$x = 1",
        "$$$x$$$",
    ] {
        check(source, &[]);
    }
}

#[test]
fn what_stands_between_dollars_must_look_like_mathematics() {
    for source in [
        "$x$",
        "$X$",
        "$α$",
        "$π$",
        "$AB$",
        "$ABC$",
        "$dx$",
        "$5$",
        "$1,000$",
        "$3.14$",
        "$-1$",
        "$f(x)$",
        "$n!$",
        "$n/2$",
        "$1/2$",
        "$2n$",
        "$x, y$",
        "$(0, 1)$",
        "$x'$",
        "$a_i$",
        "$x^2$",
        "$a < b$",
        "$a+b$",
        "$O(n log n)$",
        "$O(n)$",
        "$sin(x)$",
        "$softmax(z)$",
        "$PV = nRT$",
        r"$\alpha$",
        r"$\text{two words}$",
        r"$\{1\}$",
        "$x → y$",
        "$a ≤ b$",
        "$f: A$",
        "$x_1,\nx_2$",
        "$|x|$",
        "$50\\%$",
    ] {
        check(source, &[source]);
    }
    for source in [
        "$ x$",
        "$x $",
        "$x\n\ny$",
        "$a\n+\nb$",
        "$total$",
        "$to the$",
        "$well-known$",
        "$x + y and so$",
    ] {
        check(source, &[]);
    }
}

#[test]
fn a_formula_may_stand_beside_punctuation() {
    check("($x$), \"$y$\": $z$.", &["$x$", "$y$", "$z$"]);
    check("the $n$-th, $x$–$y$", &["$n$", "$x$", "$y$"]);
    check("*$x$* **$y$** ~$z$~", &["$x$", "$y$", "$z$"]);
    check("it costs $5 if $x = 1$", &["$x = 1$"]);
    check("设$x$为", &["$x$"]);
}

#[test]
fn of_two_openings_the_second_counts() {
    check(r"a \( b \(x\) c", &[r"\(x\)"]);
    check(r"\[ a \[ x = 1 \]", &[r"\[ x = 1 \]"]);
    check(r"\( unclosed $x$", &["$x$"]);
    check(r"\[ \text{if \(x\)} \\ y \]", &[r"\[ \text{if \(x\)} \\ y \]"]);
    check(r"\[ \text{$x$} \]", &[r"\[ \text{$x$} \]"]);
    check(r"\( a \\) \)", &[r"\( a \\) \)"]);
}

#[test]
fn nothing_in_code_or_across_it_is_a_formula() {
    let source = "`$x$` $y$ `a` $z$";
    assert_eq!(found(source, &[0..5, 10..13]), ["$y$", "$z$"]);
    let source = "$a `b` c$ $d$";
    assert_eq!(found(source, from_ref(&(3..6))), ["$d$"]);
    let source = r"\(a `b\)` \(c\)";
    assert_eq!(found(source, from_ref(&(4..9))), [r"\(c\)"]);
}

#[test]
fn a_long_paragraph_takes_no_longer_than_its_length() {
    // Each would take minutes if its time grew with the square.
    for part in [r"\(", r"\[", "$a", "$$ ", r"\( \[ ", "$x$ ", "$", "$a-", r"\(\]", "\\", "$$$ "] {
        let source = part.repeat(50_000);
        formulas(&source, &[]);
        formulas(&source, from_ref(&(source.len() - 1..source.len())));
    }
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "$",
        "$$",
        r"\(",
        r"\)",
        r"\[",
        r"\]",
        "\\",
        "x",
        "x^2",
        "5",
        " ",
        "\n",
        "é",
        "and so on",
        "-",
        "> ",
    ]);
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn formulas_are_in_order_apart_and_outside_code(
        source in pieces(),
        start in 0_usize..40,
        len in 1_usize..6,
    ) {
        let start = source.floor_char_boundary(start);
        let end = source.ceil_char_boundary(start + len);
        let code = start..end;
        let mut last = 0;
        for formula in formulas(&source, from_ref(&code)) {
            let range = formula.range;
            prop_assert!(last <= range.start && range.start < range.end);
            prop_assert!(range.end <= start || end <= range.start);
            last = range.end;
            let text = &source[range];
            let closing = match &text[..1] {
                "$" => if formula.is_display { "$$" } else { "$" },
                _ => if formula.is_display { r"\]" } else { r"\)" },
            };
            prop_assert!(text.len() > 2 && text.ends_with(closing));
        }
    }
}
