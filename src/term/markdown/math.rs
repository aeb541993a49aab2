//! Formulas: where they stand in a paragraph, and how they read without a typesetter. Pure.
//!
//! `find` looks for them in Markdown. `parse` reads LaTeX and makes atoms of it: pieces that are
//! text already, each of a class as TeX has them. `join` sets atoms side by side, with spaces where
//! mathematicians write some and brackets where a slash says less than a fraction line does.

mod commands;
mod display;
mod environments;
mod find;
mod join;
mod letters;
mod parse;
mod picture;
mod symbols;

#[cfg(test)]
mod find_tests;
#[cfg(test)]
mod sound_tests;
#[cfg(test)]
mod unicode_tests;

use std::{borrow::Cow, ops::Range};

/// A formula in the source of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Formula {
    /// Where it stands, its delimiters included.
    pub(super) range: Range<usize>,
    /// What stands between the delimiters, without the marks of quotes at the beginning of lines.
    pub(super) latex: String,
    /// It was meant for a line of its own.
    pub(super) is_display: bool,
}

/// The formulas of a paragraph's source: `$…$`, `$$…$$`, `\(…\)` and `\[…\]`, in their order. What
/// touches one of the ranges of `code`, which are in order too, is none. Money and shell variables
/// stay text: what stands between dollars must look like mathematics.
pub(super) fn formulas(source: &str, code: &[Range<usize>]) -> Vec<Formula> {
    find::formulas(source, code)
}

/// Whether a source ends within a formula that began in a line of its own: what follows may belong to
/// it, whatever it looks like.
pub(super) fn is_open(source: &str) -> bool {
    display::is_open(source)
}

/// The source of paragraphs for a parser that shall not see the lines of a formula as lists or
/// headings; byte for byte as long as before.
pub(super) fn guarded(source: &str) -> Cow<'_, str> {
    display::guarded(source)
}

/// The formula in Unicode; `None` where that would not read well, and its source reads better.
///
/// It has more than one line only for matrices, cases and aligned equations; no line ends in a
/// space, and all of them together are what fits side by side, to be shown from the same column on.
pub(super) fn to_unicode(latex: &str) -> Option<String> {
    parse::formula(latex)
}
