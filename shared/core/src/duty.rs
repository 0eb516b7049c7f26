//! What a worker that was rung for should do first.
//!
//! Doorbells may be lost, doubled, late or early; the answer depends on what is stored, never on the doorbell.

use crate::health::{Health, Login};
use crate::ledger::Run;
use crate::run::{Kind, State, Trigger};

/// What is stored about a tenant.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The integration is switched on.
    pub is_active: bool,
    /// Everything about the tenant is to be deleted.
    pub is_closing: bool,
    /// How it fares.
    pub health: &'a Health,
    /// A first load once completed.
    pub has_initial: bool,
    /// The unfinished run.
    pub unfinished: Option<&'a Run>,
    /// The run that ended last.
    pub last: Option<&'a Run>,
    /// When the tenant is due, milliseconds since the epoch.
    pub due_ms: Option<u64>,
    /// Begin of the next night.
    pub next_night_ms: Option<u64>,
}

/// The next thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Duty {
    /// An end of a slice has not been settled: its worker died before it could tell anybody.
    Settle(String),
    /// The integration was switched off: end this run.
    Stop(String),
    /// Work on the unfinished run, or begin one of this kind.
    Slice(Kind, Trigger),
    /// Delete everything about the tenant.
    Purge,
    /// Nothing until this time, milliseconds since the epoch.
    WaitUntil(u64),
    /// Nothing until the settings change.
    Rest,
}

/// Clocks of planner and workers may differ by this much.
const TOLERANCE_MS: u64 = 1_000;

/// Decides what to do first.
#[must_use]
pub fn duty(view: &View<'_>, now_ms: u64) -> Duty {
    // Nobody is told about runs of a tenant that leaves.
    // In the order in which they came: a later end counts former ones as settled.
    let mut ends = [view.last, view.unfinished].into_iter().flatten().filter(|_| !view.is_closing);
    if let Some(run) = ends.find(|run| is_unsettled(run, view.health)) {
        return Duty::Settle(run.id.clone());
    }
    match view.unfinished {
        Some(run) if !view.is_active && may_go_on(run.state) => return Duty::Stop(run.id.clone()),
        _ if view.is_closing => return Duty::Purge,
        _ if !view.is_active || view.health.login == Login::Refused => return Duty::Rest,
        _ => {}
    }
    if let Some(due_ms) = view.due_ms.filter(|&due_ms| due_ms > now_ms + TOLERANCE_MS) {
        return Duty::WaitUntil(due_ms);
    }
    match (view.unfinished, view.next_night_ms) {
        (Some(run), _) => Duty::Slice(run.kind, run.trigger),
        (None, _) if !view.has_initial => Duty::Slice(Kind::Initial, Trigger::FirstSave),
        (None, Some(night_ms)) if night_ms > now_ms + TOLERANCE_MS => Duty::WaitUntil(night_ms),
        (None, _) => Duty::Slice(Kind::Nightly, Trigger::Schedule),
    }
}

/// Whether a run goes on by itself; others have ended until somebody takes them up.
fn may_go_on(state: State) -> bool {
    matches!(state, State::Queued | State::Running | State::Throttled | State::Stalled)
}

/// Whether a run stands at an end that nobody was told of.
fn is_unsettled(run: &Run, health: &Health) -> bool {
    !may_go_on(run.state) && !health.has_settled(&run.id, run.n_slices)
}

#[cfg(test)]
mod tests {
    use super::{Duty, View, duty};
    use crate::health::{Health, Login, end_name};
    use crate::ledger::Run;
    use crate::run::{Kind, State, Trigger};

    const NOW_MS: u64 = 1_000_000;

    fn run(state: State) -> Run {
        let run = Run::queued("r".into(), Kind::Nightly, Trigger::Schedule, Vec::new(), String::new());
        Run { state, n_slices: 1, ..run }
    }

    fn settled() -> Health {
        Health { settled: Some(end_name("r", 1)), login: Login::Good, ..Health::default() }
    }

    fn view<'a>(health: &'a Health, unfinished: Option<&'a Run>) -> View<'a> {
        let night = Some(NOW_MS + 50_000);
        View {
            is_active: true,
            is_closing: false,
            health,
            has_initial: true,
            unfinished,
            last: None,
            due_ms: None,
            next_night_ms: night,
        }
    }

    #[test]
    fn nights_come_when_they_come() {
        let health = settled();
        let idle = view(&health, None);
        assert_eq!(duty(&idle, NOW_MS), Duty::WaitUntil(NOW_MS + 50_000));
        assert_eq!(duty(&idle, NOW_MS + 50_000), Duty::Slice(Kind::Nightly, Trigger::Schedule));
        let never_loaded = View { has_initial: false, ..idle };
        assert_eq!(duty(&never_loaded, NOW_MS), Duty::Slice(Kind::Initial, Trigger::FirstSave));
        assert_eq!(duty(&View { is_active: false, ..idle }, NOW_MS), Duty::Rest);
    }

    #[test]
    fn an_early_or_doubled_doorbell_does_nothing() {
        let (health, waiting) = (settled(), run(State::Throttled));
        let view = View { due_ms: Some(NOW_MS + 9_000), ..view(&health, Some(&waiting)) };
        assert_eq!(duty(&view, NOW_MS), Duty::WaitUntil(NOW_MS + 9_000));
        assert_eq!(duty(&view, NOW_MS + 9_000), Duty::Slice(Kind::Nightly, Trigger::Schedule));
    }

    #[test]
    fn an_end_that_nobody_was_told_of_comes_first() {
        let unsettled = Health::default();
        for state in [State::Done, State::Partly, State::Held] {
            let ended = run(state);
            let view = View { last: Some(&ended), is_active: false, ..view(&unsettled, None) };
            assert_eq!(duty(&view, NOW_MS), Duty::Settle("r".into()), "{state:?}");
        }
        for state in [State::Failed, State::Stopped, State::Credentials] {
            assert_eq!(
                duty(&view(&unsettled, Some(&run(state))), NOW_MS),
                Duty::Settle("r".into()),
                "{state:?}"
            );
        }
        for state in [State::Running, State::Throttled, State::Queued] {
            assert!(
                matches!(duty(&view(&unsettled, Some(&run(state))), NOW_MS), Duty::Slice(..)),
                "{state:?}"
            );
        }
    }

    #[test]
    fn two_ends_do_not_unsettle_each_other() {
        let health = settled();
        let (refused, former) = (run(State::Credentials), Run { id: "q".to_owned(), ..run(State::Done) });
        let view = View { last: Some(&former), ..view(&health, Some(&refused)) };
        assert_eq!(duty(&view, NOW_MS), Duty::Slice(Kind::Nightly, Trigger::Schedule));
        let unsettled = Health { settled: None, ..health.clone() };
        assert_eq!(duty(&View { health: &unsettled, ..view }, NOW_MS), Duty::Settle("q".to_owned()));
    }

    #[test]
    fn switched_off_stops_what_is_under_way_and_then_rests() {
        let health = settled();
        for state in [State::Running, State::Queued, State::Throttled, State::Stalled] {
            let unfinished = run(state);
            let view = View { is_active: false, ..view(&health, Some(&unfinished)) };
            assert_eq!(duty(&view, NOW_MS), Duty::Stop("r".into()), "{state:?}");
        }
        for state in [State::Failed, State::Credentials] {
            let unfinished = run(state);
            let view = View { is_active: false, ..view(&health, Some(&unfinished)) };
            assert_eq!(duty(&view, NOW_MS), Duty::Rest, "{state:?}");
        }
        let stopped = run(State::Stopped);
        let off = View { is_active: false, ..view(&health, Some(&stopped)) };
        assert_eq!(duty(&off, NOW_MS), Duty::Rest);
        assert!(matches!(duty(&View { is_active: true, ..off }, NOW_MS), Duty::Slice(..)));
    }

    #[test]
    fn a_tenant_that_leaves_is_deleted_once_nothing_runs() {
        let unsettled = Health::default();
        let (running, stopped) = (run(State::Running), run(State::Stopped));
        let leaving = View { is_active: false, is_closing: true, ..view(&unsettled, Some(&running)) };
        assert_eq!(duty(&leaving, NOW_MS), Duty::Stop("r".into()));
        assert_eq!(duty(&View { unfinished: Some(&stopped), ..leaving }, NOW_MS), Duty::Purge);
        assert_eq!(duty(&View { unfinished: None, ..leaving }, NOW_MS), Duty::Purge);
    }

    #[test]
    fn a_refused_login_is_not_tried_again() {
        let health = Health { login: Login::Refused, ..settled() };
        assert_eq!(duty(&view(&health, Some(&run(State::Credentials))), NOW_MS), Duty::Rest);
        assert_eq!(duty(&view(&health, None), NOW_MS + 60_000), Duty::Rest);
    }
}
