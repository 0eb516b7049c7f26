//! The limit of concurrent calls per integration code and entity.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// An integration code and an endpoint.
pub(crate) type SlotKey = (String, String);

#[derive(Debug, Default)]
struct Slots {
    n_active: usize,
    cooling: Vec<Instant>,
}

/// Slots taken, by integration code and endpoint.
#[derive(Debug, Default)]
pub(crate) struct ThreadGate(HashMap<SlotKey, Slots>);

impl ThreadGate {
    /// Takes a slot; false when all are taken. A limit of 0 means none.
    pub(crate) fn enter(&mut self, key: &SlotKey, limit: usize) -> bool {
        let slots = self.0.entry(key.clone()).or_default();
        let now = Instant::now();
        slots.cooling.retain(|free_at| *free_at > now);
        if limit > 0 && slots.n_active + slots.cooling.len() >= limit {
            return false;
        }
        slots.n_active += 1;
        true
    }

    /// Gives a slot back; it stays taken for a moment longer.
    pub(crate) fn leave(&mut self, key: &SlotKey, lag_ms: u64) {
        let slots = self.0.entry(key.clone()).or_default();
        slots.n_active = slots.n_active.saturating_sub(1);
        if lag_ms > 0 {
            slots.cooling.push(Instant::now() + Duration::from_millis(lag_ms));
        }
    }
}
