//! `byok sessions show`: a conversation once more.

use std::fmt::Write as _;

use super::args::ShowArgs;
use crate::{
    app::{
        cli::AnswerArgs,
        failure::Failure,
        output,
        rendering::{self, Rendering},
        transcript,
    },
    chat::{ChatEvent, Turn},
    config::{self, Env, Flags},
    sessions::{DamageKind, Session, Store},
    term::{
        Console, Destination, Ink, Screen as _, Style, TextScreen, Thinking, columns, sanitize,
        sanitize_line,
    },
};

/// Shows a conversation to its head, or every turn of it.
pub(super) fn run(
    args: &ShowArgs,
    env: &Env,
    store: &Store,
    console: Console,
) -> Result<u8, Failure> {
    let opened = store.open(&super::file_of(store, args.which.as_deref())?, false)?;
    let session = opened.session;
    let unreadable = opened.damage.iter().filter(|it| it.kind != DamageKind::Torn).count();
    if unreadable > 0 {
        let lines = super::counted(unreadable, "line");
        console.warning(&format!("{lines} cannot be read; `byok sessions check` tells more"));
    }
    if args.json {
        output::print(&String::from_utf8_lossy(&transcript::json(&session)))?;
        return Ok(0);
    }
    if args.all_branches {
        let columns = if console.facts().stdout_is_terminal { columns() } else { usize::MAX / 4 };
        output::print(&transcript::tree(&session, columns))?;
        return Ok(0);
    }
    let answer =
        AnswerArgs { render: args.render, accessible: args.accessible, ..AnswerArgs::default() };
    let settings = config::load(env, &Flags::default()).map(|it| it.screen()).unwrap_or_default();
    let console = rendering::console(&answer, settings, console);
    let rendering = rendering::of_show(&answer, settings, console);
    if session.conversation().latest().is_none() {
        console.notice("nothing was said here; `--all-branches` shows what was taken back");
    }
    show(&session, rendering, console)?;
    Ok(0)
}

/// Each question as it stood at the prompt, and its answer below it.
fn show(session: &Session, rendering: Rendering, console: Console) -> Result<(), Failure> {
    let conversation = session.conversation();
    let mut ids = conversation.way(conversation.head());
    ids.extend(conversation.latest().filter(|id| conversation.turn(*id).answer.is_none()));
    for (at, id) in ids.into_iter().enumerate() {
        let turn = conversation.turn(id);
        let account = session.account(id);
        let asked = sanitize_line(&format!("{}:{}>", account.profile, account.model));
        let mut ink = Ink::new(console.facts().palette, false);
        ink.text(&asked, &Style { is_bold: true, ..Style::default() });
        let asked = String::from_utf8_lossy(ink.bytes()).into_owned();
        let gap = if at > 0 { "\n" } else { "" };
        output::print(&format!("{gap}{asked} {}\n", question(turn)))?;
        show_answer(turn, rendering, console)?;
    }
    Ok(())
}

fn question(turn: &Turn) -> String {
    let mut text = String::new();
    for part in &turn.question.parts {
        if let crate::chat::Content::File(file) = &part.content {
            // Writing to a string cannot fail.
            let _ = write!(text, "[{}] ", sanitize_line(&file.name));
        }
    }
    text.push_str(if turn.is_continuation { "/continue" } else { turn.words() });
    sanitize(text.trim_end()).into_owned()
}

fn show_answer(turn: &Turn, rendering: Rendering, console: Console) -> Result<(), Failure> {
    let unwritable = |error| output::unwritable("standard output", error);
    let Some(answer) = &turn.answer else {
        return output::print("(no answer came)\n");
    };
    let mut screen = TextScreen::new(console, Destination::Stdout, Thinking::Hide);
    if let Rendering::Markdown(surface) = rendering {
        screen = screen.rendered(surface);
    }
    screen.event(&ChatEvent::Text(answer.words())).map_err(unwritable)?;
    screen.flush().map_err(unwritable)?;
    screen.end().map_err(unwritable)?;
    if answer.is_whole { Ok(()) } else { output::print("(the answer was cut)\n") }
}
