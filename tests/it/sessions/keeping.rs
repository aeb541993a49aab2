//! What is kept of a run, and when.

use std::{fs, os::unix::fs::PermissionsExt as _, process::Stdio, time::Instant};

use serde_json::{Value, json};

use crate::support::{
    byok::{Byok, DEADLINE},
    provider::{Gate, Provider, Script, Step},
    running::Running,
    streams,
};

fn chat(text: &str) -> Script {
    Script::stream(streams::chat(&[text]))
}

/// The texts that a request carries, roles left out.
fn texts(body: &Value) -> Vec<String> {
    let messages = body["messages"].as_array().expect("there are messages");
    messages.iter().map(|it| it["content"].as_str().unwrap_or("?").to_owned()).collect()
}

/// Looks again and again; `what` names what never comes.
#[track_caller]
fn wait_until(what: &str, is_reached: impl Fn() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !is_reached() {
        assert!(Instant::now() < deadline, "in vain: {what}");
        std::thread::yield_now();
    }
}

#[test]
fn a_question_and_its_answer_are_kept_with_what_is_to_know_of_them() {
    let provider = Provider::start([chat("fine")]);
    let byok = Byok::new().profile(&provider, "").args(["ask", "why?"]);
    byok.run().assert_code(0).assert_stdout("fine\n").assert_silent_stderr();
    let records = byok.records();
    let kinds: Vec<_> = records.iter().map(|it| it["type"].as_str().unwrap_or("?")).collect();
    assert_eq!(kinds, ["session", "turn", "answer"]);
    let [begun, turn, answer] = &records[..] else { panic!("{records:?}") };
    assert_eq!((&begun["v"], &begun["directory"]), (&json!(1), &json!(byok.work())));
    let asked = json!({"profile": "p", "model": "m", "wire": "completions"});
    for record in [turn, answer] {
        for (field, value) in asked.as_object().expect("it is one") {
            assert_eq!(&record[field], value, "{record}");
        }
    }
    assert_eq!((&turn["text"], &turn["parent"]), (&json!("why?"), &Value::Null));
    assert_eq!(answer["turn"], turn["id"]);
    assert_eq!((&answer["state"], &answer["finishReason"]), (&json!("complete"), &json!("stop")));
    assert_eq!(answer["servedModel"], "fake");
    assert_eq!(answer["parts"], json!([{"kind": "text", "text": "fine"}]));
    assert!(answer["firstMs"].as_u64() <= answer["totalMs"].as_u64(), "{answer}");
}

#[test]
fn nobody_else_may_read_it() {
    let provider = Provider::start([chat("fine")]);
    let byok = Byok::new().profile(&provider, "").file("a.txt", "text of a");
    byok.with_arguments(["ask", "-f", "a.txt", "why?"]).run().assert_code(0);
    let data = byok.data();
    let kept = fs::read_dir(data.join("files")).expect("a file was kept");
    let kept: Vec<_> = kept.map(|entry| entry.expect("it can be read").path()).collect();
    let mode = |path: &std::path::Path| {
        fs::metadata(path).expect("it is there").permissions().mode() & 0o777
    };
    for folder in [&data, &data.join("sessions"), &data.join("files")] {
        assert_eq!(mode(folder), 0o700, "{}", folder.display());
    }
    for file in [&byok.sessions()[0], &kept[0]] {
        assert_eq!(mode(file), 0o600, "{}", file.display());
    }
}

#[test]
fn what_shall_not_be_kept_is_not() {
    for (flags, config) in [
        (&["--no-save"][..], ""),
        (&["--ephemeral"], ""),
        (&[], "save = false\n"),
        (&["--dry-run"], ""),
        (&["--curl"], ""),
    ] {
        let is_preview = flags.iter().any(|it| matches!(*it, "--dry-run" | "--curl"));
        let provider = Provider::start((!is_preview).then(|| chat("fine")));
        let byok = Byok::new().profile(&provider, "").file("a.txt", "text of a");
        let path = byok.home().join(".config/byok/config.toml");
        let profile = fs::read_to_string(&path).expect("it was written");
        let byok = byok.file("config.toml", format!("{config}{profile}"));
        byok.with_arguments(["ask", "-f", "a.txt", "why?"])
            .args(flags.to_vec())
            .run()
            .assert_code(0);
        assert!(!byok.data().exists(), "{flags:?}");
        assert!(!byok.home().join(".local/state").exists(), "{flags:?}");
    }
}

#[test]
fn a_question_is_in_the_file_when_its_request_arrives() {
    let gate = Gate::default();
    let script = Script::stream(streams::chat(&["fine"]));
    let provider = Provider::start([Script::new([Step::Wait(gate.clone())]).then(script.steps())]);
    let byok = Byok::new().profile(&provider, "").args(["ask", "why?"]);
    let running = Running::start(&byok, Stdio::null());
    wait_until("the request arrives", || provider.requests().len() == 1);
    let records = byok.records();
    assert_eq!((records.len(), &records[1]["text"]), (2, &json!("why?")));
    gate.open();
    running.finish().assert_code(0);
    assert_eq!(byok.records().len(), 3);
}

#[test]
fn an_answer_is_on_disk_while_it_comes_and_outlasts_a_kill() {
    let half = Script::open_stream(streams::chat_open(&["half of ", "the answer"]));
    let provider = Provider::start([half.then([Step::Hang]), chat("the rest")]);
    let byok = Byok::new().profile(&provider, "").args(["ask", "why?"]);
    let mut running = Running::start(&byok, Stdio::null());
    running.wait_for_stdout("half of the answer");
    wait_until("the answer is on disk", || {
        fs::read_to_string(&byok.sessions()[0]).is_ok_and(|text| text.contains("the answer"))
    });
    running.signal("KILL");
    assert_eq!(running.finish().code, None);
    let next = byok.with_arguments(["ask", "-c", "and?"]).run();
    next.assert_code(0).assert_stdout("the rest\n").assert_stderr_has("`why?` (1 turn, just now)");
    let sent = texts(&provider.requests()[1].json());
    assert_eq!(sent[..2], ["why?", "half of the answer"]);
    assert!(sent[2].ends_with("and?"), "{sent:?}");
}

#[test]
fn an_interrupted_answer_is_kept_in_part() {
    let half = Script::open_stream(streams::chat_open(&["half"])).then([Step::Hang]);
    let provider = Provider::start([half]);
    let byok = Byok::new().profile(&provider, "").args(["ask", "why?"]);
    let mut running = Running::start(&byok, Stdio::null());
    running.wait_for_stdout("half");
    running.signal("INT");
    running.finish().assert_code(130);
    let records = byok.records();
    let answer = records.last().expect("there are some");
    assert_eq!(
        (&answer["state"], &answer["error"]["kind"]),
        (&json!("partial"), &json!("interrupted"))
    );
}

#[test]
fn a_failure_is_kept_with_its_reason() {
    let refused = Script::json(400, streams::error("no such thing", "x", &json!("y")));
    let provider = Provider::start([refused, chat("fine")]);
    let byok = Byok::new().profile(&provider, "").args(["ask", "why?"]);
    let code = byok.run().code;
    assert_ne!(code, Some(0));
    let records = byok.records();
    let answer = records.last().expect("there are some");
    assert_eq!((&answer["state"], &answer["parts"]), (&json!("failed"), &json!([])));
    let message = answer["error"]["message"].as_str().expect("it says why");
    assert!(message.contains("no such thing"), "{message}");
    // What was not answered is not sent again.
    byok.with_arguments(["ask", "-c", "and?"]).run().assert_code(0);
    assert_eq!(texts(&provider.requests()[1].json()), ["and?"]);
}

#[test]
fn a_file_is_kept_once_and_goes_along_again_though_it_was_changed() {
    let provider = Provider::start([chat("a1"), chat("a2"), chat("a3")]);
    let byok = Byok::new().profile(&provider, "").file("a.txt", "text of a");
    byok.with_arguments(["ask", "-f", "a.txt", "q1"]).run().assert_code(0);
    byok.with_arguments(["ask", "-c", "-f", "a.txt", "q2"]).run().assert_code(0);
    let kept = || fs::read_dir(byok.data().join("files")).expect("a file was kept");
    assert_eq!(kept().count(), 1);
    fs::write(byok.work().join("a.txt"), "another text").expect("it is ours");
    byok.with_arguments(["ask", "-c", "q3"]).run().assert_code(0);
    let requests = provider.requests();
    let sent = texts(&requests[2].json());
    assert!(sent[0].contains("text of a") && sent[0].ends_with("q1"), "{sent:?}");
    assert!(sent[2].contains("text of a") && sent[2].ends_with("q2"), "{sent:?}");
    let records = byok.records();
    assert_eq!(records[1]["files"][0]["name"], "a.txt");
    let path = kept().next().expect("there is one").expect("it can be read").path();
    assert_eq!(
        records[1]["files"][0]["sha256"],
        json!(path.file_name().and_then(|it| it.to_str()))
    );
}

#[test]
fn a_file_that_is_gone_is_told_when_its_session_is_gone_on_with() {
    let provider = Provider::start([chat("a1"), chat("a2")]);
    let byok = Byok::new().profile(&provider, "").file("a.txt", "text of a");
    byok.with_arguments(["ask", "-f", "a.txt", "q1"]).run().assert_code(0);
    fs::remove_dir_all(byok.data().join("files")).expect("it is ours");
    let output = byok.with_arguments(["ask", "-c", "q2"]).run();
    output.assert_code(0).assert_stdout("a2\n");
    output.assert_stderr_has("the file `a.txt` of an earlier question is not there any more");
    let sent = texts(&provider.requests()[1].json());
    assert!(!sent[0].contains("text of a") && sent[0].contains("a.txt"), "{sent:?}");
}

#[test]
fn no_kill_is_needed_for_the_last_words_of_a_chat() {
    let provider = Provider::start([chat("a1")]);
    let byok = Byok::new().profile(&provider, "");
    let mut chat = crate::support::chat::Chat::start(&byok, []);
    chat.say("q1");
    chat.say("/new");
    chat.leave();
    let kinds: Vec<_> = byok.records().iter().map(|it| it["type"].clone()).collect();
    assert_eq!(kinds, ["session", "turn", "answer"]);
}

/// The lines of the page that are meant for a shell, against a session that a run left.
#[test]
fn the_tools_of_the_page_work() {
    let page = include_str!("../../../docs/session-format.md");
    let (_, rest) = page.split_once("```sh\n").expect("the page has examples");
    let (lines, _) = rest.split_once("```").expect("they end");
    let provider = Provider::start([chat("a difference engine")]);
    let byok = Byok::new().profile(&provider, "").args(["ask", "why?"]);
    byok.run().assert_code(0);
    let name = byok.sessions()[0].file_name().expect("it has one").to_string_lossy().into_owned();
    let has_jq = std::path::Path::new("/usr/bin/jq").exists();
    let commands = lines.lines().filter(|line| has_jq || !line.contains("jq"));
    let script = commands.collect::<Vec<_>>().join("\n").replace("FILE.jsonl", &name);
    let output = crate::support::running::shell(&byok, &script);
    let told = if has_jq { "why?\na difference engine\nm\t\t\n" } else { "" };
    output.assert_code(0).assert_stdout(&format!("{name}\n{told}")).assert_silent_stderr();
}
