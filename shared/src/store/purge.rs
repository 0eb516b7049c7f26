//! Deleting everything about a tenant.
//!
//! Partitions are enumerated, never scanned: a role has no right to scan. The items that say that the tenant leaves go
//! last, so that a purge that was cut off anywhere is taken up again.

use aws_sdk_dynamodb::types::{DeleteRequest, ReturnConsumedCapacity, WriteRequest};
use shared_core::entity::Entity;
use shared_core::mapping::Area;

use super::item::{Item, get_text, key_item, number, text};
use super::keys::{self, N_SHARDS, TenantId};
use super::{Store, StoreError};

/// Items of one `BatchWriteItem` at most (DynamoDB's limit).
const MAX_BATCH: usize = 25;
/// Keys read at once.
const PAGE: i32 = 500;
/// How long it is remembered that a tenant was purged, in seconds.
const REMEMBERED_S: u64 = 30 * 24 * 3_600;

impl Store {
    /// All partitions of a tenant but the one that says that it leaves.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn partitions_of(&self, tenant: &TenantId) -> Result<Vec<String>, StoreError> {
        let mut partitions =
            vec![keys::audit_pk(tenant), keys::idempotency_pk(tenant), keys::sums_pk(tenant)];
        for entity in Entity::ALL {
            partitions.extend((0..N_SHARDS).map(|shard| keys::records_pk(tenant, entity, shard)));
            partitions.push(keys::index_pk(tenant, entity));
            partitions.push(keys::facets_pk(tenant, entity));
            partitions.push(keys::rejected_pk(tenant, entity));
            partitions.push(keys::metadata_pk(tenant, entity));
        }
        partitions.extend(Area::ALL.map(|area| keys::book_versions_pk(tenant, area)));
        for shard in 0..N_SHARDS {
            partitions.push(keys::warranties_pk(tenant, shard));
            partitions.push(keys::standings_pk(tenant, shard));
        }
        // Heads last: they name the others.
        for head in self.query_all(&keys::plans_pk(tenant), None).await? {
            partitions.push(keys::plan_pk(tenant, get_text(&head, "sk")?));
        }
        partitions.push(keys::plans_pk(tenant));
        for run in self.query_all(&keys::meta_pk(tenant), Some(keys::run_prefix())).await? {
            let run_id = get_text(&run, "sk")?.trim_start_matches(keys::run_prefix()).to_owned();
            partitions.push(keys::steps_pk(tenant, &run_id));
        }
        Ok(partitions)
    }

    /// Deletes a partition; answers how many items it had.
    ///
    /// # Errors
    /// [`StoreError::Call`]; what is left is found again.
    pub async fn delete_partition(&self, pk: &str) -> Result<u64, StoreError> {
        let mut n_items = 0;
        loop {
            let found = self.some_keys(pk).await?;
            if found.is_empty() {
                return Ok(n_items);
            }
            n_items += found.len() as u64;
            for batch in found.chunks(MAX_BATCH) {
                self.delete_batch(batch).await?;
            }
        }
    }

    /// Deletes the tenant's own partition and notes that it was done; answers how many items are left anywhere, which
    /// is the proof.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn delete_last_items(&self, tenant: &TenantId, now_ms: u64) -> Result<u64, StoreError> {
        let mut n_left = 0;
        for partition in self.partitions_of(tenant).await? {
            n_left += self.some_keys(&partition).await?.len() as u64;
        }
        if n_left > 0 {
            return Ok(n_left);
        }
        let closing = [keys::settings(tenant), keys::schedule(tenant)].map(|key| key_item(&key));
        let others = |item: &Item| !closing.contains(item);
        loop {
            let found: Vec<Item> =
                self.some_keys(&keys::meta_pk(tenant)).await?.into_iter().filter(others).collect();
            if found.is_empty() {
                break;
            }
            for batch in found.chunks(MAX_BATCH) {
                self.delete_batch(batch).await?;
            }
        }
        self.delete_batch(&closing).await?;
        let mut note = key_item(&keys::purged(tenant));
        note.insert("at_ms".to_owned(), number(now_ms));
        note.insert("ttl".to_owned(), number(now_ms / 1_000 + REMEMBERED_S));
        self.transact(vec![self.put_when(note, "", &[])]).await?;
        Ok(0)
    }

    /// When the tenant's data was last deleted, milliseconds since the epoch, if that is remembered.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn purged_at_ms(&self, tenant: &TenantId) -> Result<Option<u64>, StoreError> {
        let item = self.get(&keys::purged(tenant)).await?;
        Ok(item.and_then(|item| super::item::get_number(&item, "at_ms").ok()))
    }

    async fn some_keys(&self, pk: &str) -> Result<Vec<Item>, StoreError> {
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(pk))
            .projection_expression("pk, sk")
            .limit(PAGE)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(StoreError::call("list keys"))?;
        self.meter.note_read(answer.consumed_capacity());
        Ok(answer.items.unwrap_or_default())
    }

    async fn delete_batch(&self, batch: &[Item]) -> Result<(), StoreError> {
        let delete = |key: &Item| {
            let request = DeleteRequest::builder().set_key(Some(key.clone())).build();
            request.map(|request| WriteRequest::builder().delete_request(request).build())
        };
        let requests: Result<Vec<WriteRequest>, _> = batch.iter().map(delete).collect();
        let answer = self
            .client
            .batch_write_item()
            .request_items(&self.table, requests.map_err(StoreError::call("build a deletion"))?)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(StoreError::call("delete items"))?;
        // Items that DynamoDB did not get to are found again by the next look.
        answer.consumed_capacity().iter().for_each(|used| self.meter.note_write(Some(used)));
        Ok(())
    }
}
