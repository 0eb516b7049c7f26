//! Remembering dates that Autotask did not take, so that they are not sent every night.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::apply::{Failure, Phase};
use super::journal::Entry;
use super::standing::CLOCK_MARGIN_MS;

/// So many writes in vain stop a date.
const STOPS_AT: u32 = 2;

/// Writes of one date, one after the other, that Autotask did not take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InVain {
    /// The date.
    pub date: Date,
    /// How many plans tried it.
    pub n_plans: u32,
    /// The plan that tried it last.
    pub plan_id: String,
    /// When that came to its end, milliseconds since 1970.
    pub at_ms: u64,
    /// What Autotask said, or what we saw.
    pub reason: String,
}

impl InVain {
    /// What is remembered after a step of a plan's row; asked as often as one likes, a plan is counted once.
    #[must_use]
    pub fn after(before: Option<Self>, plan_id: &str, entry: &Entry) -> Option<Self> {
        let (date, at_ms, reason) = match (&entry.phase, entry.change.to, entry.ended_at_ms) {
            (Phase::Verified { .. } | Phase::AlreadyThere, ..) => return None,
            (Phase::Failed(Failure::Gone | Failure::Unreadable), ..) => return before,
            (Phase::Failed(failure), Some(date), Some(at_ms)) => (date, at_ms, failure.words().to_owned()),
            _ => return before,
        };
        if before.as_ref().is_some_and(|known| known.plan_id == plan_id) {
            return before;
        }
        let n_before = before.filter(|known| known.date == date).map_or(0, |known| known.n_plans);
        Some(Self { date, n_plans: n_before + 1, plan_id: plan_id.to_owned(), at_ms, reason })
    }

    /// Whether writing the date has stopped: until the asset is edited in Autotask, or a person lets it go on.
    #[must_use]
    pub fn is_stopped(&self, last_modified_at: Option<Timestamp>) -> bool {
        let at_ms = i64::try_from(self.at_ms).unwrap_or(i64::MAX) - CLOCK_MARGIN_MS;
        let is_edited = last_modified_at.is_some_and(|edited_at| edited_at.as_millisecond() > at_ms);
        self.n_plans >= STOPS_AT && !is_edited
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::InVain;
    use crate::warranty::apply::{Failure, Phase};
    use crate::warranty::journal::Entry;
    use crate::warranty::journal::tests::entry;

    const AT_MS: u64 = 1_790_000_000_000;

    fn ended(phase: Phase, to: &str) -> Entry {
        let mut entry = Entry { phase, undo: None, ended_at_ms: Some(AT_MS), ..entry() };
        entry.change.to = Some(to.parse().unwrap());
        entry
    }

    fn refused(to: &str) -> Entry {
        ended(Phase::Failed(Failure::Refused { reason: "Rack is required".to_owned() }), to)
    }

    fn n_plans(steps: &[(&str, Entry)]) -> Option<u32> {
        let fold = |known, (plan_id, entry): &(&str, Entry)| InVain::after(known, plan_id, entry);
        steps.iter().fold(None, fold).map(|known| known.n_plans)
    }

    #[test]
    fn plans_that_failed_with_one_date_are_counted_once_each() {
        let one = || refused("2027-05-01");
        let verified = ended(Phase::Verified { quiet_from_ms: 0 }, "2027-05-01");
        let gone = ended(Phase::Failed(Failure::Gone), "2027-05-01");
        let unreadable = ended(Phase::Failed(Failure::Unreadable), "2027-05-01");
        let untaken = ended(Phase::Failed(Failure::NotTaken), "2027-05-01");
        assert_eq!(n_plans(&[("p1", one()), ("p1", one())]), Some(1));
        assert_eq!(n_plans(&[("p1", one()), ("p2", untaken)]), Some(2));
        assert_eq!(n_plans(&[("p1", one()), ("p2", refused("2027-05-02"))]), Some(1));
        assert_eq!(n_plans(&[("p1", one()), ("p2", verified)]), None);
        assert_eq!(n_plans(&[("p1", one()), ("p2", gone), ("p3", unreadable)]), Some(1));
        assert_eq!(n_plans(&[("p1", Entry { phase: Phase::START, ..one() })]), None);
    }

    #[test]
    fn a_date_stops_with_the_second_plan_until_the_asset_is_edited() {
        let once = InVain::after(None, "p1", &refused("2027-05-01"));
        assert!(!once.as_ref().unwrap().is_stopped(None));
        let twice = InVain::after(once, "p2", &refused("2027-05-01")).unwrap();
        let at = |ms: u64| Some(Timestamp::from_millisecond(i64::try_from(ms).unwrap()).unwrap());
        assert_eq!(twice.reason, "Rack is required");
        assert!(twice.is_stopped(None) && twice.is_stopped(at(AT_MS - 60_000)));
        assert!(!twice.is_stopped(at(AT_MS + 1)));
    }
}
