//! Runs, their steps, and the fence.
//!
//! A worker that takes a run over first stamps its epoch on the run, then on each step. From then on every write of the
//! former worker fails its condition: new steps are bound to the run's epoch, pages to their step's epoch and cursor.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ConditionCheck, Put, ReturnConsumedCapacity, TransactWriteItem, Update};
use shared_core::ledger::{Run, SyncState};
use shared_core::step::Step;

use super::item::{Item, doc, from_doc, get_number, get_text, key_item, number, text};
use super::keys::{Key, TenantId};
use super::lease::Lease;
use super::{Store, StoreError, keys};

/// A page or a part of one may be written only while this holds.
#[derive(Clone, Debug)]
pub struct Fence {
    /// The run.
    pub run_id: String,
    /// Epoch of the lease.
    pub epoch: u64,
}

impl Store {
    /// What is known of a tenant's synchronisation, and the id of the unfinished run if there is one.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn sync_state(&self, tenant: &TenantId) -> Result<(SyncState, Option<String>), StoreError> {
        let Some(item) = self.get(&keys::sync_state(tenant)).await? else {
            return Ok((SyncState::default(), None));
        };
        let state = if item.contains_key("doc") { from_doc(&item)? } else { SyncState::default() };
        Ok((state, get_text(&item, "active_run").ok().map(str::to_owned)))
    }

    /// Saves what is known of a tenant's synchronisation while a run is under way (its zone, its database).
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when the run is no longer ours or no longer the tenant's unfinished one.
    pub async fn save_sync_state(
        &self,
        tenant: &TenantId,
        fence: &Fence,
        state: &SyncState,
    ) -> Result<(), StoreError> {
        let document = doc(state)?;
        let run_key = keys::run(tenant, &fence.run_id);
        let actions = vec![
            self.check(&run_key, "epoch = :epoch", &[(":epoch", number(fence.epoch))])?,
            self.update(&keys::sync_state(tenant), |update| {
                update
                    .update_expression("SET doc = :doc")
                    .condition_expression("active_run = :run")
                    .expression_attribute_values(":doc", document)
                    .expression_attribute_values(":run", text(&fence.run_id))
            })?,
        ];
        self.transact(actions).await
    }

    /// Stores a new run under the lease; the tenant must have no unfinished run.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when there is one already, or the lease was taken by somebody else.
    pub async fn create_run(
        &self,
        tenant: &TenantId,
        run: &Run,
        state: &SyncState,
        lease: &Lease,
    ) -> Result<(), StoreError> {
        let document = doc(state)?;
        let epoch = number(lease.epoch);
        let actions = vec![
            self.check(&keys::lease(&lease.atdb), "epoch = :epoch", &[(":epoch", epoch)])?,
            self.put_if_new(self.run_item(tenant, run, lease.epoch)?),
            self.update(&keys::sync_state(tenant), |update| {
                update
                    .update_expression("SET active_run = :run, doc = :doc")
                    .condition_expression("attribute_not_exists(active_run)")
                    .expression_attribute_values(":run", text(&run.id))
                    .expression_attribute_values(":doc", document)
            })?,
        ];
        self.transact(actions).await
    }

    /// Loads a run.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn load_run(&self, tenant: &TenantId, run_id: &str) -> Result<Option<Run>, StoreError> {
        self.get(&keys::run(tenant, run_id)).await?.map(|item| from_doc(&item)).transpose()
    }

    /// The epoch that a run was last claimed with; 0 for one that was not, or that is not there.
    ///
    /// # Errors
    /// [`StoreError::Call`].
    pub async fn run_epoch(&self, tenant: &TenantId, run_id: &str) -> Result<u64, StoreError> {
        let item = self.get(&keys::run(tenant, run_id)).await?;
        Ok(item.and_then(|item| get_number(&item, "epoch").ok()).unwrap_or(0))
    }

    /// Stamps the epoch on the run, then on all of its steps: from here on a former worker writes nothing. Answers how many
    /// steps there are.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when a newer epoch is there already.
    pub async fn claim_run(&self, tenant: &TenantId, run_id: &str, epoch: u64) -> Result<usize, StoreError> {
        self.stamp(&keys::run(tenant, run_id), epoch).await?;
        let steps = self.steps(tenant, run_id).await?;
        for step in &steps {
            self.stamp(&keys::step(tenant, run_id, &step.name()), epoch).await?;
        }
        Ok(steps.len())
    }

    /// The steps of a run, in working order by entity.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn steps(&self, tenant: &TenantId, run_id: &str) -> Result<Vec<Step>, StoreError> {
        let items = self.query_all(&keys::steps_pk(tenant, run_id), None).await?;
        items.iter().map(from_doc).collect()
    }

    /// Saves a run's progress.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when somebody took the run over.
    pub async fn save_run(&self, tenant: &TenantId, run: &Run, epoch: u64) -> Result<(), StoreError> {
        self.update_doc(&keys::run(tenant, &run.id), doc(run)?, Some(epoch)).await
    }

    /// Adds steps, at most 99, to a run that is ours.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when somebody took the run over.
    pub async fn add_steps(
        &self,
        tenant: &TenantId,
        fence: &Fence,
        steps: &[Step],
    ) -> Result<(), StoreError> {
        let run_key = keys::run(tenant, &fence.run_id);
        let mut actions = vec![self.check(&run_key, "epoch = :epoch", &[(":epoch", number(fence.epoch))])?];
        for step in steps {
            actions.push(self.put_if_new(step_item(tenant, &fence.run_id, step, fence.epoch)?));
        }
        self.transact(actions).await
    }

    /// Ends a run: its final state and the tenant's new watermarks, in one transaction.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when somebody took the run over or ended it.
    pub async fn complete_run(
        &self,
        tenant: &TenantId,
        run: &Run,
        state: &SyncState,
        epoch: u64,
    ) -> Result<(), StoreError> {
        let run_doc = doc(run)?;
        let state_doc = doc(state)?;
        let actions = vec![
            self.update(&keys::run(tenant, &run.id), |update| {
                update
                    .update_expression("SET doc = :doc")
                    .condition_expression("epoch = :epoch")
                    .expression_attribute_values(":doc", run_doc)
                    .expression_attribute_values(":epoch", number(epoch))
            })?,
            self.update(&keys::sync_state(tenant), |update| {
                update
                    .update_expression("SET doc = :doc REMOVE active_run")
                    .condition_expression("active_run = :run")
                    .expression_attribute_values(":doc", state_doc)
                    .expression_attribute_values(":run", text(&run.id))
            })?,
        ];
        self.transact(actions).await
    }

    pub(crate) fn run_item(&self, tenant: &TenantId, run: &Run, epoch: u64) -> Result<Item, StoreError> {
        let mut item = key_item(&keys::run(tenant, &run.id));
        item.insert("doc".to_owned(), doc(run)?);
        item.insert("epoch".to_owned(), number(epoch));
        item.insert("ttl".to_owned(), number(expiry_s(&run.id)));
        Ok(item)
    }

    async fn stamp(&self, key: &Key, epoch: u64) -> Result<(), StoreError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key_item(key)))
            .update_expression("SET epoch = :epoch")
            .condition_expression("epoch <= :epoch")
            .expression_attribute_values(":epoch", number(epoch))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(|error| fenced_or(error.into_service_error()))?;
        self.meter.note_write(answer.consumed_capacity());
        Ok(())
    }

    pub(crate) async fn update_doc(
        &self,
        key: &Key,
        document: aws_sdk_dynamodb::types::AttributeValue,
        epoch: Option<u64>,
    ) -> Result<(), StoreError> {
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key_item(key)))
            .update_expression("SET doc = :doc")
            .expression_attribute_values(":doc", document)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        if let Some(epoch) = epoch {
            update = update
                .condition_expression("epoch = :epoch")
                .expression_attribute_values(":epoch", number(epoch));
        }
        let answer = update.send().await.map_err(|error| fenced_or(error.into_service_error()))?;
        self.meter.note_write(answer.consumed_capacity());
        Ok(())
    }

    pub(crate) async fn get(&self, key: &Key) -> Result<Option<Item>, StoreError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key_item(key)))
            .consistent_read(true)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(StoreError::call("read an item"))?;
        self.meter.note_read(answer.consumed_capacity());
        Ok(answer.item)
    }

    /// All items of a partition key, or those whose sort key begins with a prefix.
    pub(crate) async fn query_all(&self, pk: &str, prefix: Option<&str>) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::new();
        let mut start = None;
        loop {
            let condition =
                if prefix.is_some() { "pk = :pk AND begins_with(sk, :prefix)" } else { "pk = :pk" };
            let answer = self
                .client
                .query()
                .table_name(&self.table)
                .consistent_read(true)
                .key_condition_expression(condition)
                .expression_attribute_values(":pk", text(pk))
                .set_exclusive_start_key(start)
                .return_consumed_capacity(ReturnConsumedCapacity::Total);
            let answer = match prefix {
                Some(prefix) => answer.expression_attribute_values(":prefix", text(prefix)),
                None => answer,
            };
            let answer = answer.send().await.map_err(StoreError::call("query items"))?;
            self.meter.note_read(answer.consumed_capacity());
            items.extend(answer.items.unwrap_or_default());
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(items);
            }
        }
    }

    pub(crate) fn put_if_new(&self, item: Item) -> TransactWriteItem {
        self.put_when(item, "attribute_not_exists(pk)", &[])
    }

    pub(crate) fn put_when(
        &self,
        item: Item,
        condition: &str,
        values: &[(&str, aws_sdk_dynamodb::types::AttributeValue)],
    ) -> TransactWriteItem {
        let mut put = Put::builder().table_name(&self.table).set_item(Some(item));
        if !condition.is_empty() {
            put = put.condition_expression(condition);
        }
        for (name, value) in values {
            put = put.expression_attribute_values(*name, value.clone());
        }
        // Table and item are set above, which is all that the builder asks for.
        TransactWriteItem::builder().set_put(put.build().ok()).build()
    }

    pub(crate) fn check(
        &self,
        key: &Key,
        condition: &str,
        values: &[(&str, aws_sdk_dynamodb::types::AttributeValue)],
    ) -> Result<TransactWriteItem, StoreError> {
        let mut check = ConditionCheck::builder()
            .table_name(&self.table)
            .set_key(Some(key_item(key)))
            .condition_expression(condition);
        for (name, value) in values {
            check = check.expression_attribute_values(*name, value.clone());
        }
        let check = check.build().map_err(StoreError::call("build a condition"))?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    }

    pub(crate) fn update(
        &self,
        key: &Key,
        fill: impl FnOnce(
            aws_sdk_dynamodb::types::builders::UpdateBuilder,
        ) -> aws_sdk_dynamodb::types::builders::UpdateBuilder,
    ) -> Result<TransactWriteItem, StoreError> {
        let update = fill(Update::builder().table_name(&self.table).set_key(Some(key_item(key))))
            .build()
            .map_err(StoreError::call("build an update"))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }
}

/// How long runs and their steps are kept: 13 months, in seconds.
pub const RUN_KEPT_S: u64 = 396 * 24 * 3_600;

/// When a run may be forgotten, in seconds since the epoch; its id begins with its birth in milliseconds.
#[must_use]
pub fn expiry_s(run_id: &str) -> u64 {
    let born_ms: u64 = run_id.get(..13).and_then(|digits| digits.parse().ok()).unwrap_or(u64::MAX / 2);
    (born_ms / 1_000).saturating_add(RUN_KEPT_S)
}

pub(crate) fn step_item(
    tenant: &TenantId,
    run_id: &str,
    step: &Step,
    epoch: u64,
) -> Result<Item, StoreError> {
    let mut item = key_item(&keys::step(tenant, run_id, &step.name()));
    item.insert("doc".to_owned(), doc(step)?);
    item.insert("epoch".to_owned(), number(epoch));
    item.insert("cursor_id".to_owned(), number(step.range.cursor));
    item.insert("ttl".to_owned(), number(expiry_s(run_id)));
    Ok(item)
}

fn fenced_or(error: UpdateItemError) -> StoreError {
    match error {
        UpdateItemError::ConditionalCheckFailedException(_) => StoreError::Fenced,
        other => StoreError::call("update an item")(other),
    }
}
