//! Atoms side by side: which spaces and which brackets stand between them.

use super::{letters::is_script, picture::Picture};

/// A piece of a formula that is text already.
#[derive(Debug, Clone)]
pub(super) struct Atom {
    pub(super) picture: Picture,
    pub(super) class: Class,
    /// What follows directly would be read as a part of it: `x_c`, `√2`.
    pub(super) is_open_ended: bool,
    /// It carries scripts. Bounds below a limit set what follows apart.
    pub(super) has_scripts: bool,
}

/// What an atom is to its neighbours; most of it is TeX's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Digits.
    Number,
    /// A letter, a symbol, or anything else that stands for a quantity.
    Letter,
    /// Upright letters, or words of prose.
    Word,
    /// `sin`: its argument follows, and a fraction there has brackets.
    Function,
    /// `lim`, `max`: what follows is set apart when bounds stand below.
    Limit,
    /// `∑`, `∫`
    Big,
    /// `∀`, `∠`: what stands before its operand and is part of it.
    Quantifier,
    /// `+`
    Binary,
    /// A binary operator that has but one operand: the sign in `-x`.
    Sign,
    /// `=`
    Relation,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `|`, which opens and closes.
    Bar,
    /// All of `(a + b)`, with delimiters of any height.
    Fence,
    /// `a/b`, once a fraction with a line.
    Fraction,
    /// `d/dx`
    Derivative,
    /// `/`
    Slash,
    /// `,`
    Punctuation,
    /// `,` between digits, without a space in the source.
    Tight,
    /// `!`
    Postfix,
    /// A space of the source or of a command.
    Space,
    /// A space that sets formulas apart.
    WideSpace,
}

use Class::{
    Bar, Big, Binary, Close, Derivative, Fence, Fraction, Function, Letter, Limit, Number, Open,
    Postfix, Punctuation, Quantifier, Relation, Sign, Slash, Space, Tight, WideSpace, Word,
};

impl Atom {
    pub(super) fn of(text: impl Into<String>, class: Class) -> Self {
        Self { picture: Picture::of(text), class, is_open_ended: false, has_scripts: false }
    }

    pub(super) fn picture(picture: Picture, class: Class) -> Self {
        Self { picture, class, is_open_ended: false, has_scripts: false }
    }
}

/// How a text reads as an operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// One thing: `x`, `10`, `(a + b)`, `f(x)`.
    Unit,
    /// Things that are multiplied: `2a`.
    Product,
    /// Anything looser: `a + b`, `sin x`.
    Sum,
}

/// Whether spaces stand round operators: not in scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spacing {
    Wide,
    Tight,
}

/// Atoms that were put together.
#[derive(Debug, Clone)]
pub(super) struct Joined {
    pub(super) picture: Picture,
    pub(super) shape: Shape,
    /// It is upright letters and nothing else.
    pub(super) is_word: bool,
}

impl Joined {
    /// The text, if it is one row.
    pub(super) fn row(&self) -> Option<&str> {
        self.picture.as_row()
    }
}

/// What stands before the first atom of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    Nothing,
    /// An operand in the cell before: an operator at the beginning is none of one operand.
    Operand,
}

/// Sets atoms side by side.
pub(super) fn join(mut atoms: Vec<Atom>, before: Before, spacing: Spacing) -> Joined {
    classify(&mut atoms, before);
    let shape = shape(&atoms);
    let is_word = matches!(atoms.as_slice(), [atom] if atom.class == Word);
    let mut picture = Picture::of("");
    let mut last: Option<&Atom> = None;
    let operand = Atom::of("", Letter);
    if before == Before::Operand {
        last = Some(&operand);
    }
    let mut space = None;
    for (index, atom) in atoms.iter().enumerate() {
        if matches!(atom.class, Space | WideSpace) {
            if last.is_some() && space != Some(WideSpace) {
                space = Some(atom.class);
            }
            continue;
        }
        let is_bracketed = atom.class == Fraction && needs_brackets(&atoms, index);
        let gap = match (space.take(), last) {
            (_, None) => "",
            (Some(WideSpace), _) => "  ",
            (Some(_), Some(last)) => {
                if matches!(atom.class, Close | Punctuation | Postfix) || last.class == Open {
                    ""
                } else {
                    " "
                }
            }
            (None, Some(last)) => {
                if has_gap(last, atom, is_bracketed, spacing) {
                    " "
                } else {
                    ""
                }
            }
        };
        picture.push_str(gap);
        if is_bracketed {
            picture.push_str("(");
            picture.push(&atom.picture);
            picture.push_str(")");
        } else {
            picture.push(&atom.picture);
        }
        last = Some(atom);
    }
    Joined { picture, shape, is_word }
}

/// Tells signs from operators, and bars that open from bars that close.
fn classify(atoms: &mut [Atom], before: Before) {
    let mut has_operand = before == Before::Operand;
    let mut bars = 0_usize;
    for index in 0..atoms.len() {
        let (atom, after) =
            atoms[index..].split_first_mut().expect("the index is below the length");
        match atom.class {
            Binary => {
                let next = after.iter().map(|atom| atom.class).find(|class| *class != Space);
                let is_last =
                    matches!(next, None | Some(Close | Relation | Punctuation | WideSpace));
                if has_operand && is_last {
                    atom.class = Letter;
                } else if !has_operand {
                    atom.class = if is_last { Letter } else { Sign };
                }
            }
            Bar if has_operand && bars > 0 => {
                bars -= 1;
                atom.class = Close;
            }
            Bar => {
                bars += 1;
                atom.class = Open;
            }
            _ => {}
        }
        has_operand = match atom.class {
            Number | Letter | Word | Close | Fence | Fraction | Derivative | Postfix => true,
            Space => has_operand,
            _ => false,
        };
    }
}

/// Whether a space stands between two atoms that nothing was written between.
fn has_gap(last: &Atom, atom: &Atom, is_bracketed: bool, spacing: Spacing) -> bool {
    let is_wide = spacing == Spacing::Wide;
    let is_fused = last.is_open_ended
        && matches!(atom.class, Number | Letter | Word)
        && !atom.picture.is_empty();
    match (last.class, atom.class) {
        (Open | Sign | Slash | Quantifier | Tight, _)
        | (_, Close | Punctuation | Postfix | Tight) => false,
        (Relation | Binary, _) | (_, Relation | Binary) => is_wide || is_named(last, atom),
        (Punctuation, _) => is_wide,
        (Limit, Open | Fence) => last.has_scripts,
        (Function, Open | Fence) | (_, Slash) => false,
        (Function | Letter | Number | Close | Fence | Postfix, Fraction) => !is_bracketed,
        (Function | Limit | Big | Derivative, _)
        | (_, Function | Limit | Big | Quantifier | Derivative)
        | (Word, Fraction)
        | (Fraction, Word) => true,
        (Word, Number | Letter | Word) => !last.has_scripts || last.is_open_ended,
        // `x²3` and `10⁻³2` would be hard to take apart.
        (_, Number) if last.has_scripts => true,
        _ => is_fused || starts_with_script(atom),
    }
}

/// Whether one of two is an operator spelled out, which runs into letters: `mod`.
fn is_named(last: &Atom, atom: &Atom) -> bool {
    [last, atom].iter().any(|it| it.class == Binary && it.picture.axis_row() == "mod")
}

fn starts_with_script(atom: &Atom) -> bool {
    atom.picture.axis_row().starts_with(is_script)
}

/// Whether the fraction of this index is multiplied with something beside it, or is negative behind
/// an operator.
fn needs_brackets(atoms: &[Atom], index: usize) -> bool {
    let is_there = |atom: &&Atom| atom.class != Space;
    let before = atoms[..index].iter().rev().find(is_there);
    let after = atoms[index + 1..].iter().find(is_there);
    // `x a/b` is `x` times the fraction however it is read.
    let is_factor_before = before.is_some_and(|atom| match atom.class {
        Fraction | Slash | Function => true,
        Number | Letter | Close | Fence | Postfix | Binary => {
            atoms[index].picture.axis_row().starts_with('-')
        }
        _ => false,
    });
    let is_factor_after = after.is_some_and(|atom| {
        matches!(
            atom.class,
            Number | Letter | Open | Fence | Fraction | Postfix | Slash | Function | Big | Limit
        )
    });
    is_factor_before || is_factor_after
}

/// Letters that stand for functions, where a bracket follows.
const FUNCTIONS: [char; 18] =
    ['f', 'g', 'h', 'p', 'q', 'F', 'G', 'H', 'P', 'Q', 'Γ', 'Φ', 'ζ', 'π', 'σ', 'φ', 'ψ', 'ℙ'];

fn shape(atoms: &[Atom]) -> Shape {
    let mut depth = 0_usize;
    let mut units = 0;
    let mut is_loose = false;
    let outer: Vec<&Atom> = atoms
        .iter()
        .filter(|atom| {
            let is_outer = depth == 0;
            match atom.class {
                Open => depth += 1,
                Close => depth = depth.saturating_sub(1),
                _ => {}
            }
            is_outer
        })
        .collect();
    for atom in &outer {
        match atom.class {
            Number | Letter | Open | Fence | Sign | Function => units += 1,
            Word => {
                units += 1;
                is_loose |= atom.picture.axis_row().contains(' ');
            }
            Tight | Postfix | Space => {}
            _ => is_loose = true,
        }
    }
    // `f(x)` and `sin(x)` are one thing, and `dx` is.
    let classes: Vec<Class> = outer.iter().map(|atom| atom.class).collect();
    let is_one = match classes.as_slice() {
        [Letter, Open | Fence] => outer[0].picture.axis_row().starts_with(FUNCTIONS),
        [Word | Function, Open | Fence] => true,
        [Letter, Letter] => matches!(outer[0].picture.axis_row(), "d" | "∂"),
        [Function, ..] => {
            is_loose = true;
            false
        }
        _ => units <= 1,
    };
    is_loose |= outer.iter().skip(1).any(|atom| atom.class == Function)
        && !matches!(classes.last(), Some(Open | Fence));
    match (is_loose, is_one) {
        (true, _) => Shape::Sum,
        (false, true) => Shape::Unit,
        (false, false) => Shape::Product,
    }
}
