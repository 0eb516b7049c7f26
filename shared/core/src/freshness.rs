//! How fresh what is stored of an entity is: of which instant, and whether it is still pulled.
//!
//! Acceptance criterion PF5: what is no longer pulled is kept, and marked with the date up to which it is known.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::entity::Entity;
use crate::ledger::SyncState;
use crate::settings::Settings;

/// How fresh the stored records of an entity are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Freshness {
    /// Which entity.
    pub entity: Entity,
    /// Up to when its records are known, RFC 3339 UTC; null if it was never pulled to its end.
    pub as_of: Option<String>,
    /// Whether nights still bring changes; if not, everything stays as it was then.
    pub is_pulled: bool,
}

impl Freshness {
    /// What settings and the last runs say about an entity.
    #[must_use]
    pub fn of(entity: Entity, settings: Option<&Settings>, state: &SyncState) -> Self {
        let wanted = |settings: &Settings| settings.is_active && settings.entities().contains(&entity);
        Self {
            entity,
            as_of: state.marks.get(entity.name()).map(|mark| mark.watermark.clone()),
            is_pulled: settings.is_some_and(wanted),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Freshness;
    use crate::entity::Entity;
    use crate::ledger::SyncState;
    use crate::settings::Settings;
    use crate::step::Mark;

    #[test]
    fn what_is_unticked_keeps_its_date_and_is_said_to_be_pulled_no_more() {
        let settings = |is_active, tickets| -> Settings {
            let settings = serde_json::json!({"is_active": is_active, "username": "u", "password": null,
                "pulls": {"contracts": true, "tickets": tickets, "opportunities": false},
                "writes_warranties": false, "time_zone": "UTC", "recipients": [],
                "saved_at": "", "saved_by": ""});
            serde_json::from_value(settings).unwrap()
        };
        let mark = Mark { watermark: "2026-11-20T02:00:00Z".to_owned(), swept_at_ms: 0 };
        let marks = [(Entity::Tickets.name().to_owned(), mark)].into();
        let state = SyncState { marks, ..SyncState::default() };
        let check = |entity, settings: Option<&Settings>, want: (Option<&str>, bool)| {
            let found = Freshness::of(entity, settings, &state);
            assert_eq!((found.as_of.as_deref(), found.is_pulled), want, "{entity}");
        };
        let date = Some("2026-11-20T02:00:00Z");
        check(Entity::Tickets, Some(&settings(true, true)), (date, true));
        check(Entity::Tickets, Some(&settings(true, false)), (date, false));
        check(Entity::Tickets, Some(&settings(false, true)), (date, false));
        check(Entity::Tickets, None, (date, false));
        check(Entity::Contracts, Some(&settings(true, false)), (None, true));
        check(Entity::Opportunities, Some(&settings(true, false)), (None, false));
    }
}
