//! The store: everything that outlives a slice, in one DynamoDB table.
//!
//! Reading order: [`keys`] (what lies where), [`records`] (pages committed under the fence), `reads` (records as readers ask for them), `sums` (roll-ups that were added up),
//! [`runs`] (runs, steps, epochs, completion), [`lease`] (one writer per Autotask database), [`metadata`] (index
//! and facet segments, field information, rejected records), [`mappings`] (choices by version), [`auto_maps`] (what of them was proposed, for the pull log), [`tenant`] (settings, health and schedule, changed together), [`due`]
//! (who should be looked at), [`warranties`] (warranty dates, locks, policy), [`plans`] (plans and their journals),
//! [`desk`] (the one job of write-back and its fence), [`outbox`] (mails), [`audit`], [`idempotency`], [`itglue`] (how IT Glue is reached), [`login`] (the pause after a refused login).
//! Never calls Autotask and takes no decisions: conditions are stated by the callers and held by DynamoDB.

pub mod audit;
pub mod auto_maps;
pub mod desk;
pub mod due;
mod error;
pub mod idempotency;
mod item;
pub mod itglue;
pub mod keys;
pub mod lease;
pub mod login;
pub mod mappings;
pub mod metadata;
mod meter;
pub mod outbox;
pub mod pages;
pub mod plans;
mod purge;
mod reads;
pub mod records;
pub mod runs;
mod sums;
pub mod tenant;
mod transaction;
pub mod warranties;

pub use error::StoreError;
pub use keys::TenantId;
pub use meter::Consumed;

use std::sync::Arc;

use aws_sdk_dynamodb::Client;

use self::meter::Meter;

/// Access to the table.
#[derive(Clone, Debug)]
pub struct Store {
    client: Client,
    table: String,
    meter: Arc<Meter>,
}

impl Store {
    /// A store on this table.
    #[must_use]
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into(), meter: Arc::default() }
    }

    /// Capacity consumed and calls made through this store and its clones.
    #[must_use]
    pub fn consumed(&self) -> Consumed {
        self.meter.read()
    }
}
