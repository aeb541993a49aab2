use super::{
    super::tests::{answer, cut, say, session},
    *,
};
use crate::chat::{Answer, Conversation, Message, Part};

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
    assert_eq!(tree(&session(&chat, ""), 80), expected);
    assert_eq!(first.number(), 1);
    assert_eq!(tree(&session(&Conversation::default(), ""), 80), "");
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
    assert_eq!(tree(&session(&chat, ""), 80), expected);
}

#[test]
fn a_long_chat_goes_straight_down() {
    let mut chat = Conversation::default();
    for number in 1..=1000 {
        say(&mut chat, &number.to_string(), "a");
    }
    let tree = tree(&session(&chat, ""), 80);
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
        let tree = tree(&session(&chat, ""), columns);
        assert!(tree.lines().all(|line| line.width() <= columns), "{columns}: {tree}");
        assert!(!tree.contains(['\u{1b}', '\u{202e}']));
    }
    let tree = tree(&session(&chat, ""), 40);
    let lines: Vec<&str> = tree.lines().collect();
    assert_eq!(lines[0], "   1 世界世界世界世界世界世…  work:gpt-x");
    assert_eq!(lines[4], "*  3 世界世界世界世界…  cut, work:claud…");
}
