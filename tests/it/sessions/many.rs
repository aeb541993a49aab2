//! Many processes at once.

use std::{process::Stdio, time::Instant};

use serde_json::json;

use crate::support::{
    byok::{Byok, DEADLINE, records},
    provider::{Gate, Provider, Script, Step},
    running::Running,
    streams,
};

fn chat(text: &str) -> Script {
    Script::stream(streams::chat(&[text]))
}

/// Answers when the gate is open.
fn behind(gate: &Gate, text: &str) -> Script {
    Script::new([Step::Wait(gate.clone())]).then(chat(text).steps())
}

#[track_caller]
fn wait_for_requests(provider: &Provider, count: usize) {
    let deadline = Instant::now() + DEADLINE;
    while provider.requests().len() < count {
        assert!(Instant::now() < deadline, "in vain: request {count}");
        std::thread::yield_now();
    }
}

#[test]
fn eight_at_once_have_a_session_each() {
    let gate = Gate::default();
    let provider = Provider::start((0..8).map(|_| behind(&gate, "fine")));
    let byok = Byok::new().profile(&provider, "");
    let start = |number: i32| {
        let byok = byok.with_arguments(["ask".to_owned(), format!("question {number}")]);
        Running::start(&byok, Stdio::null())
    };
    let running: Vec<_> = (0..8).map(start).collect();
    wait_for_requests(&provider, 8);
    gate.open();
    for running in running {
        running.finish().assert_code(0).assert_stdout("fine\n").assert_silent_stderr();
    }
    let mut questions = Vec::new();
    for path in byok.sessions() {
        let records = records(&path);
        assert_eq!((records.len(), &records[2]["turn"]), (3, &records[1]["id"]));
        questions.push(records[1]["text"].as_str().expect("it is a text").to_owned());
    }
    questions.sort();
    assert_eq!(questions, (0..8).map(|number| format!("question {number}")).collect::<Vec<_>>());
}

#[test]
fn the_second_on_a_session_is_told_and_goes_on_in_a_fork() {
    let gate = Gate::default();
    let provider = Provider::start([chat("a1"), behind(&gate, "a2"), chat("a3")]);
    let byok = Byok::new().profile(&provider, "");
    byok.with_arguments(["ask", "q1"]).run().assert_code(0);
    let first = byok.sessions().remove(0);
    let running = Running::start(&byok.with_arguments(["ask", "-c", "q2"]), Stdio::null());
    wait_for_requests(&provider, 2);
    let second = byok.with_arguments(["ask", "-c", "q3"]).run();
    second.assert_code(0).assert_stdout("a3\n").assert_stderr_has("is in use by another byok");
    gate.open();
    running.finish().assert_code(0).assert_stdout("a2\n");
    let texts = |records: &[serde_json::Value]| -> Vec<_> {
        let turns = records.iter().filter(|it| it["type"] == "turn");
        turns.map(|it| it["text"].as_str().unwrap_or("?").to_owned()).collect()
    };
    let of_first = records(&first);
    assert_eq!(texts(&of_first), ["q1", "q2"]);
    let fork = byok.sessions().into_iter().find(|path| *path != first).expect("there is a fork");
    let of_fork = records(&fork);
    assert_eq!(texts(&of_fork), ["q1", "q3"]);
    assert_eq!(of_fork[0]["forkedFrom"], of_first[0]["id"]);
    // What was said twice is the same turn.
    assert_eq!(of_fork[1]["id"], of_first[1]["id"]);
    let sent = provider.requests()[2].json();
    assert_eq!(sent["messages"][1], json!({"role": "assistant", "content": "a1"}));
}

#[test]
fn a_thousand_one_shots_leave_a_thousand_whole_sessions() {
    const AT_ONCE: usize = 16;

    // What takes minutes is done when it is asked for.
    let is_long = super::is_long();
    let count = if is_long { 1_000 } else { 2 * AT_ONCE };
    let provider = Provider::start((0..count).map(|_| chat("fine")));
    let byok = Byok::new().profile(&provider, "");
    let mut running = std::collections::VecDeque::new();
    for number in 0..count {
        if running.len() == AT_ONCE {
            let oldest: Running = running.pop_front().expect("there are some");
            oldest.finish().assert_code(0).assert_silent_stderr();
        }
        let byok = byok.with_arguments(["ask".to_owned(), format!("question {number}")]);
        running.push_back(Running::start(&byok, Stdio::null()));
    }
    for running in running {
        running.finish().assert_code(0).assert_silent_stderr();
    }
    let sessions = byok.sessions();
    assert_eq!(sessions.len(), count);
    let whole = sessions.iter().filter(|path| {
        let records = records(path);
        records.len() == 3 && records[2]["state"] == "complete"
    });
    assert_eq!(whole.count(), count);
    let check = byok.with_arguments(["sessions", "check"]).run();
    check.assert_code(0).assert_stdout(&format!("{count} sessions: all is well\n"));
}
