//! The limit of calls per rolling hour, shared by all integrations of the customer.

use std::collections::VecDeque;

const WINDOW_S: i64 = 3600;

/// The calls of the last hour, by second of the simulated clock.
#[derive(Debug, Default)]
pub(crate) struct Hourly {
    seconds: VecDeque<(i64, u64)>,
    n_calls: u64,
    foreign_until_s: Option<i64>,
    foreign_rest: u64,
}

impl Hourly {
    /// Moves the window to now and adds what others called meanwhile.
    pub(crate) fn observe(&mut self, now_ms: i64, foreign_calls_per_hour: u64) {
        let now_s = now_ms.div_euclid(1000);
        let from_s = self.foreign_until_s.unwrap_or(now_s).max(now_s - WINDOW_S);
        for second in from_s..now_s {
            self.foreign_rest += foreign_calls_per_hour;
            let n_whole = self.foreign_rest / WINDOW_S as u64;
            self.foreign_rest %= WINDOW_S as u64;
            self.add(second, n_whole);
        }
        self.foreign_until_s = Some(now_s);
        while self.seconds.front().is_some_and(|(second, _)| *second <= now_s - WINDOW_S) {
            self.n_calls -= self.seconds.pop_front().map_or(0, |(_, n)| n);
        }
    }

    /// Adds calls at an instant.
    pub(crate) fn add(&mut self, second: i64, n_calls: u64) {
        if n_calls == 0 {
            return;
        }
        self.n_calls += n_calls;
        match self.seconds.back_mut() {
            // A clock that was set back puts its calls where time had already been.
            Some((last, n)) if *last >= second => *n += n_calls,
            _ => self.seconds.push_back((second, n_calls)),
        }
    }

    /// Counts a call unless the limit is reached; false then.
    pub(crate) fn admit(&mut self, now_ms: i64, limit: u64) -> bool {
        if self.n_calls >= limit {
            return false;
        }
        self.add(now_ms.div_euclid(1000), 1);
        true
    }

    /// Calls in the window, as last observed.
    pub(crate) fn n_calls(&self) -> u64 {
        self.n_calls
    }

    /// The latency that the service adds at this use of the limit.
    pub(crate) fn added_latency_ms(&self, limit: u64) -> u64 {
        match self.n_calls.saturating_mul(100) {
            used if used >= limit.saturating_mul(75) => 1000,
            used if used >= limit.saturating_mul(50) => 500,
            _ => 0,
        }
    }

    /// Forgets everything.
    pub(crate) fn reset(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::Hourly;

    #[test]
    fn calls_leave_the_window_after_an_hour() {
        let mut hourly = Hourly::default();
        hourly.observe(0, 0);
        assert!(hourly.admit(0, 1));
        assert!(!hourly.admit(0, 1));
        hourly.observe(3_600_000, 0);
        assert!(hourly.admit(3_600_000, 1));
    }

    #[test]
    fn foreign_traffic_fills_the_window() {
        let mut hourly = Hourly::default();
        hourly.observe(0, 5_000);
        hourly.observe(10 * 3_600_000, 5_000);
        assert!((4_998..=5_000).contains(&hourly.n_calls()), "{}", hourly.n_calls());
        assert_eq!(hourly.added_latency_ms(9_000), 500);
    }
}
