//! The words of each cause: a stable code, what is wrong, and where in Autotask it is put right.

use super::Cause;
use crate::entity::Entity;

impl Cause {
    /// Stable code; what programs branch on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownUser => "unknown_user",
            Self::LoginRefused => "login_refused",
            Self::TrackingIdentifier => "tracking_identifier",
            Self::AccessForbidden => "access_forbidden",
            Self::HourlyLimit { .. } => "hourly_limit",
            Self::RightMissing { .. } => "right_missing",
            Self::AutotaskDown => "autotask_down",
            Self::Network => "network",
            Self::Tls => "tls",
            Self::AddressRefused => "address_refused",
        }
    }

    /// What is wrong, in one sentence.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::UnknownUser => "Autotask knows no API user with this user name.".to_owned(),
            Self::LoginRefused => "Autotask refused the login. Most likely the password is wrong; else the API user is \
                locked or inactive, or its API Tracking Identifier is not Lifecycle Insights. Autotask does not tell \
                which."
                .to_owned(),
            Self::TrackingIdentifier => {
                "Autotask refused our API Tracking Identifier for this API user.".to_owned()
            }
            Self::AccessForbidden => {
                "Autotask answered that we may not enter (403); often it allows only certain IP addresses."
                    .to_owned()
            }
            Self::HourlyLimit { wait_ms } => format!(
                "The hourly API limit of your Autotask database, which all integrations share, is used up; try again \
                 in about {}.",
                minutes(*wait_ms)
            ),
            Self::RightMissing { entity } => {
                format!("The login works, but the API user may not use {}.", words_for(*entity))
            }
            Self::AutotaskDown => {
                "Autotask did not answer, or not in a way that can be used; it may be down.".to_owned()
            }
            Self::Network => "Autotask could not be reached over the network.".to_owned(),
            Self::Tls => {
                "The connection to Autotask could not be secured: its certificate was not trusted.".to_owned()
            }
            Self::AddressRefused => "Autotask named a zone address that is not known to be Autotask's, so the password \
                was not sent."
                .to_owned(),
        }
    }

    /// What to do, naming the screen in Autotask where there is one.
    #[must_use]
    pub fn fix(&self) -> &'static str {
        match self {
            Self::UnknownUser => {
                "Copy the Username exactly from Autotask: Admin > Features & Settings > Resources/Users (HR) > \
                 Resources/Users > (the API user) > Security tab."
            }
            Self::LoginRefused => {
                "In Autotask, open Admin > Features & Settings > Resources/Users (HR) > Resources/Users > (the API user) \
                 > Security tab: set a new password and enter it here, check that the user is active and not locked, \
                 and that API Tracking Identifier is Integration Vendor, Lifecycle Insights."
            }
            Self::TrackingIdentifier => {
                "In Autotask, open Admin > Features & Settings > Resources/Users (HR) > Resources/Users > (the API user) \
                 > Security tab > API Tracking Identifier: select Integration Vendor, then Lifecycle Insights, and save."
            }
            Self::AccessForbidden => {
                "Ask whoever administers Autotask whether logins are limited to certain IP addresses, and look at the API \
                 user under Admin > Features & Settings > Resources/Users (HR) > Resources/Users > Security tab; else \
                 contact support with the reference below."
            }
            Self::HourlyLimit { .. } => {
                "Nothing to change here: wait; if it happens often, slow down the integration that calls most."
            }
            Self::RightMissing { .. } => {
                "Widen the API user's security level in Autotask: Admin > Features & Settings > Resources/Users (HR) > \
                 Security > Security Levels; the table below names each box."
            }
            Self::AutotaskDown => {
                "Nothing to change here: see Autotask's status page, and test again in some minutes."
            }
            Self::Network => {
                "Nothing to change in Autotask: test again in some minutes; if it stays, contact support with the \
                 reference below."
            }
            Self::Tls => "Nothing to change in Autotask: contact support with the reference below.",
            Self::AddressRefused => {
                "Check that the user name is that of the API user; if it is, contact support with the reference below."
            }
        }
    }
}

/// The entity as Autotask's screens call it.
fn words_for(entity: Entity) -> &'static str {
    match entity {
        Entity::Companies => "Companies (Accounts)",
        Entity::Assets => "Configuration Items (Assets)",
        Entity::Contacts => "Contacts",
        Entity::Products => "Products",
        Entity::AssetTypes => "Configuration Item Types",
        Entity::AssetCategories => "Configuration Item Categories",
        Entity::Contracts => "Contracts",
        Entity::ContractServices => "the services of Contracts",
        Entity::ContractServiceUnits => "the units of Contracts' services",
        Entity::Tickets => "Tickets",
        Entity::Opportunities => "Opportunities",
    }
}

fn minutes(wait_ms: u64) -> String {
    match wait_ms.div_ceil(60_000) {
        0 | 1 => "a minute".to_owned(),
        n_minutes => format!("{n_minutes} minutes"),
    }
}

#[cfg(test)]
mod tests {
    use super::Cause;
    use crate::entity::Entity;

    const ALL: [Cause; 10] = [
        Cause::UnknownUser,
        Cause::LoginRefused,
        Cause::TrackingIdentifier,
        Cause::AccessForbidden,
        Cause::HourlyLimit { wait_ms: 61_000 },
        Cause::RightMissing { entity: Entity::Tickets },
        Cause::AutotaskDown,
        Cause::Network,
        Cause::Tls,
        Cause::AddressRefused,
    ];

    #[test]
    fn each_cause_has_a_code_and_words_of_its_own() {
        let codes: std::collections::BTreeSet<_> = ALL.iter().map(Cause::code).collect();
        let messages: std::collections::BTreeSet<_> = ALL.iter().map(Cause::message).collect();
        assert_eq!((codes.len(), messages.len()), (ALL.len(), ALL.len()));
        for cause in ALL {
            assert!(cause.message().ends_with('.') && cause.fix().ends_with('.'), "{cause:?}");
            assert!(!cause.message().contains("  ") && !cause.fix().contains("  "), "{cause:?}");
        }
    }

    #[test]
    fn what_can_be_put_right_in_autotask_names_its_screen() {
        for cause in
            [Cause::UnknownUser, Cause::LoginRefused, Cause::TrackingIdentifier, Cause::AccessForbidden]
        {
            assert!(cause.fix().contains("Admin > Features & Settings > Resources/Users (HR)"), "{cause:?}");
        }
        assert!(Cause::RightMissing { entity: Entity::Tickets }.fix().contains("Security Levels"));
        assert!(Cause::HourlyLimit { wait_ms: 61_000 }.message().contains("2 minutes"));
        assert!(Cause::HourlyLimit { wait_ms: 15_000 }.message().contains("a minute"));
    }
}
