//! YAML: keys, and scalars that are plain text unless they are quoted.

use super::{
    Role,
    language::Quote,
    machine::{Before, Mode, State},
    rest::{Rest, is_blank, is_name},
};

const DOUBLE: &Quote = &Quote::new("\"");
const SINGLE: &Quote = &Quote::new("'").raw();

impl State {
    /// Takes the next token of a line. [`Before::Operator`]: a key or a value may begin.
    pub(super) fn yaml(&mut self, rest: Rest<'_>) -> (usize, Role) {
        let first = rest.byte(0);
        if self.is_start {
            self.before = Before::Operator;
        }
        if is_blank(first) {
            return (rest.run(0, is_blank), Role::Code);
        }
        if first == b'#' && (self.is_start || is_blank(self.previous)) {
            self.enter(Mode::Line(Role::Comment));
            return (rest.len(), Role::Comment);
        }
        if self.before != Before::Operator {
            // A doubled quote goes on with its string.
            if first == b'\'' && self.previous == b'\'' {
                return self.yaml_quoted(rest, SINGLE);
            }
            return self.yaml_plain(rest, 0);
        }
        if self.previous == 0 && (rest.begins("---") || rest.begins("...")) {
            return (3, Role::Code);
        }
        match first {
            b'"' => return self.yaml_quoted(rest, DOUBLE),
            b'\'' => return self.yaml_quoted(rest, SINGLE),
            b'-' | b'?' if rest.len() == 1 || is_blank(rest.byte(1)) => {
                // What stands behind a dash is indented as far as the dash allows.
                return (1, Role::Code);
            }
            b'|' | b'>' => {
                self.next = Some(Mode::Indented(self.indent));
                self.before = Before::Value;
                return (1, Role::Code);
            }
            b'!' => return (1 + rest.run(1, |byte| byte.is_ascii_graphic()), Role::Keyword),
            b'&' | b'*' => {
                let length = 1 + rest.run(1, is_name);
                return (length, Role::Code);
            }
            b'[' | b'{' | b',' => return (1, Role::Code),
            b']' | b'}' => {
                self.before = Before::Value;
                return (1, Role::Code);
            }
            _ => {}
        }
        let length = scalar(rest, 0);
        if is_key(rest, length) {
            return (length, Role::Type);
        }
        if first == b':' {
            return (1, Role::Code);
        }
        let word = &rest.bytes[..length];
        let end = length - word.iter().rev().take_while(|byte| is_blank(**byte)).count();
        self.before = Before::Value;
        if is_value(&word[..end]) {
            return (end, Role::Number);
        }
        self.yaml_plain(rest, length)
    }

    fn yaml_quoted(&mut self, rest: Rest<'_>, quote: &'static Quote) -> (usize, Role) {
        let mut at = 1;
        while at < rest.len() && rest.byte(at) != quote.open.as_bytes()[0] {
            at += if rest.byte(at) == quote.escape && quote.escape != 0 { 2 } else { 1 };
        }
        let is_closed = at < rest.len();
        let role = if is_closed && is_key(rest, at + 1) { Role::Type } else { Role::String };
        if (is_closed || !rest.is_whole)
            && self.enter(Mode::Quoted { quote, role, in_class: false })
        {
            return (1, role);
        }
        self.before = Before::Value;
        (1, Role::Code)
    }

    /// The rest of a plain scalar, and what ends it.
    fn yaml_plain(&mut self, rest: Rest<'_>, from: usize) -> (usize, Role) {
        let end = from + scalar(rest, from);
        if end == from && from > 0 {
            return (end, Role::Code);
        }
        if end == from {
            // A bracket, a comma, or the colon behind a key.
            if matches!(rest.byte(from), b',' | b'[' | b'{' | b':') {
                self.before = Before::Operator;
            }
            return (1, Role::Code);
        }
        (end, Role::Code)
    }
}

/// How far the scalar goes: to a colon or a comment behind a blank, or what ends it in brackets.
fn scalar(rest: Rest<'_>, from: usize) -> usize {
    let mut at = from;
    while at < rest.len() {
        let (byte, next) = (rest.byte(at), rest.byte(at + 1));
        let ends = match byte {
            b':' => at + 1 == rest.len() || is_blank(next) || matches!(next, b',' | b'}' | b']'),
            b',' => at + 1 == rest.len() || is_blank(next),
            b'[' | b'{' => at == from,
            b']' | b'}' => true,
            b'#' => at > 0 && is_blank(rest.byte(at - 1)),
            _ => false,
        };
        if ends {
            break;
        }
        at += 1;
    }
    at - from
}

fn is_key(rest: Rest<'_>, length: usize) -> bool {
    length > 0
        && rest.byte(length) == b':'
        && (length + 1 == rest.len() || is_blank(rest.byte(length + 1)))
}

/// A number, or a word that stands for a value.
fn is_value(scalar: &[u8]) -> bool {
    let digits = scalar.strip_prefix(b"-").unwrap_or(scalar);
    let is_number = digits.first().is_some_and(u8::is_ascii_digit)
        && digits.iter().all(|byte| byte.is_ascii_hexdigit() || b".xo_+-".contains(byte))
        && !digits.iter().skip(1).any(|byte| *byte == b'-');
    let words: [&[u8]; 8] = [b"true", b"false", b"null", b"~", b"yes", b"no", b"on", b"off"];
    is_number || words.iter().any(|word| word.eq_ignore_ascii_case(scalar))
}
