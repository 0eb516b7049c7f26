//! One application of a plan, or its undo: how far it is, what each row needs of it, why it stopped.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::apply::{Change, Halt, Phase, Undo, undo};
use super::approval::{Approval, N_CANARIES};
use super::canary::Proof;
use super::journal::Entry;

/// Readings in a row that may fail before the job gives up.
const MAX_FAILURES: u32 = 20;
/// Slices in a row whose writes got no clear answer, before the job gives up.
const MAX_UNCLEAR: u32 = 5;
/// The pause after a failed reading, in milliseconds.
const FAILURE_PAUSE_MS: u64 = 120_000;

/// The phase, in an undo, of rows that hold nothing of ours.
pub const NOT_WRITTEN: &str = "not_written";

/// What a job does with its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "WarrantyJobKind")]
pub enum JobKind {
    /// Writes what was approved.
    Apply,
    /// Takes back what was written and is still there.
    Undo,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "WarrantyJobState")]
pub enum JobState {
    /// A worker is to begin it, or to go on with it.
    Queued,
    /// A worker is at it.
    Running,
    /// Going on is of use only later.
    Waiting,
    /// Every row is at its end.
    Done,
    /// It ended before; see the reason.
    Stopped,
}

/// Why a job ended before its rows did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "WarrantyStop")]
pub enum Stop {
    /// Autotask refused the login.
    Credentials,
    /// The API user may not edit configuration items.
    RightMissing,
    /// This zone does not offer the write.
    RouteMissing,
    /// More than the date changed on one of the first records; what was written was taken back.
    Canary,
    /// The first writes were refused, not taken or changed back: none of them proved anything.
    Unproven,
    /// The credentials belong to another Autotask database than the plan.
    OtherDatabase,
    /// The plan is no longer stored as it was approved.
    PlanGone,
    /// The integration or the write-back was switched off.
    SwitchedOff,
    /// Autotask gave no usable answers for too long.
    Unreachable,
}

impl Stop {
    /// What a halt means for the job; none if it only has to wait.
    #[must_use]
    pub fn of(halt: Halt) -> Option<Self> {
        match halt {
            Halt::Credentials => Some(Self::Credentials),
            Halt::RightMissing => Some(Self::RightMissing),
            Halt::RouteMissing => Some(Self::RouteMissing),
            Halt::HourlyLimit => None,
        }
    }

    /// Whether somebody has to be told: what a person switched off, that person knows.
    #[must_use]
    pub fn needs_person(self) -> bool {
        self != Self::SwitchedOff
    }

    /// The same as [`Stop::words`] of a job that is over, all of whose writes were taken back, or not.
    #[must_use]
    pub fn words_of_end(self, is_all_back: bool) -> &'static str {
        match self {
            Self::Canary if !is_all_back => {
                "More than the warranty date changed on one of the first assets, and not all that was written could be \
                 taken back: the plan tells each row's result. Look for workflow rules on configuration items."
            }
            stop => stop.words(),
        }
    }

    /// What the screen says, and what to do.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Credentials => {
                "Autotask refused the login: enter the password again, then apply once more."
            }
            Self::RightMissing => {
                "The API user may not edit configuration items. Autotask's security level needs: CRM > Object \
                 Permissions > Configuration Items & Subscriptions: Edit = All."
            }
            Self::RouteMissing => {
                "This Autotask zone does not offer to change single fields: nothing was written."
            }
            Self::Canary => {
                "More than the warranty date changed on one of the first assets: what was written was taken back. Look \
                 for workflow rules on configuration items."
            }
            Self::Unproven => {
                "The first writes did not hold: Autotask refused them, or something changed them back. The plan tells \
                 each one's result. Look for required fields and workflow rules on configuration items, then apply again."
            }
            Self::OtherDatabase => {
                "The API user belongs to another Autotask database than these assets: nothing may be written."
            }
            Self::PlanGone => {
                "The plan is no longer stored as it was approved: make a new one and apply that."
            }
            Self::SwitchedOff => "The integration or the write-back was switched off.",
            Self::Unreachable => "Autotask gave no usable answer for too long: apply again later.",
        }
    }
}

/// The comparison of one whole record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "WarrantyCanary")]
pub struct Canary {
    /// Autotask's id of the asset.
    pub asset_id: i64,
    /// What it showed.
    pub proof: Proof,
}

/// One application of a plan, or its undo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its name: begins with the instant at which it was asked for, 13 digits of milliseconds since 1970.
    pub id: String,
    /// Which plan.
    pub plan_id: String,
    /// The name of exactly its rows.
    pub plan_hash: String,
    /// What is done.
    pub kind: JobKind,
    /// Which rows are applied.
    pub approval: Approval,
    /// Who asked for it: an e-mail address, or our own name.
    pub by: String,
    /// When, milliseconds since 1970; an undo reads nothing older.
    pub asked_at_ms: u64,
    /// Where it stands.
    pub state: JobState,
    /// Why it ended, or will end, before its rows did.
    pub stop: Option<Stop>,
    /// Not before this instant is going on of use.
    pub wake_ms: Option<u64>,
    /// Slices begun.
    pub n_slices: u64,
    /// Readings that failed in a row.
    pub n_failures: u32,
    /// Waits for the hourly limit in a row.
    pub n_limit_probes: u32,
    /// Slices in a row whose writes got no clear answer.
    #[serde(default)]
    pub n_unclear: u32,
    /// Requests to Autotask, of slices that came to their end.
    #[serde(default)]
    pub n_requests: u64,
    /// Rows by the name of their phase.
    pub n_by_phase: BTreeMap<String, u64>,
    /// The comparisons of whole records.
    pub canaries: Vec<Canary>,
    /// When it ended.
    pub ended_at_ms: Option<u64>,
}

/// Which half of a journal's entry is worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// The write.
    Write,
    /// Its undo.
    Undo,
}

/// What a row still needs of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aim {
    /// Which half.
    pub half: Half,
    /// What is changed by it.
    pub change: Change,
    /// How far it is.
    pub phase: Phase,
}

impl Job {
    /// A job that a worker is to begin.
    #[must_use]
    pub fn queued(kind: JobKind, plan: (&str, &str), approval: Approval, by: &str, now_ms: u64) -> Self {
        Self {
            id: format!("{now_ms:013}-{}", if kind == JobKind::Apply { "apply" } else { "undo" }),
            plan_id: plan.0.to_owned(),
            plan_hash: plan.1.to_owned(),
            kind,
            approval,
            by: by.to_owned(),
            asked_at_ms: now_ms,
            state: JobState::Queued,
            stop: None,
            wake_ms: None,
            n_slices: 0,
            n_failures: 0,
            n_limit_probes: 0,
            n_unclear: 0,
            n_requests: 0,
            n_by_phase: BTreeMap::new(),
            canaries: Vec::new(),
            ended_at_ms: None,
        }
    }

    /// The same, told apart from others that were asked for at the same instant by how many there were.
    #[must_use]
    pub fn numbered(self, n_jobs: u64) -> Self {
        Self { id: format!("{}-{n_jobs}", self.id), ..self }
    }

    /// Whether nothing more will happen.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.state, JobState::Done | JobState::Stopped)
    }

    /// How many rows may be written before more records were compared; none for any number.
    #[must_use]
    pub fn n_canaries_left(&self) -> Option<usize> {
        let left = N_CANARIES.saturating_sub(self.canaries.len());
        (self.kind == JobKind::Apply && left > 0).then_some(left)
    }

    /// Takes a comparison. If more than the date changed, all that was written is taken back.
    pub fn note_canary(&mut self, asset_id: i64, proof: Proof, now_ms: u64) {
        if !proof.is_clean() {
            (self.kind, self.stop, self.asked_at_ms) = (JobKind::Undo, Some(Stop::Canary), now_ms);
        }
        self.canaries.push(Canary { asset_id, proof });
    }

    /// Ends it.
    pub fn end(&mut self, stop: Option<Stop>, now_ms: u64) {
        self.stop = self.stop.or(stop);
        self.state = if self.stop.is_some() { JobState::Stopped } else { JobState::Done };
        (self.ended_at_ms, self.wake_ms) = (Some(now_ms), None);
    }

    /// Lets it wait; a failed reading ends it when there were too many in a row.
    pub fn wait_after_failure(&mut self, now_ms: u64) {
        self.n_failures += 1;
        self.wait_or_give_up(self.n_failures > MAX_FAILURES, now_ms);
    }

    /// Lets it wait after writes without a clear answer; too many such slices in a row end it.
    pub fn wait_after_unclear(&mut self, now_ms: u64) {
        self.n_unclear += 1;
        self.wait_or_give_up(self.n_unclear > MAX_UNCLEAR, now_ms);
    }

    fn wait_or_give_up(&mut self, is_too_often: bool, now_ms: u64) {
        if is_too_often {
            self.end(Some(Stop::Unreachable), now_ms);
        } else {
            self.wait_until(now_ms + FAILURE_PAUSE_MS);
        }
    }

    /// Whether so many rows of this job were written in vain that going on would only repeat it.
    #[must_use]
    pub fn is_in_vain<'e>(&self, entries: impl Iterator<Item = &'e Entry>) -> bool {
        let in_vain = |entry: &&Entry| entry.run_id == self.id && entry.was_in_vain();
        self.n_canaries_left().is_some() && entries.filter(in_vain).take(N_CANARIES).count() == N_CANARIES
    }

    /// Whether later plans may follow by themselves: only after a person approved all of one and it held, and whoever takes
    /// back wants to be asked again. None leaves it as it was.
    #[must_use]
    pub fn trust_after(&self, is_by_a_person: bool) -> Option<bool> {
        let has_held = self.n_by_phase.get("verified").is_some_and(|n| *n > 0);
        match (self.kind, self.state) {
            (JobKind::Undo, _) => Some(false),
            (JobKind::Apply, JobState::Done) if is_by_a_person && self.approval.all && has_held => Some(true),
            _ => None,
        }
    }

    /// Whether nothing that it wrote is left to be taken back.
    #[must_use]
    pub fn is_all_back(&self) -> bool {
        self.n_by_phase.keys().all(|name| matches!(name.as_str(), "verified" | "already_there" | NOT_WRITTEN))
    }

    /// Why it ended, or will end, before its rows did, and what to do.
    #[must_use]
    pub fn words(&self) -> Option<&'static str> {
        let stop = self.stop?;
        Some(match stop {
            Stop::Canary if !self.is_over() => {
                "More than the warranty date changed on one of the first assets: what was written is being taken back."
            }
            stop => stop.words_of_end(self.is_all_back()),
        })
    }

    /// Lets it wait.
    pub fn wait_until(&mut self, wake_ms: u64) {
        (self.state, self.wake_ms) = (JobState::Waiting, Some(wake_ms));
    }

    /// What a row still needs; none if it is at its end.
    #[must_use]
    pub fn aim(&self, entry: &Entry) -> Option<Aim> {
        let write = |phase: &Phase| Aim { half: Half::Write, change: entry.change, phase: phase.clone() };
        // A record that changed takes back what this job wrote, not what others proved before it.
        if self.stop == Some(Stop::Canary) && entry.run_id != self.id {
            return None;
        }
        match (self.kind, &entry.undo) {
            (JobKind::Apply, _) => (!entry.phase.is_end()).then(|| write(&entry.phase)),
            (JobKind::Undo, Some(phase)) => (!phase.is_end()).then(|| Aim {
                half: Half::Undo,
                change: entry.change.turned_round(),
                phase: phase.clone(),
            }),
            (JobKind::Undo, None) => match undo(&entry.phase, &entry.change, self.asked_at_ms) {
                Undo::Write { change, phase } => Some(Aim { half: Half::Undo, change, phase }),
                Undo::SettleFirst => Some(write(&entry.phase)),
                Undo::Nothing => None,
            },
        }
    }
}

impl Entry {
    /// Takes down how far the row has come.
    pub fn note(&mut self, half: Half, phase: Phase, now_ms: u64) {
        let ended_at_ms = phase.is_end().then_some(now_ms);
        match half {
            Half::Write => {
                if let Phase::Intended(attempt) = &phase {
                    self.written_at_ms = Some(attempt.at_ms);
                }
                (self.phase, self.ended_at_ms) = (phase, ended_at_ms);
            }
            Half::Undo => (self.undo, self.undo_ended_at_ms) = (Some(phase), ended_at_ms),
        }
    }

    /// Whether it was written, is at its end, and does not hold our date.
    #[must_use]
    pub fn was_in_vain(&self) -> bool {
        self.written_at_ms.is_some() && self.phase.is_end() && !matches!(self.phase, Phase::Verified { .. })
    }

    /// The date that Autotask holds because of us, as far as the journal knows.
    #[must_use]
    pub fn ours(&self) -> Option<Date> {
        let is_written = matches!(self.phase, Phase::Verified { .. });
        let is_undone = matches!(self.undo, Some(Phase::Verified { .. }));
        self.change.to.filter(|_| is_written && !is_undone)
    }
}

#[cfg(test)]
mod tests;
