use pulldown_cmark::Parser;

use super::{
    super::tests::{answer, cut, ended, say, session, session_with},
    *,
};
use crate::{
    chat::{Answer, Content, Conversation, Message, Part, Role, TextFile},
    sessions::{Asking, Ended, Trouble},
    term::{Extract, code_blocks},
};

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
    let expected = "# a \\*b\\*\n\n_2026-11-22 17:20 UTC, session `bcdfghjkmnpqrs`_\n\n\
        ## 1. Question\n\n> why?\n>\n>     because\n\n\
        ## 1. Answer of `work:gpt-x`\n\n_2026-11-22 17:21 UTC_\n\n# So\n\nit *is*.\n\n\
        ## 2. Question\n\n> and?\n\n\
        ## 2. Answer of `work:gpt-x` (cut)\n\n_2026-11-22 17:21 UTC_\n\nAnd th\n\n\
        ## 3. Question (unanswered)\n\n> lost\n\n_2026-11-22 17:21 UTC_\n";
    assert_eq!(markdown(&session(&chat, "a\n*b*")), expected);
}

#[test]
fn markdown_follows_the_way_to_the_head() {
    let mut chat = Conversation::default();
    say(&mut chat, "1", "a1");
    let old = say(&mut chat, "2", "a2");
    let turn = chat.ask_instead(old, Message::user("two"));
    chat.answer(turn, answer(vec![Part { content: Content::Refusal("No.".into()), echo: None }]));
    let mut session = session(&chat, "t");
    session.ask_again(old, Asking::default());
    let markdown = markdown(&session);
    let expected = [
        "t",
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
        let markdown = markdown(&session(&chat, "t"));
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
    let markdown = markdown(&session(&chat, "t"));
    assert_eq!(code_blocks(&markdown, &Extract::All), ["fn main() {\n"]);
    assert!(markdown.contains("```rust\nfn main() {\n````\n\n## 2. Question"), "{markdown}");
}

#[test]
fn names_are_shown_as_they_are() {
    let mut chat = Conversation::default();
    let turn = chat.ask(Message::user("q"));
    let model = "`a`_b\u{1b}[1m".to_owned();
    chat.answer(turn, Answer { model, ..answer(vec![Part::text("x")]) });
    let heading = &headings(&markdown(&session(&chat, "<b>&amp;_x_")))[..];
    assert_eq!(heading, ["<b>&amp;_x_", "1. Question", "1. Answer of work:`a`_b␛[1m"]);
}

#[test]
fn files_are_told_by_name_and_what_is_known_of_answers_is_told() {
    let mut chat = Conversation::default();
    let file = TextFile { name: "a`b.txt".into(), text: "inside".into() };
    let parts = vec![Part { content: Content::File(file), echo: None }, Part::text("sum up")];
    let turn = chat.ask(Message { role: Role::User, parts });
    cut(&mut chat, turn, "It");
    let error = Trouble { kind: "cut".into(), message: "the *stream* broke".into() };
    let ended = Ended { error: Some(error), ..ended() };
    let markdown = markdown(&session_with(&chat, "t", Some(&ended)));
    let expected = "## 1. Question\n\n_With_ ``a`b.txt``\n\n> sum up\n\n\
        ## 1. Answer of `work:gpt-x` (cut)\n\n\
        _2026-11-22 17:21 UTC, answered by gpt-x-2026, 3.4 s, 12 tokens in, 34 out, \
        cut: the \\*stream\\* broke_\n\nIt\n";
    assert!(markdown.ends_with(expected), "{markdown}");
}
