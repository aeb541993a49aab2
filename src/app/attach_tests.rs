use std::fs;

use tempfile::TempDir;

use super::*;

/// A home folder with these files.
fn home(files: &[(&str, &[u8])]) -> TempDir {
    let home = tempfile::tempdir().expect("a folder can be made");
    for (name, bytes) in files {
        let path = home.path().join(name);
        fs::create_dir_all(path.parent().expect("it is inside")).expect("a folder can be made");
        fs::write(path, bytes).expect("a file can be written");
    }
    home
}

fn line(text: &str, typed: &[&str]) -> Line {
    Line { text: text.into(), typed: typed.iter().map(|&word| word.into()).collect() }
}

fn attachment(name: &str, text: &str) -> Attachment {
    Attachment { name: name.into(), text: text.into() }
}

/// What a line attaches whose `@` words were all typed.
#[track_caller]
fn attached(home: &TempDir, text: &str, typed: &[&str]) -> Attached {
    of_line(&line(text, typed), Some(home.path())).expect("every file can be read")
}

#[track_caller]
fn refused(home: &TempDir, word: &str) -> Failure {
    of_line(&line(word, &[word]), Some(home.path())).expect_err("the file cannot be attached")
}

#[test]
fn a_typed_word_attaches_the_file_that_it_names() {
    let home = home(&[("a.txt", b"one\n"), ("my notes.txt", b"two"), ("c", b"")]);
    for (word, name, text) in [
        ("@~/a.txt", "~/a.txt", "one\n"),
        ("@~/my\\ notes.txt", "~/my notes.txt", "two"),
        ("@\"~/my notes.txt\"", "~/my notes.txt", "two"),
        ("@~/c", "~/c", ""),
    ] {
        let files = vec![attachment(name, text)];
        let expected = Attached { files, words: vec![word.into()], notices: vec![] };
        assert_eq!(attached(&home, &format!("see {word} please"), &[word]), expected);
    }
}

#[test]
fn marks_behind_a_name_are_dropped_when_the_rest_is_there() {
    let home = home(&[("a.txt", b"one"), ("b.", b"two"), ("my notes", b"three")]);
    for (word, name, text) in [
        ("@~/a.txt,", "~/a.txt", "one"),
        ("@~/a.txt).", "~/a.txt", "one"),
        ("@~/a.txt?!;:", "~/a.txt", "one"),
        ("@~/b.", "~/b.", "two"),
        ("@~/b..", "~/b.", "two"),
        ("@\"~/my notes\".", "~/my notes", "three"),
    ] {
        let files = vec![attachment(name, text)];
        let expected = Attached { files, words: vec![word.into()], notices: vec![] };
        assert_eq!(attached(&home, word, &[word]), expected);
    }
}

#[test]
fn a_file_that_is_named_twice_is_attached_once() {
    let home = home(&[("a.txt", b"one")]);
    let typed = ["@~/a.txt", "@~/a.txt,", "@~/a.txt"];
    let expected = Attached {
        files: vec![attachment("~/a.txt", "one")],
        words: typed.map(Into::into).into(),
        notices: vec![],
    };
    assert_eq!(attached(&home, "@~/a.txt and @~/a.txt, again @~/a.txt", &typed), expected);
}

#[test]
fn a_word_that_names_nothing_stays_text_and_that_is_said() {
    let home = home(&[("a.txt", b"one")]);
    let long = format!("@{}", "a".repeat(5000));
    for word in ["@ada", "@~/none.txt", "@~/a.txt/b", "@\"~/a b", &long] {
        let expected = Attached {
            notices: vec![format!("`{word}` names no file and stays text")],
            ..Attached::default()
        };
        assert_eq!(attached(&home, word, &[word]), expected);
    }
    assert_eq!(
        attached(&home, "@ or @, or @... me@home", &["@", "@,", "@..."]),
        Attached::default()
    );
}

#[test]
fn a_pasted_word_attaches_nothing_and_says_how_it_would() {
    let home = home(&[("a.txt", b"one"), ("my notes", b"two"), ("dir/x", b"")]);
    let text = "@~/a.txt, @~/a.txt, \"@~/a.txt\", @\"~/my notes\", @~/dir and @ada";
    let notice = |name: &str, typed: &str| {
        format!(
            "`@{name}` is not attached, for it may have been pasted; `/file {typed}` attaches it"
        )
    };
    let notices = vec![notice("~/a.txt", "~/a.txt"), notice("~/my notes", "~/my\\ notes")];
    assert_eq!(attached(&home, text, &[]), Attached { notices, ..Attached::default() });
}

#[test]
fn a_file_that_was_typed_and_pasted_is_attached_without_a_notice() {
    let home = home(&[("a.txt", b"one")]);
    let expected = Attached {
        files: vec![attachment("~/a.txt", "one")],
        words: vec!["@~/a.txt".into()],
        notices: vec![],
    };
    assert_eq!(attached(&home, "@~/a.txt\npasted: @~/a.txt.", &["@~/a.txt"]), expected);
}

#[test]
fn notices_about_a_pasted_text_are_few() {
    let names: Vec<String> = (0..9).map(|number| format!("{number}.txt")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let home = home(&files);
    let words: Vec<String> = names.iter().map(|name| format!("@~/{name}")).collect();
    assert_eq!(attached(&home, &words.join(" "), &[]).notices.len(), MOST_TOLD);
}

#[test]
fn what_is_no_text_file_stops_the_question() {
    let home = home(&[
        ("dir/x", b""),
        ("a.png", b"\x89PNG\r\n\x1a\n\0"),
        ("latin.txt", b"caf\xe9"),
        ("nul.txt", b"a\0b"),
    ]);
    for (word, message, hint) in [
        ("@~/dir", "file `~/dir` is a directory", "name the files in it, one by one"),
        (
            "@~/a.png",
            "file `~/a.png` is not text, but a PNG image",
            "this version sends text files only",
        ),
        (
            "@~/latin.txt",
            "file `~/latin.txt` is not text: invalid UTF-8 at offset 3",
            "this version sends text files only",
        ),
        (
            "@~/nul.txt",
            "file `~/nul.txt` is not text: it holds a NUL byte at offset 1",
            "this version sends text files only",
        ),
    ] {
        assert_eq!(refused(&home, word), Failure::usage(message).hint(hint).hint(AS_TEXT));
    }
}

#[test]
fn files_that_are_too_large_alone_or_together_stop_the_question() {
    let half = vec![b'a'; MOST / 2 + 1];
    let home = home(&[("big", &vec![b'a'; MOST + 1]), ("half", &half), ("other", &half)]);
    assert_eq!(refused(&home, "@~/big"), too_large("file `~/big`").hint(AS_TEXT));
    let both = line("@~/half @~/other", &["@~/half", "@~/other"]);
    let failure = of_line(&both, Some(home.path())).expect_err("together they are too large");
    assert_eq!(failure, too_large("the question with its files"));
}

#[cfg(unix)]
#[test]
fn a_device_is_for_one_shots_only() {
    let device = Path::new("/dev/null");
    assert_eq!(Attachment::given(device), Ok(attachment("/dev/null", "")));
    assert_eq!(
        Attachment::read(device, None),
        Err(Failure::usage("file `/dev/null` is a pipe or a device")
            .hint("only files can be attached in the chat"))
    );
}

#[test]
fn a_path_that_names_nothing_is_refused_when_it_is_asked_for() {
    let home = home(&[]);
    let failure = Attachment::read(Path::new("~/none"), Some(home.path())).expect_err("no file");
    assert_eq!(failure.report.message, "file `~/none` cannot be read");
    assert_eq!(failure.report.causes.len(), 1);
}

#[test]
fn without_a_home_a_tilde_is_a_name_like_others() {
    assert_eq!(expand(Path::new("~/a"), None), Path::new("~/a"));
    assert_eq!(expand(Path::new("~/a"), Some(Path::new("/home/ada"))), Path::new("/home/ada/a"));
    assert_eq!(expand(Path::new("~"), Some(Path::new("/home/ada"))), Path::new("/home/ada"));
    assert_eq!(expand(Path::new("~ada/a"), Some(Path::new("/home"))), Path::new("~ada/a"));
}

#[test]
fn files_go_before_the_words_as_in_a_one_shot() {
    let files = [attachment("a.txt", "\none\n\n"), attachment("b.rs", "two")];
    let message = question("Why?\n", &files);
    let file = |name: &str, text: &str| Part {
        content: Content::File(TextFile { name: name.to_owned(), text: text.to_owned() }),
        echo: None,
    };
    let parts = vec![
        file("a.txt", "<file name=\"a.txt\">\n\none\n</file>\n\n"),
        file("b.rs", "<file name=\"b.rs\">\ntwo\n</file>\n\n"),
        Part::text("Why?\n"),
    ];
    assert_eq!(message, Message { role: Role::User, parts });
    assert_eq!(question("Why?", &[]), Message::user("Why?"));
}

#[test]
fn a_receipt_tells_size_and_tokens() {
    let receipt = |text| attachment("a.txt", text).receipt();
    assert_eq!(receipt("hello world"), "a.txt: text, 11 bytes, about 3 tokens");
    assert_eq!(receipt("x"), "a.txt: text, 1 byte, about 1 token");
}
