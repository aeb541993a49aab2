//! The lines that tell what a body leaves out.

/// A parameter that the format does not know.
pub(super) fn parameter(name: &str, format: &str) -> String {
    format!("left out `{name}`: the {format} format has no such parameter")
}

/// Calls whose results nobody has. Servers refuse a conversation that holds one.
pub(super) fn calls(count: usize) -> Option<String> {
    let calls = if count == 1 { "call" } else { "calls" };
    (count > 0).then(|| format!("left out {count} tool {calls} of the history without a result"))
}
