//! `byok sessions export`: a session leaves, to be read elsewhere.

use std::{fs, path::PathBuf};

use clap::Args;

use crate::{
    app::{
        cli::SpeechArgs,
        failure::Failure,
        output,
        transcript::{self, Format},
    },
    sessions::{DamageKind, Opened, Store},
    term::{Console, Destination, sanitize_line},
};

/// `byok sessions export`
#[derive(Debug, Args)]
pub(in crate::app) struct ExportArgs {
    /// The session: its id, its name, or the beginning of one; without it, the last one
    #[arg(value_name = "WHICH")]
    which: Option<String>,

    /// How it is written; without it, as the name of FILE says, else as Markdown
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,

    /// Write to FILE, which appears whole or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Replace FILE when it is there already
    #[arg(long, requires = "output")]
    force: bool,

    #[command(flatten)]
    pub(super) speech: SpeechArgs,
}

/// Runs `byok sessions export`.
pub(super) fn run(args: &ExportArgs, store: &Store, console: Console) -> Result<u8, Failure> {
    let path = super::file_of(store, args.which.as_deref())?;
    // Nothing is written to it, so that it may be in use elsewhere.
    let Opened { session, damage, missing, .. } = store.open(&path, false)?;
    let id = session.id().short();
    if damage.iter().any(|it| it.kind != DamageKind::Torn) {
        console.warning(&format!(
            "some lines of session `{id}` cannot be read: what they say is not exported"
        ));
    }
    for name in missing {
        console.warning(&format!(
            "the file `{}` is not there any more: only its name is exported",
            sanitize_line(&name)
        ));
    }
    let named = args.output.as_deref().and_then(Format::of);
    let bytes = transcript::export(&session, args.format.or(named).unwrap_or_default())?;
    let Some(file) = &args.output else {
        output::print_bytes(&bytes)?;
        return Ok(0);
    };
    let name = file.display().to_string();
    if !args.force && fs::metadata(file).is_ok_and(|it| it.is_file()) {
        return Err(
            Failure::usage(format!("`{name}` is there already")).hint("`--force` replaces it")
        );
    }
    let unwritable = |error| Failure::usage(format!("`{name}` cannot be written to")).cause(error);
    let mut destination = Destination::file(file).map_err(unwritable)?;
    destination.write(&bytes).and_then(|()| destination.keep()).map_err(unwritable)?;
    let title = sanitize_line(&session.title());
    console.notice(&format!("exported `{id}` to `{}`: `{title}`", sanitize_line(&name)));
    Ok(0)
}
