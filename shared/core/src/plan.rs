//! What a page of records changes in the store.
//!
//! Pure: the engine reads what is stored, this module decides, the store writes. Planning the same page twice changes
//! nothing the second time.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::counts::Counts;
use crate::project::{Record, Rejected};
use crate::scope::LEFT_OUT;

/// Where a record lies: its company (if the entity has one) and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// Company of the record.
    pub company_id: Option<i64>,
    /// Autotask's id.
    pub id: i64,
}

impl Place {
    /// Where this record belongs.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        Self { company_id: record.company_id, id: record.id }
    }
}

/// What the store holds at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Hash of the stored document.
    pub hash: String,
    /// Whether it is tombstoned.
    pub is_gone: bool,
}

/// A record that could not be used, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// Its name among the rejections of its entity: its id, or a hash where it has none.
    pub name: String,
    /// Its id, if it has one.
    pub id: Option<i64>,
    /// The field that made it unusable.
    pub field: Option<String>,
    /// Why.
    pub reason: String,
    /// The run that met it last.
    pub run_id: String,
}

impl Rejection {
    /// Keeps what decoding said. `fingerprint` names a record without an id.
    #[must_use]
    pub fn new(rejected: Rejected, fingerprint: &str, run_id: &str) -> Self {
        let Rejected { entity: _, id, field, reason } = rejected;
        let name = id.map_or_else(|| format!("x{fingerprint}"), Self::name_of);
        Self { name, id, field, reason, run_id: run_id.to_owned() }
    }

    /// Name of the rejection of a record with this id.
    #[must_use]
    pub fn name_of(id: i64) -> String {
        format!("{id:012}")
    }
}

/// One change of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Writes a record, over whatever is there.
    Put(Record),
    /// Takes a record away from the place it left (it moved to another company).
    Remove(Place),
    /// Marks a record as gone.
    Tombstone(Place),
    /// Keeps a record that could not be used, with its reason.
    Reject(Rejection),
    /// Forgets a rejection: the record is usable now, or gone.
    Accept(String),
}

/// Drops rows that were served twice; where two rows of one id differ, neither can be trusted.
///
/// Answers the records, each id once, and the ids that came with different contents.
#[must_use]
pub fn without_repeats(records: Vec<Record>) -> (Vec<Record>, Vec<i64>) {
    let (mut by_id, mut torn): (BTreeMap<i64, Record>, BTreeSet<i64>) = Default::default();
    for record in records {
        let (id, hash) = (record.id, record.hash.clone());
        if by_id.insert(id, record).is_some_and(|before| before.hash != hash) {
            torn.insert(id);
        }
    }
    by_id.retain(|id, _| !torn.contains(id));
    (by_id.into_values().collect(), torn.into_iter().collect())
}

/// Ids that are live according to the index but were not found where they should lie: moved, or never written because a
/// worker died in between. The caller looks for them before it plans.
#[must_use]
pub fn astray(records: &[Record], is_live: impl Fn(i64) -> bool, stored: &HashMap<i64, Stored>) -> Vec<i64> {
    let is_there = |id| stored.get(&id).is_some_and(|stored| !stored.is_gone);
    records.iter().map(|record| record.id).filter(|&id| is_live(id) && !is_there(id)).collect()
}

/// Decides what each record changes.
///
/// # Shape
/// `stored` holds what lies at the records' own places, `elsewhere` the live places of those that [`astray`] named.
/// A moved record is taken away *before* it is written anew: cut off in between, it is written by the next try, never
/// doubled. `records` must hold each id once.
#[must_use]
pub fn plan_page(
    records: Vec<Record>,
    stored: &HashMap<i64, Stored>,
    elsewhere: &HashMap<i64, Vec<Place>>,
) -> (Vec<Change>, Counts) {
    let (mut changes, mut counts) = (Vec::new(), Counts::default());
    for record in records {
        // What is left out is counted as that alone, and written only where something else stands.
        let (is_left_out, before) = (record.hash == LEFT_OUT, counts);
        let place = Place::of(&record);
        let old_places = elsewhere.get(&record.id).map_or(&[][..], Vec::as_slice);
        let old_places = old_places.iter().filter(|&&old| old != place);
        let n_before = changes.len();
        changes.extend(old_places.copied().map(Change::Remove));
        let has_moved = changes.len() > n_before;
        match stored.get(&record.id) {
            Some(Stored { hash, is_gone: false }) if *hash == record.hash => counts.unchanged += 1,
            Some(Stored { hash, is_gone: false }) if hash != LEFT_OUT => {
                counts.updated += 1;
                changes.push(Change::Put(record));
            }
            _ if has_moved => {
                counts.updated += 1;
                changes.push(Change::Put(record));
            }
            _ => {
                counts.created += 1;
                changes.push(Change::Put(record));
            }
        }
        if is_left_out {
            counts = Counts { left_out: before.left_out + 1, ..before };
        }
    }
    (changes, counts)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::{Change, Place, Stored, astray, plan_page, without_repeats};
    use crate::counts::Counts;
    use crate::project::Record;
    use crate::scope::left_out;

    fn record(id: i64, company_id: i64, hash: &str) -> Record {
        Record {
            id,
            company_id: Some(company_id),
            doc: format!("{{\"id\":{id}}}"),
            hash: hash.to_owned(),
            facet: None,
        }
    }

    fn stored(id: i64, hash: &str, is_gone: bool) -> HashMap<i64, Stored> {
        HashMap::from([(id, Stored { hash: hash.to_owned(), is_gone })])
    }

    #[test]
    fn each_record_is_created_updated_moved_or_left_alone() {
        let new = record(7, 1, "new");
        let old_home = Place { company_id: Some(9), id: 7 };
        let moved = HashMap::from([(7, vec![old_home])]);
        let none = HashMap::new();
        let check =
            |stored: &HashMap<i64, Stored>, elsewhere, want: Vec<Change>, count: fn(&Counts) -> u64| {
                let (changes, counts) = plan_page(vec![new.clone()], stored, elsewhere);
                assert_eq!(changes, want);
                assert_eq!(count(&counts), 1, "{counts:?}");
            };
        let put = Change::Put(new.clone());
        check(&HashMap::new(), &none, vec![put.clone()], |counts| counts.created);
        check(&stored(7, "old", false), &none, vec![put.clone()], |counts| counts.updated);
        check(&stored(7, "new", false), &none, vec![], |counts| counts.unchanged);
        check(&stored(7, "new", true), &none, vec![put.clone()], |counts| counts.created);
        check(&HashMap::new(), &moved, vec![Change::Remove(old_home), put.clone()], |counts| counts.updated);
        check(&stored(7, "left-out", false), &none, vec![put.clone()], |counts| counts.created);
        check(&stored(7, "new", true), &moved, vec![Change::Remove(old_home), put], |counts| counts.updated);
    }

    #[test]
    fn what_is_left_out_is_written_once_and_counted_as_that_alone() {
        let thin = left_out(record(7, 1, "new"));
        let check = |stored: &HashMap<i64, Stored>, n_changes| {
            let (changes, counts) = plan_page(vec![thin.clone()], stored, &HashMap::new());
            assert_eq!(changes.len(), n_changes);
            assert_eq!(counts, Counts { left_out: 1, ..Counts::default() });
        };
        check(&HashMap::new(), 1);
        check(&stored(7, "old", false), 1);
        check(&stored(7, &thin.hash, false), 0);
    }

    #[test]
    fn only_live_ids_that_are_not_in_place_are_astray() {
        let records = [record(1, 1, "a"), record(2, 1, "a"), record(3, 1, "a")];
        let mut there = stored(1, "a", false);
        there.extend(stored(2, "a", true));
        assert_eq!(astray(&records, |id| id != 3, &there), [2]);
        assert_eq!(astray(&records, |_| true, &there), [2, 3]);
    }

    #[test]
    fn a_row_served_twice_counts_once_and_a_torn_one_not_at_all() {
        let records = vec![record(1, 1, "a"), record(2, 1, "a"), record(1, 1, "a"), record(2, 1, "b")];
        let (kept, torn) = without_repeats(records);
        assert_eq!(kept.iter().map(|record| record.id).collect::<Vec<_>>(), [1]);
        assert_eq!(torn, [2]);
    }
}
