use clap::Parser as _;

use super::*;
use crate::app::cli::{Cli, Command};

/// A terminal that can do everything.
const TERMINAL: Facts = Facts {
    stdin_is_terminal: true,
    stdout_is_terminal: true,
    stderr_is_terminal: true,
    has_color: true,
    can_animate: true,
    palette: Palette::True,
    has_links: true,
    can_repaint: true,
    reflows: true,
    is_spoken: None,
};

/// Standard output goes into a pipe; standard error is the same terminal.
const PIPE: Facts = Facts {
    stdout_is_terminal: false,
    palette: Palette::None,
    has_links: false,
    can_repaint: false,
    ..TERMINAL
};

/// Standard output is a terminal with `TERM=dumb`.
const DUMB: Facts =
    Facts { palette: Palette::None, has_links: false, can_repaint: false, ..TERMINAL };

const DEFAULTS: ScreenSettings = ScreenSettings { render: Render::Auto, is_spoken: false };
const SPOKEN: ScreenSettings = ScreenSettings { is_spoken: true, ..DEFAULTS };

const WHOLE: Rendering = Rendering::Markdown(Surface {
    look: Look { keeps_marks: false, keeps_ticks: false, has_links: true, is_spoken: false },
    palette: Palette::True,
    can_repaint: true,
    reflows: true,
});

const BARE: Rendering = Rendering::Markdown(Surface {
    look: Look { keeps_marks: true, keeps_ticks: true, has_links: false, is_spoken: false },
    palette: Palette::None,
    can_repaint: false,
    reflows: true,
});

const HEARD: Rendering = Rendering::Markdown(Surface {
    look: Look { keeps_marks: false, keeps_ticks: false, has_links: false, is_spoken: true },
    palette: Palette::True,
    can_repaint: false,
    reflows: true,
});

fn ask(flags: &[&str]) -> AskArgs {
    let words = ["byok"].iter().chain(flags).chain(&["hi"]);
    Cli::try_parse_from(words).expect("the flags are right").ask
}

fn rendering(flags: &[&str], settings: ScreenSettings, facts: Facts) -> Rendering {
    of_ask(&ask(flags), settings, Console::new(facts, Level::Normal))
}

#[test]
fn markdown_is_rendered_on_a_terminal_and_stays_as_it_is_elsewhere() {
    assert_eq!(rendering(&[], DEFAULTS, TERMINAL), WHOLE);
    assert_eq!(rendering(&[], DEFAULTS, PIPE), Rendering::Plain);
    assert_eq!(rendering(&[], DEFAULTS, DUMB), Rendering::Plain);
}

#[test]
fn a_flag_goes_before_the_file() {
    let says = |render| ScreenSettings { render, ..DEFAULTS };
    for (flags, said, expected) in [
        (&[][..], Render::Plain, Rendering::Plain),
        (&["--render", "auto"], Render::Plain, WHOLE),
        (&["--render", "markdown"], Render::Plain, WHOLE),
        (&["--render", "plain"], Render::Markdown, Rendering::Plain),
    ] {
        assert_eq!(rendering(flags, says(said), TERMINAL), expected, "{flags:?} {said:?}");
    }
    assert_eq!(rendering(&[], says(Render::Markdown), PIPE), BARE);
    assert_eq!(rendering(&["--render", "auto"], says(Render::Markdown), PIPE), Rendering::Plain);
}

#[test]
fn markdown_that_is_asked_for_goes_into_a_pipe_and_on_a_dumb_terminal_with_its_marks() {
    for facts in [PIPE, DUMB] {
        assert_eq!(rendering(&["--render", "markdown"], DEFAULTS, facts), BARE);
    }
}

#[test]
fn code_blocks_files_exact_bytes_and_json_are_never_rendered() {
    for flags in [
        &["-x"][..],
        &["-x=python"],
        &["-o", "answer.md"],
        &["--raw"],
        &["--json"],
        &["--output-format", "json"],
        &["--output-format", "stream-json"],
    ] {
        let said = ScreenSettings { render: Render::Markdown, ..DEFAULTS };
        assert_eq!(rendering(flags, said, TERMINAL), Rendering::Plain, "{flags:?}");
    }
    assert_eq!(rendering(&["--output-format", "text"], DEFAULTS, TERMINAL), WHOLE);
}

#[test]
fn without_styles_the_marks_stay_and_without_colours_they_go() {
    let marks = |palette| match rendering(&[], DEFAULTS, Facts { palette, ..TERMINAL }) {
        Rendering::Markdown(Surface { look, .. }) => look.keeps_marks,
        Rendering::Plain => panic!("it is a terminal"),
    };
    assert!(marks(Palette::None));
    assert!(!marks(Palette::Attributes));
    assert!(!marks(Palette::Sixteen));
}

#[test]
fn for_a_screen_reader_nothing_is_repainted_and_targets_stand_in_the_text() {
    let asked = |is_spoken| Facts { is_spoken: Some(is_spoken), ..TERMINAL };
    assert_eq!(rendering(&["--accessible"], DEFAULTS, TERMINAL), HEARD);
    assert_eq!(rendering(&["--accessible"], DEFAULTS, asked(false)), HEARD);
    assert_eq!(rendering(&[], DEFAULTS, asked(true)), HEARD);
    assert_eq!(rendering(&[], SPOKEN, TERMINAL), HEARD);
    // The environment goes before the file.
    assert_eq!(rendering(&[], SPOKEN, asked(false)), WHOLE);
    assert_eq!(rendering(&["--accessible"], DEFAULTS, PIPE), Rendering::Plain);
}

#[test]
fn the_console_of_a_screen_reader_has_no_spinner() {
    let can_animate = |flags: &[&str], settings| {
        let answer = ask(flags).answer;
        console(&answer, settings, Console::new(TERMINAL, Level::Normal)).facts().can_animate
    };
    assert!(can_animate(&[], DEFAULTS));
    assert!(!can_animate(&["--accessible"], DEFAULTS));
    assert!(!can_animate(&[], SPOKEN));
}

#[test]
fn a_trace_on_the_same_terminal_forbids_repainting() {
    let can_repaint = |level, facts| match of_ask(&ask(&[]), DEFAULTS, Console::new(facts, level)) {
        Rendering::Markdown(Surface { can_repaint, .. }) => can_repaint,
        Rendering::Plain => panic!("it is a terminal"),
    };
    assert!(can_repaint(Level::Normal, TERMINAL));
    assert!(!can_repaint(Level::Verbose, TERMINAL));
    assert!(!can_repaint(Level::Headers, TERMINAL));
    assert!(can_repaint(Level::Headers, Facts { stderr_is_terminal: false, ..TERMINAL }));
}

#[test]
fn a_chat_is_shown_as_a_one_shot_is() {
    let chat = |flags: &[&str], facts| {
        let words = ["byok", "chat"].iter().chain(flags);
        match Cli::try_parse_from(words).expect("the flags are right").command {
            Some(Command::Chat(args)) => {
                of_chat(&args, DEFAULTS, Console::new(facts, Level::Normal))
            }
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(chat(&[], TERMINAL), WHOLE);
    assert_eq!(chat(&["--accessible"], TERMINAL), HEARD);
    assert_eq!(chat(&["--render", "plain"], TERMINAL), Rendering::Plain);
    assert_eq!(chat(&[], DUMB), Rendering::Plain);
    // `byok --render plain` without a prompt is a chat, too.
    let Cli { ask, .. } = Cli::try_parse_from(["byok", "--render", "plain"]).unwrap();
    assert!(ask.is_for_the_chat());
    let console = Console::new(TERMINAL, Level::Normal);
    assert_eq!(of_chat(&ask.into(), DEFAULTS, console), Rendering::Plain);
}
