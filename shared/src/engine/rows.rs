//! Reading a page's rows and committing what they change.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;
use shared_core::counts::Counts;
use shared_core::entity::Entity;
use shared_core::paging::{NextStep, Reading, read_page};
use shared_core::plan::{Change, Place, Rejection, astray, plan_page, without_repeats};
use shared_core::project::{Record, Rejected, decode, fingerprint, peek_id};
use shared_core::query::{Condition, page_body};
use shared_core::step::{Step, StepKind};
use shared_core::wire::{self, Page};

use super::error::EngineError;
use super::task::Task;
use crate::store::records::Commit;

/// The decoded rows of one page.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) records: Vec<Record>,
    pub(crate) rejected: Vec<(Rejected, String)>,
    /// All readable ids, ascending.
    pub(crate) ids: Vec<i64>,
    pub(crate) n_items: usize,
    pub(crate) next: NextStep,
}

impl Rows {
    /// No rows, and nothing left.
    pub(crate) fn none() -> Self {
        let (records, rejected, ids) = (Vec::new(), Vec::new(), Vec::new());
        Self { records, rejected, ids, n_items: 0, next: NextStep::Done(None) }
    }

    /// Decodes a page of `(from, hi]`; the error is a page that cannot be trusted.
    pub(crate) fn read(
        entity: Entity,
        page: &Page<'_>,
        from: i64,
        hi: Option<i64>,
        size: u32,
    ) -> Result<Self, String> {
        let mut ids: Vec<i64> =
            page.items.iter().filter_map(|raw| peek_id(raw)).filter(|&id| id >= 0).collect();
        let n_items = page.items.len();
        let Reading { next, stray } =
            read_page(from, hi, &ids, n_items, size as usize).map_err(|fault| fault.to_string())?;
        let (mut records, mut rejected) = (Vec::with_capacity(n_items), Vec::new());
        for raw in &page.items {
            match decode(entity, raw) {
                Ok(record) if stray.contains(&record.id) => {
                    rejected.push((implausible(entity, record.id), fingerprint(raw)));
                }
                Ok(record) => records.push(record),
                Err(reject) => rejected.push((reject, fingerprint(raw))),
            }
        }
        let (records, torn) = without_repeats(records);
        rejected.extend(torn.into_iter().map(|id| (torn_rejection(entity, id), String::new())));
        ids.retain(|id| !stray.contains(id));
        ids.sort_unstable();
        Ok(Self { records, rejected, ids, n_items, next })
    }

    /// Leaves out what lies beyond `hi`: that part of the range went to another lane meanwhile.
    pub(crate) fn truncate(&mut self, hi: Option<i64>) {
        let Some(hi) = hi else { return };
        if self.ids.last().is_none_or(|&last| last <= hi) {
            return;
        }
        self.records.retain(|record| record.id <= hi);
        self.rejected.retain(|(reject, _)| reject.id.is_none_or(|id| id <= hi));
        self.ids.retain(|&id| id <= hi);
        self.n_items = self.records.len() + self.rejected.len();
        self.next = NextStep::Done(self.ids.last().copied());
    }
}

impl Task {
    /// Fetches one page of a filter over `(from, hi]`.
    pub(crate) async fn fetch(
        &self,
        filter: &[Condition],
        from: i64,
        hi: Option<i64>,
    ) -> Result<Rows, EngineError> {
        loop {
            let size = self.page_size();
            let fields = self.fields();
            let body: Value = page_body(filter, &fields, size);
            let read = |page: &Page<'_>| Rows::read(self.entity, page, from, hi, size);
            match self.context.client.query(self.entity, &body, read).await {
                Ok(rows) if self.drops_user_defined(&rows, !fields.is_empty()).await? => {}
                Ok(rows) => return Ok(rows),
                Err(error) if self.can_go_on_after(&error, &fields) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Fetches the rows with these ids, in as many pages as it takes.
    pub(crate) async fn fetch_ids(&self, ids: &[i64]) -> Result<Vec<Rows>, EngineError> {
        let (mut pages, mut from) = (Vec::new(), -1);
        loop {
            let filter = [Condition::IdAfter(from), Condition::IdIn(ids.to_vec())];
            let rows = self.fetch(&filter, from, None).await?;
            let next = rows.next;
            pages.push(rows);
            match next {
                NextStep::After(last) => from = last,
                NextStep::Done(_) => return Ok(pages),
            }
        }
    }

    /// Commits rows under a step: the step must already stand where it shall stand after them. Answers the step with
    /// its new counts.
    pub(crate) async fn commit_rows(
        &self,
        rows: Rows,
        mut step: Step,
        expected_cursor: i64,
    ) -> Result<Step, EngineError> {
        let Rows { records, rejected, n_items, .. } = rows;
        let records = self.within_scope(records, &mut step.unlinked).await?;
        // A comparison of counts must not find an id in the index before its record is there: the few rows that it takes
        // in go together with their ids. All other steps read a cut-off page again, so their ids go first.
        let goes_together = step.kind == StepKind::Reconcile;
        let (known, segments_after) = if goes_together {
            self.learn(&records).await
        } else {
            (self.announce(&records, &step, expected_cursor).await?, Vec::new())
        };
        let accepted = self.accept(&records);
        let (rejections, n_rejected) = self.reject(rejected, &records);
        let (mut changes, counts) = self.plan(records, &known).await?;
        // Last, and so with the counters: a rejection is forgotten only after its record is there.
        changes.extend(accepted);
        changes.extend(rejections);
        step.counts += Counts { read: n_items as u64, rejected: n_rejected, ..counts };
        self.commit(Commit { changes, segments_after }, &step, expected_cursor).await?;
        Ok(step)
    }

    /// Commits changes and the step's new cursor.
    pub(crate) async fn commit(
        &self,
        commit: Commit,
        step: &Step,
        expected_cursor: i64,
    ) -> Result<(), EngineError> {
        let context = &self.context;
        let now_ms = context.clock.now_ms();
        Ok(context
            .store
            .commit(&context.tenant, &context.fence, commit, step, expected_cursor, now_ms)
            .await?)
    }

    async fn plan(
        &self,
        records: Vec<Record>,
        known: &HashSet<i64>,
    ) -> Result<(Vec<Change>, Counts), EngineError> {
        let context = &self.context;
        let places: Vec<Place> =
            records.iter().filter(|record| known.contains(&record.id)).map(Place::of).collect();
        let stored = context.store.stored(&context.tenant, self.entity, &places).await?;
        let lost = astray(&records, |id| known.contains(&id), &stored);
        let elsewhere = match lost.as_slice() {
            [] => HashMap::new(),
            lost => context.store.locate(&context.tenant, self.entity, lost).await?,
        };
        Ok(plan_page(records, &stored, &elsewhere))
    }

    fn accept(&self, records: &[Record]) -> Vec<Change> {
        let mut kept = self.rejected();
        if kept.is_empty() {
            return Vec::new();
        }
        let names = records.iter().map(|record| Rejection::name_of(record.id));
        names.filter(|name| kept.remove(name).is_some()).map(Change::Accept).collect()
    }

    /// Keeps rejections, not those of rows that came a second time and were usable; counts those new in this run.
    fn reject(&self, rejected: Vec<(Rejected, String)>, records: &[Record]) -> (Vec<Change>, u64) {
        let run_id = &self.context.fence.run_id;
        let mut kept = self.rejected();
        let (mut changes, mut n_new) = (BTreeMap::new(), 0);
        for (reject, fingerprint) in rejected {
            if reject.id.is_some_and(|id| records.iter().any(|record| record.id == id)) {
                continue;
            }
            tracing::debug!(entity = %self.entity, record.id = reject.id, "record rejected: {}", reject.reason);
            let rejection = Rejection::new(reject, &fingerprint, run_id);
            let name = rejection.name.clone();
            let before = kept.insert(name.clone(), rejection.clone());
            n_new += u64::from(before.is_none_or(|before| before.run_id != *run_id));
            changes.insert(name, Change::Reject(rejection));
        }
        (changes.into_values().collect(), n_new)
    }
}

/// A row whose id cannot be its own: kept without it, so that nothing is looked up or explained by it.
fn implausible(entity: Entity, id: i64) -> Rejected {
    let reason = format!("id {id} is out of order or was not asked for");
    Rejected { entity, id: None, field: Some(wire::ID.to_owned()), reason }
}

fn torn_rejection(entity: Entity, id: i64) -> Rejected {
    let reason = "the id came twice in one page with different contents".to_owned();
    Rejected { entity, id: Some(id), field: Some(wire::ID.to_owned()), reason }
}
