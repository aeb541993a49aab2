//! Finding what was said.
//!
//! Three questions are asked of each session, each dearer than the one before, and each asked only
//! when the one before cannot say no: of its signature, of the bytes of its file, and of what was
//! said. The last one alone says yes, so that the other two may be missing or wrong in one way only.
//! Signatures are made by a search that has to read much without them.

mod fold;
mod kept;
mod signature;
mod snippet;
mod wanted;

use std::{
    collections::{HashMap, HashSet},
    fs::File,
    io::Read as _,
    ops::Range,
    sync::{Mutex, PoisonError},
    thread,
};

use regex::Regex;

use super::{
    Entry, Error, SessionId, Store, Time,
    catalog::Row,
    derived, parallel,
    replay::{Account, Replay, Replayed},
};
use kept::Kept;
use signature::{Spellings, may_have};
use wanted::Wanted;

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Words and phrases, each of which must stand in the same question or answer. Case is of no
    /// matter, and white space in a phrase stands for any.
    pub texts: Vec<String>,
    /// A pattern that must match in it, too.
    pub pattern: Option<Regex>,
    /// Turns that were asked of this profile.
    pub profile: Option<String>,
    /// Turns that were asked of this model, in the profile's words.
    pub model: Option<String>,
    /// Turns that were asked at this time or later.
    pub since: Option<Time>,
    /// Turns that were asked before this time.
    pub until: Option<Time>,
}

/// A question or an answer that has all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The turn's number, from 1, as `/tree` shows it.
    pub turn: usize,
    /// Whether it is in the question; else it is in the answer.
    pub is_question: bool,
    /// When the turn was asked.
    pub at: Time,
    /// Words round the first place, on one line. Not sanitized.
    pub snippet: String,
    /// What was found in the snippet: byte ranges, in their order.
    pub marks: Vec<Range<usize>>,
}

/// A session with what was found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The session.
    pub entry: Entry,
    /// The hits, in the order of asking. What forks share is in the oldest session that has it.
    pub hits: Vec<Hit>,
}

/// Bytes of sessions without a signature that are not worth making one: to read them takes less than
/// to write all signatures anew.
const UNSIGNED: u64 = 16 << 20;

/// A buffer larger than this is not kept for the next file.
const BUFFER: usize = 64 << 20;

/// What a thread works with.
struct Bench {
    file: Vec<u8>,
    /// Made when the first signature is.
    spellings: Option<Spellings>,
}

/// A search while it goes on.
struct Search<'a> {
    store: &'a Store,
    wanted: Wanted<'a>,
    rows: Vec<Row>,
    kept: Kept,
    /// Signatures are made of all that is read.
    signs: bool,
}

/// What came of a session.
#[derive(Default)]
struct Looked {
    /// With the turn's id in the file.
    hits: Vec<(String, Hit)>,
    signature: Option<Vec<u8>>,
}

impl Store {
    /// Sessions in which `query` was found, the latest first, at most `most` of them.
    pub fn search(&self, query: &Query, most: usize) -> Result<Vec<Found>, Error> {
        self.search_signing(query, most, UNSIGNED)
    }

    /// As [`Store::search`]; signatures are made when they would be of more bytes than `unsigned`.
    fn search_signing(
        &self,
        query: &Query,
        most: usize,
        unsigned: u64,
    ) -> Result<Vec<Found>, Error> {
        let wanted = Wanted::new(query)?;
        let (rows, kept) = thread::scope(|scope| {
            let kept = scope.spawn(|| Kept::read(self));
            (self.rows(), kept.join().unwrap_or_default())
        });
        let rows = rows?.rows;
        let without = rows.iter().filter(|row| kept.of(row).is_none()).map(|row| row.entry.bytes);
        let lock = if without.sum::<u64>() > unsigned { derived::lock(self) } else { None };
        let search = Search { store: self, wanted, rows, kept, signs: lock.is_some() };
        let looked = search.look_everywhere(most);
        if lock.is_some() {
            search.sign(&looked, unsigned);
        }
        Ok(search.found(looked, most))
    }
}

impl Search<'_> {
    /// Looks through the sessions, the latest ones first, until `most` were found.
    fn look_everywhere(&self, most: usize) -> Vec<(usize, Looked)> {
        let families = families(&self.rows);
        let found: Mutex<Vec<usize>> = Mutex::default();
        let bench = || Bench { file: Vec::new(), spellings: None };
        let looked = parallel::map(families.len(), bench, |bench, at| {
            let family = &families[at];
            let is_enough = |found: &mut Vec<usize>| {
                // Families come in the order of their latest sessions: what is later than this one's
                // is known by now, or about to be.
                found.len() >= most
                    && found.iter().filter(|row| **row < family.latest).count() >= most
            };
            let lock = || found.lock().unwrap_or_else(PoisonError::into_inner);
            if is_enough(&mut lock()) {
                return Vec::new();
            }
            let looked = self.look_through(family, bench);
            let hit = looked.iter().filter(|(_, looked)| !looked.hits.is_empty());
            lock().extend(hit.map(|(row, _)| row));
            looked
        });
        let mut looked: Vec<(usize, Looked)> = looked.into_iter().flatten().collect();
        looked.sort_unstable_by_key(|(row, _)| *row);
        looked
    }

    fn found(&self, looked: Vec<(usize, Looked)>, most: usize) -> Vec<Found> {
        let hit = looked.into_iter().filter(|(_, looked)| !looked.hits.is_empty()).take(most);
        let found = hit.map(|(row, looked)| Found {
            entry: self.rows[row].entry.clone(),
            hits: looked.hits.into_iter().map(|(_, hit)| hit).collect(),
        });
        found.collect()
    }

    /// Sessions that have turns in common, each turn in the oldest one only.
    fn look_through(&self, family: &Family, bench: &mut Bench) -> Vec<(usize, Looked)> {
        let mut told = HashSet::new();
        let mut looked = Vec::new();
        for row in &family.members {
            let mut at = self.look(&self.rows[*row], bench);
            if family.members.len() > 1 {
                at.hits.retain(|(key, hit)| told.insert((key.clone(), hit.is_question)));
            }
            looked.push((*row, at));
        }
        looked
    }

    fn look(&self, row: &Row, bench: &mut Bench) -> Looked {
        let signature = self.kept.of(row);
        if signature.is_some_and(|signature| !may_have(signature, self.wanted.kinds())) {
            return Looked::default();
        }
        // One that is gone by now, or closed to us, has nothing to be found in it.
        if self.read(row, &mut bench.file).is_none() {
            return Looked::default();
        }
        let is_signed = self.signs && signature.is_none();
        if !is_signed && !row.is_tangled && !self.wanted.may_be_in(&bench.file) {
            return Looked::default();
        }
        let replayed = replay(&bench.file);
        let mut hits = Vec::new();
        let mut spellings = is_signed.then(|| bench.spellings.get_or_insert_with(Spellings::new));
        for side in sides(&replayed) {
            if let Some(spellings) = &mut spellings {
                spellings.add(&side.words);
            }
            if self.wanted.includes(side.account) && self.wanted.is_in(&side.words) {
                hits.push((side.account.key.clone(), side.hit(&self.wanted)));
            }
        }
        let signature = spellings.map(Spellings::sign);
        if bench.file.capacity() > BUFFER {
            bench.file = Vec::new();
        }
        Looked { hits, signature }
    }

    /// Reads a file as far as the catalog knows it.
    fn read(&self, row: &Row, buffer: &mut Vec<u8>) -> Option<()> {
        buffer.clear();
        buffer.reserve(usize::try_from(row.entry.bytes).ok()? + 1);
        let file = File::open(self.store.sessions().join(&row.entry.file)).ok()?;
        file.take(row.entry.bytes).read_to_end(buffer).ok()?;
        Some(())
    }

    /// Keeps the signatures that were made, with those that were there, when they are many.
    fn sign(&self, looked: &[(usize, Looked)], unsigned: u64) {
        let signed = looked
            .iter()
            .filter_map(|(row, looked)| Some((&self.rows[*row], looked.signature.as_deref()?)));
        if signed.clone().map(|(row, _)| row.entry.bytes).sum::<u64>() <= unsigned {
            return;
        }
        let kept = self.rows.iter().filter_map(|row| Some((row, self.kept.of(row)?)));
        kept::write(self.store, kept.chain(signed));
    }
}

/// A question or an answer.
struct Side<'a> {
    turn: usize,
    account: &'a Account,
    is_question: bool,
    words: std::borrow::Cow<'a, str>,
}

impl Side<'_> {
    fn hit(&self, wanted: &Wanted<'_>) -> Hit {
        let (snippet, marks) = snippet::of(&self.words, wanted.patterns());
        let (turn, is_question, at) = (self.turn, self.is_question, self.account.asked_at);
        Hit { turn, is_question, at, snippet, marks }
    }
}

/// All that was said. What the program says to have the rest of an answer is no question of anybody's.
fn sides(replayed: &Replayed) -> impl Iterator<Item = Side<'_>> {
    replayed.conversation.turns().zip(&replayed.accounts).flat_map(|((id, turn), account)| {
        let question = (!turn.is_continuation).then(|| (true, turn.words().into()));
        let answer = turn.answer.as_ref().map(|answer| (false, answer.words().into()));
        let sides = question.into_iter().chain(answer);
        sides.map(move |(is_question, words)| Side {
            turn: id.number(),
            account,
            is_question,
            words,
        })
    })
}

/// What the lines of a file come to. The files that went along are not looked through.
fn replay(file: &[u8]) -> Replayed {
    let mut replay = Replay::new(|_| Some(String::new()));
    let mut rest = file;
    while !rest.is_empty() {
        let feed = memchr::memchr(b'\n', rest);
        let (line, behind) = rest.split_at(feed.unwrap_or(rest.len()));
        replay.line(line, feed.is_some());
        rest = behind.get(1..).unwrap_or_default();
    }
    replay.finish()
}

/// Sessions that go back to the same one by being forked from it.
#[derive(Debug, PartialEq, Eq)]
struct Family {
    /// The number of its latest row.
    latest: usize,
    /// The numbers of its rows, the oldest session first.
    members: Vec<usize>,
}

/// The families of all rows, in the order of their latest ones.
fn families(rows: &[Row]) -> Vec<Family> {
    let parents: HashMap<&SessionId, &SessionId> = rows
        .iter()
        .filter_map(|row| Some((&row.entry.id, row.entry.forked_from.as_ref()?)))
        .collect();
    let mut by_root: HashMap<&SessionId, usize> = HashMap::new();
    let mut families: Vec<Family> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let mut root = &row.entry.id;
        // Files that were made by hand may go round in a circle.
        for _ in 0..=parents.len() {
            let Some(parent) = parents.get(root) else { break };
            root = parent;
        }
        let family = *by_root.entry(root).or_insert(families.len());
        match families.get_mut(family) {
            Some(family) => family.members.push(at),
            None => families.push(Family { latest: at, members: vec![at] }),
        }
    }
    let age = |row: &usize| (rows[*row].entry.begun_at, &rows[*row].entry.id);
    for family in &mut families {
        family.members.sort_by(|a, b| age(a).cmp(&age(b)));
    }
    families
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
