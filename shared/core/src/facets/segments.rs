//! All facets of an entity, cut into segments that are stored as one item each.
//!
//! Segments stay encoded and are opened only where a page touches them: 200,000 facets are a few megabytes.

use std::collections::BTreeMap;

use super::GONE_KEPT_DAYS;
use super::row::{AssetFacet, Facet};

/// Rows after which a segment is followed by a new one.
pub const SEGMENT_ROWS: usize = 1_000;

/// Why stored bytes are no segment.
#[derive(Debug, thiserror::Error)]
#[error("stored facet segment {lo} cannot be read")]
pub struct BadSegment {
    /// First id of the segment.
    pub lo: u64,
    /// What the decoder says.
    #[source]
    pub source: postcard::Error,
}

/// Facets by id. Segment `lo` holds the ids from `lo` up to the next segment's `lo`.
#[derive(Clone, Debug, Default)]
pub struct Facets {
    segments: BTreeMap<u64, Segment>,
}

#[derive(Clone, Debug, Default)]
struct Segment {
    bytes: Vec<u8>,
    n_rows: usize,
    last: u64,
}

/// Rows of a segment, opened: each id as its distance from the one before.
type Rows = BTreeMap<u64, Facet>;

fn unsigned(id: i64) -> u64 {
    u64::try_from(id).unwrap_or(0)
}

impl Segment {
    fn open(&self) -> Rows {
        self.rows().into_iter().collect()
    }

    fn rows(&self) -> Vec<(u64, Facet)> {
        decode(&self.bytes).unwrap_or_default()
    }

    fn close(rows: &Rows) -> Self {
        let mut before = 0;
        let gaps: Vec<(u64, &Facet)> =
            rows.iter().map(|(&id, facet)| (id - std::mem::replace(&mut before, id), facet)).collect();
        // Writing to a vector cannot fail.
        let bytes = postcard::to_allocvec(&gaps).unwrap_or_default();
        Self { bytes, n_rows: rows.len(), last: before }
    }
}

fn decode(bytes: &[u8]) -> Result<Vec<(u64, Facet)>, postcard::Error> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows: Vec<(u64, Facet)> = postcard::from_bytes(bytes)?;
    let mut id = 0_u64;
    for (gap, _) in &mut rows {
        id = id.saturating_add(*gap);
        *gap = id;
    }
    Ok(rows)
}

impl Facets {
    /// Adds a stored segment.
    ///
    /// # Errors
    /// [`BadSegment`] when the bytes are not what [`Facets::segment`] gave.
    pub fn load(&mut self, lo: u64, bytes: &[u8]) -> Result<(), BadSegment> {
        let rows = decode(bytes).map_err(|source| BadSegment { lo, source })?;
        let last = rows.last().map_or(0, |(id, _)| *id);
        self.trim_before(lo);
        self.segments.insert(lo, Segment { bytes: bytes.to_vec(), n_rows: rows.len(), last });
        Ok(())
    }

    /// A segment that was split holds its upper part still if only the new segment was stored. Segments come ascending.
    fn trim_before(&mut self, lo: u64) {
        if let Some((_, before)) = self.segments.range_mut(..lo).next_back()
            && before.last >= lo
        {
            let mut rows = before.open();
            rows.split_off(&lo);
            *before = Segment::close(&rows);
        }
    }

    /// Bytes of segment `lo` for the store.
    #[must_use]
    pub fn segment(&self, lo: u64) -> Vec<u8> {
        self.segments.get(&lo).map(|segment| segment.bytes.clone()).unwrap_or_default()
    }

    /// Takes in facets; answers the segments that changed.
    ///
    /// Rows that have been gone for longer than [`GONE_KEPT_DAYS`] leave the segments that are touched.
    pub fn set(&mut self, rows: impl IntoIterator<Item = (i64, Facet)>, today: u32) -> Vec<u64> {
        self.change(rows, today, |known, facet| {
            let is_new = known.as_ref() != Some(&facet);
            *known = Some(facet);
            is_new
        })
    }

    /// Marks records as gone; answers the segments that changed.
    pub fn bury(&mut self, ids: &[i64], today: u32) -> Vec<u64> {
        let rows = ids.iter().map(|&id| (id, ()));
        self.change(rows, today, |known, ()| {
            let Some(facet) = known else { return false };
            let was_live = facet.gone_on().is_none();
            facet.bury(today);
            was_live
        })
    }

    fn change<T>(
        &mut self,
        rows: impl IntoIterator<Item = (i64, T)>,
        today: u32,
        mut change: impl FnMut(&mut Option<Facet>, T) -> bool,
    ) -> Vec<u64> {
        let mut rows: Vec<(u64, T)> = rows.into_iter().map(|(id, row)| (unsigned(id), row)).collect();
        rows.sort_by_key(|(id, _)| *id);
        let mut changed = Vec::new();
        let mut rows = rows.into_iter().peekable();
        while let Some(&(id, _)) = rows.peek() {
            let lo = self.home_of(id);
            let next = self.segments.range(lo + 1..).next().map(|(&next, _)| next);
            let before = self.segments.remove(&lo).unwrap_or_default();
            let (mut open, mut has_changed) = (before.open(), false);
            let fits = |id: u64| next.is_none_or(|next| id < next);
            while let Some((id, row)) = rows.next_if(|(id, _)| fits(*id)) {
                let mut facet = open.remove(&id);
                has_changed |= change(&mut facet, row);
                open.extend(facet.map(|facet| (id, facet)));
            }
            if has_changed {
                open.retain(|_, facet| facet.gone_on().is_none_or(|day| day + GONE_KEPT_DAYS >= today));
                changed.extend(self.close(lo, open));
            } else if before.n_rows > 0 {
                self.segments.insert(lo, before);
            }
        }
        changed
    }

    /// Puts rows back, in parts where they are too many for one item; answers where the parts begin. The first part keeps its
    /// place, and all of them are stored together.
    fn close(&mut self, lo: u64, rows: Rows) -> Vec<u64> {
        let part_rows = if rows.len() > 2 * SEGMENT_ROWS { SEGMENT_ROWS } else { rows.len().max(1) };
        let (mut rows, mut begin, mut begins) = (rows, lo, Vec::new());
        loop {
            let next = rows.keys().nth(part_rows).copied();
            let rest = next.map(|next| rows.split_off(&next)).unwrap_or_default();
            self.segments.insert(begin, Segment::close(&rows));
            begins.push(begin);
            let Some(next) = next else { return begins };
            (rows, begin) = (rest, next);
        }
    }

    // An id beyond the last one of a full segment opens a new one.
    fn home_of(&self, id: u64) -> u64 {
        match self.segments.range(..=id).next_back() {
            Some((&lo, segment)) if segment.n_rows < SEGMENT_ROWS || id <= segment.last => lo,
            _ => id,
        }
    }

    /// The facet of a record, gone or live.
    #[must_use]
    pub fn get(&self, id: i64) -> Option<Facet> {
        let id = unsigned(id);
        self.segments.range(..=id).next_back()?.1.open().remove(&id)
    }

    /// All rows, ascending by id, gone ones among them.
    pub fn rows(&self) -> impl Iterator<Item = (i64, Facet)> + '_ {
        let rows = self.segments.values().flat_map(Segment::rows);
        rows.map(|(id, facet)| (i64::try_from(id).unwrap_or(i64::MAX), facet))
    }

    /// Live assets, with their ids.
    pub fn assets(&self) -> impl Iterator<Item = (i64, AssetFacet)> + '_ {
        self.rows().filter_map(|(id, facet)| match facet {
            Facet::Asset(asset) if asset.gone_on.is_none() => Some((id, asset)),
            _ => None,
        })
    }

    /// Assets, gone ones among them, that have this id, or this hash of serial number or name; at most `limit`.
    #[must_use]
    pub fn find_assets(&self, id: Option<i64>, hash: u32, limit: usize) -> Vec<(i64, AssetFacet)> {
        let found = self.rows().filter_map(|(at, facet)| match facet {
            Facet::Asset(asset) if Some(at) == id || asset.serial == hash || asset.name == hash => {
                Some((at, asset))
            }
            _ => None,
        });
        found.take(limit).collect()
    }

    /// Bytes of all segments.
    #[must_use]
    pub fn n_bytes(&self) -> usize {
        self.segments.values().map(|segment| segment.bytes.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::{Facets, SEGMENT_ROWS};
    use crate::facets::{AssetFacet, Facet, GONE_KEPT_DAYS};

    fn asset(company_id: i64) -> Facet {
        Facet::Asset(AssetFacet { company_id, type_id: Some(7), serial: 99, ..AssetFacet::default() })
    }

    /// Stores what is said to have changed and reads it back, as another slice would.
    fn store(shelf: &mut BTreeMap<u64, Vec<u8>>, facets: &Facets, changed: Vec<u64>) {
        shelf.extend(changed.into_iter().map(|lo| (lo, facets.segment(lo))));
    }

    fn read(shelf: &BTreeMap<u64, Vec<u8>>) -> Vec<(i64, Facet)> {
        let mut facets = Facets::default();
        shelf.iter().for_each(|(&lo, bytes)| facets.load(lo, bytes).unwrap());
        facets.rows().collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn what_is_stored_is_what_was_set(
            pages in prop::collection::vec(prop::collection::btree_map(0_i64..9_000, 0_i64..5, 0..600), 1..12),
            gone in prop::collection::btree_set(0_i64..9_000, 0..50),
        ) {
            let (mut facets, mut shelf, mut model) = (Facets::default(), BTreeMap::new(), BTreeMap::new());
            for page in pages {
                let rows = page.iter().map(|(&id, &company_id)| (id, asset(company_id)));
                let changed = facets.set(rows, 100);
                store(&mut shelf, &facets, changed);
                model.extend(page.into_iter().map(|(id, company_id)| (id, asset(company_id))));
            }
            let gone: Vec<i64> = gone.into_iter().collect();
            let changed = facets.bury(&gone, 100);
            store(&mut shelf, &facets, changed);
            for id in gone {
                model.entry(id).and_modify(|facet| facet.bury(100));
            }
            prop_assert_eq!(read(&shelf), model.clone().into_iter().collect::<Vec<_>>());
            for id in [0, 17, 8_999] {
                prop_assert_eq!(facets.get(id), model.get(&id).cloned());
            }
        }
    }

    #[test]
    fn an_equal_page_changes_nothing() {
        let mut facets = Facets::default();
        let page = || (0..500).map(|id| (id * 3, asset(id % 7)));
        assert_eq!(facets.set(page(), 1).len(), 1);
        assert!(facets.set(page(), 2).is_empty());
        assert!(facets.bury(&[1, 2], 2).is_empty(), "never there");
        assert_eq!(facets.bury(&[3], 2), [0]);
        assert!(facets.bury(&[3], 3).is_empty(), "gone already");
        assert_eq!(facets.set([(3, asset(1))], 3), [0], "back again");
    }

    #[test]
    fn segments_stay_small() {
        let mut facets = Facets::default();
        for page in 0..60 {
            facets.set((0..500).map(|at| ((page * 500 + at) * 11, asset(at))), 1);
        }
        let sizes: Vec<usize> = facets.segments.values().map(|segment| segment.n_rows).collect();
        assert!(sizes.iter().all(|&n_rows| n_rows <= SEGMENT_ROWS), "{sizes:?}");
        assert!(facets.n_bytes() < 30_000 * 24, "{} bytes", facets.n_bytes());
    }

    #[test]
    fn segments_stay_small_where_several_walks_fill_them() {
        let mut facets = Facets::default();
        let (per_page, per_walk) = (500, 60_000);
        for page in 0..per_walk / per_page {
            for walk in 0..3 {
                let first = walk * per_walk + page * per_page;
                facets.set((first..first + per_page).map(|id| (id, asset(id))), 1);
            }
        }
        let sizes: Vec<usize> = facets.segments.values().map(|segment| segment.bytes.len()).collect();
        assert!(sizes.iter().all(|&n_bytes| n_bytes < 200_000), "{sizes:?}");
        assert_eq!(facets.rows().count(), 180_000);
    }

    #[test]
    fn those_long_gone_are_forgotten_where_something_changes() {
        let mut facets = Facets::default();
        facets.set([(1, asset(1)), (2, asset(1))], 10);
        facets.bury(&[1], 10);
        facets.set([(2, asset(9))], 10 + GONE_KEPT_DAYS);
        assert!(facets.get(1).is_some());
        facets.set([(2, asset(1))], 11 + GONE_KEPT_DAYS);
        assert!(facets.get(1).is_none());
    }

    #[test]
    fn bytes_of_something_else_are_refused() {
        assert!(Facets::default().load(0, &[255, 255, 255, 255, 255, 1]).is_err());
    }
}
