//! Signals and deadlines, in every state of a turn.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::json;

use crate::support::{
    byok::{Byok, DEADLINE, Output},
    provider::{Provider, Script, Step},
    pty::Pty,
    running::{Running, signal},
    streams,
};

/// What a person would still call at once, on a machine that is busy with other tests.
const AT_ONCE: Duration = Duration::from_secs(3);

fn start(provider: &Provider, args: &[&str]) -> (Byok, Running) {
    let byok = Byok::new().profile(provider, "").args(["ask", "x"]).args(args.to_vec());
    let running = Running::start(&byok, Stdio::null());
    (byok, running)
}

/// Sends a signal; the run ends soon after it.
#[track_caller]
fn stop(running: Running, name: &str) -> Output {
    let sent = Instant::now();
    running.signal(name);
    let output = running.finish();
    assert!(sent.elapsed() < AT_ONCE, "it took {:?}: {output}", sent.elapsed());
    output
}

/// Asks again and again; `what` names what never comes.
#[track_caller]
fn wait_until(what: &str, is_reached: impl Fn() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !is_reached() {
        assert!(Instant::now() < deadline, "in vain: {what}");
        std::thread::yield_now();
    }
}

fn hanging() -> Script {
    Script::new([Step::Hang])
}

fn half() -> Script {
    Script::open_stream(streams::chat_open(&["half"])).then([Step::Hang])
}

#[test]
fn before_the_first_byte() {
    for (name, code, says) in [
        ("INT", 130, "error: interrupted\n"),
        ("TERM", 143, "error: terminated\n"),
        ("HUP", 143, "error: terminated\n"),
    ] {
        let provider = Provider::start([hanging()]);
        let (_, running) = start(&provider, &[]);
        wait_until("the request arrives", || provider.requests().len() == 1);
        let output = stop(running, name);
        output.assert_code(code).assert_stdout("").assert_stderr_has(says);
    }
}

#[test]
fn in_mid_answer_what_came_stays() {
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let provider = Provider::start([half()]);
        let (_, mut running) = start(&provider, &[]);
        running.wait_for_stdout("half");
        stop(running, name).assert_code(code).assert_stdout("half\n");
    }
}

#[test]
fn in_mid_answer_a_file_becomes_a_partial_one() {
    let provider = Provider::start([half()]);
    let (byok, running) = start(&provider, &["-o", "a.md"]);
    // The file that grows has a name of its own until then.
    wait_until("something is written", || {
        let mut files = fs::read_dir(byok.work()).expect("the working folder is there").flatten();
        files.any(|entry| entry.metadata().is_ok_and(|metadata| metadata.len() > 0))
    });
    stop(running, "INT").assert_code(130).assert_stderr_has("a.md.partial");
    assert_eq!(
        fs::read_to_string(byok.work().join("a.md.partial")).ok().as_deref(),
        Some("half\n")
    );
    assert!(!byok.work().join("a.md").exists());
}

#[test]
fn in_mid_answer_json_ends_in_its_result() {
    let provider = Provider::start([half()]);
    let (_, mut running) = start(&provider, &["--output-format", "stream-json"]);
    running.wait_for_stdout("half");
    let output = stop(running, "INT");
    let last = output.assert_code(130).stdout().lines().last().unwrap_or_default();
    let result: serde_json::Value = serde_json::from_str(last).expect("the last line is JSON");
    assert_eq!((&result["type"], &result["status"]), (&json!("result"), &json!("partial")));
    assert_eq!(
        (&result["error"]["kind"], &result["text"]),
        (&json!("interrupted"), &json!("half"))
    );
}

#[test]
fn while_a_retry_is_waited_for() {
    let provider = Provider::start([Script::answer(503, &[("retry-after", "50")], "")]);
    let (_, mut running) = start(&provider, &[]);
    running.wait_for_stderr("trying again in 50.0 s");
    stop(running, "INT").assert_code(130).assert_stdout("");
}

#[test]
fn while_a_credential_command_runs_and_that_ends_too() {
    let provider = Provider::start([]);
    let command = "api_key = { command = [\"sh\", \"-c\", \"echo $$ > pid.new; mv pid.new pid; exec sleep 600\"] }";
    let byok = Byok::new().profile(&provider, command).args(["ask", "x"]);
    let running = Running::start(&byok, Stdio::null());
    let place = byok.work().join("pid");
    wait_until("the command starts", || place.exists());
    let pid = fs::read_to_string(place).expect("it is there");
    stop(running, "INT").assert_code(130).assert_stdout("");
    let check = format!("kill -0 {pid}");
    wait_until("the command ends", || {
        let mut shell = Command::new("/bin/sh");
        !shell.args(["-c", &check]).stderr(Stdio::null()).status().is_ok_and(|it| it.success())
    });
}

#[test]
fn a_credential_command_that_ctrl_c_ended_first_is_an_interrupt_all_the_same() {
    let provider = Provider::start([]);
    let command = "api_key = { command = [\"sh\", \"-c\", \"kill -INT $PPID; exit 1\"] }";
    let byok = Byok::new().profile(&provider, command).args(["ask", "x"]);
    // Which of the two is heard of first is chance.
    for _ in 0..8 {
        byok.run().assert_code(130).assert_stdout("");
    }
}

#[test]
fn while_standard_input_is_waited_for_nothing_stays_behind() {
    let provider = Provider::start([]);
    let byok = Byok::new().profile(&provider, "").args(["ask", "-o", "a.md", "x"]);
    let mut running = Running::start(&byok, Stdio::piped());
    let pipe = running.stdin();
    running.wait_for_stderr("waiting for standard input");
    // The signal's own end: a shell makes 130 of it.
    let output = stop(running, "INT");
    assert!(matches!(output.code, None | Some(130)), "{output}");
    drop(pipe);
    let left = fs::read_dir(byok.work()).expect("the working folder is there").count();
    assert_eq!(left, 0, "a file stayed behind");
}

#[test]
fn many_at_once_are_one_and_what_came_stays() {
    // Where each of them finds the run is chance.
    for _ in 0..12 {
        let provider = Provider::start([half()]);
        let (_, mut running) = start(&provider, &[]);
        running.wait_for_stdout("half");
        // As whoever passes on what the terminal has sent already.
        let pid = running.id();
        let line = format!("i=0; while [ $i -lt 500 ]; do kill -INT {pid}; i=$((i + 1)); done");
        let sent = Command::new("/bin/sh").args(["-c", &line]).stderr(Stdio::null()).status();
        assert!(sent.is_ok());
        let output = running.finish();
        output.assert_code(130).assert_stdout("half\n").assert_stderr_has("error: interrupted");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_second_one_ends_a_run_that_nobody_reads() {
    use std::io::Write as _;

    const CAPACITY: usize = 64 << 10;

    // In one packet: what is seen of the first event says that the second is next.
    let delta = |delta| streams::data(&json!({"choices": [{"index": 0, "delta": delta}]}));
    let packet = delta(json!({"reasoning": "hm\n"})) + &delta(json!({"content": "blocked"}));
    let provider = Provider::start([Script::open_stream([packet]).then([Step::Hang])]);
    let byok = Byok::new().profile(&provider, "").args(["ask", "--thinking", "show", "x"]);
    // Full from the beginning: the first text blocks.
    let (reader, mut writer) = std::io::pipe().expect("pipes can be made");
    writer.write_all(&vec![b'.'; CAPACITY]).expect("the reader is open");
    let mut child = byok
        .command()
        .stdin(Stdio::null())
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary was built");
    let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    assert!(lines.any(|line| line.is_ok_and(|line| line.contains("hm"))));
    let begun = Instant::now();
    let status = loop {
        signal(child.id(), "INT");
        if let Some(status) = child.try_wait().expect("it was started") {
            break status;
        }
        assert!(begun.elapsed() < DEADLINE, "it does not end");
    };
    assert_eq!(status.code(), Some(130));
    drop(reader);
}

#[test]
fn a_deadline_is_8_before_the_text_and_13_after_it() {
    for (script, code, stdout) in [(hanging(), 8, ""), (half(), 13, "half\n")] {
        let provider = Provider::start([script]);
        let byok = Byok::new().profile(&provider, "").args(["ask", "--timeout", "1s", "x"]);
        let output = byok.run();
        output
            .assert_code(code)
            .assert_stdout(stdout)
            .assert_stderr_has("no whole answer within 1s");
    }
}

#[test]
fn the_spinner_is_gone_before_the_first_text_and_the_terminal_is_as_it_was() {
    let provider = Provider::start([Script::new([Step::Hang])]);
    let byok = Byok::new().profile(&provider, "").args(["ask", "x"]);
    let mut pty = Pty::start(&byok, 60, 10);
    pty.wait_for("waiting for the answer");
    wait_until("the request arrives", || provider.requests().len() == 1);
    pty.send("\x03");
    assert_eq!(pty.wait(), 130);
    let screen = pty.screen();
    assert!(!screen.contains("waiting"), "{screen}");
    assert!(screen.contains("error: interrupted"), "{screen}");
    // Hidden is shown again, and nothing but that was switched.
    let seen = String::from_utf8_lossy(pty.seen()).into_owned();
    assert_eq!(seen.contains("\u{1b}[?25l"), seen.contains("\u{1b}[?25h"), "{seen:?}");
}

#[test]
fn nothing_moves_for_a_screen_reader_however_it_asks() {
    for (flags, variables, file) in [
        (&["--accessible"][..], &[][..], ""),
        (&[], &[("ACCESSIBLE", "1")], ""),
        (&[], &[], "[screen]\naccessible = true"),
    ] {
        let provider = Provider::start([Script::new([Step::Hang])]);
        let byok =
            variables.iter().fold(Byok::new(), |byok, (name, value)| byok.env(*name, *value));
        let byok = byok.profile(&provider, file).args(["ask", "x"]).args(flags.to_vec());
        let mut pty = Pty::start(&byok, 60, 10);
        wait_until("the request arrives", || provider.requests().len() == 1);
        pty.send("\x03");
        assert_eq!(pty.wait(), 130);
        let seen = String::from_utf8_lossy(pty.seen()).replace("\r\n", "\n");
        let is_style = |sequence: &str| {
            let end = sequence.find(|c: char| !c.is_ascii_digit() && c != ';');
            end.is_some_and(|end| sequence[end..].starts_with('m'))
        };
        assert!(!seen.contains('\r') && seen.split("\x1b[").skip(1).all(is_style), "{seen:?}");
    }
}

#[test]
fn no_spinner_without_a_terminal() {
    let slow = Script::new([Step::Pause(Duration::from_millis(400))]);
    let answer = Script::json(200, streams::chat_whole("fine"));
    let provider = Provider::start([slow.then([Step::Close]), answer]);
    let byok =
        Byok::new().profile(&provider, "retries = 1").args(["ask", "-q", "--no-stream", "x"]);
    byok.run().assert_code(0).assert_stdout("fine\n").assert_silent_stderr();
}

#[test]
fn the_settings_of_the_terminal_do_not_change() {
    let script = Byok::new().file(
        "run.sh",
        format!(
            "trap : INT; stty -a > before; '{}' ask -P demo -m slow 'count to 500'; stty -a > after; echo over\n",
            env!("CARGO_BIN_EXE_byok")
        ),
    );
    let mut pty = Pty::start_program("/bin/sh", &script.clone().args(["run.sh"]), 60, 10);
    pty.wait_for("1, 2, 3");
    pty.send("\x03");
    pty.wait_for("over");
    let _ = pty.wait();
    let read = |name: &str| fs::read_to_string(script.work().join(name)).expect("stty ran");
    assert_eq!(read("before"), read("after"));
}
