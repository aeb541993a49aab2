//! What byok says of itself, and what its papers say of it.

use std::{collections::BTreeMap, fs, path::Path};

use crate::support::byok::{Byok, Output};

fn run(args: &[&str]) -> Output {
    Byok::new().args(args.to_vec()).run()
}

fn paper(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("it is there")
}

/// Every command that there is.
const COMMANDS: [&[&str]; 22] = [
    &[],
    &["ask"],
    &["chat"],
    &["sessions"],
    &["sessions", "list"],
    &["sessions", "show"],
    &["sessions", "search"],
    &["sessions", "rename"],
    &["sessions", "rm"],
    &["sessions", "restore"],
    &["sessions", "prune"],
    &["sessions", "path"],
    &["models"],
    &["profiles"],
    &["profiles", "list"],
    &["profiles", "show"],
    &["config"],
    &["config", "show"],
    &["config", "check"],
    &["config", "path"],
    &["config", "schema"],
    &["completions"],
];

#[test]
fn every_command_has_a_help_on_standard_output() {
    for command in COMMANDS {
        let flag = run(&[command, &["--help"]].concat());
        flag.assert_code(0).assert_silent_stderr();
        assert!(flag.stdout().contains("Usage: "), "{flag}");
        let word = run(&[&["help"], command].concat());
        assert_eq!(word.assert_code(0).stdout().trim(), flag.stdout().trim(), "{command:?}");
        run(&[command, &["-h"]].concat()).assert_code(0).assert_silent_stderr();
    }
}

#[test]
fn the_list_of_commands_is_whole() {
    let output = run(&["--help"]);
    let text = output.stdout();
    let commands = text.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next());
    let names: Vec<_> = commands
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(
        names,
        ["ask", "chat", "sessions", "models", "profiles", "config", "init", "completions", "help"]
    );
}

#[test]
fn short_helps() {
    insta::assert_snapshot!(run(&["models", "-h"]), @r#"
    ----- stdout -----
    List the models that the profile's server offers

    Usage: byok models [OPTIONS]

    Options:
          --json  Print one JSON object
      -h, --help  Print help (see more with '--help')

    Profile:
      -P, --profile <NAME>               The profile to use
      -m, --model <NAME>                 The model (for Azure: the deployment)
          --type <TYPE>                  The kind of provider: openai, azure or anthropic
          --base-url <URL>               The server's address
          --wire-api <API>               The wire format: completions or responses
          --api-version <VERSION>        Azure's API version
          --api-key-env <VARIABLE>       The variable that holds the API key
          --bearer-token-env <VARIABLE>  The variable that holds a bearer token
          --set <KEY=VALUE>              Set any key of the profile, as in the file: `--set
                                         'stop=["END"]'` (repeatable)
          --timeout <TIME>               The longest time for everything, retries included (`30s`, `5m`)
          --retries <N>                  How often to try again
          --config <PATH>                The configuration file

    Messages:
      -q, --quiet         Say nothing but errors
      -v, --verbose...    Say what is sent and what comes back; twice: headers too
          --color <WHEN>  Use colour [possible values: auto, always, never]
          --no-color      The same as `--color never`
    ----- stderr -----
    ----- exit code 0 -----
    "#);
    insta::assert_snapshot!(run(&["completions", "-h"]), @r"
    ----- stdout -----
    Print a completion script for a shell

    Usage: byok completions <SHELL>

    Arguments:
      <SHELL>  The shell [possible values: bash, elvish, fish, powershell, zsh]

    Options:
      -h, --help  Print help
    ----- stderr -----
    ----- exit code 0 -----
    ");
    insta::assert_snapshot!(run(&["config", "schema", "-h"]), @r"
    ----- stdout -----
    Print a JSON schema

    Usage: byok config schema [OPTIONS]

    Options:
          --events  The schema of `--output-format json` and `stream-json`
      -h, --help    Print help
    ----- stderr -----
    ----- exit code 0 -----
    ");
}

#[test]
fn help_exit_codes() {
    insta::assert_snapshot!(run(&["help", "exit-codes"]), @r"
    ----- stdout -----
    Exit codes, and the same as `error.kind` in JSON output:

        0  a whole answer
        1  other        anything else; with `-x`: no code block in the answer
        2  usage        the command line, a file or standard input cannot be used
        3  config       configuration: unknown profile or key, no model, refused base_url, a redirect
        4  auth         the key was refused (401, 403)
        5  rate_limit   rate limit, after all retries
        6  quota        quota or credit is used up; never retried
        7  network      network, TLS or proxy
        8  timeout      a deadline passed before text was shown
        9  server       the server failed, or what it sent is no answer
       10  request      the request or the model was refused
       11  context      the conversation is longer than the model's window
       12  filtered     the answer was filtered or refused
       13  cut          the answer was cut: at the token limit, or the stream broke
       14  schema       the answer does not fit the schema
       15  budget       the budget is used up
      130  interrupted  interrupted (Ctrl-C)
      143  terminated   terminated

    Once text was shown, trouble on the way (network, timeouts) is 13; an error that the
    server reports keeps its own code. A closed standard output is 0, a full disk is 1.
    ----- stderr -----
    ----- exit code 0 -----
    ");
}

#[test]
fn help_stdin() {
    insta::assert_snapshot!(run(&["help", "stdin"]), @r#"
    ----- stdout -----
    Standard input

      byok "What is this?" < notes.txt     the text, a blank line, the prompt
      git diff | byok "Review this"        the same with a pipe
      echo "What is 2+2?" | byok           without a prompt, standard input is the prompt
      byok -f - -f b.txt "Compare"         `-` names it where a file may stand

    With a prompt, standard input is read when it is a pipe, a file or a socket, always to its end;
    a terminal or /dev/null is not read. It must be UTF-8, or UTF-16 with a byte order mark.

    When it does not end, byok says after two seconds what it waits for. In loops and under parents
    that keep a pipe open, say that it is not meant:

      while read -r line; do byok --no-stdin "$line"; done < questions.txt
      BYOK_NO_STDIN=1 byok "What is 2+2?"     or `stdin = "never"` in config.toml

    `--stdin-timeout 30s` fails (exit 8) instead of waiting longer; nothing is ever cut.
    ----- stderr -----
    ----- exit code 0 -----
    "#);
}

#[test]
fn an_unknown_topic_is_a_usage_error() {
    insta::assert_snapshot!(run(&["help", "me"]), @r"
    ----- stdout -----
    ----- stderr -----
    error: there is no command or topic `me`

    hint: `byok help` lists the commands; topics are `exit-codes`, `stdin`
    ----- exit code 2 -----
    ");
}

#[test]
fn the_version_is_one_line() {
    for flag in ["--version", "-V"] {
        let output = run(&[flag]);
        output.assert_code(0).assert_silent_stderr();
        assert_eq!(output.stdout(), format!("byok {}\n", env!("CARGO_PKG_VERSION")));
    }
}

#[test]
fn help_needs_no_configuration_and_no_reader() {
    let byok = Byok::new().file("config.toml", "broken");
    for args in [
        &["--help"][..],
        &["--version"],
        &["help", "exit-codes"],
        &["completions", "bash"],
        &["config", "path"],
    ] {
        byok.clone().args(args.to_vec()).run().assert_code(0).assert_silent_stderr();
    }
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = run(&["completions", shell]);
        output.assert_code(0).assert_silent_stderr();
        assert!(output.stdout().contains("profiles"), "{shell}");
    }
    run(&["completions", "csh"]).assert_code(2).assert_stdout("");
}

/// The numbers of the table in a Markdown text that has two pairs of columns of codes.
fn codes_of_table(text: &str) -> BTreeMap<u8, String> {
    let rows = text.lines().skip_while(|line| !line.starts_with("| code | meaning | code |"));
    let cells = rows.skip(2).take_while(|line| line.starts_with('|')).flat_map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        [(cells[0], cells[1]), (cells[2], cells[3])]
    });
    cells
        .flat_map(|(codes, meaning)| {
            codes.split(", ").map(move |code| (code.parse().expect("a code"), meaning.to_owned()))
        })
        .collect()
}

#[test]
fn the_readme_lists_the_exit_codes_that_there_are() {
    let output = run(&["help", "exit-codes"]);
    let known: Vec<u8> = output
        .stdout()
        .lines()
        .filter_map(|line| line.split_whitespace().next()?.parse().ok())
        .collect();
    let listed = codes_of_table(&paper("README.md"));
    assert_eq!(listed.keys().copied().collect::<Vec<_>>(), known, "{listed:?}");
}

/// Every flag that the README and the help texts' examples use is one.
#[test]
fn the_readme_uses_flags_that_there_are() {
    let helps: String = COMMANDS
        .iter()
        .map(|command| run(&[*command, &["--help"]].concat()).stdout().to_owned())
        .collect();
    let readme = paper("README.md");
    let mut in_code = false;
    for line in readme.lines() {
        if line.starts_with("```") {
            in_code = !in_code && line == "```sh";
            continue;
        }
        if !in_code || !line.contains("byok") {
            continue;
        }
        let words = line.split('#').next().unwrap_or_default().split_whitespace();
        let after = words.skip_while(|word| *word != "byok");
        for word in after.take_while(|word| *word != "|") {
            let flag = word.split('=').next().unwrap_or_default();
            if flag.starts_with('-') && flag.len() > 1 {
                assert!(helps.contains(flag), "`{flag}` in: {line}");
            }
        }
    }
}

#[test]
fn the_example_configuration_is_right() {
    for text in [paper("config.example.toml"), paper("config.example.toml").replace("#| ", "")] {
        let byok = Byok::new().file("config.toml", text);
        for name in ["reviewer.md", "claude.key"] {
            fs::write(byok.home().join(".config/byok").join(name), "text")
                .expect("the home is ours");
        }
        let output = byok.args(["config", "check"]).run();
        output.assert_code(0);
        assert!(output.stdout().contains("no mistakes"), "{output}");
    }
}
