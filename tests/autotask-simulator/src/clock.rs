//! The simulated clock: starts at a fixed instant, flows with real time, can be moved and stopped.

use std::time::Instant;

/// Simulated time in milliseconds since 1970, UTC.
#[derive(Debug)]
pub(crate) struct Clock {
    base_ms: i64,
    anchor: Instant,
    is_frozen: bool,
}

impl Clock {
    /// A clock that shows `start_ms` now.
    pub(crate) fn new(start_ms: i64, is_frozen: bool) -> Self {
        Self { base_ms: start_ms, anchor: Instant::now(), is_frozen }
    }

    /// What the clock shows.
    pub(crate) fn now_ms(&self) -> i64 {
        let flowed_ms = if self.is_frozen { 0 } else { self.anchor.elapsed().as_millis() as i64 };
        self.base_ms + flowed_ms
    }

    /// Puts the clock at an instant.
    pub(crate) fn set(&mut self, at_ms: i64) {
        self.base_ms = at_ms;
        self.anchor = Instant::now();
    }

    /// Moves the clock forward, or back when negative.
    pub(crate) fn advance(&mut self, by_ms: i64) {
        self.base_ms += by_ms;
    }

    /// Stops the clock, or lets it flow again, without a jump.
    pub(crate) fn freeze(&mut self, is_frozen: bool) {
        self.set(self.now_ms());
        self.is_frozen = is_frozen;
    }
}
