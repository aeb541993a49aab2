//! The lines that tell what a body leaves out.

/// A parameter that the format does not know.
pub(super) fn parameter(name: &str, format: &str) -> String {
    format!("left out `{name}`: the {format} format has no such parameter")
}

/// Calls whose results nobody has: servers refuse a conversation that holds one. No count: a chat
/// says each line once, and this one stays the same while the history grows.
pub(super) const CALLS: &str = "left out tool calls of the history: they have no results";
