use std::fs;

use byok::wire::Wire;
use insta::assert_snapshot;

use crate::{
    accepted,
    support::{
        byok::Byok,
        chat::Chat,
        provider::{Provider, Recorded, Script, Step},
        running::signal,
        streams,
    },
};

fn chat(text: &str) -> Script {
    Script::stream(streams::chat(&[text]))
}

/// An answer that begins so and does not go on.
fn half(text: &str) -> Script {
    Script::open_stream(streams::chat_open(&[text])).then([Step::Hang])
}

/// An answer that begins so and ends with the connection.
fn cut(text: &str) -> Script {
    Script::open_stream(streams::chat_open(&[text])).then([Step::Close])
}

/// What was said, as a server of Chat Completions reads it; panics when it would refuse it.
#[track_caller]
fn said(request: &Recorded) -> Vec<String> {
    let body = request.json();
    let said =
        accepted::read(Wire::OpenAiChat, &body).unwrap_or_else(|why| panic!("{why}: {body:#}"));
    said.into_iter().map(|it| it.words).collect()
}

/// Profiles `p` and `q`, which ask the same server for other models.
fn world(provider: &Provider) -> Byok {
    let url = provider.url("/v1");
    let profile = |name| format!("[profiles.{name}]\nbase_url = \"{url}\"\nmodel = \"m-{name}\"\n");
    let config = format!("default_profile = \"p\"\n{}{}", profile("p"), profile("q"));
    Byok::new().file("config.toml", config)
}

/// Presses Ctrl-C once the screen shows this.
#[track_caller]
fn stop_at(chat: &mut Chat, line: &str, text: &str) -> String {
    let from = chat.begin(line);
    chat.pty.wait_for(text);
    chat.pty.send("\x03");
    chat.rest(from)
}

#[test]
fn what_is_taken_back_is_not_sent_and_stays_in_the_tree() {
    let provider = Provider::start([chat("a1"), chat("a2"), chat("a3"), chat("a4"), chat("a5")]);
    let mut chat = Chat::start(&world(&provider), []);
    assert_snapshot!(chat.say("/undo"), @"there is nothing to take back");
    assert_snapshot!(chat.say("/tree"), @"nothing was said yet");
    chat.say("first question");
    chat.say("second question");
    chat.say("third question");
    assert_snapshot!(chat.say("/undo 2"), @"2 turns back, to the answer to `first question`; `/tree` shows all");
    chat.say("another second question");
    assert_snapshot!(chat.say("/tree"), @r"
    * 1 first question  p:m-p
      2 ├ second question  p:m-p
      3 │ third question  p:m-p
    * 4 another second question  p:m-p
    ");
    assert_snapshot!(chat.say("/tree 3"), @"the conversation goes on after `third question`");
    chat.say("fourth question");
    assert_snapshot!(chat.say("/tree 9"), @r"
    error: there is no answered turn 9

    hint: `/tree` shows all turns with their numbers
    ");
    assert_snapshot!(chat.say("/undo 9"), @"4 turns back: at the beginning; `/tree` shows all");
    assert_snapshot!(chat.say("/retry"), @r"
    error: this is the beginning: there is no question to ask again

    hint: `/tree` shows what was asked, `/tree N` goes on from there
    ");
    assert_snapshot!(chat.say("/undo 0"), @r"
    error: `0` is no number from 1 on

    hint: it is typed `/undo [N]`
    ");
    chat.leave();
    let requests = provider.requests();
    assert_eq!(said(&requests[3]), ["first question", "a1", "another second question"]);
    let third = ["first question", "a1", "second question", "a2", "third question", "a3"];
    assert_eq!(said(&requests[4]), [&third[..], &["fourth question"]].concat());
}

#[test]
fn a_new_conversation_begins_with_nothing_and_undo_goes_back_to_the_old_one() {
    let provider = Provider::start([chat("a1"), chat("a2"), chat("a3")]);
    let mut chat = Chat::start(&world(&provider), []);
    assert_snapshot!(chat.say("/new"), @"the conversation is new already");
    chat.say("q1");
    assert_snapshot!(chat.say("/new"), @"a new conversation; `/undo` goes back to the one before");
    chat.say("q2");
    chat.say("/clear");
    assert_snapshot!(chat.pty.screen(), @r"
    a new conversation; `/undo` goes back to the one before
    p:m-p>
    ");
    assert_snapshot!(chat.say("/undo"), @"back in the conversation before, at the answer to `q2`");
    chat.say("/undo");
    assert_snapshot!(chat.say("/undo"), @"back in the conversation before, at the answer to `q1`");
    chat.say("q3");
    assert_snapshot!(chat.say("/tree"), @r"
    * 1 q1  p:m-p
    * 2 q3  p:m-p
    ");
    chat.leave();
    let requests = provider.requests();
    assert_eq!(said(&requests[1]), ["q2"]);
    assert_eq!(said(&requests[2]), ["q1", "a1", "q3"]);
}

#[test]
fn the_last_question_is_asked_again_here_or_elsewhere() {
    let provider = Provider::start([chat("a1"), chat("a2"), chat("a3"), chat("a4"), chat("a5")]);
    let mut chat = Chat::start(&world(&provider), []);
    assert_snapshot!(chat.say("/retry"), @"error: nothing was asked yet");
    chat.say("q1");
    chat.say("q2");
    assert_snapshot!(chat.say("/retry"), @"a3");
    assert_snapshot!(chat.say("/retry q"), @"a4");
    assert_eq!(chat.prompt(), "p:m-p>");
    assert_snapshot!(chat.say("/retry z"), @r"
    error: unknown profile `z`

    hint: did you mean `p`?
    hint: the profiles are: `p`, `q`
    ");
    chat.say("q3");
    assert_snapshot!(chat.say("/tree"), @r"
    * 1 q1  p:m-p
      2 ├ q2  p:m-p
      3 ├ q2  p:m-p
    * 4 q2  q:m-q
    * 5 q3  p:m-p
    ");
    chat.leave();
    let requests = provider.requests();
    for again in &requests[1..4] {
        assert_eq!(said(again), ["q1", "a1", "q2"]);
    }
    assert_eq!(requests[3].json()["model"], "m-q");
    assert_eq!(said(&requests[4]), ["q1", "a1", "q2", "a4", "q3"]);
}

#[test]
fn an_answer_that_was_stopped_is_sent_along_as_half_and_goes_on() {
    let provider = Provider::start([half("one two"), chat(" three"), half("four"), chat("five")]);
    let mut chat = Chat::start(&world(&provider), []);
    assert_snapshot!(chat.say("/continue"), @"error: there is no answer to go on with");
    assert_snapshot!(stop_at(&mut chat, "count", "one two"), @r"
    one two

    stopped: what came is kept, and `/continue` asks for the rest
    ");
    assert_snapshot!(chat.say("/continue"), @"three");
    assert_snapshot!(chat.say("/raw"), @"one two three");
    assert_snapshot!(chat.say("/continue"), @r"
    error: the last answer is whole

    hint: `/retry` asks the last question again
    ");
    stop_at(&mut chat, "more", "four");
    chat.say("enough");
    chat.leave();
    let requests = provider.requests();
    assert_snapshot!(said(&requests[1]).join("\n---\n"), @r"
    count
    ---
    one two
    ---
    Your previous answer was cut off. Go on exactly where it stops: repeat nothing of it, and say nothing about the cut.
    ");
    assert_snapshot!(said(&requests[3]).join("\n---\n"), @r"
    count
    ---
    one two
    ---
    Your previous answer was cut off. Go on exactly where it stops: repeat nothing of it, and say nothing about the cut.
    ---
     three
    ---
    more
    ---
    four
    ---
    [Your previous answer was cut off before its end.]

    enough
    ");
}

#[test]
fn an_answer_that_was_cut_or_is_full_goes_on() {
    let full = Script::stream(streams::chat_stopped(&["two"], "length", (5, 1)));
    let provider = Provider::start([cut("one"), full, chat("three")]);
    let mut chat = Chat::start(&world(&provider), []);
    assert_snapshot!(chat.say("count"), @r"
    one

    error: the connection to `127.0.0.1:[PORT]` broke in the middle
      caused by: unexpected EOF during chunk size line
      at: profile `p`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: what came is kept: `/continue` asks for the rest, `/retry` asks again
    hint: if it always ends after the same time, something between here and the server has a limit of its own
    ");
    assert_snapshot!(chat.say("/continue"), @r"
    two

    error: the answer was cut: it reached the token limit
      at: profile `p`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: what came is kept: `/continue` asks for the rest, `/retry` asks again
    hint: raise the limit with `/set max_output_tokens=NUMBER`, or ask for a shorter answer
    ");
    assert_snapshot!(chat.say("/continue"), @"three");
    assert_snapshot!(chat.say("/raw"), @"onetwothree");
    assert_snapshot!(chat.say("/tree"), @r"
    * 1 count  cut, p:m-p
    * 2 (continue)  cut, p:m-p
    * 3 (continue)  p:m-p
    ");
    chat.leave();
    for request in &provider.requests() {
        said(request);
    }
}

#[test]
fn a_stop_before_the_first_word_keeps_the_question() {
    let provider = Provider::start([Script::new([Step::Hang]), chat("a1")]);
    let mut chat = Chat::start(&world(&provider), []);
    let from = chat.begin("q1");
    while provider.requests().is_empty() {
        std::thread::yield_now();
    }
    chat.pty.send("\x03");
    let stopped = chat.rest(from);
    assert!(stopped.contains("stopped before an answer: `/retry` asks again"), "{stopped}");
    assert_snapshot!(chat.say("/retry"), @"a1");
    chat.leave();
    assert_eq!(said(&provider.requests()[1]), ["q1"]);
}

/// An editor that replaces what it gets by this.
fn editor(byok: Byok, text: &str) -> Byok {
    let byok = byok.file("new.txt", text);
    let script = format!(
        "#!/bin/sh\ncat \"$1\" >> '{0}/seen.txt'\ncp '{0}/new.txt' \"$1\"\n",
        byok.work().display()
    );
    let byok = byok.file("editor", script);
    let path = byok.work().join("editor");
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .expect("the file is ours");
    byok.env("EDITOR", path)
}

#[test]
fn an_edited_question_is_asked_in_the_place_of_the_old_one() {
    let provider = Provider::start([chat("a1"), chat("a2"), chat("a3")]);
    let byok = editor(world(&provider), "question one, better\n");
    let mut chat = Chat::start(&byok, []);
    chat.say("question one");
    chat.say("question two");
    assert_snapshot!(chat.say("/edit 2"), @r"
    question one, better
    a3
    ");
    assert_snapshot!(chat.say("/edit"), @"the question is unchanged: nothing was sent; `/retry` asks it again");
    assert_snapshot!(chat.say("/edit 2"), @r"
    error: there is only one question here for `/edit 2`

    hint: `/edit 1` edits the first one
    ");
    assert_snapshot!(chat.say("/tree"), @r"
      1 question one  p:m-p
      2 question two  p:m-p

    * 3 question one, better  p:m-p
    ");
    chat.leave();
    let seen = fs::read_to_string(byok.work().join("seen.txt")).expect("the editor ran");
    assert!(seen.starts_with("question one"), "{seen}");
    assert_eq!(said(&provider.requests()[2]), ["question one, better"]);
}

#[test]
fn profiles_are_compared_and_the_conversation_goes_on_from_the_current_ones_answer() {
    let provider = Provider::start([chat("a1"), chat("from q"), chat("from p"), chat("a3")]);
    let mut chat = Chat::start(&world(&provider), []);
    chat.say("q1");
    let shown = chat.say("/compare q,p which");
    assert_snapshot!(without_times(&shown), @r"
    q · m-q
    from q

    N.N s

    p · m-p
    from p

    N.N s
    the conversation goes on from `p` (`/tree 2` for `q`)
    ");
    chat.say("q3");
    assert_snapshot!(chat.say("/compare q which"), @r"
    error: `/compare` needs two profiles or more

    hint: it is typed `/compare P1,P2 TEXT`
    hint: one profile alone: `/ask q TEXT`
    ");
    assert_snapshot!(chat.say("/compare p,z which"), @r"
    error: unknown profile `z`

    hint: did you mean `p`?
    hint: the profiles are: `p`, `q`
    ");
    chat.leave();
    let requests = provider.requests();
    for (request, model) in requests[1..3].iter().zip(["m-q", "m-p"]) {
        assert_eq!(said(request), ["q1", "a1", "which"]);
        assert_eq!(request.json()["model"], model);
    }
    assert_eq!(said(&requests[3]), ["q1", "a1", "which", "from p", "q3"]);
}

#[test]
fn one_that_fails_leaves_the_others_of_a_comparison_alone_and_ctrl_c_ends_all_of_it() {
    let failing = || Script::json(400, streams::error("no such thing", "x", &"y".into()));
    let provider = Provider::start([failing(), chat("from p"), half("half of q")]);
    let mut chat = Chat::start(&world(&provider), []);
    assert_snapshot!(without_times(&chat.say("/compare q,p which")), @r"
    q · m-q
    error: `127.0.0.1:[PORT]` answered 400 (Bad Request)
      caused by: no such thing
      at: profile `q`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: `/show` shows what is sent

    p · m-p
    from p

    N.N s
    the conversation goes on from `p`
    ");
    let shown = stop_at(&mut chat, "/compare q,p more", "half of q");
    assert_snapshot!(without_times(&shown), @r"
    q · m-q
    half of q

    stopped: what came is kept
    N.N s
    the conversation goes on from `q`
    ");
    chat.leave();
    assert_eq!(provider.requests().len(), 3);
}

#[test]
fn a_summary_takes_the_place_of_what_was_said_and_can_be_taken_back() {
    let provider = Provider::start([chat("a1"), chat("in short"), chat("a2"), chat("a3")]);
    let mut chat = Chat::start(&world(&provider), []);
    assert_snapshot!(chat.say("/compact"), @"error: there is nothing to summarise yet");
    chat.say("q1");
    assert_snapshot!(chat.say("/compact keep the names"), @r"
    in short

    the conversation goes on from this summary (about 2 tokens in place of 2); `/undo` twice goes back to all of it
    ");
    chat.say("q2");
    chat.say("/undo 2");
    chat.say("/undo");
    chat.say("q3");
    chat.leave();
    let requests = provider.requests();
    assert!(said(&requests[1])[2].ends_with("keep the names"), "{:?}", said(&requests[1]));
    assert_eq!(said(&requests[2])[1..], ["in short", "q2"]);
    assert_eq!(said(&requests[3]), ["q1", "a1", "q3"]);
}

#[test]
fn a_summary_that_fails_or_is_stopped_changes_nothing() {
    let provider = Provider::start([chat("a1"), cut("in sh"), half("in sho"), chat("a2")]);
    let mut chat = Chat::start(&world(&provider), []);
    chat.say("q1");
    assert_snapshot!(chat.say("/compact"), @r"
    in sh

    error: the connection to `127.0.0.1:[PORT]` broke in the middle
      caused by: unexpected EOF during chunk size line
      at: profile `p`, http://127.0.0.1:[PORT]/v1/chat/completions

    hint: nothing was changed: the conversation goes on as it was
    hint: if it always ends after the same time, something between here and the server has a limit of its own
    ");
    assert_snapshot!(stop_at(&mut chat, "/compact", "in sho"), @r"
    in sho

    stopped: the conversation goes on as it was
    ");
    chat.say("q2");
    chat.leave();
    assert_eq!(said(&provider.requests()[3]), ["q1", "a1", "q2"]);
}

#[test]
fn a_signal_to_end_during_an_answer_ends_the_chat() {
    let provider = Provider::start([half("half")]);
    let mut chat = Chat::start(&world(&provider), []);
    chat.begin("q1");
    chat.pty.wait_for("half");
    signal(chat.pty.id(), "TERM");
    assert_eq!(chat.pty.wait(), 143);
}

/// Seconds differ from run to run.
fn without_times(text: &str) -> String {
    let mut out = Vec::new();
    for line in text.lines() {
        let is_time = line.split_once(" s").is_some_and(|(time, _)| time.parse::<f64>().is_ok());
        out.push(if is_time {
            line.replacen(|it: char| it.is_ascii_digit(), "N", 2)
        } else {
            line.to_owned()
        });
    }
    out.join("\n")
}
