//! A job, row by row: read, journal the intention, send, journal the answer, read back.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value};
use shared_core::entity::Entity;
use shared_core::query::{Condition, page_body};
use shared_core::retry::unknown_field;
use shared_core::warranty::apply::{Halt, Phase, answered, may_send, not_sent};
use shared_core::warranty::{Aim, Half, Stop, canary};
use shared_core::wire::{self, Page};
use tokio::task::JoinSet;

use super::rows::{MAX_READ, Read};
use super::slice::{Slice, SliceError};
use crate::autotask::{CallError, NotSent, Patched};
use crate::store::desk::RowChange;

/// How long to leave the database to a run that is due, in milliseconds.
pub(super) const PAUSE_MS: u64 = 60_000;

/// Writes in a row without a clear answer, after which a slice stops sending: twice what is sent at once.
const MAX_UNCLEAR: usize = 6;

/// How often the progress is stored while a slice works; that is its sign of life, too.
const PROGRESS_EVERY: Duration = Duration::from_secs(5);

/// How the work of a slice ended.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Every row is at its end.
    Through,
    /// Time is up; there is more to do.
    HandOn,
    /// Going on is of use only then.
    Wait(u64),
    /// The hourly limit of the database leaves no room until then.
    Limit(u64),
    /// Autotask gave no usable answer.
    Failed(String),
    /// Writes were sent, and none of their answers tells whether they took effect.
    Unclear,
    /// The job ends here.
    Stop(Stop),
}

impl Slice<'_> {
    /// Works until nothing is left to do now.
    pub(super) async fn work(&mut self) -> Result<Outcome, SliceError> {
        loop {
            if self.should_end() {
                return Ok(Outcome::HandOn);
            }
            if self.is_run_due().await? {
                return Ok(Outcome::Wait(self.now_ms() + PAUSE_MS));
            }
            if self.progress_at.elapsed() >= PROGRESS_EVERY {
                self.save_progress().await?;
            }
            if self.job.is_in_vain(self.rows.entries()) {
                return Ok(Outcome::Stop(Stop::Unproven));
            }
            let todo = self.rows.todo(&self.job, self.now_ms());
            let ended = if let Some(idx) = todo.compare {
                self.compare(idx).await?
            } else if !todo.record.is_empty() {
                self.record(todo.record).await?;
                None
            } else if !todo.write.is_empty() {
                self.write(todo.write).await?
            } else if !todo.read.is_empty() {
                self.read(&todo.read).await?
            } else {
                return Ok(todo.wake_ms.map_or(Outcome::Through, Outcome::Wait));
            };
            if let Some(outcome) = ended {
                return Ok(outcome);
            }
        }
    }

    /// Journals phases.
    async fn record(&mut self, phases: Vec<(usize, Half, Phase)>) -> Result<(), SliceError> {
        let now_ms = self.now_ms();
        for (idx, half, phase) in &phases {
            self.note(*idx, *half, phase.clone(), now_ms);
        }
        self.save(&phases.iter().map(|(idx, ..)| *idx).collect::<Vec<_>>(), false).await
    }

    fn note(&mut self, idx: usize, half: Half, phase: Phase, now_ms: u64) {
        let (row, plan_id) = (&mut self.rows.rows[idx], &self.job.plan_id);
        let mut standing = std::mem::take(&mut row.standing);
        if half == Half::Write {
            standing = standing.returned(plan_id, &row.entry, &phase, row.held.as_ref());
        }
        row.entry.note(half, phase, now_ms);
        row.standing = standing.with(plan_id, &row.entry);
    }

    async fn save(&self, idxs: &[usize], with_snapshot: bool) -> Result<(), SliceError> {
        let change = |&idx: &usize| {
            let row = &self.rows.rows[idx];
            let snapshot = row.whole.as_ref().filter(|_| with_snapshot);
            RowChange { entry: &row.entry, standing: Some(&row.standing), snapshot }
        };
        let changes: Vec<RowChange<'_>> = idxs.iter().map(change).collect();
        Ok(self.store.save_rows(self.tenant, &self.job.plan_id, self.lease.epoch, &changes).await?)
    }

    /// Journals intentions, sends, journals the answers.
    async fn write(&mut self, intentions: Vec<(usize, Aim, Phase)>) -> Result<Option<Outcome>, SliceError> {
        let (now_ms, is_canary) = (self.now_ms(), self.job.n_canaries_left().is_some());
        let idxs: Vec<usize> = intentions.iter().map(|(idx, ..)| *idx).collect();
        for (idx, aim, intention) in &intentions {
            let entry = &mut self.rows.rows[*idx].entry;
            if aim.half == Half::Write {
                entry.run_id.clone_from(&self.job.id);
                entry.is_canary |= is_canary;
            }
            self.note(*idx, aim.half, intention.clone(), now_ms);
        }
        self.save(&idxs, is_canary).await?;
        let mut sent = self.send(&intentions).await?;
        let (mut ended, now_ms) = (None, self.now_ms());
        for (idx, aim, intention) in intentions {
            let answer = sent.remove(&idx).ok_or(SliceError::Bug("a write without an answer"))?;
            let (phase, outcome) = self.judge(&intention, answer, now_ms);
            self.note_clarity(&phase);
            self.note(idx, aim.half, phase, now_ms);
            ended = graver(ended, outcome);
        }
        self.save(&idxs, false).await?;
        Ok(ended.or_else(|| (self.n_unclear >= MAX_UNCLEAR).then_some(Outcome::Unclear)))
    }

    fn note_clarity(&mut self, phase: &Phase) {
        match phase {
            Phase::Ambiguous(_) => self.n_unclear += 1,
            // It was not sent.
            Phase::Planned { .. } => {}
            _ => (self.n_unclear, self.job.n_unclear) = (0, 0),
        }
    }

    async fn send(
        &self,
        intentions: &[(usize, Aim, Phase)],
    ) -> Result<BTreeMap<usize, Result<Patched, NotSent>>, SliceError> {
        let mut sends = JoinSet::new();
        for (idx, aim, intention) in intentions {
            let (idx, to, intention) = (*idx, aim.change.to, intention.clone());
            let (client, clock) = (self.client.clone(), std::sync::Arc::clone(self.clock));
            let asset_id = self.rows.rows[idx].entry.asset_id;
            sends.spawn(async move {
                let may = || may_send(&intention, clock.now_ms());
                (idx, client.patch_warranty(asset_id, to, may).await)
            });
        }
        let mut sent = BTreeMap::new();
        while let Some(joined) = sends.join_next().await {
            let (idx, answer) = joined.map_err(|_| SliceError::Bug("a write died"))?;
            sent.insert(idx, answer);
        }
        Ok(sent)
    }

    fn judge(
        &self,
        intention: &Phase,
        answer: Result<Patched, NotSent>,
        now_ms: u64,
    ) -> (Phase, Option<Outcome>) {
        let patched = match answer {
            Ok(patched) => patched,
            Err(NotSent::TooLate | NotSent::Moved) => return (not_sent(intention), None),
            Err(NotSent::Call(error)) => return (not_sent(intention), Some(self.outcome_of(&error))),
        };
        let (phase, halt) = answered(intention, &patched.meaning, &patched.reason, now_ms);
        let limit = || Outcome::Limit(now_ms + patched.wait_ms.unwrap_or(PAUSE_MS));
        let outcome = halt.map(|halt: Halt| Stop::of(halt).map_or_else(limit, Outcome::Stop));
        if let Some(Outcome::Stop(stop)) = &outcome {
            tracing::warn!(stop = ?stop, "write-back stops: {}", stop.words());
        }
        (phase, outcome)
    }

    /// Reads records, whole ones of canaries.
    async fn read(&mut self, idxs: &[usize]) -> Result<Option<Outcome>, SliceError> {
        if !self.is_switched_on().await? {
            return Ok(Some(Outcome::Stop(Stop::SwitchedOff)));
        }
        self.rows.lock(&self.store.load_locks(self.tenant).await?);
        let is_whole = self.job.n_canaries_left().is_some();
        let ids: Vec<i64> = idxs.iter().map(|&idx| self.rows.rows[idx].entry.asset_id).collect();
        let read_at_ms = self.now_ms();
        let mut found = match self.fetch(&ids, is_whole).await {
            Ok(found) => found,
            Err(error) => return Ok(Some(self.outcome_of(&error))),
        };
        self.job.n_failures = 0;
        for &idx in idxs {
            let row = &mut self.rows.rows[idx];
            let read = found.remove(&row.entry.asset_id).unwrap_or(Read::Gone);
            row.note_reading(&self.job.plan_id, read, read_at_ms);
        }
        Ok(None)
    }

    /// Records by id.
    async fn fetch(&mut self, ids: &[i64], is_whole: bool) -> Result<BTreeMap<i64, Read>, CallError> {
        let most = u32::try_from(MAX_READ).unwrap_or(u32::MAX);
        let read =
            |page: &Page<'_>| page.items.iter().map(|row| read_row(row.get(), ids, is_whole)).collect();
        loop {
            let fields: &[String] = if is_whole { &[] } else { &self.held_fields };
            let body = page_body(&[Condition::IdIn(ids.to_vec())], fields, most);
            let answer = self.client.query(Entity::Assets, &body, read).await;
            // Not every zone has every field that tells of the last edit.
            if let Err(CallError::Refused { said, .. }) = &answer
                && let Some(unknown) = unknown_field(std::slice::from_ref(said))
                && let Some(idx) = fields.iter().position(|field| field.eq_ignore_ascii_case(unknown))
                && ![wire::ID, wire::WARRANTY_EXPIRATION_DATE].contains(&fields[idx].as_str())
            {
                self.held_fields.remove(idx);
                continue;
            }
            return answer;
        }
    }

    /// Compares a canary's whole record with what it was.
    async fn compare(&mut self, idx: usize) -> Result<Option<Outcome>, SliceError> {
        if self.rows.rows[idx].whole.is_none() {
            return self.read(&[idx]).await.map(|ended| ended.or_else(|| self.vanished(idx)));
        }
        let (asset_id, sent) = {
            let entry = &self.rows.rows[idx].entry;
            (entry.asset_id, entry.change.to)
        };
        let before = self.store.snapshot(self.tenant, &self.job.plan_id, asset_id).await?;
        let before = before.ok_or(SliceError::Bug("a canary without its record before"))?;
        let after = self.rows.rows[idx].whole.take().unwrap_or_default();
        let proof = canary::compare(&before, &after, sent);
        if !proof.is_clean() {
            tracing::error!(asset.id = asset_id, changed = ?proof.changed_fields, "a write changed more than the date; taking back");
        }
        self.job.note_canary(asset_id, proof, self.now_ms());
        self.save_progress().await?;
        Ok(None)
    }

    /// A canary that was deleted before it could be compared proves nothing.
    fn vanished(&mut self, idx: usize) -> Option<Outcome> {
        let row = &mut self.rows.rows[idx];
        if row.whole.is_none() {
            row.entry.is_canary = false;
        }
        None
    }

    /// What a failed call means for the job.
    pub(super) fn outcome_of(&self, error: &CallError) -> Outcome {
        match error {
            CallError::Credentials(_) => Outcome::Stop(Stop::Credentials),
            CallError::Throttled { wait_ms } => Outcome::Limit(self.now_ms() + wait_ms),
            CallError::Forbidden { .. } => Outcome::Stop(Stop::RightMissing),
            other => Outcome::Failed(other.to_string()),
        }
    }
}

fn read_row(row: &str, ids: &[i64], is_whole: bool) -> Result<(i64, Read), String> {
    let whole: Map<String, Value> = serde_json::from_str(row).map_err(|error| error.to_string())?;
    let id = whole.get(wire::ID).and_then(Value::as_i64).filter(|id| ids.contains(id));
    let id = id.ok_or("a row that was not asked for")?;
    let of = |held| Read::Record(held, is_whole.then_some(whole));
    Ok((id, wire::parse_held(row).map_or(Read::Unreadable, of)))
}

/// What ends the job comes before what only delays it.
fn graver(first: Option<Outcome>, second: Option<Outcome>) -> Option<Outcome> {
    let rank = |outcome: &Option<Outcome>| match outcome {
        Some(Outcome::Stop(_)) => 0,
        Some(Outcome::Limit(_)) => 1,
        Some(_) => 2,
        None => 3,
    };
    if rank(&first) <= rank(&second) { first } else { second }
}
