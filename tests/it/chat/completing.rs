//! Tab, and what is shown before it is typed.

use super::desk::Desk;
use crate::support::{
    byok::Byok,
    provider::{Provider, Script},
    pty::Pty,
};

const TAB: &str = "\t";
const RIGHT: &str = "\x1b[C";

#[test]
fn commands_profiles_and_paths_are_completed() {
    let byok = Byok::new().file("notes/my day.txt", "").args(["-P", "p"]);
    let mut desk = Desk::with(byok, "[profiles.paper]\nextends = \"p\"\n", 0);
    for (keys, line) in [
        ("/prof", "p:m> /profile [NAME|-]"),
        ("pap", "p:m> /profile paper"),
        ("\x15see @no", "p:m> see @notes/"),
        ("m", "p:m> see @notes/my\\ day.txt"),
        ("\x15/ask pap", "p:m> /ask paper"),
    ] {
        desk.pty.send(&format!("{keys}{TAB}"));
        desk.pty.wait_for_line(line);
    }
}

#[test]
fn one_tab_lists_what_is_possible() {
    let mut desk = Desk::new(0);
    desk.pty.send("/mo\t");
    desk.pty.wait_for("/model   /models");
    desk.pty.send("\x15/\t");
    desk.pty.wait_for("/continue");
    desk.pty.wait_for_line("p:m> /");
    insta::assert_snapshot!(desk.pty.screen(), @r"
    `m` at http://127.0.0.1:[PORT], profile `p` (as the only profile in the file)
    `/help` lists the commands, Tab completes them, Ctrl-D leaves
    p:m> /model [NAME]
    /model   /models
    p:m> /
    /help      /resume    /undo      /profile   /system    /export    /usage
    /exit      /search    /edit      /model     /set       /raw
    /new       /rename    /continue  /models    /file      /thinking
    /clear     /fork      /tree      /ask       /copy      /show
    /sessions  /retry     /compact   /compare   /save      /context
    p:m> /
    ");
}

#[test]
fn models_come_from_the_server_which_is_asked_once() {
    let list = r#"{"object":"list","data":[{"id":"alpha-1"},{"id":"beta"},{"id":"my model"}]}"#;
    let provider = Provider::start([Script::json(200, list)]);
    let byok = Byok::new().profile(&provider, "");
    let mut pty = Pty::start(&byok, 80, 24);
    pty.wait_for_line("p:m>");
    assert_eq!(provider.requests().len(), 0);
    for (keys, line) in [
        ("/model al", "p:m> /model alpha-1"),
        ("\x15/model my", "p:m> /model my\\ model"),
        ("\x15/model \"my", "p:m> /model \"my model\""),
    ] {
        pty.send(&format!("{keys}{TAB}"));
        pty.wait_for_line(line);
    }
    assert_eq!(provider.request().path, "/v1/models");
}

#[test]
fn a_hint_shows_the_rest_and_right_takes_it() {
    for columns in [80, 40] {
        let mut desk = Desk::on(Byok::new(), "", 0, columns);
        desk.pty.send("/un");
        desk.pty.wait_for_line("p:m> /undo");
        let is_dim = |screen: &vt100::Screen| {
            let (row, column) = screen.cursor_position();
            screen.cell(row, column).is_some_and(vt100::Cell::dim)
        };
        desk.pty.wait_until("dim hint behind the cursor", is_dim);
        desk.pty.send(RIGHT);
        desk.pty.wait_for_line("p:m> /undo [N]");
        desk.pty.send("\x15/thinking ");
        desk.pty.wait_for_line("p:m> /thinking [HOW]");
    }
}

#[test]
fn what_was_only_hinted_is_not_sent() {
    let mut desk = Desk::new(0);
    desk.say("/us\r", "`/us` is no command");
}

#[test]
fn without_colours_nothing_is_hinted() {
    let mut desk = Desk::with(Byok::new().env("NO_COLOR", "1"), "", 0);
    desk.pty.send("/un");
    desk.pty.wait_for_line("p:m> /un");
    desk.say("\x15/hlep\r", "did you mean");
    assert!(!desk.pty.screen().contains("/undo"));
}
