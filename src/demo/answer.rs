//! What the demo says: the same to the same question, always.

use std::fmt::Write as _;

use super::{arithmetic, question::Question};

/// A short tour of byok in Markdown, for greetings and open questions.
pub(super) const TOUR: &str = include_str!("tour.md");

/// What the model `think` thinks.
pub(super) const REASONING: &str = "The reader wants to see what reasoning looks like. It comes \
    before the answer and apart from it, so a short note will do.\n\nNow the answer.";

/// The highest number that is counted to.
const MAX_COUNT: u64 = 1000;

/// The longest text that `repeat` makes, in bytes.
const MAX_REPEATED: usize = 64 * 1024;

/// Answers the last message of the user.
pub(super) fn answer(question: &Question) -> String {
    let prompt = question.prompt.trim();
    if asks_for_system_prompt(prompt) {
        return match question.system.as_deref() {
            Some(system) => format!("My system prompt is: {system}"),
            None => "I was given no system prompt.".to_owned(),
        };
    }
    if let Some(text) = after(prompt, "echo ") {
        return text.to_owned();
    }
    after(prompt, "count to ")
        .and_then(count)
        .or_else(|| after(prompt, "repeat ").and_then(repeat))
        .or_else(|| arithmetic::answer(sum(prompt)))
        .or_else(|| read_through(prompt))
        .unwrap_or_else(|| TOUR.trim_end().to_owned())
}

/// What follows `words`, which may be in any letter case.
fn after<'a>(prompt: &'a str, words: &str) -> Option<&'a str> {
    let (start, rest) = prompt.split_at_checked(words.len())?;
    start.eq_ignore_ascii_case(words).then(|| rest.trim_start())
}

fn asks_for_system_prompt(prompt: &str) -> bool {
    ["what is your system prompt", "what's your system prompt", "show your system prompt"]
        .into_iter()
        .filter_map(|words| after(prompt, words))
        .any(|rest| rest.trim_end_matches(['?', '.', '!']).is_empty())
}

/// The sum inside `What is 2+2?`, or the prompt as it is.
fn sum(prompt: &str) -> &str {
    ["what is ", "what's ", "how much is ", "calculate ", "compute "]
        .into_iter()
        .find_map(|words| after(prompt, words))
        .unwrap_or(prompt)
        .trim_end_matches(['?', '=', '.', '!', ' '])
}

fn count(rest: &str) -> Option<String> {
    let last: u64 = rest.trim_end_matches(['.', '!']).parse().ok()?;
    let mut text = String::new();
    for number in 1..=last.min(MAX_COUNT) {
        let separator = if number == 1 { "" } else { ", " };
        // Writing to a string cannot fail.
        let _ = write!(text, "{separator}{number}");
    }
    if last == 0 {
        text.push_str("Done before I began.");
    } else if last > MAX_COUNT {
        text.push_str(" … and so on.");
    }
    Some(text)
}

fn repeat(rest: &str) -> Option<String> {
    let (times, text) = rest.split_once(' ')?;
    let times: usize = times.parse().ok()?;
    let line = format!("{text}\n");
    let times = times.min(MAX_REPEATED / line.len()).max(1);
    Some(line.repeat(times).trim_end_matches('\n').to_owned())
}

/// A receipt for piped input and files: what came, and what was asked of it.
fn read_through(prompt: &str) -> Option<String> {
    let (text, ask) = prompt.rsplit_once("\n\n")?;
    let (lines, words, bytes) = (text.lines().count(), text.split_whitespace().count(), text.len());
    let ask = ask.lines().next().unwrap_or_default();
    Some(format!(
        "I read {lines} {}, {words} {} and {bytes} {} before your last paragraph, which begins: {ask}",
        plural(lines, "line"),
        plural(words, "word"),
        plural(bytes, "byte"),
    ))
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { noun.to_owned() } else { format!("{noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(prompt: &str) -> String {
        answer(&Question {
            model: "demo".to_owned(),
            stream: false,
            wants_usage: false,
            limit: None,
            system: None,
            prompt: prompt.to_owned(),
            input_bytes: prompt.len(),
        })
    }

    #[test]
    fn sums_are_found_in_their_questions() {
        for prompt in ["What is 2+2?", "2 + 2 =", "what's 2+2", "Calculate 2+2.", " 2+2\n"] {
            assert_eq!(ask(prompt), "2 + 2 = 4", "{prompt}");
        }
    }

    #[test]
    fn echo_gives_the_text_back_as_it_is() {
        assert_eq!(ask("echo  a *b*\n\nc"), "a *b*\n\nc");
        assert_eq!(ask("Echo Grüße, 世界"), "Grüße, 世界");
    }

    #[test]
    fn counting_and_repeating_are_bounded() {
        assert_eq!(ask("count to 5"), "1, 2, 3, 4, 5");
        assert_eq!(ask("Count to 0"), "Done before I began.");
        assert!(ask("count to 99999999999").ends_with("999, 1000 … and so on."));
        assert_eq!(ask("repeat 3 hi there"), "hi there\nhi there\nhi there");
        assert!(ask("repeat 99999999999 hi").len() <= MAX_REPEATED);
        assert_eq!(ask("repeat 0 hi"), "hi");
        let long = "x".repeat(2 * MAX_REPEATED);
        assert_eq!(ask(&format!("repeat 2 {long}")), long);
    }

    #[test]
    fn the_system_prompt_is_told_when_asked_for() {
        assert_eq!(ask("What is your system prompt?"), "I was given no system prompt.");
        let question = Question {
            model: "demo".to_owned(),
            stream: false,
            wants_usage: false,
            limit: None,
            system: Some("Be brief.".to_owned()),
            prompt: "what's your system prompt".to_owned(),
            input_bytes: 0,
        };
        assert_eq!(answer(&question), "My system prompt is: Be brief.");
    }

    #[test]
    fn piped_input_gets_a_receipt() {
        assert_eq!(
            ask("one two\nthree\n\nsummarise this"),
            "I read 2 lines, 3 words and 13 bytes before your last paragraph, which begins: \
             summarise this"
        );
    }

    #[test]
    fn everything_else_gets_the_tour_which_shows_every_kind_of_block() {
        for prompt in ["hello", "", "why is the sky blue?", "count to ten", "repeat", "é"] {
            assert_eq!(ask(prompt), TOUR.trim_end(), "{prompt}");
        }
        for block in ["# ", "## ", "- **", "```toml", "|--", "](https://", "**demo server**"] {
            assert!(TOUR.contains(block), "{block}");
        }
    }
}
