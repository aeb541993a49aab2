//! The edge: what was asked, one turn, what is told. It knows all rooms, and nobody knows it.

mod ask;
mod assist;
mod attach;
mod cli;
mod clipboard;
mod config_cmd;
mod connection;
mod credentials;
mod editor;
mod event_schema;
mod failure;
mod flags;
mod help;
mod init_cmd;
mod input;
mod inspect;
mod keeping;
mod link;
mod models_cmd;
mod outcome;
mod output;
mod profiles_cmd;
mod programs;
mod prompt;
mod rendering;
mod repl;
mod sessions_cmd;
mod signals;
mod slash;
mod told;
mod transcript;
mod turn;
mod undisturbed;
mod words;

use std::{ffi::OsString, process::ExitCode};

use clap::{CommandFactory as _, FromArgMatches as _};

use crate::{
    config::Env,
    term::{Color, Console, Facts, Level},
};
use cli::{
    AskArgs, ChatArgs, Cli, ColorChoice, Command, ConfigCommand, OutputFormat, ProfilesCommand,
    SpeechArgs,
};
use failure::Failure;
use words::Words;

/// Runs the program and returns its exit code.
pub fn main(argv: impl Iterator<Item = OsString>) -> ExitCode {
    harden();
    let env = Env::read();
    let argv: Vec<OsString> = argv.collect();
    let format = words::format(&argv, &Cli::command());
    let code = match parse(argv) {
        Ok(cli) => run(cli, &env),
        Err(unparsed) => refuse(&unparsed, format, &env),
    };
    ExitCode::from(code)
}

/// Tells why the arguments cannot be used, in JSON too where they ask for it.
fn refuse(unparsed: &Unparsed, format: OutputFormat, env: &Env) -> u8 {
    let console = console(SpeechArgs::default(), env);
    let failure = match unparsed {
        Unparsed::ByUs(failure) => {
            console.error(&failure.report);
            failure.clone()
        }
        Unparsed::ByClap(error) => {
            // A closed stream has no reader to miss it.
            let _ = error.print();
            if !error.use_stderr() {
                // Help and version are what was asked for.
                return 0;
            }
            let text = error.to_string();
            let line = text.lines().next().unwrap_or_default();
            Failure::usage(line.strip_prefix("error: ").unwrap_or(line))
        }
    };
    match output::refuse(format, console, &failure) {
        Ok(()) => failure.kind.code(),
        Err(late) => code(console, Err(late)),
    }
}

/// Why there is nothing to run: an error, or a text that clap prints (`--help`).
enum Unparsed {
    ByClap(clap::Error),
    ByUs(Failure),
}

fn parse(argv: Vec<OsString>) -> Result<Cli, Unparsed> {
    let mut command = Cli::command();
    let argv = match words::sort(argv, &command) {
        Words::Parse(argv) => argv,
        Words::NearMiss { word, command } => {
            return Err(Unparsed::ByUs(
                Failure::usage(format!("`{word}` is not a command"))
                    .hint(format!("did you mean `byok {command}`?"))
                    .hint(format!("as a prompt: `byok -- {word}`")),
            ));
        }
        Words::Reserved(word) => {
            return Err(Unparsed::ByUs(
                Failure::usage(format!("this version has no command `{word}`"))
                    .hint(format!("as a prompt: `byok -- {word} …`, or `byok ask {word} …`")),
            ));
        }
        Words::Secret(flag) => {
            return Err(Unparsed::ByUs(
                Failure::usage(format!("there is no flag `{flag}`: arguments are visible to every user of the machine"))
                    .hint("name the variable that holds the key: `--api-key-env NAME` or `--bearer-token-env NAME`")
                    .hint("or say where it is in a profile: `api_key = { command = [\"pass\", \"show\", \"openai\"] }`"),
            ));
        }
    };
    let matches = command.try_get_matches_from_mut(argv).map_err(Unparsed::ByClap)?;
    let cli = Cli::from_arg_matches(&matches).map_err(Unparsed::ByClap)?;
    if cli.asked().is_some_and(AskArgs::contradicts_itself) {
        return Err(Unparsed::ByUs(
            Failure::usage("`--raw` cannot be used with `--render markdown`")
                .hint("`--raw` gives the exact bytes: leave one of the two out"),
        ));
    }
    Ok(cli)
}

fn run(cli: Cli, env: &Env) -> u8 {
    let quietly = |speech: SpeechArgs| console(speech, env);
    match cli.command {
        None if cli.ask.is_for_the_chat()
            && console(cli.ask.speech, env).facts().is_interactive() =>
        {
            chat(cli.ask.into(), env)
        }
        None => ask(cli.ask, env),
        Some(Command::Ask(args)) => ask(*args, env),
        Some(Command::Chat(args)) => chat(*args, env),
        Some(Command::Sessions(args)) => sessions_cmd::run(*args, env, quietly),
        Some(Command::Models(args)) => {
            let console = quietly(args.speech);
            code(console, models_cmd::run(&args, env, console).map(|()| 0))
        }
        Some(Command::Profiles(args)) => {
            let command = args.command.unwrap_or(ProfilesCommand::List(args.common));
            match command {
                ProfilesCommand::List(common) => {
                    let console = quietly(common.speech);
                    code(console, inspect::profiles(&common, env, console))
                }
                ProfilesCommand::Show { name, common } => {
                    let console = quietly(common.speech);
                    code(console, inspect::profile(name.as_deref(), &common, env, console))
                }
            }
        }
        Some(Command::Config(args)) => {
            let command = args.command.unwrap_or(ConfigCommand::Show(args.common));
            let console = match &command {
                ConfigCommand::Show(common)
                | ConfigCommand::Check(common)
                | ConfigCommand::Path(common) => quietly(common.speech),
                ConfigCommand::Schema { .. } => quietly(SpeechArgs::default()),
            };
            code(console, inspect::config(&command, env, console))
        }
        Some(Command::Init(args)) => {
            let console = quietly(args.speech);
            code(console, init_cmd::run(&args, env, console).map(|()| 0))
        }
        Some(Command::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "byok", &mut script);
            let script = String::from_utf8_lossy(&script);
            code(quietly(SpeechArgs::default()), output::print(&script).map(|()| 0))
        }
        Some(Command::Help { topic }) => {
            let result = help::text(&topic).and_then(|text| output::print(&text)).map(|()| 0);
            code(quietly(SpeechArgs::default()), result)
        }
    }
}

fn ask(mut args: AskArgs, env: &Env) -> u8 {
    let console = console(args.speech, env);
    match keeping::choose(&mut args.session, &args.connection, env, console) {
        Ok(()) => ask::run(&args, env, console),
        Err(failure) => refuse(&Unparsed::ByUs(failure), output::format(&args), env),
    }
}

fn chat(mut args: ChatArgs, env: &Env) -> u8 {
    let console = console(args.speech, env);
    // Before the terminal and its signals are the chat's.
    match keeping::choose(&mut args.session, &args.connection, env, console) {
        Ok(()) => code(console, repl::run(&args, env, console)),
        Err(failure) => code(console, Err(failure)),
    }
}

/// Tells a failure and gives its exit code.
fn code(console: Console, result: Result<u8, Failure>) -> u8 {
    match result {
        Ok(code) => code,
        // Who reads has what was wanted.
        Err(failure) if failure.is_closed_pipe => 0,
        Err(failure) => {
            console.error(&failure.report);
            failure.kind.code()
        }
    }
}

/// Standard error as the flags and the environment want it.
fn console(speech: SpeechArgs, env: &Env) -> Console {
    let color = match speech.color {
        _ if speech.no_color => Color::Never,
        Some(ColorChoice::Always) => Color::Always,
        Some(ColorChoice::Never) => Color::Never,
        Some(ColorChoice::Auto) | None => Color::Auto,
    };
    let level = match (speech.quiet, speech.verbose) {
        (true, _) => Level::Quiet,
        (false, 0) => Level::Normal,
        (false, 1) => Level::Verbose,
        (false, _) => Level::Headers,
    };
    let facts = Facts::detect(color, |name| env.get(name).map(str::to_owned));
    Console::new(facts, level)
}

/// Keeps keys out of core dumps and away from other processes of the same user.
fn harden() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{
            DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit,
        };

        // Where the system refuses, there is nothing else to be done.
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
        let none = Rlimit { current: Some(0), maximum: Some(0) };
        let _ = setrlimit(Resource::Core, none);
    }
}
