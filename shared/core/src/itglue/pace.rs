//! Staying below IT Glue's limit: 3,000 requests in any 5 minutes, for each key.

use std::collections::VecDeque;

/// Length of the limit's window.
///
/// # Source
/// The vendor's developer page: «a maximum of 3000 requests within a 5-minute window».
const WINDOW_MS: u64 = 300_000;
/// Our part of the 3,000: others may hold the same key.
const OWN_REQUESTS: u64 = 2_400;
/// How long to wait after a 429 that does not say.
const DEFAULT_WAIT_MS: u64 = 30_000;

/// Our own requests of the last 5 minutes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestWindow {
    /// (second, requests in it), oldest first.
    seconds: VecDeque<(u64, u64)>,
    n_requests: u64,
    closed_until_ms: u64,
}

impl RequestWindow {
    /// Milliseconds until the next request may be sent; 0 for at once.
    pub fn wait_ms(&mut self, now_ms: u64) -> u64 {
        self.forget(now_ms);
        if self.closed_until_ms > now_ms {
            return self.closed_until_ms - now_ms;
        }
        match self.seconds.front() {
            Some((second, _)) if self.n_requests >= OWN_REQUESTS => leaves_at_ms(*second) - now_ms,
            _ => 0,
        }
    }

    /// Notes a request that is sent.
    pub fn note_request(&mut self, now_ms: u64) {
        let second = now_ms / 1_000;
        self.n_requests += 1;
        match self.seconds.back_mut() {
            // A clock that was set back puts its requests where time had already been.
            Some((last, n)) if *last >= second => *n += 1,
            _ => self.seconds.push_back((second, 1)),
        }
    }

    /// Notes a 429 and gives how long to leave IT Glue alone, in milliseconds: from one second to the whole window.
    pub fn note_limit(&mut self, retry_after_ms: Option<u64>, now_ms: u64) -> u64 {
        let wait_ms = retry_after_ms.unwrap_or(DEFAULT_WAIT_MS).clamp(1_000, WINDOW_MS);
        self.closed_until_ms = now_ms + wait_ms;
        wait_ms
    }

    fn forget(&mut self, now_ms: u64) {
        while self.seconds.front().is_some_and(|(second, _)| leaves_at_ms(*second) <= now_ms) {
            self.n_requests -= self.seconds.pop_front().map_or(0, |(_, n)| n);
        }
    }
}

/// When the last request of a second has left the window.
fn leaves_at_ms(second: u64) -> u64 {
    (second + 1) * 1_000 + WINDOW_MS
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{OWN_REQUESTS, RequestWindow, WINDOW_MS};

    #[test]
    fn our_part_is_used_up_and_comes_back() {
        let mut window = RequestWindow::default();
        for n in 0..OWN_REQUESTS {
            assert_eq!(window.wait_ms(n), 0);
            window.note_request(n);
        }
        let now_ms = OWN_REQUESTS;
        assert_eq!(window.wait_ms(now_ms), 1_000 + WINDOW_MS - now_ms);
        assert_eq!(window.wait_ms(1_000 + WINDOW_MS), 0);
    }

    #[test]
    fn after_a_429_the_door_is_closed_for_a_while() {
        let check = |retry_after_ms, want| {
            let mut window = RequestWindow::default();
            assert_eq!(window.note_limit(retry_after_ms, 5), want);
            assert_eq!((window.wait_ms(5), window.wait_ms(5 + want)), (want, 0));
        };
        check(None, 30_000);
        check(Some(0), 1_000);
        check(Some(60_000), 60_000);
        check(Some(10_000_000), WINDOW_MS);
    }

    proptest! {
        #[test]
        fn no_five_minutes_hold_more_than_our_part(steps in prop::collection::vec((0_u64..60_000, 1_u64..900), 1..60)) {
            let (mut window, mut now_ms, mut sent) = (RequestWindow::default(), 0_u64, Vec::new());
            for (pause_ms, n_requests) in steps {
                now_ms += pause_ms;
                for _ in 0..n_requests {
                    now_ms += window.wait_ms(now_ms);
                    window.note_request(now_ms);
                    sent.push(now_ms);
                }
            }
            let limit = usize::try_from(OWN_REQUESTS).unwrap();
            for pair in sent.windows(limit + 1) {
                prop_assert!(pair[limit] - pair[0] >= WINDOW_MS, "{} {}", pair[0], pair[limit]);
            }
        }
    }
}
