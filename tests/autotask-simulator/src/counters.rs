//! What was asked of the simulator, for tests to assert on.

use crate::schema::Entity;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The kinds of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each variant is named after the route or verb that it stands for")]
pub enum CallKind {
    Zone,
    Versions,
    Version,
    Threshold,
    Query,
    Count,
    Get,
    Child,
    Information,
    Fields,
    UserDefinedFields,
    Create,
    Patch,
    Put,
    Delete,
    Other,
}

impl CallKind {
    /// True for calls that change records.
    pub(crate) fn is_write(self) -> bool {
        matches!(self, Self::Create | Self::Patch | Self::Put | Self::Delete)
    }
}

/// The calls to one endpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointCounters {
    /// All calls.
    pub requests: u64,
    /// By kind.
    pub by_kind: BTreeMap<CallKind, u64>,
    /// Calls under way now.
    pub in_flight: u64,
    /// The most calls that were ever under way together.
    pub max_in_flight: u64,
}

/// The authenticated calls of one user.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginCounters {
    /// How often credentials were looked at.
    pub attempts: u64,
    /// How often they were refused.
    pub failures: u64,
}

/// A call that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The status answered.
    pub status: u16,
    /// Verb and path.
    pub request: String,
    /// Why.
    pub reason: String,
}

/// A query that lost conditions because their operator is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DroppedOperator {
    /// Whose query.
    pub entity: Entity,
    /// The unknown operators.
    pub operators: Vec<String>,
    /// The body of the query.
    pub body: String,
}

/// A write that was carried out through the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteSeen {
    /// Create, patch, put or delete.
    pub kind: CallKind,
    /// Whose row.
    pub entity: Entity,
    /// Which row.
    pub id: i64,
    /// The names in the body, as they were sent.
    pub fields: Vec<String>,
}

/// Everything that was counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// All calls but those to the control routes.
    pub requests: u64,
    /// By entity route, or the name of another endpoint.
    pub by_endpoint: BTreeMap<String, EndpointCounters>,
    /// By kind.
    pub by_kind: BTreeMap<CallKind, u64>,
    /// Calls refused by the thread limit.
    pub thread_rejections: u64,
    /// Calls refused by the hourly limit.
    pub hourly_rejections: u64,
    /// By user name in lower case.
    pub logins: BTreeMap<String, LoginCounters>,
    /// PATCHes that were carried out, by configuration item.
    pub patches_by_asset: BTreeMap<i64, u64>,
    /// Writes that were carried out.
    pub writes: Vec<WriteSeen>,
    /// Queries that lost conditions.
    pub dropped_operators: Vec<DroppedOperator>,
    /// Calls that were refused; the first thousand.
    pub refusals: Vec<Refusal>,
    /// Faults that were served.
    pub faults_served: u64,
    /// Rows in all pages.
    pub rows_served: u64,
    /// Body bytes before compression.
    pub bytes_served: u64,
}

const MAX_REFUSALS: usize = 1000;
const MAX_WRITES: usize = 1_000_000;

impl Counters {
    /// A call came in.
    pub(crate) fn arrive(&mut self, endpoint: &str, kind: CallKind) {
        self.requests += 1;
        *self.by_kind.entry(kind).or_default() += 1;
        let counters = self.by_endpoint.entry(endpoint.to_owned()).or_default();
        counters.requests += 1;
        *counters.by_kind.entry(kind).or_default() += 1;
        counters.in_flight += 1;
        counters.max_in_flight = counters.max_in_flight.max(counters.in_flight);
    }

    /// Its answer is out.
    pub(crate) fn leave(&mut self, endpoint: &str) {
        if let Some(counters) = self.by_endpoint.get_mut(endpoint) {
            counters.in_flight = counters.in_flight.saturating_sub(1);
        }
    }

    /// Credentials were looked at.
    pub(crate) fn login(&mut self, user: &str, is_accepted: bool) {
        let counters = self.logins.entry(user.to_lowercase()).or_default();
        counters.attempts += 1;
        counters.failures += u64::from(!is_accepted);
    }

    /// A call was refused.
    pub(crate) fn refuse(&mut self, refusal: Refusal) {
        if self.refusals.len() < MAX_REFUSALS {
            self.refusals.push(refusal);
        }
    }

    /// A write was carried out.
    pub(crate) fn wrote(&mut self, write: WriteSeen) {
        if write.kind == CallKind::Patch && write.entity == Entity::ConfigurationItems {
            *self.patches_by_asset.entry(write.id).or_default() += 1;
        }
        if self.writes.len() < MAX_WRITES {
            self.writes.push(write);
        }
    }

    /// Forgets everything but the calls under way.
    pub(crate) fn reset(&mut self) {
        let mut by_endpoint = std::mem::take(&mut self.by_endpoint);
        for counters in by_endpoint.values_mut() {
            let in_flight = counters.in_flight;
            *counters = EndpointCounters { in_flight, ..EndpointCounters::default() };
        }
        *self = Self { by_endpoint, ..Self::default() };
    }

    /// Calls to one endpoint of one kind.
    pub fn calls(&self, endpoint: &str, kind: CallKind) -> u64 {
        self.by_endpoint.get(endpoint).and_then(|counters| counters.by_kind.get(&kind)).copied().unwrap_or(0)
    }
}
