//! Completion of paths.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::super::{attach, slash::quoting};
use crate::term::{Suggestion, sanitize_line};

/// How many entries of a folder are read, and how many are offered at most: Tab answers at once,
/// also in a folder of a million files.
const MOST_READ: usize = 20_000;
const MOST_OFFERED: usize = 300;

/// The paths that `typed` begins, quotes and all, sorted. Folders end in a separator; hidden files
/// are offered behind a dot only. A folder that cannot be read has nothing to offer.
pub(super) fn complete(typed: &str, home: Option<&Path>) -> Vec<Suggestion> {
    let quote = typed.chars().next().filter(|c| matches!(c, '"' | '\''));
    let word = quoting::first(typed);
    if quote.is_some() && !word.is_open {
        return Vec::new();
    }
    if word.meant == "~" && home.is_some() {
        let inserted = quote.into_iter().chain("~/".chars()).collect();
        return vec![Suggestion { shown: "~/".to_owned(), inserted }];
    }
    let end = word.meant.rfind(std::path::is_separator).map_or(0, |at| at + 1);
    let (folder, beginning) = word.meant.split_at(end);
    let place = match folder {
        "" => PathBuf::from("."),
        folder => attach::expand(Path::new(folder), home),
    };
    let names = names(&place, beginning).into_iter();
    names.filter_map(|name| suggestion(&place, folder, &name, quote)).collect()
}

/// The names in a folder that begin so, in order.
fn names(place: &Path, beginning: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(place) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .take(MOST_READ)
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with(beginning))
        .filter(|name| beginning.starts_with('.') || !name.starts_with('.'))
        // What cannot be shown as it is, could be taken for something else.
        .filter(|name| sanitize_line(name) == *name)
        .collect();
    names.sort_unstable();
    names.truncate(MOST_OFFERED);
    names
}

fn suggestion(place: &Path, folder: &str, name: &str, quote: Option<char>) -> Option<Suggestion> {
    // A link to a folder is one.
    let is_folder = fs::metadata(place.join(name)).is_ok_and(|metadata| metadata.is_dir());
    let slash = if is_folder { "/" } else { "" };
    let mut inserted = quoting::written(&format!("{folder}{name}{slash}"), quote)?;
    if !is_folder {
        inserted.extend(quote);
    }
    Some(Suggestion { shown: format!("{name}{slash}"), inserted })
}
