//! Reading a list whose pages shift while they are read.
//!
//! IT Glue pages by number: a record that is removed between two pages moves all later ones forward, and one of them
//! slips from a page not yet read to a page already read. Equal totals do not show it when another record was added
//! meanwhile. So the list is asked for by ascending id, where additions come at the end and places only ever fall, and
//! after the last page one small request for each cut between two pages looks whether the record before the cut still
//! stands where it stood: if so, nothing before it was removed, and the next page began right after it. If not, or if the
//! records do not add up to the total, the list is read again. Most accounts have one page, which is one request.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Readings of one list before it is taken as it is.
const MAX_PASSES: u32 = 4;
/// Pages of one reading at most: a list without an end is none.
const MAX_PAGES: u32 = 1_000;
/// The smallest page that is asked for when larger ones do not come through.
const MIN_PAGE_SIZE: u32 = 50;

/// What to ask for next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A page; forget all records read so far when `number` is 1.
    Page {
        /// From 1.
        number: u32,
        /// Records of a page.
        size: u32,
    },
    /// The one record at this place of the list, which is a page of one record with this number.
    Row {
        /// From 1.
        number: u32,
    },
    /// Nothing: the reading is over.
    Nothing {
        /// True when the records are exactly those of the list at one moment; false: what is missing may still be there.
        is_complete: bool,
    },
}

/// What a page said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageFacts {
    /// The ids of its records in their order; none for a record whose id cannot be read.
    pub ids: Vec<Option<i64>>,
    /// How many records the list has.
    pub n_total: u64,
    /// True when another page follows.
    pub has_next: bool,
}

/// How far the reading of a list is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walk {
    page_size: u32,
    n_pass: u32,
    stage: Stage,
    seen: BTreeSet<i64>,
    n_without_id: u64,
    /// The last record of each page but the last.
    cuts: Vec<Option<i64>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stage {
    /// Asks for the page of this number.
    Reading(u32),
    /// Looks at the last place of the page of this number.
    Checking(u32),
    /// Over; true when complete.
    Over(bool),
}

impl Walk {
    /// A reading that begins.
    #[must_use]
    pub fn new(page_size: u32) -> Self {
        Self {
            page_size: page_size.clamp(MIN_PAGE_SIZE, super::MAX_PAGE_SIZE),
            n_pass: 0,
            stage: Stage::Reading(1),
            seen: BTreeSet::new(),
            n_without_id: 0,
            cuts: Vec::new(),
        }
    }

    /// What to ask for next.
    #[must_use]
    pub fn ask(&self) -> Ask {
        match self.stage {
            Stage::Reading(number) => Ask::Page { number, size: self.size() },
            Stage::Checking(number) => Ask::Row { number: number * self.size() },
            Stage::Over(is_complete) => Ask::Nothing { is_complete },
        }
    }

    /// Each reading cuts its pages elsewhere, so that a record without an id does not stand at every cut.
    fn size(&self) -> u32 {
        self.page_size - self.n_pass
    }

    /// Takes what the page that was asked for said.
    pub fn page_read(&mut self, facts: &PageFacts) {
        let Stage::Reading(number) = self.stage else { return };
        if number == 1 {
            self.seen.clear();
            self.cuts.clear();
            self.n_without_id = 0;
        }
        self.seen.extend(facts.ids.iter().flatten());
        self.n_without_id += facts.ids.iter().filter(|id| id.is_none()).count() as u64;
        if facts.has_next {
            self.cuts.push(facts.ids.last().copied().flatten());
            self.stage = Stage::Reading(number + 1);
            if number >= MAX_PAGES || facts.ids.is_empty() {
                self.begin_again();
            }
            return;
        }
        let n_read = self.seen.len() as u64 + self.n_without_id;
        match number {
            _ if n_read != facts.n_total => self.begin_again(),
            1 => self.stage = Stage::Over(true),
            _ => self.stage = Stage::Checking(1),
        }
    }

    /// Takes the id at the place that was asked for; none when nothing with an id stands there.
    pub fn row_read(&mut self, id: Option<i64>) {
        let Stage::Checking(number) = self.stage else { return };
        let cut = self.cuts.get(number as usize - 1).copied().flatten();
        if id.is_none() || id != cut {
            self.begin_again();
        } else if number as usize == self.cuts.len() {
            self.stage = Stage::Over(true);
        } else {
            self.stage = Stage::Checking(number + 1);
        }
    }

    /// Begins again with pages of half the size, after one that did not come through; false when they are small already.
    pub fn shrink(&mut self) -> bool {
        if self.page_size <= MIN_PAGE_SIZE {
            return false;
        }
        self.page_size = (self.page_size / 2).max(MIN_PAGE_SIZE);
        self.stage = Stage::Reading(1);
        true
    }

    fn begin_again(&mut self) {
        self.n_pass += 1;
        self.stage = if self.n_pass < MAX_PASSES { Stage::Reading(1) } else { Stage::Over(false) };
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::{Ask, PageFacts, Walk};

    /// The page of a list, as the service cuts it.
    fn page(list: &BTreeSet<i64>, number: u32, size: u32) -> PageFacts {
        let (number, size) = (number as usize, size as usize);
        let ids: Vec<_> = list.iter().skip((number - 1) * size).take(size).map(|id| Some(*id)).collect();
        PageFacts { ids, n_total: list.len() as u64, has_next: number * size < list.len() }
    }

    /// Reads a list that changes before each request; gives what was read, what the list was when its last page was
    /// read, whether the walk calls that complete, and the requests it took.
    fn read(
        mut list: BTreeSet<i64>,
        mut change: impl FnMut(&mut BTreeSet<i64>),
    ) -> (BTreeSet<i64>, BTreeSet<i64>, bool, u32) {
        let mut walk = Walk::new(50);
        let (mut found, mut snapshot) = (BTreeSet::new(), BTreeSet::new());
        for n_requests in 0..400 {
            change(&mut list);
            match walk.ask() {
                Ask::Page { number, size } => {
                    if number == 1 {
                        found.clear();
                    }
                    let facts = page(&list, number, size);
                    found.extend(facts.ids.iter().flatten());
                    snapshot = list.clone();
                    walk.page_read(&facts);
                }
                Ask::Row { number } => walk.row_read(page(&list, number, 1).ids.first().copied().flatten()),
                Ask::Nothing { is_complete } => return (found, snapshot, is_complete, n_requests),
            }
        }
        panic!("the walk does not end");
    }

    #[test]
    fn a_quiet_list_takes_its_pages_and_a_look_at_each_cut() {
        let check = |n_rows: i64, want: u32| {
            let (found, list, is_complete, n_requests) = read((0..n_rows).collect(), |_| {});
            assert_eq!((found == list, is_complete, n_requests), (true, true, want), "{n_rows}");
        };
        check(0, 1);
        check(1, 1);
        check(50, 1);
        check(51, 3);
        check(500, 19);
    }

    #[test]
    fn a_removal_that_an_addition_hides_is_noticed() {
        let mut n_changes = 0;
        let (found, list, is_complete, n_requests) = read((0..200).collect(), |list| {
            n_changes += 1;
            if n_changes == 3 {
                list.remove(&7);
                list.insert(900);
            }
        });
        assert_eq!((found == list, is_complete), (true, true));
        assert!(n_requests > 5, "it was read again");
    }

    #[test]
    fn a_list_that_never_rests_is_not_called_complete() {
        let (_, _, is_complete, n_requests) = read((0..400).collect(), |list| {
            list.pop_first();
        });
        assert!(!is_complete && n_requests < 60);
    }

    #[test]
    fn records_without_ids_count_but_not_at_the_cut() {
        let list: BTreeSet<i64> = (0..120).collect();
        let mut walk = Walk::new(50);
        let mut n_pages = 0;
        while let Ask::Page { number, size } = walk.ask() {
            let mut facts = page(&list, number, size);
            // The fiftieth record can never be read.
            let unreadable = facts.ids.iter().position(|id| *id == Some(49));
            unreadable.into_iter().for_each(|idx| facts.ids[idx] = None);
            walk.page_read(&facts);
            n_pages += 1;
        }
        assert_eq!((walk.ask(), n_pages), (Ask::Row { number: 50 }, 3));
        walk.row_read(None);
        assert_eq!(walk.ask(), Ask::Page { number: 1, size: 49 }, "cut elsewhere");
        while let Ask::Page { number, size } = walk.ask() {
            walk.page_read(&page(&list, number, size));
        }
        assert_eq!(walk.ask(), Ask::Row { number: 49 });
        walk.row_read(Some(48));
        assert_eq!(walk.ask(), Ask::Row { number: 98 });
        walk.row_read(Some(97));
        assert_eq!(walk.ask(), Ask::Nothing { is_complete: true });
    }

    #[test]
    fn totals_that_never_add_up_are_not_complete() {
        let mut walk = Walk::new(50);
        let facts = PageFacts { ids: vec![Some(1)], n_total: 2, has_next: false };
        for _ in 0..4 {
            assert!(matches!(walk.ask(), Ask::Page { number: 1, .. }));
            walk.page_read(&facts);
        }
        assert_eq!(walk.ask(), Ask::Nothing { is_complete: false });
    }

    #[test]
    fn pages_shrink_to_a_point() {
        let mut walk = Walk::new(1_000);
        let mut sizes = Vec::new();
        while walk.shrink() {
            let Ask::Page { number: 1, size } = walk.ask() else { panic!("{walk:?}") };
            sizes.push(size);
        }
        assert_eq!(sizes, [500, 250, 125, 62, 50]);
    }

    proptest! {
        #[test]
        fn what_is_called_complete_is_the_list_of_one_moment(
            n_rows in 0_i64..400,
            changes in prop::collection::vec(prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..3), 0..30),
        ) {
            let mut changes = changes.into_iter();
            let mut next_id = n_rows;
            let (found, list, is_complete, _) = read((0..n_rows).collect(), |list| {
                for (which, is_removal) in changes.next().unwrap_or_default() {
                    if is_removal && !list.is_empty() {
                        let id = *list.iter().nth(which.index(list.len())).unwrap();
                        list.remove(&id);
                    } else {
                        list.insert(next_id);
                        next_id += 1;
                    }
                }
            });
            prop_assert!(!is_complete || found == list);
        }

        #[test]
        fn a_walk_may_be_put_away_between_any_two_requests(n_rows in 0_i64..200, n_before in 0_usize..5) {
            let list: BTreeSet<i64> = (0..n_rows).collect();
            let mut walk = Walk::new(50);
            for _ in 0..n_before {
                if let Ask::Page { number, size } = walk.ask() {
                    walk.page_read(&page(&list, number, size));
                }
            }
            let text = serde_json::to_string(&walk).unwrap();
            prop_assert_eq!(serde_json::from_str::<Walk>(&text).unwrap(), walk);
        }
    }
}
