//! The commands of LaTeX that are more than a symbol.

use super::{
    join::{Atom, Class, Joined, Shape, Spacing},
    letters::{self, Alphabet},
    parse::{Parser, Token, bracketed, marked, scripted},
    picture::Picture,
    symbols::symbol,
};

impl Parser<'_> {
    /// What a command of this name, which was read, stands for; `None` if it is unknown.
    pub(super) fn command(&mut self, name: &str, atoms: &mut Vec<Atom>) -> Option<()> {
        let atom = match name {
            "," | ":" | ";" | ">" | " " | "\n" | "enspace" | "thinspace" | "medspace"
            | "thickspace" | "nobreakspace" => Atom::of("", Class::Space),
            "quad" | "qquad" => Atom::of("", Class::WideSpace),
            "hspace" | "hphantom" | "phantom" => {
                let _ = self.eat("*");
                self.raw()?;
                Atom::of("", Class::Space)
            }
            "!" | "/" | "displaystyle" | "textstyle" | "scriptstyle" | "scriptscriptstyle"
            | "limits" | "nolimits" | "nonumber" | "notag" | "hline" | "rm" | "bf" | "it"
            | "mathstrut" | "strut" | "allowbreak" | "big" | "Big" | "bigg" | "Bigg" | "bigl"
            | "Bigl" | "biggl" | "Biggl" | "bigr" | "Bigr" | "biggr" | "Biggr" | "bigm"
            | "Bigm" | "biggm" | "Biggm" | "negthinspace" | "relax" | "centering" => {
                return Some(());
            }
            "tag" | "label" | "color" | "vspace" | "vphantom" => {
                let _ = self.eat("*");
                self.raw()?;
                return Some(());
            }
            "textcolor" => {
                self.raw()?;
                atoms.extend(self.argument()?);
                return Some(());
            }
            "frac" | "dfrac" | "tfrac" | "cfrac" | "nicefrac" | "sfrac" => self.fraction()?,
            "binom" | "dbinom" | "tbinom" => {
                let (above, below) = (self.operand()?, self.operand()?);
                let text = format!("C({}, {})", above.row()?, below.row()?);
                Atom { is_open_ended: true, ..Atom::of(text, Class::Fence) }
            }
            "sqrt" => self.root()?,
            "mathbb" => self.alphabet(Alphabet::DoubleStruck)?,
            "mathcal" | "mathscr" => self.alphabet(Alphabet::Script)?,
            "mathfrak" => self.alphabet(Alphabet::Fraktur)?,
            "mathrm" | "mathbf" | "mathit" | "mathsf" | "mathtt" | "mathnormal" | "boldsymbol"
            | "bm" | "pmb" | "symbf" | "symup" | "mathbfit" => return self.upright(atoms),
            "text" | "textrm" | "textbf" | "textit" | "texttt" | "textsf" | "textnormal"
            | "textup" | "mbox" | "hbox" => return self.text(atoms),
            "operatorname" => {
                let class = if self.eat("*") { Class::Limit } else { Class::Function };
                let text = plain(self.raw()?)?;
                let words: Vec<&str> = text.split_whitespace().collect();
                Atom::of(words.join(" "), class)
            }
            "mathop" => Atom::picture(self.operand()?.picture, Class::Limit),
            "mathrel" => Atom::picture(self.operand()?.picture, Class::Relation),
            "mathbin" => Atom::picture(self.operand()?.picture, Class::Binary),
            "mathord" | "mathinner" => Atom::picture(self.operand()?.picture, Class::Letter),
            "left" => self.fence()?,
            "middle" => Atom::of(self.delimiter()?, Class::Relation),
            "abs" => self.between("|", "|")?,
            "norm" => self.between("‖", "‖")?,
            "bra" => self.between("⟨", "|")?,
            "ket" => self.between("|", "⟩")?,
            "braket" => self.between("⟨", "⟩")?,
            "boxed" | "fbox" => self.between("[", "]")?,
            "not" => {
                let operand = self.operand()?;
                let row = operand.row()?;
                let text = match letters::negated(row) {
                    Some(text) => text.to_owned(),
                    None if row.chars().count() == 1 => format!("{row}\u{338}"),
                    None => return None,
                };
                Atom::of(text, Class::Relation)
            }
            "pmod" => {
                let text = format!("(mod {})", self.operand()?.row()?);
                atoms.push(Atom::of("", Class::Space));
                Atom::of(text, Class::Fence)
            }
            "underbrace" | "overbrace" => return self.brace(atoms),
            "stackrel" | "overset" => {
                let above = self.script()?;
                self.over_and_under(None, Some(&above))?
            }
            "underset" => {
                let below = self.script()?;
                self.over_and_under(Some(&below), None)?
            }
            "xrightarrow" => self.long_arrow("—", "→")?,
            "xleftarrow" => self.long_arrow("←", "—")?,
            "xleftrightarrow" => self.long_arrow("←", "→")?,
            "xRightarrow" => self.long_arrow("=", "⇒")?,
            "xlongequal" => self.long_arrow("=", "=")?,
            "substack" => return self.substack(atoms),
            "begin" => self.environment()?,
            _ => {
                if let Some((mark, is_line)) = letters::accent(name) {
                    self.accent(mark, is_line)?
                } else {
                    let (text, class) = symbol(name)?;
                    Atom::of(text, class)
                }
            }
        };
        atoms.push(atom);
        Some(())
    }

    fn fraction(&mut self) -> Option<Atom> {
        let (above, below) = (self.operand()?, self.operand()?);
        let is_operator = |row: &str| {
            row.strip_prefix(['d', '∂', 'D'])
                .is_some_and(|power| power.chars().all(letters::is_script))
        };
        let is_derivative = is_operator(above.row()?) && below.row()?.starts_with(['d', '∂', 'D']);
        let class = if is_derivative { Class::Derivative } else { Class::Fraction };
        let above = bracketed(&above, Shape::Product)?;
        let below = bracketed(&below, Shape::Unit)?;
        (!above.is_empty() && !below.is_empty())
            .then(|| Atom::of(format!("{above}/{below}"), class))
    }

    fn root(&mut self) -> Option<Atom> {
        let index = self.small_option()?;
        let sign = match index.row()? {
            "" | "2" => "√".to_owned(),
            "3" => "∛".to_owned(),
            "4" => "∜".to_owned(),
            row => format!("{}√", letters::raised(row)?),
        };
        let operand = self.operand()?;
        let row = operand.row().filter(|row| !row.is_empty())?;
        let text = marked(operand.shape, row);
        let is_open_ended = !text.ends_with(')');
        Some(Atom { is_open_ended, ..Atom::of(sign + &text, Class::Letter) })
    }

    fn alphabet(&mut self, alphabet: Alphabet) -> Option<Atom> {
        let operand = self.operand()?;
        let text: String = operand.row()?.chars().map(|it| alphabet.letter(it)).collect();
        Some(Atom::of(text, Class::Letter))
    }

    /// Letters of another weight or slope stay what they are, and are a word if there are several.
    fn upright(&mut self, atoms: &mut Vec<Atom>) -> Option<()> {
        let inner = self.argument()?;
        if inner.len() > 1 && inner.iter().all(|atom| atom.class == Class::Letter) {
            let joined = self.join(inner);
            atoms.push(Atom::picture(joined.picture, Class::Word));
        } else {
            atoms.extend(inner);
        }
        Some(())
    }

    /// Prose, with formulas between dollars.
    fn text(&mut self, atoms: &mut Vec<Atom>) -> Option<()> {
        for (index, part) in self.raw()?.split('$').enumerate() {
            if index % 2 == 1 {
                atoms.extend(self.deeper(|this| {
                    let mut inner = this.inside(part);
                    let atoms = inner.list(None)?;
                    inner.rest().is_empty().then_some(atoms)
                })?);
                continue;
            }
            let text = plain(part)?;
            let words: Vec<&str> = text.split_whitespace().collect();
            let (has_space_before, has_space_after) =
                (text.starts_with(char::is_whitespace), text.ends_with(char::is_whitespace));
            if has_space_before {
                atoms.push(Atom::of("", Class::Space));
            }
            if !words.is_empty() {
                let words = words.join(" ");
                let is_letter = words.chars().count() == 1;
                atoms.push(Atom::of(words, if is_letter { Class::Letter } else { Class::Word }));
            }
            if has_space_after {
                atoms.push(Atom::of("", Class::Space));
            }
        }
        Some(())
    }

    /// `\left` was read: up to its `\right`.
    fn fence(&mut self) -> Option<Atom> {
        let open = self.delimiter()?;
        let inner = self.list(None)?;
        if !self.eat("\\right") {
            return None;
        }
        let close = self.delimiter()?;
        let picture = self.join(inner).picture.between(open, close)?;
        Some(Atom::picture(picture, Class::Fence))
    }

    fn delimiter(&mut self) -> Option<&'static str> {
        self.skip_space();
        let (token, len) = self.peek()?;
        self.advance(len);
        Some(match token {
            Token::Char('.') => "",
            Token::Char('(') => "(",
            Token::Char(')') => ")",
            Token::Char('[') => "[",
            Token::Char(']') => "]",
            Token::Char('|') => "|",
            Token::Char('/') => "/",
            Token::Char('<') => "⟨",
            Token::Char('>') => "⟩",
            Token::Char(_) => return None,
            Token::Command(name) => {
                let (text, class) = symbol(name)?;
                let is_one = matches!(class, Class::Open | Class::Close | Class::Bar)
                    || matches!(text, "↑" | "↓" | "↕");
                is_one.then_some(text)?
            }
        })
    }

    fn between(&mut self, open: &str, close: &str) -> Option<Atom> {
        Some(Atom::picture(self.operand()?.picture.between(open, close)?, Class::Fence))
    }

    /// What has a brace below or above, in brackets if words stand there: they replace the brace.
    fn brace(&mut self, atoms: &mut Vec<Atom>) -> Option<()> {
        let inner = self.argument()?;
        self.skip_space();
        let joined = self.join(inner.clone());
        if joined.shape != Shape::Unit && self.rest().starts_with(['_', '^']) {
            atoms.push(Atom::picture(joined.picture.between("(", ")")?, Class::Fence));
        } else {
            atoms.extend(inner);
        }
        Some(())
    }

    /// An argument that is set small.
    fn script(&mut self) -> Option<Joined> {
        let outside = std::mem::replace(&mut self.spacing, Spacing::Tight);
        let operand = self.operand();
        self.spacing = outside;
        operand
    }

    /// An option that is set small.
    fn small_option(&mut self) -> Option<Joined> {
        let outside = std::mem::replace(&mut self.spacing, Spacing::Tight);
        let option = self.option().map(|atoms| self.join(atoms));
        self.spacing = outside;
        option
    }

    fn over_and_under(&mut self, below: Option<&Joined>, above: Option<&Joined>) -> Option<Atom> {
        let mut base = self.argument()?;
        let base = match base.len() {
            1 => base.pop()?,
            _ => Atom::picture(self.join(base).picture, Class::Letter),
        };
        scripted(base, 0, below, above)
    }

    /// An arrow with a text above, drawn into it, and perhaps one below.
    fn long_arrow(&mut self, from: &str, to: &str) -> Option<Atom> {
        let below = self.small_option()?;
        let above = self.script()?;
        let text = format!("{from}{}{to}", above.row()?);
        scripted(Atom::of(text, Class::Relation), 0, Some(&below), None)
    }

    /// The lines below a sum, one after the other.
    fn substack(&mut self, atoms: &mut Vec<Atom>) -> Option<()> {
        if !self.eat("{") {
            return None;
        }
        loop {
            atoms.extend(self.list(None)?);
            if self.eat("}") {
                return Some(());
            }
            if !self.eat("\\\\") {
                return None;
            }
            atoms.push(Atom::of(",", Class::Punctuation));
        }
    }

    /// A mark above a letter, or above each of a few.
    fn accent(&mut self, mark: char, is_line: bool) -> Option<Atom> {
        let operand = self.operand()?;
        let row = operand.row()?;
        let is_mark = |it: char| matches!(it, '\u{300}'..='\u{36f}' | '\u{20d0}'..='\u{20f0}');
        let is_small = |it: char| is_mark(it) || letters::is_script(it) || it == '′';
        let count = row.chars().filter(|it| !is_small(*it)).count();
        let is_name = row.chars().all(char::is_alphabetic) && count <= 3;
        if count == 0 || !(is_line || count == 1 || is_name) {
            return None;
        }
        let mut text = String::with_capacity(row.len() * 3);
        let mut rest = row.chars().filter(|it| !it.is_whitespace()).peekable();
        while let Some(it) = rest.next() {
            // One character looks better than two, where there is one.
            if let Some(composed) = letters::composed(it, mark)
                && rest.peek().is_none_or(|next| !is_mark(*next))
            {
                text.push(composed);
                continue;
            }
            text.push(it);
            if is_line || !is_small(it) {
                while let Some(more) = rest.next_if(|it| is_mark(*it)) {
                    text.push(more);
                }
                text.push(mark);
            }
        }
        Some(Atom::picture(Picture::of(text), Class::Letter))
    }
}

/// Prose without the backslashes of its signs; `None` where it holds another command.
fn plain(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(it) = rest.next() {
        match it {
            '\\' => match rest.next()? {
                sign @ ('%' | '_' | '&' | '#' | '$' | '{' | '}') => plain.push(sign),
                ' ' | ',' | ';' | ':' => plain.push(' '),
                _ => return None,
            },
            '~' => plain.push(' '),
            '{' | '}' => {}
            _ => plain.push(it),
        }
    }
    Some(plain)
}
