//! Nights that were not begun because a run was not over: each has a line in the pull log that names the run.
//!
//! Nights that nobody was there for are none of these: one run catches up on them.

use crate::instant::rfc3339;
use crate::ledger::Run;
use crate::run::{Kind, State, Trigger};
use crate::schedule::{UnknownTimeZone, next_night_ms};

/// Lines that one look adds at most; whoever was away for longer learns as much from these.
const MAX_SKIPPED: usize = 14;
/// A night may begin this much before its time, since clocks differ.
const TOLERANCE_MS: u64 = 1_000;

/// The nights of a tenant that one look is about.
#[derive(Clone, Copy, Debug)]
pub struct Nights<'a> {
    /// IANA name of the tenant's time zone.
    pub zone: &'a str,
    /// The tenant.
    pub tenant: &'a str,
    /// The night that was expected next, milliseconds since the epoch; former ones have their lines.
    pub expected_ms: u64,
    /// Now, milliseconds since the epoch.
    pub now_ms: u64,
}

/// Lines of the nights that came while a run that began before them was not over, oldest first; the newest 14 of
/// them. The same night has the same name whenever it is asked for.
///
/// # Errors
/// [`UnknownTimeZone`].
pub fn skipped(run: &Run, nights: &Nights<'_>) -> Result<Vec<Run>, UnknownTimeZone> {
    let Some(queued_ms) = run.queued_ms() else { return Ok(Vec::new()) };
    let after_ms = nights.expected_ms.saturating_sub(1).max(queued_ms + TOLERANCE_MS);
    let mut starts = Vec::new();
    let mut start_ms = next_night_ms(after_ms, nights.zone, nights.tenant)?;
    while start_ms <= nights.now_ms {
        starts.push(start_ms);
        start_ms = next_night_ms(start_ms, nights.zone, nights.tenant)?;
    }
    let newest = &starts[starts.len().saturating_sub(MAX_SKIPPED)..];
    Ok(newest.iter().map(|&start_ms| line(start_ms, &run.id)).collect())
}

fn line(start_ms: u64, instead: &str) -> Run {
    let at = rfc3339(start_ms);
    let id = format!("{start_ms:013}-night");
    Run {
        state: State::Skipped,
        ended_at: Some(at.clone()),
        instead: Some(instead.to_owned()),
        ..Run::queued(id, Kind::Nightly, Trigger::Schedule, Vec::new(), at)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::{MAX_SKIPPED, Nights, skipped};
    use crate::ledger::Run;
    use crate::run::{Kind, State, Trigger};
    use crate::schedule::next_night_ms;

    const DAY_MS: u64 = 86_400_000;
    const HOUR_MS: u64 = 3_600_000;

    fn night(after_ms: u64) -> u64 {
        next_night_ms(after_ms, "UTC", "acme").unwrap()
    }

    fn starts(queued_ms: u64, expected_ms: u64, now_ms: u64) -> Vec<u64> {
        let id = format!("{queued_ms:013}-000001");
        let run = Run::queued(id, Kind::Nightly, Trigger::Manual, Vec::new(), String::new());
        let lines = skipped(&run, &Nights { zone: "UTC", tenant: "acme", expected_ms, now_ms }).unwrap();
        assert!(
            lines.iter().all(|line| line.state == State::Skipped && line.instead.as_ref() == Some(&run.id))
        );
        lines.iter().filter_map(Run::queued_ms).collect()
    }

    #[test]
    fn a_night_that_came_while_a_run_was_under_way_has_a_line() {
        let first = night(20_000 * DAY_MS);
        let check = |queued_ms, expected_ms, now_ms, want: &[u64]| {
            assert_eq!(starts(queued_ms, expected_ms, now_ms), want, "{queued_ms} {expected_ms} {now_ms}");
        };
        check(first - HOUR_MS, first, first - 1, &[]);
        check(first - HOUR_MS, first, first, &[first]);
        check(first - HOUR_MS, first, first + DAY_MS, &[first, first + DAY_MS]);
        check(first - HOUR_MS, first + DAY_MS, first + DAY_MS, &[first + DAY_MS]);
        // What was brought forward is no night.
        check(first - HOUR_MS, first - HOUR_MS / 2, first - 1, &[]);
    }

    #[test]
    fn a_night_is_not_skipped_by_its_own_run() {
        let first = night(20_000 * DAY_MS);
        for queued_ms in [first - 1_000, first, first + HOUR_MS] {
            assert_eq!(starts(queued_ms, first, first + 2 * HOUR_MS), [0_u64; 0], "{queued_ms}");
        }
    }

    #[test]
    fn of_many_nights_the_newest_have_lines() {
        let first = night(20_000 * DAY_MS);
        let found = starts(first - HOUR_MS, first, first + 99 * DAY_MS);
        assert_eq!((found.len(), found.last()), (MAX_SKIPPED, Some(&(first + 99 * DAY_MS))));
    }

    proptest! {
        /// Looked at often or once, the same nights have lines.
        #[test]
        fn looks_in_between_change_nothing(queued_h in 0_u64..48, mut looks_h in proptest::collection::vec(0_u64..240, 1..6)) {
            let begin = 20_000 * DAY_MS;
            let queued_ms = begin + queued_h * HOUR_MS;
            looks_h.sort_unstable();
            let (mut expected_ms, mut found) = (night(queued_ms), Vec::new());
            for look_h in &looks_h {
                let now_ms = queued_ms + look_h * HOUR_MS;
                found.extend(starts(queued_ms, expected_ms, now_ms));
                expected_ms = night(now_ms);
            }
            let last_ms = queued_ms + looks_h.last().unwrap() * HOUR_MS;
            prop_assert_eq!(&found, &starts(queued_ms, night(queued_ms), last_ms));
            prop_assert!(found.is_sorted());
        }
    }
}
