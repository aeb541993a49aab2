use std::path::Path;

use super::{table::Command, *};

#[track_caller]
fn is_command(line: &str, slash: Slash) {
    assert_eq!(parse(line), Ok(Typed::Command(slash)), "{line:?}");
}

#[track_caller]
fn is_message(line: &str, sent: &str) {
    assert_eq!(parse(line), Ok(Typed::Message(sent.into())), "{line:?}");
}

#[track_caller]
fn is_misuse(line: &str, message: &str, hints: &[&str]) {
    let hints = hints.iter().map(|hint| (*hint).to_owned()).collect();
    assert_eq!(parse(line), Err(Misuse { message: message.into(), hints }), "{line:?}");
}

#[test]
fn every_command_is_read_with_and_without_its_arguments() {
    let profile = |name: &str| Slash::Profile(Some(Switch::To(name.into())));
    for (line, slash) in [
        ("/help", Slash::Help(None)),
        ("/help /undo", Slash::Help(Some("/undo".into()))),
        ("/exit", Slash::Exit),
        ("/clear", Slash::Clear),
        ("/new", Slash::New),
        ("/profile", Slash::Profile(None)),
        ("/profile work", profile("work")),
        ("/profile -", Slash::Profile(Some(Switch::Back))),
        ("/model", Slash::Model(None)),
        ("/model a/b:1", Slash::Model(Some("a/b:1".into()))),
        ("/model \"my dep\"", Slash::Model(Some("my dep".into()))),
        ("/models", Slash::Models),
        ("/system", Slash::System(None)),
        ("/system Be  brief.", Slash::System(Some(SystemChange::To("Be  brief.".into())))),
        ("/system -", Slash::System(Some(SystemChange::Nothing))),
        ("/system - no lists", Slash::System(Some(SystemChange::To("- no lists".into())))),
        ("/set", Slash::Set(None)),
        (
            "/set stop = [\"a\", \"=\"]",
            Slash::Set(Some(Setting::To { key: "stop".into(), value: "[\"a\", \"=\"]".into() })),
        ),
        ("/set effort=", Slash::Set(Some(Setting::Reset("effort".into())))),
        ("/retry", Slash::Retry(None)),
        ("/retry work", Slash::Retry(Some("work".into()))),
        ("/undo", Slash::Undo(1)),
        ("/undo 3", Slash::Undo(3)),
        ("/edit", Slash::Edit(1)),
        ("/edit 2", Slash::Edit(2)),
        ("/continue", Slash::Continue),
        ("/ask work Why?", Slash::Ask { profile: "work".into(), text: "Why?".into() }),
        (
            "/compare a,b,c Why?",
            Slash::Compare {
                profiles: vec!["a".into(), "b".into(), "c".into()],
                text: "Why?".into(),
            },
        ),
        ("/file", Slash::File(None)),
        ("/file a.txt", Slash::File(Some(FileChange::Add("a.txt".into())))),
        ("/file -", Slash::File(Some(FileChange::TakeBack))),
        ("/file -x", Slash::File(Some(FileChange::Add("-x".into())))),
        ("/copy", Slash::Copy(None)),
        ("/copy 2", Slash::Copy(Some(2))),
        ("/save a.md", Slash::Save { block: None, path: "a.md".into() }),
        ("/save 2 a.rs", Slash::Save { block: Some(2), path: "a.rs".into() }),
        ("/save 2a.md", Slash::Save { block: None, path: "2a.md".into() }),
        ("/save ./3", Slash::Save { block: None, path: "./3".into() }),
        ("/save 3 4", Slash::Save { block: Some(3), path: "4".into() }),
        ("/export a.json", Slash::Export("a.json".into())),
        ("/tree", Slash::Tree(None)),
        ("/tree 7", Slash::Tree(Some(7))),
        ("/compact", Slash::Compact(None)),
        ("/compact the  names", Slash::Compact(Some("the  names".into()))),
        ("/context", Slash::Context),
        ("/usage", Slash::Usage),
        ("/show", Slash::Show),
        ("/thinking", Slash::Thinking(None)),
        ("/thinking auto", Slash::Thinking(Some(Thinking::Auto))),
        ("/thinking show", Slash::Thinking(Some(Thinking::Show))),
        ("/thinking hide", Slash::Thinking(Some(Thinking::Hide))),
        ("/raw", Slash::Raw),
    ] {
        is_command(line, slash);
    }
}

#[test]
fn every_command_of_the_contract_is_in_the_table() {
    let contract = "help exit clear new profile model models system set retry undo edit continue \
        ask compare file copy save export sessions resume rename fork search tree compact context \
        usage show thinking raw";
    let mut promised: Vec<_> = contract.split_whitespace().collect();
    let mut there: Vec<_> = COMMANDS.iter().map(|command| command.name).collect();
    promised.sort_unstable();
    there.sort_unstable();
    assert_eq!(there, promised);
}

#[test]
fn no_word_means_two_commands() {
    for command in COMMANDS {
        for word in std::iter::once(&command.name).chain(command.aliases) {
            let is_it = |other: &&Command| other.name == *word || other.aliases.contains(word);
            assert_eq!(COMMANDS.iter().filter(is_it).count(), 1, "{word}");
        }
    }
}

/// Something that may stand for an argument.
fn sample(kind: Kind) -> &'static str {
    match kind {
        Kind::Command => "undo",
        Kind::Profile | Kind::Model | Kind::Session => "work",
        Kind::Profiles => "a,b",
        Kind::Setting => "effort=low",
        Kind::Words(words) => words[0],
        Kind::Number => "2",
        Kind::Path => "a.txt",
        Kind::Text => "two words",
    }
}

#[test]
fn commands_take_what_their_usage_lines_say() {
    for command in COMMANDS {
        let line = |args: &[Arg]| {
            let samples: Vec<_> = args.iter().map(|arg| sample(arg.kind)).collect();
            format!("/{} {}", command.name, samples.join(" "))
        };
        let required: Vec<Arg> =
            command.args.iter().copied().filter(|arg| !arg.is_optional).collect();
        for args in [command.args, &required] {
            assert!(matches!(parse(&line(args)), Ok(Typed::Command(_))), "{}", line(args));
        }
        if let Some((last, others)) = required.split_last() {
            let misuse = parse(&line(others)).expect_err(&line(others));
            assert_eq!(misuse.message, format!("`/{}` needs `{}`", command.name, last.shown));
            assert_eq!(misuse.hints, [format!("it is typed `{}`", command.usage())]);
        }
        let takes_all = |arg: &Arg| matches!(arg.kind, Kind::Text | Kind::Setting);
        if !command.args.last().is_some_and(takes_all) {
            let too_much = format!("{} more", line(command.args));
            let misuse = parse(&too_much).expect_err(&too_much);
            assert!(misuse.message.ends_with(": `more`"), "{}", misuse.message);
        }
    }
}

#[test]
fn other_names_are_understood() {
    for (alias, name) in [
        ("?", "help"),
        ("quit", "exit"),
        ("bye", "exit"),
        ("q", "exit"),
        ("regenerate", "retry"),
        ("rewind", "undo"),
        ("editor", "edit"),
        ("compress", "compact"),
        ("summarize", "compact"),
        ("tokens", "usage"),
        ("cost", "usage"),
        ("stats", "usage"),
    ] {
        assert_eq!(find(alias).map(|command| command.name), Some(name));
        assert_eq!(parse(&format!("/{alias}")), parse(&format!("/{name}")));
    }
}

#[test]
fn a_bare_word_leaves_only_when_it_is_alone() {
    for line in ["exit", "quit", ":q", " exit \n"] {
        is_command(line, Slash::Exit);
    }
    for line in ["exit now", "Exit", ":q!", "quit\nquit"] {
        is_message(line, line);
    }
}

#[test]
fn what_is_no_command_is_a_message_as_it_was_typed() {
    for line in ["hello", "  two\n  lines\n", "what is /help?", "a // b", "@/help", "\"\"\"", "-"] {
        is_message(line, line);
    }
    for line in ["", " ", "\n\t\n", "\"\"\"\"\"\"", "\"\"\"\n\n\"\"\""] {
        assert_eq!(parse(line), Ok(Typed::Nothing), "{line:?}");
    }
}

#[test]
fn two_slashes_send_one() {
    is_message("//help", "/help");
    is_message("///help", "//help");
    is_message("  //usr/bin\n//x", "  /usr/bin\n//x");
    is_message("//", "/");
}

#[test]
fn a_space_before_a_command_does_not_send_it() {
    is_command(" /undo", Slash::Undo(1));
    is_command("\n\t/undo 2\n", Slash::Undo(2));
    assert!(parse(" /nonsense").is_err());
}

#[test]
fn marks_round_a_message_are_no_part_of_it() {
    is_message("\"\"\"a\nb\"\"\"", "a\nb");
    is_message("\"\"\"\na\n\"\"\"", "a");
    is_message(" \"\"\"\n\n  a \n\n\"\"\" \n", "\n  a \n");
    is_message("\"\"\"/exit\"\"\"", "/exit");
    is_message("\"\"\"\n//x\n\"\"\"", "//x");
    is_message("\"\"\"exit\"\"\"", "exit");
    is_message("\"\"\"\n\"\"\"doc\"\"\"\n\"\"\"", "\"\"\"doc\"\"\"");
}

#[test]
fn marks_that_are_no_pair_round_all_stay() {
    for line in ["\"\"\"a", "a\"\"\"", "\"\"\"a\"\"\" b", "\"\"\"a\"\"\" and \"\"\"b\"\"\""] {
        is_message(line, line);
    }
}

#[test]
fn texts_keep_their_lines_and_spaces() {
    let ask = |text: &str| Slash::Ask { profile: "work".into(), text: text.into() };
    is_command("/ask work  a  b\n\n  c \n", ask("a  b\n\n  c"));
    is_command("/ask work\n    indented\nnot\n", ask("    indented\nnot"));
    is_command("/ask\nwork \"\"\"\n/a\n\"\"\"", ask("/a"));
    let text = SystemChange::To("  a\nb".into());
    is_command("/system \n  a\nb", Slash::System(Some(text)));
    let text = SystemChange::To("a\nb".into());
    is_command("/system \"\"\"a\nb\"\"\"", Slash::System(Some(text)));
}

#[test]
fn names_of_files_are_quoted_as_in_a_shell_and_not_expanded() {
    let path = |path: &str| Slash::File(Some(FileChange::Add(Path::new(path).into())));
    is_command("/file \"my file.txt\"", path("my file.txt"));
    is_command(r"/file my\ file.txt", path("my file.txt"));
    is_command("/file 'my file.txt'", path("my file.txt"));
    is_command("/file ~/it's.txt", path("~/it's.txt"));
    is_command("/file '-'", path("-"));
    is_command(
        "/save 1 \"my file.txt\"",
        Slash::Save { block: Some(1), path: "my file.txt".into() },
    );
}

#[test]
fn an_unknown_word_is_no_message_and_names_the_nearest() {
    let text = "to send it as a message, begin it with `//`";
    for (line, said, nearest) in [
        ("/prof work", "prof", "did you mean `/profile`?"),
        ("/HELP", "HELP", "did you mean `/help`?"),
        ("/exti", "exti", "did you mean `/exit`?"),
        ("/reg", "reg", "did you mean `/regenerate`?"),
        ("/comp", "comp", "did you mean `/compact` or `/compare`?"),
        ("/co", "co", "did you mean `/continue`, `/compact`, `/compare`, `/copy` or `/context`?"),
        ("/usr/bin/env: no such file", "usr/bin/env:", "`/help` lists the commands"),
        ("/x", "x", "`/help` lists the commands"),
        ("/usge", "usge", "did you mean `/usage`?"),
        ("/世界", "世界", "`/help` lists the commands"),
    ] {
        is_misuse(line, &format!("`/{said}` is no command"), &[nearest, text]);
    }
    is_misuse("/", "`/` alone is no command", &["`/help` lists the commands"]);
    is_misuse("/ help", "`/` alone is no command", &["`/help` lists the commands"]);
    let long = format!("/{}", "é".repeat(100_000));
    let message = format!("`/{}…` is no command", "é".repeat(40));
    is_misuse(&long, &message, &["`/help` lists the commands", text]);
}

#[test]
fn commands_of_sessions_take_ids_names_and_words() {
    let which = |text: &str| Some(text.to_owned());
    is_command("/resume", Slash::Resume(None));
    is_command("/resume 3", Slash::Resume(which("3")));
    is_command("/load \"the sky\"", Slash::Resume(which("the sky")));
    is_command("/rename  the sky ", Slash::Rename(NameChange::To("the sky".to_owned())));
    is_command("/rename -", Slash::Rename(NameChange::Nothing));
    is_command("/fork", Slash::Fork(None));
    is_command("/fork the sea", Slash::Fork(which("the sea")));
    let words = vec!["blue".to_owned(), "the sky".to_owned()];
    is_command("/search blue \"the sky\"", Slash::Search(words));
    is_misuse("/search", "`/search` needs `WORDS`", &["it is typed `/search WORDS`"]);
    is_misuse(
        "/resume the sky",
        "`/resume` has an argument too many: `sky`",
        &[
            "it is typed `/resume [WHICH]`",
            "quotes keep a name with spaces together: `/resume \"a name\"`",
        ],
    );
}

#[test]
fn wrong_arguments_are_told_with_the_usage_line() {
    let text = "to send it as a message, begin it with `//`";
    is_misuse(
        "/new idea: a cat",
        "`/new` takes no argument: `idea:`",
        &["it is typed `/new`", text],
    );
    is_misuse(
        "/undo 1 2",
        "`/undo` has an argument too many: `2`",
        &["it is typed `/undo [N]`", text],
    );
    for word in ["0", "-1", "two", "1.5", "99999999999999999999999"] {
        is_misuse(
            &format!("/undo {word}"),
            &format!("`{word}` is no number from 1 on"),
            &["it is typed `/undo [N]`"],
        );
    }
    is_misuse("/save 0 a", "`0` is no number from 1 on", &["it is typed `/save [N] FILE`"]);
    is_misuse(
        "/save 3",
        "`/save 3` names a code block, and no file",
        &["it is typed `/save [N] FILE`", "if the file is named so: `/save ./3`"],
    );
    is_misuse(
        "/file my file.txt",
        "`/file` has an argument too many: `file.txt`",
        &[
            "it is typed `/file [PATH|-]`",
            "quotes keep a name with spaces together: `/file \"a name\"`",
        ],
    );
    is_misuse("/file \"my file", "a quote is not closed", &["it is typed `/file [PATH|-]`"]);
    is_misuse(
        "/thinking loud",
        "`/thinking` takes `auto`, `show` or `hide`, and not `loud`",
        &["it is typed `/thinking [HOW]`"],
    );
    for line in ["/set effort", "/set =low", "/set a b=c", "/set effort low"] {
        let usage = "it is typed `/set [KEY=VALUE]`";
        is_misuse(line, "`/set` needs a key, `=` and a value", &[usage]);
    }
    let usage = "it is typed `/compare P1,P2 TEXT`";
    is_misuse(
        "/compare a Why?",
        "`/compare` needs two profiles or more",
        &[usage, "one profile alone: `/ask a TEXT`"],
    );
    is_misuse("/compare a,b,a Why?", "profile `a` is named twice", &[usage]);
    is_misuse(
        "/compare a, b Why?",
        "a name is missing at a comma: `a,`",
        &[usage, "no spaces stand round the commas"],
    );
    is_misuse("/compare a,b", "`/compare` needs `TEXT`", &[usage]);
    is_misuse(
        "/ask work \"\"\"\n\"\"\"",
        "`/ask` needs `TEXT`",
        &["it is typed `/ask PROFILE TEXT`"],
    );
}
