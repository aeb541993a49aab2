//! What stands on the screen while an answer is waited for, and what of it stays: nothing of the
//! spinner, one line of each thought.

use serde_json::{Value, json};

use crate::support::{
    byok::Byok,
    provider::{Gate, Provider, Script, Step, chunk},
    pty::Pty,
    running::Running,
    streams,
};

/// More than two kernels hold for a server that does not read.
const LARGE: usize = 16_000_000;

fn thought(text: &str) -> Step {
    delta(&json!({ "reasoning": text }))
}

fn text(text: &str) -> Step {
    delta(&json!({ "content": text }))
}

fn delta(delta: &Value) -> Step {
    let frame = streams::data(&json!({"choices": [{"index": 0, "delta": delta}]}));
    Step::Send(chunk(frame))
}

/// A stream that begins with these steps.
fn stream(steps: impl IntoIterator<Item = Step>) -> Script {
    Script::open_stream([""; 0]).then(steps)
}

/// The same, to its proper end.
fn whole(steps: impl IntoIterator<Item = Step>) -> Script {
    let end = streams::data(&json!({"choices": [{"index": 0, "delta": {},
        "finish_reason": "stop"}]}));
    let end = format!("{end}data: [DONE]\n\n");
    stream(steps).then([Step::Send(chunk(end)), Step::Send(b"0\r\n\r\n".to_vec())])
}

fn ask(provider: &Provider, args: &[&str]) -> Byok {
    Byok::new().profile(provider, "retries = 1").args(["ask", "x"]).args(args.to_vec())
}

/// The rows of the screen, but for what is said of attachments.
fn lines(pty: &Pty) -> Vec<String> {
    let screen = pty.screen();
    let lines = screen.lines().filter(|line| !line.starts_with("note: attached"));
    lines.map(|line| line.trim_end().to_owned()).collect()
}

#[track_caller]
fn assert_summary(line: &str, count: &str) {
    assert!(line.starts_with("thought for ") && line.ends_with(&format!(" ({count})")), "{line:?}");
}

/// Everything that was sent to the terminal does nothing but paint: colours, rows, one update at a
/// time.
#[track_caller]
fn assert_only_paints(pty: &Pty) {
    let seen = String::from_utf8_lossy(pty.seen()).into_owned();
    for sequence in seen.split('\u{1b}').skip(1) {
        let body = sequence.strip_prefix('[').unwrap_or_else(|| panic!("{sequence:?} in {seen:?}"));
        let at = body.find(|it: char| it.is_ascii_alphabetic()).expect("a sequence has an end");
        let is_ours = match body[at..].chars().next() {
            Some('m' | 'A' | 'G' | 'K' | 'J') => {
                body[..at].chars().all(|it| it.is_ascii_digit() || it == ';')
            }
            Some('h' | 'l') => &body[..at] == "?2026",
            _ => false,
        };
        assert!(is_ours, "{sequence:?} in {seen:?}");
    }
    let count = |sequence| seen.matches(sequence).count();
    assert_eq!(count("\u{1b}[?2026h"), count("\u{1b}[?2026l"), "{seen:?}");
}

#[test]
fn the_spinner_is_gone_before_the_first_byte() {
    let gate = Gate::default();
    let provider = Provider::start([whole([Step::Wait(gate.clone()), text("hello")])]);
    let byok = ask(&provider, &[]);
    let mut pty = Pty::start(&byok, 60, 10);
    pty.wait_for("waiting for the answer");
    gate.open();
    assert_eq!(pty.wait(), 0);
    assert_eq!(lines(&pty), ["hello"]);
    let seen = String::from_utf8_lossy(pty.seen()).into_owned();
    assert!(seen.contains("connecting to 127.0.0.1"), "{seen:?}");
    assert!(seen.ends_with("\u{1b}[J\u{1b}[1Ghello\r\n"), "{seen:?}");
    assert_only_paints(&pty);
    pty.assert_as_found();
}

#[test]
fn on_a_narrow_terminal_nothing_wraps_and_nothing_stays() {
    for columns in [20, 5, 2] {
        let gate = Gate::default();
        let thinks = thought("the quick brown fox jumps over the lazy dog 思考思考思考");
        let provider = Provider::start([whole([thinks, Step::Wait(gate.clone()), text("ok")])]);
        let byok = ask(&provider, &["--thinking", "hide"]);
        let mut pty = Pty::start(&byok, columns, 10);
        let place = usize::from(columns.saturating_sub(4).max(1));
        let begins: String = "? thinking".chars().take(place).skip(2).collect();
        pty.wait_until("spinner", |screen| {
            let contents = screen.contents();
            let shown = contents.lines().next().unwrap_or_default();
            !shown.is_empty() && shown.chars().skip(2).eq(begins.trim_end().chars())
        });
        assert_eq!(lines(&pty).len(), 1, "{columns}: {:?}", pty.screen());
        gate.open();
        assert_eq!(pty.wait(), 0);
        assert_eq!(lines(&pty), ["ok"], "{columns}");
    }
}

#[test]
fn what_the_terminal_echoes_at_the_end_of_the_spinner_doubles_nothing() {
    // As wide as the words, a little wider, and less wide.
    for columns in [24, 26, 28, 12] {
        let provider = Provider::start([Script::new([Step::Hang])]);
        let byok = ask(&provider, &[]);
        let mut pty = Pty::start(&byok, columns, 10);
        let most = usize::from(columns).min(28) - 4;
        let words: String = "waiting for the answer".chars().take(most - 2).collect();
        pty.wait_for(words.trim_end());
        pty.send("\x03");
        assert_eq!(pty.wait(), 130);
        let left = lines(&pty).concat();
        assert_eq!(left, "error: interrupted", "{columns}");
    }
}

#[test]
fn a_retry_is_counted_down_with_its_reason() {
    let provider = Provider::start([Script::answer(503, &[("retry-after", "50")], "")]);
    let byok = ask(&provider, &[]);
    let mut pty = Pty::start(&byok, 80, 10);
    pty.wait_for("retrying in 50 s (attempt 2 of 2): the server answered 503");
    pty.wait_for("retrying in 49 s");
    pty.send("\x03");
    assert_eq!(pty.wait(), 130);
    assert_eq!(lines(&pty), ["error: interrupted"]);
    assert_only_paints(&pty);
}

#[test]
fn quiet_is_quiet_and_a_dumb_terminal_gets_lines_only() {
    let answer = || whole([thought("well, well"), text("hello")]);
    let provider = Provider::start([answer(), answer()]);
    let byok = ask(&provider, &["-q"]);
    let mut quiet = Pty::start(&byok, 60, 10);
    assert_eq!(quiet.wait(), 0);
    assert_eq!(quiet.seen(), b"hello\r\n");
    let byok = ask(&provider, &[]).env("TERM", "dumb");
    let mut dumb = Pty::start(&byok, 60, 10);
    assert_eq!(dumb.wait(), 0);
    let [summary, answer] = &lines(&dumb)[..] else { panic!("{}", dumb.screen()) };
    assert_summary(summary, "2 words");
    assert_eq!(answer, "hello");
    assert!(!dumb.seen().contains(&0x1b));
}

#[test]
fn a_thought_shows_its_last_rows_and_one_line_of_it_stays() {
    let gate = Gate::default();
    let long: Vec<_> = (1..=500).map(|number| format!("step {number}")).collect();
    let steps = [thought(&long.join("\n")), Step::Wait(gate.clone()), text("done")];
    let provider = Provider::start([whole(steps)]);
    // On the last row of a screen that is full.
    let byok = ask(&provider, &[]).file(
        "run.sh",
        format!(
            "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo line $i; done; exec '{}' ask x",
            env!("CARGO_BIN_EXE_byok")
        ),
    );
    let mut pty = shell(&byok, 40, 10);
    pty.wait_for("step 500");
    let shown = lines(&pty);
    let [.., above, spinner, first, second, third] = &shown[..] else { panic!("{shown:?}") };
    assert_eq!(above, "line 12");
    assert!(spinner.contains("thinking"), "{shown:?}");
    assert_eq!([first, second, third], ["step 498", "step 499", "step 500"]);
    gate.open();
    assert_eq!(pty.wait(), 0);
    let left = lines(&pty);
    let [.., above, summary, answer] = &left[..] else { panic!("{left:?}") };
    assert_eq!((above.as_str(), answer.as_str()), ("line 12", "done"));
    assert_summary(summary, "1,000 words");
    let mut terminal = vt100::Parser::new(
        10.try_into().expect("it has rows"),
        40.try_into().expect("it has columns"),
        1000,
    );
    terminal.process(pty.seen());
    terminal.screen_mut().set_scrollback(1000);
    let top = terminal.screen().contents();
    assert!(top.starts_with("line 1\nline 2\n") && !top.contains("step"), "{top}");
    assert_only_paints(&pty);
}

/// Runs `run.sh` in the world of `byok`.
fn shell(byok: &Byok, columns: u16, rows: u16) -> Pty {
    Pty::start_program("/bin/sh", &byok.with_arguments(["run.sh"]), columns, rows)
}

#[test]
fn on_a_low_screen_a_thought_takes_fewer_rows() {
    let gate = Gate::default();
    let thinks = thought("one\ntwo\nthree\nfour");
    let provider = Provider::start([whole([thinks, Step::Wait(gate.clone()), text("done")])]);
    let byok = ask(&provider, &[]);
    let mut pty = Pty::start(&byok, 40, 3);
    pty.wait_for("four");
    let shown = lines(&pty);
    assert!(shown.len() == 2 && shown[1] == "four", "{shown:?}");
    gate.open();
    assert_eq!(pty.wait(), 0);
    assert_eq!(lines(&pty).len(), 2, "{}", pty.screen());
}

#[test]
fn every_thought_of_an_answer_has_its_line() {
    let steps = [thought("one"), text("a"), thought("two "), thought("three"), text("b\n\nc")];
    let provider = Provider::start([whole(steps.clone()), whole(steps)]);
    let byok = ask(&provider, &[]);
    let mut pty = Pty::start(&byok, 40, 12);
    assert_eq!(pty.wait(), 0);
    let left = lines(&pty);
    let [first, a, second, b, blank, c] = &left[..] else { panic!("{left:?}") };
    assert_summary(first, "1 word");
    assert_summary(second, "2 words");
    assert_eq!([a, b, blank, c], ["a", "b", "", "c"]);
    // The answer itself has no line break there.
    let piped = ask(&provider, &["--thinking", "show"]).run();
    piped.assert_code(0).assert_stdout("ab\n\nc\n");
    assert!(piped.stderr().starts_with("one\nthought for "), "{piped}");
}

#[test]
fn ctrl_c_in_the_midst_of_a_thought_folds_it() {
    for (args, above) in [(&[][..], None), (&["--thinking", "show"], Some("let me see"))] {
        let provider = Provider::start([stream([thought("let me see"), Step::Hang])]);
        let byok = ask(&provider, args);
        let mut pty = Pty::start(&byok, 40, 10);
        pty.wait_for("let me see");
        pty.send("\x03");
        assert_eq!(pty.wait(), 130);
        let mut left = lines(&pty);
        assert_eq!(left.pop().as_deref(), Some("error: interrupted"));
        // What the terminal echoes of the key stands where the cursor is.
        let mut left =
            left.into_iter().map(|line| line.replace("^C", "")).filter(|it| !it.is_empty());
        assert_eq!(left.next_back().map(|line| assert_summary(&line, "3 words")), Some(()));
        assert_eq!(left.next().as_deref(), above);
        assert_only_paints(&pty);
        pty.assert_as_found();
    }
}

#[test]
fn an_error_in_the_midst_of_a_thought_stands_below_its_line() {
    let provider = Provider::start([stream([thought("let me see"), Step::Close])]);
    let byok = ask(&provider, &[]);
    let mut pty = Pty::start(&byok, 100, 24);
    assert_eq!(pty.wait(), 7);
    let left = lines(&pty);
    let [summary, error, ..] = &left[..] else { panic!("{left:?}") };
    assert_summary(summary, "3 words");
    assert!(error.starts_with("error: "), "{left:?}");
}

#[test]
fn a_hostile_thought_drives_nothing() {
    let hostile =
        "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}5A\u{1b}]52;c;aGk=\u{7}\r\u{1b}P\u{202e}\u{1b}]8;;";
    for how in ["auto", "show", "hide"] {
        let gate = Gate::default();
        // Byte by byte it is no other.
        let pieces = hostile.chars().map(|it| thought(&it.to_string()));
        let steps = [thought("before "), thought(hostile)].into_iter().chain(pieces);
        let steps = steps.chain([thought("after"), Step::Wait(gate.clone()), text("done")]);
        let provider = Provider::start([whole(steps)]);
        let byok = ask(&provider, &["--thinking", how]);
        let mut pty = Pty::start(&byok, 200, 10);
        pty.wait_for(if how == "hide" { "thinking" } else { "after" });
        if how != "hide" {
            assert!(pty.screen().contains("before ␛]0;owned␇␛[2J\\x9b5A"), "{}", pty.screen());
        }
        gate.open();
        assert_eq!(pty.wait(), 0);
        assert_only_paints(&pty);
        assert_eq!(lines(&pty).last().map(String::as_str), Some("done"));
    }
}

#[test]
fn lines_of_the_trace_do_not_mix_with_the_spinner() {
    let provider = Provider::start([whole([thought("hm"), text("hello")])]);
    let byok = ask(&provider, &["-v"]);
    let mut pty = Pty::start(&byok, 100, 12);
    assert_eq!(pty.wait(), 0);
    for line in lines(&pty) {
        let is_whole = ["> ", "< ", "thought for ", "hello"].iter().any(|it| line.starts_with(it));
        assert!(is_whole || line.is_empty() || !line.contains("waiting"), "{}", pty.screen());
        assert!(!line.contains("thinking") && !line.contains("connecting"), "{}", pty.screen());
    }
}

#[test]
fn of_a_large_request_is_seen_how_much_was_sent() {
    let gate = Gate::default();
    let provider = Provider::start([whole([text("read")]).behind(&gate)]);
    let byok = ask(&provider, &["-f", "large.txt"]).file("large.txt", vec![b'x'; LARGE]);
    let mut pty = Pty::start(&byok, 80, 10);
    pty.wait_until("how much was sent", |screen| {
        let contents = screen.contents();
        contents.contains("sending ") && contents.contains(" of 16 MB")
    });
    gate.open();
    assert_eq!(pty.wait(), 0);
    assert_eq!(lines(&pty), ["read"]);
    assert_only_paints(&pty);
}

#[test]
fn ctrl_c_in_the_midst_of_an_upload_stops_it() {
    let gate = Gate::default();
    let provider = Provider::start([whole([text("read")]).behind(&gate)]);
    let byok = ask(&provider, &["-f", "large.txt"]).file("large.txt", vec![b'x'; LARGE]);
    let mut pty = Pty::start(&byok, 80, 10);
    pty.wait_for("sending ");
    pty.send("\x03");
    assert_eq!(pty.wait(), 130);
    assert_eq!(lines(&pty), ["error: interrupted"]);
    gate.open();
}

#[test]
fn a_refusal_in_the_midst_of_an_upload_is_told_and_one_of_the_server_tried_again() {
    let refusal = streams::error("too large", "invalid_request_error", &Value::Null);
    let provider = Provider::start([Script::json(413, refusal).early()]);
    let large = |byok: Byok| byok.file("large.txt", vec![b'x'; LARGE]).args(["-f", "large.txt"]);
    let byok = large(ask(&provider, &[]));
    let mut pty = Pty::start(&byok, 80, 10);
    assert_eq!(pty.wait(), 10);
    let shown = lines(&pty);
    assert!(shown[0].starts_with("error: ") && shown[0].contains("413"), "{shown:?}");

    let busy = Script::answer(503, &[("retry-after", "0"), ("connection", "close")], "").early();
    let provider = Provider::start([busy, whole([text("read")])]);
    let running = Running::start(&large(ask(&provider, &[])), std::process::Stdio::null());
    running.finish().assert_code(0).assert_stdout("read\n");
    assert!(provider.requests()[1].body.len() > LARGE);
}
