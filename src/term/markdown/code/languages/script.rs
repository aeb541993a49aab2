//! Languages that are run from their source.

use super::{
    Block, Bytes, C_LIKE, CHARACTER, Calls, DECORATOR, DOUBLE, Form, Guard, HASHED, Language,
    Literal, Place, Quote, Role, SINGLE, SLASHES, TRIPLE, Types, Words, words,
};

const TRIPLE_SINGLE: Quote = Quote::new("'''").lines();

pub(in super::super) const PYTHON: &Language = &Language {
    name: "python",
    words: words!([
        "and as assert async await break class continue del elif else except finally for from \
         global if import in is lambda nonlocal not or pass raise return try while with yield \
         cdef cpdef",
        "def",
        "match case type",
        "True False None self cls Ellipsis NotImplemented",
        "bool bytes bytearray complex dict float frozenset int list object set str tuple",
        "",
    ]),
    quotes: &[
        TRIPLE,
        TRIPLE_SINGLE,
        TRIPLE.prefixed("r u b br rb"),
        TRIPLE_SINGLE.prefixed("r u b br rb"),
        TRIPLE.prefixed("f fr rf t tr rt").hole("{"),
        TRIPLE_SINGLE.prefixed("f fr rf t tr rt").hole("{"),
        DOUBLE.prefixed("r u b br rb"),
        SINGLE.prefixed("r u b br rb"),
        DOUBLE.prefixed("f fr rf t tr rt").hole("{"),
        SINGLE.prefixed("f fr rf t tr rt").hole("{"),
        DOUBLE,
        SINGLE,
    ],
    sigils: &[DECORATOR],
    types: Types::Capital,
    ..HASHED
}
.ready();

const JAVASCRIPT_QUOTES: &[Quote] = &[DOUBLE, SINGLE, Quote::new("`").lines().hole("${"), SLASHES];

pub(in super::super) const JAVASCRIPT: &Language = &Language {
    name: "javascript",
    form: Form::Jsx,
    words: words!([
        "async await break case catch class const continue debugger default delete do else export \
         extends finally for if import in instanceof let new return static super switch this throw \
         try typeof var void while with yield",
        "function",
        "from of as get set",
        "true false null undefined NaN Infinity",
        "",
        "",
    ]),
    quotes: JAVASCRIPT_QUOTES,
    word_extras: Bytes::of("$"),
    sigils: &[DECORATOR, (b'#', Role::Code)],
    types: Types::Capital,
    ..C_LIKE
}
.ready();

const TYPESCRIPT_WORDS: Words = words!([
    "async await break case catch class const continue debugger default delete do else enum export \
     extends finally for if implements import in instanceof interface let new private protected \
     public readonly return static super switch this throw try typeof var void while with yield",
    "function",
    "from of as get set type namespace module declare abstract override keyof infer is satisfies \
     asserts accessor unique",
    "true false null undefined NaN Infinity",
    "any bigint boolean never number object string symbol unknown",
    "",
]);

pub(in super::super) const TYPESCRIPT: &Language =
    &Language { name: "typescript", form: Form::Free, words: TYPESCRIPT_WORDS, ..TYPED }.ready();

pub(in super::super) const TSX: &Language =
    &Language { name: "tsx", form: Form::Jsx, words: TYPESCRIPT_WORDS, ..TYPED }.ready();

const TYPED: Language = Language {
    quotes: JAVASCRIPT_QUOTES,
    word_extras: Bytes::of("$"),
    sigils: &[DECORATOR, (b'#', Role::Code)],
    ..C_LIKE
};

pub(in super::super) const RUBY: &Language = &Language {
    name: "ruby",
    words: words!([
        "alias and begin break case class defined? do else elsif end ensure for if in module next \
         not or redo rescue retry return super then undef unless until when while yield BEGIN END \
         private protected public attr_accessor attr_reader attr_writer include extend prepend",
        "def",
        "",
        "true false nil self __FILE__ __LINE__",
        "",
        "puts print require require_relative raise p pp lambda proc loop",
    ]),
    block_comments: &[Block::at_margin("=begin", "=end")],
    quotes: &[
        DOUBLE.lines().hole("#{"),
        SINGLE.lines(),
        Quote::new("`").hole("#{"),
        SLASHES.hole("#{"),
        Quote::new(":\"").closed_by("\"").role(Role::Number),
    ],
    literals: &[Literal::RubyPercent, Literal::Heredoc],
    word_extras: Bytes::of("?!"),
    sigils: &[(b'@', Role::Code), (b':', Role::Number), (b'$', Role::Code)],
    types: Types::Capital,
    ..HASHED
}
.ready();

pub(in super::super) const PHP: &Language = &Language {
    name: "php",
    form: Form::Php,
    words: words!([
        "abstract and as break case catch class clone const continue declare default do echo else \
         elseif enddeclare endfor endforeach endif endswitch endwhile enum extends final finally \
         for foreach global goto if implements include include_once instanceof insteadof interface \
         isset empty list match namespace new or print private protected public readonly require \
         require_once return static switch throw trait try unset use var while xor yield",
        "function fn",
        "",
        "true false null",
        "array bool callable float int iterable mixed never object string void",
        "",
    ])
    .in_any_case(),
    line_comments: &["//", "#"],
    quotes: &[DOUBLE.lines(), SINGLE.lines(), Quote::new("`")],
    literals: &[Literal::PhpHeredoc],
    sigils: &[(b'$', Role::Code)],
    types: Types::Capital,
    ..C_LIKE
}
.ready();

pub(in super::super) const PERL: &Language = &Language {
    name: "perl",
    words: words!([
        "and cmp continue do else elsif eq foreach for ge gt if last le lt my ne next no not or our \
         package redo require return say state unless until use wantarray while x xor local given \
         when",
        "sub",
        "",
        "undef __PACKAGE__ __FILE__ __LINE__ __END__",
        "",
        "print printf die warn push pop shift unshift keys values each sort map grep join split \
         open close chomp defined ref bless scalar exists delete",
    ]),
    line_comment_place: Place::Apart,
    block_comments: &[
        Block::at_margin("=pod", "=cut"),
        Block::at_margin("=head", "=cut"),
        Block::at_margin("=over", "=cut"),
        Block::at_margin("=begin", "=cut"),
    ],
    quotes: &[DOUBLE.lines(), SINGLE.lines(), Quote::new("`"), SLASHES],
    literals: &[Literal::PerlQuote, Literal::Heredoc],
    sigils: &[(b'$', Role::Code), (b'@', Role::Code), (b'%', Role::Code)],
    ..HASHED
}
.ready();

pub(in super::super) const LUA: &Language = &Language {
    name: "lua",
    words: words!([
        "and break do else elseif end for goto if in local not or repeat return then until while",
        "function",
        "continue type export",
        "true false nil self",
        "",
        "",
    ]),
    line_comments: &["--"],
    literals: &[Literal::LongBracket],
    ..Language::new("lua")
}
.ready();

pub(in super::super) const R: &Language = &Language {
    name: "r",
    words: words!([
        "break else for function if in next repeat return while",
        "",
        "",
        "TRUE FALSE NULL NA NaN Inf NA_integer_ NA_real_ NA_character_",
        "",
        "library require",
    ]),
    quotes: &[DOUBLE.lines(), SINGLE.lines(), Quote::new("`").role(Role::Code)],
    word_extras: Bytes::of("."),
    ..HASHED
}
.ready();

pub(in super::super) const JULIA: &Language = &Language {
    name: "julia",
    words: words!([
        "abstract baremodule begin break catch const continue do else elseif end export finally for \
         global if import in isa let local module mutable primitive quote return struct try using \
         where while",
        "function macro",
        "type outer",
        "true false nothing missing NaN Inf pi",
        "",
        "",
    ]),
    block_comments: &[Block::nested("#=", "=#")],
    quotes: &[
        TRIPLE.hole("$("),
        TRIPLE.prefixed("r b raw"),
        DOUBLE.prefixed("r b raw"),
        DOUBLE.hole("$("),
        CHARACTER,
    ],
    word_extras: Bytes::of("!"),
    sigils: &[DECORATOR, (b':', Role::Number)],
    types: Types::Capital,
    ..HASHED
}
.ready();

pub(in super::super) const MATLAB: &Language = &Language {
    name: "matlab",
    words: words!([
        "break case catch classdef continue else elseif end endfunction endif endfor endwhile for \
         global if methods otherwise parfor persistent properties return switch try while function",
        "",
        "",
        "true false pi Inf NaN",
        "",
        "",
    ]),
    line_comments: &["%", "#"],
    block_comments: &[],
    quotes: &[DOUBLE, Quote::new("'").raw().only(Guard::Value)],
    ..Language::new("matlab")
}
.ready();

pub(in super::super) const AWK: &Language = &Language {
    name: "awk",
    words: words!([
        "BEGIN END break continue delete do else exit for getline if in next nextfile print printf \
         return while",
        "function func",
        "",
        "",
        "",
        "",
    ]),
    quotes: &[DOUBLE, SLASHES],
    sigils: &[(b'$', Role::Code)],
    ..HASHED
}
.ready();

pub(in super::super) const VIM: &Language = &Language {
    name: "vim",
    form: Form::Statements,
    line_comments: &["\""],
    line_comment_place: Place::LineStart,
    quotes: &[DOUBLE, SINGLE.raw()],
    word_extras: Bytes::of("#:!&"),
    calls: Calls::Statement,
    ..Language::new("vim")
}
.ready();

pub(in super::super) const ASSEMBLY: &Language = &Language {
    name: "assembly",
    form: Form::Statements,
    line_comments: &[";", "//", "# ", "@ "],
    block_comments: &[super::STARS],
    word_extras: Bytes::of(".$"),
    calls: Calls::Statement,
    quotes: &[DOUBLE, SINGLE],
    ..Language::new("assembly")
}
.ready();

pub(in super::super) const REGEX: &Language = &Language {
    name: "regex",
    form: Form::Regex,
    quotes: &[],
    calls: Calls::None,
    has_numbers: false,
    ..Language::new("regex")
}
.ready();

pub(in super::super) const GRAPHQL: &Language = &Language {
    name: "graphql",
    words: words!([
        "directive enum extend fragment implements input interface mutation on query scalar schema \
         subscription type union",
        "",
        "",
        "true false null",
        "",
        "",
    ]),
    quotes: &[TRIPLE, DOUBLE],
    sigils: &[DECORATOR, (b'$', Role::Code)],
    types: Types::Capital,
    calls: Calls::None,
    ..HASHED
}
.ready();
