//! How the id space of one entity is shared by the lanes that pull it.
//!
//! Nothing upstream tells the largest id, so the first lane starts at the low end, learns from its page how dense ids
//! are, and lanes without work take the upper part of the largest remaining range. A wrong guess costs one short page.

use serde::{Deserialize, Serialize};

/// A range worth sharing has more than this many pages left: one is in flight already.
const MIN_PAGES_TO_SHARE: f64 = 1.6;
/// Up to here the giver keeps only the page in flight: what is left goes to the idle lane at once.
const PAGES_OF_THE_END: f64 = 3.5;
/// A little less than a page, so that the page in flight reaches the cut and the giver is done with it.
const PAGE_IN_FLIGHT: f64 = 0.95;

/// One id interval `(lo, hi]` that one lane walks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// Ids up to this one belong to others.
    pub lo: i64,
    /// Last id of the range; none while it is open at the upper end.
    pub hi: Option<i64>,
    /// Ids up to this one have been read.
    pub cursor: i64,
    /// The first id that was read; the ids before it tell nothing of how dense ids are.
    pub first_read: Option<i64>,
    /// Rows read so far.
    pub n_read: u64,
    /// Nothing is left in it.
    pub is_done: bool,
}

impl Range {
    /// An untouched range.
    #[must_use]
    pub fn new(lo: i64, hi: Option<i64>) -> Self {
        Self { lo, hi, cursor: lo, first_read: None, n_read: 0, is_done: hi.is_some_and(|hi| hi <= lo) }
    }

    /// Notes a page: its first and last id, its rows, and whether it was the last one of the range.
    pub fn advance(&mut self, first: Option<i64>, cursor: i64, n_rows: u64, is_done: bool) {
        self.first_read = self.first_read.or(first);
        self.cursor = cursor;
        self.n_read += n_rows;
        self.is_done = is_done;
    }

    fn span_read(&self) -> f64 {
        self.first_read.map_or(0.0, |first| (self.cursor - first) as f64)
    }
}

/// A new range cut off from an older one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Position of the range that gives.
    pub victim: usize,
    /// Its new last id.
    pub victim_hi: i64,
    /// The range that the idle lane takes.
    pub taken: Range,
}

/// Rows per id so far: of the range itself, else of all ranges together.
fn density(range: &Range, ranges: &[Range]) -> Option<f64> {
    let of = |n_read: u64, span: f64| (n_read > 0 && span > 0.0).then(|| n_read as f64 / span);
    of(range.n_read, range.span_read()).or_else(|| {
        let n_read = ranges.iter().map(|range| range.n_read).sum();
        of(n_read, ranges.iter().map(Range::span_read).sum())
    })
}

/// Estimated rows left in each range, scaled so that together they are what the source says is left.
///
/// `n_total` is the source's own count of the entity.
#[must_use]
pub fn estimate_left(ranges: &[Range], n_total: u64) -> Vec<f64> {
    let n_read: u64 = ranges.iter().map(|range| range.n_read).sum();
    let left = n_total.saturating_sub(n_read) as f64;
    let closed: Vec<f64> = ranges.iter().map(|range| closed_left(range, ranges)).collect();
    let sum_closed: f64 = closed.iter().sum();
    let has_open = ranges.iter().any(|range| !range.is_done && range.hi.is_none());
    let scale = if sum_closed > left || (!has_open && sum_closed > 0.0) { left / sum_closed } else { 1.0 };
    let open_left = (left - sum_closed * scale).max(0.0);
    ranges
        .iter()
        .zip(closed)
        .map(|(range, closed)| if range.hi.is_none() && !range.is_done { open_left } else { closed * scale })
        .collect()
}

fn closed_left(range: &Range, ranges: &[Range]) -> f64 {
    match (range.is_done, range.hi) {
        (false, Some(hi)) => density(range, ranges).unwrap_or(0.0) * (hi - range.cursor).max(0) as f64,
        _ => 0.0,
    }
}

/// Cuts work off for an idle lane; none when nothing is worth sharing yet.
///
/// # Shape
/// `n_idle` lanes (at least 1) are waiting, this one included: the giver keeps `1 / (n_idle + 1)` of what is left, so
/// that lanes which follow each other end with equal shares. Near the end it keeps the page that it has in
/// flight.
#[must_use]
pub fn split_for_idle(ranges: &[Range], n_total: u64, page_size: u32, n_idle: usize) -> Option<Split> {
    let left = estimate_left(ranges, n_total);
    let (victim, &most) = left.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
    let page = f64::from(page_size);
    if most < MIN_PAGES_TO_SHARE * page {
        return None;
    }
    let range = &ranges[victim];
    let density = density(range, ranges)?;
    let share = if most < PAGES_OF_THE_END * page { 0.0 } else { most / (n_idle as f64 + 1.0) };
    let keep = share.max(page * PAGE_IN_FLIGHT);
    let span = (keep / density).ceil();
    let victim_hi = range.cursor.checked_add(to_id(span)?)?;
    if range.hi.is_some_and(|hi| victim_hi >= hi) {
        return None;
    }
    Some(Split { victim, victim_hi, taken: Range::new(victim_hi, range.hi) })
}

fn to_id(span: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "bounded by the check on the same line")]
    (1.0..9.0e15).contains(&span).then_some(span as i64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Range, split_for_idle};

    /// Plays `n_lanes` lanes in lockstep against sorted ids; answers (rounds, pages, ids read).
    fn play(ids: &[i64], n_lanes: usize, page_size: usize) -> (usize, usize, Vec<i64>) {
        let mut ranges = vec![Range::new(-1, None)];
        let (mut rounds, mut n_pages, mut seen) = (0, 0, Vec::new());
        while ranges.iter().any(|range| !range.is_done) {
            let busy: Vec<usize> =
                (0..ranges.len()).filter(|&at| !ranges[at].is_done).take(n_lanes).collect();
            for at in busy {
                let range = &mut ranges[at];
                let page: Vec<i64> = ids
                    .iter()
                    .copied()
                    .filter(|&id| id > range.cursor && range.hi.is_none_or(|hi| id <= hi))
                    .take(page_size)
                    .collect();
                n_pages += 1;
                let cursor = page.last().copied().unwrap_or(range.cursor);
                range.advance(page.first().copied(), cursor, page.len() as u64, page.len() < page_size);
                seen.extend(page);
            }
            let mut n_busy = ranges.iter().filter(|range| !range.is_done).count();
            while n_busy < n_lanes {
                let Some(split) =
                    split_for_idle(&ranges, ids.len() as u64, page_size as u32, n_lanes - n_busy)
                else {
                    break;
                };
                ranges[split.victim].hi = Some(split.victim_hi);
                ranges.push(split.taken);
                n_busy += 1;
            }
            rounds += 1;
        }
        seen.sort_unstable();
        (rounds, n_pages, seen)
    }

    #[test]
    fn three_lanes_come_near_a_third_of_the_rounds() {
        let even: Vec<i64> = (0..60_000).map(|n| 4_000 + n * 4 / 3).collect();
        let gap: Vec<i64> = even.iter().map(|&id| if id > 30_000 { id + 5_000_000 } else { id }).collect();
        let sparse: Vec<i64> = even.iter().map(|&id| id * id / 400).collect();
        let check = |name: &str, ids: &[i64], most_rounds: usize| {
            let (rounds, n_pages, seen) = play(ids, 3, 500);
            assert_eq!(seen, ids, "{name}");
            println!("{name}: {rounds} rounds, {n_pages} pages");
            assert!(rounds <= most_rounds, "{name}: {rounds} rounds, {n_pages} pages");
        };
        check("even", &even, 43);
        check("gap", &gap, 48);
        check("sparse", &sparse, 46);
    }

    proptest! {
        #[test]
        fn every_id_is_read_exactly_once(
            ids in prop::collection::btree_set(0_i64..1_000_000, 0..3_000), page_size in 1_usize..60, n_lanes in 1_usize..5,
        ) {
            let ids: Vec<i64> = ids.into_iter().collect();
            let (_, n_pages, seen) = play(&ids, n_lanes, page_size);
            prop_assert_eq!(&seen, &ids);
            // A page of a few rows has no span to tell density by; the engine's pages hold 25 rows at least.
            if page_size >= 25 {
                prop_assert!(n_pages <= ids.len() / page_size + 2 * n_lanes * (2 + ids.len().ilog2_or_zero()));
            }
        }
    }

    trait IlogOrZero {
        fn ilog2_or_zero(&self) -> usize;
    }
    impl IlogOrZero for usize {
        fn ilog2_or_zero(&self) -> usize {
            self.checked_ilog2().unwrap_or(0) as usize
        }
    }
}
