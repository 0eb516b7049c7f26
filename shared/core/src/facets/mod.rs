//! What mappings, counts and searches need to know of every record, in a few bytes each.
//!
//! A mapping is applied when records are read; what it would show or hide must be told of 200,000 assets at once, without
//! reading one of them. So the sync keeps a *facet* of every asset and company beside the records: whose it is, its type,
//! whether it is active, hashes to find it by. A facet is announced before its record is written and marked when the record
//! is tombstoned, by the same fenced writes as the index of live ids.

mod row;
mod segments;

pub use row::{AssetFacet, CompanyFacet, Facet, search_hash, search_text};
pub use segments::{BadSegment, Facets, SEGMENT_ROWS};

/// Days for which a tombstoned record can be explained; its tombstone is kept as long.
pub const GONE_KEPT_DAYS: u32 = 30;

/// The day of an instant (milliseconds since the epoch), as facets count days.
#[must_use]
pub fn day_of(now_ms: u64) -> u32 {
    u32::try_from(now_ms / 86_400_000).unwrap_or(u32::MAX)
}
