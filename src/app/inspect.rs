//! `byok config …` and `byok profiles …`: the commands that only look.

use super::{
    cli::{ConfigCommand, InspectArgs},
    config_cmd::{self, Answer},
    event_schema,
    failure::{Failure, Kind},
    flags, output, profiles_cmd,
};
use crate::{
    config::{self, Env, Flags},
    term::{Console, sanitize, to_line},
};

/// Runs `byok config …`.
pub(super) fn config(command: &ConfigCommand, env: &Env, console: Console) -> Result<u8, Failure> {
    match command {
        ConfigCommand::Show(common) => show(&of(common), common, env, console),
        ConfigCommand::Check(common) => {
            answer(&config_cmd::check(&config::load(env, &of(common)), env), common)
        }
        ConfigCommand::Path(common) => {
            answer(&config_cmd::path(&config::locate(env, &of(common))), common)
        }
        ConfigCommand::Schema { events } => {
            let schema = if *events { event_schema::schema() } else { config::json_schema() };
            output::print_json(&schema).map(|()| 0)
        }
    }
}

/// Runs `byok profiles` and `byok profiles list`.
pub(super) fn profiles(common: &InspectArgs, env: &Env, console: Console) -> Result<u8, Failure> {
    let loaded = config::load(env, &of(common))?;
    say_notices(console, &loaded.notices);
    answer(&profiles_cmd::list(&loaded, env), common)
}

/// Runs `byok profiles show [NAME]`: `byok config show` of that profile.
pub(super) fn profile(
    name: Option<&str>,
    common: &InspectArgs,
    env: &Env,
    console: Console,
) -> Result<u8, Failure> {
    let mut flags = of(common);
    if let Some(name) = name {
        flags.profile = Some(name.to_owned());
    }
    show(&flags, common, env, console)
}

fn show(flags: &Flags, common: &InspectArgs, env: &Env, console: Console) -> Result<u8, Failure> {
    let loaded = config::load(env, flags)?;
    say_notices(console, &loaded.notices);
    let effective = loaded.resolve(flags, env)?;
    say_notices(console, &effective.notices);
    answer(&config_cmd::show(&effective, &loaded.values_beside_profiles(), env), common)
}

fn of(common: &InspectArgs) -> Flags {
    let mut flags = flags::of_connection(&common.connection);
    flags::add_request(&mut flags, &common.request);
    flags
}

fn say_notices(console: Console, notices: &[String]) {
    for notice in notices {
        console.notice(notice);
    }
}

fn answer(answer: &Answer, common: &InspectArgs) -> Result<u8, Failure> {
    if common.json {
        output::print(&String::from_utf8_lossy(&to_line(&answer.json)))?;
    } else {
        output::print(&sanitize(&answer.text))?;
    }
    Ok(if answer.is_ok { 0 } else { Kind::Config.code() })
}
