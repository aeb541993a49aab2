//! One end of a line where there are two kinds. Pure.

use std::borrow::Cow;

/// Turns `\r\n` into a line feed, wherever a text was cut on its way. A `\r` alone stays.
#[derive(Debug, Default)]
pub(super) struct LineEnds {
    /// A `\r` came last: what follows decides what it is.
    is_behind_return: bool,
}

impl LineEnds {
    /// More of the text, as far as its line ends are known.
    pub(super) fn unify<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        if text.is_empty() || (!self.is_behind_return && !text.contains('\r')) {
            return Cow::Borrowed(text);
        }
        let mut whole = self.rest().to_owned() + text;
        if whole.ends_with('\r') {
            whole.pop();
            self.is_behind_return = true;
        }
        Cow::Owned(whole.replace("\r\n", "\n"))
    }

    /// What was held back, at the end of the text.
    pub(super) fn rest(&mut self) -> &'static str {
        if std::mem::take(&mut self.is_behind_return) { "\r" } else { "" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_the_same_wherever_the_text_was_cut() {
        for (text, unified) in [
            ("a\r\nb\r\n", "a\nb\n"),
            ("\r\n\r\n", "\n\n"),
            ("a\rb\r\r\nc\r", "a\rb\r\nc\r"),
            ("plain\n", "plain\n"),
        ] {
            for cut in 0..=text.len() {
                let (first, second) = text.split_at(cut);
                let mut ends = LineEnds::default();
                let whole = [ends.unify(first), ends.unify(second), ends.rest().into()].concat();
                assert_eq!(whole, unified, "{text:?} cut at {cut}");
            }
        }
    }
}
