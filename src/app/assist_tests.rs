use std::{cell::Cell, fs};

use tempfile::TempDir;

use super::*;

/// Three profiles, and a home folder with a few files.
fn assistant(home: Option<&TempDir>) -> Assistant {
    let home = home.map(|home| home.path().to_owned());
    let assistant = Assistant::new(Box::new(|text| text.contains("sk-")), home);
    assistant.set_profiles(vec!["work".into(), "work-fast".into(), "home".into()]);
    assistant
}

fn files(names: &[&str]) -> TempDir {
    let home = tempfile::tempdir().expect("a folder can be made");
    for name in names {
        let path = home.path().join(name);
        fs::create_dir_all(path.parent().expect("it is inside")).expect("a folder can be made");
        fs::write(path, "").expect("a file can be written");
    }
    home
}

/// The lines that `line` can become.
fn completed(assistant: &Assistant, line: &str) -> Vec<String> {
    let (start, suggestions) = assistant.complete(line, line.len());
    suggestions.iter().map(|it| format!("{}{}", &line[..start], it.inserted)).collect()
}

#[track_caller]
fn becomes(assistant: &Assistant, line: &str, lines: &[&str]) {
    assert_eq!(completed(assistant, line), lines, "{line:?}");
}

#[track_caller]
fn hints(line: &str, hint: Option<(&str, Option<&str>)>) {
    let hint = hint
        .map(|(shown, accepted)| Hint { shown: shown.into(), accepted: accepted.map(Into::into) });
    assert_eq!(assistant(None).hint(line), hint, "{line:?}");
}

#[test]
fn a_command_is_completed_where_the_line_begins() {
    let assistant = assistant(None);
    becomes(&assistant, "/und", &["/undo "]);
    becomes(&assistant, "  /exi", &["  /exit"]);
    becomes(&assistant, "/mod", &["/model ", "/models"]);
    becomes(&assistant, "/model", &["/model ", "/models"]);
    becomes(&assistant, "/regen", &["/regenerate "]);
    assert_eq!(completed(&assistant, "/").len(), slash::COMMANDS.len());
    for line in ["", "he", "see /und", "//und", "/resx", "/nonsense x"] {
        becomes(&assistant, line, &[]);
    }
    assert_eq!(assistant.complete("/und x", 4).1.len(), 1);
    assert_eq!(assistant.complete("é", 1), (1, vec![]));
}

#[test]
fn names_of_profiles_are_completed_where_they_may_stand() {
    let assistant = assistant(None);
    becomes(&assistant, "/profile w", &["/profile work", "/profile work-fast"]);
    becomes(&assistant, "/profile  h", &["/profile  home"]);
    becomes(&assistant, "/retry h", &["/retry home"]);
    becomes(&assistant, "/ask h", &["/ask home"]);
    becomes(&assistant, "/ask home w", &[]);
    becomes(&assistant, "/profile home w", &[]);
    becomes(&assistant, "/model h", &[]);
    assistant.set_profiles(vec!["hut".into()]);
    becomes(&assistant.clone(), "/ask h", &["/ask hut"]);
}

#[test]
fn a_list_of_profiles_names_none_twice() {
    let assistant = assistant(None);
    becomes(&assistant, "/compare h", &["/compare home"]);
    becomes(&assistant, "/compare home,", &["/compare home,work", "/compare home,work-fast"]);
    becomes(&assistant, "/compare work,home,w", &["/compare work,home,work-fast"]);
    becomes(&assistant, "/compare work,home w", &[]);
}

#[test]
fn models_are_asked_for_once_a_profile_and_only_when_they_are_completed() {
    let assistant = assistant(None);
    let calls = Rc::new(Cell::new(0));
    let list = |models: &[&str]| -> ListModels {
        let models: Vec<String> = models.iter().map(|&model| model.into()).collect();
        let calls = Rc::clone(&calls);
        Box::new(move || {
            calls.set(calls.get() + 1);
            models.clone()
        })
    };
    assistant.set_profile("work", list(&["gpt-a", "gpt-b", "my dep", "bad\u{1b}[2J"]));
    becomes(&assistant, "/mod", &["/model ", "/models"]);
    assert_eq!(assistant.hint("/model "), Some(Hint { shown: "[NAME]".into(), accepted: None }));
    assert_eq!(calls.get(), 0);
    becomes(&assistant, "/model g", &["/model gpt-a", "/model gpt-b"]);
    becomes(&assistant, "/model m", &["/model my\\ dep"]);
    becomes(&assistant, "/model \"m", &["/model \"my dep\""]);
    becomes(&assistant, "/model my\\ d", &["/model my\\ dep"]);
    becomes(&assistant, "/model b", &[]);
    assert_eq!(calls.get(), 1);
    assistant.set_profile("home", list(&[]));
    becomes(&assistant, "/model g", &[]);
    becomes(&assistant, "/model ", &[]);
    assert_eq!(calls.get(), 2);
    assistant.set_profile("work", list(&["other"]));
    becomes(&assistant, "/model g", &["/model gpt-a", "/model gpt-b"]);
    assert_eq!(calls.get(), 2);
}

#[test]
fn settings_are_completed_by_key_and_by_value() {
    let assistant = assistant(None);
    becomes(&assistant, "/set temp", &["/set temperature="]);
    becomes(&assistant, "/set head", &["/set headers."]);
    becomes(&assistant, "/set thinking=s", &["/set thinking=show"]);
    becomes(&assistant, "/set allow_http=", &["/set allow_http=true", "/set allow_http=false"]);
    for line in [
        "/set api_k",
        "/set exte",
        "/set default_p",
        "/set chat.",
        "/set screen.",
        "/set model=g",
        "/set nonsense=",
    ] {
        becomes(&assistant, line, &[]);
    }
}

#[test]
fn other_arguments_are_completed_by_their_kind() {
    let assistant = assistant(None);
    becomes(&assistant, "/thinking s", &["/thinking show"]);
    let ways = ["/thinking auto", "/thinking show", "/thinking hide"];
    becomes(&assistant, "/thinking ", &ways);
    becomes(&assistant, "/help und", &["/help undo"]);
    becomes(&assistant, "/help /und", &["/help /undo"]);
    for line in ["/undo ", "/copy 1", "/system h", "/exit ", "/tree "] {
        becomes(&assistant, line, &[]);
    }
}

#[test]
fn paths_are_completed_in_order_with_folders_and_quotes() {
    let home = files(&["b.txt", "a file.txt", "ab.txt", "dir/inner.txt", "it's.txt", ".hidden"]);
    let assistant = assistant(Some(&home));
    becomes(&assistant, "/file ~", &["/file ~/"]);
    becomes(&assistant, "/file \"~", &["/file \"~/"]);
    becomes(
        &assistant,
        "/file ~/",
        &[
            "/file ~/a\\ file.txt",
            "/file ~/ab.txt",
            "/file ~/b.txt",
            "/file ~/dir/",
            "/file ~/it's.txt",
        ],
    );
    becomes(&assistant, "/file ~/.", &["/file ~/.hidden"]);
    becomes(&assistant, "/file ~/a", &["/file ~/a\\ file.txt", "/file ~/ab.txt"]);
    becomes(&assistant, "/file ~/a\\ f", &["/file ~/a\\ file.txt"]);
    becomes(&assistant, "/file \"~/a f", &["/file \"~/a file.txt\""]);
    becomes(&assistant, "/file \"~/d", &["/file \"~/dir/"]);
    becomes(&assistant, "/file '~/i", &[]);
    becomes(&assistant, "/file \"~/ab.txt\"", &[]);
    becomes(&assistant, "/file ~/dir/i", &["/file ~/dir/inner.txt"]);
    becomes(&assistant, "/save ~/d", &["/save ~/dir/"]);
    becomes(&assistant, "/save 2 ~/b", &["/save 2 ~/b.txt"]);
    becomes(&assistant, "/export ~/b", &["/export ~/b.txt"]);
    for line in ["/file ~/none/", "/file ~/b.txt/", "/file ~/ab.txt ~/b", "/save ~/a 2 ~/b"] {
        becomes(&assistant, line, &[]);
    }
    let (_, suggestions) = assistant.complete("/file ~/d", 9);
    let shown: Vec<_> = suggestions.into_iter().map(|it| it.shown).collect();
    assert_eq!(shown, ["dir/"]);
}

#[test]
fn without_a_home_folder_a_tilde_is_not_completed() {
    becomes(&assistant(None), "/file ~", &[]);
}

#[test]
fn a_mention_is_completed_wherever_a_word_begins() {
    let home = files(&["a.txt", "b c.txt"]);
    let assistant = assistant(Some(&home));
    becomes(&assistant, "@~/a", &["@~/a.txt"]);
    becomes(&assistant, "what is\n  @~/b", &["what is\n  @~/b\\ c.txt"]);
    becomes(&assistant, "@~/a.txt and @\"~/b c", &["@~/a.txt and @\"~/b c.txt\""]);
    becomes(&assistant, "/ask work see @~/a", &["/ask work see @~/a.txt"]);
    for line in ["me@~/a", "@~/a.txt and", "@~/a ", "/undo @~/a"] {
        becomes(&assistant, line, &[]);
    }
}

#[cfg(unix)]
#[test]
fn names_that_cannot_be_shown_or_typed_are_not_offered() {
    let home = files(&["a\u{1b}[2J", "a\nb", "a\u{202e}txt", "abc"]);
    becomes(&assistant(Some(&home)), "/file ~/a", &["/file ~/abc"]);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_is_completed_as_one() {
    let home = files(&["dir/x"]);
    std::os::unix::fs::symlink(home.path().join("dir"), home.path().join("link"))
        .expect("a link can be made");
    becomes(&assistant(Some(&home)), "/file ~/l", &["/file ~/link/"]);
}

#[test]
fn the_rest_of_the_only_command_that_fits_can_be_accepted() {
    hints("/und", Some(("o", Some("o"))));
    hints(" /prof", Some(("ile", Some("ile"))));
    hints("/regen", Some(("erate", Some("erate"))));
    hints("/co", None);
    hints("/", None);
    hints("/nonsense", None);
    hints("/resx", None);
}

#[test]
fn a_usage_line_explains_and_cannot_be_accepted() {
    hints("/profile", Some((" [NAME|-]", None)));
    hints("/model", Some((" [NAME]", None)));
    hints("/profile ", Some(("[NAME|-]", None)));
    hints("/ask ", Some(("PROFILE TEXT", None)));
    hints("/ask work ", Some(("TEXT", None)));
    hints("/save ", Some(("[N] FILE", None)));
    hints("/save 2 ", Some(("FILE", None)));
    hints("/rewind ", Some(("[N]", None)));
}

#[test]
fn nothing_is_hinted_that_could_be_untrue() {
    for line in [
        "",
        "hello",
        "hello /und",
        "//und",
        "/exit",
        "/exit ",
        "/model x",
        "/model x ",
        "/ask work",
        "/ask work hi ",
        "/save a ",
        "/undo x ",
        "/system a\n",
        "/nonsense ",
    ] {
        hints(line, None);
    }
}

#[test]
fn a_mention_is_the_word_as_it_was_typed() {
    let text = r#"@a.txt, "@b" @"my notes.txt" @my\ notes.txt @ me@home @"open"#;
    let mentions = assistant(None).mentions(text);
    let words: Vec<&str> = mentions.into_iter().map(|place| &text[place]).collect();
    assert_eq!(words, ["@a.txt,", r#"@"my notes.txt""#, r"@my\ notes.txt", r#"@"open"#]);
}

#[test]
fn a_secret_is_what_the_chat_says_it_is() {
    let assistant = assistant(None);
    assert!(assistant.holds_secret("my key is sk-1"));
    assert!(!assistant.holds_secret("hunter2"));
}

#[test]
fn a_session_is_completed_by_name_and_by_id() {
    let assistant = assistant(None);
    let names = ["the sky", "thesis", "bbbbcccc", "a\u{1b}b"].map(str::to_owned);
    assistant.set_sessions(Box::new(move || names.to_vec()));
    becomes(&assistant, "/resume the", &["/resume the\\ sky", "/resume thesis"]);
    becomes(&assistant, "/resume bb", &["/resume bbbbcccc"]);
    becomes(&assistant, "/resume a", &[]);
}
