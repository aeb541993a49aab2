//! What the machine must know of a language to colour it. Values only; the tables are in
//! `languages`.

use std::fmt;

use super::{Role, rest::is_name, words::Words};

/// One language, or a family that is coloured alike.
#[derive(Clone, Copy)]
pub(super) struct Language {
    /// How tests and traces call it.
    pub(super) name: &'static str,
    pub(super) form: Form,
    pub(super) words: Words,
    /// What begins a comment to the end of the line.
    pub(super) line_comments: &'static [&'static str],
    pub(super) line_comment_place: Place,
    pub(super) block_comments: &'static [Block],
    /// Longer openings stand before their prefixes.
    pub(super) quotes: &'static [Quote],
    /// Strings whose ends are made up where they begin.
    pub(super) literals: &'static [Literal],
    /// What belongs to words, besides what [`is_name`] knows.
    pub(super) word_extras: Bytes,
    /// Characters that make a word behind them something else: `@` of decorators, `$` of variables.
    pub(super) sigils: &'static [(u8, Role)],
    pub(super) types: Types,
    pub(super) calls: Calls,
    pub(super) has_numbers: bool,
    /// What may begin a comment, a string or what a form has of its own; [`Language::ready`] works
    /// it out.
    pub(super) starts: Bytes,
}

/// A set of bytes of ASCII.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bytes([u64; 2]);

impl Bytes {
    const NONE: Self = Self([0; 2]);

    pub(super) const fn of(bytes: &str) -> Self {
        Self::NONE.with(bytes)
    }

    const fn with(mut self, bytes: &str) -> Self {
        let (bytes, mut at) = (bytes.as_bytes(), 0);
        while at < bytes.len() {
            self = self.with_byte(bytes[at]);
            at += 1;
        }
        self
    }

    const fn with_byte(mut self, byte: u8) -> Self {
        self.0[byte as usize / 64] |= 1 << (byte % 64);
        self
    }

    fn has(self, byte: u8) -> bool {
        self.0.get(usize::from(byte / 64)).is_some_and(|bits| bits >> (byte % 64) & 1 != 0)
    }
}

/// How lines and words make up a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Lines mean nothing.
    Free,
    /// A line is a statement.
    Statements,
    /// As [`Form::Statements`], of a shell.
    Shell,
    /// What a terminal showed: commands behind prompts, and output.
    Console,
    /// Statements; what `RUN` runs is a shell's.
    Docker,
    /// Statements; what begins with a tab is a shell's.
    Make,
    /// Lines that begin with `#` are the preprocessor's.
    C,
    /// JavaScript and TypeScript with elements in place of values.
    Jsx,
    /// Elements and text. It begins outside of everything.
    Markup,
    /// Code up to `?>`, elements and text from there to `<?`.
    Php,
    Css,
    /// As [`Form::Css`], with `//` for comments.
    Scss,
    Json,
    Yaml,
    /// A key, `=` and a value on a line; sections in brackets.
    Keys,
    Diff,
    Markdown,
    Regex,
}

/// Where a line comment may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Anywhere,
    /// At the beginning of a line, behind a blank, and behind `;` and an opening bracket.
    Apart,
    /// Only blanks stand before it on its line.
    LineStart,
}

/// A comment that ends with a mark of its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    pub(super) nests: bool,
    /// It begins and ends at the left margin: `=pod`, `=begin`.
    pub(super) is_at_margin: bool,
}

impl Block {
    pub(super) const fn new(open: &'static str, close: &'static str) -> Self {
        Self { open, close, nests: false, is_at_margin: false }
    }

    pub(super) const fn nested(open: &'static str, close: &'static str) -> Self {
        Self { nests: true, ..Self::new(open, close) }
    }

    pub(super) const fn at_margin(open: &'static str, close: &'static str) -> Self {
        Self { is_at_margin: true, ..Self::new(open, close) }
    }
}

/// A kind of string. A doubled quote inside needs no rule: it reads as two strings side by side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quote {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    /// Letters, one of which must stand before it; in any letter case, separated by spaces.
    pub(super) prefixes: &'static str,
    /// What takes the meaning of the next character; NUL for nothing.
    pub(super) escape: u8,
    pub(super) spans_lines: bool,
    /// What begins code inside; its last character is the bracket.
    pub(super) hole: &'static str,
    pub(super) guard: Guard,
    pub(super) role: Role,
}

/// Where a quote begins a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guard {
    Always,
    /// Not behind a word: there it is an apostrophe.
    NotAfterWord,
    /// Where a value may begin; behind one it is an operator.
    Value,
    /// One character stands inside: else it is a lifetime, a type variable, a transposition.
    Character,
}

impl Quote {
    /// A string of one line with backslashes.
    pub(super) const fn new(mark: &'static str) -> Self {
        Self {
            open: mark,
            close: mark,
            prefixes: "",
            escape: b'\\',
            spans_lines: false,
            hole: "",
            guard: Guard::Always,
            role: Role::String,
        }
    }

    pub(super) const fn lines(self) -> Self {
        Self { spans_lines: true, ..self }
    }

    pub(super) const fn closed_by(self, close: &'static str) -> Self {
        Self { close, ..self }
    }

    /// `NUL`: nothing is an escape.
    pub(super) const fn escaped_by(self, escape: u8) -> Self {
        Self { escape, ..self }
    }

    pub(super) const fn raw(self) -> Self {
        self.escaped_by(0)
    }

    pub(super) const fn hole(self, hole: &'static str) -> Self {
        Self { hole, ..self }
    }

    pub(super) const fn prefixed(self, prefixes: &'static str) -> Self {
        Self { prefixes, ..self }
    }

    pub(super) const fn only(self, guard: Guard) -> Self {
        Self { guard, ..self }
    }

    pub(super) const fn role(self, role: Role) -> Self {
        Self { role, ..self }
    }

    /// A mark that is an apostrophe behind a word.
    pub(super) const fn apart(self) -> Self {
        self.only(Guard::NotAfterWord)
    }
}

/// A character, where the same mark means something else too.
pub(super) const CHARACTER: Quote = Quote::new("'").only(Guard::Character);

/// A regular expression between slashes.
pub(super) const SLASHES: Quote = Quote::new("/").only(Guard::Value);

/// Strings whose ends are made up where they begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Literal {
    /// `r#"…"#`, with `b` and `c`.
    RustRaw,
    /// `R"x(…)x"`.
    CppRaw,
    /// `#"…"#`.
    SwiftRaw,
    /// `[==[…]==]`, and comments `--[[…]]` and `#[[…]]`.
    LongBracket,
    /// `%w[…]`, `%q(…)`.
    RubyPercent,
    /// `~r/…/`, `~s(…)`.
    Sigil,
    /// `q{…}`, `m/…/`, `s/…/…/`.
    PerlQuote,
    /// `<<EOF`, `<<-'EOF'`, `<<~EOF`.
    Heredoc,
    /// `<<<EOF`.
    PhpHeredoc,
    /// `\(`, `\a`, `?a`: a character behind a backslash.
    BackslashCharacter,
    /// `$a`, `$"`.
    DollarCharacter,
    /// `\%`, `\\`: a mark that means nothing behind a backslash.
    EscapedMark,
    /// `\\` to the end of the line.
    ZigLines,
}

/// Which words are types besides those of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Types {
    None,
    /// `Vec`, `HashMap`, not `X` and not `MAX`.
    Capital,
    /// As [`Types::Capital`], and single capitals: `T`.
    CapitalOrLetter,
    /// `size_t`.
    Suffix,
}

/// Which words are functions besides those of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Calls {
    None,
    /// What stands before `(`.
    Paren,
    /// As [`Calls::Paren`], also names that look like types.
    AnyParen,
    /// The first word of a command.
    Command,
    /// The first word in brackets.
    Bracket,
    /// The first word of a line at the left margin.
    Margin,
    /// The first word of a statement is a keyword, unless a colon follows.
    Statement,
    /// `Get-Item`.
    VerbNoun,
}

const COMMON_QUOTES: &[Quote] = &[Quote::new("\""), Quote::new("'").apart()];

impl Literal {
    /// What it may begin with, letters aside.
    const fn starts(self) -> &'static str {
        match self {
            Self::RustRaw | Self::CppRaw | Self::PerlQuote => "",
            Self::SwiftRaw => "#",
            Self::LongBracket => "[-#",
            Self::RubyPercent => "%",
            Self::Sigil => "~",
            Self::Heredoc | Self::PhpHeredoc => "<",
            Self::BackslashCharacter | Self::EscapedMark | Self::ZigLines => "\\",
            Self::DollarCharacter => "$",
        }
    }
}

impl Language {
    /// A language of words alone, with the commonest strings, numbers and calls.
    pub(super) const fn new(name: &'static str) -> Self {
        Self {
            name,
            form: Form::Free,
            words: Words::NONE,
            line_comments: &[],
            line_comment_place: Place::Anywhere,
            block_comments: &[],
            quotes: COMMON_QUOTES,
            literals: &[],
            word_extras: Bytes::NONE,
            sigils: &[],
            types: Types::None,
            calls: Calls::Paren,
            has_numbers: true,
            starts: Bytes::NONE,
        }
    }

    /// Works out what each byte may be.
    pub(super) const fn ready(mut self) -> Self {
        let mut starts = Bytes::of(match self.form {
            Form::C | Form::Jsx => "<",
            Form::Php => "<?",
            // `<`: the end of the element that the styles stand in.
            Form::Css | Form::Scss => "<#!",
            Form::Regex => "\\[()|?*+^$",
            _ => "",
        });
        let mut at = 0;
        while at < self.sigils.len() {
            starts = starts.with_byte(self.sigils[at].0);
            at += 1;
        }
        at = 0;
        while at < self.line_comments.len() {
            starts = starts.with_byte(self.line_comments[at].as_bytes()[0]);
            at += 1;
        }
        at = 0;
        while at < self.block_comments.len() {
            starts = starts.with_byte(self.block_comments[at].open.as_bytes()[0]);
            at += 1;
        }
        at = 0;
        while at < self.quotes.len() {
            starts = starts.with_byte(self.quotes[at].open.as_bytes()[0]);
            at += 1;
        }
        at = 0;
        while at < self.literals.len() {
            starts = starts.with(self.literals[at].starts());
            at += 1;
        }
        self.starts = starts;
        self
    }

    /// Whether this byte is part of words.
    pub(super) fn is_word(&self, byte: u8) -> bool {
        is_name(byte) || self.word_extras.has(byte)
    }

    /// Whether more than a word, a number or an operator may begin with this byte.
    pub(super) fn may_start(&self, byte: u8) -> bool {
        self.starts.has(byte)
    }

    pub(super) fn has(&self, literal: Literal) -> bool {
        self.literals.contains(&literal)
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
