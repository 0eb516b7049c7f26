//! The pause after a refused login: Autotask locks an API user after about 5 wrong passwords.
//!
//! An attempt is counted as refused when it begins and uncounted when it turns out well, so that a worker that dies
//! within one leaves the pause behind, and parallel ones find the door shut.

use serde::{Deserialize, Serialize};

use super::Outcome;

const MINUTE_MS: u64 = 60_000;
/// The pause after the first, second ... refusal; the last one stays.
///
/// # Source
/// Reports of Autotask's lock speak of about 5 wrong passwords: any 4 pauses in a row are longer than 10 minutes, so
/// that one is left to the person who knows the password.
const PAUSES_MS: [u64; 5] = [MINUTE_MS / 2, MINUTE_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 15 * MINUTE_MS];
/// How long after the end of its pause a refusal is forgotten.
const FORGOTTEN_AFTER_MS: u64 = 60 * MINUTE_MS;
/// Longest time that an attempt takes; shorter than any pause, so that there are never two at once.
pub const LONGEST_ATTEMPT_MS: u64 = 12_000;

/// The refused logins of a tenant and when the next attempt may be made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldOff {
    /// Refusals in a row, an attempt under way included.
    pub n_refused: u32,
    /// No attempt before this instant, milliseconds of our clock.
    pub until_ms: u64,
    /// When the attempt under way began; none when the last one has ended.
    pub begun_at_ms: Option<u64>,
}

/// An attempt that may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// State to be stored before it is made, if what is stored is still what [`HoldOff::begin`] was asked of.
    pub held: HoldOff,
}

/// No attempt may be made now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no login attempt for another {} s", retry_after_ms.div_ceil(1_000))]
pub struct Held {
    /// Milliseconds to wait.
    pub retry_after_ms: u64,
    /// Because another attempt is under way, not because one was refused.
    pub is_under_way: bool,
}

impl HoldOff {
    /// Begins an attempt.
    ///
    /// # Errors
    /// [`Held`] while another one is under way or the pause after a refusal lasts.
    pub fn begin(&self, now_ms: u64) -> Result<Attempt, Held> {
        if now_ms < self.until_ms {
            let ends_ms = self.begun_at_ms.map_or(0, |begun_at_ms| begun_at_ms + LONGEST_ATTEMPT_MS);
            let is_under_way = now_ms < ends_ms;
            let until_ms = if is_under_way { ends_ms } else { self.until_ms };
            return Err(Held { retry_after_ms: until_ms - now_ms, is_under_way });
        }
        let n_refused = self.n_known(now_ms).saturating_add(1);
        let held = Self { n_refused, until_ms: now_ms + pause_ms(n_refused), begun_at_ms: Some(now_ms) };
        Ok(Attempt { held })
    }

    /// The state after the attempt that left this one behind.
    #[must_use]
    pub fn end(&self, outcome: Outcome, now_ms: u64) -> Self {
        match outcome {
            Outcome::Accepted => Self::default(),
            Outcome::Refused => {
                Self { until_ms: now_ms + pause_ms(self.n_refused), begun_at_ms: None, ..*self }
            }
            Outcome::NotJudged => {
                Self { n_refused: self.n_refused.saturating_sub(1), until_ms: now_ms, begun_at_ms: None }
            }
        }
    }

    fn n_known(&self, now_ms: u64) -> u32 {
        if now_ms >= self.until_ms.saturating_add(FORGOTTEN_AFTER_MS) { 0 } else { self.n_refused }
    }
}

fn pause_ms(n_refused: u32) -> u64 {
    let at = usize::try_from(n_refused).unwrap_or(usize::MAX).saturating_sub(1);
    PAUSES_MS[at.min(PAUSES_MS.len() - 1)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{FORGOTTEN_AFTER_MS, HoldOff, LONGEST_ATTEMPT_MS, MINUTE_MS};
    use crate::login::Outcome;

    const START_MS: u64 = 1_800_000_000_000;

    #[test]
    fn pauses_grow_and_a_success_ends_them() {
        let mut state = HoldOff::default();
        let mut now_ms = START_MS;
        for want_s in [30, 60, 120, 600, 900, 900] {
            state = state.begin(now_ms).unwrap().held.end(Outcome::Refused, now_ms);
            let held = state.begin(now_ms).unwrap_err();
            assert_eq!((held.retry_after_ms, held.is_under_way), (want_s * 1_000, false));
            now_ms += held.retry_after_ms;
        }
        let state = state.begin(now_ms).unwrap().held.end(Outcome::Accepted, now_ms);
        assert_eq!(state, HoldOff::default());
        assert!(state.begin(now_ms).is_ok());
    }

    #[test]
    fn an_attempt_under_way_shuts_the_door_and_an_unjudged_one_leaves_no_trace() {
        let under_way = HoldOff::default().begin(START_MS).unwrap().held;
        let held = under_way.begin(START_MS + 1).unwrap_err();
        assert!(held.is_under_way && held.retry_after_ms == LONGEST_ATTEMPT_MS - 1);
        let ended = under_way.end(Outcome::NotJudged, START_MS + 5);
        assert_eq!((ended.n_refused, ended.begin(START_MS + 5).is_ok()), (0, true));
    }

    #[test]
    fn an_attempt_that_never_ended_counts_as_refused() {
        let left_behind = HoldOff::default().begin(START_MS).unwrap().held;
        let held = left_behind.begin(START_MS + LONGEST_ATTEMPT_MS).unwrap_err();
        assert_eq!((held.retry_after_ms, held.is_under_way), (18_000, false));
        let next = left_behind.begin(START_MS + 30_000).unwrap().held;
        assert_eq!((next.n_refused, next.until_ms), (2, START_MS + 30_000 + MINUTE_MS));
    }

    #[test]
    fn an_old_refusal_is_forgotten() {
        let refused = HoldOff::default().begin(START_MS).unwrap().held.end(Outcome::Refused, START_MS);
        let soon = refused.begin(refused.until_ms).unwrap().held;
        let late = refused.begin(refused.until_ms + FORGOTTEN_AFTER_MS).unwrap().held;
        assert_eq!((soon.n_refused, late.n_refused), (2, 1));
    }

    /// What one click does: its distance to the last one, how long its attempt takes, and how that ends.
    fn click() -> impl Strategy<Value = (u64, u64, Option<Outcome>)> {
        let outcomes = [Some(Outcome::Refused), Some(Outcome::Refused), Some(Outcome::NotJudged), None];
        (0_u64..200_000, 1_u64..LONGEST_ATTEMPT_MS, proptest::sample::select(outcomes.to_vec()))
    }

    proptest! {
        #[test]
        fn never_two_at_once_and_never_more_than_four_refused_in_ten_minutes(
            clicks in proptest::collection::vec(click(), 1..200)
        ) {
            let mut state = HoldOff::default();
            let (mut now_ms, mut busy_until_ms) = (START_MS, 0);
            let mut pending: Option<(u64, Outcome)> = None;
            let mut refused_at_ms: Vec<u64> = Vec::new();
            for (distance_ms, takes_ms, outcome) in clicks {
                now_ms += distance_ms;
                if let Some((ends_ms, outcome)) = pending.take_if(|(ends_ms, _)| *ends_ms <= now_ms) {
                    state = state.end(outcome, ends_ms);
                }
                let Ok(attempt) = state.begin(now_ms) else { continue };
                prop_assert!(now_ms >= busy_until_ms, "two at once");
                state = attempt.held;
                busy_until_ms = now_ms + takes_ms;
                pending = outcome.map(|outcome| (busy_until_ms, outcome));
                // One that never ended may have been refused.
                if outcome != Some(Outcome::NotJudged) {
                    refused_at_ms.push(busy_until_ms);
                }
            }
            for five in refused_at_ms.windows(5) {
                prop_assert!(five[4] - five[0] > 10 * MINUTE_MS, "{five:?}");
            }
        }
    }
}
