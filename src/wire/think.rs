//! The splitter of inline thinking: `<think>` as the first output, in all three formats.

use crate::chat::ChatEvent;

/// Opening tags and their ends. Groq raw and open models write `<think>`, Gemini `<thought>`.
const TAGS: [(&str, &str); 3] =
    [("<think>", "</think>"), ("<thinking>", "</thinking>"), ("<thought>", "</thought>")];

/// White space before the first word that is held back, in bytes; beyond it no tag is expected.
const MAX_BLANK: usize = 1024;

/// Tells thinking in the text apart from the answer. One splitter serves one answer.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    state: State,
    /// What may be the beginning of a tag.
    held: String,
}

#[derive(Debug, Default)]
enum State {
    /// Nothing but white space and perhaps the beginning of a tag has come.
    #[default]
    Undecided,
    /// Within thinking that ends at this tag.
    Thinking(&'static str),
    /// Behind the closing tag: newlines are dropped.
    Behind,
    /// All is answer.
    Answer,
}

impl Splitter {
    /// Takes more text and pushes what is decided of it.
    pub(super) fn text(&mut self, delta: String, events: &mut Vec<ChatEvent>) {
        match self.state {
            State::Answer => push(events, ChatEvent::Text, delta),
            State::Undecided => self.decide(&delta, events),
            State::Thinking(end) => self.think(end, &delta, events),
            State::Behind => self.resume(&delta, events),
        }
    }

    /// Pushes what was held back. Without its closing tag all is thinking, what may still come too.
    pub(super) fn finish(&mut self, events: &mut Vec<ChatEvent>) {
        let held = std::mem::take(&mut self.held);
        match self.state {
            State::Undecided => {
                if !held.is_empty() {
                    self.state = State::Answer;
                }
                push(events, ChatEvent::Text, held);
            }
            State::Thinking(_) => push(events, ChatEvent::Reasoning, held),
            State::Behind | State::Answer => {}
        }
    }

    fn decide(&mut self, delta: &str, events: &mut Vec<ChatEvent>) {
        self.held.push_str(delta);
        let start = self.held.trim_start();
        let opened = TAGS.iter().find_map(|(open, end)| Some((start.strip_prefix(open)?, *end)));
        if let Some((rest, end)) = opened {
            let rest = rest.to_owned();
            self.held.clear();
            self.state = State::Thinking(end);
            self.think(end, &rest, events);
        } else if self.held.len() > MAX_BLANK
            || !TAGS.iter().any(|(open, _)| open.starts_with(start))
        {
            self.state = State::Answer;
            push(events, ChatEvent::Text, std::mem::take(&mut self.held));
        }
    }

    fn think(&mut self, end: &str, delta: &str, events: &mut Vec<ChatEvent>) {
        let mut text = std::mem::take(&mut self.held);
        text.push_str(delta);
        if let Some(at) = text.find(end) {
            let rest = text.split_off(at + end.len());
            text.truncate(at);
            push(events, ChatEvent::Reasoning, text);
            self.state = State::Behind;
            self.resume(&rest, events);
        } else {
            let tail = (1..end.len()).rev().find(|length| text.ends_with(&end[..*length]));
            self.held = text.split_off(text.len() - tail.unwrap_or(0));
            push(events, ChatEvent::Reasoning, text);
        }
    }

    fn resume(&mut self, delta: &str, events: &mut Vec<ChatEvent>) {
        let answer = delta.trim_start_matches(['\n', '\r']);
        if !answer.is_empty() {
            self.state = State::Answer;
            push(events, ChatEvent::Text, answer.to_owned());
        }
    }
}

fn push(events: &mut Vec<ChatEvent>, event: fn(String) -> ChatEvent, text: String) {
    if !text.is_empty() {
        events.push(event(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The thinking and the answer in `text`, asserted to be the same however it is cut in two or
    /// into characters.
    #[track_caller]
    fn check(text: &str, reasoning: &str, answer: &str) {
        let mut cuts: Vec<Vec<String>> = text
            .char_indices()
            .map(|(at, _)| vec![text[..at].to_owned(), text[at..].to_owned()])
            .collect();
        cuts.push(text.chars().map(String::from).collect());
        for deltas in cuts {
            let shown = format!("{deltas:?}");
            let mut splitter = Splitter::default();
            let mut events = Vec::new();
            for delta in deltas {
                splitter.text(delta, &mut events);
            }
            splitter.finish(&mut events);
            let (mut thought, mut said) = (String::new(), String::new());
            for event in events {
                match event {
                    ChatEvent::Text(text) => said.push_str(&text),
                    ChatEvent::Reasoning(text) => thought.push_str(&text),
                    other => panic!("{other:?}"),
                }
            }
            assert_eq!((thought.as_str(), said.as_str()), (reasoning, answer), "{shown}");
        }
    }

    #[test]
    fn thinking_first_is_told_apart() {
        check("<think>plan</think>\n\nanswer\n", "plan", "answer\n");
        check(" \n<thinking>a<b</thinking>c", "a<b", "c");
        check("<thought>x</think></thought>y", "x</think>", "y");
        check("<think></think>y", "", "y");
    }

    #[test]
    fn without_its_closing_tag_all_is_thinking() {
        check("<think>never ends </thin", "never ends </thin", "");
    }

    #[test]
    fn a_tag_elsewhere_is_text() {
        for text in ["a <think>b</think>", "<thin air", "<thinker>", "</think>a", "<", " \n ", "é"]
        {
            check(text, "", text);
        }
        check("<think>a</think>b<think>c</think>", "a", "b<think>c</think>");
    }

    #[test]
    fn much_white_space_is_not_held_back_for_ever() {
        let text = " ".repeat(MAX_BLANK + 1);
        let mut events = Vec::new();
        Splitter::default().text(text.clone(), &mut events);
        assert_eq!(events, [ChatEvent::Text(text)]);
    }

    #[test]
    fn once_decided_a_delta_passes_untouched() {
        let mut splitter = Splitter::default();
        let mut events = Vec::new();
        splitter.text("a".into(), &mut events);
        let delta = String::from("<think>");
        let address = delta.as_ptr();
        splitter.text(delta, &mut events);
        let [_, ChatEvent::Text(passed)] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!(passed.as_ptr(), address);
    }
}
