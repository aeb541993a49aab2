use serde_json::json;

use super::*;
use crate::chat::{Echo, Role, ToolCall};

fn answer(parts: Vec<Part>) -> Answer {
    Answer {
        message: Message { role: Role::Assistant, parts },
        is_whole: true,
        profile: "work".into(),
        model: "m".into(),
        usage: Usage::default(),
    }
}

fn whole(text: &str) -> Answer {
    answer(vec![Part::text(text)])
}

fn cut(text: &str) -> Answer {
    Answer { is_whole: false, ..whole(text) }
}

fn echoed(content: Content, issuer: &str) -> Part {
    Part { content, echo: Some(Echo { issuer: issuer.into(), value: json!({}) }) }
}

/// A conversation in which each question `1`, `2`, … was answered by `a1`, `a2`, ….
fn chat(turns: usize) -> Conversation {
    let mut chat = Conversation::default();
    for number in 1..=turns {
        let turn = chat.ask(Message::user(number.to_string()));
        assert!(chat.answer(turn, whole(&format!("a{number}"))));
    }
    chat
}

/// The texts that the request for `question` would carry.
fn texts(messages: &[Message]) -> Vec<String> {
    for (at, message) in messages.iter().enumerate() {
        let role = if at % 2 == 0 { Role::User } else { Role::Assistant };
        assert_eq!(message.role, role, "{messages:?}");
    }
    messages.iter().map(Message::text).collect()
}

#[track_caller]
fn check_next(chat: &Conversation, expected: &[&str]) {
    assert_eq!(texts(&chat.messages_before(&Message::user("next"))), expected);
}

fn numbers(ids: impl IntoIterator<Item = TurnId>) -> Vec<usize> {
    ids.into_iter().map(TurnId::number).collect()
}

#[test]
fn a_question_carries_all_that_was_said_before_it() {
    let mut chat = chat(2);
    let turn = chat.ask(Message::user("3"));
    assert_eq!(texts(&chat.messages(turn)), ["1", "a1", "2", "a2", "3"]);
    assert_eq!(turn.number(), 3);
    assert!(chat.answer(turn, whole("a3")));
    check_next(&chat, &["1", "a1", "2", "a2", "3", "a3", "next"]);
    assert_eq!(
        chat.last_answer().map(|(id, answer)| (id, answer.words())),
        Some((turn, "a3".into()))
    );
    assert_eq!(numbers(chat.way(chat.head())), [1, 2, 3]);
    assert_eq!(numbers(chat.turns().map(|(id, _)| id)), [1, 2, 3]);
}

#[test]
fn a_question_without_an_answer_is_kept_and_sent_no_more() {
    let mut chat = chat(1);
    let lost = chat.ask(Message::user("lost"));
    assert_eq!((chat.head().map(TurnId::number), chat.latest()), (Some(1), Some(lost)));
    check_next(&chat, &["1", "a1", "next"]);
    for parts in
        [vec![], vec![Part::text(" \n")], vec![echoed(Content::Reasoning("x".into()), "i")]]
    {
        assert!(!chat.answer(lost, answer(parts)), "nothing to read");
        check_next(&chat, &["1", "a1", "next"]);
    }
    assert_eq!(chat.turn(lost).answer, None);
    let next = chat.ask(Message::user("3"));
    assert_eq!(chat.turn(next).parent.map(TurnId::number), Some(1));
}

#[test]
fn a_refusal_is_an_answer() {
    let mut chat = Conversation::default();
    let turn = chat.ask(Message::user("1"));
    let refusal = Part { content: Content::Refusal("No.".into()), echo: None };
    assert!(chat.answer(turn, answer(vec![Part::text("Well. "), refusal])));
    assert_eq!(chat.last_answer().map(|(_, answer)| answer.words()), Some("Well. No.".into()));
}

#[test]
fn the_question_after_a_cut_answer_says_that_it_was_cut() {
    let mut chat = chat(0);
    let turn = chat.ask(Message::user("1"));
    chat.answer(turn, cut("half"));
    let noted = format!("{CUT_NOTE}2");
    let next = chat.ask(Message::user("2"));
    assert_eq!(chat.messages(next).last(), Some(&Message::user(&noted)), "one text, no more parts");
    assert_eq!(chat.turn(next).question, Message::user("2"));
    chat.answer(next, whole("a2"));
    check_next(&chat, &["1", "half", &noted, "a2", "next"]);
}

#[test]
fn a_cut_answer_goes_on_as_its_words_alone() {
    let mut chat = Conversation::default();
    let turn = chat.ask(Message::user("1"));
    let parts = vec![
        echoed(Content::Reasoning("whole".into()), "i"),
        echoed(Content::Text("a".into()), "i"),
        Part { content: Content::Reasoning("hal".into()), echo: None },
        Part { content: Content::ToolCall(ToolCall::default()), echo: None },
        echoed(Content::Opaque, "i"),
        Part { content: Content::Refusal("b".into()), echo: None },
    ];
    let kept = Answer { is_whole: false, ..answer(parts) };
    chat.answer(turn, kept.clone());
    let refusal = Part { content: Content::Refusal("b".into()), echo: None };
    let sent = &chat.messages_before(&Message::user("2"))[1];
    assert_eq!(sent.parts, [Part::text("a"), refusal]);
    assert_eq!(chat.turn(turn).answer, Some(kept), "nothing is lost");
}

#[test]
fn the_rest_is_asked_for_once_and_without_a_note() {
    let mut chat = chat(1);
    assert_eq!(chat.ask_for_the_rest(), None, "whole");
    let turn = chat.ask(Message::user("2"));
    assert_eq!(chat.ask_for_the_rest(), None, "no answer yet");
    chat.answer(turn, cut("half"));
    let rest = chat.ask_for_the_rest().expect("it was cut");
    assert_eq!(texts(&chat.messages(rest)), ["1", "a1", "2", "half", GO_ON]);
    chat.answer(rest, cut(" more"));
    let again = chat.ask_for_the_rest().expect("it was cut again");
    chat.answer(again, whole(" end"));
    assert_eq!(chat.ask_for_the_rest(), None);
    check_next(&chat, &["1", "a1", "2", "half", GO_ON, " more", GO_ON, " end", "next"]);

    // Once more, and something else in its place: only that needs the note.
    let retried = chat.ask_again(rest);
    assert_eq!(texts(&chat.messages(retried)), ["1", "a1", "2", "half", GO_ON]);
    assert!(chat.turn(retried).is_continuation);
    let other = chat.ask_instead(rest, Message::user("other"));
    let noted = format!("{CUT_NOTE}other");
    assert_eq!(texts(&chat.messages(other)), ["1", "a1", "2", "half", &noted]);
}

#[test]
fn a_retry_stands_beside_the_first_try_and_both_stay() {
    let mut chat = chat(2);
    let first = chat.head().expect("two turns");
    let second = chat.ask_again(first);
    assert_eq!(texts(&chat.messages(second)), ["1", "a1", "2"]);
    check_next(&chat, &["1", "a1", "2", "a2", "next"]);
    chat.answer(second, whole("b2"));
    check_next(&chat, &["1", "a1", "2", "b2", "next"]);
    assert_eq!(chat.turn(first).answer, Some(whole("a2")));
    assert!(chat.go_to(first.number()));
    check_next(&chat, &["1", "a1", "2", "a2", "next"]);
}

#[test]
fn an_edited_question_forgets_what_came_after_the_old_one() {
    let mut chat = chat(3);
    let way = chat.way(chat.head());
    let edited = chat.ask_instead(way[0], Message::user("one"));
    assert_eq!(texts(&chat.messages(edited)), ["one"]);
    chat.answer(edited, whole("b1"));
    check_next(&chat, &["one", "b1", "next"]);
    assert!(chat.go_to(3));
    check_next(&chat, &["1", "a1", "2", "a2", "3", "a3", "next"]);
}

#[test]
fn undo_goes_back_turn_by_turn_and_no_further_than_the_beginning() {
    let mut chat = chat(3);
    assert_eq!(chat.undo(0), 0);
    assert_eq!(chat.undo(1), 1);
    check_next(&chat, &["1", "a1", "2", "a2", "next"]);
    assert_eq!(chat.undo(9), 2);
    check_next(&chat, &["next"]);
    assert_eq!((chat.head(), chat.latest()), (None, None));
    assert_eq!(chat.undo(1), 0, "nothing was left for this conversation");
    assert_eq!(chat.turns().count(), 3, "nothing is lost");
}

#[test]
fn undo_takes_back_a_question_without_an_answer_first() {
    let mut chat = chat(2);
    chat.ask(Message::user("lost"));
    assert_eq!(chat.undo(1), 1);
    assert_eq!((numbers(chat.head()), numbers(chat.latest())), (vec![2], vec![2]));
    chat.ask(Message::user("lost"));
    assert_eq!(chat.undo(2), 2);
    assert_eq!(numbers(chat.head()), [1]);

    let mut chat = Conversation::default();
    chat.ask(Message::user("lost"));
    assert_eq!(chat.undo(5), 1);
    assert_eq!((chat.latest(), chat.undo(1)), (None, 0));
}

#[test]
fn undo_at_the_beginning_goes_back_to_the_conversation_that_was_left() {
    let mut chat = chat(2);
    assert!(chat.begin_anew());
    assert!(!chat.begin_anew(), "new already");
    check_next(&chat, &["next"]);
    let turn = chat.ask(Message::user("3"));
    chat.answer(turn, whole("a3"));
    assert_eq!(chat.turn(turn).parent, None);
    assert!(chat.begin_anew());
    assert_eq!(chat.undo(0), 0);
    assert_eq!(chat.undo(9), 1, "one conversation at a time");
    check_next(&chat, &["3", "a3", "next"]);
    assert_eq!(chat.undo(9), 1);
    assert_eq!(chat.undo(9), 1);
    check_next(&chat, &["1", "a1", "2", "a2", "next"]);
    assert_eq!(chat.undo(9), 2);
    assert_eq!(chat.undo(9), 0);
}

#[test]
fn a_new_conversation_forgets_the_question_that_got_no_answer() {
    let mut chat = Conversation::default();
    chat.ask(Message::user("lost"));
    assert!(!chat.begin_anew(), "nobody said anything");
    assert_eq!(chat.latest(), None);
}

#[test]
fn undo_comes_back_to_no_conversation_that_it_just_went_through() {
    let mut chat = chat(2);
    chat.begin_anew();
    let turn = chat.ask(Message::user("3"));
    chat.answer(turn, whole("a3"));
    assert!(chat.go_to(2));
    assert_eq!(chat.undo(9), 2);
    assert_eq!(chat.undo(1), 0);
    assert_eq!(chat.head(), None);
}

#[test]
fn only_an_answered_turn_can_be_gone_to() {
    let mut chat = chat(1);
    let lost = chat.ask(Message::user("lost"));
    for number in [0, lost.number(), 3, usize::MAX] {
        assert!(!chat.go_to(number), "{number}");
        assert_eq!(chat.latest(), Some(lost));
    }
    assert!(chat.go_to(1));
    assert_eq!((numbers(chat.head()), numbers(chat.latest())), (vec![1], vec![1]));
}

#[test]
fn what_one_receiver_will_not_see_is_counted_in_answers() {
    let mut chat = Conversation::default();
    let mut say = |is_whole, parts: Vec<Part>| {
        let turn = chat.ask(Message::user("q"));
        chat.answer(turn, Answer { is_whole, ..answer(parts) });
    };
    let thought = |issuer| echoed(Content::Reasoning("x".into()), issuer);
    let call = || Part { content: Content::ToolCall(ToolCall::default()), echo: None };
    let text = || Part::text("a");
    say(true, vec![thought("here"), thought("here"), text(), call(), call()]);
    say(true, vec![thought("there"), text(), echoed(Content::Opaque, "there")]);
    // Nobody gets these back.
    say(true, vec![Part { content: Content::Reasoning("x".into()), echo: None }, text()]);
    say(false, vec![thought("here"), text()]);
    // The words go to everybody.
    say(true, vec![echoed(Content::Text("a".into()), "here")]);
    let left = |reasoning, opaque, tool_calls| LeftBehind { reasoning, opaque, tool_calls };
    assert_eq!(chat.leaves_behind("here"), left(1, 1, 1));
    assert_eq!(chat.leaves_behind("there"), left(1, 0, 1));
    assert_eq!(chat.leaves_behind("elsewhere"), left(2, 1, 1));
    chat.undo(4);
    assert_eq!(chat.leaves_behind("here"), left(0, 0, 1));
    chat.undo(1);
    assert_eq!(chat.leaves_behind("elsewhere"), LeftBehind::default());
}
