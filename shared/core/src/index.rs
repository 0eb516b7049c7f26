//! The index of live ids of one entity: what our store should hold, in a few bytes a record.
//!
//! The nightly comparison with the source (`query/count`) and its bisection read this index instead of the records.
//! It always holds *at least* the ids of the stored live records: an id enters before its record is written and leaves
//! after its record is tombstoned, so a crash in between costs one needless read and never a forgotten record.

use std::collections::BTreeMap;

use roaring::RoaringTreemap;

/// Ids of one segment at most; a segment is one stored item of at most about 8 KB.
pub const SEGMENT_IDS: u64 = 4_096;

/// Live ids, cut into segments by id. Segment `lo` holds the ids from `lo` up to the next segment's `lo`.
#[derive(Clone, Debug, Default)]
pub struct LiveIndex {
    segments: BTreeMap<u64, RoaringTreemap>,
}

/// Why stored bytes are no segment.
#[derive(Debug, thiserror::Error)]
#[error("stored index segment {lo} cannot be read")]
pub struct BadSegment {
    /// First id of the segment.
    pub lo: u64,
    /// What the decoder says.
    #[source]
    pub source: std::io::Error,
}

fn unsigned(id: i64) -> u64 {
    u64::try_from(id).unwrap_or(0)
}

fn signed(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

impl LiveIndex {
    /// Adds a stored segment.
    ///
    /// # Errors
    /// [`BadSegment`] when the bytes are not what [`LiveIndex::segment`] gave.
    pub fn load(&mut self, lo: u64, bytes: &[u8]) -> Result<(), BadSegment> {
        let ids = RoaringTreemap::deserialize_from(bytes).map_err(|source| BadSegment { lo, source })?;
        self.trim_before(lo);
        self.segments.insert(lo, ids);
        Ok(())
    }

    /// A segment that was split holds its upper part still if only the new segment was stored. Segments come ascending.
    fn trim_before(&mut self, lo: u64) {
        if let Some((_, before)) = self.segments.range_mut(..lo).next_back() {
            before.remove_range(lo..);
        }
    }

    /// Bytes of segment `lo` for the store; empty segments give the bytes of an empty set.
    #[must_use]
    pub fn segment(&self, lo: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        if let Some(ids) = self.segments.get(&lo) {
            // Writing to a vector cannot fail.
            let _ = ids.serialize_into(&mut bytes);
        }
        bytes
    }

    /// Adds ids (ascending); answers the segments that changed.
    pub fn insert(&mut self, ids: &[i64]) -> Vec<u64> {
        let mut changed = Vec::new();
        for id in ids.iter().map(|&id| unsigned(id)) {
            let lo = self.home_of(id);
            if self.segments.entry(lo).or_default().insert(id) && changed.last() != Some(&lo) {
                changed.push(lo);
            }
        }
        let overgrown: Vec<u64> =
            changed.iter().copied().filter(|lo| self.segments[lo].len() > 2 * SEGMENT_IDS).collect();
        changed.extend(overgrown.into_iter().flat_map(|lo| self.split(lo)));
        changed.sort_unstable();
        changed.dedup();
        changed
    }

    /// Cuts an overgrown segment; answers where the new ones begin. Lanes that walk side by side fill one from both ends.
    fn split(&mut self, lo: u64) -> Vec<u64> {
        let Some(whole) = self.segments.remove(&lo) else { return Vec::new() };
        let (mut begin, mut begins, mut ids) = (lo, Vec::new(), whole.iter().peekable());
        while ids.peek().is_some() {
            self.segments.insert(begin, ids.by_ref().take(SEGMENT_IDS as usize).collect());
            begins.extend(ids.peek());
            begin = ids.peek().copied().unwrap_or(begin);
        }
        begins
    }

    // An id beyond the last id of a full segment opens a new one.
    fn home_of(&self, id: u64) -> u64 {
        match self.segments.range(..=id).next_back() {
            Some((&lo, ids)) if ids.len() < SEGMENT_IDS || ids.max().is_some_and(|last| id <= last) => lo,
            _ => id,
        }
    }

    /// Removes ids; answers the segments that changed.
    pub fn remove(&mut self, ids: &[i64]) -> Vec<u64> {
        let mut changed = Vec::new();
        for id in ids.iter().map(|&id| unsigned(id)) {
            if let Some((&lo, segment)) = self.segments.range_mut(..=id).next_back()
                && segment.remove(id)
            {
                changed.push(lo);
            }
        }
        changed.sort_unstable();
        changed.dedup();
        changed
    }

    /// Whether the id is live.
    #[must_use]
    pub fn contains(&self, id: i64) -> bool {
        let id = unsigned(id);
        self.segments.range(..=id).next_back().is_some_and(|(_, ids)| ids.contains(id))
    }

    /// Live ids in `(lo, hi]`, ascending.
    pub fn ids_in(&self, lo: i64, hi: i64) -> impl Iterator<Item = i64> + '_ {
        let first = if lo < 0 { 0 } else { unsigned(lo) + 1 };
        let last = unsigned(hi);
        let home = self.segments.range(..=first).next_back().map_or(first, |(&segment, _)| segment);
        let end = if hi < 0 || last < home { home } else { last };
        self.segments
            .range(home..=end)
            .flat_map(move |(_, ids)| {
                let mut rest = ids.iter();
                rest.advance_to(first);
                rest
            })
            .take_while(move |&id| hi >= 0 && id <= last)
            .map(signed)
    }

    /// Number of live ids in `(lo, hi]`.
    #[must_use]
    pub fn count_in(&self, lo: i64, hi: i64) -> u64 {
        self.rank(hi) - self.rank(lo.min(hi))
    }

    fn rank(&self, id: i64) -> u64 {
        if id < 0 {
            return 0;
        }
        self.segments.range(..=unsigned(id)).map(|(_, ids)| ids.rank(unsigned(id))).sum()
    }

    /// The id in the middle of the live ids of `(lo, hi]`, if there are at least two.
    #[must_use]
    pub fn median_in(&self, lo: i64, hi: i64) -> Option<i64> {
        let n_ids = self.count_in(lo, hi);
        let skip = usize::try_from(n_ids.checked_div(2)?).ok()?.checked_sub(1)?;
        self.ids_in(lo, hi).nth(skip)
    }

    /// The largest live id.
    #[must_use]
    pub fn max(&self) -> Option<i64> {
        self.segments.values().rev().find_map(RoaringTreemap::max).map(signed)
    }

    /// Number of live ids.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.segments.values().map(RoaringTreemap::len).sum()
    }

    /// Whether no id is live.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::LiveIndex;

    fn model_of(ids: &BTreeSet<i64>, lo: i64, hi: i64) -> Vec<i64> {
        ids.iter().copied().filter(|&id| id > lo && id <= hi).collect()
    }

    proptest! {
        #[test]
        fn behaves_as_an_ordered_set(
            added in prop::collection::vec(0_i64..20_000, 0..400),
            removed in prop::collection::vec(0_i64..20_000, 0..100),
            lo in -2_i64..20_000, hi in -2_i64..20_000,
        ) {
            let mut index = LiveIndex::default();
            let mut model = BTreeSet::new();
            for chunk in added.chunks(50) {
                let chunk: BTreeSet<i64> = chunk.iter().copied().collect();
                index.insert(&chunk.iter().copied().collect::<Vec<_>>());
                model.extend(chunk);
            }
            index.remove(&removed);
            model.retain(|id| !removed.contains(id));
            prop_assert_eq!(index.len(), model.len() as u64);
            prop_assert_eq!(index.max(), model.last().copied());
            let want = model_of(&model, lo, hi);
            prop_assert_eq!(index.ids_in(lo, hi).collect::<Vec<_>>(), want.clone());
            prop_assert_eq!(index.count_in(lo, hi), want.len() as u64);
            if want.len() >= 2 {
                prop_assert_eq!(index.median_in(lo, hi), Some(want[want.len() / 2 - 1]));
            }
        }
    }

    #[test]
    fn segments_stay_small_and_read_back() {
        let mut index = LiveIndex::default();
        let ids: Vec<i64> = (0..20_000).map(|n| n * 977).collect();
        let mut touched = Vec::new();
        for page in ids.chunks(500) {
            touched.extend(index.insert(page));
        }
        touched.dedup();
        assert!(touched.len() <= 6, "{} segments", touched.len());
        let mut copy = LiveIndex::default();
        for &lo in &touched {
            let bytes = index.segment(lo);
            assert!(bytes.len() < 64 * 1024, "segment of {} bytes", bytes.len());
            copy.load(lo, &bytes).unwrap();
        }
        assert_eq!(copy.len(), 20_000);
        assert!(copy.contains(977) && !copy.contains(978));
    }

    #[test]
    fn a_segment_that_several_lanes_fill_is_split_and_reads_back() {
        let (mut index, mut shelf) = (LiveIndex::default(), std::collections::BTreeMap::new());
        for page in 0..80 {
            for lane in 0..3 {
                let first = lane * 10_000_000 + page * 500 * 97;
                let ids: Vec<i64> = (0..500).map(|at| first + at * 97).collect();
                for lo in index.insert(&ids) {
                    shelf.insert(lo, index.segment(lo));
                }
            }
        }
        assert!(shelf.values().all(|bytes| bytes.len() < 64 * 1024));
        let mut copy = LiveIndex::default();
        shelf.iter().for_each(|(&lo, bytes)| copy.load(lo, bytes).unwrap());
        assert_eq!((copy.len(), index.len()), (120_000, 120_000));
        assert_eq!(
            copy.ids_in(-1, i64::MAX).collect::<Vec<_>>(),
            index.ids_in(-1, i64::MAX).collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_split_that_was_stored_by_half_counts_no_id_twice() {
        let mut index = LiveIndex::default();
        index.insert(&[1]);
        index.insert(&[1_000_000]);
        index.insert(&(2..8_000).collect::<Vec<_>>());
        let whole = index.segment(0).len().max(index.segment(1).len());
        let before = index.segment(1);
        let begins = index.insert(&(8_000..8_400).collect::<Vec<_>>());
        assert!(begins.len() > 1 && whole > 0, "{begins:?}");
        let mut copy = LiveIndex::default();
        copy.load(1, &before).unwrap();
        for &lo in begins.iter().filter(|&&lo| lo != 1) {
            copy.load(lo, &index.segment(lo)).unwrap();
        }
        assert_eq!(copy.ids_in(-1, i64::MAX).count() as u64, copy.len());
    }

    #[test]
    fn two_lanes_that_meet_in_the_middle_keep_every_id() {
        let mut index = LiveIndex::default();
        index.insert(&(10_000..15_000).collect::<Vec<_>>());
        index.insert(&(0..9_999).collect::<Vec<_>>());
        index.insert(&[9_999]);
        assert_eq!(index.len(), 15_000);
        assert_eq!(index.ids_in(-1, i64::MAX).count(), 15_000);
    }
}
