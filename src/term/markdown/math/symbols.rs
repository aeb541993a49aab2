//! The commands of LaTeX that are one symbol or one word.

use super::join::Class::{
    self, Bar, Big, Binary, Close, Function, Letter, Limit, Open, Postfix, Punctuation, Quantifier,
    Relation,
};

/// The text and the class of a command, whose `name` has no backslash.
pub(super) fn symbol(name: &str) -> Option<(&'static str, Class)> {
    let at = PLACES.binary_search_by(|it| it.name().cmp(name)).ok()?;
    Some((PLACES[at].text(), PLACES[at].class))
}

/// The class of a symbol that stands in the source as itself.
pub(super) fn class_of(text: &str) -> Option<Class> {
    PLACES.iter().find(|it| it.text() == text).map(|it| it.class)
}

/// Where in [`WORDS`] a symbol stands: its name, and right behind it its text.
#[derive(Clone, Copy)]
struct Place {
    start: u16,
    name: u8,
    text: u8,
    class: Class,
}

impl Place {
    fn name(self) -> &'static str {
        let start = usize::from(self.start);
        &WORDS[start..start + usize::from(self.name)]
    }

    fn text(self) -> &'static str {
        let start = usize::from(self.start) + usize::from(self.name);
        &WORDS[start..start + usize::from(self.text)]
    }
}

/// [`SYMBOLS`] in a sixth of the space: each reference in a table takes 40 bytes, with what the
/// loader must know of it.
const PLACES: [Place; SYMBOLS.len()] = PACKED.0;

/// The names and the texts of all symbols.
const WORDS: &str = match str::from_utf8(&PACKED.1) {
    Ok(words) => words,
    Err(_) => panic!("texts side by side are text"),
};

const LENGTH: usize = {
    let (mut at, mut length) = (0, 0);
    while at < SYMBOLS.len() {
        length += SYMBOLS[at].0.len() + SYMBOLS[at].1.len();
        at += 1;
    }
    length
};

#[expect(clippy::cast_possible_truncation, reason = "the assertion below holds")]
const PACKED: ([Place; SYMBOLS.len()], [u8; LENGTH]) = {
    assert!(LENGTH <= u16::MAX as usize);
    let mut places = [Place { start: 0, name: 0, text: 0, class: Letter }; SYMBOLS.len()];
    let mut words = [0; LENGTH];
    let (mut at, mut end) = (0, 0);
    while at < SYMBOLS.len() {
        let (name, text, class) = SYMBOLS[at];
        let (start, name, text) = (end, name.as_bytes(), text.as_bytes());
        assert!(name.len() <= u8::MAX as usize && text.len() <= u8::MAX as usize);
        while end < start + name.len() {
            words[end] = name[end - start];
            end += 1;
        }
        while end < start + name.len() + text.len() {
            words[end] = text[end - start - name.len()];
            end += 1;
        }
        places[at] =
            Place { start: start as u16, name: name.len() as u8, text: text.len() as u8, class };
        at += 1;
    }
    (places, words)
};

/// Name, text and class, in the order of the names.
#[rustfmt::skip]
const SYMBOLS: &[(&str, &str, Class)] = &[
    ("#", "#", Letter), ("$", "$", Letter), ("%", "%", Postfix), ("&", "&", Letter),
    ("AA", "Å", Letter), ("Bbbk", "𝕜", Letter), ("Box", "□", Letter), ("Cap", "⋒", Binary),
    ("Cup", "⋓", Binary), ("Delta", "Δ", Letter), ("Downarrow", "⇓", Relation),
    ("Gamma", "Γ", Letter), ("Im", "ℑ", Letter), ("Join", "⋈", Relation), ("Lambda", "Λ", Letter),
    ("Leftarrow", "⇐", Relation), ("Leftrightarrow", "⇔", Relation),
    ("Longleftarrow", "⟸", Relation), ("Longleftrightarrow", "⟺", Relation),
    ("Longrightarrow", "⟹", Relation), ("Omega", "Ω", Letter), ("P", "¶", Letter),
    ("Phi", "Φ", Letter), ("Pi", "Π", Letter), ("Pr", "Pr", Function), ("Psi", "Ψ", Letter),
    ("Re", "ℜ", Letter), ("Rightarrow", "⇒", Relation), ("S", "§", Letter), ("Sigma", "Σ", Letter),
    ("Subset", "⋐", Relation), ("Supset", "⋑", Relation), ("Theta", "Θ", Letter),
    ("Uparrow", "⇑", Relation), ("Updownarrow", "⇕", Relation), ("Upsilon", "Υ", Letter),
    ("Vdash", "⊩", Relation), ("Vert", "‖", Bar), ("Xi", "Ξ", Letter), ("_", "_", Letter),
    ("aleph", "ℵ", Letter), ("alpha", "α", Letter), ("amalg", "⨿", Binary), ("angle", "∠", Quantifier),
    ("approx", "≈", Relation), ("approxeq", "≊", Relation), ("arccos", "arccos", Function),
    ("arccot", "arccot", Function), ("arcsin", "arcsin", Function), ("arctan", "arctan", Function),
    ("arg", "arg", Function), ("argmax", "argmax", Limit), ("argmin", "argmin", Limit),
    ("ast", "∗", Binary), ("asymp", "≍", Relation), ("backsim", "∽", Relation),
    ("backslash", "∖", Letter), ("barwedge", "⊼", Binary), ("because", "∵", Relation),
    ("beta", "β", Letter), ("beth", "ℶ", Letter), ("between", "≬", Relation), ("bigcap", "⋂", Big),
    ("bigcirc", "◯", Binary), ("bigcup", "⋃", Big), ("bigodot", "⨀", Big), ("bigoplus", "⨁", Big),
    ("bigotimes", "⨂", Big), ("bigsqcup", "⨆", Big), ("bigstar", "★", Letter),
    ("bigtriangledown", "▽", Binary), ("bigtriangleup", "△", Binary), ("biguplus", "⨄", Big),
    ("bigvee", "⋁", Big), ("bigwedge", "⋀", Big), ("blacksquare", "■", Letter),
    ("bmod", "mod", Binary), ("bot", "⊥", Letter), ("bowtie", "⋈", Relation),
    ("boxplus", "⊞", Binary), ("boxtimes", "⊠", Binary), ("bullet", "•", Binary),
    ("cap", "∩", Binary), ("cdot", "·", Binary), ("cdotp", "·", Binary), ("cdots", "⋯", Letter),
    ("checkmark", "✓", Letter), ("chi", "χ", Letter), ("circ", "∘", Binary),
    ("circlearrowleft", "↺", Relation), ("circlearrowright", "↻", Relation),
    ("clubsuit", "♣", Letter), ("colon", ":", Punctuation), ("coloneqq", "≔", Relation),
    ("complement", "∁", Letter), ("cong", "≅", Relation), ("coprod", "∐", Big),
    ("cos", "cos", Function), ("cosh", "cosh", Function), ("cot", "cot", Function),
    ("coth", "coth", Function), ("csc", "csc", Function), ("csch", "csch", Function),
    ("cup", "∪", Binary), ("curlyvee", "⋎", Binary), ("curlywedge", "⋏", Binary),
    ("curvearrowleft", "↶", Relation), ("curvearrowright", "↷", Relation), ("dag", "†", Letter),
    ("dagger", "†", Letter), ("dashv", "⊣", Relation), ("ddag", "‡", Letter),
    ("ddagger", "‡", Letter), ("ddots", "⋱", Letter), ("deg", "deg", Function),
    ("degree", "°", Postfix), ("delta", "δ", Letter), ("det", "det", Function),
    ("diamond", "⋄", Binary), ("diamondsuit", "♢", Letter), ("digamma", "ϝ", Letter),
    ("dim", "dim", Function), ("div", "÷", Binary), ("divideontimes", "⋇", Binary),
    ("doteq", "≐", Relation), ("dotplus", "∔", Binary), ("dots", "…", Letter),
    ("dotsb", "⋯", Letter), ("dotsc", "…", Letter), ("dotsi", "⋯", Letter), ("dotsm", "⋯", Letter),
    ("dotso", "…", Letter), ("downarrow", "↓", Relation), ("ell", "ℓ", Letter),
    ("emptyset", "∅", Letter), ("epsilon", "ε", Letter), ("eq", "=", Relation),
    ("eqqcolon", "≕", Relation), ("eqsim", "≂", Relation), ("equiv", "≡", Relation),
    ("erf", "erf", Function), ("eta", "η", Letter), ("eth", "ð", Letter), ("euro", "€", Letter),
    ("exists", "∃", Quantifier), ("exp", "exp", Function), ("flat", "♭", Letter),
    ("forall", "∀", Quantifier), ("frown", "⌢", Relation), ("gamma", "γ", Letter),
    ("gcd", "gcd", Function), ("ge", "≥", Relation), ("geq", "≥", Relation),
    ("geqq", "≥", Relation), ("geqslant", "≥", Relation), ("gets", "←", Relation),
    ("gg", "≫", Relation), ("ggg", "⋙", Relation), ("gt", ">", Relation),
    ("gtrapprox", "⪆", Relation), ("gtrless", "≷", Relation), ("gtrsim", "≳", Relation),
    ("hbar", "ħ", Letter), ("heartsuit", "♡", Letter), ("hom", "hom", Function),
    ("hookleftarrow", "↩", Relation), ("hookrightarrow", "↪", Relation), ("hslash", "ħ", Letter),
    ("iff", "⟺", Relation), ("iiint", "∭", Big), ("iint", "∬", Big), ("imath", "ı", Letter),
    ("impliedby", "⟸", Relation), ("implies", "⟹", Relation), ("in", "∈", Relation),
    ("inf", "inf", Limit), ("infty", "∞", Letter), ("int", "∫", Big), ("intercal", "⊤", Letter),
    ("intop", "∫", Big), ("iota", "ι", Letter), ("jmath", "ȷ", Letter), ("kappa", "κ", Letter),
    ("ker", "ker", Function), ("lVert", "‖", Open), ("lambda", "λ", Letter), ("land", "∧", Binary),
    ("langle", "⟨", Open), ("lbrace", "{", Open), ("lbrack", "[", Open), ("lceil", "⌈", Open),
    ("lcm", "lcm", Function), ("ldots", "…", Letter), ("le", "≤", Relation),
    ("leadsto", "⇝", Relation), ("leftarrow", "←", Relation), ("leftharpoondown", "↽", Relation),
    ("leftharpoonup", "↼", Relation), ("leftrightarrow", "↔", Relation),
    ("leftrightarrows", "⇆", Relation), ("leftrightharpoons", "⇋", Relation),
    ("leq", "≤", Relation), ("leqq", "≤", Relation), ("leqslant", "≤", Relation),
    ("lessapprox", "⪅", Relation), ("lessgtr", "≶", Relation), ("lesssim", "≲", Relation),
    ("lfloor", "⌊", Open), ("lg", "lg", Function), ("lgroup", "(", Open), ("lim", "lim", Limit),
    ("liminf", "lim inf", Limit), ("limsup", "lim sup", Limit), ("ll", "≪", Relation),
    ("llbracket", "⟦", Open), ("lll", "⋘", Relation), ("ln", "ln", Function), ("lnot", "¬", Letter),
    ("log", "log", Function), ("longleftarrow", "⟵", Relation),
    ("longleftrightarrow", "⟷", Relation), ("longmapsto", "⟼", Relation),
    ("longrightarrow", "⟶", Relation), ("lor", "∨", Binary), ("lozenge", "◊", Letter),
    ("lt", "<", Relation), ("ltimes", "⋉", Binary), ("lvert", "|", Open), ("mapsto", "↦", Relation),
    ("max", "max", Limit), ("measuredangle", "∡", Quantifier), ("mho", "℧", Letter),
    ("mid", "|", Relation), ("min", "min", Limit), ("models", "⊨", Relation), ("mp", "∓", Binary),
    ("mu", "μ", Letter), ("multimap", "⊸", Relation), ("nLeftarrow", "⇍", Relation),
    ("nLeftrightarrow", "⇎", Relation), ("nRightarrow", "⇏", Relation), ("nabla", "∇", Letter),
    ("natural", "♮", Letter), ("ne", "≠", Relation), ("nearrow", "↗", Relation),
    ("neg", "¬", Letter), ("neq", "≠", Relation), ("nexists", "∄", Quantifier),
    ("ngeq", "≱", Relation), ("ngtr", "≯", Relation), ("ni", "∋", Relation),
    ("nleftarrow", "↚", Relation), ("nleq", "≰", Relation), ("nless", "≮", Relation),
    ("nmid", "∤", Relation), ("notin", "∉", Relation), ("nparallel", "∦", Relation),
    ("nrightarrow", "↛", Relation), ("nsubseteq", "⊈", Relation), ("nsupseteq", "⊉", Relation),
    ("nu", "ν", Letter), ("nvDash", "⊭", Relation), ("nvdash", "⊬", Relation),
    ("nwarrow", "↖", Relation), ("odot", "⊙", Binary), ("oiiint", "∰", Big), ("oiint", "∯", Big),
    ("oint", "∮", Big), ("omega", "ω", Letter), ("omicron", "ο", Letter), ("ominus", "⊖", Binary),
    ("oplus", "⊕", Binary), ("oslash", "⊘", Binary), ("otimes", "⊗", Binary),
    ("owns", "∋", Relation), ("parallel", "∥", Relation), ("partial", "∂", Letter),
    ("perp", "⊥", Relation), ("phi", "φ", Letter), ("pi", "π", Letter), ("pm", "±", Binary),
    ("pounds", "£", Letter), ("prec", "≺", Relation), ("preccurlyeq", "≼", Relation),
    ("preceq", "⪯", Relation), ("prime", "′", Postfix), ("prod", "∏", Big),
    ("propto", "∝", Relation), ("psi", "ψ", Letter), ("rVert", "‖", Close), ("rangle", "⟩", Close),
    ("rank", "rank", Function), ("rbrace", "}", Close), ("rbrack", "]", Close),
    ("rceil", "⌉", Close), ("restriction", "↾", Relation), ("rfloor", "⌋", Close),
    ("rgroup", ")", Close), ("rho", "ρ", Letter), ("rightarrow", "→", Relation),
    ("rightarrowtail", "↣", Relation), ("rightharpoondown", "⇁", Relation),
    ("rightharpoonup", "⇀", Relation), ("rightleftarrows", "⇄", Relation),
    ("rightleftharpoons", "⇌", Relation), ("rightrightarrows", "⇉", Relation),
    ("rightsquigarrow", "⇝", Relation), ("rightthreetimes", "⋌", Binary), ("rrbracket", "⟧", Close),
    ("rtimes", "⋊", Binary), ("rvert", "|", Close), ("searrow", "↘", Relation),
    ("sec", "sec", Function), ("sech", "sech", Function), ("setminus", "∖", Binary),
    ("sgn", "sgn", Function), ("sharp", "♯", Letter), ("shortmid", "|", Relation),
    ("sigma", "σ", Letter), ("sim", "∼", Relation), ("simeq", "≃", Relation),
    ("sin", "sin", Function), ("sinh", "sinh", Function), ("smallsetminus", "∖", Binary),
    ("smile", "⌣", Relation), ("spadesuit", "♠", Letter), ("sqcap", "⊓", Binary),
    ("sqcup", "⊔", Binary), ("sqsubset", "⊏", Relation), ("sqsubseteq", "⊑", Relation),
    ("sqsupset", "⊐", Relation), ("sqsupseteq", "⊒", Relation), ("square", "□", Letter),
    ("star", "⋆", Letter), ("subset", "⊂", Relation), ("subseteq", "⊆", Relation),
    ("subsetneq", "⊊", Relation), ("succ", "≻", Relation), ("succcurlyeq", "≽", Relation),
    ("succeq", "⪰", Relation), ("sum", "∑", Big), ("sup", "sup", Limit), ("supset", "⊃", Relation),
    ("supseteq", "⊇", Relation), ("supsetneq", "⊋", Relation), ("surd", "√", Letter),
    ("swarrow", "↙", Relation), ("tan", "tan", Function), ("tanh", "tanh", Function),
    ("tau", "τ", Letter), ("therefore", "∴", Relation), ("theta", "θ", Letter),
    ("times", "×", Binary), ("to", "→", Relation), ("top", "⊤", Letter), ("tr", "tr", Function),
    ("triangle", "△", Quantifier), ("triangleleft", "◁", Binary), ("trianglelefteq", "⊴", Relation),
    ("triangleq", "≜", Relation), ("triangleright", "▷", Binary),
    ("trianglerighteq", "⊵", Relation), ("twoheadrightarrow", "↠", Relation),
    ("ulcorner", "⌜", Open), ("uparrow", "↑", Relation), ("updownarrow", "↕", Relation),
    ("upharpoonright", "↾", Relation), ("uplus", "⊎", Binary), ("upsilon", "υ", Letter),
    ("urcorner", "⌝", Close), ("vDash", "⊨", Relation), ("varepsilon", "ε", Letter),
    ("varkappa", "ϰ", Letter), ("varnothing", "∅", Letter), ("varphi", "φ", Letter),
    ("varpi", "ϖ", Letter), ("varpropto", "∝", Relation), ("varrho", "ϱ", Letter),
    ("varsigma", "ς", Letter), ("vartheta", "ϑ", Letter), ("vartriangleleft", "⊲", Relation),
    ("vartriangleright", "⊳", Relation), ("vdash", "⊢", Relation), ("vdots", "⋮", Letter),
    ("vee", "∨", Binary), ("veebar", "⊻", Binary), ("vert", "|", Bar), ("wedge", "∧", Binary),
    ("wp", "℘", Letter), ("wr", "≀", Binary), ("xi", "ξ", Letter), ("zeta", "ζ", Letter),
    ("{", "{", Open), ("|", "‖", Bar), ("}", "}", Close),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_every_symbol_is_found() {
        assert!(SYMBOLS.is_sorted_by(|left, right| left.0 < right.0));
        for (name, text, class) in SYMBOLS {
            assert_eq!(symbol(name), Some((*text, *class)), "{name}");
        }
    }
}
