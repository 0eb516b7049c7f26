//! What was asked and what was refused.

use crate::query::Resource;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A call that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The status; 0 for a planned edit that failed.
    pub status: u16,
    /// Verb and path, without the query.
    pub request: String,
    /// Why.
    pub reason: String,
}

/// Everything that was counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Calls, refused ones included.
    pub requests: u64,
    /// Calls by resource.
    pub by_resource: BTreeMap<Resource, u64>,
    /// Calls that would change something, refused ones included.
    pub writes: u64,
    /// Calls with a key that was not accepted.
    pub key_refusals: u64,
    /// Calls above the limit.
    pub limit_rejections: u64,
    /// Most calls in flight at one time.
    pub max_in_flight: u64,
    /// Organizations in all answers together.
    pub rows_served: u64,
    /// Bytes of all bodies together.
    pub bytes_served: u64,
    /// Calls that a fault has hit.
    pub faults_served: u64,
    /// The first refusals, at most 1,000.
    pub refusals: Vec<Refusal>,
    #[serde(skip)]
    pub(crate) in_flight: u64,
}

impl Counters {
    pub(crate) fn arrive(&mut self, resource: Resource, is_write: bool) {
        self.requests += 1;
        *self.by_resource.entry(resource).or_default() += 1;
        self.writes += u64::from(is_write);
        self.in_flight += 1;
        self.max_in_flight = self.max_in_flight.max(self.in_flight);
    }

    pub(crate) fn leave(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    pub(crate) fn refuse(&mut self, refusal: Refusal) {
        if self.refusals.len() < 1_000 {
            self.refusals.push(refusal);
        }
    }

    /// Starts anew; what is in flight stays.
    pub(crate) fn reset(&mut self) {
        *self = Self { in_flight: self.in_flight, ..Self::default() };
    }
}
