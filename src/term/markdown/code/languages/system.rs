//! Compiled languages with braces.

use super::{
    Block, C_LIKE, CHARACTER, Calls, DECORATOR, DOUBLE, Form, Language, Literal, Quote, Role,
    SINGLE, STARS, TRIPLE, Types, Words, words,
};

pub(in super::super) const RUST: &Language = &Language {
    name: "rust",
    words: words!([
        "as async await break const continue crate dyn else enum extern for if impl in let loop \
         match mod move mut pub ref return static struct super trait type unsafe use where while \
         yield",
        "fn",
        "union auto macro_rules",
        "true false self",
        "Self bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64",
        "",
    ]),
    block_comments: &[Block::nested("/*", "*/")],
    quotes: &[DOUBLE.lines(), DOUBLE.lines().prefixed("b c"), CHARACTER, CHARACTER.prefixed("b")],
    literals: &[Literal::RustRaw],
    ..C_LIKE
}
.ready();

const C_WORDS: &str = "break case const continue default do else enum extern for goto if inline \
     register restrict return sizeof static struct switch typedef typeof union volatile while \
     _Atomic _Static_assert _Thread_local _Noreturn static_assert thread_local alignas alignof";
const C_TYPES: &str = "void char short int long float double signed unsigned bool _Bool wchar_t \
     FILE auto";

pub(in super::super) const C: &Language = &Language {
    name: "c",
    form: Form::C,
    words: words!([C_WORDS, "", "", "true false NULL nullptr", C_TYPES, ""]),
    types: Types::Suffix,
    ..C_LIKE
}
.ready();

pub(in super::super) const CPP: &Language = &Language {
    name: "c++",
    form: Form::C,
    words: words!([
        "break case const continue default do else enum extern for goto if inline register return \
         sizeof static struct switch typedef union volatile while catch class co_await co_return \
         co_yield concept const_cast consteval constexpr constinit decltype delete dynamic_cast \
         explicit export friend mutable namespace new noexcept operator private protected public \
         reinterpret_cast requires static_assert static_cast template this thread_local throw try \
         typeid typename using virtual and or not __global__ __device__ __host__ __shared__",
        "",
        "final override import module in out inout uniform layout varying precision",
        "true false NULL nullptr",
        "void char short int long float double signed unsigned bool wchar_t auto size_t uint8_t \
         uint16_t uint32_t uint64_t int8_t int16_t int32_t int64_t char8_t char16_t char32_t string \
         string_view vector map unordered_map set unordered_set pair tuple optional unique_ptr \
         shared_ptr vec2 vec3 vec4 mat2 mat3 mat4 sampler2D",
        "",
    ]),
    quotes: &[DOUBLE, DOUBLE.prefixed("L u U u8"), SINGLE, SINGLE.prefixed("L u U u8")],
    literals: &[Literal::CppRaw],
    ..C_LIKE
}
.ready();

pub(in super::super) const OBJECTIVE_C: &Language = &Language {
    name: "objective-c",
    form: Form::C,
    words: words!([
        C_WORDS,
        "",
        "in",
        "YES NO nil NULL true false self super",
        "void char short int long float double signed unsigned bool id instancetype SEL IMP BOOL \
         Class",
        "",
    ]),
    sigils: &[(b'@', Role::Keyword)],
    calls: Calls::AnyParen,
    ..C_LIKE
}
.ready();

pub(in super::super) const CSHARP: &Language = &Language {
    name: "c#",
    form: Form::C,
    words: words!([
        "abstract as async await base break case catch checked class const continue default \
         delegate do else enum event explicit extern finally fixed for foreach goto if implicit in \
         interface internal is lock namespace new operator out override params private protected \
         public readonly ref return sealed sizeof stackalloc static struct switch this throw try \
         typeof unchecked unsafe using virtual volatile while",
        "",
        "record yield when where var get set init partial required select from let orderby join \
         group into global with not and or",
        "true false null",
        "bool byte char decimal double float int long object sbyte short string uint ulong ushort \
         void dynamic nint nuint",
        "",
    ]),
    quotes: &[
        TRIPLE.raw(),
        Quote::new("@\"").raw().lines().closed_by("\""),
        Quote::new("$@\"").raw().lines().closed_by("\"").hole("{"),
        Quote::new("$\"").closed_by("\"").hole("{"),
        DOUBLE,
        SINGLE,
    ],
    calls: Calls::AnyParen,
    ..C_LIKE
}
.ready();

pub(in super::super) const JAVA: &Language = &Language {
    name: "java",
    words: words!([
        "abstract assert break case catch class const continue default do else enum extends final \
         finally for goto if implements import instanceof interface native new package private \
         protected public return static strictfp super switch synchronized this throw throws \
         transient try volatile while",
        "",
        "record sealed permits non-sealed yield var when module requires exports",
        "true false null",
        "boolean byte char double float int long short void",
        "",
    ]),
    quotes: &[TRIPLE, DOUBLE, SINGLE],
    sigils: &[DECORATOR],
    ..C_LIKE
}
.ready();

pub(in super::super) const GROOVY: &Language = &Language {
    name: "groovy",
    words: words!([
        "abstract as assert break case catch class continue default do else enum extends final \
         finally for if implements import in instanceof interface new package private protected \
         public return static super switch this throw throws trait try while def",
        "",
        "var",
        "true false null",
        "boolean byte char double float int long short void",
        "",
    ]),
    quotes: &[
        TRIPLE.hole("${"),
        Quote::new("'''").lines(),
        DOUBLE.hole("${"),
        SINGLE,
        super::SLASHES,
    ],
    sigils: &[DECORATOR],
    ..C_LIKE
}
.ready();

pub(in super::super) const KOTLIN: &Language = &Language {
    name: "kotlin",
    words: words!([
        "abstract as break by class companion const continue crossinline do else enum final finally \
         for if import in infix inline inner interface internal is lateinit noinline object open \
         operator override package private protected public reified return sealed super suspend \
         tailrec this throw try typealias typeof val var vararg when while",
        "fun",
        "data annotation actual expect external out catch where init constructor get set",
        "true false null",
        "",
        "",
    ]),
    block_comments: &[Block::nested("/*", "*/")],
    quotes: &[TRIPLE.raw().hole("${"), DOUBLE.hole("${"), SINGLE],
    sigils: &[DECORATOR],
    ..C_LIKE
}
.ready();

pub(in super::super) const SCALA: &Language = &Language {
    name: "scala",
    words: words!([
        "abstract case catch class do else enum extends final finally for forSome given if implicit \
         import lazy match new object override package private protected return sealed super this \
         throw trait try type using val var while with yield then",
        "def",
        "extension inline opaque open end derives export",
        "true false null",
        "",
        "",
    ]),
    block_comments: &[Block::nested("/*", "*/")],
    quotes: &[
        TRIPLE.raw().hole("${").prefixed("s f raw"),
        TRIPLE.raw(),
        DOUBLE.hole("${").prefixed("s f"),
        DOUBLE.prefixed("raw"),
        DOUBLE,
        CHARACTER,
    ],
    sigils: &[DECORATOR],
    ..C_LIKE
}
.ready();

pub(in super::super) const GO: &Language = &Language {
    name: "go",
    words: words!([
        "break case chan const continue default defer else fallthrough for go goto if import \
         interface map package range return select struct switch type var",
        "func",
        "",
        "true false nil iota",
        "any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 \
         int64 rune string uint uint8 uint16 uint32 uint64 uintptr",
        "",
    ]),
    quotes: &[DOUBLE, Quote::new("`").raw().lines(), SINGLE],
    types: Types::None,
    ..C_LIKE
}
.ready();

pub(in super::super) const SWIFT: &Language = &Language {
    name: "swift",
    words: words!([
        "actor as associatedtype async await break case catch class continue convenience default \
         defer deinit do else enum extension fallthrough fileprivate final for guard if import in \
         indirect infix inout internal is lazy let mutating nonisolated nonmutating open operator \
         override private protocol public repeat required rethrows return some static struct \
         subscript super switch throw throws try typealias unowned var weak where while",
        "func",
        "any macro willSet didSet",
        "true false nil self",
        "Self Any",
        "init",
    ]),
    block_comments: &[Block::nested("/*", "*/")],
    quotes: &[TRIPLE.hole("\\("), DOUBLE.hole("\\(")],
    literals: &[Literal::SwiftRaw],
    sigils: &[DECORATOR, (b'#', Role::Keyword)],
    ..C_LIKE
}
.ready();

pub(in super::super) const DART: &Language = &Language {
    name: "dart",
    words: words!([
        "abstract as assert async await base break case catch class const continue default do else \
         enum export extends extension factory final finally for if implements import in interface \
         is late library mixin new part rethrow return sealed static super switch this throw try \
         typedef var void while with yield",
        "",
        "required covariant external get set on show hide operator deferred",
        "true false null",
        "bool double dynamic int num",
        "",
    ]),
    quotes: &[
        Quote::new("'''").lines().hole("${"),
        TRIPLE.hole("${"),
        SINGLE.raw().prefixed("r"),
        DOUBLE.raw().prefixed("r"),
        SINGLE.hole("${"),
        DOUBLE.hole("${"),
    ],
    sigils: &[DECORATOR],
    ..C_LIKE
}
.ready();

pub(in super::super) const ZIG: &Language = &Language {
    name: "zig",
    words: words!([
        "addrspace align allowzero and anyframe asm async await break callconv catch comptime const \
         continue defer else enum errdefer error export extern for if inline linksection noalias \
         noinline nosuspend opaque or orelse packed pub resume return struct suspend switch test \
         threadlocal try union unreachable usingnamespace var volatile while",
        "fn",
        "",
        "true false null undefined",
        "anyerror anyopaque anytype bool c_int comptime_float comptime_int f16 f32 f64 f128 i8 i16 \
         i32 i64 i128 isize noreturn type u1 u8 u16 u32 u64 u128 usize void",
        "",
    ]),
    block_comments: &[],
    literals: &[Literal::ZigLines],
    sigils: &[DECORATOR],
    types: Types::Capital,
    ..C_LIKE
}
.ready();

pub(in super::super) const SOLIDITY: &Language = &Language {
    name: "solidity",
    words: words!([
        "abstract as assembly break calldata catch constant constructor continue contract delete do \
         else emit enum external fallback for if immutable import indexed interface internal is \
         library memory modifier new override payable pragma private public pure receive return \
         returns revert storage struct try unchecked using view virtual while event error",
        "function",
        "anonymous from",
        "true false this super",
        "address bool bytes bytes32 int int256 mapping string uint uint8 uint256",
        "",
    ]),
    ..C_LIKE
}
.ready();

pub(in super::super) const PROTOBUF: &Language = &Language {
    name: "protobuf",
    words: words!([
        "enum extend extensions import message oneof optional option package public repeated \
         required reserved returns rpc service stream syntax weak to edition",
        "",
        "",
        "true false",
        "bool bytes double fixed32 fixed64 float int32 int64 map sfixed32 sfixed64 sint32 sint64 \
         string uint32 uint64",
        "",
    ]),
    block_comments: &[STARS],
    types: Types::Capital,
    ..C_LIKE
}
.ready();
