//! Conversations on disk: one append-only file each, which is the truth, and nothing else.
//!
//! `docs/session-format.md` describes the files. What a person said is written before it is sent, an
//! answer as it grows; no line is ever changed or taken out. Everything else that is written here is
//! derived, and may be deleted at any time.

mod catalog;
mod check;
mod derived;
mod error;
mod exported;
mod files;
mod find;
mod folder;
mod foreign;
mod growth;
mod id;
mod journal;
mod last;
mod lines;
mod parallel;
mod place;
mod record;
mod rename;
mod replay;
mod search;
mod session;
mod store;
mod title;
mod trash;

pub use catalog::{Catalog, Entry};
pub use check::{Checked, Fault, FaultKind};
pub use error::Error;
pub use exported::{Exported, NotExported};
pub use foreign::{Foreign, Imported, Told};
pub use growth::{Grown, Growth};
pub use id::{SessionId, turn_of};
pub use last::Last;
pub use place::{Place, Surroundings};
pub use record::{Begun, Chosen, FileRef, State, Time, Trouble};
pub use rename::BadName;
pub use replay::{Account, Damage, DamageKind, Ended};
pub use search::{Found, Hit, Query};
pub use session::{Asking, Came, Session};
pub use store::{Listed, Opened, Store};
pub use trash::Removed;

#[cfg(test)]
mod testing;
