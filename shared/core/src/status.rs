//! The one word for how a tenant's integration fares, from a closed list, for the top of the page.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::health::{Health, Login};
use crate::run::{Kind, State};

/// How the integration fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// No credentials were saved yet, or the integration was never switched on.
    Setup,
    /// The first load is under way.
    Loading,
    /// The last run succeeded.
    Healthy,
    /// The last run left something out.
    Partly,
    /// Runs fail.
    Failing,
    /// Autotask refuses the login.
    Credentials,
    /// Waits for room in Autotask's hourly limit.
    Throttled,
    /// Deletions wait for a human.
    Held,
    /// Switched off.
    Paused,
    /// The tenant's data is being deleted.
    Closing,
}

/// What the word depends on.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Settings were saved.
    pub has_settings: bool,
    /// Switched on.
    pub is_active: bool,
    /// Being deleted.
    pub is_closing: bool,
    /// A first load once completed.
    pub has_initial: bool,
    /// Its health.
    pub health: &'a Health,
    /// The unfinished run.
    pub unfinished: Option<(Kind, State)>,
    /// State of the run that ended last.
    pub last: Option<State>,
}

/// Chooses the word: what needs a human comes first.
#[must_use]
pub fn status(seen: &Seen<'_>) -> Status {
    let is_throttled = seen.unfinished.is_some_and(|(_, state)| state == State::Throttled);
    let is_failed = seen.unfinished.is_some_and(|(_, state)| state == State::Failed);
    match seen.last {
        _ if seen.is_closing => Status::Closing,
        _ if !seen.has_settings => Status::Setup,
        _ if seen.health.login == Login::Refused => Status::Credentials,
        _ if !seen.is_active && (seen.has_initial || seen.unfinished.is_some()) => Status::Paused,
        _ if !seen.is_active => Status::Setup,
        _ if seen.health.n_failed > 0 || is_failed => Status::Failing,
        _ if is_throttled => Status::Throttled,
        _ if !seen.has_initial => Status::Loading,
        _ if seen.health.is_held => Status::Held,
        Some(State::Partly) => Status::Partly,
        _ => Status::Healthy,
    }
}

#[cfg(test)]
mod tests {
    use super::{Seen, Status, status};
    use crate::health::{Health, Login};
    use crate::run::{Kind, State};

    #[test]
    fn what_needs_a_human_comes_first() {
        let health = Health::default();
        let well = Seen {
            has_settings: true,
            is_active: true,
            is_closing: false,
            has_initial: true,
            health: &health,
            unfinished: None,
            last: Some(State::Done),
        };
        let check = |seen: Seen<'_>, want| assert_eq!(status(&seen), want, "{seen:?}");
        check(well, Status::Healthy);
        check(Seen { has_settings: false, ..well }, Status::Setup);
        check(Seen { is_active: false, ..well }, Status::Paused);
        check(Seen { is_active: false, has_initial: false, ..well }, Status::Setup);
        check(Seen { is_closing: true, ..well }, Status::Closing);
        let loading = Seen {
            has_initial: false,
            unfinished: Some((Kind::Initial, State::Running)),
            last: None,
            ..well
        };
        check(loading, Status::Loading);
        check(Seen { unfinished: Some((Kind::Nightly, State::Running)), ..well }, Status::Healthy);
        check(Seen { unfinished: Some((Kind::Nightly, State::Throttled)), ..well }, Status::Throttled);
        check(Seen { last: Some(State::Partly), ..well }, Status::Partly);
        let refused = Health { login: Login::Refused, ..Health::default() };
        check(Seen { health: &refused, is_active: false, ..well }, Status::Credentials);
        let held = Health { is_held: true, ..Health::default() };
        check(Seen { health: &held, last: Some(State::Held), ..well }, Status::Held);
        let failing = Health { n_failed: 2, ..Health::default() };
        check(
            Seen { health: &failing, unfinished: Some((Kind::Nightly, State::Failed)), ..well },
            Status::Failing,
        );
    }
}
