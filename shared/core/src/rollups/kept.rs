//! Sums that were added up once and hold until something changes that they are made from.
//!
//! Records change within runs only, so sums made between two runs hold until the next one begins. What else decides
//! about them is the time zone, and the code that adds up.

use serde::{Deserialize, Serialize};

use crate::ledger::SyncState;

/// Raised when a record adds anything else than before (a table of `rollups/tests.rs` changes then); sums of another shape
/// are made anew.
const SHAPE: u32 = 1;

/// Everything that sums are made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    shape: u32,
    run_id: String,
    time_zone: String,
}

impl Basis {
    /// What sums that are made now would be made from; none while records may change, or before there are any.
    #[must_use]
    pub fn of(state: &SyncState, unfinished_run: Option<&str>, time_zone: &str) -> Option<Self> {
        let run_id = state.last_run.clone().filter(|_| unfinished_run.is_none())?;
        Some(Self { shape: SHAPE, run_id, time_zone: time_zone.to_owned() })
    }
}

/// Sums, and what they were made from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept<T> {
    basis: Basis,
    sums: T,
}

impl<T> Kept<T> {
    /// Sums that may be kept: nothing changed while they were added up.
    #[must_use]
    pub fn new(sums: T, before: Option<Basis>, after: Option<&Basis>) -> Option<Self> {
        let basis = before.filter(|basis| after == Some(basis))?;
        Some(Self { basis, sums })
    }

    /// The sums, if they still hold.
    #[must_use]
    pub fn sums_for(self, now: Option<&Basis>) -> Option<T> {
        (now == Some(&self.basis)).then_some(self.sums)
    }
}

#[cfg(test)]
mod tests {
    use super::{Basis, Kept};
    use crate::ledger::SyncState;

    fn basis(last_run: Option<&str>, unfinished: Option<&str>, zone: &str) -> Option<Basis> {
        let state = SyncState { last_run: last_run.map(str::to_owned), ..SyncState::default() };
        Basis::of(&state, unfinished, zone)
    }

    #[test]
    fn sums_hold_until_a_run_begins_or_the_zone_changes() {
        let quiet = || basis(Some("r1"), None, "UTC");
        let kept = || Kept::new(7, quiet(), quiet().as_ref()).unwrap();
        assert_eq!(kept().sums_for(quiet().as_ref()), Some(7));
        for other in [
            basis(Some("r1"), Some("r2"), "UTC"),
            basis(Some("r2"), None, "UTC"),
            basis(Some("r1"), None, "Europe/Berlin"),
            basis(None, None, "UTC"),
        ] {
            assert_eq!(kept().sums_for(other.as_ref()), None, "{other:?}");
            assert!(
                Kept::new(7, quiet(), other.as_ref()).is_none()
                    && Kept::new(7, other, quiet().as_ref()).is_none()
            );
        }
        assert!(Kept::new(7, None, None).is_none(), "while a run is unfinished nothing is kept");
    }
}
