//! Functional languages, with layout or with brackets.

use super::{
    Block, Bytes, CHARACTER, Calls, DOUBLE, Form, HASHED, Language, Literal, Quote, Role, SINGLE,
    TRIPLE, Types, Words, words,
};

pub(in super::super) const HASKELL: &Language = &Language {
    name: "haskell",
    words: words!([
        "case class data default deriving do else foreign if import in infix infixl infixr instance \
         let module newtype of then type where qualified as hiding family forall",
        "",
        "",
        "",
        "",
        "",
    ]),
    line_comments: &["--"],
    block_comments: &[Block::nested("{-", "-}")],
    quotes: &[DOUBLE, CHARACTER],
    word_extras: Bytes::of("'"),
    types: Types::CapitalOrLetter,
    calls: Calls::Margin,
    ..Language::new("haskell")
}
.ready();

const ML_WORDS: &str = "and as assert begin class constraint do done downto else end exception \
     external for fun function functor if in include inherit initializer lazy let match method \
     module mutable new nonrec object of open or private rec sig struct then to try type val \
     virtual when while with";

pub(in super::super) const OCAML: &Language = &Language {
    name: "ocaml",
    words: words!([
        ML_WORDS,
        "",
        "",
        "true false",
        "array bool bytes char exn float int int32 int64 list option ref result string unit",
        "",
    ]),
    block_comments: &[Block::nested("(*", "*)")],
    quotes: &[DOUBLE.lines(), CHARACTER],
    word_extras: Bytes::of("'"),
    types: Types::Capital,
    calls: Calls::None,
    ..Language::new("ocaml")
}
.ready();

pub(in super::super) const FSHARP: &Language = &Language {
    name: "f#",
    words: words!([
        "abstract and as assert async base begin class default delegate do done downcast else elif \
         end exception extern finally for fun function if in inherit inline interface internal \
         lazy let match member module mutable namespace new not of open or override private public \
         rec return sig static struct task then to try type upcast use val void when while with \
         yield",
        "",
        "",
        "true false null",
        "array bool byte char decimal exn float int int64 list obj option seq string unit",
        "",
    ]),
    line_comments: &["//"],
    block_comments: &[Block::nested("(*", "*)")],
    quotes: &[
        TRIPLE.raw(),
        Quote::new("@\"").raw().lines().closed_by("\""),
        Quote::new("$\"").hole("{").closed_by("\""),
        DOUBLE.lines(),
        CHARACTER,
    ],
    word_extras: Bytes::of("'"),
    types: Types::Capital,
    calls: Calls::None,
    ..Language::new("f#")
}
.ready();

pub(in super::super) const ELIXIR: &Language = &Language {
    name: "elixir",
    words: words!([
        "after alias and case catch cond do else end fn for if import in not or quote raise receive \
         require rescue try unless unquote use when with defmodule defstruct defprotocol defimpl \
         defexception defdelegate",
        "def defp defmacro defmacrop defguard",
        "",
        "true false nil",
        "",
        "",
    ]),
    quotes: &[
        TRIPLE.hole("#{"),
        Quote::new(":\"").closed_by("\"").role(Role::Number),
        DOUBLE.lines().hole("#{"),
        SINGLE,
    ],
    literals: &[Literal::Sigil],
    word_extras: Bytes::of("?!"),
    sigils: &[(b':', Role::Number), (b'@', Role::Type)],
    types: Types::Capital,
    ..HASHED
}
.ready();

pub(in super::super) const ERLANG: &Language = &Language {
    name: "erlang",
    words: words!([
        "after and andalso band begin bnot bor bsl bsr bxor case catch cond div else end fun if let \
         maybe not of or orelse receive rem try when xor",
        "",
        "",
        "true false undefined",
        "",
        "",
    ]),
    line_comments: &["%"],
    quotes: &[DOUBLE.lines(), SINGLE.role(Role::Code)],
    literals: &[Literal::DollarCharacter],
    word_extras: Bytes::of("@"),
    sigils: &[(b'?', Role::Type)],
    ..Language::new("erlang")
}
.ready();

pub(in super::super) const LISP: &Language = &Language {
    name: "lisp",
    words: words!([
        "and begin case cond do dolist dotimes else if lambda let let* letrec loop not or progn \
         quote set! setf setq unless unwind-protect when define-syntax syntax-rules defclass \
         defstruct defpackage in-package defvar defparameter defconst defcustom require provide use \
         module let-values named-lambda with-open-file",
        "defun defmacro defmethod defgeneric define",
        "",
        "t nil #t #f #true #false",
        "",
        "",
    ]).in_any_case(),
    line_comments: &[";"],
    block_comments: &[Block::nested("#|", "|#")],
    quotes: &[DOUBLE.lines()],
    word_extras: Bytes::of("-+*/<>=!?:%&."),
    calls: Calls::Bracket,
    ..Language::new("lisp")
}
.ready();

pub(in super::super) const CLOJURE: &Language = &Language {
    name: "clojure",
    words: words!([
        "and case catch comment cond cond-> do doseq dotimes finally fn for if if-let if-not import \
         let letfn loop new ns or quote recur require set! throw try use var when when-let when-not \
         while def defonce defrecord defprotocol deftype reify -> ->>",
        "defn defn- defmacro defmulti defmethod deftest",
        "",
        "true false nil",
        "",
        "",
    ]),
    line_comments: &[";"],
    quotes: &[DOUBLE.lines(), Quote::new("#\"").lines().closed_by("\"")],
    literals: &[Literal::BackslashCharacter],
    word_extras: Bytes::of("-+*/<>=!?.'%&"),
    sigils: &[(b':', Role::Number)],
    calls: Calls::Bracket,
    ..Language::new("clojure")
}
.ready();

pub(in super::super) const NIX: &Language = &Language {
    name: "nix",
    form: Form::Free,
    words: words!([
        "assert else if in inherit let or rec then with",
        "",
        "",
        "true false null",
        "",
        "import builtins map toString throw abort",
    ]),
    block_comments: &[super::STARS],
    quotes: &[Quote::new("''").raw().lines().hole("${"), DOUBLE.lines().hole("${")],
    word_extras: Bytes::of("'-"),
    calls: Calls::None,
    ..HASHED
}
.ready();
