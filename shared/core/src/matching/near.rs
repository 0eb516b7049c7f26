//! Pairing rows whose names differ by one thing more than a key forgives.
//!
//! Neighbours of a row are all rows, of both lists, with its own core key or one step away from it. A pair is made only
//! when each is the one neighbour of the other.

use super::levels::{Board, RowId, State, Step, at};
use super::name::{CoreWord, Key, key, squash};
use super::order::is_turned;
use super::rows::{Level, Row, Side};
use super::tables::MEANINGS;
use super::typo::is_mistyped;
use super::vocabulary::{Neighbors, Vocabulary};

/// Rows by the keys under which neighbours meet.
struct Index {
    core: Vec<(Key, RowId)>,
    spelled: Vec<(Key, RowId)>,
    sorted: Vec<(Key, RowId)>,
    bare: Vec<(Key, RowId)>,
}

/// Pairs the rows that no key has paired or held.
pub(super) fn pair_neighbors(board: &mut Board<'_>) {
    let found = {
        let index = Index {
            core: board.sorted_by(|row| Some(row.key(Level::Core))),
            spelled: board.sorted_by(|row| row.spelled),
            sorted: board.sorted_by(sorted_key),
            bare: board.sorted_by(|row| Some(bare_key(row))),
        };
        let vocabulary = Vocabulary::of(&board.rows);
        let search = Search { board, index: &index, vocabulary: &vocabulary };
        search.pairs()
    };
    for (left, right, step) in found {
        board.pair(left, right, step);
    }
}

/// Names of one word have no other order.
fn sorted_key(row: &Row<'_>) -> Option<Key> {
    (row.name.core.len() > 1).then(|| key(&row.name.sorted()))
}

/// Key without the small words between others.
fn bare_key(row: &Row<'_>) -> Key {
    let mut text = String::new();
    squash(row.name.without_small_words().map(CoreWord::head), &mut text);
    key(&text)
}

struct Search<'s, 'a> {
    board: &'s Board<'a>,
    index: &'s Index,
    vocabulary: &'s Vocabulary<'s>,
}

impl Search<'_, '_> {
    fn pairs(&self) -> Vec<(RowId, RowId, Step)> {
        let rows = self.board.rows.iter().zip(0..).take_while(|(row, _)| row.side == Side::Left);
        rows.filter_map(|(_, left)| self.partner(left).map(|(right, step)| (left, right, step))).collect()
    }

    fn partner(&self, left: RowId) -> Option<(RowId, Step)> {
        let (right, step) = self.only_neighbor(left)?;
        let is_mutual = || self.only_neighbor(right).is_some_and(|(back, _)| back == left);
        let is_right = self.board.rows[at(right)].side == Side::Right;
        (is_right && is_mutual() && self.is_believed(left, right, step)).then_some((right, step))
    }

    /// The one neighbour of an open row, if it has just one.
    fn only_neighbor(&self, id: RowId) -> Option<(RowId, Step)> {
        let row = &self.board.rows[at(id)];
        if !row.is_open() || self.board.states[at(id)] != State::Open {
            return None;
        }
        let mut found = Found { own: id, only: None, is_many: false };
        found.all(&self.index.core, row.key(Level::Core), Step::Equal(Level::Core));
        found.all(&self.index.spelled, row.key(Level::Core), Step::Umlaut);
        if let Some(spelled) = row.spelled {
            found.all(&self.index.core, spelled, Step::Umlaut);
            found.all(&self.index.spelled, spelled, Step::Umlaut);
        }
        found.all(&self.index.bare, bare_key(row), Step::SmallWords);
        if let Some(sorted) = sorted_key(row) {
            found.all(&self.index.sorted, sorted, Step::Order);
        }
        self.slips(row, &mut found);
        found.only.filter(|_| !found.is_many)
    }

    fn slips(&self, row: &Row<'_>, found: &mut Found) {
        let mut text = String::new();
        for (position, word) in row.name.core.iter().enumerate() {
            let near = match self.vocabulary.neighbors(&word.text) {
                Neighbors::Few(near) => near,
                Neighbors::Crowd => return found.is_many = true,
            };
            for other in near {
                let other = self.vocabulary.word(*other);
                let head = MEANINGS.get(other).map_or(other, |meaning| meaning.head);
                let heads = row.name.core.iter().map(CoreWord::head).enumerate();
                squash(heads.map(|(at, own)| if at == position { head } else { own }), &mut text);
                found.all(&self.index.core, key(&text), Step::Slip(position));
            }
        }
    }

    fn is_believed(&self, left: RowId, right: RowId, step: Step) -> bool {
        let (left, right) = (&self.board.rows[at(left)], &self.board.rows[at(right)]);
        match step {
            Step::Equal(_) => false,
            Step::Umlaut | Step::SmallWords => true,
            Step::Order => is_turned(&left.name.core, &right.name.core),
            Step::Slip(position) => {
                let (one, other) = (left.name.core.get(position), right.name.core.get(position));
                let is_one = !left.name.legal.is_misspelled && !right.name.legal.is_misspelled;
                let is_aligned = left.name.core.len() == right.name.core.len();
                let pair = one.zip(other).filter(|_| is_one && is_aligned);
                pair.is_some_and(|(one, other)| is_mistyped(&one.text, &other.text))
            }
        }
    }
}

/// The neighbours met so far.
struct Found {
    own: RowId,
    only: Option<(RowId, Step)>,
    is_many: bool,
}

impl Found {
    fn all(&mut self, keyed: &[(Key, RowId)], key: Key, step: Step) {
        let start = keyed.partition_point(|(other, _)| *other < key);
        for (_, id) in keyed[start..].iter().take_while(|(other, _)| *other == key) {
            match self.only {
                _ if *id == self.own => {}
                None => self.only = Some((*id, step)),
                Some((known, _)) if known == *id => {}
                Some(_) => {
                    self.is_many = true;
                    return;
                }
            }
        }
    }
}
