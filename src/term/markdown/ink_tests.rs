use proptest::prelude::*;

use super::*;
use crate::term::markdown::Role;

const PALETTES: [Palette; 5] =
    [Palette::None, Palette::Attributes, Palette::Sixteen, Palette::Many, Palette::True];

fn linked(link: &str) -> Style {
    Style { link: Some(link.into()), ..Style::of(Role::Link) }
}

fn bold() -> Style {
    Style { is_bold: true, ..Style::default() }
}

#[track_caller]
fn check(palette: Palette, write: impl Fn(&mut Ink), expected: &str) {
    let mut ink = Ink::new(palette, true);
    write(&mut ink);
    assert_eq!(String::from_utf8_lossy(ink.bytes()), expected);
}

#[test]
fn a_style_is_closed_behind_its_text() {
    check(Palette::Many, |ink| ink.text("a", &bold()), "\x1b[1ma\x1b[0m");
    check(Palette::Many, |ink| ink.text("a", &Style::default()), "a");
    check(Palette::Many, |ink| ink.text("", &bold()), "");
    check(Palette::None, |ink| ink.text("a", &bold()), "a");
}

#[test]
fn text_that_goes_on_in_its_style_is_not_closed_in_between() {
    let twice = |ink: &mut Ink| {
        ink.text("a", &bold());
        ink.text("", &Style::default());
        ink.text("b", &bold());
        ink.text("c", &Style::default());
    };
    check(Palette::Many, twice, "\x1b[1mab\x1b[0mc");
    let lines = |ink: &mut Ink| {
        ink.line(&Line::of("a", &bold()));
        ink.line(&Line::of("b", &bold()));
    };
    check(Palette::Many, lines, "\x1b[1mab\x1b[0m");
}

#[test]
fn between_two_styles_only_the_difference_is_written() {
    let write = |ink: &mut Ink| {
        ink.text("a", &bold());
        ink.text("b", &Style { is_italic: true, ..bold() });
        ink.text("c", &Style::of(Role::Number));
    };
    check(Palette::Sixteen, write, "\x1b[1ma\x1b[3mb\x1b[22;23;31mc\x1b[0m");
}

#[test]
fn nothing_is_open_when_anything_else_is_written() {
    type Control = fn(&mut Ink);
    let controls: [(Control, &str); 6] = [
        (Ink::line_feed, "\n"),
        (|ink| ink.up(2), "\x1b[2A"),
        (|ink| ink.erase_from(0), "\r\x1b[K\x1b[2G\x1b[J\x1b[1G"),
        (|ink| ink.erase_from(7), "\x1b[8G\x1b[J"),
        (Ink::begin_update, "\x1b[?2026h"),
        (Ink::end_update, "\x1b[?2026l"),
    ];
    for (control, written) in controls {
        let write = |ink: &mut Ink| {
            ink.text("a", &bold());
            control(ink);
            ink.text("b", &bold());
        };
        check(Palette::Many, write, &format!("\x1b[1ma\x1b[0m{written}\x1b[1mb\x1b[0m"));
    }
    check(Palette::Many, |ink| ink.up(0), "");
}

#[test]
fn what_was_taken_away_is_not_gone_on_with() {
    let write = |ink: &mut Ink| {
        ink.text("a", &bold());
        ink.clear();
        ink.text("b", &bold());
    };
    check(Palette::Many, write, "\x1b[1mb\x1b[0m");
}

#[test]
fn a_link_is_closed_behind_its_words_and_leads_from_one_to_the_next() {
    const CLOSED: &str = "\x1b]8;;\x1b\\";
    let one = linked("https://a.example/x?y=1#z");
    let write = |ink: &mut Ink| {
        ink.text("a", &one);
        ink.text("b", &Style { is_bold: true, ..one.clone() });
        ink.text("c", &linked("HTTP://b.example"));
        ink.text("d", &Style::default());
    };
    let open = "\x1b]8;;https://a.example/x?y=1#z\x1b\\";
    let next = "\x1b]8;;HTTP://b.example\x1b\\";
    check(Palette::None, write, &format!("{open}ab{next}c{CLOSED}d"));
    check(Palette::Attributes, |ink| ink.text("a", &one), &{
        format!("\x1b[4m{open}a{CLOSED}\x1b[0m")
    });
    let mut ink = Ink::new(Palette::None, false);
    ink.text("a", &one);
    assert_eq!(ink.bytes(), b"a");
}

#[test]
fn an_address_that_could_do_harm_is_no_link() {
    let long = format!("https://{}", "a".repeat(LONGEST_LINK));
    for link in [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "mailto:a@b.example",
        "httpx://a.example",
        "http:/a.example",
        "https:",
        "",
        " https://a.example",
        "https://a.example/ b",
        "https://a.example/\x1b\\",
        "https://a.example/\x07",
        "https://a.example/\u{9c}",
        "https://ä.example",
        "htt\u{440}s://a.example",
        &long,
    ] {
        check(Palette::None, |ink| ink.text("a", &linked(link)), "a");
    }
    let longest = &long[..LONGEST_LINK];
    let written = format!("\x1b]8;;{longest}\x1b\\a\x1b]8;;\x1b\\");
    check(Palette::None, |ink| ink.text("a", &linked(longest)), &written);
}

#[test]
#[cfg(debug_assertions)]
fn text_that_was_not_made_harmless_is_noticed() {
    for text in ["\x1b[31m", "a\nb", "\u{9b}", "\u{202e}", "\u{2028}", "\r"] {
        let written = std::panic::catch_unwind(|| {
            Ink::new(Palette::None, false).text(text, &Style::default());
        });
        assert!(written.is_err(), "{text:?}");
    }
    Ink::new(Palette::None, false).text("a\tb ❤\u{fe0f}", &Style::default());
}

/// A terminal that knows our own sequences and fails at any other.
#[derive(Debug, Default)]
struct Reader {
    /// What SGR has switched on: the parameters that did it, but for the colour, which is one.
    on: std::collections::BTreeSet<u8>,
    color: Vec<u8>,
    link: String,
    /// Each character with what it was written in.
    shown: Vec<(char, Dress)>,
}

/// The attributes, the colour and the link of a character.
type Dress = (Vec<u8>, Vec<u8>, String);

impl Reader {
    fn look(&self) -> Dress {
        (self.on.iter().copied().collect(), self.color.clone(), self.link.clone())
    }

    fn is_closed(&self) -> bool {
        self.look() == Dress::default()
    }

    fn read(&mut self, bytes: &[u8]) {
        let mut rest = std::str::from_utf8(bytes).expect("it is text");
        while let Some(character) = rest.chars().next() {
            rest = &rest[character.len_utf8()..];
            match character {
                '\x1b' => rest = self.sequence(rest),
                '\n' | '\r' => assert!(self.is_closed(), "{self:?}"),
                _ => {
                    assert!(is_harmless(character.encode_utf8(&mut [0; 4])), "{character:?}");
                    self.shown.push((character, self.look()));
                }
            }
        }
    }

    /// Reads what follows an escape, and returns the rest.
    fn sequence<'t>(&mut self, text: &'t str) -> &'t str {
        if let Some(text) = text.strip_prefix("]8;;") {
            let (link, rest) = text.split_once("\x1b\\").expect("it ends");
            assert!(link.is_empty() || is_fit(link), "{link:?}");
            link.clone_into(&mut self.link);
            return rest;
        }
        let text = text.strip_prefix('[').expect("no other sequence");
        let is_parameter = |c: char| c.is_ascii_digit() || matches!(c, ';' | '?');
        let end = text.find(|c| !is_parameter(c)).expect("it ends");
        let (parameters, rest) = (&text[..end], &text[end + 1..]);
        match &text[end..=end] {
            "m" => self.sgr(parameters),
            "A" | "G" => assert!(parameters.parse::<usize>().unwrap() > 0 && self.is_closed()),
            "J" | "K" => assert!(parameters.is_empty() && self.is_closed()),
            "h" | "l" => assert!(parameters == "?2026" && self.is_closed()),
            other => panic!("{parameters}{other}"),
        }
        rest
    }

    fn sgr(&mut self, parameters: &str) {
        let numbers: Vec<u8> = parameters.split(';').map(|it| it.parse().unwrap()).collect();
        let mut rest = &numbers[..];
        while let [number, after @ ..] = rest {
            rest = after;
            match number {
                0 => (self.on, self.color) = Default::default(),
                1..=4 | 9 => assert!(self.on.insert(*number), "{number} twice"),
                22 => self.on.retain(|on| !matches!(on, 1 | 2)),
                23 | 24 | 29 => assert!(self.on.remove(&(number - 20)), "{number} for nothing"),
                31 | 32 | 35 | 36 => self.color = vec![*number],
                38 => {
                    let length = if after[0] == 5 { 2 } else { 4 };
                    self.color = after[..length].to_vec();
                    rest = &after[length..];
                }
                39 => self.color.clear(),
                other => panic!("{other}"),
            }
        }
    }
}

#[derive(Debug, Clone)]
enum Call {
    Text(String, Style),
    LineFeed,
    Up(usize),
    EraseFrom(usize),
    Begin,
    End,
    Take,
}

fn styles() -> impl Strategy<Value = Style> {
    let roles = prop::sample::select(vec![
        Role::Plain,
        Role::Faint,
        Role::Title,
        Role::Link,
        Role::Keyword,
        Role::Comment,
        Role::Added,
    ]);
    let links = prop::sample::select(vec![
        None,
        Some("https://a.example"),
        Some("http://b.example/?q"),
        Some("file:///a"),
    ]);
    (roles, any::<[bool; 3]>(), links).prop_map(|(role, [is_bold, is_italic, is_struck], link)| {
        Style { role, is_bold, is_italic, is_struck, link: link.map(Into::into) }
    })
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let call = prop_oneof![
        8 => ("[ab ä]{0,3}", styles()).prop_map(|(text, style)| Call::Text(text, style)),
        1 => Just(Call::LineFeed),
        1 => (0..3_usize).prop_map(Call::Up),
        1 => (0..3_usize).prop_map(Call::EraseFrom),
        1 => Just(Call::Begin),
        1 => Just(Call::End),
        1 => Just(Call::Take),
    ];
    prop::collection::vec(call, 0..40)
}

proptest! {
    #[test]
    fn each_character_looks_as_if_it_were_written_alone_and_nothing_stays_open(
        calls in calls(),
        palette in prop::sample::select(PALETTES.to_vec()),
        has_links in any::<bool>(),
    ) {
        let (mut ink, mut reader) = (Ink::new(palette, has_links), Reader::default());
        let mut expected = Vec::new();
        for call in &calls {
            match call {
                Call::Text(text, style) => {
                    ink.text(text, style);
                    let mut alone = Ink::new(palette, has_links);
                    alone.text(text, style);
                    let mut reader = Reader::default();
                    reader.read(alone.bytes());
                    expected.extend(reader.shown);
                }
                Call::LineFeed => ink.line_feed(),
                Call::Up(rows) => ink.up(*rows),
                Call::EraseFrom(column) => ink.erase_from(*column),
                Call::Begin => ink.begin_update(),
                Call::End => ink.end_update(),
                Call::Take => {
                    reader.read(ink.bytes());
                    prop_assert!(reader.is_closed());
                    ink.clear();
                }
            }
        }
        reader.read(ink.bytes());
        prop_assert!(reader.is_closed());
        prop_assert_eq!(reader.shown, expected);
    }
}
