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
/// The pause after a failed reading, in milliseconds.
const FAILURE_PAUSE_MS: u64 = 120_000;

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
    /// The credentials belong to another Autotask database than the plan.
    OtherDatabase,
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
            Self::OtherDatabase => {
                "The API user belongs to another Autotask database than these assets: nothing may be written."
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
            n_by_phase: BTreeMap::new(),
            canaries: Vec::new(),
            ended_at_ms: None,
        }
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
        if self.n_failures > MAX_FAILURES {
            self.end(Some(Stop::Unreachable), now_ms);
        } else {
            self.wait_until(now_ms + FAILURE_PAUSE_MS);
        }
    }

    /// Lets it wait.
    pub fn wait_until(&mut self, wake_ms: u64) {
        (self.state, self.wake_ms) = (JobState::Waiting, Some(wake_ms));
    }

    /// What a row still needs; none if it is at its end.
    #[must_use]
    pub fn aim(&self, entry: &Entry) -> Option<Aim> {
        let write = |phase: &Phase| Aim { half: Half::Write, change: entry.change, phase: phase.clone() };
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

    /// The date that Autotask holds because of us, as far as the journal knows.
    #[must_use]
    pub fn ours(&self) -> Option<Date> {
        let is_written = matches!(self.phase, Phase::Verified { .. });
        let is_undone = matches!(self.undo, Some(Phase::Verified { .. }));
        self.change.to.filter(|_| is_written && !is_undone)
    }
}

#[cfg(test)]
mod tests {
    use super::{Half, Job, JobKind, JobState, Stop};
    use crate::warranty::apply::Phase;
    use crate::warranty::approval::Approval;
    use crate::warranty::canary::Proof;
    use crate::warranty::journal::Entry;
    use crate::warranty::journal::tests::entry;

    fn job(kind: JobKind) -> Job {
        Job::queued(kind, ("p", "h"), Approval::default(), "jane@acme.example", 1_000)
    }

    #[test]
    fn a_record_that_changed_turns_the_job_round() {
        let mut job = job(JobKind::Apply);
        assert_eq!(job.n_canaries_left(), Some(3));
        job.note_canary(7, Proof { changed_fields: Vec::new(), shows_date: true }, 2_000);
        assert_eq!((job.kind, job.n_canaries_left()), (JobKind::Apply, Some(2)));
        job.note_canary(8, Proof { changed_fields: vec!["notes".to_owned()], shows_date: true }, 3_000);
        assert_eq!((job.kind, job.asked_at_ms, job.n_canaries_left()), (JobKind::Undo, 3_000, None));
        job.end(None, 4_000);
        assert_eq!((job.state, job.stop, job.is_over()), (JobState::Stopped, Some(Stop::Canary), true));
    }

    #[test]
    fn each_half_has_its_aim() {
        let check = |kind, entry: &Entry, want: Option<(Half, &str)>| {
            let aim = job(kind).aim(entry);
            assert_eq!(aim.as_ref().map(|aim| (aim.half, aim.phase.name())), want, "{entry:?}");
        };
        let planned = Entry { phase: Phase::START, undo: None, ..entry() };
        let written = Entry { undo: None, ..entry() };
        check(JobKind::Apply, &planned, Some((Half::Write, "planned")));
        check(JobKind::Apply, &written, None);
        check(JobKind::Undo, &planned, None);
        check(JobKind::Undo, &written, Some((Half::Undo, "planned")));
        check(JobKind::Undo, &entry(), None);
        assert_eq!((written.ours(), planned.ours()), (written.change.to, None));
    }

    #[test]
    fn failures_in_a_row_end_it() {
        let mut job = job(JobKind::Apply);
        for _ in 0..20 {
            job.wait_after_failure(5);
            assert_eq!(job.state, JobState::Waiting);
        }
        job.wait_after_failure(5);
        assert_eq!((job.state, job.stop), (JobState::Stopped, Some(Stop::Unreachable)));
    }
}
