//! What the API shows of runs.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shared_core::counts::Counts;
use shared_core::ledger::Run;
use shared_core::progress::{Stage, percent, time_left_ms};
use shared_core::run::{Kind, State, Trigger};

use crate::view::rfc3339;

/// A page of the pull log.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct RunPage {
    /// Runs, newest first.
    pub runs: Vec<RunView>,
    /// Where the next page begins; none at the end.
    pub cursor: Option<String>,
}

/// What a run does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KindView {
    /// Everything is read.
    Initial,
    /// What changed is read.
    Nightly,
}

/// Who or what began a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TriggerView {
    /// The first active save.
    FirstSave,
    /// The night came.
    Schedule,
    /// An admin.
    Manual,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StateView {
    /// Waits for its first slice.
    Queued,
    /// Is worked on.
    Running,
    /// Waits for room in Autotask's hourly limit.
    Throttled,
    /// Its worker fell silent; another one takes over by itself.
    Stalled,
    /// All of it succeeded.
    Done,
    /// Ended, but records were rejected or an entity was left out.
    Partly,
    /// Broke off; it goes on by itself.
    Failed,
    /// Switched off by an admin.
    Stopped,
    /// Autotask refused the login.
    Credentials,
    /// Ended, but deletions wait for a human.
    Held,
}

/// One run.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct RunView {
    /// Its identity; also names its lines in our logs.
    pub id: String,
    /// What it does.
    pub kind: KindView,
    /// Who or what began it.
    pub trigger: TriggerView,
    /// Where it stands.
    pub state: StateView,
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
    /// Remarks by entity.
    pub notes: Vec<NoteView>,
    /// Records that could not be used; at most 500, and only where one run is asked for.
    pub rejected: Vec<RejectedView>,
}

/// One entity of a run.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct EntityView {
    /// Its name.
    pub entity: String,
    /// What is being done with it; none before the first slice.
    pub stage: Option<StageView>,
    /// Rows that Autotask counts, once it was asked.
    pub total: Option<u64>,
    /// Rows read.
    pub read: u64,
    /// Records that are new.
    pub created: u64,
    /// Records that changed.
    pub updated: u64,
    /// Records that are as they were.
    pub unchanged: u64,
    /// Records that are gone.
    pub tombstoned: u64,
    /// Records that could not be used.
    pub rejected: u64,
}

/// What is being done with an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StageView {
    /// Not begun.
    Waiting,
    /// Rows are read.
    Reading,
    /// What changed meanwhile is read.
    CatchingUp,
    /// Counts are compared, deletions proven.
    Checking,
    /// Finished.
    Done,
    /// Left out.
    Skipped,
}

/// A remark.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct NoteView {
    /// About which entity.
    pub entity: String,
    /// What to know.
    pub text: String,
}

/// A record that could not be used.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct RejectedView {
    /// Of which entity.
    pub entity: String,
    /// Its id, if it has a readable one.
    pub id: Option<i64>,
    /// The field that made it unusable.
    pub field: Option<String>,
    /// Why.
    pub reason: String,
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
            trigger: run.trigger.into(),
            state: if is_working && is_silent { StateView::Stalled } else { run.state.into() },
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
            notes: run
                .notes
                .iter()
                .map(|note| NoteView { entity: note.entity.to_string(), text: note.text.clone() })
                .collect(),
            rejected: Vec::new(),
        }
    }

    /// The same with the records that could not be used.
    #[must_use]
    pub fn with_rejected(self, run: &Run) -> Self {
        let rejected = run.rejected.iter().map(|listed| RejectedView {
            entity: listed.entity.to_string(),
            id: listed.id,
            field: listed.field.clone(),
            reason: listed.reason.clone(),
        });
        Self { rejected: rejected.collect(), ..self }
    }
}

fn percent_of(run: &Run) -> Option<u8> {
    match run.state {
        _ if run.state.is_final() => Some(100),
        // Nothing is known before the first slice.
        _ if run.progress.is_empty() => None,
        _ => percent(&run.progress),
    }
}

fn entities(run: &Run) -> Vec<EntityView> {
    let view = |&entity: &shared_core::entity::Entity| {
        let progress = run.progress.iter().find(|progress| progress.entity == entity);
        let counts = run.summary.get(entity.name()).copied().unwrap_or_default();
        let Counts { read, created, updated, unchanged, tombstoned, rejected } = counts;
        EntityView {
            entity: entity.name().to_owned(),
            stage: progress.map(|progress| progress.stage.into()),
            total: progress.and_then(|progress| progress.n_total),
            read: read.max(progress.map_or(0, |progress| progress.n_read)),
            created,
            updated,
            unchanged,
            tombstoned,
            rejected,
        }
    };
    run.entities.iter().map(view).collect()
}

impl From<Kind> for KindView {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Initial => Self::Initial,
            Kind::Nightly => Self::Nightly,
        }
    }
}

impl From<Trigger> for TriggerView {
    fn from(trigger: Trigger) -> Self {
        match trigger {
            Trigger::FirstSave => Self::FirstSave,
            Trigger::Schedule => Self::Schedule,
            Trigger::Manual => Self::Manual,
        }
    }
}

impl From<State> for StateView {
    fn from(state: State) -> Self {
        match state {
            State::Queued => Self::Queued,
            State::Running => Self::Running,
            State::Throttled => Self::Throttled,
            State::Stalled => Self::Stalled,
            State::Done => Self::Done,
            State::Partly => Self::Partly,
            State::Failed => Self::Failed,
            State::Stopped => Self::Stopped,
            State::Credentials => Self::Credentials,
            State::Held => Self::Held,
        }
    }
}

impl From<Stage> for StageView {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Waiting => Self::Waiting,
            Stage::Reading => Self::Reading,
            Stage::CatchingUp => Self::CatchingUp,
            Stage::Checking => Self::Checking,
            Stage::Done => Self::Done,
            Stage::Skipped => Self::Skipped,
        }
    }
}
