//! Keeping a part of the records only: which are left out, what the run says of them, which companies are filled.

use std::collections::BTreeSet;

use serde::Deserialize;
use shared_core::entity::Entity;
use shared_core::ledger::{Note, Run};
use shared_core::project::Record;
use shared_core::scope::{SCOPED, Tally, left_out};
use shared_core::step::{Outcome, Step, StepKind};

use super::error::EngineError;
use super::slice::Engine;
use super::task::Task;
use crate::directory::Directory;
use crate::store::StoreError;
use crate::store::mappings::SaveError;

#[derive(Deserialize)]
struct Id {
    id: i64,
}

impl Task {
    /// Takes off what is none of ours to keep, and counts those whose company is not linked.
    pub(super) async fn within_scope(
        &self,
        records: Vec<Record>,
        unlinked: &mut Tally,
    ) -> Result<Vec<Record>, EngineError> {
        let Some(scope) = &self.context.scope else { return Ok(records) };
        let contracts = self.contracts.get_or_try_init(|| self.kept_contracts()).await?;
        let narrowed = records.into_iter().map(|record| {
            if scope.keeps(self.entity, &record, contracts) {
                return record;
            }
            if let Some(company_id) = record.company_id.filter(|&id| !scope.has(id)) {
                unlinked.add(company_id, 1);
            }
            left_out(record)
        });
        Ok(narrowed.collect())
    }

    async fn kept_contracts(&self) -> Result<BTreeSet<i64>, EngineError> {
        if SCOPED.contains(&self.entity) || self.entity == Entity::Companies {
            return Ok(BTreeSet::new());
        }
        let docs = self.context.store.all_docs(&self.context.tenant, Entity::Contracts).await?;
        let read = |doc: &String| {
            serde_json::from_str(doc).map_err(|error| StoreError::damaged("a contract", error))
        };
        Ok(docs.iter().map(|doc| read(doc).map(|Id { id }| id)).collect::<Result<_, _>>()?)
    }
}

impl Engine {
    /// What the run says of records that were left out because their companies are not linked.
    pub(super) async fn notes_of_scope(&self, run: &Run, steps: &[Step]) -> Result<Vec<Note>, EngineError> {
        let tallies: Vec<(Entity, Tally)> =
            run.entities.iter().map(|&entity| (entity, tally(entity, steps))).collect();
        if tallies.iter().all(|(_, tally)| tally.is_empty()) {
            return Ok(Vec::new());
        }
        let directory = Directory::load(&self.store, &self.config.tenant).await?;
        let note = |(entity, tally): (Entity, Tally)| {
            let text = tally.text(entity, |id| directory.name(id).map(str::to_owned))?;
            Some(Note { entity, text })
        };
        Ok(tallies.into_iter().filter_map(note).collect())
    }

    /// Remembers for which companies the run read everything. A run that is cut off here fills them once more.
    pub(super) async fn keep_filled(&self, run: &Run, steps: &[Step]) -> Result<(), EngineError> {
        let Some(scope) = &self.config.scope else { return Ok(()) };
        for &entity in run.entities.iter().filter(|entity| SCOPED.contains(entity)) {
            let mine: Vec<&Step> = steps.iter().filter(|step| step.entity == entity).collect();
            if mine.is_empty() || mine.iter().any(|step| matches!(step.outcome, Outcome::Skipped(_))) {
                continue;
            }
            let by_run: Vec<i64> = mine.iter().flat_map(|step| step.companies.clone()).collect();
            let was_swept = mine.iter().any(|step| step.kind == StepKind::Walk);
            let before = self.store.load_filled(&self.config.tenant, entity).await?;
            let filled = scope.filled_after(&before, &by_run, run.queued_ms().filter(|_| was_swept));
            match self.store.save_filled(&self.config.tenant, entity, &filled).await {
                Ok(()) => {}
                Err(SaveError::Store(error)) => return Err(error.into()),
                Err(error) => return Err(EngineError::Bug(error.to_string())),
            }
        }
        Ok(())
    }
}

/// Of a run that read all rows, what that showed; otherwise what changed.
fn tally(entity: Entity, steps: &[Step]) -> Tally {
    let mine = || steps.iter().filter(|step| step.entity == entity);
    let was_swept = mine().any(|step| step.kind == StepKind::Walk);
    let mut sum = Tally::default();
    mine().filter(|step| !was_swept || step.kind == StepKind::Walk).for_each(|step| sum.join(&step.unlinked));
    sum
}
