//! One-shot: one prompt, one answer, one exit code.

use std::time::Instant;

use anyhow::Context as _;

use super::{
    cli::{AskArgs, OutputFormat},
    connection,
    failure::Failure,
    flags, input,
    input::Input,
    keeping,
    link::{Link, With},
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
    sessions::Came,
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
    let mut flags = flags::of_ask(args);
    let loaded = config::load(env, &flags)?;
    let console = rendering::console(&args.answer, loaded.screen(), console);
    told::notices(console, &loaded.notices, outcome);
    let is_preview = args.dry_run || args.curl;
    let store = keeping::store(env, &loaded, console);
    let is_kept = keeping::is_kept(&args.session, &loaded) && !is_preview;
    let mut session = keeping::begin(&args.session, env, &store, is_kept, console)?;
    keeping::take_choices(&session, &mut flags, console);
    let effective = loaded.resolve(&flags, env)?;
    outcome.profile = Some(effective.profile.clone());
    outcome.model.clone_from(&effective.model);
    told::notices(console, &effective.notices, outcome);
    let runtime = connection::runtime()?;
    let mut link = Link::new(effective, env, &loaded.paths.cache, &runtime, is_preview)?;
    outcome.url = Some(config::mask_url(&link.target.endpoint.url));
    for notice in link.notices() {
        told::warning(console, outcome, &notice);
    }
    let question = question(args, env, console, &loaded)?;
    let system = link.effective.system_prompt()?;
    if is_preview {
        let messages = session.conversation().messages_before(&question);
        let request = request(args, &link, system, messages);
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
    let turn = session.ask(question, keeping::asking(&link, &flags, system.as_deref()));
    outcome.session_id = session.is_stored().then(|| session.id().to_string());
    if let Some(line) = keeping::tell_trouble(&mut session, console) {
        outcome.warnings.push(line);
    }
    let request = request(args, &link, system, session.conversation().messages(turn));
    let output = output.insert(Output::new(args, console, destination, thinking, rendering));
    output.begin(outcome);
    let mut growth = session.growth(turn);
    let turned = runtime.block_on(async {
        let mut signals = Signals::listen().context("signals cannot be listened for")?;
        signals::end_at_the_second().context("signals cannot be listened for")?;
        let with = With { begun, console, known: &[], growth: &mut growth };
        link.turn(&request, output.screen(), &mut signals, with).await
    });
    let grown = growth.end();
    let Turned { reply, end, request_id, warnings, adaptations } = turned?;
    if is_kept {
        for line in link.remember(&adaptations) {
            told::warning(console, outcome, &line);
        }
    }
    outcome.warnings.extend(warnings);
    let judged = link.judge(&runtime, &reply, end, request_id.as_deref());
    console.trace(Level::Verbose, &told::summary(&reply, begun.elapsed()));
    outcome.take_reply(&reply);
    outcome.request_id.clone_from(&request_id);
    let error = judged.as_ref().err().map(keeping::trouble);
    session
        .answer(turn, Came { is_whole: reply.is_whole(), reply, request_id, begun, grown, error });
    // The answer is shown already; now all of it is on the disk.
    session.settle();
    if let Some(line) = keeping::tell_trouble(&mut session, console) {
        outcome.warnings.push(line);
    }
    judged
}

/// The words become a question. Input is read here and not before: configuration errors come first.
fn question(
    args: &AskArgs,
    env: &Env,
    console: Console,
    loaded: &Loaded,
) -> Result<Message, Failure> {
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
    Ok(prompt.question)
}

/// The conversation becomes a request.
fn request(
    args: &AskArgs,
    link: &Link,
    system: Option<String>,
    messages: Vec<Message>,
) -> ChatRequest {
    let mut request = link.request(system, messages);
    request.stream = !args.answer.no_stream;
    request
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
