//! How far a row is, as the journal holds it.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a row changes; no date is Autotask's blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "WarrantyChange")]
pub struct Change {
    /// What Autotask must hold for the change to be made.
    #[schemars(with = "Option<String>")]
    pub from: Option<Date>,
    /// What it is to hold then.
    #[schemars(with = "Option<String>")]
    pub to: Option<Date>,
}

impl Change {
    /// The change that takes this one back.
    #[must_use]
    pub fn turned_round(self) -> Self {
        Self { from: self.to, to: self.from }
    }
}

/// A PATCH that was intended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "WarrantyAttempt")]
pub struct Attempt {
    /// When it was intended or, once it was answered, when the answer came.
    pub at_ms: u64,
    /// The record's stamp before it.
    #[schemars(with = "Option<String>")]
    pub stamp: Option<Timestamp>,
    /// PATCHes of this row up to now, this one included.
    pub n_sends: u32,
}

/// Why a row failed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "why", rename_all = "snake_case")]
#[schemars(rename = "WarrantyFailure")]
pub enum Failure {
    /// Autotask has no such record any more.
    Gone,
    /// Autotask refused the date.
    Refused {
        /// In its own words.
        reason: String,
    },
    /// Autotask accepted the date and does not show it.
    NotTaken,
    /// It was tried too often.
    GaveUp,
    /// The record is there, and its warranty date cannot be read; after a PATCH it was looked at for an hour.
    Unreadable,
}

impl Failure {
    /// What the screen says.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Gone => "The asset is no longer in Autotask.",
            Self::Refused { reason } => reason,
            Self::NotTaken => "Autotask accepted the date and does not show it.",
            Self::Unreadable => "The asset's warranty date cannot be read: look at the asset in Autotask.",
            Self::GaveUp => "Autotask did not take the date, however often it was sent.",
        }
    }
}

/// How far a row is; this is what the journal holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "phase", rename_all = "snake_case")]
#[schemars(rename = "WarrantyPhase")]
pub enum Phase {
    /// No PATCH of ours is under way, and none took effect.
    Planned {
        /// PATCHes that were sent without taking effect.
        n_sends: u32,
        /// Readings before this instant may still show what was there before.
        read_from_ms: u64,
    },
    /// A PATCH is about to be sent, or was, and no answer was journalled.
    Intended(Attempt),
    /// The PATCH was answered, or not, in a way that does not tell whether it took effect.
    Ambiguous(Attempt),
    /// Autotask refused; a reading tells whether it did nothing indeed.
    Refused {
        /// The PATCH.
        attempt: Attempt,
        /// Autotask's words.
        reason: String,
    },
    /// Autotask accepted; a reading has to show it.
    Sent(Attempt),
    /// Autotask holds our date.
    Verified {
        /// Until then a PATCH of ours might still be under way, if somebody else wrote the same date meanwhile.
        quiet_from_ms: u64,
    },
    /// Autotask held it before we wrote anything.
    AlreadyThere,
    /// Autotask holds another date than the plan knew; it is left alone.
    Moved {
        /// That date.
        #[schemars(with = "Option<String>")]
        found: Option<Date>,
    },
    /// Somebody edited the record while a PATCH of ours was unsettled, and the old date is there: whether ours was taken
    /// back or never arrived cannot be told, so it is not repeated.
    Touched,
    /// Nothing was written.
    Failed(Failure),
}

impl Phase {
    /// Where every row begins.
    pub const START: Self = Self::Planned { n_sends: 0, read_from_ms: 0 };

    /// Where a row stands again after an attempt without effect: what was read before it is forgotten.
    pub(super) fn again(attempt: &Attempt, n_sends: u32) -> Self {
        Self::Planned { n_sends, read_from_ms: attempt.at_ms }
    }

    /// Stable name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Planned { .. } => "planned",
            Self::Intended(_) => "intended",
            Self::Ambiguous(_) => "ambiguous",
            Self::Refused { .. } => "refused",
            Self::Sent(_) => "sent",
            Self::Verified { .. } => "verified",
            Self::AlreadyThere => "already_there",
            Self::Moved { .. } => "moved",
            Self::Touched => "touched",
            Self::Failed(_) => "failed",
        }
    }

    /// What the screen says.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Planned { .. } => "Waits to be written.",
            Self::Intended(_) | Self::Ambiguous(_) => "Sent, and not yet known whether Autotask took it.",
            Self::Refused { .. } | Self::Sent(_) => "Answered, and not yet read back.",
            Self::Verified { .. } => "Autotask holds our date.",
            Self::AlreadyThere => "Autotask held this date before: nothing was written.",
            Self::Moved { .. } => "The date was changed in Autotask meanwhile: it is left alone.",
            Self::Touched => "The asset was edited meanwhile, so the write was not repeated.",
            Self::Failed(failure) => failure.words(),
        }
    }

    /// Whether nothing more will happen.
    #[must_use]
    pub fn is_end(&self) -> bool {
        match self {
            Self::Verified { .. }
            | Self::AlreadyThere
            | Self::Moved { .. }
            | Self::Touched
            | Self::Failed(_) => true,
            Self::Planned { .. }
            | Self::Intended(_)
            | Self::Ambiguous(_)
            | Self::Refused { .. }
            | Self::Sent(_) => false,
        }
    }
}
