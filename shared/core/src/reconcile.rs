//! Finding what vanished, by counts: ids only grow, so fewer rows upstream than live ids here means deletions.
//!
//! Counts only narrow the search down; what is tombstoned is always proven by a complete listing of a small interval.
//! The brake judges before anything is tombstoned: rights narrowed upstream look just like deletions.

use crate::index::LiveIndex;

/// An id interval `(lo, hi]` with the source's count of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Exclusive lower end.
    pub lo: i64,
    /// Inclusive upper end.
    pub hi: i64,
    /// Rows that the source counts in it.
    pub n_theirs: u64,
}

/// What to do with an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Both sides agree.
    Settled,
    /// Small enough: fetch its rows and compare id by id.
    List,
    /// Count `(lo, mid]` upstream; the rest follows by subtraction.
    Split {
        /// Where to cut.
        mid: i64,
    },
}

/// Decides about one interval. `n_ours` counts what we can explain there: live ids and rejected records.
#[must_use]
pub fn step(interval: Interval, n_ours: u64, index: &LiveIndex, page_size: u64) -> Step {
    if n_ours == interval.n_theirs {
        return Step::Settled;
    }
    if n_ours <= page_size && interval.n_theirs <= page_size {
        return Step::List;
    }
    let middle = interval.lo.midpoint(interval.hi);
    let mid = index.median_in(interval.lo, interval.hi).unwrap_or(middle);
    if mid > interval.lo && mid < interval.hi { Step::Split { mid } } else { Step::List }
}

/// Cuts an interval after the source counted its lower part; the order keeps the walk depth-first from the low end.
#[must_use]
pub fn cut(interval: Interval, mid: i64, n_theirs_lower: u64) -> [Interval; 2] {
    let lower = Interval { lo: interval.lo, hi: mid, n_theirs: n_theirs_lower };
    let n_theirs = interval.n_theirs.saturating_sub(n_theirs_lower);
    [lower, Interval { lo: mid, hi: interval.hi, n_theirs }]
}

/// Most records of an entity that one run may tombstone without a human.
///
/// 2 % of the live records, or up to 20 as long as that is at most a fifth of them; always at least one.
#[must_use]
pub fn brake_allowance(n_live: u64) -> u64 {
    (n_live / 50).max(20.min(n_live / 5)).max(1)
}

/// Whether so many missing records look like lost sight rather than deletions. A person may have confirmed that some are
/// gone; not that more are.
#[must_use]
pub fn is_braked(n_live: u64, n_missing: u64, n_confirmed: u64) -> bool {
    n_missing > brake_allowance(n_live).max(n_confirmed)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::{Interval, Step, brake_allowance, cut, is_braked, step};
    use crate::index::LiveIndex;

    /// Runs the search against a set of upstream ids; answers (missing here or there, requests).
    fn search(ours: &BTreeSet<i64>, theirs: &BTreeSet<i64>) -> (BTreeSet<i64>, usize) {
        let mut index = LiveIndex::default();
        index.insert(&ours.iter().copied().collect::<Vec<_>>());
        let count = |lo: i64, hi: i64| theirs.range(lo + 1..=hi).count() as u64;
        let hi = index.max().unwrap_or(-1);
        let mut open = vec![Interval { lo: -1, hi, n_theirs: count(-1, hi) }];
        let (mut different, mut n_requests) = (BTreeSet::new(), 1);
        while let Some(at) = open.pop() {
            match step(at, index.count_in(at.lo, at.hi), &index, 500) {
                Step::Settled => {}
                Step::List => {
                    n_requests += 1;
                    let here: BTreeSet<i64> = ours.range(at.lo + 1..=at.hi).copied().collect();
                    let there: BTreeSet<i64> = theirs.range(at.lo + 1..=at.hi).copied().collect();
                    different.extend(here.symmetric_difference(&there));
                }
                Step::Split { mid } => {
                    n_requests += 1;
                    let [lower, upper] = cut(at, mid, count(at.lo, mid));
                    open.extend([upper, lower]);
                }
            }
        }
        (different, n_requests)
    }

    #[test]
    fn one_deletion_among_200_000_costs_at_most_20_requests_and_none_costs_one() {
        let ours: BTreeSet<i64> = (0..200_000).map(|n| 1_000 + n * 4 / 3).collect();
        assert_eq!(search(&ours, &ours), (BTreeSet::new(), 1));
        for rank in [0, 77_777, 199_999] {
            let gone = *ours.iter().nth(rank).unwrap();
            let theirs: BTreeSet<i64> = ours.iter().copied().filter(|&id| id != gone).collect();
            let (found, n_requests) = search(&ours, &theirs);
            assert_eq!(found, BTreeSet::from([gone]));
            assert!(n_requests <= 20, "{n_requests} requests");
        }
    }

    proptest! {
        #[test]
        fn scattered_deletions_are_found_exactly(
            ours in prop::collection::btree_set(0_i64..50_000, 1..3_000),
            picks in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
        ) {
            let ids: Vec<i64> = ours.iter().copied().collect();
            let gone: BTreeSet<i64> = picks.iter().map(|pick| *pick.get(&ids)).collect();
            let theirs = ours.difference(&gone).copied().collect();
            prop_assert_eq!(search(&ours, &theirs).0, gone);
        }
    }

    #[test]
    fn the_brake_holds_lost_sight_and_lets_housekeeping_through() {
        let check = |n_live, n_missing, held| {
            assert_eq!(is_braked(n_live, n_missing, 0), held, "{n_live} {n_missing}")
        };
        check(200_000, 5, false);
        check(200_000, 4_000, false);
        check(200_000, 60_000, true);
        check(60, 18, true);
        check(100, 20, false);
        check(10, 3, true);
        check(5, 5, true);
        check(3, 1, false);
        assert_eq!(brake_allowance(0), 1);
    }

    #[test]
    fn a_person_confirms_so_many_and_no_more() {
        assert!(is_braked(1_000, 500, 0));
        assert!(!is_braked(1_000, 500, 500));
        assert!(is_braked(1_000, 501, 500), "more went out of sight since");
        assert!(!is_braked(1_000, 15, 3), "what needs no confirmation goes on needing none");
    }
}
