//! One entity in one slice: its index, its rejections, its fields, and its steps one after the other.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use shared_core::entity::Entity;
use shared_core::plan::Rejection;
use shared_core::progress::Stage;
use shared_core::project::Record;
use shared_core::query::MAX_PAGE_RECORDS;
use shared_core::retry::unknown_field;
use shared_core::step::{Outcome, Step, StepKind};

use super::context::Context;
use super::error::EngineError;
use super::fields::Fields;
use super::known::{Known, today};
use crate::autotask::CallError;
use crate::store::records::{Commit, Segment};

/// Smallest page that is asked for after time-outs.
const MIN_PAGE_RECORDS: u32 = 25;

/// One entity in one slice.
#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) context: Arc<Context>,
    pub(crate) entity: Entity,
    /// What is kept beside the records; lanes that share a segment write it in the order in which they filled it.
    pub(crate) known: tokio::sync::Mutex<Known>,
    /// Wire names of the stamps that can be filtered by, once they are known.
    stamps: OnceLock<Vec<String>>,
    /// A count that was asked for while the delta ran: (largest id, rows up to it).
    pub(crate) early_count: Mutex<Option<(i64, u64)>>,
    rejected: Mutex<BTreeMap<String, Rejection>>,
    fields: Mutex<Vec<String>>,
    page_size: AtomicU32,
    /// Contracts that are kept, once they are known: what belongs to others is left out.
    pub(crate) contracts: tokio::sync::OnceCell<BTreeSet<i64>>,
    /// Whether it is known how user-defined fields come along with listed fields.
    is_listing_settled: AtomicBool,
}

impl Task {
    pub(crate) async fn load(
        context: Arc<Context>,
        entity: Entity,
        fields: Fields,
    ) -> Result<Arc<Self>, EngineError> {
        let known = Known::load(&context, entity).await?;
        let rejected = context.store.load_rejected(&context.tenant, entity).await?;
        let listing = context.store.listing(&context.tenant, entity).await?;
        let include = if listing == Some(false) { Vec::new() } else { fields.include };
        Ok(Arc::new(Self {
            context,
            entity,
            known: tokio::sync::Mutex::new(known),
            stamps: fields.stamps.map(OnceLock::from).unwrap_or_default(),
            early_count: Mutex::new(None),
            rejected: Mutex::new(rejected),
            fields: Mutex::new(include),
            page_size: AtomicU32::new(MAX_PAGE_RECORDS),
            contracts: tokio::sync::OnceCell::new(),
            is_listing_settled: AtomicBool::new(listing.is_some()),
        }))
    }

    /// Does the steps in order; steps of one kind side by side where they are id ranges. When the slice should end, what
    /// was not begun is left to the next one.
    pub(crate) async fn run(self: &Arc<Self>, steps: Vec<Step>) -> Result<Vec<Step>, EngineError> {
        let mut done = Vec::new();
        let mut has_worked = false;
        for kind in [StepKind::Retry, StepKind::Fill, StepKind::Walk, StepKind::Delta, StepKind::Reconcile] {
            let (open, closed): (Vec<_>, Vec<_>) =
                steps.iter().filter(|step| step.kind == kind).cloned().partition(|step| !step.range.is_done);
            if open.is_empty() {
                done.extend(closed);
                continue;
            }
            if has_worked && self.context.should_end() {
                done.extend(open);
                return Ok(done);
            }
            has_worked = true;
            let open = if kind == StepKind::Walk { [closed.clone(), open].concat() } else { open };
            let after = match self.run_kind(kind, open).await {
                Err(EngineError::Call(error)) if let Some(reason) = skip_reason(&error) => {
                    return self.skip(steps, reason).await;
                }
                other => other?,
            };
            let is_through = after.iter().all(|step| step.range.is_done);
            done.extend(after);
            if !is_through {
                return Ok(done);
            }
        }
        self.context.note_stage(self.entity, Stage::Done);
        Ok(done)
    }

    async fn run_kind(self: &Arc<Self>, kind: StepKind, steps: Vec<Step>) -> Result<Vec<Step>, EngineError> {
        let stage = match kind {
            StepKind::Retry | StepKind::Delta => Stage::CatchingUp,
            StepKind::Fill | StepKind::Walk => Stage::Reading,
            StepKind::Reconcile => Stage::Checking,
        };
        self.context.note_stage(self.entity, stage);
        tracing::info!(entity = %self.entity, stage = ?stage, "{} of {} begins", kind_text(kind), self.entity);
        if kind == StepKind::Walk {
            return self.walk(steps).await;
        }
        let mut after = Vec::new();
        for step in steps {
            after.push(match kind {
                StepKind::Retry => self.retry(step).await?,
                StepKind::Fill => self.fill(step).await?,
                StepKind::Delta => {
                    let (after, ()) = tokio::join!(self.delta(step), self.count_early());
                    after?
                }
                _ => self.reconcile(step).await?,
            });
        }
        Ok(after)
    }

    /// Leaves the entity out of this run: its open steps end here, with the reason.
    async fn skip(&self, steps: Vec<Step>, reason: String) -> Result<Vec<Step>, EngineError> {
        tracing::warn!(entity = %self.entity, "{} left out of this run: {reason}", self.entity);
        let current = self.context.store.steps(&self.context.tenant, &self.context.fence.run_id).await?;
        let mut ended = Vec::with_capacity(steps.len());
        for mut step in current.into_iter().filter(|step| step.entity == self.entity) {
            if !step.range.is_done {
                let expected_cursor = step.range.cursor;
                step.range.is_done = true;
                step.outcome = Outcome::Skipped(reason.clone());
                self.commit(Commit::default(), &step, expected_cursor).await?;
            }
            ended.push(step);
        }
        self.context.note_stage(self.entity, Stage::Skipped);
        Ok(ended)
    }

    /// Takes the records in beside the store; answers the ids that were known before, and the segments to store.
    pub(crate) async fn learn(&self, records: &[Record]) -> (HashSet<i64>, Vec<Segment>) {
        self.known.lock().await.learn(records, today(&self.context))
    }

    /// Takes the records in, in the store before they are written themselves; answers the ids that were known before.
    pub(crate) async fn announce(
        &self,
        records: &[Record],
        step: &Step,
        expected_cursor: i64,
    ) -> Result<HashSet<i64>, EngineError> {
        let mut known = self.known.lock().await;
        let (before, segments) = known.learn(records, today(&self.context));
        if !segments.is_empty() {
            // Under the lock: lanes that share a segment must write it in the order in which they filled it.
            let context = &self.context;
            context.store.announce(&context.tenant, &context.fence, step, expected_cursor, &segments).await?;
        }
        Ok(before)
    }

    /// Takes in what the field information says about stamps.
    pub(crate) fn learn_stamps(&self, stamps: Vec<String>) {
        // A second reading within a slice says the same.
        let _ = self.stamps.set(stamps);
    }

    pub(crate) fn stamps(&self) -> &[String] {
        self.stamps.get().map_or(&[], Vec::as_slice)
    }

    pub(crate) fn rejected(&self) -> MutexGuard<'_, BTreeMap<String, Rejection>> {
        self.rejected.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn fields(&self) -> Vec<String> {
        self.fields.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn ask_for_whole_rows(&self) {
        self.fields.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub(crate) fn is_listing_settled(&self) -> bool {
        self.is_listing_settled.load(Ordering::Acquire)
    }

    pub(crate) fn settle_listing(&self) {
        self.is_listing_settled.store(true, Ordering::Release);
    }

    pub(crate) fn page_size(&self) -> u32 {
        self.page_size.load(Ordering::Relaxed)
    }

    /// Whether the same rows can be asked for in another way: without a field that the tenant lacks, or fewer at once.
    ///
    /// `asked` are the fields that were named: another lane may have dropped the refused one meanwhile.
    pub(crate) fn can_go_on_after(&self, error: &CallError, asked: &[String]) -> bool {
        match error {
            CallError::Refused { said, .. } => self.drop_field(said, asked),
            CallError::Unavailable { is_size_suspect: true, .. } => self.halve_page(),
            _ => false,
        }
    }

    fn drop_field(&self, said: &str, asked: &[String]) -> bool {
        let texts = [said.to_owned()];
        let Some(unknown) = unknown_field(&texts) else { return false };
        let is_it = |field: &String| field.eq_ignore_ascii_case(unknown);
        self.fields.lock().unwrap_or_else(PoisonError::into_inner).retain(|field| !is_it(field));
        asked.iter().any(is_it)
    }

    fn halve_page(&self) -> bool {
        let size = self.page_size();
        let is_smaller = size > MIN_PAGE_RECORDS && !self.context.is_stopped();
        if is_smaller {
            tracing::warn!(entity = %self.entity, "no usable page of {size} rows; asking for half of it");
            self.page_size.store((size / 2).max(MIN_PAGE_RECORDS), Ordering::Relaxed);
        }
        is_smaller
    }
}

fn kind_text(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Retry => "asking again for rejected records",
        StepKind::Fill => "reading the rows of newly linked companies",
        StepKind::Walk => "reading all rows",
        StepKind::Delta => "reading what changed",
        StepKind::Reconcile => "comparing counts",
    }
}

/// Why an entity is left out after this error; none when the whole run must stop.
pub(crate) fn skip_reason(error: &CallError) -> Option<String> {
    match error {
        CallError::Forbidden { .. } | CallError::Refused { .. } => Some(error.to_string()),
        _ => None,
    }
}
