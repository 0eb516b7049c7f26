//! What a page of a keyset walk means: where to go on, whether it may be trusted.
//!
//! A failed page is never the end of the data, and a page that is not ascending inside the asked interval is refused as
//! a unit: its last id would be a cursor that skips rows.

/// Why a page cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageFault {
    /// Ids are not ascending, so no id of the page is a safe cursor.
    #[error("page is not sorted by id: {after} follows {before}")]
    NotAscending {
        /// The larger id.
        before: i64,
        /// The smaller id that came after it.
        after: i64,
    },
    /// An id lies outside the asked interval: the filter was not obeyed.
    #[error("page holds id {id}, which was not asked for")]
    OutOfRange {
        /// The stray id.
        id: i64,
    },
    /// A full page without one readable id: nothing to go on from.
    #[error("a full page of {n_items} items has no readable id")]
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

/// Checks a page of the interval `(from, hi]` and says where to go on.
///
/// # Shape
/// `ids` are the readable ids of the page in the order of the answer; equal neighbours (a row served twice) are
/// tolerated. `n_items` counts all items, readable or not; fewer than `page_size` end the interval.
///
/// # Errors
/// [`PageFault`]: ask again; if it stays so, stop the entity.
pub fn next_step(
    from: i64,
    hi: Option<i64>,
    ids: &[i64],
    n_items: usize,
    page_size: usize,
) -> Result<NextStep, PageFault> {
    if let Some(pair) = ids.windows(2).find(|pair| pair[1] < pair[0]) {
        return Err(PageFault::NotAscending { before: pair[0], after: pair[1] });
    }
    if let Some(&id) = ids.iter().find(|&&id| id <= from || hi.is_some_and(|hi| id > hi)) {
        return Err(PageFault::OutOfRange { id });
    }
    match ids.last().copied() {
        last if n_items < page_size => Ok(NextStep::Done(last)),
        Some(last) if hi == Some(last) => Ok(NextStep::Done(Some(last))),
        Some(last) => Ok(NextStep::After(last)),
        None => Err(PageFault::NoProgress { n_items }),
    }
}

#[cfg(test)]
mod tests {
    use super::{NextStep, PageFault, next_step};

    #[test]
    fn pages_go_on_end_or_are_refused() {
        let check = |ids: &[i64], n_items, hi, want| assert_eq!(next_step(10, hi, ids, n_items, 3), want);
        check(&[11, 12, 15], 3, None, Ok(NextStep::After(15)));
        check(&[11, 11, 15], 3, None, Ok(NextStep::After(15)));
        check(&[11, 12], 2, None, Ok(NextStep::Done(Some(12))));
        check(&[], 0, None, Ok(NextStep::Done(None)));
        check(&[11, 12, 20], 3, Some(20), Ok(NextStep::Done(Some(20))));
        check(&[11, 12], 3, None, Ok(NextStep::After(12)));
        check(&[], 3, None, Err(PageFault::NoProgress { n_items: 3 }));
        check(&[12, 11, 15], 3, None, Err(PageFault::NotAscending { before: 12, after: 11 }));
        check(&[10, 11], 2, None, Err(PageFault::OutOfRange { id: 10 }));
        check(&[11, 21], 2, Some(20), Err(PageFault::OutOfRange { id: 21 }));
    }
}
