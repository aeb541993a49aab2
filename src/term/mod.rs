//! The terminal and its absence: what is shown, where, and how it is made harmless.
//!
//! It knows `chat` only. It asks nobody for more: values come in, bytes go out.

mod commonmark;
mod destination;
mod extract;
mod facts;
mod json;
mod line;
mod line_ends;
mod markdown;
#[cfg(unix)]
mod modes;
mod plain;
mod rendered;
mod report;
mod sanitize;
mod screen;
mod spinner;
mod spinner_line;
mod stops;
mod terminal;
mod text;
mod thinking;
mod waiting;

pub use commonmark::commonmark;
use commonmark::commonmark_with;
pub use destination::Destination;
pub use extract::{Extract, code_blocks};
pub use facts::{Color, Facts, columns};
pub use json::{JsonScreen, Stamp, StreamJsonScreen, to_line};
pub use line::{Assist, Entry, Hint, Line, LineEditor, LineOptions, Suggestion, ask};
pub use markdown::{
    Ink, Line as StyledLine, Look, Palette, Renderer, Role, Size, Style, code_lines,
};
#[cfg(unix)]
pub use modes::{Modes, can_suspend, is_background};
pub use rendered::Surface;
pub use report::{Console, Level, Report};
pub use sanitize::{sanitize, sanitize_into, sanitize_line, sanitize_whole};
pub use screen::{Screen, Status};
pub use text::TextScreen;
pub use thinking::Thinking;
