//! Whatever a person does in a chat, every format accepts what is sent next, and nobody is sent
//! what another server issued.

#[path = "conversation/answers.rs"]
mod answers;
#[path = "conversation/rules.rs"]
mod rules;

use byok::{
    chat::{
        Answer, ChatRequest, Content, Conversation, Echo, Message, Options, Part, Role, ToolCall,
        TurnId, Usage,
    },
    wire::{Dialect, Wire},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::accepted;

/// Two servers for each format.
const ISSUERS: [(Wire, &str); 6] = [
    (Wire::OpenAiChat, "completions a"),
    (Wire::OpenAiResponses, "responses a"),
    (Wire::AnthropicMessages, "messages a"),
    (Wire::OpenAiChat, "completions b"),
    (Wire::OpenAiResponses, "responses b"),
    (Wire::AnthropicMessages, "messages b"),
];

/// What a person does.
#[derive(Debug, Clone)]
enum Deed {
    Ask(Outcome),
    /// The answer never comes.
    AskInVain,
    /// The turn is this many steps before the last one asked.
    Retry(usize, Outcome),
    Edit(usize, Outcome),
    Continue(Outcome),
    Undo(usize),
    New,
    GoTo(usize),
}

/// What a server answers.
#[derive(Debug, Clone)]
struct Outcome {
    /// Which of [`ISSUERS`].
    by: usize,
    pieces: Vec<Piece>,
    is_whole: bool,
}

/// What a part is like, before a format has a say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Text,
    /// Words that the server wants back as an item, where the format has such.
    TextItem,
    Blank,
    Refusal,
    /// Reasoning that nobody wants back.
    Thought,
    /// Reasoning that the server wants back.
    Sealed,
    /// Something that only the server understands.
    Opaque,
    Call,
}

fn outcome() -> impl Strategy<Value = Outcome> {
    let piece = prop_oneof![
        4 => Just(Piece::Text),
        1 => Just(Piece::TextItem),
        1 => Just(Piece::Blank),
        1 => Just(Piece::Refusal),
        1 => Just(Piece::Thought),
        3 => Just(Piece::Sealed),
        1 => Just(Piece::Opaque),
        1 => Just(Piece::Call),
    ];
    let pieces = prop::collection::vec(piece, 0..6);
    (0..ISSUERS.len(), pieces, prop::bool::weighted(0.7))
        .prop_map(|(by, pieces, is_whole)| Outcome { by, pieces, is_whole })
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        6 => outcome().prop_map(Deed::Ask),
        1 => Just(Deed::AskInVain),
        2 => (0_usize..4, outcome()).prop_map(|(back, outcome)| Deed::Retry(back, outcome)),
        2 => (0_usize..4, outcome()).prop_map(|(back, outcome)| Deed::Edit(back, outcome)),
        3 => outcome().prop_map(Deed::Continue),
        2 => (0_usize..4).prop_map(Deed::Undo),
        1 => Just(Deed::New),
        1 => (0_usize..9).prop_map(Deed::GoTo),
    ]
}

/// A mark that is in all that one part of an answer holds beside words for a person.
#[derive(Debug)]
struct Canary {
    mark: String,
    turn: TurnId,
    /// The only one who may receive it; `None`: nobody may.
    issuer: Option<&'static str>,
    /// Nothing can be the reason to leave it out.
    must_return: bool,
}

/// A conversation, and what must not leave it.
#[derive(Debug, Default)]
struct Chat {
    conversation: Conversation,
    canaries: Vec<Canary>,
}

impl Chat {
    fn run(&mut self, deed: Deed) {
        let chat = &mut self.conversation;
        let question = Message::user(format!(" \"{}\" asked\n", chat.turns().count()));
        let back = |chat: &Conversation, back: usize| {
            let way = chat.way(chat.latest());
            way.len().checked_sub(back + 1).map(|at| way[at])
        };
        let asked = match deed {
            Deed::Ask(outcome) => Some((chat.ask(question), outcome)),
            Deed::AskInVain => {
                let turn = chat.ask(question);
                self.check(turn);
                None
            }
            Deed::Retry(by, outcome) => back(chat, by).map(|turn| (chat.ask_again(turn), outcome)),
            Deed::Edit(by, outcome) => {
                back(chat, by).map(|turn| (chat.ask_instead(turn, question), outcome))
            }
            Deed::Continue(outcome) => chat.ask_for_the_rest().map(|turn| (turn, outcome)),
            Deed::Undo(count) => {
                chat.undo(count);
                None
            }
            Deed::New => {
                chat.begin_anew();
                None
            }
            Deed::GoTo(number) => {
                chat.go_to(number);
                None
            }
        };
        if let Some((turn, outcome)) = asked {
            self.check(turn);
            self.answer(turn, &outcome);
        }
    }

    fn answer(&mut self, turn: TurnId, outcome: &Outcome) {
        let (wire, issuer) = ISSUERS[outcome.by];
        let mut parts = Vec::new();
        // The reasoning item before the next one.
        let mut reasoning = None;
        for (at, mut piece) in outcome.pieces.iter().copied().enumerate() {
            if wire == Wire::OpenAiChat && outcome.pieces[..at].contains(&Piece::Sealed) {
                // One echo stands for all reasoning of an answer.
                piece = if piece == Piece::Sealed { Piece::Thought } else { piece };
            }
            let mark = format!("<{}.{at}>", turn.number());
            let part = part(wire, issuer, piece, &mark, reasoning.as_deref());
            if matches!(piece, Piece::Sealed | Piece::Thought) {
                reasoning = Some(mark.clone());
            }
            let follower = outcome.pieces.get(at + 1);
            self.canaries.push(Canary {
                turn,
                issuer: part.echo.is_some().then_some(issuer).filter(|_| outcome.is_whole),
                must_return: outcome.is_whole
                    && piece == Piece::Sealed
                    && matches!(follower, Some(Piece::Text | Piece::TextItem | Piece::Refusal)),
                mark,
            });
            parts.push(part);
        }
        self.conversation.answer(
            turn,
            Answer {
                message: Message { role: Role::Assistant, parts },
                is_whole: outcome.is_whole,
                profile: "p".into(),
                model: "m".into(),
                usage: Usage::default(),
            },
        );
    }

    /// Every server accepts the request for `turn`, reads all words in it, and nothing else's.
    fn check(&self, turn: TurnId) {
        let messages = self.conversation.messages(turn);
        let expected = self.expected(turn);
        let way = self.conversation.way(self.conversation.turn(turn).parent);
        for (wire, issuer) in ISSUERS {
            let bodies = bodies(wire, issuer, &messages);
            for body in &bodies {
                let said = accepted::read(wire, body)
                    .unwrap_or_else(|rule| panic!("{issuer}: {rule}\n{body:#}"));
                let said: Vec<_> =
                    said.into_iter().map(|said| (said.role, squeezed(&said.words))).collect();
                assert_eq!(said, expected, "{issuer}: {body:#}");
                let text = body.to_string();
                for Canary { mark, turn, issuer: own, must_return } in &self.canaries {
                    let is_own = *own == Some(issuer) && way.contains(turn);
                    let is_there = text.contains(mark);
                    assert!(is_own || !is_there, "{issuer}: {mark} in {body:#}");
                    let is_missed = is_own && *must_return && !is_there;
                    assert!(!is_missed, "{issuer}: no {mark} in {body:#}");
                }
            }
        }
    }

    /// Who says what in the request for `turn`, white space apart.
    fn expected(&self, turn: TurnId) -> Vec<(String, String)> {
        let mut expected = Vec::new();
        let mut is_after_cut = false;
        for id in self.conversation.way(Some(turn)) {
            let asked = self.conversation.turn(id);
            let note = "[Your previous answer was cut off before its end.]";
            let note = if is_after_cut && !asked.is_continuation { note } else { "" };
            let words = squeezed(&format!("{note}{}", asked.question.text()));
            expected.push(("user".to_owned(), words));
            if let Some(answer) = asked.answer.as_ref().filter(|_| id != turn) {
                expected.push(("assistant".to_owned(), squeezed(&answer.words())));
                is_after_cut = !answer.is_whole;
            }
        }
        expected
    }
}

/// The request in several dialects.
fn bodies(wire: Wire, issuer: &str, messages: &[Message]) -> [Value; 2] {
    let plain = ChatRequest {
        model: "m".into(),
        system: None,
        messages: messages.to_vec(),
        options: Options::default(),
        stream: false,
        issuer: issuer.into(),
    };
    let full = ChatRequest {
        system: Some("Be brief.".into()),
        options: Options {
            temperature: Some(0.5),
            effort: Some("low".into()),
            max_output_tokens: Some(9),
            ..Options::default()
        },
        stream: true,
        ..plain.clone()
    };
    let limit_field = (wire == Wire::OpenAiChat).then(|| "max_tokens".to_owned());
    let dialect =
        Dialect { limit_field, store_false: true, no_sampling: true, ..Dialect::default() };
    [wire.encode(&plain, &Dialect::default()).body, wire.encode(&full, &dialect).body]
}

/// A part as a server of this format would have it.
fn part(wire: Wire, issuer: &str, piece: Piece, mark: &str, reasoning: Option<&str>) -> Part {
    // Words have no mark: they go to everybody.
    let words = || format!("{} said.\n", mark.trim_matches(['<', '>']));
    let content = match piece {
        Piece::Text | Piece::TextItem => Content::Text(words()),
        Piece::Blank => Content::Text("\n \n".into()),
        Piece::Refusal => Content::Refusal(words()),
        Piece::Thought | Piece::Sealed => Content::Reasoning(mark.into()),
        Piece::Opaque => Content::Opaque,
        Piece::Call => Content::ToolCall(ToolCall {
            id: mark.into(),
            name: mark.into(),
            arguments: "{}".into(),
        }),
    };
    // OpenAI wants an item with an id together with the reasoning that led to it.
    let id = reasoning.map_or_else(|| mark.into(), |needed| format!("{mark}-after-{needed}"));
    let item = |kind: &str, words: &str| {
        json!({"type": "message", "id": id, "role": "assistant", "status": "completed",
            "phase": "commentary", "content": [{"type": kind, words: self::words(&content)}]})
    };
    let value = match (wire, piece) {
        (Wire::OpenAiChat, Piece::Sealed) => Some(json!({"reasoning_details": [
            {"type": "reasoning.text", "text": mark, "signature": mark, "index": 0}]})),
        (Wire::OpenAiChat, Piece::Call) => {
            Some(json!({"extra_content": {"google": {"thought_signature": mark}}}))
        }
        (Wire::OpenAiResponses, Piece::Sealed) => Some(json!({"type": "reasoning", "id": mark,
            "summary": [{"type": "summary_text", "text": mark}], "encrypted_content": mark})),
        (Wire::OpenAiResponses, Piece::TextItem) => Some(item("output_text", "text")),
        (Wire::OpenAiResponses, Piece::Refusal) => Some(item("refusal", "refusal")),
        (Wire::OpenAiResponses, Piece::Opaque) => {
            Some(json!({"type": "web_search_call", "id": id, "status": "completed"}))
        }
        (Wire::AnthropicMessages, Piece::Sealed) => {
            Some(json!({"type": "thinking", "thinking": mark, "signature": mark}))
        }
        (Wire::AnthropicMessages, Piece::Opaque) => {
            Some(json!({"type": "redacted_thinking", "data": mark}))
        }
        _ => None,
    };
    let echo = value.map(|value| Echo { issuer: issuer.into(), value });
    Part { content, echo }
}

fn words(content: &Content) -> &str {
    match content {
        Content::Text(text) | Content::Refusal(text) => text,
        _ => "",
    }
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_format_accepts_what_any_conversation_sends(
        deeds in prop::collection::vec(deed(), 1..14),
    ) {
        let mut chat = Chat::default();
        for deed in deeds {
            chat.run(deed);
        }
        chat.run(Deed::AskInVain);
    }
}
