//! A tenant's settings and what saving them starts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::entity::Entity;
use crate::health::Login;
use crate::run::{Kind, State};

/// Optional entities that are pulled as well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulls {
    /// Contracts, their services and the units of these.
    pub contracts: bool,
    /// Tickets.
    pub tickets: bool,
    /// Opportunities.
    pub opportunities: bool,
}

impl Pulls {
    /// What a run pulls, in the order in which it is begun.
    #[must_use]
    pub fn entities(self) -> Vec<Entity> {
        Entity::ALL.into_iter().filter(|&entity| self.wants(entity)).collect()
    }

    /// Whether an entity is pulled by choice only.
    #[must_use]
    pub fn is_optional(entity: Entity) -> bool {
        !Self::default().wants(entity)
    }

    fn wants(self, entity: Entity) -> bool {
        match entity {
            Entity::Contracts | Entity::ContractServices | Entity::ContractServiceUnits => self.contracts,
            Entity::Tickets => self.tickets,
            Entity::Opportunities => self.opportunities,
            _ => true,
        }
    }
}

/// Where a tenant's companies and assets come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrimarySource {
    /// Autotask: everything is pulled from it.
    #[default]
    Autotask,
    /// IT Glue: Autotask only adds contracts, tickets and opportunities of linked companies.
    ItGlue,
}

/// When and by whom the password was last changed; the password itself is elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordNote {
    /// RFC 3339 UTC.
    pub changed_at: String,
    /// E-mail address of who did it.
    pub changed_by: String,
    /// Version of the secret that holds it.
    pub version: String,
}

/// What an admin chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// "Autotask Integration Active".
    pub is_active: bool,
    /// API user name, exactly as in Autotask.
    pub username: String,
    /// The password's note; none before one was saved.
    pub password: Option<PasswordNote>,
    /// Optional entities.
    pub pulls: Pulls,
    /// Where companies and assets come from.
    #[serde(default)]
    pub primary_source: PrimarySource,
    /// Months before a company was linked from which on its tickets are kept; of IT Glue as the primary source.
    #[serde(default = "default_lookback")]
    pub lookback_months: u16,
    /// Whether warranty dates may be written back.
    pub writes_warranties: bool,
    /// IANA name; nights are nights there.
    pub time_zone: String,
    /// Who gets mails besides the admin who saved.
    pub recipients: Vec<String>,
    /// When it was saved, RFC 3339 UTC.
    pub saved_at: String,
    /// E-mail address of who saved it.
    pub saved_by: String,
    /// Companies that the plan allowed to be active when it was saved; none for any number.
    #[serde(default)]
    pub plan_limit: Option<u32>,
    /// The tenant leaves: everything about it is being deleted.
    #[serde(default)]
    pub is_closing: bool,
}

/// Months that tickets go back unless somebody chooses otherwise.
pub const DEFAULT_LOOKBACK_MONTHS: u16 = 12;

fn default_lookback() -> u16 {
    DEFAULT_LOOKBACK_MONTHS
}

impl Settings {
    /// What a run pulls, in the order in which it is begun: with IT Glue as the primary source, the companies to link
    /// from and what is ticked.
    #[must_use]
    pub fn entities(&self) -> Vec<Entity> {
        let is_wanted = |entity: &Entity| match self.primary_source {
            PrimarySource::Autotask => true,
            PrimarySource::ItGlue => *entity == Entity::Companies || Pulls::is_optional(*entity),
        };
        self.pulls.entities().into_iter().filter(is_wanted).collect()
    }
}

/// What is known of the tenant's runs when settings are saved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunsView {
    /// A first load once completed.
    pub has_initial: bool,
    /// The unfinished run.
    pub unfinished: Option<(Kind, State)>,
}

/// What saving brings about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Nothing runs because of it.
    Nothing,
    /// The first load begins.
    Initial,
    /// The unfinished run goes on.
    Resume,
    /// The unfinished run stops after the page in hand.
    Stop,
}

/// What saving brings about, by the table of acceptance criterion SET10.
///
/// | active after | first load | unfinished run | then |
/// |---|---|---|---|
/// | no | any | none, stopped, failed, without valid credentials | nothing |
/// | no | any | any other | stop |
/// | yes | never completed | none | first load |
/// | yes | any | stopped, failed, without valid credentials | resume |
/// | yes | any | any other | nothing: it is under way |
/// | yes | completed | none | nothing: the next night comes |
#[must_use]
pub fn on_save(is_active: bool, runs: RunsView) -> Start {
    match (is_active, runs.unfinished) {
        (false, None | Some((_, State::Stopped | State::Failed | State::Credentials))) => Start::Nothing,
        (false, Some(_)) => Start::Stop,
        (true, None) if !runs.has_initial => Start::Initial,
        (true, Some((_, State::Stopped | State::Failed | State::Credentials | State::Stalled))) => {
            Start::Resume
        }
        (true, _) => Start::Nothing,
    }
}

/// Whether credentials must be tried before they are saved: new ones always, known ones if they are to be active without
/// being known as good. Each try counts towards Autotask's lock.
#[must_use]
pub fn needs_login(are_new: bool, is_active: bool, known: Login) -> bool {
    are_new || (is_active && known != Login::Good)
}

#[cfg(test)]
mod tests {
    use super::{Pulls, RunsView, Start, needs_login, on_save};
    use crate::entity::Entity;
    use crate::health::Login;
    use crate::run::{Kind, State};

    fn check(is_active: bool, has_initial: bool, unfinished: Option<State>, want: Start) {
        let kind = if has_initial { Kind::Nightly } else { Kind::Initial };
        let runs = RunsView { has_initial, unfinished: unfinished.map(|state| (kind, state)) };
        assert_eq!(on_save(is_active, runs), want, "{is_active} {has_initial} {unfinished:?}");
    }

    #[test]
    fn saving_starts_what_the_truth_table_says() {
        check(true, false, None, Start::Initial);
        check(false, false, None, Start::Nothing);
        check(true, false, Some(State::Queued), Start::Nothing);
        check(true, false, Some(State::Running), Start::Nothing);
        check(true, true, None, Start::Nothing);
        check(true, true, Some(State::Throttled), Start::Nothing);
        check(true, false, Some(State::Stopped), Start::Resume);
        check(true, true, Some(State::Credentials), Start::Resume);
        check(true, true, Some(State::Failed), Start::Resume);
        check(false, true, Some(State::Running), Start::Stop);
        check(false, false, Some(State::Queued), Start::Stop);
        check(false, true, Some(State::Failed), Start::Nothing);
        check(false, true, Some(State::Stopped), Start::Nothing);
    }

    #[test]
    fn only_what_is_not_known_as_good_is_tried() {
        let check = |are_new, is_active, known, want| {
            assert_eq!(needs_login(are_new, is_active, known), want, "{are_new} {is_active} {known:?}");
        };
        check(true, false, Login::Good, true);
        check(true, true, Login::Untested, true);
        check(false, true, Login::Good, false);
        check(false, true, Login::Refused, true);
        check(false, true, Login::Untested, true);
        check(false, false, Login::Refused, false);
    }

    #[test]
    fn what_is_not_ticked_is_not_pulled() {
        let entities = Pulls { contracts: true, ..Pulls::default() }.entities();
        assert!(entities.contains(&Entity::ContractServices) && !entities.contains(&Entity::Tickets));
        assert!(entities.contains(&Entity::Assets));
    }
}
