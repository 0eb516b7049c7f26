//! Counts the calls in flight on each endpoint and holds each permit a moment longer than its call.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use shared_core::gate::Gate;
use tokio::sync::Notify;
use tokio::time::Instant;

#[derive(Debug)]
struct Lane {
    gate: Gate,
    n_in_flight: u32,
    blocked_until: Instant,
}

#[derive(Debug)]
struct EndpointGate {
    lane: Mutex<Lane>,
    freed: Notify,
}

impl EndpointGate {
    fn lock(&self) -> MutexGuard<'_, Lane> {
        self.lane.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The gates of all endpoints of one Autotask database.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    endpoints: Mutex<HashMap<String, Arc<EndpointGate>>>,
}

/// The right to have one call in flight; give it back with one of its methods.
#[derive(Debug)]
pub(crate) struct Permit {
    gate: Arc<EndpointGate>,
    hold: Duration,
}

impl Throttle {
    /// Waits until the endpoint has room.
    pub(crate) async fn enter(&self, endpoint: &str) -> Permit {
        let gate = self.gate(endpoint);
        loop {
            let freed = gate.freed.notified();
            let blocked_until = {
                let mut lane = gate.lock();
                let is_blocked = lane.blocked_until > Instant::now();
                if !is_blocked && lane.n_in_flight < lane.gate.lanes() {
                    lane.n_in_flight += 1;
                    let hold = Duration::from_millis(lane.gate.hold_ms());
                    return Permit { gate: Arc::clone(&gate), hold };
                }
                is_blocked.then_some(lane.blocked_until)
            };
            match blocked_until {
                Some(until) => tokio::time::sleep_until(until).await,
                None => freed.await,
            }
        }
    }

    fn gate(&self, endpoint: &str) -> Arc<EndpointGate> {
        let mut endpoints = self.endpoints.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || {
            let lane = Lane { gate: Gate::default(), n_in_flight: 0, blocked_until: Instant::now() };
            Arc::new(EndpointGate { lane: Mutex::new(lane), freed: Notify::new() })
        };
        Arc::clone(endpoints.entry(endpoint.to_owned()).or_insert_with(fresh))
    }
}

impl Permit {
    /// Gives the permit back, but not before this time.
    pub(crate) fn hold_for(mut self, hold: Duration) {
        self.hold = hold;
    }

    /// Notes that the answer was within the thread limit.
    pub(crate) fn note_clean(&self) {
        self.gate.lock().gate.note_clean();
    }

    /// Notes a thread-limit error; the endpoint rests for a while.
    pub(crate) fn note_thread_limit(&self) -> Duration {
        let mut lane = self.gate.lock();
        let jitter = 0.5 + fastrand::f64();
        let rest = Duration::from_millis(lane.gate.note_thread_limit()).mul_f64(jitter);
        lane.blocked_until = Instant::now() + rest;
        rest
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let (gate, hold) = (Arc::clone(&self.gate), self.hold);
        let free = move || {
            gate.lock().n_in_flight -= 1;
            gate.freed.notify_waiters();
        };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(async move {
                tokio::time::sleep(hold).await;
                free();
            })),
            Err(_) => free(),
        }
    }
}
