use super::*;

const TMUX: Surroundings<'_> = Surroundings {
    tmux: Some("/tmp/tmux-1000/default,3130,0"),
    tmux_pane: Some("%4"),
    sty: None,
    window: None,
};

fn terminal(from: Surroundings<'_>) -> Option<String> {
    Place::find(from, true, None).terminal
}

#[test]
fn a_pane_is_a_terminal_whatever_session_shows_it() {
    let moved = Surroundings { tmux: Some("/tmp/tmux-1000/default,3130,7"), ..TMUX };
    assert_eq!(terminal(TMUX), terminal(moved));
    let another = Surroundings { tmux_pane: Some("%5"), ..TMUX };
    assert_ne!(terminal(TMUX), terminal(another));
    // The next server counts its panes from the beginning.
    let later = Surroundings { tmux: Some("/tmp/tmux-1000/default,4711,0"), ..TMUX };
    assert_ne!(terminal(TMUX), terminal(later));
}

#[test]
fn a_window_of_screen_is_a_terminal() {
    let screen = |window| Surroundings {
        sty: Some("4242.pts-0.host"),
        window: Some(window),
        ..Surroundings::default()
    };
    assert_eq!(terminal(screen("1")).as_deref(), Some("screen 4242.pts-0.host 1"));
    assert_ne!(terminal(screen("1")), terminal(screen("2")));
}

#[test]
fn empty_variables_are_as_good_as_none() {
    let empty =
        Surroundings { tmux: Some(""), tmux_pane: Some(""), sty: Some(""), window: Some("") };
    assert_eq!(terminal(empty), terminal(Surroundings::default()));
}

#[test]
fn a_program_without_a_terminal_belongs_to_none() {
    let place = Place::find(TMUX, false, Some(Path::new("/work")));
    assert_eq!(place, Place { terminal: None, directory: Some("/work".to_owned()) });
}

#[cfg(target_os = "linux")]
#[test]
fn a_process_tells_its_fields_whatever_it_is_called() {
    let own = stat("self").unwrap();
    assert_eq!(own.get(1), Some(&std::os::unix::process::parent_id().to_string()));
    assert!(own.len() > 20 && own[19].bytes().all(|byte| byte.is_ascii_digit()), "{own:?}");
}
