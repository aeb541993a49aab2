//! The words of a language that its text is coloured by, and how they are found.

/// What a known word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    Keyword,
    /// A keyword with the name of a function behind it.
    Definer,
    /// A keyword only before a word, a string or a bracket of names; else a name.
    Soft,
    /// `true`, `nil`, `self`.
    Value,
    Type,
    Function,
}

/// Lists of words separated by spaces: keywords, definers, soft keywords, values, types and functions.
pub(super) type Lists = [&'static str; 6];

/// The known words of a language, and where each of them is in its lists.
#[derive(Clone, Copy)]
pub(super) struct Words {
    lists: Lists,
    ignores_case: bool,
    /// List and offset of a word, plus one, by its hash; the next free slot takes a second word.
    /// Their number is a power of two, and at least one is free.
    slots: &'static [u16],
}

/// The [`Words`] of these [`Lists`], with as many slots as they need: a function cannot return a
/// table whose size depends on its argument.
macro_rules! words {
    ($lists:expr) => {{
        const LISTS: [&str; 6] = $lists;
        const SLOTS: [u16; Words::room(&LISTS)] = Words::place(&LISTS);
        Words::new(LISTS, &SLOTS)
    }};
}
pub(super) use words;

/// Offsets into a list take the lower bits of a slot.
const OFFSET_BITS: u16 = 12;
const KINDS: [Known; 6] =
    [Known::Keyword, Known::Definer, Known::Soft, Known::Value, Known::Type, Known::Function];

impl Words {
    pub(super) const NONE: Self = Self::new([""; 6], &[0]);

    /// What [`words!`] puts together.
    pub(super) const fn new(lists: Lists, slots: &'static [u16]) -> Self {
        Self { lists, ignores_case: false, slots }
    }

    /// The words are written in lower case and found in any.
    pub(super) const fn in_any_case(self) -> Self {
        Self { ignores_case: true, ..self }
    }

    /// How many slots these words need: at least a quarter of them stays free.
    pub(super) const fn room(lists: &Lists) -> usize {
        let (mut words, mut list) = (0_usize, 0);
        while list < lists.len() {
            let text = lists[list].as_bytes();
            let mut at = 0;
            while at < text.len() {
                if at == 0 || text[at] == b' ' {
                    words += 1;
                }
                at += 1;
            }
            list += 1;
        }
        (words + words / 3 + 1).next_power_of_two()
    }

    /// The slots, which are `SLOTS` many.
    pub(super) const fn place<const SLOTS: usize>(lists: &Lists) -> [u16; SLOTS] {
        let mut slots = [0; SLOTS];
        let mut list = 0;
        let mut number = 0_u16;
        while list < lists.len() {
            let words = lists[list].as_bytes();
            let (mut at, mut offset) = (0, 0_u16);
            while at < words.len() {
                let start = at;
                while at < words.len() && words[at] != b' ' {
                    at += 1;
                }
                let (_, rest) = words.split_at(start);
                let mut slot = hash(rest, at - start) % SLOTS;
                while slots[slot] != 0 {
                    slot = (slot + 1) % SLOTS;
                }
                assert!(offset >> OFFSET_BITS == 0, "the list is too long");
                slots[slot] = ((number << OFFSET_BITS) | offset) + 1;
                while offset as usize <= at {
                    offset += 1;
                }
                at += 1;
            }
            list += 1;
            number += 1;
        }
        slots
    }

    /// What this word is, if it is known. It is not empty.
    pub(super) fn find(&self, word: &[u8]) -> Option<Known> {
        let mut slot = hash(word, word.len());
        loop {
            let found = self.slots[slot & (self.slots.len() - 1)].checked_sub(1)?;
            let list = usize::from(found >> OFFSET_BITS);
            let rest =
                &self.lists[list].as_bytes()[usize::from(found & ((1 << OFFSET_BITS) - 1))..];
            let is_whole = matches!(rest.get(word.len()), None | Some(b' '));
            if is_whole && rest.len() >= word.len() {
                let known = &rest[..word.len()];
                if known == word || (self.ignores_case && known.eq_ignore_ascii_case(word)) {
                    return KINDS.get(list).copied();
                }
            }
            slot += 1;
        }
    }
}

/// Of the word that `text` begins with. Takes no heed of letter case.
const fn hash(text: &[u8], length: usize) -> usize {
    let (first, middle, last) = (text[0] | 32, text[length / 2] | 32, text[length - 1] | 32);
    let sum = (first as usize * 31) ^ (middle as usize * 7) ^ (last as usize * 113) ^ (length * 73);
    sum ^ (sum >> 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: Words = words!(["if else end for do", "fn", "type of", "true", "int", "print"]);

    #[test]
    fn every_word_is_what_its_list_says() {
        for (list, known) in WORDS.lists.iter().zip(KINDS) {
            for word in list.split(' ') {
                assert_eq!(WORDS.find(word.as_bytes()), Some(known), "{word}");
            }
        }
    }

    #[test]
    fn pieces_of_words_are_unknown() {
        let words = || WORDS.lists.into_iter().flat_map(|list| list.split(' '));
        for word in words() {
            for start in 0..word.len() {
                for end in start + 1..=word.len() {
                    let piece = &word[start..end];
                    let is_word = words().any(|it| it == piece);
                    assert_eq!(WORDS.find(piece.as_bytes()).is_some(), is_word, "{piece}");
                }
            }
        }
        assert_eq!(WORDS.find(b"IF"), None);
        assert_eq!(Words::NONE.find(b"if"), None);
    }

    #[test]
    fn words_in_any_case_are_found_in_any() {
        assert_eq!(WORDS.in_any_case().find(b"ElSe"), Some(Known::Keyword));
    }

    #[test]
    fn a_slot_stays_free_however_many_words_there_are() {
        let text = "w ".repeat(300);
        for count in 0..300 {
            let words: &'static str = String::leak(text[..count * 2].trim_end().to_owned());
            assert!(Words::room(&[words, "", "", "", "", ""]) > count, "{count}");
        }
    }
}
