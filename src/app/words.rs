//! Which command was meant: only the first word that is no flag can be one. Pure.

use std::ffi::{OsStr, OsString};

use clap::{ArgAction, Command, ValueEnum as _};

use super::cli::OutputFormat;

/// What the arguments say before they are parsed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Words {
    /// Ready for clap: a command, if there is one, stands first.
    Parse(Vec<OsString>),
    /// A lone word that was probably meant as a command.
    NearMiss {
        /// What was typed.
        word: String,
        /// The command it resembles.
        command: String,
    },
    /// A word that a later version takes for a command: as a prompt it needs `--` already now, so
    /// that no script changes its meaning then.
    Reserved(&'static str),
    /// A flag that would have put a secret on the command line. Holds its name only.
    Secret(&'static str),
}

/// Commands to come.
const RESERVED: [&str; 7] = ["batch", "doctor", "import", "keys", "man", "templates", "usage"];

/// Flags that people try, and that would show their key to every user of the machine.
const SECRET_FLAGS: [&str; 5] = ["--api-key", "--bearer-token", "--key", "--token", "--apikey"];

/// Sorts `argv` (program name included): flags may stand before a command, so the command is moved
/// to the front.
pub(super) fn sort(mut argv: Vec<OsString>, cli: &Command) -> Words {
    if let Some(flag) = secret_flag(&argv) {
        return Words::Secret(flag);
    }
    let Some(at) = next_word(&argv, cli, 1) else { return Words::Parse(argv) };
    let word = argv[at].to_string_lossy().into_owned();
    if let Some(command) = cli.find_subcommand(&word) {
        argv[1..=at].rotate_right(1);
        // `byok -P work config show`: the flags belong to `show`, or they would be lost.
        if let Some(at) = next_word(&argv[1..], command, 1)
            && argv[1 + at].to_str().is_some_and(|word| command.find_subcommand(word).is_some())
        {
            argv[2..=1 + at].rotate_right(1);
        }
        return Words::Parse(argv);
    }
    if let Some(reserved) = RESERVED.into_iter().find(|reserved| *reserved == word) {
        return Words::Reserved(reserved);
    }
    let is_lone = !word.contains(char::is_whitespace)
        && next_word(&argv, cli, at + 1).is_none()
        && !argv.iter().any(|arg| arg == "--");
    let near = cli
        .get_subcommands()
        .map(Command::get_name)
        .find(|name| is_lone && strsim::osa_distance(name, &word.to_lowercase()) == 1);
    match near {
        Some(command) => Words::NearMiss { word, command: command.to_owned() },
        None => Words::Parse(argv),
    }
}

/// The format that a one-shot is asked for, as far as arguments say so that may not parse. Commands
/// other than `ask` have formats of their own.
pub(super) fn format(argv: &[OsString], cli: &Command) -> OutputFormat {
    let command = next_word(argv, cli, 1).and_then(|at| argv[at].to_str());
    if command.is_some_and(|word| word != "ask" && cli.find_subcommand(word).is_some()) {
        return OutputFormat::Text;
    }
    let mut flags = argv.iter().skip(1).map_while(|arg| arg.to_str().filter(|arg| *arg != "--"));
    let mut format = OutputFormat::Text;
    while let Some(flag) = flags.next() {
        let named = match flag {
            "--json" => Some("json"),
            "--output-format" => flags.next(),
            _ => flag.strip_prefix("--output-format="),
        };
        if let Some(found) = named.and_then(|name| OutputFormat::from_str(name, false).ok()) {
            format = found;
        }
    }
    format
}

fn secret_flag(argv: &[OsString]) -> Option<&'static str> {
    argv.iter().skip(1).map_while(|arg| arg.to_str().filter(|arg| *arg != "--")).find_map(|arg| {
        let name = arg.split_once('=').map_or(arg, |(name, _)| name);
        SECRET_FLAGS.into_iter().find(|flag| *flag == name)
    })
}

/// The place of the first argument from `at` on that is neither a flag nor a flag's value.
fn next_word(argv: &[OsString], cli: &Command, mut at: usize) -> Option<usize> {
    while at < argv.len() {
        let text = argv[at].to_string_lossy();
        if text == "--" {
            return None;
        } else if let Some(long) = text.strip_prefix("--") {
            let takes_next = !long.contains('=')
                && takes_value(cli, |arg| {
                    arg.get_long_and_visible_aliases().is_some_and(|names| names.contains(&long))
                });
            at += 1 + usize::from(takes_next);
        } else if text.len() > 1 && text.starts_with('-') {
            at += 1 + usize::from(cluster_takes_next(cli, &text[1..]));
        } else {
            return Some(at);
        }
    }
    None
}

/// Whether the last flag of a cluster (`-qP`) takes the next argument as its value.
fn cluster_takes_next(cli: &Command, cluster: &str) -> bool {
    for (at, flag) in cluster.char_indices() {
        if takes_value(cli, |arg| arg.get_short() == Some(flag)) {
            // What follows in the same word is the value.
            return at + flag.len_utf8() == cluster.len();
        }
    }
    false
}

fn takes_value(cli: &Command, is_it: impl Fn(&clap::Arg) -> bool) -> bool {
    cli.get_arguments().filter(|arg| is_it(arg)).any(|arg| {
        matches!(arg.get_action(), ArgAction::Set | ArgAction::Append)
            && !arg.is_require_equals_set()
    })
}

/// Whether a word is the one that names standard input.
pub(super) fn is_dash(word: &OsStr) -> bool {
    word == "-"
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn words(line: &str) -> Words {
        let argv = std::iter::once("byok").chain(line.split(' ').filter(|word| !word.is_empty()));
        sort(argv.map(Into::into).collect(), &super::super::cli::Cli::command())
    }

    #[track_caller]
    fn check(line: &str, sorted: &str) {
        let argv = std::iter::once("byok").chain(sorted.split(' ').filter(|word| !word.is_empty()));
        assert_eq!(words(line), Words::Parse(argv.map(Into::into).collect()), "{line}");
    }

    #[test]
    fn a_command_is_the_first_word_that_is_no_flag() {
        check("models", "models");
        check("-P work models --json", "models -P work --json");
        check("-Pwork -v models", "models -Pwork -v");
        check("--profile=work models", "models --profile=work");
        check("-qP work models", "models -qP work");
        check("-P work config show", "config show -P work");
        check("config -P work show --json", "config show -P work --json");
        check("-P show config check", "config check -P show");
        check("-P work profiles show me", "profiles show -P work me");
        check("config -P show", "config -P show");
        check("-x models", "models -x");
        check("-P models hello", "-P models hello");
        check("tell me about models", "tell me about models");
        check("-- models", "-- models");
        check("ask models", "ask models");
        check("-q sessions -n 3 -P work list --all", "sessions list -q -n 3 -P work --all");
        check("", "");
    }

    #[test]
    fn the_format_is_known_of_arguments_that_do_not_parse() {
        let of = |line: &str| {
            let argv: Vec<_> =
                std::iter::once("byok").chain(line.split(' ')).map(Into::into).collect();
            format(&argv, &super::super::cli::Cli::command())
        };
        assert_eq!(of("--bogus --json x"), OutputFormat::Json);
        assert_eq!(of("ask --bogus --output-format stream-json"), OutputFormat::StreamJson);
        assert_eq!(of("--output-format=json --bogus"), OutputFormat::Json);
        assert_eq!(of("--output-format=xml --bogus"), OutputFormat::Text);
        assert_eq!(of("models --json --bogus"), OutputFormat::Text);
        assert_eq!(of("--bogus -- --json"), OutputFormat::Text);
    }

    #[test]
    fn a_lone_word_close_to_a_command_is_doubted() {
        let near = |word: &str, command: &str| Words::NearMiss {
            word: word.into(),
            command: command.into(),
        };
        assert_eq!(words("model"), near("model", "models"));
        assert_eq!(words("-P x modles"), near("modles", "models"));
        assert_eq!(words("modles --json -P work"), near("modles", "models"));
        check("model -v theory", "model -v theory");
        check("model -v -- theory", "model -v -- theory");
        check("model theory", "model theory");
        check("-- model", "-- model");
        check("hello", "hello");
    }

    #[test]
    fn a_command_to_come_is_no_prompt_by_accident() {
        assert_eq!(words("usage"), Words::Reserved("usage"));
        assert_eq!(words("-P x doctor about this"), Words::Reserved("doctor"));
        check("-- doctor about this", "-- doctor about this");
        check("ask doctor about this", "ask doctor about this");
    }

    #[test]
    fn a_secret_on_the_command_line_is_refused_without_being_repeated() {
        assert_eq!(words("--api-key sk-1 hi"), Words::Secret("--api-key"));
        assert_eq!(words("--api-key=sk-1 hi"), Words::Secret("--api-key"));
        check("what is -- --api-key", "what is -- --api-key");
        check("--api-key-env X hi", "--api-key-env X hi");
    }
}
