//! Markdown that comes in pieces, on its way to a terminal. Pure: text in, bytes for a terminal out;
//! whoever holds the terminal writes them.

mod code;
mod ink;
mod line;
mod look;
mod math;
mod palette;
mod table;
mod width;

pub(super) use ink::ERASE_ROWS;
pub use ink::Ink;
pub use line::{Line, Role, Style};
pub use look::{Look, Size};
pub use palette::Palette;
