//! What the one who looks has in front of them. Pure.

/// How rendered text may look.
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each yes or no")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    /// Styles cannot be shown: emphasis and inline code keep the marks of their source.
    pub keeps_marks: bool,
    /// Colours cannot be shown: inline code keeps its marks.
    pub keeps_ticks: bool,
    /// Links can be followed with a click (OSC 8).
    pub has_links: bool,
    /// The text is spoken: words in place of lines, bars and bullets.
    pub is_spoken: bool,
}

/// The terminal's size in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// The width, at least 1.
    pub columns: usize,
    /// The height, at least 1.
    pub rows: usize,
}
