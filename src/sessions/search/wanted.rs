//! What is looked for, ready to be looked for. Pure.

use regex::{Regex, RegexBuilder, bytes};

use super::{
    super::{Error, replay::Account},
    Query,
    signature::Spellings,
};

/// Memory for one pattern. A phrase of many pages has room in it.
const ROOM: usize = 256 << 20;

/// How a line begins that holds a piece of an answer, which is in its answer, too.
const MORE: &[u8] = b"{\"type\":\"more\"";

/// A query whose patterns are made.
#[derive(Debug)]
pub(super) struct Wanted<'a> {
    query: &'a Query,
    texts: Vec<Regex>,
    /// What is in the line of a question or an answer that has all texts, the longest first. Unless
    /// the session is tangled.
    pieces: Vec<bytes::Regex>,
    /// Kinds of spellings that are in a session that has all texts.
    kinds: Vec<u64>,
}

impl<'a> Wanted<'a> {
    pub(super) fn new(query: &'a Query) -> Result<Self, Error> {
        let too_long = |_| Error::TooLong;
        let (mut texts, mut pieces) = (Vec::new(), Vec::new());
        let mut spellings = Spellings::new();
        for text in &query.texts {
            let words: Vec<String> = text.split_whitespace().map(regex::escape).collect();
            if words.is_empty() {
                continue;
            }
            let mut pattern = RegexBuilder::new(&words.join(r"\s+"));
            let pattern = pattern.case_insensitive(true).size_limit(ROOM).build();
            texts.push(pattern.map_err(too_long)?);
            // JSON has other words for white space, control characters, quotation marks and
            // backslashes; all other letters stand for themselves.
            let is_other = |letter: char| {
                letter.is_whitespace() || letter.is_control() || matches!(letter, '"' | '\\')
            };
            pieces.extend(text.split(is_other).filter(|piece| !piece.is_empty()));
            spellings.add(text);
        }
        pieces.sort_by_key(|piece| std::cmp::Reverse(piece.len()));
        let piece = |piece: &str| {
            let mut pattern = bytes::RegexBuilder::new(&regex::escape(piece));
            pattern.case_insensitive(true).size_limit(ROOM).build().map_err(too_long)
        };
        let pieces = pieces.into_iter().map(piece).collect::<Result<_, _>>()?;
        Ok(Self { query, texts, pieces, kinds: spellings.kinds().collect() })
    }

    /// What tells sessions apart by their signatures. Empty: nothing does.
    pub(super) fn kinds(&self) -> &[u64] {
        &self.kinds
    }

    /// Whether a question or an answer may have it all, by the bytes of a session's file. The session
    /// must not be tangled.
    pub(super) fn may_be_in(&self, file: &[u8]) -> bool {
        let Some((longest, others)) = self.pieces.split_first() else { return true };
        let mut at = 0;
        while let Some(found) = longest.find_at(file, at) {
            let start = memchr::memrchr(b'\n', &file[..found.start()]).map_or(0, |feed| feed + 1);
            let feed = memchr::memchr(b'\n', &file[found.start()..]);
            let end = feed.map_or(file.len(), |feed| found.start() + feed);
            let line = &file[start..end];
            if !line.starts_with(MORE) && others.iter().all(|piece| piece.is_match(line)) {
                return true;
            }
            at = end;
        }
        false
    }

    /// Whether a turn is among those that are looked through.
    pub(super) fn includes(&self, account: &Account) -> bool {
        let Query { profile, model, since, until, .. } = self.query;
        profile.as_ref().is_none_or(|wanted| *wanted == account.profile)
            && model.as_ref().is_none_or(|wanted| *wanted == account.model)
            && since.is_none_or(|since| account.asked_at >= since)
            && until.is_none_or(|until| account.asked_at < until)
    }

    /// Whether a question or an answer has it all.
    pub(super) fn is_in(&self, words: &str) -> bool {
        self.patterns().all(|pattern| pattern.is_match(words))
    }

    /// All that is to be found in one place.
    pub(super) fn patterns(&self) -> impl Iterator<Item = &Regex> + Clone {
        self.texts.iter().chain(&self.query.pattern)
    }
}
