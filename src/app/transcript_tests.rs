use pulldown_cmark::Parser;
use serde_json::json;

use super::*;
use crate::{
    chat::{Echo, Message, Part, Role, ToolCall, Usage},
    term::{Extract, code_blocks},
};

fn answer(parts: Vec<Part>) -> Answer {
    Answer {
        message: Message { role: Role::Assistant, parts },
        is_whole: true,
        profile: "work".into(),
        model: "gpt-x".into(),
        usage: Usage::default(),
    }
}

/// Asks and gets an answer.
fn say(chat: &mut Conversation, question: &str, words: &str) -> TurnId {
    let turn = chat.ask(Message::user(question));
    assert!(chat.answer(turn, answer(vec![Part::text(words)])));
    turn
}

fn cut(chat: &mut Conversation, turn: TurnId, words: &str) {
    let answer = Answer { is_whole: false, ..answer(vec![Part::text(words)]) };
    assert!(chat.answer(turn, answer));
}

/// The headings that a reader of Markdown finds, by their text.
fn headings(markdown: &str) -> Vec<String> {
    let mut headings: Vec<String> = Vec::new();
    let mut depth = 0_usize;
    let mut is_heading = false;
    for event in Parser::new(markdown) {
        match event {
            Event::Start(tag) => {
                if depth == 0 {
                    is_heading = matches!(tag, Tag::Heading { .. });
                    headings.extend(is_heading.then(String::new));
                }
                depth += 1;
            }
            Event::End(_) => depth -= 1,
            Event::Text(text) | Event::Code(text) if is_heading => {
                headings.last_mut().expect("it has begun").push_str(&text);
            }
            _ => {}
        }
    }
    headings
}

#[test]
fn markdown_reads_like_the_chat() {
    let mut chat = Conversation::default();
    say(&mut chat, "why?\n\n    because", "# So\n\nit *is*.\n");
    let turn = chat.ask(Message::user("and?"));
    cut(&mut chat, turn, "And th");
    chat.ask(Message::user("lost"));
    let expected = "# a \\*b\\*\n\n\
        ## 1. Question\n\n> why?\n>\n>     because\n\n\
        ## 1. Answer of `work:gpt-x`\n\n# So\n\nit *is*.\n\n\
        ## 2. Question\n\n> and?\n\n\
        ## 2. Answer of `work:gpt-x` (cut)\n\nAnd th\n\n\
        ## 3. Question (unanswered)\n\n> lost\n";
    assert_eq!(markdown(&chat, "a\n*b*"), expected);
    assert_eq!(markdown(&Conversation::default(), ""), "\n");
}

#[test]
fn markdown_follows_the_way_to_the_head() {
    let mut chat = Conversation::default();
    say(&mut chat, "1", "a1");
    let old = say(&mut chat, "2", "a2");
    let turn = chat.ask_instead(old, Message::user("two"));
    chat.answer(turn, answer(vec![Part { content: Content::Refusal("No.".into()), echo: None }]));
    chat.ask_again(old);
    let markdown = markdown(&chat, "");
    let expected = [
        "1. Question",
        "1. Answer of work:gpt-x",
        "3. Question",
        "3. Answer of work:gpt-x (refused)",
        "4. Question (follows 1, unanswered)",
    ];
    assert_eq!(headings(&markdown), expected);
    assert!(!markdown.contains("a2") && markdown.contains("\nNo.\n"), "{markdown}");
}

#[test]
fn nothing_in_a_text_breaks_the_structure() {
    let texts = [
        "```rust\nfn main() {",
        "~~~~\n```\nx",
        "````md\n```\n",
        "<!-- never closed",
        "<pre>\n\nx",
        "- a\n\n  ```\n  b",
        "> ```\n> x",
        "a\r# b\r\n```",
        "1. x\n\n   <script>",
        "    code",
        "```",
    ];
    for text in texts {
        let mut chat = Conversation::default();
        say(&mut chat, text, text);
        say(&mut chat, "next", "end");
        let markdown = markdown(&chat, "t");
        let expected = [
            "t",
            "1. Question",
            "1. Answer of work:gpt-x",
            "2. Question",
            "2. Answer of work:gpt-x",
        ];
        let found = headings(&markdown);
        let ours: Vec<&String> = found.iter().filter(|heading| *heading != "b").collect();
        assert_eq!(ours, expected, "{markdown}");
        assert!(markdown.contains(text), "{markdown}");
    }
}

#[test]
fn cut_code_stays_code() {
    let mut chat = Conversation::default();
    let turn = chat.ask(Message::user("code"));
    cut(&mut chat, turn, "Try:\n\n```rust\nfn main() {");
    say(&mut chat, "next", "end");
    let markdown = markdown(&chat, "");
    assert_eq!(code_blocks(&markdown, &Extract::All), ["fn main() {\n"]);
    assert!(markdown.contains("```rust\nfn main() {\n````\n\n## 2. Question"), "{markdown}");
}

#[test]
fn names_are_shown_as_they_are() {
    let mut chat = Conversation::default();
    let turn = chat.ask(Message::user("q"));
    let model = "`a`_b\u{1b}[1m".to_owned();
    chat.answer(turn, Answer { model, ..answer(vec![Part::text("x")]) });
    let heading = &headings(&markdown(&chat, "<b>&amp;_x_"))[..];
    assert_eq!(heading, ["<b>&amp;_x_", "1. Question", "1. Answer of work:`a`_b␛[1m"]);
}

#[test]
fn json_holds_every_branch_and_no_echo() {
    let mut chat = Conversation::default();
    let echo = Some(Echo { issuer: "i".into(), value: json!({"signature": "secret"}) });
    let call = ToolCall { id: "c".into(), name: "f".into(), arguments: "{}".into() };
    let turn = chat.ask(Message::user("1"));
    let parts = vec![
        Part { content: Content::Reasoning("Plan.".into()), echo: echo.clone() },
        Part::text("a"),
        Part { content: Content::ToolCall(call), echo },
        Part { content: Content::Refusal("No.".into()), echo: None },
    ];
    let usage = Usage { output: Some(3), ..Usage::default() };
    chat.answer(turn, Answer { is_whole: false, usage, ..answer(parts) });
    chat.ask_for_the_rest().expect("it was cut");
    chat.ask_again(turn);
    let answer = json!({
        "text": "a", "reasoning": "Plan.", "refusal": "No.",
        "toolCalls": [{"id": "c", "name": "f", "arguments": "{}"}],
        "isWhole": false, "profile": "work", "model": "gpt-x", "usage": usage_fields(&usage),
    });
    let rest = chat.turns().nth(1).expect("the second").1.question.text();
    let expected = json!({"v": 1, "type": "conversation", "head": 1, "turns": [
        {"number": 1, "parent": null, "isContinuation": false, "question": "1", "answer": answer},
        {"number": 2, "parent": 1, "isContinuation": true, "question": rest, "answer": null},
        {"number": 3, "parent": null, "isContinuation": false, "question": "1", "answer": null},
    ]});
    assert_eq!(json(&chat), expected);
}

#[test]
fn a_tree_is_indented_only_beside_the_way() {
    let mut chat = Conversation::default();
    let first = say(&mut chat, "why is\nthe sky blue", "a");
    let second = say(&mut chat, "and at night", "a");
    say(&mut chat, "and in winter", "a");
    let turn = chat.ask_instead(second, Message::user("and on mars"));
    cut(&mut chat, turn, "half");
    chat.ask_for_the_rest();
    let third = say(&mut chat, "thanks", "a");
    chat.ask_again(third);
    chat.begin_anew();
    say(&mut chat, "other", "a");
    chat.go_to(third.number());
    let expected = "\
        * 1 why is the sky blue  work:gpt-x\n\
        \x20 2 ├ and at night  work:gpt-x\n\
        \x20 3 │ and in winter  work:gpt-x\n\
        * 4 and on mars  cut, work:gpt-x\n\
        \x20 5 ├ (continue)  unanswered\n\
        \x20 7 ├ thanks  unanswered\n\
        * 6 thanks  work:gpt-x\n\
        \n\
        \x20 8 other  work:gpt-x\n";
    assert_eq!(tree(&chat, 80), expected);
    assert_eq!(first.number(), 1);
    assert_eq!(tree(&Conversation::default(), 80), "");
}

#[test]
fn branches_of_branches_keep_their_rails() {
    let mut chat = Conversation::default();
    say(&mut chat, "1", "a");
    let second = say(&mut chat, "2", "a");
    let third = say(&mut chat, "3", "a");
    say(&mut chat, "4", "a");
    let turn = chat.ask_again(third);
    cut(&mut chat, turn, "a");
    let turn = chat.ask_again(second);
    cut(&mut chat, turn, "a");
    let expected = "\
        * 1 1  work:gpt-x\n\
        \x20 2 ├ 2  work:gpt-x\n\
        \x20 3 │ ├ 3  work:gpt-x\n\
        \x20 4 │ │ 4  work:gpt-x\n\
        \x20 5 │ 3  cut, work:gpt-x\n\
        * 6 2  cut, work:gpt-x\n";
    assert_eq!(tree(&chat, 80), expected);
}

#[test]
fn a_long_chat_goes_straight_down() {
    let mut chat = Conversation::default();
    for number in 1..=1000 {
        say(&mut chat, &number.to_string(), "a");
    }
    let tree = tree(&chat, 80);
    assert_eq!(tree.lines().count(), 1000);
    assert_eq!(tree.lines().last(), Some("* 1000 1000  work:gpt-x"));
    assert!(tree.starts_with("*    1 1  work:gpt-x\n"));
}

#[test]
fn no_line_of_a_tree_is_wider_than_the_terminal() {
    let mut chat = Conversation::default();
    let questions = [
        "世界".repeat(90),
        "long ".repeat(40),
        "\u{1b}[2J\u{202e}x".repeat(20),
        "👩‍👩‍👧✔\u{fe0f}".repeat(40),
    ];
    for question in &questions {
        let first = say(&mut chat, question, "a");
        chat.ask_again(first);
        let turn = chat.ask_again(first);
        let model = "claude-sonnet-5-5-with-a-long-name".to_owned();
        chat.answer(turn, Answer { model, is_whole: false, ..answer(vec![Part::text("a")]) });
    }
    for columns in 0..90 {
        let tree = tree(&chat, columns);
        assert!(tree.lines().all(|line| line.width() <= columns), "{columns}: {tree}");
        assert!(!tree.contains(['\u{1b}', '\u{202e}']));
    }
    let tree = tree(&chat, 40);
    let lines: Vec<&str> = tree.lines().collect();
    assert_eq!(lines[0], "   1 世界世界世界世界世界世…  work:gpt-x");
    assert_eq!(lines[4], "*  3 世界世界世界世界…  cut, work:claud…");
}
