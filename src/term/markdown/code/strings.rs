//! Strings and comments, of one line and of many.

use super::{
    Role,
    language::{Guard, Literal, Quote},
    machine::{Before, Mode, State, closing},
    rest::{Rest, is_blank, is_name},
};

/// The end of a string, made up where the string begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Delimiter {
    bytes: [u8; 24],
    length: usize,
}

impl Delimiter {
    pub(super) const NONE: Self = Self { bytes: [0; 24], length: 0 };

    /// These pieces, if they fit.
    fn of(pieces: &[&[u8]]) -> Option<Self> {
        let mut delimiter = Self::NONE;
        for piece in pieces {
            let end = delimiter.length + piece.len();
            delimiter.bytes.get_mut(delimiter.length..end)?.copy_from_slice(piece);
            delimiter.length = end;
        }
        Some(delimiter)
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl State {
    /// Enters the string that begins behind a prefix of this length, if one does.
    pub(super) fn open_quote(
        &mut self,
        rest: Rest<'_>,
        quote: &'static Quote,
        prefix: usize,
    ) -> Option<(usize, Role)> {
        if prefix == 0 && !self.allows(quote.guard) {
            return None;
        }
        let start = prefix + quote.open.len();
        if quote.guard == Guard::Character {
            return self.character(rest, start);
        }
        let end = end_of(rest, quote, start);
        // An apostrophe, or a division.
        let is_blank_slash = quote.guard == Guard::Value && is_blank(rest.byte(start));
        if !quote.spans_lines && end.is_none() && (rest.is_whole || is_blank_slash) {
            let is_continued = rest.is_whole && rest.bytes.ends_with(b"\\");
            if !is_continued || is_blank_slash {
                return None;
            }
        }
        let role = self.role_of_string(rest, quote, end);
        if !self.enter(Mode::Quoted { quote, role, in_class: false }) {
            return None;
        }
        Some((start, role))
    }

    /// The string behind a short word that is its prefix.
    pub(super) fn prefixed_quote(
        &mut self,
        rest: Rest<'_>,
        prefix: usize,
    ) -> Option<(usize, Role)> {
        if !matches!(rest.byte(prefix), b'"' | b'\'' | b'`' | b'#') {
            return None;
        }
        let language = self.language;
        let word = &rest.bytes[..prefix];
        if language.has(Literal::RustRaw) || language.has(Literal::CppRaw) {
            let found = self.raw_string(rest, prefix);
            if found.is_some() {
                return found;
            }
        }
        for quote in language.quotes {
            let mut prefixes = quote.prefixes.split_ascii_whitespace();
            if prefixes.any(|it| it.as_bytes().eq_ignore_ascii_case(word))
                && rest.has(prefix, quote.open)
                && let Some(found) = self.open_quote(rest, quote, prefix)
            {
                return Some(found);
            }
        }
        None
    }

    /// `'x'`, `'\n'`; what else begins with the mark is a name.
    fn character(&mut self, rest: Rest<'_>, start: usize) -> Option<(usize, Role)> {
        if self.before == Before::Value && !self.is_start && self.previous != b' ' && start == 1 {
            return None;
        }
        let first = rest.byte(start);
        let length = if first == b'\\' {
            2 + rest.run(start + 2, |byte| byte != b'\'' && byte != b' ')
        } else {
            // Further bytes of one character.
            1 + rest.run(start + 1, |byte| byte & 0xc0 == 0x80)
        };
        self.before = Before::Value;
        if first != b'\'' && rest.byte(start + length) == b'\'' {
            return Some((start + length + 1, Role::String));
        }
        (start == 1 && is_name(first)).then(|| (1 + rest.run(1, is_name), Role::Code))
    }

    /// Goes on in a string.
    pub(super) fn quoted(
        &mut self,
        rest: Rest<'_>,
        quote: &'static Quote,
        role: Role,
        mut in_class: bool,
    ) -> (usize, Role) {
        let is_regex = quote.guard == Guard::Value;
        let mut at = 0;
        while at < rest.len() {
            let byte = rest.byte(at);
            if !quote.hole.is_empty() && rest.has(at, quote.hole) {
                let length = quote.hole.len();
                let open = rest.byte(at + length - 1);
                if length == 1 && rest.byte(at + 1) == byte {
                    at += 2;
                    continue;
                }
                if at > 0 {
                    break;
                }
                if self.enter_hole(open) {
                    return (length, Role::Code);
                }
            }
            if byte == quote.escape && byte != 0 {
                if at + 1 == rest.len() {
                    self.is_continued = rest.is_whole;
                    // What is escaped is behind the window.
                    if !rest.is_whole && at > 0 {
                        break;
                    }
                }
                at += 2;
                continue;
            }
            if is_regex && (byte == b'[' || byte == b']') {
                in_class = byte == b'[';
            } else if !in_class && rest.has(at, quote.close) {
                let flags =
                    if is_regex { rest.run(at + 1, |it| it.is_ascii_lowercase()) } else { 0 };
                self.leave();
                return (at + quote.close.len() + flags, role);
            }
            at += 1;
            // A longer mark may be cut by the window.
            if !rest.is_whole && at + quote.close.len().max(3) > rest.len() {
                break;
            }
        }
        *self.mode() = Mode::Quoted { quote, role, in_class };
        (at, role)
    }

    /// Goes on in a comment.
    pub(super) fn comment(&mut self, rest: Rest<'_>, kind: u8, mut depth: u32) -> (usize, Role) {
        let before = self.before;
        let Some(block) = self.language.block_comments.get(usize::from(kind)) else {
            self.leave();
            return (rest.len(), Role::Comment);
        };
        if block.is_at_margin {
            if self.previous == 0 && rest.begins(block.close) {
                *self.mode() = Mode::Line(Role::Comment);
            }
            return (rest.len(), Role::Comment);
        }
        let longest = block.open.len().max(block.close.len());
        let mut at = 0;
        while at < rest.len() {
            if rest.has(at, block.close) {
                at += block.close.len();
                let Some(less) = depth.checked_sub(1) else {
                    self.leave();
                    self.before = before;
                    return (at, Role::Comment);
                };
                depth = less;
            } else if block.nests && rest.has(at, block.open) {
                at += block.open.len();
                depth = depth.saturating_add(1);
            } else {
                at += 1;
            }
            if !rest.is_whole && at + longest > rest.len() {
                break;
            }
        }
        *self.mode() = Mode::Comment { kind, depth };
        (at, Role::Comment)
    }

    /// Goes on up to the delimiter.
    pub(super) fn until(&mut self, rest: Rest<'_>, role: Role) -> (usize, Role) {
        let delimiter = self.delimiter;
        let close = delimiter.as_bytes();
        let found = rest.bytes.windows(close.len().max(1)).position(|it| it == close);
        if let Some(at) = found {
            self.leave();
            return (at + close.len(), role);
        }
        let kept = if rest.is_whole { 0 } else { close.len() - 1 };
        (rest.len().saturating_sub(kept), role)
    }

    /// Goes on between brackets or other marks.
    pub(super) fn pair(
        &mut self,
        rest: Rest<'_>,
        open: u8,
        close: u8,
        mut depth: u32,
        mut parts: u8,
    ) -> (usize, Role) {
        let mut at = 0;
        while at < rest.len() {
            let byte = rest.byte(at);
            if byte == b'\\' {
                if at + 1 == rest.len() && !rest.is_whole && at > 0 {
                    break;
                }
                at += 2;
                continue;
            }
            at += 1;
            if byte == close && (depth == 0 || open == close) {
                parts -= 1;
                if parts == 0 {
                    self.leave();
                    return (at + rest.run(at, |it| it.is_ascii_lowercase()), Role::String);
                }
                // `s{…}{…}`: the second part has a bracket of its own.
                if open != close && rest.byte(at) == open {
                    at += 1;
                }
            } else if byte == close {
                depth -= 1;
            } else if byte == open && open != close {
                depth = depth.saturating_add(1);
            }
            // Flags and a second bracket may be behind the window.
            if !rest.is_whole && at + 16 > rest.len() {
                break;
            }
        }
        *self.mode() = Mode::Pair { open, close, depth, parts };
        (at, Role::String)
    }

    /// Goes on in a heredoc.
    pub(super) fn heredoc(&mut self, rest: Rest<'_>) -> (usize, Role) {
        let delimiter = self.delimiter;
        let close = delimiter.as_bytes();
        if self.is_start {
            let blanks = rest.run(0, is_blank);
            let end = blanks + close.len();
            if rest.bytes[blanks..].starts_with(close) && !is_name(rest.byte(end)) {
                self.leave();
                return (end, Role::String);
            }
            if blanks > 0 && blanks < rest.len() {
                return (blanks, Role::String);
            }
        }
        (rest.len(), Role::String)
    }

    /// A string or a character that the language begins in a way of its own.
    pub(super) fn literal(&mut self, rest: Rest<'_>, literal: Literal) -> Option<(usize, Role)> {
        match literal {
            // They begin with a letter: see `prefixed_quote` and `form_word`.
            Literal::RustRaw | Literal::CppRaw | Literal::PerlQuote => None,
            Literal::SwiftRaw => {
                let marks = rest.run(0, |byte| byte == b'#');
                let is_open = marks > 0 && rest.byte(marks) == b'"';
                let close = Delimiter::of(&[b"\"", &rest.bytes[..marks]]);
                self.enter_until(is_open.then_some(close)??, Role::String, marks + 1)
            }
            Literal::LongBracket => self.long_bracket(rest),
            Literal::RubyPercent => {
                let kind = usize::from(b"wWiIqQrs".contains(&rest.byte(1)));
                let mark = rest.byte(1 + kind);
                let is_mark = matches!(mark, b'(' | b'[' | b'{') || (kind == 1 && mark == b'|');
                let is_open = rest.byte(0) == b'%' && is_mark && self.before != Before::Value;
                self.enter_pair(is_open.then_some(mark)?, 1, 2 + kind)
            }
            Literal::Sigil => {
                let letters = rest.run(1, |byte| byte.is_ascii_alphabetic());
                let mark = rest.byte(1 + letters);
                let is_open = rest.byte(0) == b'~'
                    && (1..8).contains(&letters)
                    && matches!(mark, b'(' | b'[' | b'{' | b'<' | b'/' | b'|' | b'"' | b'\'');
                let triple = [mark; 3];
                if is_open && mark == b'"' && rest.bytes[1 + letters..].starts_with(&triple) {
                    return self.enter_until(Delimiter::of(&[&triple])?, Role::String, letters + 4);
                }
                self.enter_pair(is_open.then_some(mark)?, 1, 2 + letters)
            }
            Literal::Heredoc | Literal::PhpHeredoc => self.open_heredoc(rest, literal),
            Literal::BackslashCharacter => {
                let is_open = rest.byte(0) == b'\\' && rest.len() > 1;
                let letters = rest.run(2, is_name);
                is_open.then(|| (2 + letters, Role::String))
            }
            Literal::DollarCharacter => {
                let is_open = rest.byte(0) == b'$' && rest.byte(1).is_ascii_graphic();
                let length = if rest.byte(1) == b'\\' { 3 } else { 2 };
                is_open.then_some((length, Role::String))
            }
            Literal::EscapedMark => {
                let is_mark = rest.byte(0) == b'\\' && rest.byte(1).is_ascii_punctuation();
                is_mark.then_some((2, Role::Code))
            }
            Literal::ZigLines => {
                let is_open = rest.begins("\\\\") && self.enter(Mode::Line(Role::String));
                is_open.then_some((rest.len(), Role::String))
            }
        }
    }

    /// `q`, `qw`, `m` and `s` of Perl, behind which a mark stands.
    pub(super) fn perl_quote(&mut self, rest: Rest<'_>, length: usize) -> Option<(usize, Role)> {
        let parts = match &rest.bytes[..length] {
            b"q" | b"qq" | b"qw" | b"qr" | b"m" => 1,
            b"s" | b"tr" | b"y" => 2,
            _ => return None,
        };
        let mark = rest.byte(length);
        let is_mark = mark.is_ascii_punctuation() && !b",;)=>-_.:".contains(&mark);
        let is_open = is_mark && self.before != Before::Dot && !b"$@%&{".contains(&self.previous);
        self.enter_pair(is_open.then_some(mark)?, parts, length + 1)
    }

    fn raw_string(&mut self, rest: Rest<'_>, prefix: usize) -> Option<(usize, Role)> {
        let word = &rest.bytes[..prefix];
        if self.language.has(Literal::RustRaw) {
            let marks = rest.run(prefix, |byte| byte == b'#');
            let is_open = matches!(word, b"r" | b"br" | b"cr") && rest.byte(prefix + marks) == b'"';
            let close = Delimiter::of(&[b"\"", &rest.bytes[prefix..prefix + marks]]);
            return self.enter_until(is_open.then_some(close)??, Role::String, prefix + marks + 1);
        }
        let name = rest.run(prefix + 1, |byte| is_name(byte) || byte == b'-');
        let end = prefix + 1 + name;
        let is_open = word.ends_with(b"R") && rest.byte(prefix) == b'"' && rest.byte(end) == b'(';
        let close = Delimiter::of(&[b")", &rest.bytes[prefix + 1..end], b"\""]);
        self.enter_until(is_open.then_some(close)??, Role::String, end + 1)
    }

    fn long_bracket(&mut self, rest: Rest<'_>) -> Option<(usize, Role)> {
        let mark = self.language.line_comments.iter().find(|mark| rest.begins(mark));
        let start = mark.map_or(0, |mark| mark.len());
        let marks = rest.run(start + 1, |byte| byte == b'=');
        let is_open = rest.byte(start) == b'[' && rest.byte(start + 1 + marks) == b'[';
        let level = rest.bytes.get(start + 1..start + 1 + marks)?;
        let close = is_open.then(|| Delimiter::of(&[b"]", level, b"]"]))??;
        let role = if start > 0 { Role::Comment } else { Role::String };
        self.enter_until(close, role, start + marks + 2)
    }

    fn open_heredoc(&mut self, rest: Rest<'_>, literal: Literal) -> Option<(usize, Role)> {
        let (mark, kinds) = match literal {
            Literal::PhpHeredoc => ("<<<", &b""[..]),
            _ => ("<<", &b"-~"[..]),
        };
        let mut at = mark.len();
        if !rest.begins(mark) || self.next.is_some() || self.previous == b'<' {
            return None;
        }
        let is_shell = self.language.line_comments == ["#"] && !self.language.has_numbers;
        at += usize::from(kinds.contains(&rest.byte(at)));
        if is_shell || literal == Literal::PhpHeredoc {
            at += rest.run(at, is_blank);
        }
        let quote = Some(rest.byte(at)).filter(|byte| matches!(byte, b'"' | b'\'' | b'\\'));
        at += usize::from(quote.is_some());
        let name = rest.run(at, is_name);
        let end = at + name;
        let first = rest.byte(at);
        let is_name = first.is_ascii_uppercase()
            || first == b'_'
            || (first.is_ascii_lowercase() && (quote.is_some() || is_shell || at > 2));
        let is_closed = quote.is_none_or(|mark| mark == b'\\' || rest.byte(end) == mark);
        if !is_name || !is_closed {
            return None;
        }
        self.delimiter = Delimiter::of(&[&rest.bytes[at..end]])?;
        self.next = Some(Mode::Heredoc);
        self.before = Before::Value;
        Some((end + usize::from(quote.is_some_and(|mark| mark != b'\\')), Role::String))
    }

    fn enter_until(
        &mut self,
        close: Delimiter,
        role: Role,
        length: usize,
    ) -> Option<(usize, Role)> {
        // A heredoc that is to come needs the place of the delimiter.
        if self.next.is_some() || !self.enter(Mode::Until(role)) {
            return None;
        }
        self.delimiter = close;
        Some((length, role))
    }

    fn enter_pair(&mut self, open: u8, parts: u8, length: usize) -> Option<(usize, Role)> {
        let mode = Mode::Pair { open, close: closing(open), depth: 0, parts };
        self.enter(mode).then_some((length, Role::String))
    }
}

/// Where the string of one line that begins at `start` ends: behind its closing mark.
fn end_of(rest: Rest<'_>, quote: &Quote, start: usize) -> Option<usize> {
    let (mut at, mut in_class) = (start, false);
    while at < rest.len() {
        let byte = rest.byte(at);
        if byte == quote.escape && byte != 0 {
            at += 2;
            continue;
        }
        if quote.guard == Guard::Value && (byte == b'[' || byte == b']') {
            in_class = byte == b'[';
        } else if !in_class && rest.has(at, quote.close) {
            return Some(at + quote.close.len());
        }
        at += 1;
    }
    None
}
