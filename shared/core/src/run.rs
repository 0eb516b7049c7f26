//! The life of one run, as a pure transition function.
//!
//! A run is a chain of slices; between slices only its stored state is alive. States are the closed list that the pull
//! log shows. Whatever is not a legal transition is refused, so a late or doubled message cannot wake a finished run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why a run exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "RunKind")]
pub enum Kind {
    /// First load of a tenant: everything is read.
    Initial,
    /// Every night: what changed is read, deletions are proven.
    Nightly,
}

/// Who or what began a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "RunTrigger")]
pub enum Trigger {
    /// The first active save of the settings.
    FirstSave,
    /// The night came.
    #[default]
    Schedule,
    /// An admin asked for it.
    Manual,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "RunState")]
pub enum State {
    /// Waits for its first slice.
    Queued,
    /// A slice works on it, or the next one is due.
    Running,
    /// Waits until Autotask's hourly limit has room again.
    Throttled,
    /// Its worker fell silent; it may be taken over.
    Stalled,
    /// All of it succeeded.
    Done,
    /// It ended, but records were rejected or an entity was skipped.
    Partly,
    /// It broke off; what it had committed stays, and the next slice goes on from there.
    Failed,
    /// An admin switched the integration off; switched on again, it goes on from there.
    Stopped,
    /// Autotask refused the login; nothing is tried until the settings change.
    Credentials,
    /// It ended, but more records are missing upstream than may be deleted without a human.
    Held,
    /// A night that was not begun: another run was not over, and went on in its place.
    Skipped,
}

impl State {
    /// Whether nothing more will happen in this run. All other runs can be resumed by a slice: a failed or stopped one, or
    /// one without valid credentials, only when somebody asks for it.
    #[must_use]
    pub fn is_final(self) -> bool {
        match self {
            Self::Queued
            | Self::Running
            | Self::Throttled
            | Self::Stalled
            | Self::Failed
            | Self::Stopped
            | Self::Credentials => false,
            Self::Done | Self::Partly | Self::Held | Self::Skipped => true,
        }
    }
}

/// How all entities of a run ended, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Verdict {
    /// An entity's deletions are held by the brake.
    pub is_held: bool,
    /// Records were rejected or an entity was skipped.
    pub is_partial: bool,
}

/// What happened to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A worker holds the lease and begins a slice.
    SliceStarted,
    /// The soft deadline came; the next slice is due.
    SliceEnded,
    /// The hourly limit is used up.
    LimitReached,
    /// No heartbeat for too long.
    HeartbeatLost,
    /// Autotask refused the login.
    LoginRefused,
    /// The integration was switched off.
    StopRequested,
    /// The run cannot go on.
    Broke,
    /// Every entity is through.
    Completed(Verdict),
}

/// A transition that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a run in state {from:?} cannot take {event:?}")]
pub struct IllegalTransition {
    /// State of the run.
    pub from: State,
    /// What was said to have happened.
    pub event: Event,
}

/// The state after an event.
///
/// # Errors
/// [`IllegalTransition`]: the run is over, or has no slice that the event could come from.
pub fn next(from: State, event: Event) -> Result<State, IllegalTransition> {
    let is_working = matches!(from, State::Running);
    match event {
        _ if from.is_final() => Err(IllegalTransition { from, event }),
        Event::SliceStarted => Ok(State::Running),
        Event::StopRequested => Ok(State::Stopped),
        Event::SliceEnded if is_working => Ok(State::Running),
        Event::LimitReached if is_working => Ok(State::Throttled),
        Event::HeartbeatLost if is_working => Ok(State::Stalled),
        Event::LoginRefused if is_working => Ok(State::Credentials),
        Event::Broke if is_working => Ok(State::Failed),
        Event::Completed(verdict) if is_working => Ok(ended(verdict)),
        _ => Err(IllegalTransition { from, event }),
    }
}

fn ended(verdict: Verdict) -> State {
    match verdict {
        Verdict { is_held: true, .. } => State::Held,
        Verdict { is_partial: true, .. } => State::Partly,
        Verdict { .. } => State::Done,
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, State, Verdict, next};

    const STATES: [State; 11] = [
        State::Queued,
        State::Running,
        State::Throttled,
        State::Stalled,
        State::Done,
        State::Partly,
        State::Failed,
        State::Stopped,
        State::Credentials,
        State::Held,
        State::Skipped,
    ];

    #[test]
    fn a_finished_run_takes_no_event() {
        for from in STATES.into_iter().filter(|state| state.is_final()) {
            for event in [Event::SliceStarted, Event::StopRequested, Event::Completed(Verdict::default())] {
                assert!(next(from, event).is_err(), "{from:?} {event:?}");
            }
        }
    }

    #[test]
    fn only_a_working_run_ends_waits_or_stalls() {
        let check = |from, event, want| assert_eq!(next(from, event).ok(), want, "{from:?} {event:?}");
        check(State::Queued, Event::SliceStarted, Some(State::Running));
        check(State::Queued, Event::LimitReached, None);
        check(State::Running, Event::LimitReached, Some(State::Throttled));
        check(State::Throttled, Event::SliceStarted, Some(State::Running));
        check(State::Stalled, Event::SliceStarted, Some(State::Running));
        check(State::Stalled, Event::Completed(Verdict::default()), None);
        check(State::Running, Event::LoginRefused, Some(State::Credentials));
        check(State::Throttled, Event::StopRequested, Some(State::Stopped));
        check(State::Credentials, Event::SliceStarted, Some(State::Running));
        check(State::Failed, Event::SliceStarted, Some(State::Running));
        check(State::Stopped, Event::SliceStarted, Some(State::Running));
    }

    #[test]
    fn held_outranks_partly_outranks_done() {
        let check = |is_held, is_partial, want| {
            assert_eq!(next(State::Running, Event::Completed(Verdict { is_held, is_partial })), Ok(want));
        };
        check(true, true, State::Held);
        check(false, true, State::Partly);
        check(false, false, State::Done);
    }
}
