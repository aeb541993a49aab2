//! What is told about a line that looks like a command and cannot be used. Pure.

use super::{
    Misuse,
    arguments::Wrong,
    table::{self, COMMANDS, Command},
};

/// How many characters of what was typed are repeated.
const MOST_REPEATED: usize = 40;

/// How many commands are named at most, when a word is the beginning of several.
const MOST_NAMED: usize = 6;

/// For a word behind a slash that is no command.
pub(super) fn unknown(word: &str) -> Misuse {
    if word.is_empty() {
        return Misuse {
            message: "`/` alone is no command".to_owned(),
            hints: vec!["`/help` lists the commands".to_owned()],
        };
    }
    let meant = match nearest(word).as_slice() {
        [] => "`/help` lists the commands".to_owned(),
        [only] => format!("did you mean `/{only}`?"),
        [others @ .., last] => {
            let others: Vec<_> = others.iter().map(|name| format!("`/{name}`")).collect();
            format!("did you mean {} or `/{last}`?", others.join(", "))
        }
    };
    Misuse { message: format!("`/{}` is no command", excerpt(word)), hints: vec![meant, as_text()] }
}

/// For arguments that `command` cannot use.
pub(super) fn wrong(command: &Command, wrong: Wrong) -> Misuse {
    let name = command.name;
    let mut hints = vec![format!("it is typed `{}`", command.usage())];
    let message = match wrong {
        Wrong::Missing(shown) => format!("`/{name}` needs `{shown}`"),
        Wrong::TooMuch(word) => {
            match command.args.last().map(|arg| arg.kind) {
                Some(table::Kind::Path | table::Kind::Model | table::Kind::Session) => hints
                    .push(format!("quotes keep a name with spaces together: `/{name} \"a name\"`")),
                _ => hints.push(as_text()),
            }
            let word = excerpt(&word);
            if command.args.is_empty() {
                format!("`/{name}` takes no argument: `{word}`")
            } else {
                format!("`/{name}` has an argument too many: `{word}`")
            }
        }
        Wrong::NoNumber(word) => format!("`{}` is no number from 1 on", excerpt(&word)),
        Wrong::NoneOf(words, word) => {
            let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
            format!("`/{name}` takes {}, and not `{}`", alternatives(&words), excerpt(&word))
        }
        Wrong::OpenQuote => "a quote is not closed".to_owned(),
        Wrong::NoSetting => format!("`/{name}` needs a key, `=` and a value"),
        Wrong::NumberForFile(number) => {
            hints.push(format!("if the file is named so: `/{name} ./{number}`"));
            format!("`/{name} {number}` names a code block, and no file")
        }
        Wrong::Gap(list) => {
            hints.push("no spaces stand round the commas".to_owned());
            format!("a name is missing at a comma: `{}`", excerpt(&list))
        }
        Wrong::TooFew(list) => {
            hints.push(format!("one profile alone: `/ask {} TEXT`", excerpt(&list)));
            format!("`/{name}` needs two profiles or more")
        }
        Wrong::Twice(profile) => format!("profile `{}` is named twice", excerpt(&profile)),
    };
    Misuse { message, hints }
}

/// The commands that were probably meant: those that the word begins, else the one within a slip of
/// the fingers.
fn nearest(word: &str) -> Vec<&'static str> {
    let word = word.to_lowercase();
    let begun = table::beginning_with(&word);
    if (1..=MOST_NAMED).contains(&begun.len()) {
        return begun.into_iter().map(|(name, _)| name).collect();
    }
    // A word may be long, and comparing costs the product of the lengths.
    let length = word.chars().count();
    if length > MOST_REPEATED {
        return Vec::new();
    }
    let names = COMMANDS.iter().flat_map(|it| std::iter::once(&it.name).chain(it.aliases)).copied();
    names
        .map(|name| (strsim::osa_distance(&word, name), name))
        // One of two letters is another word, not a slip.
        .filter(|(distance, name)| {
            *distance <= (length / 3).clamp(1, 3) && 2 * distance < name.len()
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
        .into_iter()
        .collect()
}

/// `a`, `b` or `c`
fn alternatives(words: &[String]) -> String {
    match words {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => words.concat(),
    }
}

fn as_text() -> String {
    "to send it as a message, begin it with `//`".to_owned()
}

fn excerpt(word: &str) -> String {
    match word.char_indices().nth(MOST_REPEATED) {
        Some((end, _)) => format!("{}…", &word[..end]),
        None => word.to_owned(),
    }
}
