//! Formulas that nobody should write, and models do.

use proptest::prelude::*;

use super::to_unicode;

#[test]
fn what_it_does_not_know_stays_as_it_is() {
    for latex in [
        "",
        "  ",
        r"\unknown{x}",
        r"x + \foo",
        r"\frac{a}",
        r"\frac{}{b}",
        r"\sqrt{",
        r"x^",
        r"x^a^b",
        r"{x",
        r"x}",
        r"\left( x",
        r"x \right)",
        r"\begin{tikzpicture} x \end{tikzpicture}",
        r"\begin{matrix} a \end{pmatrix}",
        r"\begin{matrix} a",
        r"\begin{array}{p{2cm}} a \end{array}",
        r"\frac{\begin{matrix} a \\ b \end{matrix}}{2}",
        r"\text{a \textbf{b}}",
        r"\text{a $\foo$}",
        r"\",
        r"x \",
        r"# $",
    ] {
        let expected = if latex == r"x \" { None } else { None::<String> };
        assert_eq!(to_unicode(latex), expected, "{latex}");
    }
}

#[test]
fn formulas_that_are_too_deep_or_too_tall_stay_as_they_are() {
    let nested = |depth: usize| format!("{}x{}", "{".repeat(depth), "}".repeat(depth));
    assert_eq!(to_unicode(&nested(10)).as_deref(), Some("x"));
    assert_eq!(to_unicode(&nested(100_000)), None);
    assert_eq!(to_unicode(&r"\hat".repeat(100_000)), None);
    assert_eq!(to_unicode(&r"\left(".repeat(100_000)), None);
    assert_eq!(to_unicode(&"x^{".repeat(100_000)), None);
    let rows =
        |count: usize| format!(r"\begin{{matrix}} {} \end{{matrix}}", r"a \\ ".repeat(count));
    assert_eq!(to_unicode(&rows(30)).map(|text| text.lines().count()), Some(30));
    assert_eq!(to_unicode(&rows(100)), None);
}

#[test]
fn a_long_formula_takes_no_longer_than_its_length() {
    // Each would take minutes if its time grew with the square.
    let matrix = r"\begin{matrix} a \\ b \end{matrix}";
    for part in [r"\,", "-", "x", "x_1^2", "|", "(", r"\frac{1}{2}\,", "\\sin x ", matrix, "{a}"] {
        let source = part.repeat(60_000 / part.len());
        let text = to_unicode(&format!("{matrix}{source}x")).expect("all of it is known");
        assert!(text.len() <= 64 * source.len(), "{part}");
    }
}

/// Pieces of LaTeX, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "x",
        "ab",
        "12",
        "3.5",
        "+",
        "-",
        "=",
        ",",
        "!",
        "(",
        ")",
        "[",
        "]",
        "|",
        "{",
        "}",
        "^",
        "_",
        "'",
        "&",
        r"\\",
        " ",
        "\n",
        r"\frac",
        r"\sqrt",
        r"\sum",
        r"\sin",
        r"\alpha",
        r"\left(",
        r"\right)",
        r"\text{if }",
        r"\mathbb",
        r"\hat",
        r"\overline",
        r"\quad",
        r"\,",
        r"\not",
        r"\begin{pmatrix}",
        r"\end{pmatrix}",
        r"\begin{cases}",
        r"\end{cases}",
        r"\binom",
        r"\lim",
        r"\underbrace",
        r"\operatorname{a b}",
        r"\substack",
        r"\xrightarrow",
        "é",
        "世",
        "≤",
        r"\",
        "$",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn assert_sound(latex: &str) {
    let Some(text) = to_unicode(latex) else { return };
    assert!(!text.contains('\\'), "{latex:?} became {text:?}");
    assert!(text.len() <= 64 * latex.len(), "{latex:?} became {text:?}");
    assert!(text.lines().all(|line| line.trim_end() == line), "{latex:?} became {text:?}");
    if !latex.contains(r"\\") {
        assert!(!text.contains('\n'), "{latex:?} became {text:?}");
    }
}

proptest! {
    #[test]
    fn whatever_is_written_the_result_is_sound(latex in pieces()) {
        assert_sound(&latex);
    }

    #[test]
    fn any_text_is_taken(latex in any::<String>()) {
        assert_sound(&latex);
    }

    #[test]
    fn a_formula_that_was_cut_anywhere_is_taken(cut in 0_usize..200) {
        let latex = r"f(x) = \begin{cases} \frac{-b \pm \sqrt[3]{b^2}}{2a} & \text{if $x > 0$} \\ \hat{y}_{i,j}^{\left(2\right)} \end{cases}";
        let cut = latex.floor_char_boundary(cut.min(latex.len()));
        assert_sound(&latex[..cut]);
    }
}
