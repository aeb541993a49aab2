//! What the forms have of their own: lines that mean something, and words whose place decides.

use super::{
    Role,
    language::{Calls, Form, Guard, Literal, Quote},
    languages,
    machine::{Before, Mode, Phase, State},
    rest::{Rest, is_blank, is_name},
    words::Known,
};

/// A line of one role.
const CODE_LINE: Mode = Mode::Line(Role::Code);

impl State {
    /// What the beginning of a line means, blanks before it aside.
    pub(super) fn line_start(&mut self, rest: Rest<'_>) -> Option<(usize, Role)> {
        let first = rest.byte(0);
        let is_margin = self.previous == 0;
        match self.language.form {
            Form::Diff => Some(self.diff_line(rest)),
            Form::Markdown => self.markdown_line(rest),
            Form::Console if is_margin => {
                if self.before == Before::Value {
                    return None;
                }
                let prompt = prompt(rest);
                if prompt.is_none() {
                    self.enter(CODE_LINE);
                }
                Some((prompt.unwrap_or(rest.len()), prompt.map_or(Role::Code, |_| Role::Faint)))
            }
            Form::Shell if is_margin && rest.begins("$ ") => Some((1, Role::Faint)),
            Form::Keys if first == b'[' => {
                let end = rest.run(0, |byte| byte != b']');
                let closing = rest.run(end, |byte| byte == b']');
                let is_section = closing > 0 && self.before == Before::Operator;
                is_section.then_some((end + closing, Role::Type))
            }
            Form::Keys => self.key(rest),
            Form::Make if is_margin && first == b'\t' => {
                self.host = Some(self.language);
                self.language = languages::shell::SHELL;
                self.before = Before::Operator;
                Some((rest.run(0, |byte| b"\t@-+ ".contains(&byte)), Role::Code))
            }
            Form::Make if is_margin => self.target(rest),
            Form::C if first == b'#' => {
                let blanks = rest.run(1, is_blank);
                let word = rest.run(1 + blanks, is_name);
                let length = 1 + blanks + word;
                if word == 0 {
                    return None;
                }
                match &rest.bytes[1 + blanks..length] {
                    b"include" | b"import" | b"include_next" => self.phase = Phase::Value,
                    // Prose.
                    b"error" | b"warning" | b"pragma" | b"region" | b"endregion" => {
                        self.enter(CODE_LINE);
                    }
                    _ => {}
                }
                self.before = Before::Operator;
                Some((length, Role::Keyword))
            }
            _ => None,
        }
    }

    /// What a character means in this form alone.
    pub(super) fn form_special(&mut self, rest: Rest<'_>) -> Option<(usize, Role)> {
        let first = rest.byte(0);
        if first == b'<'
            && let Some(found) = self.leave_script(rest)
        {
            return Some(found);
        }
        match self.language.form {
            Form::C if first == b'<' && self.phase == Phase::Value => {
                let end = rest.run(0, |byte| byte != b'>');
                (end < rest.len()).then_some((end + 1, Role::String))
            }
            Form::Jsx if first == b'<' && self.before == Before::Operator => {
                let next = rest.byte(1);
                if !next.is_ascii_alphabetic() && next != b'>' {
                    return None;
                }
                // Type parameters of an arrow function.
                let end = 1 + rest.run(1, is_name);
                let is_generic = rest.byte(end) == b','
                    || rest.bytes[end..].starts_with(b" extends ")
                    || rest.bytes[end..].starts_with(b">(");
                (!is_generic && self.enter(Mode::Markup { depth: 0 })).then(|| self.markup(rest, 0))
            }
            Form::Php if rest.begins("?>") => {
                self.enter(Mode::Markup { depth: 0 });
                Some((2, Role::Keyword))
            }
            Form::Php if rest.begins("<?") => {
                self.before = Before::Operator;
                Some((
                    2 + rest.run(2, |byte| byte.is_ascii_alphabetic() || byte == b'='),
                    Role::Keyword,
                ))
            }
            Form::Css | Form::Scss if first == b'#' => {
                let length = rest.run(1, is_name);
                let is_hex = rest.run(1, |byte| byte.is_ascii_hexdigit()) == length;
                let is_color = is_hex && matches!(length, 3 | 4 | 6 | 8);
                let is_value = self.phase == Phase::Value || self.before == Before::Operator;
                let is_value = is_value && !self.is_start && self.previous != b'}';
                (is_color && is_value).then_some((1 + length, Role::Number))
            }
            Form::Css | Form::Scss if first == b'!' => {
                let length = rest.run(1, is_name);
                (length > 0).then_some((1 + length, Role::Keyword))
            }
            Form::Regex => match first {
                b'\\' => Some((2, Role::Number)),
                b'[' => {
                    let end = rest.run(2, |byte| byte != b']');
                    (2 + end < rest.len()).then_some((3 + end, Role::String))
                }
                _ => Some((1, Role::Keyword)),
            },
            _ => None,
        }
    }

    /// The tag behind a script or a style.
    fn leave_script(&mut self, rest: Rest<'_>) -> Option<(usize, Role)> {
        let host = self.host.filter(|host| host.form == Form::Markup)?;
        if !rest.begins("</script") && !rest.begins("</style") {
            return None;
        }
        self.language = host;
        self.host = None;
        self.phase = Phase::None;
        while !matches!(self.mode(), Mode::Markup { .. }) {
            self.leave();
        }
        self.enter(Mode::Tag { is_end: true });
        Some((2, Role::Code))
    }

    /// What a word means in this form alone.
    pub(super) fn form_word(&mut self, rest: Rest<'_>, length: usize) -> Option<(usize, Role)> {
        let language = self.language;
        if language.has(Literal::PerlQuote)
            && let Some(found) = self.perl_quote(rest, length)
        {
            return Some(found);
        }
        if language.calls == Calls::Command {
            return Some(self.command_word(rest, length));
        }
        if language.calls == Calls::Statement && self.before == Before::Operator && !self.is_hole()
        {
            return Some(self.statement_word(rest, length));
        }
        if language.calls == Calls::Bracket && self.before == Before::Definer {
            // A list of parameters follows.
            self.phase = Phase::Value;
        }
        let next = rest.past_blanks(length);
        match language.form {
            Form::Css | Form::Scss if self.phase == Phase::None && next == b':' => {
                let after = length + rest.run(length, is_blank) + 1;
                let rule = rest.bytes[after..].iter().find(|byte| b";{}".contains(byte));
                let is_property = match rule {
                    Some(b'{') => false,
                    Some(_) => true,
                    None => is_blank(rest.byte(after)) || rest.byte(after) == 0,
                };
                if !is_property || self.before == Before::Dot {
                    return None;
                }
                self.phase = Phase::Value;
                Some((length, Role::Type))
            }
            // `-1`, `-.5`
            Form::Css | Form::Scss
                if rest.byte(0) == b'-'
                    && (rest.byte(1).is_ascii_digit() || rest.byte(1) == b'.' || length == 1) =>
            {
                self.before = Before::Operator;
                Some((1, Role::Code))
            }
            Form::Docker => {
                let is_name = rest.bytes[..length].eq_ignore_ascii_case(b"as");
                Some((length, if is_name { Role::Keyword } else { Role::Code }))
            }
            Form::Json if next == b':' => Some((length, Role::Type)),
            // The names of members may be any word.
            Form::Jsx if rest.byte(length) == b':' && self.before != Before::Dot => {
                let word = &rest.bytes[..length];
                let is_keyword = language.words.find(word) == Some(Known::Keyword);
                (is_keyword && word != b"default").then(|| {
                    self.before = Before::Value;
                    (length, Role::Code)
                })
            }
            _ => None,
        }
    }

    /// A shell's word: a command where one may stand.
    fn command_word(&mut self, rest: Rest<'_>, length: usize) -> (usize, Role) {
        let word = &rest.bytes[..length];
        let next = rest.byte(length);
        if self.before == Before::Definer {
            self.before = Before::Operator;
            return (length, Role::Function);
        }
        if self.before != Before::Operator {
            if self.phase == Phase::Loop && word == b"in" {
                self.phase = Phase::None;
                return (length, Role::Keyword);
            }
            self.before = Before::Value;
            return (length, Role::Code);
        }
        match self.language.words.find(word) {
            Some(Known::Keyword) => return (length, Role::Keyword),
            Some(Known::Definer) => {
                self.before = Before::Definer;
                return (length, Role::Keyword);
            }
            Some(Known::Soft) => {
                self.before = Before::Value;
                self.phase = Phase::Loop;
                return (length, Role::Keyword);
            }
            // What runs the command behind it: `sudo`, `time`.
            Some(Known::Function) => return (length, Role::Function),
            Some(Known::Value | Known::Type) | None => {}
        }
        // A pattern of `case`.
        if self.is_start && next == b')' {
            return (length + 1, Role::Code);
        }
        let is_assigned = next == b'=' || next == b'[' || (next == b'+' && word.len() < rest.len());
        let is_command =
            word[0].is_ascii_alphabetic() || matches!(word[0], b'_' | b'.' | b'/' | b'~');
        self.before = Before::Value;
        let role = if is_command && !is_assigned { Role::Function } else { Role::Code };
        (length, role)
    }

    /// The first word of a statement.
    fn statement_word(&mut self, rest: Rest<'_>, length: usize) -> (usize, Role) {
        let word = &rest.bytes[..length];
        self.before = Before::Value;
        if rest.byte(length) == b':' {
            return (length, Role::Function);
        }
        if rest.past_blanks(length) == b'=' {
            return (length, Role::Type);
        }
        if self.language.form == Form::Docker {
            if self.language.words.find(word) != Some(Known::Keyword) {
                return (length, Role::Code);
            }
            if word.eq_ignore_ascii_case(b"run") {
                self.host = Some(self.language);
                self.language = languages::shell::SHELL;
                self.before = Before::Operator;
            }
            return (length, Role::Keyword);
        }
        let is_word = word[0].is_ascii_alphabetic() || word[0] == b'_';
        (length, if is_word { Role::Keyword } else { Role::Code })
    }

    /// What an operator changes in this form.
    pub(super) fn form_operator(&mut self, byte: u8) {
        let previous = self.previous;
        if matches!(self.language.form, Form::Css | Form::Scss) && b";{}".contains(&byte) {
            self.phase = Phase::None;
        }
        match self.language.calls {
            Calls::Command => {
                self.before = match byte {
                    b'|' | b';' | b'`' => Before::Operator,
                    b'&' if previous != b'>' => Before::Operator,
                    // `$(CC)` of Make is a variable.
                    b'(' if previous == b'$' && self.host.is_some() => Before::Value,
                    b'(' if !matches!(previous, b'(' | b'=') => Before::Operator,
                    b'{' if previous != b'$' && !is_name(previous) => Before::Operator,
                    b'!' if self.before == Before::Operator => Before::Operator,
                    _ => Before::Value,
                };
            }
            Calls::Statement if !matches!(byte, b'{' | b'}' | b';') => self.before = Before::Value,
            Calls::Statement => self.before = Before::Operator,
            Calls::Bracket if byte == b'(' => {
                let is_list = self.phase == Phase::Value || matches!(previous, b'\'' | b'(' | b'`');
                self.before = if is_list { Before::Value } else { Before::Operator };
                self.phase = Phase::None;
            }
            _ => {}
        }
    }

    /// The role of a string: keys of data are no strings.
    pub(super) fn role_of_string(&self, rest: Rest<'_>, quote: &Quote, end: Option<usize>) -> Role {
        let is_data = self.language.form == Form::Json && quote.guard != Guard::Value;
        match end {
            Some(end) if is_data && rest.past_blanks(end) == b':' => Role::Type,
            _ => quote.role,
        }
    }

    /// The end of a line that ends a statement too, if lines do that here.
    pub(super) fn end_statement(&mut self) {
        let is_borrowed = |form| matches!(form, Form::Make | Form::Docker);
        if let Some(host) = self.host.filter(|host| is_borrowed(host.form)) {
            self.language = host;
            self.host = None;
        }
        match self.language.form {
            Form::Statements
            | Form::Shell
            | Form::Console
            | Form::Docker
            | Form::Make
            | Form::Keys => {
                self.before = Before::Operator;
                self.phase = Phase::None;
            }
            Form::C => self.phase = Phase::None,
            _ => {}
        }
    }

    fn diff_line(&mut self, rest: Rest<'_>) -> (usize, Role) {
        let is_hunk = self.phase == Phase::Hunk;
        let role = match rest.byte(0) {
            b'@' => {
                self.phase = Phase::Hunk;
                Role::Type
            }
            b'-' | b'+' if !is_hunk && (rest.begins("--- ") || rest.begins("+++ ")) => Role::Type,
            b'+' | b'>' => Role::Added,
            b'-' | b'<' => Role::Removed,
            b' ' | b'\t' | b'\\' => Role::Code,
            _ => {
                self.phase = Phase::None;
                if rest.begins("diff ") || rest.begins("index ") {
                    Role::Comment
                } else {
                    Role::Code
                }
            }
        };
        self.enter(Mode::Line(role));
        (rest.len(), role)
    }

    fn markdown_line(&mut self, rest: Rest<'_>) -> Option<(usize, Role)> {
        let blanks = rest.run(0, is_blank);
        let marks = rest.run(blanks, |byte| byte == b'#');
        let is_fence = rest.bytes[blanks..].starts_with(b"```");
        if is_fence || self.phase == Phase::Hunk {
            if is_fence {
                let is_open = self.phase == Phase::Hunk;
                self.phase = if is_open { Phase::None } else { Phase::Hunk };
            }
            self.enter(Mode::Line(Role::String));
            return Some((rest.len(), Role::String));
        }
        let is_heading = (1..=6).contains(&marks) && matches!(rest.byte(blanks + marks), b' ' | 0);
        (blanks < 4 && is_heading).then(|| {
            self.enter(Mode::Line(Role::Heading));
            (rest.len(), Role::Heading)
        })
    }

    /// The key before `=`.
    fn key(&mut self, rest: Rest<'_>) -> Option<(usize, Role)> {
        let is_key = |byte| is_name(byte) || b".-\"' /$@".contains(&byte);
        let length = rest.run(0, is_key);
        let blanks = rest.bytes[..length].iter().rev().take_while(|byte| is_blank(**byte)).count();
        let is_open = self.before == Before::Operator && !is_blank(rest.byte(0));
        // The element of a list may hold `=` between its quotes.
        let is_quoted = rest.bytes[..length].split(|byte| *byte == b'"').count() % 2 == 0;
        if !is_open || is_quoted || length == blanks || rest.byte(length) != b'=' {
            return None;
        }
        let is_exported = rest.begins("export ");
        if is_exported {
            return Some((6, Role::Keyword));
        }
        self.before = Before::Value;
        Some((length - blanks, Role::Type))
    }

    /// `name: …` at the left margin of a makefile.
    fn target(&mut self, rest: Rest<'_>) -> Option<(usize, Role)> {
        let is_target = |byte| is_name(byte) || b".-%/ $()".contains(&byte);
        let length = rest.run(0, is_target);
        let is_open = is_name(rest.byte(0)) || b".%$".contains(&rest.byte(0));
        let is_rule = rest.byte(length) == b':' && !matches!(rest.byte(length + 1), b'=' | b':');
        (is_open && is_rule).then(|| {
            self.before = Before::Value;
            (length, Role::Function)
        })
    }

    /// Goes on in lines that belong together by their indentation.
    pub(super) fn indented(&mut self, rest: Rest<'_>, indent: u32) -> (usize, Role) {
        let blanks = rest.run(0, is_blank);
        if self.is_start && blanks > 0 {
            return (blanks, Role::Code);
        }
        if self.is_start && self.indent <= indent {
            self.leave();
            self.before = Before::Operator;
            return self.yaml(rest);
        }
        (rest.len(), Role::String)
    }
}

/// The length of a prompt: `$`, `user@host:~$`, `PS C:\>`.
fn prompt(rest: Rest<'_>) -> Option<usize> {
    let end =
        rest.bytes.iter().take(64).position(|byte| matches!(byte, b'$' | b'%' | b'>' | b'#'))?;
    let before = &rest.bytes[..end];
    // `#` alone is a comment.
    let is_path = (before.is_empty() && rest.byte(0) != b'#')
        || before.starts_with(b"PS ")
        || before.starts_with(b"(")
        || (before.contains(&b'@') && !before.contains(&b'/') && before.len() < 40)
        || (before.contains(&b'@') && before.contains(&b':'));
    let is_prompt = is_path && matches!(rest.byte(end + 1), b' ' | 0);
    is_prompt.then_some(end + 1)
}
