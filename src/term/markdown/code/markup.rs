//! Elements, in HTML and XML and inside of JavaScript.

use super::{
    Role,
    language::{Form, Quote},
    languages::{data, script},
    machine::{Before, Mode, Phase, State},
    rest::{Rest, is_blank, is_name},
};

const DOUBLE: &Quote = &Quote::new("\"").raw().lines();
const SINGLE: &Quote = &Quote::new("'").raw().lines();

/// Comments of documents are the first of the language's; see `languages::data`.
const COMMENT: Mode = Mode::Comment { kind: 0, depth: 0 };

impl State {
    /// Goes on in the text between tags.
    pub(super) fn markup(&mut self, rest: Rest<'_>, depth: u32) -> (usize, Role) {
        let is_jsx = self.language.form == Form::Jsx;
        let text = rest.run(0, |byte| byte != b'<' && byte != b'&' && !(is_jsx && byte == b'{'));
        if text > 0 {
            return (text, Role::Code);
        }
        if rest.begins("<?") && self.language.form == Form::Php {
            self.leave();
            self.before = Before::Operator;
            let word = rest.run(2, |byte| byte.is_ascii_alphabetic() || byte == b'=');
            return (2 + word, Role::Keyword);
        }
        if !is_jsx && rest.begins("<!--") && self.language.form == Form::Markup {
            self.enter(COMMENT);
            return (4, Role::Comment);
        }
        match (rest.byte(0), rest.byte(1)) {
            (b'{', _) => {
                self.enter_hole(b'{');
                (1, Role::Code)
            }
            (b'&', _) => {
                let name = 1 + rest.run(1, |byte| byte.is_ascii_alphanumeric() || byte == b'#');
                let is_entity = name > 1 && rest.byte(name) == b';';
                if is_entity { (name + 1, Role::Number) } else { (1, Role::Code) }
            }
            (_, b'/') => {
                self.enter(Mode::Tag { is_end: true });
                (2, Role::Code)
            }
            (_, b'!' | b'?') => {
                // What it ends begins with itself.
                *self.mode() = Mode::Markup { depth: depth.saturating_add(1) };
                self.enter(Mode::Tag { is_end: true });
                (2, Role::Code)
            }
            (_, next) if next.is_ascii_alphabetic() || (is_jsx && next == b'>') => {
                self.enter(Mode::Tag { is_end: false });
                (1, Role::Code)
            }
            _ => (1, Role::Code),
        }
    }

    /// Goes on in a tag.
    pub(super) fn tag(&mut self, rest: Rest<'_>, is_end: bool) -> (usize, Role) {
        let first = rest.byte(0);
        let is_jsx = self.language.form == Form::Jsx;
        match first {
            b'>' => {
                self.end_tag(is_end, false);
                (1, Role::Code)
            }
            b'/' | b'?' if rest.byte(1) == b'>' => {
                self.end_tag(is_end, true);
                (2, Role::Code)
            }
            b'"' | b'\'' => {
                let quote = if first == b'"' { DOUBLE } else { SINGLE };
                self.enter(Mode::Quoted { quote, role: Role::String, in_class: false });
                (1, Role::String)
            }
            b'{' if is_jsx => {
                self.enter_hole(b'{');
                (1, Role::Code)
            }
            _ if is_blank(first) => (rest.run(0, is_blank), Role::Code),
            _ if is_tag_name(first) => {
                let length = rest.run(0, is_tag_name);
                let is_element = matches!(self.previous, b'<' | b'/' | b'!' | b'?');
                if is_element && !is_end && self.language.form == Form::Markup {
                    self.phase = match rest.bytes[..length].to_ascii_lowercase().as_slice() {
                        b"script" => Phase::Script,
                        b"style" => Phase::Style,
                        _ => Phase::None,
                    };
                }
                // The value of an attribute may have no quotes.
                let is_value = self.previous == b'=';
                let role = if is_element { Role::Type } else { Role::Function };
                (length, if is_value { Role::String } else { role })
            }
            _ => (1, Role::Code),
        }
    }

    fn end_tag(&mut self, is_end: bool, is_empty: bool) {
        self.leave();
        let phase = std::mem::replace(&mut self.phase, Phase::None);
        let Mode::Markup { depth } = self.mode() else {
            return;
        };
        if is_end {
            *depth = depth.saturating_sub(1);
        } else if !is_empty {
            *depth = depth.saturating_add(1);
        }
        if *depth == 0 && self.language.form == Form::Jsx {
            self.leave();
            return;
        }
        let language = match phase {
            Phase::Script if !is_empty => script::JAVASCRIPT,
            Phase::Style if !is_empty => data::CSS,
            _ => return,
        };
        if self.enter_hole(0) {
            self.host = Some(self.language);
            self.language = language;
        }
    }
}

fn is_tag_name(byte: u8) -> bool {
    is_name(byte) || b"-:.@#*".contains(&byte)
}
