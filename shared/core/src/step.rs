//! One resumable piece of a run: an id range that is read, a catch-up, a comparison of counts.
//!
//! Steps are stored as rows; each row carries the cursor that moves together with the records it covers, and the epoch
//! that fences off workers whose lease was taken.

use serde::{Deserialize, Serialize};

use crate::counts::Counts;
use crate::entity::Entity;
use crate::ranges::Range;
use crate::scope::Tally;

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Asks again for records that were rejected earlier.
    Retry,
    /// Reads all rows of companies that were linked since the last run.
    Fill,
    /// Reads all rows of an id range.
    Walk,
    /// Reads the rows that changed since an instant.
    Delta,
    /// Compares counts with the source and proves deletions; its cursor is the id up to which both sides agree.
    Reconcile,
}

/// How a step ended, or where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nothing to say.
    #[default]
    Clean,
    /// Ended, with a remark that a human should read.
    Noted(String),
    /// The entity is left out of this run.
    Skipped(String),
    /// Too much is missing upstream; nothing was tombstoned.
    Held {
        /// What to know, in a sentence.
        text: String,
        /// Records that the source shows no longer.
        n_missing: u64,
        /// Records that are live here.
        n_live: u64,
    },
}

/// One step of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which entity it reads.
    pub entity: Entity,
    /// What it does.
    pub kind: StepKind,
    /// Interval, cursor and rows read. `lo` is part of the step's identity and never changes.
    pub range: Range,
    /// Start of the window of a delta, RFC 3339 UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Rows beyond this id belong to a delta whatever their stamps: the largest id that was known when it was planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_id: Option<i64>,
    /// Rows that the source counted when the entity was begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_total: Option<u64>,
    /// Companies whose rows a fill reads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub companies: Vec<i64>,
    /// What happened to the records.
    #[serde(default)]
    pub counts: Counts,
    /// Records that were left out because their company is not linked.
    #[serde(default, skip_serializing_if = "Tally::is_empty")]
    pub unlinked: Tally,
    /// Ids that a reconcile did not find upstream so far; tombstoned at its end, if at all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<i64>,
    /// How it ended.
    #[serde(default)]
    pub outcome: Outcome,
}

impl Step {
    /// A new step over all ids.
    #[must_use]
    pub fn new(entity: Entity, kind: StepKind) -> Self {
        Self::over(entity, kind, Range::new(-1, None))
    }

    /// A new step over an id range.
    #[must_use]
    pub fn over(entity: Entity, kind: StepKind, range: Range) -> Self {
        Self {
            entity,
            kind,
            range,
            since: None,
            after_id: None,
            n_total: None,
            companies: Vec::new(),
            counts: Counts::default(),
            unlinked: Tally::default(),
            missing: Vec::new(),
            outcome: Outcome::Clean,
        }
    }

    /// Its identity within the run, in the order in which an entity's steps are done.
    #[must_use]
    pub fn name(&self) -> String {
        let kind = match self.kind {
            StepKind::Retry => "0-retry",
            StepKind::Fill => "1-fill",
            StepKind::Walk => "1-walk",
            StepKind::Delta => "2-delta",
            StepKind::Reconcile => "3-reconcile",
        };
        format!("{}/{kind}/{:012}", self.entity.name(), self.range.lo + 1)
    }
}

/// How far back a delta reaches behind the last run's start, so that rows stamped late are not lost.
pub const OVERLAP_S: i64 = 15 * 60;

/// How long an entity may live on deltas until all of its rows are read again, in milliseconds.
pub const SWEEP_EVERY_MS: u64 = 7 * 24 * 3_600 * 1_000;

/// What is known of an entity from earlier runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Everything stamped before this instant (source's clock, RFC 3339 UTC) is in the store.
    pub watermark: String,
    /// When all rows were last read, in milliseconds of our clock.
    pub swept_at_ms: u64,
}

/// The steps of one entity in a run.
///
/// `since` is the start of the delta window: of this run when everything is read, of the last run otherwise.
/// An entity without a stamp to filter by is always read whole and compared by hash; it needs no delta.
#[must_use]
pub fn plan(entity: Entity, is_whole: bool, has_stamps: bool, has_rejected: bool, since: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    if has_rejected && !is_whole && has_stamps {
        steps.push(Step::new(entity, StepKind::Retry));
    }
    if is_whole || !has_stamps {
        steps.push(Step::new(entity, StepKind::Walk));
    }
    if has_stamps {
        steps.push(Step { since: Some(since.to_owned()), ..Step::new(entity, StepKind::Delta) });
    }
    steps.push(Step::new(entity, StepKind::Reconcile));
    steps
}

/// Whether all rows of an entity are due to be read: never done before, or too long ago.
#[must_use]
pub fn is_sweep_due(mark: Option<&Mark>, now_ms: u64) -> bool {
    mark.is_none_or(|mark| now_ms.saturating_sub(mark.swept_at_ms) >= SWEEP_EVERY_MS)
}

#[cfg(test)]
mod tests {
    use super::{Mark, SWEEP_EVERY_MS, Step, StepKind, is_sweep_due, plan};
    use crate::entity::Entity;

    #[test]
    fn an_entity_is_read_whole_or_by_stamps_and_always_checked() {
        let kinds = |is_whole, has_stamps, has_rejected| -> Vec<StepKind> {
            plan(Entity::Assets, is_whole, has_stamps, has_rejected, "2026-11-20T00:00:00Z")
                .iter()
                .map(|step| step.kind)
                .collect()
        };
        use StepKind::{Delta, Reconcile, Retry, Walk};
        assert_eq!(kinds(true, true, true), [Walk, Delta, Reconcile]);
        assert_eq!(kinds(false, true, false), [Delta, Reconcile]);
        assert_eq!(kinds(false, true, true), [Retry, Delta, Reconcile]);
        assert_eq!(kinds(false, false, true), [Walk, Reconcile]);
    }

    #[test]
    fn names_sort_in_working_order_and_differ() {
        let names: Vec<String> = plan(Entity::Assets, true, true, false, "").iter().map(Step::name).collect();
        assert!(names.is_sorted());
        assert_eq!(names[0], "assets/1-walk/000000000000");
    }

    #[test]
    fn a_sweep_is_due_at_first_and_each_week() {
        let mark = Mark { watermark: String::new(), swept_at_ms: 5 };
        assert!(is_sweep_due(None, 0));
        assert!(!is_sweep_due(Some(&mark), 5 + SWEEP_EVERY_MS - 1));
        assert!(is_sweep_due(Some(&mark), 5 + SWEEP_EVERY_MS));
    }
}
