//! Families: companies whose names begin alike.

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_64;

use super::legal::Legal;
use super::levels::{RowId, at};
use super::rows::Row;

/// A name whose rarest word is in more names than these is anybody's.
const MAX_NAMES_OF_A_WORD: u32 = 30;

/// Rows sorted by their words, so that a family stands together, and how many names hold each word.
#[derive(Debug)]
pub(super) struct Families {
    sorted: Vec<(Box<str>, RowId)>,
    n_names: HashMap<u64, u32>,
}

impl Families {
    /// Sorts the rows and counts their words.
    pub(super) fn of(rows: &[Row<'_>]) -> Self {
        let compared = || rows.iter().zip(0..).filter(|(row, _)| row.is_compared());
        let mut sorted: Vec<_> = compared().map(|(row, id)| (begin(row), id)).collect();
        sorted.sort_unstable();
        let mut n_names = HashMap::new();
        for hash in compared().flat_map(|(row, _)| hashes(row)) {
            *n_names.entry(hash).or_default() += 1;
        }
        Self { sorted, n_names }
    }

    /// True for one or two words that very many names have: `Delta Construction`.
    pub(super) fn is_anybodys(&self, row: &Row<'_>) -> bool {
        row.name.core.len() <= 2
            && hashes(row)
                .iter()
                .all(|hash| self.n_names.get(hash).is_some_and(|n_names| *n_names > MAX_NAMES_OF_A_WORD))
    }

    /// True when a company that begins with the pair's name, and goes on, has a legal form unlike the pair's.
    pub(super) fn is_mixed(&self, rows: &[Row<'_>], left: &Row<'_>, right: &Row<'_>) -> bool {
        let own: [&Legal; 2] = [&left.name.legal, &right.name.legal];
        [left, right].into_iter().any(|row| {
            let start = begin(row);
            let first = self.sorted.partition_point(|(text, _)| **text < *start);
            let family = self.sorted[first..].iter().take_while(|(text, _)| text.starts_with(&*start));
            let mut longer =
                family.filter(|(text, _)| text.len() > start.len()).map(|(_, id)| &rows[at(*id)]);
            longer.any(|member| {
                let other = &member.name.legal.classes;
                !other.is_empty() && own.iter().all(|legal| legal.classes != *other)
            })
        })
    }
}

/// Hashes of a name's words, each once.
fn hashes(row: &Row<'_>) -> Vec<u64> {
    let mut hashes: Vec<u64> = row.name.core.iter().map(|word| xxh3_64(word.head().as_bytes())).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// The words, each closed by a blank, so that `Delta Con` does not begin `Delta Construction`.
fn begin(row: &Row<'_>) -> Box<str> {
    row.name.core.iter().flat_map(|word| [word.head(), " "]).collect::<String>().into()
}
