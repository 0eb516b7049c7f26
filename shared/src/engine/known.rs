//! What is known of an entity's records without reading them: which are live, and their facets.

use std::collections::HashSet;

use shared_core::entity::Entity;
use shared_core::facets::{Facets, day_of};
use shared_core::index::LiveIndex;
use shared_core::project::Record;

use super::context::Context;
use crate::store::StoreError;
use crate::store::records::{Segment, SegmentKind};

/// Index and facets of one entity.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) index: LiveIndex,
    facets: Facets,
}

/// The day by which facets remember when a record was found gone.
pub(crate) fn today(context: &Context) -> u32 {
    day_of(context.clock.now_ms())
}

impl Known {
    pub(crate) async fn load(context: &Context, entity: Entity) -> Result<Self, StoreError> {
        let index = context.store.load_index(&context.tenant, entity).await?;
        let facets = context.store.load_facets(&context.tenant, entity).await?;
        Ok(Self { index, facets })
    }

    /// Takes records in; answers the ids that were known before, and the segments to store.
    pub(crate) fn learn(&mut self, records: &[Record], today: u32) -> (HashSet<i64>, Vec<Segment>) {
        let (known, new): (Vec<i64>, Vec<i64>) =
            records.iter().map(|record| record.id).partition(|&id| self.index.contains(id));
        let ids = self.index.insert(&new);
        let facets = records.iter().filter_map(|record| Some((record.id, record.facet.clone()?)));
        let facets = self.facets.set(facets, today);
        (known.into_iter().collect(), self.segments(&ids, &facets))
    }

    /// Forgets ids that are gone, and marks their facets; answers the segments to store.
    pub(crate) fn forget(&mut self, ids: &[i64], today: u32) -> Vec<Segment> {
        let changed = self.index.remove(ids);
        let facets = self.facets.bury(ids, today);
        self.segments(&changed, &facets)
    }

    fn segments(&self, ids: &[u64], facets: &[u64]) -> Vec<Segment> {
        // The upper part of a split segment goes first: until the lower one is stored, ids stand twice, never nowhere.
        let ids = ids.iter().rev().map(|&lo| (SegmentKind::Index, lo, self.index.segment(lo)));
        let facets = facets.iter().rev().map(|&lo| (SegmentKind::Facets, lo, self.facets.segment(lo)));
        ids.chain(facets).map(|(kind, lo, bytes)| Segment { kind, lo, bytes }).collect()
    }
}
