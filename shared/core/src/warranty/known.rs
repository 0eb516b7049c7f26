//! A warranty date as we know it: of which asset, from whom, how it was given, when it was fetched.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::intake::ReadAs;

/// Who says so; what a vendor says outranks everything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "WarrantySourceKind")]
pub enum SourceKind {
    /// Reckoned from an age or a purchase date.
    Estimate,
    /// Copied from another integration.
    Integration,
    /// Typed by a person.
    Manual,
    /// Answered by the maker's own lookup.
    Vendor,
}

impl SourceKind {
    /// Stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Estimate => "estimate",
            Self::Integration => "integration",
            Self::Manual => "manual",
            Self::Vendor => "vendor",
        }
    }
}

/// Where a date comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "WarrantySource")]
pub struct Source {
    /// What sort of source it is.
    pub kind: SourceKind,
    /// Its name, for example `dell`; up to 60 characters.
    pub name: String,
}

/// What is covered.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "WarrantyCoverage")]
pub enum Coverage {
    /// The source does not say.
    #[default]
    Unknown,
    /// What comes with the device.
    Standard,
    /// Bought on top of it.
    Extended,
    /// A support contract.
    Contract,
    /// For as long as the device lives: it has no end.
    Lifetime,
}

/// When a coverage ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// On this calendar date, which is the last one covered.
    On(Date),
    /// Never.
    Never,
}

/// A date that passed the intake.
///
/// # Shape
/// There is one for each asset, name of a source and coverage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Autotask's id of the asset.
    pub asset_id: i64,
    /// Who says so.
    pub source: Source,
    /// What is covered.
    pub coverage: Coverage,
    /// When it ends.
    pub end: End,
    /// How the date was read from what was given.
    pub read_as: ReadAs,
    /// The vendor's own value, to the letter.
    pub raw_value: Option<String>,
    /// The serial number that was looked up, if the source tells.
    pub serial_number: Option<String>,
    /// When the source was asked, UTC.
    pub fetched_at: Timestamp,
}

impl Known {
    /// What tells it from the asset's other dates.
    #[must_use]
    pub fn key(&self) -> (i64, &str, Coverage) {
        (self.asset_id, &self.source.name, self.coverage)
    }

    /// The calendar date on which it ends, if it does.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        match self.end {
            End::On(date) => Some(date),
            End::Never => None,
        }
    }

    /// Whether it replaces what is stored under the same key: it does unless it was fetched earlier or says the same.
    ///
    /// A request that is sent twice, or late, therefore changes nothing.
    #[must_use]
    pub fn replaces(&self, stored: &Self) -> bool {
        self != stored && self.fetched_at >= stored.fetched_at
    }

    /// Which of two dates is the better founded: a vendor's before others', then the one fetched last, then the later
    /// end. Names break the last ties, so that the order in which dates are given never matters.
    #[must_use]
    pub fn compare_foundation(&self, other: &Self) -> Ordering {
        let facts = |known: &Self| (known.source.kind, known.fetched_at, known.date());
        facts(self).cmp(&facts(other)).then_with(|| other.key().cmp(&self.key()))
    }
}
