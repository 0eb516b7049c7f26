//! What the API shows of runs.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shared::store::auto_maps::AutoMapped;
use shared::writeback::planning::OURSELVES;
use shared_core::counts::Counts;
use shared_core::entity::Entity;
use shared_core::instant::rfc3339;
use shared_core::itglue::Reading;
use shared_core::ledger::{Listed, Note, Run};
use shared_core::mail::HeldEntity;
use shared_core::progress::{Stage, percent, time_left_ms};
use shared_core::run::{Kind, State, Trigger};
use shared_core::warranty::{Job, JobKind, JobState, Stop};

/// A page of the pull log.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct RunPage {
    /// Runs, newest first.
    pub runs: Vec<RunView>,
    /// Where the next page begins; none at the end.
    pub cursor: Option<String>,
}

/// One run.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct RunView {
    /// Its identity; also names its lines in our logs.
    pub id: String,
    /// What it does.
    pub kind: LogKind,
    /// Who or what began it.
    pub trigger: Trigger,
    /// Where it stands.
    pub state: State,
    /// Begin, RFC 3339 UTC.
    pub started_at: String,
    /// End, RFC 3339 UTC.
    pub ended_at: Option<String>,
    /// Percent of all rows that are read, while it is known.
    pub percent: Option<u8>,
    /// Honest guess of the seconds left, while it can be made.
    pub time_left_s: Option<u64>,
    /// When it goes on by itself, if it waits; RFC 3339 UTC.
    pub next_try_at: Option<String>,
    /// By entity, in the order in which they are pulled.
    pub entities: Vec<EntityView>,
    /// Requests to Autotask so far.
    pub requests: u64,
    /// The same by endpoint.
    pub requests_by_endpoint: BTreeMap<String, u64>,
    /// Seconds waited for limits.
    pub waited_s: u64,
    /// Slices begun.
    pub slices: u64,
    /// Why it failed, waits or was refused.
    pub error: Option<String>,
    /// Deletions that wait for a person: confirmed by a new run that names this one, while it is the last.
    pub held: Vec<HeldEntity>,
    /// What a reading of IT Glue's organizations showed at its begin, where there is a key.
    pub organizations: Option<Reading>,
    /// The run that went on in its place, for a night that was not begun.
    pub instead: Option<String>,
    /// Remarks by entity.
    pub notes: Vec<Note>,
    /// Records that could not be used; at most 500, and only where one run is asked for.
    pub rejected: Vec<Listed>,
    /// What a write-back did; none of runs that pull.
    pub write_back: Option<WriteBackView>,
    /// What auto-map brought; none of runs that pull.
    pub auto_map: Option<AutoMapView>,
}

/// What a line of the pull log tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogKind {
    /// First load of a tenant: everything is read.
    Initial,
    /// Every night: what changed is read, deletions are proven.
    Nightly,
    /// Warranty dates are written to Autotask, or taken back.
    WriteBack,
    /// Company links that auto-map proposed were saved.
    AutoMap,
}

impl From<Kind> for LogKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Initial => Self::Initial,
            Kind::Nightly => Self::Nightly,
        }
    }
}

/// What a write-back did.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct WriteBackView {
    /// The plan that it applied or took back.
    pub plan_id: String,
    /// Which of the two.
    pub kind: JobKind,
    /// Who asked for it: an e-mail address, or our own name.
    pub by: String,
    /// Rows by their result.
    pub n_by_phase: BTreeMap<String, u64>,
}

/// What auto-map brought.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct AutoMapView {
    /// Version of the company links that it made.
    pub version: u64,
    /// Who saved it: an e-mail address.
    pub by: String,
    /// Rows that were linked as proposed.
    pub n_auto: u64,
    /// Rows that were changed in all.
    pub n_changes: u64,
}

/// One entity of a run.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct EntityView {
    /// Which.
    pub entity: Entity,
    /// What is being done with it; none before the first slice.
    pub stage: Option<Stage>,
    /// Rows that Autotask counts, once it was asked.
    pub total: Option<u64>,
    /// What happened to its records; while the run works only what was read.
    #[serde(flatten)]
    pub counts: Counts,
}

impl RunView {
    /// What is shown of a run; `is_silent` says that its worker gave no sign of life for too long.
    #[must_use]
    pub fn new(run: &Run, is_silent: bool) -> Self {
        let is_working = run.state == State::Running;
        let left_ms = if is_working { time_left_ms(&run.progress, run.worked_ms) } else { None };
        Self {
            id: run.id.clone(),
            kind: run.kind.into(),
            trigger: run.trigger,
            state: if is_working && is_silent { State::Stalled } else { run.state },
            started_at: run.started_at.clone(),
            ended_at: run.ended_at.clone(),
            percent: percent_of(run),
            time_left_s: left_ms.map(|left_ms| left_ms.div_ceil(1_000)),
            next_try_at: run.next_wake_ms.map(rfc3339),
            entities: entities(run),
            requests: run.costs.n_requests(),
            requests_by_endpoint: run.costs.requests.clone(),
            waited_s: run.costs.waited_ms / 1_000,
            slices: run.n_slices,
            error: run.error.clone(),
            held: run.held.clone(),
            organizations: run.organizations.clone(),
            instead: run.instead.clone(),
            notes: run.notes.clone(),
            rejected: Vec::new(),
            write_back: None,
            auto_map: None,
        }
    }

    /// What is shown of a job of write-back.
    #[must_use]
    pub fn of_job(job: &Job) -> Self {
        let is_by_us = job.by == OURSELVES;
        Self {
            trigger: if is_by_us { Trigger::Schedule } else { Trigger::Manual },
            ended_at: job.ended_at_ms.map(rfc3339),
            percent: job.is_over().then_some(100),
            next_try_at: job.wake_ms.map(rfc3339),
            requests: job.n_requests,
            slices: job.n_slices,
            error: job.words().map(str::to_owned),
            write_back: Some(WriteBackView {
                plan_id: job.plan_id.clone(),
                kind: job.kind,
                by: job.by.clone(),
                n_by_phase: job.n_by_phase.clone(),
            }),
            ..Self::without_records(&job.id, LogKind::WriteBack, state_of(job), begun_ms(job))
        }
    }

    /// What is shown of a save that took over what auto-map proposed.
    #[must_use]
    pub fn of_auto_map(save: &AutoMapped) -> Self {
        let AutoMapped { id, by, version, n_auto, n_changes } = save.clone();
        Self {
            ended_at: Some(rfc3339(save.at_ms())),
            percent: Some(100),
            auto_map: Some(AutoMapView { version, by, n_auto, n_changes }),
            ..Self::without_records(&id, LogKind::AutoMap, State::Done, save.at_ms())
        }
    }

    /// What pulls nothing, somebody's own doing.
    fn without_records(id: &str, kind: LogKind, state: State, at_ms: u64) -> Self {
        Self {
            id: id.to_owned(),
            kind,
            trigger: Trigger::Manual,
            state,
            started_at: rfc3339(at_ms),
            ended_at: None,
            percent: None,
            time_left_s: None,
            next_try_at: None,
            entities: Vec::new(),
            requests: 0,
            requests_by_endpoint: BTreeMap::new(),
            waited_s: 0,
            slices: 0,
            error: None,
            held: Vec::new(),
            organizations: None,
            instead: None,
            notes: Vec::new(),
            rejected: Vec::new(),
            write_back: None,
            auto_map: None,
        }
    }

    /// The same with the records that could not be used.
    #[must_use]
    pub fn with_rejected(self, run: &Run) -> Self {
        Self { rejected: run.rejected.clone(), ..self }
    }
}

fn percent_of(run: &Run) -> Option<u8> {
    match run.state {
        State::Skipped => None,
        _ if run.state.is_final() => Some(100),
        // Nothing is known before the first slice.
        _ if run.progress.is_empty() => None,
        _ => percent(&run.progress),
    }
}

fn entities(run: &Run) -> Vec<EntityView> {
    let view = |&entity: &Entity| {
        let progress = run.progress.iter().find(|progress| progress.entity == entity);
        let counts = run.summary.get(entity.name()).copied().unwrap_or_default();
        let n_read = progress.map_or(0, |progress| progress.n_read);
        EntityView {
            entity,
            stage: progress.map(|progress| progress.stage),
            total: progress.and_then(|progress| progress.n_total),
            counts: Counts { read: counts.read.max(n_read), ..counts },
        }
    };
    run.entities.iter().map(view).collect()
}

/// When it was put on the desk: its name begins with that. A job that turns round asks anew, and is still the same.
pub(crate) fn begun_ms(job: &Job) -> u64 {
    job.id.get(..13).and_then(|digits| digits.parse().ok()).unwrap_or(job.asked_at_ms)
}

fn state_of(job: &Job) -> State {
    match (job.state, job.stop) {
        (JobState::Queued, _) => State::Queued,
        (JobState::Waiting, _) if job.n_limit_probes > 0 => State::Throttled,
        (JobState::Running | JobState::Waiting, _) => State::Running,
        (JobState::Done, _) if job.n_by_phase.contains_key("failed") => State::Partly,
        (JobState::Done, _) => State::Done,
        (JobState::Stopped, Some(Stop::SwitchedOff)) => State::Stopped,
        (JobState::Stopped, Some(Stop::Credentials)) => State::Credentials,
        (JobState::Stopped, _) => State::Failed,
    }
}
