//! Ctrl-C, in every state of the chat.

use std::time::{Duration, Instant};

use serde_json::json;

use super::moment::{Moment, PROMPT, half, whole};
use crate::support::{byok::Byok, provider::Provider, pty::Pty};

/// What is told when the moment was interrupted.
fn told(moment: Moment) -> &'static str {
    match moment {
        Moment::Prompt => "Ctrl-D or `/exit` leaves",
        Moment::Typing => "p:m> some words",
        Moment::Streaming | Moment::Comparing => "stopped: what came is kept",
        Moment::Waiting | Moment::RetryWait | Moment::KeyCommand => "stopped before an answer",
        Moment::Models => "stopped before the list came",
        Moment::Compacting => "stopped: the conversation goes on as it was",
    }
}

#[test]
fn ctrl_c_stops_what_is_done_says_so_and_gives_the_line_back() {
    for moment in Moment::ALL {
        let mut scene = moment.reach([]);
        scene.pty.send("\x03");
        scene.pty.wait_for(told(moment));
        scene.pty.wait_for_line(PROMPT);
        if moment.is_connected() {
            // Not at the end of the chat: it is still there.
            scene.provider.wait_for_ends(1);
        }
        scene.pty.send("\x04");
        assert_eq!(scene.pty.wait(), 0, "{moment:?}:\n{}", scene.pty.screen());
        scene.pty.assert_as_found();
    }
}

#[test]
fn twice_within_a_second_leaves_with_130() {
    for moment in Moment::ALL {
        let mut scene = moment.reach([]);
        let begun = Instant::now();
        scene.pty.send("\x03");
        scene.pty.wait_for(told(moment));
        scene.pty.wait_for_line(PROMPT);
        scene.pty.send("\x03");
        if begun.elapsed() > Duration::from_millis(900) {
            // On a machine as slow as that it was not twice within a second.
            scene.pty.send("\x03\x03");
        }
        assert_eq!(scene.pty.wait(), 130, "{moment:?}:\n{}", scene.pty.screen());
        scene.pty.assert_as_found();
    }
}

#[test]
fn a_stopped_answer_goes_along_with_the_note_that_it_was_cut() {
    let mut scene = Moment::Streaming.reach([whole("second")]);
    scene.pty.send("\x03");
    scene.pty.wait_for("stopped");
    scene.pty.wait_for_line(PROMPT);
    scene.pty.send("two\r");
    scene.pty.wait_for("second");
    let request = scene.provider.requests().remove(1).json();
    let roles: Vec<_> = request["messages"].as_array().into_iter().flatten().collect();
    assert_eq!(roles.len(), 3, "{request:#}");
    assert_eq!(roles[0], &json!({"role": "user", "content": "one"}));
    assert_eq!(roles[1], &json!({"role": "assistant", "content": "half"}));
    let words = roles[2]["content"].as_str().unwrap_or_default();
    assert!(words.ends_with("two") && words.contains("cut"), "{words}");
}

#[test]
fn a_stopped_comparison_asks_nobody_else() {
    let mut scene = Moment::Comparing.reach([whole("then")]);
    scene.pty.send("\x03");
    scene.pty.wait_for("the conversation goes on from `p`");
    scene.pty.wait_for_line(PROMPT);
    scene.pty.send("two\r");
    scene.pty.wait_for("then");
    let requests = scene.provider.requests();
    assert_eq!(
        requests.iter().map(|it| it.json()["model"].clone()).collect::<Vec<_>>(),
        ["m", "m"]
    );
}

#[test]
fn a_stopped_answer_is_stopped_where_it_stands_and_nothing_shows_inside() {
    let mut scene = Moment::Streaming.reach([]);
    scene.pty.send("\x03");
    scene.pty.wait_for_line(PROMPT);
    insta::assert_snapshot!(scene.pty.screen(), @"
    `m` at http://127.0.0.1:[PORT], profile `p` (by `default_profile`)
    `/help` lists the commands, Tab completes them, Ctrl-D leaves
    p:m> one
    half

    stopped: what came is kept, and `/continue` asks for the rest
    p:m>
    ");
}

#[test]
fn ctrl_c_in_the_editor_is_the_editors() {
    let provider = Provider::start([half()]);
    // An editor to which Ctrl-C is a key as any other.
    let editor = "trap 'echo caught' INT\necho editing\n\
        until read line; do :; done\necho \"$line\" > \"$1\"\n";
    let byok = Byok::new().args(["chat"]).env("EDITOR", "exec sh editor").file("editor", editor);
    let byok = byok.profile(&provider, "");
    let mut pty = Pty::start(&byok, 80, 24);
    pty.wait_for_line(PROMPT);
    pty.send("/edit\r");
    pty.wait_for("editing");
    pty.send("\x03");
    pty.wait_for("caught");
    pty.send("\x03");
    pty.wait_until("two", |screen| screen.contents().matches("caught").count() == 2);
    pty.send("from the editor\r");
    pty.wait_for_line("p:m> from the editor");
    pty.send("\r");
    pty.wait_for("half");
    pty.send("\x03");
    pty.wait_for("stopped");
    pty.wait_for_line(PROMPT);
}

#[test]
fn the_command_that_says_the_key_may_ask_on_the_terminal() {
    let provider = Provider::start([whole("answer")]);
    let key = "api_key = { command = [\"sh\", \"-c\", \"printf 'password? ' >&2; read word; echo $word\"] }\n";
    let byok = Byok::new().args(["chat"]).profile(&provider, key);
    let mut pty = Pty::start(&byok, 80, 24);
    pty.wait_for_line(PROMPT);
    pty.send("one\r");
    pty.wait_for_line("password?");
    pty.send("sesame\r");
    pty.wait_for("answer");
    pty.wait_for_line(PROMPT);
    assert_eq!(provider.request().header("authorization"), Some("Bearer sesame"));
}
