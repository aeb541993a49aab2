//! What the environment says of the terminal. Pure.
//!
//! Nobody is asked: an answer to a query would come on standard input, among what is typed. Names
//! that are not known here get what every terminal can do.

use super::Palette;

/// Looks variables up. An empty one counts as unset.
pub(super) struct Terminal<F> {
    variable: F,
}

/// Beginnings of `TERM` of terminals that show 24 bits and follow OSC 8.
///
/// Konsole shows 24 bits as well. Links somebody must switch on there, and without that the target
/// of one would be lost.
///
/// Source: <https://github.com/Alhadis/OSC8-Adoption>.
const MODERN_TERMS: &[&str] =
    &["xterm-kitty", "alacritty", "foot", "xterm-ghostty", "ghostty", "wezterm", "contour", "rio"];

/// The same by `TERM_PROGRAM`.
const MODERN_PROGRAMS: &[&str] =
    &["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio", "mintty", "zed"];

/// Variables that such terminals set and others do not.
const MODERN_VARIABLES: &[&str] = &["KITTY_WINDOW_ID", "WT_SESSION", "DOMTERM"];

/// The first version of the library behind GNOME's terminal that follows OSC 8: 0.50.0 crashed.
const VTE_WITH_LINKS: u32 = 5001;

/// The first version with 24 bits, 0.36.
const VTE_WITH_EXACT_COLORS: u32 = 3600;

/// The first version of tmux that passes links on.
const TMUX_WITH_LINKS: (u32, u32) = (3, 4);

impl<F: Fn(&str) -> Option<String>> Terminal<F> {
    pub(super) fn new(variable: F) -> Self {
        Self { variable }
    }

    /// The value of a variable.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        (self.variable)(name).filter(|value| !value.is_empty())
    }

    /// What a variable says that switches something: `0` is off, anything else on.
    pub(super) fn switch(&self, name: &str) -> Option<bool> {
        self.get(name).map(|value| value != "0")
    }

    /// Whether it knows no sequences at all.
    pub(super) fn is_dumb(&self) -> bool {
        self.term() == "dumb"
    }

    /// The colours that it shows.
    pub(super) fn palette(&self) -> Palette {
        let term = self.term();
        let has_many = term.contains("256color");
        // GNU screen hands on the variables of the terminal that it was started in, not its colours.
        if self.is_in_screen() {
            return if has_many { Palette::Many } else { Palette::Sixteen };
        }
        let says_exact = matches!(self.get("COLORTERM").as_deref(), Some("truecolor" | "24bit"));
        if says_exact
            || term.contains("-direct")
            || self.is_modern()
            || self.get("KONSOLE_VERSION").is_some()
            || self.number("VTE_VERSION") >= VTE_WITH_EXACT_COLORS
        {
            Palette::True
        } else if has_many || self.get("TERM_PROGRAM").is_some_and(|it| it == "Apple_Terminal") {
            Palette::Many
        } else {
            Palette::Sixteen
        }
    }

    /// Whether it follows OSC 8.
    pub(super) fn has_links(&self) -> bool {
        let term = self.term();
        if self.is_dumb() || term == "linux" || self.get("STY").is_some() {
            return false;
        }
        if self.is_in_tmux() {
            return self.get("TERM_PROGRAM").is_some_and(|it| it == "tmux")
                && self.version("TERM_PROGRAM_VERSION") >= TMUX_WITH_LINKS;
        }
        self.is_modern() || self.number("VTE_VERSION") >= VTE_WITH_LINKS
    }

    /// Whether it wraps lines anew when its width changes.
    pub(super) fn reflows(&self) -> bool {
        if self.is_in_tmux() {
            return true;
        }
        let term = self.term();
        let is_st = term == "st" || term.starts_with("st-");
        !(self.is_in_screen() || term == "linux" || is_st || self.get("XTERM_VERSION").is_some())
    }

    fn term(&self) -> String {
        self.get("TERM").unwrap_or_default()
    }

    /// tmux names itself unless it is told to pass for GNU screen.
    fn is_in_tmux(&self) -> bool {
        self.get("TMUX").is_some()
            || self.get("TERM_PROGRAM").is_some_and(|it| it == "tmux")
            || self.term().starts_with("tmux")
    }

    fn is_in_screen(&self) -> bool {
        self.get("STY").is_some() && self.get("TMUX").is_none()
    }

    fn is_modern(&self) -> bool {
        let term = self.term();
        let program = self.get("TERM_PROGRAM").unwrap_or_default();
        MODERN_TERMS.iter().any(|it| term.starts_with(it))
            || MODERN_PROGRAMS.contains(&program.as_str())
            || MODERN_VARIABLES.iter().any(|it| self.get(it).is_some())
    }

    /// The number at the beginning of a variable; 0 when there is none.
    fn number(&self, name: &str) -> u32 {
        leading_number(&self.get(name).unwrap_or_default())
    }

    /// The first two numbers of a version: `3.4` of `3.4a`, `3.6` of `next-3.6`.
    fn version(&self, name: &str) -> (u32, u32) {
        let text = self.get(name).unwrap_or_default();
        let text = text.trim_start_matches(|c: char| !c.is_ascii_digit());
        let (first, second) = text.split_once('.').unwrap_or((text, ""));
        (leading_number(first), leading_number(second))
    }
}

fn leading_number(text: &str) -> u32 {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().unwrap_or(0)
}

#[cfg(test)]
#[path = "terminal_tests.rs"]
mod tests;
