//! How many calls may be in flight on one endpoint, learnt from its answers.
//!
//! Autotask allows 3 per endpoint and tracking identifier, and frees a slot a little after its answer arrives; so a
//! permit is held for a moment after each answer. Pure: the caller counts the calls and waits.

/// Most calls in flight on one endpoint that Autotask allows to newer integrations.
pub const MAX_LANES: u32 = 3;
/// First pause of a permit after an answer, in milliseconds.
const START_HOLD_MS: u64 = 50;
/// Longest pause of a permit.
const MAX_HOLD_MS: u64 = 2_000;
/// Clean answers until a lane comes back or the hold shrinks.
const CLEAN_ANSWERS_TO_RECOVER: u32 = 40;

/// Pace of one endpoint: additive increase, multiplicative decrease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    lanes: u32,
    hold_ms: u64,
    n_clean: u32,
}

impl Default for Gate {
    fn default() -> Self {
        Self { lanes: MAX_LANES, hold_ms: START_HOLD_MS, n_clean: 0 }
    }
}

impl Gate {
    /// Calls that may be in flight now.
    #[must_use]
    pub fn lanes(&self) -> u32 {
        self.lanes
    }

    /// How long a permit is kept after its answer, in milliseconds.
    #[must_use]
    pub fn hold_ms(&self) -> u64 {
        self.hold_ms
    }

    /// Notes an answer that was within the limit.
    pub fn note_clean(&mut self) {
        self.n_clean += 1;
        if self.n_clean >= CLEAN_ANSWERS_TO_RECOVER {
            self.n_clean = 0;
            self.lanes = (self.lanes + 1).min(MAX_LANES);
            self.hold_ms = (self.hold_ms / 2).max(START_HOLD_MS);
        }
    }

    /// Notes a thread-limit error; answers how long to wait before the endpoint is called again.
    pub fn note_thread_limit(&mut self) -> u64 {
        self.n_clean = 0;
        self.lanes = 1;
        self.hold_ms = (self.hold_ms * 2).min(MAX_HOLD_MS);
        self.hold_ms * 5
    }
}

#[cfg(test)]
mod tests {
    use super::Gate;

    #[test]
    fn a_thread_limit_error_closes_to_one_lane_and_clean_answers_open_again() {
        let mut gate = Gate::default();
        assert_eq!((gate.lanes(), gate.hold_ms()), (3, 50));
        assert_eq!(gate.note_thread_limit(), 500);
        assert_eq!((gate.lanes(), gate.hold_ms()), (1, 100));
        (0..39).for_each(|_| gate.note_clean());
        assert_eq!(gate.lanes(), 1);
        gate.note_clean();
        assert_eq!((gate.lanes(), gate.hold_ms()), (2, 50));
        (0..40).for_each(|_| gate.note_clean());
        assert_eq!(gate.lanes(), 3);
    }

    #[test]
    fn the_hold_is_bounded() {
        let mut gate = Gate::default();
        let longest = (0..20).map(|_| gate.note_thread_limit()).max();
        assert_eq!(longest, Some(10_000));
    }
}
