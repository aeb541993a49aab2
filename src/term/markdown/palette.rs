//! What each role looks like: attributes and colours as SGR. Pure.
//!
//! Nobody asks a terminal for its background, so every colour must be readable on white and on
//! black. The fixed ones have a contrast of at least 4.0 with both (their relative luminance lies
//! between 0.15 and 0.2125). Kinds of tokens in code differ along blue and yellow as well as along
//! red and green, and none has only its colour: strings have quotes, lines of a diff their signs.
//!
//! Source: ECMA-48, 8.3.117; for the contrast WCAG 2.2, 1.4.3.

use std::io::Write as _;

use super::line::{Role, Style};

/// Which colours and attributes the terminal shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Palette {
    /// Neither colours nor attributes.
    #[default]
    None,
    /// Attributes alone: bold, italic, underlined, struck out, faint.
    Attributes,
    /// The terminal's own sixteen colours.
    Sixteen,
    /// 256 colours.
    Many,
    /// 24 bits.
    True,
}

/// Everything that SGR is used for at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Pen {
    /// A set of the bits below, never bold and faint at once: one parameter ends them both.
    attributes: u8,
    color: Color,
}

/// A colour of the text; the background is never touched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Color {
    /// The terminal's own for text.
    #[default]
    Text,
    /// One of the first eight of the terminal's sixteen, by its SGR parameter.
    Named(u8),
    /// One of the fixed part of 256, 16 and above.
    Fixed(u8),
    /// Red, green and blue.
    Exact(u8, u8, u8),
}

const BOLD: u8 = 1;
const FAINT: u8 = 1 << 1;
const ITALIC: u8 = 1 << 2;
const UNDERLINED: u8 = 1 << 3;
const STRUCK: u8 = 1 << 4;

/// The attributes with the parameters that begin and end them.
const ATTRIBUTES: [(u8, u8, u8); 5] =
    [(BOLD, 1, 22), (FAINT, 2, 22), (ITALIC, 3, 23), (UNDERLINED, 4, 24), (STRUCK, 9, 29)];

const RED: Color = Color::Named(31);
const GREEN: Color = Color::Named(32);
const MAGENTA: Color = Color::Named(35);
const CYAN: Color = Color::Named(36);

impl Palette {
    /// What text in this style is written with.
    pub(super) fn pen(self, style: &Style) -> Pen {
        if self == Self::None {
            return Pen::default();
        }
        let (mut attributes, mut color) = self.role(style.role);
        if style.is_bold {
            attributes = attributes & !FAINT | BOLD;
        }
        if style.is_italic {
            attributes |= ITALIC;
        }
        if style.is_struck {
            attributes |= STRUCK;
        }
        // Many terminals show a bold one of the sixteen as its bright twin, which nobody can read
        // on white.
        if self == Self::Sixteen && attributes & BOLD != 0 {
            color = Color::Text;
        }
        Pen { attributes, color }
    }

    fn role(self, role: Role) -> (u8, Color) {
        match self {
            Self::None => (0, Color::Text),
            Self::Attributes => (attributes(role), Color::Text),
            Self::Sixteen => sixteen(role),
            Self::Many => many(role),
            Self::True => exact(role),
        }
    }
}

/// Without colours, code has the weight alone to be told apart by.
fn attributes(role: Role) -> u8 {
    match role {
        Role::Faint | Role::Comment | Role::Removed => FAINT,
        Role::Title => BOLD | UNDERLINED,
        Role::Heading | Role::Keyword | Role::Added => BOLD,
        Role::Link => UNDERLINED,
        Role::Plain
        | Role::Snippet
        | Role::Code
        | Role::String
        | Role::Number
        | Role::Type
        | Role::Function => 0,
    }
}

/// Four of the sixteen are readable on light and dark themes alike: white, black, yellow and the
/// bright ones vanish on one of the two, blue on black.
fn sixteen(role: Role) -> (u8, Color) {
    match role {
        Role::Plain | Role::Code => (0, Color::Text),
        Role::Faint | Role::Comment => (FAINT, Color::Text),
        Role::Title => (BOLD | UNDERLINED, Color::Text),
        Role::Heading | Role::Type | Role::Function => (BOLD, Color::Text),
        Role::Link => (UNDERLINED, CYAN),
        Role::Snippet => (0, CYAN),
        Role::Keyword => (0, MAGENTA),
        Role::String | Role::Added => (0, GREEN),
        Role::Number | Role::Removed => (0, RED),
    }
}

fn many(role: Role) -> (u8, Color) {
    let (attributes, color) = match role {
        Role::Plain | Role::Code => return (0, Color::Text),
        Role::Faint | Role::Comment => (0, 243),
        Role::Title => (BOLD | UNDERLINED, 98),
        Role::Heading => (BOLD, 98),
        Role::Link => (UNDERLINED, 27),
        Role::Snippet => (0, 30),
        Role::Keyword => (0, 133),
        Role::String => (0, 64),
        Role::Number => (0, 130),
        Role::Type => (0, 63),
        Role::Function => (0, 31),
        Role::Added => (0, 28),
        Role::Removed => (0, 161),
    };
    (attributes, Color::Fixed(color))
}

fn exact(role: Role) -> (u8, Color) {
    let (attributes, (red, green, blue)) = match role {
        Role::Plain | Role::Code => return (0, Color::Text),
        Role::Faint | Role::Comment => (0, (0x77, 0x77, 0x77)),
        Role::Title => (BOLD | UNDERLINED, (0x8a, 0x5c, 0xdc)),
        Role::Heading => (BOLD, (0x8a, 0x5c, 0xdc)),
        Role::Link => (UNDERLINED, (0x2a, 0x6f, 0xe8)),
        Role::Snippet => (0, (0x1c, 0x7f, 0x86)),
        Role::Keyword => (0, (0xb4, 0x4f, 0xb8)),
        Role::String => (0, (0x5c, 0x84, 0x00)),
        Role::Number => (0, (0xb8, 0x5c, 0x00)),
        Role::Type => (0, (0x6a, 0x62, 0xf2)),
        Role::Function => (0, (0x00, 0x7f, 0xb4)),
        Role::Added => (0, (0x1a, 0x85, 0x40)),
        Role::Removed => (0, (0xd8, 0x36, 0x4f)),
    };
    (attributes, Color::Exact(red, green, blue))
}

impl Pen {
    /// Writes what turns this pen into `next`: the parameters that change, or a reset when nothing
    /// is left.
    pub(super) fn change(self, next: Self, bytes: &mut Vec<u8>) {
        if self == next {
            return;
        }
        if next == Self::default() {
            bytes.extend_from_slice(b"\x1b[0m");
            return;
        }
        let mut mark: &[u8] = b"\x1b[";
        let mut parameter = |bytes: &mut Vec<u8>, arguments: std::fmt::Arguments<'_>| {
            bytes.extend_from_slice(std::mem::replace(&mut mark, b";"));
            // Writing to memory cannot fail.
            let _ = bytes.write_fmt(arguments);
        };
        for (bit, _, off) in ATTRIBUTES {
            if self.attributes & !next.attributes & bit != 0 {
                parameter(bytes, format_args!("{off}"));
            }
        }
        for (bit, on, _) in ATTRIBUTES {
            if next.attributes & !self.attributes & bit != 0 {
                parameter(bytes, format_args!("{on}"));
            }
        }
        if self.color != next.color {
            match next.color {
                Color::Text => parameter(bytes, format_args!("39")),
                Color::Named(color) => parameter(bytes, format_args!("{color}")),
                Color::Fixed(color) => parameter(bytes, format_args!("38;5;{color}")),
                Color::Exact(red, green, blue) => {
                    parameter(bytes, format_args!("38;2;{red};{green};{blue}"));
                }
            }
        }
        bytes.push(b'm');
    }
}

#[cfg(test)]
#[path = "palette_tests.rs"]
mod tests;
