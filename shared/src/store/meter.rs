//! Counts what the store costs.

use std::sync::Mutex;

use aws_sdk_dynamodb::types::ConsumedCapacity;

/// Capacity units and calls.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Consumed {
    /// Read units.
    pub read_units: f64,
    /// Write units.
    pub write_units: f64,
    /// Calls.
    pub n_requests: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Meter(Mutex<Consumed>);

impl Meter {
    pub(crate) fn read(&self) -> Consumed {
        *self.lock()
    }

    pub(crate) fn note_read<'a>(&self, capacity: impl IntoIterator<Item = &'a ConsumedCapacity>) {
        let mut consumed = self.lock();
        consumed.n_requests += 1;
        consumed.read_units += units(capacity);
    }

    pub(crate) fn note_write<'a>(&self, capacity: impl IntoIterator<Item = &'a ConsumedCapacity>) {
        let mut consumed = self.lock();
        consumed.n_requests += 1;
        consumed.write_units += units(capacity);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Consumed> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn units<'a>(capacity: impl IntoIterator<Item = &'a ConsumedCapacity>) -> f64 {
    capacity.into_iter().filter_map(ConsumedCapacity::capacity_units).sum()
}
