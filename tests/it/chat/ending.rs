//! Signals from outside, and the terminal that is left behind.

use std::thread;

use super::moment::{Moment, PROMPT, wait_until};
use crate::support::{
    byok::Byok,
    provider::{Provider, Script, Step, chunk},
    pty::Pty,
    streams,
};

#[test]
fn a_signal_that_ends_leaves_the_terminal_as_it_was() {
    for moment in Moment::ALL {
        for signal in ["TERM", "HUP"] {
            let mut scene = moment.reach([]);
            scene.pty.signal(signal);
            assert_eq!(scene.pty.wait(), 143, "{signal}, {moment:?}:\n{}", scene.pty.screen());
            scene.pty.assert_as_found();
        }
    }
}

#[test]
fn sigquit_ends_at_once_and_leaves_the_terminal_as_it_was() {
    for moment in Moment::ALL {
        let mut scene = moment.reach([]);
        scene.pty.signal("QUIT");
        let end = scene.pty.wait_for_end();
        assert!(end.as_ref().is_err_and(|signal| signal.contains("Quit")), "{moment:?}: {end:?}");
        scene.pty.assert_as_found();
    }
}

#[test]
fn sigint_from_outside_is_ctrl_c() {
    let mut scene = Moment::Typing.reach([]);
    scene.pty.signal("INT");
    scene.pty.wait_for_line(PROMPT);
    scene.pty.send("\x04");
    assert_eq!(scene.pty.wait(), 0);
    let mut scene = Moment::Streaming.reach([]);
    scene.pty.signal("INT");
    scene.pty.wait_for("stopped");
    scene.pty.wait_for_line(PROMPT);
    scene.pty.send("\x04");
    assert_eq!(scene.pty.wait(), 0);
    scene.pty.assert_as_found();
}

#[test]
fn every_way_of_leaving_leaves_the_terminal_as_it_was() {
    for keys in ["\x04", "/exit\r", "exit\r", "quit\r", ":q\r"] {
        let mut scene = Moment::Prompt.reach([]);
        scene.pty.send(keys);
        assert_eq!(scene.pty.wait(), 0, "{keys:?}:\n{}", scene.pty.screen());
        scene.pty.assert_as_found();
    }
}

#[test]
fn a_terminal_that_nobody_reads_does_not_keep_it_alive() {
    let words = streams::chat_open(&[&"words ".repeat(500)]);
    for signal in ["TERM", "HUP", "QUIT"] {
        let flood = chunk(&words[1]);
        let flood = [Step::Repeat(flood, 1_000_000)];
        let provider =
            Provider::start([Script::open_stream(streams::chat_open(&["first"])).then(flood)]);
        let byok = Byok::new().args(["chat"]).profile(&provider, "");
        let mut pty = Pty::start(&byok, 80, 24);
        pty.wait_for_line(PROMPT);
        let reading = pty.reading();
        let nobody_reads = reading.lock();
        pty.send("one\r");
        wait_until("the request comes", || provider.requests().len() == 1);
        pty.signal(signal);
        pty.wait_unread();
        drop(nobody_reads);
        // What it shows may have been cut anywhere; the modes are the kernel's.
        pty.assert_modes_as_found();
    }
}

#[test]
fn at_any_moment_a_signal_leaves_the_terminal_as_it_was() {
    // Each chat mostly waits for words that are typed slowly.
    thread::scope(|scope| {
        for seed in 1..=8 {
            scope.spawn(move || (0..6).fold(seed, |seed, _| end_at_a_random_moment(seed)));
        }
    });
}

/// Returns the seed of the next moment.
fn end_at_a_random_moment(mut seed: u64) -> u64 {
    /// So many bytes come at least after Enter: the line, an answer, the next line.
    const LEAST: u64 = 1600;

    let begun = seed;
    // A linear congruential generator, so that a failure comes again.
    let mut random = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let byok = Byok::new().args(["chat", "--profile", "demo"]);
    let mut pty = Pty::start(&byok, 80, 24);
    let bytes = if random(4) == 0 {
        random(200)
    } else {
        pty.wait_for_line("demo:demo>");
        pty.send("hello\rwords");
        pty.seen().len() as u64 + random(LEAST)
    };
    pty.wait_for_bytes(usize::try_from(bytes).expect("it is small"));
    let signal = ["TERM", "HUP", "QUIT"][usize::try_from(random(3)).expect("it is small")];
    pty.signal(signal);
    let end = pty.wait_for_end();
    // Until the chat is its own master the signal is the system's.
    assert!(end == Ok(143) || end.is_err(), "seed {begun}, {signal} after {bytes}: {end:?}");
    pty.assert_as_found();
    seed
}
