//! One answer before it is spelled in a format, and the moments of its stream.

use super::{Kind, answer, model::Model, question::Question};

/// Bytes that count as one token, so that usage is plausible and can be foreseen.
const BYTES_PER_TOKEN: usize = 4;

/// The longest piece of a stream in bytes, so that text without spaces comes in pieces too.
const MAX_PIECE: usize = 4 * 1024;

/// What will be said, how it ends, and what it costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) kind: Kind,
    /// Makes ids: the number of the request within this server.
    pub(super) number: u64,
    /// The model's name, as it was asked for.
    pub(super) model: String,
    /// When it began, in seconds since 1970.
    pub(super) created: u64,
    /// What is thought before the text; empty but for the model `think`.
    pub(super) reasoning: &'static str,
    pub(super) text: String,
    pub(super) ending: Ending,
    pub(super) usage: Usage,
    /// Whether a Chat Completions stream shall tell its usage.
    pub(super) wants_usage: bool,
}

/// How an answer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// It is whole.
    Stop,
    /// The request's limit was reached.
    Length,
    /// A content filter, or at Anthropic a refusal.
    Filter,
    /// Not at all: the connection drops.
    Cut,
}

/// Tokens, counted as bytes divided by four and rounded up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Usage {
    pub(super) input: usize,
    /// Reasoning included.
    pub(super) output: usize,
    pub(super) reasoning: usize,
}

/// A point in a stream at which a format has something to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment<'a> {
    Start,
    ReasoningStart,
    Reasoning(&'a str),
    ReasoningEnd,
    TextStart,
    Text(&'a str),
    TextEnd,
    End,
}

impl Reply {
    pub(super) fn new(
        kind: Kind,
        number: u64,
        created: u64,
        model: Model,
        question: &Question,
    ) -> Self {
        let mut text = answer::answer(question);
        let reasoning = if model == Model::Think { answer::REASONING } else { "" };
        let mut ending = Ending::Stop;
        if matches!(model, Model::Cut | Model::Filter) {
            text.truncate(text.floor_char_boundary(text.len() / 2));
            ending = if model == Model::Cut { Ending::Cut } else { Ending::Filter };
        }
        if let Some(limit) = question.limit {
            // Reasoning counts towards the limit, but is never cut itself: it is short.
            let left = usize::try_from(limit)
                .unwrap_or(usize::MAX)
                .saturating_sub(tokens(reasoning.len()));
            let bytes = left.saturating_mul(BYTES_PER_TOKEN);
            if bytes < text.len() {
                text.truncate(text.floor_char_boundary(bytes));
                ending = Ending::Length;
            }
        }
        let reasoning_tokens = tokens(reasoning.len());
        let usage = Usage {
            input: tokens(question.input_bytes),
            output: tokens(text.len()) + reasoning_tokens,
            reasoning: reasoning_tokens,
        };
        Self {
            kind,
            number,
            model: question.model.clone(),
            created,
            reasoning,
            text,
            ending,
            usage,
            wants_usage: question.wants_usage,
        }
    }
}

fn tokens(bytes: usize) -> usize {
    bytes.div_ceil(BYTES_PER_TOKEN)
}

/// The first piece of a text: one word with the white space behind it, at least one character.
pub(super) fn piece(text: &str) -> &str {
    let word = text.find(char::is_whitespace).unwrap_or(text.len());
    let rest = &text[word..];
    let space = rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len());
    &text[..text.floor_char_boundary((word + space).min(MAX_PIECE))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_words_and_join_to_the_whole() {
        let text = format!("  one two\n\nthree é{} 世界", "x".repeat(3 * MAX_PIECE));
        let mut rest = text.as_str();
        let mut pieces = Vec::new();
        while !rest.is_empty() {
            let piece = piece(rest);
            assert!(!piece.is_empty() && piece.len() <= MAX_PIECE);
            pieces.push(piece);
            rest = &rest[piece.len()..];
        }
        assert_eq!(pieces[..4], ["  ", "one ", "two\n\n", "three "]);
        assert_eq!(pieces.concat(), text);
    }
}
