//! Reads LaTeX, and makes atoms of it.

use super::{
    join::{Atom, Before, Class, Joined, Shape, Spacing, join},
    letters, symbols,
};

/// Formulas within formulas. Deeper ones are left as they are; it also bounds the stack.
const MAX_DEPTH: usize = 24;

/// As [`super::to_unicode`].
pub(super) fn formula(latex: &str) -> Option<String> {
    let mut parser = Parser::new(latex);
    let picture = parser.rows_of_equations()?;
    parser.rest().is_empty().then_some(())?;
    let text = picture.into_lines();
    (!text.trim().is_empty()).then_some(text)
}

/// What comes next in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A command without its backslash: letters, or one other character.
    Command(&'a str),
    Char(char),
}

/// A place in LaTeX. Whatever it does not know makes it give up: `None`.
#[derive(Debug)]
pub(super) struct Parser<'a> {
    source: &'a str,
    at: usize,
    depth: usize,
    pub(super) spacing: Spacing,
}

impl<'a> Parser<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self { source, at: 0, depth: 0, spacing: Spacing::Wide }
    }

    /// Another source, as deep as this one: the formulas within prose.
    pub(super) fn inside(&self, source: &'a str) -> Self {
        Self { source, at: 0, depth: self.depth, spacing: self.spacing }
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    pub(super) fn advance(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Goes past spaces, and says whether there were any.
    pub(super) fn skip_space(&mut self) -> bool {
        let rest = self.rest();
        let len = rest.len() - rest.trim_start().len();
        self.at += len;
        len > 0
    }

    /// Goes past spaces and this text, if it is there.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        self.skip_space();
        let is_there = self.rest().starts_with(text);
        if is_there {
            self.at += text.len();
        }
        is_there
    }

    /// The next token and its length.
    pub(super) fn peek(&self) -> Option<(Token<'a>, usize)> {
        let rest = self.rest();
        let first = rest.chars().next()?;
        let Some(name) = rest.strip_prefix('\\') else {
            return Some((Token::Char(first), first.len_utf8()));
        };
        let letters = name.find(|it: char| !it.is_ascii_alphabetic()).unwrap_or(name.len());
        let len = if letters > 0 { letters } else { name.chars().next()?.len_utf8() };
        Some((Token::Command(&name[..len]), 1 + len))
    }

    /// Does something one level deeper.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth == MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    pub(super) fn join(&self, atoms: Vec<Atom>) -> Joined {
        join(atoms, Before::Nothing, self.spacing)
    }

    /// Atoms up to what no list of atoms holds: a closing brace, the end of a cell, of a row, of an
    /// environment or of `\left`.
    pub(super) fn list(&mut self, end: Option<char>) -> Option<Vec<Atom>> {
        let mut atoms = Vec::new();
        // Letters without anything in between: whether they are a word, `dx` say.
        let mut was_word = false;
        loop {
            let has_space = self.skip_space();
            let Some((token, len)) = self.peek() else {
                return self.rest().is_empty().then_some(atoms);
            };
            match token {
                Token::Char(it) if Some(it) == end => return Some(atoms),
                Token::Char('}' | '&')
                | Token::Command("\\" | "cr" | "end" | "right" | "newline") => {
                    return Some(atoms);
                }
                Token::Char('^' | '_' | '\'') => {
                    // A script of nothing: the mass of an isotope.
                    self.scripts(Atom::of("", Class::Letter), &mut atoms)?;
                    continue;
                }
                _ => {}
            }
            let is_word = self.starts_word(has_space);
            if has_space
                && (is_word || (was_word && self.starts_operand()))
                && atoms.last().is_some_and(|last: &Atom| ends_operand(last.class))
            {
                atoms.push(Atom::of("", Class::Space));
            }
            if is_word {
                self.word(&mut atoms)?;
                was_word = true;
                continue;
            }
            was_word = false;
            let first = atoms.len();
            if let Token::Char(it) = token
                && it.is_ascii_digit()
            {
                self.number(&mut atoms);
            } else {
                self.advance(len);
                self.item(token, has_space, &mut atoms)?;
            }
            if self.has_scripts() {
                let base = match atoms.len() - first {
                    0 => Atom::of("", Class::Letter),
                    1 if matches!(atoms[first].class, Class::Space | Class::WideSpace) => {
                        Atom::of("", Class::Letter)
                    }
                    1 => atoms.pop()?,
                    // A group in braces, or what a command left behind.
                    _ => Atom::picture(self.join(atoms.split_off(first)).picture, Class::Letter),
                };
                self.scripts(base, &mut atoms)?;
            }
        }
    }

    /// One item of a list.
    fn item(&mut self, token: Token<'a>, has_space: bool, atoms: &mut Vec<Atom>) -> Option<()> {
        match token {
            Token::Command(name) => self.deeper(|this| this.command(name, atoms)),
            Token::Char('{') => {
                atoms.extend(self.deeper(|this| this.list(None))?);
                self.eat("}").then_some(())
            }
            Token::Char(it) => {
                let class = self.class_of(it, has_space, atoms)?;
                if class == Class::Relation && it == ':' {
                    self.advance(1);
                    atoms.push(Atom::of(":=", class));
                } else {
                    atoms.push(Atom::of(if it == '~' { ' ' } else { it }, class));
                }
                Some(())
            }
        }
    }

    fn class_of(&self, character: char, has_space: bool, atoms: &[Atom]) -> Option<Class> {
        let next = self.rest().chars().next();
        let is_number = atoms.last().is_some_and(|last| last.class == Class::Number);
        Some(match character {
            '+' | '-' | '*' => Class::Binary,
            '=' | '<' | '>' => Class::Relation,
            ':' if next == Some('=') => Class::Relation,
            // A ratio, a type or the condition of a set: as its writer has it.
            ':' if next.is_some_and(char::is_whitespace) && has_space => Class::Binary,
            ':' if next.is_some_and(char::is_whitespace) => Class::Punctuation,
            ':' => Class::Tight,
            '(' | '[' => Class::Open,
            ')' | ']' => Class::Close,
            '|' => Class::Bar,
            '/' => Class::Slash,
            // `1,000` and `1{,}000`
            ',' if is_number && next.is_some_and(|it| it.is_ascii_digit()) => Class::Tight,
            ',' if next == Some('}') => Class::Tight,
            ',' | ';' => Class::Punctuation,
            '!' | '%' | '.' | '?' => Class::Postfix,
            '~' => Class::Space,
            '#' | '$' | '\\' => return None,
            _ if character.is_ascii() => Class::Letter,
            _ => symbols::class_of(character.encode_utf8(&mut [0; 4])).unwrap_or(Class::Letter),
        })
    }

    /// Digits, and a point between them.
    fn number(&mut self, atoms: &mut Vec<Atom>) {
        let rest = self.rest();
        let mut len = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
        if let Some(more) = rest[len..].strip_prefix('.') {
            let digits = more.find(|it: char| !it.is_ascii_digit()).unwrap_or(more.len());
            if digits > 0 {
                len += 1 + digits;
            }
        }
        self.advance(len);
        atoms.push(Atom::of(&rest[..len], Class::Number));
    }

    /// Whether two letters or more follow each other here, or the `d` of a differential.
    fn starts_word(&self, has_space: bool) -> bool {
        let rest = self.rest();
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).take(2).count();
        letters > 1 || (has_space && rest.starts_with("d\\") && !rest.starts_with("d\\,"))
    }

    fn starts_operand(&self) -> bool {
        self.rest().starts_with(|it: char| it.is_ascii_alphanumeric() || it == '\\')
    }

    /// Letters that stand together. The last one may have scripts.
    fn word(&mut self, atoms: &mut Vec<Atom>) -> Option<()> {
        let rest = self.rest();
        let len = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        self.advance(len);
        atoms.extend(rest[..len].chars().map(|letter| Atom::of(letter, Class::Letter)));
        if self.has_scripts() {
            let base = atoms.pop()?;
            self.scripts(base, atoms)?;
        }
        Some(())
    }

    /// What a command or a script takes: a group in braces, or one token.
    pub(super) fn argument(&mut self) -> Option<Vec<Atom>> {
        self.deeper(|this| {
            this.skip_space();
            let (token, len) = this.peek()?;
            this.advance(len);
            let mut atoms = Vec::new();
            match token {
                Token::Char('}' | '^' | '_' | '&') => return None,
                Token::Char(it) if it.is_ascii_digit() => {
                    atoms.push(Atom::of(it, Class::Number));
                }
                _ => this.item(token, false, &mut atoms)?,
            }
            Some(atoms)
        })
    }

    /// The argument, put together.
    pub(super) fn operand(&mut self) -> Option<Joined> {
        let atoms = self.argument()?;
        Some(self.join(atoms))
    }

    /// An argument that is no mathematics: its source between braces.
    pub(super) fn raw(&mut self) -> Option<&'a str> {
        if !self.eat("{") {
            return None;
        }
        let rest = self.rest();
        let mut depth = 0_usize;
        let mut is_escaped = false;
        for (at, it) in rest.char_indices() {
            match it {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '{' => depth += 1,
                '}' if depth == 0 => {
                    self.advance(at + 1);
                    return Some(&rest[..at]);
                }
                '}' => depth -= 1,
                _ => {}
            }
        }
        None
    }

    /// An argument in square brackets; nothing if there is none.
    pub(super) fn option(&mut self) -> Option<Vec<Atom>> {
        if !self.eat("[") {
            return Some(Vec::new());
        }
        let atoms = self.deeper(|this| this.list(Some(']')))?;
        self.eat("]").then_some(atoms)
    }

    fn skip_limits(&mut self) {
        while self.eat("\\limits") || self.eat("\\nolimits") {}
    }

    /// Whether scripts follow, to which it goes then.
    fn has_scripts(&mut self) -> bool {
        let here = self.at;
        self.skip_limits();
        let has_scripts = self.rest().starts_with(['^', '_', '\'']);
        if !has_scripts {
            self.at = here;
        }
        has_scripts
    }

    /// The scripts that follow, on their base.
    fn scripts(&mut self, base: Atom, atoms: &mut Vec<Atom>) -> Option<()> {
        let mut below = None;
        let mut above = None;
        let mut primes = 0;
        loop {
            if !self.has_scripts() {
                break;
            }
            let script = match self.rest().chars().next() {
                Some('\'') if above.is_none() => {
                    primes += 1;
                    self.advance(1);
                    continue;
                }
                Some('_') if below.is_none() => &mut below,
                Some('^') if above.is_none() => &mut above,
                // Two of a kind are an error in LaTeX.
                _ => return None,
            };
            self.advance(1);
            let outside = std::mem::replace(&mut self.spacing, Spacing::Tight);
            let operand = self.operand();
            self.spacing = outside;
            *script = Some(operand?);
        }
        atoms.push(scripted(base, primes, below.as_ref(), above.as_ref())?);
        Some(())
    }
}

fn starts_raised(row: &str) -> bool {
    row.starts_with(letters::is_script)
}

fn ends_operand(class: Class) -> bool {
    matches!(
        class,
        Class::Letter
            | Class::Number
            | Class::Close
            | Class::Fence
            | Class::Fraction
            | Class::Postfix
    )
}

/// An atom with primes and scripts: all of them raised and lowered characters or, where one of them
/// cannot be, all of them behind `_` and `^`.
pub(super) fn scripted(
    base: Atom,
    primes: usize,
    below: Option<&Joined>,
    above: Option<&Joined>,
) -> Option<Atom> {
    let mut base = base;
    base.has_scripts = below.is_some() || above.is_some() || base.has_scripts;
    // The line of a fraction and of a root say where they end.
    let is_compound = matches!(base.class, Class::Fraction | Class::Derivative);
    let row = base.picture.axis_row();
    let is_root = row.starts_with(['√', '∛', '∜']) || (starts_raised(row) && row.contains('√'));
    if is_compound || is_root {
        base.picture = base.picture.between("(", ")")?;
        base.class = Class::Fence;
    }
    match primes {
        0 => {}
        1 => base.picture.push_str("′"),
        2 => base.picture.push_str("″"),
        3 => base.picture.push_str("‴"),
        4 => base.picture.push_str("⁗"),
        _ => return None,
    }
    let low = below.map(|script| script.row().map(|row| (script, row)));
    let high = above.map(|script| script.row().map(|row| (script, row)));
    let (low, high) = (low.unwrap_or(None), high.unwrap_or(None));
    if low.is_some() != below.is_some() || high.is_some() != above.is_some() {
        return None;
    }
    // Long words are not easily read when they are that small.
    let is_long = |script: &Joined, row: &str| script.is_word && row.chars().count() > 3;
    let lowered = low.map(|(it, row)| letters::lowered(row).filter(|_| !is_long(it, row)));
    let raised = high.map(|(it, row)| letters::raised(row).filter(|_| !is_long(it, row)));
    if lowered != Some(None) && raised != Some(None) {
        let (low, high) =
            (lowered.flatten().unwrap_or_default(), raised.flatten().unwrap_or_default());
        // Before an element, the mass stands first.
        let scripts = if base.picture.is_empty() { [high, low] } else { [low, high] };
        base.picture.push_str(&scripts.concat());
    } else {
        for (sign, script) in [("_", low), ("^", high)] {
            if let Some((script, row)) = script.filter(|(_, row)| !row.is_empty()) {
                base.picture.push_str(sign);
                let is_indices = sign == "_" && row.chars().all(is_index);
                base.picture.push_str(&if is_indices {
                    row.to_owned()
                } else {
                    marked(script.shape, row)
                });
                base.is_open_ended = true;
            }
        }
    }
    Some(base)
}

/// Letters that need no brackets below another one: `R_μν`.
fn is_index(character: char) -> bool {
    character.is_alphabetic() && !letters::is_script(character)
}

/// A text behind a mark that says nothing of where it ends: `_`, `^`, `√`.
pub(super) fn marked(shape: Shape, row: &str) -> String {
    let is_word = row.chars().all(|it| it.is_ascii_alphanumeric());
    let is_simple = shape == Shape::Unit && (is_word || row.chars().count() == 1);
    if is_simple || is_bracketed(row) { row.to_owned() } else { format!("({row})") }
}

/// The text, in brackets unless it is one thing.
pub(super) fn bracketed(joined: &Joined, loosest: Shape) -> Option<String> {
    let row = joined.row()?;
    let is_tight = match loosest {
        Shape::Unit => joined.shape == Shape::Unit,
        _ => joined.shape != Shape::Sum,
    };
    Some(if is_tight { row.to_owned() } else { format!("({row})") })
}

/// Whether one pair of brackets holds all of it.
fn is_bracketed(row: &str) -> bool {
    let mut depth = 0_usize;
    let mut ends = row.char_indices().filter_map(|(at, it)| {
        match it {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        (depth == 0).then_some(at)
    });
    row.starts_with('(') && ends.next() == Some(row.len() - 1)
}
