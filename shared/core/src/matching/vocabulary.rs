//! All words of both lists, and which of them are one edit apart.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use xxhash_rust::xxh3::xxh3_64;

use super::known::is_known;
use super::rows::Row;
use super::typo::is_one_edit;

/// Shorter words differ by a letter all the time.
const MIN_LETTERS: usize = 4;
/// A crowd of words around one pattern (codes, most likely): nothing is known of slips among them.
const MAX_CROWD: usize = 48;

/// Number of a word.
pub(super) type WordId = u32;

/// Words of small Latin letters.
#[derive(Debug, Default)]
pub(super) struct Vocabulary<'r> {
    ids: HashMap<&'r str, WordId>,
    words: Vec<&'r str>,
    neighbors: HashMap<WordId, Vec<WordId>>,
    crowded: Vec<bool>,
}

/// The words one edit away.
#[derive(Clone, Copy, Debug)]
pub(super) enum Neighbors<'v> {
    /// These.
    Few(&'v [WordId]),
    /// Too many to tell a slip from a word.
    Crowd,
}

impl<'r> Vocabulary<'r> {
    /// Gathers the core words of the rows.
    pub(super) fn of(rows: &'r [Row<'_>]) -> Self {
        let mut vocabulary = Self::default();
        let core = rows.iter().filter(|row| row.is_compared()).flat_map(|row| &row.name.core);
        for word in core.filter(|word| is_plain(&word.text)) {
            vocabulary.add(&word.text);
        }
        vocabulary.crowded = vec![false; vocabulary.words.len()];
        vocabulary.find_neighbors();
        vocabulary
    }

    /// Words one edit away from this one.
    pub(super) fn neighbors(&self, word: &str) -> Neighbors<'_> {
        let Some(id) = self.ids.get(word) else { return Neighbors::Few(&[]) };
        if self.crowded.get(*id as usize) == Some(&true) {
            return Neighbors::Crowd;
        }
        Neighbors::Few(self.neighbors.get(id).map_or(&[], Vec::as_slice))
    }

    /// A word by its number.
    pub(super) fn word(&self, id: WordId) -> &'r str {
        self.words.get(id as usize).copied().unwrap_or_default()
    }

    fn add(&mut self, word: &'r str) {
        if let Entry::Vacant(entry) = self.ids.entry(word) {
            entry.insert(u32::try_from(self.words.len()).unwrap_or(u32::MAX));
            self.words.push(word);
        }
    }

    /// Two words one edit apart share a text with one letter, or none, taken out.
    fn find_neighbors(&mut self) {
        let mut rests = self.rests();
        rests.sort_unstable();
        rests.dedup();
        for group in rests.chunk_by(|one, other| one.0 == other.0).filter(|group| group.len() > 1) {
            if group.len() > MAX_CROWD {
                group.iter().for_each(|(_, word)| self.crowded[*word as usize] = true);
                continue;
            }
            for (at, (_, one)) in group.iter().enumerate() {
                group[at + 1..].iter().for_each(|(_, other)| self.note(*one, *other));
            }
        }
        for near in self.neighbors.values_mut() {
            near.sort_unstable();
            near.dedup();
        }
    }

    fn rests(&self) -> Vec<(u64, WordId)> {
        let mut rests = Vec::with_capacity(self.words.iter().map(|word| word.len() + 1).sum());
        let mut rest = Vec::new();
        for (word, id) in self.words.iter().zip(0..) {
            rests.push((xxh3_64(word.as_bytes()), id));
            for at in 0..word.len() {
                rest.clear();
                rest.extend(word.bytes().take(at).chain(word.bytes().skip(at + 1)));
                rests.push((xxh3_64(&rest), id));
            }
        }
        rests
    }

    /// Two known words are no slips of each other, so neither is a rival of the other.
    fn note(&mut self, one: WordId, other: WordId) {
        let (one_word, other_word) = (self.word(one), self.word(other));
        if is_one_edit(one_word, other_word) && !(is_known(one_word) && is_known(other_word)) {
            self.neighbors.entry(one).or_default().push(other);
            self.neighbors.entry(other).or_default().push(one);
        }
    }
}

fn is_plain(word: &str) -> bool {
    word.len() >= MIN_LETTERS && word.bytes().all(|letter| letter.is_ascii_lowercase())
}
