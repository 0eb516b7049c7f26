//! Warranty dates as they were handed to us, what is remembered of assets that we wrote, the policy and the locks.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::TransactWriteItem;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shared_core::warranty::{Coverage, Known, Locks, Policy, Standing};

use super::audit::AuditEntry;
use super::item::{Item, doc, from_doc, key_item, number, sort_key, text};
use super::keys::{Key, N_SHARDS, TenantId};
use super::mappings::{SaveError, deflated, inflated};
use super::records::MAX_BATCH_KEYS;
use super::{Store, StoreError, keys};

/// Tries of a batch that another request is in the way of.
const MAX_ATTEMPTS: u32 = 5;

/// A policy and when it was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedPolicy {
    /// Rises with every save; 0 while it is the one that everybody begins with.
    pub version: u64,
    /// The policy.
    pub policy: Policy,
    /// When it was saved, RFC 3339 UTC; empty before the first save.
    pub at: String,
    /// E-mail address of who saved it.
    pub by: String,
}

/// Dates that were handed to us.
impl Store {
    /// Keeps dates, unless what is stored is newer or the same; answers how many were.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`]; some of them may be stored then: do it again.
    pub async fn save_known(&self, tenant: &TenantId, known: &[Known]) -> Result<u64, StoreError> {
        let mut n_saved = 0;
        for chunk in known.chunks(MAX_BATCH_KEYS) {
            n_saved += self.save_chunk(tenant, chunk).await?;
        }
        Ok(n_saved)
    }

    async fn save_chunk(&self, tenant: &TenantId, chunk: &[Known]) -> Result<u64, StoreError> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let actions = self.replacing(tenant, chunk).await?;
            let n_saved = actions.len() as u64;
            match if actions.is_empty() { Ok(()) } else { self.transact(actions).await } {
                Ok(()) => return Ok(n_saved),
                // Another request stored some of them in between: what it stored may be newer.
                Err(StoreError::Fenced) if attempt < MAX_ATTEMPTS => {}
                Err(error) => return Err(error),
            }
        }
    }

    async fn replacing(
        &self,
        tenant: &TenantId,
        chunk: &[Known],
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let keys: Vec<Key> = chunk.iter().map(|known| key_of(tenant, known)).collect();
        let mut stored = BTreeMap::new();
        for item in self.batch_get(keys.clone(), "pk, sk, doc").await? {
            stored.insert(sort_key(&item).to_owned(), item);
        }
        let mut actions = Vec::new();
        for (known, key) in chunk.iter().zip(&keys) {
            let mut item = key_item(key);
            item.insert("doc".to_owned(), doc(known)?);
            match stored.get(&key.sk) {
                None => actions.push(self.put_if_new(item)),
                Some(before) if known.replaces(&from_doc(before)?) => {
                    let seen = before.get("doc").cloned().unwrap_or_else(|| text(""));
                    actions.push(self.put_when(item, "doc = :seen", &[(":seen", seen)]));
                }
                Some(_) => {}
            }
        }
        Ok(actions)
    }

    /// All dates, by asset.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn load_known(&self, tenant: &TenantId) -> Result<BTreeMap<i64, Vec<Known>>, StoreError> {
        let mut found: BTreeMap<i64, Vec<Known>> = BTreeMap::new();
        for item in self.shards(tenant, keys::warranties_pk).await? {
            let known: Known = from_doc(&item)?;
            found.entry(known.asset_id).or_default().push(known);
        }
        Ok(found)
    }

    /// The dates of one asset.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn known_of(&self, tenant: &TenantId, asset_id: i64) -> Result<Vec<Known>, StoreError> {
        let pk = keys::warranties_pk(tenant, keys::shard_of(asset_id));
        let items = self.query_all(&pk, Some(&keys::warranty_prefix(asset_id))).await?;
        items.iter().map(from_doc).collect()
    }

    /// What is remembered of all assets that we wrote.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn load_standings(&self, tenant: &TenantId) -> Result<BTreeMap<i64, Standing>, StoreError> {
        let read = |item: &Item| {
            let id = keys::asset_of(sort_key(item));
            let id = id.ok_or_else(|| StoreError::damaged(sort_key(item), "no asset in its key"))?;
            Ok((id, from_doc(item)?))
        };
        self.shards(tenant, keys::standings_pk).await?.iter().map(read).collect()
    }

    /// What is remembered of one asset.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn standing_of(&self, tenant: &TenantId, asset_id: i64) -> Result<Standing, StoreError> {
        let item = self.get(&keys::standing(tenant, asset_id)).await?;
        item.as_ref().map_or_else(|| Ok(Standing::default()), from_doc)
    }

    /// Replaces what is remembered of one asset, as part of a transaction.
    pub(super) fn standing_action(
        &self,
        tenant: &TenantId,
        asset_id: i64,
        standing: &Standing,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut item = key_item(&keys::standing(tenant, asset_id));
        item.insert("doc".to_owned(), doc(standing)?);
        Ok(self.put_when(item, "", &[]))
    }

    /// A person lets an asset be written again that somebody kept changing, or whose date was written in vain.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn release(&self, tenant: &TenantId, asset_id: i64) -> Result<(), StoreError> {
        let standing = self.standing_of(tenant, asset_id).await?.released();
        self.transact(vec![self.standing_action(tenant, asset_id, &standing)?]).await
    }

    /// All items of partitions that are cut into shards, read at once.
    async fn shards(
        &self,
        tenant: &TenantId,
        pk: fn(&TenantId, i64) -> String,
    ) -> Result<Vec<Item>, StoreError> {
        let mut reads = tokio::task::JoinSet::new();
        for shard in 0..N_SHARDS {
            let (store, pk) = (self.clone(), pk(tenant, shard));
            reads.spawn(async move { store.query_all(&pk, None).await });
        }
        let mut items = Vec::new();
        while let Some(shard) = reads.join_next().await {
            items.extend(shard.map_err(StoreError::call("join a read"))??);
        }
        Ok(items)
    }
}

fn key_of(tenant: &TenantId, known: &Known) -> Key {
    let (asset_id, source, coverage) = known.key();
    keys::warranty(tenant, asset_id, coverage_name(coverage), source)
}

fn coverage_name(coverage: Coverage) -> &'static str {
    match coverage {
        Coverage::Unknown => "unknown",
        Coverage::Standard => "standard",
        Coverage::Extended => "extended",
        Coverage::Contract => "contract",
        Coverage::Lifetime => "lifetime",
    }
}

/// What people chose and forbade.
impl Store {
    /// The policy.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn load_policy(&self, tenant: &TenantId) -> Result<SavedPolicy, StoreError> {
        self.load_deflated(&keys::warranty_policy(tenant)).await
    }

    /// Saves a policy over the version before it.
    ///
    /// # Errors
    /// [`SaveError`]; nothing is stored then.
    pub async fn save_policy(
        &self,
        tenant: &TenantId,
        saved: &SavedPolicy,
        audit: &AuditEntry,
    ) -> Result<(), SaveError> {
        let item = deflated(key_item(&keys::warranty_policy(tenant)), saved)?;
        self.save_over(tenant, item, saved.version, audit).await
    }

    /// The locks.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Call`].
    pub async fn load_locks(&self, tenant: &TenantId) -> Result<Locks, StoreError> {
        self.load_deflated(&keys::warranty_locks(tenant)).await
    }

    /// Saves locks over the version before them.
    ///
    /// # Errors
    /// [`SaveError`]; nothing is stored then.
    pub async fn save_locks(
        &self,
        tenant: &TenantId,
        locks: &Locks,
        audit: &AuditEntry,
    ) -> Result<(), SaveError> {
        let item = deflated(key_item(&keys::warranty_locks(tenant)), locks)?;
        self.save_over(tenant, item, locks.version, audit).await
    }

    async fn load_deflated<T: DeserializeOwned + Default>(&self, key: &Key) -> Result<T, StoreError> {
        self.get(key).await?.as_ref().map_or_else(|| Ok(T::default()), inflated)
    }

    async fn save_over(
        &self,
        tenant: &TenantId,
        mut item: Item,
        version: u64,
        audit: &AuditEntry,
    ) -> Result<(), SaveError> {
        item.insert("version".to_owned(), number(version));
        let put = match version.saturating_sub(1) {
            0 => self.put_if_new(item),
            before => self.put_when(item, "version = :before", &[(":before", number(before))]),
        };
        match self.transact(vec![put, self.put_if_new(audit.item(tenant)?)]).await {
            Err(StoreError::Fenced) => Err(SaveError::Newer),
            other => Ok(other?),
        }
    }
}
