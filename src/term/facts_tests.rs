use super::*;

const ALL: Terminals = Terminals { stdin: true, stdout: true, stderr: true };
const PIPED: Terminals = Terminals { stdout: false, ..ALL };
const NONE: Terminals = Terminals { stdin: false, stdout: false, stderr: false };

/// A terminal that can do everything.
const ABLE: (&str, &str) = ("TERM", "xterm-kitty");
const DUMB: (&str, &str) = ("TERM", "dumb");
const NO_COLOR: (&str, &str) = ("NO_COLOR", "1");
const FORCED: (&str, &str) = ("CLICOLOR_FORCE", "1");

fn facts(terminals: Terminals, color: Color, variables: &[(&str, &str)]) -> Facts {
    let variable = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    Facts::of(terminals, color, &Terminal::new(variable))
}

#[test]
fn a_terminal_gets_everything_and_a_pipe_nothing() {
    let all = Facts {
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
    assert_eq!(facts(ALL, Color::Auto, &[ABLE]), all);
    let nothing = Facts {
        stdin_is_terminal: false,
        stdout_is_terminal: false,
        stderr_is_terminal: false,
        has_color: false,
        can_animate: false,
        palette: Palette::None,
        has_links: false,
        can_repaint: false,
        reflows: true,
        is_spoken: None,
    };
    assert_eq!(facts(NONE, Color::Auto, &[ABLE]), nothing);
}

#[test]
fn a_flag_goes_before_the_environment_and_the_environment_before_the_terminal() {
    use Color::{Always, Auto, Never};
    type Case<'a> = (Color, &'a [(&'a str, &'a str)], Palette, Palette, bool);
    // The palette on a terminal and in a pipe, and whether standard error has colours as a pipe.
    let cases: &[Case<'_>] = &[
        (Auto, &[ABLE], Palette::True, Palette::None, false),
        (Auto, &[ABLE, ("NO_COLOR", "")], Palette::True, Palette::None, false),
        (Auto, &[ABLE, NO_COLOR], Palette::Attributes, Palette::None, false),
        (Auto, &[ABLE, NO_COLOR, FORCED], Palette::Attributes, Palette::None, false),
        (Auto, &[ABLE, FORCED], Palette::True, Palette::True, true),
        (Auto, &[ABLE, ("CLICOLOR_FORCE", "0")], Palette::True, Palette::None, false),
        (Auto, &[DUMB], Palette::None, Palette::None, false),
        (Auto, &[DUMB, NO_COLOR], Palette::None, Palette::None, false),
        (Auto, &[DUMB, FORCED], Palette::Sixteen, Palette::Sixteen, true),
        (Always, &[ABLE, NO_COLOR], Palette::True, Palette::True, true),
        (Always, &[DUMB], Palette::Sixteen, Palette::Sixteen, true),
        (Always, &[], Palette::Sixteen, Palette::Sixteen, true),
        (Never, &[ABLE, FORCED], Palette::None, Palette::None, false),
    ];
    for (color, variables, terminal, pipe, is_colored) in cases {
        let found = |terminals| facts(terminals, *color, variables);
        let what = format!("{color:?} {variables:?}");
        assert_eq!(found(ALL).palette, *terminal, "{what}");
        assert_eq!(found(NONE).palette, *pipe, "{what}");
        assert_eq!(found(NONE).has_color, *is_colored, "{what}");
    }
}

#[test]
fn standard_error_has_its_colours_whatever_standard_output_is() {
    assert!(facts(PIPED, Color::Auto, &[ABLE]).has_color);
    assert!(!facts(ALL, Color::Auto, &[ABLE, NO_COLOR]).has_color);
    assert!(!facts(ALL, Color::Auto, &[DUMB]).has_color);
    assert!(!facts(Terminals { stderr: false, ..ALL }, Color::Auto, &[ABLE]).has_color);
}

#[test]
fn links_need_a_terminal_that_shows_something_unless_they_are_forced() {
    let has_links =
        |terminals, color, variables: &[_]| facts(terminals, color, variables).has_links;
    assert!(has_links(ALL, Color::Auto, &[ABLE, NO_COLOR]));
    assert!(!has_links(ALL, Color::Never, &[ABLE]));
    assert!(!has_links(PIPED, Color::Always, &[ABLE]));
    assert!(!has_links(ALL, Color::Always, &[DUMB]));
    assert!(!has_links(ALL, Color::Auto, &[ABLE, ("FORCE_HYPERLINK", "0")]));
    for terminals in [ALL, NONE] {
        assert!(has_links(terminals, Color::Never, &[DUMB, ("FORCE_HYPERLINK", "1")]));
    }
}

#[test]
fn the_cursor_moves_on_a_terminal_that_is_not_dumb() {
    for (terminals, term, can_repaint, can_animate) in
        [(ALL, ABLE, true, true), (ALL, DUMB, false, false), (PIPED, ABLE, false, true)]
    {
        for color in [Color::Always, Color::Never] {
            let facts = facts(terminals, color, &[term]);
            assert_eq!((facts.can_repaint, facts.can_animate), (can_repaint, can_animate));
        }
    }
}

#[test]
fn no_spinner_runs_for_a_screen_reader() {
    let asked = |value| facts(ALL, Color::Auto, &[ABLE, ("ACCESSIBLE", value)]);
    let seen = facts(ALL, Color::Auto, &[ABLE]);
    assert_eq!(asked(""), seen);
    assert_eq!(asked("0"), Facts { is_spoken: Some(false), ..seen });
    let spoken = Facts { is_spoken: Some(true), can_animate: false, ..seen };
    assert_eq!(asked("1"), spoken);
    assert_eq!(Facts { is_spoken: Some(true), ..seen.spoken() }, spoken);
}
