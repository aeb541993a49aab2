//! The first screen, the prompt, and their colours.

use std::collections::BTreeSet;

use insta::assert_snapshot;

use super::desk::Desk;
use crate::support::{byok::Byok, pty::Pty};

/// The SGR sequences that reached the terminal.
fn colors(pty: &Pty) -> BTreeSet<String> {
    let seen = String::from_utf8_lossy(pty.seen());
    let ends = |part: &str| part.find(|c: char| !c.is_ascii_digit() && c != ';');
    seen.split("\x1b[")
        .skip(1)
        .filter_map(|part| {
            let end = ends(part)?;
            part[end..].starts_with('m').then(|| part[..end].to_owned())
        })
        .collect()
}

/// A chat after one turn.
fn chat(byok: Byok, more: &str, columns: u16) -> Desk {
    let mut desk = Desk::on(byok, more, 1, columns);
    desk.ask("hello\r");
    desk
}

#[test]
fn the_first_screen_at_80_columns() {
    let desk = chat(Byok::new(), "", 80);
    assert_snapshot!(desk.pty.screen(), @r"
    `m` at http://127.0.0.1:[PORT], profile `p` (as the only profile in the file)
    `/help` lists the commands, Tab completes them, Ctrl-D leaves
    p:m> hello
    answer 1.

    p:m>
    ");
    assert_eq!(colors(&desk.pty), ["0", "1", "2"].map(str::to_owned).into());
}

#[test]
fn the_first_screen_at_40_columns() {
    let desk = chat(Byok::new(), "", 40);
    assert_snapshot!(desk.pty.screen(), @r"
    `m` at http://127.0.0.1:[PORT],
    profile `p` (as the only profile in the file)
    `/help` lists commands, Ctrl-D leaves
    p:m> hello
    answer 1.

    p:m>
    ");
}

#[test]
fn no_color_means_no_colour_anywhere() {
    let mut desk = chat(Byok::new().env("NO_COLOR", "1"), "", 80);
    desk.say("/hlep\r", "did you mean");
    desk.leave();
    assert_eq!(colors(&desk.pty), BTreeSet::new());
}

#[test]
fn the_prompt_is_what_the_person_made_it() {
    let byok = Byok::new();
    let more = "[chat]\nprompt = \"{model} ({profile}) $ \"\nprompt_style = \"green\"\n";
    let provider = crate::support::provider::Provider::start([]);
    let byok = byok.profile(&provider, more);
    let mut pty = Pty::start(&byok, 80, 24);
    pty.wait_for_line("m (p) $");
    assert!(colors(&pty).contains("32"), "{:?}", colors(&pty));
}

#[test]
fn a_long_model_leaves_room_for_the_line() {
    let config = "[profiles.p]\nbase_url = \"http://127.0.0.1:9/v1\"\n\
        model = \"meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8\"\n";
    let byok = Byok::new().file("config.toml", config);
    for (columns, prompt) in [(80, "p:Llama-4-Maverick-17B-…>"), (40, "p:Llama-4-Mav…>")] {
        let mut pty = Pty::start(&byok, columns, 24);
        pty.wait_for_line(prompt);
    }
}
