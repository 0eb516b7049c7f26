//! What is kept of a run and of a tenant's synchronisation between slices.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::counts::Counts;
use crate::entity::Entity;
use crate::itglue::Reading;
use crate::mail::HeldEntity;
use crate::progress::EntityProgress;
use crate::run::{Kind, State, Trigger};
use crate::step::Mark;

/// Costs of a run so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Costs {
    /// Calls to Autotask's hosts by endpoint, zone look-up and threshold included.
    pub requests: BTreeMap<String, u64>,
    /// Milliseconds spent waiting for limits.
    pub waited_ms: u64,
    /// Bytes received from Autotask, after decompression.
    pub bytes_in: u64,
    /// DynamoDB read units.
    pub read_units: f64,
    /// DynamoDB write units.
    pub write_units: f64,
    /// DynamoDB calls.
    pub store_requests: u64,
}

impl Costs {
    /// Both together.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        for (endpoint, n_calls) in &other.requests {
            *sum.requests.entry(endpoint.clone()).or_default() += n_calls;
        }
        sum.waited_ms += other.waited_ms;
        sum.bytes_in += other.bytes_in;
        sum.read_units += other.read_units;
        sum.write_units += other.write_units;
        sum.store_requests += other.store_requests;
        sum
    }

    /// Calls to Autotask's hosts.
    #[must_use]
    pub fn n_requests(&self) -> u64 {
        self.requests.values().sum()
    }
}

/// A remark about one entity that the pull log shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Note {
    /// Which entity.
    pub entity: Entity,
    /// What to know, in a sentence.
    pub text: String,
}

/// Rejected records that a run lists.
pub const MAX_LISTED: usize = 500;

/// A rejected record as a run lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Listed {
    /// Which entity.
    pub entity: Entity,
    /// Its id, if it has a readable one.
    pub id: Option<i64>,
    /// The field that made it unusable.
    pub field: Option<String>,
    /// Why.
    pub reason: String,
}

/// One run as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Identity: ascending in time.
    pub id: String,
    /// What it does.
    pub kind: Kind,
    /// Who or what began it.
    #[serde(default)]
    pub trigger: Trigger,
    /// Where it stands.
    pub state: State,
    /// Entities it pulls, in order.
    pub entities: Vec<Entity>,
    /// Begin, RFC 3339 UTC, by the source's clock once it is known; watermarks never pass it.
    pub started_at: String,
    /// End, RFC 3339 UTC.
    pub ended_at: Option<String>,
    /// Slices begun.
    pub n_slices: u64,
    /// Milliseconds spent working, over all slices.
    pub worked_ms: u64,
    /// Calls, waiting, units.
    pub costs: Costs,
    /// Last progress.
    pub progress: Vec<EntityProgress>,
    /// Not before this time (milliseconds of our clock) is the next slice of use.
    pub next_wake_ms: Option<u64>,
    /// Times that the hourly limit made it wait: probes grow rarer.
    #[serde(default)]
    pub n_limit_probes: u32,
    /// Why it failed, waits or was refused.
    pub error: Option<String>,
    /// Remarks by entity.
    pub notes: Vec<Note>,
    /// Deletions that the brake holds.
    #[serde(default)]
    pub held: Vec<HeldEntity>,
    /// Deletions that an earlier run held and a person confirmed since.
    #[serde(default)]
    pub confirmed: Vec<HeldEntity>,
    /// What a reading of IT Glue's organizations showed at its begin, where the tenant has a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organizations: Option<Reading>,
    /// Records that could not be used when it ended, at most [`MAX_LISTED`] of them; all of them are in the store.
    #[serde(default)]
    pub rejected: Vec<Listed>,
    /// The run that went on in its place, for a night that was not begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
    /// Counters by entity, when it ended.
    pub summary: BTreeMap<String, Counts>,
}

impl Run {
    /// When it was asked for, in milliseconds of our clock: its name begins with that.
    #[must_use]
    pub fn queued_ms(&self) -> Option<u64> {
        self.id.split('-').next()?.parse().ok()
    }

    /// A run that waits for its first slice.
    ///
    /// `at` is RFC 3339 UTC.
    #[must_use]
    pub fn queued(id: String, kind: Kind, trigger: Trigger, entities: Vec<Entity>, at: String) -> Self {
        Self {
            id,
            kind,
            trigger,
            state: State::Queued,
            entities,
            started_at: at,
            ended_at: None,
            n_slices: 0,
            worked_ms: 0,
            costs: Costs::default(),
            progress: Vec::new(),
            next_wake_ms: None,
            n_limit_probes: 0,
            error: None,
            notes: Vec::new(),
            held: Vec::new(),
            confirmed: Vec::new(),
            organizations: None,
            rejected: Vec::new(),
            instead: None,
            summary: BTreeMap::new(),
        }
    }
}

/// What a tenant's synchronisation knows between runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncState {
    /// The Autotask database that the records came from.
    pub atdb: Option<String>,
    /// Base URL of the zone, as `zoneInformation` gave it.
    pub zone_url: Option<String>,
    /// Base URL of the user interface, for links.
    #[serde(default)]
    pub web_url: Option<String>,
    /// The run that first completed.
    pub initial_run: Option<String>,
    /// The run that ended last.
    pub last_run: Option<String>,
    /// By entity name: watermark and last sweep.
    pub marks: BTreeMap<String, Mark>,
}
