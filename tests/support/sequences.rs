//! What may reach a terminal of an answer: text, and our own sequences, each known by its bytes.

use std::collections::BTreeSet;

/// Which sequences may come.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowed {
    /// Colours and attributes.
    pub(crate) styles: bool,
    /// OSC 8.
    pub(crate) links: bool,
    /// Rows of the screen, which the cursor may not leave; 0: nothing is painted twice.
    pub(crate) up: usize,
    /// What a spinner needs: its line erased, the cursor hidden.
    pub(crate) spinner: bool,
}

/// Reads what is written to a terminal and refuses what is not ours.
#[derive(Debug)]
pub(crate) struct Sequences {
    allowed: Allowed,
    /// The attributes that are switched on, by the number that switches them off.
    styles: BTreeSet<u16>,
    link: Option<String>,
    is_updating: bool,
    /// Every link that was written: target and words.
    links: Vec<(String, String)>,
}

/// A sequence that was recognised.
#[derive(Debug, PartialEq, Eq)]
enum Sequence<'a> {
    Style(&'a str),
    Up(&'a str),
    Column(&'a str),
    EraseBelow,
    BeginUpdate,
    EndUpdate,
    Link(&'a str),
    Spinner,
}

impl Sequences {
    pub(crate) fn new(allowed: Allowed) -> Self {
        Self { allowed, styles: BTreeSet::new(), link: None, is_updating: false, links: Vec::new() }
    }

    /// Takes one write, which holds whole sequences. Refuses everything else, saying where it stood
    /// and how it looked.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<(), String> {
        let refused = |at: usize, why: &str| {
            let before = &bytes[at.saturating_sub(24)..at];
            let rest = &bytes[at..bytes.len().min(at + 24)];
            let [before, rest] = [before, rest].map(<[u8]>::escape_ascii);
            Err(format!("byte {at}: {why}: `{before}` and then `{rest}`"))
        };
        let text = match str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => return refused(error.valid_up_to(), "no UTF-8"),
        };
        let mut at = 0;
        let mut is_behind_up = false;
        while let Some(character) = text[at..].chars().next() {
            let rest = &text[at + character.len_utf8()..];
            let was_behind_up = std::mem::take(&mut is_behind_up);
            match character {
                '\x1b' => {
                    let Some((sequence, length)) = recognise(rest) else {
                        return refused(at, "a sequence that is not ours");
                    };
                    if let Err(why) = self.apply(&sequence) {
                        return refused(at, &why);
                    }
                    is_behind_up = matches!(sequence, Sequence::Up(_));
                    at += length;
                }
                '\r' if was_behind_up || rest.starts_with(['\x1b', '\n', '\r']) => {}
                '\r' => return refused(at, "a carriage return before text"),
                _ if is_active(character) => return refused(at, "a character that acts"),
                _ => {
                    if self.link.is_some()
                        && let Some((_, words)) = self.links.last_mut()
                    {
                        words.push(character);
                    }
                }
            }
            at += character.len_utf8();
        }
        Ok(())
    }

    /// Nothing is left open: no style, no link, no update.
    pub(crate) fn closed(&self) -> Result<(), String> {
        if !self.styles.is_empty() {
            return Err(format!("styles are left on; what ends them: {:?}", self.styles));
        }
        if let Some(link) = &self.link {
            return Err(format!("a link is left open: {link}"));
        }
        if self.is_updating {
            return Err("an update is left open".to_owned());
        }
        Ok(())
    }

    /// The screen has so many rows now.
    pub(crate) fn set_rows(&mut self, rows: usize) {
        self.allowed.up = self.allowed.up.min(1) * rows;
    }

    /// Every link that was written so far: target and words.
    pub(crate) fn links(&self) -> &[(String, String)] {
        &self.links
    }

    fn apply(&mut self, sequence: &Sequence<'_>) -> Result<(), String> {
        let may_repaint = self.allowed.up > 0;
        let is_allowed = match sequence {
            Sequence::Style(_) => self.allowed.styles,
            Sequence::Link(_) => self.allowed.links,
            Sequence::Spinner => self.allowed.spinner,
            Sequence::Up(_)
            | Sequence::Column(_)
            | Sequence::EraseBelow
            | Sequence::BeginUpdate
            | Sequence::EndUpdate => may_repaint || self.allowed.spinner,
        };
        if !is_allowed {
            return Err(format!("{sequence:?} is not wanted here"));
        }
        match *sequence {
            Sequence::Style(parameters) => self.style(parameters)?,
            Sequence::Up(rows) => {
                let rows: usize = rows.parse().map_err(|error| format!("{error}"))?;
                if rows >= self.allowed.up {
                    return Err(format!("{rows} rows up leave the screen"));
                }
            }
            Sequence::BeginUpdate if self.is_updating => return Err("an update twice".into()),
            Sequence::BeginUpdate => self.is_updating = true,
            Sequence::EndUpdate if !self.is_updating => return Err("no update to end".into()),
            Sequence::EndUpdate => self.is_updating = false,
            Sequence::Link("") => self.link = None,
            Sequence::Link(target) => {
                let is_web = target.starts_with("http://") || target.starts_with("https://");
                if !is_web || !target.bytes().all(|byte| byte.is_ascii_graphic()) {
                    return Err(format!("a link to {target:?}"));
                }
                self.link = Some(target.to_owned());
                self.links.push((target.to_owned(), String::new()));
            }
            Sequence::Column(_) | Sequence::EraseBelow | Sequence::Spinner => {}
        }
        Ok(())
    }

    fn style(&mut self, parameters: &str) -> Result<(), String> {
        let mut numbers = parameters
            .split(';')
            .map(|number| if number.is_empty() { Ok(0) } else { number.parse::<u16>() });
        while let Some(number) = numbers.next() {
            match number.map_err(|error| format!("{error}"))? {
                0 => self.styles.clear(),
                1 | 2 => drop(self.styles.insert(22)),
                3 => drop(self.styles.insert(23)),
                4 => drop(self.styles.insert(24)),
                9 => drop(self.styles.insert(29)),
                30..=37 | 90..=97 => drop(self.styles.insert(39)),
                40..=47 | 100..=107 => drop(self.styles.insert(49)),
                ground @ (38 | 48) => {
                    let kind = numbers.next().and_then(Result::ok);
                    let more = match kind {
                        Some(5) => 1,
                        Some(2) => 3,
                        _ => return Err(format!("no colour: {parameters}")),
                    };
                    for _ in 0..more {
                        let value = numbers.next().and_then(Result::ok);
                        if value.is_none_or(|value| value > 255) {
                            return Err(format!("no colour: {parameters}"));
                        }
                    }
                    self.styles.insert(ground + 1);
                }
                off @ (22 | 23 | 24 | 29 | 39 | 49) => drop(self.styles.remove(&off)),
                other => return Err(format!("style {other} is not one of ours")),
            }
        }
        Ok(())
    }
}

/// One of our sequences at the beginning of what follows an escape, and its length.
fn recognise(text: &str) -> Option<(Sequence<'_>, usize)> {
    if let Some(target) = text.strip_prefix("]8;;") {
        let end = target.find('\x1b')?;
        let is_ended = target[end..].starts_with("\x1b\\");
        return is_ended.then_some((Sequence::Link(&target[..end]), 4 + end + 2));
    }
    let rest = text.strip_prefix('[')?;
    for (mode, sequence) in [
        ("?2026h", Sequence::BeginUpdate),
        ("?2026l", Sequence::EndUpdate),
        ("?25h", Sequence::Spinner),
        ("?25l", Sequence::Spinner),
        ("2K", Sequence::Spinner),
    ] {
        if rest.starts_with(mode) {
            return Some((sequence, 1 + mode.len()));
        }
    }
    let end = rest.find(|it: char| !it.is_ascii_digit() && it != ';')?;
    let parameters = &rest[..end];
    let is_count = !parameters.is_empty() && !parameters.contains(';');
    let sequence = match rest.as_bytes()[end] {
        b'm' => Sequence::Style(parameters),
        b'A' if is_count => Sequence::Up(parameters),
        b'G' if is_count => Sequence::Column(parameters),
        b'J' | b'K' if parameters.is_empty() => Sequence::EraseBelow,
        _ => return None,
    };
    Some((sequence, 1 + end + 1))
}

/// Whether a terminal, or the eye of a reader, may be led astray by this character.
fn is_active(character: char) -> bool {
    matches!(
        character,
        '\0'..='\x08' | '\x0b'..='\x1f' | '\x7f'..='\u{9f}'
            | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Allowed = Allowed { styles: true, links: true, up: 5, spinner: false };

    #[track_caller]
    fn check(bytes: &[u8], expected: Result<(), &str>) {
        let mut sequences = Sequences::new(ALL);
        let found = sequences.take(bytes).and_then(|()| sequences.closed());
        match (&found, expected) {
            (Ok(()), Ok(())) => {}
            (Err(found), Err(expected)) if found.contains(expected) => {}
            _ => panic!("{}: {found:?} and not {expected:?}", bytes.escape_ascii()),
        }
    }

    #[test]
    fn our_own_sequences_pass() {
        for text in [
            "\x1b[1;38;5;12mbold\x1b[22m blue\x1b[39m \x1b[38;2;1;2;3;9mx\x1b[0m\n",
            "\x1b[?2026h\x1b[3A\rtext\x1b[J\x1b[?2026l",
            "\r\x1b[Jtext\x1b[2A\x1b[4G!",
            "\x1b]8;;https://a.example/b\x1b\\words\x1b]8;;\x1b\\",
            "tab\tnew line\r\n世界 👩\u{200d}👧 e\u{301} a\u{ad}b",
        ] {
            check(text.as_bytes(), Ok(()));
        }
    }

    #[test]
    fn what_is_not_ours_is_found_where_it_stands() {
        let foreign = "a sequence that is not ours";
        for (text, why) in [
            ("abc\x1b]0;title\x07", "byte 3: a sequence that is not ours: `abc`"),
            ("\x1b[2J", foreign),
            ("\x1b[6n", foreign),
            ("\x1b[?1049h", foreign),
            ("\x1bc", foreign),
            ("\x1b[H", foreign),
            ("\x1b", foreign),
            ("\x1b[1", foreign),
            ("\x1b]8;;https://a", foreign),
            ("\x1b]8;id=1;https://a.example\x1b\\", foreign),
            ("\x1b[7m", "style 7"),
            ("\x1b[38;5m", "no colour"),
            ("\x1b[5A", "5 rows up leave the screen"),
            ("\x1b[2K", "Spinner is not wanted here"),
            ("\x1b]8;;file:///etc/passwd\x1b\\", "a link to \"file:"),
            ("\x1b]8;;https://a/\u{e9}\x1b\\", "a link to"),
            ("over\rwrite", "byte 4: a carriage return before text"),
            ("\x08", "a character that acts"),
            ("\u{9b}31m", "a character that acts"),
            ("a\u{202e}b", "byte 1: a character that acts"),
            ("\u{e0041}", "a character that acts"),
            ("\x1b[1mbold", "styles are left on"),
            ("\x1b]8;;https://a.example\x1b\\words", "a link is left open: https://a.example"),
            ("\x1b[?2026h", "an update is left open"),
            ("\x1b[?2026l", "no update to end"),
        ] {
            check(text.as_bytes(), Err(why));
        }
        check(b"a\xffb", Err("byte 1: no UTF-8"));
    }

    #[test]
    fn a_terminal_without_styles_links_and_repaints_gets_none() {
        let none = Allowed { styles: false, links: false, up: 0, spinner: false };
        for text in ["\x1b[1m", "\x1b]8;;\x1b\\", "\x1b[1A", "\r\x1b[J", "\x1b[?2026h"] {
            let found = Sequences::new(none).take(text.as_bytes());
            assert!(found.is_err_and(|why| why.contains("is not wanted here")), "{text:?}");
        }
    }
}
