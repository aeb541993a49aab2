use super::*;
use crate::sessions::Session;

fn at() -> Time {
    Time::of("2026-11-22T17:20:16Z".parse().expect("it is a time"))
}

#[track_caller]
fn session(text: &str) -> (Session, Vec<String>) {
    let Read { foreign, left_out } = read(text, "sky", at()).expect("it is a session");
    (foreign.into_session(), left_out)
}

/// For each turn: its parent, its system prompt, what was asked and what was answered.
fn told(session: &Session) -> Vec<(Option<usize>, Option<&str>, &str, String)> {
    let turns = session.conversation().turns();
    let turns = turns.map(|(id, turn)| {
        let system = session.account(id).chosen.system.as_deref();
        let answer = turn.answer.as_ref().map(Answer::words).unwrap_or_default();
        (turn.parent.map(TurnId::number), system, turn.words(), answer)
    });
    turns.collect()
}

#[track_caller]
fn fault(text: &str) -> (usize, String) {
    let Fault { line, reason } = read(text, "sky", at()).expect_err("it is no session");
    (line, reason)
}

const PLAIN: &str = "\
model: openai:gpt-4o
temperature: 0.5
role_name: 'short: x'
messages:
- role: system
  content: Be brief.
- role: user
  content: 'why: ''that''?'
- role: assistant
  content: |-
    Because:

        code
    # no comment
- role: user
  content: \"tab\\tand \\u2603\"
- role: assistant
  content: \"12\"
- role: user
  content: lost
";

#[test]
fn questions_and_answers_take_turns() {
    let (session, left_out) = session(PLAIN);
    let brief = Some("Be brief.");
    assert_eq!(
        told(&session),
        [
            (None, brief, "why: 'that'?", "Because:\n\n    code\n# no comment".to_owned()),
            (Some(1), brief, "tab\tand \u{2603}", "12".to_owned()),
            (Some(2), brief, "lost", String::new()),
        ]
    );
    assert_eq!(left_out, Vec::<String>::new());
    assert_eq!((session.name(), session.begun().at), (Some("sky"), at()));
    let account = session.last_asked().expect("it was asked");
    assert_eq!((&*account.profile, &*account.model), ("openai", "gpt-4o"));
    assert_eq!(account.asked_at, at());
}

#[test]
fn what_was_compressed_is_a_conversation_of_its_own() {
    let (session, left_out) = session(
        "model: a:b\ncompressed_messages:\n- role: user\n  content: one\n- role: assistant\n  content: 1\n\
         messages:\n- role: system\n  content: 'Summary: 1'\n- role: user\n  content: two\n\
         - role: assistant\n  content: 2\n",
    );
    assert_eq!(
        told(&session),
        [(None, None, "one", "1".to_owned()), (None, Some("Summary: 1"), "two", "2".to_owned())]
    );
    assert_eq!(session.conversation().head().map(TurnId::number), Some(2));
    assert_eq!(left_out, Vec::<String>::new());
}

#[test]
fn what_follows_what_was_compressed_begins_anew_without_a_summary_too() {
    let (session, _) = session(
        "compressed_messages:\n- role: user\n  content: one\n- role: assistant\n  content: 1\n\
         messages:\n- role: user\n  content: two\n- role: assistant\n  content: 2\n",
    );
    let parents: Vec<_> = told(&session).into_iter().map(|(parent, ..)| parent).collect();
    assert_eq!(parents, [None, None]);
}

#[test]
fn a_summary_that_nothing_followed_leaves_the_conversation_where_it_was() {
    let (session, left_out) = session(
        "compressed_messages:\n- role: user\n  content: one\n- role: assistant\n  content: 1\n\
         messages:\n- role: system\n  content: 'Summary: 1'\n",
    );
    assert_eq!(told(&session), [(None, None, "one", "1".to_owned())]);
    assert_eq!(session.conversation().head().map(TurnId::number), Some(1));
    assert_eq!(left_out, ["a summary was left out: what it sums up is all there"]);
}

#[test]
fn pictures_leave_a_mark_and_tool_calls_their_words() {
    let (session, left_out) = session(
        "model: b\nmessages:\n- role: user\n  content:\n  - type: text\n    text: look\n\
         \x20 - type: image_url\n    image_url:\n      url: data:image/png;base64,AAAA\n\
         \x20 - type: image_url\n    image_url:\n      url: https://a.example/p.png\n\
         - role: tool\n  content:\n    tool_results:\n    - call:\n        name: f\n        arguments:\n\
         \x20         x: [1]\n        id: c1\n      output: null\n    text: Let me see.\n    sequence: false\n\
         - role: assistant\n  content: Done.\ndata_urls:\n  abc: p.png\n",
    );
    let question = "look\n\n[a picture was here]\n\n[a picture was here: https://a.example/p.png]";
    assert_eq!(told(&session), [(None, None, question, "Let me see.\n\nDone.".to_owned())]);
    let (_, turn) = session.conversation().turns().next().expect("the only one");
    let parts = &turn.answer.as_ref().expect("it was answered").message.parts;
    let call = ToolCall { id: "c1".into(), name: "f".into(), arguments: r#"{"x":["1"]}"#.into() };
    assert_eq!(parts[1].content, Content::ToolCall(call));
    let expected = ["2 pictures were left out", "the result of a tool call was left out"];
    assert_eq!(left_out, expected);
    assert_eq!(session.last_asked().map(|account| &*account.profile), Some("aichat"));
}

#[test]
fn thinking_in_an_answer_is_told_apart() {
    let (session, _) = session(
        "messages:\n- role: user\n  content: q\n- role: assistant\n  content: |\n    <think>\n    hm\n    </think>\n\n    So.\n",
    );
    assert_eq!(told(&session)[0].3, "So.\n");
    let (_, turn) = session.conversation().turns().next().expect("the only one");
    let parts = &turn.answer.as_ref().expect("it was answered").message.parts;
    assert!(matches!(&parts[0].content, Content::Reasoning(text) if text.trim() == "hm"));
}

#[test]
fn the_same_file_makes_the_same_session() {
    let one = read(PLAIN, "a", at()).expect("it is a session").foreign.into_session();
    let two = read(PLAIN, "b", at()).expect("it is a session").foreign.into_session();
    assert_eq!(one.id(), two.id());
    assert_eq!(one.last_asked(), two.last_asked());
    let other = PLAIN.replace("lost", "found");
    let other = read(&other, "a", at()).expect("it is a session").foreign.into_session();
    assert_ne!(one.id(), other.id());
}

#[test]
fn the_name_is_that_of_the_file() {
    assert_eq!(name_of("sky").as_deref(), Some("sky"));
    assert_eq!(name_of("20240501T123456-why-is-the-sky").as_deref(), Some("why-is-the-sky"));
    assert_eq!(name_of("2024-plans").as_deref(), Some("2024-plans"));
    for stem in ["temp", "20240501T123456", ""] {
        assert_eq!(name_of(stem), None, "{stem}");
    }
}

#[test]
fn faults_are_told_with_their_lines() {
    let check = |text: &str, line: usize, reason: &str| {
        assert_eq!(fault(text), (line, reason.to_owned()), "{text}");
    };
    check("a: b\n", 1, "there are no `messages`: it is no session of aichat");
    check("just words", 1, "there are no `messages`: it is no session of aichat");
    check("", 1, "there is nothing in it");
    check("model: x\nmessages: none\n", 2, "`messages` is no list");
    check("messages:\n- role: user\n", 2, "a message needs `role` and `content`");
    check("messages:\n- role: user\n  content: {}\n", 3, "`content` is neither a text nor a list");
    check("messages:\n- role: assistant\n  content: a\n", 2, "an answer without a question");
    check(
        "messages:\n- role: user\n  content: a\n- role: king\n  content: a\n",
        4,
        "`role` is none of `system`, `user`, `assistant`, `tool`",
    );
    check("messages:\n- &a [x]\n- *a\n", 3, "aliases are not read");
    check(&format!("messages: {}", "[".repeat(100)), 1, "it is nested too deep");
    assert_eq!(fault("messages:\n- role: user\n  content: \"open\n").0, 3);
}
