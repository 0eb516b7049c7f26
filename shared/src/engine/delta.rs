//! Reading what changed, and asking again for what was rejected.

use shared_core::paging::NextStep;
use shared_core::plan::{Change, Rejection};
use shared_core::query::{Condition, MAX_IN_VALUES};
use shared_core::step::Step;

use super::error::EngineError;
use super::task::Task;
use crate::store::records::Commit;

impl Task {
    /// Reads the rows stamped since the step's instant, and rows beyond the largest known id.
    pub(crate) async fn delta(&self, mut step: Step) -> Result<Step, EngineError> {
        let since = step.since.clone().unwrap_or_default();
        let or_id_after = match step.after_id {
            Some(after_id) => after_id,
            None => {
                // Planned before the walk. Stored before the first page: a resumed delta must ask for the same rows.
                let after_id = self.known.lock().await.index.max().unwrap_or(-1);
                step.after_id = Some(after_id);
                self.commit(Commit::default(), &step, step.range.cursor).await?;
                after_id
            }
        };
        let changed = Condition::AnySince { fields: self.stamps().to_vec(), since, or_id_after };
        self.pages(step, &changed).await
    }

    /// Reads all rows of the step's companies.
    pub(crate) async fn fill(&self, step: Step) -> Result<Step, EngineError> {
        let theirs = Condition::CompanyIn(step.companies.clone());
        self.pages(step, &theirs).await
    }

    /// Reads the rows that meet a condition, from the step's cursor on.
    async fn pages(&self, mut step: Step, condition: &Condition) -> Result<Step, EngineError> {
        let mut n_pages = 0;
        while !step.range.is_done {
            if n_pages > 0 && self.context.should_end() {
                break;
            }
            let cursor = step.range.cursor;
            let rows = self.fetch(&[Condition::IdAfter(cursor), condition.clone()], cursor, None).await?;
            n_pages += 1;
            let (next, is_done) = match rows.next {
                NextStep::After(last) => (last, false),
                NextStep::Done(last) => (last.unwrap_or(cursor), true),
            };
            step.range.advance(rows.ids.first().copied(), next, rows.n_items as u64, is_done);
            step = self.commit_rows(rows, step, cursor).await?;
        }
        Ok(step)
    }

    /// Asks again for the records that were rejected in earlier runs.
    pub(crate) async fn retry(&self, mut step: Step) -> Result<Step, EngineError> {
        let ids: Vec<i64> = self.rejected().values().filter_map(|rejection| rejection.id).collect();
        for ids in ids.chunks(MAX_IN_VALUES) {
            let cursor = step.range.cursor;
            let mut gone = ids.to_vec();
            for rows in self.fetch_ids(ids).await? {
                gone.retain(|id| rows.ids.binary_search(id).is_err());
                step = self.commit_rows(rows, step, cursor).await?;
            }
            self.forget(gone.into_iter().map(Rejection::name_of).collect(), &step).await?;
        }
        let cursor = step.range.cursor;
        step.range.is_done = true;
        self.commit(Commit::default(), &step, cursor).await?;
        Ok(step)
    }

    /// Forgets rejections of records that are no longer there.
    pub(crate) async fn forget(&self, names: Vec<String>, step: &Step) -> Result<(), EngineError> {
        if names.is_empty() {
            return Ok(());
        }
        names.iter().for_each(|name| drop(self.rejected().remove(name)));
        let changes = names.into_iter().map(Change::Accept).collect();
        self.commit(Commit { changes, ..Commit::default() }, step, step.range.cursor).await
    }
}
