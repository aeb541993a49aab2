//! What a session is called when nobody named it: how its first question begins. Pure.

use crate::chat::{Content, Conversation, Part};

/// The longest title, in characters.
const LONGEST: usize = 72;

/// The title of a conversation: the first line of its first question that says something. Empty
/// when nothing was asked. The words are those of a person or a file, and not sanitized.
pub(super) fn of(conversation: &Conversation) -> String {
    let Some((_, turn)) = conversation.turns().next() else { return String::new() };
    let of_file = |part: &Part| match &part.content {
        Content::File(file) => Some(file.name.clone()),
        _ => None,
    };
    match of_question(turn.words()) {
        title if title.is_empty() => {
            turn.question.parts.iter().find_map(of_file).unwrap_or_default()
        }
        title => title,
    }
}

/// The title that a first question makes.
pub(super) fn of_question(words: &str) -> String {
    let says_something = |line: &&str| line.chars().any(char::is_alphanumeric);
    let line = words.lines().find(says_something).unwrap_or_else(|| words.trim());
    let mut title = String::new();
    for word in line.split_whitespace() {
        if title.chars().count() + word.chars().count() >= LONGEST {
            let room = LONGEST.saturating_sub(title.chars().count() + 1);
            if title.is_empty() {
                title.extend(word.chars().take(room));
            }
            title.push('…');
            break;
        }
        if !title.is_empty() {
            title.push(' ');
        }
        title.push_str(word);
    }
    title
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_the_first_line_that_says_something() {
        assert_eq!(of_question("why is\tthe  sky blue?\nand the sea"), "why is the sky blue?");
        assert_eq!(of_question("```\n\nfn main() {}\n```"), "fn main() {}");
        assert_eq!(of_question("???"), "???");
        assert_eq!(of_question(""), "");
    }

    #[test]
    fn a_long_one_is_cut_between_words() {
        let title = of_question(&"word ".repeat(40));
        assert!(title.ends_with("word…"), "{title}");
        assert!(title.chars().count() <= LONGEST);
        assert_eq!(of_question(&"x".repeat(100)).chars().count(), LONGEST);
    }
}
