//! The limit of requests per sliding window, one for each key.

use std::collections::{HashMap, VecDeque};

/// The requests of the last window, by key and second of the simulated clock.
#[derive(Debug, Default)]
pub(crate) struct Limits(HashMap<String, VecDeque<(i64, u64)>>);

impl Limits {
    /// Counts a request unless the limit is reached; false then.
    pub(crate) fn admit(&mut self, key: &str, now_ms: i64, limit: u64, window_s: i64) -> bool {
        let n_requests = self.n_requests(key, now_ms, window_s);
        if n_requests >= limit {
            return false;
        }
        self.add(key, now_ms, 1);
        true
    }

    /// Adds requests of somebody else who holds the key.
    pub(crate) fn add(&mut self, key: &str, now_ms: i64, n_requests: u64) {
        let second = now_ms.div_euclid(1000);
        let seconds = self.0.entry(key.to_owned()).or_default();
        match seconds.back_mut() {
            // A clock that was set back puts its requests where time had already been.
            Some((last, n)) if *last >= second => *n += n_requests,
            _ => seconds.push_back((second, n_requests)),
        }
    }

    /// Requests within the window.
    pub(crate) fn n_requests(&mut self, key: &str, now_ms: i64, window_s: i64) -> u64 {
        let Some(seconds) = self.0.get_mut(key) else { return 0 };
        let first = now_ms.div_euclid(1000) - window_s;
        while seconds.front().is_some_and(|(second, _)| *second <= first) {
            seconds.pop_front();
        }
        seconds.iter().map(|(_, n)| n).sum()
    }

    /// Forgets everything.
    pub(crate) fn reset(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::Limits;

    #[test]
    fn requests_leave_the_window_and_keys_do_not_share_it() {
        let mut limits = Limits::default();
        assert!(limits.admit("a", 0, 2, 300) && limits.admit("a", 1_000, 2, 300));
        assert!(!limits.admit("a", 299_999, 2, 300));
        assert!(limits.admit("b", 299_999, 2, 300));
        assert!(limits.admit("a", 300_000, 2, 300));
        assert!(!limits.admit("a", 300_000, 2, 300));
    }
}
