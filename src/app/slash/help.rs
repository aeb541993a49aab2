//! `/help`: the overview, and all about one command. Pure.

use std::fmt::Write as _;

use super::{
    Misuse, misuse,
    table::{self, COMMANDS, Command, Group},
};

/// Keys and marks, and what they do.
const KEYS: [(&str, &str); 6] = [
    ("Ctrl-C, Ctrl-D", "clear the line or stop an answer; leave"),
    ("Alt-Enter, Ctrl-J", "a new line; or `\\` at its end, `\"\"\"` round all"),
    ("Ctrl-G", "write the question in `$VISUAL` or `$EDITOR`"),
    ("Ctrl-R, Tab", "search the history; complete what is typed"),
    ("@path", "attach a text file; pasted words attach nothing"),
    ("//text", "send a message that begins with `/`"),
];

/// From this width on, in columns, the overview is a table.
const TABLE: usize = 72;

/// Between these, in columns, paragraphs are filled.
const NARROWEST: usize = 24;
const WIDEST: usize = 80;

/// Between two columns of the table, and before what belongs to a heading.
const GAP: &str = "  ";

/// The text of `/help`: every command in a line of its own, or all about one. `columns` is the width
/// of the terminal.
pub(in crate::app) fn help(command: Option<&str>, columns: usize) -> Result<String, Misuse> {
    let columns = columns.clamp(NARROWEST, WIDEST);
    let Some(word) = command else { return Ok(overview(columns)) };
    let command =
        table::find(word).ok_or_else(|| misuse::unknown(word.strip_prefix('/').unwrap_or(word)))?;
    Ok(about(command, columns))
}

/// Rows of the overview under one label.
struct Section {
    label: &'static str,
    rows: Vec<(String, String)>,
}

fn overview(columns: usize) -> String {
    let mut sections: Vec<Section> = Group::ALL.into_iter().map(section).collect();
    sections.push(Section {
        label: "keys",
        rows: KEYS.map(|(keys, about)| (keys.to_owned(), about.to_owned())).into(),
    });
    let mut text =
        if columns < TABLE { list(&sections, columns) } else { table(&sections, columns) };
    let aliases = COMMANDS.iter().flat_map(aliases).collect::<Vec<_>>().join(", ");
    let more = format!("Other names: {aliases}. `/help COMMAND` tells more.");
    push_filled(&mut text, &more, columns, 0);
    text
}

fn section(group: Group) -> Section {
    let commands = COMMANDS.iter().filter(|command| command.group == group);
    let rows = commands.map(|command| (command.usage(), command.about.to_owned()));
    Section { label: group.label(), rows: rows.collect() }
}

/// Labels, usage lines and explanations in three columns.
fn table(sections: &[Section], columns: usize) -> String {
    let label_width = sections.iter().map(|it| it.label.len()).max().unwrap_or(0);
    let usages = sections.iter().flat_map(|it| &it.rows).map(|(usage, _)| usage.chars().count());
    let usage_width = usages.max().unwrap_or(0);
    let mut text = String::new();
    for section in sections {
        let mut label = section.label;
        for (usage, about) in &section.rows {
            // Writing to a string cannot fail.
            let _ = write!(text, "{label:label_width$}{GAP}{usage:usage_width$}{GAP}");
            push_filled(&mut text, about, columns, label_width + usage_width + 2 * GAP.len());
            label = "";
        }
    }
    text
}

/// One below the other, for narrow terminals.
fn list(sections: &[Section], columns: usize) -> String {
    let mut text = String::new();
    for Section { label, rows } in sections {
        let _ = writeln!(text, "{label}");
        for (usage, about) in rows {
            let _ = writeln!(text, "{GAP}{usage}");
            text.push_str(&GAP.repeat(2));
            push_filled(&mut text, about, columns, 2 * GAP.len());
        }
    }
    text
}

fn about(command: &Command, columns: usize) -> String {
    let mut text = format!("{}\n{GAP}", command.usage());
    push_filled(&mut text, command.about, columns, GAP.len());
    if !command.aliases.is_empty() {
        let aliases = aliases(command).collect::<Vec<_>>().join(", ");
        text.push_str(GAP);
        push_filled(&mut text, &format!("other names: {aliases}"), columns, GAP.len());
    }
    if !command.more.is_empty() {
        text.push('\n');
        push_filled(&mut text, command.more, columns, 0);
    }
    text
}

fn aliases(command: &Command) -> impl Iterator<Item = String> {
    command.aliases.iter().map(|alias| format!("/{alias}"))
}

/// Appends `words` and a line feed, in lines of at most `columns` that begin at `indent`; the first
/// one stands there already.
fn push_filled(text: &mut String, words: &str, columns: usize, indent: usize) {
    let mut at = indent;
    for word in words.split(' ') {
        let length = word.chars().count();
        if at == indent {
            at += length;
        } else if at + 1 + length <= columns {
            text.push(' ');
            at += 1 + length;
        } else {
            text.push('\n');
            text.push_str(&" ".repeat(indent));
            at = indent + length;
        }
        text.push_str(word);
    }
    text.push('\n');
}

#[cfg(test)]
#[path = "help_tests.rs"]
mod tests;
