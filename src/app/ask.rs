//! One-shot: one prompt, one answer, one exit code.

use std::time::Instant;

use anyhow::Context as _;

use super::{
    cli::{AskArgs, OutputFormat},
    connection,
    failure::Failure,
    flags, input,
    input::Input,
    link::Link,
    outcome::Outcome,
    output::{self, Output},
    rendering::{self, Rendering},
    signals::{self, Signals},
    told,
    turn::Turned,
};
use crate::{
    chat::{ChatRequest, Message},
    config::{self, Env, Loaded},
    provider,
    term::{Console, Destination, Level, Thinking},
};

/// Runs a one-shot and returns its exit code. Whatever happens, JSON output ends in a result.
pub(super) fn run(args: &AskArgs, env: &Env, console: Console) -> u8 {
    let begun = Instant::now();
    let mut outcome = Outcome::default();
    let mut output = None;
    let result = ask(args, env, console, begun, &mut outcome, &mut output);
    let failure = result.err();
    let result = match output {
        Some(output) => output.end(&outcome, failure.as_ref()),
        // Nothing was begun: a program that reads JSON is told all the same.
        None if failure.is_some() && output::format(args) != OutputFormat::Text => {
            Output::new(args, console, Destination::Stdout, Thinking::Hide, Rendering::Plain)
                .end(&outcome, failure.as_ref())
        }
        None => Ok(None),
    };
    let failure = match result {
        // A hint and no notice: who is told of the failure is told of the file, `-q` or not.
        Ok(Some(path)) => failure.map(|it| it.hint(format!("what came is in `{path}`"))),
        Ok(None) => failure,
        // The first failure explains the second.
        Err(late) => failure.or(Some(late)),
    };
    match failure {
        None => 0,
        Some(failure) if failure.is_closed_pipe => 0,
        Some(failure) => {
            console.error(&failure.report);
            failure.kind.code()
        }
    }
}

/// Everything up to the end of the answer. What came is left in `outcome` and `output`.
fn ask(
    args: &AskArgs,
    env: &Env,
    console: Console,
    begun: Instant,
    outcome: &mut Outcome,
    output: &mut Option<Output>,
) -> Result<(), Failure> {
    let flags = flags::of_ask(args);
    let loaded = config::load(env, &flags)?;
    let console = rendering::console(&args.answer, loaded.screen(), console);
    told::notices(console, &loaded.notices, outcome);
    let effective = loaded.resolve(&flags, env)?;
    outcome.profile = Some(effective.profile.clone());
    outcome.model.clone_from(&effective.model);
    told::notices(console, &effective.notices, outcome);
    let is_preview = args.dry_run || args.curl;
    let runtime = connection::runtime()?;
    let mut link = Link::new(effective, env, &loaded.paths.cache, &runtime, is_preview)?;
    outcome.url = Some(config::mask_url(&link.target.endpoint.url));
    for notice in link.notices() {
        told::warning(console, outcome, &notice);
    }
    let request = request(args, env, console, &loaded, &link)?;
    if is_preview {
        return preview(args, console, &request, &link);
    }
    // After standard input, so that Ctrl-C in a long wait leaves no file behind; before the request,
    // so that no answer is paid for that cannot be kept.
    let destination = match &args.output {
        Some(path) => Destination::file(path).map_err(|error| {
            Failure::usage(format!("`{}` cannot be written to", path.display())).cause(error)
        })?,
        None => Destination::Stdout,
    };
    let rendering = rendering::of_ask(args, loaded.screen(), console);
    let thinking = link.thinking(console);
    let output = output.insert(Output::new(args, console, destination, thinking, rendering));
    output.begin(outcome);
    let turned = runtime.block_on(async {
        let mut signals = Signals::listen().context("signals cannot be listened for")?;
        signals::end_at_the_second().context("signals cannot be listened for")?;
        link.turn(&request, output.screen(), &mut signals, begun, console, &[]).await
    })?;
    let Turned { reply, end, request_id, warnings, adaptations } = turned;
    if !args.answer.no_save {
        for line in link.remember(&adaptations) {
            told::warning(console, outcome, &line);
        }
    }
    outcome.warnings.extend(warnings);
    let judged = link.judge(&runtime, &reply, end, request_id.as_deref());
    console.trace(Level::Verbose, &told::summary(&reply, begun.elapsed()));
    outcome.take_reply(reply);
    outcome.request_id = request_id;
    judged
}

/// The words become a request. Input is read here and not before: configuration errors come first.
fn request(
    args: &AskArgs,
    env: &Env,
    console: Console,
    loaded: &Loaded,
    link: &Link,
) -> Result<ChatRequest, Failure> {
    let stdin_timeout = args.stdin_timeout.as_deref().map(|text| {
        config::parse_duration(text).ok_or_else(|| {
            Failure::usage(format!("`--stdin-timeout {text}` is no time"))
                .hint("write it as `500ms`, `30s` or `2m`")
        })
    });
    let stdin_timeout = stdin_timeout.transpose()?;
    let is_on = |value: &str| !matches!(value, "" | "0" | "false");
    let input = Input {
        words: &args.prompt,
        files: &args.files,
        no_stdin: args.no_stdin
            || loaded.leaves_stdin_alone()
            || env.get("BYOK_NO_STDIN").is_some_and(is_on),
        stdin_timeout,
    };
    let prompt = input.read(console)?;
    if console.facts().stderr_is_terminal || console.level() >= Level::Verbose {
        for receipt in &prompt.receipts {
            console.notice(&format!("attached {receipt}"));
        }
    }
    let system = link.effective.system_prompt()?;
    let mut request = link.request(system, vec![Message::user(prompt.text)]);
    request.stream = !args.answer.no_stream;
    Ok(request)
}

/// `--dry-run` and `--curl`: no connection, no credential command.
fn preview(
    args: &AskArgs,
    console: Console,
    request: &ChatRequest,
    link: &Link,
) -> Result<(), Failure> {
    let target = &link.target;
    let (http, dropped) = target.http_request(request);
    for line in dropped {
        console.warning(&line);
    }
    if let Some(missing) = link.missing_key() {
        console.warning(missing);
    }
    if args.curl {
        return output::print(&format!("{}\n", provider::curl(&http, &target.network)));
    }
    output::print(&provider::dry_run(&http))?;
    let system = request.system.as_deref().unwrap_or_default();
    let words: usize = request.messages.iter().map(|it| input::estimate_tokens(&it.text())).sum();
    let tokens = words + input::estimate_tokens(system);
    console.notice(&format!("about {tokens} input tokens (an estimate)"));
    Ok(())
}
