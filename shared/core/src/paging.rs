//! What a page of a keyset walk means: where to go on, which of its rows may be trusted.
//!
//! A failed page is never the end of the data. The last id of a page is the cursor, so a page in disorder is refused as a
//! unit; but one row with a nonsensical id, or two neighbours that changed places, must not stop a run.

/// Farthest that a row may stand from its place in the order; rows further off have an id that cannot be right.
const MAX_DISPLACEMENT: usize = 3;
/// Most rows of a page that may be out of place, as a fraction of it; more, and the page itself is in disorder.
const MAX_DISORDER: usize = 20;

/// Why a page cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageFault {
    /// Too many ids are out of order or were not asked for: no id of the page is a safe cursor.
    #[error("{n_stray} of {n_items} rows are out of order or were not asked for")]
    Disorder {
        /// Rows out of place.
        n_stray: usize,
        /// Items of the page.
        n_items: usize,
    },
    /// A full page without one usable id: nothing to go on from.
    #[error("a full page of {n_items} items has no usable id")]
    NoProgress {
        /// Items of the page.
        n_items: usize,
    },
}

/// Where a walk stands after a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// Ask for the ids after this one.
    After(i64),
    /// The interval is exhausted; its last id, if any.
    Done(Option<i64>),
}

/// What a page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Where to go on.
    pub next: NextStep,
    /// Ids that cannot be right: outside the asked interval or far out of order. Their rows are rejections.
    pub stray: Vec<i64>,
}

/// Checks a page of the interval `(from, hi]`.
///
/// # Shape
/// `ids` are the readable ids of the page in the order of the answer; equal neighbours are tolerated. `n_items` counts
/// all items, readable or not; fewer than `page_size` end the interval.
///
/// # Errors
/// [`PageFault`]: ask again; if it stays so, stop the entity.
pub fn read_page(
    from: i64,
    hi: Option<i64>,
    ids: &[i64],
    n_items: usize,
    page_size: usize,
) -> Result<Reading, PageFault> {
    let is_asked = |id: i64| id > from && hi.is_none_or(|hi| id <= hi);
    let asked: Vec<i64> = ids.iter().copied().filter(|&id| is_asked(id)).collect();
    let misplaced = misplaced(&asked);
    let mut stray: Vec<i64> = ids.iter().copied().filter(|&id| !is_asked(id)).collect();
    stray.extend(&misplaced);
    if !stray.is_empty() && stray.len() > (n_items / MAX_DISORDER).max(1) {
        return Err(PageFault::Disorder { n_stray: stray.len(), n_items });
    }
    let last = asked.iter().copied().filter(|id| !misplaced.contains(id)).max();
    let next = match last {
        last if n_items < page_size => NextStep::Done(last),
        Some(last) if hi == Some(last) => NextStep::Done(Some(last)),
        Some(last) => NextStep::After(last),
        None => return Err(PageFault::NoProgress { n_items }),
    };
    Ok(Reading { next, stray })
}

/// Ids that stand further from their place in the order than a change of neighbours explains.
fn misplaced(ids: &[i64]) -> Vec<i64> {
    if ids.is_sorted() {
        return Vec::new();
    }
    let n_smaller_after = |at: usize| ids[at + 1..].iter().filter(|&&id| id < ids[at]).count();
    let n_larger_before = |at: usize| ids[..at].iter().filter(|&&id| id > ids[at]).count();
    let is_far = |at: usize| n_smaller_after(at).max(n_larger_before(at)) > MAX_DISPLACEMENT;
    (0..ids.len()).filter(|&at| is_far(at)).map(|at| ids[at]).collect()
}

#[cfg(test)]
mod tests {
    use super::{NextStep, PageFault, Reading, read_page};

    fn reading(next: NextStep, stray: &[i64]) -> Result<Reading, PageFault> {
        Ok(Reading { next, stray: stray.to_vec() })
    }

    #[test]
    fn pages_go_on_end_or_are_refused() {
        let check = |ids: &[i64], n_items, hi, want| assert_eq!(read_page(10, hi, ids, n_items, 3), want);
        check(&[11, 12, 15], 3, None, reading(NextStep::After(15), &[]));
        check(&[11, 11, 15], 3, None, reading(NextStep::After(15), &[]));
        check(&[11, 12], 2, None, reading(NextStep::Done(Some(12)), &[]));
        check(&[], 0, None, reading(NextStep::Done(None), &[]));
        check(&[11, 12, 20], 3, Some(20), reading(NextStep::Done(Some(20)), &[]));
        check(&[11, 12], 3, None, reading(NextStep::After(12), &[]));
        check(&[12, 11, 15], 3, None, reading(NextStep::After(15), &[]));
        check(&[10, 11], 2, None, reading(NextStep::Done(Some(11)), &[10]));
        check(&[11, 21], 2, Some(20), reading(NextStep::Done(Some(11)), &[21]));
        check(&[], 3, None, Err(PageFault::NoProgress { n_items: 3 }));
        check(&[1, 2, 3], 3, None, Err(PageFault::Disorder { n_stray: 3, n_items: 3 }));
    }

    #[test]
    fn one_nonsensical_id_is_a_stray_and_not_the_cursor() {
        let mut ids: Vec<i64> = (100..600).collect();
        ids[7] = 9_000_000_000_000;
        let want = reading(NextStep::After(599), &[9_000_000_000_000]);
        assert_eq!(read_page(10, None, &ids, 500, 500), want);
        ids[7] = 107;
        ids[490] = 101;
        assert_eq!(read_page(10, None, &ids, 500, 500), reading(NextStep::After(599), &[101]));
    }

    #[test]
    fn neighbours_that_changed_places_lose_nothing() {
        for at in [0, 250, 498] {
            let mut ids: Vec<i64> = (100..600).collect();
            ids.swap(at, at + 1);
            assert_eq!(read_page(10, None, &ids, 500, 500), reading(NextStep::After(599), &[]));
        }
    }

    #[test]
    fn a_page_in_disorder_is_refused() {
        let ids: Vec<i64> = (100..600).rev().collect();
        assert!(matches!(read_page(10, None, &ids, 500, 500), Err(PageFault::Disorder { .. })));
        let unfiltered: Vec<i64> = (1..501).collect();
        assert!(matches!(read_page(300, None, &unfiltered, 500, 500), Err(PageFault::Disorder { .. })));
    }
}
