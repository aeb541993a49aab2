//! `byok help`: commands by clap, topics by hand.

use std::fmt::Write as _;

use clap::CommandFactory as _;

use super::{
    cli::Cli,
    failure::{Failure, Kind},
};

const TOPICS: [&str; 2] = ["exit-codes", "stdin"];

/// The text for `byok help WORDS…`.
pub(super) fn text(words: &[String]) -> Result<String, Failure> {
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["exit-codes"] => Ok(exit_codes()),
        ["stdin"] => Ok(STDIN.to_owned()),
        path => command(path),
    }
}

fn command(path: &[&str]) -> Result<String, Failure> {
    let mut command = Cli::command();
    command.build();
    let mut found = &mut command;
    for word in path {
        found = found.find_subcommand_mut(word).ok_or_else(|| {
            let topics = TOPICS.map(|topic| format!("`{topic}`")).join(", ");
            Failure::usage(format!("there is no command or topic `{word}`"))
                .hint(format!("`byok help` lists the commands; topics are {topics}"))
        })?;
    }
    // clap's own way, so that both spellings say the same.
    let argv = ["byok"].iter().chain(path).chain(&["--help"]);
    let help = Cli::command().try_get_matches_from(argv).expect_err("`--help` is never a match");
    Ok(help.to_string())
}

fn exit_codes() -> String {
    let mut text = String::from(
        "Exit codes, and the same as `error.kind` in JSON output:\n\n    0  a whole answer\n",
    );
    for kind in Kind::ALL {
        let _ = writeln!(text, "  {:>3}  {:<12} {}", kind.code(), kind.name(), kind.meaning());
    }
    text.push_str(
        "\nOnce text was shown, trouble on the way (network, timeouts) is 13; an error that the\n\
         server reports keeps its own code. A closed standard output is 0, a full disk is 1.\n",
    );
    text
}

const STDIN: &str = "\
Standard input

  byok \"What is this?\" < notes.txt     the text, a blank line, the prompt
  git diff | byok \"Review this\"        the same with a pipe
  echo \"What is 2+2?\" | byok           without a prompt, standard input is the prompt
  byok -f - -f b.txt \"Compare\"         `-` names it where a file may stand

With a prompt, standard input is read when it is a pipe, a file or a socket, always to its end;
a terminal or /dev/null is not read. It must be UTF-8, or UTF-16 with a byte order mark.

When it does not end, byok says after two seconds what it waits for. In loops and under parents
that keep a pipe open, say that it is not meant:

  while read -r line; do byok --no-stdin \"$line\"; done < questions.txt
  BYOK_NO_STDIN=1 byok \"What is 2+2?\"     or `stdin = \"never\"` in config.toml

`--stdin-timeout 30s` fails (exit 8) instead of waiting longer; nothing is ever cut.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_has_a_text_and_every_exit_code_its_line() {
        for topic in TOPICS {
            assert!(text(&[topic.to_owned()]).is_ok_and(|text| text.len() > 200), "{topic}");
        }
        let codes = exit_codes();
        for kind in Kind::ALL {
            assert!(codes.contains(&format!("{:>3}  {}", kind.code(), kind.name())));
        }
    }

    #[test]
    fn an_unknown_topic_names_those_there_are() {
        let failure = text(&["exitcodes".to_owned()]).unwrap_err();
        assert_eq!(failure.kind, Kind::Usage);
        assert!(failure.report.hints[0].contains("`exit-codes`"));
    }
}
