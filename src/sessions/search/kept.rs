//! The signatures of sessions as they are kept in the cache folder.
//!
//! ```text
//! HEAD  then for each session, numbers with their low bytes first:
//! 4     the length of its file's name
//! 4     the length of its signature
//! 8     the length of its file when it was read
//! 8     when that had been changed last, in nanoseconds since 1970
//! 8     a sum of all that follows
//! …     the name, the signature
//! ```

use std::{collections::HashMap, fs, ops::Range};

use super::super::{Store, catalog::Row, derived};

/// How the file begins. Another number: what follows means something else.
const HEAD: &[u8] = b"byok signatures 1\n";

/// The file's name in [`Store::derived`].
const FILE: &str = "signatures";

/// Numbers before the name of a file.
const NUMBERS: usize = 32;

/// The signatures that are there.
#[derive(Debug, Default)]
pub(super) struct Kept {
    bytes: Vec<u8>,
    by_file: HashMap<String, Place>,
}

/// Where a signature is, and of which state of the file.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    bytes: u64,
    modified: u64,
    signature: Range<usize>,
}

impl Kept {
    /// What can be read; what is broken was never there.
    pub(super) fn read(store: &Store) -> Self {
        let bytes = fs::read(store.derived().join(FILE)).unwrap_or_default();
        let mut by_file = HashMap::new();
        let mut at = if bytes.starts_with(HEAD) { HEAD.len() } else { bytes.len() };
        while let Some((name, place)) = entry(&bytes, at) {
            at = place.signature.end;
            by_file.insert(name, place);
        }
        Self { bytes, by_file }
    }

    /// The signature of a session, when it is of its file's present state.
    pub(super) fn of(&self, row: &Row) -> Option<&[u8]> {
        let place = self.by_file.get(&row.entry.file)?;
        let is_fresh = (place.bytes, place.modified) == (row.entry.bytes, row.modified);
        is_fresh.then(|| &self.bytes[place.signature.clone()])
    }
}

/// Keeps the signatures of sessions. The caller has the lock.
pub(super) fn write<'a>(store: &Store, signatures: impl Iterator<Item = (&'a Row, &'a [u8])>) {
    let mut bytes = HEAD.to_vec();
    for (row, signature) in signatures {
        let name = row.entry.file.as_bytes();
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).ok();
        let (Some(names), Some(signatures)) = (length(name), length(signature)) else { continue };
        bytes.extend(names.to_le_bytes());
        bytes.extend(signatures.to_le_bytes());
        bytes.extend(row.entry.bytes.to_le_bytes());
        bytes.extend(row.modified.to_le_bytes());
        bytes.extend(sum(&[name, signature]).to_le_bytes());
        bytes.extend(name);
        bytes.extend(signature);
    }
    derived::replace(store, FILE, &bytes);
}

/// The session that is told of at `at`, if all of it is there and as it was written.
fn entry(bytes: &[u8], at: usize) -> Option<(String, Place)> {
    let numbers = bytes.get(at..at + NUMBERS)?;
    let half = |from: usize| numbers.get(from..from + 4)?.try_into().ok().map(u32::from_le_bytes);
    let whole = |from: usize| numbers.get(from..from + 8)?.try_into().ok().map(u64::from_le_bytes);
    let name = at + NUMBERS;
    let signature = name.checked_add(usize::try_from(half(0)?).ok()?)?;
    let end = signature.checked_add(usize::try_from(half(4)?).ok()?)?;
    let name = bytes.get(name..signature)?;
    let is_whole = end > signature && sum(&[name, bytes.get(signature..end)?]) == whole(24)?;
    let file = str::from_utf8(name).ok().filter(|_| is_whole)?.to_owned();
    Some((file, Place { bytes: whole(8)?, modified: whole(16)?, signature: signature..end }))
}

/// A sum that tells whether a disk kept what it was given: a page of zeros would rule out what is
/// there.
fn sum(parts: &[&[u8]]) -> u64 {
    let mut sum = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        let (words, rest) = part.as_chunks::<8>();
        let words = words.iter().map(|word| u64::from_le_bytes(*word));
        for word in words.chain(rest.iter().map(|byte| u64::from(*byte) + 1)) {
            sum = (sum ^ word).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(29);
        }
    }
    sum
}
