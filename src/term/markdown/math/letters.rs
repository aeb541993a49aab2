//! Alphabets, raised and lowered characters, and marks above letters.

/// An alphabet of mathematics that Unicode has characters for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// `\mathbb`
    DoubleStruck,
    /// `\mathcal`, `\mathscr`
    Script,
    /// `\mathfrak`
    Fraktur,
}

impl Alphabet {
    /// The letter in this alphabet; others stay as they are.
    pub(super) fn letter(self, letter: char) -> char {
        match (self, letter) {
            // These were in Unicode before the alphabets came.
            (Self::DoubleStruck, 'C') => 'ℂ',
            (Self::DoubleStruck, 'H') => 'ℍ',
            (Self::DoubleStruck, 'N') => 'ℕ',
            (Self::DoubleStruck, 'P') => 'ℙ',
            (Self::DoubleStruck, 'Q') => 'ℚ',
            (Self::DoubleStruck, 'R') => 'ℝ',
            (Self::DoubleStruck, 'Z') => 'ℤ',
            (Self::Script, 'B') => 'ℬ',
            (Self::Script, 'E') => 'ℰ',
            (Self::Script, 'F') => 'ℱ',
            (Self::Script, 'H') => 'ℋ',
            (Self::Script, 'I') => 'ℐ',
            (Self::Script, 'L') => 'ℒ',
            (Self::Script, 'M') => 'ℳ',
            (Self::Script, 'R') => 'ℛ',
            (Self::Script, 'e') => 'ℯ',
            (Self::Script, 'g') => 'ℊ',
            (Self::Script, 'o') => 'ℴ',
            (Self::Fraktur, 'C') => 'ℭ',
            (Self::Fraktur, 'H') => 'ℌ',
            (Self::Fraktur, 'I') => 'ℑ',
            (Self::Fraktur, 'R') => 'ℜ',
            (Self::Fraktur, 'Z') => 'ℨ',
            _ => self.shifted(letter),
        }
    }

    fn shifted(self, letter: char) -> char {
        let (capitals, smalls) = match self {
            Self::DoubleStruck => (0x1d538, 0x1d552),
            Self::Script => (0x1d49c, 0x1d4b6),
            Self::Fraktur => (0x1d504, 0x1d51e),
        };
        let code = match letter {
            'A'..='Z' => capitals + (u32::from(letter) - u32::from('A')),
            'a'..='z' => smalls + (u32::from(letter) - u32::from('a')),
            '0'..='9' if self == Self::DoubleStruck => {
                0x1d7d8 + (u32::from(letter) - u32::from('0'))
            }
            _ => return letter,
        };
        char::from_u32(code).unwrap_or(letter)
    }
}

/// The text raised, if all of it can be.
pub(super) fn raised(text: &str) -> Option<String> {
    text.chars().map(raised_character).collect()
}

/// The text lowered, if all of it can be.
pub(super) fn lowered(text: &str) -> Option<String> {
    text.chars().map(lowered_character).collect()
}

/// Whether [`raised`] or [`lowered`] may have made this character. Beside something else it would
/// be read as belonging to that.
pub(super) fn is_script(character: char) -> bool {
    matches!(
        character,
        '²' | '³' | '¹' | '\u{2070}'..='\u{209c}' | 'ʰ' | 'ʲ' | 'ʳ' | 'ʷ' | 'ʸ' | 'ˡ' | 'ˢ' | 'ˣ'
    ) || matches!(character, '\u{1d2c}'..='\u{1d6a}' | 'ᶜ' | 'ᶠ' | 'ᶻ' | 'ᶿ' | 'ⱼ' | 'ⱽ')
}

fn raised_character(character: char) -> Option<char> {
    Some(match character {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        '+' => '⁺',
        '-' => '⁻',
        '=' => '⁼',
        '(' => '⁽',
        ')' => '⁾',
        'a' => 'ᵃ',
        'b' => 'ᵇ',
        'c' => 'ᶜ',
        'd' => 'ᵈ',
        'e' => 'ᵉ',
        'f' => 'ᶠ',
        'g' => 'ᵍ',
        'h' => 'ʰ',
        'i' => 'ⁱ',
        'j' => 'ʲ',
        'k' => 'ᵏ',
        'l' => 'ˡ',
        'm' => 'ᵐ',
        'n' => 'ⁿ',
        'o' => 'ᵒ',
        'p' => 'ᵖ',
        'r' => 'ʳ',
        's' => 'ˢ',
        't' => 'ᵗ',
        'u' => 'ᵘ',
        'v' => 'ᵛ',
        'w' => 'ʷ',
        'x' => 'ˣ',
        'y' => 'ʸ',
        'z' => 'ᶻ',
        'A' => 'ᴬ',
        'B' => 'ᴮ',
        'D' => 'ᴰ',
        'E' => 'ᴱ',
        'G' => 'ᴳ',
        'H' => 'ᴴ',
        'I' => 'ᴵ',
        'J' => 'ᴶ',
        'K' => 'ᴷ',
        'L' => 'ᴸ',
        'M' => 'ᴹ',
        'N' => 'ᴺ',
        'O' => 'ᴼ',
        'P' => 'ᴾ',
        'R' => 'ᴿ',
        'T' | '⊤' => 'ᵀ',
        'U' => 'ᵁ',
        'V' => 'ⱽ',
        'W' => 'ᵂ',
        'β' => 'ᵝ',
        'γ' => 'ᵞ',
        'δ' => 'ᵟ',
        'θ' => 'ᶿ',
        'φ' | 'ϕ' => 'ᵠ',
        'χ' => 'ᵡ',
        // These stand high by themselves.
        '*' | '†' | '‡' | '°' | '′' | '″' | '‴' => character,
        '∘' => '°',
        _ => return None,
    })
}

fn lowered_character(character: char) -> Option<char> {
    Some(match character {
        '0'..='9' => char::from_u32(0x2080 + (u32::from(character) - u32::from('0')))?,
        '+' => '₊',
        '-' => '₋',
        '=' => '₌',
        '(' => '₍',
        ')' => '₎',
        'a' => 'ₐ',
        'e' => 'ₑ',
        'h' => 'ₕ',
        'i' => 'ᵢ',
        'j' => 'ⱼ',
        'k' => 'ₖ',
        'l' => 'ₗ',
        'm' => 'ₘ',
        'n' => 'ₙ',
        'o' => 'ₒ',
        'p' => 'ₚ',
        'r' => 'ᵣ',
        's' => 'ₛ',
        't' => 'ₜ',
        'u' => 'ᵤ',
        'v' => 'ᵥ',
        'x' => 'ₓ',
        'β' => 'ᵦ',
        'γ' => 'ᵧ',
        'ρ' => 'ᵨ',
        'φ' | 'ϕ' => 'ᵩ',
        'χ' => 'ᵪ',
        _ => return None,
    })
}

/// The combining character of an accent, and whether it may stand over several letters.
pub(super) fn accent(name: &str) -> Option<(char, bool)> {
    Some(match name {
        "hat" | "widehat" => ('\u{302}', false),
        "tilde" | "widetilde" => ('\u{303}', false),
        "bar" => ('\u{304}', false),
        "dot" => ('\u{307}', false),
        "ddot" => ('\u{308}', false),
        "dddot" => ('\u{20db}', false),
        "mathring" => ('\u{30a}', false),
        "check" => ('\u{30c}', false),
        "breve" => ('\u{306}', false),
        "acute" => ('\u{301}', false),
        "grave" => ('\u{300}', false),
        "vec" | "overrightarrow" => ('\u{20d7}', false),
        "overline" => ('\u{305}', true),
        "underline" => ('\u{332}', true),
        _ => return None,
    })
}

/// The letter with this mark, where Unicode has one character for both.
pub(super) fn composed(letter: char, mark: char) -> Option<char> {
    let (letters, marked) = match mark {
        '\u{302}' => ("ACEGHIJOSUWYZaceghijosuwyz", "ÂĈÊĜĤÎĴÔŜÛŴŶẐâĉêĝĥîĵôŝûŵŷẑ"),
        '\u{303}' => ("AEINOUVYaeinouvy", "ÃẼĨÑÕŨṼỸãẽĩñõũṽỹ"),
        '\u{304}' => ("AEGIOUYaegiouy", "ĀĒḠĪŌŪȲāēḡīōūȳ"),
        '\u{307}' => {
            ("ABCDEFGHIMNOPRSTWXYZabcdefghmnoprstwxyz", "ȦḂĊḊĖḞĠḢİṀṄȮṖṘṠṪẆẊẎŻȧḃċḋėḟġḣṁṅȯṗṙṡṫẇẋẏż")
        }
        '\u{308}' => ("AEHIOUWXYaehiotuwxy", "ÄËḦÏÖÜẄẌŸäëḧïöẗüẅẍÿ"),
        '\u{30c}' => ("ACDEGHIKLNORSTUZacdeghijklnorstuz", "ǍČĎĚǦȞǏǨĽŇǑŘŠŤǓŽǎčďěǧȟǐǰǩľňǒřšťǔž"),
        '\u{30a}' => ("AUauwy", "ÅŮåůẘẙ"),
        _ => return None,
    };
    let at = letters.chars().position(|it| it == letter)?;
    marked.chars().nth(at)
}

/// The opposite of a relation, where Unicode has a character for it.
pub(super) fn negated(relation: &str) -> Option<&'static str> {
    Some(match relation {
        "=" => "≠",
        "<" => "≮",
        ">" => "≯",
        "≤" => "≰",
        "≥" => "≱",
        "∈" => "∉",
        "∋" => "∌",
        "⊂" => "⊄",
        "⊃" => "⊅",
        "⊆" => "⊈",
        "⊇" => "⊉",
        "≡" => "≢",
        "∼" => "≁",
        "≃" => "≄",
        "≅" => "≇",
        "≈" => "≉",
        "∣" | "|" => "∤",
        "∥" => "∦",
        "∃" => "∄",
        "⊢" => "⊬",
        "⊨" => "⊭",
        "→" => "↛",
        "⇒" => "⇏",
        "⇔" => "⇎",
        "←" => "↚",
        _ => return None,
    })
}
