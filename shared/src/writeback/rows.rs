//! The rows of a job, as one slice has them in memory.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use shared_core::warranty::apply::{Failure, Found, Phase, Seen, Step, next};
use shared_core::warranty::approval::approved;
use shared_core::warranty::job::NOT_WRITTEN;
use shared_core::warranty::journal::Entry;
use shared_core::warranty::plan::PlanHasher;
use shared_core::warranty::{Aim, Half, Job, JobKind, Locks, Plan, Standing};
use shared_core::wire::HeldDate;

use crate::store::plans::PlanHead;
use crate::store::{Store, StoreError, TenantId};

/// Rows of one reading at most.
pub(super) const MAX_READ: usize = 100;
/// Rows that are written at once: what Autotask lets one integration have under way.
const MAX_WRITE: usize = 3;

/// One row.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// What the journal says, or will say.
    pub(super) entry: Entry,
    /// What is remembered of its asset.
    pub(super) standing: Standing,
    /// The last reading.
    pub(super) seen: Option<Seen>,
    /// What that reading told of the last edit.
    pub(super) held: Option<HeldDate>,
    /// The whole record as the last reading showed it, of a canary.
    pub(super) whole: Option<Map<String, Value>>,
    /// A person forbade to write it.
    is_locked: bool,
}

/// What a reading showed of one record.
#[derive(Clone, Debug)]
pub(super) enum Read {
    /// It is not there.
    Gone,
    /// It is there, and its warranty date cannot be read.
    Unreadable,
    /// What it holds, and all of it if that was asked for.
    Record(HeldDate, Option<Map<String, Value>>),
}

/// What is to be done next; the first that is not empty.
#[derive(Debug, Default)]
pub(super) struct Todo {
    /// A canary whose record is to be compared.
    pub(super) compare: Option<usize>,
    /// Phases to be journalled.
    pub(super) record: Vec<(usize, Half, Phase)>,
    /// Intentions to be journalled, and then sent.
    pub(super) write: Vec<(usize, Aim, Phase)>,
    /// Records to be read.
    pub(super) read: Vec<usize>,
    /// When going on is of use, if there is nothing else.
    pub(super) wake_ms: Option<u64>,
}

/// The rows of a job in the plan's order.
#[derive(Debug)]
pub(super) struct Rows {
    /// Each asset once.
    pub(super) rows: Vec<Row>,
}

/// Why the rows of a job cannot be told.
#[derive(Debug, thiserror::Error)]
pub(super) enum RowsError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the stored plan is not the one that was approved")]
    OtherPlan,
}

impl Rows {
    /// Reads plan, journal, locks and what is remembered.
    pub(super) async fn load(
        store: &Store,
        tenant: &TenantId,
        job: &Job,
        head: &PlanHead,
    ) -> Result<Self, RowsError> {
        let (stored, entries, standings, locks) = tokio::try_join!(
            store.plan_rows(tenant, &head.id),
            store.entries(tenant, &head.id),
            store.load_standings(tenant),
            store.load_locks(tenant),
        )?;
        let rows: Vec<_> = stored.into_iter().map(|row| row.row).collect();
        // Of what is stored now: chunks may have expired.
        let mut hasher = PlanHasher::default();
        rows.iter().for_each(|row| hasher.add(row));
        let plan = Plan { rows, hash: hasher.finish() };
        plan.check(&job.plan_hash).map_err(|_| RowsError::OtherPlan)?;
        let mut by_asset: BTreeMap<i64, Entry> =
            entries.into_iter().map(|entry| (entry.asset_id, entry)).collect();
        let mut rows = Vec::new();
        let wanted = approved(&plan, &job.approval).map_err(|_| RowsError::OtherPlan)?;
        for row in wanted {
            let change = row.change().ok_or(RowsError::OtherPlan)?;
            let new = || Entry {
                run_id: job.id.clone(),
                plan_hash: head.hash.clone(),
                company_id: row.company_id,
                asset_id: row.asset_id,
                change,
                rule: row.rule,
                source: row.source.clone(),
                is_canary: false,
                phase: Phase::START,
                written_at_ms: None,
                ended_at_ms: None,
                undo: None,
                undo_ended_at_ms: None,
            };
            let entry = by_asset.remove(&row.asset_id).unwrap_or_else(new);
            rows.push(Row::new(entry, &standings, &locks));
        }
        // What an earlier approval of the same plan began is finished, or taken back, with it.
        rows.extend(by_asset.into_values().map(|entry| Row::new(entry, &standings, &locks)));
        Ok(Self { rows })
    }

    /// What is to be done next.
    pub(super) fn todo(&self, job: &Job, now_ms: u64) -> Todo {
        let mut todo = Todo::default();
        let is_canary = job.n_canaries_left().is_some();
        for (idx, row) in self.rows.iter().enumerate() {
            if is_canary && row.is_unproven(job) {
                todo.compare = Some(idx);
                return todo;
            }
            let Some(aim) = row.aim(job) else { continue };
            row.step(idx, aim, now_ms, &mut todo);
            // One canary after the other: whatever happens, it happens to one record.
            if is_canary || todo.is_full() {
                return todo;
            }
        }
        todo
    }

    /// What the journal says of each.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.rows.iter().map(|row| &row.entry)
    }

    /// Takes the locks as they are now.
    pub(super) fn lock(&mut self, locks: &Locks) {
        for row in &mut self.rows {
            row.is_locked = locks.holds(row.entry.company_id, row.entry.asset_id);
        }
    }

    /// Rows by the name of their phase.
    pub(super) fn counted(&self, job: &Job) -> BTreeMap<String, u64> {
        let mut n_by_phase: BTreeMap<String, u64> = BTreeMap::new();
        for row in &self.rows {
            let phase = match job.kind {
                JobKind::Apply => Some(&row.entry.phase),
                JobKind::Undo => row.entry.undo.as_ref(),
            };
            let name = match phase {
                Some(_) if row.is_held_back(job) => "locked",
                Some(phase) => phase.name(),
                None if row.is_unknown() => row.entry.phase.name(),
                None if job.aim(&row.entry).is_some() => Phase::START.name(),
                None => NOT_WRITTEN,
            };
            *n_by_phase.entry(name.to_owned()).or_default() += 1;
        }
        n_by_phase
    }
}

impl Todo {
    fn is_full(&self) -> bool {
        self.write.len() >= MAX_WRITE || self.read.len() >= MAX_READ || self.record.len() >= MAX_READ
    }

    fn wait(&mut self, until_ms: u64) {
        self.wake_ms = Some(self.wake_ms.map_or(until_ms, |other_ms| other_ms.min(until_ms)));
    }
}

impl Row {
    fn new(entry: Entry, standings: &BTreeMap<i64, Standing>, locks: &Locks) -> Self {
        let standing = standings.get(&entry.asset_id).cloned().unwrap_or_default();
        let is_locked = locks.holds(entry.company_id, entry.asset_id);
        Self { entry, standing, seen: None, held: None, whole: None, is_locked }
    }

    /// Locked since the plan was made, and nothing of it is under way.
    fn is_held_back(&self, job: &Job) -> bool {
        job.kind == JobKind::Apply && self.is_locked && matches!(self.entry.phase, Phase::Planned { .. })
    }

    /// It was written, and nobody could read what became of it.
    fn is_unknown(&self) -> bool {
        self.entry.written_at_ms.is_some() && self.entry.phase == Phase::Failed(Failure::Unreadable)
    }

    fn is_unproven(&self, job: &Job) -> bool {
        self.entry.is_canary
            && self.entry.run_id == job.id
            && matches!(self.entry.phase, Phase::Verified { .. })
            && job.canaries.iter().all(|canary| canary.asset_id != self.entry.asset_id)
    }

    fn aim(&self, job: &Job) -> Option<Aim> {
        job.aim(&self.entry).filter(|_| !self.is_held_back(job))
    }

    fn step(&self, idx: usize, aim: Aim, now_ms: u64, todo: &mut Todo) {
        match next(&aim.phase, &aim.change, self.seen.as_ref(), now_ms) {
            // What was read at this very instant can be no newer when it is read again.
            Step::Read if self.seen.is_some_and(|seen| seen.read_at_ms >= now_ms) => todo.wait(now_ms + 1),
            Step::Read => todo.read.push(idx),
            Step::Wait { until_ms } => todo.wait(until_ms),
            Step::Record(phase) => todo.record.push((idx, aim.half, phase)),
            Step::Write(_) if aim.half == Half::Write && self.standing.tug.is_contested() => {
                todo.record.push((idx, aim.half, Phase::Moved { found: self.found() }));
            }
            Step::Write(intention) => todo.write.push((idx, aim, intention)),
            Step::Done => {}
        }
    }

    fn found(&self) -> Option<jiff::civil::Date> {
        match self.seen {
            Some(Seen { found: Found::Record { date, .. }, .. }) => date,
            _ => None,
        }
    }

    /// Takes a reading.
    pub(super) fn note_reading(&mut self, plan_id: &str, read: Read, read_at_ms: u64) {
        let (found, held, whole) = match read {
            Read::Gone => (Found::Gone, None, None),
            Read::Unreadable => (Found::Unreadable, None, None),
            Read::Record(held, whole) => (Found::of(Some(&held)), Some(held), whole),
        };
        (self.seen, self.held, self.whole) = (Some(Seen { found, read_at_ms }), held, whole);
        // Only before anything of ours is under way: afterwards a difference may be of our own making.
        if let Some(held) = self.held.as_ref().filter(|_| self.entry.phase == Phase::START) {
            self.standing = self.standing.watched(plan_id, held);
        }
    }
}
