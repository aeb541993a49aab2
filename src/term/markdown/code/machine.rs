//! Where in its language a piece of code stands, and the step from there over the next token.

use super::{
    Role,
    language::{Calls, Form, Guard, Language, Literal, Place, Quote, Types},
    rest::{Rest, is_blank, is_name},
    strings::Delimiter,
    words::Known,
};

/// How deep strings, code inside of them, elements and comments may stand in one another. What is
/// deeper is taken for the text around it.
const DEPTH: usize = 24;

/// What the next characters belong to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mode {
    /// Code. Inside of a string or an element it ends with a bracket of its own.
    Code { open: u8, close: u8, depth: u32 },
    /// The rest of the line is of one role.
    Line(Role),
    /// A comment; which of the language's, and how many stand in one another.
    Comment { kind: u8, depth: u32 },
    /// A string. `in_class`: inside of the square brackets of a regular expression.
    Quoted { quote: &'static Quote, role: Role, in_class: bool },
    /// Up to the delimiter.
    Until(Role),
    /// A string between brackets or other marks; `parts` end before it is over.
    Pair { open: u8, close: u8, depth: u32, parts: u8 },
    /// Lines up to one that begins with the delimiter.
    Heredoc,
    /// Lines that are indented further than this, and empty ones.
    Indented(u32),
    /// Elements and text; how many elements stand in one another.
    Markup { depth: u32 },
    /// A tag: of an element's end, or of its beginning.
    Tag { is_end: bool },
}

/// What stands before a place in the code, blanks aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// Nothing, or what wants a value or a command behind it.
    Operator,
    /// Something that ends a value.
    Value,
    /// The dot before a member.
    Dot,
    /// What defines a function.
    Definer,
}

/// What a form remembers from one token to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    None,
    /// Behind a key or a property.
    Value,
    /// A shell's `for` or `case`, whose `in` is to come.
    Loop,
    /// Among the lines of a diff.
    Hunk,
    /// The element that is open holds a script, or a style.
    Script,
    Style,
}

/// The state of the machine: everything that matters for what follows.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) language: &'static Language,
    /// Whose text the code is part of: HTML of a script, Make of a recipe.
    pub(super) host: Option<&'static Language>,
    modes: [Mode; DEPTH],
    top: usize,
    pub(super) before: Before,
    pub(super) phase: Phase,
    /// The byte before, NUL at the left margin.
    pub(super) previous: u8,
    /// Only blanks stand before on this line.
    pub(super) is_start: bool,
    /// The width of those blanks.
    pub(super) indent: u32,
    /// A backslash ends the line.
    pub(super) is_continued: bool,
    pub(super) delimiter: Delimiter,
    /// What waits for the next line.
    pub(super) next: Option<Mode>,
}

const CODE: Mode = Mode::Code { open: 0, close: 0, depth: 0 };

impl State {
    /// Before the first line.
    pub(super) fn new(language: &'static Language) -> Self {
        let base = match language.form {
            Form::Markup => Mode::Markup { depth: 0 },
            _ => CODE,
        };
        Self {
            language,
            host: None,
            modes: [base; DEPTH],
            top: 0,
            before: Before::Operator,
            phase: Phase::None,
            previous: 0,
            is_start: true,
            indent: 0,
            is_continued: false,
            delimiter: Delimiter::NONE,
            next: None,
        }
    }

    pub(super) fn mode(&mut self) -> &mut Mode {
        &mut self.modes[self.top]
    }

    /// Enters a mode, unless it is too deep.
    pub(super) fn enter(&mut self, mode: Mode) -> bool {
        let fits = self.top + 1 < DEPTH;
        if fits {
            self.top += 1;
            self.modes[self.top] = mode;
        }
        fits
    }

    /// Enters code that ends with the bracket that belongs to `open`.
    pub(super) fn enter_hole(&mut self, open: u8) -> bool {
        let close = closing(open);
        let fits = self.enter(Mode::Code { open, close, depth: 0 });
        if fits {
            self.before = Before::Operator;
        }
        fits
    }

    /// Whether this is code inside of a string.
    pub(super) fn is_hole(&mut self) -> bool {
        matches!(self.mode(), Mode::Code { close, .. } if *close != 0)
    }

    pub(super) fn leave(&mut self) {
        self.top = self.top.saturating_sub(1);
        self.before = Before::Value;
    }

    /// Takes the next token; returns its length, which is never 0, and what it is.
    pub(super) fn step(&mut self, rest: Rest<'_>) -> (usize, Role) {
        let (length, role) = match *self.mode() {
            Mode::Code { .. } => self.code(rest),
            Mode::Line(role) => (rest.len(), role),
            Mode::Comment { kind, depth } => self.comment(rest, kind, depth),
            Mode::Quoted { quote, role, in_class } => self.quoted(rest, quote, role, in_class),
            Mode::Until(role) => self.until(rest, role),
            Mode::Pair { open, close, depth, parts } => self.pair(rest, open, close, depth, parts),
            Mode::Heredoc => self.heredoc(rest),
            Mode::Indented(indent) => self.indented(rest, indent),
            Mode::Markup { depth } => self.markup(rest, depth),
            Mode::Tag { is_end } => self.tag(rest, is_end),
        };
        let length = length.clamp(1, rest.len());
        // Characters beyond ASCII are never cut.
        let length = length + rest.run(length, |byte| byte & 0xc0 == 0x80);
        if self.is_start {
            // What stands behind a dash of YAML is indented by it.
            let is_dash = self.language.form == Form::Yaml && length == 1 && rest.byte(0) == b'-';
            let blanks = if is_dash { 1 } else { rest.run(0, is_blank).min(length) };
            self.indent = self.indent.saturating_add(u32::try_from(blanks).unwrap_or(u32::MAX));
            self.is_start = blanks == length;
        }
        self.previous = rest.byte(length - 1);
        (length, role)
    }

    /// The line is over.
    pub(super) fn end_line(&mut self) {
        let is_continued = std::mem::take(&mut self.is_continued);
        if !is_continued {
            let ends = |mode: &Mode| match mode {
                Mode::Line(_) => true,
                Mode::Quoted { quote, .. } => !quote.spans_lines,
                _ => false,
            };
            if let Some(first) = self.modes[..=self.top].iter().position(ends) {
                self.top = first.saturating_sub(1);
                self.before = Before::Value;
            }
            self.end_statement();
        }
        if let Some(mode) = self.next.take() {
            self.enter(mode);
        }
        self.previous = 0;
        self.is_start = true;
        self.indent = 0;
    }

    fn code(&mut self, rest: Rest<'_>) -> (usize, Role) {
        if self.language.form == Form::Yaml {
            return self.yaml(rest);
        }
        if self.is_start
            && let Some(found) = self.line_start(rest)
        {
            return found;
        }
        let first = rest.byte(0);
        if is_blank(first) {
            return (rest.run(0, is_blank), Role::Code);
        }
        if self.language.may_start(first)
            && let Some(found) = self.special(rest)
        {
            return found;
        }
        if first.is_ascii_digit() && self.language.has_numbers && !is_name(self.previous) {
            self.before = Before::Value;
            return (self.number(rest), Role::Number);
        }
        if self.language.is_word(first) {
            return self.word(rest);
        }
        if first == b'\\' && rest.is_whole && rest.len() == 1 {
            self.is_continued = true;
        } else {
            self.operator(first);
        }
        (1, Role::Code)
    }

    /// Comments, strings and what a form has of its own.
    fn special(&mut self, rest: Rest<'_>) -> Option<(usize, Role)> {
        let language = self.language;
        if let Some(found) = self.form_special(rest) {
            return Some(found);
        }
        for literal in language.literals {
            if let Some(found) = self.literal(rest, *literal) {
                return Some(found);
            }
        }
        for (kind, block) in (0..).zip(language.block_comments) {
            if rest.begins(block.open)
                && (!block.is_at_margin || self.previous == 0)
                && self.enter(Mode::Comment { kind, depth: 0 })
            {
                return Some((block.open.len(), Role::Comment));
            }
        }
        if language.line_comments.iter().any(|mark| rest.begins(mark)) && self.is_comment(rest) {
            self.enter(Mode::Line(Role::Comment));
            return Some((rest.len(), Role::Comment));
        }
        for quote in language.quotes {
            if rest.begins(quote.open)
                && quote.prefixes.is_empty()
                && let Some(found) = self.open_quote(rest, quote, 0)
            {
                return Some(found);
            }
        }
        let (_, role) = language.sigils.iter().find(|(mark, _)| *mark == rest.byte(0))?;
        self.sigil(rest, *role)
    }

    fn is_comment(&self, rest: Rest<'_>) -> bool {
        match self.language.line_comment_place {
            // The slashes of an address, and an arrow.
            Place::Anywhere => {
                let is_address = self.previous == b':' && rest.byte(0) == b'/';
                !is_address && !rest.begins("-->")
            }
            Place::Apart => matches!(self.previous, 0 | b' ' | b'\t' | b';' | b'('),
            Place::LineStart => self.is_start,
        }
    }

    fn sigil(&mut self, rest: Rest<'_>, role: Role) -> Option<(usize, Role)> {
        let mark = rest.byte(0);
        let is_word = |byte| match self.language.calls {
            Calls::VerbNoun | Calls::Command => is_name(byte),
            _ => self.language.is_word(byte),
        };
        let length = rest.run(1, is_word);
        let is_behind = mark == b':' && (self.previous == b':' || is_name(self.previous));
        if length == 0 || is_behind || (mark != b'$' && rest.byte(1).is_ascii_digit()) {
            return None;
        }
        self.before = Before::Value;
        Some((1 + length, role))
    }

    fn number(&self, rest: Rest<'_>) -> usize {
        let is_hex = rest.byte(0) == b'0' && rest.byte(1) | 32 == b'x';
        let mut at = 1;
        while at < rest.len() {
            let (byte, last, next) = (rest.byte(at), rest.byte(at - 1) | 32, rest.byte(at + 1));
            let goes_on = match byte {
                b'.' => next.is_ascii_digit(),
                b'+' | b'-' => next.is_ascii_digit() && (last == b'p' || (last == b'e' && !is_hex)),
                b'\'' => self.language.form == Form::C && next.is_ascii_alphanumeric(),
                b'%' => matches!(self.language.form, Form::Css | Form::Scss),
                _ => byte.is_ascii_alphanumeric() || byte == b'_',
            };
            if !goes_on {
                break;
            }
            at += 1;
        }
        at
    }

    fn word(&mut self, rest: Rest<'_>) -> (usize, Role) {
        let language = self.language;
        let length = rest.run(0, |byte| language.is_word(byte));
        let word = &rest.bytes[..length];
        // The end of a word that is too long to be known.
        if language.is_word(self.previous) && is_name(self.previous) {
            return (length, Role::Code);
        }
        if length <= 3
            && let Some(found) = self.prefixed_quote(rest, length)
        {
            return found;
        }
        if let Some(found) = self.form_word(rest, length) {
            return found;
        }
        let before = match std::mem::replace(&mut self.before, Before::Value) {
            // `) -> Type`: the arrow of a member stands close.
            Before::Dot if is_blank(self.previous) => Before::Operator,
            before => before,
        };
        let is_called = rest.byte(length) == b'(';
        let known = if before == Before::Dot { None } else { language.words.find(word) };
        let role = match known {
            Some(Known::Keyword) => {
                self.before = Before::Operator;
                Role::Keyword
            }
            Some(Known::Definer) => {
                self.before = Before::Definer;
                Role::Keyword
            }
            Some(Known::Soft) if !is_called && is_soft_keyword(rest, length) => {
                self.before = Before::Operator;
                Role::Keyword
            }
            Some(Known::Value) => Role::Number,
            Some(Known::Type) => Role::Type,
            Some(Known::Function) => {
                self.before = Before::Operator;
                Role::Function
            }
            Some(Known::Soft) | None => self.unknown_word(rest, word, before, is_called),
        };
        (length, role)
    }

    fn unknown_word(&self, rest: Rest<'_>, word: &[u8], before: Before, is_called: bool) -> Role {
        let language = self.language;
        if before == Before::Definer || (language.calls == Calls::AnyParen && is_called) {
            return Role::Function;
        }
        let is_type = match language.types {
            Types::None => false,
            Types::Capital => is_capital(word),
            Types::CapitalOrLetter => {
                is_capital(word) || (word.len() == 1 && word[0].is_ascii_uppercase())
            }
            Types::Suffix => word.ends_with(b"_t") && word.len() > 2,
        };
        if is_type && before != Before::Dot {
            return Role::Type;
        }
        let is_function = match language.calls {
            Calls::None | Calls::Command => false,
            Calls::Statement => is_called,
            Calls::Paren | Calls::AnyParen => is_called || is_macro(language, rest, word.len()),
            Calls::Bracket => {
                self.previous == b'(' && before == Before::Operator && word[0].is_ascii_alphabetic()
            }
            Calls::Margin => self.previous == 0,
            Calls::VerbNoun => is_called || (word[0].is_ascii_alphabetic() && word.contains(&b'-')),
        };
        if is_function { Role::Function } else { Role::Code }
    }

    fn operator(&mut self, byte: u8) {
        if let Mode::Code { open, close, depth } = self.mode() {
            if byte == *close && *close != 0 {
                match depth.checked_sub(1) {
                    Some(less) => *depth = less,
                    None => return self.leave(),
                }
            } else if byte == *open && *open != 0 {
                *depth = depth.saturating_add(1);
            }
        }
        self.before = match (byte, self.previous) {
            (b')' | b']' | b'}', _) => Before::Value,
            (b'.', previous) if previous != b'.' => Before::Dot,
            (b'>', b'-') if matches!(self.language.form, Form::C | Form::Php) => Before::Dot,
            _ => Before::Operator,
        };
        self.form_operator(byte);
    }

    /// Whether a quote may begin a string here.
    pub(super) fn allows(&self, guard: Guard) -> bool {
        match guard {
            Guard::Always | Guard::Character => true,
            Guard::NotAfterWord => !is_name(self.previous),
            Guard::Value => self.before == Before::Operator,
        }
    }
}

pub(super) fn closing(open: u8) -> u8 {
    match open {
        b'(' => b')',
        b'[' => b']',
        b'{' => b'}',
        b'<' => b'>',
        other => other,
    }
}

/// `HashMap`, not `MAX` and not `X_train`.
fn is_capital(word: &[u8]) -> bool {
    word[0].is_ascii_uppercase() && !word.contains(&b'_') && word.iter().any(u8::is_ascii_lowercase)
}

/// `println!(`, `vec![`.
fn is_macro(language: &Language, rest: Rest<'_>, length: usize) -> bool {
    language.has(Literal::RustRaw)
        && rest.byte(length) == b'!'
        && matches!(rest.byte(length + 1), b'(' | b'[' | b'{')
}

/// `type Name`, `from "file"`, `import *`, not `type = 1` and not `from.x`.
fn is_soft_keyword(rest: Rest<'_>, length: usize) -> bool {
    is_blank(rest.byte(length)) && {
        let next = rest.past_blanks(length);
        is_name(next) || matches!(next, b'{' | b'"' | b'\'' | b'*' | b'@' | b'$' | b'(')
    }
}
