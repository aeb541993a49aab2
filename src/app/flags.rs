//! What was typed, as configuration understands it. Pure.

use super::cli::{AskArgs, ChatArgs, ConnectionArgs, RequestArgs};
use crate::config::Flags;

/// The flags of a one-shot.
pub(super) fn of_ask(args: &AskArgs) -> Flags {
    let mut flags = of_connection(&args.connection);
    add_request(&mut flags, &args.request);
    flags.thinking.clone_from(&args.answer.thinking);
    flags
}

/// The flags of a chat.
pub(super) fn of_chat(args: &ChatArgs) -> Flags {
    let mut flags = of_connection(&args.connection);
    add_request(&mut flags, &args.request);
    flags.thinking.clone_from(&args.answer.thinking);
    flags
}

/// The flags that say which server, which model, whose key.
pub(super) fn of_connection(args: &ConnectionArgs) -> Flags {
    Flags {
        config: args.config.clone(),
        profile: args.profile.clone(),
        model: args.model.clone(),
        provider_type: args.provider_type.clone(),
        base_url: args.base_url.clone(),
        wire_api: args.wire_api.clone(),
        api_version: args.api_version.clone(),
        api_key_env: args.api_key_env.clone(),
        bearer_token_env: args.bearer_token_env.clone(),
        set: args.set.clone(),
        timeout: args.timeout.clone(),
        retries: args.retries.map(u64::from),
        ..Flags::default()
    }
}

/// Adds the flags that say how to answer.
pub(super) fn add_request(flags: &mut Flags, args: &RequestArgs) {
    flags.system.clone_from(&args.system);
    flags.system_file.clone_from(&args.system_file);
    flags.temperature = args.temperature;
    flags.top_p = args.top_p;
    flags.max_tokens = args.max_tokens;
    flags.stop.clone_from(&args.stop);
    flags.seed = args.seed;
    flags.effort.clone_from(&args.effort);
}
