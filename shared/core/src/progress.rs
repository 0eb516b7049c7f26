//! How far a run is, and an honest guess of the time left.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::entity::Entity;

/// Progress of one entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityProgress {
    /// Which entity.
    pub entity: Entity,
    /// What is being done with it.
    pub stage: Stage,
    /// Rows that the source says there are; none while it has not been asked.
    pub n_total: Option<u64>,
    /// Rows read so far.
    pub n_read: u64,
}

/// What is being done with an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "EntityStage")]
pub enum Stage {
    /// Not begun.
    Waiting,
    /// All rows are read.
    Reading,
    /// What changed meanwhile is read.
    CatchingUp,
    /// Counts are compared, deletions proven.
    Checking,
    /// Finished.
    Done,
    /// Left out; the reason stands in the run.
    Skipped,
}

/// Percent of all rows that are read, 0 to 100; none while a total is unknown.
#[must_use]
pub fn percent(entities: &[EntityProgress]) -> Option<u8> {
    let n_total: u64 = entities.iter().map(|entity| entity.n_total).sum::<Option<u64>>()?;
    let n_read: u64 = entities.iter().map(|entity| entity.n_read.min(entity.n_total.unwrap_or(0))).sum();
    let percent = n_read.saturating_mul(100).checked_div(n_total).unwrap_or(100);
    u8::try_from(percent).ok()
}

/// Milliseconds left, from the slowest entity: entities run side by side, so their times do not add up.
///
/// `elapsed_ms` is the time spent working (not waiting for the hourly limit) so far.
#[must_use]
pub fn time_left_ms(entities: &[EntityProgress], elapsed_ms: u64) -> Option<u64> {
    let of = |entity: &EntityProgress| {
        let left = entity.n_total?.saturating_sub(entity.n_read);
        if left == 0 || matches!(entity.stage, Stage::Done | Stage::Skipped) {
            return Some(0);
        }
        elapsed_ms.saturating_mul(left).checked_div(entity.n_read)
    };
    entities.iter().map(of).try_fold(0, |most, left| Some(most.max(left?)))
}

#[cfg(test)]
mod tests {
    use super::{EntityProgress, Stage, percent, time_left_ms};
    use crate::entity::Entity;

    fn at(n_read: u64, n_total: Option<u64>) -> EntityProgress {
        EntityProgress { entity: Entity::Assets, stage: Stage::Reading, n_total, n_read }
    }

    #[test]
    fn percent_and_time_left_are_known_only_when_all_totals_are() {
        let check = |entities: &[EntityProgress], want_percent, want_left| {
            assert_eq!(percent(entities), want_percent);
            assert_eq!(time_left_ms(entities, 10_000), want_left);
        };
        check(&[at(50, Some(200)), at(100, Some(100))], Some(50), Some(30_000));
        check(&[at(50, None)], None, None);
        check(&[at(0, Some(100))], Some(0), None);
        check(&[at(0, Some(0))], Some(100), Some(0));
        check(&[at(7, Some(5))], Some(100), Some(0));
    }
}
