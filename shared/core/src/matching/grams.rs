//! Pieces of names, and which rows hold them.

use xxhash_rust::xxh3::xxh3_64;

use super::fold::Umlauts;
use super::name::{CoreWord, Name};

/// How alike a name and its initials are.
const INITIALS_LIKENESS: f32 = 0.5;

/// Number of a piece.
pub(super) type GramId = u32;

/// Which rows hold which pieces, both ways.
#[derive(Debug)]
pub(super) struct Postings {
    /// Hashes of the pieces, sorted.
    hashes: Vec<u64>,
    /// Where the rows of each piece begin, and their end.
    starts: Vec<u32>,
    rows: Vec<u32>,
    /// Where the pieces of each row begin, and their end.
    row_starts: Vec<u32>,
    row_grams: Vec<GramId>,
    norms: Vec<f32>,
}

/// Which end of a search a name is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It is looked for.
    Asked,
    /// It may be found.
    Found,
}

/// Hashes of a name's pieces: three letters in a row (blanks around words count), whole words, and initials, so that
/// `NWCA` finds the Northwest Carpenters Alliance, and the other way round. Sorted, each once.
pub(super) fn grams(name: &Name, role: Role) -> Vec<u64> {
    let heads = || name.core.iter().map(CoreWord::head);
    let mut found: Vec<u64> = heads().map(|head| tagged(WORD, head)).collect();
    let text: Vec<char> = format!(" {} ", heads().collect::<Vec<_>>().join(" ")).chars().collect();
    found.extend(text.windows(3).map(three));
    // A short name stands on the one side, the long one on the other: equal initials alone say nothing.
    let (short, long) = if role == Role::Asked { ("s", "l") } else { ("l", "s") };
    match name.core.as_slice() {
        [word] => found.push(tagged(INITIALS, &format!("{short}{}", word.text))),
        [_, _, _, ..] => {
            let initials = heads().filter_map(|head| head.chars().next()).collect::<String>();
            found.push(tagged(INITIALS, &format!("{long}{initials}")));
        }
        _ => {}
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Highest bits of a whole word; three letters have none of them.
const WORD: u64 = 0b10 << 62;
/// Highest bits of initials.
const INITIALS: u64 = 0b11 << 62;

fn three(letters: &[char]) -> u64 {
    letters.iter().fold(1, |sum, letter| (sum << 21) | u64::from(u32::from(*letter)))
}

fn tagged(tag: u64, text: &str) -> u64 {
    (xxh3_64(text.as_bytes()) >> 2) | tag
}

impl Postings {
    /// Reads the names.
    pub(super) fn new<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut pairs: Vec<(u64, u32)> = Vec::new();
        let mut n_rows = 0;
        for name in names {
            let hashes = grams(&Name::read(name, Umlauts::Bare), Role::Found);
            pairs.extend(hashes.into_iter().map(|hash| (hash, n_rows)));
            n_rows += 1;
        }
        pairs.sort_unstable();
        let mut hashes: Vec<u64> = pairs.iter().map(|(hash, _)| *hash).collect();
        hashes.dedup();
        let starts = starts_of(pairs.chunk_by(|one, other| one.0 == other.0).map(<[_]>::len));
        let rows = pairs.iter().map(|(_, row)| *row).collect();
        let mut postings =
            Self { hashes, starts, rows, row_starts: Vec::new(), row_grams: Vec::new(), norms: Vec::new() };
        drop(pairs);
        postings.turn(n_rows);
        postings
    }

    /// Fills the pieces by row from the rows by piece.
    fn turn(&mut self, n_rows: u32) {
        let mut counts = vec![0_usize; n_rows as usize];
        self.rows.iter().for_each(|row| counts[*row as usize] += 1);
        self.row_starts = starts_of(counts.into_iter());
        let mut next = self.row_starts.clone();
        self.row_grams = vec![0; self.rows.len()];
        for (_, gram) in self.hashes.iter().zip(0..) {
            for row in self.starts[gram as usize]..self.starts[gram as usize + 1] {
                let row = self.rows[row as usize] as usize;
                self.row_grams[next[row] as usize] = gram;
                next[row] += 1;
            }
        }
        self.norms = (0..n_rows).map(|row| self.norm_of(self.grams_of(row), 0)).collect();
    }

    /// Those of the pieces that any row holds, sorted.
    pub(super) fn known(&self, hashes: &[u64]) -> Vec<GramId> {
        let found = hashes.iter().filter_map(|hash| self.hashes.binary_search(hash).ok());
        found.filter_map(|at| GramId::try_from(at).ok()).collect()
    }

    /// Rows that hold a piece.
    pub(super) fn rows(&self, gram: GramId) -> &[u32] {
        &self.rows[self.starts[gram as usize] as usize..self.starts[gram as usize + 1] as usize]
    }

    fn grams_of(&self, row: u32) -> &[GramId] {
        &self.row_grams[self.row_starts[row as usize] as usize..self.row_starts[row as usize + 1] as usize]
    }

    /// What a piece is worth: the rarer, the more.
    pub(super) fn weight(&self, gram: GramId) -> f32 {
        self.weight_of(self.rows(gram).len())
    }

    #[expect(clippy::cast_precision_loss, reason = "a weight needs no more than its first digits")]
    fn weight_of(&self, n_rows: usize) -> f32 {
        (1.0 + (self.row_starts.len() - 1) as f32 / n_rows as f32).ln()
    }

    /// Length of a name as a vector of weights; pieces that no row holds weigh as much as the rarest.
    #[expect(clippy::cast_precision_loss, reason = "a name has few pieces")]
    pub(super) fn norm_of(&self, grams: &[GramId], n_unknown: usize) -> f32 {
        let known: f32 = grams.iter().map(|gram| self.weight(*gram).powi(2)).sum();
        (known + n_unknown as f32 * self.weight_of(1).powi(2)).sqrt()
    }

    /// Length of a row's name.
    pub(super) fn norm(&self, row: u32) -> f32 {
        self.norms[row as usize]
    }

    /// Cosine between a name and a row.
    pub(super) fn likeness(&self, grams: &[GramId], norm: f32, row: u32) -> f32 {
        let (mut others, mut shared) = (self.grams_of(row).iter().peekable(), 0.0);
        let mut least = 0.0;
        for gram in grams {
            while others.next_if(|other| *other < gram).is_some() {}
            if others.next_if_eq(&gram).is_some() {
                shared += self.weight(*gram).powi(2);
                least = if self.hashes[*gram as usize] >= INITIALS { INITIALS_LIKENESS } else { least };
            }
        }
        least.max(shared / (norm * self.norm(row)))
    }
}

fn starts_of(lengths: impl Iterator<Item = usize>) -> Vec<u32> {
    let mut starts = vec![0];
    let mut sum = 0;
    for length in lengths {
        sum += length;
        starts.push(u32::try_from(sum).unwrap_or(u32::MAX));
    }
    starts
}
