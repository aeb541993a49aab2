//! What cannot be in a session, without looking: a Bloom filter of all that three letters in a row
//! spell in it, case left out. Pure.

use super::fold::Folding;

/// Letters in a row.
const LETTERS: u32 = 3;

/// Bits that a letter takes.
const LETTER: u32 = 21;

/// Kinds of spellings that are told apart, as a power of two. A long session has some ten thousand.
const KINDS: u32 = 21;

/// Bits of a signature for each spelling in it: with two of them set, a spelling that is not in the
/// session seems to be in it once in six times, and a word of six letters hardly ever.
const BITS: usize = 4;

/// Kinds of spellings: all that is to be in a session, or all that is.
#[derive(Debug)]
pub(super) struct Spellings {
    folding: Folding,
    kinds: Vec<u64>,
}

impl Spellings {
    /// None yet.
    pub(super) fn new() -> Self {
        Self { folding: Folding::new(), kinds: vec![0; 1 << (KINDS - 6)] }
    }

    /// Adds those of a text. White space parts them, for a phrase is found over any of it.
    pub(super) fn add(&mut self, text: &str) {
        let (mut letters, mut count) = (0_u64, 0);
        for letter in text.chars() {
            if letter.is_whitespace() {
                count = 0;
                continue;
            }
            let all = (1_u64 << (LETTERS * LETTER)) - 1;
            letters = ((letters << LETTER) | u64::from(self.folding.of(letter))) & all;
            count += 1;
            if count >= LETTERS {
                // Its upper bits depend on all letters; this is done for each one of all sessions.
                let kind = letters.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - KINDS);
                self.kinds[place(kind >> 6)] |= 1 << (kind & 63);
            }
        }
    }

    /// Each kind.
    pub(super) fn kinds(&self) -> impl Iterator<Item = u64> {
        (0..).zip(&self.kinds).flat_map(|(at, kinds)| {
            let mut left = *kinds;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| u64::from(left.trailing_zeros()))?;
                // Without its lowest bit.
                left &= left - 1;
                Some((at << 6) | bit)
            })
        })
    }

    /// The signature of a session with these spellings, which are no more afterwards.
    pub(super) fn sign(&mut self) -> Vec<u8> {
        let count: u32 = self.kinds.iter().map(|kinds| kinds.count_ones()).sum();
        let mut signature = vec![0; (place(count.into()) * BITS).div_ceil(8).max(1)];
        for kind in self.kinds() {
            for bit in bits(kind, signature.len()) {
                signature[bit / 8] |= 1 << (bit % 8);
            }
        }
        self.kinds.fill(0);
        signature
    }
}

/// Whether a session with this signature may have all these kinds of spellings.
pub(super) fn may_have(signature: &[u8], kinds: &[u64]) -> bool {
    let is_set = |bit: usize| (signature[bit / 8] >> (bit % 8)) & 1 == 1;
    kinds.iter().all(|kind| bits(*kind, signature.len()).into_iter().all(is_set))
}

/// The bits that stand for a kind in a signature of so many bytes.
fn bits(kind: u64, bytes: usize) -> [usize; 2] {
    let mixed = mixed(kind + 1);
    let count = u64::try_from(bytes).unwrap_or(u64::MAX) * 8;
    // The upper half of a product spreads evenly over whatever count.
    [mixed >> 32, mixed & 0xffff_ffff].map(|half| place((half * count) >> 32))
}

/// A number whose upper bits depend on all bits of this one. Nobody is to be kept from guessing it.
fn mixed(number: u64) -> u64 {
    // The finalizer of splitmix64.
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

fn place(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<u64> {
        let mut spellings = Spellings::new();
        spellings.add(text);
        spellings.kinds().collect()
    }

    #[test]
    fn what_is_in_a_session_is_never_ruled_out() {
        let text = "Why is the SKY blue? Straße, ὈΔΥΣΣΕΎΣ, 漢字かな, \u{212a}elvin";
        let mut spellings = Spellings::new();
        spellings.add(text);
        let signature = spellings.sign();
        for part in ["sky", "BLUE?", "straße", "ὀδυσσεύς", "漢字か", "kelvin", "no", ""]
        {
            assert!(may_have(&signature, &kinds(part)), "{part}");
        }
        assert_eq!(spellings.kinds().count(), 0);
    }

    #[test]
    fn what_is_not_in_it_is_ruled_out_nearly_always() {
        let mut spellings = Spellings::new();
        (0..2_000).for_each(|number| spellings.add(&format!("word{number}")));
        let signature = spellings.sign();
        let words = (0..1_000).map(|number| format!("xq{number}zj"));
        let missed = words.filter(|word| may_have(&signature, &kinds(word))).count();
        assert!(missed < 20, "{missed} of 1000");
    }
}
