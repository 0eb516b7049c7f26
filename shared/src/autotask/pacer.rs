//! Keeps the readings of the hourly limit and counts our own calls.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use shared_core::pace::{self, Class, Pace, Usage};
use shared_core::retry::hourly_probe_ms;

const MINUTE_MS: u64 = 60_000;
/// The window of the hourly limit: nobody has to wait longer.
const MAX_WAIT_MS: u64 = 60 * MINUTE_MS;

#[derive(Debug, Default)]
struct State {
    usage: Option<Usage>,
    n_since: u64,
    n_probes: u32,
    closed_until_ms: u64,
    own: VecDeque<(u64, u64)>,
    by_endpoint: BTreeMap<String, u64>,
    bytes_in: u64,
    waited_ms: u64,
}

/// What the hourly limit says about the next call.
#[derive(Debug)]
pub(crate) struct Pacer {
    class: Class,
    state: Mutex<State>,
}

impl Pacer {
    pub(crate) fn new(class: Class) -> Self {
        Self { class, state: Mutex::default() }
    }

    pub(crate) fn set_own_requests(&self, own_requests: &[(u64, u64)]) {
        self.lock().own = own_requests.iter().copied().collect();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The pace of the next call.
    pub(crate) fn next(&self, now_ms: u64) -> Pace {
        let state = self.lock();
        if state.closed_until_ms > now_ms {
            return Pace::Wait(state.closed_until_ms - now_ms);
        }
        state.usage.as_ref().map_or(Pace::Go, |usage| pace::next(self.class, usage, state.n_since))
    }

    /// Whether a new reading is due; the asker is expected to fetch it.
    pub(crate) fn is_reading_due(&self, now_ms: u64) -> bool {
        let mut state = self.lock();
        let n_since = state.n_since;
        let Some(usage) = state.usage.as_mut() else { return false };
        let is_due = now_ms.saturating_sub(usage.read_at_ms) >= pace::reading_lifetime_ms(usage, n_since);
        if is_due {
            // Others go on with the old reading while one fetches the new one.
            usage.read_at_ms = now_ms;
        }
        is_due
    }

    /// Takes a reading.
    pub(crate) fn note_usage(&self, n_used: u64, limit: u64, window_ms: u64, now_ms: u64) {
        let mut state = self.lock();
        let first = now_ms.saturating_sub(window_ms) / MINUTE_MS;
        let n_own = state.own.iter().filter(|(minute, _)| *minute > first).map(|(_, n)| n).sum();
        state.usage = Some(Usage { n_used, limit, window_ms, read_at_ms: now_ms, n_own });
        state.n_since = 0;
    }

    /// Notes a call that was sent.
    pub(crate) fn note_call(&self, endpoint: &str, is_counted: bool, now_ms: u64) {
        let mut state = self.lock();
        *state.by_endpoint.entry(endpoint.to_owned()).or_default() += 1;
        if !is_counted {
            return;
        }
        state.n_since += 1;
        let minute = now_ms / MINUTE_MS;
        match state.own.back_mut() {
            Some((last, n_calls)) if *last == minute => *n_calls += 1,
            _ => state.own.push_back((minute, 1)),
        }
        while state.own.front().is_some_and(|(first, _)| first + 60 < minute) {
            state.own.pop_front();
        }
    }

    pub(crate) fn note_bytes(&self, n_bytes: usize) {
        self.lock().bytes_in += n_bytes as u64;
    }

    pub(crate) fn note_wait(&self, waited_ms: u64) {
        self.lock().waited_ms += waited_ms;
    }

    /// How long to leave the database alone after it said that its limit is used up.
    ///
    /// Closes the door for everybody else in this process at once.
    pub(crate) fn note_limit(&self, retry_after_ms: Option<u64>, now_ms: u64) -> u64 {
        let mut state = self.lock();
        let probe_ms = hourly_probe_ms(state.n_probes);
        let wait_ms = retry_after_ms.unwrap_or(probe_ms).clamp(1_000, MAX_WAIT_MS);
        state.closed_until_ms = now_ms + wait_ms;
        wait_ms
    }

    /// Continues the series of probes of an earlier slice.
    pub(crate) fn set_probes(&self, n_probes: u32) {
        self.lock().n_probes = n_probes;
    }

    pub(crate) fn usage(&self) -> Option<Usage> {
        self.lock().usage
    }

    /// (calls by endpoint, bytes in, waited ms)
    pub(crate) fn totals(&self) -> (BTreeMap<String, u64>, u64, u64) {
        let state = self.lock();
        (state.by_endpoint.clone(), state.bytes_in, state.waited_ms)
    }

    pub(crate) fn own_requests(&self) -> Vec<(u64, u64)> {
        self.lock().own.iter().copied().collect()
    }
}
