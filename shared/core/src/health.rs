//! What a run's end means for the tenant: who is told, when we look again, when we give up.
//!
//! One place decides this for all functions. The answer depends on what is stored and on the run alone, so settling the
//! same end twice tells nobody anything twice.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::mail::MailKind;
use crate::mail::digest::Told;
use crate::run::{Kind, State};

/// What is known of the login.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "LoginState")]
pub enum Login {
    /// Not tried since the credentials changed.
    #[default]
    Untested,
    /// The last try succeeded.
    Good,
    /// Refused: nothing is tried until the settings change, since retries lock the API user.
    Refused,
}

/// How a tenant's synchronisation fares.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// The login.
    pub login: Login,
    /// When the login was last found good or refused, milliseconds since the epoch.
    pub login_at_ms: Option<u64>,
    /// Failed tries since the last success.
    pub n_failed: u32,
    /// When the first of them was.
    pub failing_since_ms: Option<u64>,
    /// Whether the admin was told of these failures.
    pub is_failure_told: bool,
    /// Whether deletions are held by the brake.
    pub is_held: bool,
    /// When we switched the integration off ourselves.
    pub disabled_at_ms: Option<u64>,
    /// When the admin was told of a refused login that no successful run has followed yet.
    #[serde(default)]
    pub refusal_told_at_ms: Option<u64>,
    /// What digests have told of.
    #[serde(default)]
    pub told: Told,
    /// Last end of a slice that was settled, as [`end_name`] writes it.
    pub settled: Option<String>,
}

/// When to look at the tenant again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// At once: the next slice is due.
    Now,
    /// At an instant, milliseconds since the epoch.
    At(u64),
    /// When the next night begins.
    NextNight,
    /// Not before somebody changes the settings.
    SettingsChange,
}

/// What a slice left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End<'a> {
    /// The run.
    pub run_id: &'a str,
    /// Slices begun so far.
    pub n_slices: u64,
    /// Why the run exists.
    pub kind: Kind,
    /// Where it stands now.
    pub state: State,
    /// Not before this time is another try of use.
    pub wake_ms: Option<u64>,
}

/// What follows from an end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// What is known now.
    pub health: Health,
    /// What is told by mail.
    pub notices: Vec<MailKind>,
    /// When to look again.
    pub wake: Wake,
    /// Whether the integration is to be switched off.
    pub disables: bool,
}

/// Pauses after the first failures, in milliseconds; after that, once a night.
const RETRY_PAUSES_MS: [u64; 4] = [5 * 60_000, 15 * 60_000, 60 * 60_000, 3 * 3_600_000];
/// Failed tries after which nights are said to be failing.
const TELL_AFTER: u32 = 4;
/// Failed tries after which the integration is switched off: those of the first night and two weeks of nights.
pub const DISABLE_AFTER: u32 = TELL_AFTER + 14;

impl Health {
    /// Whether an end was settled: this one, or one that came after it. Ids of runs ascend in time.
    #[must_use]
    pub fn has_settled(&self, run_id: &str, n_slices: u64) -> bool {
        let settled = self.settled.as_deref().and_then(|name| name.rsplit_once('/'));
        settled.is_some_and(|(settled, slices)| (settled, slices.parse().unwrap_or(0)) >= (run_id, n_slices))
    }

    /// Nights in a row that failed: the tries of the first one count as one.
    #[must_use]
    pub fn n_failed_nights(&self) -> u32 {
        if self.n_failed == 0 { 0 } else { self.n_failed.saturating_sub(TELL_AFTER) + 1 }
    }

    /// Nights until we switch the integration off.
    #[must_use]
    pub fn n_nights_left(&self) -> u32 {
        DISABLE_AFTER.saturating_sub(self.n_failed.max(TELL_AFTER))
    }
}

/// Names one end of a slice; a run has as many as slices.
#[must_use]
pub fn end_name(run_id: &str, n_slices: u64) -> String {
    format!("{run_id}/{n_slices}")
}

/// What the end of a slice means; none when it was settled already.
#[must_use]
pub fn settle(before: &Health, end: &End<'_>, now_ms: u64) -> Option<Settlement> {
    let name = end_name(end.run_id, end.n_slices);
    if before.has_settled(end.run_id, end.n_slices) {
        return None;
    }
    let health = Health { settled: Some(name), ..before.clone() };
    Some(match end.state {
        State::Done | State::Partly | State::Held => succeeded(health, end, now_ms),
        State::Failed => failed(health, end.kind, now_ms),
        State::Credentials => refused(health, now_ms),
        State::Stopped => quiet(health, Wake::SettingsChange),
        State::Throttled => {
            let wake = end.wake_ms.map_or(Wake::Now, Wake::At);
            quiet(logged_in(health, now_ms), wake)
        }
        State::Queued | State::Running | State::Stalled => quiet(health, Wake::Now),
        // No slice ends so; whoever comes here has nothing to do but wait.
        State::Skipped => quiet(health, Wake::NextNight),
    })
}

fn quiet(health: Health, wake: Wake) -> Settlement {
    Settlement { health, notices: Vec::new(), wake, disables: false }
}

fn logged_in(health: Health, now_ms: u64) -> Health {
    Health { login: Login::Good, login_at_ms: Some(now_ms), ..health }
}

fn succeeded(before: Health, end: &End<'_>, now_ms: u64) -> Settlement {
    // Not by the login itself: new credentials were found good when they were saved.
    let was_ill = before.refusal_told_at_ms.is_some() || before.is_failure_told;
    let is_held = end.state == State::Held;
    let mut notices = Vec::new();
    if end.kind == Kind::Initial {
        notices.push(MailKind::InitialComplete);
    } else if was_ill {
        notices.push(MailKind::Healed);
    }
    if is_held && !before.is_held {
        notices.push(MailKind::Held);
    }
    let health = Health {
        n_failed: 0,
        failing_since_ms: None,
        is_failure_told: false,
        refusal_told_at_ms: None,
        is_held,
        ..logged_in(before, now_ms)
    };
    Settlement { health, notices, wake: Wake::NextNight, disables: false }
}

fn failed(before: Health, kind: Kind, now_ms: u64) -> Settlement {
    let n_failed = before.n_failed.saturating_add(1);
    let tell_after = if kind == Kind::Initial { 1 } else { TELL_AFTER };
    let (is_due, disables) = (n_failed >= tell_after && !before.is_failure_told, n_failed >= DISABLE_AFTER);
    let notice = if kind == Kind::Initial { MailKind::InitialFailed } else { MailKind::NightlyFailing };
    let mut notices = if is_due { vec![notice] } else { Vec::new() };
    if disables {
        notices.push(MailKind::Disabled);
    }
    let pause_ms = usize::try_from(n_failed).ok().and_then(|n| RETRY_PAUSES_MS.get(n - 1));
    let wake = match pause_ms {
        _ if disables => Wake::SettingsChange,
        Some(pause_ms) => Wake::At(now_ms + pause_ms),
        None => Wake::NextNight,
    };
    let health = Health {
        n_failed,
        failing_since_ms: before.failing_since_ms.or(Some(now_ms)),
        is_failure_told: before.is_failure_told || is_due,
        disabled_at_ms: if disables { Some(now_ms) } else { before.disabled_at_ms },
        ..before
    };
    Settlement { health, notices, wake, disables }
}

fn refused(before: Health, now_ms: u64) -> Settlement {
    let is_news = before.login != Login::Refused;
    let refusal_told_at_ms = if is_news { Some(now_ms) } else { before.refusal_told_at_ms };
    let health = Health { login: Login::Refused, login_at_ms: Some(now_ms), refusal_told_at_ms, ..before };
    let notices = if is_news { vec![MailKind::CredentialsRefused] } else { Vec::new() };
    Settlement { health, notices, wake: Wake::SettingsChange, disables: false }
}

#[cfg(test)]
mod tests {
    use super::{DISABLE_AFTER, End, Health, Login, Settlement, Wake, settle};
    use crate::mail::MailKind;
    use crate::run::{Kind, State};

    const NOW_MS: u64 = 1_000_000;

    fn end(n_slices: u64, kind: Kind, state: State) -> End<'static> {
        End { run_id: "r", n_slices, kind, state, wake_ms: Some(7) }
    }

    fn check(before: &Health, kind: Kind, state: State, notices: &[MailKind], wake: Wake) -> Health {
        let settled = settle(before, &end(1, kind, state), NOW_MS).unwrap();
        assert_eq!((settled.notices.as_slice(), settled.wake), (notices, wake), "{kind:?} {state:?}");
        settled.health
    }

    #[test]
    fn each_end_has_its_mail_and_its_next_look() {
        let well = Health::default();
        let night = Wake::NextNight;
        check(&well, Kind::Initial, State::Done, &[MailKind::InitialComplete], night);
        check(&well, Kind::Initial, State::Partly, &[MailKind::InitialComplete], night);
        check(&well, Kind::Nightly, State::Done, &[], night);
        check(&well, Kind::Nightly, State::Held, &[MailKind::Held], night);
        check(&well, Kind::Initial, State::Failed, &[MailKind::InitialFailed], Wake::At(NOW_MS + 300_000));
        check(&well, Kind::Nightly, State::Failed, &[], Wake::At(NOW_MS + 300_000));
        check(
            &well,
            Kind::Nightly,
            State::Credentials,
            &[MailKind::CredentialsRefused],
            Wake::SettingsChange,
        );
        check(&well, Kind::Nightly, State::Stopped, &[], Wake::SettingsChange);
        check(&well, Kind::Nightly, State::Throttled, &[], Wake::At(7));
        check(&well, Kind::Nightly, State::Running, &[], Wake::Now);
    }

    #[test]
    fn an_end_is_settled_once() {
        let health = check(
            &Health::default(),
            Kind::Initial,
            State::Done,
            &[MailKind::InitialComplete],
            Wake::NextNight,
        );
        assert_eq!(settle(&health, &end(1, Kind::Initial, State::Done), NOW_MS), None);
        assert!(settle(&health, &end(2, Kind::Initial, State::Done), NOW_MS).is_some());
    }

    #[test]
    fn a_later_end_settles_the_former_ones() {
        let health = Health { settled: Some("0002-a/10".to_owned()), ..Health::default() };
        let check =
            |run_id, n_slices, want| assert_eq!(health.has_settled(run_id, n_slices), want, "{run_id}");
        check("0001-q", 99, true);
        check("0002-a", 9, true);
        check("0002-a", 10, true);
        check("0002-a", 11, false);
        check("0003-a", 1, false);
    }

    #[test]
    fn a_refused_login_is_told_once_and_its_cure_too() {
        let ill = check(
            &Health::default(),
            Kind::Nightly,
            State::Credentials,
            &[MailKind::CredentialsRefused],
            Wake::SettingsChange,
        );
        let again = settle(&ill, &end(2, Kind::Nightly, State::Credentials), NOW_MS).unwrap();
        assert!(again.notices.is_empty());
        let corrected = Health { login: Login::Good, ..again.health };
        let cured = settle(&corrected, &end(3, Kind::Nightly, State::Done), NOW_MS).unwrap();
        assert_eq!((cured.notices, cured.health.login), (vec![MailKind::Healed], Login::Good));
        let next = settle(&cured.health, &end(4, Kind::Nightly, State::Done), NOW_MS).unwrap();
        assert!(next.notices.is_empty());
    }

    #[test]
    fn failures_are_told_once_and_end_in_switching_off() {
        let mut health = Health::default();
        let mut told = Vec::new();
        for n in 1..=u64::from(DISABLE_AFTER) {
            let Settlement { health: next, notices, wake, disables } =
                settle(&health, &end(n, Kind::Nightly, State::Failed), NOW_MS).unwrap();
            assert_eq!(disables, n == u64::from(DISABLE_AFTER));
            assert_eq!(matches!(wake, Wake::At(_)), n <= 4);
            told.extend(notices);
            health = next;
        }
        assert_eq!(told, [MailKind::NightlyFailing, MailKind::Disabled]);
        assert_eq!(health.disabled_at_ms, Some(NOW_MS));
    }

    #[test]
    fn a_brake_that_stays_on_is_told_once() {
        let held = check(&Health::default(), Kind::Nightly, State::Held, &[MailKind::Held], Wake::NextNight);
        let still = settle(&held, &end(2, Kind::Nightly, State::Held), NOW_MS).unwrap();
        assert!(still.notices.is_empty() && still.health.is_held);
    }
}
