//! Shells, and files of commands.

use super::{
    Block, Bytes, Calls, DOUBLE, Form, HASHED, Language, Literal, Place, Quote, Role, SINGLE,
    Words, words,
};

const WORDS: Words = words!([
    "if then else elif fi while until do done esac time coproc end begin and or not return break \
     continue exit",
    "function",
    "for case select foreach switch",
    "",
    "",
    "sudo exec command builtin nohup eval",
]);

const SHELLS: Language = Language {
    form: Form::Shell,
    words: WORDS,
    line_comment_place: Place::Apart,
    quotes: &[
        Quote::new("$'").closed_by("'").lines(),
        DOUBLE.lines().hole("$("),
        SINGLE.raw().lines(),
    ],
    literals: &[Literal::Heredoc],
    word_extras: Bytes::of("-./:@%+,~*?^#"),
    sigils: &[(b'$', Role::Code)],
    calls: Calls::Command,
    has_numbers: false,
    ..HASHED
};

pub(in super::super) const SHELL: &Language = &Language { name: "shell", ..SHELLS }.ready();

pub(in super::super) const CONSOLE: &Language =
    &Language { name: "console", form: Form::Console, ..SHELLS }.ready();

pub(in super::super) const POWERSHELL: &Language = &Language {
    name: "powershell",
    form: Form::Statements,
    words: words!([
        "begin break catch class continue data do dynamicparam else elseif end enum exit filter \
         finally for foreach from hidden if in param process return static switch throw trap try \
         until using while -eq -ne -gt -ge -lt -le -like -notlike -match -notmatch -contains -in \
         -and -or -not -is -as -replace -split -join",
        "function",
        "",
        "",
        "",
        "",
    ])
    .in_any_case(),
    line_comment_place: Place::Apart,
    block_comments: &[Block::new("<#", "#>")],
    quotes: &[
        Quote::new("@\"").closed_by("\"@").raw().lines(),
        Quote::new("@'").closed_by("'@").raw().lines(),
        DOUBLE.escaped_by(b'`').lines().hole("$("),
        SINGLE.raw().lines(),
    ],
    word_extras: Bytes::of("-"),
    sigils: &[(b'$', Role::Code)],
    calls: Calls::VerbNoun,
    ..HASHED
}
.ready();

pub(in super::super) const BATCH: &Language = &Language {
    name: "batch",
    form: Form::Statements,
    words: words!([
        "call cd copy defined del do echo else endlocal exist exit for goto if in mkdir not pause \
         set setlocal shift start",
        "",
        "",
        "",
        "",
        "",
    ])
    .in_any_case(),
    line_comments: &["::", "rem ", "REM "],
    line_comment_place: Place::LineStart,
    quotes: &[DOUBLE.raw()],
    word_extras: Bytes::of("-.%"),
    calls: Calls::None,
    has_numbers: false,
    ..Language::new("batch")
}
.ready();

pub(in super::super) const DOCKERFILE: &Language = &Language {
    name: "dockerfile",
    form: Form::Docker,
    words: words!([
        "add arg cmd copy entrypoint env expose from healthcheck label maintainer onbuild run shell \
         stopsignal user volume workdir",
        "",
        "",
        "",
        "",
        "",
    ]).in_any_case(),
    line_comment_place: Place::LineStart,
    quotes: &[DOUBLE, SINGLE.raw()],
    word_extras: Bytes::of("-./:@%+,~*?"),
    sigils: &[(b'$', Role::Code)],
    calls: Calls::Statement,
    has_numbers: false,
    ..HASHED
}
.ready();

pub(in super::super) const MAKEFILE: &Language = &Language {
    name: "makefile",
    form: Form::Make,
    words: words!([
        "define else endef endif export ifdef ifeq ifndef ifneq include override unexport vpath \
         -include sinclude",
        "",
        "",
        "",
        "",
        "",
    ]),
    line_comment_place: Place::Apart,
    quotes: &[DOUBLE, SINGLE.raw()],
    word_extras: Bytes::of("-./%"),
    calls: Calls::None,
    has_numbers: false,
    ..HASHED
}
.ready();

pub(in super::super) const CMAKE: &Language = &Language {
    name: "cmake",
    words: words!([
        "if else elseif endif foreach endforeach while endwhile function endfunction macro endmacro \
         return break continue include",
        "",
        "",
        "on off true false",
        "",
        "",
    ]).in_any_case(),
    quotes: &[DOUBLE.lines()],
    literals: &[Literal::LongBracket],
    word_extras: Bytes::of("-."),
    ..HASHED
}
.ready();

pub(in super::super) const HCL: &Language = &Language {
    name: "hcl",
    form: Form::Statements,
    words: words!(["for in if else endif endfor", "", "", "true false null", "", ""]),
    line_comments: &["#", "//"],
    block_comments: &[super::STARS],
    quotes: &[DOUBLE.hole("${")],
    literals: &[Literal::Heredoc],
    word_extras: Bytes::of("-"),
    calls: Calls::Statement,
    ..Language::new("hcl")
}
.ready();

pub(in super::super) const NGINX: &Language = &Language {
    name: "nginx",
    form: Form::Statements,
    line_comment_place: Place::Apart,
    quotes: &[DOUBLE.lines(), SINGLE.lines()],
    word_extras: Bytes::of("-./:~*^"),
    sigils: &[(b'$', Role::Code)],
    calls: Calls::Statement,
    ..HASHED
}
.ready();
