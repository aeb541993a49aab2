//! `byok sessions list`.

use jiff::Timestamp;
use serde_json::json;

use super::{
    args::ListArgs,
    filter::Filter,
    rows::{self, Numbering},
    warn_of_unreadable,
};
use crate::{
    app::{failure::Failure, output},
    sessions::{Entry, Store},
    term::{Console, columns, to_line},
};

/// How many are listed on a terminal.
const FIRST: usize = 20;

/// Lists the sessions, the latest first.
pub(super) fn run(args: &ListArgs, store: &Store, console: Console) -> Result<u8, Failure> {
    let is_for_people = console.facts().stdout_is_terminal && !args.json;
    let filter = Filter::of(&args.filter, store.place())?;
    let catalog = store.catalog()?;
    warn_of_unreadable(&catalog, console);
    let fitting: Vec<&Entry> = catalog.entries.iter().filter(|it| filter.fits(it)).collect();
    let most = match args.most {
        Some(most) => most,
        None if is_for_people && !args.all => FIRST,
        None => usize::MAX,
    };
    let shown = &fitting[..fitting.len().min(most)];
    if args.json {
        let sessions: Vec<_> = shown.iter().map(|it| rows::json(it)).collect();
        let line = to_line(&json!({ "v": 1, "sessions": sessions }));
        output::print(&String::from_utf8_lossy(&line))?;
        return Ok(0);
    }
    if !is_for_people {
        output::print(&shown.iter().map(|it| rows::tabbed(it)).collect::<String>())?;
        return Ok(0);
    }
    let rows = rows::rows(shown, &catalog.entries, Numbering::Ids, Timestamp::now(), columns());
    output::print(&rows)?;
    if catalog.entries.is_empty() {
        console.notice("there is no session yet: every question makes one");
    } else if fitting.is_empty() {
        console.notice("no session fits");
    } else if fitting.len() > shown.len() {
        let more = fitting.len() - shown.len();
        console.notice(&format!(
            "{more} more: `--all` lists them, `byok sessions search` finds words"
        ));
    }
    Ok(0)
}
