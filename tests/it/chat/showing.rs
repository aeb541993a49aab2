use std::fs;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use byok::wire::Wire;
use insta::assert_snapshot;
use serde_json::Value;

use crate::{
    accepted,
    support::{
        byok::Byok,
        chat::Chat,
        provider::{Provider, Script},
        streams,
    },
};

const KEY: &str = "sk-chat-0123456789abcdefghijklmnop";

/// An answer with two blocks of code.
const ANSWER: &str = "# Two\n\n```sh\nls -l\n```\n\nor\n\n```python\nprint(1)\n```\n";

fn chat(text: &str) -> Script {
    Script::stream(streams::chat(&[text]))
}

fn counted(text: &str, input: u32, output: u32) -> Script {
    Script::stream(streams::chat_stopped(&[text], "stop", (input, output)))
}

fn world(provider: &Provider, more: &str) -> Byok {
    let more = format!("api_key = {{ env = \"KEY\" }}\n{more}");
    Byok::new().profile(provider, &more).env("KEY", KEY)
}

/// The body in what `/show` prints.
#[track_caller]
fn body(shown: &str) -> Value {
    let at = shown.find('{').expect("there is a body");
    serde_json::from_str(&shown[at..]).unwrap_or_else(|error| panic!("{error}: {shown}"))
}

#[test]
fn show_is_what_is_sent_next() {
    for flags in [&[][..], &["--no-stream"]] {
        let whole = || Script::json(200, streams::chat_whole("one"));
        let answer = || if flags.is_empty() { chat("one") } else { whole() };
        let provider = Provider::start([answer(), answer()]);
        let byok = world(&provider, "system = \"Be short.\"").file("n.txt", "a note");
        let mut chat = Chat::start(&byok, flags.iter().copied());
        chat.say("q1");
        chat.say("/file n.txt");
        chat.say("/set temperature=0.5");
        let shown = chat.say("/show");
        chat.say("(your next message)");
        chat.leave();
        let sent = &provider.requests()[1];
        assert_eq!(body(&shown), sent.json());
        accepted::read(Wire::OpenAiChat, &sent.json()).expect("servers accept it");
        assert!(!shown.contains(KEY), "{shown}");
        if flags.is_empty() {
            assert_snapshot!(shown, @r#"
            POST http://127.0.0.1:[PORT]/v1/chat/completions
            content-type: application/json
            accept: text/event-stream
            user-agent: byok/[VERSION]
            authorization: Bearer $KEY

            {
              "model": "m",
              "messages": [
                {
                  "role": "system",
                  "content": "Be short."
                },
                {
                  "role": "user",
                  "content": "q1"
                },
                {
                  "role": "assistant",
                  "content": "one"
                },
                {
                  "role": "user",
                  "content": "<file name=\"n.txt\">\na note\n</file>\n\n(your next message)"
                }
              ],
              "temperature": 0.5,
              "stream": true,
              "stream_options": {
                "include_usage": true
              }
            }
            "#);
        }
    }
}

#[test]
fn usage_counts_what_the_servers_say() {
    let provider = Provider::start([
        chat("x"),
        counted("a", 10, 2),
        chat("b"),
        counted("c", 1, 1),
        counted("d", 5, 5),
    ]);
    let mut chat = Chat::start(&world(&provider, ""), []);
    assert_snapshot!(chat.say("/usage"), @"no answer yet, so nothing was counted");
    chat.say("/model small");
    chat.say("q0");
    assert_snapshot!(chat.say("/usage"), @"p:small: 1 answer, not counted by the server");
    chat.say("/new");
    chat.say("/model m");
    chat.say("q1");
    chat.say("q2");
    chat.say("/model big");
    chat.say("q3");
    chat.say("/undo");
    chat.say("/compact");
    assert_snapshot!(chat.say("/usage"), @r"
    p:big: 2 answers, 6 tokens in, 6 out
    p:m: 2 answers, 10 tokens in, 2 out; 1 not counted by the server
    p:small: 1 answer, not counted by the server
    all: 5 answers, 16 tokens in, 8 out; 2 not counted by the server
    ");
    chat.leave();
}

#[test]
fn context_tells_estimates_from_what_was_counted() {
    let provider = Provider::start([counted("a", 90, 10)]);
    let mut chat = Chat::start(&world(&provider, "context_window = 1000"), []);
    assert_snapshot!(chat.say("/context"), @r"
    0 turns, about 0 tokens with the system prompt (an estimate)
    window: 1000 tokens, 0 % used
    ");
    chat.say("q1");
    assert_snapshot!(chat.say("/context"), @r"
    1 turn, about 2 tokens with the system prompt (an estimate)
    counted by `p` at the last answer: 100 (90 in, 10 out)
    window: 1000 tokens, 10 % used
    ");
    chat.say("/set context_window=");
    assert_snapshot!(chat.say("/set context_window=200"), @"set `context_window=200`");
    assert_snapshot!(chat.say("/context"), @r"
    1 turn, about 2 tokens with the system prompt (an estimate)
    counted by `p` at the last answer: 100 (90 in, 10 out)
    window: 200 tokens, 50 % used
    ");
    chat.leave();
}

#[test]
fn thinking_is_shown_and_hidden_as_asked() {
    let thinking = |text| Script::stream(streams::messages_thinking("I wonder", "signature", text));
    let provider = Provider::start(["a", "b", "c", "d"].map(thinking));
    let byok = world(&provider, "type = \"anthropic\"\nallow_http = true");
    let is_summary = |line: &str| line.starts_with("thought for ") && line.ends_with(" (2 words)");
    let mut chat = Chat::start(&byok, ["--thinking", "hide"]);
    assert!(!chat.say("q1").contains("I wonder"));
    assert_snapshot!(chat.say("/thinking"), @"thinking is shown from now on");
    let shown = chat.say("q2");
    let lines: Vec<_> = shown.lines().collect();
    assert!(matches!(lines[..], ["I wonder", line, "b"] if is_summary(line)), "{shown}");
    assert_snapshot!(chat.say("/thinking"), @"thinking is folded to one line from now on");
    let folded = chat.say("q3");
    let lines: Vec<_> = folded.lines().collect();
    assert!(matches!(lines[..], [line, "c"] if is_summary(line)), "{folded}");
    assert_snapshot!(chat.say("/thinking hide"), @"thinking is hidden from now on");
    assert_eq!(chat.say("q4"), "d");
    assert_snapshot!(chat.say("/thinking maybe"), @r"
    error: `/thinking` takes `auto`, `show` or `hide`, and not `maybe`

    hint: it is typed `/thinking [HOW]`
    ");
    chat.leave();
}

#[test]
fn the_last_answer_is_there_once_more_as_it_came() {
    let provider = Provider::start([chat(ANSWER)]);
    let mut chat = Chat::start(&world(&provider, ""), []);
    assert_snapshot!(chat.say("/raw"), @"error: there is no answer yet");
    chat.say("q1");
    assert_eq!(chat.say("/raw"), ANSWER.trim_end());
    chat.leave();
}

#[test]
fn what_leaves_the_chat_has_line_ends_of_one_character() {
    let provider = Provider::start([chat("# a\r\n\r\nb\r\n")]);
    let byok = world(&provider, "");
    let mut chat = Chat::start(&byok, []);
    chat.say("q1");
    assert_snapshot!(chat.say("/raw"), @"
    # a

    b
    ");
    chat.say("/save a.md");
    chat.say("/export b.md");
    chat.leave();
    let read = |name: &str| fs::read_to_string(byok.work().join(name)).expect("it was written");
    assert_eq!(read("a.md"), "# a\n\nb\n");
    assert!(read("b.md").contains("# a\n\nb\n"), "{}", read("b.md"));
}

/// What a terminal is told to put on its clipboard.
#[derive(Default)]
struct Clipboard(Vec<(Vec<u8>, Vec<u8>)>);

impl vt100::Callbacks for Clipboard {
    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, kind: &[u8], data: &[u8]) {
        self.0.push((kind.to_vec(), data.to_vec()));
    }
}

#[test]
fn an_answer_and_its_code_are_copied_through_the_terminal() {
    let provider = Provider::start([chat(ANSWER)]);
    let mut chat = Chat::start(&world(&provider, ""), []);
    assert_snapshot!(chat.say("/copy"), @"error: there is no answer yet");
    chat.say("q1");
    assert_snapshot!(chat.say("/copy"), @"copied 50 characters through the terminal (OSC 52), if it allows that");
    assert_snapshot!(chat.say("/copy 2"), @"copied 8 characters through the terminal (OSC 52), if it allows that");
    assert_snapshot!(chat.say("/copy 3"), @"error: the last answer has only 2 code blocks");
    let pty = chat.leave();
    let size = |count| std::num::NonZeroU16::new(count).expect("it is not zero");
    let clipboard = Clipboard::default();
    let mut terminal = vt100::Parser::new_with_callbacks(size(24), size(80), 0, clipboard);
    terminal.process(pty.seen());
    let copied: Vec<_> = terminal
        .callbacks()
        .0
        .iter()
        .map(|(kind, data)| {
            assert_eq!(kind, b"c");
            String::from_utf8(STANDARD.decode(data).expect("it is Base64")).expect("it is text")
        })
        .collect();
    assert_eq!(copied, [ANSWER.trim_end_matches('\n'), "print(1)"]);
}

#[test]
fn a_program_of_the_desktop_gets_the_text_and_no_key() {
    let provider = Provider::start([chat(ANSWER)]);
    let byok = world(&provider, "").file("xclip", "#!/bin/sh\ncat > copied\nenv > seen-env\n");
    let program = byok.work().join("xclip");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(program, mode).expect("the file is ours");
    let path = format!("{}:/usr/bin:/bin", byok.work().display());
    let byok = byok.env("PATH", path).env("DISPLAY", ":0");
    let mut chat = Chat::start(&byok, []);
    chat.say("q1");
    assert_snapshot!(chat.say("/copy 1"), @"copied 5 characters with `xclip -selection clipboard`");
    let pty = chat.leave();
    let read = |name| fs::read_to_string(byok.work().join(name)).expect("the program ran");
    assert_eq!(read("copied"), "ls -l");
    assert!(!read("seen-env").contains(KEY));
    assert!(!pty.seen().windows(4).any(|it| it == b"\x1b]52"), "the terminal is told, too");
}

#[test]
fn a_file_is_not_replaced_without_asking() {
    let provider = Provider::start([chat(ANSWER)]);
    let byok = world(&provider, "").file("old.txt", "precious\n");
    let read = |name: &str| fs::read_to_string(byok.work().join(name)).expect("it is there");
    let mut chat = Chat::start(&byok, []);
    assert_snapshot!(chat.say("/save a.md"), @"error: there is no answer yet");
    chat.say("q1");
    assert_snapshot!(chat.say("/save a.md"), @"wrote 51 bytes to `a.md`");
    assert_eq!(read("a.md"), ANSWER);
    for answer in ["n", "", "\x03", "\x04"] {
        let from = chat.begin("/save 1 old.txt");
        chat.wait_for_question(from, "`old.txt` is there already: replace it? [y/N]");
        chat.pty.send(answer);
        if answer != "\x03" && answer != "\x04" {
            chat.pty.send("\r");
        }
        let said = chat.rest(from);
        assert!(said.ends_with("nothing was written"), "{answer:?}: {said}");
        assert_eq!(read("old.txt"), "precious\n");
    }
    let from = chat.begin("/save 1 old.txt");
    chat.wait_for_question(from, "`old.txt` is there already");
    chat.pty.send("y\r");
    assert_snapshot!(chat.rest(from), @r"
    `old.txt` is there already: replace it? [y/N] y
    wrote 6 bytes to `old.txt`
    ");
    assert_eq!(read("old.txt"), "ls -l\n");
    assert_snapshot!(chat.say("/save none/a.md"), @r"
    error: `none/a.md` cannot be written to
      caused by: there is no folder `none`
    ");
    assert_snapshot!(chat.say("/save 3 a.md"), @"error: the last answer has only 2 code blocks");
    assert_snapshot!(chat.say("/save 3"), @r"
    error: `/save 3` names a code block, and no file

    hint: it is typed `/save [N] FILE`
    hint: if the file is named so: `/save ./3`
    ");
    chat.leave();
    let history = fs::read_to_string(byok.home().join(".local/state/byok/history")).expect("kept");
    assert!(!history.lines().any(|line| line == "y" || line == "n"), "{history}");
}

#[test]
fn the_conversation_is_exported_as_markdown_and_as_json() {
    let provider = Provider::start([chat("one"), chat("two")]);
    let byok = world(&provider, "");
    let read = |name: &str| fs::read_to_string(byok.work().join(name)).expect("it is there");
    let mut chat = Chat::start(&byok, []);
    assert_snapshot!(chat.say("/export a.md"), @"error: there is nothing to export yet");
    chat.say("q1");
    chat.say("/retry");
    assert!(chat.say("/export a.md").ends_with("bytes to `a.md`"));
    // Without the lines that say when it was.
    let markdown = read("a.md");
    let lines: Vec<&str> = markdown.lines().filter(|line| !line.starts_with('_')).collect();
    assert_snapshot!(lines.join("\n").replace("\n\n\n", "\n\n"), @r"
    # q1

    ## 2. Question

    > q1

    ## 2. Answer of `p:m`

    two
    ");
    chat.say("/export a.html");
    assert!(read("a.html").contains("<h1 dir=\"auto\">q1</h1>"));
    chat.say("/export a.json");
    chat.say("/undo");
    assert_snapshot!(chat.say("/export b.md"), @r"
    error: this is the beginning: there is nothing to export

    hint: as JSON and HTML every turn is exported: a name that ends in `.json` or `.html`
    ");
    chat.say("/export b.json");
    chat.leave();
    let json = |name: &str| -> Value { serde_json::from_str(&read(name)).expect("it is JSON") };
    let texts = |json: &Value| -> Vec<Value> {
        let turns = json["turns"].as_array().expect("there are turns");
        turns.iter().map(|turn| turn["answer"]["text"].clone()).collect()
    };
    assert_eq!(texts(&json("a.json")), ["one", "two"]);
    assert_eq!(
        (json("a.json")["head"].clone(), json("b.json")["head"].clone()),
        (2.into(), Value::Null)
    );
    assert_eq!(texts(&json("b.json")), ["one", "two"]);
}

#[test]
fn help_tells_of_all_commands_and_of_one() {
    let provider = Provider::start([]);
    let mut chat = Chat::start(&world(&provider, ""), []);
    let all = chat.say("/help");
    for command in ["/profile", "/compare", "/undo", "/export", "Ctrl-C"] {
        assert!(all.contains(command), "{command}: {all}");
    }
    assert!(all.lines().all(|line| line.chars().count() <= 80), "{all}");
    assert_snapshot!(chat.say("/help undo"), @r"
    /undo [N]
      take back the last turn, or N; `/tree` keeps them
      other names: /rewind

    A turn is a question with its answer. What is taken back is not sent any more,
    and it is not lost: `/tree` shows it, and `/tree N` goes on from there. Right
    after `/new` or `/clear` it goes back to the conversation that was left.
    ");
    assert_snapshot!(chat.say("/help nonsense"), @r"
    error: `/nonsense` is no command

    hint: `/help` lists the commands
    hint: to send it as a message, begin it with `//`
    ");
    assert_snapshot!(chat.say("/profil"), @r"
    error: `/profil` is no command

    hint: did you mean `/profile`?
    hint: to send it as a message, begin it with `//`
    ");
    assert_snapshot!(chat.say("/share"), @r"
    error: `/share` is no command

    hint: `/help` lists the commands
    hint: to send it as a message, begin it with `//`
    ");
    chat.leave();
}
