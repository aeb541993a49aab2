//! Data, documents and queries.

use super::{
    Block, Bytes, C_LIKE, Calls, DOUBLE, Form, HASHED, Language, Literal, Place, Quote, Role,
    SINGLE, TRIPLE, Types, Words, words,
};

pub(in super::super) const JSON: &Language = &Language {
    name: "json",
    form: Form::Json,
    words: words!(["", "", "", "true false null NaN Infinity", "", ""]),
    types: Types::None,
    calls: Calls::None,
    ..C_LIKE
}
.ready();

pub(in super::super) const YAML: &Language =
    &Language { name: "yaml", form: Form::Yaml, ..HASHED }.ready();

pub(in super::super) const TOML: &Language = &Language {
    name: "toml",
    form: Form::Keys,
    words: words!(["", "", "", "true false inf nan", "", ""]),
    quotes: &[TRIPLE, Quote::new("'''").raw().lines(), DOUBLE, SINGLE.raw()],
    word_extras: Bytes::of("-"),
    calls: Calls::None,
    ..HASHED
}
.ready();

/// Values are prose more often than not: nothing in them has a colour but strings.
pub(in super::super) const INI: &Language = &Language {
    name: "ini",
    form: Form::Keys,
    line_comments: &["#", ";"],
    line_comment_place: Place::LineStart,
    quotes: &[DOUBLE],
    calls: Calls::None,
    has_numbers: false,
    ..HASHED
}
.ready();

pub(in super::super) const ENV: &Language = &Language {
    name: "env",
    form: Form::Keys,
    line_comment_place: Place::Apart,
    quotes: &[DOUBLE.lines(), SINGLE.raw().lines()],
    calls: Calls::None,
    has_numbers: false,
    word_extras: Bytes::of("#"),
    ..HASHED
}
.ready();

/// The comment is the first: `markup` counts on that.
pub(in super::super) const HTML: &Language = &Language {
    name: "html",
    form: Form::Markup,
    block_comments: &[Block::new("<!--", "-->")],
    ..Language::new("html")
}
.ready();

pub(in super::super) const CSS: &Language =
    &Language { name: "css", form: Form::Css, line_comments: &[], ..STYLES }.ready();

pub(in super::super) const SCSS: &Language =
    &Language { name: "scss", form: Form::Scss, ..STYLES }.ready();

const STYLES: Language = Language {
    quotes: &[DOUBLE, SINGLE],
    word_extras: Bytes::of("-"),
    sigils: &[(b'@', Role::Keyword), (b'$', Role::Code)],
    types: Types::None,
    ..C_LIKE
};

pub(in super::super) const SQL: &Language = &Language {
    name: "sql",
    words: words!([
        "add after all alter analyze and as asc before begin between by cascade case check column \
         commit conflict constraint create cross cube cursor database declare default delete desc \
         distinct do drop each else elsif end except exec execute exists explain fetch filter first \
         following for foreign from full function grant group having if ilike in index inner insert \
         intersect into is isolation join key lateral left like limit loop materialized merge \
         natural not nothing nulls of offset on only or order outer over partition preceding \
         primary procedure qualify range recursive references replace restrict return returning \
         returns revoke right rollback rollup row rows savepoint schema select sequence set table \
         temp temporary then ties to top transaction trigger truncate unbounded union unique update \
         using values view when where while window with",
        "",
        "",
        "true false null",
        "array bigint bigserial bit blob boolean bool bytea char character clob date datetime \
         decimal double float geometry int integer interval json jsonb money nchar number numeric \
         nvarchar precision real serial smallint string text time timestamp timestamptz tinyint \
         uuid varbinary varchar varchar2 xml",
        "",
    ]).in_any_case(),
    line_comments: &["--"],
    block_comments: &[super::STARS],
    quotes: &[
        Quote::new("'").prefixed("e"),
        Quote::new("'").raw().lines().prefixed("n b x u"),
        Quote::new("'").raw().lines(),
        DOUBLE.raw().role(Role::Code),
        Quote::new("`").raw().role(Role::Code),
    ],
    sigils: &[(b'@', Role::Code), (b'#', Role::Code), (b':', Role::Code)],
    ..Language::new("sql")
}
.ready();

pub(in super::super) const DIFF: &Language =
    &Language { name: "diff", form: Form::Diff, ..Language::new("diff") }.ready();

pub(in super::super) const MARKDOWN: &Language = &Language {
    name: "markdown",
    form: Form::Markdown,
    block_comments: &[Block::new("<!--", "-->")],
    quotes: &[Quote::new("``").raw(), Quote::new("`").raw()],
    calls: Calls::None,
    has_numbers: false,
    ..Language::new("markdown")
}
.ready();

pub(in super::super) const LATEX: &Language = &Language {
    name: "latex",
    line_comments: &["%"],
    quotes: &[],
    literals: &[Literal::EscapedMark],
    sigils: &[(b'\\', Role::Function)],
    calls: Calls::None,
    has_numbers: false,
    ..Language::new("latex")
}
.ready();
