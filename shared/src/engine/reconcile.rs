//! Comparing counts with the source, proving deletions, and the brake.
//!
//! One count tells that nothing vanished. Otherwise counts narrow the difference down to small intervals, whose rows are
//! fetched: what is there and unknown is taken in, what is missing is remembered. Only at the end, if the brake allows it
//! and one more count proves that the missing ids are not there, are they tombstoned.

use std::sync::PoisonError;

use shared_core::entity::Entity;
use shared_core::paging::NextStep;
use shared_core::plan::{Change, Rejection};
use shared_core::query::{Condition, id_range};
use shared_core::reconcile::{self, Interval, Step as Search};
use shared_core::step::{Outcome, Step};

use super::error::EngineError;
use super::known::today;
use super::task::Task;
use crate::store::records::Commit;

/// Tombstones of one commit.
const TOMBSTONES_PER_COMMIT: usize = 90;

/// What the search is allowed and what it has used.
#[derive(Debug)]
struct Budget {
    /// Where the cursor stood when this slice began: a slice that moved it may end.
    begun_at: i64,
    n_requests: u64,
    /// From here on a plain listing is cheaper than more counts.
    most: u64,
}

impl Task {
    /// Counts while the delta runs: one pause less at the end. An error is no matter, the count is asked for again.
    pub(crate) async fn count_early(&self) {
        let Some(hi) = self.largest_id().await else { return };
        if let Ok(n_theirs) = self.context.client.count(self.entity, &id_range(-1, Some(hi))).await {
            *self.early_count.lock().unwrap_or_else(PoisonError::into_inner) = Some((hi, n_theirs));
        }
    }

    /// Whether the early count says that nothing vanished. What it cannot say is left to a fresh one.
    async fn is_settled_early(&self) -> bool {
        let early = *self.early_count.lock().unwrap_or_else(PoisonError::into_inner);
        match early {
            Some((hi, n_theirs)) => n_theirs == self.n_ours(-1, hi).await + self.n_nameless(),
            None => false,
        }
    }

    /// Brings the store's live ids and the source's into agreement.
    pub(crate) async fn reconcile(&self, mut step: Step) -> Result<Step, EngineError> {
        let Some(hi) = self.largest_id().await else {
            let outcome = self.explain_nothing().await?;
            return self.end(step, outcome).await;
        };
        if step.missing.is_empty() && self.is_settled_early().await {
            return self.end(step, Outcome::Clean).await;
        }
        let lo = step.range.cursor;
        let n_theirs = match self.count(lo, hi).await? {
            Some(n_theirs) => n_theirs,
            None => return self.list_all(step, hi).await,
        };
        let whole = Interval { lo, hi, n_theirs };
        let (n_live, n_ours) = (self.n_live().await, self.n_ours(lo, hi).await);
        if n_theirs == n_ours + self.n_nameless() && step.missing.is_empty() {
            return self.end(step, Outcome::Clean).await;
        }
        let n_held = self.known.lock().await.index.count_in(lo, hi);
        let n_missing = n_held.saturating_sub(n_theirs) + step.missing.len() as u64;
        if self.is_braked(n_live, n_missing) {
            return self.hold(step, n_missing, n_live).await;
        }
        match self.search(step, whole, n_live).await? {
            Found::Paused(step) => Ok(step),
            Found::Braked(step) => {
                let n_missing = step.missing.len() as u64;
                self.hold(step, n_missing, n_live).await
            }
            Found::All(found) => {
                step = found;
                step = self.bury(step).await?;
                let after = self.n_ours(lo, hi).await + self.n_nameless();
                let outcome = self.doubt(n_theirs, after);
                self.end(step, outcome).await
            }
        }
    }

    /// No rows at all: a source without any, or a user who may not see them.
    async fn explain_nothing(&self) -> Result<Outcome, EngineError> {
        let rights = self.context.client.rights(self.entity).await?;
        if rights.can_query {
            return Ok(Outcome::Clean);
        }
        Ok(Outcome::Skipped(format!("the API user may not query {}: check its security level", self.entity)))
    }

    fn doubt(&self, n_theirs: u64, n_ours: u64) -> Outcome {
        if n_ours == n_theirs {
            return Outcome::Clean;
        }
        Outcome::Noted(format!(
            "Autotask counts {n_theirs} {}, but lists {n_ours} of them that can be read; nothing was removed for it",
            self.entity
        ))
    }

    /// Walks the intervals that differ, from the low end; the cursor follows behind, so that a later slice goes on.
    async fn search(&self, mut step: Step, whole: Interval, n_live: u64) -> Result<Found, EngineError> {
        let page = u64::from(self.page_size());
        let begun_at = step.range.cursor;
        let mut budget = Budget { begun_at, n_requests: 0, most: n_live / page / 2 + 30 };
        let mut open = vec![whole];
        while let Some(at) = open.pop() {
            if self.may_end(&step, &budget) {
                return Ok(Found::Paused(step));
            }
            let n_ours = self.n_ours(at.lo, at.hi).await;
            let choice = {
                let known = self.known.lock().await;
                reconcile::step(at, n_ours, &known.index, page)
            };
            match choice {
                Search::Settled => step = self.settle(step, at.hi).await?,
                Search::Split { mid } if budget.n_requests < budget.most => {
                    budget.n_requests += 1;
                    match self.count(at.lo, mid).await? {
                        Some(n_lower) => {
                            let [lower, upper] = reconcile::cut(at, mid, n_lower);
                            open.extend([upper, lower]);
                        }
                        None => step = self.list(step, at.lo, at.hi, &mut budget).await?,
                    }
                }
                Search::Split { .. } | Search::List => {
                    step = self.list(step, at.lo, at.hi, &mut budget).await?;
                    let is_braked = self.is_braked(n_live, step.missing.len() as u64);
                    if step.range.cursor < at.hi && !is_braked {
                        return Ok(Found::Paused(step));
                    }
                }
            }
            if self.is_braked(n_live, step.missing.len() as u64) {
                return Ok(Found::Braked(step));
            }
        }
        Ok(Found::All(step))
    }

    /// A slice ends here only if it came forward: a descent by counts alone leaves nothing behind.
    fn may_end(&self, step: &Step, budget: &Budget) -> bool {
        self.context.is_stopped() || (step.range.cursor > budget.begun_at && self.context.should_end())
    }

    /// Counts cannot be had: the rows themselves are listed.
    async fn list_all(&self, step: Step, hi: i64) -> Result<Step, EngineError> {
        let n_live = self.n_live().await;
        let lo = step.range.cursor;
        let mut budget = Budget { begun_at: lo, n_requests: 0, most: 0 };
        let step = self.list(step, lo, hi, &mut budget).await?;
        let n_missing = step.missing.len() as u64;
        if self.is_braked(n_live, n_missing) {
            return self.hold(step, n_missing, n_live).await;
        }
        if step.range.cursor < hi {
            return Ok(step);
        }
        let step = self.bury(step).await?;
        self.end(
            step,
            Outcome::Noted(format!("Autotask could not count {}; all rows were listed", self.entity)),
        )
        .await
    }

    /// Fetches all rows of `(lo, hi]`, takes them in, and remembers the live ids that were not among them.
    async fn list(&self, mut step: Step, lo: i64, hi: i64, budget: &mut Budget) -> Result<Step, EngineError> {
        let mut from = lo.max(step.range.cursor);
        while from < hi {
            if self.may_end(&step, budget) {
                return Ok(step);
            }
            budget.n_requests += 1;
            let rows = self.fetch(&id_range(from, Some(hi)), from, Some(hi)).await?;
            let to = match rows.next {
                NextStep::After(last) => last,
                NextStep::Done(_) => hi,
            };
            let here: Vec<i64> = self.known.lock().await.index.ids_in(from, to).collect();
            step.missing.extend(here.into_iter().filter(|id| rows.ids.binary_search(id).is_err()));
            let vanished = self.rejected_but_gone(from, to, &rows.ids);
            let expected_cursor = step.range.cursor;
            step.range.cursor = to;
            step = self.commit_rows(rows, step, expected_cursor).await?;
            self.forget(vanished, &step).await?;
            from = to;
            if self.is_braked(self.n_live().await, step.missing.len() as u64) {
                return Ok(step);
            }
        }
        Ok(step)
    }

    /// Names of rejections in `(from, to]` whose rows are no longer there.
    fn rejected_but_gone(&self, from: i64, to: i64, there: &[i64]) -> Vec<String> {
        let is_gone = |id: i64| id > from && id <= to && there.binary_search(&id).is_err();
        self.rejected()
            .values()
            .filter(|kept| kept.id.is_some_and(is_gone))
            .map(|kept| kept.name.clone())
            .collect()
    }

    /// Notes that everything up to `hi` agrees.
    async fn settle(&self, mut step: Step, hi: i64) -> Result<Step, EngineError> {
        let expected_cursor = step.range.cursor;
        step.range.cursor = hi;
        self.commit(Commit::default(), &step, expected_cursor).await?;
        Ok(step)
    }

    /// Tombstones the missing ids, as far as a last count proves that they are not there. What it does not prove stays.
    async fn bury(&self, mut step: Step) -> Result<Step, EngineError> {
        for ids in step.missing.clone().chunks(TOMBSTONES_PER_COMMIT) {
            let mut gone = ids.to_vec();
            if !self.are_gone(&gone).await {
                for rows in self.fetch_ids(ids).await? {
                    gone.retain(|id| rows.ids.binary_search(id).is_err());
                    step.missing.retain(|id| rows.ids.binary_search(id).is_err());
                    let cursor = step.range.cursor;
                    step = self.commit_rows(rows, step, cursor).await?;
                }
                if gone.is_empty() || !self.are_gone(&gone).await {
                    continue;
                }
            }
            step = self.tombstone(step, &gone).await?;
        }
        Ok(step)
    }

    fn is_braked(&self, n_live: u64, n_missing: u64) -> bool {
        reconcile::is_braked(n_live, n_missing, self.context.n_confirmed(self.entity))
    }

    async fn are_gone(&self, ids: &[i64]) -> bool {
        let there = [Condition::IdIn(ids.to_vec())];
        matches!(self.context.client.count(self.entity, &there).await, Ok(0))
    }

    async fn tombstone(&self, mut step: Step, ids: &[i64]) -> Result<Step, EngineError> {
        let context = &self.context;
        let places = context.store.locate(&context.tenant, self.entity, ids).await?;
        let mut changes: Vec<Change> =
            ids.iter().filter_map(|id| places.get(id)).flatten().copied().map(Change::Tombstone).collect();
        changes.extend(self.forget_all(ids));
        let segments_after = self.known.lock().await.forget(ids, today(context));
        step.counts.tombstoned += ids.len() as u64;
        step.missing.retain(|id| !ids.contains(id));
        let cursor = step.range.cursor;
        self.commit(Commit { changes, segments_after }, &step, cursor).await?;
        Ok(step)
    }

    fn forget_all(&self, ids: &[i64]) -> Vec<Change> {
        let mut kept = self.rejected();
        let names = ids.iter().map(|&id| Rejection::name_of(id));
        names.filter(|name| kept.remove(name).is_some()).map(Change::Accept).collect()
    }

    async fn hold(&self, mut step: Step, n_missing: u64, n_live: u64) -> Result<Step, EngineError> {
        let text = held_text(self.entity, n_missing, n_live);
        tracing::warn!(entity = %self.entity, "{text}");
        step.missing.clear();
        self.end(step, Outcome::Held { text, n_missing, n_live }).await
    }

    async fn end(&self, mut step: Step, outcome: Outcome) -> Result<Step, EngineError> {
        let expected_cursor = step.range.cursor;
        step.range.is_done = true;
        step.missing.clear();
        let changes = match outcome {
            Outcome::Clean => self.forget_stale(),
            _ => Vec::new(),
        };
        step.outcome = outcome;
        self.commit(Commit { changes, segments_after: Vec::new() }, &step, expected_cursor).await?;
        Ok(step)
    }

    /// Rows without a readable id that were met in this run: they are counted upstream and can be nowhere here.
    fn n_nameless(&self) -> u64 {
        let run_id = &self.context.fence.run_id;
        self.rejected().values().filter(|kept| kept.id.is_none() && kept.run_id == *run_id).count() as u64
    }

    /// Counts agree: rows without an id that earlier runs met are readable now, or gone.
    fn forget_stale(&self) -> Vec<Change> {
        let run_id = &self.context.fence.run_id;
        let mut kept = self.rejected();
        let is_stale = |kept: &Rejection| kept.id.is_none() && kept.run_id != *run_id;
        let names: Vec<String> =
            kept.values().filter(|kept| is_stale(kept)).map(|kept| kept.name.clone()).collect();
        names.iter().for_each(|name| drop(kept.remove(name)));
        names.into_iter().map(Change::Accept).collect()
    }

    /// The source's count of `(lo, hi]`; none when this endpoint cannot count.
    async fn count(&self, lo: i64, hi: i64) -> Result<Option<u64>, EngineError> {
        match self.context.client.count(self.entity, &id_range(lo, Some(hi))).await {
            Ok(n_theirs) => Ok(Some(n_theirs)),
            Err(error @ crate::autotask::CallError::Refused { .. }) => {
                tracing::warn!(entity = %self.entity, "counting failed: {error}");
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// What we can explain in `(lo, hi]`: live ids, and rejected records that were never usable.
    async fn n_ours(&self, lo: i64, hi: i64) -> u64 {
        let index = &self.known.lock().await.index;
        let is_extra = |id: i64| id > lo && id <= hi && !index.contains(id);
        let n_rejected = self.rejected().values().filter(|kept| kept.id.is_some_and(is_extra)).count() as u64;
        index.count_in(lo, hi) + n_rejected
    }

    async fn n_live(&self) -> u64 {
        self.known.lock().await.index.len()
    }

    async fn largest_id(&self) -> Option<i64> {
        let live = self.known.lock().await.index.max();
        let rejected = self.rejected().values().filter_map(|kept| kept.id).max();
        live.max(rejected)
    }
}

/// How a search ended.
enum Found {
    /// Everything was looked at; what is missing stands in the step.
    All(Step),
    /// The slice ended first.
    Paused(Step),
    /// Too much is missing.
    Braked(Step),
}

fn held_text(entity: Entity, n_missing: u64, n_live: u64) -> String {
    format!(
        "{n_missing} of {n_live} {entity} are no longer visible to the API user; nothing was removed. \
         If they were really deleted in Autotask, confirm it; otherwise check the security level of the API user"
    )
}

#[cfg(test)]
mod tests {
    use shared_core::entity::Entity;

    use super::held_text;

    #[test]
    fn the_brake_says_what_happened_and_what_to_do() {
        let text = held_text(Entity::Assets, 60, 200);
        assert!(text.contains("60 of 200 assets") && text.contains("security level"));
    }
}
