//! The parser of Markdown, of one type for all who ask it. Pure.
//!
//! It is compiled once for each type of what looks up its links, which is 20 KB of the binary.

use pulldown_cmark::{BrokenLink, BrokenLinkCallback, CowStr, Options, Parser};

/// Finds the address and the title of a link that the text does not define.
pub(super) type FindLink<'find, 'text> =
    &'find mut dyn FnMut(BrokenLink<'text>) -> Option<(CowStr<'text>, CowStr<'text>)>;

/// A parser that knows no links but those of `text`.
pub fn commonmark(text: &str, options: Options) -> Parser<'_, impl BrokenLinkCallback<'_>> {
    Parser::new_with_broken_link_callback(text, options, None::<FindLink<'_, '_>>)
}

/// A parser that knows what `find` finds, too.
pub(super) fn commonmark_with<'find, 'text>(
    text: &'text str,
    options: Options,
    find: FindLink<'find, 'text>,
) -> Parser<'text, FindLink<'find, 'text>> {
    Parser::new_with_broken_link_callback(text, options, Some(find))
}
