//! Who should be looked at: the index `due`, which only schedules with a due time stand in.

use aws_sdk_dynamodb::types::ReturnConsumedCapacity;

use super::item::{Item, get_number, get_text, number, text};
use super::keys::{self, TenantId};
use super::tenant::N_DUE_SHARDS;
use super::{Store, StoreError};
use crate::doorbell::Queue;

/// Name of the index.
pub const DUE_INDEX: &str = "due";

/// A tenant that should be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueTenant {
    /// Who.
    pub tenant: TenantId,
    /// From which queue.
    pub queue: Queue,
    /// The Autotask database, as far as it is known.
    pub atdb: Option<String>,
    /// Since when, milliseconds since the epoch.
    pub due_ms: u64,
}

impl Store {
    /// All tenants that are due, the longest first within a shard of the index.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn due_tenants(&self, now_ms: u64) -> Result<Vec<DueTenant>, StoreError> {
        let mut found = Vec::new();
        for shard in 0..N_DUE_SHARDS {
            let mut start = None;
            loop {
                let answer = self
                    .client
                    .query()
                    .table_name(&self.table)
                    .index_name(DUE_INDEX)
                    .key_condition_expression("due_shard = :shard AND due_ms <= :now")
                    .expression_attribute_values(":shard", text(keys::due_shard(shard)))
                    .expression_attribute_values(":now", number(now_ms))
                    .set_exclusive_start_key(start)
                    .return_consumed_capacity(ReturnConsumedCapacity::Total)
                    .send()
                    .await
                    .map_err(StoreError::call("list due tenants"))?;
                self.meter.note_read(answer.consumed_capacity());
                found.extend(answer.items().iter().filter_map(due_tenant));
                start = answer.last_evaluated_key;
                if start.is_none() {
                    break;
                }
            }
        }
        Ok(found)
    }
}

fn due_tenant(item: &Item) -> Option<DueTenant> {
    let tenant = keys::tenant_of_meta(get_text(item, "pk").ok()?)?;
    let queue = Queue::parse(get_text(item, "queue_name").ok()?)?;
    let atdb = get_text(item, "atdb").ok().map(str::to_owned);
    Some(DueTenant { tenant, queue, atdb, due_ms: get_number(item, "due_ms").ok()? })
}
