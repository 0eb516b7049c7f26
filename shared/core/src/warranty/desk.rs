//! What a worker of write-back that was rung for should do first.
//!
//! Doorbells may be lost, doubled, late or early; the answer depends on what is stored, never on the doorbell.

use super::job::{Job, JobKind, Stop};
use crate::health::Login;
use crate::run::State;

/// What is stored about a tenant.
#[derive(Clone, Copy, Debug)]
pub struct DeskView<'a> {
    /// The integration is switched on.
    pub is_active: bool,
    /// The write-back is switched on.
    pub writes_warranties: bool,
    /// Everything about the tenant is to be deleted.
    pub is_closing: bool,
    /// What is known of the login.
    pub login: Login,
    /// The job that was asked for last.
    pub job: Option<&'a Job>,
    /// A plan is wished for.
    pub has_wish: bool,
}

/// The next thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeskDuty {
    /// Nothing until something is put on the desk.
    Rest,
    /// Nothing until this instant, milliseconds since 1970.
    WaitUntil(u64),
    /// Work on the job.
    Work,
    /// End the job.
    Stop(Stop),
    /// Make the plan that is wished for.
    Plan,
    /// The wish is no longer one: forget it.
    DropWish,
}

/// What tells whether a run goes before the write-back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunsAhead {
    /// The state of the tenant's unfinished run.
    pub unfinished: Option<State>,
    /// When the tenant is due, milliseconds since 1970.
    pub due_ms: Option<u64>,
    /// A run of any tenant waits for the same Autotask database.
    pub wanted: Option<Wanted>,
}

/// A wish for an Autotask database, kept up by those who wait for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Since when somebody waits without a gap.
    pub since_ms: u64,
    /// Until when it counts.
    pub until_ms: u64,
}

/// So long the write-back gives way to others who wait without a gap: where they cannot get room at all, such as at night when
/// other tools use the hour, it would else never end.
const GIVES_WAY_FOR_MS: u64 = 2 * 3_600_000;

impl Wanted {
    fn counts(self, now_ms: u64) -> bool {
        now_ms < self.until_ms && now_ms < self.since_ms.saturating_add(GIVES_WAY_FOR_MS)
    }
}

/// Whether a run goes before the write-back: one that is due, or one that waits for the database or for room in the hour.
///
/// A night stops at a smaller share of the hourly limit than the write-back; without this, a long job would use up all
/// the room that the night waits for, also the night of another tenant of the same database.
#[must_use]
pub fn goes_first(ahead: RunsAhead, now_ms: u64) -> bool {
    ahead.unfinished == Some(State::Throttled)
        || ahead.due_ms.is_some_and(|due_ms| due_ms <= now_ms)
        || ahead.wanted.is_some_and(|wanted| wanted.counts(now_ms))
}

/// Decides what to do first.
#[must_use]
pub fn desk_duty(view: &DeskView<'_>, now_ms: u64) -> DeskDuty {
    if view.is_closing {
        return DeskDuty::Rest;
    }
    match view.job.filter(|job| !job.is_over()) {
        Some(job) => job_duty(view, job, now_ms),
        None if !view.has_wish => DeskDuty::Rest,
        None if view.is_active && view.writes_warranties => DeskDuty::Plan,
        None => DeskDuty::DropWish,
    }
}

fn job_duty(view: &DeskView<'_>, job: &Job, now_ms: u64) -> DeskDuty {
    // What was written may be taken back although nothing new may be written.
    let is_allowed = view.is_active && (view.writes_warranties || job.kind == JobKind::Undo);
    match job.wake_ms {
        _ if !is_allowed => DeskDuty::Stop(Stop::SwitchedOff),
        _ if view.login == Login::Refused => DeskDuty::Stop(Stop::Credentials),
        Some(wake_ms) if wake_ms > now_ms => DeskDuty::WaitUntil(wake_ms),
        _ => DeskDuty::Work,
    }
}

#[cfg(test)]
mod tests {
    use super::{DeskDuty, DeskView, GIVES_WAY_FOR_MS, RunsAhead, Wanted, desk_duty, goes_first};
    use crate::health::Login;
    use crate::run::State;
    use crate::warranty::approval::Approval;
    use crate::warranty::job::{Job, JobKind, Stop};

    const NOW_MS: u64 = 1_000_000;

    fn view(job: Option<&Job>, has_wish: bool) -> DeskView<'_> {
        let (is_active, writes_warranties, is_closing, login) = (true, true, false, Login::Good);
        DeskView { is_active, writes_warranties, is_closing, login, job, has_wish }
    }

    #[test]
    fn runs_that_are_due_or_wait_for_the_hour_go_first() {
        let check = |unfinished, due_ms, wanted: Option<(u64, u64)>, want| {
            let wanted = wanted.map(|(since_ms, until_ms)| Wanted { since_ms, until_ms });
            let ahead = RunsAhead { unfinished, due_ms, wanted };
            assert_eq!(goes_first(ahead, NOW_MS), want, "{ahead:?}");
        };
        check(None, None, None, false);
        check(None, Some(NOW_MS), None, true);
        check(None, Some(NOW_MS + 1), None, false);
        check(Some(State::Throttled), Some(NOW_MS + 90_000), None, true);
        check(Some(State::Held), None, None, false);
        check(Some(State::Stalled), Some(NOW_MS + 90_000), None, false);
        check(None, None, Some((0, NOW_MS + 1)), true);
        check(None, None, Some((0, NOW_MS)), false);
    }

    #[test]
    fn whoever_waits_for_hours_keeps_the_write_back_no_longer() {
        let wanted = Wanted { since_ms: NOW_MS, until_ms: u64::MAX };
        let ahead = RunsAhead { wanted: Some(wanted), ..RunsAhead::default() };
        assert!(goes_first(ahead, NOW_MS + GIVES_WAY_FOR_MS - 1));
        assert!(!goes_first(ahead, NOW_MS + GIVES_WAY_FOR_MS));
    }

    #[test]
    fn a_job_comes_before_a_wish() {
        let job = Job::queued(JobKind::Apply, ("p", "h"), Approval::default(), "jane", 0);
        let over = Job { state: super::super::JobState::Done, ..job.clone() };
        let check = |view: DeskView<'_>, want| assert_eq!(desk_duty(&view, NOW_MS), want, "{view:?}");
        check(view(None, false), DeskDuty::Rest);
        check(view(None, true), DeskDuty::Plan);
        check(view(Some(&over), true), DeskDuty::Plan);
        check(view(Some(&job), true), DeskDuty::Work);
        check(DeskView { is_closing: true, ..view(Some(&job), true) }, DeskDuty::Rest);
        check(DeskView { writes_warranties: false, ..view(None, true) }, DeskDuty::DropWish);
    }

    #[test]
    fn switches_stop_a_job_and_early_doorbells_do_nothing() {
        let mut job = Job::queued(JobKind::Apply, ("p", "h"), Approval::default(), "jane", 0);
        let check = |view: DeskView<'_>, want| assert_eq!(desk_duty(&view, NOW_MS), want, "{view:?}");
        check(DeskView { is_active: false, ..view(Some(&job), false) }, DeskDuty::Stop(Stop::SwitchedOff));
        let off = DeskView { writes_warranties: false, ..view(Some(&job), false) };
        check(off, DeskDuty::Stop(Stop::SwitchedOff));
        check(
            DeskView { login: Login::Refused, ..view(Some(&job), false) },
            DeskDuty::Stop(Stop::Credentials),
        );
        let undo = Job { kind: JobKind::Undo, ..job.clone() };
        check(DeskView { job: Some(&undo), ..off }, DeskDuty::Work);
        job.wait_until(NOW_MS + 1);
        check(view(Some(&job), false), DeskDuty::WaitUntil(NOW_MS + 1));
    }
}
