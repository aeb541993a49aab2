//! The tables. Lists of words are keywords, words that define functions, keywords in some places,
//! values, types and functions; see [`Words`].

pub(super) mod data;
pub(super) mod functional;
pub(super) mod script;
pub(super) mod shell;
pub(super) mod system;

use super::{
    Role,
    language::{
        Block, Bytes, CHARACTER, Calls, Form, Guard, Language, Literal, Place, Quote, SLASHES,
        Types,
    },
    words::{Words, words},
};

/// `/* … */`.
const STARS: Block = Block::new("/*", "*/");
const DECORATOR: (u8, Role) = (b'@', Role::Function);
const DOUBLE: Quote = Quote::new("\"");
const SINGLE: Quote = Quote::new("'").apart();
const TRIPLE: Quote = Quote::new("\"\"\"").lines();

/// Slashes and stars, as C brought them.
const C_LIKE: Language = Language {
    line_comments: &["//"],
    block_comments: &[STARS],
    types: Types::CapitalOrLetter,
    ..Language::new("c-like")
};

/// `#`, and nothing else for comments.
const HASHED: Language = Language { line_comments: &["#"], ..Language::new("hashed") };
