//! `byok sessions check`: whether every file is as it was written.

use std::fmt::Write as _;

use clap::Args;
use serde_json::{Value, json};

use crate::{
    app::{cli::SpeechArgs, failure::Failure, output},
    sessions::{Checked, Fault, FaultKind, Store},
    term::{sanitize, sanitize_line, to_line},
};

/// `byok sessions check`
#[derive(Debug, Args)]
pub(in crate::app) struct CheckArgs {
    /// Put right what can be put right; nothing that was said is taken away
    #[arg(long)]
    pub(in crate::app) mend: bool,

    /// Print JSON
    #[arg(long)]
    pub(in crate::app) json: bool,

    #[command(flatten)]
    pub(in crate::app) speech: SpeechArgs,
}

/// Looks at every file. The exit code says whether all is well, or is now.
pub(super) fn run(args: &CheckArgs, store: &Store) -> Result<u8, Failure> {
    let checked = store.check(args.mend);
    if args.json {
        output::print(&String::from_utf8_lossy(&to_line(&to_json(&checked))))?;
    } else {
        output::print(&sanitize(&to_text(&checked, args.mend)))?;
    }
    Ok(u8::from(!checked.is_well()))
}

fn to_json(checked: &Checked) -> Value {
    let faults = checked.faults.iter().map(|fault| {
        json!({
            "file": fault.path.to_string_lossy(),
            "line": fault.line,
            "kind": kind(&fault.kind),
            "message": in_words(&fault.kind),
            "isMended": fault.is_mended,
        })
    });
    json!({
        "v": 1,
        "sessions": checked.sessions,
        "inUse": checked.in_use,
        "isWell": checked.is_well(),
        "faults": faults.collect::<Vec<_>>(),
        "unnamedFiles": checked.unnamed,
        "unnamedBytes": checked.unnamed_bytes,
    })
}

fn to_text(checked: &Checked, is_mending: bool) -> String {
    let mut text = String::new();
    for fault in &checked.faults {
        let Fault { path, line, kind, is_mended } = fault;
        let path = sanitize_line(&path.to_string_lossy());
        let line = line.map_or_else(String::new, |line| format!(":{line}"));
        let mended = if *is_mended { " (mended)" } else { "" };
        let _ = writeln!(text, "{path}{line}: {}{mended}", in_words(kind));
    }
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    if checked.unnamed > 0 {
        let (files, bytes) = (checked.unnamed, checked.unnamed_bytes);
        let _ = writeln!(
            text,
            "{files} attached file{} ({bytes} bytes) that no session names any more",
            plural(files)
        );
    }
    let sessions = checked.sessions;
    let _ = write!(text, "{sessions} session{}", plural(sessions));
    if checked.in_use > 0 {
        let _ = write!(text, ", {} in use and left alone", checked.in_use);
    }
    let left = checked.faults.iter().filter(|fault| !fault.is_mended).count();
    let mended = checked.faults.len() - left;
    if mended > 0 {
        let _ = write!(text, ", {mended} fault{} mended", plural(mended));
    }
    let state = match (left, is_mending) {
        (0, _) if mended == 0 => "all is well".to_owned(),
        (0, _) => "all is well now".to_owned(),
        (left, false) => format!(
            "{left} fault{}; `byok sessions check --mend` puts right what can be put right",
            plural(left)
        ),
        (left, true) => format!("{left} fault{} that cannot be mended", plural(left)),
    };
    let _ = writeln!(text, ": {state}");
    text
}

/// The name of a fault in JSON.
fn kind(kind: &FaultKind) -> &'static str {
    match kind {
        FaultKind::Torn => "torn",
        FaultKind::Unfinished(_) => "unfinished",
        FaultKind::Unreadable => "unreadable",
        FaultKind::Orphan => "orphan",
        FaultKind::Empty => "empty",
        FaultKind::NotASession => "notASession",
        FaultKind::Newer(_) => "newer",
        FaultKind::Exposed => "exposed",
        FaultKind::Missing(_) => "missing",
        FaultKind::Changed(_) => "changed",
        FaultKind::Refused(_) => "refused",
    }
}

fn in_words(kind: &FaultKind) -> String {
    match kind {
        FaultKind::Torn => "its last line has no end: a process was killed here".to_owned(),
        FaultKind::Unfinished(1) => "an answer came in part, and nobody wrote its end".to_owned(),
        FaultKind::Unfinished(count) => {
            format!("{count} answers came in part, and nobody wrote their ends")
        }
        FaultKind::Unreadable => "this line cannot be read".to_owned(),
        FaultKind::Orphan => "the turn that this line speaks of is not there".to_owned(),
        FaultKind::Empty => "nothing is in it".to_owned(),
        FaultKind::NotASession => "this is no session".to_owned(),
        FaultKind::Newer(version) => {
            format!("it is in version {version} of the format: a newer byok can read it")
        }
        FaultKind::Exposed => "other users of this machine may read it".to_owned(),
        FaultKind::Missing(name) => {
            format!("this is gone: the file `{}` of a question", sanitize_line(name))
        }
        FaultKind::Changed(name) => {
            format!("this was changed: the file `{}` of a question", sanitize_line(name))
        }
        FaultKind::Refused(reason) => format!("it cannot be read or mended: {reason}"),
    }
}
