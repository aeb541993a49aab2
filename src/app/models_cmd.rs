//! `byok models`: what the profile's server offers.

use serde_json::{Value, json};

use super::{
    cli::ModelsArgs,
    connection::{self, Connection},
    failure::Failure,
    flags,
    outcome::Outcome,
    output, told,
};
use crate::{
    config::{self, Env},
    provider::ModelEntry,
    term::{Console, sanitize_line},
};

/// Lists the models, one a line, or as one JSON object.
pub(super) fn run(args: &ModelsArgs, env: &Env, console: Console) -> Result<(), Failure> {
    let flags = flags::of_connection(&args.connection);
    let loaded = config::load(env, &flags)?;
    let mut outcome = Outcome::default();
    told::notices(console, &loaded.notices, &mut outcome);
    let mut effective = loaded.resolve(&flags, env)?;
    told::notices(console, &effective.notices, &mut outcome);
    let runtime = connection::runtime()?;
    let mut connection = Connection::prepare(&runtime, &mut effective, env, false)?;
    let target = effective.models_target()?;
    let models = runtime.block_on(connection.models(&target))?;
    if args.json {
        let list = models.iter().map(entry).collect::<Vec<_>>();
        return output::print_json(&json!({
            "v": 1,
            "profile": effective.profile,
            "url": config::mask_url(&target.endpoint.models_url),
            "models": list,
        }));
    }
    print(&models, console)
}

/// Prints the models as text.
pub(super) fn print(models: &[ModelEntry], console: Console) -> Result<(), Failure> {
    if models.is_empty() {
        console.notice("the server offers no models");
    }
    output::print(&models.iter().map(line).collect::<String>())
}

fn entry(model: &ModelEntry) -> Value {
    json!({
        "id": model.id,
        "name": model.name,
        "contextWindow": model.context_window,
        "ownedBy": model.owned_by,
    })
}

/// The id first, so that `cut -f1` takes it.
fn line(model: &ModelEntry) -> String {
    let mut line = sanitize_line(&model.id);
    let name =
        model.name.as_ref().filter(|name| **name != model.id).map(|name| sanitize_line(name));
    let window = model.context_window.map(|window| format!("{window} tokens"));
    for more in name.into_iter().chain(window) {
        line.push('\t');
        line.push_str(&more);
    }
    line.push('\n');
    line
}
