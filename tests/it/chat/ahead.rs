//! What is typed while an answer streams.

use super::moment::{Moment, PROMPT, whole};

#[test]
fn while_an_answer_streams_nothing_typed_shows_and_ctrl_c_works() {
    let scene = Moment::Streaming.reach([]);
    let modes = ["-echo", "icanon", "isig", "noflsh"];
    assert_eq!(modes.map(|mode| scene.pty.has_mode(mode)), [true; 4]);
}

#[test]
fn a_line_typed_ahead_is_sent_afterwards_and_never_shows_inside_the_answer() {
    let mut scene = Moment::Streaming.reach([whole("second")]);
    scene.pty.send("two words\r");
    scene.pty.send("\x03");
    scene.pty.wait_for("second");
    scene.pty.wait_for_line(PROMPT);
    insta::assert_snapshot!(scene.pty.screen(), @"
    `m` at http://127.0.0.1:[PORT], profile `p` (by `default_profile`)
    `/help` lists the commands, Tab completes them, Ctrl-D leaves
    p:m> one
    half

    stopped: what came is kept, and `/continue` asks for the rest
    p:m> two words
    second

    p:m>
    ");
    let request = scene.provider.requests().remove(1).json();
    let words = request["messages"][2]["content"].as_str().unwrap_or_default();
    assert!(words.ends_with("two words"), "{words}");
}

#[test]
fn half_a_line_typed_ahead_stands_in_the_next_line() {
    let mut scene = Moment::Streaming.reach([]);
    scene.pty.send("half a lime\x7f\x7fne");
    scene.pty.send("\x03");
    scene.pty.wait_for_line("p:m> half a line");
}

#[test]
fn what_is_typed_ahead_keeps_its_order_over_several_turns() {
    let mut scene = Moment::Streaming.reach([whole("second"), whole("third")]);
    scene.pty.send("two\r");
    scene.pty.send("three\rrest");
    scene.pty.send("\x03");
    scene.pty.wait_for("third");
    scene.pty.wait_for_line("p:m> rest");
    let requests = scene.provider.requests();
    let last =
        |at: usize| requests[at].json()["messages"].as_array().and_then(|it| it.last().cloned());
    let ends = |at, words| {
        last(at)
            .is_some_and(|it| it["content"].as_str().is_some_and(|it: &str| it.ends_with(words)))
    };
    assert!(ends(1, "two") && ends(2, "three"), "{requests:?}");
}

#[test]
fn a_paste_ahead_is_one_text_and_waits_for_enter() {
    let mut scene = Moment::Streaming.reach([whole("second")]);
    scene.pty.paste("one\rtwo\rthree");
    scene.pty.send("\x03");
    scene.pty.wait_for_line("three");
    scene.pty.send("\r");
    scene.pty.wait_for("second");
    let request = scene.provider.requests().remove(1).json();
    let words = request["messages"][2]["content"].as_str().unwrap_or_default();
    assert!(words.ends_with("one\ntwo\nthree"), "{words}");
}

#[test]
fn ctrl_d_ahead_leaves_after_the_answer_and_not_before() {
    let mut scene = Moment::Streaming.reach([]);
    scene.pty.send("\x04");
    scene.pty.send("\x03");
    assert_eq!(scene.pty.wait(), 0);
    assert!(scene.pty.screen().contains("stopped: what came is kept"), "{}", scene.pty.screen());
    scene.pty.assert_as_found();
}
