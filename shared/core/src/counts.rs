//! What happened to the records of an entity in a run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Counters of one entity (or one part of it) in one run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// Rows that Autotask sent, a row sent twice counted twice.
    pub read: u64,
    /// Records that the store did not hold.
    pub created: u64,
    /// Records that differed.
    pub updated: u64,
    /// Records that were equal; nothing was written for them.
    pub unchanged: u64,
    /// Records marked as gone.
    pub tombstoned: u64,
    /// Records that could not be used; each is kept with its reason.
    pub rejected: u64,
    /// Records that are none of ours to keep: of companies that are not linked, or older than the look-back.
    #[serde(default, skip_serializing_if = "is_none")]
    pub left_out: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_none(n_records: &u64) -> bool {
    *n_records == 0
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        let Self { read, created, updated, unchanged, tombstoned, rejected, left_out } = other;
        self.read += read;
        self.created += created;
        self.updated += updated;
        self.unchanged += unchanged;
        self.tombstoned += tombstoned;
        self.rejected += rejected;
        self.left_out += left_out;
    }
}

impl std::iter::Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), |mut sum, part| {
            sum += part;
            sum
        })
    }
}
