//! Records: written page by page under the fence, read by key, by company, or shard by shard.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{
    AttributeValue, Delete, KeysAndAttributes, ReturnConsumedCapacity, TransactWriteItem,
};
use shared_core::entity::Entity;
use shared_core::plan::{Change, Place, Stored};
use shared_core::project::Record;
use shared_core::scope::LEFT_OUT;
use shared_core::step::Step;

use super::item::{Item, bytes, get_text, is_shown, key_item, number, sort_key, text};
use super::keys::{Key, N_SHARDS, TenantId};
use super::runs::{Fence, step_item};
use super::transaction::{MAX_ACTIONS, MAX_BYTES};
use super::{Store, StoreError, keys};

/// Keys of one `BatchGetItem` at most (DynamoDB's limit).
pub(super) const MAX_BATCH_KEYS: usize = 100;
/// How long a tombstone keeps its record, so that an accident upstream can be undone: 30 days, in seconds.
pub const TOMBSTONE_S: u64 = 30 * 24 * 3_600;

/// Everything that one page, or one batch of tombstones, changes.
#[derive(Debug, Default)]
pub struct Commit {
    /// The changes.
    pub changes: Vec<Change>,
    /// Segments to write together with the cursor, after the records.
    pub segments_after: Vec<Segment>,
}

/// A part of what is kept beside the records of an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Of what.
    pub kind: SegmentKind,
    /// Its first id.
    pub lo: u64,
    /// Its contents.
    pub bytes: Vec<u8>,
}

/// What is kept beside the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentKind {
    /// Ids of live records.
    Index,
    /// Facets.
    Facets,
}

impl Store {
    /// Commits a page: its records in as many transactions as it takes, the step's new cursor in the last one.
    ///
    /// Every transaction carries the condition that the step still has our epoch and `expected_cursor`. Cut off at any
    /// point, the same page can be committed again.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when somebody took the run over.
    pub async fn commit(
        &self,
        tenant: &TenantId,
        fence: &Fence,
        commit: Commit,
        step: &Step,
        expected_cursor: i64,
        now_ms: u64,
    ) -> Result<(), StoreError> {
        let entity = step.entity;
        let conditions = [(":epoch", number(fence.epoch)), (":cursor", number(expected_cursor))];
        let step_key = keys::step(tenant, &fence.run_id, &step.name());
        let guard = || self.check(&step_key, FENCE, &conditions);
        let mut actions = Vec::new();
        let mut n_bytes = 0;
        let tail = commit
            .segments_after
            .iter()
            .map(|segment| (segment.bytes.len(), self.put_segment(tenant, entity, segment)));
        let changes: Vec<_> = commit
            .changes
            .into_iter()
            .map(|change| self.action(tenant, entity, change, now_ms))
            .chain(tail.map(Ok))
            .collect::<Result<_, _>>()?;
        for (size, action) in changes {
            if actions.len() == MAX_ACTIONS - 1 || n_bytes + size > MAX_BYTES {
                actions.push(guard()?);
                self.transact(std::mem::take(&mut actions)).await?;
                n_bytes = 0;
            }
            n_bytes += size;
            actions.push(action);
        }
        let item = step_item(tenant, &fence.run_id, step, fence.epoch)?;
        actions.push(self.put_when(item.clone(), FENCE, &conditions));
        match self.transact(actions).await {
            // A lost answer to a committed transaction looks like a moved cursor: ours, moved by us.
            Err(StoreError::Fenced) if self.get(&step_key).await? == Some(item) => Ok(()),
            other => other,
        }
    }

    /// Writes segments ahead of the records that they announce.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when somebody took the run over.
    pub async fn announce(
        &self,
        tenant: &TenantId,
        fence: &Fence,
        step: &Step,
        expected_cursor: i64,
        segments: &[Segment],
    ) -> Result<(), StoreError> {
        let conditions = [(":epoch", number(fence.epoch)), (":cursor", number(expected_cursor))];
        let step_key = keys::step(tenant, &fence.run_id, &step.name());
        for segments in segments.chunks(MAX_ACTIONS - 1) {
            let mut actions = vec![self.check(&step_key, FENCE, &conditions)?];
            actions.extend(segments.iter().map(|segment| self.put_segment(tenant, step.entity, segment)));
            self.transact(actions).await?;
        }
        Ok(())
    }

    fn put_segment(&self, tenant: &TenantId, entity: Entity, segment: &Segment) -> TransactWriteItem {
        let (key, attribute) = match segment.kind {
            SegmentKind::Index => (keys::index_segment(tenant, entity, segment.lo), "ids"),
            SegmentKind::Facets => (keys::facets_segment(tenant, entity, segment.lo), "rows"),
        };
        let mut item = key_item(&key);
        item.insert(attribute.to_owned(), bytes(segment.bytes.clone()));
        self.put_when(item, "", &[])
    }

    fn action(
        &self,
        tenant: &TenantId,
        entity: Entity,
        change: Change,
        now_ms: u64,
    ) -> Result<(usize, TransactWriteItem), StoreError> {
        let at = |place: Place| keys::record(tenant, entity, place.company_id, place.id);
        Ok(match change {
            Change::Put(record) => {
                let key = keys::record(tenant, entity, record.company_id, record.id);
                let size = record.doc.len() + 200;
                (size, self.put_when(record_item(&key, record), "", &[]))
            }
            Change::Remove(place) => (100, self.delete(&at(place))?),
            Change::Tombstone(place) => (100, self.tombstone(&at(place), now_ms)?),
            Change::Reject(rejection) => {
                let item = super::metadata::rejection_item(&rejection, tenant, entity, now_ms)?;
                (1_000, self.put_when(item, "", &[]))
            }
            Change::Accept(name) => (100, self.delete(&keys::rejected(tenant, entity, &name))?),
        })
    }

    fn delete(&self, key: &Key) -> Result<TransactWriteItem, StoreError> {
        let delete = Delete::builder()
            .table_name(&self.table)
            .set_key(Some(key_item(key)))
            .build()
            .map_err(StoreError::call("build a delete"))?;
        Ok(TransactWriteItem::builder().delete(delete).build())
    }

    fn tombstone(&self, key: &Key, now_ms: u64) -> Result<TransactWriteItem, StoreError> {
        self.update(key, |update| {
            update
                .update_expression("SET gone = :gone, #ttl = :ttl")
                .expression_attribute_names("#ttl", "ttl")
                .expression_attribute_values(":gone", number(now_ms))
                .expression_attribute_values(":ttl", number(now_ms / 1_000 + TOMBSTONE_S))
        })
    }

    /// What the store holds at these places; places without an item are left out.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn stored(
        &self,
        tenant: &TenantId,
        entity: Entity,
        places: &[Place],
    ) -> Result<HashMap<i64, Stored>, StoreError> {
        let mut found = HashMap::with_capacity(places.len());
        for chunk in places.chunks(MAX_BATCH_KEYS) {
            let keys = chunk.iter().map(|place| keys::record(tenant, entity, place.company_id, place.id));
            for item in self.batch_get(keys.collect(), "sk, h, gone").await? {
                let id = keys::record_id(sort_key(&item))
                    .ok_or_else(|| StoreError::damaged(sort_key(&item), "no id in its key"))?;
                let hash = get_text(&item, "h")?.to_owned();
                found.insert(id, Stored { hash, is_gone: item.contains_key("gone") });
            }
        }
        Ok(found)
    }

    pub(super) async fn batch_get(&self, keys: Vec<Key>, projection: &str) -> Result<Vec<Item>, StoreError> {
        let mut wanted: Vec<Item> = keys.iter().map(key_item).collect();
        let mut items = Vec::with_capacity(wanted.len());
        let mut pause_ms = 20;
        while !wanted.is_empty() {
            let request = KeysAndAttributes::builder()
                .set_keys(Some(wanted))
                .consistent_read(true)
                .projection_expression(projection)
                .build()
                .map_err(StoreError::call("build a batch read"))?;
            let answer = self
                .client
                .batch_get_item()
                .request_items(&self.table, request)
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send()
                .await
                .map_err(StoreError::call("read a batch"))?;
            self.meter.note_read(answer.consumed_capacity());
            items.extend(answer.responses.unwrap_or_default().into_values().flatten());
            wanted = answer
                .unprocessed_keys
                .unwrap_or_default()
                .into_values()
                .flat_map(|left| left.keys)
                .collect();
            if !wanted.is_empty() {
                tokio::time::sleep(std::time::Duration::from_millis(pause_ms)).await;
                pause_ms = (pause_ms * 2).min(1_000);
            }
        }
        Ok(items)
    }

    /// Finds the places of records whose company is not known (they moved, or are to be tombstoned).
    ///
    /// Reads the keys of the shards concerned: rare, so it costs no index.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn locate(
        &self,
        tenant: &TenantId,
        entity: Entity,
        ids: &[i64],
    ) -> Result<HashMap<i64, Vec<Place>>, StoreError> {
        let mut by_shard: HashMap<i64, Vec<i64>> = HashMap::new();
        for &id in ids {
            by_shard.entry(keys::shard_of(id)).or_default().push(id);
        }
        let mut places: HashMap<i64, Vec<Place>> = HashMap::new();
        for (shard, ids) in by_shard {
            let mut start = None;
            loop {
                let page = self.shard_page(tenant, entity, shard, start, "sk, gone", 0).await?;
                for item in page.0.iter().filter(|item| !item.contains_key("gone")) {
                    let sk = sort_key(item);
                    if let Some(id) = keys::record_id(sk).filter(|id| ids.contains(id)) {
                        let company_id = keys::record_company(sk);
                        places.entry(id).or_default().push(Place { company_id, id });
                    }
                }
                start = page.1;
                if start.is_none() {
                    break;
                }
            }
        }
        Ok(places)
    }

    async fn shard_page(
        &self,
        tenant: &TenantId,
        entity: Entity,
        shard: i64,
        start: Option<HashMap<String, AttributeValue>>,
        projection: &str,
        limit: i32,
    ) -> Result<(Vec<Item>, Option<HashMap<String, AttributeValue>>), StoreError> {
        let mut query = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(keys::records_pk(tenant, entity, shard)))
            .projection_expression(projection)
            .set_exclusive_start_key(start)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        if limit > 0 {
            query = query.limit(limit);
        }
        let answer = query.send().await.map_err(StoreError::call("read a shard"))?;
        self.meter.note_read(answer.consumed_capacity());
        Ok((answer.items.unwrap_or_default(), answer.last_evaluated_key))
    }

    /// Hands all live documents of one shard to `take`, page by page; within a shard they come by company, then id.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn read_shard(
        &self,
        tenant: &TenantId,
        entity: Entity,
        shard: i64,
        mut take: impl FnMut(i64, &str),
    ) -> Result<(), StoreError> {
        let mut start = None;
        loop {
            let (items, next) =
                self.shard_page(tenant, entity, shard, start, "sk, doc, gone, h", 500).await?;
            for item in items.iter().filter(|item| is_shown(item)) {
                let id = keys::record_id(sort_key(item))
                    .ok_or_else(|| StoreError::damaged(sort_key(item), "no id in its key"))?;
                take(id, get_text(item, "doc")?);
            }
            start = next;
            if start.is_none() {
                return Ok(());
            }
        }
    }

    /// Number of shards of an entity.
    #[must_use]
    pub fn n_shards() -> i64 {
        N_SHARDS
    }
}

const FENCE: &str = "epoch = :epoch AND cursor_id = :cursor";

fn record_item(key: &Key, record: Record) -> Item {
    let mut item = key_item(key);
    if record.hash != LEFT_OUT {
        item.insert("doc".to_owned(), text(record.doc));
    }
    item.insert("h".to_owned(), text(record.hash));
    item
}
