//! What a session is called: names that no other has, and that cannot be taken for anything else.

use std::path::Path;

use super::{Entry, Error, Session, SessionId, Store, id};

/// The longest name, in characters.
const LONGEST: usize = 200;

/// Why a text can be no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// It has no letter in it.
    #[error("a name cannot be empty")]
    Empty,
    /// It is too long.
    #[error("a name has at most {LONGEST} characters, and this one has {0}")]
    TooLong(usize),
    /// It would be taken for a flag.
    #[error("a name cannot begin with `-`")]
    Flag,
    /// It would be taken for an id.
    #[error("`{0}` could be the beginning of an id")]
    LikeAnId(String),
    /// Another session is called that.
    #[error("session `{}` is called `{name}` already", id.short())]
    Taken {
        /// The name.
        name: String,
        /// Whose it is.
        id: SessionId,
    },
}

impl Store {
    /// Whether the session `id` may be called `name`, which has nothing in it that must not be shown.
    /// Returns the name without white space round it.
    pub fn check_name(&self, name: &str, id: &SessionId) -> Result<String, Error> {
        let name = well_formed(name)?;
        let entries = self.catalog()?.entries;
        let is_taken = |entry: &&Entry| entry.id != *id && entry.name.as_deref() == Some(name);
        match entries.iter().find(is_taken) {
            Some(other) => {
                Err(BadName::Taken { name: name.to_owned(), id: other.id.clone() }.into())
            }
            None => Ok(name.to_owned()),
        }
    }

    /// Calls a session that is not open something else; `None`: nothing any more. A session that is in
    /// use keeps its name.
    pub fn rename(&self, path: &Path, name: Option<&str>) -> Result<Session, Error> {
        let opened = self.open(path, true)?;
        let mut session = opened.session;
        if opened.is_fork {
            let origin = session.begun().forked_from.clone();
            return Err(Error::InUse { id: origin.unwrap_or_else(|| session.id().clone()) });
        }
        if let Some(trouble) = session.take_trouble() {
            return Err(trouble);
        }
        let name = name.map(|name| self.check_name(name, session.id())).transpose()?;
        session.rename(name);
        session.settle();
        session.take_trouble().map_or(Ok(session), Err)
    }
}

/// The name without white space round it.
fn well_formed(name: &str) -> Result<&str, BadName> {
    let name = name.trim();
    match name.chars().count() {
        0 => Err(BadName::Empty),
        length if length > LONGEST => Err(BadName::TooLong(length)),
        _ if name.starts_with('-') => Err(BadName::Flag),
        _ if id::is_beginning(name) => Err(BadName::LikeAnId(name.to_owned())),
        _ => Ok(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_neither_empty_nor_long_nor_like_a_flag_or_an_id() {
        assert_eq!(well_formed("  the sky "), Ok("the sky"));
        assert_eq!(well_formed(" \t"), Err(BadName::Empty));
        assert_eq!(well_formed("-r"), Err(BadName::Flag));
        assert_eq!(well_formed("bcd"), Err(BadName::LikeAnId("bcd".to_owned())));
        assert_eq!(well_formed(&"é".repeat(200)), Ok("é".repeat(200).as_str()));
        assert_eq!(well_formed(&"é".repeat(201)), Err(BadName::TooLong(201)));
    }
}
