//! What the machine must know of a language to colour it. Values only; the tables are in
//! `languages`.

use std::fmt;

use super::Role;

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
    /// What belongs to words, besides letters, digits, `_` and everything beyond ASCII.
    pub(super) word_extras: &'static str,
    /// Characters that make a word behind them something else: `@` of decorators, `$` of variables.
    pub(super) sigils: &'static [(u8, Role)],
    pub(super) types: Types,
    pub(super) calls: Calls,
    pub(super) has_numbers: bool,
    /// [`WORD`] and [`START`] for each byte; [`Language::ready`] works them out.
    pub(super) classes: [u8; 256],
}

/// The class of bytes that words are made of.
const WORD: u8 = 1;
/// The class of bytes that may begin a comment, a string or what a form has of its own.
const START: u8 = 2;

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
            word_extras: "",
            sigils: &[],
            types: Types::None,
            calls: Calls::Paren,
            has_numbers: true,
            classes: [0; 256],
        }
    }

    /// Works out what each byte may be.
    pub(super) const fn ready(mut self) -> Self {
        let mut byte = u8::MAX;
        while byte > 0 {
            // Bytes beyond ASCII are words, whatever they mean.
            if byte >= 128 || byte.is_ascii_alphanumeric() {
                self.classes[byte as usize] = WORD;
            }
            byte -= 1;
        }
        self = self.mark("_", WORD).mark(self.word_extras, WORD);
        self = match self.form {
            Form::C | Form::Jsx => self.mark("<", START),
            Form::Php => self.mark("<?", START),
            // `<`: the end of the element that the styles stand in.
            Form::Css | Form::Scss => self.mark("<#!", START),
            Form::Regex => self.mark("\\[()|?*+^$", START),
            _ => self,
        };
        let mut at = 0;
        while at < self.sigils.len() {
            self.classes[self.sigils[at].0 as usize] |= START;
            at += 1;
        }
        at = 0;
        while at < self.line_comments.len() {
            self = self.mark_first(self.line_comments[at]);
            at += 1;
        }
        at = 0;
        while at < self.block_comments.len() {
            self = self.mark_first(self.block_comments[at].open);
            at += 1;
        }
        at = 0;
        while at < self.quotes.len() {
            self = self.mark_first(self.quotes[at].open);
            at += 1;
        }
        at = 0;
        while at < self.literals.len() {
            self = self.mark(self.literals[at].starts(), START);
            at += 1;
        }
        self
    }

    const fn mark(mut self, bytes: &str, class: u8) -> Self {
        let (bytes, mut at) = (bytes.as_bytes(), 0);
        while at < bytes.len() {
            self.classes[bytes[at] as usize] |= class;
            at += 1;
        }
        self
    }

    const fn mark_first(mut self, mark: &str) -> Self {
        self.classes[mark.as_bytes()[0] as usize] |= START;
        self
    }

    /// Whether this byte is part of words.
    pub(super) fn is_word(&self, byte: u8) -> bool {
        self.classes[usize::from(byte)] & WORD != 0
    }

    /// Whether more than a word, a number or an operator may begin with this byte.
    pub(super) fn may_start(&self, byte: u8) -> bool {
        self.classes[usize::from(byte)] & START != 0
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

/// What a known word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    Keyword,
    /// A keyword with the name of a function behind it.
    Definer,
    /// A keyword only before a word, a string or a bracket of names; else a name.
    Soft,
    /// `true`, `nil`, `self`.
    Value,
    Type,
    Function,
}

/// The known words of a language: lists separated by spaces, and where each word is in them.
#[derive(Clone, Copy)]
pub(super) struct Words {
    lists: [&'static str; 6],
    ignores_case: bool,
    /// List and offset of the word, plus one, by hash; the next free slot takes a second word.
    slots: [u16; SLOTS],
}

const SLOTS: usize = 512;
/// Offsets into a list take the lower bits of a slot.
const OFFSET_BITS: u16 = 12;
const KINDS: [Known; 6] =
    [Known::Keyword, Known::Definer, Known::Soft, Known::Value, Known::Type, Known::Function];

impl Words {
    pub(super) const NONE: Self = Self::new([""; 6]);

    /// From lists of keywords, definers, soft keywords, values, types and functions.
    pub(super) const fn new(lists: [&'static str; 6]) -> Self {
        Self { lists, ignores_case: false, slots: [0; SLOTS] }.filled()
    }

    /// As [`Words::new`], for words written in lower case and found in any.
    pub(super) const fn any_case(lists: [&'static str; 6]) -> Self {
        Self { lists, ignores_case: true, slots: [0; SLOTS] }.filled()
    }

    const fn filled(mut self) -> Self {
        let mut list = 0;
        let mut number = 0_u16;
        while list < self.lists.len() {
            let words = self.lists[list].as_bytes();
            let (mut at, mut offset) = (0, 0_u16);
            while at < words.len() {
                let start = at;
                while at < words.len() && words[at] != b' ' {
                    at += 1;
                }
                let mut slot = hash(words[start], words[at - 1], at - start);
                while self.slots[slot] != 0 {
                    slot = (slot + 1) % SLOTS;
                }
                self.slots[slot] = ((number << OFFSET_BITS) | offset) + 1;
                while offset as usize <= at {
                    offset += 1;
                }
                at += 1;
            }
            list += 1;
            number += 1;
        }
        self
    }

    /// What this word is, if it is known.
    pub(super) fn find(&self, word: &[u8]) -> Option<Known> {
        let (first, last) = (*word.first()?, *word.last()?);
        let mut slot = hash(first, last, word.len());
        loop {
            let found = self.slots[slot].checked_sub(1)?;
            let list = usize::from(found >> OFFSET_BITS);
            let rest =
                &self.lists[list].as_bytes()[usize::from(found & ((1 << OFFSET_BITS) - 1))..];
            let is_whole = matches!(rest.get(word.len()), None | Some(b' '));
            if is_whole && rest.len() >= word.len() {
                let known = &rest[..word.len()];
                if known == word || (self.ignores_case && known.eq_ignore_ascii_case(word)) {
                    return KINDS.get(list).copied();
                }
            }
            slot = (slot + 1) % SLOTS;
        }
    }
}

/// Takes no heed of letter case.
const fn hash(first: u8, last: u8, length: usize) -> usize {
    ((first | 32) as usize * 31 + (last | 32) as usize * 7 + length * 73) % SLOTS
}
