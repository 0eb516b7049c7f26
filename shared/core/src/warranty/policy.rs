//! What an admin chose about writing dates back.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which dates may replace Autotask's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "WarrantyMode")]
pub enum Mode {
    /// None: only assets without a date get one.
    FillBlanksOnly,
    /// The best-founded date, unless it is earlier than Autotask's.
    #[default]
    NeverShorten,
    /// The latest of all known dates, Autotask's among them.
    PreferLatest,
    /// The best-founded date, earlier or later.
    Always,
}

/// The switches of the write-back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "WarrantyPolicy")]
pub struct Policy {
    /// Which dates may replace Autotask's.
    pub mode: Mode,
    /// Differences up to so many days are never written; 1 to 365.
    pub tolerance_days: u16,
    /// Only what a vendor itself answered is written.
    pub vendor_sourced_only: bool,
    /// Dates further ahead than so many years are skipped; 1 to 50.
    pub far_future_years: u16,
    /// Inactive assets are skipped.
    pub skips_inactive: bool,
    /// Assets without a usable serial number are skipped.
    pub skips_junk_serials: bool,
    /// Most dates of one run; 1 to 50,000.
    pub cap_rows: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            mode: Mode::NeverShorten,
            tolerance_days: 1,
            vendor_sourced_only: true,
            far_future_years: 15,
            skips_inactive: true,
            skips_junk_serials: true,
            cap_rows: 500,
        }
    }
}

/// A switch outside its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} must be from {low} to {high}")]
pub struct OutOfLimits {
    /// Which.
    pub field: &'static str,
    /// The least.
    pub low: u32,
    /// The most.
    pub high: u32,
}

impl Policy {
    /// Checks the limits.
    ///
    /// # Errors
    /// Every [`OutOfLimits`], in the order of the fields. A tolerance below one day is among them: vendors' dates waver by
    /// a day.
    pub fn check(&self) -> Result<(), Vec<OutOfLimits>> {
        let limits = [
            ("tolerance_days", u32::from(self.tolerance_days), 1, 365),
            ("far_future_years", u32::from(self.far_future_years), 1, 50),
            ("cap_rows", self.cap_rows, 1, 50_000),
        ];
        let is_outside = |&(_, value, low, high): &(_, u32, u32, u32)| !(low..=high).contains(&value);
        let outside: Vec<_> = limits
            .into_iter()
            .filter(is_outside)
            .map(|(field, _, low, high)| OutOfLimits { field, low, high })
            .collect();
        if outside.is_empty() { Ok(()) } else { Err(outside) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Mode, Policy};

    #[test]
    fn the_default_is_careful_and_within_its_limits() {
        let policy = Policy::default();
        assert_eq!((policy.check(), policy.mode, policy.tolerance_days), (Ok(()), Mode::NeverShorten, 1));
        assert_eq!(serde_json::from_str::<Policy>("{}").unwrap(), policy);
    }

    #[test]
    fn each_switch_has_limits() {
        let wrong = Policy { tolerance_days: 0, far_future_years: 51, cap_rows: 0, ..Policy::default() };
        let faults = wrong.check().unwrap_err();
        assert_eq!(faults.len(), 3);
        assert_eq!(faults[0].to_string(), "tolerance_days must be from 1 to 365");
    }
}
