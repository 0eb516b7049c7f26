//! Autotask's active flag and what it is shown as.

use super::targets::{Target, all};

/// Where an asset's active flag stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Flag {
    /// In use.
    Active,
    /// No longer in use.
    Inactive,
    /// Autotask says nothing.
    Unset,
}

/// States that every tenant has (acceptance criterion AS2).
const STATES: [(&str, &str); 4] =
    [("active", "Active"), ("inactive", "Inactive"), ("retired", "Retired/Disposed"), ("spare", "Spare")];

/// All targets of statuses: those that every tenant has, and its own.
#[must_use]
pub fn states(own: &[Target]) -> Vec<Target> {
    all(&STATES, own)
}

impl Flag {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Active, Self::Inactive, Self::Unset];

    /// Of a record.
    #[must_use]
    pub fn of(is_active: Option<bool>) -> Self {
        match is_active {
            Some(true) => Self::Active,
            Some(false) => Self::Inactive,
            None => Self::Unset,
        }
    }

    /// The row's key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Unset => "unset",
        }
    }

    /// What people read.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Inactive => "Inactive",
            Self::Unset => "(not set)",
        }
    }

    /// The state that it is shown as while nobody chose another (AS3); what is not known to be inactive is active.
    #[must_use]
    pub fn default_state(self) -> &'static str {
        match self {
            Self::Active | Self::Unset => "active",
            Self::Inactive => "inactive",
        }
    }
}
