//! Sums, done exactly: `2+2`, `(1 + 2) * 3 / 4`, `0.1 + 0.2`.

use std::fmt;

/// How deep parentheses and signs may nest; more is taken for prose.
const MAX_DEPTH: usize = 64;

/// Digits after the point of a result that has no end, such as one third.
const DIGITS: usize = 6;

/// The answer to a sum, or `None` when the text is not a sum with at least one operator.
pub(super) fn answer(text: &str) -> Option<String> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens: &tokens, depth: 0, operators: 0 };
    let value = parser.sum()?;
    if !parser.tokens.is_empty() || parser.operators == 0 {
        return None;
    }
    let sum = spell(&tokens);
    Some(match value {
        Ok(number) if number.is_exact() => format!("{sum} = {number}"),
        Ok(number) => format!("{sum} ≈ {number}"),
        Err(Trouble::DivisionByZero) => format!("{sum} has no answer: it divides by zero."),
        Err(Trouble::Overflow) => format!("{sum} is more than the demo can hold in its head."),
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Number(&'a str),
    /// `+`, `-`, `*` or `/`.
    Operator(char),
    Open,
    Close,
}

fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '0'..='9' | '.' => {
                let length =
                    rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
                (Token::Number(&rest[..length]), length)
            }
            '+' | '-' | '*' | '/' => (Token::Operator(first), 1),
            '−' => (Token::Operator('-'), first.len_utf8()),
            '×' => (Token::Operator('*'), first.len_utf8()),
            '÷' => (Token::Operator('/'), first.len_utf8()),
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            _ => return None,
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Some(tokens)
}

/// The sum with one manner of spacing: `2 + 2`, `-(3 - 4)`.
fn spell(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    let mut is_after_value = false;
    for &token in tokens {
        match token {
            Token::Number(digits) => text.push_str(digits),
            Token::Open => text.push('('),
            Token::Close => text.push(')'),
            Token::Operator(sign) if is_after_value => {
                text.extend([' ', sign, ' ']);
            }
            Token::Operator(sign) => text.push(sign),
        }
        is_after_value = matches!(token, Token::Number(_) | Token::Close);
    }
    text
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    DivisionByZero,
    Overflow,
}

type Value = Result<Ratio, Trouble>;

/// Reads by recursive descent. `None` says "this is no sum"; trouble with the values is kept inside
/// the value, so that prose behind a division by zero is still prose.
struct Parser<'a> {
    tokens: &'a [Token<'a>],
    depth: usize,
    operators: usize,
}

impl<'a> Parser<'a> {
    fn sum(&mut self) -> Option<Value> {
        let mut left = self.product()?;
        while let Some(sign) = self.operator(['+', '-']) {
            let right = self.product()?;
            left = combine(sign, left, right);
        }
        Some(left)
    }

    fn product(&mut self) -> Option<Value> {
        let mut left = self.factor()?;
        while let Some(sign) = self.operator(['*', '/']) {
            let right = self.factor()?;
            left = combine(sign, left, right);
        }
        Some(left)
    }

    fn factor(&mut self) -> Option<Value> {
        let token = self.next()?;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let value = match token {
            Token::Number(digits) => Ratio::parse(digits)?,
            Token::Operator('-') => combine('-', Ok(Ratio::ZERO), self.factor()?),
            Token::Operator('+') => self.factor()?,
            Token::Open => {
                let value = self.sum()?;
                if self.next()? != Token::Close {
                    return None;
                }
                value
            }
            Token::Operator(_) | Token::Close => return None,
        };
        self.depth -= 1;
        Some(value)
    }

    fn next(&mut self) -> Option<Token<'a>> {
        let (&first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first)
    }

    fn operator(&mut self, signs: [char; 2]) -> Option<char> {
        match self.tokens.first() {
            Some(&Token::Operator(sign)) if signs.contains(&sign) => {
                self.tokens = &self.tokens[1..];
                self.operators += 1;
                Some(sign)
            }
            _ => None,
        }
    }
}

fn combine(sign: char, left: Value, right: Value) -> Value {
    let (left, right) = (left?, right?);
    if sign == '/' && right.above == 0 {
        return Err(Trouble::DivisionByZero);
    }
    match sign {
        '+' => left.plus(right),
        '-' => right.negated().and_then(|right| left.plus(right)),
        '*' => left.times(right.above, right.below),
        _ => left.times(right.below, right.above),
    }
    .ok_or(Trouble::Overflow)
}

/// A number as a fraction in lowest terms, `below` above zero: so `0.1 + 0.2` is `0.3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ratio {
    above: i128,
    below: i128,
}

impl Ratio {
    const ZERO: Self = Self { above: 0, below: 1 };

    /// Reads `12`, `0.5`, `.5`; `None` when it is no number at all.
    fn parse(digits: &str) -> Option<Value> {
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) {
            return None;
        }
        let read = || {
            let above = format!("0{whole}{fraction}").parse().ok()?;
            let places = u32::try_from(fraction.len()).ok()?;
            Self::reduced(above, 10_i128.checked_pow(places)?)
        };
        Some(read().ok_or(Trouble::Overflow))
    }

    fn reduced(above: i128, below: i128) -> Option<Self> {
        let shared = i128::try_from(gcd(above.unsigned_abs(), below.unsigned_abs())).ok()?;
        // `shared` is zero only for 0/0, which `combine` keeps out.
        let (above, below) = (above.checked_div(shared)?, below.checked_div(shared)?);
        if below < 0 {
            Some(Self { above: above.checked_neg()?, below: below.checked_neg()? })
        } else {
            Some(Self { above, below })
        }
    }

    fn negated(self) -> Option<Self> {
        Some(Self { above: self.above.checked_neg()?, ..self })
    }

    fn plus(self, other: Self) -> Option<Self> {
        let left = self.above.checked_mul(other.below)?;
        let right = other.above.checked_mul(self.below)?;
        Self::reduced(left.checked_add(right)?, self.below.checked_mul(other.below)?)
    }

    fn times(self, above: i128, below: i128) -> Option<Self> {
        Self::reduced(self.above.checked_mul(above)?, self.below.checked_mul(below)?)
    }

    /// Whether the decimals come to an end within [`DIGITS`].
    fn is_exact(self) -> bool {
        self.decimals().1
    }

    /// The digits after the point, and whether they are all.
    fn decimals(self) -> (String, bool) {
        let below = self.below.unsigned_abs();
        let mut rest = self.above.unsigned_abs() % below;
        let mut digits = String::new();
        while rest != 0 && digits.len() < DIGITS {
            // `rest` is less than 2^127; only with huge fractions does ten times that not fit.
            let Some(tenfold) = rest.checked_mul(10) else { return (digits, false) };
            digits.extend(char::from_digit(u32::try_from(tenfold / below).unwrap_or(0), 10));
            rest = tenfold % below;
        }
        (digits, rest == 0)
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.above < 0 {
            f.write_str("-")?;
        }
        write!(f, "{}", self.above.unsigned_abs() / self.below.unsigned_abs())?;
        let (digits, _) = self.decimals();
        if digits.is_empty() { Ok(()) } else { write!(f, ".{digits}") }
    }
}

fn gcd(mut left: u128, mut right: u128) -> u128 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(answer(text).as_deref(), Some(expected));
    }

    #[test]
    fn sums_are_exact_and_products_come_first() {
        check("2+2", "2 + 2 = 4");
        check("2 + 3 * 4", "2 + 3 * 4 = 14");
        check("(2 + 3) * 4", "(2 + 3) * 4 = 20");
        check("0.1+0.2", "0.1 + 0.2 = 0.3");
        check("7 / 2", "7 / 2 = 3.5");
        check("10 - 2 - 3", "10 - 2 - 3 = 5");
        check("6 ÷ 2 × 3 − 1", "6 / 2 * 3 - 1 = 8");
        check("-(3 - 4) * .5", "-(3 - 4) * .5 = 0.5");
        check("1 - 1.5", "1 - 1.5 = -0.5");
    }

    #[test]
    fn a_result_without_end_is_given_about() {
        check("1/3", "1 / 3 ≈ 0.333333");
        check("-22/7", "-22 / 7 ≈ -3.142857");
    }

    #[test]
    fn zero_and_overflow_are_answered_in_words() {
        check("1/(2-2)", "1 / (2 - 2) has no answer: it divides by zero.");
        let nines = "9".repeat(30);
        check(
            &format!("{nines}*{nines}"),
            &format!("{nines} * {nines} is more than the demo can hold in its head."),
        );
        let long = "9".repeat(60);
        check(
            &format!("{long}+1"),
            &format!("{long} + 1 is more than the demo can hold in its head."),
        );
    }

    #[test]
    fn prose_numbers_and_unfinished_sums_are_no_sums() {
        for text in ["", "42", "-42", "2 +", "(2", "2)", "1/0 apples", "1..2 + 3", "+", "2 2", "."]
        {
            assert_eq!(answer(text), None, "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_prose() {
        let deep = format!("{}1{}+1", "(".repeat(100_000), ")".repeat(100_000));
        assert_eq!(answer(&deep), None);
        assert_eq!(answer(&format!("{}1", "-".repeat(100_000))), None);
        check(
            &format!("{}1{}+1", "(".repeat(60), ")".repeat(60)),
            &format!("{}1{} + 1 = 2", "(".repeat(60), ")".repeat(60)),
        );
    }

    #[test]
    fn the_smallest_integer_does_not_panic() {
        let text =
            "-85070591730234615865843651857942052864 - 85070591730234615865843651857942052864";
        check(
            &format!("({text}) / 3"),
            &format!("({text}) / 3 ≈ -56713727820156410577229101238628035242.666666"),
        );
        check(
            &format!("0 - ({text})"),
            &format!("0 - ({text}) is more than the demo can hold in its head."),
        );
    }
}
