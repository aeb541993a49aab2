//! `byok sessions rename`.

use super::args::RenameArgs;
use crate::{
    app::failure::Failure,
    sessions::Store,
    term::{Console, sanitize_line},
};

/// Calls a session something else.
pub(super) fn rename(args: &RenameArgs, store: &Store, console: Console) -> Result<u8, Failure> {
    let path = store.find(&args.which)?;
    let name = sanitize_line(&args.name);
    let name = (name.trim() != "-").then_some(name.as_str());
    let session = store.rename(&path, name)?;
    let id = session.id().short();
    match session.name() {
        Some(name) => console.notice(&format!(
            "session `{id}` is called `{name}`: `byok -r='{name}'` goes on with it"
        )),
        None => console.notice(&format!("session `{id}` has no name any more")),
    }
    Ok(0)
}
