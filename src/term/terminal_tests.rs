use super::*;

fn terminal(variables: &[(&str, &str)]) -> Terminal<impl Fn(&str) -> Option<String>> {
    Terminal::new(|name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn the_depth_of_colours_is_what_the_terminal_says_of_itself() {
    use Palette::{Many, Sixteen, True};
    let cases: &[(&[(&str, &str)], Palette)] = &[
        (&[], Sixteen),
        (&[("TERM", "xterm")], Sixteen),
        (&[("TERM", "vt220"), ("COLORTERM", "yes")], Sixteen),
        (&[("TERM", "xterm-256color")], Many),
        (&[("TERM", "screen-256color")], Many),
        (&[("TERM", "xterm"), ("COLORTERM", "truecolor")], True),
        (&[("TERM", "xterm-256color"), ("COLORTERM", "24bit")], True),
        (&[("TERM", "xterm-256color"), ("COLORTERM", "")], Many),
        (&[("TERM", "xterm-direct")], True),
        (&[("TERM", "xterm-kitty")], True),
        (&[("TERM", "alacritty")], True),
        (&[("TERM", "foot-extra")], True),
        (&[("TERM", "xterm-ghostty")], True),
        (&[("TERM", "wezterm")], True),
        (&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "iTerm.app")], True),
        (&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "vscode")], True),
        (&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "Apple_Terminal")], Many),
        (&[("TERM_PROGRAM", "Apple_Terminal")], Many),
        (&[("WT_SESSION", "a-b-c")], True),
        (&[("TERM", "xterm-256color"), ("VTE_VERSION", "7800")], True),
        (&[("TERM", "xterm-256color"), ("VTE_VERSION", "3405")], Many),
        (&[("TERM", "screen"), ("STY", "1.tty"), ("COLORTERM", "truecolor")], Sixteen),
        (&[("TERM", "screen.xterm-256color"), ("STY", "1.tty"), ("WT_SESSION", "a")], Many),
        (
            &[("TERM", "tmux-256color"), ("STY", "1"), ("TMUX", "/t"), ("COLORTERM", "truecolor")],
            True,
        ),
    ];
    for (variables, palette) in cases {
        assert_eq!(terminal(variables).palette(), *palette, "{variables:?}");
    }
}

#[test]
fn links_are_for_terminals_that_are_known_to_follow_them() {
    let cases: &[(&[(&str, &str)], bool)] = &[
        (&[], false),
        (&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")], false),
        (&[("VTE_VERSION", "7603")], true),
        (&[("VTE_VERSION", "5001")], true),
        (&[("VTE_VERSION", "5000")], false),
        (&[("VTE_VERSION", "4999")], false),
        (&[("VTE_VERSION", "x")], false),
        (&[("TERM_PROGRAM", "iTerm.app")], true),
        (&[("TERM_PROGRAM", "WezTerm")], true),
        (&[("TERM_PROGRAM", "vscode")], true),
        (&[("TERM_PROGRAM", "ghostty")], true),
        (&[("TERM_PROGRAM", "Hyper")], true),
        (&[("TERM_PROGRAM", "Tabby")], true),
        (&[("TERM_PROGRAM", "rio")], true),
        (&[("TERM_PROGRAM", "Apple_Terminal")], false),
        (&[("TERM", "xterm-kitty")], true),
        (&[("TERM", "xterm-256color"), ("KITTY_WINDOW_ID", "1")], true),
        (&[("TERM", "alacritty")], true),
        (&[("TERM", "foot")], true),
        (&[("WT_SESSION", "a")], true),
        (&[("DOMTERM", "a")], true),
        (&[("KONSOLE_VERSION", "240801"), ("COLORTERM", "truecolor")], false),
        (&[("TERM", "linux"), ("VTE_VERSION", "7603")], false),
        (&[("TERM", "dumb"), ("VTE_VERSION", "7603")], false),
        (&[("TERM", "screen.xterm-256color"), ("STY", "1.tty"), ("VTE_VERSION", "7603")], false),
        (&[("TMUX", "/t"), ("VTE_VERSION", "7603")], false),
        (&[("TERM", "tmux-256color"), ("KITTY_WINDOW_ID", "1")], false),
        (&[("TMUX", "/t"), ("TERM_PROGRAM", "tmux"), ("TERM_PROGRAM_VERSION", "3.3a")], false),
        (&[("TMUX", "/t"), ("TERM_PROGRAM", "tmux"), ("TERM_PROGRAM_VERSION", "3.4")], true),
        (&[("TMUX", "/t"), ("TERM_PROGRAM", "tmux"), ("TERM_PROGRAM_VERSION", "3.10b")], true),
        (&[("TMUX", "/t"), ("TERM_PROGRAM", "tmux"), ("TERM_PROGRAM_VERSION", "next-3.6")], true),
        (&[("TMUX", "/t"), ("TERM_PROGRAM", "tmux"), ("TERM_PROGRAM_VERSION", "4.0")], true),
        (&[("TMUX", "/t"), ("TERM_PROGRAM", "tmux")], false),
        (
            &[
                ("TMUX", "/t"),
                ("STY", "1"),
                ("TERM_PROGRAM", "tmux"),
                ("TERM_PROGRAM_VERSION", "3.5"),
            ],
            false,
        ),
    ];
    for (variables, has_links) in cases {
        assert_eq!(terminal(variables).has_links(), *has_links, "{variables:?}");
    }
}

#[test]
fn most_terminals_wrap_anew_and_the_old_ones_do_not() {
    let cases: &[(&[(&str, &str)], bool)] = &[
        (&[], true),
        (&[("TERM", "xterm-256color")], true),
        (&[("TERM", "xterm-256color"), ("XTERM_VERSION", "XTerm(390)")], false),
        (&[("TERM", "linux")], false),
        (&[("TERM", "st-256color")], false),
        (&[("TERM", "screen"), ("STY", "1.tty")], false),
        (&[("TERM", "tmux-256color"), ("TMUX", "/t"), ("STY", "1.tty")], true),
        (&[("TERM", "screen"), ("TMUX", "/t"), ("XTERM_VERSION", "XTerm(390)")], true),
    ];
    for (variables, reflows) in cases {
        assert_eq!(terminal(variables).reflows(), *reflows, "{variables:?}");
    }
}
