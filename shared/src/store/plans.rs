//! Plans of write-back and their journals.
//!
//! A plan's head says what it is; its rows lie beside it in deflated chunks and never change. Its journal holds one item per
//! row that was worked on, written under the fence of [`super::desk`].

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::ReturnConsumedCapacity;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared_core::warranty::journal::Entry;
use shared_core::warranty::simulate::RuleCount;
use shared_core::warranty::{Job, PlanRow, Policy, Rule};

use super::item::{Item, doc, from_doc, key_item, number, sort_key, text};
use super::keys::TenantId;
use super::mappings::{SaveError, deflated, inflated};
use super::records::MAX_BATCH_KEYS;
use super::{Store, StoreError, keys};

/// Rows of a chunk: some 200 bytes each, a fifth of that deflated.
pub const CHUNK_ROWS: usize = 2_000;
/// How long a plan and its journal are kept: 13 months, in seconds.
const KEPT_S: u64 = 396 * 24 * 3_600;
/// Heads outlive what they name by a week, in seconds, since DynamoDB takes expired items away when it likes: a purge finds
/// the rest of a plan by its head.
const HEAD_OUTLIVES_S: u64 = 7 * 24 * 3_600;

/// A row as it is shown: the judged one, and by what people know the asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredRow {
    /// The judged row.
    #[serde(flatten)]
    pub row: PlanRow,
    /// The asset's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its serial number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
}

/// What a plan is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanHead {
    /// Its id: begins with the instant at which it was made, 13 digits of milliseconds since 1970.
    pub id: String,
    /// The name of exactly its rows.
    pub hash: String,
    /// When it was made, milliseconds since 1970.
    pub made_at_ms: u64,
    /// Who asked for it: an e-mail address, or our own name.
    pub by: String,
    /// All rows are stored.
    pub is_ready: bool,
    /// The policy that judged.
    pub policy: Policy,
    /// Rows.
    pub n_rows: u64,
    /// Rows that write.
    pub n_writes: u64,
    /// Rows by rule, in the order of asking.
    pub rules: Vec<StoredRuleCount>,
    /// Which rules decided the rows of each chunk, as far as that was noted: whoever looks for others need not read it.
    #[serde(default)]
    pub chunks: Vec<BTreeSet<Rule>>,
    /// Applications and undos that are over, oldest first.
    pub jobs: Vec<Job>,
}

/// How many rows a rule decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredRuleCount {
    /// The rule.
    pub rule: Rule,
    /// Rows that it decided.
    pub n_rows: u64,
}

impl StoredRuleCount {
    /// What clients see.
    #[must_use]
    pub fn shown(&self) -> RuleCount {
        let (rule, n_rows) = (self.rule, self.n_rows);
        RuleCount { rule, decision: rule.kind(), words: rule.words().to_owned(), n_rows }
    }
}

impl PlanHead {
    /// What [`PlanHead::chunks`] says of these rows.
    #[must_use]
    pub fn chunks_of(rows: &[StoredRow]) -> Vec<BTreeSet<Rule>> {
        rows.chunks(CHUNK_ROWS).map(|rows| rows.iter().map(|row| row.row.rule).collect()).collect()
    }

    /// Numbers of the chunks, from one on, that may hold a row of a rule that is sought.
    pub fn chunks_with(&self, from: usize, is_sought: impl Fn(Rule) -> bool) -> impl Iterator<Item = usize> {
        let n_rows = usize::try_from(self.n_rows).unwrap_or(usize::MAX);
        let may_hold = move |chunk: &usize| {
            self.chunks.get(*chunk).is_none_or(|rules| rules.iter().any(|&rule| is_sought(rule)))
        };
        (from..n_rows.div_ceil(CHUNK_ROWS)).filter(may_hold)
    }

    pub(super) fn item(&self, tenant: &TenantId) -> Result<Item, StoreError> {
        let mut item = key_item(&keys::plan_head(tenant, &self.id));
        item.insert("doc".to_owned(), doc(self)?);
        item.insert("ttl".to_owned(), number(self.made_at_ms / 1_000 + KEPT_S + HEAD_OUTLIVES_S));
        Ok(item)
    }
}

impl Store {
    /// Stores a plan: first its head, so that whatever is there of it is found again, then its rows, then that it is ready.
    ///
    /// # Errors
    /// [`SaveError`].
    pub async fn save_plan(
        &self,
        tenant: &TenantId,
        head: &PlanHead,
        rows: &[StoredRow],
    ) -> Result<(), SaveError> {
        let unready = PlanHead { is_ready: false, ..head.clone() };
        self.transact(vec![self.put_when(unready.item(tenant)?, "", &[])]).await?;
        for (chunk, rows) in rows.chunks(CHUNK_ROWS).enumerate() {
            let mut item = deflated(key_item(&keys::plan_rows(tenant, &head.id, chunk)), &rows)?;
            item.insert("ttl".to_owned(), number(head.made_at_ms / 1_000 + KEPT_S));
            self.transact(vec![self.put_when(item, "", &[])]).await?;
        }
        let ready = PlanHead { is_ready: true, ..head.clone() };
        Ok(self.transact(vec![self.put_when(ready.item(tenant)?, "", &[])]).await?)
    }

    /// A plan's head, once all of it is stored.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn plan_head(&self, tenant: &TenantId, plan_id: &str) -> Result<Option<PlanHead>, StoreError> {
        let item = self.get(&keys::plan_head(tenant, plan_id)).await?;
        let head: Option<PlanHead> = item.as_ref().map(from_doc).transpose()?;
        Ok(head.filter(|head| head.is_ready))
    }

    /// Heads, newest first, at most `limit`, of plans before `before`; and whether there are more.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn plan_heads(
        &self,
        tenant: &TenantId,
        before: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<PlanHead>, bool), StoreError> {
        let (items, has_more) =
            self.page_before(&keys::plans_pk(tenant), "", before.unwrap_or("~"), limit).await?;
        Ok((items.iter().map(from_doc).collect::<Result<_, _>>()?, has_more))
    }

    /// All rows of a plan in their order.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn plan_rows(&self, tenant: &TenantId, plan_id: &str) -> Result<Vec<StoredRow>, StoreError> {
        let pk = keys::plan_pk(tenant, plan_id);
        let mut rows = Vec::new();
        for item in self.query_all(&pk, Some(keys::plan_rows_prefix())).await? {
            rows.extend(inflated::<Vec<StoredRow>>(&item)?);
        }
        Ok(rows)
    }

    /// One chunk of a plan's rows: those from `chunk * CHUNK_ROWS` on; none beyond the last one.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn plan_chunk(
        &self,
        tenant: &TenantId,
        plan_id: &str,
        chunk: usize,
    ) -> Result<Vec<StoredRow>, StoreError> {
        let item = self.get(&keys::plan_rows(tenant, plan_id, chunk)).await?;
        item.as_ref().map_or(Ok(Vec::new()), inflated)
    }

    /// What the journal of a plan says of some assets.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn entries_for(
        &self,
        tenant: &TenantId,
        plan_id: &str,
        asset_ids: &[i64],
    ) -> Result<Vec<Entry>, StoreError> {
        let mut entries = Vec::new();
        for ids in asset_ids.chunks(MAX_BATCH_KEYS) {
            let keys = ids.iter().map(|&id| keys::entry(tenant, plan_id, id)).collect();
            for item in self.batch_get(keys, "sk, doc").await? {
                entries.push(from_doc(&item)?);
            }
        }
        Ok(entries)
    }

    /// The journal of a plan, by asset.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn entries(&self, tenant: &TenantId, plan_id: &str) -> Result<Vec<Entry>, StoreError> {
        let items = self.query_all(&keys::plan_pk(tenant, plan_id), Some(keys::entry_prefix())).await?;
        items.iter().map(from_doc).collect()
    }

    /// The journal of a plan after an asset, at most `limit` entries; and whether there are more.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn entries_after(
        &self,
        tenant: &TenantId,
        plan_id: &str,
        after: Option<i64>,
        limit: i32,
    ) -> Result<(Vec<Entry>, bool), StoreError> {
        let prefix = keys::entry_prefix();
        let lowest = after.map_or_else(|| prefix.to_owned(), |id| keys::entry(tenant, plan_id, id).sk);
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("pk = :pk AND sk BETWEEN :lowest AND :highest")
            .expression_attribute_values(":pk", text(keys::plan_pk(tenant, plan_id)))
            .expression_attribute_values(":lowest", text(lowest.clone()))
            .expression_attribute_values(":highest", text(format!("{prefix}~")))
            .limit(limit.saturating_add(2))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(StoreError::call("list a journal"))?;
        self.meter.note_read(answer.consumed_capacity());
        let mut items = answer.items.unwrap_or_default();
        items.retain(|item| sort_key(item) != lowest);
        let wanted = usize::try_from(limit).unwrap_or(0);
        let has_more = items.len() > wanted || answer.last_evaluated_key.is_some();
        items.truncate(wanted);
        Ok((items.iter().map(from_doc).collect::<Result<_, _>>()?, has_more))
    }

    /// What the journals of some plans say of an asset.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn entries_of(
        &self,
        tenant: &TenantId,
        asset_id: i64,
        plan_ids: &[String],
    ) -> Result<Vec<Entry>, StoreError> {
        let mut entries = Vec::new();
        for chunk in plan_ids.chunks(MAX_BATCH_KEYS) {
            let keys = chunk.iter().map(|plan_id| keys::entry(tenant, plan_id, asset_id)).collect();
            for item in self.batch_get(keys, "sk, doc").await? {
                entries.push(from_doc(&item)?);
            }
        }
        Ok(entries)
    }

    /// The whole record of a canary before it was written.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn snapshot(
        &self,
        tenant: &TenantId,
        plan_id: &str,
        asset_id: i64,
    ) -> Result<Option<Map<String, Value>>, StoreError> {
        let item = self.get(&keys::snapshot(tenant, plan_id, asset_id)).await?;
        item.as_ref().map(inflated).transpose()
    }
}

/// The item of a journal's entry.
pub(super) fn entry_item(tenant: &TenantId, plan_id: &str, entry: &Entry) -> Result<Item, StoreError> {
    let mut item = key_item(&keys::entry(tenant, plan_id, entry.asset_id));
    item.insert("doc".to_owned(), doc(entry)?);
    item.insert("ttl".to_owned(), number(expiry_s(plan_id)));
    Ok(item)
}

/// The item of a canary's whole record.
pub(super) fn snapshot_item(
    tenant: &TenantId,
    plan_id: &str,
    asset_id: i64,
    record: &Map<String, Value>,
) -> Result<Item, StoreError> {
    let key = keys::snapshot(tenant, plan_id, asset_id);
    let unwritable = |error: SaveError| StoreError::damaged(&key.sk, error);
    let mut item = deflated(key_item(&key), record).map_err(unwritable)?;
    item.insert("ttl".to_owned(), number(expiry_s(plan_id)));
    Ok(item)
}

fn expiry_s(plan_id: &str) -> u64 {
    super::runs::expiry_s(plan_id)
}
