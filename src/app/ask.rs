//! One-shot: one prompt, one answer, one exit code.

use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::{
    cli::{AskArgs, OutputFormat},
    connection::Connection,
    failure::{Failure, Kind},
    flags, input,
    input::Input,
    outcome::Outcome,
    output::{self, Output},
    signals::Signals,
    told,
    turn::{End, Turn, judge},
};

use crate::{
    chat::{ChatRequest, Message},
    config::{self, Effective, Env, Error, Loaded, Memory},
    provider::{self, Target},
    term::{Console, Destination, Level, Thinking},
    wire::Adaptation,
};

/// How long the server's list of models is waited for, when it only helps a message.
const PATIENCE: Duration = Duration::from_secs(1);

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
            Output::new(args, console, Destination::Stdout, Thinking::Hide)
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
    told::notices(console, &loaded.notices, outcome);
    let mut effective = loaded.resolve(&flags, env)?;
    outcome.profile = Some(effective.profile.clone());
    outcome.model.clone_from(&effective.model);
    told::notices(console, &effective.notices, outcome);
    let is_preview = args.dry_run || args.curl;
    let mut connection = Connection::prepare(&mut effective, env, is_preview)?;
    let mut target = match effective.target() {
        Err(error @ Error::NoModel { .. }) => {
            return Err(no_model(error, &effective, &mut connection, is_preview));
        }
        target => target?,
    };
    outcome.url = Some(config::mask_url(&target.endpoint.url));
    for notice in target.endpoint.notices.iter().chain(&target.header_notices()) {
        told::warning(console, outcome, notice);
    }
    let memory = Memory::new(&loaded.paths.cache);
    target.adaptations = memory.recall(&target.endpoint.origin, &target.model);
    let request = request(args, env, console, &loaded, &effective, &target)?;
    if is_preview {
        return preview(args, console, &target, &request, &connection);
    }
    // After standard input, so that Ctrl-C in a long wait leaves no file behind; before the request,
    // so that no answer is paid for that cannot be kept.
    let destination = match &args.output {
        Some(path) => Destination::file(path).map_err(|error| {
            Failure::usage(format!("`{}` cannot be written to", path.display())).cause(error)
        })?,
        None => Destination::Stdout,
    };
    let thinking = match effective.thinking {
        _ if console.level() == Level::Quiet => Thinking::Hide,
        config::Thinking::Show => Thinking::Show,
        config::Thinking::Auto if console.facts().stderr_is_terminal => Thinking::Show,
        config::Thinking::Hide | config::Thinking::Auto => Thinking::Hide,
    };
    let output = output.insert(Output::new(args, console, destination, thinking));
    output.begin(outcome);
    let client = connection.client(&target)?;
    let Connection { runtime, key, .. } = &mut connection;
    let turned = runtime.block_on(async {
        let mut signals = Signals::listen().context("signals cannot be listened for")?;
        let turn = Turn {
            client: &client,
            target: &mut target,
            key,
            request: &request,
            retries: effective.retries,
            console,
        };
        Ok::<_, Failure>(turn.run(output.screen(), &mut signals, begun).await)
    })?;
    if !args.no_save {
        remember(&turned.adaptations, &memory, &target, console, outcome);
    }
    outcome.warnings.extend(turned.warnings);
    let judged = judge(&turned.reply);
    let is_visible = turned.reply.is_visible();
    outcome.take_reply(turned.reply);
    outcome.request_id = turned.request_id;
    console.trace(Level::Verbose, &told::summary(outcome, begun.elapsed()));
    if let (Some(auth), Some(source)) = (&mut target.auth, key.source()) {
        // Of several, the one that was used.
        auth.source = source;
    }
    let place =
        || told::place(&target.profile, &target.endpoint.url, outcome.request_id.as_deref());
    match turned.end {
        End::Whole => judged.map_err(|failure| failure.at(place())),
        End::Failed(error) => {
            let secret = runtime.block_on(key.secret()).ok().flatten();
            let models = if provider::is_unknown_model(&error) {
                connection.model_ids(&effective, PATIENCE)
            } else {
                Vec::new()
            };
            let url = &target.endpoint.url;
            Err(told::failed(&error, &target, url, &models, secret.as_ref(), is_visible))
        }
        End::NoKey(failure) => Err(failure),
        End::Stopped(stop) => Err(Failure::new(
            stop.kind(),
            match stop.kind() {
                Kind::Interrupted => "interrupted",
                _ => "terminated",
            },
        )),
        End::Late(limit) => Err(late(limit, is_visible).at(place())),
        End::Screen(error) => Err(output::unwritable("the output", error)),
    }
}

/// What the server refuses is known next time. A cache that cannot be written costs one more
/// refused request then.
fn remember(
    adaptations: &[Adaptation],
    memory: &Memory,
    target: &Target,
    console: Console,
    outcome: &mut Outcome,
) {
    for adaptation in adaptations {
        if let Err(error) = memory.remember(&target.endpoint.origin, &target.model, adaptation) {
            let line = format!("what the server refuses cannot be remembered: {error}");
            told::warning(console, outcome, &line);
        }
    }
}

/// The words become a request. Input is read here and not before: configuration errors come first.
fn request(
    args: &AskArgs,
    env: &Env,
    console: Console,
    loaded: &Loaded,
    effective: &Effective,
    target: &Target,
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
    Ok(ChatRequest {
        model: target.model.clone(),
        system: effective.system_prompt()?,
        messages: vec![Message::user(prompt.text)],
        options: effective.options.clone(),
        stream: !args.no_stream,
        issuer: target.issuer(),
    })
}

/// `--dry-run` and `--curl`: no connection, no credential command.
fn preview(
    args: &AskArgs,
    console: Console,
    target: &Target,
    request: &ChatRequest,
    connection: &Connection,
) -> Result<(), Failure> {
    let (http, dropped) = target.http_request(request);
    for line in dropped {
        console.warning(&line);
    }
    if let Some(missing) = &connection.missing_key {
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

/// No prompt is sent without a model; the server's own list may help, if it comes within a second.
fn no_model(
    error: Error,
    effective: &Effective,
    connection: &mut Connection,
    is_preview: bool,
) -> Failure {
    const MOST: usize = 10;

    let failure = Failure::from(error);
    if is_preview {
        return failure;
    }
    let ids = connection.model_ids(effective, PATIENCE);
    if ids.is_empty() {
        return failure;
    }
    let shown = ids.iter().take(MOST).map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
    let more = if ids.len() > MOST { ", … (`byok models` lists all)" } else { "" };
    failure.hint(format!("the server offers {shown}{more}"))
}

fn late(limit: Duration, is_visible: bool) -> Failure {
    let kind = if is_visible { Kind::Cut } else { Kind::Timeout };
    Failure::new(kind, format!("no whole answer within {}", config::duration_in_words(limit)))
        .hint("raise `--timeout` (`timeouts.total`), or leave it out")
}
