//! `byok init`: a configuration file to start from.

use super::{cli::InitArgs, failure::Failure, output};
use crate::{
    config::{self, Env, Flags, StarterError},
    term::{Console, sanitize_line},
};

/// Writes the file and prints its path alone, so that a shell can use it.
pub(super) fn run(args: &InitArgs, env: &Env, console: Console) -> Result<(), Failure> {
    let flags = Flags { config: args.config.clone(), ..Flags::default() };
    let path = config::locate(env, &flags).config;
    config::write_starter(&path).map_err(failed)?;
    output::print(&format!("{}\n", sanitize_line(&path.to_string_lossy())))?;
    console.notice(
        "every profile in it is switched off: remove `#| ` from the lines of one, and try \
         `byok config check`",
    );
    Ok(())
}

fn failed(error: StarterError) -> Failure {
    let failure = Failure::usage(error.to_string());
    match error {
        StarterError::Exists { .. } => failure
            .hint("edit that file; `byok config check` says whether it is right")
            .hint("`byok init --config FILE` writes a new one elsewhere, to copy from"),
        StarterError::Unwritable { source, .. } => {
            failure.cause(source).hint("`byok init --config FILE` writes it elsewhere")
        }
    }
}
