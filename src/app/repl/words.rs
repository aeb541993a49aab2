//! Failures in the words of the chat: what is typed on a command line has another name here, or
//! none. Pure.

use crate::app::failure::Failure;

/// What hints say to a person at a shell, and what they say in the chat; nothing: they are left out.
const WORDS: [(&str, &str); 9] = [
    // The chat says itself what became of the answer.
    ("ask again; what came before the cut is no whole answer", ""),
    ("`--dry-run` shows the request as it was sent", "`/show` shows what is sent"),
    (
        "raise `--max-tokens` (`max_output_tokens`)",
        "raise the limit with `/set max_output_tokens=NUMBER`",
    ),
    (
        "raise `--timeout` (`timeouts.total`), or leave it out",
        "allow more time with `/set timeouts.total=DURATION`",
    ),
    ("`--model NAME`", "`/model NAME`"),
    ("`byok models`", "`/models`"),
    ("or raise `retries`", "or raise `retries`: `/set retries=NUMBER`"),
    ("another model (`-m`) or profile (`-P`)", "another model (`/model`) or profile (`/profile`)"),
    ("`--profile ", "`"),
];

/// The failure with hints that can be followed in the chat.
pub(super) fn in_the_chat(mut failure: Failure) -> Failure {
    for hint in &mut failure.report.hints {
        for (shell, chat) in WORDS {
            *hint = hint.replace(shell, chat);
        }
    }
    // Both are read alike, and `/set` lists both.
    failure.report.message = failure.report.message.replace("(flag `--set`)", "(`/set`)");
    failure.report.hints.retain(|hint| !hint.is_empty());
    failure
}
